//! HTTP requests that stay within reach: names are resolved and checked here, every hop of a
//! redirect is checked again, and no answer can be endless. It does not know what the answers
//! are wanted for.

use std::error::Error;
use std::io;
use std::net::IpAddr;
use std::sync::Arc;
use std::time::{Duration, Instant};

use reqwest::dns::{Addrs, Name, Resolve, Resolving};
use reqwest::header::{HeaderMap, LOCATION};
use reqwest::{Client, Method, Response, StatusCode, Version, redirect};
use rustls::{ClientConfig, RootCertStore};
use url::Url;

use super::net::{self, NetError};
use super::tls::Trust;
use crate::context::Reach;

/// More of a body is not read.
pub(crate) const LARGEST_BODY: usize = 1024 * 1024;
const MOST_HOPS: usize = 10;
const AGENT: &str = concat!("gonogo/", env!("CARGO_PKG_VERSION"));

/// Why there is no answer. Each says what to do.
#[derive(Debug, thiserror::Error)]
pub(crate) enum HttpError {
    #[error(transparent)]
    Net(#[from] NetError),
    #[error("{at} did not answer within {limit:?}; check whether the service hangs, or raise `timeout`")]
    TooSlow { at: String, limit: Duration },
    #[error("nothing listens on {at} (connection refused); start the service or correct the address")]
    Refused { at: String },
    #[error("no TLS connection to {at} ({why}); check its certificate, and whether it speaks TLS at all")]
    Tls { at: String, why: String },
    #[error("{at} closed the connection without a complete answer; look into the log of the service")]
    Closed { at: String },
    #[error("{at} does not answer with HTTP ({why}); check the port, and whether it wants https")]
    NotHttp { at: String, why: String },
    #[error("{at} cannot be reached ({why}); check the address and the network")]
    Unreachable { at: String, why: String },
    #[error("the HTTP client cannot start ({0}); report this as a bug of gonogo")]
    Client(String),
}

impl HttpError {
    /// Whether the time limit was used up.
    pub(crate) fn is_too_slow(&self) -> bool {
        matches!(self, HttpError::TooSlow { .. } | HttpError::Net(NetError::TooSlow { .. }))
    }
}

/// What is asked.
#[derive(Debug, Clone)]
pub(crate) struct Question {
    pub(crate) method: Method,
    pub(crate) url: Url,
    /// Not sent along when a redirect leads to another host or port.
    pub(crate) headers: HeaderMap,
    /// Sent along a redirect only where it keeps the method.
    pub(crate) body: Option<Vec<u8>>,
    /// Follow redirects.
    pub(crate) follow: bool,
}

/// What was answered.
#[derive(Debug)]
pub(crate) struct Answer {
    pub(crate) status: StatusCode,
    pub(crate) version: Version,
    pub(crate) headers: HeaderMap,
    /// At most [`LARGEST_BODY`] bytes.
    pub(crate) body: Vec<u8>,
    /// There was more of the body.
    pub(crate) truncated: bool,
    /// The last hop was over TLS.
    pub(crate) tls: bool,
    /// Redirects in order; only the last can be one that was not followed.
    pub(crate) hops: Vec<Hop>,
}

/// One redirect.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) struct Hop {
    pub(crate) status: u16,
    /// Where it leads, without user, password and query.
    pub(crate) to: String,
    /// Why it was not followed.
    pub(crate) stopped: Option<String>,
}

/// Asks over connections of its own, which end with it. Nothing is shared between two.
pub(crate) struct HttpClient {
    client: Client,
    reach: Reach,
    limit: Duration,
    /// Where a redirect may lead, beside the place that was asked.
    declared: Vec<Url>,
}

impl HttpClient {
    /// A client whose every question takes at most `limit`, with all its redirects.
    pub(crate) fn new(reach: &Reach, limit: Duration) -> Result<HttpClient, HttpError> {
        HttpClient::from_address(reach, limit, None)
    }

    /// The same, whose connections come from this address of the machine: on loopback each of
    /// 127.0.0.0/8 is one, so that a service can tell several visitors apart.
    pub(crate) fn from_address(
        reach: &Reach,
        limit: Duration,
        local: Option<IpAddr>,
    ) -> Result<HttpClient, HttpError> {
        HttpClient::over(reach, limit, local, tls()?)
    }

    /// A client that takes the certificates of whom `trust` names.
    pub(crate) fn trusting(reach: &Reach, limit: Duration, trust: &Trust) -> Result<HttpClient, HttpError> {
        HttpClient::over(reach, limit, None, tls_of(trust.roots())?)
    }

    fn over(
        reach: &Reach,
        limit: Duration,
        local: Option<IpAddr>,
        tls: ClientConfig,
    ) -> Result<HttpClient, HttpError> {
        let client = Client::builder()
            .local_address(local)
            .tls_backend_preconfigured(tls)
            .dns_resolver(Arc::new(CheckedNames { reach: reach.clone(), limit }))
            .redirect(redirect::Policy::none())
            .retry(reqwest::retry::never())
            .no_proxy()
            // What is reported is what was sent: sizes and headers are not those of an unpacked body.
            .no_gzip()
            .referer(false)
            .user_agent(AGENT)
            .build()
            .map_err(|error| HttpError::Client(error.to_string()))?;
        Ok(HttpClient { client, reach: reach.clone(), limit, declared: Vec::new() })
    }

    /// The same, whose redirects may also lead to these declared places.
    pub(crate) fn leading_to(mut self, declared: impl IntoIterator<Item = Url>) -> HttpClient {
        self.declared.extend(declared);
        self
    }

    /// Asks once, and says how long it took to the end of the body.
    pub(crate) async fn ask(&self, question: &Question) -> (Result<Answer, HttpError>, Duration) {
        let started = Instant::now();
        let answer = tokio::time::timeout(self.limit, self.follow(question)).await;
        let too_slow = || HttpError::TooSlow { at: shown(&question.url), limit: self.limit };
        (answer.unwrap_or_else(|_| Err(too_slow())), started.elapsed())
    }

    async fn follow(&self, question: &Question) -> Result<Answer, HttpError> {
        let mut hops = Vec::new();
        let mut at = question.clone();
        loop {
            let response = self.send(&at).await?;
            let Some(next) = redirected(&response).filter(|_| question.follow) else {
                return read(response, hops).await;
            };
            let stopped = self.reason_to_stop(&question.url, &next, hops.len()).await;
            hops.push(Hop { status: response.status().as_u16(), to: shown(&next), stopped });
            if hops.last().is_some_and(|hop| hop.stopped.is_some()) {
                return read(response, hops).await;
            }
            if next.origin() != at.url.origin() {
                at.headers.clear();
            }
            if !matches!(response.status().as_u16(), 307 | 308) && at.method != Method::HEAD {
                at.method = Method::GET;
                at.body = None;
            }
            at.url = next;
        }
    }

    async fn send(&self, question: &Question) -> Result<Response, HttpError> {
        let Some(host) = question.url.host_str() else {
            return Err(HttpError::Unreachable {
                at: shown(&question.url),
                why: "it names no host".to_owned(),
            });
        };
        // The client asks its resolver for names only, so an address is checked here.
        if let Ok(address) = host.trim_matches(['[', ']']).parse::<IpAddr>() {
            net::resolve(&self.reach, &address.to_string(), 0, self.limit).await?;
        }
        let request = self.client.request(question.method.clone(), question.url.clone());
        let mut request = request.headers(question.headers.clone());
        if let Some(body) = &question.body {
            request = request.body(body.clone());
        }
        let sent = request.send().await;
        sent.map_err(|error| explain(&question.url, error))
    }

    async fn reason_to_stop(&self, first: &Url, next: &Url, hops: usize) -> Option<String> {
        if hops >= MOST_HOPS {
            return Some(format!("more than {MOST_HOPS} redirects"));
        }
        let (Some(host), Some(port)) = (next.host_str(), next.port_or_known_default()) else {
            return Some("it leads to an address without a host".to_owned());
        };
        if !matches!(next.scheme(), "http" | "https") {
            return Some(format!("it leads to {}, which is not HTTP", next.scheme()));
        }
        if !is_place_of(first, next) && !self.declared.iter().any(|place| is_place_of(place, next)) {
            let place = next.origin().ascii_serialization();
            return Some(format!("it leads to {place}, which is no target of this check; nothing was sent"));
        }
        net::resolve(&self.reach, host, port, self.limit).await.err().map(|error| error.to_string())
    }
}

/// An address for people: without user, password, query and fragment.
pub(crate) fn shown(url: &Url) -> String {
    let mut url = url.clone();
    let _ = url.set_username("");
    let _ = url.set_password(None);
    url.set_query(None);
    url.set_fragment(None);
    url.into()
}

/// Certificates must lead to one of Mozilla's roots.
pub(crate) fn tls() -> Result<ClientConfig, HttpError> {
    tls_of(Arc::new(RootCertStore { roots: webpki_roots::TLS_SERVER_ROOTS.to_vec() }))
}

fn tls_of(roots: Arc<RootCertStore>) -> Result<ClientConfig, HttpError> {
    let provider = Arc::new(rustls::crypto::aws_lc_rs::default_provider());
    let versions = ClientConfig::builder_with_provider(provider)
        .with_safe_default_protocol_versions()
        .map_err(|error| HttpError::Client(error.to_string()))?;
    let mut config = versions.with_root_certificates(roots).with_no_client_auth();
    config.alpn_protocols = vec![b"h2".to_vec(), b"http/1.1".to_vec()];
    Ok(config)
}

/// Gives the client only addresses within reach, and it dials nothing else.
struct CheckedNames {
    reach: Reach,
    limit: Duration,
}

impl Resolve for CheckedNames {
    fn resolve(&self, name: Name) -> Resolving {
        let (reach, limit) = (self.reach.clone(), self.limit);
        Box::pin(async move {
            // Port 0 stands for the port of the URL.
            let found = net::resolve(&reach, name.as_str(), 0, limit).await?;
            Ok::<Addrs, _>(Box::new(found.into_iter()))
        })
    }
}

/// Whether both are one place: the same host and port, or a host's usual ports of http and https.
fn is_place_of(declared: &Url, next: &Url) -> bool {
    let usual = |url: &Url| url.port().is_none();
    declared.host_str() == next.host_str()
        && (declared.port_or_known_default() == next.port_or_known_default()
            || usual(declared) && usual(next))
}

fn redirected(response: &Response) -> Option<Url> {
    let leads = matches!(response.status().as_u16(), 301 | 302 | 303 | 307 | 308);
    let to = response.headers().get(LOCATION).filter(|_| leads)?.to_str().ok()?;
    response.url().join(to).ok()
}

async fn read(mut response: Response, hops: Vec<Hop>) -> Result<Answer, HttpError> {
    let mut answer = Answer {
        status: response.status(),
        version: response.version(),
        headers: response.headers().clone(),
        body: Vec::new(),
        truncated: false,
        tls: response.url().scheme() == "https",
        hops,
    };
    let url = response.url().clone();
    while let Some(chunk) = response.chunk().await.map_err(|error| explain(&url, error))? {
        let room = LARGEST_BODY - answer.body.len();
        answer.truncated = chunk.len() > room;
        answer.body.extend_from_slice(&chunk[..chunk.len().min(room)]);
        if answer.truncated {
            break;
        }
    }
    Ok(answer)
}

/// The client's error as a sentence. Its own text may hold the whole URL, so it is taken out.
fn explain(url: &Url, error: reqwest::Error) -> HttpError {
    let at = shown(url);
    let error = error.without_url();
    let causes = causes(&error);
    let why = causes.last().map(ToString::to_string).unwrap_or_default();
    if let Some(net) = find::<NetError>(&causes) {
        return HttpError::Net(net.clone());
    }
    if find::<rustls::Error>(&causes).is_some() || why.starts_with("tls ") {
        return HttpError::Tls { at, why };
    }
    match find::<io::Error>(&causes).map(io::Error::kind) {
        Some(io::ErrorKind::ConnectionRefused) => HttpError::Refused { at },
        Some(io::ErrorKind::ConnectionReset | io::ErrorKind::BrokenPipe | io::ErrorKind::UnexpectedEof) => {
            HttpError::Closed { at }
        }
        _ if why.contains("before message completed") => HttpError::Closed { at },
        _ if error.is_builder() || error.is_connect() => HttpError::Unreachable { at, why },
        _ => HttpError::NotHttp { at, why },
    }
}

/// The error and all that caused it. What an I/O error wraps is not among its sources.
fn causes(error: &reqwest::Error) -> Vec<&(dyn Error + 'static)> {
    let mut causes: Vec<&(dyn Error + 'static)> = vec![error];
    let mut next = error.source();
    while let Some(cause) = next {
        causes.push(cause);
        let wrapped = cause.downcast_ref::<io::Error>().and_then(io::Error::get_ref);
        next = wrapped.map(|inner| inner as &(dyn Error + 'static)).or_else(|| cause.source());
    }
    causes
}

fn find<'e, E: Error + 'static>(causes: &[&'e (dyn Error + 'static)]) -> Option<&'e E> {
    // The innermost says most.
    causes.iter().rev().find_map(|cause| cause.downcast_ref())
}
