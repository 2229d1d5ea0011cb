//! The summary of k6: what `handleSummary` is given, and what `--summary-export` writes. They
//! differ in shape, and in what `true` says of a threshold: there that it held, here that it was
//! crossed.

use gonogo_load::measure::Failure;
use serde_json::Value;

use super::account::{Account, Figures, thousandths};

/// Whether a document is such a summary.
pub(super) fn is(document: &Value) -> bool {
    document
        .get("metrics")
        .is_some_and(|metrics| metrics.get("iterations").is_some() || metrics.get("http_reqs").is_some())
}

/// What it says.
pub(super) fn read(document: &Value) -> Result<Account, String> {
    let metrics = document.get("metrics").and_then(Value::as_object).ok_or("it has no `metrics`")?;
    let values = |name: &str| metrics.get(name).map(|metric| metric.get("values").unwrap_or(metric));
    let count = |name: &str| values(name).and_then(|metric| whole(metric.get("count")?));
    let mut all = Figures::of("all");
    all.requests =
        Some(count("http_reqs").ok_or("it has no `http_reqs`; gonogo reads runs of HTTP requests")?);
    all.took_s = took_s(document, values("http_reqs").or_else(|| values("iterations")));
    // `passes` counts those that did fail.
    if let Some(failed) = values("http_req_failed").and_then(|metric| whole(metric.get("passes")?)) {
        all.fail(Failure::Assertion, failed);
    }
    all.dropped = count("dropped_iterations");
    all.users = values("vus_max").and_then(|metric| whole(metric.get("max").or(metric.get("value"))?));
    all.sent_bytes = count("data_sent");
    all.received_bytes = count("data_received");
    if let Some(times) = values("http_req_duration").and_then(Value::as_object) {
        let number = |name: &str| times.get(name).and_then(Value::as_f64);
        (all.mean_ms, all.max_ms) = (number("avg"), number("max"));
        let points = times.iter().filter(|(name, _)| name.starts_with("p("));
        all.percentiles = points.filter_map(|(name, ms)| Some((thousandths(name)?, ms.as_f64()?))).collect();
        all.percentiles.extend(number("med").map(|median| (500, median)));
    }
    // An answer is waited for before the next request of a user: a stall hides what it holds up.
    all.from_intended = Some(false);
    let parts = [Some(all), checks(values("checks"))].into_iter().flatten().collect();
    Ok(Account { parts, started: None, crossed: Some(crossed(metrics)) })
}

/// How long it ran: as stated, else from a count and its rate.
fn took_s(document: &Value, counter: Option<&Value>) -> Option<f64> {
    let stated = document.get("state").and_then(|state| state.get("testRunDurationMs")?.as_f64());
    let worked_out = || {
        let counter = counter?;
        let (count, rate) = (counter.get("count")?.as_f64()?, counter.get("rate")?.as_f64()?);
        (rate > 0.0).then(|| count / rate)
    };
    stated.map(|ms| ms / 1_000.0).or_else(worked_out)
}

/// What its scripts checked in the answers.
fn checks(values: Option<&Value>) -> Option<Figures> {
    let (passes, fails) = (whole(values?.get("passes")?)?, whole(values?.get("fails")?)?);
    let mut checks = Figures::of("checks");
    checks.requests = Some(passes.saturating_add(fails));
    checks.fail(Failure::Assertion, fails);
    Some(checks)
}

/// The thresholds that were crossed, as `metric: expression`.
fn crossed(metrics: &serde_json::Map<String, Value>) -> Vec<String> {
    let mut crossed = Vec::new();
    for (name, metric) in metrics {
        for (expression, said) in metric.get("thresholds").and_then(Value::as_object).into_iter().flatten() {
            let is_crossed = match said {
                Value::Bool(is_crossed) => *is_crossed,
                said => said.get("ok").and_then(Value::as_bool) == Some(false),
            };
            if is_crossed {
                crossed.push(format!("{name}: {expression}"));
            }
        }
    }
    crossed
}

fn whole(value: &Value) -> Option<u64> {
    let number = value.as_f64().filter(|number| (0.0..9e15).contains(number))?;
    Some(number as u64)
}
