//! From what was exposed to facts: of the scrape as a whole, and of each family that is asked for.

use gonogo_model::fact::{Item, Value};
use serde_json::Map;

use super::Scraped;
use crate::metrics::exposition::{Exposition, Family, Labels, Series, selector};

/// A family that is asked for, and which of its series count.
#[derive(Debug, Clone)]
pub(super) struct Asked {
    written: String,
    name: String,
    labels: Labels,
}

impl Asked {
    pub(super) fn read(written: &str) -> Result<Asked, String> {
        let wrong = || {
            format!("`{written}` is no name of a metric; write such as http_requests_total{{route=\"/\"}}")
        };
        let (name, labels, rest) = selector(written.trim()).map_err(|_| wrong())?;
        let asked = Asked { written: written.trim().to_owned(), name, labels };
        if rest.trim().is_empty() { Ok(asked) } else { Err(wrong()) }
    }

    pub(super) fn family(name: &str) -> Asked {
        Asked { written: name.to_owned(), name: name.to_owned(), labels: Labels::new() }
    }

    pub(super) fn key(&self) -> &str {
        &self.written
    }

    fn fits(&self, series: &Series) -> bool {
        self.labels.iter().all(|(name, value)| series.label(name) == Some(value))
    }

    /// Whether the family is there, with series of these labels if some are asked for.
    fn present<'e>(&self, found: &'e Exposition) -> Option<&'e Family> {
        let (_, family) = found.family(&self.name)?;
        (self.labels.is_empty() || family.series.iter().any(|series| self.fits(series))).then_some(family)
    }

    /// The sum of what its series count; `None` when it has none.
    fn value(&self, found: &Exposition) -> Option<f64> {
        let family = self.present(found)?;
        let values: Vec<f64> =
            family.counted().filter(|series| self.fits(series)).map(|series| series.value).collect();
        (!values.is_empty()).then(|| values.iter().sum())
    }

    /// Whether it rose, or, where it may also fall, changed. A count that was not there began at 0.
    pub(super) fn moved(&self, before: Option<&Exposition>, now: &Exposition) -> Option<bool> {
        let after = self.value(now)?;
        let counts = self.present(now).is_some_and(Family::counts);
        match self.value(before?) {
            Some(first) if counts => Some(after > first),
            Some(first) => Some(after.to_bits() != first.to_bits()),
            None => Some(after > 0.0),
        }
    }

    pub(super) fn item(&self, item: Item, before: Option<&Exposition>, now: &Scraped) -> Item {
        let Some(family) = self.present(&now.found) else {
            // What was cut off may be in what was not read.
            return if now.truncated { item } else { item.fact("present", false) };
        };
        let series: Vec<&Series> = family.series.iter().filter(|series| self.fits(series)).collect();
        let values = family.label_values();
        let widest = values.iter().max_by_key(|(name, count)| (**count, std::cmp::Reverse(**name)));
        let item = item
            .fact("present", true)
            .fact("kind", family.kind.as_deref().unwrap_or("untyped"))
            .fact("help", family.help.as_ref().is_some_and(|help| !help.trim().is_empty()))
            .fact("series", series.len())
            .fact("labels", values.keys().copied().collect::<Vec<_>>())
            .fact(
                "label_values",
                values.iter().map(|(k, v)| ((*k).to_owned(), Value::from(*v))).collect::<Map<_, _>>(),
            )
            .fact("max_label_values", widest.map_or(0, |(_, count)| *count))
            .fact_if_known("widest_label", widest.map(|(name, _)| *name))
            .fact_if_known("value_after", self.value(&now.found).and_then(shown));
        match before {
            None => item,
            Some(before) => item
                .fact_if_known("value_before", self.value(before).and_then(shown))
                // A family without series counts nothing, so it did not move either.
                .fact("moved", self.moved(Some(before), &now.found).unwrap_or(false)),
        }
    }
}

/// JSON has no word for what is no number.
fn shown(value: f64) -> Option<Value> {
    serde_json::Number::from_f64(value).map(Value::Number)
}

/// The scrape as a whole.
pub(super) fn scrape(item: Item, now: &Scraped) -> Item {
    let found = &now.found;
    let widest = found.families.iter().map(|(name, family)| {
        (family.label_values().into_values().max().unwrap_or_default(), std::cmp::Reverse(name.as_str()))
    });
    let widest = widest.max();
    let bare = found.families.values().filter(|family| family.kind.is_none()).count();
    item.fact("status", now.status)
        .fact("parses", now.status == 200 && found.mistaken == 0 && found.samples > 0)
        .fact("content_type", now.content_type.as_str())
        .fact("body_bytes", now.bytes)
        .fact("truncated", now.truncated)
        .fact("duration_ms", now.took_ms)
        .fact("families", found.families.len())
        .fact("samples", found.samples)
        .fact("untyped_families", bare)
        .fact("worst_cardinality", widest.map_or(0, |(count, _)| count))
        .fact_if_known("worst_family", widest.map(|(_, name)| name.0))
        .fact("mistakes", found.mistaken)
        .fact("error_lines", found.mistakes.clone())
}
