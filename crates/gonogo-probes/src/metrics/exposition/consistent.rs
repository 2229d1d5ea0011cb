//! What must hold within a family: names fit the kind, counts never fall below 0, buckets rise and
//! the last of them holds everything. It reads no text.

use std::collections::BTreeMap;

use super::line::{Labels, number};
use super::{Exposition, Family, Series};

/// How the names of samples of a kind may end.
pub(super) fn endings(kind: &str) -> &'static [&'static str] {
    match kind {
        "counter" => &["_total", "_created"],
        "histogram" => &["_bucket", "_count", "_sum", "_created"],
        "gaugehistogram" => &["_bucket", "_gcount", "_gsum"],
        "summary" => &["_count", "_sum", "_created"],
        "info" => &["_info"],
        _ => &[],
    }
}

/// What does not hold, with the line it is seen at.
pub(super) fn mistakes(exposition: &Exposition) -> Vec<(usize, String)> {
    let mut found = Vec::new();
    for (name, family) in &exposition.families {
        match family.kind.as_deref() {
            Some("counter") => counter(name, family, &mut found),
            Some("histogram") => histogram(name, family, &mut found),
            Some("summary") => summary(name, family, &mut found),
            _ => {}
        }
    }
    found.sort();
    found
}

fn counter(name: &str, family: &Family, found: &mut Vec<(usize, String)>) {
    // A count that is no number, or below nothing, was never counted.
    let wrong = family.series.iter().find(|series| series.value.is_nan() || series.value < 0.0);
    if let Some(series) = wrong {
        found.push((series.line, format!("the counter `{name}` is below 0 or no number")));
    }
}

/// The parts of one histogram or summary: those with the same labels but `le` and `quantile`.
#[derive(Default)]
struct Parts<'f> {
    buckets: Vec<(f64, &'f Series)>,
    count: Option<f64>,
    has_sum: bool,
    line: usize,
}

fn parts(family: &Family) -> BTreeMap<Labels, Parts<'_>> {
    let mut parts: BTreeMap<Labels, Parts<'_>> = BTreeMap::new();
    for series in &family.series {
        let mut labels = series.sorted();
        labels.retain(|(name, _)| name != "le" && name != "quantile");
        let part = parts.entry(labels).or_default();
        part.line = part.line.max(series.line);
        if series.name.ends_with("_count") {
            part.count = Some(series.value);
        } else if series.name.ends_with("_sum") {
            part.has_sum = true;
        } else if let Some(le) = series.label("le").and_then(number) {
            part.buckets.push((le, series));
        }
    }
    parts
}

fn histogram(name: &str, family: &Family, found: &mut Vec<(usize, String)>) {
    let without = family
        .series
        .iter()
        .find(|series| series.name.ends_with("_bucket") && series.label("le").and_then(number).is_none());
    if let Some(series) = without {
        found.push((series.line, format!("a bucket of `{name}` has no bound `le`")));
    }
    for part in parts(family).into_values() {
        if let Some(what) = wrong_histogram(part.buckets, part.count, part.has_sum) {
            found.push((part.line, format!("the histogram `{name}` {what}")));
        }
    }
}

fn wrong_histogram(
    mut buckets: Vec<(f64, &Series)>,
    count: Option<f64>,
    has_sum: bool,
) -> Option<&'static str> {
    buckets.sort_by(|one, other| one.0.total_cmp(&other.0));
    let falls =
        buckets.windows(2).any(|pair| matches!(pair, [(_, one), (_, next)] if next.value < one.value));
    let Some((bound, last)) = buckets.last() else { return Some("has no buckets") };
    match count {
        _ if falls => Some("has a bucket with less than the one before"),
        _ if !bound.is_infinite() => Some("has no bucket `+Inf`"),
        None => Some("has no `_count`"),
        Some(count) if count.to_bits() != last.value.to_bits() => {
            Some("has another `_count` than in its bucket `+Inf`")
        }
        Some(_) if !has_sum => Some("has no `_sum`"),
        Some(_) => None,
    }
}

fn summary(name: &str, family: &Family, found: &mut Vec<(usize, String)>) {
    let wrong = family.series.iter().find(|series| {
        series.name == name
            && !series.label("quantile").and_then(number).is_some_and(|q| (0.0..=1.0).contains(&q))
    });
    if let Some(series) = wrong {
        found.push((series.line, format!("a series of the summary `{name}` has no `quantile` from 0 to 1")));
    }
}
