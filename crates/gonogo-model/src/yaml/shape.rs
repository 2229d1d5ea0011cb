//! What is wrong when a node does not have the shape a type needs, and what would have fitted.

use std::fmt;

use serde::de::{self, Unexpected};

use crate::diagnostic::Diagnostic;
use crate::place::Place;

/// A node that does not have the shape a type needs.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct ShapeError {
    place: Option<Place>,
    problem: Problem,
}

#[derive(Debug, Clone, PartialEq, Eq)]
enum Problem {
    UnknownKey { key: String, known: Vec<String> },
    UnknownWord { word: String, known: Vec<String> },
    MissingKey(&'static str),
    Other(String),
}

impl ShapeError {
    pub(super) fn or_at(self, place: Place) -> ShapeError {
        ShapeError { place: self.place.or(Some(place)), ..self }
    }

    fn new(problem: Problem) -> ShapeError {
        ShapeError { place: None, problem }
    }

    /// The error for a person, with what to write instead.
    pub fn diagnostic(&self) -> Diagnostic {
        let place = self.place.unwrap_or(Place::START);
        match &self.problem {
            Problem::UnknownKey { key, known } => Diagnostic::at(place, format!("unknown key `{key}`"))
                .did_you_mean(key, known.iter().map(String::as_str)),
            Problem::UnknownWord { word, known } => {
                Diagnostic::at(place, format!("`{word}` is not known here"))
                    .did_you_mean(word, known.iter().map(String::as_str))
            }
            Problem::MissingKey(key) => Diagnostic::at(place, format!("the key `{key}` is missing"))
                .help(format!("add `{key}:` here")),
            Problem::Other(message) => Diagnostic::at(place, message.clone()),
        }
    }
}

impl fmt::Display for ShapeError {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let Diagnostic { message, help, .. } = self.diagnostic();
        f.write_str(&message)?;
        help.map_or(Ok(()), |help| write!(f, " ({help})"))
    }
}

impl std::error::Error for ShapeError {}

impl de::Error for ShapeError {
    fn custom<T: fmt::Display>(message: T) -> Self {
        ShapeError::new(Problem::Other(message.to_string()))
    }

    fn invalid_type(found: Unexpected<'_>, expected: &dyn de::Expected) -> Self {
        ShapeError::custom(format!("expected {expected}, found {}", describe(found)))
    }

    fn invalid_value(found: Unexpected<'_>, expected: &dyn de::Expected) -> Self {
        ShapeError::custom(format!("expected {expected}, found {}", describe(found)))
    }

    fn unknown_field(field: &str, known: &'static [&'static str]) -> Self {
        ShapeError::new(Problem::UnknownKey { key: field.to_owned(), known: owned(known) })
    }

    fn unknown_variant(word: &str, known: &'static [&'static str]) -> Self {
        ShapeError::new(Problem::UnknownWord { word: word.to_owned(), known: owned(known) })
    }

    fn missing_field(field: &'static str) -> Self {
        ShapeError::new(Problem::MissingKey(field))
    }
}

fn owned(words: &[&str]) -> Vec<String> {
    words.iter().map(|&word| word.to_owned()).collect()
}

fn describe(found: Unexpected<'_>) -> String {
    match found {
        Unexpected::Bool(value) => format!("`{value}`"),
        Unexpected::Unsigned(value) => format!("the number {value}"),
        Unexpected::Signed(value) => format!("the number {value}"),
        Unexpected::Float(value) => format!("the number {value}"),
        Unexpected::Str(_) => "text".to_owned(),
        Unexpected::Unit => "nothing".to_owned(),
        Unexpected::Seq => "a list".to_owned(),
        Unexpected::Map => "a mapping".to_owned(),
        other => other.to_string(),
    }
}
