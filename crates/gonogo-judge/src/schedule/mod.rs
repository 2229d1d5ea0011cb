//! From tasks to a schedule: who does what when, what the longest way is, what may happen, and
//! what unblocks the most. Whole minutes only; knows no check, no finding and no calendar.

mod chance;
mod floor;
mod network;
mod reach;
mod shortcut;
mod times;

use std::cmp::Reverse;
use std::collections::BTreeMap;

use gonogo_model::amount::{Effort, WorkTime};
use gonogo_model::digest::Digest;
use gonogo_model::schedule::{Ends, OwnerLoad, Reach, Schedule, ScheduledTask, TaskKind, WorkSum};
use jiff::civil::Date;

use network::Network;
use times::Times;

/// A piece of open work.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Task {
    /// Its name; one that is there twice means the first.
    pub id: String,
    /// What it is.
    pub kind: TaskKind,
    /// What is to be done.
    pub title: String,
    /// Its owner does the work with the smaller number first.
    pub order: u64,
    /// The number of its action.
    pub action: Option<u64>,
    /// Who does it.
    pub owner: Option<String>,
    /// It keeps its owner busy; otherwise it only takes time.
    pub busy: bool,
    /// How long it takes, if anybody estimated it.
    pub effort: Option<Effort>,
    /// The last day it may be done.
    pub due: Option<Date>,
    /// It may come after launch, unless something before launch needs it.
    pub after_launch: bool,
    /// The tasks it waits for; one that is not there is done.
    pub needs: Vec<String>,
    /// What its draws depend on besides the seed, the same in every run.
    pub stream: String,
    /// What starts when it may start.
    pub opens: Reach,
}

/// The schedule of `tasks` in any order, and its simulation drawn from `seed`.
///
/// Each owner does one thing at a time: the task with the smallest `order` among those whose
/// needs come before it. Time and space are O((n + m) log n) for n tasks with m needs, besides a
/// simulation and a count of what waits that are both bounded.
pub fn schedule(tasks: &[Task], seed: &Digest) -> Schedule {
    let network = Network::of(tasks);
    let free = both(|end| Times::of(&network.needs, &network.lengths(end), network.before_launch));
    let planned = network.with_owners();
    let plan = both(|end| Times::of(&planned, &network.lengths(end), network.before_launch));
    let drawn = chance::simulate(&network, &planned, seed);
    let saves = both(|end| shortcut::saves(&planned, end.pick(&plan), network.before_launch));
    let floors = both(|end| floor::of(&network, end.pick(&free), &network.lengths(end)));
    let critical = both(|end| end.pick(&plan).longest(&planned));
    let frees = reach::frees(&network);
    let holds = reach::holds(&network);
    let scheduled = network.tasks.iter().enumerate().map(|(at, task)| {
        let before = at < network.before_launch;
        ScheduledTask {
            id: task.id.clone(),
            kind: task.kind,
            title: task.title.clone(),
            action: task.action,
            owner: task.owner.clone(),
            effort: task.effort,
            due: task.due,
            after_launch: !before,
            needs: network.ids(&network.needs[at]),
            after: network.only_owner_before(at).map(|before| network.id(before)),
            start: range(&plan, |times| times.start[at]),
            finish: range(&plan, |times| times.finish[at]),
            latest_start: before.then(|| ends(&plan, |times| times.latest_start(at))),
            slack: before.then(|| ends(&plan, |times| times.slack(at))),
            criticality: drawn.as_ref().filter(|_| before).and_then(|drawn| drawn.share(at)),
            frees: frees[at],
            holds: holds.as_ref().map(|holds| holds[at]),
            saves: before.then(|| ends(&saves, |saves| saves[at])),
        }
    });
    let scheduled: Vec<ScheduledTask> = scheduled.collect();
    Schedule {
        unblocks_most: unblocks_most(&scheduled),
        tasks: scheduled,
        also_critical: Ends {
            at_least: also_critical(&plan.at_least, &critical.at_least),
            at_most: also_critical(&plan.at_most, &critical.at_most),
        },
        critical: Ends { at_least: network.ids(&critical.at_least), at_most: network.ids(&critical.at_most) },
        parallel: range(&free, |times| times.length),
        floor: effort(floors.at_least, floors.at_most),
        total: range(&plan, |times| times.length),
        simulation: drawn.map(|drawn| drawn.simulation),
        circular: network.ids(&network.circular),
        ..sums(&network)
    }
}

/// What to do first, of what can be done now.
fn unblocks_most(tasks: &[ScheduledTask]) -> Vec<String> {
    const MOST: usize = 10;
    let number = |reach: Reach| reach.checks.saturating_add(reach.stages).saturating_add(reach.entries);
    let gain = |task: &ScheduledTask| {
        let saves = task.saves.unwrap_or_default();
        (number(task.holds.unwrap_or_default()), number(task.frees), saves.at_most, saves.at_least)
    };
    let gains = tasks.iter().filter(|task| task.needs.is_empty()).map(|task| (Reverse(gain(task)), task));
    let nothing = Reverse((0, 0, WorkTime(0), WorkTime(0)));
    let mut gains: Vec<_> = gains.filter(|(gain, _)| *gain != nothing).collect();
    // A stable sort: what gains the same stays in the order of the list.
    gains.sort_by_key(|(gain, _)| *gain);
    gains.into_iter().take(MOST).map(|(_, task)| task.id.clone()).collect()
}

/// What can be added up without a network.
fn sums(network: &Network<'_>) -> Schedule {
    let (mut work, mut all, mut later) = (WorkSum::default(), WorkSum::default(), WorkSum::default());
    let mut owners: BTreeMap<Option<&str>, WorkSum> = BTreeMap::new();
    for (at, task) in network.tasks.iter().enumerate() {
        if at >= network.before_launch {
            later.add(task.effort);
            continue;
        }
        all.add(task.effort);
        if task.busy {
            work.add(task.effort);
            owners.entry(task.owner.as_deref()).or_default().add(task.effort);
        }
    }
    // Owners by name, and what nobody owns last.
    let (named, unnamed): (Vec<_>, Vec<_>) = owners.into_iter().partition(|(owner, _)| owner.is_some());
    let load = |(owner, work): (Option<&str>, WorkSum)| OwnerLoad { owner: owner.map(str::to_owned), work };
    Schedule {
        effort: work.effort,
        serial: all.effort,
        without_estimate: all.without_estimate,
        owners: named.into_iter().chain(unnamed).map(load).collect(),
        later,
        ..Schedule::default()
    }
}

/// Tasks without slack that are not on the way.
fn also_critical(times: &Times, way: &[usize]) -> u64 {
    let all = times.without_slack();
    u64::try_from(all.saturating_sub(way.len())).unwrap_or(u64::MAX)
}

/// One of the two ends of every estimate.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum End {
    Least,
    Most,
}

impl End {
    /// How long the task takes at this end; no time when nobody estimated it.
    fn of(self, task: &Task) -> u64 {
        let effort = task.effort.unwrap_or_default();
        u64::from(if self == End::Least { effort.least } else { effort.most })
    }

    fn pick<T>(self, both: &Ends<T>) -> &T {
        if self == End::Least { &both.at_least } else { &both.at_most }
    }
}

fn both<T>(figure: impl Fn(End) -> T) -> Ends<T> {
    Ends { at_least: figure(End::Least), at_most: figure(End::Most) }
}

fn ends<T>(both: &Ends<T>, figure: impl Fn(&T) -> u64) -> Ends<WorkTime> {
    Ends { at_least: time(figure(&both.at_least)), at_most: time(figure(&both.at_most)) }
}

fn range(plan: &Ends<Times>, figure: impl Fn(&Times) -> u64) -> Effort {
    effort(figure(&plan.at_least), figure(&plan.at_most))
}

fn effort(least: u64, most: u64) -> Effort {
    Effort { least: time(least).0, most: time(most).0 }
}

/// Sums may leave 32 bits, at some 17,000 years of work; there they stop.
fn time(minutes: u64) -> WorkTime {
    WorkTime(u32::try_from(minutes).unwrap_or(u32::MAX))
}
