//! `s3/bucket`: puts an object of its own into a bucket, follows it to its end, and asks how the
//! bucket is set up. Which of that is right is the spec's opinion.

use std::path::PathBuf;
use std::sync::Arc;
use std::time::Duration;

use gonogo_model::amount::Wait;
use gonogo_model::catalog::{Class, FactInfo, FactType, TargetKind, TargetNeed, fact};
use gonogo_model::fact::{Item, Location};
use schemars::JsonSchema;
use serde::Deserialize;

use super::answer::code;
use super::object::Walk;
use super::place::Place;
use super::settings;
use super::trace::Traces;
use crate::context::Context;
use crate::probe::{Looked, Probe, Unmeasured};

const LONGEST_WAIT: Duration = Duration::from_secs(60);
/// Of the object: more than goes into one packet, and little enough to be on its way whole when a
/// store refuses it.
const SIZE: usize = 16 * 1024;
const ID: &str = "AWS_ACCESS_KEY_ID";

/// Follows an object.
pub(crate) struct Bucket;

/// Checked parameters.
#[derive(Debug, Deserialize, JsonSchema)]
#[serde(try_from = "Written")]
pub(crate) struct Params {
    pub(super) region: Option<String>,
    pub(super) access_key_env: String,
    pub(super) secret_key_env: String,
    session_token_env: Option<String>,
    pub(super) ca: Option<PathBuf>,
    pub(super) timeout: Wait,
}

#[derive(Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
#[schemars(rename = "S3Bucket")]
struct Written {
    /// The region that signatures are for; without it `us-east-1`, or the one that the store names.
    region: Option<String>,
    /// The environment variable with the id of the key. The user and password of the address go
    /// before the environment.
    #[serde(default = "id")]
    access_key_env: String,
    /// The environment variable with the key itself.
    #[serde(default = "secret")]
    secret_key_env: String,
    /// The environment variable with the token of credentials that end soon; AWS_SESSION_TOKEN
    /// where the id is that of AWS_ACCESS_KEY_ID.
    session_token_env: Option<String>,
    /// A PEM file with certificates to trust besides Mozilla's roots, from the folder of the spec.
    ca: Option<PathBuf>,
    /// The longest one answer may take; at most 60s.
    #[serde(default = "five_seconds")]
    timeout: Wait,
}

fn id() -> String {
    ID.to_owned()
}

fn secret() -> String {
    "AWS_SECRET_ACCESS_KEY".to_owned()
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
        let Written { region, access_key_env, secret_key_env, session_token_env, ca, timeout } = written;
        Ok(Params { region, access_key_env, secret_key_env, session_token_env, ca, timeout })
    }
}

impl Params {
    /// A token belongs to one key; that of the usual variable to the usual key.
    pub(super) fn session_token_env(&self) -> Option<&str> {
        let usual = (self.access_key_env == ID).then_some("AWS_SESSION_TOKEN");
        self.session_token_env.as_deref().or(usual)
    }
}

impl Probe for Bucket {
    const ID: &'static str = "s3/bucket";
    const TITLE: &'static str = "Whether a bucket keeps what is put into it, for whom, and how it is set up";
    const CLASS: Class = Class::Active;
    const TARGET: TargetNeed = TargetNeed::Required(&[TargetKind::S3]);
    const FACTS: &'static [FactInfo] = FACTS;
    type Params = Params;

    async fn look(context: &Context, params: Params) -> Result<Looked, Unmeasured> {
        let mut place = Place::of(context, &params)?;
        let met = place.met(params.region.is_some()).await?;
        let item = Item::new("bucket").read_at(Location::of(place.at())).fact("tls", place.secure());
        if code(&met).as_deref() == Some("NoSuchBucket") {
            let item = item.fact("exists", false).fact("written", false);
            return Ok(Looked::item(
                item.fact("error", "there is no such bucket; make it, or correct its name"),
            ));
        }
        let place = Arc::new(place);
        let item = settings::read(&place, item).await;
        let (key, bytes) = content()?;
        let mut traces = Traces::none(&place, &context.afterwards);
        let walk = Walk { place: &place, traces: &mut traces, key: &key, bytes: &bytes };
        let life = walk.go().await;
        let exists = (met.status.is_success() || life.written()).then_some(true);
        let left = traces.remove().await;
        let item = life.told(item.fact_if_known("exists", exists)).fact("cleaned_up", left.is_none());
        Ok(Looked::item(item.fact_if_known("left_behind", left)))
    }
}

/// A key that nobody else has, and bytes that no cache can have.
fn content() -> Result<(String, Vec<u8>), Unmeasured> {
    let mut random = vec![0; SIZE + 16];
    getrandom::fill(&mut random)
        .map_err(|error| Unmeasured::because(format!("this machine gives no random bytes ({error})")))?;
    let name: String = random.drain(..16).map(|byte| format!("{byte:02x}")).collect();
    Ok((format!("gonogo/{name}"), random))
}

const FACTS: &[FactInfo] = &[
    fact("exists", FactType::Bool, "", "Whether the bucket is there; absent when the user may not know."),
    fact("tls", FactType::Bool, "", "Whether the talk went over TLS with a certificate that is trusted."),
    fact(
        "region",
        FactType::Text,
        "",
        "Where the store says the bucket is; this and the other settings are absent when the user may not ask or the store does not know the question.",
    ),
    fact("versioning", FactType::Text, "", "`enabled`, `suspended` or `off`."),
    fact(
        "encryption",
        FactType::Text,
        "",
        "With what the store encrypts objects at rest unless told otherwise, such as `AES256` or `aws:kms`; `none` when with nothing.",
    ),
    fact(
        "public_access_blocked",
        FactType::Bool,
        "",
        "Whether all four blocks of public access are on for the bucket.",
    ),
    fact(
        "public_policy",
        FactType::Bool,
        "",
        "Whether the store says that the bucket's policy makes it public.",
    ),
    fact("lifecycle_rules", FactType::Int, "", "How many rules that move or remove old objects are on."),
    fact("written", FactType::Bool, "", "Whether the store said that it took the object."),
    fact("put_ms", FactType::Number, "ms", "How long that took; absent when it did not."),
    fact(
        "read_back",
        FactType::Bool,
        "",
        "Whether the object came back with the same bytes and the same ETag; this and what follows is absent when it was not written.",
    ),
    fact("get_ms", FactType::Number, "ms", "How long reading took; absent when it could not be read."),
    fact(
        "encryption_on_object",
        FactType::Text,
        "",
        "With what the store says the object is encrypted; absent when it does not say.",
    ),
    fact(
        "listed",
        FactType::Bool,
        "",
        "Whether the object is in the list; absent when the user may not list.",
    ),
    fact("presigned_works", FactType::Bool, "", "Whether whoever has a signed address of it can read it."),
    fact(
        "expired_refused",
        FactType::Bool,
        "",
        "Whether a signed address whose time is over is refused; absent when the store says something else.",
    ),
    fact(
        "anonymous_read",
        FactType::Bool,
        "",
        "Whether everybody can read the object without signature; this and the next two are absent when the answer is neither a yes nor a refusal.",
    ),
    fact("anonymous_list", FactType::Bool, "", "Whether everybody can list the bucket without signature."),
    fact("anonymous_write", FactType::Bool, "", "Whether everybody can write without signature."),
    fact("deleted", FactType::Bool, "", "Whether the object was deleted and cannot be read any more."),
    fact(
        "cleaned_up",
        FactType::Bool,
        "",
        "Whether nothing of ours is left, old versions included; absent without a bucket.",
    ),
    fact("left_behind", FactType::Text, "", "The key that is left and why; absent when nothing is."),
    fact(
        "error",
        FactType::Text,
        "",
        "The first step of the user that went wrong, and how; absent when none did.",
    ),
];
