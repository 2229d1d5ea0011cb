//! Every open problem by category, then severity: cause, impact, place, fix.

use std::collections::{BTreeMap, BTreeSet};

use gonogo_model::spec::Fix;
use gonogo_model::status::Severity;
use gonogo_model::verdict::{Finding, Verdict};

use super::document::{Document, anchor, check_links, code, fenced, text};
use super::{summary, symbols};
use crate::words;

/// A part for each category with findings; none is left out.
pub(crate) fn detailed(document: &mut Document, verdict: &Verdict) {
    document.heading(2, "Detailed findings");
    if verdict.findings.is_empty() {
        return document.block("Nothing is open.");
    }
    let by_category = by_category(verdict);
    for category in &verdict.categories {
        let Some(findings) = by_category.get(category.id.as_str()) else { continue };
        document.heading(3, &text(&category.id));
        document.block(&format!("Score {}. {}", summary::score(&category.score), text(&category.question)));
        for severity in Severity::ALL {
            let of_severity = findings.iter().filter(|finding| finding.severity == severity);
            of_severity.for_each(|finding| one(document, verdict, finding));
        }
    }
}

/// Findings by category: the one their id begins with, as the counters by category go by it,
/// else that of the first check that saw them.
fn by_category(verdict: &Verdict) -> BTreeMap<&str, Vec<&Finding>> {
    let home: BTreeMap<&str, &str> =
        verdict.results.iter().map(|result| (result.check.as_str(), result.category.as_str())).collect();
    let categories: BTreeSet<&str> = verdict.categories.iter().map(|category| category.id.as_str()).collect();
    let mut by_category: BTreeMap<&str, Vec<&Finding>> = BTreeMap::new();
    for finding in &verdict.findings {
        let named = finding.id.split('/').next().filter(|named| categories.contains(named));
        let seen_in = || finding.checks.first().and_then(|check| home.get(check.as_str()).copied());
        by_category.entry(named.or_else(seen_in).unwrap_or_default()).or_default().push(finding);
    }
    by_category
}

fn one(document: &mut Document, verdict: &Verdict, finding: &Finding) {
    let severity = symbols::severity(finding.severity);
    let anchor = anchor("finding", &finding.id);
    document.heading(4, &format!("{anchor}{severity}: {}", text(&finding.title)));
    let location = finding.location.as_ref().map(|location| code(&location.to_string()));
    let said = [
        ("Status", Some(status(finding))),
        ("Cause", Some(text(&finding.cause))),
        ("Impact", finding.impact.as_ref().map(|impact| text(impact))),
        ("Location", location),
        ("Seen by", Some(check_links(&finding.checks))),
        (
            "Finding",
            Some(format!("{}, fingerprint {}", code(&finding.id), code(finding.fingerprint.short()))),
        ),
        ("Fix", finding.fix.as_ref().map(|fix| told(verdict, finding, fix))),
    ];
    let filled = said.into_iter().filter_map(|(name, value)| Some((name, value?)));
    let bullets: Vec<String> = filled.map(|(name, value)| format!("- **{name}:** {value}")).collect();
    document.block(&bullets.join("\n"));
}

fn status(finding: &Finding) -> String {
    let accepted = if finding.accepted { ", accepted (see accepted risks)" } else { "" };
    format!("{}{accepted}", symbols::status(finding.status))
}

/// The fix with owner, effort, action and command.
fn told(verdict: &Verdict, finding: &Finding, fix: &Fix) -> String {
    let owner = fix.owner.as_ref().map(|owner| format!("owner {}", text(owner)));
    let effort = fix.effort.map(|effort| format!("effort {effort}"));
    let action = words::action_for(verdict, finding).map(|action| format!("action {}", action.number));
    let about: Vec<String> = [action, owner, effort].into_iter().flatten().collect();
    let mut told = text(&fix.text);
    if !about.is_empty() {
        told.push_str(&format!(" ({})", about.join(", ")));
    }
    if let Some(command) = &fix.run {
        told.push_str(&format!("\n\n{}", fenced(command, "sh", 2)));
    }
    told
}
