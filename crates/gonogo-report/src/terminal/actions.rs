//! What to do next, in the order of the verdict, with the command to type.

use gonogo_model::verdict::{Action, Verdict};

use crate::line::Line;
use crate::page::Page;

/// Every action; nothing when there is nothing to do.
pub(crate) fn next(page: &mut Page, verdict: &Verdict) {
    if verdict.actions.is_empty() {
        return;
    }
    page.heading("Next actions", Line::new());
    verdict.actions.iter().for_each(|action| one(page, action));
}

fn one(page: &mut Page, action: &Action) {
    const HANG: usize = 5;
    let label = Line::new().strong(format!("{}.", action.number));
    let severity = action.severity.map(|severity| Line::new().plain("[").severity(severity).plain("]"));
    page.item(1, &label, HANG, &Line::joined([severity.unwrap_or_default(), Line::from(&action.text)], " "));
    if let Some(command) = &action.run {
        page.command(HANG + 2, command);
    }
    page.put(HANG, &about(action));
}

fn about(action: &Action) -> Line {
    let held = (!action.unblocks.is_empty()).then(|| "stages held below".to_owned());
    let unblocks = few(&action.unblocks).or(held);
    let said = |name: &str, value: Option<String>| {
        value.map_or_else(Line::new, |value| Line::new().faint(format!("{name} ")).plain(value))
    };
    Line::joined(
        [
            said("owner", action.owner.clone()),
            said("effort", action.effort.map(|effort| effort.to_string())),
            said("proof", few(&action.proven_by)),
            said("unblocks", unblocks),
        ],
        "; ",
    )
}

/// The names when they are few, so that the line can be read; the other parts name them all.
fn few(names: &[String]) -> Option<String> {
    const FEW: usize = 3;
    (1..=FEW).contains(&names.len()).then(|| names.join(", "))
}
