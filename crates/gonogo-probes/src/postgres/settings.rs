//! `postgres/settings`: what a session gets from the server. Which value is right is the
//! spec's opinion.

use std::time::Duration;

use gonogo_model::amount::Wait;
use gonogo_model::catalog::{Class, FactInfo, FactType, TargetKind, TargetNeed, fact};
use gonogo_model::fact::{Item, Location, Value};
use schemars::JsonSchema;
use serde::Deserialize;
use sqlx::postgres::PgRow;

use crate::context::Context;
use crate::probe::{Looked, Probe, Unmeasured};
use crate::redact::Redactor;
use crate::tools::postgres::{PostgresError, Session};

mod measure;

/// Asks a Postgres server for its settings.
pub(crate) struct Settings;

/// The item about the connection itself.
const CONNECTION: &str = "connection";
const LONGEST_WAIT: Duration = Duration::from_secs(60);
const LONGEST_NAME: usize = 127;

/// Which settings to ask for.
#[derive(Debug, Deserialize, JsonSchema)]
#[serde(try_from = "Written")]
pub(crate) struct Params {
    settings: Vec<String>,
    timeout: Wait,
}

#[derive(Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
#[schemars(rename = "PostgresSettings")]
struct Written {
    /// Names of settings as `SHOW` takes them, such as `work_mem`: one item each. Without, there
    /// is one item `connection`.
    #[serde(default)]
    settings: Vec<String>,
    /// The longest one step may take: to connect, to log in, to answer; at most 60s.
    #[serde(default = "five_seconds")]
    timeout: Wait,
}

fn five_seconds() -> Wait {
    Wait::seconds(5)
}

impl TryFrom<Written> for Params {
    type Error = String;

    fn try_from(written: Written) -> Result<Params, String> {
        if written.timeout.0.is_zero() || written.timeout.0 > LONGEST_WAIT {
            return Err("`timeout` is a time span over 0 and at most 60s".to_owned());
        }
        for (index, name) in written.settings.iter().enumerate() {
            let plain = name.bytes().all(|b| b.is_ascii_alphanumeric() || b == b'_' || b == b'.');
            if name.is_empty() || name.len() > LONGEST_NAME || !plain || name == CONNECTION {
                return Err(format!("`{name}` is not the name of a setting; write such as `work_mem`"));
            }
            if written.settings[..index].iter().any(|other| other.eq_ignore_ascii_case(name)) {
                return Err(format!("the setting `{name}` is named twice; remove one"));
            }
        }
        Ok(Params { settings: written.settings, timeout: written.timeout })
    }
}

impl Probe for Settings {
    const ID: &'static str = "postgres/settings";
    const TITLE: &'static str = "How a Postgres server is set up for the user that logs in";
    const CLASS: Class = Class::Active;
    const TARGET: TargetNeed = TargetNeed::Required(&[TargetKind::Postgres]);
    const FACTS: &'static [FactInfo] = FACTS;
    type Params = Params;

    async fn look(context: &Context, params: Params) -> Result<Looked, Unmeasured> {
        let because = |error: PostgresError| Unmeasured::because(error.to_string());
        let mut session = Session::open(context, params.timeout.0).await.map_err(because)?;
        let connection = connection(&mut session).await.map_err(because)?;
        // An assertion is about every item, so items of one look have the same facts.
        if params.settings.is_empty() {
            session.close().await;
            return Ok(Looked::item(connection));
        }
        let mut looked = Looked::default();
        for name in &params.settings {
            let mut item = setting(&mut session, name, &context.secrets).await.map_err(because)?;
            for asked_as in ["user", "database"] {
                item = item.fact_if_known(asked_as, connection.facts.get(asked_as).cloned());
            }
            looked.items.push(item);
        }
        session.close().await;
        Ok(looked)
    }
}

const FACTS: &[FactInfo] = &[
    fact("server_version", FactType::Text, "", "Item `connection`: version as the server states it."),
    fact("server_version_num", FactType::Int, "", "Item `connection`: version as a number, such as 150004."),
    fact("tls", FactType::Bool, "", "Item `connection`: whether this session is encrypted."),
    fact("tls_version", FactType::Text, "", "Item `connection`: such as `TLSv1.3`; absent without TLS."),
    fact("max_connections", FactType::Int, "connections", "Item `connection`: the most the server takes."),
    fact(
        "superuser_reserved",
        FactType::Int,
        "connections",
        "Item `connection`: of those, kept for superusers.",
    ),
    fact(
        "reserved",
        FactType::Int,
        "connections",
        "Item `connection`: of those, kept for superusers and for `reserved_connections` (since Postgres 16).",
    ),
    fact(
        "statement_timeout_ms",
        FactType::Int,
        "ms",
        "Item `connection`: for the user that logged in; 0 is no limit.",
    ),
    fact(
        "idle_in_transaction_timeout_ms",
        FactType::Int,
        "ms",
        "Item `connection`: for the user that logged in; 0 is no limit.",
    ),
    fact("user", FactType::Text, "", "Who logged in."),
    fact("superuser", FactType::Bool, "", "Item `connection`: whether that user is a superuser."),
    fact("database", FactType::Text, "", "The database."),
    fact(
        "read_only",
        FactType::Bool,
        "",
        "Item `connection`: whether a new transaction cannot write: a standby, or `default_transaction_read_only`.",
    ),
    fact("encoding", FactType::Text, "", "Item `connection`: encoding of the database."),
    fact("known", FactType::Bool, "", "Each setting: whether the server knows it."),
    fact(
        "value",
        FactType::Text,
        "",
        "Each setting: as `SHOW` prints it; `(withheld)` for secrets, absent when unknown, when the user may not read it, or when gonogo's own session decides it.",
    ),
    fact(
        "number",
        FactType::Number,
        "",
        "Each setting: its number in bytes, in ms or without unit; absent when it is not a number.",
    ),
    fact("unit", FactType::Text, "", "Each setting: unit of `number`, `bytes` or `ms`; absent without unit."),
    fact(
        "source",
        FactType::Text,
        "",
        "Each setting: where the value comes from, such as `default`, `configuration file` or `user`.",
    ),
    fact(
        "default",
        FactType::Text,
        "",
        "Each setting: the built-in default as `pg_settings` prints it, without unit.",
    ),
    fact(
        "pending_restart",
        FactType::Bool,
        "",
        "Each setting: whether the file says otherwise and waits for a restart.",
    ),
];

async fn connection(session: &mut Session) -> Result<Item, PostgresError> {
    let row = session.row(sqlx::query(include_str!("settings/connection.sql"))).await?;
    let mut item = Item::new(CONNECTION).read_at(Location::of(session.at()));
    for name in ["server_version", "user", "database", "encoding"] {
        item = item.fact(name, session.value::<String>(&row, name)?);
    }
    for name in [
        "server_version_num",
        "max_connections",
        "superuser_reserved",
        "reserved",
        "statement_timeout_ms",
        "idle_in_transaction_timeout_ms",
    ] {
        item = item.fact(name, session.value::<i64>(&row, name)?);
    }
    for name in ["tls", "superuser", "read_only"] {
        item = item.fact(name, session.value::<bool>(&row, name)?);
    }
    Ok(item.fact_if_known("tls_version", session.value::<Option<String>>(&row, "tls_version")?))
}

async fn setting(session: &mut Session, name: &str, secrets: &Redactor) -> Result<Item, PostgresError> {
    let item = Item::new(name).read_at(Location::of(session.at()));
    let listed = sqlx::query(include_str!("settings/setting.sql")).bind(name);
    if let Some(row) = session.rows(listed).await?.first() {
        return described(session, item, row, secrets);
    }
    // Settings of extensions and those that only some users may read are not listed.
    let asked = sqlx::query("SELECT current_setting($1, true) AS value").bind(name);
    let Some(row) = session.row_if_allowed(asked).await? else {
        return Ok(item.fact("known", true));
    };
    Ok(match session.value::<Option<String>>(&row, "value")? {
        Some(value) => item.fact("known", true).fact("value", measure::shown(name, value, secrets)),
        None => item.fact("known", false),
    })
}

fn described(session: &Session, item: Item, row: &PgRow, secrets: &Redactor) -> Result<Item, PostgresError> {
    let text = |column| session.value::<Option<String>>(row, column);
    let (name, value) = (text("name")?.unwrap_or_default(), text("value")?.unwrap_or_default());
    let item = item.fact("known", true);
    if measure::is_of_our_session(&name) {
        return Ok(item);
    }
    let item = item
        .fact_if_known("source", text("source")?)
        .fact("pending_restart", session.value::<bool>(row, "pending_restart")?)
        .fact("value", measure::shown(&name, value, secrets));
    let (setting, unit) = (text("setting")?.unwrap_or_default(), text("unit")?);
    let measured = measure::number(&setting, &text("vartype")?.unwrap_or_default(), unit.as_deref());
    let (number, unit): (Option<Value>, Option<&str>) = measured.unzip();
    let unit = unit.filter(|unit| !unit.is_empty());
    Ok(item
        .fact_if_known("number", number)
        .fact_if_known("unit", unit)
        .fact_if_known("default", text("default")?))
}

#[cfg(test)]
mod tests {
    use serde_json::json;

    use super::*;

    #[test]
    fn only_names_of_settings_are_taken() {
        let read = |params| serde_json::from_value::<Params>(params).map_err(|error| error.to_string());
        assert_eq!(read(json!({"settings": ["work_mem", "app.tenant"]})).unwrap().settings.len(), 2);
        for (wrong, said) in [
            (json!({"settings": ["work_mem; DROP TABLE users"]}), "not the name"),
            (json!({"settings": [""]}), "not the name"),
            (json!({"settings": ["connection"]}), "not the name"),
            (json!({"settings": ["work_mem", "WORK_MEM"]}), "twice"),
            (json!({"timeout": "61s"}), "timeout"),
            (json!({"setting": []}), "unknown field"),
        ] {
            let error = read(wrong.clone()).unwrap_err();
            assert!(error.contains(said), "{wrong}: {error}");
        }
    }
}
