//! What stands in a line: words, code, and tags of HTML, each with its place in the file.

use std::ops::Range;

use super::Builder;
use crate::outline::placed::push_placed;
use crate::text::TextBuilder;

impl Builder<'_> {
    pub(super) fn push_text(&mut self, plain: &str, range: Range<usize>) {
        push_placed(self.text.get_or_insert_default(), (self.source, self.lines), plain, range);
    }

    /// Code in a line. The marks around it are not part of it, so its place is searched for; line
    /// breaks in it have become spaces.
    pub(super) fn inline_code(&mut self, code: &str, range: Range<usize>) {
        let inside = self.source.get(range.clone()).and_then(|all| all.replace('\n', " ").find(code));
        let start = range.start + inside.unwrap_or_default();
        let exact = inside.map(|_| start..start + code.len());
        let from = self.text.as_ref().map_or(0, TextBuilder::len);
        self.push_text(code, exact.unwrap_or(range.start..range.start));
        self.text.iter_mut().for_each(|text| text.end_code(from));
    }

    /// Tags of layout are dropped; others stay as text, since `<name>` is how people write blanks.
    pub(super) fn inline_html(&mut self, html: &str, range: Range<usize>) {
        let name = html.trim_start_matches(['<', '/']);
        let name: String = name.chars().take_while(char::is_ascii_alphanumeric).collect();
        match name.to_ascii_lowercase().as_str() {
            "del" | "s" | "strike" if html.starts_with("</") => {
                self.text.iter_mut().for_each(TextBuilder::end_struck);
            }
            "del" | "s" | "strike" => self.text.get_or_insert_default().start_struck(),
            "br" => self.push_text(" ", range),
            "a" | "abbr" | "b" | "code" | "div" | "em" | "font" | "i" | "img" | "ins" | "kbd" | "mark"
            | "p" | "small" | "span" | "strong" | "sub" | "sup" | "u" => {}
            _ if html.starts_with("<!--") => {}
            _ => self.push_text(html, range),
        }
    }
}
