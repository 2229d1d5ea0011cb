//! The longest way in a few lines; the other forms have the whole schedule.

use gonogo_model::verdict::{Schedule, ScheduledTask, Verdict};

use crate::line::Line;
use crate::page::Page;
use crate::{timing, words};

/// Steps that are shown.
const STEPS: usize = 8;

/// The total, the way that leads to it, and what to do first; nothing when nothing is open.
pub(crate) fn longest(page: &mut Page, verdict: &Verdict) {
    let schedule = &verdict.schedule;
    let way = timing::longest(schedule);
    if way.is_empty() {
        return;
    }
    let total = Line::new().strong(timing::total(schedule));
    let chances = timing::chances(schedule).map_or_else(Line::new, |chances| Line::from(chances.as_str()));
    page.heading("Critical path", Line::joined([total, chances], "; "));
    page.table(1, &way.iter().take(STEPS).map(|task| row(task)).collect::<Vec<_>>());
    if way.len() > STEPS {
        page.put(1, &Line::new().faint(format!("… {} more; `--format json` has all", way.len() - STEPS)));
    }
    let about = [work(schedule), other(schedule), first(schedule)].into_iter().flatten();
    about.chain(timing::missing(schedule)).for_each(|said| page.put(1, &Line::from(said.as_str())));
}

fn row(task: &ScheduledTask) -> Vec<Line> {
    let owner = task.owner.as_deref().unwrap_or_default();
    vec![
        Line::new().strong(&task.id),
        Line::from(timing::effort(task).as_str()),
        Line::from(owner),
        Line::from(words::cut(&task.title).as_str()),
    ]
}

fn work(schedule: &Schedule) -> Option<String> {
    let Schedule { effort, floor, total, .. } = schedule;
    let floor = (floor != total).then(|| format!(" No order of it can be shorter than {floor}."));
    (schedule.serial.most > 0).then(|| format!("Work of people: {effort}.{}", floor.unwrap_or_default()))
}

fn other(schedule: &Schedule) -> Option<String> {
    let way = timing::other_way(schedule)?;
    (way.len() <= STEPS)
        .then(|| format!("When everything takes its least, another way is the longest: {}.", way.join(", ")))
}

fn first(schedule: &Schedule) -> Option<String> {
    let task = timing::find(schedule, schedule.unblocks_most.first()?)?;
    let waits = timing::reach(task.holds.unwrap_or(task.frees));
    (!waits.is_empty()).then(|| format!("Unblocks the most: {}, which holds {waits}.", task.id))
}
