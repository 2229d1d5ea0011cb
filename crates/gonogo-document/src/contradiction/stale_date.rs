//! Dates that lie on the wrong side of the date of the document.

use super::facts::word::says;
use super::facts::{Facts, Place, Role};
use super::kind::{Findings, Kind, Rule};
use crate::value::{self, State};

pub(super) const RULE: Rule = Rule {
    id: "stale-date",
    kind: Kind::Impossible,
    why: "What is still to come is not in the past, and what was signed was there to be signed.",
    find,
};

const COMING: &[&str] = &[
    "next review",
    "follow-up review",
    "review again",
    "next meeting",
    "nächste sitzung",
    "nächste übung",
    "next inspection",
    "prochain audit",
    "prochaine réunion",
    "próxima prueba",
    "volgende oefening",
    "next rehearsal is",
    "coming review",
    "next test",
    "upcoming",
    "next assessment",
    "next audit",
    "next drill",
    "nächste prüfung",
    "nächster test",
    "prochaine revue",
    "prochain test",
    "próxima revisión",
    "volgende test",
    "next check",
    "follow-up on",
    "next exercise",
    "next rehearsal",
    "coming audit",
];

fn find(facts: &Facts<'_>, findings: &mut Findings) {
    approved_early(facts, findings);
    let Some(report) = facts.report_date() else { return };
    for sentence in
        facts.sentences.iter().filter(|sentence| !matches!(sentence.place, Place::Cell | Place::Code))
    {
        let lower = sentence.lower();
        let Some((at, word)) = super::facts::word::first(&lower, COMING) else { continue };
        let date = facts
            .calendar
            .dates(&sentence.text.plain)
            .into_iter()
            .find(|found| found.range.start > at)
            .map(|found| found.value);
        if let Some(date) = date.filter(|date| *date < report.date) {
            findings.certain(
                format!("the {word} is on {date}, before the document's own date {}", report.date),
                vec![sentence.said(), report.said.clone()],
            );
        }
    }
    for sentence in
        facts.sentences.iter().filter(|sentence| matches!(sentence.place, Place::Prose | Place::Item))
    {
        let lower = sentence.lower();
        let until = [
            "accepted until",
            "waived until",
            "exception until",
            "valid until",
            "akzeptiert bis",
            "gültig bis",
            "accepté jusqu'au",
            "aceptado hasta",
            "accettato fino al",
            "aceito até",
        ];
        let Some((at, word)) = super::facts::word::first(&lower, &until) else { continue };
        let date = facts
            .calendar
            .dates(&sentence.text.plain)
            .into_iter()
            .find(|found| found.range.start > at)
            .map(|found| found.value);
        if let Some(date) =
            date.filter(|date| *date < report.date && !says(&lower, &["expired", "was", "abgelaufen", "war"]))
        {
            findings.certain(
                format!("{word} {date}, which is before the document's own date {}", report.date),
                vec![sentence.said(), report.said.clone()],
            );
        }
    }
    for grid in &facts.grids {
        let title = facts.section(grid.section).title.plain.to_lowercase();
        let is_coming = says(
            &title,
            &["action*", "next steps", "maßnahmen", "acciones", "azioni", "ações", "acties", "działania"],
        ) && !says(&title, &["last", "previous", "done", "closed", "review of"]);
        if let (Some(due), None, true) = (grid.column(Role::Due), grid.column(Role::Status), is_coming) {
            for row in grid.body() {
                let date = facts.calendar.dates(row.cell(due)).first().map(|found| found.value);
                if let Some(date) = date.filter(|date| *date < report.date) {
                    let message = format!(
                        "«{}» is to be done by {date}, which is before the document's own date {}",
                        row.cell(grid.label),
                        report.date
                    );
                    findings.likely(message, vec![row.said(), report.said.clone()]);
                }
            }
        }
        let is_sign_off =
            says(&grid.header(0), &["role", "rolle", "rôle", "rol", "approver", "signatory", "name"])
                && grid.roles.len() <= 5;
        let signed = (0..grid.roles.len()).find(|at| {
            says(
                &grid.header(*at),
                &["date", "datum", "fecha", "signed", "data", "signed on", "unterschrieben am"],
            )
        });
        if let (Some(column), true) = (signed, is_sign_off) {
            for row in grid.body() {
                let date = facts.calendar.dates(row.cell(column)).first().map(|found| found.value);
                if let Some(date) = date.filter(|date| *date < report.date) {
                    findings.certain(
                        format!("«{}» signed on {date}, before the document of {}", row.cell(0), report.date),
                        vec![row.said(), report.said.clone()],
                    );
                }
            }
        }
        if let Some(until) = grid.column(Role::Expires) {
            for row in grid.body() {
                let date = facts.calendar.dates(row.cell(until)).last().map(|found| found.value);
                let is_over = says(
                    &row.said().text.to_lowercase(),
                    &["expired", "closed", "renewed", "abgelaufen", "expiré*"],
                );
                if let Some(date) = date.filter(|date| *date < report.date && !is_over) {
                    let message = format!(
                        "«{}» ran out on {date}, before the document's own date {}",
                        row.cell(grid.label),
                        report.date
                    );
                    findings.certain(message, vec![row.said(), report.said.clone()]);
                }
            }
        }
        let (Some(due), Some(status)) = (grid.column(Role::Due), grid.column(Role::Status)) else { continue };
        for row in grid.body() {
            let waits = matches!(
                value::mark(row.cell(status)).and_then(|mark| mark.state),
                Some(State::Pending | State::NotStarted)
            );
            let date = facts.calendar.dates(row.cell(due)).first().map(|found| found.value);
            if let Some(date) = date.filter(|date| waits && *date < report.date) {
                findings.certain(
                    format!(
                        "«{}» is {} for {date}, which is before the document's own date {}",
                        row.cell(grid.label),
                        row.cell(status).to_lowercase(),
                        report.date
                    ),
                    vec![row.said(), report.said.clone()],
                );
            }
        }
    }
}

/// The approval is before the end of the tests.
fn approved_early(facts: &Facts<'_>, findings: &mut Findings) {
    let lines =
        || facts.sentences.iter().filter(|sentence| matches!(sentence.place, Place::Prose | Place::Item));
    let approvals = [
        "date of approval",
        "approval date",
        "approved on",
        "datum der freigabe",
        "freigabe am",
        "date d'approbation",
        "fecha de aprobación",
        "datum goedkeuring",
    ];
    let tests = [
        "test period",
        "testzeitraum",
        "tests ran",
        "tests from",
        "période d'essai",
        "essais du",
        "periodo de pruebas",
        "testperiode",
    ];
    let Some(approval) = lines().find(|sentence| says(&sentence.lower(), &approvals)) else { return };
    let Some(period) = lines().find(|sentence| says(&sentence.lower(), &tests)) else { return };
    let date = facts.calendar.dates(&approval.text.plain).last().map(|found| found.value);
    let end = facts.calendar.dates(&period.text.plain).into_iter().map(|found| found.value).max();
    if let (Some(date), Some(end)) = (date, end)
        && date < end
    {
        findings.certain(
            format!("it is approved on {date}, and the tests end on {end}"),
            vec![approval.said(), period.said()],
        );
    }
}

#[cfg(test)]
mod tests {
    use super::RULE;
    use crate::contradiction::trial::found;

    #[test]
    fn dates_on_the_wrong_side_are_found() {
        for (text, expected) in [
            ("Date: 2025-06-19\n\nNext test due: 2025-05-30\n", "certain 3,1"),
            (
                "Report date 2025-09-22\n\n| Role | Name | Date |\n|---|---|---|\n| Owner | A. B. | 2025-08-12 |\n",
                "certain 5,1",
            ),
            (
                "As of 2025-10-01.\n\n| Risk | Due | State |\n|---|---|---|\n| Fog | 2025-08-01 | Planned |\n",
                "certain 5,1",
            ),
            ("Approval date: 2025-06-04\n\nTest period: 2025-05-26 to 2025-06-13\n", "certain 1,3"),
        ] {
            assert_eq!(found(&RULE, text), [expected], "{text}");
        }
    }

    #[test]
    fn dates_on_the_right_side_are_silent() {
        assert!(
            found(
                &RULE,
                "Date: 2025-06-19\n\nNext test due: 2025-09-30\n\nThe last test was on 2025-01-05.\n"
            )
            .is_empty()
        );
        assert!(
            found(
                &RULE,
                "As of 2025-10-01.\n\n| Risk | Due | State |\n|---|---|---|\n| Fog | 2025-08-01 | Done |\n"
            )
            .is_empty()
        );
    }
}
