//! A result for each finding, worst first, with a fingerprint that stays when lines move.

use std::collections::{BTreeMap, BTreeSet};

use gonogo_model::status::{Certainty, Status};
use gonogo_model::verdict::{AcceptanceState, AcceptanceUse, Finding, Verdict};

use super::log::{Location, SarifResult, Suppression};
use super::rules::{Rules, id_of, own_check};
use super::{RESULTS, level, locations, message};
use crate::clean;
use crate::place::{self, Results, Spot};

/// Places that GitHub takes for one result.
const LOCATIONS: usize = 100;

pub(super) fn all(verdict: &Verdict, rules: &Rules, results: &Results<'_>) -> Vec<SarifResult> {
    let acceptances = acceptances(verdict);
    let findings = verdict.findings.iter().map(|finding| one(finding, &acceptances, rules, results));
    let hints = verdict.hints.iter().map(|hint| likely(one(hint, &acceptances, rules, results)));
    findings.chain(hints).take(RESULTS).collect()
}

/// A hint never stands higher than a note.
fn likely(mut result: SarifResult) -> SarifResult {
    result.level = "note";
    result.properties.insert("certainty", Certainty::Likely.word().to_owned());
    result
}

/// Whether a finding is seen in more places than are listed.
pub(super) fn has_more_places(finding: &Finding, results: &Results<'_>) -> bool {
    others(finding, results).len() > LOCATIONS - 1
}

fn one(
    finding: &Finding,
    acceptances: &BTreeMap<&str, &AcceptanceState>,
    rules: &Rules,
    results: &Results<'_>,
) -> SarifResult {
    let rule_id = id_of(finding, results);
    let said = [
        ("finding", finding.id.clone()),
        ("severity", finding.severity.to_string()),
        ("status", finding.status.to_string()),
        ("checks", finding.checks.join(", ")),
    ];
    let acceptance = acceptances.get(finding.id.as_str()).filter(|_| finding.accepted);
    let related: Vec<Location> =
        others(finding, results).into_iter().take(LOCATIONS - 1).map(locations::at).collect();
    SarifResult {
        rule_index: rules.index_of(&rule_id),
        rule_id,
        kind: "fail",
        level: level(finding.severity),
        message: message(&format!("{}\n{}", finding.title, finding.cause)),
        locations: locations::of(finding, results),
        related_locations: related,
        partial_fingerprints: [("gonogo/v1", finding.fingerprint.to_string())].into(),
        suppressions: finding.accepted.then(|| suppression(acceptance.copied())).into_iter().collect(),
        properties: said.into_iter().map(|(name, value)| (name, clean::line(&value))).collect(),
    }
}

/// The other files in which a shared root cause shows itself.
fn others(finding: &Finding, results: &Results<'_>) -> BTreeSet<Spot> {
    if own_check(finding, results).is_some() {
        return BTreeSet::new();
    }
    let checks = finding.checks.iter().filter_map(|check| results.get(check.as_str()));
    let items = checks.flat_map(|result| &result.items);
    let open = items.filter(|item| matches!(item.status, Status::Fail | Status::Partial));
    let first = finding.location.as_ref().and_then(place::file);
    let spots = open.filter_map(|item| place::file(item.location.as_ref()?));
    spots.filter(|spot| Some(spot) != first.as_ref()).collect()
}

fn acceptances(verdict: &Verdict) -> BTreeMap<&str, &AcceptanceState> {
    let in_use = verdict.acceptances.iter().filter(|acceptance| acceptance.state == AcceptanceUse::InUse);
    in_use.map(|acceptance| (acceptance.finding.as_str(), acceptance)).collect()
}

fn suppression(acceptance: Option<&AcceptanceState>) -> Suppression {
    let justification = acceptance.map_or("accepted in the spec".to_owned(), |acceptance| {
        format!(
            "{} Owner {}; approved by {}; holds until {}.",
            acceptance.reason, acceptance.owner, acceptance.approved_by, acceptance.expires
        )
    });
    Suppression { kind: "external", status: "accepted", justification: clean::line(&justification) }
}
