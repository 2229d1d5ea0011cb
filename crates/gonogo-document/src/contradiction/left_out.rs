//! What of a document the rules did not look at, because it is more than people write. A document
//! without an entry here was compared whole.

use super::facts::{Facts, claim, grid, item, open, sentence};
use crate::outline::{Block, Outline, Text};
use crate::place::Span;

/// Something that the rules did not look at.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct LeftOut {
    /// What, and how much of it was looked at, as a sentence without full stop.
    pub what: String,
    /// Where the first is that was not, as far as one place can say it.
    pub at: Option<Span>,
}

impl std::fmt::Display for LeftOut {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.write_str(&self.what)?;
        self.at.map_or(Ok(()), |at| write!(f, ", as in line {}", at.line))
    }
}

/// Things of a kind from which on rules that compare each with each take the first ones only.
const MOST_IN_PAIRS: usize = 300;

pub(super) fn of(facts: &Facts<'_>) -> Vec<LeftOut> {
    let left = |what: &str, most: usize, at: Option<Span>| LeftOut {
        what: format!("no more than {most} {what} are compared"),
        at,
    };
    let mut found = Vec::new();
    if let Some(span) = table_behind(facts.outline, grid::MOST_TABLES) {
        found.push(left("tables", grid::MOST_TABLES, Some(span)));
    }
    found.extend(facts.grids.iter().filter_map(|grid| {
        let row = grid.table.rows.get(grid::MOST_ROWS)?;
        Some(left("rows of a table", grid::MOST_ROWS, Some(row.span)))
    }));
    if facts.sentences.len() >= sentence::MOST {
        let last = facts.sentences.last().map(|sentence| sentence.text.span);
        found.push(left("sentences", sentence::MOST, last));
    }
    if let Some(span) = long_text(facts.outline) {
        let what = format!("a sentence of more than {} bytes is not compared", sentence::LONGEST);
        found.push(LeftOut { what, at: Some(span) });
    }
    if let Some(span) = group_behind(facts) {
        found.push(left("rows, or twice as many list items,", item::MOST, Some(span)));
    }
    if facts.items.len() > item::MOST * 2 {
        let last = facts.items.last().map(|item| item.said.span);
        found.push(left("rows, list items and headings", item::MOST * 2, last));
    }
    if facts.claims.len() >= claim::MOST {
        let last = facts.claims.last().and_then(|claim| facts.sentences.get(claim.sentence));
        found.push(left("numbers of things", claim::MOST, last.map(|sentence| sentence.text.span)));
    }
    if facts.read.len() >= open::MOST {
        let last = facts.read.last().map(|item| item.said.span);
        found.push(left("problems in sections", open::MOST, last));
    }
    if facts.items.len() > MOST_IN_PAIRS {
        found.push(left("things of a kind, or fewer,", MOST_IN_PAIRS, None));
    }
    found
}

/// A rule that found more than is kept.
pub(super) fn of_rule(rule: &str, most: usize) -> LeftOut {
    LeftOut { what: format!("no more than {most} contradictions of the rule {rule} are kept"), at: None }
}

fn table_behind(outline: &Outline, most: usize) -> Option<Span> {
    let tables = outline.blocks().filter(|(_, block)| matches!(block, Block::Table(_)));
    tables.map(|(_, block)| block.span()).nth(most)
}

/// The first text that is longer than a sentence can be, as far as it is not made of several.
fn long_text(outline: &Outline) -> Option<Span> {
    let is_long = |text: &&Text| text.plain.len() > sentence::LONGEST && !text.plain.contains(". ");
    outline.blocks().find_map(|(_, block)| match block {
        Block::Paragraph(text) => Some(text).filter(is_long).map(|text| text.span),
        Block::List(list) => list.items.iter().map(|item| &item.text).find(is_long).map(|text| text.span),
        Block::Table(table) => {
            table.rows.iter().flat_map(|row| &row.cells).find(is_long).map(|text| text.span)
        }
        Block::Code(code) => code.lines.iter().find(is_long).map(|text| text.span),
        _ => None,
    })
}

/// The first table or list whose rows or items are no things.
fn group_behind(facts: &Facts<'_>) -> Option<Span> {
    let tables = facts.groups.iter().filter(|group| group.grid.is_some()).count();
    let lists = facts.groups.len() - tables;
    let table = facts.grids.get(tables).map(|grid| grid.table.span);
    let all = facts.outline.blocks().filter(|(_, block)| matches!(block, Block::List(_)));
    table.or_else(|| all.map(|(_, block)| block.span()).nth(lists))
}

#[cfg(test)]
mod tests {
    use crate::contradiction::facts::Facts;
    use crate::contradiction::search;
    use crate::read;

    fn left_out(text: &str) -> Vec<String> {
        let report = read(text.as_bytes());
        super::of(&Facts::of(&report)).iter().map(ToString::to_string).collect()
    }

    #[test]
    fn what_is_too_much_is_said_with_its_line() {
        let table = |rows: usize| format!("| a | b |\n|---|---|\n{}", "| x y | z |\n".repeat(rows));
        assert!(left_out(&table(200)).is_empty());
        let pairs = "no more than 300 things of a kind, or fewer, are compared";
        assert_eq!(left_out(&table(500)), [pairs]);
        assert_eq!(
            left_out(&table(5_001)),
            ["no more than 5000 rows of a table are compared, as in line 5003", pairs]
        );
        let found = left_out(&"| a | b |\n|---|---|\n| x y | z |\n\n".repeat(1_001));
        assert!(
            found.contains(&"no more than 1000 tables are compared, as in line 4001".to_owned()),
            "{found:?}"
        );
        let found = left_out(&format!("{}\n{}", "- x\n".repeat(20_001), "para\n\n".repeat(20_001)));
        assert!(found.iter().any(|left| left.contains("twice as many list items")), "{found:?}");
        assert!(found.iter().any(|left| left.contains("sentences")), "{found:?}");
    }

    #[test]
    fn a_rule_that_finds_too_much_is_named() {
        let table = |at: u32| {
            format!("| Part | Count |\n|---|---|\n| hall | {at} |\n| roof | 2 |\n| Total | {} |\n\n", at + 9)
        };
        let found = search(&read((0..205).map(table).collect::<String>().as_bytes())).left_out;
        assert!(found.iter().any(|left| left.what.contains("of the rule column-total")), "{found:?}");
    }
}
