//! What wrk and wrk2 print. They write no JSON, and what they print is the same in all versions.

use gonogo_load::measure::Failure;

use super::account::{Account, Figures, thousandths};

/// Whether a text is of wrk.
pub(super) fn is(text: &str) -> bool {
    text.lines().any(|line| line.starts_with("Running ") && line.contains(" test @ "))
}

/// What it says.
pub(super) fn read(text: &str) -> Result<Account, String> {
    let mut all = Figures::of("all");
    all.none_failed();
    for line in text.lines().map(str::trim) {
        let words: Vec<&str> = line.split_whitespace().collect();
        match words.as_slice() {
            [count, "requests", "in", took, bytes, "read"] => {
                all.requests = count.parse().ok();
                all.took_s = ms(took.trim_end_matches(',')).map(|ms| ms / 1_000.0);
                all.received_bytes = size(bytes);
            }
            [_, "threads", "and", connections, "connections"] => all.users = connections.parse().ok(),
            ["Latency", mean, _, longest, ..] => (all.mean_ms, all.max_ms) = (ms(mean), ms(longest)),
            [share, time] if share.ends_with('%') => {
                all.percentiles.extend(thousandths(share).zip(ms(time)));
            }
            ["Non-2xx", "or", "3xx", "responses:", count] => {
                all.fail_as("status", count.parse().unwrap_or(0));
            }
            ["Socket", "errors:", counts @ ..] => count_errors(&mut all, counts),
            _ => {}
        }
    }
    if all.requests.is_none() {
        return Err("it has no line `… requests in …`; wrk was stopped before it said anything".to_owned());
    }
    // wrk2 says so: its latency counts from when a request was to be sent.
    all.from_intended = Some(text.contains("(HdrHistogram - Recorded Latency)"));
    Ok(Account { parts: vec![all], started: None, crossed: None })
}

/// `connect 0, read 1, write 0, timeout 2`. Those without an answer are not among the requests.
fn count_errors(all: &mut Figures, counts: &[&str]) {
    for pair in counts.chunks_exact(2) {
        let [what, count] = pair else { continue };
        let count: u64 = count.trim_end_matches(',').parse().unwrap_or(0);
        let kind = match *what {
            "connect" => Failure::Refused,
            "timeout" => Failure::Timeout,
            _ => Failure::Reset,
        };
        all.fail(kind, count);
        all.requests = all.requests.map(|requests| requests.saturating_add(count));
    }
}

/// `12.30us`, `1.02ms`, `2.01s`, `1.50m` in milliseconds.
fn ms(said: &str) -> Option<f64> {
    let digits = said.trim_end_matches(|c: char| c.is_ascii_alphabetic());
    let factor = match said.get(digits.len()..)? {
        "us" => 0.001,
        "ms" => 1.0,
        "s" => 1_000.0,
        "m" => 60_000.0,
        "h" => 3_600_000.0,
        _ => return None,
    };
    digits.parse::<f64>().ok().map(|number| number * factor)
}

/// `9.95MB` in bytes; wrk rounds it to two digits.
fn size(said: &str) -> Option<u64> {
    let digits = said.trim_end_matches(|c: char| c.is_ascii_alphabetic());
    let factor = match said.get(digits.len()..)? {
        "B" => 1_u64,
        "KB" => 1 << 10,
        "MB" => 1 << 20,
        "GB" => 1 << 30,
        "TB" => 1 << 40,
        _ => return None,
    };
    let number = digits.parse::<f64>().ok()?;
    Some((number * factor as f64).round() as u64)
}
