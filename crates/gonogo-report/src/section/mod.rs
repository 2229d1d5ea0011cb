//! Parts of a report as tables, before they are Markdown or HTML: both forms show the same. A section
//! is there only when there is something in it.

mod category;
mod checklist;
mod conclusion;
mod entry;
mod glance;
mod launch;
mod problem;
mod seen;

use gonogo_model::register::Standing;
use gonogo_model::status::{Severity, Status};
use gonogo_model::verdict::{Call, Verdict};

/// A part of a report with a heading.
#[derive(Debug)]
pub(crate) struct Section {
    /// Where a link to it leads.
    pub(crate) id: &'static str,
    pub(crate) title: &'static str,
    /// Sentences before the tables.
    pub(crate) notes: Vec<String>,
    pub(crate) parts: Vec<Part>,
}

/// A table, under a heading of its own where a section has several.
#[derive(Debug)]
pub(crate) struct Part {
    pub(crate) title: Option<String>,
    pub(crate) caption: &'static str,
    pub(crate) heading: Vec<String>,
    pub(crate) rows: Vec<Vec<Cell>>,
}

/// What a colour or a symbol means; the word always stands beside it.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Mood {
    Good,
    Warn,
    Bad,
    Calm,
}

/// A cell, before it has a form. All text in it is data.
#[derive(Debug, Clone)]
pub(crate) enum Cell {
    Text(String),
    Code(String),
    Word(Mood, String),
    Call(Call),
    Status(Status),
    Severity(Severity),
    /// An open problem, by its id.
    Finding(String),
    /// What was measured, each as `name = value`.
    Facts(Vec<String>),
    /// Checks with what is said beside each.
    Checks(Vec<(String, Option<Status>)>),
}

impl Cell {
    fn text(text: impl ToString) -> Cell {
        Cell::Text(text.to_string())
    }

    /// The text, or what stands where there is none.
    fn or(text: Option<impl ToString>, none: &str) -> Cell {
        Cell::Text(text.map_or_else(|| none.to_owned(), |text| text.to_string()))
    }

    fn check(check: Option<&String>) -> Cell {
        match check {
            Some(check) => Cell::Checks(vec![(check.clone(), None)]),
            None => Cell::text("none"),
        }
    }
}

/// The answer to the question of each category.
pub(crate) fn categories(verdict: &Verdict) -> Option<Section> {
    category::section(verdict)
}

/// What goes wrong, and what holds then.
pub(crate) fn scenarios(verdict: &Verdict) -> Option<Section> {
    category::scenarios(verdict)
}

/// What keeps the launch from happening, and what only lowers the score.
pub(crate) fn dispositions(verdict: &Verdict) -> Option<Section> {
    problem::dispositions(verdict)
}

/// What the open work takes, by severity and by how soon it has to be done.
pub(crate) fn efforts(verdict: &Verdict) -> Option<Section> {
    problem::efforts(verdict)
}

/// How many entries of each register stand how.
pub(crate) fn glance(verdict: &Verdict) -> Option<Section> {
    glance::section(verdict)
}

/// Every item that was looked at.
pub(crate) fn seen(verdict: &Verdict) -> Option<Section> {
    seen::section(verdict)
}

/// What may be said of each category.
pub(crate) fn conclusion(verdict: &Verdict) -> Option<Section> {
    conclusion::section(verdict)
}

/// What people track on the way: blockers, decisions, phases, checklists.
pub(crate) fn tracked(verdict: &Verdict) -> Vec<Section> {
    let registers = &verdict.registers;
    let sections = [
        entry::blockers(registers),
        entry::decisions(registers),
        entry::phases(registers),
        checklist::section(registers),
    ];
    sections.into_iter().flatten().collect()
}

/// How it is launched.
pub(crate) fn plan(verdict: &Verdict) -> Option<Section> {
    launch::plan(verdict)
}

/// Whether the launch is authorised.
pub(crate) fn authorisation(verdict: &Verdict) -> Option<Section> {
    launch::authorisation(verdict)
}

fn part(caption: &'static str, heading: &[&str], rows: Vec<Vec<Cell>>) -> Part {
    let heading = heading.iter().map(|name| (*name).to_owned()).collect();
    Part { title: None, caption, heading, rows }
}

fn mood(standing: Standing) -> Mood {
    match standing {
        Standing::Proven => Mood::Good,
        Standing::Attested => Mood::Warn,
        Standing::Open | Standing::Unproven => Mood::Bad,
    }
}
