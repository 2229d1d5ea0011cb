//! Everything that is said in a document, sentence by sentence, with where it is said.

use crate::contradiction::kind::Said;
use crate::outline::{Block, List, Outline, SectionId, Text};

/// Where a sentence stands.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Place {
    /// It is a heading, a bold line or a label.
    Heading,
    /// In a paragraph or a quotation.
    Prose,
    /// It is an item of a list.
    Item,
    /// It is a cell of a table.
    Cell,
    /// It is a line of code.
    Code,
}

/// A sentence, a line, a cell.
#[derive(Debug, Clone)]
pub(crate) struct Sentence {
    pub(crate) text: Text,
    pub(crate) section: SectionId,
    pub(crate) place: Place,
}

impl Sentence {
    /// What it says, in small letters; code in it says nothing.
    pub(crate) fn lower(&self) -> String {
        self.text.prose().to_lowercase()
    }

    /// In small letters, with the code in it.
    pub(crate) fn with_code(&self) -> String {
        self.text.plain.to_lowercase()
    }

    /// As a place.
    pub(crate) fn said(&self) -> Said {
        Said::at(self.text.span, &self.text.plain)
    }
}

/// Sentences that are looked at; a document of more is no report that people read.
pub(crate) const MOST: usize = 20_000;

/// Bytes of a sentence that is looked at. What takes each word of it with each ends by this.
pub(crate) const LONGEST: usize = 2_000;

/// All sentences in document order.
pub(crate) fn all(outline: &Outline) -> Vec<Sentence> {
    let mut found = Vec::new();
    for id in outline.ids() {
        let Some(section) = outline.section(id).filter(|_| found.len() < MOST) else { continue };
        if !section.title.is_empty() && section.title.plain.len() <= LONGEST {
            found.push(Sentence { text: section.title.clone(), section: id, place: Place::Heading });
        }
        for block in section.blocks.iter().flat_map(Block::with_inner) {
            if found.len() < MOST {
                block_sentences(block, id, &mut found);
            }
        }
    }
    found
}

fn block_sentences(block: &Block, section: SectionId, found: &mut Vec<Sentence>) {
    let mut push = |text: Text, place: Place| {
        if !text.is_empty() && text.plain.len() <= LONGEST {
            found.push(Sentence { text, section, place });
        }
    };
    match block {
        Block::Paragraph(text) => parts(text).into_iter().for_each(|part| push(part, Place::Prose)),
        Block::List(list) => {
            List { ..list.clone() }.items.into_iter().for_each(|item| {
                parts(&item.text).into_iter().for_each(|part| push(part, Place::Item));
            });
        }
        Block::Table(table) => {
            for cell in table.rows.iter().flat_map(|row| &row.cells) {
                push(cell.clone(), Place::Cell);
            }
        }
        Block::Code(code) => code.lines.iter().for_each(|line| push(line.clone(), Place::Code)),
        Block::Quote(_) | Block::Html(_) | Block::FrontMatter(_) | Block::Rule(_) => {}
    }
}

/// A paragraph as sentences: its lines where they are fields, else split behind full stops.
fn parts(text: &Text) -> Vec<Text> {
    let lines = text.lines();
    if lines.len() > 1 && lines.iter().any(|line| line.field().is_some()) && !is_wrapped(&lines) {
        return fields(text, &lines).iter().flat_map(sentences).collect();
    }
    sentences(text)
}

/// A line that is as long is broken where the margin is, and goes on in the next.
const MARGIN: usize = 70;

/// The lines of a paragraph with fields; what only goes on from the line before is one with it.
fn fields(text: &Text, lines: &[Text]) -> Vec<Text> {
    let mut found: Vec<std::ops::Range<usize>> = Vec::new();
    let mut at = 0;
    let all: Vec<&str> = text.plain.split('\n').collect();
    if all.len() != lines.len() {
        return lines.to_vec();
    }
    for (number, (line, plain)) in lines.iter().zip(&all).enumerate() {
        let range = at..at + plain.len();
        at = range.end + 1;
        let before = number.checked_sub(1).and_then(|before| all.get(before)).map(|before| before.trim_end());
        let goes_on = line.field().is_none()
            && before.is_some_and(|before| {
                before.chars().count() >= MARGIN && !before.ends_with(['.', '!', '?', ';', ':'])
            });
        match found.last_mut() {
            Some(last) if goes_on => last.end = range.end,
            _ => found.push(range),
        }
    }
    found.into_iter().map(|range| text.slice(range)).collect()
}

/// Prose with a colon in it, which goes on in small letters on the next line.
fn is_wrapped(lines: &[Text]) -> bool {
    let fields: Vec<bool> = lines.iter().filter_map(Text::field).map(|field| field.is_bold).collect();
    let goes_on = lines.iter().skip(1).any(|line| line.plain.trim_start().starts_with(char::is_lowercase));
    fields == [false] && goes_on
}

fn sentences(text: &Text) -> Vec<Text> {
    let mut found = Vec::new();
    let mut from = 0;
    let mut letters = text.plain.char_indices().peekable();
    while let Some((at, letter)) = letters.next() {
        let ends = matches!(letter, '.' | '!' | '?' | ';')
            && letters.peek().is_some_and(|(_, next)| next.is_whitespace());
        // `1. First` and `e.g. this` go on.
        let word = text.plain.get(from..at).unwrap_or_default();
        let mut back = word.rsplit(char::is_whitespace);
        let is_letters = |last: &str| last.len() <= 2 && last.chars().all(char::is_alphanumeric);
        // `1.9 s.` ends with a unit and `72 %.` with a sign.
        let short = back.next().is_some_and(is_letters)
            && !back.next().is_some_and(|before| before.ends_with(|c: char| c.is_ascii_digit()));
        // `from 12 to 16.05. at noon` goes on too.
        let rest = text.plain.get(at + letter.len_utf8()..).unwrap_or_default();
        let goes_on =
            word.ends_with(|c: char| c.is_ascii_digit()) && rest.trim_start().starts_with(char::is_lowercase);
        if ends && !(letter == '.' && (short || goes_on)) {
            found.push(text.slice(from..at + letter.len_utf8()));
            from = at + letter.len_utf8();
        }
    }
    if text.plain.get(from..).is_some_and(|rest| !rest.trim().is_empty()) {
        found.push(text.slice(from..text.plain.len()));
    }
    found
}

#[cfg(test)]
mod tests {
    use super::all;

    fn sentences(text: &str) -> Vec<String> {
        let report = crate::read(text.as_bytes());
        all(&report.outline).into_iter().map(|sentence| sentence.text.plain.trim().to_owned()).collect()
    }

    #[test]
    fn what_goes_on_in_the_next_line_is_one_sentence() {
        let text = "What a consumer can rely on: after an outage it may replay all it missed, as we keep\n14 days. More is in part 4.\n";
        assert_eq!(
            sentences(text)[0],
            text.split_once(". ").map(|(first, _)| format!("{first}.")).unwrap_or_default()
        );
        assert_eq!(sentences("Owner: Ann\nDue: May\nand June\n").len(), 3);
        assert_eq!(
            sentences("Open from 12. to 16.05. from 07:00. Then closed."),
            ["Open from 12. to 16.05. from 07:00.", "Then closed."]
        );
    }
}
