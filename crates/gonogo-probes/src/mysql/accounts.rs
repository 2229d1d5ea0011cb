//! Who may log in to a MySQL or MariaDB server without showing that it is he. It asks for counts
//! only: no name, no host and no hash leaves the server.

use gonogo_model::fact::Item;

use super::query::{QueryError, Row};
use super::wire::Session;

/// Ways to log in for which an empty hash means that any client is let in.
const BY_PASSWORD: &str =
    "('', 'mysql_native_password', 'mysql_old_password', 'caching_sha2_password', 'sha256_password')";

/// What a server says when the user lacks a right: for a database, a table, a column, a thing.
const NO_RIGHT: [u16; 4] = [1044, 1142, 1143, 1227];

/// Adds what is known of accounts. A user who may not read them, and a server that keeps them
/// otherwise, leave the facts absent.
pub(super) async fn counted(item: Item, session: &mut Session, mariadb: bool) -> Result<Item, QueryError> {
    match session.rows(&question(mariadb)).await {
        Ok(rows) => Ok(told(item.fact("accounts_readable", true), rows.first())),
        Err(QueryError::Refused { code, .. }) if NO_RIGHT.contains(&code) => {
            Ok(item.fact("accounts_readable", false))
        }
        Err(QueryError::Refused { .. }) => Ok(item),
        Err(error) => Err(error),
    }
}

fn told(item: Item, row: Option<&Row>) -> Item {
    let count = |at: usize| row?.get(at)?.as_ref()?.parse::<i64>().ok();
    item.fact_if_known("anonymous_users", count(0))
        .fact_if_known("users_without_password", count(1))
        .fact_if_known("root_from_anywhere", count(2).map(|count| count > 0))
}

/// Accounts that are locked and roles let nobody in, so they do not count. MariaDB keeps both in
/// JSON, and its view `mysql.user` does not show what is locked.
fn question(mariadb: bool) -> String {
    let (table, plugin, hash, open) = match mariadb {
        true => (
            "mysql.global_priv",
            "JSON_VALUE(Priv, '$.plugin')",
            "JSON_VALUE(Priv, '$.authentication_string')",
            "IFNULL(JSON_VALUE(Priv, '$.account_locked'), 0) = 0 AND IFNULL(JSON_VALUE(Priv, '$.is_role'), 0) = 0",
        ),
        false => ("mysql.user", "plugin", "authentication_string", "account_locked = 'N'"),
    };
    format!(
        "SELECT COUNT(CASE WHEN User = '' THEN 1 END), \
         COUNT(CASE WHEN IFNULL({plugin}, '') IN {BY_PASSWORD} AND IFNULL({hash}, '') = '' THEN 1 END), \
         COUNT(CASE WHEN User = 'root' AND (Host = '' OR INSTR(Host, '%') > 0) THEN 1 END) \
         FROM {table} WHERE {open}"
    )
}
