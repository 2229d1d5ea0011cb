//! The value of a setting as a number with a plain unit, and which values are not shown.

use gonogo_model::fact::Value;

use crate::redact::Redactor;

/// These are what our own driver and transaction set, and say nothing of the server.
const OF_OUR_SESSION: [&str; 6] = [
    "application_name",
    "client_encoding",
    "DateStyle",
    "TimeZone",
    "transaction_isolation",
    "transaction_read_only",
];
const WITHHELD: &str = "(withheld)";

pub(super) fn is_of_our_session(name: &str) -> bool {
    OF_OUR_SESSION.iter().any(|ours| ours.eq_ignore_ascii_case(name))
}

/// Whether the value may hold a password or key. The server's own settings about passwords
/// hold none; those of an application, which have a dot in their names, may.
fn is_secret(name: &str) -> bool {
    let name = name.to_lowercase();
    let holds = |parts: &[&str]| parts.iter().any(|part| name.contains(part));
    holds(&["conninfo", "passphrase", "secret", "token"])
        || (name.contains('.') && holds(&["password", "key", "jwt"]))
}

/// The value to show; a secret one is made known and withheld.
pub(super) fn shown(name: &str, value: String, secrets: &Redactor) -> String {
    if !is_secret(name) || value.is_empty() {
        return value;
    }
    secrets.learn(&format!("setting {name}"), &value);
    WITHHELD.to_owned()
}

/// The number in bytes, in ms or without unit, and its unit. A negative value is a word in
/// disguise (-1 is mostly "off"), so it is not converted.
pub(super) fn number(setting: &str, vartype: &str, unit: Option<&str>) -> Option<(Value, &'static str)> {
    let (factor, unit) = unit.map_or(Some((1, "")), plain_unit)?;
    match vartype {
        "integer" => {
            let whole: i64 = setting.parse().ok()?;
            let scaled = if whole < 0 { Some(whole) } else { whole.checked_mul(factor) };
            Some((scaled?.into(), unit))
        }
        "real" => {
            let real: f64 = setting.parse().ok()?;
            Some(((if real < 0.0 { real } else { real * factor as f64 }).into(), unit))
        }
        _ => None,
    }
}

fn plain_unit(unit: &str) -> Option<(i64, &'static str)> {
    let digits = unit.bytes().take_while(u8::is_ascii_digit).count();
    let (times, unit) = unit.split_at(digits);
    let times: i64 = if times.is_empty() { 1 } else { times.parse().ok()? };
    let (factor, plain) = match unit {
        "B" => (1, "bytes"),
        "kB" => (1 << 10, "bytes"),
        "MB" => (1 << 20, "bytes"),
        "GB" => (1 << 30, "bytes"),
        "ms" => (1, "ms"),
        "s" => (1_000, "ms"),
        "min" => (60_000, "ms"),
        "h" => (3_600_000, "ms"),
        "d" => (86_400_000, "ms"),
        _ => return None,
    };
    Some((times.checked_mul(factor)?, plain))
}

#[cfg(test)]
mod tests {
    use serde_json::json;

    use super::*;

    #[test]
    fn numbers_have_plain_units() {
        for (setting, vartype, unit, expected) in [
            ("16384", "integer", Some("8kB"), Some((json!(134_217_728), "bytes"))),
            ("4096", "integer", Some("kB"), Some((json!(4_194_304), "bytes"))),
            ("300", "integer", Some("s"), Some((json!(300_000), "ms"))),
            ("-1", "integer", Some("ms"), Some((json!(-1), "ms"))),
            ("100", "integer", None, Some((json!(100), ""))),
            ("0.5", "real", None, Some((json!(0.5), ""))),
            ("2", "real", Some("ms"), Some((json!(2.0), "ms"))),
            ("on", "bool", None, None),
            ("9223372036854775807", "integer", Some("GB"), None),
            ("1", "integer", Some("furlong"), None),
            ("many", "integer", None, None),
        ] {
            assert_eq!(number(setting, vartype, unit), expected, "{setting} {unit:?}");
        }
    }

    #[test]
    fn secrets_are_withheld_and_settings_about_passwords_are_not() {
        let secrets = Redactor::default();
        for name in ["primary_conninfo", "ssl_passphrase_command", "app.jwt_secret", "app.signing_key"] {
            assert_eq!(shown(name, "canary-value".into(), &secrets), WITHHELD, "{name}");
        }
        for name in ["password_encryption", "ssl_key_file", "work_mem"] {
            assert_eq!(shown(name, "plain".into(), &secrets), "plain", "{name}");
        }
    }
}
