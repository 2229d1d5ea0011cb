//! The surroundings of a place in source text: the literal that stands there, the arguments of a
//! call, the rest of an expression. It knows brackets and quotes, and no library.

use std::ops::Range;

use super::language::Language;
use super::text::Text;

/// Bytes of one call or expression that are looked at.
const LONGEST: usize = 4_096;
/// Bytes of a name that is taken for one.
const LONGEST_NAME: usize = 300;

/// A place where a form of a library starts.
#[derive(Debug, Clone, Copy)]
pub(super) struct Site<'t> {
    pub(super) text: &'t Text,
    /// Where the form starts.
    pub(super) at: usize,
    /// Behind the words of the form.
    pub(super) after: usize,
    /// Whether the file is a setting of a tool that builds or tests.
    pub(super) is_of_tool: bool,
}

/// A literal text without its quotes.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) struct Literal<'t> {
    pub(super) value: &'t str,
    /// Where its first quote is.
    pub(super) start: usize,
    /// Behind its last quote.
    pub(super) end: usize,
}

impl<'t> Site<'t> {
    pub(super) fn language(&self) -> Language {
        self.text.language
    }

    /// Whether the form stands in code, not in a string or a comment.
    pub(super) fn is_code(&self) -> bool {
        let is_same = |at: usize| byte(&self.text.bones, at) == byte(&self.text.code, at);
        byte(&self.text.bones, self.at) > b' ' && is_same(self.at)
    }

    /// Whether the form stands in code that a string holds: `"{os.environ['X']}"`.
    pub(super) fn is_in_template(&self) -> bool {
        matches!(self.language(), Language::Python | Language::Ruby | Language::Jvm | Language::CSharp)
            && self.owner_start().checked_sub(1).is_some_and(|before| byte(&self.text.code, before) == b'{')
    }

    /// Where the names before the form start: that of `os.` in `os.environ`.
    fn owner_start(&self) -> usize {
        let before = self.text.code.get(..self.at).unwrap_or_default();
        let owner = before.bytes().rev().take(LONGEST_NAME).take_while(|b| is_word_byte(*b) || *b == b'.');
        self.at - owner.count()
    }

    /// Whether the form stands in a comment.
    pub(super) fn is_comment(&self) -> bool {
        byte(&self.text.code, self.at) <= b' '
    }

    /// The first place at or behind `at` that is no space.
    pub(super) fn skip(&self, at: usize) -> usize {
        let rest = self.text.code.as_bytes().get(at..).unwrap_or_default();
        at + rest.iter().take(LONGEST).take_while(|byte| byte.is_ascii_whitespace()).count()
    }

    pub(super) fn starts(&self, at: usize, word: &str) -> bool {
        self.text.code.get(at..).is_some_and(|rest| rest.starts_with(word))
    }

    pub(super) fn byte(&self, at: usize) -> u8 {
        byte(&self.text.code, at)
    }

    /// The literal at `at`, spaces before it aside. One with values put into it is none.
    pub(super) fn literal(&self, at: usize) -> Option<Literal<'t>> {
        let start = self.skip(at);
        let code = self.text.code.as_str();
        let (quote, prefix) = self.quote(start)?;
        let open = start + prefix;
        let rest = code.get(open + 1..)?;
        let bytes = rest.as_bytes();
        let end = (0..bytes.len().min(LONGEST)).find(|&at| {
            let escaped = at.checked_sub(1).is_some_and(|before| byte(rest, before) == b'\\');
            byte(rest, at) == quote && !escaped
        })?;
        let value = rest.get(..end)?;
        let interpolated = match self.language() {
            Language::Script => quote == b'`' && value.contains("${"),
            Language::Python => code.get(start..open).is_some_and(|p| p.contains(['f', 'F'])),
            Language::Ruby | Language::Elixir => value.contains("#{"),
            Language::Jvm => value.starts_with('$') && quote == b'"' && !value.starts_with("${"),
            Language::CSharp => code.get(start..open).is_some_and(|prefix| prefix.contains('$')),
            Language::Php => quote == b'"' && value.contains('$'),
            _ => false,
        };
        (!interpolated && !value.contains('\n')).then_some(Literal { value, start, end: open + end + 2 })
    }

    /// The quote of a literal at `at` and the bytes of what stands before it.
    fn quote(&self, at: usize) -> Option<(u8, usize)> {
        let is_prefix = |byte: u8| match self.language() {
            Language::Python => b"rRbBuUfF".contains(&byte),
            Language::Rust => b"rb#".contains(&byte),
            Language::CSharp => b"@$".contains(&byte),
            _ => false,
        };
        let prefix = (0..4).take_while(|&length| is_prefix(self.byte(at + length))).count();
        let quote = self.byte(at + prefix);
        let is_quote = match self.language() {
            Language::Rust | Language::Jvm | Language::CSharp | Language::C | Language::Elixir => {
                quote == b'"'
            }
            Language::Go => matches!(quote, b'"' | b'`'),
            Language::Script => matches!(quote, b'"' | b'\'' | b'`'),
            _ => matches!(quote, b'"' | b'\''),
        };
        is_quote.then_some((quote, prefix))
    }

    /// The word at `at`.
    pub(super) fn word(&self, at: usize) -> &'t str {
        let rest = self.text.code.get(at..).unwrap_or_default();
        let length = rest.bytes().take(LONGEST_NAME).take_while(|byte| is_word_byte(*byte)).count();
        rest.get(..length).unwrap_or_default()
    }

    /// The word that ends at `at`.
    pub(super) fn word_before(&self, at: usize) -> &'t str {
        let before = self.text.code.get(..at).unwrap_or_default();
        let length = before.bytes().rev().take(LONGEST_NAME).take_while(|byte| is_word_byte(*byte)).count();
        before.get(before.len() - length..).unwrap_or_default()
    }

    /// The number at `at`, spaces before it aside, and where it ends.
    pub(super) fn number(&self, at: usize) -> Option<(u64, usize)> {
        let start = self.skip(at);
        let word = self.word(start);
        let plain: String = word.chars().filter(|c| *c != '_').collect();
        let length = plain.bytes().take_while(u8::is_ascii_digit).count();
        let (digits, kind) = plain.split_at_checked(length)?;
        let is_number = matches!(kind, "" | "u16" | "L" | "l");
        is_number.then(|| Some((digits.parse().ok()?, start + word.len()))).flatten()
    }

    /// The arguments between the bracket at `open` and the one that closes it.
    pub(super) fn arguments(&self, open: usize) -> Option<Vec<Range<usize>>> {
        let bones = self.text.bones.as_bytes().get(open..)?;
        if !bones.first().is_some_and(|byte| b"([{".contains(byte)) {
            return None;
        }
        let (mut depth, mut start, mut found) = (0_usize, open + 1, Vec::new());
        for (at, byte) in bones.iter().enumerate().take(LONGEST) {
            match byte {
                b'(' | b'[' | b'{' => depth += 1,
                b')' | b']' | b'}' => {
                    depth = depth.checked_sub(1)?;
                    if depth == 0 {
                        found.push(start..open + at);
                        return Some(found);
                    }
                }
                b',' if depth == 1 => {
                    found.push(start..open + at);
                    start = open + at + 1;
                }
                _ => {}
            }
        }
        None
    }

    /// The code of a range without its comments.
    pub(super) fn code(&self, range: &Range<usize>) -> &'t str {
        self.text.code.get(range.clone()).unwrap_or_default()
    }

    /// Up to `length` bytes of bones behind `at`.
    pub(super) fn bones(&self, at: usize, length: usize) -> &'t str {
        let bones = self.text.bones.as_str();
        let mut end = at.saturating_add(length).min(bones.len());
        while end > at && !bones.is_char_boundary(end) {
            end -= 1;
        }
        bones.get(at..end).unwrap_or_default()
    }

    /// Up to `length` bytes of bones before `at`.
    pub(super) fn bones_before(&self, at: usize, length: usize) -> &'t str {
        let bones = self.text.bones.as_str();
        let mut start = at.saturating_sub(length);
        while start < at && !bones.is_char_boundary(start) {
            start += 1;
        }
        bones.get(start..at).unwrap_or_default()
    }

    /// The rest of the expression that goes on behind `at`, without what is in strings.
    pub(super) fn tail(&self, at: usize) -> &'t str {
        let rest = self.bones(at, 400);
        let mut depth = 0_usize;
        for (place, byte) in rest.bytes().enumerate() {
            match byte {
                b'(' | b'[' | b'{' => depth += 1,
                b')' | b']' | b'}' if depth == 0 => return rest.get(..place).unwrap_or_default(),
                b')' | b']' | b'}' => depth -= 1,
                b';' | b',' if depth == 0 => return rest.get(..place).unwrap_or_default(),
                b'\n' if depth == 0 && self.language().ends_with_the_line() => {
                    let next = rest.get(place..).unwrap_or_default().trim_start();
                    let goes_on = [".", "||", "??", "?.", "?:", "or ", "|>"];
                    let before = rest.get(..place).unwrap_or_default().trim_end();
                    let is_open = ["||", "??", " or", "?"].iter().any(|end| before.ends_with(end));
                    if !is_open && !goes_on.iter().any(|start| next.starts_with(start)) {
                        return rest.get(..place).unwrap_or_default();
                    }
                }
                _ => {}
            }
        }
        rest
    }
}

pub(super) fn is_word_byte(byte: u8) -> bool {
    byte.is_ascii_alphanumeric() || byte == b'_' || byte == b'$'
}

fn byte(text: &str, at: usize) -> u8 {
    text.as_bytes().get(at).copied().unwrap_or_default()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_stands_at_a_place_is_read() {
        let text = Text::of("f(\"a,b\", [1, 2], 'c') || 3, d\nlisten(8_080u16)", Language::Script);
        let site = Site { text: &text, at: 0, after: 2, is_of_tool: false };
        assert_eq!(site.literal(2).map(|literal| literal.value), Some("a,b"));
        let arguments = site.arguments(1).unwrap();
        let shown: Vec<&str> = arguments.iter().map(|range| site.code(range).trim()).collect();
        assert_eq!(shown, ["\"a,b\"", "[1, 2]", "'c'"]);
        assert_eq!(site.tail(arguments[2].end + 1).trim(), "|| 3");
        let number = text.code.find("8_080").unwrap();
        assert_eq!(site.number(number).map(|(number, _)| number), Some(8080));
        assert_eq!((site.word(0), site.word_before(1)), ("f", "f"));
        assert_eq!(site.literal(usize::MAX), None);
        assert_eq!(site.arguments(0), None);
    }
}
