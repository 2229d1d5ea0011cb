//! Words and marks that mean the same in every report. A mark never stands without its word.

use gonogo_model::fact::Value;
use gonogo_model::status::{Severity, Status};
use gonogo_model::verdict::{
    Action, CheckResult, ConditionProgress, ConditionState, Confidence, Counts, Finding, SeverityCounts,
    StageResult, Verdict,
};

/// The mark of a status in the terminal, one column wide.
pub(crate) fn mark(status: Status) -> &'static str {
    match status {
        Status::Pass => "✓",
        Status::Partial => "◐",
        Status::Fail => "✗",
        Status::Blocked => "■",
        Status::NotRun => "○",
        Status::Error => "!",
        Status::Stale => "~",
        Status::Attested => "§",
        Status::NotApplicable => "-",
    }
}

/// `2 blocker, 1 high`: the severities that occur, worst first. None when nothing is open.
pub(crate) fn open(counts: &SeverityCounts) -> Option<String> {
    let said: Vec<String> = Severity::ALL
        .iter()
        .filter(|severity| counts.of(**severity) > 0)
        .map(|severity| format!("{} {severity}", counts.of(*severity)))
        .collect();
    (!said.is_empty()).then(|| said.join(", "))
}

/// The statuses that occur with their number, worst first.
pub(crate) fn by_status(counts: &Counts) -> impl Iterator<Item = (Status, u64)> {
    let counts = *counts;
    Status::ALL
        .into_iter()
        .rev()
        .map(move |status| (status, counts.of(status)))
        .filter(|(_, number)| *number > 0)
}

/// The worst status that occurs among what applies; N/A when nothing does, none when nothing
/// was planned.
pub(crate) fn worst(counts: &Counts) -> Option<Status> {
    let applies = |(status, _): &(Status, u64)| *status != Status::NotApplicable;
    by_status(counts).find(applies).or_else(|| by_status(counts).next()).map(|(status, _)| status)
}

/// The word with its first letter as a capital.
pub(crate) fn capital(word: &str) -> String {
    let mut letters = word.chars();
    letters.next().map_or_else(String::new, |first| format!("{}{}", first.to_uppercase(), letters.as_str()))
}

/// What every report says about hints.
pub(crate) const HINTS: &str =
    "Only likely: each may be meant so. They do not weigh; no score, count or reason depends on them.";

/// Text for one line, cut when nobody would read it to its end.
pub(crate) fn cut(text: &str) -> String {
    const LONGEST: usize = 80;
    match text.char_indices().nth(LONGEST) {
        Some((end, _)) => format!("{}…", text.get(..end).unwrap_or_default()),
        None => text.to_owned(),
    }
}

/// A fact as people read it: text without quotes, everything else as JSON.
pub(crate) fn fact(name: &str, value: &Value) -> String {
    match value {
        Value::String(text) => format!("{name} = {text}"),
        other => format!("{name} = {other}"),
    }
}

/// The name of a place in a document: letters, digits, `-`, `_`, `.` and `/` stay, so an id of a
/// spec stays what it is.
pub(crate) fn slug(id: &str) -> String {
    let allowed = |c: char| c.is_ascii_alphanumeric() || matches!(c, '-' | '_' | '.' | '/');
    id.chars().map(|c| if allowed(c) { c } else { '-' }).collect()
}

/// Checks that are read at a glance; more of them are folded away.
const AT_A_GLANCE: usize = 12;

/// What stands in the place of checks that are folded away.
pub(crate) const FOLDED: &str = "the checks";

/// Whether a list of so many checks is folded away.
pub(crate) fn is_long(number: usize) -> bool {
    number > AT_A_GLANCE
}

/// The checks of a stage in the order of the plan.
pub(crate) fn checks_of<'a>(
    verdict: &'a Verdict,
    stage: &'a StageResult,
) -> impl Iterator<Item = &'a CheckResult> {
    verdict.results.iter().filter(move |result| result.stage == stage.id)
}

/// What a condition leads to until it is met: the impact that the open findings of its check have.
pub(crate) fn impact_of<'a>(verdict: &'a Verdict, condition: &'a ConditionState) -> &'a str {
    let said = findings_of(verdict, &condition.check).find_map(|finding| finding.impact.as_deref());
    match condition.state {
        ConditionProgress::Met => "none: it is met",
        ConditionProgress::Open | ConditionProgress::Overdue => said.unwrap_or("not said"),
    }
}

/// The findings that a check saw, or the hints.
pub(crate) fn findings_of<'a>(verdict: &'a Verdict, check: &'a str) -> impl Iterator<Item = &'a Finding> {
    verdict
        .findings
        .iter()
        .chain(&verdict.hints)
        .filter(move |finding| finding.checks.iter().any(|seen_by| seen_by == check))
}

/// The action that fixes this finding. Findings of the same checks with the same fix share one.
pub(crate) fn action_for<'a>(verdict: &'a Verdict, finding: &Finding) -> Option<&'a Action> {
    let fix = finding.fix.as_ref();
    verdict.actions.iter().find(|action| {
        action.proven_by == finding.checks
            && action.severity == Some(finding.severity)
            && fix.is_none_or(|fix| fix.text == action.text && fix.run == action.run)
    })
}

/// What samples prove, never more than that.
pub(crate) fn samples(confidence: &Confidence) -> String {
    let Confidence { samples, failures, upper_95 } = confidence;
    let seen = format!("{failures} of {samples} samples failed");
    match upper_95 {
        Some(bound) if bound == "100%" => format!("{seen}; that bounds nothing"),
        Some(bound) => format!("{seen}; the failure rate is at most {bound} at 95% confidence"),
        None => format!("{seen}; no bound was computed"),
    }
}
