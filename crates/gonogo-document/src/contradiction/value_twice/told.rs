//! Values as sentences and cells tell them, so that two of one kind can be compared.

use jiff::civil::Date;

use super::super::facts::Calendar;
use super::super::facts::bound::Quantity;
use crate::value;

/// A value.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(super) enum Told {
    /// A day.
    Day(Date),
    /// A month of a year.
    Month(i16, i8),
    /// A number and what it counts; times are in hours.
    Amount(Quantity),
}

impl Told {
    /// Whether both are of one kind and differ.
    pub(super) fn differs(&self, other: &Told) -> bool {
        match (self, other) {
            (Told::Day(one), Told::Day(two)) => one != two,
            (Told::Month(..), Told::Month(..)) => self != other,
            (Told::Day(day), Told::Month(year, month)) | (Told::Month(year, month), Told::Day(day)) => {
                (day.year(), day.month()) != (*year, *month)
            }
            (Told::Amount(one), Told::Amount(two)) => one.is_comparable(two) && one.value != two.value,
            _ => false,
        }
    }

    /// Whether both are of one kind.
    pub(super) fn is_comparable(&self, other: &Told) -> bool {
        match (self, other) {
            (Told::Amount(one), Told::Amount(two)) => one.is_comparable(two),
            (Told::Amount(_), _) | (_, Told::Amount(_)) => false,
            _ => true,
        }
    }
}

/// Every value of a text with its bytes.
pub(super) fn all(calendar: Calendar, text: &str) -> Vec<(Told, std::ops::Range<usize>)> {
    let mut found: Vec<(Told, std::ops::Range<usize>)> = Vec::new();
    let days = calendar.dates(text);
    found.extend(days.into_iter().map(|day| (Told::Day(day.value), day.range)));
    let is_free = |found: &[(Told, std::ops::Range<usize>)], range: &std::ops::Range<usize>| {
        found.iter().all(|(_, other)| range.end <= other.start || other.end <= range.start)
    };
    for (month, range) in months(text) {
        if is_free(&found, &range) {
            found.push((month, range));
        }
    }
    for time in value::durations(text) {
        let is_exact = time.value.low == time.value.high && !time.value.is_about;
        if is_exact && is_free(&found, &time.range) {
            let hours = Quantity { value: time.value.low_hours(24), unit: "hours".to_owned() };
            found.push((Told::Amount(hours), time.range));
        }
    }
    for number in value::numbers(text) {
        if let Some(unit) = unit(text, number.range.end).filter(|_| is_free(&found, &number.range)) {
            found.push((Told::Amount(Quantity { value: number.value, unit }), number.range));
        }
    }
    found.sort_by_key(|(_, range)| range.start);
    found
}

/// `%` and units of measure; other words behind a number count things.
fn unit(text: &str, end: usize) -> Option<String> {
    const UNITS: &[&str] = &[
        "%",
        "gb",
        "mb",
        "tb",
        "kb",
        "gib",
        "mib",
        "tib",
        "gbit",
        "mbit",
        "rps",
        "qps",
        "tps",
        "users",
        "requests",
        "connections",
        "replicas",
        "pods",
        "nodes",
        "instances",
        "eur",
        "usd",
        "€",
        "km",
        "m",
        "kw",
        "kwh",
        "°c",
    ];
    let behind = text.get(end..)?.trim_start();
    let unit: String =
        behind.chars().take_while(|c| c.is_alphabetic() || matches!(c, '%' | '€' | '°')).collect();
    let unit = unit.to_lowercase();
    UNITS.contains(&unit.as_str()).then_some(unit)
}

/// `October 2025`, `octubre de 2025`.
fn months(text: &str) -> Vec<(Told, std::ops::Range<usize>)> {
    let words: Vec<&str> = text
        .split(|c: char| !c.is_alphanumeric())
        .filter(|word| !word.is_empty() && !word.eq_ignore_ascii_case("de"))
        .collect();
    let start = |word: &str| (word.as_ptr() as usize).saturating_sub(text.as_ptr() as usize);
    let pairs = words.windows(2).filter_map(|pair| {
        let [month, year] = pair else { return None };
        let is_month = month.chars().count() >= 3 && month.chars().all(char::is_alphabetic);
        let is_year = year.len() == 4 && year.bytes().all(|byte| byte.is_ascii_digit());
        if !is_month || !is_year {
            return None;
        }
        let date = value::dates(&format!("1 {month} {year}")).first()?.value;
        Some((Told::Month(date.year(), date.month()), start(month)..start(year) + year.len()))
    });
    pairs.collect()
}

/// A quantity of a cell, when the cell is nothing else.
pub(super) fn of_cell(calendar: Calendar, cell: &str) -> Option<Told> {
    let all = all(calendar, cell.split('(').next().unwrap_or_default());
    match all.as_slice() {
        [(one, _)] => Some(one.clone()),
        _ => None,
    }
}
