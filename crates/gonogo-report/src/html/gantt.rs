//! The schedule as bars on a line of time, when everything takes its most. The lengths are those
//! of the verdict; the figures stand beside the bars and in the table below.

use std::collections::BTreeMap;

use gonogo_model::amount::WorkTime;
use gonogo_model::verdict::{Schedule, ScheduledTask};

use super::charts::svg;
use super::markup::{Element, element};
use super::parts::scroll;
use crate::timing;

/// The bars begin here; before them are the names and the efforts.
const LEFT: u64 = 400;
/// From now to the end of the total.
const WIDE: u64 = 640;
/// Space for the marks above the bars, and for one bar.
const TOP: u64 = 64;
const ROW: u64 = 30;
const BAR: u64 = 16;
/// Characters that fit before the bars.
const FITS: usize = 36;
/// Lines for working days, up to so many.
const DAYS: u64 = 40;
const A_DAY: u64 = 480;

/// The drawing; nothing when nothing has a length.
pub(crate) fn chart(schedule: &Schedule) -> Option<Element> {
    let drawn = timing::drawn(schedule);
    let scale = Scale(u64::from(schedule.total.most));
    if drawn.is_empty() || scale.0 == 0 {
        return None;
    }
    let bottom = TOP + ROW * u64::try_from(drawn.len()).unwrap_or(0) + 8;
    let right = LEFT + WIDE + 24;
    let rows = (0_u64..).zip(&drawn).map(|(at, task)| row(at, task, scale));
    let drawing =
        svg(&format!("0 0 {right} {bottom}"), "The schedule; the table below has the same in figures")
            .class("gantt")
            .attr("width", right.to_string())
            .attr("height", bottom.to_string())
            .children(days(scale, bottom))
            .children(rows)
            .children(joints(schedule, &drawn, scale))
            .children(marks(schedule, scale, bottom));
    let all =
        if drawn.len() < schedule.tasks.len() { " Not every task is drawn; the table has all." } else { "" };
    let note = format!(
        "When everything takes its most. The solid part of a bar is the least it takes, the pale part what it may \
         take besides; a ring has no estimate. What is critical has a bold name and a heavy outline. Thin lines are \
         working days.{all}"
    );
    let frame = element("div").class("flow-frame").child(scroll("Schedule", drawing));
    Some(element("div").class("apart").child(frame).child(element("p").class("note").text(note)))
}

/// Minutes to places.
#[derive(Debug, Clone, Copy)]
struct Scale(u64);

impl Scale {
    fn at(self, minutes: u32) -> u64 {
        LEFT + self.long(u64::from(minutes))
    }

    fn long(self, minutes: u64) -> u64 {
        minutes.min(self.0) * WIDE / self.0.max(1)
    }
}

fn days(scale: Scale, bottom: u64) -> Vec<Element> {
    let number = scale.0 / A_DAY;
    let days = if number > DAYS { 0..0 } else { 0..number };
    let line = |day: u64| vertical("day-line", LEFT + scale.long((day + 1) * A_DAY), TOP - 6, bottom);
    days.map(line).collect()
}

/// Now, the end, and what the simulation says. Each has a line of its own and the earlier one the
/// lower, so that no line goes through the words of another.
fn marks(schedule: &Schedule, scale: Scale, bottom: u64) -> Vec<Element> {
    let mut marks =
        vec![vertical("edge", LEFT, TOP - 12, bottom), write("axis", LEFT, TOP - 16, "now".to_owned())];
    let mut mark = |class: &str, x: u64, y: u64, text: String| {
        marks.push(vertical(class, x, y + 4, bottom));
        marks.push(write("axis end", x, y, text));
    };
    mark("edge", LEFT + WIDE, TOP - 48, format!("at most {}", WorkTime(schedule.total.most)));
    if let Some(drawn) = &schedule.simulation {
        mark("chance", scale.at(drawn.p90.0), TOP - 32, format!("P90 {}", drawn.p90));
        mark("chance", scale.at(drawn.p50.0), TOP - 16, format!("P50 {}", drawn.p50));
    }
    marks
}

fn row(at: u64, task: &ScheduledTask, scale: Scale) -> Element {
    let y = TOP + at * ROW;
    let critical = if timing::is_critical(task) { " critical" } else { "" };
    let group = element("g").class(&format!("task{critical}"));
    let group = group
        .child(element("title").label(format!("{} {}", task.id, task.title)))
        .child(write("name", 4, y + 19, cut(&format!("{} {}", task.id, task.title))))
        .child(write("effort end", LEFT - 12, y + 19, timing::effort(task)));
    let x = scale.at(task.start.most);
    let Some(effort) = task.effort.filter(|effort| effort.most > 0) else {
        let ring = element("circle").class(if task.effort.is_some() { "point" } else { "ring" });
        let (x, y) = (x.to_string(), (y + ROW / 2).to_string());
        return group.child(ring.attr("cx", x).attr("cy", y).attr("r", "5"));
    };
    // Short bars still must be seen.
    let most = scale.long(u64::from(effort.most)).max(3);
    let least = scale.long(u64::from(effort.least)).min(most);
    group.child(bar("may", x, y, most)).child(bar("must", x, y, least)).child(bar("whole", x, y, most))
}

/// Where one critical task ends and the next begins.
fn joints(schedule: &Schedule, drawn: &[&ScheduledTask], scale: Scale) -> Vec<Element> {
    let rows: BTreeMap<&str, u64> = (0..).zip(drawn).map(|(at, task)| (task.id.as_str(), at)).collect();
    let place = |id: &String| Some((timing::find(schedule, id)?, *rows.get(id.as_str())?));
    let pairs = schedule
        .critical
        .at_most
        .windows(2)
        .filter_map(|pair| Some((place(pair.first()?)?, place(pair.last()?)?)));
    let joint = |((task, from), (_, to)): ((&ScheduledTask, u64), (_, u64))| {
        let (from, to) = (from.min(to), from.max(to));
        vertical("joint", scale.at(task.finish.most), TOP + from * ROW + 23, TOP + to * ROW + 7)
    };
    pairs.map(joint).collect()
}

fn bar(class: &str, x: u64, y: u64, width: u64) -> Element {
    let bar =
        element("rect").class(class).attr("x", x.to_string()).attr("y", (y + (ROW - BAR) / 2).to_string());
    bar.attr("width", width.to_string()).attr("height", BAR.to_string())
}

fn vertical(class: &str, x: u64, from: u64, to: u64) -> Element {
    let line = element("line").class(class).attr("x1", x.to_string()).attr("x2", x.to_string());
    line.attr("y1", from.to_string()).attr("y2", to.to_string())
}

fn write(class: &str, x: u64, y: u64, text: String) -> Element {
    let at = element("text").class(class).attr("x", x.to_string()).attr("y", y.to_string());
    at.label(text)
}

fn cut(text: &str) -> String {
    match text.char_indices().nth(FITS + 2) {
        Some(_) => text.chars().take(FITS).chain(['…']).collect(),
        None => text.to_owned(),
    }
}
