//! Parts of the report that are tables, as Markdown.

use crate::section::{Cell, Mood, Section};

use super::document::{Document, Table, cell_code, check_link, code, finding_link, listed, text};
use super::symbols;

/// A section, if there is one.
pub(crate) fn section(document: &mut Document, section: Option<Section>) {
    let Some(section) = section else { return };
    document.heading(2, section.title);
    section.notes.iter().for_each(|note| document.block(&text(note)));
    for part in section.parts {
        if let Some(title) = &part.title {
            document.heading(3, &text(title));
        }
        let mut table = Table::new(part.heading.iter().map(|name| text(name)));
        part.rows.iter().for_each(|row| table.row(row.iter().map(cell)));
        document.table(&table);
    }
}

fn cell(cell: &Cell) -> String {
    match cell {
        Cell::Text(data) => text(data),
        Cell::Code(data) => code(data),
        Cell::Word(mood, word) => format!("{} {}", symbol(*mood), text(word)),
        Cell::Call(call) => symbols::call(*call),
        Cell::Status(status) => symbols::status(*status),
        Cell::Severity(severity) => symbols::severity(*severity),
        Cell::Finding(id) => finding_link(id),
        Cell::Facts(facts) => facts.iter().map(|fact| cell_code(fact)).collect::<Vec<_>>().join(", "),
        Cell::Checks(checks) => {
            let said = checks.iter().map(|(check, status)| match status {
                Some(status) => format!("{} {}", symbols::status(*status), check_link(check)),
                None => check_link(check),
            });
            listed(said.collect())
        }
    }
}

fn symbol(mood: Mood) -> &'static str {
    match mood {
        Mood::Good => "✅",
        Mood::Warn => "⚠️",
        Mood::Bad => "❌",
        Mood::Calm => "➖",
    }
}
