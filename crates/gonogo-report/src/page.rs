//! A page of terminal text: wraps words with a hanging indent, lines up columns, adds colour.
//! It knows nothing of verdicts.

use anstyle::{AnsiColor, Effects};

use crate::Style;
use crate::clean;
use crate::line::{Ink, Line, Word};

/// The least width a page is laid out for.
const NARROWEST: usize = 40;
/// A cell wider than this stands on a line of its own.
const WIDEST_CELL: usize = 30;
/// Spaces between columns.
const GAP: usize = 2;

#[derive(Debug)]
pub(crate) struct Page {
    colour: bool,
    width: usize,
    text: String,
}

impl Page {
    pub(crate) fn new(style: Style) -> Page {
        Page { colour: style.colour, width: style.width.max(NARROWEST), text: String::new() }
    }

    pub(crate) fn finish(self) -> String {
        self.text
    }

    /// An empty line, never two in a row and never at the top.
    pub(crate) fn blank(&mut self) {
        if !self.text.is_empty() && !self.text.ends_with("\n\n") {
            self.text.push('\n');
        }
    }

    /// A line across the page.
    pub(crate) fn rule(&mut self, ink: Ink) {
        let rule = "━".repeat(self.width);
        self.write(ink, &rule);
        self.text.push('\n');
    }

    /// A heading after an empty line, with something beside it.
    pub(crate) fn heading(&mut self, title: &str, beside: Line) {
        self.blank();
        let title = Line::new().strong(title.to_uppercase());
        self.item(0, &title, title.width() + 3, &beside);
    }

    /// A line, wrapped; every part of it starts at column `indent`.
    pub(crate) fn put(&mut self, indent: usize, line: &Line) {
        self.item(indent, &Line::new(), indent, line);
    }

    /// A label at column `indent`, then text that starts at column `hang` on every line.
    /// A label too wide for its place gets lines of its own.
    pub(crate) fn item(&mut self, indent: usize, label: &Line, hang: usize, line: &Line) {
        if label.is_empty() {
            return self.fill(hang, hang, line.words());
        }
        let fits = indent + label.width() < hang;
        self.fill(indent, hang, label.words());
        if fits && !line.is_empty() {
            self.text.pop();
            self.space(hang - indent - label.width());
            self.fill_from(hang, hang, line.words());
        } else if !line.is_empty() {
            self.fill(hang, hang, line.words());
        }
    }

    /// A command as it must be typed: never wrapped, because a broken command is another command.
    pub(crate) fn command(&mut self, indent: usize, command: &str) {
        for line in clean::lines(command) {
            self.space(indent);
            self.write(Ink::Command, line.trim_end());
            self.text.push('\n');
        }
    }

    /// Rows with their cells lined up; the last cell of a row wraps.
    pub(crate) fn table(&mut self, indent: usize, rows: &[Vec<Line>]) {
        let leading = rows.iter().map(|row| row.len().saturating_sub(1)).max().unwrap_or(0);
        let widths: Vec<usize> = (0..leading).map(|column| widest(rows, column)).collect();
        rows.iter().for_each(|row| self.row(indent, row, &widths));
    }

    fn row(&mut self, indent: usize, row: &[Line], widths: &[usize]) {
        let Some((last, leading)) = row.split_last() else { return };
        let hang = indent + widths.iter().map(|width| width + GAP).sum::<usize>();
        let fits = leading.iter().zip(widths).all(|(cell, width)| cell.width() <= *width);
        if !fits || hang + WIDEST_CELL / 2 > self.width {
            self.fill(indent, indent + GAP, Line::joined(leading.iter().cloned(), " ").words());
            return self.fill(indent + 2 * GAP, indent + 2 * GAP, last.words());
        }
        let start = self.text.len();
        self.space(indent);
        for (cell, width) in leading.iter().zip(widths) {
            self.words_in_a_row(&cell.words());
            self.space(width - cell.width() + GAP);
        }
        self.fill_from(hang, hang, last.words());
        self.trim_row(start);
    }

    /// Takes away the spaces after the last filled cell.
    fn trim_row(&mut self, start: usize) {
        let kept = self.text[start..].trim_end().len();
        self.text.truncate(start + kept);
        self.text.push('\n');
    }

    /// Words, the first line from column `first`, the others from column `hang`.
    fn fill(&mut self, first: usize, hang: usize, words: Vec<Word>) {
        if words.is_empty() {
            return;
        }
        self.space(first);
        self.fill_from(first, hang, words);
    }

    /// The same when the cursor is already at column `at`.
    fn fill_from(&mut self, at: usize, hang: usize, words: Vec<Word>) {
        let mut column = at;
        let mut fresh = true;
        for word in words {
            if !fresh && column + 1 + word.width > self.width {
                self.text.push('\n');
                self.space(hang);
                (column, fresh) = (hang, true);
            }
            if !fresh {
                self.text.push(' ');
                column += 1;
            }
            word.pieces.iter().for_each(|(ink, text)| self.write(*ink, text));
            column += word.width;
            fresh = false;
        }
        self.text.push('\n');
    }

    fn words_in_a_row(&mut self, words: &[Word]) {
        for (nth, word) in words.iter().enumerate() {
            self.space(usize::from(nth > 0));
            word.pieces.iter().for_each(|(ink, text)| self.write(*ink, text));
        }
    }

    fn space(&mut self, columns: usize) {
        self.text.extend(std::iter::repeat_n(' ', columns));
    }

    fn write(&mut self, ink: Ink, text: &str) {
        let style = if self.colour { ansi(ink) } else { anstyle::Style::new() };
        self.text.push_str(&format!("{style}{text}{style:#}"));
    }
}

/// The widest cell of a column that is not too wide for a column.
fn widest(rows: &[Vec<Line>], column: usize) -> usize {
    let leading = rows.iter().filter(|row| column + 1 < row.len());
    leading.map(|row| row[column].width()).filter(|width| *width <= WIDEST_CELL).max().unwrap_or(0)
}

fn ansi(ink: Ink) -> anstyle::Style {
    let coloured = |colour: AnsiColor| anstyle::Style::new().fg_color(Some(colour.into()));
    match ink {
        Ink::Plain => anstyle::Style::new(),
        Ink::Strong => anstyle::Style::new().effects(Effects::BOLD),
        Ink::Faint => anstyle::Style::new().effects(Effects::DIMMED),
        Ink::Good => coloured(AnsiColor::Green).effects(Effects::BOLD),
        Ink::Warn => coloured(AnsiColor::Yellow).effects(Effects::BOLD),
        Ink::Bad => coloured(AnsiColor::Red).effects(Effects::BOLD),
        Ink::Command => coloured(AnsiColor::Cyan),
    }
}
