//! Dates that lie on the wrong side of the date of the document.

mod coming;

use jiff::civil::Date;

use super::facts::moment::Moment;
use super::facts::word::{self, says};
use super::facts::{Facts, Grid, GridRow, Place, Role, Sentence};
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

const UNTIL: &[&str] = &[
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
const OVER: &[&str] = &["expired", "was", "abgelaufen", "war"];
const TO_DO: &[&str] =
    &["action*", "next steps", "maßnahmen", "acciones", "azioni", "ações", "acties", "działania"];

fn find(facts: &Facts<'_>, findings: &mut Findings) {
    approved_early(facts, findings);
    let Some(report) = facts.report_date() else { return };
    for sentence in
        facts.sentences.iter().filter(|sentence| !matches!(sentence.place, Place::Cell | Place::Code))
    {
        if let Some((word, date)) = dated(facts, sentence, COMING).filter(|(_, date)| *date < report.date) {
            let message = format!("the {word} is on {date}, before the document's own date {}", report.date);
            findings.certain(message, vec![sentence.said(), report.said.clone()]);
        }
    }
    let lines =
        facts.sentences.iter().filter(|sentence| matches!(sentence.place, Place::Prose | Place::Item));
    for sentence in lines.filter(|sentence| !says(&sentence.lower(), OVER)) {
        if let Some((word, date)) = dated(facts, sentence, UNTIL).filter(|(_, date)| *date < report.date) {
            let message = format!("{word} {date}, which is before the document's own date {}", report.date);
            findings.certain(message, vec![sentence.said(), report.said.clone()]);
        }
    }
    for grid in &facts.grids {
        due_before(facts, grid, &report, findings);
        signed_before(facts, grid, &report, findings);
        ran_out(facts, grid, &report, findings);
        waits_since(facts, grid, &report, findings);
    }
    coming::check(facts, &report, findings);
}

/// The first of these words in a sentence, and the first date behind it.
fn dated<'a>(facts: &Facts<'_>, sentence: &Sentence, words: &[&'a str]) -> Option<(&'a str, Date)> {
    let (at, word) = word::first(&sentence.lower(), words)?;
    let dates = facts.calendar.dates(&sentence.text.plain);
    Some((word, dates.into_iter().find(|found| found.range.start > at)?.value))
}

/// The first date of a cell, when it is before the date of the document.
fn earlier(facts: &Facts<'_>, row: &GridRow<'_>, column: usize, report: &Moment) -> Option<Date> {
    let date = facts.calendar.dates(row.cell(column)).first().map(|found| found.value);
    date.filter(|date| *date < report.date)
}

/// What is to be done by a day that is over.
fn due_before(facts: &Facts<'_>, grid: &Grid<'_>, report: &Moment, findings: &mut Findings) {
    let title = facts.section(grid.section).title.plain.to_lowercase();
    let is_coming =
        says(&title, TO_DO) && !says(&title, &["last", "previous", "done", "closed", "review of"]);
    let (Some(due), None, true) = (grid.column(Role::Due), grid.column(Role::Status), is_coming) else {
        return;
    };
    for row in grid.body() {
        if let Some(date) = earlier(facts, row, due, report) {
            let message = format!(
                "«{}» is to be done by {date}, which is before the document's own date {}",
                row.cell(grid.label),
                report.date
            );
            findings.likely(message, vec![row.said(), report.said.clone()]);
        }
    }
}

/// Signatures that are older than what they sign.
fn signed_before(facts: &Facts<'_>, grid: &Grid<'_>, report: &Moment, findings: &mut Findings) {
    let people = ["role", "rolle", "rôle", "rol", "approver", "signatory", "name"];
    let days = ["date", "datum", "fecha", "signed", "data", "signed on", "unterschrieben am"];
    let is_sign_off = says(&grid.header(0), &people) && grid.roles.len() <= 5;
    let signed = (0..grid.roles.len()).find(|at| says(&grid.header(*at), &days));
    let Some(column) = signed.filter(|_| is_sign_off) else { return };
    for row in grid.body() {
        // People sign a draft some days before its last version is dated.
        let early = report.date.saturating_sub(jiff::Span::new().days(7));
        if let Some(date) = earlier(facts, row, column, report).filter(|date| *date < early) {
            findings.certain(
                format!("«{}» signed on {date}, before the document of {}", row.cell(0), report.date),
                vec![row.said(), report.said.clone()],
            );
        }
    }
}

/// What held until a day that is over.
fn ran_out(facts: &Facts<'_>, grid: &Grid<'_>, report: &Moment, findings: &mut Findings) {
    let Some(until) = grid.column(Role::Expires) else { return };
    for row in grid.body() {
        let date = facts.calendar.dates(row.cell(until)).last().map(|found| found.value);
        let over = ["expired", "closed", "renewed", "abgelaufen", "expiré*"];
        let is_over = says(&row.said().text.to_lowercase(), &over);
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

/// What is pending for a day that is over.
fn waits_since(facts: &Facts<'_>, grid: &Grid<'_>, report: &Moment, findings: &mut Findings) {
    let (Some(due), Some(status)) = (grid.column(Role::Due), grid.column(Role::Status)) else { return };
    for row in grid.body() {
        let state = value::mark(row.cell(status)).and_then(|mark| mark.state);
        let waits = matches!(state, Some(State::Pending | State::NotStarted));
        if let Some(date) = earlier(facts, row, due, report).filter(|_| waits) {
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
