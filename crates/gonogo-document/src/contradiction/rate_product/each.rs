//! So many things, each with a rate, and all together: `One pod sustains 85 payouts/s`, `12 pods`,
//! `that gives 1,020 payouts/s`.

use super::flow::{rate_unit, rates, stem};
use crate::contradiction::facts::claim::number_word;
use crate::contradiction::facts::figure::{figures, shown, whole};
use crate::contradiction::facts::word::says;
use crate::contradiction::facts::{Facts, Figure, Place};
use crate::contradiction::kind::Findings;
use crate::value::{self, Exact};

/// What says that a rate is that of a single thing, directly before its noun.
const EACH: &[&str] = &[
    "one", "each", "per", "every", "a", "single", "ein", "eine", "einem", "jeder", "jede", "jedes", "pro",
    "je", "un", "une", "chaque", "par", "uno", "una", "cada", "por", "ogni", "een", "elke", "um", "uma",
    "jeden", "każdy",
];
/// What says that a number is what all give together.
const GIVES: &[&str] = &[
    "gives",
    "give",
    "makes",
    "make",
    "together",
    "in total",
    "in all",
    "that is",
    "handle*",
    "sustain*",
    "carry",
    "yields",
    "ergibt",
    "ergeben",
    "zusammen",
    "das sind",
    "macht",
    "schaffen",
    "donne*",
    "soit",
    "ensemble",
    "au total",
    "dan",
    "da",
    "suman",
    "en total",
    "fanno",
    "danno",
    "in totale",
    "geeft",
    "geven",
    "samen",
    "dão",
    "dá",
    "no total",
    "capacity",
    "kapazität",
    "capacité",
    "capacidad",
];
/// Sentences after the one with the rate.
const BEHIND: usize = 4;

pub(super) fn check(facts: &Facts<'_>, findings: &mut Findings) {
    for (at, sentence) in facts.sentences.iter().enumerate() {
        if !matches!(sentence.place, Place::Prose | Place::Item) || !value::has_digit(&sentence.text.plain) {
            continue;
        }
        let lower = sentence.lower();
        let own = rates(&lower, &sentence.said());
        let [rate] = own.as_slice() else { continue };
        let Some(thing) = single(&lower) else { continue };
        let next =
            facts.sentences.get(at + 1..(at + 1 + BEHIND).min(facts.sentences.len())).unwrap_or_default();
        let mut known: Vec<u64> = Vec::new();
        for other in next.iter().take_while(|other| other.section == sentence.section) {
            let text = other.lower();
            let counts = counts(&text, &thing);
            if counts.is_empty() && known.is_empty() {
                continue;
            }
            known.extend(&counts);
            let told = told(&text, &rate.noun, rate.seconds);
            let is_sum = says(&text, GIVES);
            let of: &[u64] = if counts.is_empty() { &known } else { &counts };
            let (Some(stated), [.., count], true) = (told, of, is_sum) else { continue };
            let products: Vec<Exact> = known.iter().map(|count| &rate.count * whole(*count)).collect();
            let fits =
                stated.readings().iter().any(|value| products.iter().any(|exact| within(value, exact)));
            if !fits && stated.value != rate.count {
                let exact = &rate.count * whole(*count);
                let message = format!(
                    "{count} times {} is {}, but it says {}",
                    shown(&rate.count),
                    shown(&exact),
                    stated.shown()
                );
                // Less than all of them may be kept in reserve.
                findings.say(stated.value > exact, message, vec![other.said(), sentence.said()]);
            }
            known.clear();
        }
    }
}

/// Within three in a hundred, as people round.
fn within(stated: &Exact, exact: &Exact) -> bool {
    let slack = exact * Exact::new(3.into(), 100.into());
    stated >= &(exact - &slack) && stated <= &(exact + &slack)
}

/// The thing that a rate is said to be of: the noun behind `one`, `each` and the like.
fn single(lower: &str) -> Option<String> {
    let words: Vec<&str> =
        lower.split(|c: char| !c.is_alphanumeric()).filter(|word| !word.is_empty()).collect();
    let time = ["second", "minute", "hour", "day", "sekunde", "stunde", "minuto", "segundo", "jour", "heure"];
    words.windows(2).find_map(|pair| {
        let [each, noun] = pair else { return None };
        let is_thing =
            noun.chars().count() >= 3 && noun.chars().all(char::is_alphabetic) && !time.contains(noun);
        (EACH.contains(each) && is_thing).then(|| stem(noun))
    })
}

/// The numbers of that thing in a sentence.
fn counts(lower: &str, thing: &str) -> Vec<u64> {
    let words: Vec<&str> =
        lower.split(|c: char| !c.is_alphanumeric()).filter(|word| !word.is_empty()).collect();
    let pairs =
        words.windows(3).chain(words.get(words.len().saturating_sub(2)..).filter(|last| last.len() == 2));
    let mut found = Vec::new();
    for part in pairs {
        let Some((number, nouns)) = part.split_first() else { continue };
        let count = number_word(number).or_else(|| number.parse().ok());
        let is_it = nouns.iter().any(|noun| stem(noun) == thing);
        let is_next = nouns.first().is_some_and(|noun| noun.chars().all(char::is_alphabetic));
        if let Some(count) = count.filter(|count| is_it && is_next && (2..10_000).contains(count)) {
            found.push(count);
        }
    }
    found.dedup();
    found
}

/// The only number of a sentence in the unit of the rate.
fn told(lower: &str, noun: &str, seconds: u64) -> Option<Figure> {
    let is_rate = |behind: &str| {
        rate_unit(behind.trim_start()).is_some_and(|(own, time)| own == noun && time == seconds)
    };
    let all = figures(lower);
    let mut own = all.iter().filter(|figure| {
        !figure.is_about && !figure.is_percent && is_rate(lower.get(figure.range.end..).unwrap_or_default())
    });
    let (one, None) = (own.next()?, own.next()) else { return None };
    Some(one.clone())
}

#[cfg(test)]
mod tests {
    use super::super::RULE;
    use crate::contradiction::trial::found;

    #[test]
    fn things_times_rate_are_all_of_it() {
        let text = |all: &str| {
            format!(
                "- One pod sustains 85 payouts/s at 60 % CPU.\n- Production runs 12 pods in three zones. That gives {all} payouts/s.\n- With one zone gone, 8 pods remain: together 680 payouts/s.\n"
            )
        };
        assert_eq!(found(&RULE, &text("1,220")), ["certain 2,1"]);
        assert!(found(&RULE, &text("1,020")).is_empty());
        let german = "Jeder Knoten verträgt 200 Anfragen pro Sekunde. Sechs Knoten ergeben 1500 Anfragen pro Sekunde.\n";
        assert_eq!(found(&RULE, german).len(), 1);
        let other = "Each node takes 200 calls per second. Six nodes are planned; last year together 900 calls per second were seen.\n";
        assert_eq!(found(&RULE, other).iter().filter(|found| found.starts_with("certain")).count(), 0);
    }
}
