//! Tables that are drawn with spaces and dashes in a fence, as programs print them: lines of code in,
//! a table out. It knows no words.

use std::ops::Range;

use super::{Block, Code, Row, Table, Text};
use crate::place::Span;

/// Languages of fences in which people draw.
const PLAIN: [&str; 7] = ["", "text", "txt", "plain", "plaintext", "table", "console"];
/// A table of more columns is a picture.
const MOST_COLUMNS: usize = 40;

/// The blocks that a fence is: what stands before its table, the table, what stands behind it. None
/// when there is no table in it.
pub(super) fn blocks(code: &Code) -> Option<Vec<Block>> {
    if !PLAIN.contains(&code.language.as_str()) {
        return None;
    }
    let rule = (1..code.lines.len()).find(|at| {
        columns(&line(code, *at)).is_some_and(|found| found.len() >= 2)
            && !is_rule(&line(code, at - 1))
            && !line(code, at - 1).trim().is_empty()
    })?;
    let columns = columns(&line(code, rule))?;
    let is_ruled = line(code, rule).contains(is_upright) && line(code, rule - 1).contains(is_upright);
    let cut = |at: usize| cells(code.lines.get(at), &columns, is_ruled);
    let header = cut(rule - 1);
    let end =
        (rule + 1..code.lines.len()).find(|at| line(code, *at).trim().is_empty()).unwrap_or(code.lines.len());
    let rows: Vec<Row> = (rule + 1..end)
        .filter(|at| !is_rule(&line(code, *at)))
        .map(|at| Row { cells: cut(at), span: code.lines.get(at).map(|text| text.span).unwrap_or_default() })
        .collect();
    let wide = |row: &&Row| row.cells.iter().filter(|cell| !cell.is_empty()).count() >= 2;
    let named = header.iter().filter(|cell| !cell.is_empty()).count();
    if named < 2 || rows.is_empty() || rows.iter().filter(wide).count() * 2 <= rows.len() {
        return None;
    }
    let before = if rule >= 2 && is_rule(&line(code, rule - 2)) { rule - 2 } else { rule - 1 };
    let first = code.lines.get(rule - 1).map(|text| text.span).unwrap_or_default();
    let last = code.lines.get(end - 1).map(|text| text.span).unwrap_or_default();
    let span = Span { end_line: last.end_line, end_column: last.end_column, ..first };
    let mut found = Vec::new();
    found.extend(rest(code, 0..before));
    found.push(Block::Table(Table { header, rows, span }));
    found.extend(rest(code, end..code.lines.len()));
    Some(found)
}

/// Lines beside the table, if there is anything in them.
fn rest(code: &Code, lines: Range<usize>) -> Option<Block> {
    let kept: Vec<Text> = code.lines.get(lines)?.to_vec();
    let is_told = kept.iter().any(|line| !line.is_empty() && !is_rule(&line.plain));
    let (first, last) = (kept.first()?.span, kept.last()?.span);
    let span = Span { end_line: last.end_line, end_column: last.end_column, ..first };
    is_told.then(|| Block::Code(Code { language: code.language.clone(), lines: kept, span }))
}

fn line(code: &Code, at: usize) -> String {
    code.lines.get(at).map(|line| line.plain.clone()).unwrap_or_default()
}

fn is_dash(letter: char) -> bool {
    matches!(letter, '-' | '=' | '─' | '━' | '═' | '–' | '—')
}

fn is_upright(letter: char) -> bool {
    matches!(letter, '|' | '+' | '│' | '┃' | '║' | '┼' | '╪' | '╬' | '├' | '┤' | '┬' | '┴')
}

/// A line of dashes, spaces and corners.
fn is_rule(line: &str) -> bool {
    line.contains(is_dash)
        && line.chars().all(|letter| {
            is_dash(letter) || is_upright(letter) || matches!(letter, ' ' | ':' | '┌' | '┐' | '└' | '┘')
        })
}

/// The columns under a line of dashes, in characters: each run of at least two.
fn columns(line: &str) -> Option<Vec<Range<usize>>> {
    if !is_rule(line) {
        return None;
    }
    let mut found: Vec<Range<usize>> = Vec::new();
    for (at, letter) in line.chars().enumerate() {
        match found.last_mut() {
            _ if !is_dash(letter) => {}
            Some(last) if last.end == at => last.end += 1,
            _ => found.push(at..at + 1),
        }
    }
    (found.iter().all(|run| run.len() >= 2) && found.len() <= MOST_COLUMNS).then_some(found)
}

/// The cells of a line. Where upright lines stand, they are the borders; else each word is in the
/// column that it lies under.
fn cells(line: Option<&Text>, columns: &[Range<usize>], is_ruled: bool) -> Vec<Text> {
    let Some(line) = line else { return Vec::new() };
    let bytes = if is_ruled { by_borders(&line.plain) } else { by_place(&line.plain, columns) };
    let cut = |range: Option<&Range<usize>>| range.map(|range| line.slice(range.clone())).unwrap_or_default();
    let empty = || Text { span: line.span, ..Text::default() };
    let all = (0..columns.len()).map(|at| cut(bytes.get(at)));
    all.map(|cell| if cell.plain.is_empty() { empty() } else { cell }).collect()
}

fn by_borders(line: &str) -> Vec<Range<usize>> {
    let start = line.len() - line.trim_start().trim_start_matches(is_upright).len();
    let mut found = Vec::new();
    let mut from = start;
    for (at, letter) in line.char_indices().filter(|(at, letter)| *at >= start && is_upright(*letter)) {
        found.push(from..at);
        from = at + letter.len_utf8();
    }
    if line.get(from..).is_some_and(|rest| !rest.trim().is_empty()) {
        found.push(from..line.len());
    }
    found
}

fn by_place(line: &str, columns: &[Range<usize>]) -> Vec<Range<usize>> {
    let mut found: Vec<Range<usize>> = vec![0..0; columns.len()];
    let letters: Vec<(usize, char)> = line.char_indices().collect();
    let mut at = 0;
    while at < letters.len() {
        let word = letters.iter().skip(at).take_while(|(_, letter)| !letter.is_whitespace()).count();
        if word > 0 {
            let byte = |at: usize| letters.get(at).map_or(line.len(), |(byte, _)| *byte);
            let column = column_of(&(at..at + word), columns);
            if let Some(cell) = found.get_mut(column) {
                let start = if cell.start == cell.end { byte(at) } else { cell.start };
                *cell = start..byte(at + word);
            }
        }
        at += word.max(1);
    }
    found
}

/// The column that most of a word lies under, else the last one that begins before it.
fn column_of(word: &Range<usize>, columns: &[Range<usize>]) -> usize {
    let under = |column: &Range<usize>| word.end.min(column.end).saturating_sub(word.start.max(column.start));
    let most = columns.iter().enumerate().max_by_key(|(at, column)| (under(column), usize::MAX - at));
    match most.filter(|(_, column)| under(column) > 0) {
        Some((at, _)) => at,
        None => columns.iter().rposition(|column| column.start <= word.start).unwrap_or_default(),
    }
}

#[cfg(test)]
mod tests {
    use crate::outline::Block;

    fn table(text: &str) -> Option<Vec<String>> {
        let report = crate::read(text.as_bytes());
        let found = report.outline.blocks().find_map(|(_, block)| match block {
            Block::Table(table) => Some(table.clone()),
            _ => None,
        })?;
        let join = |cells: &[crate::outline::Text]| {
            cells.iter().map(|cell| cell.plain.as_str()).collect::<Vec<_>>().join("|")
        };
        let rows = found.rows.iter().map(|row| format!("{} {}", row.span.line, join(&row.cells)));
        Some(std::iter::once(join(&found.header)).chain(rows).collect())
    }

    #[test]
    fn tables_that_programs_print_are_tables() {
        let spaced = "```\nName         Open  Note\n-----------  ----  -----------\nbig gateway    12  not tried yet\nlamp                fine\n-----------  ----  -----------\nAll            12\n```\n";
        let rows = ["Name|Open|Note", "4 big gateway|12|not tried yet", "5 lamp||fine", "7 All|12|"];
        assert_eq!(table(spaced).unwrap(), rows);
        let ruled = "```text\n id | state \n----+-------\n  1 | done\n 22 | open\n```\n";
        assert_eq!(table(ruled).unwrap(), ["id|state", "4 1|done", "5 22|open"]);
        let boxed = "```\n+----+------+\n| Nr | Was  |\n+====+======+\n| 1  | Tür  |\n| 2  | Dach |\n+----+------+\n```\n";
        assert_eq!(table(boxed).unwrap(), ["Nr|Was", "5 1|Tür", "6 2|Dach"]);
        let markdown = "```\n| A | B |\n|---|---|\n| x | a long one |\n| y | z |\n```\n";
        assert_eq!(table(markdown).unwrap(), ["A|B", "4 x|a long one", "5 y|z"]);
    }

    #[test]
    fn other_fences_stay_code() {
        for text in [
            "```sh\na  b\n-- --\n1  2\n```\n",
            "```\nTitle\n-----\ntext\n```\n",
            "```\na -- b\n```\n",
            "```\n┌────┐\n│ DB │\n└────┘\n```\n",
        ] {
            assert_eq!(table(text), None, "{text}");
        }
    }
}
