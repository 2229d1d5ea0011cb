//! Every open problem by category, then severity: cause, impact, place, fix. After them, apart,
//! what is only worth a look.

use std::collections::{BTreeMap, BTreeSet};

use gonogo_model::spec::Fix;
use gonogo_model::status::Severity;
use gonogo_model::verdict::{Finding, Verdict};

use super::document::{Document, Table, anchor, cell_code, check_links, code, fenced, text};
use super::{matrix, summary, symbols};
use crate::group::{Group, Place, by_rule};
use crate::place::{self, Results};
use crate::words;

/// A part for each category with findings; none is left out.
pub(crate) fn detailed(document: &mut Document, verdict: &Verdict) {
    document.heading(2, "Detailed findings");
    if verdict.findings.is_empty() {
        return document.block("Nothing is open.");
    }
    let (results, by_category) = (place::results(verdict), by_category(verdict));
    for category in &verdict.categories {
        let Some(findings) = by_category.get(category.id.as_str()) else { continue };
        document.heading(3, &text(&category.id));
        document.block(&format!("Score {}. {}", summary::score(&category.score), text(&category.question)));
        for severity in Severity::ALL {
            let of_severity = findings.iter().copied().filter(|finding| finding.severity == severity);
            by_rule(of_severity).iter().for_each(|group| one_rule(document, verdict, group, &results));
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

/// What hints found, then every hint with its status; nothing without hints.
pub(crate) fn hints(document: &mut Document, verdict: &Verdict) {
    if verdict.hint_results.is_empty() {
        return;
    }
    document.heading(2, "Worth a look");
    document.block(words::HINTS);
    let results = place::results(verdict);
    by_rule(&verdict.hints).iter().for_each(|group| one_rule(document, verdict, group, &results));
    document.heading(3, "Every hint");
    matrix::results(document, &verdict.hint_results);
}

/// All findings of one rule: what they share, then each place.
fn one_rule(document: &mut Document, verdict: &Verdict, group: &Group<'_>, results: &Results<'_>) {
    if group.others.is_empty() {
        return one(document, verdict, group.first);
    }
    let first = group.first;
    let (cause, places) = group.places(results);
    document.heading(4, &format!("{}: {}", symbols::severity(first.severity), text(&first.title)));
    let said = [
        ("Status", Some(symbols::status(first.status))),
        ("Cause", Some(text(&cause))),
        ("Impact", first.impact.as_ref().map(|impact| text(impact))),
        ("Seen by", Some(check_links(&first.checks))),
        ("Fix", first.fix.as_ref().map(|fix| told(verdict, first, fix))),
    ];
    bullets(document, said);
    let mut table = Table::new(["Location", "Item", "Measured", "Finding"]);
    places.iter().for_each(|place| table.row(row(place)));
    document.table(&table);
}

/// A place of a rule. Links to the finding lead here.
fn row(place: &Place<'_>) -> [String; 4] {
    let finding = place.finding;
    let accepted = if finding.accepted { ", accepted (see accepted risks)" } else { "" };
    let location = finding.location.as_ref().map(|location| cell_code(&location.to_string()));
    let named = format!("{}, fingerprint {}", cell_code(&finding.id), code(finding.fingerprint.short()));
    [
        location.unwrap_or_default(),
        place.item.map(cell_code).unwrap_or_default(),
        text(&place.measured.join(", ")),
        format!("{}{named}{accepted}", anchor("finding", &finding.id)),
    ]
}

fn one(document: &mut Document, verdict: &Verdict, finding: &Finding) {
    let severity = symbols::severity(finding.severity);
    let anchor = anchor("finding", &finding.id);
    document.heading(4, &format!("{anchor}{severity}: {}", text(&finding.title)));
    let location = finding.location.as_ref().map(|location| code(&location.to_string()));
    let said = [
        ("Status", Some(status(finding))),
        ("Location", location),
        ("Cause", Some(text(&finding.cause))),
        ("Impact", finding.impact.as_ref().map(|impact| text(impact))),
        ("Seen by", Some(check_links(&finding.checks))),
        (
            "Finding",
            Some(format!("{}, fingerprint {}", code(&finding.id), code(finding.fingerprint.short()))),
        ),
        ("Fix", finding.fix.as_ref().map(|fix| told(verdict, finding, fix))),
    ];
    bullets(document, said);
}

fn bullets(document: &mut Document, said: impl IntoIterator<Item = (&'static str, Option<String>)>) {
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
    let action = words::action_for(verdict, finding)
        .map(|action| format!("no. {} of the next actions", action.number));
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
