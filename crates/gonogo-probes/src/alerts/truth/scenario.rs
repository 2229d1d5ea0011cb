//! Sets of series made up from an expression: labels that its selectors match, behaviours around the
//! numbers that it names. It does not know the engine.

use std::collections::{BTreeMap, BTreeSet};
use std::time::Duration;

use promql_parser::parser::{Expr, LabelModifier, Offset, VectorSelector};

use super::behaviour::{Asked, Behaviour, behaviours};
use super::labels::{Labels, demanded, matches};
use crate::prometheus::expression::{below, each, metric};

/// More series than these are not made up, and not more sets of them.
const MOST_SELECTORS: usize = 8;
const MOST_SCENARIOS: usize = 384;
const MOST_STEPS: u64 = 3_000;
/// The look back of Prometheus: a series is there so long after its last sample.
const STALE: Duration = Duration::from_secs(300);
const FINEST: Duration = Duration::from_secs(60);

/// What is to be tried.
pub(super) struct Scenarios {
    pub(super) all: Vec<Scenario>,
    pub(super) step: Duration,
    pub(super) end: Duration,
    /// Why what does not happen proves nothing.
    pub(super) unsure: Option<String>,
}

/// One set of series with their values, in promtool's notation.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(super) struct Scenario {
    pub(super) series: Vec<(String, String)>,
    whole: bool,
}

impl Scenario {
    /// Whether every selector has a series.
    pub(super) fn is_whole(&self) -> bool {
        self.whole
    }
}

/// A selector, and what the expression asks of it.
struct Part<'e> {
    selector: &'e VectorSelector,
    asked: Asked,
    quantile: bool,
}

/// What there is to know of an expression.
#[derive(Default)]
struct Reading<'e> {
    parts: Vec<Part<'e>>,
    numbers: Vec<f64>,
    named: BTreeSet<String>,
    ranges: Vec<Duration>,
    offset: Duration,
    unsure: Option<String>,
}

impl Scenarios {
    /// # Errors
    /// Why nothing can be made up, in words.
    pub(super) fn of(tree: &Expr, hold: Duration) -> Result<Scenarios, String> {
        let mut reading = Reading::default();
        reading.read(tree, Asked::Value, false);
        if reading.parts.is_empty() {
            return Err("it names no series".to_owned());
        }
        if reading.parts.len() > MOST_SELECTORS {
            return Err(format!("it has more than {MOST_SELECTORS} selectors"));
        }
        let shortest = reading.ranges.iter().min().copied().unwrap_or(FINEST * 4);
        let longest = reading.ranges.iter().max().copied().unwrap_or_default();
        let step = Duration::from_secs((shortest / 4).as_secs().clamp(1, FINEST.as_secs()));
        let end = longest.saturating_add(reading.offset).saturating_add(hold).saturating_add(STALE * 2);
        let steps = end.as_secs() / step.as_secs().max(1);
        if steps > MOST_STEPS {
            return Err(format!(
                "it looks back over {} with ranges of {}, which is too long to be made up",
                humantime::format_duration(end),
                humantime::format_duration(shortest)
            ));
        }
        let all = reading.scenarios(step, steps.saturating_add(2))?;
        Ok(Scenarios {
            all,
            step,
            end: step * u32::try_from(steps).unwrap_or(u32::MAX),
            unsure: reading.unsure,
        })
    }
}

impl<'e> Reading<'e> {
    fn read(&mut self, expr: &'e Expr, asked: Asked, quantile: bool) {
        match expr {
            Expr::NumberLiteral(number) => self.numbers.push(number.val),
            Expr::VectorSelector(selector) => self.selector(selector, asked, quantile),
            Expr::MatrixSelector(matrix) => {
                self.ranges.push(matrix.range);
                self.selector(&matrix.vs, asked, quantile);
            }
            Expr::Subquery(query) => {
                self.ranges.push(query.range);
                self.read(&query.expr, asked, quantile);
            }
            Expr::Call(call) => {
                let range = ranges(expr).into_iter().max().unwrap_or_default();
                let (asked, quantile) = self.call(call.func.name, range, asked, quantile);
                call.args.args.iter().for_each(|argument| self.read(argument, asked, quantile));
            }
            Expr::Aggregate(aggregate) => {
                self.labels(aggregate.modifier.as_ref());
                below(expr).into_iter().for_each(|part| self.read(part, asked, quantile));
            }
            Expr::Binary(binary) => {
                self.labels(binary.modifier.as_ref().and_then(|modifier| modifier.matching.as_ref()));
                below(expr).into_iter().for_each(|part| self.read(part, asked, quantile));
            }
            Expr::Extension(_) => self.unsure = Some("it has something that nobody knows".to_owned()),
            _ => below(expr).into_iter().for_each(|part| self.read(part, asked, quantile)),
        }
    }

    fn call(&mut self, name: &str, range: Duration, asked: Asked, quantile: bool) -> (Asked, bool) {
        match name {
            "rate" | "irate" | "increase" => (Asked::Rate(range), quantile),
            "delta" | "idelta" | "deriv" | "predict_linear" => (Asked::Change(range), quantile),
            "changes" | "resets" => (Asked::Changes, quantile),
            "absent" | "absent_over_time" => (Asked::Absence, quantile),
            "histogram_quantile" => (asked, true),
            "holt_winters"
            | "double_exponential_smoothing"
            | "day_of_week"
            | "day_of_month"
            | "hour"
            | "minute"
            | "month"
            | "year"
            | "days_in_month"
            | "label_replace"
            | "label_join"
            | "histogram_fraction"
            | "histogram_avg" => {
                self.unsure = Some(format!("`{name}` is not made up for, and nothing else decided it"));
                (asked, quantile)
            }
            _ => (asked, quantile),
        }
    }

    fn labels(&mut self, modifier: Option<&LabelModifier>) {
        if let Some(LabelModifier::Include(labels)) = modifier {
            self.named.extend(labels.labels.iter().cloned());
        }
    }

    fn selector(&mut self, selector: &'e VectorSelector, asked: Asked, quantile: bool) {
        if let Some(Offset::Pos(offset)) = &selector.offset {
            self.offset = self.offset.max(*offset);
        }
        if selector.at.is_some() {
            self.unsure = Some("it looks at a fixed moment with `@`".to_owned());
        }
        self.parts.push(Part { selector, asked, quantile });
    }

    fn scenarios(&self, step: Duration, steps: u64) -> Result<Vec<Scenario>, String> {
        let labels = self.all_labels()?;
        // The same selector twice is one series.
        let mut distinct: BTreeMap<String, (usize, Vec<Choice>)> = BTreeMap::new();
        for (at, (part, labels)) in self.parts.iter().zip(&labels).enumerate() {
            let name = metric(part.selector).ok_or("a selector names no metric")?;
            let key = series(name, labels);
            let choices = self.choices(part);
            let entry = distinct.entry(key).or_insert((at, Vec::new()));
            entry
                .1
                .extend(choices.into_iter().filter(|choice| !entry.1.contains(choice)).collect::<Vec<_>>());
        }
        let mut parts: Vec<(usize, Vec<Choice>)> = distinct.into_values().collect();
        parts.sort_by_key(|(at, _)| *at);
        let chosen = combined(&parts.iter().map(|(_, choices)| choices.len()).collect::<Vec<_>>());
        let make = |which: &Vec<usize>| {
            let mut scenario = Scenario { series: Vec::new(), whole: true };
            for ((at, choices), which) in parts.iter().zip(which) {
                let (Some(part), Some(labels), Some(choice)) =
                    (self.parts.get(*at), labels.get(*at), choices.get(*which))
                else {
                    continue;
                };
                let name = metric(part.selector).unwrap_or_default();
                let made = choice.series(name, labels, step, steps);
                scenario.whole &= !made.is_empty();
                scenario.series.extend(made);
            }
            scenario
        };
        Ok(chosen.iter().map(make).collect())
    }

    fn choices(&self, part: &Part<'_>) -> Vec<Choice> {
        match part.quantile {
            true => self
                .numbers
                .iter()
                .filter(|number| **number > 0.0)
                .flat_map(|bound| [Choice::Slow(*bound), Choice::Fast(*bound)])
                .collect(),
            false => behaviours(part.asked, &self.numbers).into_iter().map(Choice::One).collect(),
        }
    }

    /// The labels of each selector: what it demands, and what the others have, so that they meet.
    fn all_labels(&self) -> Result<Vec<Labels>, String> {
        let demands: Vec<Labels> =
            self.parts.iter().map(|part| demanded(part.selector)).collect::<Result<_, _>>()?;
        let mut all = demands.clone();
        for (at, part) in self.parts.iter().enumerate() {
            let Some(labels) = all.get_mut(at) else { continue };
            let foreign = demands.iter().enumerate().filter(|(other, _)| *other != at);
            for (other, demand) in foreign {
                let is_same = self
                    .parts
                    .get(other)
                    .is_some_and(|other| metric(other.selector) == metric(part.selector));
                for (name, value) in demand.iter().filter(|(name, _)| *name != "le") {
                    if labels.contains_key(name) {
                        continue;
                    }
                    // The rest of the same metric is another series: the 200s beside the 500s.
                    let value = if is_same { format!("not-{value}") } else { value.clone() };
                    labels.insert(name.clone(), value);
                    if !matches(part.selector, labels) {
                        labels.remove(name);
                    }
                }
            }
            for name in self.named.iter().filter(|name| *name != "le") {
                labels.entry(name.clone()).or_insert_with(|| "tried".to_owned());
            }
            if !matches(part.selector, labels) {
                return Err("no labels were found that its selectors take together".to_owned());
            }
        }
        Ok(all)
    }
}

fn ranges(expr: &Expr) -> Vec<Duration> {
    let mut found = Vec::new();
    each(expr, &mut |part| {
        if let Expr::MatrixSelector(matrix) = part {
            found.push(matrix.range);
        }
    });
    found
}

/// What a selector's series do.
#[derive(Debug, Clone, Copy, PartialEq)]
enum Choice {
    One(Behaviour),
    /// A histogram whose observations are all above this bound, or all below.
    Slow(f64),
    Fast(f64),
}

impl Choice {
    fn series(self, name: &str, labels: &Labels, step: Duration, steps: u64) -> Vec<(String, String)> {
        let (bound, slow) = match self {
            Choice::One(one) => {
                return one
                    .values(step, steps)
                    .map(|values| (series(name, labels), values))
                    .into_iter()
                    .collect();
            }
            Choice::Slow(bound) => (bound, true),
            Choice::Fast(bound) => (bound, false),
        };
        let bucket = |le: String, counts: bool| {
            let mut labels = labels.clone();
            labels.insert("le".to_owned(), le);
            let behaviour = Behaviour::Moves(0.0, if counts { 10.0 } else { 0.0 });
            Some((series(name, &labels), behaviour.values(step, steps)?))
        };
        let below = [bound / 4.0, bound / 2.0, bound].map(|le| bucket(le.to_string(), !slow));
        let above = [(bound * 4.0).to_string(), "+Inf".to_owned()].map(|le| bucket(le, true));
        below.into_iter().chain(above).flatten().collect()
    }
}

fn series(name: &str, labels: &Labels) -> String {
    let labels: Vec<String> = labels.iter().map(|(name, value)| format!("{name}={value:?}")).collect();
    format!("{name}{{{}}}", labels.join(","))
}

/// Combinations of the choices, at most so many: of every part the first ones.
fn combined(counts: &[usize]) -> Vec<Vec<usize>> {
    let mut limits: Vec<usize> = counts.iter().map(|_| 1).collect();
    loop {
        let mut has_grown = false;
        for at in 0..limits.len() {
            let product: usize = limits
                .iter()
                .enumerate()
                .map(|(other, limit)| if other == at { limit + 1 } else { *limit })
                .product();
            if let (Some(limit), Some(count)) = (limits.get_mut(at), counts.get(at))
                && *limit < *count
                && product <= MOST_SCENARIOS
            {
                *limit += 1;
                has_grown = true;
            }
        }
        if !has_grown {
            break;
        }
    }
    let mut all = vec![Vec::new()];
    for limit in limits {
        all = all
            .into_iter()
            .flat_map(|begun: Vec<usize>| (0..limit).map(move |which| [begun.clone(), vec![which]].concat()))
            .collect();
    }
    all
}
