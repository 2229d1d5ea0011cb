//! A phase that is open although what it waits for is not done.

mod required;
mod told;

use super::facts::need::{self, Need};
use super::facts::{Facts, Role};
use super::kind::{Findings, Kind, Rule};
use crate::value::{self, State};

pub(super) const RULE: Rule = Rule {
    id: "phase-open",
    kind: Kind::Verdict,
    why: "A phase opens when what it waits for is done, and not before.",
    find,
};

fn find(facts: &Facts<'_>, findings: &mut Findings) {
    told::find(facts, findings);
    required::find(facts, findings);
    for grid in &facts.grids {
        let (Some(needs), Some(status)) = (grid.column(Role::Needs), grid.column(Role::Status)) else {
            continue;
        };
        for Need { row, on, .. } in need::of_table(grid, needs) {
            let (Some(row), Some(other)) = (grid.rows.get(row), on.and_then(|at| grid.rows.get(at))) else {
                continue;
            };
            let state = |cell: &str| value::mark(cell).and_then(|mark| mark.state);
            let waits = matches!(
                state(other.cell(status)),
                Some(State::NotStarted | State::Pending | State::Blocked | State::Fail)
            );
            let begun = matches!(
                state(row.cell(status)),
                Some(State::Open | State::InProgress | State::Done | State::Pass)
            );
            if waits && begun {
                let message = format!(
                    "«{}» is {}, and waits for «{}», which is {}",
                    row.cell(grid.label),
                    row.cell(status),
                    other.cell(grid.label),
                    other.cell(status)
                );
                findings.certain(message, vec![row.said(), other.said()]);
            }
        }
    }
}

#[cfg(test)]
mod tests {
    use super::RULE;
    use crate::contradiction::trial::found;

    #[test]
    fn a_phase_that_opened_too_early_is_found() {
        let table = |first: &str| {
            format!(
                "| Phase | Opens after | State |\n|---|---|---|\n| A Net | – | {first} |\n| B Desk | A | Open |\n"
            )
        };
        assert_eq!(found(&RULE, &table("Not started")), ["certain 4,3"]);
        assert!(found(&RULE, &table("Done")).is_empty());
    }

    #[test]
    fn a_phase_that_opened_before_its_prerequisites_is_found() {
        let text = |state: &str| {
            format!(
                "A phase is opened only when all its prerequisites are closed.\n\n| Phase | State |\n|---|---|\n| P1 Pilot | closed |\n| P2 Field | open since May |\n\n## P2 Field\n\n| Id | Prerequisite | State |\n|---|---|---|\n| R-1 | Contract | closed |\n| R-2 | Room | {state} |\n"
            )
        };
        assert_eq!(found(&RULE, &text("open")), ["certain 6,1,13"]);
        assert!(found(&RULE, &text("closed")).is_empty());
    }

    #[test]
    fn a_phase_that_opened_against_a_rule_in_words_is_found() {
        let text = |state: &str| {
            format!(
                "| Phase | State |\n|---|---|\n| 3 Hall A | closed |\n| 4 Hall B | open |\n\nPhase 4 may be opened only once the concept (D3.7) is signed.\n\n| Id | Deliverable | State |\n|---|---|---|\n| D3.6 | Data | accepted |\n| D3.7 | Concept | {state} |\n"
            )
        };
        assert_eq!(found(&RULE, &text("submitted; signature expected 17 April")), ["certain 6,4,11"]);
        assert!(found(&RULE, &text("accepted")).is_empty());
    }
}
