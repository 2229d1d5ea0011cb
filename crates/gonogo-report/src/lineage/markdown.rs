//! The lineage for a pull request: both answers, the states, then a row for each finding.

use gonogo_model::lineage::{Answer, Entry, Lineage, Standing, State};

use super::{conclusion, doubts};
use crate::markdown::document::{Document, Table, code, text};
use crate::markdown::{summary, symbols};

pub(super) fn render(lineage: &Lineage) -> String {
    let mut document = Document::default();
    document.heading(1, &format!("Lineage of {}", text(&lineage.after.system)));
    let mut table = Table::new(["", "Verdict", "Score", "Looked at", "Environment", "Judged at", "Spec"]);
    table.row(answer("Before", &lineage.before));
    table.row(answer("After", &lineage.after));
    document.table(&table);
    doubts(lineage).iter().for_each(|doubt| document.block(&format!("**{doubt}**")));
    counts(&mut document, lineage);
    document.block(conclusion(lineage));
    entries(&mut document, lineage);
    lost(&mut document, lineage);
    document.finish()
}

fn answer(name: &str, answer: &Answer) -> [String; 7] {
    [
        format!("**{name}**"),
        symbols::call(answer.call),
        summary::score(&answer.score),
        format!("{} of {} checks", answer.coverage.looked, answer.coverage.planned),
        text(&answer.environment),
        answer.judged_at.to_string(),
        code(answer.spec.short()),
    ]
}

fn counts(document: &mut Document, lineage: &Lineage) {
    let mut table = Table::new(State::ALL.map(title));
    table.row(State::ALL.map(|state| lineage.counts.of(state).to_string()));
    document.table(&table);
}

fn entries(document: &mut Document, lineage: &Lineage) {
    if lineage.entries.is_empty() {
        return document.block("Neither has a finding.");
    }
    document.heading(2, "Findings");
    let mut table =
        Table::new(["State", "Severity", "What must be true", "Finding", "Where", "Why this state"]);
    lineage.entries.iter().for_each(|entry| table.row(row(entry)));
    document.table(&table);
}

fn row(entry: &Entry) -> [String; 6] {
    let severity = |standing: Standing| {
        let accepted = if standing.accepted { ", accepted" } else { "" };
        format!("{}{accepted}", symbols::severity(standing.severity))
    };
    [
        format!("**{}**", entry.state),
        entry.after.or(entry.before).map(severity).unwrap_or_default(),
        text(&entry.title),
        code(&entry.finding),
        entry.location.as_ref().map(|location| code(&location.to_string())).unwrap_or_default(),
        text(&entry.why),
    ]
}

fn lost(document: &mut Document, lineage: &Lineage) {
    if lineage.lost.is_empty() {
        return;
    }
    document.heading(2, "Lost checks");
    document.block("These passed before and are not looked at now, so nothing is known about them.");
    let mut table = Table::new(["Check", "What must be true", "Severity", "Now", "Why"]);
    for lost in &lineage.lost {
        table.row([
            code(&lost.check),
            text(&lost.title),
            lost.severity.word().to_owned(),
            lost.status.map_or("gone".to_owned(), symbols::status),
            text(&lost.why),
        ]);
    }
    document.table(&table);
}

fn title(state: State) -> &'static str {
    match state {
        State::Regressed => "Regressed",
        State::New => "New",
        State::Vanished => "Vanished",
        State::Open => "Open",
        State::Fixed => "Fixed",
    }
}
