//! Comments, texts and code of a source file, told apart by the signs that a language has for
//! them. It does not parse: what it cannot tell is code.

/// What a stretch of a source file is.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Piece {
    Code,
    Comment,
    Text,
}

/// A line of one kind of text.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) struct Stretch<'t> {
    pub(super) piece: Piece,
    pub(super) text: &'t str,
    /// From 1.
    pub(super) line: u32,
    /// In characters, from 1.
    pub(super) column: u32,
}

/// The signs of a language.
#[derive(Debug, Clone, Copy)]
struct Signs {
    line: &'static [&'static str],
    block: &'static [(&'static str, &'static str)],
    quotes: &'static [&'static str],
    /// Quotes in which a backslash is a backslash.
    raw: &'static [&'static str],
    /// A single quote is a character or a lifetime, not a text.
    is_rust: bool,
}

const C_LIKE: Signs =
    Signs { line: &["//"], block: &[("/*", "*/")], quotes: &["\"", "'"], raw: &[], is_rust: false };
const RUST: Signs = Signs { line: &["//"], block: &[("/*", "*/")], quotes: &["\""], raw: &[], is_rust: true };
const SCRIPT: Signs = Signs {
    line: &["//"],
    block: &[("/*", "*/"), ("<!--", "-->")],
    quotes: &["\"", "'", "`"],
    raw: &[],
    is_rust: false,
};
const GO: Signs =
    Signs { line: &["//"], block: &[("/*", "*/")], quotes: &["\"", "'", "`"], raw: &["`"], is_rust: false };
const JVM: Signs =
    Signs { line: &["//"], block: &[("/*", "*/")], quotes: &["\"\"\"", "\"", "'"], raw: &[], is_rust: false };
const PHP: Signs =
    Signs { line: &["//", "#"], block: &[("/*", "*/")], quotes: &["\"", "'"], raw: &[], is_rust: false };
const PYTHON: Signs =
    Signs { line: &["#"], block: &[], quotes: &["\"\"\"", "'''", "\"", "'"], raw: &[], is_rust: false };
const RUBY: Signs =
    Signs { line: &["#"], block: &[("\n=begin", "\n=end")], quotes: &["\"", "'"], raw: &[], is_rust: false };

fn signs_of(path: &str) -> Signs {
    match path.rsplit_once('.').map_or("", |(_, ending)| ending) {
        "rs" => RUST,
        "py" => PYTHON,
        "rb" | "ex" | "exs" => RUBY,
        "go" => GO,
        "php" => PHP,
        "js" | "mjs" | "cjs" | "ts" | "mts" | "cts" | "jsx" | "tsx" | "vue" | "svelte" => SCRIPT,
        "java" | "kt" | "scala" | "swift" | "cs" => JVM,
        _ => C_LIKE,
    }
}

/// The stretches of a file, line by line, in order. Every character is in one of them.
pub(super) fn stretches<'t>(path: &str, text: &'t str) -> Vec<Stretch<'t>> {
    let mut lexer =
        Lexer { signs: signs_of(path), text, at: 0, start: 0, line: 1, column: 1, found: Vec::new() };
    while lexer.at < text.len() {
        lexer.step();
    }
    lexer.end(Piece::Code);
    lexer.found
}

struct Lexer<'t> {
    signs: Signs,
    text: &'t str,
    /// The byte that is looked at.
    at: usize,
    /// Where the stretch began.
    start: usize,
    line: u32,
    column: u32,
    found: Vec<Stretch<'t>>,
}

impl<'t> Lexer<'t> {
    fn rest(&self) -> &'t str {
        self.text.get(self.at..).unwrap_or_default()
    }

    /// One sign, or one character of code.
    fn step(&mut self) {
        let rest = self.rest();
        let signs = self.signs;
        if let Some(sign) = signs.line.iter().find(|sign| rest.starts_with(**sign)) {
            let length = rest.find('\n').unwrap_or(rest.len()).max(sign.len());
            return self.piece(Piece::Comment, length);
        }
        if let Some((_, end)) = signs.block.iter().find(|(start, _)| rest.starts_with(*start)) {
            let inner = rest.get(2..).unwrap_or_default();
            let length =
                inner.find(end).map_or(rest.len(), |at| at.saturating_add(2).saturating_add(end.len()));
            return self.piece(Piece::Comment, length);
        }
        if let Some(length) = self.raw_text(rest) {
            return self.piece(Piece::Text, length);
        }
        if let Some(quote) = signs.quotes.iter().find(|quote| rest.starts_with(**quote)) {
            let length = text_length(rest, quote, signs.raw.contains(quote));
            return self.piece(Piece::Text, length);
        }
        if signs.is_rust && rest.starts_with('\'') {
            self.at = self.at.saturating_add(character_length(rest));
            return;
        }
        self.at = self.at.saturating_add(rest.chars().next().map_or(1, char::len_utf8));
    }

    /// The length of `r#"…"#`.
    fn raw_text(&self, rest: &str) -> Option<usize> {
        let behind = rest.strip_prefix('r').filter(|_| self.signs.is_rust)?;
        let marks = behind.len().saturating_sub(behind.trim_start_matches('#').len());
        let inner = behind.get(marks..)?.strip_prefix('"')?;
        let end = format!("\"{}", "#".repeat(marks.min(64)));
        let length = inner.find(&end).map_or(inner.len(), |at| at.saturating_add(end.len()));
        Some(marks.saturating_add(2).saturating_add(length).min(rest.len()))
    }

    /// Ends the code before, and adds a piece of this many bytes.
    fn piece(&mut self, piece: Piece, length: usize) {
        self.end(Piece::Code);
        self.at = self.at.saturating_add(length).min(self.text.len());
        self.end(piece);
    }

    /// What lies between the start and here, as one stretch a line.
    fn end(&mut self, piece: Piece) {
        let text = self.text.get(self.start..self.at).unwrap_or_default();
        for part in text.split_inclusive('\n') {
            let stretch = Stretch {
                piece,
                text: part.trim_end_matches(['\n', '\r']),
                line: self.line,
                column: self.column,
            };
            self.found.push(stretch);
            if part.ends_with('\n') {
                self.line = self.line.saturating_add(1);
                self.column = 1;
            } else {
                self.column =
                    self.column.saturating_add(u32::try_from(part.chars().count()).unwrap_or(u32::MAX));
            }
        }
        self.start = self.at;
    }
}

/// Up to and with the quote that ends the text. One quote ends with its line where nothing else
/// ends it; three and backticks go on.
fn text_length(rest: &str, quote: &str, is_raw: bool) -> usize {
    let goes_on = quote.len() > 1 || quote == "`";
    let mut at = quote.len();
    while let Some(left) = rest.get(at..).filter(|left| !left.is_empty()) {
        if left.starts_with(quote) {
            return at.saturating_add(quote.len());
        }
        let mut characters = left.chars();
        let Some(first) = characters.next() else { break };
        match first {
            '\\' if !is_raw => {
                let second = characters.next().map_or(0, char::len_utf8);
                at = at.saturating_add(1).saturating_add(second);
            }
            '\n' if !goes_on => return at,
            other => at = at.saturating_add(other.len_utf8()),
        }
    }
    rest.len()
}

/// The length of a character of Rust, or 1 for the start of a lifetime.
fn character_length(rest: &str) -> usize {
    let mut characters = rest.char_indices().skip(1);
    match (characters.next(), characters.next(), characters.next()) {
        (Some((_, '\\')), Some(_), _) => {
            rest.get(3..).and_then(|tail| tail.find('\'')).map_or(1, |at| at.saturating_add(4))
        }
        (Some((_, first)), Some((at, '\'')), _) if first != '\'' => at.saturating_add(1),
        _ => 1,
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn of(path: &str, text: &str, piece: Piece) -> Vec<(String, u32, u32)> {
        let all = stretches(path, text);
        let all = all.into_iter().filter(|one| one.piece == piece && !one.text.trim().is_empty());
        all.map(|one| (one.text.trim().to_owned(), one.line, one.column)).collect()
    }

    fn comments(path: &str, text: &str) -> Vec<String> {
        of(path, text, Piece::Comment).into_iter().map(|(text, ..)| text).collect()
    }

    #[test]
    fn comments_are_told_from_texts_and_code() {
        assert_eq!(
            comments("a.rs", "let a = \"// no\"; // yes\nlet c = '\"'; // two\n"),
            ["// yes", "// two"]
        );
        assert_eq!(
            comments("a.rs", "fn a<'a>(x: &'a str) {} // yes\nr#\"// no \"#; /* a */"),
            ["// yes", "/* a */"]
        );
        assert_eq!(comments("a.py", "x = '# no' # yes\n'''\n# no\n'''\n"), ["# yes"]);
        assert_eq!(comments("a.ts", "const a = `// no\n// no`; // yes\n"), ["// yes"]);
        assert_eq!(comments("a.go", "a := `\\` // yes\n"), ["// yes"]);
        assert_eq!(
            comments("a.js", "f('it\\'s // no') // yes\nlet x = 'open\n// two\n"),
            ["// yes", "// two"]
        );
        assert_eq!(
            of("a.c", "é /* a\nb */ c\n", Piece::Comment),
            [("/* a".into(), 1, 3), ("b */".into(), 2, 1)]
        );
        assert_eq!(of("a.c", "é /* a\nb */ c\n", Piece::Code)[1], ("c".into(), 2, 5));
    }
}
