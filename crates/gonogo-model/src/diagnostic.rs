//! What is wrong with a text a person wrote, where, and what to write instead.
//! Rendering is pure: the text is passed in, nothing is read.

use annotate_snippets::{AnnotationKind, Group, Level, Renderer, Snippet};

use crate::place::Place;

/// One thing that is wrong.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Diagnostic {
    /// What is wrong, one sentence without a full stop.
    pub message: String,
    /// Where, when it has a place.
    pub place: Option<Place>,
    /// What to write instead.
    pub help: Option<String>,
}

impl Diagnostic {
    /// A diagnostic at a place.
    pub fn at(place: Place, message: impl Into<String>) -> Diagnostic {
        Diagnostic { message: message.into(), place: Some(place), help: None }
    }

    /// The same with a help line: what to write instead.
    #[must_use]
    pub fn help(self, help: impl Into<String>) -> Diagnostic {
        Diagnostic { help: Some(help.into()), ..self }
    }

    /// The same with a "did you mean" line when one of `known` is close to `word`,
    /// else with the list of what exists.
    #[must_use]
    pub fn did_you_mean<'a>(self, word: &str, known: impl IntoIterator<Item = &'a str>) -> Diagnostic {
        let known: Vec<&str> = known.into_iter().collect();
        match closest(word, &known) {
            Some(name) => self.help(format!("did you mean `{name}`?")),
            None if known.is_empty() => self,
            None => self.help(format!("known are: {}", list(&known))),
        }
    }

    /// The diagnostic as plain text with the source line, its place underlined.
    pub fn render(&self, file: &str, text: &str) -> String {
        let title = Level::ERROR.primary_title(self.message.as_str());
        let place = self.place.unwrap_or(Place::START);
        let range = byte_range(text, place);
        let mut group = Group::with_title(title);
        group = if text.is_empty() {
            group.element(annotate_snippets::Origin::path(file).line(1).char_column(1))
        } else {
            let annotation = AnnotationKind::Primary.span(range);
            group.element(Snippet::source(text).path(file).fold(true).annotation(annotation))
        };
        if let Some(help) = &self.help {
            group = group.element(Level::HELP.message(help.as_str()));
        }
        Renderer::plain().render(&[group]).to_string()
    }
}

/// The nearest of `known` to `word`, when it is near enough to be a slip of the keyboard.
pub fn closest<'a>(word: &str, known: &[&'a str]) -> Option<&'a str> {
    let allowed = (word.chars().count() / 3).clamp(1, 3);
    known
        .iter()
        .map(|name| (strsim::damerau_levenshtein(&word.to_lowercase(), &name.to_lowercase()), *name))
        .filter(|(distance, _)| *distance <= allowed)
        .min()
        .map(|(_, name)| name)
}

fn list(known: &[&str]) -> String {
    const SHOWN: usize = 12;
    let mut text = known.iter().take(SHOWN).map(|name| format!("`{name}`")).collect::<Vec<_>>().join(", ");
    if known.len() > SHOWN {
        text.push_str(&format!(" and {} more", known.len() - SHOWN));
    }
    text
}

/// The bytes of `place` in `text`; always in bounds and on character borders, never across lines.
fn byte_range(text: &str, place: Place) -> std::ops::Range<usize> {
    let start_of_line = match place.line {
        0 | 1 => 0,
        line => text.match_indices('\n').nth(line as usize - 2).map_or(text.len(), |(at, _)| at + 1),
    };
    let line = text[start_of_line..].split('\n').next().unwrap_or_default();
    let at = |column: u32| line.char_indices().nth(column as usize).map_or(line.len(), |(at, _)| at);
    let from = at(place.column.saturating_sub(1));
    let to = at(place.column.saturating_sub(1).saturating_add(place.width.max(1)));
    start_of_line + from..start_of_line + to.max(from)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn shows_file_line_column_source_and_help() {
        let text = "version: 1\nsevrity: high\n";
        let place = Place { line: 2, column: 1, width: 7 };
        let shown = Diagnostic::at(place, "unknown key `sevrity`")
            .did_you_mean("sevrity", ["severity", "stage"])
            .render("gonogo.yaml", text);
        assert!(shown.contains("gonogo.yaml:2:1"), "{shown}");
        assert!(shown.contains("sevrity: high"), "{shown}");
        assert!(shown.contains("did you mean `severity`?"), "{shown}");
    }

    #[test]
    fn a_place_outside_the_text_does_not_panic() {
        let place = Place { line: 90, column: 900, width: 90 };
        for text in ["", "ä", "a\n", "\n\n\n"] {
            assert!(!Diagnostic::at(place, "x").render("f", text).is_empty());
        }
    }
}
