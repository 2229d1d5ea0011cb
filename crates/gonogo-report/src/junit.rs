//! JUnit XML for CI systems: a suite for each stage, a case for each check, and a suite for each
//! register.
//! What is not proven is an error, never skipped: silence is not green. Hints have a suite of their
//! own, in which nothing fails.

mod register;

use gonogo_model::status::Status;
use gonogo_model::verdict::{CheckResult, Finding, StageResult, Verdict};
use quick_junit::{NonSuccessKind, Property, Report, TestCase, TestCaseStatus, TestSuite};

use crate::RenderError;
use crate::clean;
use crate::words;

/// The report without ids or durations of its own, so that the same verdict is the same text.
pub(crate) fn render(verdict: &Verdict) -> Result<String, RenderError> {
    let title = format!("{} {} ({})", verdict.call, verdict.system, verdict.environment);
    let mut report = Report::new(text(&title));
    report.add_test_suites(verdict.stages.iter().map(|stage| suite(verdict, stage)));
    report.add_test_suites(register::suites(verdict));
    report.add_test_suites((!verdict.hint_results.is_empty()).then(|| hints(verdict)));
    Ok(report.to_string()?)
}

fn suite(verdict: &Verdict, stage: &StageResult) -> TestSuite {
    let mut suite = TestSuite::new(text(&stage.id));
    suite.extra.insert("timestamp".into(), verdict.judged_at.to_string().into());
    let said = [
        ("title", stage.title.clone()),
        ("state", stage.state.word().to_owned()),
        ("verdict", verdict.call.to_string()),
        ("score", format!("{} ({})", verdict.score.percent, verdict.score.points)),
        ("spec", verdict.spec.to_string()),
    ];
    suite.add_properties(said.map(|(name, value)| Property::new(name, text(&value))));
    suite.add_test_cases(words::checks_of(verdict, stage).map(|result| case(verdict, result)));
    suite
}

/// Hints apart, in a suite that no stage can be called like. None of them fails.
fn hints(verdict: &Verdict) -> TestSuite {
    let mut suite = TestSuite::new("worth a look");
    suite.extra.insert("timestamp".into(), verdict.judged_at.to_string().into());
    suite.add_property(Property::new("about", words::HINTS));
    suite.add_test_cases(verdict.hint_results.iter().map(|hint| {
        let mut case = case(verdict, hint);
        if !matches!(hint.status, Status::Pass | Status::NotApplicable) {
            case.set_system_out(told_all(verdict, hint).unwrap_or_else(|| text(&hint.why)));
            let mut status = TestCaseStatus::skipped();
            status.set_message(text(&format!("hint, {}: {}", hint.status, hint.why)));
            case.status = status;
        }
        case
    }));
    suite
}

fn case(verdict: &Verdict, result: &CheckResult) -> TestCase {
    let mut case = TestCase::new(text(&result.check), status(verdict, result));
    case.set_classname(text(&result.category));
    let mut property = |name: &str, value: &str| {
        case.add_property(Property::new(name, text(value)));
    };
    property("status", result.status.word());
    property("severity", result.severity.word());
    property("title", &result.title);
    property("decided_by", &result.origin.to_string());
    if let Some(evidence) = &result.evidence {
        property("evidence", evidence);
    }
    if result.accepted {
        property("accepted", "true");
    }
    if result.status == Status::Attested {
        case.set_system_out(text(&format!("ATTESTED, not measured: {}", result.why)));
    }
    case
}

fn status(verdict: &Verdict, result: &CheckResult) -> TestCaseStatus {
    let mut status = match result.status {
        Status::Pass | Status::Attested => return TestCaseStatus::success(),
        Status::NotApplicable => TestCaseStatus::skipped(),
        Status::Fail | Status::Partial => TestCaseStatus::non_success(NonSuccessKind::Failure),
        Status::Blocked | Status::NotRun | Status::Error | Status::Stale => {
            TestCaseStatus::non_success(NonSuccessKind::Error)
        }
    };
    status.set_message(text(&result.why));
    status.set_type(kind(result));
    if let Some(told) = told_all(verdict, result) {
        status.set_description(told);
    }
    status
}

/// What a check found; nothing when it found nothing.
fn told_all(verdict: &Verdict, result: &CheckResult) -> Option<String> {
    let told: Vec<String> = words::findings_of(verdict, &result.check).map(told).collect();
    (!told.is_empty()).then(|| told.join("\n\n"))
}

/// The severity of a failure, else the status.
fn kind(result: &CheckResult) -> &'static str {
    match result.status {
        Status::Fail => result.severity.word(),
        Status::Partial => "partial",
        other => other.word(),
    }
}

/// Cause, impact, place and fix of a finding, a line each.
fn told(finding: &Finding) -> String {
    let fix = finding.fix.as_ref();
    let said = [
        ("cause", Some(finding.cause.clone())),
        ("impact", finding.impact.clone()),
        ("at", finding.location.as_ref().map(ToString::to_string)),
        ("fix", fix.map(|fix| fix.text.clone())),
        ("run", fix.and_then(|fix| fix.run.clone())),
        ("finding", Some(finding.id.clone())),
        ("accepted", finding.accepted.then(|| "yes".to_owned())),
    ];
    let lines = said.into_iter().filter_map(|(name, value)| Some(format!("{name}: {}", text(&value?))));
    lines.collect::<Vec<_>>().join("\n")
}

/// Line breaks kept, everything that XML or a log viewer must not see taken out.
fn text(data: &str) -> String {
    clean::lines(data).join("\n")
}
