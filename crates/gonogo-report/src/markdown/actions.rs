//! What to do next in the order to do it.

use gonogo_model::verdict::{Action, Priority, Verdict};

use super::document::{Document, check_links, code, fenced, text};
use super::symbols;
use crate::words;

/// A box to tick for each action.
pub(crate) fn checklist(document: &mut Document, verdict: &Verdict) {
    document.heading(2, "Next actions checklist");
    if verdict.actions.is_empty() {
        return document.block("Nothing is left to do.");
    }
    let used =
        Priority::ALL.map(|priority| verdict.actions.iter().filter(|a| a.priority == priority).collect());
    let used: Vec<Vec<&Action>> =
        used.into_iter().filter(|actions: &Vec<&Action>| !actions.is_empty()).collect();
    for actions in &used {
        // One priority needs no heading.
        if let Some(first) = actions.first().filter(|_| used.len() > 1) {
            document.heading(3, &words::capital(first.priority.word()));
        }
        actions.iter().for_each(|action| document.block(&one(action)));
    }
}

fn one(action: &Action) -> String {
    let severity = action.severity.map_or_else(String::new, |s| format!(" {}:", symbols::severity(s)));
    let said = [
        action.effort.map(|effort| ("Effort", effort.to_string())),
        action.owner.as_ref().map(|owner| ("Owner", text(owner))),
        action.due.map(|due| ("Due", due.to_string())),
        (!action.proven_by.is_empty()).then(|| ("Proof", check_links(&action.proven_by))),
        (!action.unblocks.is_empty()).then(|| ("Unblocks", names(&action.unblocks))),
        (!action.entries.is_empty()).then(|| ("Settles", names(&action.entries))),
    ];
    let mut item = format!("- [ ] **{}.{severity}** {}", action.number, text(&action.text));
    if let Some(command) = &action.run {
        item.push_str(&format!("\n\n{}\n", fenced(command, "sh", 2)));
    }
    let bullets = said.into_iter().flatten();
    bullets.for_each(|(name, value)| item.push_str(&format!("\n  - {name}: {value}")));
    item
}

fn names(stages: &[String]) -> String {
    stages.iter().map(|stage| code(stage)).collect::<Vec<_>>().join(", ")
}
