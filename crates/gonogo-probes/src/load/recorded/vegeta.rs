//! The report of vegeta (`vegeta report -type=json`). Times are nanoseconds.

use gonogo_load::measure::Failure;
use serde_json::Value;

use super::account::{Account, Figures, thousandths};

/// Whether a document is such a report.
pub(super) fn is(document: &Value) -> bool {
    document.get("latencies").is_some() && document.get("status_codes").is_some()
}

/// What it says.
pub(super) fn read(document: &Value) -> Result<Account, String> {
    let latencies = document.get("latencies").and_then(Value::as_object).ok_or("it has no `latencies`")?;
    let ms = |value: &Value| value.as_f64().map(|ns| ns / 1e6);
    let bytes = |name: &str| document.get(name).and_then(|bytes| bytes.get("total")?.as_u64());
    let mut all = Figures::of("all");
    let requests = document.get("requests").and_then(Value::as_u64).ok_or("it has no `requests`")?;
    all.requests = Some(requests);
    let took = |name: &str| document.get(name).and_then(Value::as_f64);
    // Until the last was sent, and from there until the last answer.
    all.took_s = took("duration").map(|ns| (ns + took("wait").unwrap_or(0.0)) / 1e9);
    all.offered_per_s = document.get("rate").and_then(Value::as_f64);
    (all.sent_bytes, all.received_bytes) = (bytes("bytes_out"), bytes("bytes_in"));
    (all.mean_ms, all.max_ms) = (latencies.get("mean").and_then(ms), latencies.get("max").and_then(ms));
    let points = latencies.iter().filter(|(name, _)| name.ends_with("th"));
    all.percentiles = points.filter_map(|(name, value)| Some((thousandths(name)?, ms(value)?))).collect();
    count_failures(&mut all, document);
    // It does not wait for an answer before it sends the next, but counts from the sending.
    all.from_intended = Some(false);
    let started = document.get("earliest").and_then(|earliest| earliest.as_str()?.parse().ok());
    Ok(Account { parts: vec![all], started, crossed: None })
}

/// Answers with a status from 200 to 399 are good; status 0 is no answer.
fn count_failures(all: &mut Figures, document: &Value) {
    all.none_failed();
    for (code, count) in document.get("status_codes").and_then(Value::as_object).into_iter().flatten() {
        let count = count.as_u64().unwrap_or(0);
        match code.parse::<u16>() {
            Ok(200..=399) => {}
            Ok(status @ 400..) => all.fail(Failure::of_status(status).unwrap_or(Failure::Protocol), count),
            _ => all.fail_as("no_answer", count),
        }
    }
}
