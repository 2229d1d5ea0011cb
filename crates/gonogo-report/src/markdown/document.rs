//! A Markdown document and the only ways into it: what a judged system says is escaped here,
//! so that no name or message can start a heading, a cell, a link or HTML.

use crate::clean;
use crate::words::{FOLDED, is_long, slug};

/// Blocks, each with an empty line around it.
#[derive(Debug, Default)]
pub(crate) struct Document {
    text: String,
}

impl Document {
    /// A heading. `title` is Markdown.
    pub(crate) fn heading(&mut self, level: usize, title: &str) {
        self.block(&format!("{} {title}", "#".repeat(level)));
    }

    /// A paragraph, list or table that is already Markdown.
    pub(crate) fn block(&mut self, markdown: &str) {
        if !self.text.is_empty() {
            self.text.push('\n');
        }
        self.text.push_str(markdown.trim_end());
        self.text.push('\n');
    }

    /// A table, unless it has no row.
    pub(crate) fn table(&mut self, table: &Table) {
        if !table.rows.is_empty() {
            self.block(&table.markdown());
        }
    }

    pub(crate) fn finish(self) -> String {
        self.text
    }
}

/// Rows that all have as many cells as the heading.
#[derive(Debug)]
pub(crate) struct Table {
    heading: Vec<String>,
    rows: Vec<Vec<String>>,
}

impl Table {
    /// A table with these headings.
    pub(crate) fn new<T: Into<String>>(heading: impl IntoIterator<Item = T>) -> Table {
        Table { heading: heading.into_iter().map(Into::into).collect(), rows: Vec::new() }
    }

    /// One more row; cells are Markdown. Missing cells are empty, too many are joined to the last.
    pub(crate) fn row<T: Into<String>>(&mut self, cells: impl IntoIterator<Item = T>) {
        let mut cells: Vec<String> = cells.into_iter().map(Into::into).collect();
        let width = self.heading.len();
        if cells.len() > width {
            let last = cells.split_off(width.saturating_sub(1)).join(" ");
            cells.push(last);
        }
        cells.resize(width, String::new());
        self.rows.push(cells);
    }

    /// Whether it has no row.
    pub(crate) fn is_empty(&self) -> bool {
        self.rows.is_empty()
    }

    fn markdown(&self) -> String {
        let line = |cells: &[String]| format!("| {} |\n", cells.join(" | "));
        let dashes: Vec<String> = self.heading.iter().map(|_| "---".to_owned()).collect();
        let rows = self.rows.iter().map(|row| line(row));
        [line(&self.heading), line(&dashes)].into_iter().chain(rows).collect()
    }
}

/// Data as plain text in one line: every character stands for itself, but a `name` in backticks
/// is code, as the judge writes it.
pub(crate) fn text(data: &str) -> String {
    let line = clean::line(data);
    let characters: Vec<char> = line.trim().chars().collect();
    let mut escaped = String::with_capacity(line.len());
    let mut code_until = 0;
    for (at, c) in characters.iter().enumerate() {
        if at >= code_until {
            code_until = end_of_code(&characters, at).unwrap_or(0);
        }
        if at < code_until {
            escaped.push(*c);
            continue;
        }
        if is_special(*c) || (*c == '_' && !is_inside_word(&characters, at)) {
            escaped.push('\\');
        }
        escaped.push(*c);
    }
    escaped
}

/// Data as code in one line, inside and outside of tables. Data that cannot be code in both
/// places becomes escaped text.
pub(crate) fn code(data: &str) -> String {
    let line = clean::line(data);
    let line = line.trim();
    match line.is_empty() || line.contains(['|', '`', '\\']) {
        true => text(line),
        false => format!("`{line}`"),
    }
}

/// The same inside a table cell, where a pipe in code is escaped.
pub(crate) fn cell_code(data: &str) -> String {
    let line = clean::line(data);
    let line = line.trim();
    match line.is_empty() || line.contains(['`', '\\']) {
        true => text(line),
        false => format!("`{}`", line.replace('|', r"\|")),
    }
}

/// Data as a fenced block, each line after `indent` spaces; the fence is longer than any in it.
pub(crate) fn fenced(data: &str, language: &str, indent: usize) -> String {
    let lines = clean::lines(data);
    let longest = lines.iter().map(|line| longest_run(line)).max().unwrap_or(0);
    let fence = "`".repeat(longest.max(2) + 1);
    let before = " ".repeat(indent);
    let mut block = format!("{before}{fence}{language}\n");
    lines.iter().for_each(|line| block.push_str(&format!("{before}{line}\n")));
    block.push_str(&format!("{before}{fence}"));
    block
}

/// A place to link to. `kind` keeps checks and findings apart.
pub(crate) fn anchor(kind: &str, id: &str) -> String {
    format!("<a id=\"{kind}-{}\"></a>", slug(id))
}

/// A link to the place of a finding.
pub(crate) fn finding_link(id: &str) -> String {
    format!("[{}](#finding-{})", code(id), slug(id))
}

/// A link to the place of a check.
pub(crate) fn check_link(id: &str) -> String {
    format!("[{}](#check-{})", code(id), slug(id))
}

/// Links to several checks.
pub(crate) fn check_links(ids: &[String]) -> String {
    listed(ids.iter().map(|id| check_link(id)).collect())
}

/// What is said of several checks, in one line; folded away where they are many.
pub(crate) fn listed(checks: Vec<String>) -> String {
    let line = checks.join(", ");
    match is_long(checks.len()) {
        true => format!("<details><summary>{FOLDED}</summary>{line}</details>"),
        false => line,
    }
}

fn is_special(c: char) -> bool {
    matches!(c, '\\' | '`' | '*' | '[' | ']' | '<' | '>' | '|' | '~' | '&' | '#' | '$' | '!')
}

/// Where code that starts at `at` ends, when it is one plain name between single backticks.
fn end_of_code(characters: &[char], at: usize) -> Option<usize> {
    let is_tick = |at: Option<usize>| at.and_then(|at| characters.get(at)) == Some(&'`');
    if !is_tick(Some(at)) || is_tick(at.checked_sub(1)) {
        return None;
    }
    let is_name = |c: &&char| c.is_ascii_alphanumeric() || matches!(c, '-' | '_' | '.' | '/');
    let close = at + 1 + characters[at + 1..].iter().take_while(is_name).count();
    let closes = close > at + 1 && is_tick(Some(close)) && !is_tick(Some(close + 1));
    closes.then_some(close + 1)
}

/// An underscore between two letters or digits is not emphasis: `JWT_SECRET` stays readable.
fn is_inside_word(characters: &[char], at: usize) -> bool {
    let is_word =
        |at: Option<usize>| at.and_then(|at| characters.get(at)).is_some_and(|c| c.is_alphanumeric());
    is_word(at.checked_sub(1)) && is_word(at.checked_add(1))
}

fn longest_run(line: &str) -> usize {
    line.split(|c| c != '`').map(str::len).max().unwrap_or(0)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn data_stands_for_itself() {
        assert_eq!(text("JWT_SECRET is set"), "JWT_SECRET is set");
        assert_eq!(text("a|b <b> `c d` _d_ [e](f)"), r"a\|b \<b\> \`c d\` \_d\_ \[e\](f)");
        assert_eq!(text("# one\n# two"), r"\# one \# two");
        assert_eq!(text("the gate `pre-gate` fell"), "the gate `pre-gate` fell");
        assert_eq!(text("``a` `b`` `c d` `"), r"\`\`a\` \`b\`\` \`c d\` \`");
        assert_eq!(code("a.b"), "`a.b`");
        assert_eq!(code("a || b"), r"a \|\| b");
        assert_eq!(cell_code("a || b"), r"`a \|\| b`");
        assert_eq!(cell_code(r"a \| b"), r"a \\\| b");
        assert_eq!(code(""), "");
    }

    #[test]
    fn a_fence_cannot_be_closed_from_inside() {
        assert_eq!(fenced("a\n````\nb", "sh", 0), "`````sh\na\n````\nb\n`````");
    }

    #[test]
    fn every_row_has_the_cells_of_the_heading() {
        let mut table = Table::new(["a", "b"]);
        table.row(["1"]);
        table.row(["1", "2", "3"]);
        assert_eq!(table.markdown(), "| a | b |\n| --- | --- |\n| 1 |  |\n| 1 | 2 3 |\n");
    }
}
