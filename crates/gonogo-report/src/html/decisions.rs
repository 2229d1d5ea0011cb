//! What people decided: work that may come after launch, and risks taken knowingly.

use gonogo_model::verdict::{AcceptanceState, AcceptanceUse, ConditionProgress, ConditionState, Verdict};

use super::markup::{Element, check_link, code, element};
use super::parts::{Table, Tone, pill, section, span};
use crate::words;

/// Conditions and acceptances; nothing when nobody decided anything.
pub(crate) fn all(verdict: &Verdict) -> Option<Element> {
    let mut conditions = Table::new(
        "Conditions: work that may come after launch",
        [
            "Condition",
            "What must be done",
            "Impact until then",
            "State",
            "Owner",
            "Due",
            "Proof",
            "When overdue",
            "Decided by",
        ],
    );
    verdict.conditions.iter().for_each(|state| conditions.row(element("tr"), condition(verdict, state)));
    let in_use = acceptances(verdict, "Accepted risks: the real result stays in the checks", |state| {
        state == AcceptanceUse::InUse
    });
    let others =
        acceptances(verdict, "Acceptances that cover nothing", |state| state != AcceptanceUse::InUse);
    let tables: Vec<Table> =
        [conditions, in_use, others].into_iter().filter(|table| !table.is_empty()).collect();
    let part = || section("decisions", "Decisions");
    (!tables.is_empty()).then(|| part().children(tables.into_iter().map(Table::finish)))
}

fn acceptances(verdict: &Verdict, caption: &'static str, wanted: fn(AcceptanceUse) -> bool) -> Table {
    let heading =
        ["Finding", "State", "Reason", "Owner", "Approved by", "Holds until", "Watched by", "Decided by"];
    let mut table = Table::new(caption, heading);
    let these = verdict.acceptances.iter().filter(|acceptance| wanted(acceptance.state));
    these.for_each(|state| table.row(element("tr"), acceptance(verdict, state)));
    table
}

fn condition(verdict: &Verdict, state: &ConditionState) -> [Element; 9] {
    let tone = match state.state {
        ConditionProgress::Met => Tone::Good,
        ConditionProgress::Open => Tone::Warn,
        ConditionProgress::Overdue => Tone::Bad,
    };
    [
        code(&state.id),
        span(&state.text),
        span(words::impact_of(verdict, state)),
        pill(tone, state.state.word()),
        span(&state.owner),
        span(state.due.to_string()).class("day"),
        check_link(&state.check),
        span(state.overdue_action.as_deref().unwrap_or("back to NO-GO")),
        code(state.origin.to_string()),
    ]
}

fn acceptance(verdict: &Verdict, state: &AcceptanceState) -> [Element; 8] {
    let tone = match state.state {
        AcceptanceUse::InUse => Tone::Warn,
        AcceptanceUse::Unused => Tone::Calm,
        AcceptanceUse::Expired | AcceptanceUse::NotAllowed | AcceptanceUse::MonitorUnproven => Tone::Bad,
    };
    let is_open = verdict.findings.iter().any(|finding| finding.id == state.finding);
    let finding = code(&state.finding);
    [
        if is_open { element("a").to("finding", &state.finding).child(finding) } else { finding },
        pill(tone, state.state.word()),
        span(&state.reason),
        span(&state.owner),
        span(&state.approved_by),
        span(state.expires.to_string()).class("day"),
        state.monitor.as_ref().map_or_else(|| span("nobody"), |check| check_link(check)),
        code(state.origin.to_string()),
    ]
}
