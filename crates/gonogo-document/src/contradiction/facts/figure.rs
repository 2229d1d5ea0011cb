//! A number as it is printed: what it could be before it was rounded.

use std::ops::Range;

use num_bigint::BigInt;
use num_traits::{One as _, Pow as _, Signed as _, ToPrimitive as _, Zero as _};

use crate::value::{self, Exact};

/// A printed number.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) struct Figure {
    pub(crate) value: Exact,
    /// Digits behind the point.
    pub(crate) decimals: u32,
    pub(crate) is_percent: bool,
    /// `~5`, `about 5`, `5+`.
    pub(crate) is_about: bool,
    /// Its bytes in the text.
    pub(crate) range: Range<usize>,
}

impl Figure {
    /// Half of its last digit.
    fn half(&self) -> Exact {
        Exact::new(BigInt::one(), BigInt::from(2) * BigInt::from(10).pow(self.decimals))
    }

    /// Whether an exact value could be printed like this: rounded in any way, or cut off.
    pub(crate) fn could_be(&self, exact: &Exact) -> bool {
        let off = (exact - &self.value).abs();
        let cut = exact >= &self.value && off < self.half() * whole(2);
        off <= self.half() || cut
    }

    /// The values that it may be: `1.400` is 1400 where a point groups the digits.
    pub(crate) fn readings(&self) -> Vec<Exact> {
        let grouped = (self.decimals == 3).then(|| &self.value * whole(1_000));
        std::iter::once(self.value.clone()).chain(grouped).collect()
    }

    /// Whether an exact value could be printed like this, in one of its readings.
    pub(crate) fn may_be(&self, exact: &Exact) -> bool {
        self.could_be(exact) || self.decimals == 3 && &(&self.value * whole(1_000)) == exact
    }

    /// Whether it could be printed for something that is itself made of `count` rounded figures.
    pub(crate) fn could_be_sum(&self, exact: &Exact, parts: &[&Figure]) -> bool {
        let slack: Exact = parts.iter().map(|part| part.slack()).sum();
        (exact - &self.value).abs() <= slack + self.slack()
    }

    /// By how much it may miss what it stands for. A whole number that is no percentage is exact.
    pub(crate) fn slack(&self) -> Exact {
        match self.decimals == 0 && !self.is_percent {
            true => Exact::zero(),
            false => self.half(),
        }
    }

    /// As a whole number, if it is one.
    pub(crate) fn count(&self) -> Option<u64> {
        (self.value.is_integer() && !self.is_percent).then(|| self.value.to_u64()).flatten()
    }

    /// As printed, without its unit.
    pub(crate) fn shown(&self) -> String {
        let percent = if self.is_percent { " %" } else { "" };
        format!("{}{percent}", digits(&self.value, self.decimals.max(places(&self.value, 4))))
    }
}

/// A whole number as an exact one.
pub(crate) fn whole(number: u64) -> Exact {
    Exact::from_integer(BigInt::from(number))
}

/// Every number of a text that is no part of an id, a date or a time.
pub(crate) fn figures(text: &str) -> Vec<Figure> {
    let percents = value::percents(text);
    let dates = value::dates(text);
    let numbers = value::numbers(text).into_iter();
    let kept = numbers.filter(|found| !dates.iter().any(|date| date.range.contains(&found.range.start)));
    kept.map(|found| {
        let is_percent = percents.iter().any(|percent| percent.range.start == found.range.start);
        of(text, found, is_percent)
    })
    .collect()
}

/// The number that a short text is or starts with, when it has one only: `91 %`, `12`, `4.5 of it`.
pub(crate) fn figure(text: &str) -> Option<Figure> {
    let found = figures(text);
    let [one] = found.as_slice() else { return None };
    let short = text.split_whitespace().count() <= 3 && value::fractions(text).is_empty();
    (short && value::durations(text).is_empty()).then(|| one.clone())
}

fn of(text: &str, found: value::Found<Exact>, is_percent: bool) -> Figure {
    let written = text.get(found.range.clone()).unwrap_or_default();
    let before = end_of(text.get(..found.range.start).unwrap_or_default().trim_end()).to_lowercase();
    let behind = text.get(found.range.end..).unwrap_or_default();
    let about = [
        "~", "≈", "about", "around", "approx", "approx.", "roughly", "ca.", "ca", "etwa", "environ", "over",
        "under", "<", ">", "≥", "≤", "up to",
    ];
    let is_about = about.iter().any(|word| before.ends_with(word)) || behind.starts_with('+');
    Figure {
        decimals: decimals(written, &found.value),
        value: found.value,
        is_percent,
        is_about,
        range: found.range,
    }
}

/// The last bytes of a text, enough for a word: a line may be a million bytes long.
fn end_of(text: &str) -> &str {
    let start = text.len().saturating_sub(32);
    (start..=text.len()).find_map(|start| text.get(start..)).unwrap_or_default()
}

/// How many digits stand behind the point of `written`, which is `value`.
fn decimals(written: &str, value: &Exact) -> u32 {
    let digits: String = written.chars().filter(char::is_ascii_digit).collect();
    let Ok(all) = digits.parse::<BigInt>() else { return 0 };
    (0..8_u32)
        .find(|places| {
            &Exact::new(all.clone(), BigInt::from(10).pow(*places)) == value
                && (*places == 0 || written.contains(['.', ',']))
        })
        .unwrap_or(0)
}

/// The fewest digits behind the point that show a value exactly, at most `most`.
fn places(value: &Exact, most: u32) -> u32 {
    (0..most)
        .find(|places| (value * Exact::from_integer(BigInt::from(10).pow(*places))).is_integer())
        .unwrap_or(most)
}

/// A computed value for people: exact if four decimals do, else rounded to two.
pub(crate) fn shown(value: &Exact) -> String {
    match places(value, 5) {
        5 => digits(value, 2),
        exact => digits(value, exact),
    }
}

fn digits(value: &Exact, places: u32) -> String {
    let scaled = (value * Exact::from_integer(BigInt::from(10).pow(places))).round().to_integer();
    let sign = if scaled.is_negative() { "-" } else { "" };
    let text = scaled.abs().to_string();
    let wide = usize::try_from(places).unwrap_or(0);
    let padded = format!("{text:0>width$}", width = wide + 1);
    let (whole, part) = padded.split_at(padded.len() - wide);
    if part.is_empty() { format!("{sign}{whole}") } else { format!("{sign}{whole}.{part}") }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn one(text: &str) -> Figure {
        figures(text).remove(0)
    }

    #[test]
    fn all_plausible_roundings_are_let_through() {
        let exact = |top: u64, bottom: u64| whole(top) / whole(bottom);
        assert!(one("67 %").could_be(&exact(200, 3)) && one("66 %").could_be(&exact(200, 3)));
        assert!(!one("68 %").could_be(&exact(200, 3)) && !one("65 %").could_be(&exact(200, 3)));
        assert!(
            one("44.7").could_be(&exact(446_875, 10_000)) && !one("44.8").could_be(&exact(446_875, 10_000))
        );
        assert!(one("82.5 %").could_be(&exact(825, 10)) && !one("1,204,100").could_be(&whole(1_204_101)));
    }

    #[test]
    fn figures_know_how_they_are_printed() {
        assert_eq!((one("15.0%").decimals, one("1,234").decimals, one("82,5 %").decimals), (1, 0, 1));
        assert!(one("~5").is_about && one("5,000+ cases").is_about && !one("5").is_about);
        assert_eq!(
            (shown(&(whole(200) / whole(3))), shown(&(whole(5) / whole(4)))),
            ("66.67".into(), "1.25".into())
        );
        assert_eq!(one("15.0%").shown(), "15.0 %");
    }
}
