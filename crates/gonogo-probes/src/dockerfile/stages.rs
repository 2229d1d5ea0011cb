//! The stages of a Dockerfile: what each starts from, and which of them end up in the image. It
//! does not judge instructions.

use std::collections::BTreeMap;

use super::parse::Instruction;

/// One stage.
#[derive(Debug, Clone)]
pub(super) struct Stage<'f> {
    pub(super) from: &'f Instruction,
    pub(super) name: Option<String>,
    pub(super) base: Base,
    pub(super) instructions: Vec<&'f Instruction>,
}

/// What a stage starts from.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(super) enum Base {
    /// An earlier stage, by its number.
    Stage(usize),
    /// An image; `sure` when no argument is part of it.
    Image {
        reference: String,
        sure: bool,
    },
    Scratch,
    /// An argument without a default says it.
    Unknown,
}

/// A Dockerfile taken apart.
#[derive(Debug, Clone)]
pub(super) struct Stages<'f> {
    /// Before the first `FROM`.
    pub(super) before: Vec<&'f Instruction>,
    pub(super) all: Vec<Stage<'f>>,
}

impl<'f> Stages<'f> {
    pub(super) fn of(instructions: &'f [Instruction]) -> Stages<'f> {
        let mut stages = Stages { before: Vec::new(), all: Vec::new() };
        let mut arguments = BTreeMap::new();
        for instruction in instructions {
            if instruction.word == "FROM" {
                let stage = stages.stage(instruction, &arguments);
                stages.all.push(stage);
            } else if let Some(stage) = stages.all.last_mut() {
                stage.instructions.push(instruction);
            } else {
                stages.before.push(instruction);
                arguments.extend(pairs(instruction));
            }
        }
        stages
    }

    fn stage(&self, from: &'f Instruction, arguments: &Arguments) -> Stage<'f> {
        let words: Vec<&str> = from.rest.split_whitespace().collect();
        let name = match words[..] {
            [_, word, name, ..] if word.eq_ignore_ascii_case("as") => Some(name.to_owned()),
            _ => None,
        };
        let written = words.first().copied().unwrap_or_default();
        let base = match replaced(written, arguments) {
            _ if written.is_empty() => Base::Unknown,
            None => Base::Unknown,
            Some(reference) if reference.is_empty() => Base::Unknown,
            Some(reference) => self.base(reference, !written.contains('$')),
        };
        Stage { from, name, base, instructions: Vec::new() }
    }

    fn base(&self, reference: String, sure: bool) -> Base {
        if reference == "scratch" {
            return Base::Scratch;
        }
        self.named(&reference).map_or(Base::Image { reference, sure }, Base::Stage)
    }

    /// The number of the last stage with this name.
    pub(super) fn named(&self, name: &str) -> Option<usize> {
        self.all.iter().rposition(|stage| stage.name.as_deref().is_some_and(|n| n.eq_ignore_ascii_case(name)))
    }

    /// A stage and those it is made from, itself first.
    pub(super) fn line(&self, number: usize) -> Vec<usize> {
        let mut line = vec![number];
        // A stage starts from an earlier one, so this ends.
        while let Some(Base::Stage(earlier)) = line.last().and_then(|at| self.all.get(*at)).map(|s| &s.base) {
            line.push(*earlier);
        }
        line
    }

    /// The stages that end up in the image, the last first.
    pub(super) fn shipped(&self) -> Vec<usize> {
        self.all.len().checked_sub(1).map(|last| self.line(last)).unwrap_or_default()
    }

    /// What stands at the start of the line of a stage.
    pub(super) fn root(&self, number: usize) -> &Base {
        self.line(number).last().and_then(|at| self.all.get(*at)).map_or(&Base::Unknown, |stage| &stage.base)
    }

    /// The instructions of a stage and of those it is made from, the latest first.
    pub(super) fn backwards(&self, number: usize) -> Vec<&'f Instruction> {
        let stages = self.line(number).into_iter().filter_map(|at| self.all.get(at));
        stages.flat_map(|stage| stage.instructions.iter().rev().copied()).collect()
    }

    /// What people call a stage: its name, or its number.
    pub(super) fn label(&self, number: usize) -> String {
        let name = self.all.get(number).and_then(|stage| stage.name.clone());
        name.unwrap_or_else(|| number.to_string())
    }
}

type Arguments = BTreeMap<String, Option<String>>;

/// Names and values of `ARG a=b c` and `ENV a=b`, or `ENV a b c`.
pub(super) fn pairs(instruction: &Instruction) -> Vec<(String, Option<String>)> {
    let words = words(&instruction.rest);
    match instruction.word.as_str() {
        "ENV" if words.first().is_some_and(|word| !word.contains('=')) => {
            let (name, value) =
                instruction.rest.split_once(char::is_whitespace).unwrap_or((&instruction.rest, ""));
            vec![(name.to_owned(), Some(value.trim().trim_matches(['"', '\'']).to_owned()))]
        }
        "ENV" | "ARG" | "LABEL" => words.iter().map(|word| pair(word)).collect(),
        _ => Vec::new(),
    }
}

fn pair(word: &str) -> (String, Option<String>) {
    match word.split_once('=') {
        Some((name, value)) => (name.to_owned(), Some(value.to_owned())),
        None => (word.to_owned(), None),
    }
}

/// Words apart, without their quotes.
fn words(text: &str) -> Vec<String> {
    let mut found = Vec::new();
    let mut word: Option<String> = None;
    let mut quote: Option<char> = None;
    for c in text.chars() {
        match quote {
            Some(open) if c == open => quote = None,
            None if c == '"' || c == '\'' => {
                quote = Some(c);
                word.get_or_insert_default();
            }
            None if c.is_whitespace() => found.extend(word.take()),
            _ => word.get_or_insert_default().push(c),
        }
    }
    found.extend(word);
    found
}

/// A text with its arguments replaced by their defaults; `None` when one has none.
fn replaced(text: &str, arguments: &Arguments) -> Option<String> {
    let mut whole = String::new();
    let mut rest = text;
    while let Some((before, behind)) = rest.split_once('$') {
        whole.push_str(before);
        let (name, default, after) = variable(behind)?;
        let value = arguments.get(name).cloned().flatten().filter(|value| !value.contains('$'));
        whole.push_str(&value.or_else(|| default.map(str::to_owned))?);
        rest = after;
    }
    whole.push_str(rest);
    Some(whole)
}

/// Name and default of the variable behind a `$`, and what follows it.
fn variable(behind: &str) -> Option<(&str, Option<&str>, &str)> {
    if let Some(braced) = behind.strip_prefix('{') {
        let (inside, after) = braced.split_once('}')?;
        let (name, default) = inside
            .split_once(":-")
            .or_else(|| inside.split_once('-'))
            .map_or((inside, None), |(n, d)| (n, Some(d)));
        let is_name = name.chars().all(|c| c.is_ascii_alphanumeric() || c == '_');
        return is_name.then_some((name, default, after));
    }
    let end = behind.find(|c: char| !c.is_ascii_alphanumeric() && c != '_').unwrap_or(behind.len());
    let (name, after) = behind.split_at_checked(end)?;
    Some((name, None, after))
}

#[cfg(test)]
mod tests {
    use super::super::parse::parse;
    use super::*;

    #[test]
    fn stages_know_what_they_start_from() {
        let text = "ARG V=3.20 N\nFROM alpine:${V} AS base\nUSER a\nFROM base\nFROM x$N\nFROM ${I:-y}:1\nFROM scratch\nFROM --platform=x BASE as last\nRUN b";
        let instructions = parse(text);
        let stages = Stages::of(&instructions);
        let bases: Vec<&Base> = stages.all.iter().map(|stage| &stage.base).collect();
        let image = |reference: &str| Base::Image { reference: reference.to_owned(), sure: false };
        assert_eq!(
            bases,
            [
                &image("alpine:3.20"),
                &Base::Stage(0),
                &Base::Unknown,
                &image("y:1"),
                &Base::Scratch,
                &Base::Stage(0)
            ]
        );
        assert_eq!(stages.shipped(), [5, 0]);
        assert_eq!(stages.root(5), &image("alpine:3.20"));
        let words: Vec<&str> = stages.backwards(5).iter().map(|one| one.word.as_str()).collect();
        assert_eq!(words, ["RUN", "USER"]);
        assert_eq!((stages.label(5), stages.label(1)), ("last".to_owned(), "1".to_owned()));
    }

    #[test]
    fn names_and_values_are_read() {
        let pairs = |text: &str| pairs(&parse(text)[0]);
        let some = |text: &str| Some(text.to_owned());
        assert_eq!(pairs("ENV a=b c=\"d e\""), [("a".to_owned(), some("b")), ("c".to_owned(), some("d e"))]);
        assert_eq!(pairs("ENV a b c"), [("a".to_owned(), some("b c"))]);
        assert_eq!(pairs("ARG a"), [("a".to_owned(), None)]);
    }
}
