//! From a series of measurements to facts: where it began and ended, and how it went. It does not know
//! what was measured.

use gonogo_model::catalog::{FactInfo, FactType, fact};
use gonogo_model::fact::{Item, Value};

use super::figures::number;
use super::trend::{Block, Course, LEAST, Point, trend};

/// The facts of a series, as pages list them.
pub(super) const OF_SERIES: &[FactInfo] = &[
    fact("unit", FactType::Text, "", "The unit of what was measured; absent of plain numbers."),
    fact("looks", FactType::Int, "", "How often it was measured, without the warm-up."),
    fact("first", FactType::Number, "", "The first value."),
    fact("last", FactType::Number, "", "The last value."),
    fact("least", FactType::Number, "", "The least value."),
    fact("most", FactType::Number, "", "The most."),
    fact(
        "course",
        FactType::Text,
        "",
        "How it went: `level`, `falls`, `flattens`, or `rises` to the end; absent below 16 looks.",
    ),
    fact(
        "slope_per_hour",
        FactType::Number,
        "1/h",
        "How much it rises in an hour, in the second half and without what flattens (Theil and Sen).",
    ),
    fact("slope_lower_per_hour", FactType::Number, "1/h", "The lower bound of that, with 95 % confidence."),
    fact("slope_upper_per_hour", FactType::Number, "1/h", "The upper bound."),
    fact(
        "p_value",
        FactType::Number,
        "",
        "How likely a series without a trend has one as strong as this in its second half (Mann and Kendall).",
    ),
    fact(
        "blocks",
        FactType::List,
        "",
        "At most 40 points of it: `second`, and the `value` that stands there.",
    ),
];

/// A series, in order of time.
pub(super) struct Series<'s> {
    pub(super) unit: Option<&'static str>,
    pub(super) points: &'s [Point],
    pub(super) block: Block,
}

impl Series<'_> {
    /// Its course; `None` when it is too short.
    pub(super) fn course(&self) -> Option<Course> {
        trend(self.points, self.block).map(|trend| trend.course)
    }

    /// What is known of it.
    pub(super) fn facts(&self, item: Item) -> Item {
        let values = || self.points.iter().map(|point| point.value);
        let known = |value: Option<f64>| value.and_then(number);
        let item = item
            .fact_if_known("unit", self.unit)
            .fact("looks", self.points.len())
            .fact_if_known("first", known(values().next()))
            .fact_if_known("last", known(values().next_back()))
            .fact_if_known("least", known(values().min_by(f64::total_cmp)))
            .fact_if_known("most", known(values().max_by(f64::total_cmp)));
        let Some(trend) = trend(self.points, self.block).filter(|_| self.points.len() >= LEAST) else {
            return item;
        };
        let per_hour = |slope: f64| number(slope * 3_600.0);
        item.fact("course", trend.course.word())
            .fact_if_known("slope_per_hour", per_hour(trend.slope.middle))
            .fact_if_known("slope_lower_per_hour", per_hour(trend.slope.lower))
            .fact_if_known("slope_upper_per_hour", per_hour(trend.slope.upper))
            .fact_if_known("p_value", serde_json::Number::from_f64(trend.p_value).map(Value::Number))
            .fact("blocks", trend.blocks.iter().map(block).collect::<Vec<Value>>())
    }
}

fn block(point: &Point) -> Value {
    let known = [("second", number(point.at_s)), ("value", number(point.value))];
    Value::Object(known.into_iter().filter_map(|(name, value)| Some((name.to_owned(), value?))).collect())
}

#[cfg(test)]
mod tests {
    use super::*;

    fn item(values: impl Iterator<Item = f64>) -> Item {
        let points: Vec<Point> =
            values.enumerate().map(|(at, value)| Point { at_s: at as f64, value }).collect();
        Series { unit: Some("bytes"), points: &points, block: Block::Floor }.facts(Item::new("rss"))
    }

    #[test]
    fn a_series_is_told_with_its_course() {
        let item = item((0..80).map(|at| 1_000.0 + 10.0 * f64::from(at)));
        let number = |name: &str| item.facts[name].as_f64().unwrap();
        assert_eq!((number("first"), number("last"), number("least")), (1_000.0, 1_790.0, 1_000.0));
        assert_eq!((&item.facts["course"], number("slope_per_hour")), (&Value::from("rises"), 36_000.0));
        assert_eq!(item.facts["blocks"].as_array().unwrap().len(), 40);
        assert!(number("p_value") < 0.001);
    }

    #[test]
    fn a_short_series_has_no_course_and_none_has_no_values() {
        let short = item((0..15).map(f64::from));
        assert!(short.facts.contains_key("last") && !short.facts.contains_key("course"));
        let none = item(std::iter::empty());
        assert_eq!(none.facts["looks"], Value::from(0));
        assert!(!none.facts.contains_key("most"));
    }
}
