//! Blanks that nobody filled in.

use std::sync::LazyLock;

use regex::Regex;

use super::markdown::Document;

/// More are not listed; the first say enough.
const MOST: usize = 200;

/// Marks in capitals are meant as such; in small letters `todo` is a word of some languages.
const MARKS: &str = r"\b(?:TODO|TBD|TBA|FIXME|XXX+)\b|\bx{3,}\b";
/// What templates write into the gaps.
const BLANKS: &str = r"(?i)\((?:please )?(?:configure|fill in|fill me in|insert|replace|to be (?:defined|done|decided|filled|added)|your [^()\n]{1,40}|change ?me)[^()\n]{0,40}\)|<(?:your|insert|enter|replace|add|change)\b[^<>\n]{0,60}>|\[(?:your|insert|enter|replace|to be) [^\[\]\n]{1,60}\]|\{\{[^{}\n]{1,60}\}\}|\blorem ipsum\b|\bto be (?:defined|determined|decided|written)\b|\bcoming soon\b|\bchange[-_ ]?me\b|_{4,}";

static USUAL: LazyLock<Option<Regex>> = LazyLock::new(|| Regex::new(&format!("{MARKS}|(?:{BLANKS})")).ok());

/// Every placeholder with its line, in order.
pub(super) fn find(document: &Document, more: &[String], in_code: bool) -> Vec<(String, usize)> {
    let text = if in_code { &document.with_code } else { &document.prose };
    let more: Vec<String> = more.iter().map(|text| text.trim().to_lowercase()).collect();
    let mut found = Vec::new();
    for (number, line) in (1..).zip(text.lines()) {
        let usual = USUAL.iter().flat_map(|usual| usual.find_iter(line)).map(|hit| hit.as_str().to_owned());
        found.extend(usual.map(|text| (text, number)));
        let lower = line.to_lowercase();
        found.extend(more.iter().filter(|text| lower.contains(*text)).map(|text| (text.clone(), number)));
    }
    let mut seen = std::collections::BTreeSet::new();
    found.retain(|place| seen.insert(place.clone()));
    found.truncate(MOST);
    found
}

#[cfg(test)]
mod tests {
    use super::super::markdown;
    use super::*;

    fn texts(text: &str) -> Vec<String> {
        find(&markdown::read(text), &[], false).into_iter().map(|(text, _)| text).collect()
    }

    #[test]
    fn blanks_are_found() {
        for blank in [
            "(configure)",
            "(fill in the number)",
            "TODO",
            "TBD",
            "FIXME",
            "XXX",
            "xxx",
            "<your name>",
            "<insert phone>",
            "[your team]",
            "{{ phone }}",
            "Lorem ipsum",
            "to be defined",
            "(your phone)",
            "CHANGEME",
            "____",
        ] {
            assert_eq!(texts(&format!("Call {blank} at night")), [blank], "{blank}");
        }
    }

    #[test]
    fn ordinary_words_are_not() {
        for text in [
            "The todo list of the método is complete.",
            "Configure the pool.",
            "Use `<your name>` as user.",
            "    <your name>",
            "| a | b |\n|---|---|\n| 1 | 2 |",
            "a_b_c and __bold__",
            "- [ ] task",
            "- [x] done",
            "mode 0600 (see above)",
            "<div>",
            "phase XX",
            "<https://example.com/your>",
        ] {
            assert_eq!(texts(text), [""; 0], "{text}");
        }
    }

    #[test]
    fn own_texts_and_code_count_when_asked() {
        let document = markdown::read("Ring N.N.\n\n```\nTODO\n```\n");
        assert_eq!(find(&document, &["n.n.".to_owned()], false), [("n.n.".to_owned(), 1)]);
        assert_eq!(find(&document, &[], true), [("TODO".to_owned(), 4)]);
    }
}
