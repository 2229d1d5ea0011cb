//! `tls/certificate`: what certificate a server shows, and to whom it leads. Which certificate is
//! good enough is the spec's opinion.

use std::path::PathBuf;
use std::time::Duration;

use gonogo_model::amount::Wait;
use gonogo_model::catalog::{Class, FactInfo, FactType, TargetNeed, fact};
use gonogo_model::fact::{Item, Location};
use jiff::Timestamp;
use schemars::JsonSchema;
use serde::Deserialize;
use x509_parser::prelude::{FromDer as _, GeneralName, X509Certificate};
use x509_parser::public_key::PublicKey;

use super::knock::{Door, KINDS, endpoint, knock};
use crate::context::Context;
use crate::net::trust;
use crate::probe::{Looked, Probe, Unmeasured};
use crate::tools::tls::{Shown, VERSIONS};

const LONGEST_WAIT: Duration = Duration::from_secs(60);
const DAY: i64 = 24 * 60 * 60;

/// Looks at a certificate.
pub(crate) struct Certificate;

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

impl Probe for Certificate {
    const ID: &'static str = "tls/certificate";
    const TITLE: &'static str = "What certificate a server shows, for whom, from whom and until when";
    const CLASS: Class = Class::Active;
    const TARGET: TargetNeed = TargetNeed::Required(KINDS);
    const FACTS: &'static [FactInfo] = FACTS;
    type Params = Params;

    async fn look(context: &Context, params: Params) -> Result<Looked, Unmeasured> {
        let (endpoint, limit) = (endpoint(context)?, params.timeout.0.min(LONGEST_WAIT));
        let trust = trust(context, params.ca)?;
        let item = Item::new("certificate").read_at(Location::of(endpoint.at()));
        let talk = match knock(context, &endpoint, limit).await? {
            Door::Open(talk) => talk,
            Door::Without(why) => return Ok(Looked::item(item.fact("tls", false).fact("error", why))),
        };
        Ok(Looked::item(match talk.secure(&trust, &endpoint.host, VERSIONS, &[]).await {
            Ok((_, shown)) => described(item.fact("tls", true), &shown),
            Err(error) => item.fact("tls", false).fact("error", error.to_string()),
        }))
    }
}

const FACTS: &[FactInfo] = &[
    fact("tls", FactType::Bool, "", "Whether a TLS 1.2 or 1.3 connection came about; with any certificate."),
    fact(
        "trusted",
        FactType::Bool,
        "",
        "Whether the chain leads to Mozilla's roots or those of `ca`, and is in its time.",
    ),
    fact("why_untrusted", FactType::Text, "", "Why it is not trusted; absent when it is."),
    fact(
        "host_matches",
        FactType::Bool,
        "",
        "Whether the certificate is for the host of the target's address.",
    ),
    fact("self_signed", FactType::Bool, "", "Whether it names itself as who signed it."),
    fact("chain_length", FactType::Int, "", "How many certificates the server sends."),
    fact("subject", FactType::Text, "", "Whom it is for, such as `CN=shop.example`."),
    fact("issuer", FactType::Text, "", "Who signed it."),
    fact("names", FactType::List, "", "The names and addresses that it is for (subject alternative names)."),
    fact("not_before", FactType::Text, "", "From when, in UTC."),
    fact("not_after", FactType::Text, "", "Until when, in UTC."),
    fact(
        "days_left",
        FactType::Int,
        "days",
        "Whole days from now until `not_after`; negative when it is over.",
    ),
    fact("days_valid", FactType::Int, "days", "Whole days from `not_before` to `not_after`."),
    fact("key_type", FactType::Text, "", "`RSA`, `EC`, `Ed25519` or the OID of another."),
    fact("key_bits", FactType::Int, "bits", "Size of the key; absent when it cannot be told."),
    fact("signature", FactType::Text, "", "How it was signed, such as `sha256WithRSAEncryption`, or an OID."),
    fact(
        "error",
        FactType::Text,
        "",
        "Why no TLS connection came about, or why the certificate cannot be read; absent when all went well.",
    ),
];

fn described(item: Item, shown: &Shown) -> Item {
    let item = item
        .fact("trusted", shown.untrusted.is_none())
        .fact_if_known("why_untrusted", shown.untrusted.clone())
        .fact("host_matches", shown.for_host)
        .fact("chain_length", shown.chain.len());
    match shown.chain.first().map(|der| X509Certificate::from_der(der)) {
        Some(Ok((_, certificate))) => read(item, &certificate),
        Some(Err(error)) => item.fact("error", format!("the certificate cannot be read ({error})")),
        None => item.fact("error", "the server showed no certificate"),
    }
}

fn read(item: Item, certificate: &X509Certificate<'_>) -> Item {
    let validity = certificate.validity();
    let (from, until) = (validity.not_before.timestamp(), validity.not_after.timestamp());
    let (kind, bits) = key(certificate);
    item.fact("self_signed", certificate.subject() == certificate.issuer())
        .fact("subject", certificate.subject().to_string())
        .fact("issuer", certificate.issuer().to_string())
        .fact("names", names(certificate))
        .fact_if_known("not_before", moment(from))
        .fact_if_known("not_after", moment(until))
        .fact("days_left", (until - Timestamp::now().as_second()).div_euclid(DAY))
        .fact("days_valid", (until - from).div_euclid(DAY))
        .fact("key_type", kind)
        .fact_if_known("key_bits", bits)
        .fact("signature", signature(&certificate.signature_algorithm.algorithm.to_id_string()))
}

fn moment(seconds: i64) -> Option<String> {
    Timestamp::from_second(seconds).ok().map(|moment| moment.to_string())
}

fn names(certificate: &X509Certificate<'_>) -> Vec<String> {
    let found = certificate.subject_alternative_name().ok().flatten();
    let names = found.iter().flat_map(|extension| &extension.value.general_names);
    names
        .map(|name| match name {
            GeneralName::DNSName(name) | GeneralName::RFC822Name(name) | GeneralName::URI(name) => {
                (*name).to_owned()
            }
            GeneralName::IPAddress(bytes) => address(bytes),
            other => other.to_string(),
        })
        .collect()
}

fn address(bytes: &[u8]) -> String {
    let four: Result<[u8; 4], _> = bytes.try_into();
    let sixteen: Result<[u8; 16], _> = bytes.try_into();
    match (four, sixteen) {
        (Ok(four), _) => std::net::Ipv4Addr::from(four).to_string(),
        (_, Ok(sixteen)) => std::net::Ipv6Addr::from(sixteen).to_string(),
        _ => "an address of a strange length".to_owned(),
    }
}

fn key(certificate: &X509Certificate<'_>) -> (String, Option<usize>) {
    let key = certificate.public_key();
    let algorithm = key.algorithm.algorithm.to_id_string();
    match (algorithm.as_str(), key.parsed()) {
        (_, Ok(PublicKey::RSA(rsa))) => ("RSA".to_owned(), Some(rsa.key_size())),
        (_, Ok(PublicKey::EC(point))) => ("EC".to_owned(), Some(point.key_size())),
        ("1.3.101.112", _) => ("Ed25519".to_owned(), Some(256)),
        _ => (algorithm, None),
    }
}

fn signature(oid: &str) -> String {
    match oid {
        "1.2.840.113549.1.1.4" => "md5WithRSAEncryption",
        "1.2.840.113549.1.1.5" => "sha1WithRSAEncryption",
        "1.2.840.113549.1.1.11" => "sha256WithRSAEncryption",
        "1.2.840.113549.1.1.12" => "sha384WithRSAEncryption",
        "1.2.840.113549.1.1.13" => "sha512WithRSAEncryption",
        "1.2.840.113549.1.1.10" => "RSASSA-PSS",
        "1.2.840.10045.4.1" => "ecdsa-with-SHA1",
        "1.2.840.10045.4.3.2" => "ecdsa-with-SHA256",
        "1.2.840.10045.4.3.3" => "ecdsa-with-SHA384",
        "1.2.840.10045.4.3.4" => "ecdsa-with-SHA512",
        "1.3.101.112" => "Ed25519",
        other => other,
    }
    .to_owned()
}
