//! What a look has put into a bucket, and that it goes again: at the end, or, when the look is cut
//! off, afterwards. Old versions and marks of deletions go too.

use std::sync::Arc;

use percent_encoding::{NON_ALPHANUMERIC, utf8_percent_encode};
use reqwest::Method;

use super::answer::{said, text, texts};
use super::place::{As, Asked, Place};
use crate::afterwards::Afterwards;
use crate::tools::http::Answer;

/// The objects that a look has made.
pub(super) struct Traces {
    place: Arc<Place>,
    afterwards: Arc<Afterwards>,
    left: Vec<Trace>,
}

#[derive(Debug, Clone)]
struct Trace {
    key: String,
    /// Versions that the store told us of.
    versions: Vec<String>,
}

impl Traces {
    pub(super) fn none(place: &Arc<Place>, afterwards: &Arc<Afterwards>) -> Traces {
        Traces { place: Arc::clone(place), afterwards: Arc::clone(afterwards), left: Vec::new() }
    }

    /// From now on there may be something under this key.
    pub(super) fn at(&mut self, key: &str) {
        self.left.push(Trace { key: key.to_owned(), versions: Vec::new() });
    }

    /// There is nothing under this key: the store refused it.
    pub(super) fn never(&mut self, key: &str) {
        self.left.retain(|trace| trace.key != key);
    }

    /// The answer to a change says which version that made.
    pub(super) fn learn(&mut self, key: &str, answer: &Answer) {
        let id = answer.headers.get("x-amz-version-id").and_then(|value| value.to_str().ok());
        if let (Some(trace), Some(id)) = (self.left.iter_mut().find(|trace| trace.key == key), id) {
            trace.versions.push(id.to_owned());
        }
    }

    /// Removes all of it, and says what could not be removed.
    pub(super) async fn remove(mut self) -> Option<String> {
        let left = remove(&self.place, &self.left).await;
        // Cut off before this line, all of it is tried again afterwards.
        self.left.clear();
        left
    }
}

impl Drop for Traces {
    fn drop(&mut self) {
        let left = std::mem::take(&mut self.left);
        if !left.is_empty() {
            let place = Arc::clone(&self.place);
            self.afterwards.start(async move { drop(remove(&place, &left).await) });
        }
    }
}

async fn remove(place: &Place, traces: &[Trace]) -> Option<String> {
    let mut first = None;
    for trace in traces {
        if let Err(why) = one(place, trace).await {
            first.get_or_insert(format!("{}: {why}", trace.key));
        }
    }
    first
}

async fn one(place: &Place, trace: &Trace) -> Result<(), String> {
    let mut versions = trace.versions.clone();
    versions.extend(listed(place, &trace.key).await);
    versions.sort();
    versions.dedup();
    let mut ended = Ok(());
    for version in &versions {
        let id = utf8_percent_encode(version, NON_ALPHANUMERIC);
        let deleted = delete(place, &trace.key, &format!("versionId={id}")).await;
        ended = ended.and(deleted.map_err(|why| format!("a version cannot be deleted ({why})")));
    }
    ended?;
    // Without versions, or where they are not told. What is not there would only leave a mark.
    if is_there(place, &trace.key).await? {
        delete(place, &trace.key, "").await.map_err(|why| format!("it cannot be deleted ({why})"))?;
        if is_there(place, &trace.key).await? {
            return Err("it is still there after the store deleted it".to_owned());
        }
    }
    Ok(())
}

/// Every version and mark of this key, as far as the user may list them.
async fn listed(place: &Place, key: &str) -> Vec<String> {
    let query = format!("prefix={}&versions=", utf8_percent_encode(key, NON_ALPHANUMERIC));
    let answer = place.read(As::User, &query).await.ok();
    let answer = answer.filter(|answer| answer.status.is_success());
    let answer = answer.filter(|answer| text(answer, "ListVersionsResult").is_some());
    answer.map(|answer| texts(&answer.body, "VersionId")).unwrap_or_default()
}

async fn delete(place: &Place, key: &str, query: &str) -> Result<(), String> {
    let asked = Asked { method: Method::DELETE, key, query, body: None };
    match place.ask(As::User, asked).await.0 {
        Ok(answer) if answer.status.is_success() || answer.status.as_u16() == 404 => Ok(()),
        Ok(answer) => Err(said(&answer)),
        Err(error) => Err(error.to_string()),
    }
}

/// Who may not read cannot know, and must not be held up by it.
async fn is_there(place: &Place, key: &str) -> Result<bool, String> {
    let asked = Asked { key, ..Asked::default() };
    let answer = place.ask(As::User, asked).await.0.map_err(|error| error.to_string())?;
    Ok(answer.status.is_success())
}
