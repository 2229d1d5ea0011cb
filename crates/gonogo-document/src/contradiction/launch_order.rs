//! The launch is before the work that it waits for.

mod required;

use super::facts::word::says;
use super::facts::{Facts, Place, Role};
use super::kind::{Findings, Kind, Rule};
use crate::value::{self, Polarity};

pub(super) const RULE: Rule = Rule {
    id: "launch-order",
    kind: Kind::Impossible,
    why: "What must be done first cannot be due after the launch.",
    find,
};

const BEFORE: &[&str] = &[
    "before go-live",
    "before the go-live",
    "before launch",
    "before the launch",
    "finished before",
    "done before",
    "vor dem start",
    "vor der inbetriebnahme",
    "avant la mise en",
    "antes de la puesta",
    "voor livegang",
    "before opening",
    "before cutover",
    "before doors open",
];

fn find(facts: &Facts<'_>, findings: &mut Findings) {
    let Some(launch) = facts.launch_date() else { return };
    for grid in &facts.grids {
        let (Some(due), Some(status)) = (grid.column(Role::Due), grid.column(Role::Status)) else { continue };
        let title =
            format!("{} {}", facts.section(grid.section).title.plain.to_lowercase(), grid.header(grid.label));
        let is_first = says(
            &title,
            &[
                "block*",
                "task*",
                "before",
                "owners",
                "work",
                "prerequisite*",
                "must*",
                "open*",
                "aufgaben",
                "tâches",
                "tareas",
            ],
        );
        let is_after = says(&title, &["after", "later", "post-launch", "deferred", "follow-up"]);
        for row in grid.body().filter(|row| is_first && !is_after && !is_free(grid, row)) {
            let is_done = value::mark(row.cell(status)).is_some_and(|mark| mark.polarity() == Polarity::Good);
            let Some(date) = facts.calendar.dates(row.cell(due)).first().map(|found| found.value) else {
                continue;
            };
            if !is_done && date > launch.date {
                let message = format!(
                    "the launch is on {}, and «{}» is due on {date}",
                    launch.date,
                    row.cell(grid.label)
                );
                findings.certain(message, vec![launch.said.clone(), row.said()]);
            }
        }
    }
    without_state(facts, &launch, findings);
    required::find(facts, &launch, findings);
    for sentence in
        facts.sentences.iter().filter(|sentence| matches!(sentence.place, Place::Prose | Place::Item))
    {
        let last = facts.calendar.dates(&sentence.text.plain).into_iter().map(|found| found.value).max();
        if let (Some(date), true) = (last, says(&sentence.lower(), BEFORE))
            && date > launch.date
            && sentence.text.span != launch.said.span
        {
            let message = format!("the launch is on {}, and «{}»", launch.date, sentence.text.plain.trim());
            findings.certain(message, vec![launch.said.clone(), sentence.said()]);
        }
    }
}

/// Whether a row says that the launch does not wait for it.
fn is_free(grid: &super::facts::Grid<'_>, row: &super::facts::GridRow<'_>) -> bool {
    (0..grid.roles.len()).filter(|at| *at != grid.label).any(|at| {
        let cell = row.cell(at).to_lowercase();
        let asks = says(
            &grid.header(at),
            &["stop*", "block*", "before launch", "before go-live", "needed", "launch"],
        );
        asks && matches!(value::mark(&cell).and_then(|mark| mark.state), Some(value::State::No))
            || says(
                &cell,
                &["after launch", "after the launch", "after go-live", "post-launch", "nach dem start"],
            )
    })
}

/// Rows of things that must come first, in tables without a state.
fn without_state(facts: &Facts<'_>, launch: &super::facts::moment::Moment, findings: &mut Findings) {
    for grid in facts.grids.iter().filter(|grid| grid.column(Role::Status).is_none()) {
        let Some(due) = grid.column(Role::Due).or(grid.column(Role::End)) else { continue };
        let title = format!("{} {}", facts.titles(grid.section), grid.header(grid.label));
        let is_first = says(
            &title,
            &[
                "blocker*",
                "before launch",
                "before go-live",
                "conditions",
                "condition",
                "prerequisite*",
                "must fix",
                "must-fix",
                "voraussetzung*",
                "bedingungen",
                "prérequis",
                "requisitos",
                "voorwaarden",
            ],
        );
        let is_after = says(&title, &["after", "later", "post-launch", "deferred", "follow-up"]);
        for row in grid.body().filter(|row| is_first && !is_after && !is_free(grid, row)) {
            let date = facts.calendar.dates(row.cell(due)).last().map(|found| found.value);
            if let Some(date) = date.filter(|date| *date > launch.date) {
                findings.certain(
                    format!(
                        "the launch is on {}, and «{}» is due on {date}",
                        launch.date,
                        row.cell(grid.label)
                    ),
                    vec![launch.said.clone(), row.said()],
                );
            }
        }
    }
}

#[cfg(test)]
mod tests {
    use super::RULE;
    use crate::contradiction::trial::found;

    fn text(due: &str, state: &str) -> String {
        format!(
            "Target go-live 3 February 2026.\n\n## Blockers\n\n| Blocker | ETA | State |\n|---|---|---|\n| Firmware | {due} | {state} |\n"
        )
    }

    #[test]
    fn blockers_that_are_due_after_the_launch_are_found() {
        assert_eq!(found(&RULE, &text("2026-02-10", "Open")), ["certain 1,7"]);
        assert!(found(&RULE, &text("2026-01-20", "Open")).is_empty());
        assert!(found(&RULE, &text("2026-02-10", "Closed")).is_empty());
        assert!(
            found(&RULE, &text("2026-02-10", "Open").replace("Blockers", "Follow-up after launch"))
                .is_empty()
        );
    }

    #[test]
    fn work_that_must_end_before_and_does_not_is_found() {
        let text =
            "Go-live: 2025-10-04\n\nTraining runs to 2025-10-17; it must be finished before go-live.\n";
        assert_eq!(found(&RULE, &text.replace("; it", ", it")), ["certain 1,3"]);
    }
}
