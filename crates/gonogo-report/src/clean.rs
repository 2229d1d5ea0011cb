//! Which characters may leave: data from a judged system must not drive a terminal, hide text
//! or break a document. What may not leave becomes U+FFFD, so that a reader sees it was there.

/// Stands for a character that was taken out.
const REMOVED: char = '\u{fffd}';

/// The text as one line: line breaks and tabs become spaces, dangerous characters U+FFFD.
pub(crate) fn line(text: &str) -> String {
    text.chars().map(|c| if is_break(c) { ' ' } else { safe(c) }).collect()
}

/// The text with its line breaks kept, dangerous characters U+FFFD.
pub(crate) fn lines(text: &str) -> Vec<String> {
    text.replace("\r\n", "\n").split('\n').map(line).collect()
}

/// Characters that move a cursor, start an escape, turn or hide text, or are not allowed in XML.
pub(crate) fn is_dangerous(c: char) -> bool {
    c.is_control()
        || matches!(c,
            '\u{61c}' | '\u{200b}' | '\u{200e}' | '\u{200f}' | '\u{2028}'..='\u{202e}'
            | '\u{2060}'..='\u{206f}' | '\u{feff}' | '\u{fff9}'..='\u{fffb}' | '\u{fffe}' | '\u{ffff}'
            | '\u{e0000}'..='\u{e007f}')
}

fn is_break(c: char) -> bool {
    matches!(c, '\n' | '\r' | '\t' | '\u{b}' | '\u{c}' | '\u{85}' | '\u{2028}' | '\u{2029}')
}

fn safe(c: char) -> char {
    if is_dangerous(c) { REMOVED } else { c }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn escapes_and_turned_text_become_visible() {
        assert_eq!(line("a\u{1b}[2Jb\u{202e}c\u{9b}d\u{7f}"), "a\u{fffd}[2Jb\u{fffd}c\u{fffd}d\u{fffd}");
        assert_eq!(line("a\nb\tc\rd"), "a b c d");
        assert_eq!(line("naïve שלום 日本 ✓"), "naïve שלום 日本 ✓");
        assert_eq!(lines("a\r\nb\n\u{1b}c"), ["a", "b", "\u{fffd}c"]);
    }
}
