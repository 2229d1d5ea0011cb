//! What must come of a step, and what is kept of it.

use std::borrow::Cow;
use std::collections::BTreeSet;

use gonogo_model::expression::Expression;
use gonogo_model::fact::Item;
use gonogo_model::flow::Capture;
use regex::bytes::Regex;
use serde_json::{Map, Value};

use super::memory::{Memory, Names};
use crate::measure::Failure;

/// What must come of a step.
#[derive(Debug)]
pub(crate) struct Answered {
    pub(super) expect: Option<Expression>,
    pub(super) captures: Vec<(usize, Taken)>,
    pub(super) user: Option<String>,
    pub(super) reads: Reads,
}

/// What of an answer has to be read.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq)]
pub(super) struct Reads {
    pub(super) json: bool,
    pub(super) text: bool,
    pub(super) headers: bool,
    pub(super) vars: bool,
}

/// What is kept of an answer.
#[derive(Debug)]
pub(super) enum Taken {
    Pointer(String),
    Header(String),
    Pattern(Regex),
}

/// An answer to be judged.
#[derive(Clone, Copy)]
pub(crate) struct Judged<'a> {
    /// The status; `None` of an event.
    pub(crate) status: Option<u16>,
    /// The body, or the event.
    pub(crate) body: &'a [u8],
    /// The headers, in lower case.
    pub(crate) headers: &'a [(String, String)],
    /// How long it took, in milliseconds; the clock is only looked at when somebody asks.
    pub(crate) ms: &'a dyn Fn() -> u64,
}

impl Answered {
    /// Nothing but no error.
    pub(super) fn new(user: Option<&str>) -> Answered {
        Answered {
            expect: None,
            captures: Vec::new(),
            user: user.map(str::to_owned),
            reads: Reads::default(),
        }
    }

    pub(super) fn expecting(mut self, expect: Option<&Expression>) -> Answered {
        let none = BTreeSet::new();
        let names = expect.map_or(&none, Expression::names);
        let asks = |name: &str| names.contains(name);
        self.reads.json |= asks("body") || asks("event");
        self.reads.text |= asks("text");
        self.reads.headers |= asks("headers");
        self.reads.vars |= asks("vars");
        self.expect = expect.cloned();
        self
    }

    pub(super) fn capturing(mut self, at: usize, capture: &Capture) -> Result<Answered, String> {
        let taken = match capture {
            Capture::Pointer(pointer) => Taken::Pointer(pointer.clone()),
            Capture::Header(name) => Taken::Header(name.clone()),
            Capture::Pattern(pattern) => Taken::Pattern(
                Regex::new(pattern).map_err(|_| format!("`{pattern}` is no regular expression"))?,
            ),
        };
        match taken {
            Taken::Pointer(_) => self.reads.json = true,
            Taken::Header(_) => self.reads.headers = true,
            Taken::Pattern(_) => self.reads.text = true,
        }
        self.captures.push((at, taken));
        Ok(self)
    }

    /// Whether it is what was asked for; keeps what is captured.
    pub(crate) fn judge(
        &self,
        answer: Judged<'_>,
        names: &Names,
        memory: &mut Memory,
    ) -> Result<(), Failure> {
        if self.expect.is_none() && self.captures.is_empty() {
            return answer.status.and_then(Failure::of_status).map_or(Ok(()), Err);
        }
        let body = if self.reads.json { read(answer.body) } else { Value::Null };
        match &self.expect {
            Some(expect) => {
                if !self.holds(expect, answer, &body, names, memory) {
                    // A server's error says more than that it was not expected.
                    return Err(answer.status.and_then(Failure::of_status).unwrap_or(Failure::Assertion));
                }
            }
            None => answer.status.and_then(Failure::of_status).map_or(Ok(()), Err)?,
        }
        for (at, taken) in &self.captures {
            memory.keep(*at, taken.of(answer, &body).ok_or(Failure::Assertion)?);
        }
        Ok(())
    }

    /// Mostly a quick look decides; where that has no answer, the evaluator does.
    fn holds(
        &self,
        expect: &Expression,
        answer: Judged<'_>,
        body: &Value,
        names: &Names,
        memory: &Memory,
    ) -> bool {
        let quick = expect.quickly(|name| match name {
            "status" => answer.status.map(|status| Cow::Owned(Value::from(status))),
            "ms" => Some(Cow::Owned(Value::from((answer.ms)()))),
            "body" | "event" => Some(Cow::Borrowed(body)),
            _ => None,
        });
        quick.unwrap_or_else(|| expect.holds(&self.item(expect, answer, body, names, memory)) == Ok(true))
    }

    /// The facts that an assertion asks for, and no others.
    fn item(
        &self,
        expect: &Expression,
        answer: Judged<'_>,
        body: &Value,
        names: &Names,
        memory: &Memory,
    ) -> Item {
        let mut item = Item::new("answer");
        for name in expect.names() {
            let value = match name.as_str() {
                "status" => answer.status.map(Value::from),
                "ms" => Some(Value::from((answer.ms)())),
                "body" | "event" => Some(body.clone()),
                "text" => Some(Value::String(String::from_utf8_lossy(answer.body).into_owned())),
                "headers" => Some(joined(answer.headers)),
                "vars" => Some(names.vars(memory, self.user.as_deref())),
                _ => None,
            };
            if let Some(value) = value {
                item.facts.insert(name.clone(), value);
            }
        }
        item
    }
}

impl Taken {
    fn of(&self, answer: Judged<'_>, body: &Value) -> Option<Value> {
        match self {
            Taken::Pointer(pointer) => body.pointer(pointer).cloned(),
            Taken::Header(name) => joined(answer.headers).get(name).cloned(),
            Taken::Pattern(regex) => {
                let found = regex.captures(answer.body)?.get(1)?;
                Some(Value::String(String::from_utf8_lossy(found.as_bytes()).into_owned()))
            }
        }
    }
}

/// JSON where it is, else a text.
fn read(body: &[u8]) -> Value {
    serde_json::from_slice(body).unwrap_or_else(|_| Value::String(String::from_utf8_lossy(body).into_owned()))
}

fn joined(headers: &[(String, String)]) -> Value {
    let mut all = Map::new();
    for (name, value) in headers {
        let joined = match all.get(name).and_then(Value::as_str) {
            Some(before) => format!("{before}, {value}"),
            None => value.clone(),
        };
        all.insert(name.clone(), Value::String(joined));
    }
    Value::Object(all)
}

#[cfg(test)]
mod tests {
    use serde_json::json;

    use super::*;

    fn judged(answered: &Answered, status: u16, body: &[u8]) -> (Result<(), Failure>, Memory) {
        let mut memory = Memory::new();
        let headers = [("location".to_owned(), "/x".to_owned())];
        let answer = Judged { status: Some(status), body, headers: &headers, ms: &|| 3 };
        let result = answered.judge(answer, &Names::default(), &mut memory);
        (result, memory)
    }

    fn expecting(text: &str) -> Answered {
        Answered::new(None).expecting(Some(&Expression::parse(text).unwrap()))
    }

    #[test]
    fn without_expectation_an_error_is_one() {
        let usual = Answered::new(None);
        assert_eq!(judged(&usual, 302, b"").0, Ok(()));
        assert_eq!(judged(&usual, 404, b"").0, Err(Failure::Status4xx));
        assert_eq!(judged(&usual, 503, b"").0, Err(Failure::Status5xx));
    }

    #[test]
    fn what_is_expected_decides() {
        let body = br#"{"id": 7, "state": "ok"}"#;
        for (text, expected) in [
            ("status == 200 && body.state == 'ok'", Ok(())),
            ("body.id > 6.5 && ms < 4 && headers.location == '/x'", Ok(())),
            ("text.contains('state')", Ok(())),
            ("status == 201", Err(Failure::Assertion)),
            ("body.missing == 1", Err(Failure::Assertion)),
        ] {
            assert_eq!(judged(&expecting(text), 200, body).0, expected, "{text}");
        }
        assert_eq!(judged(&expecting("status == 404"), 404, b"").0, Ok(()));
        assert_eq!(judged(&expecting("status == 200"), 500, b"").0, Err(Failure::Status5xx));
    }

    #[test]
    fn what_is_captured_is_kept_and_what_is_not_there_is_a_failure() {
        let mut names = Names::default();
        let (pointer, header, pattern) =
            (names.kept(None, "a"), names.kept(None, "b"), names.kept(None, "c"));
        let answered = Answered::new(None)
            .capturing(pointer, &Capture::Pointer("/id".into()))
            .unwrap()
            .capturing(header, &Capture::Header("location".into()))
            .unwrap()
            .capturing(pattern, &Capture::Pattern("st(.)te".into()))
            .unwrap();
        let (result, memory) = judged(&answered, 200, br#"{"id": 7, "state": "ok"}"#);
        assert_eq!(result, Ok(()));
        assert_eq!(names.vars(&memory, None), json!({"a": 7, "b": "/x", "c": "a"}));
        assert_eq!(judged(&answered, 200, b"{}").0, Err(Failure::Assertion));
    }
}
