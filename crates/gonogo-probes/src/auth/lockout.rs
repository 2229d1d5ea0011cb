//! `auth/lockout`: how long a stranger may try passwords of a synthetic account, and what the answers
//! tell about which accounts there are.

use std::time::Duration;

use gonogo_model::catalog::{Class, FactInfo, FactType, TargetKind, TargetNeed, TargetParameter, fact};
use gonogo_model::fact::{Item, Location, Value};
use gonogo_model::flow::Identities;
use reqwest::Method;
use reqwest::header::{CONTENT_TYPE, HeaderValue, RETRY_AFTER};
use schemars::JsonSchema;
use serde::Deserialize;
use serde_json::json;
use url::Url;

use crate::api::cast::{Cast, Script};
use crate::context::Context;
use crate::flow::request::filled;
use crate::http::address::{base, joined, unmeasured};
use crate::probe::{Looked, Probe, Unmeasured};
use crate::tools::http::{Answer, HttpClient, Question, shown};

/// How long a login may take: passwords are hashed slowly.
const LIMIT: Duration = Duration::from_secs(15);
const MOST_ATTEMPTS: u32 = 50;
/// A password that nobody has.
const WRONG: &str = "gonogo-Wrong-Password-1";

/// Tries wrong passwords.
pub(crate) struct Lockout;

/// Checked parameters.
#[derive(Debug, Clone, Deserialize, JsonSchema)]
#[serde(try_from = "Written")]
pub(crate) struct Params {
    #[schemars(skip)]
    script: Script,
    login: String,
    body: Value,
    attempts: u32,
}

#[derive(Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
#[schemars(rename = "AuthLockout")]
struct Written {
    /// Further targets that steps name: services with `at`, sinks with `sink`.
    #[serde(default)]
    #[expect(dead_code, reason = "the context has them; here they are only allowed")]
    others: Vec<String>,
    /// Two synthetic people: the first one's account is tried, the second's must not be affected.
    identities: Identities,
    /// The path of the login, asked with POST.
    login: String,
    /// Its JSON body; `{{email}}` and `{{password}}` are those of whoever logs in.
    #[serde(default = "body")]
    body: Value,
    /// How many wrong passwords to try at most, 1 to 50.
    #[serde(default = "ten")]
    #[schemars(range(min = 1, max = 50))]
    attempts: u32,
}

fn body() -> Value {
    json!({ "email": "{{email}}", "password": "{{password}}" })
}

fn ten() -> u32 {
    10
}

impl TryFrom<Written> for Params {
    type Error = String;

    fn try_from(written: Written) -> Result<Params, String> {
        if written.identities.users.len() != 2 {
            return Err("`identities` needs two `users`: whose account is tried, and another".to_owned());
        }
        if !(1..=MOST_ATTEMPTS).contains(&written.attempts) {
            return Err(format!("`attempts` is {}; write 1 to {MOST_ATTEMPTS}", written.attempts));
        }
        if !written.login.starts_with('/') {
            return Err(format!("the path `{0}` does not start with a slash; write `/{0}`", written.login));
        }
        let script = Script::new(written.identities, Vec::new(), Vec::new(), &Default::default())?;
        Ok(Params { script, login: written.login, body: written.body, attempts: written.attempts })
    }
}

impl Probe for Lockout {
    const ID: &'static str = "auth/lockout";
    const TITLE: &'static str = "How long passwords may be guessed, and what wrong logins tell";
    const CLASS: Class = Class::Active;
    const TARGET: TargetNeed = TargetNeed::Required(&[TargetKind::Http]);
    const ALSO: &'static [TargetParameter] =
        &[TargetParameter { name: "others", kinds: &[TargetKind::Http, TargetKind::Sink] }];
    const FACTS: &'static [FactInfo] = FACTS;
    type Params = Params;

    async fn look(context: &Context, params: Params) -> Result<Looked, Unmeasured> {
        let url = joined(&base(context)?, &params.login)?;
        let client = HttpClient::new(&context.reach, LIMIT).map_err(unmeasured)?;
        let cast = Cast::of(context, &params.script).await?;
        let door = Door { client, url, body: params.body, cast };
        Ok(Looked::item(door.tried(&params.script.identities.users, params.attempts).await?))
    }
}

/// The login of a service.
struct Door {
    client: HttpClient,
    url: Url,
    body: Value,
    cast: Cast,
}

/// Who knocks.
enum Knock<'a> {
    Right(&'a str),
    Wrong(&'a str),
    /// An account that is not there.
    Unknown(&'a str),
}

impl Door {
    async fn tried(mut self, users: &[String], attempts: u32) -> Result<Item, Unmeasured> {
        let [tried, other] = users else {
            return Err(Unmeasured::because("`identities` needs two `users`"));
        };
        let right = self.knock(&Knock::Right(tried)).await?.status.as_u16();
        if right >= 400 {
            return Err(Unmeasured::because(format!(
                "{} answered {right} to the right password before anything was tried; correct `login` and `body`",
                shown(&self.url)
            )));
        }
        let unknown = self.knock(&Knock::Unknown(tried)).await?;
        let wrong = self.knock(&Knock::Wrong(tried)).await?;
        let told_apart = unknown.status != wrong.status || unknown.body != wrong.body;
        let item = Item::new("lockout")
            .read_at(Location::of(shown(&self.url)))
            .fact("wrong_status", wrong.status.as_u16())
            .fact("unknown_status", unknown.status.as_u16())
            .fact("unknown_told_apart", told_apart);
        let item = self.until_locked(item, tried, wrong.status.as_u16(), attempts).await?;
        let after = self.knock(&Knock::Right(tried)).await?.status.as_u16();
        let others = self.knock(&Knock::Right(other)).await?.status.as_u16();
        Ok(item
            .fact("right_status", after)
            .fact("locked", after >= 400)
            .fact("other_status", others)
            .fact("other_unaffected", others < 400))
    }

    /// Goes on until another answer than the first comes, or enough was tried.
    async fn until_locked(
        &mut self,
        item: Item,
        user: &str,
        first: u16,
        attempts: u32,
    ) -> Result<Item, Unmeasured> {
        for sent in 2..=attempts {
            let answer = self.knock(&Knock::Wrong(user)).await?;
            let status = answer.status.as_u16();
            if status != first {
                let retry = answer.headers.get(RETRY_AFTER).and_then(|value| value.to_str().ok());
                return Ok(item
                    .fact("attempts", sent)
                    .fact("answer_changed_at", sent)
                    .fact("changed_status", status)
                    .fact_if_known(
                        "retry_after_s",
                        retry.and_then(|value| value.trim().parse::<u64>().ok()),
                    ));
            }
        }
        Ok(item.fact("attempts", attempts))
    }

    async fn knock(&mut self, knock: &Knock<'_>) -> Result<Answer, Unmeasured> {
        let question = self.question(knock)?;
        self.client.ask(&question).await.0.map_err(unmeasured)
    }

    fn question(&self, knock: &Knock<'_>) -> Result<Question, Unmeasured> {
        let (Knock::Right(user) | Knock::Wrong(user) | Knock::Unknown(user)) = knock;
        let known = |name: &str| match (knock, name) {
            (Knock::Wrong(_) | Knock::Unknown(_), "password") => Some(json!(WRONG)),
            (Knock::Unknown(_), "email") => {
                let unique = self.cast.find(None, "unique")?;
                Some(json!(format!("stranger.{}@gonogo.test", unique.as_str()?)))
            }
            _ => self.cast.find(Some(user), name),
        };
        let body = filled(&self.body, &known)
            .map_err(|unknown| Unmeasured::because(format!("the body of the login: {unknown}")))?;
        let mut headers = self.cast.without_credentials();
        headers.insert(CONTENT_TYPE, HeaderValue::from_static("application/json"));
        Ok(Question {
            method: Method::POST,
            url: self.url.clone(),
            headers,
            body: Some(body.to_string().into_bytes()),
            follow: false,
        })
    }
}

const FACTS: &[FactInfo] = &[
    fact("attempts", FactType::Int, "", "Wrong passwords that were tried for the first account."),
    fact("wrong_status", FactType::Int, "", "The answer to the first of them."),
    fact(
        "answer_changed_at",
        FactType::Int,
        "",
        "The wrong password, counted from 1, that was answered otherwise than the first; absent when none was.",
    ),
    fact("changed_status", FactType::Int, "", "What it was answered with; absent when nothing changed."),
    fact(
        "retry_after_s",
        FactType::Int,
        "s",
        "`Retry-After` of that answer; absent when it has none in seconds.",
    ),
    fact("right_status", FactType::Int, "", "The answer to the right password afterwards."),
    fact(
        "locked",
        FactType::Bool,
        "",
        "Whether the right password was refused afterwards, with a status of 400 or more.",
    ),
    fact(
        "other_status",
        FactType::Int,
        "",
        "The answer to the right password of the other account afterwards.",
    ),
    fact("other_unaffected", FactType::Bool, "", "Whether that is under 400."),
    fact("unknown_status", FactType::Int, "", "The answer to a login to an account that is not there."),
    fact(
        "unknown_told_apart",
        FactType::Bool,
        "",
        "Whether that answer, status or body, is another than for a wrong password.",
    ),
];
