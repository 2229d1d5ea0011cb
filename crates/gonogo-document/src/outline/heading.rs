//! What is a heading to people although Markdown has another name for it: bold lines, labels.

use pulldown_cmark::HeadingLevel;

use super::Text;

/// Words a line may have that introduces what follows it.
const LABEL_WORDS: usize = 16;

pub(super) fn level_of(level: HeadingLevel) -> u8 {
    match level {
        HeadingLevel::H1 => 1,
        HeadingLevel::H2 => 2,
        HeadingLevel::H3 => 3,
        HeadingLevel::H4 => 4,
        HeadingLevel::H5 => 5,
        HeadingLevel::H6 => 6,
    }
}

/// A line that is bold and nothing else, and no sentence or field.
pub(super) fn is_bold_heading(text: &Text) -> bool {
    let plain = text.plain.trim_end();
    !plain.contains('\n') && text.is_all_bold() && !plain.ends_with(['.', ':', '!', '?', '：', ','])
}

/// The last line of a paragraph, if it introduces what follows.
pub(super) fn label_of(text: &Text) -> Option<Text> {
    let lines = text.lines();
    let last = lines.last()?;
    let is_field = |line: &Text| line.field().is_some_and(|field| field.is_bold);
    // The end of a sentence over several lines is no heading.
    let stands_alone = lines.len() == 1 || is_field(last) || lines.iter().rev().skip(1).all(is_field);
    let ends = last.plain.trim_end().ends_with([':', '：']) || last.is_all_bold();
    (ends && stands_alone && last.plain.split_whitespace().count() <= LABEL_WORDS).then(|| last.clone())
}
