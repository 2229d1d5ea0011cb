//! Which database a folder of migrations is for: by its path, by what only one database
//! understands, and by what the repository runs. A guess; without one nothing is said about locks.

use crate::compose;
use crate::repository::Repository;

/// A family of databases.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub(super) enum Dialect {
    Postgres,
    MySql,
    Sqlite,
    /// One that changes tables in another way than these.
    Other,
    Unknown,
}

impl Dialect {
    pub(super) fn name(self) -> &'static str {
        match self {
            Dialect::Postgres => "postgres",
            Dialect::MySql => "mysql",
            Dialect::Sqlite => "sqlite",
            Dialect::Other => "other",
            Dialect::Unknown => "unknown",
        }
    }
}

/// Bytes of a file that are looked at.
const LOOKED_AT: usize = 200_000;

/// The dialect that a path names.
pub(super) fn by_path(path: &str) -> Option<Dialect> {
    let words = path.split(|c: char| !c.is_ascii_alphanumeric()).map(str::to_lowercase);
    let named = words.filter_map(|word| match word.as_str() {
        "postgres" | "postgresql" | "pg" | "pgsql" | "psql" | "supabase" | "timescale" => {
            Some(Dialect::Postgres)
        }
        "mysql" | "mariadb" => Some(Dialect::MySql),
        "sqlite" | "sqlite3" | "libsql" | "d1" | "turso" => Some(Dialect::Sqlite),
        "cockroach" | "cockroachdb" | "crdb" | "clickhouse" | "mssql" | "sqlserver" | "oracle"
        | "snowflake" | "bigquery" | "h2" | "db2" | "spanner" | "cassandra" | "yugabyte" | "hsqldb"
        | "duckdb" => Some(Dialect::Other),
        _ => None,
    });
    named.fold(None, |_, dialect| Some(dialect))
}

/// What only one dialect writes.
const ONLY_POSTGRES: [&str; 22] = [
    "serial ",
    "serial,",
    "bigserial",
    "$$",
    "timestamptz",
    "jsonb",
    "plpgsql",
    "create extension",
    "::",
    " concurrently ",
    "gen_random_uuid",
    "uuid_generate_v",
    "using gin",
    "using gist",
    "bytea",
    "row level security",
    "text[]",
    "double precision",
    "timestamp with time zone",
    "default as identity",
    "not valid",
    "create type ",
];
const ONLY_MYSQL: [&str; 12] = [
    "engine=",
    "engine =",
    "auto_increment",
    "unsigned",
    "charset=",
    "charset =",
    "tinyint(",
    "mediumtext",
    "longtext",
    "on update current_timestamp",
    "modify column",
    "change column",
];
const ONLY_SQLITE: [&str; 9] = [
    " autoincrement",
    "pragma ",
    "without rowid",
    "strftime(",
    "randomblob(",
    "integer primary key",
    "unixepoch(",
    "sqlite_",
    "datetime('now'",
];
const ONLY_OTHER: [&str; 13] = [
    "mergetree",
    "nvarchar(max)",
    "identity(1,1)",
    "identity(1, 1)",
    "[dbo]",
    "dbo.",
    "varchar2(",
    "number(",
    "unique_rowid()",
    "crdb_internal",
    "storing (",
    "lowcardinality(",
    "interleave in",
];

/// The dialect that texts are written in, as far as they show it.
pub(super) fn by_text<'t>(texts: impl Iterator<Item = &'t str>) -> Dialect {
    let mut seen = [[false; 22]; 4];
    for text in texts {
        let head: String = text.chars().take(LOOKED_AT).collect::<String>().to_lowercase();
        let marks: [&[&str]; 4] = [&ONLY_POSTGRES, &ONLY_MYSQL, &ONLY_SQLITE, &ONLY_OTHER];
        for (seen, marks) in seen.iter_mut().zip(marks) {
            for (seen, mark) in seen.iter_mut().zip(marks) {
                *seen = *seen || head.contains(mark);
            }
        }
    }
    let counts = seen.map(|seen| seen.iter().filter(|seen| **seen).count());
    let [postgres, mysql, sqlite, other] = counts;
    match () {
        () if other > 0 && other >= mysql.min(2) && postgres < 3 => Dialect::Other,
        () if postgres > mysql && postgres > sqlite => Dialect::Postgres,
        () if mysql > postgres && mysql > sqlite => Dialect::MySql,
        () if sqlite > 0 && sqlite >= postgres && sqlite >= mysql => Dialect::Sqlite,
        () => Dialect::Unknown,
    }
}

/// The dialect of the only database that the compose files run.
pub(super) fn by_services(repository: &Repository) -> Option<Dialect> {
    let of = |image: &str| {
        let name = image.rsplit('/').next().unwrap_or(image);
        match () {
            () if ["postgres", "postgis", "timescale", "pgvector"].iter().any(|word| name.contains(word)) => {
                Some(Dialect::Postgres)
            }
            () if ["mysql", "mariadb", "percona"].iter().any(|word| name.contains(word)) => {
                Some(Dialect::MySql)
            }
            () if ["cockroach", "clickhouse", "mssql", "oracle"].iter().any(|word| name.contains(word)) => {
                Some(Dialect::Other)
            }
            () => None,
        }
    };
    let services = compose::services(repository);
    let mut found: Vec<Dialect> =
        services.iter().filter_map(|service| of(service.image.as_deref()?)).collect();
    found.sort_unstable();
    found.dedup();
    match found.as_slice() {
        [one] => Some(*one),
        _ => None,
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn texts_show_their_dialect() {
        for (text, dialect) in [
            ("CREATE TABLE a (id BIGSERIAL PRIMARY KEY)", Dialect::Postgres),
            ("CREATE TABLE a (id int AUTO_INCREMENT) ENGINE=InnoDB", Dialect::MySql),
            ("CREATE TABLE a (id INTEGER PRIMARY KEY AUTOINCREMENT)", Dialect::Sqlite),
            ("CREATE TABLE a (x String) ENGINE = MergeTree()", Dialect::Other),
            ("CREATE TABLE a (id int)", Dialect::Unknown),
        ] {
            assert_eq!(by_text([text].into_iter()), dialect, "{text}");
        }
        assert_eq!(by_path("db/migrations/mysql"), Some(Dialect::MySql));
        assert_eq!(by_path("db/migrations"), None);
    }

    #[test]
    fn compose_says_which_database_runs() {
        let with = |image: &str| {
            let text = format!("services:\n  db: {{ image: {image} }}\n  web: {{ image: nginx }}\n");
            by_services(&Repository::of(&[("compose.yaml", &text)]))
        };
        assert_eq!(with("postgis/postgis:16"), Some(Dialect::Postgres));
        assert_eq!(with("mariadb:11"), Some(Dialect::MySql));
        assert_eq!(with("redis:7"), None);
    }
}
