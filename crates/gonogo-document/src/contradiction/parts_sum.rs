//! `25,000 users (12k retail, 9k broker, 3k staff)`: parts that are named beside their whole and
//! are not the whole.

mod difference;

use super::facts::figure::{figures, shown};
use super::facts::word::{find as find_word, says};
use super::facts::{Facts, Figure, Place, Sentence};
use super::kind::{Findings, Kind, Rule};
use crate::value::{self, Duration, Exact, Found};

pub(super) const RULE: Rule = Rule {
    id: "parts-sum",
    kind: Kind::Arithmetic,
    why: "Parts that are listed right behind their whole must be the whole together.",
    find,
};

fn find(facts: &Facts<'_>, findings: &mut Findings) {
    let lines =
        facts.sentences.iter().filter(|sentence| matches!(sentence.place, Place::Prose | Place::Item));
    for sentence in lines {
        numbers(sentence, &sentence.text.plain, findings);
        // `Eleven defects: one urgent, three high` is the same in words.
        let digits = digits(&sentence.text.plain);
        if digits != sentence.text.plain {
            numbers(sentence, &digits, findings);
        }
        shares(sentence, findings);
        times(sentence, findings);
        difference::check(sentence, findings);
    }
}

/// A number, then in parentheses or behind a colon at least three numbers, each with its own noun.
fn numbers(sentence: &Sentence, text: &str, findings: &mut Findings) {
    if !value::durations(text).is_empty()
        || !value::fractions(text).is_empty()
        || !value::money(text).is_empty()
    {
        return;
    }
    let all: Vec<Figure> = figures(text).into_iter().filter(|figure| !figure.is_percent).collect();
    let Some((whole, parts)) = all.split_first() else { return };
    let Some(open) = text.get(whole.range.end..).and_then(|rest| rest.find(['(', ':'])) else { return };
    let open = whole.range.end + open;
    let before = text.get(whole.range.end..open).unwrap_or_default();
    let close = text.get(open..).and_then(|rest| rest.find(')')).map_or(text.len(), |close| open + close);
    let parts: Vec<&Figure> =
        parts.iter().filter(|part| part.range.start > open && part.range.end <= close).collect();
    let is_noun = before.split_whitespace().count() <= 4 && before.chars().any(char::is_alphabetic);
    let sum: Exact = parts.iter().map(|part| part.value.clone()).sum();
    let each_named = parts.iter().all(|part| {
        let behind = text.get(part.range.end..).unwrap_or_default();
        behind.trim_start().starts_with(char::is_alphabetic) || behind.starts_with('×')
    });
    let only_parts = separated(text, &parts);
    let smaller = parts.iter().all(|part| part.value <= whole.value) && !whole.is_about;
    if parts.len() >= 3 && is_noun && each_named && only_parts && smaller && sum != whole.value {
        let message =
            format!("the {} parts are {} together, not {}", parts.len(), shown(&sum), whole.shown());
        findings.certain(message, vec![sentence.said()]);
    }
}

/// A sentence with its numbers in digits.
fn digits(text: &str) -> String {
    let word = |word: &str| {
        let bare = word.trim_matches(|c: char| !c.is_alphabetic()).to_lowercase();
        let one = ["one", "eine", "einer", "ein", "une", "una", "uma", "een"].contains(&bare.as_str());
        let number = super::facts::claim::number_word(&bare).or_else(|| one.then_some(1))?;
        Some(word.to_lowercase().replace(&bare, &number.to_string()))
    };
    let words: Vec<String> = text.split(' ').map(|own| word(own).unwrap_or_else(|| own.to_owned())).collect();
    words.join(" ")
}

/// Commas, plus signs or `and` stand between the parts.
fn separated(text: &str, parts: &[&Figure]) -> bool {
    parts.windows(2).all(|pair| {
        let between = text.get(pair[0].range.end..pair[1].range.start).unwrap_or_default().to_lowercase();
        let joins = [",", "+", ";", " and ", " und ", " et ", " y ", " en ", " plus "]
            .iter()
            .any(|join| between.contains(join));
        joins && between.split_whitespace().count() <= 5
    })
}

/// Words between parts and what they are together.
const TOGETHER: &[&str] = &[
    "together",
    "in total",
    "in all",
    "altogether",
    "in sum",
    "zusammen",
    "insgesamt",
    "in summe",
    "au total",
    "en tout",
    "soit",
    "en total",
    "en conjunto",
    "in totale",
    "in tutto",
    "samen",
    "in totaal",
    "ao todo",
    "no total",
    "razem",
    "łącznie",
    "totalt",
    "sammanlagt",
];
/// What makes times overlap.
const ALONGSIDE: &[&str] = &[
    "parallel*",
    "at the same time",
    "side by side",
    "overlap*",
    "meanwhile",
    "gleichzeitig",
    "parallèle",
    "en même temps",
    "a la vez",
    "paralelo",
    "contemporaneamente",
    "parallelo",
    "tegelijk*",
    "równolegle",
];

/// `Restore took 2 h 10 min, checks 55 min and release 20 min, together 3 h 45 min`.
fn times(sentence: &Sentence, findings: &mut Findings) {
    let lower = sentence.lower();
    let Some(at) = TOGETHER.iter().filter_map(|word| find_word(&lower, word)).min() else { return };
    let head = lower.get(..at).unwrap_or_default();
    let behind = lower.get(at..).unwrap_or_default();
    let (Some(parts), Some(all)) = (apart(head), apart(behind)) else { return };
    let ([stated], 2..) = (all.as_slice(), parts.len()) else { return };
    let sum: Exact = parts.iter().cloned().sum();
    if *stated != sum && !says(&lower, ALONGSIDE) {
        let message =
            format!("the {} times are {} hours together, not {}", parts.len(), shown(&sum), shown(stated));
        // Less may be work that was done side by side, unless one part alone takes longer.
        let is_less = *stated < sum && parts.iter().all(|part| part <= stated);
        findings.say(!is_less, message, vec![sentence.said()]);
    }
}

/// The times of a text in hours, those of several units as one; none when one of them is a range.
fn apart(text: &str) -> Option<Vec<Exact>> {
    let mut times: Vec<Exact> = Vec::new();
    let mut last: Option<Found<Duration>> = None;
    for found in value::durations(text) {
        let hours = found.value.low_hours(24);
        if found.value.is_about || hours != found.value.high_hours(24) {
            return None;
        }
        let goes_on = last.as_ref().is_some_and(|last| {
            let between = text.get(last.range.end..found.range.start).unwrap_or_default().trim();
            found.value.unit < last.value.unit && matches!(between, "" | "and" | "und" | "et" | "y" | "e")
        });
        match times.last_mut().filter(|_| goes_on) {
            Some(time) => *time += hours,
            None => times.push(hours),
        }
        last = Some(found);
    }
    Some(times)
}

/// `All traffic is split: 60 %, 25 %, 10 %`.
fn shares(sentence: &Sentence, findings: &mut Findings) {
    let lower = sentence.lower();
    let splits = [
        "is split",
        "are split",
        "split over",
        "split into",
        "divided",
        "aufgeteilt",
        "réparti",
        "repartid",
        "verdeeld",
        "consists of",
    ];
    if !splits.iter().any(|word| lower.contains(word)) {
        return;
    }
    let parts: Vec<Figure> = figures(&lower).into_iter().filter(|figure| figure.is_percent).collect();
    let sum: Exact = parts.iter().map(|part| part.value.clone()).sum();
    let hundred = super::facts::figure::whole(100);
    let slack: Exact = parts.iter().filter(|part| part.decimals > 0).map(Figure::slack).sum();
    let off = if sum > hundred { &sum - &hundred } else { &hundred - &sum };
    if parts.len() >= 2 && off > slack {
        findings.certain(
            format!("the {} shares are {} % together, not 100 %", parts.len(), shown(&sum)),
            vec![sentence.said()],
        );
    }
}

#[cfg(test)]
mod tests {
    use super::RULE;
    use crate::contradiction::trial::found;

    #[test]
    fn parts_in_words_are_added_up() {
        let text =
            |all: &str| format!("The {all} open defects, by priority: one urgent, three high, six normal.\n");
        assert_eq!(found(&RULE, &text("eleven")), ["certain 1"]);
        assert!(found(&RULE, &text("ten")).is_empty());
        assert!(found(&RULE, "Two roles: one lead who has three deputies, six testers in all.\n").is_empty());
    }

    #[test]
    fn times_of_one_sentence_are_added_up() {
        let text = |all: &str| {
            format!(
                "Das Laden dauerte 2 Stunden 10 Minuten, das Prüfen 55 Minuten und das Freischalten 20 Minuten, zusammen {all}.\n"
            )
        };
        assert_eq!(found(&RULE, &text("3 Stunden 45 Minuten")), ["certain 1"]);
        assert!(found(&RULE, &text("3 Stunden 25 Minuten")).is_empty());
        let english = "Restore took 40 min and checks 50 min in parallel, together 50 min.\n";
        assert!(found(&RULE, english).is_empty());
    }
}
