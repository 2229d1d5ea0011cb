//! Compose text as a tree of parts. Each part knows the file, line and column it was written at,
//! and each text where its value comes from. It does not know what compose keys mean.

/// Where a part was written: the number of its file within a project, line and column from 1.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub(super) struct Spot {
    pub(super) file: usize,
    pub(super) line: u32,
    pub(super) column: u32,
}

/// Where a value comes from; what is later in this list is less certain.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub(super) enum Origin {
    /// It stands in the compose file.
    Literal,
    /// The default of a variable that is not set in `.env`.
    Default,
    /// A variable of an env file that belongs to the repository.
    Committed,
    /// A variable of an env file, or one that `.env` fills in.
    EnvFile,
    /// A variable that only the shell of who deploys can set.
    Unknown,
}

/// A text with its variables replaced where they are known.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(super) struct Text {
    /// As it is written.
    pub(super) raw: String,
    /// With known variables replaced; an unknown one stays `${NAME}`.
    pub(super) value: String,
    pub(super) origin: Origin,
}

/// One part of a compose file.
#[derive(Debug, Clone, PartialEq)]
pub(super) struct Part {
    pub(super) at: Spot,
    pub(super) kind: Kind,
}

/// What a part holds.
#[derive(Debug, Clone, PartialEq)]
pub(super) enum Kind {
    Null,
    Bool(bool),
    Number(String),
    Text(Text),
    List(Vec<Part>),
    Map(Vec<Entry>),
}

/// One key of a mapping with its value.
#[derive(Debug, Clone, PartialEq)]
pub(super) struct Entry {
    pub(super) name: String,
    pub(super) at: Spot,
    pub(super) part: Part,
    /// Whether it is tagged `!override`: it takes the place of what it is laid over.
    pub(super) replaces: bool,
}

impl Part {
    pub(super) fn get(&self, name: &str) -> Option<&Part> {
        self.entry(name).map(|entry| &entry.part)
    }

    pub(super) fn entry(&self, name: &str) -> Option<&Entry> {
        self.entries().iter().find(|entry| entry.name == name)
    }

    /// The entries of a mapping; empty for every other kind.
    pub(super) fn entries(&self) -> &[Entry] {
        match &self.kind {
            Kind::Map(entries) => entries,
            _ => &[],
        }
    }

    /// The parts of a list; of anything else that is not nothing, the part itself.
    pub(super) fn each(&self) -> &[Part] {
        match &self.kind {
            Kind::List(parts) => parts,
            Kind::Null => &[],
            _ => std::slice::from_ref(self),
        }
    }

    /// A scalar as text.
    pub(super) fn text(&self) -> Option<Text> {
        let literal = |value: String| Text { raw: value.clone(), value, origin: Origin::Literal };
        match &self.kind {
            Kind::Text(text) => Some(text.clone()),
            Kind::Number(number) => Some(literal(number.clone())),
            Kind::Bool(value) => Some(literal(value.to_string())),
            _ => None,
        }
    }

    /// The value of a scalar, unknown variables as `${NAME}`.
    pub(super) fn value(&self) -> Option<String> {
        self.text().map(|text| text.value)
    }

    /// The value of a scalar that is known.
    pub(super) fn known(&self) -> Option<String> {
        self.text().filter(|text| text.origin != Origin::Unknown).map(|text| text.value)
    }

    /// `true` in any form that compose takes.
    pub(super) fn is_true(&self) -> bool {
        self.known().is_some_and(|value| matches!(value.to_lowercase().as_str(), "true" | "yes" | "on" | "1"))
    }

    /// How many parts it is made of.
    pub(super) fn size(&self) -> usize {
        match &self.kind {
            Kind::List(parts) => parts.iter().map(Part::size).sum::<usize>() + 1,
            Kind::Map(entries) => entries.iter().map(|entry| entry.part.size()).sum::<usize>() + 1,
            _ => 1,
        }
    }

    pub(super) fn is_null(&self) -> bool {
        self.kind == Kind::Null
    }
}

impl Text {
    /// Whether it stands in the compose file, as it is or as the default of a variable.
    pub(super) fn is_written(&self) -> bool {
        matches!(self.origin, Origin::Literal | Origin::Default)
    }
}
