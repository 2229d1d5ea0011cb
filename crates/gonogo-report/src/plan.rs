//! The plan for people: what will be looked at, what that touches, and how much it disturbs.

use gonogo_model::catalog::Class;
use gonogo_model::plan::{Plan, PlannedCheck, PlannedProof, PlannedStage};

use crate::Style;
use crate::line::{Ink, Line};
use crate::page::Page;

/// Every stage with its checks, the address and class of each, and the budget of the run.
/// Fits `style.width` but for words that cannot be broken.
pub fn plan(plan: &Plan, style: Style) -> String {
    let mut page = Page::new(style);
    page.put(0, &Line::new().strong(format!("Plan for {} ({})", plan.system, plan.environment)));
    let budget = &plan.budget;
    let limits = format!("at most {} in all, {} looks at a time", budget.run, budget.parallel);
    page.put(0, &Line::new().faint(format!("spec {}; {limits}", plan.spec.short())));
    plan.stages.iter().for_each(|stage| one(&mut page, stage));
    page.blank();
    page.put(0, &Line::new().faint("Nothing was touched. `gonogo run` looks."));
    page.finish()
}

fn one(page: &mut Page, stage: &PlannedStage) {
    page.heading(&stage.id, about(stage));
    if stage.checks.is_empty() {
        page.put(1, &Line::from("no checks"));
    }
    for check in &stage.checks {
        let title = Line::new().strong(&check.id).plain(": ").plain(&check.title);
        page.item(1, &class(&check.by), 14, &title);
        let hint = (!check.certainty.is_certain()).then(|| Line::from("a hint: it does not weigh"));
        let said = [Some(touches(check)), Some(Line::new().severity(check.severity)), hint];
        page.put(14, &Line::joined(said.into_iter().flatten(), "; "));
    }
}

fn about(stage: &PlannedStage) -> Line {
    let said = [
        Some(Line::from(&stage.title)).filter(|_| stage.title != stage.id),
        stage.gate.then(|| Line::new().strong("gate")),
        (!stage.required).then(|| Line::from("not required")),
        (!stage.needs.is_empty()).then(|| Line::from(format!("after {}", stage.needs.join(", ")))),
        stage.takes.map(|takes| Line::from(format!("takes {takes}"))),
    ];
    Line::joined(said.into_iter().flatten(), "; ")
}

fn class(by: &PlannedProof) -> Line {
    match by {
        PlannedProof::Probe { class: Class::Passive, .. } => Line::from("passive"),
        PlannedProof::Probe { class: Class::Active, .. } => Line::new().ink(Ink::Warn, "active"),
        PlannedProof::Probe { class: Class::Destructive, .. } => Line::new().ink(Ink::Bad, "destructive"),
        PlannedProof::Person => Line::from("person"),
        PlannedProof::Nobody { .. } => Line::new().faint("N/A"),
    }
}

fn touches(check: &PlannedCheck) -> Line {
    match &check.by {
        PlannedProof::Person => Line::from("a person states it; nothing is touched"),
        PlannedProof::Nobody { reason } => Line::from(format!("not looked at: {reason}")),
        PlannedProof::Probe { probe, target, address, also, time_limit, .. } => {
            let place = match (target, address) {
                (Some(target), Some(address)) => format!("touches {target} at {address}"),
                (Some(target), None) => format!("touches {target}"),
                (None, _) => "touches no target".to_owned(),
            };
            let further: String =
                also.iter().map(|target| format!(", {} at {}", target.name, target.address)).collect();
            Line::from(format!("{probe} {place}{further}; at most {time_limit}"))
        }
    }
}
