//! How many of something a document says there are: `5 conditions`, `two high findings`,
//! `Open blockers: 3`, `Known issues (4)`.

use std::collections::BTreeSet;
use std::ops::Range;

use super::calendar::Calendar;
use super::figure::{self, figures, whole};
use super::sentence::{Place, Sentence};
use crate::name::Name;
use crate::value::{self, Scan, Severity, State, TokenKind};

/// A number of things.
#[derive(Debug, Clone)]
pub(crate) struct Claim {
    pub(crate) count: u64,
    /// Roughly, or at least.
    pub(crate) is_about: bool,
    /// The words behind the number, or those before it when it stands at the end.
    pub(crate) noun: Vec<String>,
    /// Their stems, without articles and the like.
    pub(crate) stems: BTreeSet<String>,
    /// A severity among them.
    pub(crate) severity: Option<Severity>,
    /// A state said of them: open, done, passed.
    pub(crate) state: Option<State>,
    /// The number of its sentence.
    pub(crate) sentence: usize,
    /// The bytes of the number in the sentence.
    pub(crate) range: Range<usize>,
    pub(crate) place: Place,
    /// It stands in parentheses or behind a colon, after its noun.
    pub(crate) is_behind: bool,
}

impl Claim {
    /// `21 de setembro`: the number is the day of a date.
    pub(crate) fn is_of_date(&self, sentences: &[Sentence], calendar: Calendar) -> bool {
        let Some(sentence) =
            sentences.get(self.sentence).filter(|_| self.count <= 31 && self.severity.is_none())
        else {
            return false;
        };
        let text = &sentence.text.plain;
        // `2 majeures` begins like a day of May.
        let is_whole =
            |end: usize| !text.get(end..).is_some_and(|rest| rest.starts_with(char::is_alphabetic));
        let holds = |date: &Range<usize>| date.start <= self.range.start && self.range.end <= date.end;
        calendar.dates(text).iter().any(|date| holds(&date.range) && is_whole(date.range.end))
    }
}

/// Numbers as words, in several languages, from 2 on: `one` is an article too often.
const NUMBERS: &[&[&str]] = &[
    &["two", "zwei", "deux", "dos", "twee", "due", "beide", "dois", "duas", "dwa", "dwie"],
    &["three", "drei", "trois", "tres", "drie", "tre", "três", "trzy"],
    &["four", "vier", "quatre", "cuatro", "quattro", "quatro", "cztery"],
    &["five", "fünf", "cinq", "cinco", "vijf", "cinque", "pięć"],
    &["six", "sechs", "seis", "zes", "sei", "sześć"],
    &["seven", "sieben", "sept", "siete", "zeven", "sette", "sete", "siedem"],
    &["eight", "acht", "huit", "ocho", "otto", "oito", "osiem"],
    &["nine", "neun", "neuf", "nueve", "negen", "nove", "dziewięć"],
    &["ten", "zehn", "dix", "diez", "tien", "dieci", "dez", "dziesięć"],
    &["eleven", "elf", "onze", "once", "undici", "jedenaście"],
    &["twelve", "zwölf", "douze", "doce", "twaalf", "dodici", "doze", "dwanaście"],
    &["thirteen", "dreizehn", "treize", "trece", "dertien", "tredici", "treze"],
    &["fourteen", "vierzehn", "quatorze", "catorce", "veertien", "quattordici", "catorze"],
    &["fifteen", "fünfzehn", "quinze", "quince", "vijftien", "quindici"],
    &["sixteen", "sechzehn", "seize", "dieciséis", "zestien", "sedici", "dezesseis"],
];
/// The noun of a claim ends before these.
const ENDS: &[&str] = &[
    "are", "is", "was", "were", "have", "has", "had", "sind", "ist", "wurden", "sont", "est", "son", "zijn",
    "can", "must", "should", "will", "may", "that", "which", "who", "with", "from", "for", "in", "at", "on",
    "of", "to", "by", "before", "after", "across", "per", "under", "and", "or", "und", "et", "y", "en",
    "have", "cover", "covers", "needed", "a", "bleiben", "spill",
];
const MOST_WORDS: usize = 5;
/// Claims that are looked at.
pub(crate) const MOST: usize = 2_000;

/// A number behind one of these is a name: `run 2 failed`, `tier 1 systems`.
const NAMED: &[&str] = &[
    "run",
    "step",
    "phase",
    "action",
    "item",
    "tier",
    "rehearsal",
    "question",
    "check",
    "test",
    "case",
    "gate",
    "schritt",
    "stufe",
    "lot",
    "étape",
    "fase",
    "etapa",
    "deck",
    "level",
    "priority",
    "week",
    "day",
    "page",
    "section",
    "chapter",
    "number",
    "no",
    "nr",
    "table",
    "figure",
    "appendix",
    "class",
    "group",
    "stage",
    "wave",
    "batch",
    "line",
    "row",
    "option",
    "release",
    "version",
    "sprint",
    "schema",
    "hall",
    "room",
    "unit",
    "track",
    "woche",
    "kapitel",
    "abschnitt",
    "lauf",
    "prüfung",
    "nummer",
    "ring",
    "zone",
    "line",
    "linie",
    "semaine",
    "semana",
    "stap",
    "regel",
    "rule",
    "condition",
    "criterion",
    "wave",
    "site",
    "plant",
    "werk",
];

/// The number that a word is.
pub(crate) fn number_word(word: &str) -> Option<u64> {
    (2..).zip(NUMBERS).find(|(_, words)| words.contains(&word)).map(|(number, _)| number)
}

/// Every claim of every sentence.
pub(crate) fn all(sentences: &[Sentence]) -> Vec<Claim> {
    let numbers: BTreeSet<u64> = sentences.iter().filter_map(leading).collect();
    // `9 Open points` between the headings 8 and 10 is not nine of them.
    let is_numbered = |sentence: &Sentence| {
        leading(sentence)
            .is_some_and(|own| numbers.contains(&(own + 1)) || own > 1 && numbers.contains(&(own - 1)))
    };
    let each = sentences.iter().enumerate();
    each.filter(|(_, sentence)| !matches!(sentence.place, Place::Code | Place::Cell))
        .flat_map(|(at, sentence)| {
            let skips = is_numbered(sentence);
            let claims = in_text(&sentence.text.plain, at, sentence.place);
            claims.into_iter().filter(move |claim| !(skips && claim.range.start == 0))
        })
        .take(MOST)
        .collect()
}

/// The number that a heading begins with.
fn leading(sentence: &Sentence) -> Option<u64> {
    let text = sentence.text.plain.trim_start();
    let digits = text.find(|c: char| !c.is_ascii_digit())?;
    let is_apart = text.get(digits..)?.starts_with(['.', ' ', ')']);
    (sentence.place == Place::Heading && is_apart).then(|| text.get(..digits)?.parse().ok())?
}

fn in_text(text: &str, sentence: usize, place: Place) -> Vec<Claim> {
    let scan = Scan::of(text);
    let taken: Vec<Range<usize>> = value::fractions(text)
        .into_iter()
        .map(|found| found.range)
        .chain(value::durations(text).into_iter().map(|found| found.range))
        .chain(value::ids(text).into_iter().map(|found| found.range))
        .chain(value::id_ranges(text).into_iter().map(|found| found.range))
        .chain(super::calendar::days(text))
        .chain(value::money(text).into_iter().map(|found| found.range))
        .collect();
    let figures = figures(text);
    let mut found = Vec::new();
    for at in 0..scan.tokens.len() {
        let Some(range) = scan.tokens.get(at).map(|token| token.range.clone()) else { continue };
        let dashed = |sign: usize, number: usize| {
            scan.is_sign(sign, &['-', '–', '—']) && scan.kind(number) == Some(TokenKind::Number)
        };
        let is_name = at > 0 && scan.kind(at) == Some(TokenKind::Number) && scan.is_word(at - 1, NAMED);
        if is_name || at > 1 && dashed(at - 1, at - 2) || dashed(at + 1, at + 2) {
            continue;
        }
        if taken.iter().any(|other| other.start <= range.start && range.start < other.end) {
            continue;
        }
        let number = match scan.kind(at) {
            Some(TokenKind::Number) => figures
                .iter()
                .find(|figure| figure.range.start == range.start)
                .and_then(|figure| Some((figure.count()?, figure.is_about))),
            Some(TokenKind::Word) => {
                scan.word(at).and_then(|word| number_word(&word)).map(|count| (count, false))
            }
            _ => None,
        };
        let Some((count, is_about)) = number.filter(|(count, _)| *count <= 100_000) else { continue };
        found.extend(claim(&scan, at, count, is_about, sentence, place, range));
    }
    found
}

fn claim(
    scan: &Scan<'_>,
    at: usize,
    count: u64,
    is_about: bool,
    sentence: usize,
    place: Place,
    range: Range<usize>,
) -> Option<Claim> {
    let behind = words(scan, at + 1);
    let in_parentheses = at > 1
        && scan.is_sign(at - 1, &['(', '–', '—', '-'])
        && (scan.is_sign(at + 1, &[')']) || at + 1 == scan.tokens.len());
    let behind_colon = at > 1 && scan.is_sign(at - 1, &[':']) && behind.is_empty();
    let is_behind = in_parentheses || behind_colon;
    let in_all = scan.is_word(at + 1, &["in"]) && scan.is_word(at + 2, &["all", "total"]);
    let noun = match (behind.is_empty(), is_behind || in_all) {
        (false, _) => behind,
        (true, true) => words_before(scan, at.saturating_sub(1)),
        (true, false) => return None,
    };
    if noun.is_empty() {
        return None;
    }
    let phrase = noun.join(" ");
    let rest = scan.text.get(range.end..).unwrap_or_default();
    let severity = value::severities(&phrase).first().map(|found| found.value);
    let until = [",", ";", "(", " and ", " und ", " et "]
        .iter()
        .filter_map(|end| rest.find(end))
        .min()
        .unwrap_or(rest.len());
    let said = format!("{phrase} {}", rest.get(..until).unwrap_or_default());
    let state = value::marks(&said).iter().find_map(|found| found.value.state);
    let stems = Name::of(&phrase).words;
    Some(Claim { count, is_about, noun, stems, severity, state, sentence, range, place, is_behind })
}

fn words(scan: &Scan<'_>, from: usize) -> Vec<String> {
    let mut found: Vec<String> = Vec::new();
    for at in from..scan.tokens.len() {
        match scan.word(at) {
            Some(word) if !ENDS.contains(&&*word) && found.len() < MOST_WORDS => {
                found.push(word.into_owned())
            }
            None if scan.is_sign(at, &['-', '/', '*', '`']) && !found.is_empty() => {}
            _ => break,
        }
    }
    found
}

fn words_before(scan: &Scan<'_>, sign: usize) -> Vec<String> {
    let mut found: Vec<String> = Vec::new();
    for at in (0..sign).rev() {
        match scan.word(at) {
            Some(word) if found.len() < MOST_WORDS => found.insert(0, word.into_owned()),
            None if scan.is_sign(at, &['-', '/', '*']) => {}
            _ => break,
        }
    }
    found
}

impl Claim {
    /// Its number as an exact one.
    pub(crate) fn value(&self) -> value::Exact {
        whole(self.count)
    }

    /// As people would say it: `5 open blockers`.
    pub(crate) fn shown(&self) -> String {
        format!("{} {}", figure::shown(&self.value()), self.noun.join(" "))
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn read(text: &str) -> Vec<String> {
        let found = in_text(text, 0, Place::Prose);
        found.into_iter().map(|claim| claim.shown()).collect()
    }

    #[test]
    fn numbers_of_things_are_read() {
        assert_eq!(
            read("The review raised 1 blocker, 2 high and 3 medium findings."),
            ["1 blocker", "2 high", "3 medium findings"]
        );
        assert_eq!(read("There are five conditions."), ["5 conditions"]);
        assert_eq!(read("Open blockers: 2"), ["2 open blockers"]);
        assert_eq!(read("Known issues (3)"), ["3 known issues"]);
        assert_eq!(read("Es bleiben fünf offene Punkte"), ["5 offene punkte"]);
        for text in [
            "takes 8 hours",
            "3 of 5 checks",
            "FW-01 to FW-09",
            "50 % done",
            "$5 each",
            "12:30",
            "Run 2 failed",
            "on 13 September",
            "5 in all",
            "In total, 5.",
        ] {
            assert_eq!(read(text), Vec::<String>::new(), "{text}");
        }
    }
}
