//! Pools and queues that a system tells of in its metrics: as written, and how full they were.

use gonogo_model::catalog::{FactInfo, FactType, fact};
use gonogo_model::fact::Item;
use schemars::JsonSchema;
use serde::Deserialize;

use super::figures::number;
use super::series::Series;
use super::trend::{Block, Point};
use crate::metrics::asked::Asked;

const MOST_GAUGES: usize = 50;

/// The facts of a gauge, beside those of its series.
pub(super) const OF_GAUGE: &[FactInfo] = &[
    fact("limit", FactType::Number, "", "How much it holds: the least that was told. Of gauges with a size."),
    fact("fullest", FactType::Number, "", "The greatest share of it that was in use, 0 to 1."),
    fact("full_share", FactType::Number, "", "In which share of the looks all of it was in use, 0 to 1."),
];

/// A gauge, as written.
#[derive(Debug, Clone, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
#[schemars(inline)]
pub(super) struct WrittenGauge {
    /// The metric, such as `db_pool_in_use{pool="main"}`.
    gauge: String,
    /// How much it holds, where that is known.
    size: Option<f64>,
    /// The metric that says how much it holds, instead of `size`.
    of: Option<String>,
}

/// A gauge.
#[derive(Debug, Clone)]
pub(super) struct Gauge {
    asked: Asked,
    size: Size,
}

#[derive(Debug, Clone)]
enum Size {
    Unknown,
    Said(f64),
    Told(Asked),
}

/// The gauges that are written.
pub(super) fn gauges(written: &[WrittenGauge]) -> Result<Vec<Gauge>, String> {
    let gauges = written.iter().map(WrittenGauge::read).collect::<Result<Vec<Gauge>, String>>()?;
    let twice = gauges
        .iter()
        .enumerate()
        .find(|(at, gauge)| gauges[..*at].iter().any(|before| before.asked.key() == gauge.asked.key()));
    match twice {
        Some((_, gauge)) => Err(format!("the gauge `{}` is written twice", gauge.asked.key())),
        None if gauges.len() > MOST_GAUGES => Err(format!("there are more than {MOST_GAUGES} gauges")),
        None => Ok(gauges),
    }
}

impl WrittenGauge {
    fn read(&self) -> Result<Gauge, String> {
        let size = match (self.size, &self.of) {
            (Some(_), Some(_)) => return Err("a gauge has a `size` or is `of` another; write one".to_owned()),
            (Some(size), None) if size > 0.0 && size.is_finite() => Size::Said(size),
            (Some(_), None) => return Err("the `size` of a gauge is a number over 0".to_owned()),
            (None, Some(of)) => Size::Told(Asked::read(of)?),
            (None, None) => Size::Unknown,
        };
        Ok(Gauge { asked: Asked::read(&self.gauge)?, size })
    }
}

impl Gauge {
    /// What has to be asked for it.
    pub(super) fn asked(&self) -> impl Iterator<Item = &Asked> {
        let size = match &self.size {
            Size::Told(of) => Some(of),
            _ => None,
        };
        std::iter::once(&self.asked).chain(size)
    }

    /// Its item, of what was seen of it and of its size, which are in the order of `asked`.
    pub(super) fn item(&self, seen: &[&[Point]]) -> Item {
        let points = seen.first().copied().unwrap_or_default();
        let series = Series { unit: None, points, block: Block::Middle };
        let item = series.facts(Item::new(format!("gauge/{}", self.asked.key())).fact("role", "gauge"));
        let size = match &self.size {
            Size::Unknown => None,
            Size::Said(size) => Some(*size),
            Size::Told(_) => seen.get(1).and_then(|sizes| least(sizes)),
        };
        let Some(size) = size.filter(|size| *size > 0.0 && !points.is_empty()) else { return item };
        let most = points.iter().map(|point| point.value).fold(0.0, f64::max);
        let full = points.iter().filter(|point| point.value >= size).count();
        item.fact_if_known("limit", number(size))
            .fact_if_known("fullest", number(most / size))
            .fact_if_known("full_share", number(full as f64 / points.len() as f64))
    }
}

fn least(points: &[Point]) -> Option<f64> {
    points.iter().map(|point| point.value).min_by(f64::total_cmp)
}

#[cfg(test)]
mod tests {
    use serde_json::{Value, json};

    use super::*;

    fn read(written: Value) -> Result<Vec<Gauge>, String> {
        gauges(&serde_json::from_value::<Vec<WrittenGauge>>(written).map_err(|error| error.to_string())?)
    }

    #[test]
    fn what_is_no_gauge_is_refused_with_the_reason() {
        for (wrong, said) in [
            (json!([{ "gauge": "a b" }]), "`a b`"),
            (json!([{ "gauge": "a", "size": 0 }]), "over 0"),
            (json!([{ "gauge": "a", "size": 1, "of": "b" }]), "write one"),
            (json!([{ "gauge": "a" }, { "gauge": "a" }]), "twice"),
            (json!([{ "gauges": "a" }]), "gauges"),
        ] {
            let error = read(wrong.clone()).unwrap_err();
            assert!(error.contains(said), "{wrong}: {error}");
        }
    }

    #[test]
    fn it_is_as_full_as_it_was_at_its_fullest() {
        let at = |value: f64| Point { at_s: 1.0, value };
        let used = [at(2.0), at(10.0), at(8.0), at(10.0)];
        let item = |written: Value, sizes: &[Point]| {
            let gauges = read(json!([written])).unwrap();
            gauges[0].item(&[&used, sizes])
        };
        let said = item(json!({ "gauge": "a", "size": 10 }), &[]);
        assert_eq!((&said.facts["fullest"], &said.facts["full_share"]), (&json!(1.0), &json!(0.5)));
        let told = item(json!({ "gauge": "a", "of": "b" }), &[at(40.0), at(20.0)]);
        assert_eq!((&told.facts["limit"], &told.facts["fullest"]), (&json!(20.0), &json!(0.5)));
        let unknown = item(json!({ "gauge": "a", "of": "b" }), &[]);
        assert!(!unknown.facts.contains_key("fullest") && unknown.facts["most"] == json!(10.0));
    }
}
