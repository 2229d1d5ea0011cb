//! The open work as a schedule: how long it takes, a chart, what to do first, and all of it.

use gonogo_model::verdict::{Schedule, ScheduledTask, Verdict};

use super::gantt;
use super::markup::{Element, code, element};
use super::parts::{Table, section, span, values};
use crate::timing;

/// The whole part; nothing when nothing is open.
pub(crate) fn critical_path(verdict: &Verdict) -> Option<Element> {
    let schedule = &verdict.schedule;
    if schedule.tasks.is_empty() {
        return None;
    }
    let missing = timing::missing(schedule).join(" ");
    let missing = (!missing.is_empty()).then(|| element("p").class("note").text(missing));
    Some(
        section("schedule", "Critical path")
            .child(lengths(schedule))
            .children(missing)
            .children(gantt::chart(schedule))
            .children(longest(schedule))
            .children(first(schedule))
            .child(owners(schedule))
            .child(all(schedule)),
    )
}

fn lengths(schedule: &Schedule) -> Element {
    let drawn = schedule.simulation.as_ref();
    let half = drawn.map(|drawn| span(format!("{} (P50 of {} samples)", drawn.p50, drawn.samples)));
    let most = drawn.map(|drawn| span(format!("{} (P90)", drawn.p90)).child(seed(&drawn.seed)));
    let list = values([
        ("In all", Some(element("strong").text(timing::total(schedule)))),
        ("Half by", half),
        ("Nine in ten by", most),
        ("Never under", Some(span(schedule.floor.to_string()))),
        ("In parallel", Some(span(schedule.parallel.to_string()))),
        ("Serial", Some(span(schedule.serial.to_string()))),
        ("Work", Some(span(schedule.effort.to_string()))),
    ]);
    let note = "In all: each owner does one thing at a time. Never under: no order of the work can be shorter. In \
                parallel: nobody ever waits for a person. Serial: everything one after another. Work: what people do, \
                added up. Days are working days.";
    element("div").class("card").child(list).child(element("p").class("note").text(note))
}

fn seed(seed: &str) -> Element {
    element("small").text("drawn from ").child(code(seed))
}

fn longest(schedule: &Schedule) -> Vec<Element> {
    let way = timing::longest(schedule);
    if way.is_empty() {
        return Vec::new();
    }
    let heading = ["Task", "Owner", "Effort", "Done by", "On a longest way"];
    let mut table = Table::new("Longest way through the open work", heading);
    for task in way {
        let cells = [
            name(task),
            span(task.owner.as_deref().unwrap_or_default()),
            span(timing::effort(task)),
            span(task.finish.to_string()),
            span(timing::share(schedule, task)),
        ];
        table.row(element("tr"), cells);
    }
    let other = timing::other_way(schedule).map(|other| {
        let said =
            element("p").class("note").text("When everything takes its least, another way is the longest: ");
        said.child(names(other))
    });
    [table.finish()].into_iter().chain(other).collect()
}

fn first(schedule: &Schedule) -> Option<Element> {
    let heading = ["Task", "Frees at once", "Held by it", "Shortens the total by"];
    let mut table = Table::new("What unblocks the most", heading);
    for task in schedule.unblocks_most.iter().filter_map(|id| timing::find(schedule, id)) {
        let held = task.holds.map_or("too many to count".to_owned(), timing::reach);
        let cells =
            [name(task), span(timing::reach(task.frees)), span(held), span(timing::ends(&task.saves))];
        table.row(element("tr"), cells);
    }
    (!table.is_empty()).then(|| table.finish())
}

fn owners(schedule: &Schedule) -> Element {
    let mut table = Table::new("Work by owner", ["Owner", "Tasks", "Effort", "Without an estimate"]);
    for load in &schedule.owners {
        let owner = span(load.owner.as_deref().unwrap_or("nobody named"));
        let figures = [
            load.work.number.to_string(),
            load.work.effort.to_string(),
            load.work.without_estimate.to_string(),
        ];
        table.row(element("tr"), [owner].into_iter().chain(figures.map(span)));
    }
    if table.is_empty() { element("div") } else { table.finish() }
}

fn all(schedule: &Schedule) -> Element {
    let heading = ["Task", "Owner", "Effort", "Start", "Done", "Slack", "Due", "Waits for"];
    let mut table = Table::new("Every open task in its order", heading);
    for task in &schedule.tasks {
        let slack = if task.after_launch { "after launch".to_owned() } else { timing::ends(&task.slack) };
        let waits: Vec<String> = task.needs.iter().chain(&task.after).cloned().collect();
        let cells = [
            name(task),
            span(task.owner.as_deref().unwrap_or_default()),
            span(timing::effort(task)),
            span(task.start.to_string()),
            span(task.finish.to_string()),
            span(slack),
            span(task.due.map_or_else(String::new, |due| due.to_string())),
            names(&waits),
        ];
        table.row(element("tr"), cells);
    }
    let note = "A range is exact at both ends: everything takes its least, everything takes its most. Two figures \
                with a stroke are the same figure at those ends.";
    element("div").child(table.finish()).child(element("p").class("note").text(note))
}

fn name(task: &ScheduledTask) -> Element {
    element("span").child(code(&task.id)).child(element("small").text(&task.title))
}

fn names(ids: &[String]) -> Element {
    ids.iter().enumerate().fold(element("span"), |names, (at, id)| {
        let names = if at > 0 { names.text(", ") } else { names };
        names.child(code(id))
    })
}
