//! Findings of one rule: what thirty services have in common is told once, then each place with
//! what is different there. Knows no form.

use std::collections::{BTreeMap, BTreeSet};

use gonogo_model::status::{Severity, Status};
use gonogo_model::verdict::{CheckResult, Finding, ItemResult};

use crate::place::Results;
use crate::words;

/// Findings of the same checks with the same severity, status, title, impact and fix, never none.
pub(crate) struct Group<'a> {
    pub(crate) first: &'a Finding,
    /// The others, in the order of the verdict.
    pub(crate) others: Vec<&'a Finding>,
}

/// One place of a group.
pub(crate) struct Place<'a> {
    pub(crate) finding: &'a Finding,
    /// What was looked at there, without the file that its location names.
    pub(crate) item: Option<&'a str>,
    /// The facts that are not the same everywhere, `name = value`; else the whole cause.
    pub(crate) measured: Vec<String>,
    /// Whether it is the cause in the words of a fact, which is for people and never cut.
    pub(crate) is_said: bool,
}

/// What makes findings one rule.
type Rule<'a> =
    (&'a [String], Severity, Status, &'a str, Option<&'a str>, Option<(&'a str, Option<&'a str>)>);

fn rule(finding: &Finding) -> Rule<'_> {
    let fix = finding.fix.as_ref().map(|fix| (fix.text.as_str(), fix.run.as_deref()));
    let Finding { checks, severity, status, title, impact, .. } = finding;
    (checks, *severity, *status, title, impact.as_deref(), fix)
}

/// The findings by rule, in the order in which each rule is met first.
pub(crate) fn by_rule<'a>(findings: impl IntoIterator<Item = &'a Finding>) -> Vec<Group<'a>> {
    let mut groups: Vec<Group<'a>> = Vec::new();
    let mut known: BTreeMap<Rule<'a>, usize> = BTreeMap::new();
    for finding in findings {
        match known.get(&rule(finding)).and_then(|at| groups.get_mut(*at)) {
            Some(group) => group.others.push(finding),
            None => {
                known.insert(rule(finding), groups.len());
                groups.push(Group { first: finding, others: Vec::new() });
            }
        }
    }
    groups
}

impl<'a> Group<'a> {
    /// Every finding of it.
    pub(crate) fn findings(&self) -> impl Iterator<Item = &'a Finding> {
        [self.first].into_iter().chain(self.others.iter().copied())
    }

    /// The cause that all have, and each place with the rest of it, in the order of the files.
    pub(crate) fn places(&self, results: &Results<'a>) -> (String, Vec<Place<'a>>) {
        let mut findings: Vec<&Finding> = self.findings().collect();
        findings.sort_by_key(|finding| &finding.location);
        let result = self.first.checks.first().and_then(|check| results.get(check.as_str())).copied();
        let items = Items::of(result);
        let place = |finding: &'a Finding, measured| Place {
            finding,
            item: result.and_then(|result| key(finding, result)).map(|key| without_file(key, finding)),
            measured,
            is_said: false,
        };
        if self.others.iter().all(|other| other.cause == self.first.cause) {
            let places = findings.into_iter().map(|finding| place(finding, Vec::new())).collect();
            return (self.first.cause.clone(), places);
        }
        let seen: Option<Vec<&ItemResult>> =
            findings.iter().map(|finding| items.of_finding(finding)).collect();
        let whole = |finding: &'a Finding| place(finding, vec![finding.cause.clone()]);
        let Some(seen) = seen else {
            return (shared_cause(result, &[]), findings.into_iter().map(whole).collect());
        };
        if findings.iter().zip(&seen).all(|(finding, item)| is_said_by_a_fact(finding, item)) {
            let said = findings.into_iter().map(|finding| Place { is_said: true, ..whole(finding) });
            return ("said at each place".to_owned(), said.collect());
        }
        let different = different(&seen);
        let facts = |item: &ItemResult, wanted: bool| -> Vec<String> {
            let these = item.facts.iter().filter(|(name, _)| different.contains(name.as_str()) == wanted);
            these.map(|(name, value)| words::fact(name, value)).collect()
        };
        let same = seen.first().map(|item| facts(item, false)).unwrap_or_default();
        let places =
            findings.iter().zip(&seen).map(|(finding, item)| place(finding, facts(item, true))).collect();
        (shared_cause(result, &same), places)
    }
}

/// The items of a check by their finding.
struct Items<'a> {
    result: Option<&'a CheckResult>,
    by_key: BTreeMap<&'a str, &'a ItemResult>,
}

impl<'a> Items<'a> {
    fn of(result: Option<&'a CheckResult>) -> Items<'a> {
        let items = result.into_iter().flat_map(|result| &result.items);
        Items { result, by_key: items.map(|item| (item.key.as_str(), item)).collect() }
    }

    fn of_finding(&self, finding: &Finding) -> Option<&'a ItemResult> {
        self.by_key.get(key(finding, self.result?)?).copied()
    }
}

/// ``expected `limit_mib > 0`; measured everywhere kind = service``.
fn shared_cause(result: Option<&CheckResult>, same: &[String]) -> String {
    let expected = match result.and_then(|result| result.expect.as_ref()) {
        Some(expect) => format!("expected `{expect}`"),
        None => "it is not so".to_owned(),
    };
    match same.is_empty() {
        true => expected,
        false => format!("{expected}; measured everywhere {}", same.join(", ")),
    }
}

/// Whether the check names a fact as its cause, so that the assertion and the other facts say less.
fn is_said_by_a_fact(finding: &Finding, item: &ItemResult) -> bool {
    item.facts.values().any(|fact| fact.as_str() == Some(&finding.cause))
}

/// The names of the facts that are not the same in all items.
fn different<'a>(items: &[&'a ItemResult]) -> BTreeSet<&'a str> {
    let Some((first, others)) = items.split_first() else { return BTreeSet::new() };
    let names = items.iter().flat_map(|item| item.facts.keys());
    names
        .filter(|name| others.iter().any(|other| other.facts.get(*name) != first.facts.get(*name)))
        .map(String::as_str)
        .collect()
}

/// The key of the item a finding is about; none for a root cause.
fn key<'a>(finding: &'a Finding, result: &CheckResult) -> Option<&'a str> {
    finding.id.strip_prefix(&start(result))
}

fn start(result: &CheckResult) -> String {
    format!("{}/{}/", result.category, result.check)
}

/// `compose.yaml/api` in compose.yaml is `api`.
fn without_file<'a>(key: &'a str, finding: &Finding) -> &'a str {
    let file = finding.location.as_ref().map(|location| location.source.as_str());
    let rest = file.filter(|file| !file.is_empty()).and_then(|file| key.strip_prefix(file)).unwrap_or(key);
    let rest = rest.trim_start_matches(['/', ':', '#', ' ']);
    if rest.is_empty() { key } else { rest }
}
