//! Claims in sentences, list items and headings: counts, none, all, absolutes, percentages, and
//! that something is done.

use std::ops::Range;

use num_traits::Zero as _;

use crate::element::{Claim, ClaimKind, Setting, Source};
use crate::outline::Text;
use crate::value::{Fraction, Scan, TokenKind, has_digit, severities};
use crate::words::claim::{COUNTED, Claims, claims as claims_of};

/// Bytes of a sentence that is looked at; longer ones are listed as not understood.
const LONGEST: usize = 2_000;

/// Whether a text of so many bytes is too long to be one sentence of a report.
pub(super) fn is_too_long(bytes: usize) -> bool {
    bytes > LONGEST
}

/// The sentences of a text, as its bytes without the spaces around them. A full stop inside a word
/// ends none.
pub(super) fn sentences(text: &Text) -> Vec<Range<usize>> {
    let mut found = Vec::new();
    let mut from = 0;
    let plain = text.plain.as_str();
    let bytes = plain.as_bytes();
    for (at, byte) in bytes.iter().enumerate() {
        let ends = match byte {
            b'.' | b'!' | b'?' => {
                bytes.get(at + 1).is_none_or(u8::is_ascii_whitespace) && !is_abbreviation(plain, at)
            }
            b'\n' => plain.get(at + 1..).is_some_and(|rest| rest.starts_with(|c: char| !c.is_alphanumeric())),
            _ => false,
        };
        if ends {
            found.push(text.trimmed(from..at + 1));
            from = at + 1;
        }
    }
    found.push(text.trimmed(from..plain.len()));
    found.retain(|sentence| !sentence.is_empty());
    found
}

/// `e.g.`, `approx.`, `z. B.`, `1.`
fn is_abbreviation(plain: &str, dot: usize) -> bool {
    let before = plain.get(..dot).unwrap_or_default();
    let word = before.rsplit(|c: char| c.is_whitespace() || c == '(').next().unwrap_or_default();
    word.chars().count() <= 1
        || ["e.g", "i.e", "approx", "etc", "vs", "no", "nr", "ca", "bzw", "z.B", "d.h"].contains(&word)
}

/// Adds the claims of a text that is one sentence, item, cell or heading.
pub(super) fn read(text: &Text, setting: Setting, source: Source, claims: &mut Vec<Claim>) {
    let found = found(&text.plain);
    add(found, || text.clone(), setting, source, claims);
}

/// Adds the claims of one sentence of a text.
pub(super) fn read_sentence(
    text: &Text,
    sentence: Range<usize>,
    setting: Setting,
    source: Source,
    claims: &mut Vec<Claim>,
) {
    let found = found(text.plain.get(sentence.clone()).unwrap_or_default());
    add(found, || text.slice(sentence), setting, source, claims);
}

/// Most sentences claim nothing, and cost no text of their own.
fn add(
    found: Vec<(ClaimKind, Range<usize>)>,
    sentence: impl FnOnce() -> Text,
    setting: Setting,
    source: Source,
    claims: &mut Vec<Claim>,
) {
    if found.is_empty() {
        return;
    }
    let sentence = sentence();
    let setting = if sentence.plain.trim_end().ends_with('?') { Setting::Asked } else { setting };
    claims.extend(found.into_iter().map(|(kind, range)| {
        let span = sentence.at(range.clone());
        Claim { kind, text: sentence.clone(), range, setting, source: Source { span, ..source } }
    }));
}

fn found(plain: &str) -> Vec<(ClaimKind, Range<usize>)> {
    let mut found = Vec::new();
    if is_too_long(plain.len()) {
        return found;
    }
    let scan = Scan::of(plain);
    let has_digit = has_digit(plain);
    let said: Vec<(usize, Claims)> =
        (0..scan.tokens.len()).filter_map(|at| Some((at, claims_of(&scan.word(at)?)?))).collect();
    if has_digit {
        counts(&scan, &mut found);
    }
    all_and_none(&scan, &said, has_digit, &mut found);
    absolutes(&scan, &said, &mut found);
    if has_digit {
        percents(&scan, &mut found);
    }
    achieved(&scan, &said, &mut found);
    found
}

/// Words behind a number or an "all", up to the end of the noun group.
fn group(scan: &Scan<'_>, from: usize, most: usize) -> (String, usize) {
    let mut at = from;
    while at < from + most
        && (scan.kind(at) == Some(TokenKind::Word) || is_tie(scan, at) && at > from)
        && !scan.is_word(
            at,
            &["is", "are", "was", "were", "have", "has", "ist", "sind", "sont", "est", "son", "zijn", "sono"],
        )
    {
        at += 1;
    }
    let range = scan.range(from, at.saturating_sub(1));
    let words = if at > from { scan.text.get(range).unwrap_or_default().to_owned() } else { String::new() };
    (words, at)
}

/// A dash or a slash inside a word, and `&`.
fn is_tie(scan: &Scan<'_>, at: usize) -> bool {
    scan.is_sign(at, &['&'])
        || scan.is_sign(at, &['-', '/', '\'']) && scan.is_joined(at) && scan.is_joined(at + 1)
}

fn counts(scan: &Scan<'_>, found: &mut Vec<(ClaimKind, Range<usize>)>) {
    let shares = scan.fractions();
    for share in &shares {
        let next = scan.tokens.partition_point(|token| token.range.start < share.range.end);
        let (of, _) = group(scan, next, 6);
        let Fraction { part, whole } = share.value.clone();
        found.push((ClaimKind::Share { part, whole, of }, share.range.clone()));
    }
    let numbers = scan.numbers();
    let ids = if numbers.is_empty() { Vec::new() } else { scan.ids() };
    for number in numbers {
        let is_in = |range: &Range<usize>| range.start <= number.range.start && number.range.end <= range.end;
        let is_other =
            shares.iter().any(|share| is_in(&share.range)) || ids.iter().any(|id| is_in(&id.range));
        if !number.value.is_integer() || is_other {
            continue;
        }
        let first = scan.tokens.partition_point(|token| token.range.start < number.range.start);
        let next = scan.tokens.partition_point(|token| token.range.start < number.range.end);
        let is_tied = first > 0 && scan.is_sign(first - 1, &['$', '€', '#', '/', '-']);
        if next == scan.tokens.len() || scan.is_joined(next) || is_tied {
            continue;
        }
        let (of, end) = group(scan, next, 8);
        let mut words = (next..end).filter_map(|at| scan.word(at)).take(5);
        let noun = words.any(|word| COUNTED.iter().any(|noun| word.starts_with(noun)));
        let severity = severities(&of).into_iter().next().map(|found| found.value);
        if !(noun || severity.is_some()) {
            continue;
        }
        let range = number.range.start..scan.range(next, end - 1).end;
        let kind = match number.value.is_zero() {
            true => ClaimKind::Zero { of },
            false => ClaimKind::Count { number: number.value, of, severity },
        };
        found.push((kind, range));
    }
}

fn all_and_none(
    scan: &Scan<'_>,
    said: &[(usize, Claims)],
    has_digit: bool,
    found: &mut Vec<(ClaimKind, Range<usize>)>,
) {
    let hundred = |at: usize| {
        scan.text_of(at) == "100"
            && scan.is_sign(at + 1, &['%'])
            && scan.is_word(at + 2, &["of", "der", "des", "de"])
    };
    let hundreds = (0..if has_digit { scan.tokens.len() } else { 0 }).filter(|at| hundred(*at));
    let mut all: Vec<(usize, bool, usize)> = hundreds.map(|at| (at, true, at + 3)).collect();
    all.extend(said.iter().filter_map(|(at, claims)| match claims {
        Claims::All => Some((*at, true, at + 1)),
        Claims::None if scan.is_word(at + 1, &["go"]) || scan.is_word(at + 2, &["go"]) => None,
        Claims::None => Some((*at, false, at + 1)),
        _ => None,
    }));
    all.sort_unstable();
    for (at, is_all, from) in all {
        let (of, end) = group(scan, from, 7);
        if of.is_empty() {
            continue;
        }
        let range = scan.range(at, end - 1);
        found.push((if is_all { ClaimKind::All { of } } else { ClaimKind::Zero { of } }, range));
    }
}

fn absolutes(scan: &Scan<'_>, said: &[(usize, Claims)], found: &mut Vec<(ClaimKind, Range<usize>)>) {
    for (at, _) in said.iter().filter(|(_, claims)| *claims == Claims::Absolute) {
        if let Some(word) = scan.word(*at) {
            found.push((ClaimKind::Absolute { word: word.into_owned() }, scan.range(*at, *at)));
        }
    }
}

fn percents(scan: &Scan<'_>, found: &mut Vec<(ClaimKind, Range<usize>)>) {
    for percent in scan.percents() {
        let subject = scan.text.get(..percent.range.start).unwrap_or_default();
        let subject = subject.trim_matches(|c: char| !(c.is_alphanumeric() || c == ')')).to_owned();
        found.push((ClaimKind::Percent { value: percent.value, subject }, percent.range));
    }
}

/// `… is production-ready`, `… implemented and tested`.
fn achieved(scan: &Scan<'_>, said: &[(usize, Claims)], found: &mut Vec<(ClaimKind, Range<usize>)>) {
    const NEGATIONS: [&str; 24] = [
        "not", "no", "never", "without", "cannot", "missing", "kein", "keine", "nicht", "ohne", "pas",
        "aucun", "sans", "sin", "ningún", "niet", "geen", "zonder", "non", "nessun", "senza", "não", "sem",
        "until",
    ];
    const MODALS: [&str; 20] = [
        "must", "can", "should", "will", "could", "to", "needs", "need", "may", "would", "muss", "müssen",
        "soll", "sollte", "wird", "doit", "devrait", "debe", "moet", "deve",
    ];
    for (at, _) in said.iter().filter(|(_, claims)| *claims == Claims::Achieved) {
        let at = *at;
        let negated = (0..at).any(|before| scan.is_word(before, &NEGATIONS));
        // `must be fixed` and `to be verified` are not done.
        let to_be = (at.saturating_sub(4)..at).any(|before| scan.is_word(before, &MODALS));
        let subject = scan.text.get(..scan.range(at, at).start).unwrap_or_default();
        let subject = subject.trim_matches(|c: char| !c.is_alphanumeric());
        if negated
            || to_be
            || subject.split_whitespace().count() == 0
            || subject.split_whitespace().count() > 14
        {
            continue;
        }
        let (subject, word) = (subject.to_owned(), scan.word(at).unwrap_or_default().into_owned());
        found.push((ClaimKind::Achieved { subject, word }, scan.range(at, at)));
        return;
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::Report;

    fn read(text: &str) -> Vec<String> {
        let Report { elements, .. } = crate::read(text.as_bytes());
        elements
            .claims
            .into_iter()
            .map(|claim| match claim.kind {
                ClaimKind::Count { number, of, .. } => format!("{number}: {of}"),
                ClaimKind::Share { part, whole, of } => format!("{part}/{whole}: {of}"),
                ClaimKind::Zero { of } => format!("none: {of}"),
                ClaimKind::All { of } => format!("all: {of}"),
                ClaimKind::Absolute { word } => format!("absolute: {word}"),
                ClaimKind::Percent { value, subject } => format!("{value}%: {subject}"),
                ClaimKind::Achieved { subject, word } => format!("{word}: {subject}"),
            })
            .collect()
    }

    #[test]
    fn claims_are_found() {
        assert_eq!(
            read("We fixed the 5 critical must-fix items last week."),
            ["5: critical must-fix items last week"]
        );
        assert_eq!(read("Zero data loss was seen."), ["none: data loss"]);
        assert_eq!(read("All services have probes."), ["all: services"]);
        assert_eq!(read("Tenant isolation is perfect."), ["absolute: perfect"]);
        assert_eq!(read("Security scored 85 %."), ["85%: Security scored"]);
        assert_eq!(read("The monitoring is in place."), ["place: The monitoring is in"]);
        assert_eq!(read("9 out of 10 categories passed."), ["9/10: categories passed"]);
        assert_eq!(read("Backups must be verified."), Vec::<String>::new());
        assert_eq!(read("It took 3 days and 20 MB."), Vec::<String>::new());
        assert_eq!(read("The monitoring is not complete."), Vec::<String>::new());
    }

    #[test]
    fn sentences_end_where_they_end() {
        let text = Text { plain: "One e.g. this. Two!\n- Three".to_owned(), ..Text::default() };
        let found: Vec<&str> = sentences(&text).into_iter().map(|sentence| &text.plain[sentence]).collect();
        assert_eq!(found, ["One e.g. this.", "Two!", "- Three"]);
    }
}
