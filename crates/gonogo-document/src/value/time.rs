//! Durations and ranges of them, in several languages.

use num_bigint::BigInt;

use super::amount::number_at;
use super::{Exact, Found, Scan, has_digit};

/// A unit of time.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum TimeUnit {
    /// A thousandth of a second.
    Millisecond,
    /// A second.
    Second,
    /// A minute.
    Minute,
    /// An hour.
    Hour,
    /// A day, of work or of the calendar.
    Day,
    /// A week.
    Week,
    /// A month.
    Month,
    /// A year.
    Year,
}

/// A duration, or a range of durations.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Duration {
    /// The least, in `unit`.
    pub low: Exact,
    /// The most, in `unit`; the same as `low` when it is no range.
    pub high: Exact,
    /// The unit.
    pub unit: TimeUnit,
    /// Written with `~`, `about` or the like.
    pub is_about: bool,
}

impl Duration {
    /// One duration.
    pub fn exactly(value: Exact, unit: TimeUnit) -> Duration {
        Duration { low: value.clone(), high: value, unit, is_about: false }
    }

    /// The least in hours, if a day of it has `hours_a_day`; weeks have five such days when a day
    /// is less than the whole, else seven.
    pub fn low_hours(&self, hours_a_day: u32) -> Exact {
        &self.low * self.unit.hours(hours_a_day)
    }

    /// The most in hours.
    pub fn high_hours(&self, hours_a_day: u32) -> Exact {
        &self.high * self.unit.hours(hours_a_day)
    }
}

impl TimeUnit {
    /// One of it in hours. A day has `hours_a_day`; working weeks have 5 days and working months
    /// 21, others 7 and 30.
    pub fn hours(self, hours_a_day: u32) -> Exact {
        let ratio = |top: u32, bottom: u32| Exact::new(BigInt::from(top), BigInt::from(bottom));
        let works = hours_a_day < 24;
        match self {
            TimeUnit::Millisecond => ratio(1, 3_600_000),
            TimeUnit::Second => ratio(1, 3_600),
            TimeUnit::Minute => ratio(1, 60),
            TimeUnit::Hour => ratio(1, 1),
            TimeUnit::Day => ratio(hours_a_day, 1),
            TimeUnit::Week => ratio(hours_a_day * if works { 5 } else { 7 }, 1),
            TimeUnit::Month => ratio(hours_a_day * if works { 21 } else { 30 }, 1),
            TimeUnit::Year => ratio(hours_a_day * if works { 250 } else { 365 }, 1),
        }
    }
}

/// Words for each unit, in small letters.
const UNITS: &[(TimeUnit, &[&str])] = &[
    (TimeUnit::Millisecond, &["ms", "millisecond", "milliseconds", "msec", "millisekunden"]),
    (
        TimeUnit::Second,
        &[
            "s", "sec", "secs", "second", "seconds", "sek", "sekunde", "sekunden", "seconde", "secondes",
            "seconden", "segundo", "segundos", "secondo", "secondi",
        ],
    ),
    (
        TimeUnit::Minute,
        &["min", "mins", "minute", "minutes", "minuten", "minuut", "minuto", "minutos", "minuti"],
    ),
    (
        TimeUnit::Hour,
        &[
            "h", "hr", "hrs", "hour", "hours", "std", "stunde", "stunden", "heure", "heures", "hora",
            "horas", "uur", "uren", "ora", "ore", "ph", "manhours",
        ],
    ),
    (
        TimeUnit::Day,
        &[
            "d",
            "day",
            "days",
            "tag",
            "tage",
            "tagen",
            "arbeitstag",
            "arbeitstage",
            "werktage",
            "pt",
            "pd",
            "manday",
            "mandays",
            "personentag",
            "personentage",
            "personentagen",
            "mandagen",
            "jour",
            "jours",
            "jh",
            "día",
            "dia",
            "días",
            "dias",
            "dag",
            "dagen",
            "werkdagen",
            "giorno",
            "giorni",
            "workday",
            "workdays",
        ],
    ),
    (
        TimeUnit::Week,
        &[
            "w",
            "wk",
            "wks",
            "week",
            "weeks",
            "woche",
            "wochen",
            "semaine",
            "semaines",
            "semana",
            "semanas",
            "weken",
            "settimana",
            "settimane",
        ],
    ),
    (
        TimeUnit::Month,
        &[
            "month", "months", "mo", "monat", "monate", "monaten", "mois", "mes", "meses", "maand",
            "maanden", "mese", "mesi", "mês",
        ],
    ),
    (
        TimeUnit::Year,
        &[
            "year", "years", "yr", "yrs", "jahr", "jahre", "jahren", "an", "ans", "année", "années", "año",
            "años", "jaar", "anno", "anni", "ano", "anos",
        ],
    ),
];

/// Words that may stand between a number and its unit: `3 working days`.
const BETWEEN: [&str; 13] = [
    "working",
    "business",
    "calendar",
    "person",
    "man",
    "engineer",
    "engineering",
    "full",
    "dev",
    "developer",
    "work",
    "more",
    "team",
];
/// Words and signs between the ends of a range.
const TO: [&str; 8] = ["to", "bis", "à", "a", "tot", "until", "hasta", "até"];
const DASHES: [char; 4] = ['-', '–', '—', '~'];
const ABOUT: [&str; 10] =
    ["about", "around", "approx", "approximately", "roughly", "ca", "circa", "etwa", "environ", "unos"];

/// The unit that the word at `at` is. `is_joined_needed` asks short forms to stand behind the digits.
pub(super) fn unit_at(scan: &Scan<'_>, at: usize, short_when_spaced: bool) -> Option<TimeUnit> {
    let word = scan.word(at)?;
    let (unit, _) = UNITS.iter().find(|(_, words)| words.contains(&&*word))?;
    // `5 pt` is a size of letters, `5 PT` are days of work.
    let is_points = word == "pt" && scan.text_of(at) != "PT";
    let short = word.chars().count() == 1 || word == "an" || is_points || word == "mo";
    (!short || short_when_spaced || scan.is_joined(at) || ["h", "d", "s"].contains(&&*word)).then_some(*unit)
}

/// Every duration in a text, ranges as one: `2-3 days`, `4–6 h`, `30 minutes`, `2 Wochen`.
pub fn durations(text: &str) -> Vec<Found<Duration>> {
    if !has_digit(text) {
        return Vec::new();
    }
    let scan = Scan::of(text);
    let mut found: Vec<Found<Duration>> = Vec::new();
    let mut at = 0;
    while at < scan.tokens.len() {
        match duration_at(&scan, at) {
            Some((duration, next)) => {
                found.push(Found::new(duration, scan.range(at, next - 1)));
                at = next;
            }
            None => at += 1,
        }
    }
    found
}

/// The duration that a short text has, if it has one only; here `30m` means minutes.
pub fn duration(text: &str) -> Option<Duration> {
    let found = durations(text);
    match found.as_slice() {
        [one] => Some(one.value.clone()),
        [] => {
            let minutes = text.trim().strip_suffix('m')?.trim_end();
            minutes.ends_with(|c: char| c.is_ascii_digit()).then(|| duration(&format!("{minutes} min")))?
        }
        _ => None,
    }
}

fn duration_at(scan: &Scan<'_>, at: usize) -> Option<(Duration, usize)> {
    let (low, next) = number_at(scan, at)?;
    if at > 0 && scan.is_joined(at) && scan.is_sign(at - 1, &['-', '.', ':', '/']) {
        return None;
    }
    let is_about = at > 0 && (scan.is_sign(at - 1, &['~', '≈']) || scan.is_word(at - 1, &ABOUT));
    // `2-3 days`, `2 to 3 days`, `2 days to 3 days`, `2..3 days`.
    let own = unit_behind(scan, next);
    let mid = own.map_or(next, |(_, behind)| behind);
    let high = match to_at(scan, mid) {
        Some(from) => number_at(scan, from).and_then(|(high, next)| {
            let (unit, behind) = unit_behind(scan, next)?;
            Some((high, unit, behind))
        }),
        None => None,
    };
    match (own, high) {
        (None, Some((high, unit, behind))) => Some((Duration { low, high, unit, is_about }, behind)),
        (Some((own, _)), Some((high, unit, behind))) => {
            // In the unit of the upper end.
            let low = low * own.hours(24) / unit.hours(24);
            Some((Duration { low, high, unit, is_about }, behind))
        }
        (Some((unit, behind)), None) => Some((Duration { is_about, ..Duration::exactly(low, unit) }, behind)),
        (None, None) => None,
    }
}

/// The unit behind a number, and the token behind the unit.
fn unit_behind(scan: &Scan<'_>, at: usize) -> Option<(TimeUnit, usize)> {
    if let Some(unit) = unit_at(scan, at, false) {
        return Some((unit, at + 1));
    }
    let mut next = at;
    // `72-hour soak`, `2 person-days`.
    while next < at + 3 && (scan.is_word(next, &BETWEEN) || scan.is_sign(next, &['-', '+'])) {
        next += 1;
    }
    (next > at).then(|| unit_at(scan, next, true).map(|unit| (unit, next + 1)))?
}

/// The token behind a sign or word that means "to".
fn to_at(scan: &Scan<'_>, at: usize) -> Option<usize> {
    if scan.is_sign(at, &['.']) && scan.is_sign(at + 1, &['.']) {
        return Some(at + 2);
    }
    (scan.is_sign(at, &DASHES) || scan.is_word(at, &TO)).then_some(at + 1)
}

#[cfg(test)]
mod tests {
    use super::*;

    fn read(text: &str) -> Vec<String> {
        let shown = |found: Found<Duration>| {
            let duration = found.value;
            let about = if duration.is_about { "~" } else { "" };
            format!("{about}{}..{} {:?}", duration.low, duration.high, duration.unit)
        };
        durations(text).into_iter().map(shown).collect()
    }

    #[test]
    fn durations_are_read_in_several_languages() {
        for (text, value) in [
            ("2-3 days", "2..3 Day"),
            ("4–6 h", "4..6 Hour"),
            ("30 minutes", "30..30 Minute"),
            ("2 Wochen", "2..2 Week"),
            ("~2-3 minutes", "~2..3 Minute"),
            ("about 5 working days", "~5..5 Day"),
            ("3 à 5 jours", "3..5 Day"),
            ("2 to 4 hours", "2..4 Hour"),
            ("1 week to 2 weeks", "1..2 Week"),
            ("72-hour soak test", "72..72 Hour"),
            ("1.5h", "3/2..3/2 Hour"),
            ("2..3 días", "2..3 Day"),
            ("420ms", "420..420 Millisecond"),
            ("2 person-days", "2..2 Day"),
            ("8 PD", "8..8 Day"),
            ("3 PT", "3..3 Day"),
            ("12 Personentage", "12..12 Day"),
        ] {
            assert_eq!(read(text), [value], "{text}");
        }
        assert_eq!(read("18-28 days, then 1 day"), ["18..28 Day", "1..1 Day"]);
        for text in ["2026-01-17", "100-150m", "p95", "5 s3 buckets", "T-7", "ports 80-443"] {
            assert_eq!(read(text), Vec::<String>::new(), "{text}");
        }
        assert_eq!(duration("30m").map(|found| found.unit), Some(TimeUnit::Minute));
    }

    #[test]
    fn durations_can_be_compared_in_hours() {
        let read = |text: &str| duration(text).unwrap();
        assert_eq!(read("2-3 days").high_hours(8).to_string(), "24");
        assert_eq!(read("1 week").low_hours(8).to_string(), "40");
        assert_eq!(read("1 week").low_hours(24).to_string(), "168");
        assert_eq!(read("30 minutes").low_hours(8).to_string(), "1/2");
    }
}
