//! Services that cannot start, and pass.

use super::facts::word::says;
use super::facts::{Facts, Place, Role, Sentence};
use super::kind::{Findings, Kind, Rule, Said};
use crate::value::{self, Polarity};

pub(super) const RULE: Rule = Rule {
    id: "cannot-start",
    kind: Kind::Impossible,
    why: "What does not start or compile answers no check.",
    find,
};

const CANNOT: &[&str] = &[
    "cannot start",
    "can not start",
    "do not start",
    "does not start",
    "cannot compile",
    "does not compile",
    "do not compile",
    "fail to start",
    "fails to start",
    "will not start",
    "starten nicht",
    "ne démarrent pas",
    "no arrancan",
    "starten niet",
];
const ALL: &[&str] = &[
    "services",
    "all services",
    "the system",
    "the application",
    "dienste",
    "servicios",
    "nothing",
    "no service",
];

fn find(facts: &Facts<'_>, findings: &mut Findings) {
    let stops: Vec<&Sentence> = facts
        .sentences
        .iter()
        .filter(|sentence| matches!(sentence.place, Place::Item | Place::Prose | Place::Heading))
        .filter(|sentence| {
            let lower = sentence.lower();
            says(&lower, CANNOT)
                && says(&lower, ALL)
                && !lower.contains('?')
                && !says(&lower, &["until", "if", "must", "was fixed", "fixed"])
        })
        .collect();
    let Some(first) = stops.first() else { return };
    let running: Vec<Said> = facts
        .grids
        .iter()
        .filter(|grid| {
            says(
                &grid.header(grid.label),
                &["service*", "component*", "dienst", "servicio", "app", "application"],
            )
        })
        .filter_map(|grid| Some((grid, grid.roles.iter().rposition(|role| *role == Role::Status)?)))
        .flat_map(|(grid, status)| {
            let good =
                move |cell: &str| value::mark(cell).is_some_and(|mark| mark.polarity() == Polarity::Good);
            grid.body().filter(move |row| good(row.cell(status)))
        })
        .map(|row| row.said())
        .collect();
    let talks: Vec<Said> = facts
        .sentences
        .iter()
        .filter(|sentence| {
            says(
                &sentence.lower(),
                &[
                    "services start and answer",
                    "all services are up",
                    "all services are running",
                    "all services start",
                ],
            )
        })
        .map(|sentence| sentence.said())
        .collect();
    if running.len() >= 2 {
        let message = format!("«{}», and {} rows of services pass", first.text.plain.trim(), running.len());
        let places =
            stops.iter().take(4).map(|sentence| sentence.said()).chain(talks).chain(running).collect();
        findings.likely(message, places);
    }
}

#[cfg(test)]
mod tests {
    use super::RULE;
    use crate::contradiction::trial::found;

    #[test]
    fn services_that_pass_and_cannot_start_are_found() {
        let text = |impact: &str| {
            format!(
                "| Service | Status |\n|---|---|\n| Rooms | PASS |\n| Notes | PASS |\n\n- **Impact:** {impact}\n"
            )
        };
        assert_eq!(found(&RULE, &text("Services cannot start")), ["likely 6,3,4"]);
        assert!(found(&RULE, &text("The export service cannot start on Mondays")).is_empty());
    }
}
