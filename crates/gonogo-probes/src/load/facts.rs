//! The facts that all probes of this family share, as their pages list them.

use gonogo_model::catalog::{FactInfo, FactType, fact};

/// Two lists of facts as one.
pub(super) const fn joined<const N: usize>(first: &[FactInfo], then: &[FactInfo]) -> [FactInfo; N] {
    let mut all = [fact("", FactType::Any, "", ""); N];
    let mut at = 0;
    while at < N {
        all[at] = if at < first.len() { first[at] } else { then[at - first.len()] };
        at += 1;
    }
    all
}

/// What is counted and measured of each item.
pub(super) const FIGURES: &[FactInfo] = &[
    fact(
        "role",
        FactType::Text,
        "",
        "What the item is: `all`, a `tier`, a `step` of one, a `phase` or `level` of the run, or a `series` or `gauge` that was watched.",
    ),
    fact("tier", FactType::Text, "", "The tier. Not of `all`."),
    fact("step", FactType::Text, "", "The step. Of steps only."),
    fact(
        "journeys",
        FactType::Int,
        "",
        "Walks from the first step to the last that were to start, without those of the warm-up. Not of steps.",
    ),
    fact(
        "requests",
        FactType::Int,
        "",
        "Requests that were made; of a tier and of `all`, those of all steps, sign-ups included.",
    ),
    fact("good", FactType::Int, "", "Journeys, or requests of a step, that went well."),
    fact("failed", FactType::Int, "", "Those that failed through the target."),
    fact(
        "unmeasured",
        FactType::Int,
        "",
        "Those that were not over when load and its grace were, or never found a free connection.",
    ),
    fact("failures", FactType::Map, "", "Why the others were not good, and how many of each kind."),
    fact(
        "error_share",
        FactType::Number,
        "",
        "`failed` and `unmeasured` of all, 0 to 1; absent when none were to start.",
    ),
    fact(
        "error_share_upper",
        FactType::Number,
        "",
        "What the share does not exceed with 95 % confidence (Clopper-Pearson); absent beyond 100,000 failures.",
    ),
    fact("offered_per_s", FactType::Number, "/s", "How many were to start in a second, on average."),
    fact("achieved_per_s", FactType::Number, "/s", "How many good ones ended in a second, on average."),
    fact("achieved_of_offered", FactType::Number, "", "The one of the other."),
    fact("samples", FactType::Int, "", "How many good answers stand behind the percentiles."),
    fact(
        "p50_ms",
        FactType::Number,
        "ms",
        "Half of the good ones took no longer, from when they were to start; absent below 20 samples, or when over 1 % are `unmeasured`.",
    ),
    fact("p90_ms", FactType::Number, "ms", "The same of 90 %; absent below 100 samples."),
    fact("p95_ms", FactType::Number, "ms", "The same of 95 %; absent below 200 samples."),
    fact("p99_ms", FactType::Number, "ms", "The same of 99 %; absent below 1,000 samples."),
    fact("p999_ms", FactType::Number, "ms", "The same of 99.9 %; absent below 10,000 samples."),
    fact("mean_ms", FactType::Number, "ms", "Their mean."),
    fact("max_ms", FactType::Number, "ms", "The longest."),
    fact(
        "all_p99_ms",
        FactType::Number,
        "ms",
        "99 % of all, good or not, took no longer until they ended, failed or were cut off; absent below 1,000 of them.",
    ),
    fact(
        "worst_p99_ms",
        FactType::Number,
        "ms",
        "The 99th percentile of the second in which it was worst, of all.",
    ),
    fact("worst_p99_second", FactType::Int, "s", "That second, from the start of the warm-up."),
    fact(
        "worst_error_share",
        FactType::Number,
        "",
        "The share of failures in the second in which it was worst.",
    ),
    fact("worst_error_second", FactType::Int, "s", "That second; absent when nothing failed."),
    fact(
        "worst_achieved_per_s",
        FactType::Number,
        "/s",
        "Good ones that ended in the second with the fewest.",
    ),
    fact("worst_achieved_second", FactType::Int, "s", "That second."),
    fact("sent_bytes", FactType::Int, "bytes", "Sent over HTTP, without TLS. Of steps and sums of them."),
    fact("received_bytes", FactType::Int, "bytes", "Received over HTTP, without TLS."),
    fact(
        "queued_p99_ms",
        FactType::Number,
        "ms",
        "How long 99 % waited at most for a free connection, because the target kept all busy. Of open load; not of steps.",
    ),
    fact("queued_max_ms", FactType::Number, "ms", "The longest such wait."),
    fact(
        "warm_up_journeys",
        FactType::Int,
        "",
        "Journeys of the warm-up, which nothing above counts. Not of steps.",
    ),
    fact("warm_up_error_share", FactType::Number, "", "The share of them that did not go well."),
    fact(
        "warm_up_p99_ms",
        FactType::Number,
        "ms",
        "99 % of the good ones took no longer; absent below 100 samples.",
    ),
];

/// What is said of the load as a whole, on the item `all`.
pub(super) const WHOLE: &[FactInfo] = &[
    fact(
        "model",
        FactType::Text,
        "",
        "`open`: walks start at a rate. `closed`: users start the next when one is over.",
    ),
    fact("planned_per_s", FactType::Number, "/s", "The rate that was planned. Of open load."),
    fact("users", FactType::Int, "", "The users, or of open load the connections, that there were at most."),
    fact("for_s", FactType::Int, "s", "How long load was measured, without the warm-up."),
    fact("warm_up_s", FactType::Int, "s", "How long the warm-up was."),
    fact("grain_s", FactType::Int, "s", "How many seconds are counted together where a second is named."),
    fact("aborted", FactType::Bool, "", "Whether load ended early because more than `abort_above` failed."),
    fact(
        "lag_p99_ms",
        FactType::Number,
        "ms",
        "How late the generator started 99 % of the walks at most, by its own fault.",
    ),
    fact("loop_lag_p99_ms", FactType::Number, "ms", "How late its threads came to what they do every 20 ms."),
    fact("cpu_share", FactType::Number, "", "Processor time of its threads, of the time they had, 0 to 1."),
    fact("threads", FactType::Int, "", "How many threads it had."),
    fact(
        "processes",
        FactType::Int,
        "",
        "Over how many processes of this machine it was spread. Absent with a `fleet`.",
    ),
    fact("workers", FactType::Int, "", "Over how many workers of a `fleet` it was spread."),
    fact(
        "clocks_apart_ms",
        FactType::Number,
        "ms",
        "How far the clocks of all who sent it may have been apart at most; absent when one process sent it.",
    ),
    fact("over_time_grain_s", FactType::Int, "s", "How many seconds each point of `over_time` stands for."),
    fact(
        "over_time",
        FactType::List,
        "",
        "At most 240 points in time: `second`, `users`, `offered_per_s`, `achieved_per_s`, `failed`, `p50_ms`, `p95_ms`, `p99_ms`.",
    ),
    fact(
        "distribution",
        FactType::List,
        "",
        "How the good ones are spread, in at most 60 steps: `up_to_ms`, and how many `requests` took so long.",
    ),
];
