//! A suite for each register, a case for each of its entries. What the launch waits for and does
//! not hold fails, what nobody knows is an error; what waits for the launch is skipped.

use gonogo_model::verdict::Verdict;
use quick_junit::{NonSuccessKind, Property, TestCase, TestCaseStatus, TestSuite};

use super::text;
use crate::entry::{Entry, Outcome, registers};

/// The suites, called as no stage can be.
pub(super) fn suites(verdict: &Verdict) -> impl Iterator<Item = TestSuite> {
    registers(verdict).into_iter().map(|(register, entries)| {
        let mut suite = TestSuite::new(format!("register: {register}"));
        suite.extra.insert("timestamp".into(), verdict.judged_at.to_string().into());
        suite.add_test_cases(entries.iter().map(|entry| case(register, entry)));
        suite
    })
}

fn case(register: &str, entry: &Entry<'_>) -> TestCase {
    let mut case = TestCase::new(text(&entry.id), status(entry));
    case.set_classname(register);
    let said = [
        ("state", Some(entry.state)),
        ("title", Some(entry.title)),
        ("owner", entry.owner),
        ("due", entry.due.as_deref()),
        ("check", entry.check),
        ("decided_by", Some(&entry.origin.to_string())),
    ];
    let said = said.into_iter().filter_map(|(name, value)| Some(Property::new(name, text(value?))));
    case.add_properties(said);
    if entry.outcome == Outcome::ByWord {
        case.set_system_out(text(&format!("{}, not measured: {}", entry.state, entry.why)));
    }
    case
}

fn status(entry: &Entry<'_>) -> TestCaseStatus {
    let mut status = match entry.outcome {
        Outcome::Met | Outcome::ByWord => return TestCaseStatus::success(),
        Outcome::Held => TestCaseStatus::non_success(NonSuccessKind::Failure),
        Outcome::Unknown => TestCaseStatus::non_success(NonSuccessKind::Error),
        Outcome::Waits => TestCaseStatus::skipped(),
    };
    status.set_message(text(&format!("{}: {}", entry.state, entry.why)));
    if entry.outcome != Outcome::Waits {
        status.set_type(entry.state);
        status.set_description(text(entry.title));
    }
    status
}
