//! Quantities and the bounds on them: what a text asks for, and what it says was measured.

use super::figure::whole;
use super::word;
use crate::value::{self, Exact, Relation, TimeUnit};

/// A value and in what it is measured: `hours`, `%`, or the word behind it.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) struct Quantity {
    pub(crate) value: Exact,
    pub(crate) unit: String,
}

/// A value, and on which side of it one has to be, if that is said.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) struct Bound {
    pub(crate) relation: Option<Relation>,
    pub(crate) of: Quantity,
}

const BELOW: &[&str] = &[
    "below",
    "under",
    "less than",
    "in under",
    "unter",
    "inférieur à",
    "inférieur",
    "moins de",
    "inferior a",
    "menos de",
    "meno di",
    "inferiore a",
    "poniżej",
    "onder",
    "minder dan",
    "weniger als",
];
const AT_MOST: &[&str] = &[
    "at most",
    "no more than",
    "not more than",
    "max",
    "maximum",
    "up to",
    "within",
    "höchstens",
    "maximal",
    "innerhalb von",
    "au plus",
    "au maximum",
    "como máximo",
    "máximo",
    "al massimo",
    "massimo",
    "entro",
    "no máximo",
    "dentro de",
    "hoogstens",
    "binnen",
    "najwyżej",
    "nie więcej niż",
    "limit",
    "limited to",
];
const AT_LEAST: &[&str] = &[
    "at least",
    "minimum",
    "min",
    "no less than",
    "not less than",
    "mindestens",
    "minimal",
    "au moins",
    "al menos",
    "por lo menos",
    "mínimo",
    "almeno",
    "minimo",
    "pelo menos",
    "no mínimo",
    "co najmniej",
    "minst",
    "ten minste",
    "minstens",
];
const ABOVE: &[&str] = &[
    "above",
    "more than",
    "over",
    "über",
    "mehr als",
    "plus de",
    "más de",
    "più di",
    "mais de",
    "powyżej",
    "meer dan",
];

/// A time of one text, also of several parts: `1 h 45 min`, `2 h 00`, in hours.
pub(crate) fn time(text: &str) -> Option<Exact> {
    let found = value::durations(text);
    let (first, rest) = found.split_first()?;
    let exact = |time: &value::Duration| (time.low == time.high).then(|| time.low_hours(24));
    let mut sum = exact(&first.value)?;
    let mut last = first;
    for next in rest {
        let between = text.get(last.range.end..next.range.start)?.trim();
        if next.value.unit >= last.value.unit || !matches!(between, "" | "and" | "und" | "et" | "y" | "e") {
            return None;
        }
        sum += exact(&next.value)?;
        last = next;
    }
    // `2 h 10` has its minutes bare.
    let tail = text.get(last.range.end..).unwrap_or_default().trim();
    let minutes = tail.parse::<u64>().ok().filter(|minutes| *minutes < 60 && tail.len() == 2);
    match (minutes, last.value.unit) {
        (Some(minutes), TimeUnit::Hour) => Some(sum + whole(minutes) / whole(60)),
        _ => Some(sum),
    }
}

/// The only quantity of a short text; what stands in parentheses behind it does not count.
pub(crate) fn quantity(text: &str) -> Option<Quantity> {
    let text = text.split('(').next().filter(|head| head.chars().any(|c| c.is_ascii_digit())).unwrap_or(text);
    if let Some(hours) = time(text) {
        return Some(Quantity { value: hours, unit: "hours".to_owned() });
    }
    let numbers = value::numbers(text);
    let [number] = numbers.as_slice() else { return None };
    if !value::fractions(text).is_empty() || !value::ids(text).is_empty() {
        return None;
    }
    Some(Quantity { value: number.value.clone(), unit: unit(text, number.range.end) })
}

/// The word or sign behind a number.
fn unit(text: &str, end: usize) -> String {
    let behind = text.get(end..).unwrap_or_default().trim_start();
    let unit: String = behind.chars().take_while(|c| c.is_alphabetic() || *c == '%').collect();
    unit.to_lowercase()
}

/// What a cell asks for: `≤ 1.5 s`, `at least 99.3 %`, `60 min`.
pub(crate) fn bound(text: &str) -> Option<Bound> {
    Some(Bound { relation: relation(text), of: quantity(text)? })
}

/// On which side of the number of a text one has to be.
pub(crate) fn relation(text: &str) -> Option<Relation> {
    if let Some(found) = value::comparisons(text).into_iter().next() {
        return Some(found.value.relation);
    }
    let lower = text.to_lowercase();
    let digits = lower.find(|c: char| c.is_ascii_digit()).unwrap_or(lower.len());
    let head = lower.get(..digits).unwrap_or_default();
    let fits: [(&[&str], Relation); 4] = [
        (AT_MOST, Relation::AtMost),
        (AT_LEAST, Relation::AtLeast),
        (BELOW, Relation::Below),
        (ABOVE, Relation::Above),
    ];
    fits.into_iter().find(|(words, _)| word::says(head, words)).map(|(_, relation)| relation)
}

impl Bound {
    /// Whether a value is on the wrong side; none when the two cannot be compared.
    pub(crate) fn is_missed_by(&self, measured: &Quantity) -> Option<bool> {
        let relation = self.relation?;
        if !self.of.is_comparable(measured) {
            return None;
        }
        let (value, bound) = (&measured.value, &self.of.value);
        Some(match relation {
            Relation::Below => value >= bound,
            Relation::AtMost => value > bound,
            Relation::Above => value <= bound,
            Relation::AtLeast => value < bound,
        })
    }
}

impl Quantity {
    /// Whether both are measured in the same.
    pub(crate) fn is_comparable(&self, other: &Quantity) -> bool {
        self.unit == other.unit
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn times_of_several_parts_are_one() {
        let minutes = |text: &str| time(text).map(|hours| (hours * whole(60)).to_string());
        for (text, expected) in
            [("1 h 45 min", "105"), ("2 h 00", "120"), ("4 min 10 s", "25/6"), ("75 min", "75")]
        {
            assert_eq!(minutes(text).as_deref(), Some(expected), "{text}");
        }
        assert_eq!(minutes("5 min, 10 min"), None);
    }

    #[test]
    fn bounds_are_missed_on_their_wrong_side() {
        let missed =
            |asked: &str, measured: &str| bound(asked).unwrap().is_missed_by(&quantity(measured).unwrap());
        assert_eq!(missed("at least 99.3 %", "99.1 %"), Some(true));
        assert_eq!(missed("≤ 0,1 %", "0,34 %"), Some(true));
        assert_eq!(missed("höchstens 5 min", "2 min 40 s"), Some(false));
        assert_eq!(missed("≥ 10 anni", "8 anni (stima)"), Some(true));
        assert_eq!(missed("≤ 2 GB", "900 MB"), None);
        assert_eq!(missed("60 min", "75 min"), None);
    }
}
