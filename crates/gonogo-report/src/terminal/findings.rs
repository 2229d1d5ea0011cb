//! The open problems, worst first.

use gonogo_model::verdict::{Finding, Verdict};

use crate::line::{Ink, Line};
use crate::page::Page;
use crate::words;

/// Each finding with cause, place and fix; nothing when there is none.
pub(crate) fn open(page: &mut Page, verdict: &Verdict) {
    if verdict.findings.is_empty() {
        return;
    }
    page.heading("Findings", Line::new());
    verdict.findings.iter().for_each(|finding| one(page, verdict, finding));
}

fn one(page: &mut Page, verdict: &Verdict, finding: &Finding) {
    const HANG: usize = 10;
    let accepted = match finding.accepted {
        true => Line::new().ink(Ink::Warn, " (ACCEPTED)"),
        false => Line::new(),
    };
    let title = Line::new().status_word(finding.status).plain(": ").strong(&finding.title).then(accepted);
    page.item(1, &Line::new().severity(finding.severity), HANG, &title);
    let said = [
        ("cause", Some(finding.cause.clone())),
        ("impact", finding.impact.clone()),
        ("at", finding.location.as_ref().map(ToString::to_string)),
        ("fix", fix(verdict, finding)),
        ("id", Some(finding.id.clone())),
    ];
    for (name, value) in said {
        if let Some(value) = value.filter(|value| !value.is_empty()) {
            page.item(HANG, &Line::new().faint(format!("{name}:")), HANG + 8, &Line::from(value));
        }
    }
}

/// The fix is told once: in the action that does it.
fn fix(verdict: &Verdict, finding: &Finding) -> Option<String> {
    match words::action_for(verdict, finding) {
        Some(action) => Some(format!("see action {}", action.number)),
        None => finding.fix.as_ref().map(|fix| fix.text.clone()),
    }
}
