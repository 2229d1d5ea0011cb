//! Open problems by what they do to the verdict, and what it takes to solve them.

use gonogo_model::schedule::WorkSum;
use gonogo_model::verdict::{Disposition, Finding, Verdict};

use super::{Cell, Part, Section, part};
use crate::words;

/// What keeps the launch from happening, and what only lowers the score. Accepted risks have a
/// section of their own.
pub(super) fn dispositions(verdict: &Verdict) -> Option<Section> {
    let heading =
        ["Finding", "Severity", "What must be true and is not", "Impact", "Next action", "Effort", "Done by"];
    let of = |disposition: Disposition, title: &str| {
        let findings = verdict.findings.iter().filter(|finding| finding.disposition == Some(disposition));
        let rows: Vec<Vec<Cell>> = findings.map(|finding| row(verdict, finding)).collect();
        (!rows.is_empty())
            .then(|| Part { title: Some(title.to_owned()), ..part("Open findings", &heading, rows) })
    };
    let parts: Vec<Part> = [
        of(Disposition::MustFix, "Must be fixed before launch"),
        of(Disposition::MayWait, "May wait when the score allows"),
    ]
    .into_iter()
    .flatten()
    .collect();
    let note = "The first keep the launch from happening whatever the score is. The others lower the score; none \
                of them is a risk that somebody accepted.";
    let notes = vec![note.to_owned()];
    (!parts.is_empty()).then_some(Section { id: "must-fix", title: "Must fix, and may wait", notes, parts })
}

fn row(verdict: &Verdict, finding: &Finding) -> Vec<Cell> {
    let action = words::action_for(verdict, finding);
    let fix = finding.fix.as_ref();
    vec![
        Cell::Finding(finding.id.clone()),
        Cell::Severity(finding.severity),
        Cell::text(&finding.title),
        Cell::or(finding.impact.as_ref(), "not said"),
        Cell::or(action.map(|action| action.number), "none"),
        Cell::or(fix.and_then(|fix| fix.effort), "no estimate"),
        Cell::or(fix.and_then(|fix| fix.owner.as_ref()), "nobody"),
    ]
}

/// The actions by severity of what they solve, and by how soon they have to be done.
pub(super) fn efforts(verdict: &Verdict) -> Option<Section> {
    let schedule = &verdict.schedule;
    let severities = schedule.by_severity.iter().map(|load| {
        let findings = [Cell::Severity(load.severity), Cell::text(load.findings)];
        findings.into_iter().chain(sum(&load.work)).collect()
    });
    let priorities = schedule.by_priority.iter().map(|load| {
        let priority = [Cell::text(words::capital(load.priority.word()))];
        priority.into_iter().chain(sum(&load.work)).collect()
    });
    let work = ["Actions", "Effort", "Without an estimate"];
    let heading = |first: &[&'static str]| [first, work.as_slice()].concat();
    let parts = [
        part("What solves the open findings", &heading(&["Severity", "Open findings"]), severities.collect()),
        part("What is to be done how soon", &heading(&["When"]), priorities.collect()),
    ];
    let parts: Vec<Part> = parts.into_iter().filter(|part| !part.rows.is_empty()).collect();
    let note = "Work of people, added up. How long it takes from now on, with each owner doing one thing at a time, \
                the critical path says.";
    let notes = vec![note.to_owned()];
    (!parts.is_empty()).then_some(Section { id: "effort", title: "Estimated effort", notes, parts })
}

fn sum(work: &WorkSum) -> [Cell; 3] {
    [Cell::text(work.number), Cell::text(work.effort), Cell::text(work.without_estimate)]
}
