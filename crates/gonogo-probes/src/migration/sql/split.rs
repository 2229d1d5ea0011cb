//! A text in statements. Semicolons in strings and in bodies end none; lines for psql, data of
//! `COPY` and the delimiters of MySQL are known. It does not know what a statement says.

use super::Syntax;
use super::token::{At, Is, Lexer, Token};

/// Tokens of a statement that are kept.
const MOST_TOKENS: usize = 20_000;
/// Tokens that are kept of a statement that only brings data.
const MOST_OF_DATA: usize = 200;
/// Statements of a text.
const MOST_STATEMENTS: usize = 20_000;

/// A statement as tokens, without comments and without its end.
pub(super) struct Piece {
    pub(super) tokens: Vec<Token>,
    /// Whether it was too long to be kept whole.
    pub(super) is_cut: bool,
}

impl Piece {
    /// Whether it has the words of another. One that was cut may not.
    pub(super) fn says_as(&self, other: &Piece) -> bool {
        let pairs = self.tokens.iter().zip(&other.tokens);
        self.tokens.len() == other.tokens.len()
            && !self.is_cut
            && pairs.into_iter().all(|(one, other)| one.is == other.is && one.text == other.text)
    }

    fn starts(&self, words: &[&str]) -> bool {
        self.tokens.len() >= words.len()
            && words.iter().zip(&self.tokens).all(|(word, token)| token.is_word(word))
    }

    fn says(&self, word: &str, within: usize) -> bool {
        self.tokens.iter().take(within).any(|token| token.is_word(word))
    }

    /// Whether semicolons may stand between its BEGIN and END.
    fn has_blocks(&self) -> bool {
        self.starts(&["create"])
            && ["trigger", "procedure", "function", "event"].iter().any(|word| self.says(word, 8))
    }
}

/// All of a text.
#[derive(Default)]
pub(super) struct Pieces {
    pub(super) statements: Vec<Piece>,
    pub(super) comments: Vec<(At, String)>,
    pub(super) cut: Option<String>,
}

/// Reads a text from its start.
pub(super) fn split(text: &str, syntax: Syntax) -> Pieces {
    split_from(text, syntax, At { line: 1, column: 1 })
}

/// Reads a text that stands at a place in another.
pub(super) fn split_from(text: &str, syntax: Syntax, at: At) -> Pieces {
    let mut splitter =
        Splitter { lexer: Lexer::new(text, syntax, at), delimiter: ";".to_owned(), found: Pieces::default() };
    while let Some(piece) = splitter.statement() {
        if !piece.tokens.is_empty() {
            splitter.found.statements.push(piece);
        }
        if splitter.found.statements.len() >= MOST_STATEMENTS {
            splitter.found.cut =
                Some(format!("has over {MOST_STATEMENTS} statements; the rest was not read"));
            break;
        }
    }
    splitter.found
}

struct Splitter<'t> {
    lexer: Lexer<'t>,
    delimiter: String,
    found: Pieces,
}

impl Splitter<'_> {
    /// The next statement, which may be empty; `None` at the end.
    fn statement(&mut self) -> Option<Piece> {
        let mut piece = Piece { tokens: Vec::new(), is_cut: false };
        let mut depth = 0_usize;
        let mut before: Option<Token> = None;
        loop {
            self.lexer.space();
            if piece.tokens.is_empty() && self.line_for_a_client() {
                continue;
            }
            if self.ends(depth) {
                self.skip_data(&piece);
                return Some(piece);
            }
            let Some(token) = self.lexer.next() else {
                return (!piece.tokens.is_empty()).then_some(piece);
            };
            if token.is == Is::Comment {
                self.found.comments.push((token.at, token.text));
                continue;
            }
            if piece.has_blocks() {
                depth = deeper(depth, before.as_ref(), &token);
            }
            keep(&mut piece, token.clone());
            before = Some(token);
        }
    }

    /// `\connect x`, `DELIMITER //`, `GO`: lines for the program that sends the statements.
    fn line_for_a_client(&mut self) -> bool {
        let rest = self.lexer.rest();
        if rest.starts_with('\\') {
            self.lexer.line();
            return true;
        }
        let word = rest.get(..10).unwrap_or_default();
        if !word.to_ascii_lowercase().starts_with("delimiter") || !word.ends_with([' ', '\t']) {
            return false;
        }
        let line = self.lexer.line();
        let delimiter = line.get(10..).unwrap_or_default().trim();
        self.delimiter = if delimiter.is_empty() { ";".to_owned() } else { delimiter.to_owned() };
        true
    }

    /// Goes over the end of a statement.
    fn ends(&mut self, depth: usize) -> bool {
        let is_end = self.lexer.rest().starts_with(self.delimiter.as_str());
        if !is_end || (depth > 0 && self.delimiter == ";") {
            return false;
        }
        self.lexer.skip(self.delimiter.len());
        true
    }

    /// The lines after `COPY … FROM stdin`, up to `\.`.
    fn skip_data(&mut self, piece: &Piece) {
        if !piece.starts(&["copy"]) || !piece.says("stdin", usize::MAX) {
            return;
        }
        self.lexer.line();
        while !self.lexer.rest().is_empty() {
            self.lexer.skip(1);
            if self.lexer.line().trim_end() == "\\." {
                return;
            }
        }
    }
}

fn keep(piece: &mut Piece, token: Token) {
    let is_data = piece.starts(&["insert"]) || piece.starts(&["replace"]) || piece.starts(&["copy"]);
    if is_data && piece.tokens.len() >= MOST_OF_DATA {
        return;
    }
    match piece.tokens.len() < MOST_TOKENS {
        true => piece.tokens.push(token),
        false => piece.is_cut = true,
    }
}

/// How many BEGIN and CASE are open after a token. `END IF` and its like close what is not counted.
fn deeper(depth: usize, before: Option<&Token>, token: &Token) -> usize {
    let follows_end = before.is_some_and(|before| before.is_word("end"));
    match token.text.as_str() {
        _ if token.is != Is::Word => depth,
        "begin" => depth.saturating_add(1),
        "case" if !follows_end => depth.saturating_add(1),
        "end" => depth.saturating_sub(1),
        // The END before it closed no block.
        "if" | "loop" | "while" | "repeat" if follows_end => depth.saturating_add(1),
        _ => depth,
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn starts(text: &str, syntax: Syntax) -> Vec<String> {
        let of = |piece: &Piece| {
            let words: Vec<&str> = piece.tokens.iter().take(2).map(|token| token.text.as_str()).collect();
            words.join(" ")
        };
        split(text, syntax).statements.iter().map(of).collect()
    }

    #[test]
    fn statements_end_where_a_server_ends_them() {
        let of = |text: &str| starts(text, Syntax::Standard);
        assert_eq!(of("select 1; -- a;\n;; select 'x;y'"), ["select 1", "select x;y"]);
        assert_eq!(of("CREATE FUNCTION f() AS $$ a; b; $$; drop table a"), ["create function", "drop table"]);
        assert_eq!(of("\\connect x\ndrop table a;\n\\q"), ["drop table"]);
        assert_eq!(of("COPY a FROM stdin;\n1;2\n'\n\\.\ndrop table a;"), ["copy a", "drop table"]);
        let trigger = "CREATE TRIGGER t AFTER INSERT ON a BEGIN UPDATE a SET b = CASE c WHEN 1 THEN 2 END; IF x THEN y; END IF; END; drop table a;";
        assert_eq!(of(trigger), ["create trigger", "drop table"]);
        assert_eq!(of("begin; drop table a; end;"), ["begin", "drop table", "end"]);
    }

    #[test]
    fn a_delimiter_of_mysql_is_obeyed() {
        let text = "DELIMITER //\nCREATE PROCEDURE p() BEGIN drop table b; END//\nDELIMITER ;\ndrop table a;";
        assert_eq!(starts(text, Syntax::MySql), ["create procedure", "drop table"]);
    }
}
