//! SARIF 2.1.0 for code scanning: a result for each finding, for each entry of a register that holds
//! the launch up and, as a note, for each hint, a rule for each check or root cause, and a notification for each check about which nothing is known. Knows the limits of GitHub.

mod locations;
mod log;
mod notifications;
mod registers;
mod results;
mod rules;

use std::collections::BTreeMap;

use gonogo_model::status::{Severity, Status};
use gonogo_model::verdict::{Rule, Verdict};

use crate::RenderError;
use crate::clean;
use crate::{json, place};
use log::{Driver, Invocation, Log, Message, Named, Run, Tool};

/// Results and rules that GitHub takes in one run.
const RESULTS: usize = 25_000;

/// One run of one tool.
pub(crate) fn render(verdict: &Verdict) -> Result<String, RenderError> {
    let results = place::results(verdict);
    let rules = rules::all(verdict, &results);
    let mut notifications = notifications::unproven(verdict);
    notifications.extend(notifications::cut(verdict, &rules, &results));
    let mut results = results::all(verdict, &rules, &results);
    results.extend(registers::results(verdict, |id| rules.index_of(id)));
    results.truncate(RESULTS);
    let run = Run {
        tool: Tool {
            driver: Driver { name: "gonogo", rules: rules.list, notifications: notifications::kinds() },
        },
        automation_details: Named { id: category(verdict) },
        invocations: [Invocation {
            execution_successful: is_complete(verdict),
            tool_configuration_notifications: notifications,
        }],
        column_kind: "unicodeCodePoints",
        results,
        properties: properties(verdict),
    };
    let schema = "https://docs.oasis-open.org/sarif/sarif/v2.1.0/errata01/os/schemas/sarif-schema-2.1.0.json";
    json::pretty(&Log { schema, version: "2.1.0", runs: [run] })
}

/// `gonogo/shop/staging/`: GitHub keeps the results of each apart.
fn category(verdict: &Verdict) -> String {
    let part = |text: &str| clean::line(text).replace('/', "-");
    format!("gonogo/{}/{}/", part(&verdict.system), part(&verdict.environment))
}

/// Everything that was to be looked at could be, and the evidence is as it was written.
fn is_complete(verdict: &Verdict) -> bool {
    let broken = verdict.reasons.iter().any(|reason| reason.rule == Rule::IntegrityBroken);
    !broken && verdict.counts.of(Status::Error) == 0 && verdict.counts.of(Status::NotRun) == 0
}

fn properties(verdict: &Verdict) -> BTreeMap<&'static str, String> {
    let coverage = &verdict.coverage;
    let said = [
        ("verdict", verdict.call.to_string()),
        ("score", format!("{} ({})", verdict.score.percent, verdict.score.points)),
        ("looked", format!("{} of {} checks", coverage.looked, coverage.planned)),
        ("judgedAt", verdict.judged_at.to_string()),
        ("spec", verdict.spec.to_string()),
    ];
    said.into_iter().map(|(name, value)| (name, clean::line(&value))).collect()
}

fn level(severity: Severity) -> &'static str {
    match severity {
        Severity::Blocker | Severity::High => "error",
        Severity::Medium => "warning",
        Severity::Low => "note",
    }
}

/// Data as the text of a message: braces would be placeholders and `](` a link.
fn message(data: &str) -> Message {
    let text = clean::lines(data).join("\n");
    Message { text: text.replace('{', "{{").replace('}', "}}").replace("](", r"\](") }
}
