//! What an answer shows. It compares answers and asks nothing.

use reqwest::header::CONTENT_TYPE;

use super::payload::{ERROR_TEXTS, HEADER};
use crate::tools::http::Answer;

/// Whose error an answer tells that the good one does not.
pub(super) fn error_text(answer: &Answer, good: &str) -> Option<&'static str> {
    let text = lower(answer);
    let found = ERROR_TEXTS.iter().find(|(error, _)| text.contains(error) && !good.contains(error));
    found.map(|(_, whose)| *whose)
}

/// Whether an answer has a text that the good one has not, although nobody sent it.
pub(super) fn computed(answer: &Answer, good: &str, text: &str) -> bool {
    lower(answer).contains(text) && !good.contains(text)
}

/// Whether a page has the payload as it was sent, so that a browser would obey it.
pub(super) fn reflected(answer: &Answer, payload: &str) -> bool {
    let kind = answer.headers.get(CONTENT_TYPE).and_then(|kind| kind.to_str().ok()).unwrap_or_default();
    let is_page =
        ["text/html", "image/svg+xml", "application/xhtml+xml"].iter().any(|page| kind.starts_with(page));
    is_page && String::from_utf8_lossy(&answer.body).contains(payload)
}

pub(super) fn split(answer: &Answer) -> bool {
    answer.headers.contains_key(HEADER)
}

/// What counts of an answer when two are compared: the status and how long the body is, without
/// what is different every time.
pub(super) fn shape(answer: &Answer) -> (u16, usize) {
    (answer.status.as_u16(), answer.body.len())
}

pub(super) fn lower(answer: &Answer) -> String {
    String::from_utf8_lossy(&answer.body).to_lowercase()
}
