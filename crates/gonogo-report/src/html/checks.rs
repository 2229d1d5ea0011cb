//! Every check: the numbers for each stage, then one place for each check that says why it has
//! its status, from the facts to the line of the spec that decided.

use gonogo_model::status::Status;
use gonogo_model::verdict::{CheckResult, ItemResult, Verdict};

use super::markup::{Element, code, element};
use super::parts::{Table, Tone, of_call, pill, section, span, stage, status, values};
use crate::words;

/// Stages by statuses; statuses that no check has are left out.
pub(crate) fn matrix(verdict: &Verdict) -> Element {
    let seen: Vec<Status> = Status::ALL.into_iter().filter(|status| verdict.counts.of(*status) > 0).collect();
    let heading = ["Stage", "State", "Held by"].into_iter().chain(seen.iter().map(|status| status.word()));
    let mut table = Table::numbers("Checks of each stage by status", heading);
    for result in &verdict.stages {
        let kind = if result.gate { " gate" } else { "" };
        let kind = if result.required { kind } else { " not required" };
        let name = element("span")
            .child(element("b").text(&result.id))
            .text(kind)
            .child(element("small").text(&result.title));
        let held = span(result.blocked_by.join(", "));
        let numbers = seen.iter().map(|status| span(result.counts.of(*status).to_string()));
        table.row(element("tr"), [name, stage(result.state), held].into_iter().chain(numbers));
    }
    let call = pill(of_call(verdict.call), verdict.call.word());
    let all = seen.iter().map(|status| element("b").text(verdict.counts.of(*status).to_string()));
    table
        .row(element("tr").class("total"), [element("b").text("All"), call, span("")].into_iter().chain(all));
    section("matrix", "Pass/fail matrix").child(table.finish()).child(by_category(verdict, &seen))
}

fn by_category(verdict: &Verdict, seen: &[Status]) -> Element {
    let heading = ["Category"].into_iter().chain(seen.iter().map(|status| status.word()));
    let mut table = Table::numbers("Checks of each category by status", heading);
    for category in &verdict.categories {
        let numbers = seen.iter().map(|status| span(category.counts.of(*status).to_string()));
        table.row(element("tr"), [element("b").text(&category.id)].into_iter().chain(numbers));
    }
    table.finish()
}

/// A place for each check in the order of the plan.
pub(crate) fn explained(verdict: &Verdict) -> Element {
    let note = "Ask for the raw evidence with `gonogo explain RUN CHECK`.";
    let part = section("checks", "Every check").child(element("p").class("note").text(note));
    part.children(each(&verdict.results))
}

/// A place for each of these checks.
pub(crate) fn each(results: &[CheckResult]) -> impl Iterator<Item = Element> {
    results.iter().map(one)
}

fn one(result: &CheckResult) -> Element {
    let accepted = result.accepted.then(|| pill(Tone::Warn, "accepted"));
    let heading = element("h3")
        .child(status(result.status))
        .children(accepted)
        .child(element("span").class("title").child(code(&result.check)).text(format!(" {}", result.title)));
    let items = (!result.items.is_empty())
        .then(|| element("ul").class("items").children(result.items.iter().map(item)));
    let place = format!("stage {}, category {}, severity {}", result.stage, result.category, result.severity);
    element("article").class("check").place("check", &result.check).child(heading).child(values([
        ("Why", Some(span(&result.why))),
        ("Expected", result.expect.as_ref().map(code)),
        ("Seen", items),
        ("Samples", result.confidence.as_ref().map(|confidence| span(words::samples(confidence)))),
        ("Evidence", Some(result.evidence.as_ref().map_or_else(|| span("none; nothing looked"), code))),
        ("Decided by", Some(code(result.origin.to_string()))),
        ("Belongs to", Some(span(place))),
    ]))
}

fn item(item: &ItemResult) -> Element {
    let location = item
        .location
        .as_ref()
        .map(|location| element("small").text("read at ").child(code(location.to_string())));
    let facts = item.facts.iter().map(|(name, value)| code(words::fact(name, value)).class("fact"));
    element("li")
        .child(code(&item.key))
        .child(status(item.status))
        .children(facts)
        .children(location)
        .children(item.why.as_ref().map(|why| element("small").text(why)))
}
