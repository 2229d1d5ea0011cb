//! A rule for each check, and one for each root cause that findings share.

use std::collections::{BTreeMap, BTreeSet};

use gonogo_model::status::Severity;
use gonogo_model::verdict::{CheckResult, Finding, Verdict};

use super::log::{Configuration, Message, Rule, RuleProperties};
use super::{RESULTS, level, registers};
use crate::clean;
use crate::place::Results;

/// Tags that GitHub takes for one rule.
const TAGS: usize = 10;

/// The rules of a run, and where each is in the list.
pub(super) struct Rules {
    pub(super) list: Vec<Rule>,
    index: BTreeMap<String, usize>,
    /// The list, or the tags of a rule, would be longer without the limits.
    pub(super) is_cut: bool,
}

impl Rules {
    pub(super) fn index_of(&self, id: &str) -> Option<usize> {
        self.index.get(id).copied()
    }

    fn add(&mut self, id: &str, rule: impl FnOnce() -> (Rule, bool)) {
        if self.index.contains_key(id) {
            return;
        }
        if self.list.len() == RESULTS {
            self.is_cut = true;
            return;
        }
        let (rule, tags_cut) = rule();
        self.is_cut |= tags_cut;
        self.index.insert(id.to_owned(), self.list.len());
        self.list.push(rule);
    }
}

/// First the rules of findings, worst first, then those of hints, then those of all other checks.
pub(super) fn all(verdict: &Verdict, results: &Results<'_>) -> Rules {
    let mut rules = Rules { list: Vec::new(), index: BTreeMap::new(), is_cut: false };
    for finding in &verdict.findings {
        let id = id_of(finding, results);
        rules.add(&id, || of_finding(&id, finding, results));
    }
    for hint in &verdict.hints {
        let id = id_of(hint, results);
        rules.add(&id, || likely(of_finding(&id, hint, results)));
    }
    for rule in registers::rules(verdict) {
        let id = rule.id.clone();
        rules.add(&id, || (rule, false));
    }
    for result in &verdict.results {
        let id = clean::line(&result.check);
        rules.add(&id, || of_check(&id, result));
    }
    for hint in &verdict.hint_results {
        let id = clean::line(&hint.check);
        rules.add(&id, || likely(of_check(&id, hint)));
    }
    rules
}

/// The check that saw it, or the root cause that checks share.
pub(super) fn id_of(finding: &Finding, results: &Results<'_>) -> String {
    let root_cause = || finding.id.split_once('/').map_or(finding.id.as_str(), |(_, rule)| rule);
    clean::line(own_check(finding, results).map_or_else(root_cause, |result| &result.check))
}

/// The check whose item the finding is about; none for a root cause.
pub(super) fn own_check<'a>(finding: &Finding, results: &Results<'a>) -> Option<&'a CheckResult> {
    let [check] = finding.checks.as_slice() else { return None };
    let result = results.get(check.as_str()).copied()?;
    finding.id.starts_with(&format!("{}/{}/", result.category, result.check)).then_some(result)
}

fn of_finding(id: &str, finding: &Finding, results: &Results<'_>) -> (Rule, bool) {
    let known = finding.checks.iter().filter_map(|check| results.get(check.as_str()));
    let categories: BTreeSet<String> = known.clone().map(|result| clean::line(&result.category)).collect();
    let mut help = vec![format!("What must be true: {}", finding.title)];
    help.extend(finding.impact.iter().map(|impact| format!("Impact: {impact}")));
    if let Some(fix) = &finding.fix {
        help.push(format!("Fix: {}", fix.text));
        help.extend(fix.run.iter().map(|run| format!("Run: {run}")));
    }
    help.extend(known.map(|result| format!("Decided by: {}", result.origin)));
    let impact = finding.impact.as_ref().unwrap_or(&finding.title);
    let tags = categories.iter().take(TAGS).cloned().collect();
    let rule = rule(id, [&finding.title, impact, &help.join("\n")], finding.severity, tags);
    (rule, categories.len() > TAGS)
}

/// The rule of a hint: a note, and GitHub lists what has a low precision last.
fn likely((mut rule, is_cut): (Rule, bool)) -> (Rule, bool) {
    rule.default_configuration.level = "note";
    rule.properties.precision = Some("low");
    (rule, is_cut)
}

fn of_check(id: &str, result: &CheckResult) -> (Rule, bool) {
    let expected = result.expect.as_ref().map(|expect| format!("\nExpected: {expect}"));
    let help = format!(
        "What must be true: {}{}\nDecided by: {}",
        result.title,
        expected.unwrap_or_default(),
        result.origin
    );
    let tags = vec![clean::line(&result.category)];
    (rule(id, [&result.title, &result.title, &help], result.severity, tags), false)
}

fn rule(id: &str, [short, full, help]: [&str; 3], severity: Severity, tags: Vec<String>) -> Rule {
    Rule {
        id: id.to_owned(),
        short_description: text(short),
        full_description: text(full),
        help: text(help),
        default_configuration: Configuration { level: level(severity) },
        properties: RuleProperties { tags, severity: severity.word(), precision: None },
    }
}

/// The texts of a rule are not messages, so nothing in them is a placeholder.
fn text(data: &str) -> Message {
    Message { text: clean::lines(data).join("\n") }
}
