//! The registers in a few lines: what is left of each. The other forms have every entry.

use gonogo_model::register::{BlockerProgress, PhaseProgress, Standing};
use gonogo_model::verdict::Verdict;

use crate::line::{Ink, Line};
use crate::page::Page;

const HANG: usize = 19;

/// A line for each register; nothing when there is none.
pub(crate) fn brief(page: &mut Page, verdict: &Verdict) {
    let registers = &verdict.registers;
    if registers.is_empty() {
        return;
    }
    page.heading("Registers", Line::new());
    for kind in &registers.blocker_kinds {
        let left = registers.blockers.iter().filter(|blocker| {
            blocker.kind == kind.kind
                && matches!(blocker.state, BlockerProgress::Open | BlockerProgress::Unproven)
        });
        let left: Vec<&str> = left.map(|blocker| blocker.id.as_str()).collect();
        let text = format!("{}: {} of {} cleared", kind.kind, kind.counts.proven, kind.counts.total);
        line(page, "blockers", left.is_empty(), &with_names(text, &left));
    }
    let counts = &registers.decision_counts;
    if !counts.is_empty() {
        let left = registers.decisions.iter().filter(|decision| decision.basis.standing != Standing::Proven);
        let left: Vec<&str> = left.map(|decision| decision.id.as_str()).collect();
        let text = format!("{} of {} implemented", counts.proven, counts.total);
        line(page, "decisions", left.is_empty(), &with_names(text, &left));
    }
    for list in &registers.checklists {
        let counts = &list.counts;
        let ticked = match list.contradictions {
            0 => String::new(),
            number => format!("; ticked against what was measured: {number}"),
        };
        let text = format!("{}: {} of {} tasks done{ticked}", list.title, counts.proven, counts.total);
        line(page, "checklist", counts.proven == counts.total, &text);
    }
    for phase in &registers.phases {
        let text = format!("{} is {}: {}", phase.id, phase.state.word(), phase.why);
        line(page, "phase", phase.state != PhaseProgress::Blocked, &text);
    }
    if let Some(sign_off) = &registers.sign_off {
        let text = format!("{} of {} roles signed; {}", sign_off.signed, sign_off.required, sign_off.why);
        line(page, "sign-off", sign_off.authorised, &text);
    }
}

fn line(page: &mut Page, name: &str, good: bool, text: &str) {
    let ink = if good { Ink::Good } else { Ink::Bad };
    page.item(1, &Line::new().ink(ink, name), HANG, &Line::from(text));
}

fn with_names(text: String, left: &[&str]) -> String {
    if left.is_empty() { text } else { format!("{text}; left: {}", left.join(", ")) }
}
