//! Parts of the report that are tables, as HTML.

use gonogo_model::status::Status;

use crate::section::{Cell, Mood, Section};
use crate::words::is_long;

use super::markup::{Element, check_link, code, element, folded};
use super::parts::{self, Table, Tone, pill, span};

/// A section of the page.
pub(crate) fn section(section: Section) -> Element {
    let notes = section.notes.iter().map(|note| element("p").class("note").text(note));
    let mut page = parts::section(section.id, section.title).children(notes);
    for part in section.parts {
        if let Some(title) = &part.title {
            page = page.child(element("h3").text(title));
        }
        let mut table = Table::new(part.caption, part.heading.iter().map(String::as_str));
        part.rows.iter().for_each(|row| table.row(element("tr"), row.iter().map(cell)));
        page = page.child(table.finish());
    }
    page
}

fn cell(cell: &Cell) -> Element {
    match cell {
        Cell::Text(data) => span(data),
        Cell::Code(data) => code(data),
        Cell::Word(mood, word) => pill(tone(*mood), word),
        Cell::Call(call) => pill(parts::of_call(*call), &format!("{} {call}", parts::call_mark(*call))),
        Cell::Status(status) => parts::status(*status),
        Cell::Severity(severity) => parts::severity(*severity),
        Cell::Facts(facts) => span("").children(facts.iter().map(|fact| code(fact).class("fact"))),
        Cell::Finding(id) => element("a").to("finding", id).child(code(id)),
        Cell::Checks(checks) => {
            let links = linked(checks);
            if is_long(checks.len()) { folded(links) } else { links }
        }
    }
}

fn linked(checks: &[(String, Option<Status>)]) -> Element {
    checks.iter().enumerate().fold(span(""), |line, (at, (check, status))| {
        let line = if at > 0 { line.text(", ") } else { line };
        let line = match status {
            Some(status) => line.child(parts::status(*status)).text(" "),
            None => line,
        };
        line.child(check_link(check))
    })
}

fn tone(mood: Mood) -> Tone {
    match mood {
        Mood::Good => Tone::Good,
        Mood::Warn => Tone::Warn,
        Mood::Bad => Tone::Bad,
        Mood::Calm => Tone::Calm,
    }
}
