//! Places in a text: line and column, for diagnostics and for evidence.

use schemars::JsonSchema;
use serde::{Deserialize, Serialize};

/// A place in a text. Lines and columns count from 1, columns in characters;
/// `width` is the number of characters to underline (at least 1).
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Serialize, Deserialize, JsonSchema)]
pub struct Place {
    /// Line, from 1.
    pub line: u32,
    /// Column in characters, from 1.
    pub column: u32,
    /// Characters to underline, at least 1.
    pub width: u32,
}

impl Place {
    /// The first character of a text.
    pub const START: Place = Place { line: 1, column: 1, width: 1 };

    /// The same line, `offset` characters further right, one character wide.
    pub fn shifted(self, offset: u32) -> Place {
        Place { column: self.column.saturating_add(offset), width: 1, ..self }
    }
}

/// Where in the spec something was decided: file, line and column.
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord, Serialize, Deserialize, JsonSchema)]
pub struct Origin {
    /// The spec file, or `pack <name>`.
    pub file: String,
    /// Line, from 1.
    pub line: u32,
    /// Column in characters, from 1.
    pub column: u32,
}

impl Origin {
    /// The origin of `place` in `file`.
    pub fn new(file: &str, place: Place) -> Origin {
        Origin { file: file.to_owned(), line: place.line, column: place.column }
    }
}

impl std::fmt::Display for Origin {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        write!(f, "{}:{}:{}", self.file, self.line, self.column)
    }
}
