//! Text with `{{name}}` in it: what a flow made or captured is put there. (`${NAME}` is the
//! environment's, and is replaced before a flow is read.)

use serde::{Deserialize, Serialize, Serializer};
use serde_json::Value;

/// A text whose `{{names}}` are filled in while a flow is walked.
#[derive(Debug, Clone, PartialEq, Eq, Deserialize)]
#[serde(try_from = "String")]
pub struct Text {
    parts: Vec<Part>,
}

#[derive(Debug, Clone, PartialEq, Eq)]
enum Part {
    Plain(String),
    Name(String),
}

/// A piece of a text.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Piece<'t> {
    /// Text as it is.
    Plain(&'t str),
    /// What is known under this name.
    Name(&'t str),
}

/// A name that nothing was captured under.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
#[error("nothing was captured as `{0}`")]
pub struct Unknown(pub String);

impl TryFrom<String> for Text {
    type Error = String;

    fn try_from(text: String) -> Result<Text, String> {
        Text::parse(&text)
    }
}

impl Text {
    /// Parses a text.
    ///
    /// # Errors
    /// A sentence when a `{{` is not closed or holds no name.
    pub fn parse(text: &str) -> Result<Text, String> {
        let mut parts = Vec::new();
        let mut rest = text;
        while let Some((before, from)) = rest.split_once("{{") {
            let Some((name, after)) = from.split_once("}}") else {
                return Err(format!("in `{text}` a `{{{{` is never closed"));
            };
            let name = name.trim();
            if !name.split('.').all(is_name) {
                return Err(format!("`{name}` in `{text}` is no name; write such as {{{{ana.token}}}}"));
            }
            parts.push(Part::Plain(before.to_owned()));
            parts.push(Part::Name(name.to_owned()));
            rest = after;
        }
        parts.push(Part::Plain(rest.to_owned()));
        parts.retain(|part| *part != Part::Plain(String::new()));
        Ok(Text { parts })
    }

    /// The text filled in. `find` gives the value of a name; `wrap` is done to each before it is put
    /// among other text, e.g. what an address needs.
    ///
    /// # Errors
    /// [`Unknown`] for the first name that `find` does not have.
    pub fn fill(
        &self,
        find: impl Fn(&str) -> Option<Value>,
        wrap: impl Fn(&str) -> String,
    ) -> Result<String, Unknown> {
        let alone = self.parts.len() == 1;
        let text = self.parts.iter().map(|part| match part {
            Part::Plain(text) => Ok(text.clone()),
            Part::Name(name) => {
                let value = find(name).ok_or_else(|| Unknown(name.clone()))?;
                let value = plain(&value);
                Ok(if alone { value } else { wrap(&value) })
            }
        });
        text.collect()
    }

    /// The value filled in: a text that is one name and nothing else is what was captured, whatever
    /// its type.
    ///
    /// # Errors
    /// [`Unknown`] for the first name that `find` does not have.
    pub fn value(&self, find: impl Fn(&str) -> Option<Value>) -> Result<Value, Unknown> {
        match self.parts.as_slice() {
            [Part::Name(name)] => find(name).ok_or_else(|| Unknown(name.clone())),
            _ => self.fill(find, str::to_owned).map(Value::String),
        }
    }

    /// Its pieces in order, for whoever fills it in often and works them out once.
    pub fn pieces(&self) -> impl Iterator<Item = Piece<'_>> {
        self.parts.iter().map(|part| match part {
            Part::Plain(text) => Piece::Plain(text),
            Part::Name(name) => Piece::Name(name),
        })
    }

    /// What it starts with before the first name.
    pub(super) fn start(&self) -> Option<&str> {
        match self.parts.first() {
            Some(Part::Plain(text)) => Some(text),
            _ => None,
        }
    }

    /// Whether there is nothing in it.
    pub fn is_empty(&self) -> bool {
        self.parts.is_empty()
    }
}

impl std::fmt::Display for Text {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        self.parts.iter().try_for_each(|part| match part {
            Part::Plain(text) => f.write_str(text),
            Part::Name(name) => write!(f, "{{{{{name}}}}}"),
        })
    }
}

impl Serialize for Text {
    fn serialize<S: Serializer>(&self, to: S) -> Result<S::Ok, S::Error> {
        to.collect_str(self)
    }
}

/// A value as text: a string without its quotes.
fn plain(value: &Value) -> String {
    value.as_str().map_or_else(|| value.to_string(), str::to_owned)
}

/// Whether this can be the name of a user or of something captured.
pub(super) fn is_name(text: &str) -> bool {
    text.starts_with(|c: char| c.is_ascii_alphabetic() || c == '_')
        && text.chars().all(|c| c.is_ascii_alphanumeric() || c == '_')
}

#[cfg(test)]
mod tests {
    use serde_json::json;

    use super::*;

    fn find(name: &str) -> Option<Value> {
        match name {
            "id" => Some(json!(7)),
            "ana.email" => Some(json!("a+b@x.test")),
            _ => None,
        }
    }

    #[test]
    fn names_are_filled_in() {
        let fill = |text: &str| Text::parse(text).unwrap().fill(find, |value| value.replace('+', "%2B"));
        assert_eq!(fill("/m/{{id}}?to={{ ana.email }}").unwrap(), "/m/7?to=a%2Bb@x.test");
        assert_eq!(fill("{{ana.email}}").unwrap(), "a+b@x.test");
        assert_eq!(fill("{{ben}}").unwrap_err(), Unknown("ben".to_owned()));
    }

    #[test]
    fn a_name_alone_keeps_its_type() {
        let value = |text: &str| Text::parse(text).unwrap().value(find).unwrap();
        assert_eq!((value("{{id}}"), value("{{id}}!")), (json!(7), json!("7!")));
    }

    #[test]
    fn a_text_is_shown_as_it_was_written() {
        for text in ["", "a {{b}} c", "{{b.c}}"] {
            assert_eq!(Text::parse(text).unwrap().to_string(), text);
        }
    }
}
