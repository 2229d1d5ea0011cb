//! What people decided and signed: conditions, accepted risks, statements, what does not apply.

use gonogo_model::status::Status;
use gonogo_model::verdict::{AcceptanceState, AcceptanceUse, ConditionProgress, Verdict};

use super::document::{Document, Table, check_link, code, finding_link, text};
use crate::words;

/// Work that may come after launch.
pub(crate) fn conditions(document: &mut Document, verdict: &Verdict) {
    if verdict.conditions.is_empty() {
        return;
    }
    document.heading(2, "Conditions");
    let mut table = Table::new([
        "Condition",
        "What must be done",
        "Impact until then",
        "State",
        "Owner",
        "Due",
        "Proof",
        "When overdue",
        "Decided by",
    ]);
    for condition in &verdict.conditions {
        let overdue = condition.overdue_action.as_deref().unwrap_or("back to NO-GO");
        let state = match condition.state {
            ConditionProgress::Overdue => "**overdue**".to_owned(),
            state => state.word().to_owned(),
        };
        table.row([
            code(&condition.id),
            text(&condition.text),
            text(words::impact_of(verdict, condition)),
            state,
            text(&condition.owner),
            condition.due.to_string(),
            check_link(&condition.check),
            text(overdue),
            code(&condition.origin.to_string()),
        ]);
    }
    document.table(&table);
}

/// Risks taken knowingly, and apart from them what somebody wrote that covers nothing. The real
/// result stays in the matrix.
pub(crate) fn acceptances(document: &mut Document, verdict: &Verdict) {
    let (in_use, others): (Vec<_>, Vec<_>) =
        verdict.acceptances.iter().partition(|acceptance| acceptance.state == AcceptanceUse::InUse);
    listed(document, verdict, "Accepted risks", &in_use);
    listed(document, verdict, "Acceptances that cover nothing", &others);
}

fn listed(document: &mut Document, verdict: &Verdict, title: &str, acceptances: &[&AcceptanceState]) {
    if acceptances.is_empty() {
        return;
    }
    document.heading(2, title);
    let mut table = Table::new([
        "Finding",
        "State",
        "Reason",
        "Owner",
        "Approved by",
        "Holds until",
        "Watched by",
        "Decided by",
    ]);
    for acceptance in acceptances {
        table.row([
            named(verdict, &acceptance.finding),
            acceptance.state.word().to_owned(),
            text(&acceptance.reason),
            text(&acceptance.owner),
            text(&acceptance.approved_by),
            acceptance.expires.to_string(),
            acceptance.monitor.as_ref().map_or("nobody".to_owned(), |check| check_link(check)),
            code(&acceptance.origin.to_string()),
        ]);
    }
    document.table(&table);
}

/// What rests on a person's word.
pub(crate) fn statements(document: &mut Document, verdict: &Verdict) {
    let about = "Nobody measured these. A person signed for them, so they count in part only.";
    of_status(document, verdict, Status::Attested, "Attested", about, "Statement");
}

/// What is left out, with the signed reason.
pub(crate) fn not_applicable(document: &mut Document, verdict: &Verdict) {
    let about = "These checks do not count. A person answers for each with a signature.";
    of_status(document, verdict, Status::NotApplicable, "Not applicable", about, "Signed reason");
}

/// A finding as a link when it is open.
fn named(verdict: &Verdict, finding: &str) -> String {
    let open = verdict.findings.iter().any(|open| open.id == finding);
    if open { finding_link(finding) } else { code(finding) }
}

fn of_status(
    document: &mut Document,
    verdict: &Verdict,
    status: Status,
    title: &str,
    about: &str,
    why: &str,
) {
    let mut table = Table::new(["Check", "What must be true", why, "Decided by"]);
    let results = || verdict.results.iter().filter(|result| result.status == status);
    for result in results() {
        table.row([
            check_link(&result.check),
            text(&result.title),
            text(&result.why),
            code(&result.origin.to_string()),
        ]);
    }
    if results().next().is_some() {
        document.heading(2, title);
        document.block(about);
        document.table(&table);
    }
}
