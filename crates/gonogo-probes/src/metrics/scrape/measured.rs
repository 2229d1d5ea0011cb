//! From what was exposed to facts: of the scrape as a whole, and of each family that is asked for.

use gonogo_model::fact::{Item, Value};
use serde_json::Map;

use crate::metrics::asked::Asked;
use crate::metrics::exposition::{Exposition, Series};
use crate::metrics::service::Scraped;

/// The facts of a family that is asked for.
pub(super) fn family(asked: &Asked, item: Item, before: Option<&Exposition>, now: &Scraped) -> Item {
    let Some(family) = asked.present(&now.found) else {
        // What was cut off may be in what was not read.
        return if now.truncated { item } else { item.fact("present", false) };
    };
    let series: Vec<&Series> = family.series.iter().filter(|series| asked.fits(series)).collect();
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
        .fact_if_known("value_after", asked.value(&now.found).and_then(shown));
    match before {
        None => item,
        Some(before) => item
            .fact_if_known("value_before", asked.value(before).and_then(shown))
            // A family without series counts nothing, so it did not move either.
            .fact("moved", asked.moved(Some(before), &now.found).unwrap_or(false)),
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
