//! The life of one object: put, read back in every way, listed, deleted. Each step is one question;
//! once the store does not answer any more, none is asked. What it makes is removed by its traces.

use std::time::{Duration, SystemTime};

use futures_util::future::join;
use gonogo_model::fact::Item;
use percent_encoding::{NON_ALPHANUMERIC, utf8_percent_encode};
use reqwest::Method;

use super::answer::{allowed, code, said, texts};
use super::place::{As, Asked, Place};
use super::trace::Traces;
use crate::tools::http::{Answer, HttpError};

const VALID: Duration = Duration::from_secs(60);
/// So long ago that no clock is that wrong.
const LONG_AGO: Duration = Duration::from_secs(24 * 60 * 60);
const ENCRYPTION: &str = "x-amz-server-side-encryption";

/// What came of it; what was not learnt is absent.
#[derive(Debug, Default)]
pub(super) struct Life {
    written: Option<bool>,
    put: Option<Duration>,
    tag: Option<String>,
    encryption: Option<String>,
    read_back: Option<bool>,
    get: Option<Duration>,
    listed: Option<bool>,
    presigned: Option<bool>,
    expired_refused: Option<bool>,
    anonymous_read: Option<bool>,
    anonymous_list: Option<bool>,
    anonymous_write: Option<bool>,
    deleted: Option<bool>,
    /// The first thing that went wrong.
    trouble: Option<String>,
}

/// One object and who walks it through its life.
pub(super) struct Walk<'a> {
    pub(super) place: &'a Place,
    pub(super) traces: &'a mut Traces,
    pub(super) key: &'a str,
    pub(super) bytes: &'a [u8],
}

impl Walk<'_> {
    /// All of it.
    pub(super) async fn go(mut self) -> Life {
        let mut life = Life::default();
        // An error is in the life already.
        let _ = self.steps(&mut life).await;
        life
    }

    async fn steps(&mut self, life: &mut Life) -> Result<(), Gone> {
        self.put(life).await?;
        self.anonymous(life).await?;
        if life.written == Some(true) {
            self.read_back(life).await?;
            self.listed(life).await?;
            self.held(life).await?;
            self.deleted(life).await?;
        }
        Ok(())
    }

    async fn put(&mut self, life: &mut Life) -> Result<(), Gone> {
        self.traces.at(self.key);
        let asked = Asked { method: Method::PUT, key: self.key, query: "", body: Some(self.bytes) };
        let (answer, took) = self.place.ask(As::User, asked).await;
        let answer = heard(life, "writing", answer)?;
        life.written = Some(answer.status.is_success());
        if !answer.status.is_success() {
            life.wrong("writing", &said(&answer));
            if answer.status.is_client_error() {
                self.traces.never(self.key);
            }
            return Ok(());
        }
        self.traces.learn(self.key, &answer);
        (life.put, life.tag) = (Some(took), header(&answer, "etag"));
        life.encryption = header(&answer, ENCRYPTION);
        Ok(())
    }

    async fn read_back(&self, life: &mut Life) -> Result<(), Gone> {
        let (answer, took) = self.place.ask(As::User, self.object()).await;
        let answer = heard(life, "reading", answer)?;
        if !answer.status.is_success() {
            life.read_back = Some(false);
            life.wrong("reading", &said(&answer));
            return Ok(());
        }
        life.get = Some(took);
        life.encryption = life.encryption.take().or_else(|| header(&answer, ENCRYPTION));
        let (same, same_tag) = (answer.body == self.bytes, header(&answer, "etag") == life.tag);
        life.read_back = Some(same && same_tag);
        match (same, same_tag) {
            (false, _) => life.wrong("reading", "it gives other bytes than it was given"),
            (true, false) => life.wrong("reading", "it gives another ETag than when it took the object"),
            (true, true) => {}
        }
        Ok(())
    }

    async fn listed(&self, life: &mut Life) -> Result<(), Gone> {
        let prefix = utf8_percent_encode(self.key, NON_ALPHANUMERIC);
        let answer = self.place.read(As::User, &format!("list-type=2&prefix={prefix}")).await;
        let answer = heard(life, "listing", answer)?;
        if !answer.status.is_success() {
            life.wrong("listing", &said(&answer));
            return Ok(());
        }
        let listed = texts(&answer.body, "Key").iter().any(|key| key == self.key);
        life.listed = Some(listed);
        if !listed {
            life.wrong("listing", "the object is not in the list");
        }
        Ok(())
    }

    /// With signed addresses: one that is good, and one whose time is over.
    async fn held(&self, life: &mut Life) -> Result<(), Gone> {
        let now = SystemTime::now();
        let good = self.place.ask(As::Holder(VALID, now), self.object());
        let over = self.place.ask(As::Holder(VALID, now - LONG_AGO), self.object());
        let ((good, _), (over, _)) = join(good, over).await;
        let good = heard(life, "reading with a signed address", good)?;
        life.presigned = Some(good.status.is_success());
        if !good.status.is_success() {
            life.wrong("reading with a signed address", &said(&good));
        }
        let over = heard(life, "reading with a signed address whose time is over", over)?;
        life.expired_refused = match over.status.as_u16() {
            400 | 401 | 403 => Some(true),
            status if (200..300).contains(&status) => Some(false),
            _ => None,
        };
        Ok(())
    }

    async fn anonymous(&mut self, life: &mut Life) -> Result<(), Gone> {
        let prefix = utf8_percent_encode(self.key, NON_ALPHANUMERIC);
        let listed = self.place.read(As::Nobody, &format!("list-type=2&prefix={prefix}")).await;
        life.anonymous_list = allowed(&heard(life, "listing as nobody", listed)?);
        if life.written == Some(true) {
            let (answer, _) = self.place.ask(As::Nobody, self.object()).await;
            life.anonymous_read = allowed(&heard(life, "reading as nobody", answer)?);
        }
        let key = format!("{}-as-nobody", self.key);
        self.traces.at(&key);
        let asked = Asked { method: Method::PUT, key: &key, query: "", body: Some(b"gonogo") };
        let answer = heard(life, "writing as nobody", self.place.ask(As::Nobody, asked).await.0)?;
        life.anonymous_write = allowed(&answer);
        match life.anonymous_write {
            Some(true) => self.traces.learn(&key, &answer),
            Some(false) => self.traces.never(&key),
            None => {}
        }
        Ok(())
    }

    async fn deleted(&mut self, life: &mut Life) -> Result<(), Gone> {
        let asked = Asked { method: Method::DELETE, ..self.object() };
        let answer = heard(life, "deleting", self.place.ask(As::User, asked).await.0)?;
        if !answer.status.is_success() {
            life.deleted = Some(false);
            life.wrong("deleting", &said(&answer));
            return Ok(());
        }
        self.traces.learn(self.key, &answer);
        let after = heard(life, "reading what was deleted", self.place.ask(As::User, self.object()).await.0)?;
        // Who may not list is told 403 of what is not there.
        let gone = after.status.as_u16() == 404 || code(&after).as_deref() == Some("AccessDenied");
        life.deleted = Some(gone);
        if !gone {
            life.wrong("deleting", "the object can still be read");
        }
        Ok(())
    }

    fn object(&self) -> Asked<'_> {
        Asked { key: self.key, ..Asked::default() }
    }
}

/// The store does not answer any more.
struct Gone;

fn heard(life: &mut Life, doing: &str, answer: Result<Answer, HttpError>) -> Result<Answer, Gone> {
    answer.map_err(|error| {
        life.wrong(doing, &error.to_string());
        Gone
    })
}

fn header(answer: &Answer, name: &str) -> Option<String> {
    answer.headers.get(name).and_then(|value| value.to_str().ok()).map(str::to_owned)
}

impl Life {
    fn wrong(&mut self, doing: &str, why: &str) {
        self.trouble.get_or_insert_with(|| format!("{doing}: {why}"));
    }

    /// Whether the bucket took the object.
    pub(super) fn written(&self) -> bool {
        self.written == Some(true)
    }

    /// As facts.
    pub(super) fn told(self, item: Item) -> Item {
        let millis = |took: Duration| took.as_micros() as f64 / 1000.0;
        item.fact_if_known("written", self.written)
            .fact_if_known("put_ms", self.put.map(millis))
            .fact_if_known("encryption_on_object", self.encryption)
            .fact_if_known("read_back", self.read_back)
            .fact_if_known("get_ms", self.get.map(millis))
            .fact_if_known("listed", self.listed)
            .fact_if_known("presigned_works", self.presigned)
            .fact_if_known("expired_refused", self.expired_refused)
            .fact_if_known("anonymous_read", self.anonymous_read)
            .fact_if_known("anonymous_list", self.anonymous_list)
            .fact_if_known("anonymous_write", self.anonymous_write)
            .fact_if_known("deleted", self.deleted)
            .fact_if_known("error", self.trouble)
    }
}
