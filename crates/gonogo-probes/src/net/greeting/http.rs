//! The greeting of HTTP services and of object stores: one request without a body.

use std::time::SystemTime;

use base64::Engine as _;
use base64::engine::general_purpose::STANDARD;
use url::Url;

use super::{Met, Stage, Trouble};
use crate::net::endpoint::Endpoint;
use crate::s3::sign::Signer;
use crate::tools::talk::Talk;

const MOST_HEADERS: usize = 200;

/// The head of an answer.
struct Head {
    status: u16,
    headers: Vec<(String, String)>,
}

impl Head {
    fn get(&self, name: &str) -> Option<&str> {
        self.headers.iter().find(|(key, _)| key == name).map(|(_, value)| value.as_str())
    }
}

/// Any status is an answer in HTTP.
pub(in crate::net) async fn service(
    mut talk: Talk,
    endpoint: &Endpoint,
    met: &mut Met,
) -> Result<(), Trouble> {
    let path = if endpoint.path.is_empty() { "/" } else { &endpoint.path };
    let head = ask(&mut talk, endpoint, "HEAD", path, &basic(endpoint)).await?;
    met.handshake = true;
    met.server = head.get("server").map(str::to_owned);
    if endpoint.password.is_some() {
        let refused = matches!(head.status, 401 | 403);
        met.authenticated = Some(!refused);
        if refused {
            return Err(Trouble::refused(&format!("status {}", head.status)));
        }
    }
    Ok(())
}

/// With these the store does not know the user; any other refusal is one of somebody it knows.
const UNKNOWN_USER: [&str; 7] = [
    "ExpiredToken",
    "InvalidAccessKeyId",
    "InvalidClientTokenId",
    "InvalidToken",
    "NotSignedUp",
    "RequestTimeTooSkewed",
    "SignatureDoesNotMatch",
];

/// The list of a bucket: a store refuses that in its own way. The key of the address is not sent, it
/// only signs.
pub(in crate::net) async fn store(mut talk: Talk, endpoint: &Endpoint, met: &mut Met) -> Result<(), Trouble> {
    let path = format!("{}?list-type=2&max-keys=0", endpoint.path);
    let head = ask(&mut talk, endpoint, "GET", &path, &signature(endpoint, &path)?).await?;
    let of_store = head.get("x-amz-request-id").is_some();
    let xml = head.get("content-type").is_some_and(|kind| kind.contains("xml"));
    let body = if xml { talk.some().await? } else { Vec::new() };
    let body = String::from_utf8_lossy(&body);
    met.server = head.get("server").map(str::to_owned);
    met.handshake = of_store || body.contains("<Error") || body.contains("<ListBucketResult");
    if !met.handshake {
        return Err(Trouble::stranger("an S3 store", format!("HTTP status {}", head.status).as_bytes()));
    }
    let code = body.split("<Code>").nth(1).and_then(|rest| rest.split("</Code>").next());
    match code {
        _ if endpoint.password.is_none() => {}
        // It wants a signature for another region, and says nothing of the user.
        Some("AuthorizationHeaderMalformed") => {}
        Some(code) if UNKNOWN_USER.contains(&code) => {
            met.authenticated = Some(false);
            return Err(Trouble::refused(&format!("status {}, {code}", head.status)));
        }
        // A refusal without a code says no more than its status.
        None if matches!(head.status, 401 | 403) => {
            met.authenticated = Some(false);
            return Err(Trouble::refused(&format!("status {}", head.status)));
        }
        _ => met.authenticated = Some(true),
    }
    Ok(())
}

fn signature(endpoint: &Endpoint, path: &str) -> Result<Vec<(&'static str, String)>, Trouble> {
    let Some(secret) = endpoint.password.clone() else { return Ok(Vec::new()) };
    let id = endpoint.user.clone().unwrap_or_default();
    let signer = Signer { id, secret, token: None, region: "us-east-1".to_owned() };
    let at = |why: String| Trouble::at(Stage::Handshake, why);
    let url = Url::parse(&format!("{}://{}{path}", endpoint.scheme, authority(endpoint)));
    let url = url.map_err(|error| at(format!("its address is not a URL ({error})")))?;
    signer.headers(("GET", &url), &[], b"", SystemTime::now()).map_err(at)
}

fn basic(endpoint: &Endpoint) -> Vec<(&'static str, String)> {
    let user = endpoint.user.as_deref().unwrap_or_default();
    let value = |password: &String| format!("Basic {}", STANDARD.encode(format!("{user}:{password}")));
    endpoint.password.iter().map(|password| ("authorization", value(password))).collect()
}

/// As it is signed: the usual port is not named.
fn authority(endpoint: &Endpoint) -> String {
    match (endpoint.scheme.as_str(), endpoint.port) {
        ("http", 80) | ("https", 443) => endpoint.host.clone(),
        (_, port) => format!("{}:{port}", endpoint.host),
    }
}

async fn ask(
    talk: &mut Talk,
    endpoint: &Endpoint,
    method: &str,
    path: &str,
    headers: &[(&str, String)],
) -> Result<Head, Trouble> {
    let mut request = format!(
        "{method} {path} HTTP/1.1\r\nHost: {}\r\nUser-Agent: gonogo\r\nAccept: */*\r\nConnection: close\r\n",
        authority(endpoint)
    );
    for (name, value) in headers {
        request.push_str(&format!("{name}: {value}\r\n"));
    }
    talk.say(format!("{request}\r\n").as_bytes()).await?;
    let first = talk.line().await?;
    let status = first.strip_prefix("HTTP/1.").and_then(|rest| rest.get(2..5)?.parse().ok());
    let status = status.ok_or_else(|| Trouble::stranger("HTTP", first.as_bytes()))?;
    let mut head = Head { status, headers: Vec::new() };
    while head.headers.len() < MOST_HEADERS {
        let line = talk.line().await?;
        let Some((name, value)) = line.split_once(':') else { break };
        head.headers.push((name.to_lowercase(), value.trim().to_owned()));
    }
    Ok(head)
}
