//! The time between two events that a sentence names, and the log that has both with their times of day:
//! `from the cut to the end it took 2 h 35 min`.

use std::collections::BTreeSet;

use super::clock;
use crate::contradiction::facts::bound::time;
use crate::contradiction::facts::figure::{shown, whole};
use crate::contradiction::facts::word::find;
use crate::contradiction::facts::{Facts, Grid, GridRow, Place, Sentence};
use crate::contradiction::kind::Findings;
use crate::name::Name;
use crate::value::{self, Exact};

/// Words before the first event and before the second, in several languages.
const PAIRS: &[(&str, &[&str])] = &[
    ("from", &["to", "until", "till"]),
    ("between", &["and"]),
    ("von", &["bis"]),
    ("vom", &["bis"]),
    ("zwischen", &["und"]),
    ("entre", &["et", "y", "e"]),
    ("de", &["à", "a", "au"]),
    ("depuis", &["jusqu'à", "jusqu'au", "jusqu'"]),
    ("desde", &["hasta", "até"]),
    ("dal", &["al", "alla", "all'"]),
    ("dalla", &["al", "alla", "all'"]),
    ("tra", &["e"]),
    ("van", &["tot"]),
    ("tussen", &["en"]),
    ("od", &["do"]),
];
/// Events of a log that people name in sentences.
const MOST: usize = 60;

/// A row of a log.
struct Event<'g, 'a> {
    row: &'g GridRow<'a>,
    minutes: u64,
    words: BTreeSet<String>,
}

pub(super) fn check(facts: &Facts<'_>, findings: &mut Findings) {
    let logs: Vec<Vec<Event<'_, '_>>> = facts.grids.iter().filter_map(events).take(20).collect();
    if logs.is_empty() {
        return;
    }
    let lines =
        facts.sentences.iter().filter(|sentence| matches!(sentence.place, Place::Prose | Place::Item));
    for sentence in lines.filter(|sentence| value::has_digit(&sentence.text.plain)) {
        let Some((first, second, hours)) = said(sentence) else { continue };
        for log in &logs {
            compare(sentence, log, &first, &second, &hours, findings);
        }
    }
}

/// The rows of a table whose first column is times of day in order.
fn events<'g, 'a>(grid: &'g Grid<'a>) -> Option<Vec<Event<'g, 'a>>> {
    let rows: Vec<&GridRow<'a>> = grid.body().take(MOST + 1).collect();
    let made: Option<Vec<Event<'_, '_>>> = rows
        .iter()
        .map(|row| {
            let text: Vec<&str> = (1..grid.roles.len()).map(|at| row.cell(at)).collect();
            Some(Event { row, minutes: clock(row.cell(0))?, words: Name::of(&text.join(" ")).words })
        })
        .collect();
    made.filter(|made| (3..=MOST).contains(&made.len()))
}

/// The words of the two events of a sentence, and the only time it gives, in hours.
fn said(sentence: &Sentence) -> Option<(BTreeSet<String>, BTreeSet<String>, Exact)> {
    let lower = sentence.lower();
    let durations = value::durations(&lower);
    let (first, last) = (durations.first()?, durations.last()?);
    let hours = time(lower.get(first.range.start..last.range.end)?)?;
    let about = durations.iter().any(|found| found.value.is_about);
    if about || !super::clocks(&lower).is_empty() {
        return None;
    }
    PAIRS.iter().find_map(|(from, to)| {
        let start = find(&lower, from)? + from.len();
        let rest = lower.get(start..)?;
        let (at, word) =
            to.iter().filter_map(|word| Some((find(rest, word)?, *word))).min_by_key(|(at, _)| *at)?;
        let tail = rest.get(at + word.len()..)?;
        let end = tail.find([',', ';', ':', '(']).unwrap_or(tail.len());
        let head = tail.get(..end)?.split(|c: char| c.is_ascii_digit()).next()?;
        let near: Vec<&str> = head.split_whitespace().take(5).collect();
        let first = Name::of(rest.get(..at)?).words;
        (at <= 60 && !first.is_empty()).then(|| (first, Name::of(&near.join(" ")).words, hours.clone()))
    })
}

/// The only event that has most words of a description.
fn the_one<'e, 'g, 'a>(log: &'e [Event<'g, 'a>], said: &BTreeSet<String>) -> Option<&'e Event<'g, 'a>> {
    let shared = |event: &Event<'_, '_>| {
        said.iter()
            .filter(|word| word.chars().count() >= 3 && event.words.iter().any(|own| is_form(own, word)))
            .count()
    };
    let most = log.iter().map(shared).max().filter(|most| *most > 0)?;
    let mut best = log.iter().filter(|event| shared(event) == most);
    let (one, None) = (best.next()?, best.next()) else { return None };
    Some(one)
}

/// `restablecido` and `restablecimiento` are forms of one word.
fn is_form(one: &str, other: &str) -> bool {
    let common = one.chars().zip(other.chars()).take_while(|(one, other)| one == other).count();
    let least = one.chars().count().min(other.chars().count());
    one == other || (common >= 5 && common * 3 >= least * 2)
}

fn compare(
    sentence: &Sentence,
    log: &[Event<'_, '_>],
    first: &BTreeSet<String>,
    second: &BTreeSet<String>,
    hours: &Exact,
    findings: &mut Findings,
) {
    let (Some(from), Some(to)) = (the_one(log, first), the_one(log, second)) else { return };
    if from.row.said().span == to.row.said().span {
        return;
    }
    let minutes = (to.minutes + 1440 - from.minutes) % 1440;
    let exact = whole(minutes) / whole(60);
    let off = if &exact > hours { &exact - hours } else { hours - &exact };
    // A minute more or less is a matter of seconds.
    if off > whole(2) / whole(60) {
        let message = format!(
            "from {} to {} it is {minutes} minutes ({} hours), but it says {} hours",
            from.row.cell(0),
            to.row.cell(0),
            shown(&exact),
            shown(hours)
        );
        findings.certain(message, vec![sentence.said(), from.row.said(), to.row.said()]);
    }
}

#[cfg(test)]
mod tests {
    use super::super::RULE;
    use crate::contradiction::trial::found;

    #[test]
    fn a_span_in_a_sentence_is_that_of_its_log() {
        let log = "| Time | What |\n|---|---|\n| 09:12 | Power cut declared |\n| 09:40 | Team on site |\n| 12:47 | Service restored and told |\n\n";
        let text = |time: &str| {
            format!("{log}From the declaration of the cut to the restored service it took {time}.\n")
        };
        assert_eq!(found(&RULE, &text("2 h 35 min")), ["certain 7,3,5"]);
        assert!(found(&RULE, &text("3 h 35 min")).is_empty());
        assert!(found(&RULE, &format!("{log}From order to delivery it takes 2 days.\n")).is_empty());
        let spanish = "| Hora | Suceso |\n|---|---|\n| 09:12 | Corte y declaración |\n| 10:28 | Base en marcha |\n| 12:47 | Servicio restablecido |\n\nDesde la declaración hasta el restablecimiento pasaron 2 h 35 min.\n";
        assert_eq!(found(&RULE, spanish), ["certain 7,3,5"]);
    }
}
