//! From bytes to text: the encoding, what was broken, and what was read wrongly before and could
//! be repaired. Nothing is lost silently. It knows no Markdown.

mod mojibake;

use crate::place::{Lines, Shifts, Span, narrow};

/// Bytes that are read; the rest is skipped and said so.
pub const MOST_BYTES: usize = 32 * 1024 * 1024;
/// Places that are listed of each kind; all are counted.
const MOST_PLACES: usize = 100;

/// How the bytes of a file stand for text.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub enum Encoding {
    /// UTF-8.
    #[default]
    Utf8,
    /// UTF-16, the low byte first.
    Utf16Little,
    /// UTF-16, the high byte first.
    Utf16Big,
    /// One byte a character, taken to be Windows-1252 because it is no UTF-8.
    Windows1252,
}

/// A text, and what had to be done to read it.
#[derive(Debug, Clone, PartialEq, Eq, Default)]
pub struct Decoded {
    /// The text, with repairs, without byte order mark, with `\n` or `\r\n` behind each line.
    pub text: String,
    /// How it was stored.
    pub encoding: Encoding,
    /// It starts with a byte order mark.
    pub byte_order_mark: bool,
    /// How many stretches of bytes are no text. Each became one replacement character.
    pub broken: u32,
    /// Where the first of them are.
    pub broken_at: Vec<Span>,
    /// How many stretches of text were read in a wrong encoding before, and are repaired.
    pub repaired: u32,
    /// The first of them.
    pub repairs: Vec<Repair>,
    /// Bytes behind [`MOST_BYTES`], which were not read.
    pub skipped_bytes: usize,
}

/// A stretch of text that had been read in a wrong encoding.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Repair {
    /// Where, in the file as it is.
    pub at: Span,
    /// What stands there.
    pub was: String,
    /// What was meant.
    pub now: String,
    /// A byte was lost on the way, and only one known sign fits.
    pub lossy: bool,
}

/// Reads bytes as text.
pub(crate) fn decode(bytes: &[u8]) -> (Decoded, Lines) {
    at_most(bytes, MOST_BYTES)
}

fn at_most(bytes: &[u8], most: usize) -> (Decoded, Lines) {
    let skipped_bytes = bytes.len().saturating_sub(most);
    let bytes = bytes.get(..most).unwrap_or(bytes);
    let mut decoded = Decoded { skipped_bytes, ..Decoded::default() };
    let raw = match bytes {
        [0xEF, 0xBB, 0xBF, rest @ ..] => {
            decoded.byte_order_mark = true;
            utf8(rest, &mut decoded)
        }
        [0xFF, 0xFE, rest @ ..] => utf16(rest, Encoding::Utf16Little, &mut decoded),
        [0xFE, 0xFF, rest @ ..] => utf16(rest, Encoding::Utf16Big, &mut decoded),
        _ => utf8(bytes, &mut decoded),
    };
    let raw = lone_returns_are_breaks(raw);
    note_broken(&raw, &mut decoded);
    let mut shifts = Shifts::new();
    decoded.text = repaired(raw, &mut decoded, &mut shifts);
    let lines = Lines::of(&decoded.text, shifts);
    (decoded, lines)
}

fn utf8(bytes: &[u8], decoded: &mut Decoded) -> String {
    if let Ok(text) = std::str::from_utf8(bytes) {
        return text.to_owned();
    }
    let several = bytes.utf8_chunks().any(|chunk| !chunk.valid().is_ascii());
    if !several {
        // Nothing in it is UTF-8 beyond ASCII: an old single-byte encoding.
        decoded.encoding = Encoding::Windows1252;
        return bytes.iter().map(|byte| mojibake::windows_1252(*byte)).collect();
    }
    let mut text = String::with_capacity(bytes.len());
    for chunk in bytes.utf8_chunks() {
        text.push_str(chunk.valid());
        if !chunk.invalid().is_empty() {
            decoded.broken += 1;
            text.push(char::REPLACEMENT_CHARACTER);
        }
    }
    text
}

fn utf16(bytes: &[u8], encoding: Encoding, decoded: &mut Decoded) -> String {
    decoded.encoding = encoding;
    decoded.byte_order_mark = true;
    let (pairs, odd) = bytes.as_chunks::<2>();
    let units = pairs.iter().map(|pair| match encoding {
        Encoding::Utf16Big => u16::from_be_bytes(*pair),
        _ => u16::from_le_bytes(*pair),
    });
    let mut text = String::with_capacity(bytes.len() / 2);
    for unit in char::decode_utf16(units) {
        text.push(unit.unwrap_or_else(|_| {
            decoded.broken += 1;
            char::REPLACEMENT_CHARACTER
        }));
    }
    if !odd.is_empty() {
        decoded.broken += 1;
        text.push(char::REPLACEMENT_CHARACTER);
    }
    text
}

/// Old systems end lines with `\r` alone.
fn lone_returns_are_breaks(text: String) -> String {
    if !text.contains('\r') {
        return text;
    }
    let mut next = text.chars().skip(1).chain(std::iter::once(' '));
    text.chars()
        .map(|letter| match (letter, next.next()) {
            ('\r', Some('\n')) => '\r',
            ('\r', _) => '\n',
            _ => letter,
        })
        .collect()
}

fn note_broken(text: &str, decoded: &mut Decoded) {
    if decoded.broken == 0 {
        return;
    }
    for (number, line) in (1..).zip(text.split('\n')) {
        for (at, _) in line.match_indices(char::REPLACEMENT_CHARACTER) {
            if decoded.broken_at.len() == MOST_PLACES {
                return;
            }
            let column = narrow(line.get(..at).unwrap_or_default().chars().count()) + 1;
            let at = Span { line: number, column, end_line: number, end_column: column + 1 };
            decoded.broken_at.push(at);
        }
    }
}

fn repaired(raw: String, decoded: &mut Decoded, shifts: &mut Shifts) -> String {
    if raw.is_ascii() || !mojibake::may_have(&raw) {
        return raw;
    }
    let mut text = String::with_capacity(raw.len());
    for (number, line) in (1..).zip(raw.split('\n')) {
        if number > 1 {
            text.push('\n');
        }
        let Some((whole, repairs)) = mojibake::repaired(line) else {
            text.push_str(line);
            continue;
        };
        text.push_str(&whole);
        let mut moved = 0;
        for repair in repairs {
            let (was, now) = (narrow(repair.was.chars().count()), narrow(repair.now.chars().count()));
            let at = Span {
                line: number,
                column: repair.column,
                end_line: number,
                end_column: repair.column + was,
            };
            let clean = i64::from(repair.column) - moved + i64::from(now);
            moved += i64::from(was) - i64::from(now);
            shifts.entry(number).or_default().push((u32::try_from(clean).unwrap_or(1), moved));
            decoded.repaired += 1;
            if decoded.repairs.len() < MOST_PLACES {
                decoded.repairs.push(Repair { at, was: repair.was, now: repair.now, lossy: repair.lossy });
            }
        }
    }
    text
}

#[cfg(test)]
mod tests {
    use super::*;

    fn read(bytes: &[u8]) -> Decoded {
        decode(bytes).0
    }

    #[test]
    fn encodings_are_told_apart() {
        assert_eq!(read("ü ✅".as_bytes()).text, "ü ✅");
        let marked = read(b"\xEF\xBB\xBF# x");
        assert!(marked.byte_order_mark && marked.text == "# x");
        let little = read(b"\xFF\xFE#\0 \0\x05\x27");
        assert_eq!((little.text.as_str(), little.encoding), ("# ✅", Encoding::Utf16Little));
        let big = read(b"\xFE\xFF\0#\x27\x05\xD8");
        assert_eq!((big.text.as_str(), big.broken), ("#✅\u{FFFD}", 1));
        let old = read(b"f\xFCr");
        assert_eq!((old.text.as_str(), old.encoding), ("für", Encoding::Windows1252));
    }

    #[test]
    fn broken_bytes_are_counted_and_placed() {
        let decoded = read("ü\nab\u{0}".as_bytes());
        assert_eq!(decoded.broken, 0);
        let decoded = read(b"\xC3\xBC\nab\xFF\xFEc");
        assert_eq!((decoded.text.as_str(), decoded.broken), ("ü\nab\u{FFFD}\u{FFFD}c", 2));
        assert_eq!(decoded.broken_at[0], Span { line: 2, column: 3, end_line: 2, end_column: 4 });
    }

    #[test]
    fn all_line_ends_count() {
        assert_eq!(read(b"a\rb\r\nc").text, "a\nb\r\nc");
        assert_eq!(read(b"a\r").text, "a\n");
    }

    #[test]
    fn repairs_say_where_and_keep_columns() {
        let (decoded, lines) = decode("x\nab âœ… cd âœ… e".as_bytes());
        assert_eq!(decoded.text, "x\nab ✅ cd ✅ e");
        assert_eq!(decoded.repaired, 2);
        assert_eq!(decoded.repairs[1].at, Span { line: 2, column: 11, end_line: 2, end_column: 14 });
        let last = decoded.text.find('e').unwrap();
        assert_eq!(lines.at(&decoded.text, last), (2, 15));
        assert_eq!(lines.at(&decoded.text, decoded.text.find("cd").unwrap()), (2, 8));
    }

    #[test]
    fn what_is_too_long_is_said() {
        let (decoded, _) = at_most(b"0123456789", 7);
        assert_eq!((decoded.text.as_str(), decoded.skipped_bytes), ("0123456", 3));
    }
}
