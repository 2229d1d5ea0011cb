//! `config/env`: typed settings in environment variables, of gonogo itself or of a running
//! process. Values of variables whose names say secret are withheld.

use gonogo_model::catalog::{Class, FactInfo, FactType, TargetKind, TargetNeed, fact};
use gonogo_model::fact::{Item, Value};
use schemars::JsonSchema;
use serde::{Deserialize, Serialize};
use url::Url;

use crate::context::Context;
use crate::probe::{Looked, Probe, Unmeasured};
use crate::redact::{Redactor, says_secret};
use crate::tools::variables::Variables;

/// Longer values are cut: they are documents, not settings.
const LONGEST: usize = 4_096;

/// Looks at settings in environment variables.
pub(crate) struct Env;

/// Parameters of `config/env`.
#[derive(Debug, Deserialize, JsonSchema)]
#[serde(try_from = "Written")]
#[schemars(with = "Written")]
pub(crate) struct Params {
    names: Vec<String>,
    kind: Kind,
}

/// Parameters of `config/env`.
#[derive(Debug, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
struct Written {
    /// The environment variable.
    name: Option<String>,
    /// Instead of `name`: several variables of the same kind, one item each.
    #[serde(default)]
    names: Vec<String>,
    /// What the value must be to be valid.
    #[serde(default)]
    kind: Kind,
}

/// What a value must be to be valid.
#[derive(Debug, Default, Clone, Copy, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
#[serde(rename_all = "lowercase")]
enum Kind {
    /// A whole number, such as `20`.
    Integer,
    /// A number, such as `0.8`.
    Number,
    /// `true`/`false`, `yes`/`no`, `on`/`off` or `1`/`0`, in any case.
    Boolean,
    /// An absolute URL with a host.
    Url,
    /// A time with its unit, such as `250ms`, `30s`, `1h30m`; `value` is in milliseconds.
    Duration,
    /// Anything.
    #[default]
    Text,
}

impl TryFrom<Written> for Params {
    type Error = &'static str;

    fn try_from(Written { name, mut names, kind }: Written) -> Result<Params, &'static str> {
        match (name, names.is_empty()) {
            (Some(_), false) => return Err("`name` and `names` exclude each other; keep one"),
            (None, true) => return Err("no variable is named; add `name:` or `names:`"),
            (Some(name), true) => names = vec![name],
            (None, false) => {}
        }
        let mut seen = std::collections::BTreeSet::new();
        if names.iter().any(|name| !seen.insert(name.clone())) {
            return Err("a variable is named twice; keep one");
        }
        Ok(Params { names, kind })
    }
}

impl Probe for Env {
    const ID: &'static str = "config/env";
    const TITLE: &'static str = "What settings in the environment are, and whether they can be read";
    const CLASS: Class = Class::Passive;
    const TARGET: TargetNeed = TargetNeed::Optional(&[TargetKind::Process]);
    const FACTS: &'static [FactInfo] = FACTS;
    type Params = Params;

    async fn look(context: &Context, params: Params) -> Result<Looked, Unmeasured> {
        let variables = Variables::read(context).await?;
        let items = params.names.iter().map(|name| {
            let value = variables.environment.get(name);
            setting(name, value, params.kind, &context.secrets).read_at(variables.location())
        });
        Ok(Looked { items: items.collect(), artefacts: Vec::new() })
    }
}

const FACTS: &[FactInfo] = &[
    fact(
        "present",
        FactType::Bool,
        "",
        "Whether the variable is set and not empty or white space. All other facts are absent when it is not.",
    ),
    fact("valid", FactType::Bool, "", "Whether the value can be read as `kind`."),
    fact(
        "value",
        FactType::Any,
        "",
        "The value as `kind`: a number, true or false, or text; a duration in milliseconds, a URL without its password. Absent when it is not valid or is withheld.",
    ),
    fact(
        "text",
        FactType::Text,
        "",
        "The value as it is written, cut after 4,096 bytes; a URL without its password. Absent when it is withheld.",
    ),
    fact("length", FactType::Int, "bytes", "Size of the value."),
    fact(
        "withheld",
        FactType::Bool,
        "",
        "Whether the name says that the value is a secret, so that it is not shown.",
    ),
    fact("scheme", FactType::Text, "", "Scheme of a valid URL."),
    fact("host", FactType::Text, "", "Host of a valid URL."),
    fact(
        "port",
        FactType::Int,
        "",
        "Port of a valid URL, or the usual one of its scheme; absent when there is none.",
    ),
];

fn setting(name: &str, value: Option<&str>, kind: Kind, secrets: &Redactor) -> Item {
    let item = Item::new(name);
    let Some(text) = value.map(str::trim).filter(|text| !text.is_empty()) else {
        return item.fact("present", false);
    };
    let read = read(kind, text);
    let withheld = says_secret(name);
    let item = item
        .fact("present", true)
        .fact("length", text.len())
        .fact("valid", read.is_some())
        .fact("withheld", withheld);
    if withheld {
        secrets.learn(name, text);
        return item;
    }
    match (kind, read) {
        (Kind::Url, Some(_)) => with_url(item, text),
        (_, read) => item.fact("text", cut(text)).fact_if_known("value", read),
    }
}

/// The value as `kind`, if it is one.
fn read(kind: Kind, text: &str) -> Option<Value> {
    match kind {
        Kind::Integer => text.parse::<i64>().ok().map(Value::from),
        Kind::Number => text.parse::<f64>().ok().filter(|number| number.is_finite()).map(Value::from),
        Kind::Boolean => match text.to_ascii_lowercase().as_str() {
            "true" | "yes" | "on" | "1" => Some(true.into()),
            "false" | "no" | "off" | "0" => Some(false.into()),
            _ => None,
        },
        Kind::Url => Url::parse(text).ok().filter(Url::has_host).map(|_| Value::Null),
        Kind::Duration => {
            let time = humantime::parse_duration(text).ok()?;
            u64::try_from(time.as_millis()).ok().map(Value::from)
        }
        Kind::Text => Some(cut(text).into()),
    }
}

fn with_url(item: Item, text: &str) -> Item {
    let Ok(mut url) = Url::parse(text) else { return item };
    let item = item
        .fact("scheme", url.scheme())
        .fact_if_known("host", url.host_str())
        .fact_if_known("port", url.port_or_known_default().or_else(|| usual_port(url.scheme())));
    // Both fail only for URLs without a host.
    let _ = url.set_password(None);
    let shown = cut(url.as_str());
    item.fact("value", shown.clone()).fact("text", shown)
}

/// Ports of schemes that are not of the web.
fn usual_port(scheme: &str) -> Option<u16> {
    Some(match scheme {
        "postgres" | "postgresql" => 5432,
        "mysql" => 3306,
        "redis" | "rediss" => 6379,
        "amqp" => 5672,
        "amqps" => 5671,
        "nats" => 4222,
        "mongodb" => 27017,
        _ => return None,
    })
}

fn cut(text: &str) -> String {
    text[..text.floor_char_boundary(LONGEST)].to_owned()
}

#[cfg(test)]
mod tests {
    use serde_json::json;

    use super::*;

    #[test]
    fn values_are_read_by_kind() {
        for (kind, text, value) in [
            (Kind::Integer, "20", Some(json!(20))),
            (Kind::Integer, "-3", Some(json!(-3))),
            (Kind::Integer, "20.0", None),
            (Kind::Integer, "99999999999999999999", None),
            (Kind::Number, "0.8", Some(json!(0.8))),
            (Kind::Number, "NaN", None),
            (Kind::Number, "inf", None),
            (Kind::Boolean, "ON", Some(json!(true))),
            (Kind::Boolean, "0", Some(json!(false))),
            (Kind::Boolean, "maybe", None),
            (Kind::Duration, "1h30m", Some(json!(5_400_000))),
            (Kind::Duration, "250ms", Some(json!(250))),
            (Kind::Duration, "30", None),
            (Kind::Url, "redis", None),
            (Kind::Url, "mailto:a@b", None),
            (Kind::Text, "x", Some(json!("x"))),
        ] {
            assert_eq!(read(kind, text), value, "{kind:?} {text}");
        }
    }

    #[test]
    fn a_url_loses_its_password() {
        let item =
            setting("DATABASE_URL", Some("postgres://app:hunter2@db/x"), Kind::Url, &Redactor::default());
        assert_eq!(item.facts["value"], "postgres://app@db/x");
        assert_eq!((&item.facts["host"], &item.facts["port"]), (&json!("db"), &json!(5432)));
        assert!(!format!("{item:?}").contains("hunter2"));
        // Written as a text, only the redactor stands between it and the world.
        let secrets = Redactor::default();
        let variables = [("CACHE".to_owned(), "redis://:hunter2@db".to_owned())];
        secrets.learn_environment(&crate::context::Environment::new(variables));
        let mut item = setting("CACHE", Some("redis://:hunter2@db"), Kind::Text, &secrets);
        secrets.redact_item(&mut item);
        assert!(!format!("{item:?}").contains("hunter2"), "{item:?}");
    }

    #[test]
    fn long_values_are_cut_between_characters() {
        assert_eq!(cut(&"ß".repeat(4_096)).len(), 4_096);
        assert_eq!(cut(&format!("x{}", "ß".repeat(4_096))).len(), 4_095);
    }
}
