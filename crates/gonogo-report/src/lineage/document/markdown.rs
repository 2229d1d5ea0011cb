//! The lineage of documents for a pull request: what both assert, the states, then a row for each
//! thing that is not as it was.

use gonogo_model::lineage::document::{Document, DocumentLineage, Entry, State};

use super::{CLAIMS, conclusion, id, is_shown, known, left_out, lines, stated, where_it_is};
use crate::markdown::document::{Document as Page, Table, code, text};

pub(super) fn render(lineage: &DocumentLineage) -> String {
    let mut page = Page::default();
    let title = lineage.after.title.as_ref().unwrap_or(&lineage.after.file);
    page.heading(1, &format!("Lineage of {}", text(title)));
    let mut table = Table::new(["", "File", "Date", "Asserted", "Score", "Open", "Accepted", "Done"]);
    table.row(document("Older", &lineage.before));
    table.row(document("Newer", &lineage.after));
    page.table(&table);
    lineage
        .doubts
        .iter()
        .chain(&left_out(lineage))
        .for_each(|said| page.block(&format!("**{}**", text(said))));
    counts(&mut page, lineage);
    page.block(conclusion(lineage));
    page.block(CLAIMS);
    State::ALL.into_iter().for_each(|state| group(&mut page, lineage, state));
    mismatches(&mut page, lineage);
    figures(&mut page, lineage);
    page.finish()
}

fn document(name: &str, document: &Document) -> [String; 8] {
    [
        format!("**{name}**"),
        code(&document.file),
        document.date.as_deref().map(text).unwrap_or_default(),
        text(&stated(&document.verdicts)),
        text(&stated(&document.scores)),
        document.open.to_string(),
        document.accepted.to_string(),
        document.done.to_string(),
    ]
}

fn counts(page: &mut Page, lineage: &DocumentLineage) {
    let mut table = Table::new(State::ALL.map(title));
    table.row(State::ALL.map(|state| lineage.counts.of(state).to_string()));
    page.table(&table);
}

fn group(page: &mut Page, lineage: &DocumentLineage, state: State) {
    let mut table = Table::new(["Severity", "What", "Kind", "Where", "To know"]);
    let entries = lineage.entries.iter().filter(|entry| entry.state == state && is_shown(entry));
    entries.for_each(|entry| table.row(row(lineage, entry)));
    if !table.is_empty() {
        page.heading(2, &title(state));
        page.block(&format!("{}.", sentence(state.meaning())));
        page.table(&table);
    }
}

fn row(lineage: &DocumentLineage, entry: &Entry) -> [String; 5] {
    let id = id(entry).map(|id| format!("{} ", code(id))).unwrap_or_default();
    let known: Vec<String> = known(entry).iter().map(|said| text(said)).collect();
    [
        entry.severity.map(|severity| severity.word().to_owned()).unwrap_or_default(),
        format!("{id}{}", text(&entry.title)),
        entry.kind.word().to_owned(),
        text(&where_it_is(lineage, entry)),
        known.join("; "),
    ]
}

fn mismatches(page: &mut Page, lineage: &DocumentLineage) {
    let mut table = Table::new(["", "What does not fit", "Older", "Newer"]);
    for mismatch in &lineage.mismatches {
        table.row([
            if mismatch.is_certain { "**certain**" } else { "likely" }.to_owned(),
            text(&mismatch.message),
            lines(&lineage.before.file, &mismatch.before).as_deref().map(text).unwrap_or_default(),
            lines(&lineage.after.file, &mismatch.after).as_deref().map(text).unwrap_or_default(),
        ]);
    }
    if !table.is_empty() {
        page.heading(2, "Does not fit");
        page.table(&table);
    }
}

fn figures(page: &mut Page, lineage: &DocumentLineage) {
    let mut table = Table::new(["As asserted", "Older", "Newer"]);
    for figure in &lineage.figures {
        table.row([text(&figure.what), text(&stated(&figure.before)), text(&stated(&figure.after))]);
    }
    if !table.is_empty() {
        page.heading(2, "Stated differently");
        page.table(&table);
    }
}

fn title(state: State) -> String {
    sentence(state.word())
}

/// With a capital letter at its start.
fn sentence(text: &str) -> String {
    let mut letters = text.chars();
    letters.next().map(|first| first.to_uppercase().chain(letters).collect()).unwrap_or_default()
}
