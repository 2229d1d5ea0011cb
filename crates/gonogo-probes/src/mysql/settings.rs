//! `mysql/settings`: how a MySQL or MariaDB server is set up for who logs in: what survives a
//! crash, how many get in, what is logged, who needs no password. Which value is right is the
//! spec's opinion.

use std::path::PathBuf;
use std::time::Duration;

use gonogo_model::amount::Wait;
use gonogo_model::catalog::{Class, FactInfo, FactType, TargetKind, TargetNeed, fact};
use gonogo_model::fact::{Item, Location};
use schemars::JsonSchema;
use serde::Deserialize;

use super::accounts;
use super::query::QueryError;
use super::variables;
use super::wire::{self, Greeting, LoginError, Session};
use crate::context::Context;
use crate::net::endpoint::Endpoint;
use crate::net::trust;
use crate::probe::{Looked, Probe, Unmeasured};
use crate::tools::talk::{Talk, TalkError};

const LONGEST_WAIT: Duration = Duration::from_secs(60);

/// Asks a MySQL or MariaDB server how it is set up.
pub(crate) struct Settings;

/// Whom to trust, and how long to wait.
#[derive(Debug, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub(crate) struct Params {
    /// A PEM file with certificates to trust besides Mozilla's roots, from the folder of the spec.
    ca: Option<PathBuf>,
    /// The longest it may take; at most 60s.
    #[serde(default = "five_seconds")]
    timeout: Wait,
}

fn five_seconds() -> Wait {
    Wait::seconds(5)
}

impl Probe for Settings {
    const ID: &'static str = "mysql/settings";
    const TITLE: &'static str = "How a MySQL or MariaDB server is set up: durability, limits, logs, accounts";
    const CLASS: Class = Class::Active;
    const TARGET: TargetNeed = TargetNeed::Required(&[TargetKind::Mysql]);
    const FACTS: &'static [FactInfo] = FACTS;
    type Params = Params;

    async fn look(context: &Context, params: Params) -> Result<Looked, Unmeasured> {
        let target = context.target.as_ref();
        let target =
            target.ok_or_else(|| Unmeasured::because("no target is given; name one with `target:`"))?;
        let endpoint = Endpoint::of(target, &context.secrets)?;
        if endpoint.user.is_none() {
            let why = format!(
                "the address of {} has no user; put one with its password into the environment and the address",
                endpoint.at()
            );
            return Err(Unmeasured::because(why));
        }
        let limit = params.timeout.0.min(LONGEST_WAIT);
        let (greeting, mut session) = open(context, &endpoint, params.ca, limit).await?;
        let item = asked(&endpoint, &greeting, &mut session).await;
        let item = item.map_err(|error| unanswered(&endpoint, error))?;
        session.close().await;
        Ok(Looked::item(item))
    }
}

const FACTS: &[FactInfo] = &[
    fact("version", FactType::Text, "", "Version as the server states it, such as `10.11.14-MariaDB`."),
    fact("flavour", FactType::Text, "", "`mariadb` or `mysql`."),
    fact("tls", FactType::Bool, "", "Whether this talk went over TLS."),
    fact(
        "tls_required",
        FactType::Bool,
        "",
        "Setting `require_secure_transport`; this and any other setting is absent where the server has none of that name.",
    ),
    fact("max_connections", FactType::Int, "", "Most connections it takes."),
    fact("connections", FactType::Int, "", "Connections that are open, with ours."),
    fact("most_connections", FactType::Int, "", "Most that were open at once since it started."),
    fact("wait_timeout_s", FactType::Int, "s", "After how long an idle connection is closed."),
    fact("innodb_buffer_pool_bytes", FactType::Int, "bytes", "Memory for tables and indexes of InnoDB."),
    fact(
        "flush_at_commit",
        FactType::Int,
        "",
        "Setting `innodb_flush_log_at_trx_commit`: 1 forces each commit to the disk; 0, 2 and 3 do not always.",
    ),
    fact(
        "sync_binlog",
        FactType::Int,
        "",
        "After how many commits the binary log is forced to the disk; 0 leaves it to the system.",
    ),
    fact("log_bin", FactType::Bool, "", "Whether it writes a binary log, which replicas and restores need."),
    fact("sql_mode", FactType::List, "", "The modes of SQL that new connections get, in order."),
    fact("strict", FactType::Bool, "", "Whether values that do not fit are refused instead of changed."),
    fact("character_set", FactType::Text, "", "What new databases are written in, such as `utf8mb4`."),
    fact("time_zone", FactType::Text, "", "Setting `time_zone`; `SYSTEM` is that of the machine."),
    fact("slow_query_log", FactType::Bool, "", "Whether slow queries are written down."),
    fact("long_query_time_s", FactType::Number, "s", "From how long on a query is slow."),
    fact("read_only", FactType::Bool, "", "Whether it refuses changes from ordinary users."),
    fact("local_infile", FactType::Bool, "", "Whether clients may load files of theirs into tables."),
    fact(
        "accounts_readable",
        FactType::Bool,
        "",
        "Whether the user may read the table of accounts; absent when the server keeps them in another form.",
    ),
    fact(
        "anonymous_users",
        FactType::Int,
        "",
        "Accounts without a name that are not locked; absent when the user may not read them.",
    ),
    fact(
        "users_without_password",
        FactType::Int,
        "",
        "Accounts that log in by password, have none, and are not locked; absent in the same case.",
    ),
    fact(
        "root_from_anywhere",
        FactType::Bool,
        "",
        "Whether `root` may log in from a host with a wildcard, such as `%`; absent in the same case.",
    ),
    fact("uptime_s", FactType::Int, "s", "How long it has run."),
];

async fn open(
    context: &Context,
    endpoint: &Endpoint,
    ca: Option<PathBuf>,
    limit: Duration,
) -> Result<(Greeting, Session), Unmeasured> {
    let trust = trust(context, ca)?;
    let talk = Talk::open(&context.reach, &endpoint.host, endpoint.port, limit).await;
    let mut talk = talk.map_err(|error| Unmeasured::because(error.to_string()))?;
    let greeting = wire::greeting(&mut talk).await.map_err(|error| broken(endpoint, &error))?;
    let greeting = greeting.map_err(|said| {
        Unmeasured::because(format!(
            "{} does not greet as MySQL does, it says `{}`; check host and port, and whether it has room for us",
            endpoint.at(),
            brief(&said)
        ))
    })?;
    let session = wire::log_in(talk, &greeting, endpoint, &trust).await;
    let session = session.map_err(|error| shut_out(endpoint, &greeting, error))?;
    Ok((greeting, session))
}

async fn asked(endpoint: &Endpoint, greeting: &Greeting, session: &mut Session) -> Result<Item, QueryError> {
    let item = Item::new("server").read_at(Location::of(endpoint.at())).fact("tls", session.tls);
    let mariadb = greeting.is_mariadb();
    let item = item.fact("flavour", if mariadb { "mariadb" } else { "mysql" });
    let item = variables::running(variables::configured(item, session).await?, session).await?;
    accounts::counted(item, session, mariadb).await
}

fn brief(said: &str) -> String {
    said.chars().filter(|letter| !letter.is_control()).take(60).collect()
}

fn broken(endpoint: &Endpoint, error: &TalkError) -> Unmeasured {
    let at = endpoint.at();
    Unmeasured::because(format!("{at}: {error}; check that it is MySQL or MariaDB, and its log"))
}

/// Why nobody was let in.
fn shut_out(endpoint: &Endpoint, greeting: &Greeting, error: LoginError) -> Unmeasured {
    let at = endpoint.at();
    // MariaDB that demands TLS says no more than that access is denied.
    let hint = match greeting.offers_tls() && endpoint.ssl_mode.is_none() {
        true => "; if it demands TLS, add `?ssl-mode=verify_identity` to the address",
        false => "",
    };
    match error {
        LoginError::Talk(error) => broken(endpoint, &error),
        LoginError::Tls(why) | LoginError::Method(why) => Unmeasured::because(format!("{at}: {why}")),
        LoginError::Refused { code, why } => Unmeasured::because(format!(
            "{at} refuses the user of the address ({}, {code}); correct the credentials in the environment{hint}",
            why.trim()
        )),
    }
}

/// Why a question has no answer.
fn unanswered(endpoint: &Endpoint, error: QueryError) -> Unmeasured {
    let at = endpoint.at();
    match error {
        QueryError::Talk(error) => broken(endpoint, &error),
        QueryError::Refused { code, why } => Unmeasured::because(format!(
            "{at} does not tell the user of the address its settings ({}, {code}); mend that user",
            why.trim()
        )),
        QueryError::Strange => Unmeasured::because(format!(
            "{at} answers a question as MySQL does not; check host and port, and what stands between"
        )),
    }
}
