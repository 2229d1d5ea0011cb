//! A timeline that goes back, a step that begins before what it waits for has ended, a way back that
//! ends too late.

use super::clock_span::{clock, clocks};
use super::facts::bound::time;
use super::facts::figure::whole;
use super::facts::word::says;
use super::facts::{Facts, Grid, GridRow, Place, Role, Sentence};
use super::kind::{Findings, Kind, Rule};
use crate::value;

pub(super) const RULE: Rule = Rule {
    id: "clock-order",
    kind: Kind::Impossible,
    why: "What comes later in a plan or a log is not earlier by the clock.",
    find,
};

const TIMES: &[&str] = &[
    "time", "at", "clock", "uhrzeit", "zeit", "heure", "hora", "ora", "orario", "czas", "godzina", "tijd",
    "when", "utc", "tid",
];
const BACK: &[&str] = &[
    "roll back",
    "rollback",
    "back-out",
    "back out",
    "backout",
    "fallback",
    "fall back",
    "step back",
    "point of no return",
    "rückfall",
    "rückkehr",
    "rücksetzen",
    "retour arrière",
    "vuelta atrás",
    "reversión",
    "marcha atrás",
    "ritorno",
    "rollback-",
    "terugval",
    "terugdraaien",
];
/// A backward step of more minutes is midnight.
const MIDNIGHT: u64 = 12 * 60;

fn find(facts: &Facts<'_>, findings: &mut Findings) {
    for grid in &facts.grids {
        timeline(grid, findings);
        dated(facts, grid, findings);
        steps(facts, grid, findings);
    }
    for (at, sentence) in facts.sentences.iter().enumerate() {
        if matches!(sentence.place, Place::Prose | Place::Item) {
            way_back(facts, at, sentence, findings);
        }
    }
}

/// A log: its first column is a time of day, and the rows are in order.
fn timeline(grid: &Grid<'_>, findings: &mut Findings) {
    let is_log = says(grid.header(0).trim(), TIMES) && grid.roles.len() <= 4;
    let rows: Vec<(&GridRow<'_>, u64)> =
        grid.body().filter_map(|row| Some((row, clock(row.cell(0))?))).collect();
    if !is_log || rows.len() < 4 || rows.len() != grid.body().count() {
        return;
    }
    let falls = |pair: &[(&GridRow<'_>, u64)]| matches!(pair, [one, two] if two.1 < one.1 && one.1 - two.1 < MIDNIGHT);
    let wrong: Vec<_> = rows.windows(2).filter(|pair| falls(pair)).collect();
    // A log that goes back and forth is in another order.
    if let [[one, two]] = wrong.as_slice() {
        let message = format!(
            "«{}» is at {}, before what stands above it at {}",
            two.0.cell(1),
            two.0.cell(0),
            one.0.cell(0)
        );
        findings.certain(message, vec![two.0.said(), one.0.said()]);
    }
}

/// A log or plan with a day and a time in its first column.
fn dated(facts: &Facts<'_>, grid: &Grid<'_>, findings: &mut Findings) {
    if !says(grid.header(0).trim(), TIMES) {
        return;
    }
    let moment = |row: &GridRow<'_>| {
        let date = facts.calendar.dates(row.cell(0)).first().map(|found| found.value)?;
        let times = clocks(row.cell(0));
        let [(minutes, _)] = times.as_slice() else { return None };
        Some((date, *minutes))
    };
    let rows: Vec<_> = grid.body().filter_map(|row| Some((row, moment(row)?))).collect();
    if rows.len() < 4 || rows.len() != grid.body().count() {
        return;
    }
    let wrong: Vec<_> = rows.windows(2).filter(|pair| matches!(pair, [one, two] if two.1 < one.1)).collect();
    // What goes back and forth is in another order.
    if let [[one, two]] = wrong.as_slice() {
        let message = format!(
            "«{}» is at {}, before what stands above it at {}",
            two.0.cell(1),
            two.0.cell(0),
            one.0.cell(0)
        );
        findings.certain(message, vec![two.0.said(), one.0.said()]);
    }
}

/// A step that waits, and begins before the row above it ends.
fn steps(facts: &Facts<'_>, grid: &Grid<'_>, findings: &mut Findings) {
    let (Some(start), Some(end)) = (grid.column(Role::Start), grid.column(Role::End)) else { return };
    let rows: Vec<&GridRow<'_>> = grid.body().collect();
    for pair in rows.windows(2) {
        let [one, two] = pair else { continue };
        let (Some(ended), Some(begun)) = (clock(one.cell(end)), clock(two.cell(start))) else { continue };
        if begun >= ended || ended - begun > MIDNIGHT {
            continue;
        }
        if let Some(rule) = facts.sentences.iter().find(|sentence| waits(sentence, two.cell(0))) {
            let message = format!(
                "«{}» begins at {} and waits for what ends at {}",
                two.cell(grid.label),
                two.cell(start),
                one.cell(end)
            );
            findings.certain(message, vec![two.said(), one.said(), rule.said()]);
        }
    }
}

/// `Step 6 starts only when …`.
fn waits(sentence: &Sentence, number: &str) -> bool {
    let lower = sentence.lower();
    let only = [
        "only when",
        "only after",
        "not before",
        "starts after",
        "begins after",
        "erst, wenn",
        "erst wenn",
        "erst nach",
        "seulement après",
        "qu'après",
        "une fois",
        "solo cuando",
        "solo después",
        "solo dopo",
        "só depois",
        "pas wanneer",
        "pas na",
        "dopiero po",
    ];
    let named = ["step", "schritt", "étape", "paso", "fase", "passo", "stap", "krok"]
        .iter()
        .any(|word| super::facts::word::find(&lower, &format!("{word} {number}")).is_some());
    sentence.place != Place::Cell && named && says(&lower, &only)
}

/// `Latest decision at 03:30, the way back takes 2 h, all is done by 04:00`.
fn way_back(facts: &Facts<'_>, at: usize, own: &Sentence, findings: &mut Findings) {
    if !says(&own.lower(), BACK) {
        return;
    }
    let near: Vec<&Sentence> = facts
        .sentences
        .get(at.saturating_sub(1)..(at + 3).min(facts.sentences.len()))
        .unwrap_or_default()
        .iter()
        .filter(|sentence| {
            sentence.section == own.section && matches!(sentence.place, Place::Prose | Place::Item)
        })
        .collect();
    let text: String = near.iter().map(|sentence| sentence.text.plain.as_str()).collect::<Vec<_>>().join(" ");
    let times = clocks(&text);
    let [(from, first), (until, last)] = times.as_slice() else { return };
    let durations = value::durations(&words_as_digits(&text));
    let [one] = durations.as_slice() else { return };
    let Some(hours) = time(words_as_digits(&text).get(one.range.clone()).unwrap_or_default()) else { return };
    let lower = text.to_lowercase();
    let is_last = says(
        &lower,
        &[
            "latest",
            "last",
            "no later than",
            "letzter",
            "spätest*",
            "dernier",
            "último",
            "ultimo",
            "laatste",
            "ostatni*",
        ],
    );
    let is_end = says(
        &lower,
        &[
            "by", "until", "begins", "opens", "starts", "ends", "finished", "beginnt", "bis", "öffnet",
            "ouvre", "commence", "abre", "empieza", "apre", "inizia", "begint",
        ],
    );
    let room = whole((until + 1440 - from) % 1440) / whole(60);
    if is_last && is_end && first.start < last.start && hours > room {
        let places = near
            .iter()
            .filter(|sentence| !clocks(&sentence.text.plain).is_empty())
            .map(|sentence| sentence.said());
        let message = format!(
            "the way back begins at {} at the latest and takes longer than the time to {}",
            text.get(first.clone()).unwrap_or_default(),
            text.get(last.clone()).unwrap_or_default()
        );
        findings.certain(message, places.collect());
    }
}

fn words_as_digits(text: &str) -> String {
    let words = text.split(' ').map(|word| {
        super::facts::claim::number_word(&word.to_lowercase())
            .map_or_else(|| word.to_owned(), |number| number.to_string())
    });
    words.collect::<Vec<_>>().join(" ")
}

#[cfg(test)]
mod tests {
    use super::RULE;
    use crate::contradiction::trial::found;

    #[test]
    fn a_log_that_goes_back_is_found() {
        let log = |third: &str| {
            format!(
                "| Time | Event |\n|---|---|\n| 08:00 | Off |\n| 08:20 | Decided |\n| {third} | Done |\n| 08:52 | Up |\n"
            )
        };
        assert_eq!(found(&RULE, &log("08:15")), ["certain 5,4"]);
        assert!(found(&RULE, &log("08:30")).is_empty());
        let night =
            "| Time | Event |\n|---|---|\n| 22:00 | a |\n| 23:30 | b |\n| 00:30 | c |\n| 01:00 | d |\n";
        assert!(found(&RULE, night).is_empty());
    }

    #[test]
    fn a_plan_with_days_that_goes_back_is_found() {
        let plan = |time: &str| {
            format!(
                "Held 2026-10-19.\n\n| Time | Step |\n|---|---|\n| 19 Oct 22:00 | Stop |\n| 19 Oct 23:30 | Import begins |\n| {time} | Import ends |\n| 20 Oct 07:00 | Open |\n"
            )
        };
        assert_eq!(found(&RULE, &plan("19 Oct 23:10")), ["certain 7,6"]);
        assert!(found(&RULE, &plan("20 Oct 00:10")).is_empty());
    }

    #[test]
    fn a_step_before_what_it_waits_for_is_found() {
        let plan = "| Nr | Step | Start | End |\n|---|---|---|---|\n| 1 | Check | 23:30 | 01:30 |\n| 2 | Switch | 01:00 | 02:30 |\n";
        assert_eq!(
            found(&RULE, &format!("{plan}\nStep 2 starts only when the check is done.\n")),
            ["certain 4,3,6"]
        );
        assert!(found(&RULE, plan).is_empty());
    }

    #[test]
    fn a_way_back_that_ends_too_late_is_found() {
        let text = |by: &str| {
            format!(
                "The latest decision for the back-out is 03:30, it takes two hours, and all is finished by {by}.\n"
            )
        };
        assert_eq!(found(&RULE, &text("04:00")), ["certain 1"]);
        assert!(found(&RULE, &text("05:30")).is_empty());
    }
}
