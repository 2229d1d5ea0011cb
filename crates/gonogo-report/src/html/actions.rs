//! What to do next in the order to do it.

use gonogo_model::verdict::{Action, Priority, Verdict};

use super::markup::{Element, check_links, code, element};
use super::parts::{section, severity, span};
use crate::words;

/// The actions by how soon they have to be done; nothing when nothing is left to do.
pub(crate) fn next(verdict: &Verdict) -> Option<Element> {
    let lists = Priority::ALL.into_iter().flat_map(|priority| {
        let actions: Vec<&Action> =
            verdict.actions.iter().filter(|action| action.priority == priority).collect();
        let heading = || element("h3").text(words::capital(priority.word()));
        let list = || element("ol").class("actions").children(actions.iter().map(|action| one(action)));
        if actions.is_empty() { Vec::new() } else { vec![heading(), list()] }
    });
    (!verdict.actions.is_empty()).then(|| section("actions", "Next actions").children(lists))
}

fn one(action: &Action) -> Element {
    let said = [
        action.owner.as_ref().map(|owner| span(format!("owner {owner}"))),
        action.effort.map(|effort| span(format!("effort {effort}"))),
        (!action.proven_by.is_empty()).then(|| span("proof ").child(check_links(&action.proven_by))),
        (!action.unblocks.is_empty()).then(|| span("unblocks ").child(names(&action.unblocks))),
        (!action.entries.is_empty()).then(|| span("settles ").child(names(&action.entries))),
        action.due.map(|due| span(format!("due {due}"))),
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
