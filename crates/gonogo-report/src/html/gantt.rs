//! The schedule as bars on a line of time, when everything takes its most. The lengths are those
//! of the verdict; the figures stand beside the bars and in the table below.

use std::collections::BTreeMap;

use gonogo_model::amount::WorkTime;
use gonogo_model::verdict::{Schedule, ScheduledTask};

use super::charts::svg;
use super::markup::{Element, element};
use super::parts::scroll;
use crate::timing;

/// Where things are. Which one is seen is decided by the width of the screen.
#[derive(Debug, Clone, Copy)]
struct Layout {
    class: &'static str,
    /// The bars begin here.
    left: u64,
    /// From now to the end of the total.
    wide: u64,
    row: u64,
    /// Where a name begins, where its effort ends, and their line in the row.
    name: u64,
    effort: u64,
    line: u64,
    /// The top of the bar in the row.
    bar: u64,
    /// Characters of a name that fit.
    fits: usize,
}

/// Names and efforts stand before the bars.
const BESIDE: Layout = Layout {
    class: "gantt beside",
    left: 400,
    wide: 640,
    row: 30,
    name: 4,
    effort: 388,
    line: 19,
    bar: 7,
    fits: 36,
};
/// Names and efforts stand above the bars, so that a phone shows all of them.
const ABOVE: Layout = Layout {
    class: "gantt above",
    left: 8,
    wide: 300,
    row: 46,
    name: 8,
    effort: 308,
    line: 16,
    bar: 22,
    fits: 26,
};
/// Space for the marks above the bars, and the height of one bar.
const TOP: u64 = 64;
const BAR: u64 = 16;
/// A mark nearer to the start than this has no room for its words before it.
const WORDS: u64 = 120;
/// Lines for working days, up to so many.
const DAYS: u64 = 40;
const A_DAY: u64 = 480;

/// The drawing; nothing when nothing has a length.
pub(crate) fn chart(schedule: &Schedule) -> Option<Element> {
    let drawn = timing::drawn(schedule);
    if drawn.is_empty() || schedule.total.most == 0 {
        return None;
    }
    let all =
        if drawn.len() < schedule.tasks.len() { " Not every task is drawn; the table has all." } else { "" };
    let note = format!(
        "When everything takes its most. The solid part of a bar is the least it takes, the pale part what it may \
         take besides; a ring has no estimate. What is critical has a bold name and a heavy outline. Thin lines are \
         working days.{all}"
    );
    let both = element("div").children([BESIDE, ABOVE].map(|layout| drawing(schedule, &drawn, layout)));
    let frame = element("div").class("flow-frame").child(scroll("Schedule", both));
    Some(element("div").class("apart").child(frame).child(element("p").class("note").text(note)))
}

fn drawing(schedule: &Schedule, drawn: &[&ScheduledTask], layout: Layout) -> Element {
    let scale = Scale { most: u64::from(schedule.total.most), layout };
    let bottom = TOP + layout.row * u64::try_from(drawn.len()).unwrap_or(0) + 8;
    let right = scale.end() + if layout.left < WORDS { 8 } else { 24 };
    let rows = (0_u64..).zip(drawn).map(|(at, task)| row(at, task, scale));
    svg(&format!("0 0 {right} {bottom}"), "The schedule; the table below has the same in figures")
        .class(layout.class)
        .attr("width", right.to_string())
        .attr("height", bottom.to_string())
        .children(days(scale, bottom))
        .children(rows)
        .children(joints(schedule, drawn, scale))
        .children(marks(schedule, scale, bottom))
}

/// Minutes to places.
#[derive(Debug, Clone, Copy)]
struct Scale {
    most: u64,
    layout: Layout,
}

impl Scale {
    fn at(self, minutes: u32) -> u64 {
        self.layout.left + self.long(u64::from(minutes))
    }

    fn long(self, minutes: u64) -> u64 {
        minutes.min(self.most) * self.layout.wide / self.most.max(1)
    }

    fn end(self) -> u64 {
        self.layout.left + self.layout.wide
    }

    /// The top of a bar.
    fn bar(self, row: u64) -> u64 {
        TOP + row * self.layout.row + self.layout.bar
    }
}

fn days(scale: Scale, bottom: u64) -> Vec<Element> {
    let number = scale.most / A_DAY;
    let days = if number > DAYS { 0..0 } else { 0..number };
    let line =
        |day: u64| vertical("day-line", scale.layout.left + scale.long((day + 1) * A_DAY), TOP - 6, bottom);
    days.map(line).collect()
}

/// Now, the end, and what the simulation says. Each has a line of its own and the earlier one the
/// lower, so that no line goes through the words of another.
fn marks(schedule: &Schedule, scale: Scale, bottom: u64) -> Vec<Element> {
    let left = scale.layout.left;
    let mut marks =
        vec![vertical("edge", left, TOP - 12, bottom), write("axis", left, TOP - 16, "now".to_owned())];
    let mut mark = |class: &str, x: u64, y: u64, text: String| {
        marks.push(vertical(class, x, y + 4, bottom));
        marks.push(write(if x < WORDS { "axis" } else { "axis end" }, x, y, text));
    };
    mark("edge", scale.end(), TOP - 48, format!("at most {}", WorkTime(schedule.total.most)));
    if let Some(drawn) = &schedule.simulation {
        mark("chance", scale.at(drawn.p90.0), TOP - 32, format!("P90 {}", drawn.p90));
        mark("chance", scale.at(drawn.p50.0), TOP - 16, format!("P50 {}", drawn.p50));
    }
    marks
}

fn row(at: u64, task: &ScheduledTask, scale: Scale) -> Element {
    let layout = scale.layout;
    let y = TOP + at * layout.row;
    let critical = if timing::is_critical(task) { " critical" } else { "" };
    let group = element("g").class(&format!("task{critical}"));
    let group = group
        .child(element("title").label(format!("{} {}", task.id, task.title)))
        .child(write(
            "name",
            layout.name,
            y + layout.line,
            cut(&format!("{} {}", task.id, task.title), layout.fits),
        ))
        .child(write("effort end", layout.effort, y + layout.line, timing::effort(task)));
    let x = scale.at(task.start.most);
    let Some(effort) = task.effort.filter(|effort| effort.most > 0) else {
        let ring = element("circle").class(if task.effort.is_some() { "point" } else { "ring" });
        let (x, y) = (x.to_string(), (scale.bar(at) + BAR / 2).to_string());
        return group.child(ring.attr("cx", x).attr("cy", y).attr("r", "5"));
    };
    // Short bars still must be seen.
    let most = scale.long(u64::from(effort.most)).max(3);
    let least = scale.long(u64::from(effort.least)).min(most);
    let y = scale.bar(at);
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
        vertical("joint", scale.at(task.finish.most), scale.bar(from) + BAR, scale.bar(to))
    };
    pairs.map(joint).collect()
}

fn bar(class: &str, x: u64, y: u64, width: u64) -> Element {
    let bar = element("rect").class(class).attr("x", x.to_string()).attr("y", y.to_string());
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

fn cut(text: &str, fits: usize) -> String {
    match text.char_indices().nth(fits + 2) {
        Some(_) => text.chars().take(fits).chain(['…']).collect(),
        None => text.to_owned(),
    }
}
