//! The lineage of documents for a person at a terminal: what both assert, the states, then what asks
//! for a reader.

use gonogo_model::lineage::document::{
    Document, DocumentLineage, Entry, Kind, Mismatch, State, StatedSeverity,
};

use super::{CLAIMS, conclusion, id, is_counted_only, is_shown, known, left_out, lines, stated, where_it_is};
use crate::Style;
use crate::line::{Ink, Line};
use crate::page::Page;
use crate::words::cut;

/// The column in which titles begin.
const HANG: usize = 10;

pub(super) fn render(lineage: &DocumentLineage, style: Style) -> String {
    let mut page = Page::new(style);
    document(&mut page, "older", &lineage.before);
    document(&mut page, "newer", &lineage.after);
    lineage.doubts.iter().for_each(|doubt| page.put(0, &Line::new().ink(Ink::Warn, doubt)));
    left_out(lineage).iter().for_each(|said| page.put(0, &Line::new().ink(Ink::Warn, said)));
    page.blank();
    page.put(0, &counts(lineage));
    page.put(0, &Line::new().ink(if lineage.is_clean() { Ink::Good } else { Ink::Bad }, conclusion(lineage)));
    page.put(0, &Line::new().faint(CLAIMS));
    State::ALL.into_iter().for_each(|state| group(&mut page, lineage, state));
    mismatches(&mut page, lineage);
    figures(&mut page, lineage);
    page.finish()
}

fn document(page: &mut Page, name: &str, document: &Document) {
    let date = document.date.as_ref().map(|date| format!(" of {}", cut(date))).unwrap_or_default();
    let file = Line::new().strong(&document.file).plain(date);
    page.item(0, &Line::new().faint(name), 7, &file);
    let said = format!("asserts {}; score {}", stated(&document.verdicts), stated(&document.scores));
    page.put(7, &Line::from(said));
    let counts = format!("{} open, {} accepted, {} done", document.open, document.accepted, document.done);
    page.put(7, &Line::from(counts));
}

fn counts(lineage: &DocumentLineage) -> Line {
    let shown =
        State::ALL.into_iter().filter(|state| !is_counted_only(*state) || lineage.counts.of(*state) > 0);
    let said =
        shown.map(|state| Line::new().ink(ink(state), format!("{state} {}", lineage.counts.of(state))));
    Line::joined(said, ", ")
}

fn group(page: &mut Page, lineage: &DocumentLineage, state: State) {
    let shown = |entry: &&Entry| entry.state == state && is_shown(entry);
    let mut entries = lineage.entries.iter().filter(shown).peekable();
    if entries.peek().is_some() {
        let only = if is_counted_only(state) { "; only what changed is shown" } else { "" };
        page.heading(state.word(), Line::new().faint(format!("{}{only}", state.meaning())));
        entries.for_each(|entry| one(page, lineage, entry));
    }
}

fn one(page: &mut Page, lineage: &DocumentLineage, entry: &Entry) {
    let label = entry.severity.map_or_else(Line::new, severity);
    let id = id(entry).map(|id| format!("{} ", cut(id))).unwrap_or_default();
    let section = match (entry.kind, &entry.section) {
        (Kind::Item, Some(section)) => format!("{}, in {}", entry.kind.word(), cut(section)),
        _ => entry.kind.word().to_owned(),
    };
    let title = Line::new().faint(id).strong(cut(&entry.title)).faint(format!(" ({section})"));
    match label.is_empty() {
        true => page.put(HANG, &title),
        false => page.item(1, &label, HANG, &title),
    }
    page.put(HANG, &Line::from(where_it_is(lineage, entry)));
    known(entry).iter().for_each(|said| page.put(HANG, &Line::new().ink(Ink::Warn, cut_long(said))));
}

/// What is to be known names two texts, so it may be longer than a title.
fn cut_long(text: &str) -> String {
    const LONGEST: usize = 240;
    match text.char_indices().nth(LONGEST) {
        Some((end, _)) => format!("{}…", text.get(..end).unwrap_or_default()),
        None => text.to_owned(),
    }
}

fn mismatches(page: &mut Page, lineage: &DocumentLineage) {
    if lineage.mismatches.is_empty() {
        return;
    }
    page.heading("does not fit", Line::new().faint("what one document says and the other does not bear out"));
    for mismatch in &lineage.mismatches {
        let (ink, sure) = if mismatch.is_certain { (Ink::Bad, "certain") } else { (Ink::Warn, "likely") };
        page.item(1, &Line::new().ink(ink, sure), HANG, &Line::from(&mismatch.message));
        page.put(HANG, &Line::from(both_lines(lineage, mismatch)));
    }
}

fn both_lines(lineage: &DocumentLineage, mismatch: &Mismatch) -> String {
    let both = [lines(&lineage.before.file, &mismatch.before), lines(&lineage.after.file, &mismatch.after)];
    both.into_iter().flatten().collect::<Vec<_>>().join(" → ")
}

fn figures(page: &mut Page, lineage: &DocumentLineage) {
    if lineage.figures.is_empty() {
        return;
    }
    page.heading("stated differently", Line::new().faint("as asserted; nothing is subtracted"));
    for figure in &lineage.figures {
        let said = format!(": {} → {}", stated(&figure.before), stated(&figure.after));
        page.put(1, &Line::new().strong(cut(&figure.what)).plain(said));
    }
}

fn severity(severity: StatedSeverity) -> Line {
    let ink = match severity {
        StatedSeverity::Blocker | StatedSeverity::Critical | StatedSeverity::High => Ink::Bad,
        StatedSeverity::Medium => Ink::Warn,
        StatedSeverity::Low | StatedSeverity::Info => Ink::Plain,
    };
    Line::new().ink(ink, severity.word())
}

fn ink(state: State) -> Ink {
    match state {
        State::Vanished | State::Regressed | State::New => Ink::Bad,
        State::Accepted => Ink::Warn,
        State::Open => Ink::Plain,
        State::ClaimedFixed => Ink::Good,
        State::Untold | State::ToldDone | State::Unchanged => Ink::Faint,
    }
}
