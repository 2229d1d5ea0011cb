//! Every check with its status: numbers for each stage, then a row for each check.

use gonogo_model::status::Status;
use gonogo_model::verdict::{CheckResult, Verdict};

use super::document::{Document, Table, anchor, cell_code, code, text};
use super::symbols;

/// Stages by statuses.
pub(crate) fn stages(document: &mut Document, verdict: &Verdict) {
    document.heading(2, "Pass/fail matrix");
    let statuses = Status::ALL.map(Status::word);
    let mut table = Table::new(["Stage", "State"].into_iter().chain(statuses));
    for stage in &verdict.stages {
        let numbers = Status::ALL.map(|status| stage.counts.of(status).to_string());
        let kind = if stage.gate { " (gate)" } else { "" };
        let head = [format!("{}{kind}", code(&stage.id)), symbols::stage(stage.state)];
        table.row(head.into_iter().chain(numbers));
    }
    let all = Status::ALL.map(|status| format!("**{}**", verdict.counts.of(status)));
    table.row(["**All**".to_owned(), symbols::call(verdict.call)].into_iter().chain(all));
    document.table(&table);
}

/// Categories by statuses.
pub(crate) fn categories(document: &mut Document, verdict: &Verdict) {
    document.heading(3, "By category");
    let mut table = Table::new(["Category"].into_iter().chain(Status::ALL.map(Status::word)));
    for category in &verdict.categories {
        let numbers = Status::ALL.map(|status| category.counts.of(status).to_string());
        table.row([code(&category.id)].into_iter().chain(numbers));
    }
    document.table(&table);
}

/// A row for each check in the order of the plan. Links to a check lead here.
pub(crate) fn checks(document: &mut Document, verdict: &Verdict) {
    document.heading(3, "Every check");
    results(document, &verdict.results);
}

/// A row for each of these checks.
pub(crate) fn results(document: &mut Document, results: &[CheckResult]) {
    let heading = ["Check", "Stage", "Category", "Severity", "Status", "Why", "Evidence", "Decided by"];
    let mut table = Table::new(heading);
    results.iter().for_each(|result| table.row(row(result)));
    document.table(&table);
}

fn row(result: &CheckResult) -> [String; 8] {
    let accepted = if result.accepted { ", accepted" } else { "" };
    let expected = result.expect.as_ref().map(|expect| format!(" Expected: {}", cell_code(expect)));
    [
        format!("{}{} {}", anchor("check", &result.check), code(&result.check), text(&result.title)),
        code(&result.stage),
        code(&result.category),
        result.severity.word().to_owned(),
        format!("{}{accepted}", symbols::status(result.status)),
        format!("{}{}", text(&result.why), expected.unwrap_or_default()),
        result.evidence.as_ref().map_or("none".to_owned(), |id| code(id)),
        code(&result.origin.to_string()),
    ]
}
