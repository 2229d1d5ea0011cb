//! Words, names, strings and signs of SQL, each with its place. It does not know what they mean.

use super::Syntax;

/// A place in a text: line and column in characters, from 1.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Default)]
pub(in super::super) struct At {
    pub(in super::super) line: u32,
    pub(in super::super) column: u32,
}

/// What a token is.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Is {
    /// A key word or a name without quotes, in lower case.
    Word,
    /// A name in quotes.
    Name,
    /// A string. Its text may be a secret.
    Text,
    /// A string in `$$`: the body of a function.
    Body,
    Number,
    /// One character.
    Sign,
    /// The text of a comment, without its marks.
    Comment,
}

/// A part of a statement.
#[derive(Clone, PartialEq, Eq)]
pub(super) struct Token {
    pub(super) is: Is,
    pub(super) text: String,
    pub(super) at: At,
}

impl Token {
    pub(super) fn is_word(&self, word: &str) -> bool {
        self.is == Is::Word && self.text == word
    }

    pub(super) fn is_sign(&self, sign: char) -> bool {
        self.is == Is::Sign && self.text.starts_with(sign)
    }
}

/// Reads tokens from a text.
pub(super) struct Lexer<'t> {
    text: &'t str,
    /// Byte where the rest starts; always at a character.
    place: usize,
    at: At,
    syntax: Syntax,
}

impl<'t> Lexer<'t> {
    pub(super) fn new(text: &'t str, syntax: Syntax, at: At) -> Lexer<'t> {
        Lexer { text, place: 0, at, syntax }
    }

    pub(super) fn rest(&self) -> &'t str {
        self.text.get(self.place..).unwrap_or_default()
    }

    /// Goes over `bytes` bytes.
    pub(super) fn skip(&mut self, bytes: usize) -> &'t str {
        let taken = self.rest().get(..bytes).unwrap_or(self.rest());
        for character in taken.chars() {
            match character {
                '\n' => self.at = At { line: self.at.line.saturating_add(1), column: 1 },
                _ => self.at.column = self.at.column.saturating_add(1),
            }
        }
        self.place = self.place.saturating_add(taken.len());
        taken
    }

    /// Goes to the end of the line and gives what was passed.
    pub(super) fn line(&mut self) -> &'t str {
        let length = self.rest().find('\n').unwrap_or(self.rest().len());
        self.skip(length)
    }

    pub(super) fn space(&mut self) {
        let rest = self.rest();
        self.skip(rest.len() - rest.trim_start_matches(|c: char| c.is_whitespace() || c == '\u{feff}').len());
    }

    /// The next token, or `None` at the end.
    pub(super) fn next(&mut self) -> Option<Token> {
        self.space();
        let at = self.at;
        let first = self.rest().chars().next()?;
        let (is, text) = match first {
            '-' if self.rest().starts_with("--") => (Is::Comment, self.line_comment(2)),
            '#' if self.syntax == Syntax::MySql => (Is::Comment, self.line_comment(1)),
            '/' if self.rest().starts_with("/*") => (Is::Comment, self.block_comment()),
            '\'' => (Is::Text, self.quoted('\'', self.syntax == Syntax::MySql)),
            '"' => (Is::Name, self.quoted('"', false)),
            '`' => (Is::Name, self.quoted('`', false)),
            '$' => self.dollar(),
            c if c.is_alphabetic() || c == '_' => self.word(),
            c if c.is_ascii_digit() => (Is::Number, self.while_of(|c| c.is_alphanumeric() || c == '.')),
            c => (Is::Sign, self.skip(c.len_utf8()).to_owned()),
        };
        Some(Token { is, text, at })
    }

    fn line_comment(&mut self, marks: usize) -> String {
        let line = self.line();
        line.get(marks..).unwrap_or_default().trim().to_owned()
    }

    /// Comments nest in Postgres; where they do not, nobody writes one in another.
    fn block_comment(&mut self) -> String {
        let rest = self.rest();
        let (mut depth, mut end) = (0_usize, 0);
        while let Some(found) = rest.get(end..).and_then(|rest| rest.find(['/', '*'])) {
            end += found;
            let here = rest.get(end..).unwrap_or_default();
            match here {
                here if here.starts_with("/*") => (depth, end) = (depth + 1, end + 2),
                here if here.starts_with("*/") => (depth, end) = (depth.saturating_sub(1), end + 2),
                _ => end += 1,
            }
            if depth == 0 {
                let text = self.skip(end);
                return text.trim_start_matches("/*").trim_end_matches("*/").trim().to_owned();
            }
        }
        self.skip(rest.len());
        String::new()
    }

    /// What is between quotes; a doubled quote is one. Without an end it goes to the end of the text.
    fn quoted(&mut self, quote: char, backslash: bool) -> String {
        let mut text = String::new();
        let mut characters = self.rest().char_indices().skip(1).peekable();
        let mut end = self.rest().len();
        while let Some((place, character)) = characters.next() {
            match character {
                '\\' if backslash => text.extend(characters.next().map(|(_, escaped)| escaped)),
                c if c == quote && characters.peek().is_some_and(|(_, next)| *next == quote) => {
                    text.push(quote);
                    characters.next();
                }
                c if c == quote => {
                    end = place + quote.len_utf8();
                    break;
                }
                c => text.push(c),
            }
        }
        self.skip(end);
        text
    }

    /// `$$ … $$`, `$name$ … $name$`, or the sign of a parameter.
    fn dollar(&mut self) -> (Is, String) {
        let rest = self.rest();
        let inside = rest.get(1..).unwrap_or_default();
        let name = inside.len() - inside.trim_start_matches(|c: char| c.is_alphanumeric() || c == '_').len();
        let is_mark = inside.get(name..).is_some_and(|rest| rest.starts_with('$'))
            && !inside.starts_with(|c: char| c.is_ascii_digit());
        if !is_mark {
            return (Is::Sign, self.skip(1).to_owned());
        }
        let mark = rest.get(..name + 2).unwrap_or_default();
        self.skip(mark.len());
        let length = self.rest().find(mark).unwrap_or(self.rest().len());
        let body = self.skip(length).to_owned();
        self.skip(mark.len());
        (Is::Body, body)
    }

    fn while_of(&mut self, belongs: impl Fn(char) -> bool) -> String {
        let rest = self.rest();
        self.skip(rest.len() - rest.trim_start_matches(|c: char| belongs(c)).len()).to_owned()
    }

    /// A word, or a string with a letter before it: `E'\n'`, `N'text'`, `X'00'`.
    fn word(&mut self) -> (Is, String) {
        let word = self.while_of(|c| c.is_alphanumeric() || c == '_' || c == '$').to_lowercase();
        let is_prefix = matches!(word.as_str(), "e" | "n" | "x" | "b") && self.rest().starts_with('\'');
        match is_prefix {
            true => (Is::Text, self.quoted('\'', word == "e" || self.syntax == Syntax::MySql)),
            false => (Is::Word, word),
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn tokens(text: &str, syntax: Syntax) -> Vec<(Is, String)> {
        let mut lexer = Lexer::new(text, syntax, At { line: 1, column: 1 });
        std::iter::from_fn(|| lexer.next()).map(|token| (token.is, token.text)).collect()
    }

    #[test]
    fn strings_names_bodies_and_comments_are_told_apart() {
        let of = |text: &str| tokens(text, Syntax::Standard);
        let one = |is: Is, text: &str| vec![(is, text.to_owned())];
        assert_eq!(of("SeLeCt"), one(Is::Word, "select"));
        assert_eq!(of("\"User\"\"s\""), one(Is::Name, "User\"s"));
        assert_eq!(of("'it''s; -- no'"), one(Is::Text, "it's; -- no"));
        assert_eq!(of("e'a\\'b'"), one(Is::Text, "a'b"));
        assert_eq!(of("$x$ a; $$ b $x$"), one(Is::Body, " a; $$ b "));
        assert_eq!(of("-- +goose Up \n"), one(Is::Comment, "+goose Up"));
        assert_eq!(of("/* a /* b */ ; */"), one(Is::Comment, "a /* b */ ;"));
        assert_eq!(of("'\\' 1")[1].0, Is::Number);
        assert_eq!(tokens("'\\' 1' # x", Syntax::MySql)[0], (Is::Text, "' 1".to_owned()));
        assert_eq!(of("$1").len(), 2);
    }

    #[test]
    fn what_has_no_end_goes_to_the_end() {
        for text in ["'abc", "\"abc", "$$ abc", "/* abc", "$a$ $b$", "'\\", "é'"] {
            assert!(!tokens(text, Syntax::Standard).is_empty(), "{text}");
            assert!(!tokens(text, Syntax::MySql).is_empty(), "{text}");
        }
    }

    #[test]
    fn a_token_knows_its_place_in_characters() {
        let mut lexer = Lexer::new("é é\n  x", Syntax::Standard, At { line: 3, column: 5 });
        let places: Vec<(u32, u32)> =
            std::iter::from_fn(|| lexer.next()).map(|token| (token.at.line, token.at.column)).collect();
        assert_eq!(places, [(3, 5), (3, 7), (4, 3)]);
    }
}
