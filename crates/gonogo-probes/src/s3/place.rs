//! A bucket and how it is asked: as its user, with an address that is signed, or as nobody. It does
//! not know what the answers mean, but whether it is a store that lets the user in.

use std::time::{Duration, SystemTime};

use reqwest::Method;
use reqwest::header::{CONNECTION, HeaderMap, HeaderName, HeaderValue};
use url::Url;

use super::answer::{code, has, said, text};
use super::bucket::Params;
use super::sign::Signer;
use crate::context::{Context, Target};
use crate::http::address::unmeasured;
use crate::net::{endpoint::Endpoint, trust};
use crate::probe::Unmeasured;
use crate::tools::http::{Answer, HttpClient, HttpError, Question, shown};

/// What stores take when nobody says another.
const USUAL_REGION: &str = "us-east-1";
/// With these the store does not know who we are, and nothing about the bucket is learnt.
const UNKNOWN_USER: [&str; 9] = [
    "AuthorizationHeaderMalformed",
    "ExpiredToken",
    "InvalidAccessKeyId",
    "InvalidClientTokenId",
    "InvalidToken",
    "NotSignedUp",
    "RequestTimeTooSkewed",
    "SignatureDoesNotMatch",
    "TokenRefreshRequired",
];

/// As whom it is asked.
#[derive(Debug, Clone, Copy)]
pub(super) enum As {
    /// Its user, with a signature in the headers.
    User,
    /// Whoever has a signed address, good for this long from that moment.
    Holder(Duration, SystemTime),
    /// Nobody.
    Nobody,
}

/// What is asked: an object by its key, or the bucket itself without.
#[derive(Debug, Clone, Default)]
pub(super) struct Asked<'a> {
    pub(super) method: Method,
    pub(super) key: &'a str,
    pub(super) query: &'a str,
    pub(super) body: Option<&'a [u8]>,
}

/// One bucket.
pub(super) struct Place {
    client: HttpClient,
    base: Url,
    signer: Signer,
}

impl Place {
    /// The bucket of the target, with the credentials of its address or of the environment.
    pub(super) fn of(context: &Context, params: &Params) -> Result<Place, Unmeasured> {
        let target = context.target.as_ref();
        let target =
            target.ok_or_else(|| Unmeasured::because("no target is given; name one with `target:`"))?;
        let endpoint = Endpoint::of(target, &context.secrets)?;
        let signer = signer(context, params, endpoint)?;
        let trust = trust(context, params.ca.clone())?;
        let client = HttpClient::trusting(&context.reach, params.timeout.0, &trust).map_err(unmeasured)?;
        Ok(Place { client, base: base(target)?, signer })
    }

    /// For people: endpoint and bucket.
    pub(super) fn at(&self) -> String {
        shown(&self.base)
    }

    pub(super) fn secure(&self) -> bool {
        self.base.scheme() == "https"
    }

    /// Asks once, and says how long the answer took.
    pub(super) async fn ask(&self, who: As, asked: Asked<'_>) -> (Result<Answer, HttpError>, Duration) {
        let question = match self.question(who, &asked) {
            Ok(question) => question,
            Err(why) => return (Err(HttpError::Client(why)), Duration::ZERO),
        };
        self.client.ask(&question).await
    }

    /// A setting of the bucket, or a list.
    pub(super) async fn read(&self, who: As, query: &str) -> Result<Answer, HttpError> {
        self.ask(who, Asked { query, ..Asked::default() }).await.0
    }

    fn question(&self, who: As, asked: &Asked<'_>) -> Result<Question, String> {
        let mut url = self.base.clone();
        if !asked.key.is_empty() {
            url.set_path(&format!("{}/{}", self.base.path().trim_end_matches('/'), asked.key));
        }
        url.set_query(Some(asked.query).filter(|query| !query.is_empty()));
        let (method, now) = (asked.method.as_str(), SystemTime::now());
        let mut headers = HeaderMap::new();
        match who {
            As::User => {
                let body = asked.body.unwrap_or_default();
                for (name, value) in self.signer.headers((method, &url), &[], body, now)? {
                    let value = HeaderValue::from_str(&value).map_err(|error| error.to_string())?;
                    headers.insert(HeaderName::from_static(name), value);
                }
            }
            As::Holder(valid, at) => url = self.signer.presigned((method, &url), valid, at)?,
            As::Nobody => {}
        }
        if asked.body.is_some() {
            // A store that refuses a body without reading it closes; nothing else may wait behind it.
            headers.insert(CONNECTION, HeaderValue::from_static("close"));
        }
        let body = asked.body.map(<[u8]>::to_vec);
        Ok(Question { method: asked.method.clone(), url, headers, body, follow: false })
    }

    /// Whether it is a store that knows the user; the answer to a list of nothing much. A store that
    /// wants signatures for another region is asked again with that.
    pub(super) async fn met(&mut self, region_is_given: bool) -> Result<Answer, Unmeasured> {
        let mut answer = self.greet().await?;
        if let Some(region) = wanted_region(&answer).filter(|_| !region_is_given) {
            self.signer.region = region;
            answer = self.greet().await?;
        }
        let at = self.at();
        let because = |why: &str| Err(Unmeasured::because(format!("{at} {why} ({})", said(&answer))));
        if answer.status.is_redirection() {
            let elsewhere = text(&answer, "Endpoint").unwrap_or_else(|| "another place".to_owned());
            let elsewhere: String = elsewhere.chars().filter(|c| !c.is_control()).take(100).collect();
            return because(&format!("leads to {elsewhere}; write the address that it names into the spec"));
        }
        match code(&answer) {
            None if has(&answer, "ListBucketResult") => Ok(answer),
            None => because("does not answer as an S3 store does; check host, port and bucket"),
            Some(code) if UNKNOWN_USER.contains(&code.as_str()) => because(
                "does not know the user of the address or the environment; correct the credentials, the region and the clock",
            ),
            Some(_) if answer.status.is_server_error() => {
                because("cannot answer; look into its log, or ask again later")
            }
            Some(_) => Ok(answer),
        }
    }

    async fn greet(&self) -> Result<Answer, Unmeasured> {
        let query = "list-type=2&max-keys=1&prefix=gonogo%2F";
        self.read(As::User, query).await.map_err(unmeasured)
    }
}

/// The address without user and password, which belong into signatures only.
fn base(target: &Target) -> Result<Url, Unmeasured> {
    let wrong = |why: &str| {
        Unmeasured::because(format!(
            "the address of the target `{}` {why}; write such as http://127.0.0.1:9000/files",
            target.name
        ))
    };
    let mut url = Url::parse(&target.address).map_err(|error| wrong(&format!("is not a URL ({error})")))?;
    if url.query().is_some() || url.fragment().is_some() {
        return Err(wrong("has a query or fragment"));
    }
    let cleared = url.set_username("").and_then(|()| url.set_password(None));
    cleared.map_err(|()| wrong("names no host"))?;
    Ok(url)
}

fn signer(context: &Context, params: &Params, endpoint: Endpoint) -> Result<Signer, Unmeasured> {
    let variable = |name: &str| context.environment.get(name).filter(|value| !value.is_empty());
    let region = params.region.clone().unwrap_or_else(|| USUAL_REGION.to_owned());
    if let (Some(id), Some(secret)) = (endpoint.user, endpoint.password) {
        return Ok(Signer { id, secret, token: None, region });
    }
    let missing = |name: &str| {
        Unmeasured::because(format!(
            "the environment variable {name} is not set; put the credentials of the bucket's user there"
        ))
    };
    let secret = variable(&params.secret_key_env).ok_or_else(|| missing(&params.secret_key_env))?;
    context.secrets.learn(&params.secret_key_env, secret);
    let id = variable(&params.access_key_env).ok_or_else(|| missing(&params.access_key_env))?;
    let token = params.session_token_env().and_then(variable);
    if let Some(token) = token {
        context.secrets.learn("session token", token);
    }
    Ok(Signer { id: id.to_owned(), secret: secret.to_owned(), token: token.map(str::to_owned), region })
}

/// The region that the store names when it wants another: as an element, or in its sentence only.
fn wanted_region(answer: &Answer) -> Option<String> {
    code(answer).filter(|code| code == "AuthorizationHeaderMalformed")?;
    let message = text(answer, "Message").unwrap_or_default();
    let in_message = || message.split("expecting '").nth(1)?.split('\'').next().map(str::to_owned);
    let plain = |region: &String| {
        !region.is_empty() && region.bytes().all(|byte| byte.is_ascii_alphanumeric() || byte == b'-')
    };
    text(answer, "Region").or_else(in_message).filter(plain)
}
