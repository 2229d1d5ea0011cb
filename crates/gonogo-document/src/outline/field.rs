//! Lines of the form `Key: value`, bold or not, in prose, lists and code.

use super::{Field, Text};

/// Longer keys are sentences that happen to have a colon.
const LONGEST_KEY: usize = 60;
const MOST_WORDS: usize = 8;
/// Dots that lead from a key to its value.
const DOTS: &str = "....";

/// A line of prose or of a list as a field.
pub(super) fn read(line: &Text) -> Option<Field> {
    if line.plain.contains('\n') || !may_be(&line.plain) {
        return None;
    }
    in_dots(line).or_else(|| in_bold(line)).or_else(|| in_plain(line, &[": ", ":"]))
}

/// `Key ........ value`, as in a table of contents.
fn in_dots(line: &Text) -> Option<Field> {
    let dots = line.plain.find(DOTS)?;
    let start = start_of_words(&line.plain);
    let key = line.plain.get(start..dots)?;
    let behind = line.plain.get(dots..)?.trim_start_matches(['.', '…', ' ']);
    let value = line.slice(line.plain.len() - behind.len()..line.plain.len());
    let is_one = is_key(key) && !key.contains(": ") && !value.is_empty();
    is_one.then(|| Field { key: line.slice(start..dots), value, is_bold: false })
}

/// Whether a line has what every field of prose has.
pub(super) fn may_be(line: &str) -> bool {
    line.contains([':', '：']) || line.contains(DOTS)
}

/// A line of code or data as a field: an equals sign does as well.
pub(super) fn read_in_code(line: &Text) -> Option<Field> {
    if !line.plain.contains([':', '=']) {
        return None;
    }
    // What stands in a drawn box ends with the box.
    let start = start_of_words(&line.plain);
    let words = line.plain.get(start..).unwrap_or_default();
    let end = start + words.find(['│', '┃', '║']).unwrap_or(words.len());
    let line = line.slice(start..end);
    in_plain(&line, &[": ", ":", " = ", "="])
}

/// `**Key:** value` or `**Key**: value`.
fn in_bold(line: &Text) -> Option<Field> {
    let bold = line.bold.first()?;
    let start = start_of_words(&line.plain);
    if start < bold.start {
        return None;
    }
    let inside = line.plain.get(bold.clone())?.trim_end();
    let (key, value) = match inside.strip_suffix([':', '：']) {
        Some(key) => (bold.start..bold.start + key.len(), bold.end),
        None => {
            let behind = line.plain.get(bold.end..)?;
            let rest = behind.trim_start().strip_prefix([':', '：'])?;
            (bold.clone(), line.plain.len() - rest.len())
        }
    };
    let key = line.slice(key.start.max(start)..key.end.max(start));
    let value = line.slice(value..line.plain.len());
    (!key.is_empty()).then_some(Field { key, value, is_bold: true })
}

fn in_plain(line: &Text, separators: &[&str]) -> Option<Field> {
    let start = start_of_words(&line.plain);
    let words = line.plain.get(start..)?;
    let (at, separator) = separators
        .iter()
        .filter_map(|separator| Some((words.find(separator)?, *separator)))
        .filter(|(at, separator)| is_end_of_key(words, *at, separator))
        .min_by_key(|(at, _)| *at)?;
    let key = words.get(..at)?;
    if !is_key(key) {
        return None;
    }
    let key = line.slice(start..start + at);
    let value = line.slice(start + at + separator.len()..line.plain.len());
    Some(Field { key, value, is_bold: false })
}

/// A colon without a space behind it is part of a word, unless the line ends with it.
fn is_end_of_key(words: &str, at: usize, separator: &str) -> bool {
    separator != ":" || at + 1 == words.len()
}

fn is_key(key: &str) -> bool {
    let sentence = key.contains(". ") || key.contains(['?', '!', ';', '|', '{', '}', '"']);
    (1..=LONGEST_KEY).contains(&key.len())
        && !sentence
        && key.chars().any(char::is_alphanumeric)
        && key.split_whitespace().count() <= MOST_WORDS
}

/// Where words begin, behind bullets, tree lines and emoji.
fn start_of_words(plain: &str) -> usize {
    plain.find(|c: char| c.is_alphanumeric() || "`\"'([{</$@_".contains(c)).unwrap_or(plain.len())
}

#[cfg(test)]
mod tests {
    use crate::outline::Block;

    fn first(text: &str) -> Option<(String, String)> {
        let report = crate::read(text.as_bytes());
        let block = report.outline.sections[0].blocks.first()?;
        let field = match block {
            Block::Paragraph(text) => text.fields().into_iter().next(),
            Block::List(list) => list.items[0].field(),
            Block::Code(code) => code.fields().into_iter().next(),
            _ => None,
        }?;
        Some((field.key.plain, field.value.plain))
    }

    #[test]
    fn fields_are_read_in_all_their_forms() {
        for text in [
            "**Owner:** Ana",
            "**Owner**: Ana",
            "**Owner :** Ana",
            "Owner: Ana",
            "✅ **Owner:** Ana",
            "- **Owner:** Ana",
            "- Owner: Ana",
            "1. 👤 Owner: Ana",
            "```yaml\n├── Owner: Ana\n```",
            "```\nOwner = Ana\n```",
            "```\n│ Owner: Ana   │ ← here\n```",
            "__Owner:__ *Ana*",
            "Owner ........ Ana",
            "Owner.... Ana",
        ] {
            assert_eq!(first(text), Some(("Owner".to_owned(), "Ana".to_owned())), "{text}");
        }
        assert_eq!(first("**Conditions:**"), Some(("Conditions".to_owned(), String::new())));
    }

    #[test]
    fn sentences_and_addresses_are_no_fields() {
        for text in [
            "See http://localhost:8080 for it",
            "We looked. Then we saw: nothing",
            "This is a long sentence with many words before it says this: nothing",
            "12:30 in the morning",
            "Really? Yes: no",
        ] {
            assert_eq!(first(text), None, "{text}");
        }
    }
}
