//! Runs under load, as reports draw them: taken from the facts that say how a run went. Nothing is
//! decided here, and what cannot be read is not drawn.

use std::collections::BTreeMap;

use gonogo_model::evidence::{Evidence, Outcome};
use gonogo_model::fact::{Item, Value};
use gonogo_model::load::{Band, DISTRIBUTION, LoadRun, Moment, OVER_TIME, rate, time};
use gonogo_model::verdict::CheckResult;

/// The runs behind these results, in the order of the checks; each once.
pub(crate) fn runs(results: &[CheckResult], evidence: &[Evidence]) -> Vec<LoadRun> {
    let seen: BTreeMap<&str, &Evidence> = evidence.iter().map(|one| (one.id.as_str(), one)).collect();
    let mut runs: Vec<LoadRun> = Vec::new();
    for result in results {
        let Some(evidence) = result.evidence.as_deref().and_then(|id| seen.get(id)) else { continue };
        if let Some(run) = runs.iter_mut().find(|run| run.evidence == evidence.id) {
            run.checks.push(result.check.clone());
        } else if let Outcome::Looked { items, .. } = &evidence.outcome {
            runs.extend(items.iter().find_map(|item| run(item, &evidence.id, &result.check)));
        }
    }
    runs
}

fn run(item: &Item, evidence: &str, check: &str) -> Option<LoadRun> {
    let list = |name: &str| item.facts.get(name).and_then(Value::as_array).map(Vec::as_slice);
    let moments: Vec<Moment> = list(OVER_TIME)?.iter().filter_map(moment).collect();
    let bands: Vec<Band> = list(DISTRIBUTION).unwrap_or_default().iter().filter_map(band).collect();
    if moments.is_empty() {
        return None;
    }
    let longest = |moment: &Moment| moment.p50_us.max(moment.p95_us).max(moment.p99_us).unwrap_or(0);
    let fastest = |moment: &Moment| moment.offered_milli.max(moment.achieved_milli);
    let longest_us = moments.iter().map(longest).max().unwrap_or(0);
    let fastest_milli = moments.iter().map(fastest).max().unwrap_or(0);
    Some(LoadRun {
        evidence: evidence.to_owned(),
        item: item.key.clone(),
        checks: vec![check.to_owned()],
        longest_us,
        longest: time(longest_us),
        fastest_milli,
        fastest: rate(fastest_milli),
        fullest: bands.iter().map(|band| band.requests).max().unwrap_or(0),
        moments,
        bands,
    })
}

fn moment(value: &Value) -> Option<Moment> {
    Some(Moment {
        second: value.get("second")?.as_u64()?,
        offered_milli: thousandths(value.get("offered_per_s")?)?,
        achieved_milli: thousandths(value.get("achieved_per_s")?)?,
        failed: value.get("failed")?.as_u64()?,
        p50_us: value.get("p50_ms").and_then(thousandths),
        p95_us: value.get("p95_ms").and_then(thousandths),
        p99_us: value.get("p99_ms").and_then(thousandths),
    })
}

fn band(value: &Value) -> Option<Band> {
    let (up_to_us, requests) = (thousandths(value.get("up_to_ms")?)?, value.get("requests")?.as_u64()?);
    Some(Band { up_to_us, up_to: time(up_to_us), requests })
}

/// A number in whole thousandths; the one place where facts about load are rounded.
fn thousandths(value: &Value) -> Option<u64> {
    let number = value.as_f64().filter(|number| (0.0..1e12).contains(number))?;
    Some((number * 1_000.0).round() as u64)
}

#[cfg(test)]
mod tests {
    use serde_json::json;

    use super::*;

    #[test]
    fn what_cannot_be_read_is_not_drawn() {
        let second = |second: Value, p99: f64| json!({"second": second, "offered_per_s": 500.5, "achieved_per_s": 499, "failed": 1, "p99_ms": p99});
        let facts = json!([second(json!(0), 12.5), second(json!("one"), 9.0), second(json!(2), -1.0), {}]);
        let item = Item::new("all")
            .fact(OVER_TIME, facts)
            .fact(DISTRIBUTION, json!([{"up_to_ms": 1.024, "requests": 7}, {"up_to_ms": 2}]));
        let run = run(&item, "load#1", "steady").unwrap();
        assert_eq!(run.moments.iter().map(|moment| moment.second).collect::<Vec<_>>(), [0, 2]);
        assert_eq!((run.moments[0].offered_milli, run.moments[0].p99_us), (500_500, Some(12_500)));
        assert_eq!((run.moments[1].p50_us, run.moments[1].p99_us), (None, None));
        assert_eq!((run.longest_us, run.fastest_milli, run.fullest), (12_500, 500_500, 7));
        assert_eq!((run.longest.as_str(), run.fastest.as_str()), ("12.5 ms", "501/s"));
        assert_eq!(run.bands, [Band { up_to_us: 1_024, up_to: "1.0 ms".to_owned(), requests: 7 }]);
        assert_eq!(super::run(&Item::new("all").fact(OVER_TIME, json!([])), "load#1", "steady"), None);
    }
}
