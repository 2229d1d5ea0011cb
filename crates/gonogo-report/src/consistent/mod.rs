//! A report cannot contradict itself: what the verdict names must be in it, or nothing is printed.

mod registers;

use std::collections::BTreeSet;

use gonogo_model::verdict::{Finding, Schedule, Verdict};

use crate::RenderError;
use crate::clean;

/// Every check names a stage and a category of the verdict, and every finding names its checks,
/// a hint those that are only likely.
/// Without this, a renderer that goes by stage would silently leave a check out.
pub(crate) fn check(verdict: &Verdict) -> Result<(), RenderError> {
    let stages: BTreeSet<&str> = verdict.stages.iter().map(|stage| stage.id.as_str()).collect();
    let categories: BTreeSet<&str> = verdict.categories.iter().map(|category| category.id.as_str()).collect();
    let checks: BTreeSet<&str> = verdict.results.iter().map(|result| result.check.as_str()).collect();
    let hints: BTreeSet<&str> = verdict.hint_results.iter().map(|hint| hint.check.as_str()).collect();
    if let Some(twice) = hints.intersection(&checks).next() {
        let twice = clean::line(&format!("check `{twice}` is a hint and weighs"));
        return Err(RenderError::Inconsistent(twice));
    }
    for result in verdict.results.iter().chain(&verdict.hint_results) {
        let of = format!("check `{}`", result.check);
        known("stage", &result.stage, &stages, &of)?;
        known("category", &result.category, &categories, &of)?;
    }
    all_known("finding", &verdict.findings, &checks)?;
    all_known("hint", &verdict.hints, &hints)?;
    schedule(&verdict.schedule)?;
    registers::check(verdict, &checks)
}

/// Every task that the schedule names is in it.
fn schedule(schedule: &Schedule) -> Result<(), RenderError> {
    let tasks: BTreeSet<&str> = schedule.tasks.iter().map(|task| task.id.as_str()).collect();
    let Schedule { critical, unblocks_most, circular, .. } = schedule;
    let named = critical.at_least.iter().chain(&critical.at_most).chain(unblocks_most).chain(circular);
    let needed = schedule.tasks.iter().flat_map(|task| task.needs.iter().chain(&task.after));
    named.chain(needed).try_for_each(|task| known("task", task, &tasks, "the schedule"))
}

fn all_known(noun: &str, findings: &[Finding], checks: &BTreeSet<&str>) -> Result<(), RenderError> {
    for finding in findings {
        let of = format!("{noun} `{}`", finding.id);
        if finding.checks.is_empty() {
            return Err(RenderError::Inconsistent(clean::line(&format!("{of} names no check"))));
        }
        finding.checks.iter().try_for_each(|check| known("check", check, checks, &of))?;
    }
    Ok(())
}

fn known(noun: &str, name: &str, known: &BTreeSet<&str>, of: &str) -> Result<(), RenderError> {
    if known.contains(name) {
        return Ok(());
    }
    Err(RenderError::Inconsistent(clean::line(&format!(
        "{of} names the {noun} `{name}`, which is not in it"
    ))))
}
