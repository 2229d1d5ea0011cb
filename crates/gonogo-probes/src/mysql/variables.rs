//! The settings of a MySQL or MariaDB server and how it does, as facts. It knows which are asked
//! for, and nothing of accounts.

use std::collections::BTreeMap;

use gonogo_model::fact::Item;

use super::query::QueryError;
use super::wire::Session;

/// Named one by one: settings that hold a secret are not asked for.
const SETTINGS: &str = "SHOW GLOBAL VARIABLES WHERE Variable_name IN ('version', 'require_secure_transport', \
    'max_connections', 'wait_timeout', 'innodb_buffer_pool_size', 'innodb_flush_log_at_trx_commit', \
    'sync_binlog', 'log_bin', 'sql_mode', 'character_set_server', 'time_zone', 'slow_query_log', \
    'long_query_time', 'read_only', 'local_infile')";
const STATUS: &str = "SHOW GLOBAL STATUS WHERE Variable_name IN \
    ('Threads_connected', 'Max_used_connections', 'Uptime')";

/// Names in lower case.
async fn pairs(session: &mut Session, question: &str) -> Result<BTreeMap<String, String>, QueryError> {
    let rows = session.rows(question).await?.into_iter();
    let pairs = rows.filter_map(|row| match <[Option<String>; 2]>::try_from(row) {
        Ok([Some(name), Some(value)]) => Some((name.to_lowercase(), value)),
        _ => None,
    });
    Ok(pairs.collect())
}

/// How it is set up.
pub(super) async fn configured(item: Item, session: &mut Session) -> Result<Item, QueryError> {
    let settings = pairs(session, SETTINGS).await?;
    let text = |name: &str| settings.get(name).cloned();
    let number = |name: &str| settings.get(name).and_then(|value| value.parse::<i64>().ok());
    let is_on = |name: &str| settings.get(name).and_then(|value| on_or_off(value));
    let modes = text("sql_mode").map(|modes| words(&modes));
    let strict = modes.as_ref().map(|modes| modes.iter().any(|mode| mode.starts_with("STRICT_")));
    let slow = settings.get("long_query_time").and_then(|value| value.parse::<f64>().ok());
    Ok(item
        .fact_if_known("version", text("version"))
        .fact_if_known("tls_required", is_on("require_secure_transport"))
        .fact_if_known("max_connections", number("max_connections"))
        .fact_if_known("wait_timeout_s", number("wait_timeout"))
        .fact_if_known("innodb_buffer_pool_bytes", number("innodb_buffer_pool_size"))
        .fact_if_known("flush_at_commit", number("innodb_flush_log_at_trx_commit"))
        .fact_if_known("sync_binlog", number("sync_binlog"))
        .fact_if_known("log_bin", is_on("log_bin"))
        .fact_if_known("sql_mode", modes)
        .fact_if_known("strict", strict)
        .fact_if_known("character_set", text("character_set_server"))
        .fact_if_known("time_zone", text("time_zone"))
        .fact_if_known("slow_query_log", is_on("slow_query_log"))
        .fact_if_known("long_query_time_s", slow.filter(|slow| slow.is_finite()))
        // Newer MariaDB has further values, each stricter than ON.
        .fact_if_known("read_only", is_on("read_only").or(text("read_only").map(|_| true)))
        .fact_if_known("local_infile", is_on("local_infile")))
}

/// How it does.
pub(super) async fn running(item: Item, session: &mut Session) -> Result<Item, QueryError> {
    let status = pairs(session, STATUS).await?;
    let number = |name: &str| status.get(name).and_then(|value| value.parse::<i64>().ok());
    Ok(item
        .fact_if_known("connections", number("threads_connected"))
        .fact_if_known("most_connections", number("max_used_connections"))
        .fact_if_known("uptime_s", number("uptime")))
}

fn on_or_off(value: &str) -> Option<bool> {
    match value {
        "ON" | "1" => Some(true),
        "OFF" | "0" => Some(false),
        _ => None,
    }
}

fn words(list: &str) -> Vec<String> {
    list.split(',').filter(|word| !word.is_empty()).map(str::to_owned).collect()
}
