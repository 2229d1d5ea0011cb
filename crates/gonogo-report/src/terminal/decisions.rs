//! What people decided: work that may come later, and risks taken knowingly.

use gonogo_model::verdict::{AcceptanceState, AcceptanceUse, ConditionProgress, ConditionState, Verdict};

use crate::line::{Ink, Line};
use crate::page::Page;

const HANG: usize = 19;

/// Each condition with its day and the check that proves it.
pub(crate) fn conditions(page: &mut Page, verdict: &Verdict) {
    if verdict.conditions.is_empty() {
        return;
    }
    page.heading("Conditions", Line::new());
    for condition in &verdict.conditions {
        let title = Line::new().strong(&condition.id).plain(": ").plain(&condition.text);
        page.item(1, &progress(condition.state), HANG, &title);
        page.put(HANG, &terms(condition));
    }
}

/// Each acceptance with who carries it until when.
pub(crate) fn acceptances(page: &mut Page, verdict: &Verdict) {
    if verdict.acceptances.is_empty() {
        return;
    }
    page.heading("Accepted risks", Line::new());
    for acceptance in &verdict.acceptances {
        page.item(1, &in_use(acceptance.state), HANG, &Line::new().strong(&acceptance.finding));
        page.put(HANG, &Line::from(&acceptance.reason));
        page.put(HANG, &carried(acceptance));
    }
}

fn terms(condition: &ConditionState) -> Line {
    let overdue = condition.overdue_action.as_ref().map(|text| format!("; when overdue: {text}"));
    Line::from(format!(
        "due {}; owner {}; proof {}{}",
        condition.due,
        condition.owner,
        condition.check,
        overdue.unwrap_or_default()
    ))
}

fn carried(acceptance: &AcceptanceState) -> Line {
    let monitor = acceptance.monitor.as_ref().map(|check| format!("; watched by {check}"));
    Line::from(format!(
        "until {}; owner {}; approved by {}{}",
        acceptance.expires,
        acceptance.owner,
        acceptance.approved_by,
        monitor.unwrap_or_default()
    ))
}

fn progress(state: ConditionProgress) -> Line {
    let ink = match state {
        ConditionProgress::Met => Ink::Good,
        ConditionProgress::Open => Ink::Warn,
        ConditionProgress::Overdue => Ink::Bad,
    };
    Line::new().ink(ink, state.word())
}

fn in_use(state: AcceptanceUse) -> Line {
    let ink = match state {
        AcceptanceUse::InUse => Ink::Warn,
        AcceptanceUse::Unused => Ink::Faint,
        AcceptanceUse::Expired | AcceptanceUse::NotAllowed | AcceptanceUse::MonitorUnproven => Ink::Bad,
    };
    Line::new().ink(ink, state.word())
}
