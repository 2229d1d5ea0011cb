//! `s3:` a real private S3 store with the bucket `files` as `${S3}`, its endpoint as `${S3_AT}` and its
//! user in AWS_ACCESS_KEY_ID and AWS_SECRET_ACCESS_KEY.

use std::time::Duration;

use gonogo_model::yaml::{self, Node};
use serde::Deserialize;
use testbed_servers::{S3, S3Fault, S3Options, S3Public};

use super::{World, papers};

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct Wanted {
    /// Over TLS only.
    tls: Option<papers::Wanted>,
    /// `Enabled` or `Suspended`.
    versioning: Option<String>,
    /// The algorithm with which objects are encrypted.
    encryption: Option<String>,
    /// All four blocks of public access are on.
    #[serde(default)]
    blocked: bool,
    #[serde(default)]
    lifecycle_rules: usize,
    region: Option<String>,
    /// What everybody may do: `read`, `list`, `write`.
    #[serde(default)]
    public: Vec<String>,
    /// What it does wrong, such as `loses-writes`.
    #[serde(default)]
    faults: Vec<String>,
    #[serde(default)]
    delay_ms: u64,
}

/// `s3: { versioning: Enabled, public: [read] }`
pub(crate) fn start(world: &mut World, node: &Node) -> Result<(), String> {
    let wanted: Wanted = yaml::read(node).map_err(|error| error.to_string())?;
    let tls = wanted.tls.map(|tls| papers::issue(world, "s3", &tls)).transpose()?;
    let options = S3Options {
        tls,
        versioning: wanted.versioning,
        encryption: wanted.encryption,
        blocked: wanted.blocked,
        lifecycle_rules: wanted.lifecycle_rules,
        region: wanted.region,
        public: wanted.public.iter().map(|right| public(right)).collect::<Result<_, _>>()?,
        faults: wanted.faults.iter().map(|name| fault(name)).collect::<Result<_, _>>()?,
        delay: Duration::from_millis(wanted.delay_ms),
    };
    let store = S3::start(options).map_err(|error| error.to_string())?;
    let at = store.url().trim_end_matches("/files").to_owned();
    world.places.insert("S3".to_owned(), store.url());
    world.places.insert("S3_AT".to_owned(), at.split("://").last().unwrap_or_default().to_owned());
    world.places.insert("S3_KEY".to_owned(), store.secret_key().to_owned());
    world.environment.insert("AWS_ACCESS_KEY_ID".to_owned(), store.access_key().to_owned());
    world.environment.insert("AWS_SECRET_ACCESS_KEY".to_owned(), store.secret_key().to_owned());
    world.secrets.push(store.secret_key().to_owned());
    world.keep(store);
    Ok(())
}

fn public(right: &str) -> Result<S3Public, String> {
    Ok(match right {
        "read" => S3Public::Read,
        "list" => S3Public::List,
        "write" => S3Public::Write,
        _ => return Err(format!("nobody is given `{right}`; write read, list or write")),
    })
}

fn fault(name: &str) -> Result<S3Fault, String> {
    Ok(match name {
        "loses-writes" => S3Fault::LosesWrites,
        "changes-bytes" => S3Fault::ChangesBytes,
        "changes-etag" => S3Fault::ChangesEtag,
        "lists-nothing" => S3Fault::ListsNothing,
        "refuses-writes" => S3Fault::RefusesWrites,
        "refuses-deletes" => S3Fault::RefusesDeletes,
        "keeps-deleted" => S3Fault::KeepsDeleted,
        "keeps-versions" => S3Fault::KeepsVersions,
        "refuses-presigned" => S3Fault::RefusesPresigned,
        "drops-presigned" => S3Fault::DropsPresigned,
        "hides-settings" => S3Fault::HidesSettings,
        _ => return Err(format!("there is no fault `{name}`")),
    })
}
