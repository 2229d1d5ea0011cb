//! What one line is made of. It knows no files.

use gonogo_model::fact::Value;
use jiff::Timestamp;
use serde_json::Map;

use super::params::Kind;

/// The names that loggers give to the moment of a line.
const TIMES: [&str; 8] = ["time", "timestamp", "ts", "@timestamp", "t", "date", "datetime", "asctime"];
const LEVELS: [&str; 8] =
    ["level", "severity", "lvl", "levelname", "log.level", "loglevel", "severity_text", "priority"];
const KNOWN: [&str; 18] = [
    "trace",
    "debug",
    "verbose",
    "info",
    "information",
    "informational",
    "notice",
    "warn",
    "warning",
    "error",
    "err",
    "critical",
    "crit",
    "fatal",
    "panic",
    "alert",
    "emergency",
    "emerg",
];

/// The object that a line is.
pub(super) fn object(line: &str) -> Option<Map<String, Value>> {
    match serde_json::from_str(line) {
        Ok(Value::Object(object)) => Some(object),
        _ => None,
    }
}

/// A field; `a.b` is `b` in `a`, unless there is a field of that name.
pub(super) fn field<'o>(object: &'o Map<String, Value>, name: &str) -> Option<&'o Value> {
    if let Some(value) = object.get(name) {
        return Some(value);
    }
    let (outer, inner) = name.split_once('.')?;
    field(object.get(outer)?.as_object()?, inner)
}

/// Whether a value is what a field is to hold.
pub(super) fn fits(value: &Value, kind: Kind) -> bool {
    match kind {
        Kind::Any => !value.is_null(),
        Kind::Text => value.as_str().is_some_and(|text| !text.trim().is_empty()),
        Kind::Number => value.is_number(),
        Kind::Bool => value.is_boolean(),
        Kind::Time => moment(value).is_some(),
        Kind::Level => is_level(value),
    }
}

fn is_level(value: &Value) -> bool {
    match value {
        Value::String(text) => KNOWN.contains(&text.to_ascii_lowercase().as_str()),
        value => value.as_u64().is_some_and(|number| (10..=60).contains(&number)),
    }
}

/// The moment that a value is.
fn moment(value: &Value) -> Option<Timestamp> {
    if let Value::String(text) = value {
        return text.parse().ok();
    }
    let number = value.as_f64()?;
    let nanoseconds = match number {
        n if n < 1e11 => n * 1e9,
        n if n < 1e14 => n * 1e6,
        n if n < 1e17 => n * 1e3,
        n => n,
    };
    // The digits behind those of a double are not those of a moment either.
    #[expect(clippy::cast_possible_truncation, reason = "a number out of range is no moment and is refused")]
    Timestamp::from_nanosecond(nanoseconds as i128).ok()
}

/// When a line was written, as it says itself.
pub(super) fn time(object: &Map<String, Value>) -> Option<Timestamp> {
    TIMES.iter().find_map(|name| moment(field(object, name)?))
}

/// Its level as a word that may be shown, and whether it is a known one; `None` without one.
pub(super) fn level(object: &Map<String, Value>) -> Option<(String, bool)> {
    let value = LEVELS.iter().find_map(|name| field(object, name))?;
    let word = match value {
        Value::String(text) => text.to_ascii_lowercase(),
        other => other.to_string(),
    };
    let plain = word.len() <= 16 && word.chars().all(|c| c.is_ascii_alphanumeric());
    Some((if plain { word } else { "(not a word)".to_owned() }, is_level(value)))
}

#[cfg(test)]
mod tests {
    use serde_json::json;

    use super::*;

    #[test]
    fn fields_hold_what_they_are_to_hold() {
        for (value, kind, is) in [
            (json!("2026-11-28T10:00:00.123Z"), Kind::Time, true),
            (json!("2026-11-28T10:00:00+01:00"), Kind::Time, true),
            (json!(1_790_000_000), Kind::Time, true),
            (json!(1_790_000_000_000_i64), Kind::Time, true),
            (json!(1.5e300), Kind::Time, false),
            (json!("yesterday"), Kind::Time, false),
            (json!("WARN"), Kind::Level, true),
            (json!(30), Kind::Level, true),
            (json!("loud"), Kind::Level, false),
            (json!(""), Kind::Text, false),
            (json!(null), Kind::Any, false),
            (json!("1"), Kind::Number, false),
            (json!(true), Kind::Bool, true),
        ] {
            assert_eq!(fits(&value, kind), is, "{value} {kind:?}");
        }
    }

    #[test]
    fn fields_are_found_in_fields() {
        let line = object(r#"{"a":{"b":1},"log.level":"info","@timestamp":"2026-11-28T10:00:00Z"}"#).unwrap();
        assert_eq!(field(&line, "a.b"), Some(&json!(1)));
        assert_eq!(level(&line), Some(("info".to_owned(), true)));
        assert!(time(&line).is_some() && field(&line, "a.c").is_none());
        assert!(object("[1]").is_none() && object("{").is_none());
    }
}
