//! Puts parts of the source into texts, so that each part knows where it stands.

use std::ops::Range;

use crate::place::Lines;
use crate::text::TextBuilder;

/// Adds a part of the source to a text. Columns jump behind signs that were repaired, so what
/// follows such a sign is placed by itself.
pub(super) fn push_placed(
    text: &mut TextBuilder,
    (source, lines): (&str, &Lines),
    plain: &str,
    range: Range<usize>,
) {
    let place = |byte: usize| lines.at(source, byte);
    let all = source.get(range.clone()).unwrap_or_default();
    if range.len() == plain.len() && all.contains('\n') {
        // Each line is placed by itself.
        let mut from = 0;
        for line in all.split_inclusive('\n') {
            let part = plain.get(from..from + line.len()).unwrap_or_default();
            text.push(part, range.start + from..range.start + from + line.len(), &place);
            text.interrupt();
            from += line.len();
        }
        return;
    }
    if !lines.is_repaired(source, range.start) || range.len() != plain.len() {
        text.push(plain, range, &place);
        return;
    }
    let mut from = range.start;
    for part in plain.split_inclusive(|letter: char| !letter.is_ascii()) {
        text.push(part, from..from + part.len(), &place);
        from += part.len();
        text.interrupt();
    }
}
