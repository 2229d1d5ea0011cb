//! Source text with its comments blanked, and beside it the same without what is in strings: what
//! looks like code there is code, and brackets pair. Both keep every place. It knows how languages
//! write comments and strings, and nothing else of them.

use super::language::Language;

/// Template strings in template strings.
const DEEPEST: usize = 32;

/// A source file without its comments.
#[derive(Debug)]
pub(super) struct Text {
    pub(super) language: Language,
    /// Comments are spaces.
    pub(super) code: String,
    /// Comments and what is between quotes are spaces.
    pub(super) bones: String,
}

impl Text {
    /// Reads source text; never fails, however odd it is.
    pub(super) fn of(raw: &str, language: Language) -> Text {
        let bytes = raw.as_bytes();
        let mut lexer = Lexer {
            language,
            bytes,
            code: bytes.to_vec(),
            bones: bytes.to_vec(),
            at: 0,
            before: 0,
            templates: Vec::new(),
        };
        lexer.run();
        let (code, bones) = (lexer.code, lexer.bones);
        Text { language, code: text_of(code), bones: text_of(bones) }
    }
}

/// Only whole characters are blanked, but nothing rests on it.
fn text_of(bytes: Vec<u8>) -> String {
    String::from_utf8(bytes).unwrap_or_else(|error| {
        let ascii = error.into_bytes().into_iter().map(|byte| if byte.is_ascii() { byte } else { b' ' });
        ascii.map(char::from).collect()
    })
}

struct Lexer<'t> {
    language: Language,
    bytes: &'t [u8],
    code: Vec<u8>,
    bones: Vec<u8>,
    at: usize,
    /// The last byte of code that is no space; 0 at the start.
    before: u8,
    /// Braces open in each `${` of a template string that code stands in.
    templates: Vec<usize>,
}

impl Lexer<'_> {
    fn run(&mut self) {
        while let Some(&byte) = self.bytes.get(self.at) {
            let at = self.at;
            self.step(byte);
            // Whatever a step did, it went on.
            self.at = self.at.max(at.saturating_add(1));
            if !byte.is_ascii_whitespace() {
                self.before = byte;
            }
        }
    }

    fn byte(&self, at: usize) -> u8 {
        self.bytes.get(at).copied().unwrap_or_default()
    }

    fn starts(&self, at: usize, word: &[u8]) -> bool {
        self.bytes.get(at..).is_some_and(|rest| rest.starts_with(word))
    }

    fn step(&mut self, byte: u8) {
        let (at, language) = (self.at, self.language);
        let next = self.byte(at + 1);
        match byte {
            b'/' if language.has_slash_comments() && next == b'/' => self.line_comment(),
            b'/' if language.has_slash_comments() && next == b'*' => self.block_comment(),
            b'#' if language.has_hash_comments() && !(language == Language::Php && next == b'[') => {
                self.line_comment();
            }
            b'/' if language == Language::Script => self.regex(),
            b'r' | b'b' if language == Language::Rust => self.raw_string(),
            b'\'' if language == Language::Rust => self.char_or_lifetime(),
            b'"' | b'\'' if language.has_triple_quotes() && self.starts(at, &[byte; 3]) => {
                self.string(3, byte, true);
            }
            b'"' => self.string(1, byte, matches!(language, Language::Rust)),
            b'\'' => self.string(1, byte, false),
            b'`' if language == Language::Go => self.string(1, byte, true),
            b'`' if language == Language::Script => self.template(at + 1),
            b'{' => self.templates.last_mut().into_iter().for_each(|open| *open += 1),
            b'}' => self.close_brace(),
            _ => {}
        }
    }

    fn line_end(&self, at: usize) -> usize {
        let rest = self.bytes.get(at..).unwrap_or_default();
        rest.iter().position(|byte| *byte == b'\n').map_or(self.bytes.len(), |length| at + length)
    }

    fn line_comment(&mut self) {
        let end = self.line_end(self.at);
        self.blank_comment(end);
    }

    fn block_comment(&mut self) {
        let mut open = 0_usize;
        let mut at = self.at;
        while at < self.bytes.len() {
            if self.starts(at, b"/*") && (open == 0 || self.language.nests_comments()) {
                open += 1;
                at += 2;
            } else if self.starts(at, b"*/") {
                open = open.saturating_sub(1);
                at += 2;
                if open == 0 {
                    break;
                }
            } else {
                at += 1;
            }
        }
        self.blank_comment(at);
    }

    fn blank_comment(&mut self, end: usize) {
        blank(&mut self.code, self.at, end);
        blank(&mut self.bones, self.at, end);
        self.at = end;
    }

    /// A string that starts with `count` of `quote` here. One of a line ends with it at the latest.
    fn string(&mut self, count: usize, quote: u8, several_lines: bool) {
        let start = self.at + count;
        let is_raw = self.language == Language::Go && quote == b'`';
        let mut at = start;
        while at < self.bytes.len() {
            match self.byte(at) {
                b'\\' if !is_raw => at += 2,
                b'\n' if !several_lines => break,
                byte if byte == quote && (count == 1 || self.starts(at, &[quote; 3])) => break,
                _ => at += 1,
            }
        }
        let at = at.min(self.bytes.len());
        blank(&mut self.bones, start, at);
        self.at = if self.byte(at) == b'\n' { at } else { at + count };
    }

    /// `r"…"`, `br#"…"#`; anything else is a word.
    fn raw_string(&mut self) {
        let is_word = self.at.checked_sub(1).is_some_and(|before| is_word_byte(self.byte(before)));
        let mut at = self.at + usize::from(self.byte(self.at) == b'b');
        if is_word || self.byte(at) != b'r' {
            return;
        }
        at += 1;
        let hashes =
            self.bytes.get(at..).unwrap_or_default().iter().take_while(|byte| **byte == b'#').count();
        at += hashes;
        if self.byte(at) != b'"' {
            return;
        }
        let start = at + 1;
        let end = [&b"\""[..], &vec![b'#'; hashes]].concat();
        let rest = self.bytes.get(start..).unwrap_or_default();
        let length = rest.windows(end.len()).position(|part| part == end).unwrap_or(rest.len());
        blank(&mut self.bones, start, start + length);
        self.at = start + length + end.len();
    }

    /// `'a'` and `'\n'` are characters, `'a` is a lifetime.
    fn char_or_lifetime(&mut self) {
        let start = self.at + 1;
        let length = match self.byte(start) {
            b'\\' => {
                let rest = self.bytes.get(start + 2..).unwrap_or_default();
                rest.iter().take(12).position(|byte| *byte == b'\'').map(|length| length + 2)
            }
            byte if byte >= 0x80 => {
                let rest = self.bytes.get(start..).unwrap_or_default();
                rest.iter().take(5).position(|byte| *byte == b'\'')
            }
            _ => (self.byte(start + 1) == b'\'').then_some(1),
        };
        if let Some(length) = length {
            blank(&mut self.bones, start, start + length);
            self.at = start + length + 1;
        }
    }

    /// A regular expression may hold quotes. It stands where no value can be divided.
    fn regex(&mut self) {
        if self.before != 0 && !b"(,=:[!&|?{};+>".contains(&self.before) && !self.is_after_return() {
            return;
        }
        let end = self.line_end(self.at);
        let (mut at, mut is_class) = (self.at + 1, false);
        while at < end {
            match self.byte(at) {
                b'\\' => at += 1,
                b'[' => is_class = true,
                b']' => is_class = false,
                b'/' if !is_class => {
                    blank(&mut self.bones, self.at + 1, at);
                    self.at = at + 1;
                    return;
                }
                _ => {}
            }
            at += 1;
        }
    }

    fn is_after_return(&self) -> bool {
        let before = self.bytes.get(..self.at).unwrap_or_default();
        before.trim_ascii_end().ends_with(b"return")
    }

    /// The text of a template string, up to its end or to code in it.
    fn template(&mut self, start: usize) {
        let mut at = start;
        while at < self.bytes.len() {
            match self.byte(at) {
                b'\\' => at += 2,
                b'`' => break,
                b'$' if self.byte(at + 1) == b'{' && self.templates.len() < DEEPEST => {
                    blank(&mut self.bones, start, at);
                    self.templates.push(0);
                    self.at = at + 2;
                    return;
                }
                _ => at += 1,
            }
        }
        let at = at.min(self.bytes.len());
        blank(&mut self.bones, start, at);
        self.at = at + 1;
    }

    fn close_brace(&mut self) {
        match self.templates.last_mut() {
            Some(0) => {
                self.templates.pop();
                self.template(self.at + 1);
            }
            Some(open) => *open -= 1,
            None => {}
        }
    }
}

/// Spaces in place of everything but the ends of lines.
fn blank(bytes: &mut [u8], start: usize, end: usize) {
    let end = end.min(bytes.len());
    for byte in bytes.get_mut(start.min(end)..end).unwrap_or_default() {
        if *byte != b'\n' {
            *byte = b' ';
        }
    }
}

fn is_word_byte(byte: u8) -> bool {
    byte.is_ascii_alphanumeric() || byte == b'_'
}

#[cfg(test)]
mod tests {
    use super::*;

    fn both(raw: &str, language: Language) -> (String, String) {
        let text = Text::of(raw, language);
        assert_eq!((text.code.len(), text.bones.len()), (raw.len(), raw.len()), "{raw}");
        let short = |text: &str| text.split_whitespace().collect::<Vec<_>>().join(" ");
        (short(&text.code), short(&text.bones))
    }

    #[test]
    fn comments_are_blanked_and_strings_are_not_taken_for_them() {
        for (language, raw, code, bones) in [
            (Language::Rust, "a(\"http://x\") // b\nc", "a(\"http://x\") c", "a(\" \") c"),
            (Language::Rust, "/* a /* b */ c */ d", "d", "d"),
            (Language::Go, "/* a /* b */ c", "c", "c"),
            (Language::Rust, "r#\"a \" // b\"# c", "r#\"a \" // b\"# c", "r#\" \"# c"),
            (Language::Rust, "<'a>('\"', '\\'') // x", "<'a>('\"', '\\'')", "<'a>(' ', ' ')"),
            (Language::Rust, "\"a\n// b\" c", "\"a // b\" c", "\" \" c"),
            (Language::Go, "`a // b\n\\` // c\nd", "`a // b \\` d", "` ` d"),
            (Language::Script, "x = /[\"/]\\//; // a\ny", "x = /[\"/]\\//; y", "x = / /; y"),
            (Language::Script, "a / b / c // d", "a / b / c", "a / b / c"),
            (
                Language::Script,
                "`a ${b(`c ${d}`)} // e` // f",
                "`a ${b(`c ${d}`)} // e`",
                "` ${b(` ${d}`)} `",
            ),
            (Language::Script, "'it // x' + \"don't\" // y", "'it // x' + \"don't\"", "' ' + \" \""),
            (
                Language::Python,
                "\"\"\"a # b\n\"c\" \"\"\" # d\ne",
                "\"\"\"a # b \"c\" \"\"\" e",
                "\"\"\" \"\"\" e",
            ),
            (Language::Python, "a = 'x#y' # z", "a = 'x#y'", "a = ' '"),
            (Language::Ruby, "a \"#{b}\" # c", "a \"#{b}\"", "a \" \""),
            (Language::Php, "#[A] $a = 'b'; # c\n// d\ne", "#[A] $a = 'b'; e", "#[A] $a = ' '; e"),
            (Language::Php, "don't\n'a'; // b", "don't 'a';", "don' ' ';"),
            (Language::CSharp, "'\\'' + \"\\\"//\" // x", "'\\'' + \"\\\"//\"", "' ' + \" \""),
        ] {
            let (found_code, found_bones) = both(raw, language);
            assert_eq!(found_code, code, "{raw}");
            assert_eq!(found_bones, bones, "{raw}");
        }
    }

    #[test]
    fn open_ends_and_odd_bytes_are_read_to_the_end() {
        for raw in [
            "\"",
            "'",
            "`${",
            "`",
            "/*",
            "r#\"",
            "'\\",
            "é'é'",
            "\"\\",
            "/",
            "`a${`b${`",
            "b'\\u{1F4A9}'",
            "#",
            "'''",
        ] {
            for language in [Language::Rust, Language::Go, Language::Script, Language::Python, Language::Php]
            {
                let _ = both(raw, language);
            }
        }
        let _ = both(&"`${".repeat(10_000), Language::Script);
    }
}
