//! `tls/protocol`: which versions of TLS a server speaks, and whether it talks in the clear as
//! well. Which versions are good enough is the spec's opinion.

use std::path::PathBuf;
use std::time::Duration;

use gonogo_model::amount::Wait;
use gonogo_model::catalog::{Class, FactInfo, FactType, TargetKind, TargetNeed, fact};
use gonogo_model::fact::{Item, Location};
use rustls::SupportedProtocolVersion;
use schemars::JsonSchema;
use serde::Deserialize;

use self::hello::Old;
use super::knock::{Door, KINDS, endpoint, knock};
use crate::context::Context;
use crate::net::endpoint::Endpoint;
use crate::net::trust;
use crate::probe::{Looked, Probe, Unmeasured};
use crate::tools::talk::TalkError;
use crate::tools::tls::{Shown, Trust, VERSIONS};

mod clear;
mod hello;

const LONGEST_WAIT: Duration = Duration::from_secs(60);
const NEW: [(&str, &SupportedProtocolVersion); 2] =
    [("TLSv1.2", &rustls::version::TLS12), ("TLSv1.3", &rustls::version::TLS13)];

/// Looks at versions.
pub(crate) struct Protocol;

/// Whom to trust, and how long to wait.
#[derive(Debug, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub(crate) struct Params {
    /// A PEM file with certificates to trust besides Mozilla's roots, from the folder of the spec.
    ca: Option<PathBuf>,
    /// The longest one connection may take; at most 60s.
    #[serde(default = "five_seconds")]
    timeout: Wait,
}

fn five_seconds() -> Wait {
    Wait::seconds(5)
}

impl Probe for Protocol {
    const ID: &'static str = "tls/protocol";
    const TITLE: &'static str = "Which versions of TLS a server speaks, and whether it talks in the clear";
    const CLASS: Class = Class::Active;
    const TARGET: TargetNeed = TargetNeed::Required(KINDS);
    const FACTS: &'static [FactInfo] = FACTS;
    type Params = Params;

    async fn look(context: &Context, params: Params) -> Result<Looked, Unmeasured> {
        let (endpoint, limit) = (endpoint(context)?, params.timeout.0.min(LONGEST_WAIT));
        let trust = trust(context, params.ca)?;
        let mut item = Item::new("protocol").read_at(Location::of(endpoint.at()));
        match shake(context, &endpoint, &trust, VERSIONS, limit).await? {
            Ok(shown) => {
                item = item
                    .fact("tls", true)
                    .fact_if_known("cipher", shown.cipher)
                    .fact_if_known("version", shown.version)
                    .fact_if_known("alpn", shown.alpn);
            }
            Err(why) => item = item.fact("tls", false).fact("error", why),
        }
        let (mut spoken, mut refused) = (Vec::new(), Vec::new());
        for old in [Old::Tls10, Old::Tls11] {
            match old_version(context, &endpoint, old, limit).await? {
                Some(true) => spoken.push(old.name()),
                Some(false) => refused.push(old.name()),
                None => {}
            }
        }
        for (name, version) in NEW {
            let shaken = shake(context, &endpoint, &trust, &[version], limit).await?;
            if shaken.is_ok() { spoken.push(name) } else { refused.push(name) }
        }
        let clear = clear::ask(context, &endpoint, limit).await?;
        Ok(Looked::item(
            item.fact("versions", spoken)
                .fact("refused", refused)
                .fact_if_known("plaintext_refused", clear.refused)
                .fact_if_known("plaintext", clear.said),
        ))
    }
}

const FACTS: &[FactInfo] = &[
    fact("tls", FactType::Bool, "", "Whether a TLS 1.2 or 1.3 connection came about; with any certificate."),
    fact(
        "version",
        FactType::Text,
        "",
        "The version that was agreed on when all were offered; absent without TLS.",
    ),
    fact("cipher", FactType::Text, "", "The cipher suite that was agreed on; absent without TLS."),
    fact(
        "alpn",
        FactType::Text,
        "",
        "For `http`: which of `h2` and `http/1.1` it chose; absent when it chose none.",
    ),
    fact(
        "versions",
        FactType::List,
        "",
        "The versions that it speaks, of `TLSv1.0`, `TLSv1.1`, `TLSv1.2` and `TLSv1.3`.",
    ),
    fact(
        "refused",
        FactType::List,
        "",
        "Those that it refuses; one that is in neither list could not be told.",
    ),
    fact(
        "plaintext_refused",
        FactType::Bool,
        "",
        "Whether the same port refuses to talk in the clear; absent when its protocol is not known or it says nothing.",
    ),
    fact(
        "plaintext",
        FactType::Text,
        "",
        "What it said when it was talked to in the clear; absent when it said nothing.",
    ),
    fact("error", FactType::Text, "", "Why no TLS connection came about; absent when one did."),
];

/// A handshake on a connection of its own: what was shown, or why there was none.
async fn shake(
    context: &Context,
    endpoint: &Endpoint,
    trust: &Trust,
    versions: &[&'static SupportedProtocolVersion],
    limit: Duration,
) -> Result<Result<Shown, String>, Unmeasured> {
    let talk = match knock(context, endpoint, limit).await? {
        Door::Open(talk) => talk,
        Door::Without(why) => return Ok(Err(why)),
    };
    let alpn: &[&str] = if endpoint.kind == TargetKind::Http { &["h2", "http/1.1"] } else { &[] };
    Ok(match talk.secure(trust, &endpoint.host, versions, alpn).await {
        Ok((_, shown)) => Ok(shown),
        Err(error) => Err(error.to_string()),
    })
}

/// Whether it agrees to a version that is out of use; `None` when it says nothing that tells.
async fn old_version(
    context: &Context,
    endpoint: &Endpoint,
    version: Old,
    limit: Duration,
) -> Result<Option<bool>, Unmeasured> {
    let Door::Open(mut talk) = knock(context, endpoint, limit).await? else { return Ok(Some(false)) };
    let Some(hello) = hello::of(version, &endpoint.host) else { return Ok(None) };
    let answer = async {
        talk.say(&hello).await?;
        talk.exactly(11).await
    };
    Ok(match answer.await {
        Ok(answer) => hello::agreed(version, &answer),
        // An alert is shorter, and some servers only close.
        Err(TalkError::Closed) => Some(false),
        Err(_) => None,
    })
}
