//! Limits of values: the least and the most, lengths, sizes, patterns. Of several that hold
//! together the sharpest counts.

use std::collections::BTreeSet;

use super::super::super::library::Spot;
use super::super::super::schema::number;
use super::super::comparison::{Comparison, Meeting};
use super::super::found::{Change, Kind, Variance};
use super::super::shape::{Shape, written};
use super::{change, varied};

/// Limits from below: the keyword, and what counts without it.
const LEAST: [(&str, f64); 3] = [("minLength", 0.0), ("minItems", 0.0), ("minProperties", 0.0)];
const MOST: [&str; 3] = ["maxLength", "maxItems", "maxProperties"];

pub(super) fn compare<'l>(comparison: &mut Comparison<'l>, meeting: &Meeting<'l>) {
    for (keyword, without) in LEAST {
        let of = |shape: &Shape<'l>| numbers(shape, keyword).fold(without, f64::max);
        let (old, new) = (of(&meeting.old), of(&meeting.new));
        limit(comparison, meeting, keyword, Variance::of(new >= old, old >= new), [old, new]);
    }
    for keyword in MOST {
        let of = |shape: &Shape<'l>| numbers(shape, keyword).fold(f64::INFINITY, f64::min);
        let (old, new) = (of(&meeting.old), of(&meeting.new));
        limit(comparison, meeting, keyword, Variance::of(new <= old, old <= new), [old, new]);
    }
    range(comparison, meeting);
    multiple(comparison, meeting);
    unique(comparison, meeting);
    pattern(comparison, meeting);
}

fn numbers<'l>(shape: &Shape<'l>, keyword: &str) -> impl Iterator<Item = f64> {
    shape.each(keyword).filter_map(|spot| number(&spot.node.kind))
}

fn limit<'l>(
    comparison: &mut Comparison<'l>,
    meeting: &Meeting<'l>,
    keyword: &'static str,
    variance: Variance,
    [old, new]: [f64; 2],
) {
    let found = limited(meeting, keyword).values(&figure(old), &figure(new));
    varied(comparison, meeting, variance, found);
}

fn limited(meeting: &Meeting<'_>, keyword: &'static str) -> Change {
    change(Kind::LimitChanged, meeting, meeting.at(keyword)).keyword(keyword)
}

fn figure(number: f64) -> String {
    if number.is_finite() { number.to_string() } else { "none".to_owned() }
}

/// A bound of numbers, and whether the bound itself is left out.
#[derive(Debug, Clone, Copy, PartialEq)]
struct Bound {
    value: f64,
    is_open: bool,
}

fn range<'l>(comparison: &mut Comparison<'l>, meeting: &Meeting<'l>) {
    // Upwards everything is the same with the signs turned.
    for (keyword, exclusive, sign) in
        [("minimum", "exclusiveMinimum", 1.0), ("maximum", "exclusiveMaximum", -1.0)]
    {
        let of = |shape: &Shape<'l>| sharpest(shape, keyword, exclusive, sign);
        let (old, new) = (of(&meeting.old), of(&meeting.new));
        let within = |inner: Bound, outer: Bound| {
            inner.value > outer.value || inner.value == outer.value && (inner.is_open || !outer.is_open)
        };
        let said = |bound: Bound| match bound.value.is_finite() {
            true if bound.is_open => format!("{} itself left out", bound.value * sign),
            true => (bound.value * sign).to_string(),
            false => "none".to_owned(),
        };
        let is_plain = meeting.new.first(keyword).or_else(|| meeting.old.first(keyword)).is_some();
        let place = if is_plain { keyword } else { exclusive };
        let found = change(Kind::LimitChanged, meeting, meeting.at(place)).keyword(keyword);
        let variance = Variance::of(within(new, old), within(old, new));
        varied(comparison, meeting, variance, found.values(&said(old), &said(new)));
    }
}

/// The sharpest lower bound of the numbers, turned by `sign`.
fn sharpest(shape: &Shape<'_>, keyword: &str, exclusive: &str, sign: f64) -> Bound {
    let whole = shape.types().names.is_some_and(|names| names.iter().eq(["integer"].iter()));
    let mut bound = Bound { value: f64::NEG_INFINITY, is_open: false };
    for part in &shape.parts {
        let value = |key: &str| part.get(key).and_then(|spot| number(&spot.node.kind));
        // In 3.0 `exclusiveMinimum: true` sharpens `minimum`, in 3.1 it is a number itself.
        let closed = value(keyword).map(|value| (value, part.is_true(exclusive)));
        let open = value(exclusive).map(|value| (value, true));
        for (value, is_open) in [closed, open].into_iter().flatten() {
            let value = value * sign;
            // More than 0 is at least 1, for whole numbers.
            let one = match (whole && is_open, value.fract() == 0.0) {
                (true, true) => Bound { value: value + 1.0, is_open: false },
                _ => Bound { value, is_open },
            };
            if one.value > bound.value || one.value == bound.value && one.is_open {
                bound = one;
            }
        }
    }
    bound
}

fn multiple<'l>(comparison: &mut Comparison<'l>, meeting: &Meeting<'l>) {
    let of = |shape: &Shape<'l>| numbers(shape, "multipleOf").find(|number| *number > 0.0);
    let divides = |small: f64, large: f64| ((large / small).round() - large / small).abs() < 1e-9;
    let (old, new) = (of(&meeting.old), of(&meeting.new));
    let variance = match (old, new) {
        (None, None) => return,
        (None, Some(_)) => Variance::Narrowed,
        (Some(_), None) => Variance::Widened,
        (Some(old), Some(new)) => Variance::of(divides(old, new), divides(new, old)),
    };
    let said = |number: Option<f64>| number.map_or_else(|| "none".to_owned(), figure);
    let found = limited(meeting, "multipleOf").values(&said(old), &said(new));
    varied(comparison, meeting, variance, found);
}

fn unique<'l>(comparison: &mut Comparison<'l>, meeting: &Meeting<'l>) {
    let (old, new) = (meeting.old.says("uniqueItems"), meeting.new.says("uniqueItems"));
    let found = limited(meeting, "uniqueItems").values(&old.to_string(), &new.to_string());
    varied(comparison, meeting, Variance::of(new || !old, old || !new), found);
}

/// Whether one pattern allows what another does is not decided.
fn pattern<'l>(comparison: &mut Comparison<'l>, meeting: &Meeting<'l>) {
    let of = |shape: &Shape<'l>| -> BTreeSet<String> {
        shape.each("pattern").map(|spot: Spot<'l>| written(spot.node)).collect()
    };
    let (old, new) = (of(&meeting.old), of(&meeting.new));
    let said = |patterns: &BTreeSet<String>| match patterns.is_empty() {
        true => "none".to_owned(),
        false => patterns.iter().cloned().collect::<Vec<_>>().join(" and "),
    };
    let found = limited(meeting, "pattern").values(&said(&old), &said(&new));
    varied(comparison, meeting, Variance::of(new.is_superset(&old), old.is_superset(&new)), found);
}
