//! The JSON of oha (`oha --output-format json`). Times are seconds. Its `successRate` counts an
//! answer of 500 as a success; here the statuses count.

use gonogo_load::measure::Failure;
use serde_json::Value;

use super::account::{Account, Figures, thousandths};

/// What oha says of requests that its own end cut off; they say nothing of the target.
const CUT_OFF: &str = "aborted due to deadline";

/// Whether a document is of oha.
pub(super) fn is(document: &Value) -> bool {
    document.get("summary").is_some() && document.get("latencyPercentiles").is_some()
}

/// What it says.
pub(super) fn read(document: &Value) -> Result<Account, String> {
    let summary = document.get("summary").ok_or("it has no `summary`")?;
    let number = |name: &str| summary.get(name).and_then(Value::as_f64);
    let ms = |seconds: f64| seconds * 1_000.0;
    let counted = |name: &str| -> Vec<(&String, u64)> {
        let counts = document.get(name).and_then(Value::as_object).into_iter().flatten();
        counts.map(|(what, count)| (what, count.as_u64().unwrap_or(0))).collect()
    };
    let mut all = Figures::of("all");
    all.none_failed();
    let mut requests = 0_u64;
    for (status, count) in counted("statusCodeDistribution") {
        requests = requests.saturating_add(count);
        if let Some(failure) = status.parse().ok().and_then(Failure::of_status) {
            all.fail(failure, count);
        }
    }
    for (error, count) in counted("errorDistribution").into_iter().filter(|(error, _)| *error != CUT_OFF) {
        requests = requests.saturating_add(count);
        match kind_of(error) {
            Some(failure) => all.fail(failure, count),
            None => all.fail_as("no_answer", count),
        }
    }
    all.requests = Some(requests);
    all.took_s = number("total");
    all.received_bytes = summary.get("totalData").and_then(Value::as_u64);
    (all.mean_ms, all.max_ms) = (number("average").map(ms), number("slowest").map(ms));
    let points = document.get("latencyPercentiles").and_then(Value::as_object).into_iter().flatten();
    all.percentiles = points.filter_map(|(name, at)| Some((thousandths(name)?, ms(at.as_f64()?)))).collect();
    // Only with `--latency-correction` does it count from when a request was to be sent.
    Ok(Account { parts: vec![all], started: None, crossed: None })
}

fn kind_of(error: &str) -> Option<Failure> {
    let error = error.to_lowercase();
    match () {
        () if error.contains("refused") => Some(Failure::Refused),
        () if error.contains("timeout") || error.contains("timed out") => Some(Failure::Timeout),
        () if error.contains("reset") || error.contains("closed") => Some(Failure::Reset),
        () => None,
    }
}
