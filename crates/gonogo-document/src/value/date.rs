//! Dates in the forms people write them. Forms that could be two dates are none.

use jiff::civil::Date;

use super::{Found, Scan, TokenKind, has_digit};

/// The first three letters of months in several languages, and whole words where three are too few.
const MONTHS: [&[&str]; 12] = [
    &["jan", "janv", "ene", "gen"],
    &["feb", "fév", "fev", "févr"],
    &["mar", "mär", "mrz", "mrt", "maa", "mär"],
    &["apr", "avr", "abr"],
    &["may", "mai", "mei", "mag", "maj"],
    &["jun", "juin", "giu"],
    &["jul", "juil", "lug"],
    &["aug", "aoû", "août", "ago"],
    &["sep", "sept", "set"],
    &["oct", "okt", "ott", "out"],
    &["nov"],
    &["dec", "dez", "déc", "dic"],
];

/// Every date in a text: ISO, `January 7, 2026`, `7 Jan 2026`, `07.01.2026`.
pub fn dates(text: &str) -> Vec<Found<Date>> {
    if !has_digit(text) {
        return Vec::new();
    }
    let scan = Scan::of(text);
    let mut found = Vec::new();
    let mut at = 0;
    while at < scan.tokens.len() {
        match numeric(&scan, at).or_else(|| with_word(&scan, at)) {
            Some((date, next)) => {
                found.push(Found::new(date, scan.range(at, next - 1)));
                at = next;
            }
            None => at += 1,
        }
    }
    found
}

fn numeric(scan: &Scan<'_>, at: usize) -> Option<(Date, usize)> {
    // `07.01.2026` is one number token, unless it is no number to the scanner.
    if scan.kind(at)? == TokenKind::Number && scan.text_of(at).matches('.').count() == 2 {
        let mut parts = scan.text_of(at).split('.').map(|part| part.parse::<u64>().ok());
        let (day, month, year) = (parts.next()??, parts.next()??, parts.next()??);
        let date = if day > 31 { date(day, month, year) } else { date(year, month, day) };
        return Some((date?, at + 1));
    }
    let first = scan.whole(at)?;
    if scan.text_of(at).len() == 8 {
        let compact = date(first / 10_000, first / 100 % 100, first % 100);
        return compact.map(|date| (date, at + 1));
    }
    let separator = ['-', '/', '.'].into_iter().find(|sign| scan.is_sign(at + 1, &[*sign]))?;
    if !scan.is_sign(at + 3, &[separator]) || !(1..=4).all(|step| scan.is_joined(at + step)) {
        return None;
    }
    let (second, third) = (scan.whole(at + 2)?, scan.whole(at + 4)?);
    let found = if first > 31 {
        date(first, second, third)
    } else if third < 100 || separator == '-' && first > 31 {
        None
    } else {
        match (first > 12, second > 12) {
            (true, false) => date(third, second, first),
            (false, true) => date(third, first, second),
            _ if first == second || separator == '.' => date(third, second, first),
            // The 3rd of April or the 4th of March.
            _ => None,
        }
    };
    found.map(|date| (date, at + 5))
}

/// `7 January 2026`, `7. Januar 2026`, `January 7th, 2026`, `7 de enero de 2026`.
fn with_word(scan: &Scan<'_>, at: usize) -> Option<(Date, usize)> {
    let skip = |mut at: usize| {
        while scan.is_sign(at, &['.', ',', '-'])
            || scan.is_word(at, &["st", "nd", "rd", "th", "er", "de", "of", "º", "del"])
        {
            at += 1;
        }
        at
    };
    let day_of = |at: usize| scan.whole(at).filter(|day| (1..=31).contains(day));
    let year_of = |at: usize| scan.whole(at).filter(|year| (1900..=2200).contains(year));
    if let Some(day) = day_of(at) {
        let at = skip(at + 1);
        let month = month(scan, at)?;
        let at = skip(at + 1);
        return Some((date(year_of(at)?, month, day)?, at + 1));
    }
    let month = month(scan, at)?;
    let at = skip(at + 1);
    let day = day_of(at)?;
    let at = skip(at + 1);
    Some((date(year_of(at)?, month, day)?, at + 1))
}

fn month(scan: &Scan<'_>, at: usize) -> Option<u64> {
    let word = scan.word(at)?;
    if !(3..=10).contains(&word.chars().count()) {
        return None;
    }
    let position = MONTHS.iter().position(|starts| starts.iter().any(|start| word.starts_with(start)))?;
    u64::try_from(position + 1).ok()
}

fn date(year: u64, month: u64, day: u64) -> Option<Date> {
    let year = i16::try_from(year).ok().filter(|year| (1900..=2200).contains(year))?;
    Date::new(year, i8::try_from(month).ok()?, i8::try_from(day).ok()?).ok()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn dates_are_read_in_their_usual_forms() {
        for text in [
            "2026-01-07",
            "2026-01-07T05:00:00Z",
            "2026/01/07",
            "January 7, 2026",
            "Jan 7th 2026",
            "7 Jan 2026",
            "7. Januar 2026",
            "7 janvier 2026",
            "7 de enero de 2026",
            "07.01.2026",
            "7.1.2026",
            "20260107",
            "7-Jan-2026",
        ] {
            let found: Vec<String> = dates(text).iter().map(|found| found.value.to_string()).collect();
            assert_eq!(found, ["2026-01-07"], "{text}");
        }
        for text in ["2026-13-41", "1.2.3", "03/04/2026", "10:30", "version 1.0.2026", "may 5 people", "47"] {
            assert!(dates(text).is_empty(), "{text}");
        }
        assert_eq!(dates("13/04/2026")[0].value.to_string(), "2026-04-13");
    }
}
