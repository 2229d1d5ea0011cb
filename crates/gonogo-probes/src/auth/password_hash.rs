//! `auth/password-hash`: how a service keeps the password of a synthetic user, read from its row. The
//! hash itself is a secret and is never a fact.

use std::time::Duration;

use gonogo_model::catalog::{Class, FactInfo, FactType, TargetKind, TargetNeed, TargetParameter, fact};
use gonogo_model::fact::{Item, Value};
use gonogo_model::flow::Identities;
use schemars::JsonSchema;
use serde::Deserialize;
use sqlx::{AssertSqlSafe, Row};

use super::hash::Hash;
use crate::api::cast::{Cast, Script};
use crate::context::Context;
use crate::probe::{Looked, Probe, Unmeasured};
use crate::tools::postgres::{PostgresError, Session};

const LIMIT: Duration = Duration::from_secs(10);

/// Reads how a password is kept.
pub(crate) struct PasswordHash;

/// Checked parameters.
#[derive(Debug, Clone, Deserialize, JsonSchema)]
#[serde(try_from = "Written")]
pub(crate) struct Params {
    #[schemars(skip)]
    script: Script,
    database: String,
    query: String,
    key: String,
}

#[derive(Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
#[schemars(rename = "AuthPasswordHash")]
struct Written {
    /// Further targets that steps name: services with `at`, sinks with `sink`.
    #[serde(default)]
    #[expect(dead_code, reason = "the context has them; here they are only allowed")]
    others: Vec<String>,
    /// Two synthetic people, who are given one and the same password.
    identities: Identities,
    /// The database with their rows: a target of kind postgres.
    database: String,
    /// A query whose first column is the hash; `$1` is whose.
    query: String,
    /// What `$1` is: `email`, or the name of something that was captured, such as `id`.
    #[serde(default = "email")]
    key: String,
}

fn email() -> String {
    "email".to_owned()
}

impl TryFrom<Written> for Params {
    type Error = String;

    fn try_from(written: Written) -> Result<Params, String> {
        if written.identities.users.len() != 2 {
            return Err("`identities` needs two `users`, who are given the same password".to_owned());
        }
        if !written.query.contains("$1") {
            return Err(
                "the `query` has no `$1`; write such as `SELECT password_hash FROM users WHERE email = $1`"
                    .to_owned(),
            );
        }
        let mut script = Script::new(written.identities, Vec::new(), Vec::new(), &Default::default())?;
        script.one_password = true;
        Ok(Params { script, database: written.database, query: written.query, key: written.key })
    }
}

impl Probe for PasswordHash {
    const ID: &'static str = "auth/password-hash";
    const TITLE: &'static str = "How a service keeps the passwords of its users";
    const CLASS: Class = Class::Active;
    const TARGET: TargetNeed = TargetNeed::Required(&[TargetKind::Http]);
    const ALSO: &'static [TargetParameter] = &[
        TargetParameter { name: "database", kinds: &[TargetKind::Postgres] },
        TargetParameter { name: "others", kinds: &[TargetKind::Http, TargetKind::Sink] },
    ];
    const FACTS: &'static [FactInfo] = FACTS;
    type Params = Params;

    async fn look(context: &Context, params: Params) -> Result<Looked, Unmeasured> {
        let cast = Cast::of(context, &params.script).await?;
        let mut hashes = Vec::new();
        let mut password = String::new();
        let mut keys = Vec::new();
        for user in &params.script.identities.users {
            let known =
                |name: &str| cast.find(Some(user), name).as_ref().and_then(Value::as_str).map(str::to_owned);
            password = known("password").unwrap_or_default();
            let key = known(&params.key);
            keys.push(
                key.ok_or_else(|| Unmeasured::because(format!("`{user}` has no text `{}`", params.key)))?,
            );
        }
        drop(cast);
        for key in keys {
            hashes.push(read(context, &params, &key).await?);
        }
        hashes.iter().for_each(|hash| context.secrets.learn("password hash", hash));
        let [first, second] = &*hashes else { return Err(Unmeasured::because("there are not two hashes")) };
        Ok(Looked::item(item(&Hash::read(first, &password), first != second)))
    }
}

/// The hash in the row of one user.
async fn read(context: &Context, params: &Params, key: &str) -> Result<String, Unmeasured> {
    let at = Context { target: context.others.get(&params.database).cloned(), ..context.clone() };
    let failed = |error: PostgresError| Unmeasured::because(error.to_string());
    let mut session = Session::open(&at, LIMIT).await.map_err(failed)?;
    let question = sqlx::query(AssertSqlSafe(params.query.clone())).bind(key);
    let rows = session.rows(question).await.map_err(failed);
    session.close().await;
    let rows = rows?;
    let [row] = &*rows else {
        let why =
            format!("the query found {} rows for the synthetic user, not one; correct `query`", rows.len());
        return Err(Unmeasured::because(why));
    };
    let hash: Result<Option<String>, _> = row.try_get(0);
    let hash = hash.map_err(|_| Unmeasured::because("the first column of the query is no text; cast it"))?;
    let hash = hash.filter(|hash| !hash.is_empty());
    let hash = hash.ok_or_else(|| Unmeasured::because("the synthetic user has no hash; correct `query`"))?;
    context.secrets.learn("password hash", &hash);
    Ok(hash)
}

fn item(hash: &Hash, salted: bool) -> Item {
    let mut item = Item::new("password")
        .fact("algorithm", hash.algorithm.as_str())
        .fact("salted", salted)
        .fact_if_known("salt_bytes", hash.salt_bytes)
        .fact("length", hash.length);
    for (name, value) in [
        ("memory_kib", hash.memory_kib),
        ("passes", hash.passes),
        ("parallelism", hash.parallelism),
        ("cost", hash.cost),
        ("iterations", hash.iterations),
    ] {
        item = item.fact_if_known(name, value);
    }
    item
}

const FACTS: &[FactInfo] = &[
    fact(
        "algorithm",
        FactType::Text,
        "",
        "`argon2id`, `argon2i`, `argon2d`, `bcrypt`, `scrypt`, `pbkdf2-sha256` and others, `sha512-crypt`, `sha256-crypt`, `md5-crypt`; `md5`, `sha1`, `sha256`, `sha512` for what has the length of a bare digest; `plain` for the password itself; else `unknown`.",
    ),
    fact("salted", FactType::Bool, "", "Whether two users with one password have different hashes."),
    fact("salt_bytes", FactType::Int, "bytes", "Size of the salt, as far as the format says."),
    fact("length", FactType::Int, "", "Characters of what is kept."),
    fact("memory_kib", FactType::Int, "KiB", "Argon2 and scrypt: the memory of one hash."),
    fact("passes", FactType::Int, "", "Argon2: how often the memory is gone through."),
    fact("parallelism", FactType::Int, "", "Argon2 and scrypt: how many lanes."),
    fact("cost", FactType::Int, "", "bcrypt: the exponent of its rounds."),
    fact("iterations", FactType::Int, "", "PBKDF2 and crypt: how many rounds."),
];
