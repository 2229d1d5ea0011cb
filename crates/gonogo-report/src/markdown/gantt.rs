//! The schedule as a Mermaid Gantt chart. Mermaid has no quoting in it: a line is a name, a colon
//! and what to draw, so a name keeps only characters that mean nothing to Mermaid, and always
//! begins with a word of ours, because a line that begins with a keyword is a command.

use std::collections::BTreeMap;

use gonogo_model::verdict::{Schedule, ScheduledTask};

use super::document::{Document, fenced};
use crate::{clean, timing};

/// Characters of a name that are shown.
const FITS: usize = 60;
/// A chart of so many minutes has an axis with hours; the day of a longer one is no day of
/// Mermaid, so it has no figures.
const A_DAY: u32 = 480;

/// The chart with a sentence about it; nothing when there is nothing to draw.
pub(crate) fn chart(document: &mut Document, schedule: &Schedule) {
    let drawn = timing::drawn(schedule);
    if drawn.is_empty() {
        return;
    }
    document.block(&fenced(&source(schedule, &drawn), "mermaid", 0));
    document.block(
        "Drawn as it is when everything takes its most. Red is critical, a diamond takes no time or has no estimate.",
    );
}

fn source(schedule: &Schedule, drawn: &[&ScheduledTask]) -> String {
    let axis = if schedule.total.most <= A_DAY { "%H:%M" } else { "|" };
    let places: BTreeMap<&str, usize> =
        drawn.iter().enumerate().map(|(at, task)| (task.id.as_str(), at)).collect();
    let head = format!("gantt\n  dateFormat YYYY-MM-DD HH:mm\n  axisFormat {axis}\n  todayMarker off");
    let lines = drawn.iter().enumerate().map(|(at, task)| line(at, task, &places));
    [head].into_iter().chain(lines).collect::<Vec<_>>().join("\n")
}

/// `  fix 2 Set the pool size (1m..2m) :crit, t1, after t0, 2m`
fn line(at: usize, task: &ScheduledTask, places: &BTreeMap<&str, usize>) -> String {
    let most = task.effort.unwrap_or_default().most;
    let before: Vec<String> = task
        .needs
        .iter()
        .chain(&task.after)
        .filter_map(|id| places.get(id.as_str()))
        .map(|place| format!("t{place}"))
        .collect();
    let start =
        if before.is_empty() { "2000-01-01 00:00".to_owned() } else { format!("after {}", before.join(" ")) };
    let critical = if timing::is_critical(task) { "crit, " } else { "" };
    let point = if most == 0 { "milestone, " } else { "" };
    format!("  {} :{critical}{point}t{at}, {start}, {most}m", name(task))
}

fn name(task: &ScheduledTask) -> String {
    let number = task.action.map_or_else(String::new, |number| format!(" {number}"));
    let owner = task.owner.as_ref().map_or_else(String::new, |owner| format!(", {}", harmless(owner)));
    let title = harmless(&task.title);
    format!("{}{number} {title} ({}{owner})", task.kind.word(), timing::effort(task))
}

/// Letters, digits and the few marks that Mermaid reads as text, in one line that is not long.
fn harmless(data: &str) -> String {
    let is_harmless =
        |c: char| c.is_alphanumeric() || matches!(c, '.' | '_' | '/' | '-' | '+' | '=' | '(' | ')');
    let kept: String = clean::line(data).chars().map(|c| if is_harmless(c) { c } else { ' ' }).collect();
    let words = kept.split_whitespace().collect::<Vec<_>>().join(" ");
    match words.char_indices().nth(FITS) {
        Some((end, _)) => format!("{}…", words.get(..end).unwrap_or_default()),
        None => words,
    }
}
