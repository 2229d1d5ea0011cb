//! A step as text again, so that whoever walks it elsewhere reads exactly the same one.

use std::collections::BTreeMap;

use serde::{Serialize, Serializer};

use super::raw::{RawAnswer, RawCapture, RawStep};
use super::step::{Action, Body, Capture, Method, Step};
use super::text::Text;

impl Serialize for Step {
    fn serialize<S: Serializer>(&self, to: S) -> Result<S::Ok, S::Error> {
        RawStep::from(self).serialize(to)
    }
}

impl From<&Step> for RawStep {
    fn from(step: &Step) -> RawStep {
        let mut raw = RawStep {
            name: Some(step.name.clone()),
            user: step.user.clone(),
            expect: step.expect.as_ref().map(|expect| expect.text().to_owned()),
            capture: step.capture.iter().map(|(name, capture)| (name.clone(), capture.into())).collect(),
            within: Some(step.within),
            times: Some(step.times),
            eventually: step.eventually,
            in_background: step.in_background.clone(),
            ..RawStep::default()
        };
        raw.does(&step.action);
        raw
    }
}

impl From<&Capture> for RawCapture {
    fn from(capture: &Capture) -> RawCapture {
        match capture {
            Capture::Pointer(pointer) => RawCapture::Pointer(pointer.clone()),
            Capture::Header(header) => RawCapture::Header { header: header.clone() },
            Capture::Pattern(pattern) => RawCapture::Pattern { pattern: pattern.clone() },
        }
    }
}

impl RawStep {
    fn does(&mut self, action: &Action) {
        match action {
            Action::Request { method, at, path, headers, body } => {
                *self.of_method(*method) = Some(path.to_string());
                (self.at, self.headers) = (at.clone(), texts(headers));
                self.sends(body);
            }
            Action::Open { at, socket, path, headers } => {
                (self.open, self.socket) = (Some(path.to_string()), Some(socket.clone()));
                (self.at, self.headers) = (at.clone(), texts(headers));
            }
            Action::Send { socket, value } => {
                (self.send, self.socket) = (Some(value.clone()), Some(socket.clone()));
            }
            Action::Receive { socket, which } => {
                (self.receive, self.socket) = (Some(which.text().to_owned()), Some(socket.clone()));
            }
            Action::Silent { socket, which } => {
                (self.silent, self.socket) = (Some(which.text().to_owned()), Some(socket.clone()));
            }
            Action::Close { socket } => self.close = Some(socket.clone()),
            Action::Arrives { sink, which } => {
                (self.arrives, self.sink) = (Some(which.text().to_owned()), Some(sink.clone()));
            }
            Action::Quiet { sink, which } => {
                (self.quiet, self.sink) = (Some(which.text().to_owned()), Some(sink.clone()));
            }
            Action::Answer { sink, reply } => {
                let answer =
                    RawAnswer { status: reply.status, body: reply.body.clone(), after: Some(reply.after) };
                (self.answer, self.sink) = (Some(answer), Some(sink.clone()));
            }
            Action::Wait(wait) => self.wait = Some(*wait),
            Action::Await(name) => self.awaited = Some(name.clone()),
        }
    }

    fn of_method(&mut self, method: Method) -> &mut Option<String> {
        match method {
            Method::Get => &mut self.get,
            Method::Head => &mut self.head,
            Method::Post => &mut self.post,
            Method::Put => &mut self.put,
            Method::Patch => &mut self.patch,
            Method::Delete => &mut self.delete,
        }
    }

    fn sends(&mut self, body: &Body) {
        match body {
            Body::Nothing => {}
            Body::Json(value) => self.body = Some(value.clone()),
            Body::Form(fields) => self.form = Some(texts(fields)),
            Body::Text(text) => self.text = Some(text.to_string()),
        }
    }
}

fn texts(texts: &BTreeMap<String, Text>) -> BTreeMap<String, String> {
    texts.iter().map(|(name, text)| (name.clone(), text.to_string())).collect()
}

#[cfg(test)]
mod tests {
    use serde_json::{Value, json};

    use super::*;
    use crate::flow::Identities;

    #[test]
    fn a_step_that_was_written_again_is_the_same_step() {
        for written in [
            json!({"as": "ana", "post": "/m/{{id}}", "at": "b", "headers": {"X-A": "{{ana.id}}"},
                "body": {"a": ["{{b}}", 1, null]}, "expect": "status == 201", "times": 3, "within": "1500ms",
                "capture": {"a": "/id", "b": {"header": "Location"}, "c": {"pattern": "c=(.)"}}}),
            json!({"get": "/", "eventually": "5s", "expect": "status == 200"}),
            json!({"name": "n", "put": "/", "form": {"a": "{{b}} c"}, "in_background": "x"}),
            json!({"patch": "{{location}}", "text": "hi {{name}}"}),
            json!({"head": "/"}),
            json!({"delete": "/m", "body": null}),
            json!({"open": "/ws", "socket": "s", "headers": {"Origin": "x"}}),
            json!({"send": {"a": "{{b}}"}, "socket": "s"}),
            json!({"receive": "event.a == 1", "socket": "s", "capture": {"a": "/a"}}),
            json!({"silent": "event.a == 1", "socket": "s"}),
            json!({"close": "s"}),
            json!({"arrives": "to == 'a'", "sink": "mail"}),
            json!({"quiet": "to == 'a'", "sink": "mail", "within": "7s"}),
            json!({"answer": {"status": 503, "body": {"a": 1}, "after": "20ms"}, "sink": "push"}),
            json!({"wait": "250ms"}),
            json!({"await": "x"}),
        ] {
            let step: Step = serde_json::from_value(written.clone()).unwrap();
            let again: Step = serde_json::from_value(serde_json::to_value(&step).unwrap()).unwrap();
            assert_eq!(format!("{again:?}"), format!("{step:?}"), "{written}");
        }
    }

    #[test]
    fn people_are_written_as_they_were_read() {
        let written = json!({"users": ["ana"], "bearer": "{{token}}", "sign_up": [
            {"name": "log in", "post": "/login", "body": {"e": "{{email}}"}, "within": "10s", "times": 1, "capture": {"token": "/t"}}
        ]});
        let people: Identities = serde_json::from_value(written.clone()).unwrap();
        assert_eq!(serde_json::to_value(&people).unwrap(), written);
        assert_eq!(serde_json::to_value(Identities::default()).unwrap(), Value::Object(Default::default()));
    }
}
