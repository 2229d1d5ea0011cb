//! What a store says in XML: the texts of elements, and why it refuses. It does not know what was
//! asked.

use quick_xml::Reader;
use quick_xml::escape::resolve_predefined_entity;
use quick_xml::events::{BytesRef, Event};
use reqwest::StatusCode;

use crate::tools::http::Answer;

/// More of a code is not shown.
const LONGEST_CODE: usize = 60;

/// The text of every element of this name, in order. What is no XML has none.
pub(super) fn texts(body: &[u8], name: &str) -> Vec<String> {
    let mut reader = Reader::from_reader(body);
    let (mut found, mut within) = (Vec::new(), None::<String>);
    loop {
        match reader.read_event() {
            Ok(Event::Start(start)) if start.local_name().as_ref() == name.as_bytes() => {
                within = Some(String::new());
            }
            Ok(Event::Empty(empty)) if empty.local_name().as_ref() == name.as_bytes() => {
                found.push(String::new());
            }
            Ok(Event::Text(text)) => {
                if let Some(within) = &mut within {
                    within.push_str(&String::from_utf8_lossy(&text));
                }
            }
            Ok(Event::GeneralRef(reference)) => {
                if let Some(within) = &mut within {
                    within.extend(meant(&reference));
                }
            }
            Ok(Event::End(end)) if end.local_name().as_ref() == name.as_bytes() => {
                found.extend(within.take());
            }
            Ok(Event::Eof) | Err(_) => return found,
            Ok(_) => {}
        }
    }
}

/// What `&apos;` or `&#39;` stands for; nothing for what only a document type could say.
fn meant(reference: &BytesRef<'_>) -> Option<String> {
    if let Ok(Some(letter)) = reference.resolve_char_ref() {
        return Some(letter.to_string());
    }
    let name = std::str::from_utf8(reference).ok()?;
    resolve_predefined_entity(name).map(str::to_owned)
}

/// The first of them.
pub(super) fn text(answer: &Answer, name: &str) -> Option<String> {
    texts(&answer.body, name).into_iter().next()
}

/// Whether there is an element of this name.
pub(super) fn has(answer: &Answer, name: &str) -> bool {
    !texts(&answer.body, name).is_empty()
}

/// Why the store refuses, such as `NoSuchBucket`; none when it does not say so as stores do.
pub(super) fn code(answer: &Answer) -> Option<String> {
    let code = text(answer, "Code").filter(|_| !answer.status.is_success())?;
    let harmless: String = code.chars().filter(char::is_ascii_alphanumeric).take(LONGEST_CODE).collect();
    Some(harmless).filter(|code| !code.is_empty())
}

/// For people: `status 403, AccessDenied`.
pub(super) fn said(answer: &Answer) -> String {
    let status = format!("status {}", answer.status.as_u16());
    code(answer).map_or_else(|| status.clone(), |code| format!("{status}, {code}"))
}

/// Whether what was asked is not allowed; absent when that was not the question.
pub(super) fn allowed(answer: &Answer) -> Option<bool> {
    match answer.status {
        status if status.is_success() => Some(true),
        StatusCode::UNAUTHORIZED | StatusCode::FORBIDDEN => Some(false),
        _ => None,
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn elements_are_read_with_and_without_namespace() {
        let body = br#"<?xml version="1.0"?><a:L xmlns:a="x"><a:Key>one</a:Key><Key/><Key>two</Key></a:L>"#;
        assert_eq!(texts(body, "Key"), ["one", "", "two"]);
        assert_eq!(texts(b"<M>a &apos;b&#39; &amp; &unknown;c</M>", "M"), ["a 'b' & c"]);
        assert!(texts(b"SSH-2.0 <Key", "Key").is_empty());
        assert!(texts(b"\xff\xfe<<<>>>", "Key").is_empty());
    }
}
