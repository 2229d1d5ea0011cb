//! A rate, a time and what came of them, in sentences and in tables of facts: `1,800 messages/s`, `72 h`,
//! `388.8 million messages in 72 hours`.

use crate::contradiction::facts::bound::time;
use crate::contradiction::facts::figure::{figures, shown, whole};
use crate::contradiction::facts::word::{find, says};
use crate::contradiction::facts::{Facts, Figure, Place};
use crate::contradiction::kind::{Findings, Said};
use crate::name::Name;
use crate::value::{self, Exact};

/// Units behind a noun that make a rate of it, each with its seconds.
const PER: &[(&str, u64)] = &[
    ("/s", 1),
    ("/sec", 1),
    ("/min", 60),
    ("/h", 3_600),
    ("/hour", 3_600),
    ("/day", 86_400),
    ("per second", 1),
    ("a second", 1),
    ("pro sekunde", 1),
    ("je sekunde", 1),
    ("par seconde", 1),
    ("por segundo", 1),
    ("al secondo", 1),
    ("per seconde", 1),
    ("na sekundę", 1),
    ("per minute", 60),
    ("a minute", 60),
    ("pro minute", 60),
    ("par minute", 60),
    ("por minuto", 60),
    ("al minuto", 60),
    ("per minuut", 60),
    ("per hour", 3_600),
    ("an hour", 3_600),
    ("pro stunde", 3_600),
    ("par heure", 3_600),
    ("por hora", 3_600),
    ("all'ora", 3_600),
    ("per uur", 3_600),
    ("per day", 86_400),
    ("a day", 86_400),
    ("pro tag", 86_400),
    ("par jour", 86_400),
    ("al día", 86_400),
    ("por día", 86_400),
    ("al giorno", 86_400),
    ("per dag", 86_400),
    ("por dia", 86_400),
];
/// What says that a rate did not change, or is a mean.
const STEADY: &[&str] = &[
    "constant*",
    "steady",
    "flat",
    "fixed",
    "average*",
    "mean",
    "sustained",
    "konstant*",
    "gleichbleibend*",
    "gleichmäßig*",
    "durchschnittlich*",
    "im mittel",
    "moyen*",
    "constante*",
    "medio",
    "promedio",
    "costante",
    "in media",
    "gemiddeld*",
    "stał*",
    "média",
    "held",
    "throughout",
    "durchgehend",
];

/// So many of something in a second.
pub(super) struct Rate {
    pub(super) count: Exact,
    /// Stem of what flows.
    pub(super) noun: String,
    pub(super) seconds: u64,
    pub(super) is_steady: bool,
    pub(super) said: Said,
}

/// So many of something in a time.
struct Volume {
    count: Figure,
    noun: String,
    seconds: Exact,
    said: Said,
}

pub(super) fn check(facts: &Facts<'_>, findings: &mut Findings) {
    let lines = lines(facts);
    let rates: Vec<Rate> = lines.iter().flat_map(|(text, said)| rates(text, said)).take(200).collect();
    if rates.is_empty() {
        return;
    }
    for volume in lines.iter().filter_map(|(text, said)| volume(text, said)).take(200) {
        let mut own = rates.iter().filter(|rate| rate.noun == volume.noun);
        let Some(rate) = own.next() else { continue };
        if own.any(|other| other.count != rate.count || other.seconds != rate.seconds) {
            continue;
        }
        let exact = &rate.count * &volume.seconds / whole(rate.seconds);
        let Some(stated) = volume.count.readings().pop() else { continue };
        let off = (&exact - &stated) / &stated;
        let is_off = off > Exact::new(3.into(), 100.into()) || off < Exact::new((-3).into(), 100.into());
        let is_above = stated > exact;
        if is_off && (rate.is_steady || is_above) {
            let message = format!(
                "{} of them in {} seconds each make {} in {} seconds, but {} are reported",
                shown(&rate.count),
                rate.seconds,
                shown(&exact),
                shown(&volume.seconds),
                volume.count.shown()
            );
            findings.say(rate.is_steady, message, vec![volume.said, rate.said.clone()]);
        }
    }
}

/// Sentences, and the rows of tables of two columns.
fn lines(facts: &Facts<'_>) -> Vec<(String, Said)> {
    let said = facts.sentences.iter().filter(|sentence| matches!(sentence.place, Place::Prose | Place::Item));
    let rows = facts.grids.iter().filter(|grid| grid.table.header.len() == 2).flat_map(|grid| &grid.rows);
    let rows = rows.map(|row| (format!("{}: {}", row.cell(0), row.cell(1)).to_lowercase(), row.said()));
    let all = said.map(|sentence| (sentence.lower(), sentence.said())).chain(rows);
    all.filter(|(text, _)| value::has_digit(text)).collect()
}

/// The rates of a line: a number, a noun of one or two words, and a unit of time.
pub(super) fn rates(lower: &str, said: &Said) -> Vec<Rate> {
    if !PER.iter().any(|(unit, _)| lower.contains(unit)) {
        return Vec::new();
    }
    let found = figures(lower).into_iter().filter(|figure| !figure.is_percent);
    let made = found.filter_map(|figure| {
        let behind = lower.get(figure.range.end..)?.trim_start();
        let (noun, seconds) = rate_unit(behind)?;
        Some(Rate {
            count: figure.value,
            noun,
            seconds,
            is_steady: says(lower, STEADY) && !figure.is_about,
            said: said.clone(),
        })
    });
    made.collect()
}

/// What flows, and in how many seconds, at the start of a text.
pub(super) fn rate_unit(behind: &str) -> Option<(String, u64)> {
    let near: String = behind.chars().take(40).collect();
    let (at, seconds) = PER
        .iter()
        .filter_map(|(unit, seconds)| {
            // `/s` stands behind its noun, and is not the start of a word.
            let at = if unit.starts_with('/') {
                near.find(unit).filter(|at| {
                    !near.get(at + unit.len()..).unwrap_or_default().starts_with(char::is_alphanumeric)
                })
            } else {
                find(&near, unit)
            };
            at.map(|at| (at, *seconds))
        })
        .min_by_key(|(at, _)| *at)?;
    let words: Vec<&str> = near.get(..at)?.split_whitespace().collect();
    let is_noun = (1..=2).contains(&words.len())
        && words.iter().all(|word| word.chars().all(|c| c.is_alphabetic() || c == '-'));
    is_noun.then(|| Some((stem(words.last()?), seconds)))?
}

/// The noun as it is compared.
pub(super) fn stem(word: &str) -> String {
    Name::of(word).words.into_iter().next().unwrap_or_else(|| word.to_owned())
}

/// A large number of something and the time it took, in one line.
fn volume(lower: &str, said: &Said) -> Option<Volume> {
    let durations = value::durations(lower);
    let [duration] = durations.as_slice() else { return None };
    let text = lower.get(duration.range.clone())?;
    let seconds = time(text)? * whole(3_600);
    let before = lower.get(..duration.range.start)?.split_whitespace().next_back()?;
    let is_span = [
        "in",
        "over",
        "during",
        "for",
        "within",
        "während",
        "binnen",
        "über",
        "en",
        "pendant",
        "sur",
        "durante",
        "em",
        "gedurende",
        "w",
        "lang",
    ]
    .contains(&before);
    let count = figures(lower).into_iter().find(|figure| {
        !figure.is_percent
            && !figure.is_about
            && (figure.value >= whole(1_000) || figure.decimals == 3)
            && figure.range.end <= duration.range.start
    })?;
    let behind = lower.get(count.range.end..duration.range.start)?;
    let noun = behind.split(|c: char| !c.is_alphabetic()).find(|word| word.chars().count() >= 3)?;
    (is_span && rate_unit(behind.trim_start()).is_none() && seconds >= whole(60)).then(|| Volume {
        count: count.clone(),
        noun: stem(noun),
        seconds,
        said: said.clone(),
    })
}

#[cfg(test)]
mod tests {
    use super::super::RULE;
    use crate::contradiction::trial::found;

    #[test]
    fn a_steady_rate_gives_its_volume() {
        let text = |count: &str| {
            format!(
                "| | |\n|---|---|\n| Length | 72 h |\n| Load | constant 1,800 messages/s |\n\nIt took {count} messages in 72 hours.\n"
            )
        };
        assert_eq!(found(&RULE, &text("388.8 million")), ["certain 6,4"]);
        assert!(found(&RULE, &text("466.6 million")).is_empty());
        let german = "Es waren konstant 50 Buchungen pro Sekunde.\n\nDas Portal nahm 120.500 Buchungen in 60 Minuten an.\n";
        assert_eq!(found(&RULE, german), ["certain 3,1"]);
    }

    #[test]
    fn a_peak_may_give_less_and_another_noun_is_another_thing() {
        for text in [
            "The peak was 900 orders per second.\n\nIt took 1,200,000 orders in 60 minutes.\n",
            "A constant 900 orders per second.\n\nIt sent 5,000 mails in 60 minutes.\n",
            "A constant 5 orders per second.\n\nThen a constant 9 orders per second.\n\nIt took 20,000 orders in 60 minutes.\n",
        ] {
            assert!(found(&RULE, text).is_empty(), "{text}");
        }
    }
}
