//! Places in the file as it was written: lines and columns that an editor shows, also where the
//! text was repaired on the way in. It knows no Markdown.

use std::collections::BTreeMap;

use gonogo_model::place::Place;

/// A stretch of the original file. Lines and columns count from 1, columns in characters; the end
/// column is the one behind the last character.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct Span {
    /// First line.
    pub line: u32,
    /// Column of the first character.
    pub column: u32,
    /// Last line.
    pub end_line: u32,
    /// Column behind the last character.
    pub end_column: u32,
}

impl Span {
    /// Nothing, at the first character of the file.
    pub const START: Span = Span { line: 1, column: 1, end_line: 1, end_column: 1 };

    /// From the start of this stretch to the end of `other`.
    pub fn to(self, other: Span) -> Span {
        Span { end_line: other.end_line, end_column: other.end_column, ..self }
    }

    /// Whether `line` is in it.
    pub fn has_line(&self, line: u32) -> bool {
        (self.line..=self.end_line).contains(&line)
    }

    /// The place of its first line, for a diagnostic.
    pub fn place(&self) -> Place {
        let width = match self.line == self.end_line {
            true => self.end_column.saturating_sub(self.column).max(1),
            false => 1,
        };
        Place { line: self.line, column: self.column, width }
    }
}

impl std::fmt::Display for Span {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        write!(f, "{}:{}", self.line, self.column)
    }
}

/// Bytes between two known columns. A line may be ten million bytes long, so it is not counted
/// from its start each time.
const STEP: usize = 256;

/// How much longer or shorter repaired lines were: for each, the columns behind which the original
/// is that many characters further right (or left).
pub(crate) type Shifts = BTreeMap<u32, Vec<(u32, i64)>>;

/// Where each byte of the read text is in the original file.
#[derive(Debug, Default)]
pub(crate) struct Lines {
    starts: Vec<u32>,
    /// Which lines have characters of more than one byte.
    wide: Vec<bool>,
    /// Characters before each multiple of [`STEP`].
    counted: Vec<u32>,
    /// Lines that begin before each multiple of [`STEP`], or there.
    begun: Vec<u32>,
    shifts: Shifts,
}

impl Lines {
    /// The lines of `text`, with what its repair moved.
    pub(crate) fn of(text: &str, shifts: Shifts) -> Lines {
        let mut lines =
            Lines { starts: vec![0], wide: vec![false], counted: Vec::new(), begun: Vec::new(), shifts };
        let mut characters = 0;
        for (at, byte) in text.bytes().enumerate() {
            if at % STEP == 0 {
                lines.counted.push(characters);
                lines.begun.push(narrow(lines.starts.len()));
            }
            if is_start(byte) {
                characters += 1;
            } else if let Some(wide) = lines.wide.last_mut() {
                *wide = true;
            }
            if byte == b'\n' {
                lines.starts.push(narrow(at + 1));
                lines.wide.push(false);
            }
        }
        lines.counted.push(characters);
        lines
    }

    /// Line and column of the character at `byte` of `text`.
    pub(crate) fn at(&self, text: &str, byte: usize) -> (u32, u32) {
        let (line, column) = self.clean(text, byte);
        (line, self.original_column(line, column))
    }

    /// The stretch of the bytes `from..to`.
    pub(crate) fn span(&self, text: &str, from: usize, to: usize) -> Span {
        let (line, column) = self.at(text, from);
        let (end_line, end_column) = self.at(text, to.max(from));
        Span { line, column, end_line, end_column }
    }

    /// Whether the repair of the line of this byte moved columns.
    pub(crate) fn is_repaired(&self, text: &str, byte: usize) -> bool {
        !self.shifts.is_empty() && self.shifts.contains_key(&self.clean(text, byte).0)
    }

    fn clean(&self, text: &str, byte: usize) -> (u32, u32) {
        let byte = byte.min(text.len());
        let line = self.line(byte);
        let start = self.starts.get(line.saturating_sub(1)).map_or(0, |start| *start as usize);
        let before = match self.wide.get(line.saturating_sub(1)) {
            Some(true) => self.before(text, byte).saturating_sub(self.before(text, start)),
            _ => narrow(byte.saturating_sub(start)),
        };
        (narrow(line), before + 1)
    }

    /// How many lines begin before `byte`, or there.
    fn line(&self, byte: usize) -> usize {
        let step = byte / STEP;
        let begun = |step: usize| self.begun.get(step).map(|begun| *begun as usize);
        let from = begun(step).unwrap_or_default();
        let to = begun(step + 1).unwrap_or(self.starts.len());
        let near = self.starts.get(from..to).unwrap_or_default();
        from + near.partition_point(|start| *start as usize <= byte)
    }

    /// Characters before `byte`.
    fn before(&self, text: &str, byte: usize) -> u32 {
        let step = byte / STEP;
        let known = self.counted.get(step).copied().unwrap_or_default();
        let rest = text.as_bytes().get(step * STEP..byte).unwrap_or_default();
        known + narrow(rest.iter().filter(|byte| is_start(**byte)).count())
    }

    fn original_column(&self, line: u32, column: u32) -> u32 {
        let Some(shifts) = self.shifts.get(&line) else { return column };
        let before = shifts.partition_point(|(from, _)| *from <= column);
        let shift = before.checked_sub(1).and_then(|last| shifts.get(last)).map_or(0, |(_, shift)| *shift);
        u32::try_from(i64::from(column) + shift).unwrap_or(1).max(1)
    }
}

/// Not the rest of a character.
fn is_start(byte: u8) -> bool {
    byte & 0xC0 != 0x80
}

/// Texts are bounded far below this.
pub(crate) fn narrow(count: usize) -> u32 {
    u32::try_from(count).unwrap_or(u32::MAX)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn places_are_counted_in_characters() {
        let text = "a✅b\nü: x\n";
        let lines = Lines::of(text, Shifts::new());
        assert_eq!(lines.at(text, 0), (1, 1));
        assert_eq!(lines.at(text, 4), (1, 3));
        assert_eq!(lines.at(text, 6), (2, 1));
        assert_eq!(lines.at(text, 8), (2, 2));
        assert_eq!(lines.at(text, text.len()), (3, 1));
        assert_eq!(lines.at(text, 9_999), (3, 1));
    }

    #[test]
    fn long_lines_are_counted_from_near_by() {
        let text = "é".repeat(5_000);
        let lines = Lines::of(&text, Shifts::new());
        assert_eq!(lines.at(&text, 8_000), (1, 4_001));
    }

    #[test]
    fn every_byte_is_on_its_line() {
        for text in ["x\n".repeat(400), format!("{}\n\n{}\n", "y".repeat(255), "z".repeat(600))] {
            let lines = Lines::of(&text, Shifts::new());
            for byte in 0..=text.len() {
                let before = text[..byte].matches('\n').count();
                assert_eq!(lines.at(&text, byte).0 as usize, before + 1, "{byte}");
            }
        }
    }

    #[test]
    fn repaired_lines_keep_their_columns() {
        let shifts = Shifts::from([(1, vec![(4, 2)])]);
        let text = "ab✅c";
        let lines = Lines::of(text, shifts);
        assert_eq!(lines.at(text, 2), (1, 3));
        assert_eq!(lines.at(text, 5), (1, 6));
    }
}
