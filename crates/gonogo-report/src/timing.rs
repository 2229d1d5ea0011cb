//! What every report says about the schedule, in the same words. A task is shown by its name;
//! the charts draw the lengths that stand in the verdict.

use gonogo_model::verdict::{Ends, Reach, Schedule, ScheduledTask, WorkSum};

/// More tasks than this are too many for a drawing.
pub(crate) const MOST_DRAWN: usize = 60;

/// Something that the total does not contain is known to be missing.
pub(crate) fn is_open_ended(schedule: &Schedule) -> bool {
    schedule.without_estimate > 0 || schedule.unproven.number > 0
}

/// `at least 34m..51m`
pub(crate) fn total(schedule: &Schedule) -> String {
    let total = schedule.total;
    if is_open_ended(schedule) { format!("at least {total}") } else { total.to_string() }
}

/// `half of 1000 samples within 41m, nine of ten within 47m`
pub(crate) fn chances(schedule: &Schedule) -> Option<String> {
    let drawn = schedule.simulation.as_ref()?;
    Some(format!("half of {} samples within {}, nine of ten within {}", drawn.samples, drawn.p50, drawn.p90))
}

/// What the total does not contain, in sentences.
pub(crate) fn missing(schedule: &Schedule) -> Vec<String> {
    let Schedule { unproven, later, without_estimate, circular, .. } = schedule;
    let unknown = (*without_estimate > 0).then(|| {
        format!("Without an estimate, so counted as no time: {}.", count(*without_estimate, "task", "tasks"))
    });
    let unproven = (unproven.number > 0).then(|| {
        let checks = count(unproven.number, "check", "checks");
        format!("Not judged yet: {checks}. What does not hold there is more work: {}.", sum(unproven))
    });
    let after = (later.number > 0).then(|| {
        format!("After launch: {}, {}.", count(later.number, "more task", "more tasks"), sum(later))
    });
    let circular = (!circular.is_empty())
        .then(|| format!("These need each other in a circle, which is cut: {}.", circular.join(", ")));
    [unknown, unproven, after, circular].into_iter().flatten().collect()
}

/// `2h..1d 4h, and 3 without an estimate`
fn sum(work: &WorkSum) -> String {
    match work.without_estimate {
        0 => work.effort.to_string(),
        without => format!("{}, and {without} without an estimate", work.effort),
    }
}

fn count(number: u64, one: &str, more: &str) -> String {
    format!("{number} {}", if number == 1 { one } else { more })
}

/// The tasks of the longest way at the most, and how it differs at the least.
pub(crate) fn longest(schedule: &Schedule) -> Vec<&ScheduledTask> {
    schedule.critical.at_most.iter().filter_map(|id| find(schedule, id)).collect()
}

/// The longest way at the least, when it is another one.
pub(crate) fn other_way(schedule: &Schedule) -> Option<&[String]> {
    let Ends { at_least, at_most } = &schedule.critical;
    (at_least != at_most).then_some(at_least.as_slice())
}

pub(crate) fn find<'a>(schedule: &'a Schedule, id: &str) -> Option<&'a ScheduledTask> {
    schedule.tasks.iter().find(|task| task.id == id)
}

pub(crate) fn effort(task: &ScheduledTask) -> String {
    task.effort.map_or("no estimate".to_owned(), |effort| effort.to_string())
}

/// `2d 6h / 4d 4h`, or once when both are the same.
pub(crate) fn ends<T: PartialEq + ToString>(ends: &Option<Ends<T>>) -> String {
    match ends {
        Some(Ends { at_least, at_most }) if at_least == at_most => at_most.to_string(),
        Some(Ends { at_least, at_most }) => format!("{} / {}", at_least.to_string(), at_most.to_string()),
        None => String::new(),
    }
}

/// `8 checks, 8 stages`; empty when nothing waits.
pub(crate) fn reach(reach: Reach) -> String {
    let Reach { checks, stages, entries } = reach;
    let named = [(checks, "check", "checks"), (stages, "stage", "stages"), (entries, "entry", "entries")];
    let said = named.into_iter().filter(|(number, ..)| *number > 0);
    let said = said.map(|(number, one, more)| count(number, one, more));
    said.collect::<Vec<_>>().join(", ")
}

/// `937/1000`-like share with its percentage.
pub(crate) fn share(schedule: &Schedule, task: &ScheduledTask) -> String {
    match (&task.criticality, &schedule.simulation) {
        (Some(share), Some(drawn)) => format!("{} ({}/{})", share.percent, share.samples, drawn.samples),
        _ => String::new(),
    }
}

/// The tasks that fit a drawing: all before launch, else those without slack, in their order.
pub(crate) fn drawn(schedule: &Schedule) -> Vec<&ScheduledTask> {
    let before: Vec<&ScheduledTask> = schedule.tasks.iter().filter(|task| !task.after_launch).collect();
    if before.len() <= MOST_DRAWN {
        return before;
    }
    before.into_iter().filter(|task| is_critical(task)).take(MOST_DRAWN).collect()
}

/// Without slack when everything takes its most, which is what is drawn.
pub(crate) fn is_critical(task: &ScheduledTask) -> bool {
    task.slack.is_some_and(|slack| slack.at_most.0 == 0)
}
