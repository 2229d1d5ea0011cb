//! Two verdicts side by side: what became of each finding. Gone is not fixed: a finding is fixed
//! only when its checks look and what was open holds. Hints have no entries: what is only likely
//! is no news. Where a check became a hint, or a hint a check, the entry says so.

use std::cmp::Reverse;
use std::collections::{BTreeMap, BTreeSet};

use gonogo_model::digest::Digest;
use gonogo_model::lineage::{Answer, Entry, FORMAT, Lineage, LineageCounts, LostCheck, Standing, State};
use gonogo_model::status::{Severity, Status};
use gonogo_model::verdict::{CheckResult, Finding, Verdict};

use crate::wording;

/// What became of every finding of `old` and `new`, and which passing checks went dark.
pub fn lineage(old: &Verdict, new: &Verdict) -> Lineage {
    let (before, after) = (Side::of(old), Side::of(new));
    let mut entries: Vec<Entry> = after.findings.values().map(|now| seen_now(now, &before, &after)).collect();
    let gone = before.findings.iter().filter(|(fingerprint, _)| !after.findings.contains_key(*fingerprint));
    entries.extend(gone.map(|(_, was)| no_longer_seen(was, &before, &after)));
    entries.sort_by(|a, b| order(a).cmp(&order(b)));
    let mut counts = LineageCounts::default();
    entries.iter().for_each(|entry| counts.add(entry.state));
    Lineage {
        format: FORMAT,
        before: answer(old),
        after: answer(new),
        spec_changed: old.spec != new.spec,
        counts,
        entries,
        lost: old.results.iter().filter_map(|was| lost(was, &after)).collect(),
    }
}

/// A verdict by the names its parts are looked up by.
struct Side<'a> {
    findings: BTreeMap<&'a Digest, &'a Finding>,
    results: BTreeMap<&'a str, &'a CheckResult>,
    hints: BTreeSet<&'a Digest>,
    hint_results: BTreeMap<&'a str, &'a CheckResult>,
}

impl<'a> Side<'a> {
    fn of(verdict: &'a Verdict) -> Side<'a> {
        let findings = verdict.findings.iter().map(|finding| (&finding.fingerprint, finding));
        let by_check = |results: &'a [CheckResult]| {
            results.iter().map(|result| (result.check.as_str(), result)).collect()
        };
        Side {
            findings: findings.collect(),
            results: by_check(&verdict.results),
            hints: verdict.hints.iter().map(|hint| &hint.fingerprint).collect(),
            hint_results: by_check(&verdict.hint_results),
        }
    }

    /// The results of the checks that saw a finding; a check that is not there has none.
    fn results_of<'f>(
        &self,
        finding: &'f Finding,
    ) -> impl Iterator<Item = (&'f str, Option<&'a CheckResult>)> {
        finding.checks.iter().map(|check| (check.as_str(), self.results.get(check.as_str()).copied()))
    }
}

fn answer(verdict: &Verdict) -> Answer {
    Answer {
        system: verdict.system.clone(),
        environment: verdict.environment.clone(),
        spec: verdict.spec.clone(),
        judged_at: verdict.judged_at,
        call: verdict.call,
        score: verdict.score.clone(),
        coverage: verdict.coverage,
    }
}

fn order(entry: &Entry) -> (State, Reverse<Option<Severity>>, &str, &Digest) {
    let standing = entry.after.or(entry.before);
    (entry.state, Reverse(standing.map(|s| s.severity)), &entry.finding, &entry.fingerprint)
}

fn seen_now(now: &Finding, before: &Side<'_>, after: &Side<'_>) -> Entry {
    if let Some(was) = before.findings.get(&now.fingerprint) {
        return entry(State::Open, still_open(was, now), now, Some(was), Some(now));
    }
    let key = after.results_of(now).find_map(|(_, result)| key(now, result?));
    match before.results_of(now).find_map(|(check, result)| held(check, key, result?)) {
        Some(why) => entry(State::Regressed, why, now, None, Some(now)),
        None => {
            let why = match before.hints.contains(&now.fingerprint) {
                true => "it was only a hint before",
                false => "it was not known before",
            };
            entry(State::New, why.to_owned(), now, None, Some(now))
        }
    }
}

fn no_longer_seen(was: &Finding, before: &Side<'_>, after: &Side<'_>) -> Entry {
    let doubt = after.results_of(was).find_map(|(check, now)| {
        let key = before.results.get(check).and_then(|result| key(was, result));
        match after.hint_results.contains_key(check) {
            true => Some(format!("`{check}` is only a hint now, which is no proof")),
            false => unproven(check, key, now),
        }
    });
    match doubt {
        Some(why) => entry(State::Vanished, why, was, Some(was), None),
        None => entry(State::Fixed, fixed(was, before, after), was, Some(was), None),
    }
}

/// `told` is the finding as it is shown: the later one when there are two.
fn entry(state: State, why: String, told: &Finding, was: Option<&Finding>, now: Option<&Finding>) -> Entry {
    let standing = |finding: &Finding| Standing {
        severity: finding.severity,
        status: finding.status,
        accepted: finding.accepted,
    };
    Entry {
        fingerprint: told.fingerprint.clone(),
        finding: told.id.clone(),
        state,
        why,
        title: told.title.clone(),
        checks: told.checks.clone(),
        location: told.location.clone(),
        before: was.map(standing),
        after: now.map(standing),
    }
}

/// What changed about a finding that stayed.
fn still_open(was: &Finding, now: &Finding) -> String {
    let accepted = |finding: &Finding| if finding.accepted { "accepted" } else { "not accepted" };
    let changed = [
        (was.severity != now.severity).then(|| format!("was {}, is {}", was.severity, now.severity)),
        (was.status != now.status).then(|| format!("was {}, is {}", was.status, now.status)),
        (was.accepted != now.accepted).then(|| format!("was {}, is {}", accepted(was), accepted(now))),
    ];
    let changed: Vec<String> = changed.into_iter().flatten().collect();
    if changed.is_empty() { "nothing changed about it".to_owned() } else { changed.join("; ") }
}

/// Why this was shown to hold before: the check passed, or its item with this key did.
fn held(check: &str, key: Option<&str>, before: &CheckResult) -> Option<String> {
    if before.status == Status::Pass {
        return Some(format!("`{check}` was PASS before"));
    }
    let key = key?;
    let passed = before.items.iter().any(|item| item.key == key && item.status == Status::Pass);
    passed.then(|| format!("{key} was PASS in `{check}` before"))
}

/// Why `check` does not show that the item with this key, or all of a root cause, is fixed.
fn unproven(check: &str, key: Option<&str>, now: Option<&CheckResult>) -> Option<String> {
    let Some(now) = now else { return Some(format!("the spec no longer has `{check}`")) };
    if !is_looked(now.status) {
        return Some(format!("`{check}` is {} now, so nobody looked", now.status));
    }
    let Some(key) = key else {
        let still = format!("`{check}` is {} now, for another reason", now.status);
        return (now.status != Status::Pass).then_some(still);
    };
    let item = now.items.iter().find(|item| item.key == key).map(|item| item.status);
    match item {
        Some(Status::Pass) => None,
        Some(status) => Some(format!("{key} is {status} in `{check}` now, not shown to hold")),
        None if now.items.iter().any(|item| item.status == Status::Error) => {
            Some(format!("`{check}` did not see all of its items now"))
        }
        None => None,
    }
}

/// What shows that it is fixed.
fn fixed(was: &Finding, before: &Side<'_>, after: &Side<'_>) -> String {
    let is_gone = |(check, now): (&str, Option<&CheckResult>)| {
        let key = before.results.get(check).and_then(|result| key(was, result))?;
        let there = now.is_some_and(|now| now.items.iter().any(|item| item.key == key));
        (!there).then(|| format!("`{check}` looked, and {key} is no longer there"))
    };
    after.results_of(was).find_map(is_gone).unwrap_or_else(|| {
        let checks = wording::list(&was.checks, |check| format!("`{check}`"));
        format!("{checks} looked, and it holds now")
    })
}

/// The key of the item a finding is about, by a check of its own verdict; none for a root cause.
fn key<'a>(finding: &Finding, result: &'a CheckResult) -> Option<&'a str> {
    let CheckResult { category, check, items, .. } = result;
    let mut keys = items.iter().map(|item| item.key.as_str());
    keys.find(|key| finding.id == format!("{category}/{check}/{key}"))
}

fn lost(was: &CheckResult, after: &Side<'_>) -> Option<LostCheck> {
    let now = after.results.get(was.check.as_str()).copied();
    if was.status != Status::Pass || now.is_some_and(|now| is_looked(now.status)) {
        return None;
    }
    let hint = after.hint_results.get(was.check.as_str());
    let why = match (now, hint) {
        (Some(now), _) => now.why.clone(),
        (None, Some(_)) => "it is only a hint now, which is no proof".to_owned(),
        (None, None) => "the spec no longer has it".to_owned(),
    };
    Some(LostCheck {
        check: was.check.clone(),
        title: was.title.clone(),
        severity: was.severity,
        status: now.or(hint.copied()).map(|now| now.status),
        why,
    })
}

/// Somebody looked and measured.
fn is_looked(status: Status) -> bool {
    matches!(status, Status::Pass | Status::Partial | Status::Fail)
}
