//! Numbers, percentages, fractions, comparisons and money. All exact.

use std::ops::Range;

use num_bigint::BigInt;
use num_rational::BigRational;
use num_traits::Zero as _;

use super::time::{Duration, TimeUnit, unit_at};
use super::{Found, Scan, TokenKind};

/// An exact number.
pub type Exact = BigRational;

/// `3 of 5`.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Fraction {
    /// 3. May be broken, since people write that too.
    pub part: Exact,
    /// 5.
    pub whole: Exact,
}

impl Fraction {
    /// In percent; none of nothing.
    pub fn percent(&self) -> Option<Exact> {
        (!self.whole.is_zero()).then(|| &self.part * Exact::from_integer(BigInt::from(100)) / &self.whole)
    }
}

/// How many of something: a number and what stands before and behind it says what.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Count {
    /// How many.
    pub value: Exact,
    /// Of what.
    pub of: String,
}

/// What a comparison asks.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Relation {
    /// `<`
    Below,
    /// `≤`
    AtMost,
    /// `>`
    Above,
    /// `≥`
    AtLeast,
}

/// `< 1s`, `≥ 99.9 %`.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Comparison {
    /// What is asked.
    pub relation: Relation,
    /// The bound.
    pub value: Exact,
    /// It is a percentage.
    pub is_percent: bool,
    /// It is a time, in this unit.
    pub unit: Option<TimeUnit>,
}

impl Comparison {
    /// Whether a value in the same unit satisfies it.
    pub fn holds(&self, value: &Exact) -> bool {
        match self.relation {
            Relation::Below => value < &self.value,
            Relation::AtMost => value <= &self.value,
            Relation::Above => value > &self.value,
            Relation::AtLeast => value >= &self.value,
        }
    }

    /// The bound as a time.
    pub fn time(&self) -> Option<Duration> {
        Some(Duration::exactly(self.value.clone(), self.unit?))
    }
}

/// An amount of money.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Money {
    /// How much.
    pub amount: Exact,
    /// The sign or code of the currency.
    pub currency: String,
}

const PERCENT_WORDS: [&str; 6] = ["percent", "prozent", "procent", "pct", "percento", "porcento"];
const OF: [&str; 8] = ["of", "von", "sur", "de", "van", "su", "di", "aus"];
const CURRENCY_SIGNS: [char; 4] = ['$', '€', '£', '¥'];
const CURRENCY_CODES: [&str; 6] = ["usd", "eur", "gbp", "chf", "jpy", "brl"];

/// The number at a token, with `k`, `M` and the like, and the token behind it.
pub(super) fn number_at(scan: &Scan<'_>, at: usize) -> Option<(Exact, usize)> {
    let value = scan.number(at)?;
    match times_at(scan, at + 1) {
        None => Some((value, at + 1)),
        Some(times) => Some((value * Exact::from_integer(BigInt::from(times)), at + 2)),
    }
}

/// How many times the number before it the word at a token makes it.
fn times_at(scan: &Scan<'_>, at: usize) -> Option<u64> {
    if scan.kind(at)? != TokenKind::Word {
        return None;
    }
    match (scan.text_of(at), scan.is_joined(at)) {
        ("k" | "K", true) => Some(1_000),
        ("M", true) | ("million" | "millions" | "Mio" | "Millionen" | "millones" | "milioni", _) => {
            Some(1_000_000)
        }
        ("B" | "bn", true) | ("billion" | "Mrd" | "Milliarden" | "milliards", _) => Some(1_000_000_000),
        _ => None,
    }
}

pub(super) fn numbers(scan: &Scan<'_>) -> Vec<Found<Exact>> {
    let mut found = Vec::new();
    let mut at = 0;
    while at < scan.tokens.len() {
        let is_number = scan.kind(at) == Some(TokenKind::Number) && !is_part_of_something(scan, at);
        match if is_number { number_at(scan, at) } else { None } {
            Some((value, next)) => {
                found.push(Found::new(value, scan.range(at, next - 1)));
                at = next;
            }
            None => at += 1,
        }
    }
    found
}

/// Of an id, a date, a time or a path: `LATER-001`, `2026-01-17`, `10:30`, `/v2`.
fn is_part_of_something(scan: &Scan<'_>, at: usize) -> bool {
    if is_date_like(scan, at) {
        return true;
    }
    let tied = |sign: usize, other: usize, signs: &[char], kinds: &[TokenKind]| {
        scan.is_sign(sign, signs) && scan.kind(other).is_some_and(|kind| kinds.contains(&kind))
    };
    let before = at > 1
        && scan.is_joined(at)
        && scan.is_joined(at - 1)
        && tied(at - 1, at - 2, &['-', ':', '_', '#', '.'], &[TokenKind::Word, TokenKind::Number]);
    let range = before && scan.is_sign(at - 1, &['-']) && scan.kind(at - 2) == Some(TokenKind::Number);
    let behind = scan.is_joined(at + 1)
        && scan.is_joined(at + 2)
        && tied(at + 1, at + 2, &[':', '_'], &[TokenKind::Word, TokenKind::Number]);
    (before && !range) || behind
}

/// Three numbers tied by dashes.
fn is_date_like(scan: &Scan<'_>, at: usize) -> bool {
    let tied = |from: usize| {
        scan.kind(from) == Some(TokenKind::Number)
            && scan.is_sign(from + 1, &['-', '.', '/'])
            && scan.kind(from + 2) == Some(TokenKind::Number)
            && scan.is_sign(from + 3, &['-', '.', '/'])
            && scan.kind(from + 4) == Some(TokenKind::Number)
    };
    [0, 2, 4].iter().any(|back| at.checked_sub(*back).is_some_and(tied))
}

pub(super) fn percents(scan: &Scan<'_>) -> Vec<Found<Exact>> {
    let all = (0..scan.tokens.len()).filter_map(|at| {
        if scan.kind(at)? != TokenKind::Number {
            return None;
        }
        let next = at + 1;
        let end = if scan.is_sign(next, &['%', '％']) || scan.is_word(next, &PERCENT_WORDS) {
            next
        } else if scan.is_word(next, &["per", "pour", "por"])
            && scan.is_word(next + 1, &["cent", "ciento", "cento"])
        {
            next + 1
        } else {
            return None;
        };
        Some(Found::new(scan.number(at)?, scan.range(at, end)))
    });
    all.collect()
}

pub(super) fn fractions(scan: &Scan<'_>) -> Vec<Found<Fraction>> {
    let all = (0..scan.tokens.len()).filter_map(|at| {
        if scan.kind(at)? != TokenKind::Number {
            return None;
        }
        let mid = if times_at(scan, at + 1).is_some() { at + 2 } else { at + 1 };
        let slash = scan.is_sign(mid, &['/', '⁄']);
        let of = scan.is_word(mid, &OF);
        let out_of = scan.is_word(mid, &["out"]) && scan.is_word(mid + 1, &["of"]);
        let from = match (slash || of, out_of) {
            (true, _) => mid + 1,
            (_, true) => mid + 2,
            _ => return None,
        };
        if is_date_like(scan, at) || is_slashed(scan, at) {
            return None;
        }
        let (part, _) = number_at(scan, at)?;
        // `3 of the 5` and `3 der 5` are the same.
        let from = if scan.is_word(from, &["the", "die", "den", "les", "los", "las", "alle", "all"]) {
            from + 1
        } else {
            from
        };
        let (whole, behind) = number_at(scan, from)?;
        // `5 of 20%` and `24/7` are no counts, and a path goes on.
        let always = slash && scan.text_of(at) == "24" && scan.text_of(from) == "7";
        (!always && !scan.is_sign(behind, &['%', '/']))
            .then(|| Found::new(Fraction { part, whole }, scan.range(at, behind - 1)))
    });
    all.collect()
}

/// Part of a path or a date with slashes.
fn is_slashed(scan: &Scan<'_>, at: usize) -> bool {
    at > 0 && scan.is_joined(at) && scan.is_sign(at - 1, &['/', '.', '-', ':'])
}

pub(super) fn comparisons(scan: &Scan<'_>) -> Vec<Found<Comparison>> {
    let all = (0..scan.tokens.len()).filter_map(|at| {
        let equals = scan.is_sign(at + 1, &['=']) && scan.is_joined(at + 1);
        let relation = match (scan.kind(at)?, equals) {
            (TokenKind::Sign('<'), false) => Relation::Below,
            (TokenKind::Sign('<'), true) | (TokenKind::Sign('≤'), _) => Relation::AtMost,
            (TokenKind::Sign('>'), false) => Relation::Above,
            (TokenKind::Sign('>'), true) | (TokenKind::Sign('≥'), _) => Relation::AtLeast,
            _ => return None,
        };
        let from = if equals { at + 2 } else { at + 1 };
        let (value, behind) = number_at(scan, from)?;
        let is_percent = scan.is_sign(behind, &['%']);
        let unit = unit_at(scan, behind, true).filter(|_| !is_percent);
        let end = if is_percent || unit.is_some() { behind } else { behind - 1 };
        Some(Found::new(Comparison { relation, value, is_percent, unit }, scan.range(at, end)))
    });
    all.collect()
}

pub(super) fn money(scan: &Scan<'_>) -> Vec<Found<Money>> {
    let mut found = Vec::new();
    for at in 0..scan.tokens.len() {
        let Some((amount, behind)) = number_at(scan, at) else { continue };
        let before = at.checked_sub(1).filter(|before| is_currency(scan, *before));
        let after = Some(behind).filter(|behind| is_currency(scan, *behind));
        let range: Option<(usize, Range<usize>)> = match (before, after) {
            (Some(sign), _) => Some((sign, scan.range(sign, behind - 1))),
            (None, Some(sign)) => Some((sign, scan.range(at, sign))),
            _ => None,
        };
        if let Some((sign, range)) = range {
            found.push(Found::new(Money { amount, currency: scan.text_of(sign).to_owned() }, range));
        }
    }
    found
}

fn is_currency(scan: &Scan<'_>, at: usize) -> bool {
    scan.is_sign(at, &CURRENCY_SIGNS) || scan.is_word(at, &CURRENCY_CODES)
}

#[cfg(test)]
mod tests {
    use super::super::*;

    fn all<T>(found: Vec<Found<T>>, show: impl Fn(T) -> String) -> Vec<String> {
        found.into_iter().map(|found| show(found.value)).collect()
    }

    #[test]
    fn numbers_are_found_and_parts_of_other_things_are_not() {
        let read = |text: &str| all(numbers(text), |value| value.to_string());
        assert_eq!(read("50k users, 1,234 rows and 1.2M hits"), ["50000", "1234", "1200000"]);
        assert_eq!(read("LATER-001 on 2026-01-17 at 10:30, p95, v2"), Vec::<String>::new());
        assert_eq!(read("2-3 days"), ["2", "3"]);
        assert_eq!(number("47").map(|value| value.to_string()).as_deref(), Some("47"));
        for text in ["3/5", "85%", "2 days", "none", "1 and 2"] {
            assert_eq!(number(text), None, "{text}");
        }
    }

    #[test]
    fn fractions_are_read_in_all_their_forms() {
        let read = |text: &str| all(fractions(text), |value| format!("{}:{}", value.part, value.whole));
        for text in ["3/5", "3 of 5", "3 out of 5", "3 von 5", "3 sur 5", "3 of the 5 checks", "(3/5)"] {
            assert_eq!(read(text), ["3:5"], "{text}");
        }
        assert_eq!(read("3.6 of 5 categories"), ["18/5:5"]);
        for text in ["24/7 support", "2026/01/17", "a/1/2/b", "TCP/IP", "5 of 20%"] {
            assert_eq!(read(text), Vec::<String>::new(), "{text}");
        }
        assert_eq!(fraction("66/102").unwrap().percent().unwrap().to_string(), "1100/17");
        assert_eq!(fraction("1/0").unwrap().percent(), None);
    }

    #[test]
    fn percentages_comparisons_and_money_are_read() {
        assert_eq!(
            all(percents("72.5%, 8 Prozent, 5 per cent"), |value| value.to_string()),
            ["145/2", "8", "5"]
        );
        let read = |text: &str| {
            all(comparisons(text), |c| format!("{:?} {} {} {:?}", c.relation, c.value, c.is_percent, c.unit))
        };
        assert_eq!(read("p95 < 1s"), ["Below 1 false Some(Second)"]);
        assert_eq!(read("target: >=99.9%"), ["AtLeast 999/10 true None"]);
        assert_eq!(read("≤ 5"), ["AtMost 5 false None"]);
        assert_eq!(
            all(money("$0.51/month, 1.200,50 € and 5 USD"), |m| format!("{} {}", m.amount, m.currency)),
            ["51/100 $", "2401/2 €", "5 USD"]
        );
    }
}
