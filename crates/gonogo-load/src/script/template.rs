//! Text with names in it, cut into pieces beforehand: what does not change is bytes already.

use std::borrow::Cow;
use std::io::Write as _;

use gonogo_model::flow::{Piece, Text};
use percent_encoding::{AsciiSet, NON_ALPHANUMERIC, percent_encode};
use serde_json::Value;

use super::memory::{Memory, Names, Place};

/// What a name stands for may be any text, and must stay one part of the address.
const IN_ADDRESS: &AsciiSet = &NON_ALPHANUMERIC.remove(b'-').remove(b'.').remove(b'_').remove(b'~');

/// Bytes with places for values.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub(crate) struct Template(Vec<Bit>);

#[derive(Debug, Clone, PartialEq, Eq)]
enum Bit {
    Bytes(Vec<u8>),
    Value(Place, Written),
}

/// How a value is written.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Written {
    /// As it is.
    Plain,
    /// As one part of an address or of a form.
    Encoded,
    /// As JSON.
    Json,
    /// As a part of a JSON string.
    InJson,
    /// In a header, where it can have no line end.
    Header,
}

/// A name has no value, or one that cannot stand where it is to.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) struct Unfilled;

impl Template {
    /// Adds what never changes.
    pub(super) fn bytes(&mut self, bytes: impl AsRef<[u8]>) -> &mut Template {
        match self.0.last_mut() {
            Some(Bit::Bytes(last)) => last.extend_from_slice(bytes.as_ref()),
            _ => self.0.push(Bit::Bytes(bytes.as_ref().to_vec())),
        }
        self
    }

    /// Adds a text whose names `user` says.
    pub(super) fn text(&mut self, text: &Text, written: Written, names: &mut Names, user: Option<&str>) {
        for piece in text.pieces() {
            match piece {
                Piece::Plain(plain) if written == Written::InJson => {
                    self.bytes(inside(plain));
                }
                Piece::Plain(plain) => {
                    self.bytes(plain);
                }
                Piece::Name(name) => self.0.push(Bit::Value(names.read(user, name), written)),
            }
        }
    }

    /// Adds the value of a form field, whose text and names are encoded alike.
    pub(super) fn form_value(&mut self, text: &Text, names: &mut Names, user: Option<&str>) {
        for piece in text.pieces() {
            match piece {
                Piece::Plain(plain) => {
                    self.bytes(percent_encode(plain.as_bytes(), IN_ADDRESS).to_string());
                }
                Piece::Name(name) => self.0.push(Bit::Value(names.read(user, name), Written::Encoded)),
            }
        }
    }

    /// Adds all of another one.
    pub(super) fn append(&mut self, other: Template) {
        for bit in other.0 {
            match bit {
                Bit::Bytes(bytes) => {
                    self.bytes(bytes);
                }
                value => self.0.push(value),
            }
        }
    }

    /// Adds JSON whose texts may hold names.
    pub(super) fn json(
        &mut self,
        value: &Value,
        names: &mut Names,
        user: Option<&str>,
    ) -> Result<(), String> {
        match value {
            Value::String(text) => {
                let text = Text::parse(text)?;
                let mut pieces = text.pieces();
                if let (Some(Piece::Name(name)), None) = (pieces.next(), pieces.next()) {
                    self.0.push(Bit::Value(names.read(user, name), Written::Json));
                    return Ok(());
                }
                self.bytes("\"");
                self.text(&text, Written::InJson, names, user);
                self.bytes("\"");
            }
            Value::Array(values) => {
                self.bytes("[");
                for (at, value) in values.iter().enumerate() {
                    self.bytes(if at > 0 { "," } else { "" }).json(value, names, user)?;
                }
                self.bytes("]");
            }
            Value::Object(entries) => {
                self.bytes("{");
                for (at, (key, value)) in entries.iter().enumerate() {
                    self.bytes(if at > 0 { "," } else { "" });
                    self.bytes(Value::String(key.clone()).to_string()).bytes(":").json(value, names, user)?;
                }
                self.bytes("}");
            }
            other => {
                self.bytes(other.to_string());
            }
        }
        Ok(())
    }

    /// All of it, when nothing in it changes.
    pub(super) fn fixed(&self) -> Option<&[u8]> {
        match self.0.as_slice() {
            [] => Some(&[]),
            [Bit::Bytes(bytes)] => Some(bytes),
            _ => None,
        }
    }

    /// Writes it with what a user knows.
    pub(crate) fn fill(&self, memory: &Memory, out: &mut Vec<u8>) -> Result<(), Unfilled> {
        for bit in &self.0 {
            match bit {
                Bit::Bytes(bytes) => out.extend_from_slice(bytes),
                Bit::Value(place, written) => write(memory.find(*place).ok_or(Unfilled)?, *written, out)?,
            }
        }
        Ok(())
    }
}

fn write(value: &Value, written: Written, out: &mut Vec<u8>) -> Result<(), Unfilled> {
    if written == Written::Json {
        return serde_json::to_writer(&mut *out, value).map_err(|_| Unfilled);
    }
    let text = value.as_str().map_or_else(|| Cow::Owned(value.to_string()), Cow::Borrowed);
    match written {
        Written::InJson => out.extend_from_slice(inside(&text).as_bytes()),
        Written::Encoded => {
            write!(out, "{}", percent_encode(text.as_bytes(), IN_ADDRESS)).map_err(|_| Unfilled)?
        }
        Written::Header if text.bytes().any(|byte| byte < b' ' && byte != b'\t') => return Err(Unfilled),
        _ => out.extend_from_slice(text.as_bytes()),
    }
    Ok(())
}

/// A text as JSON, without its quotes.
fn inside(text: &str) -> String {
    let quoted = Value::String(text.to_owned()).to_string();
    quoted[1..quoted.len() - 1].to_owned()
}

#[cfg(test)]
mod tests {
    use serde_json::json;

    use super::*;

    fn filled(make: impl FnOnce(&mut Template, &mut Names), value: Value) -> Result<String, Unfilled> {
        let (mut template, mut names, mut memory) = (Template::default(), Names::default(), Memory::new());
        make(&mut template, &mut names);
        memory.know(&names, "a", || value);
        let mut out = Vec::new();
        template.fill(&memory, &mut out)?;
        Ok(String::from_utf8(out).unwrap())
    }

    #[test]
    fn a_value_is_written_as_its_place_needs_it() {
        let as_text = |written| {
            move |t: &mut Template, n: &mut Names| t.text(&Text::parse("x {{a}}").unwrap(), written, n, None)
        };
        let value = json!("a b/\"ü");
        assert_eq!(filled(as_text(Written::Plain), value.clone()).unwrap(), "x a b/\"ü");
        assert_eq!(filled(as_text(Written::Encoded), value.clone()).unwrap(), "x a%20b%2F%22%C3%BC");
        assert_eq!(filled(as_text(Written::InJson), value).unwrap(), "x a b/\\\"ü");
        assert_eq!(filled(as_text(Written::Header), json!("a\r\nEvil: 1")), Err(Unfilled));
    }

    #[test]
    fn json_keeps_types_and_stays_json() {
        let body = json!({"n": "{{a}}", "t": "n{{a}}\"", "l": [1, null, {"k\"": true}]});
        let text = filled(|t, n| t.json(&body, n, None).unwrap(), json!(7)).unwrap();
        let back: Value = serde_json::from_str(&text).unwrap();
        assert_eq!(back, json!({"n": 7, "t": "n7\"", "l": [1, null, {"k\"": true}]}));
        assert_eq!(filled(|t, n| t.json(&json!("{{b}}"), n, None).unwrap(), json!(1)), Err(Unfilled));
    }
}
