//! What to do next in the order to do it, and the longest way through it.

use gonogo_model::verdict::{Action, CriticalPath, PathStep, Verdict};

use super::markup::{Element, check_links, code, element};
use super::parts::{Table, section, severity, span};

/// The actions; nothing when nothing is left to do.
pub(crate) fn next(verdict: &Verdict) -> Option<Element> {
    if verdict.actions.is_empty() {
        return None;
    }
    let list = element("ol").class("actions").children(verdict.actions.iter().map(one));
    Some(section("actions", "Next actions").child(list).children(critical_path(&verdict.critical_path)))
}

fn one(action: &Action) -> Element {
    let said = [
        action.owner.as_ref().map(|owner| span(format!("owner {owner}"))),
        action.effort.map(|effort| span(format!("effort {effort}"))),
        (!action.proven_by.is_empty()).then(|| span("proof ").child(check_links(&action.proven_by))),
        (!action.unblocks.is_empty()).then(|| span("unblocks ").child(names(&action.unblocks))),
        (!action.entries.is_empty()).then(|| span("settles ").child(names(&action.entries))),
        action.due.map(|due| span(format!("due {due}"))),
        Some(span(action.priority.word())),
    ];
    let about = element("ul")
        .class("facts")
        .children(said.into_iter().flatten().map(|fact| element("li").child(fact)));
    let command = action.run.as_ref().map(|run| element("pre").child(element("code").lines(run)));
    element("li")
        .attr("value", action.number.to_string())
        .children(action.severity.map(severity))
        .child(element("span").class("title").text(&action.text))
        .children(command)
        .child(about)
}

fn names(stages: &[String]) -> Element {
    stages.iter().enumerate().fold(element("span"), |names, (at, stage)| {
        let names = if at > 0 { names.text(", ") } else { names };
        names.child(code(stage))
    })
}

fn critical_path(path: &CriticalPath) -> Vec<Element> {
    let CriticalPath { steps, total, without_estimate } = path;
    if steps.is_empty() {
        return Vec::new();
    }
    let mut table = Table::new(
        "Critical path: the longest way through the open work",
        ["Stage", "Actions", "Fixing", "Running"],
    );
    steps.iter().for_each(|step| table.row(element("tr"), row(step)));
    let whole = element("strong").text(total.to_string());
    table.row(element("tr").class("total"), [element("strong").text("Total"), span(""), whole, span("")]);
    let unknown = match without_estimate {
        0 => "Everything on the path has an estimate.".to_owned(),
        number => format!("Without an estimate, so not in the total: {number}."),
    };
    vec![table.finish(), element("p").class("note").text(unknown)]
}

fn row(step: &PathStep) -> [Element; 4] {
    let actions: Vec<String> = step.actions.iter().map(ToString::to_string).collect();
    let running = step.run.map_or("no estimate".to_owned(), |run| run.to_string());
    [span(&step.title), span(actions.join(", ")), span(step.fixes.to_string()), span(running)]
}
