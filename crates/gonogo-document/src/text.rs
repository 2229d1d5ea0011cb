//! A stretch of readable text: what stands there without its markup, and where each part of it is
//! in the file.

mod said;

use std::ops::Range;

use crate::place::{Span, narrow};

/// Text without markup. Line breaks inside it are kept as `\n`.
#[derive(Debug, Clone, PartialEq, Eq, Default)]
pub struct Text {
    /// What a reader sees.
    pub plain: String,
    /// Where it is.
    pub span: Span,
    /// Links in it.
    pub links: Vec<Link>,
    /// Stretches of `plain` that are bold, as bytes.
    pub(crate) bold: Vec<Range<usize>>,
    /// Stretches of `plain` that are code, as bytes.
    pub(crate) code: Vec<Range<usize>>,
    /// Stretches of `plain` that are struck out, as bytes.
    pub(crate) struck: Vec<Range<usize>>,
    /// Where the parts of `plain` are, in order.
    pub(crate) pieces: Vec<Piece>,
}

/// A link or an image.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Link {
    /// Where it leads, as written.
    pub to: String,
    /// Its words, as bytes of the text's `plain`.
    pub words: Range<usize>,
    /// Where the outermost link that it is in begins; where it begins itself, if it is in none.
    pub(crate) outer: usize,
}

/// From `at` in `plain` on, characters follow each other in the file from this place on.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) struct Piece {
    pub(crate) at: usize,
    pub(crate) line: u32,
    pub(crate) column: u32,
    /// What stands there is not what is in `plain`, such as an entity: all of it is at its start.
    pub(crate) is_point: bool,
}

impl Default for Span {
    fn default() -> Span {
        Span::START
    }
}

impl Text {
    /// Whether there is nothing to read.
    pub fn is_empty(&self) -> bool {
        self.plain.trim().is_empty()
    }

    /// Where some bytes of `plain` are in the file.
    pub fn at(&self, range: Range<usize>) -> Span {
        let (line, column) = self.place_of(range.start, false);
        let (end_line, end_column) = self.place_of(range.end, true);
        Span { line, column, end_line, end_column }
    }

    /// Some bytes of it, without spaces around, as a text of its own.
    pub fn slice(&self, range: Range<usize>) -> Text {
        let range = self.trimmed(range);
        let inside = |part: &Range<usize>| {
            let part = part.start.max(range.start)..part.end.min(range.end);
            (part.start < part.end).then(|| part.start - range.start..part.end - range.start)
        };
        let first = self.pieces.partition_point(|piece| piece.at <= range.start).saturating_sub(1);
        let within = self.pieces.get(first..).unwrap_or_default().iter();
        let within = within.take_while(|piece| piece.at < range.end.max(range.start + 1));
        let pieces = within.map(|piece| match piece.at < range.start {
            true => {
                let (line, column) = self.place_of(range.start, false);
                Piece { at: 0, line, column, ..*piece }
            }
            false => Piece { at: piece.at - range.start, ..*piece },
        });
        // Links and stretches are in the order in which they end.
        let first = self.links.partition_point(|link| link.words.end <= range.start);
        let links = self.links.get(first..).unwrap_or_default().iter();
        let links = links.take_while(|link| link.outer < range.end).filter_map(|link| {
            let outer = link.outer.saturating_sub(range.start);
            Some(Link { to: link.to.clone(), words: inside(&link.words)?, outer })
        });
        let within = |stretches: &[Range<usize>]| -> Vec<Range<usize>> {
            let first = stretches.partition_point(|stretch| stretch.end <= range.start);
            let rest = stretches.get(first..).unwrap_or_default().iter();
            rest.take_while(|stretch| stretch.start < range.end).filter_map(inside).collect()
        };
        Text {
            plain: self.plain.get(range.clone()).unwrap_or_default().to_owned(),
            span: self.at(range.clone()),
            links: links.collect(),
            bold: within(&self.bold),
            code: within(&self.code),
            struck: within(&self.struck),
            pieces: pieces.collect(),
        }
    }

    /// Its first line that is not empty; an empty text if there is none.
    pub fn first_line(&self) -> Text {
        if !self.plain.contains('\n') {
            return if self.is_empty() { Text::default() } else { self.clone() };
        }
        let mut from = 0;
        for line in self.plain.split('\n') {
            if !line.trim().is_empty() {
                return self.slice(from..from + line.len());
            }
            from += line.len() + 1;
        }
        Text::default()
    }

    /// Its lines, without empty ones.
    pub fn lines(&self) -> Vec<Text> {
        if !self.plain.contains('\n') {
            return if self.is_empty() { Vec::new() } else { vec![self.clone()] };
        }
        let mut from = 0;
        let mut lines = Vec::new();
        for line in self.plain.split('\n') {
            if !line.trim().is_empty() {
                lines.push(self.slice(from..from + line.len()));
            }
            from += line.len() + 1;
        }
        lines
    }

    /// Whether all of it but signs at its edges is bold, in one stretch.
    pub fn is_all_bold(&self) -> bool {
        let has_words = |text: Option<&str>| text.unwrap_or_default().chars().any(char::is_alphanumeric);
        match self.bold.as_slice() {
            [all] => {
                has_words(self.plain.get(all.clone()))
                    && !has_words(self.plain.get(..all.start))
                    && !has_words(self.plain.get(all.end..))
            }
            _ => false,
        }
    }

    /// Some bytes of it, without the spaces around them.
    pub(crate) fn trimmed(&self, range: Range<usize>) -> Range<usize> {
        let part = self.plain.get(range.clone()).unwrap_or_default();
        let start = range.start + (part.len() - part.trim_start().len());
        start..start + part.trim().len()
    }

    fn place_of(&self, byte: usize, is_end: bool) -> (u32, u32) {
        // The end belongs to the piece of the character before it.
        let before = |piece: &Piece| if is_end && byte > 0 { piece.at < byte } else { piece.at <= byte };
        let Some(piece) =
            self.pieces.partition_point(before).checked_sub(1).and_then(|at| self.pieces.get(at))
        else {
            return (self.span.line, self.span.column);
        };
        if piece.is_point {
            return (piece.line, piece.column);
        }
        let within = self.plain.get(piece.at..byte.min(self.plain.len())).unwrap_or_default();
        (piece.line, piece.column + narrow(within.chars().count()))
    }
}

/// The most characters of one piece: places inside it are counted from its start.
const LONGEST_PIECE: usize = 512;

/// Collects a text part by part.
#[derive(Debug, Default)]
pub(crate) struct TextBuilder {
    text: Text,
    /// Byte of the source behind the last part, when the parts may be one piece.
    behind: Option<usize>,
    bold_from: Option<usize>,
    struck_from: Option<usize>,
    link_from: Vec<(String, usize)>,
}

impl TextBuilder {
    /// Adds what stands at `source` of the file; `place` says where a byte of the file is.
    pub(crate) fn push(&mut self, plain: &str, source: Range<usize>, place: &dyn Fn(usize) -> (u32, u32)) {
        let exact = source.len() == plain.len();
        let goes_on = exact && self.behind == Some(source.start);
        let last = self.text.pieces.last().map_or(0, |piece| piece.at);
        let mut from = 0;
        if goes_on && self.text.plain.len() + plain.len() - last <= LONGEST_PIECE {
            from = plain.len();
        }
        let base = self.text.plain.len();
        while from < plain.len() {
            let at = if exact { source.start + from } else { source.start };
            let (line, column) = place(at);
            self.text.pieces.push(Piece { at: base + from, line, column, is_point: !exact });
            let mut to = (from + LONGEST_PIECE).min(plain.len());
            while !plain.is_char_boundary(to) {
                to += 1;
            }
            from = to;
        }
        self.text.plain.push_str(plain);
        self.behind = exact.then_some(source.end);
        let (line, column) = place(source.end);
        if base == 0 {
            (self.text.span.line, self.text.span.column) = place(source.start);
        }
        (self.text.span.end_line, self.text.span.end_column) = (line, column);
    }

    /// A line ends. Nothing is added at the start.
    pub(crate) fn line_break(&mut self) {
        if !self.text.plain.is_empty() {
            self.text.plain.push('\n');
        }
        self.behind = None;
    }

    pub(crate) fn start_bold(&mut self) {
        self.bold_from.get_or_insert(self.text.plain.len());
    }

    pub(crate) fn end_bold(&mut self) {
        let Some(from) = self.bold_from.take() else { return };
        let to = self.text.plain.len();
        // `**a**` next to `**b**` is one stretch.
        match self.text.bold.last_mut() {
            Some(last) if self.text.plain.get(last.end..from).is_some_and(|gap| gap.trim().is_empty()) => {
                last.end = to;
            }
            _ if from < to => self.text.bold.push(from..to),
            _ => {}
        }
    }

    pub(crate) fn start_struck(&mut self) {
        self.struck_from.get_or_insert(self.text.plain.len());
    }

    pub(crate) fn end_struck(&mut self) {
        let to = self.text.plain.len();
        self.text.struck.extend(self.struck_from.take().map(|from| from..to).filter(|all| !all.is_empty()));
    }

    /// What was added since `from`, in bytes of the text, is code.
    pub(crate) fn end_code(&mut self, from: usize) {
        self.text.code.extend(Some(from..self.text.plain.len()).filter(|all| !all.is_empty()));
    }

    /// How much was collected, in bytes.
    pub(crate) fn len(&self) -> usize {
        self.text.plain.len()
    }

    pub(crate) fn start_link(&mut self, to: String) {
        self.link_from.push((to, self.text.plain.len()));
    }

    pub(crate) fn end_link(&mut self) {
        if let Some((to, from)) = self.link_from.pop() {
            let outer = self.link_from.first().map_or(from, |(_, outer)| *outer);
            self.text.links.push(Link { to, words: from..self.text.plain.len(), outer });
        }
    }

    /// The next part is a piece of its own, even if it follows directly.
    pub(crate) fn interrupt(&mut self) {
        self.behind = None;
    }

    /// The text so far, with spaces around it.
    pub(crate) fn finish_as_it_is(mut self) -> Text {
        self.end_bold();
        self.end_struck();
        self.text
    }

    /// The text so far, without spaces around it.
    pub(crate) fn finish(mut self) -> Text {
        self.end_bold();
        self.end_struck();
        let all = 0..self.text.plain.len();
        match self.text.plain.trim().len() == all.len() {
            true => self.text,
            false => self.text.slice(all),
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    /// A text from two lines of a file, `ab **cd**` in line 3 and `é f` in line 4 at column 5.
    fn sample() -> Text {
        let mut builder = TextBuilder::default();
        let first = |byte: usize| (3, narrow(byte) + 1);
        builder.push("ab ", 0..3, &first);
        builder.start_bold();
        builder.push("cd", 5..7, &first);
        builder.end_bold();
        builder.line_break();
        builder.push("é f", 0..4, &|byte| (4, if byte == 0 { 5 } else { 8 }));
        builder.finish()
    }

    #[test]
    fn parts_know_where_they_are() {
        let text = sample();
        assert_eq!(text.plain, "ab cd\né f");
        assert_eq!(text.span, Span { line: 3, column: 1, end_line: 4, end_column: 8 });
        assert_eq!(text.at(3..5), Span { line: 3, column: 6, end_line: 3, end_column: 8 });
        assert_eq!(text.at(9..10), Span { line: 4, column: 7, end_line: 4, end_column: 8 });
        assert_eq!(text.at(99..120).line, 4);
    }

    #[test]
    fn slices_keep_their_places() {
        let text = sample();
        let lines = text.lines();
        assert_eq!(lines[1].plain, "é f");
        assert_eq!(lines[1].at(3..4), Span { line: 4, column: 7, end_line: 4, end_column: 8 });
        assert_eq!(lines[0].bold.first(), Some(&(3..5)));
        let part = text.slice(2..5);
        assert_eq!((part.plain.as_str(), part.span.column), ("cd", 6));
        assert!(part.is_all_bold() && !text.is_all_bold());
    }
}
