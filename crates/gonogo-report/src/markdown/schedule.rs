//! The open work as a schedule: how long it takes, the longest way, what to do first, and all of
//! it as a table and a chart.

use gonogo_model::verdict::{Schedule, ScheduledTask, Verdict};

use super::document::{Document, Table, code, text};
use super::gantt;
use crate::timing;

/// The whole part; nothing when nothing is open.
pub(crate) fn critical_path(document: &mut Document, verdict: &Verdict) {
    let schedule = &verdict.schedule;
    if schedule.tasks.is_empty() {
        return;
    }
    document.heading(2, "Critical path");
    lengths(document, schedule);
    let missing = timing::missing(schedule).iter().map(|said| text(said)).collect::<Vec<_>>().join(" ");
    document.block(&missing);
    longest(document, schedule);
    first(document, schedule);
    owners(document, schedule);
    document.heading(3, "Schedule");
    all(document, schedule);
    gantt::chart(document, schedule);
}

fn lengths(document: &mut Document, schedule: &Schedule) {
    let mut table = Table::new(["When", "Working time"]);
    table.row(["**Each owner does one thing at a time**", &format!("**{}**", timing::total(schedule))]);
    if let Some(drawn) = &schedule.simulation {
        table.row([format!("Half of {} samples are done by (P50)", drawn.samples), drawn.p50.to_string()]);
        table.row([
            format!("Nine of ten samples are done by (P90), seed `{}`", drawn.seed),
            drawn.p90.to_string(),
        ]);
    }
    table.row(["No order of the work can be shorter than", &schedule.floor.to_string()]);
    table.row(["Nobody ever waits for a person", &schedule.parallel.to_string()]);
    table.row(["Everything one after another", &schedule.serial.to_string()]);
    table.row(["Work of people, added up", &schedule.effort.to_string()]);
    document.table(&table);
}

fn longest(document: &mut Document, schedule: &Schedule) {
    let way = timing::longest(schedule);
    if way.is_empty() {
        return;
    }
    document.heading(3, "Longest way");
    let mut table = Table::new(["Task", "What", "Owner", "Effort", "Done by", "On a longest way"]);
    for task in way {
        table.row([
            code(&task.id),
            text(&task.title),
            owner(task.owner.as_deref()),
            timing::effort(task),
            task.finish.to_string(),
            timing::share(schedule, task),
        ]);
    }
    document.table(&table);
    if let Some(other) = timing::other_way(schedule) {
        let other: Vec<String> = other.iter().map(|id| code(id)).collect();
        document.block(&format!(
            "When everything takes its least, another way is the longest: {}.",
            other.join(", ")
        ));
    }
}

fn first(document: &mut Document, schedule: &Schedule) {
    let tasks = schedule.unblocks_most.iter().filter_map(|id| timing::find(schedule, id));
    let mut table = Table::new(["Task", "What", "Frees at once", "Held by it", "Shortens the total by"]);
    for task in tasks {
        let held = task.holds.map_or("too many to count".to_owned(), timing::reach);
        table.row([
            code(&task.id),
            text(&task.title),
            timing::reach(task.frees),
            held,
            timing::ends(&task.saves),
        ]);
    }
    if !schedule.unblocks_most.is_empty() {
        document.heading(3, "What unblocks the most");
        document.table(&table);
    }
}

fn owners(document: &mut Document, schedule: &Schedule) {
    if schedule.owners.is_empty() {
        return;
    }
    document.heading(3, "Work by owner");
    let mut table = Table::new(["Owner", "Tasks", "Effort", "Without an estimate"]);
    for load in &schedule.owners {
        let (work, name) = (load.work, owner(load.owner.as_deref()));
        let name = if name.is_empty() { "nobody named".to_owned() } else { name };
        table.row([
            name,
            work.number.to_string(),
            work.effort.to_string(),
            work.without_estimate.to_string(),
        ]);
    }
    document.table(&table);
}

fn all(document: &mut Document, schedule: &Schedule) {
    let heading = ["Task", "What", "Owner", "Effort", "Start", "Done", "Slack", "Due", "Waits for"];
    let mut table = Table::new(heading);
    schedule.tasks.iter().for_each(|task| table.row(row(task)));
    document.table(&table);
    document.block(
        "A range is exact at both ends: everything takes its least, everything takes its most. Two figures with a \
         stroke are the same figure at those ends. All of it is working time from now.",
    );
}

fn row(task: &ScheduledTask) -> [String; 9] {
    let slack = if task.after_launch { "after launch".to_owned() } else { timing::ends(&task.slack) };
    let waits: Vec<String> = task.needs.iter().chain(&task.after).map(|id| code(id)).collect();
    [
        code(&task.id),
        text(&task.title),
        owner(task.owner.as_deref()),
        timing::effort(task),
        task.start.to_string(),
        task.finish.to_string(),
        slack,
        task.due.map_or_else(String::new, |due| due.to_string()),
        waits.join(", "),
    ]
}

fn owner(owner: Option<&str>) -> String {
    owner.map(text).unwrap_or_default()
}
