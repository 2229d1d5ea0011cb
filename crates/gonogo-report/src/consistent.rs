//! A report cannot contradict itself: what the verdict names must be in it, or nothing is printed.

use std::collections::BTreeSet;

use gonogo_model::verdict::Verdict;

use crate::RenderError;
use crate::clean;

/// Every check names a stage and a category of the verdict, and every finding names its checks.
/// Without this, a renderer that goes by stage would silently leave a check out.
pub(crate) fn check(verdict: &Verdict) -> Result<(), RenderError> {
    let stages: BTreeSet<&str> = verdict.stages.iter().map(|stage| stage.id.as_str()).collect();
    let categories: BTreeSet<&str> = verdict.categories.iter().map(|category| category.id.as_str()).collect();
    let checks: BTreeSet<&str> = verdict.results.iter().map(|result| result.check.as_str()).collect();
    for result in &verdict.results {
        let of = format!("check `{}`", result.check);
        known("stage", &result.stage, &stages, &of)?;
        known("category", &result.category, &categories, &of)?;
    }
    for finding in &verdict.findings {
        let of = format!("finding `{}`", finding.id);
        if finding.checks.is_empty() {
            return Err(RenderError::Inconsistent(clean::line(&format!("{of} names no check"))));
        }
        finding.checks.iter().try_for_each(|check| known("check", check, &checks, &of))?;
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
