//! Schedules: worked examples, and the laws over generated networks.
#![expect(clippy::unwrap_used, reason = "what a test cannot read fails the test")]

use std::collections::BTreeMap;

use gonogo_judge::schedule::{Task, schedule};
use gonogo_model::amount::{Effort, WorkTime};
use gonogo_model::digest::{Digest, canonical};
use gonogo_model::schedule::{Ends, Reach, Schedule, ScheduledTask, TaskKind};
use proptest::prelude::*;

fn seed() -> Digest {
    Digest::of_bytes(b"spec")
}

fn effort(text: &str) -> Effort {
    text.parse().unwrap()
}

fn time(text: &str) -> WorkTime {
    text.parse().unwrap()
}

/// A fix that keeps `owner` busy.
fn fix(id: &str, owner: Option<&str>, takes: Option<&str>, needs: &[&str]) -> Task {
    Task {
        id: id.into(),
        kind: TaskKind::Fix,
        title: format!("do {id}"),
        order: 0,
        action: None,
        owner: owner.map(Into::into),
        busy: true,
        effort: takes.map(effort),
        due: None,
        after_launch: false,
        needs: needs.iter().map(|need| (*need).to_owned()).collect(),
        stream: id.into(),
        opens: Reach { entries: 1, ..Reach::default() },
    }
}

/// Something that only takes time.
fn wait(id: &str, takes: Option<&str>, needs: &[&str]) -> Task {
    Task { busy: false, kind: TaskKind::Stage, ..fix(id, None, takes, needs) }
}

/// The tasks in the order they are written.
fn plan(tasks: Vec<Task>) -> Schedule {
    let ordered = (0..).zip(tasks).map(|(order, task)| Task { order, ..task });
    schedule(&ordered.collect::<Vec<_>>(), &seed())
}

fn task<'a>(schedule: &'a Schedule, id: &str) -> &'a ScheduledTask {
    schedule.tasks.iter().find(|task| task.id == id).unwrap()
}

/// A real assessment said "2-3 days" for work whose first part alone takes 3 to 5.
#[test]
fn five_fixes_take_no_less_than_their_longest() {
    let parts = [("p1", "3d..5d"), ("p2", "2h..4h"), ("p3", "2h..4h"), ("p4", "4h..6h"), ("p5", "2h..3h")];
    let fixes = |owned: bool| {
        plan(parts.iter().map(|(id, takes)| fix(id, owned.then_some(*id), Some(takes), &[])).collect())
    };
    let alone = fixes(false);
    assert_eq!((alone.effort, alone.serial), (effort("4d2h..7d1h"), effort("4d2h..7d1h")));
    // Nobody is named, so one person does it all; with five people the longest part is left.
    assert_eq!((alone.total, alone.floor, alone.parallel), (alone.serial, alone.serial, effort("3d..5d")));
    let five = fixes(true);
    assert_eq!((five.effort, five.total), (alone.effort, effort("3d..5d")));
    assert_eq!((five.floor, five.parallel), (five.total, five.total));
    assert_eq!(five.critical, Ends { at_least: vec!["p1".to_owned()], at_most: vec!["p1".into()] });
    let drawn = five.simulation.clone().unwrap();
    assert_eq!((drawn.samples, drawn.seed.as_str()), (1000, &seed().as_str()[..16]));
    // The middle of 3 to 5 days, give or take what a thousand samples can miss.
    assert!((time("3d7h")..=time("4d1h")).contains(&drawn.p50), "{}", drawn.p50);
    assert!((time("4d3h")..=time("4d6h")).contains(&drawn.p90), "{}", drawn.p90);
    assert_eq!(task(&five, "p1").criticality.clone().unwrap().percent, "100%");
    assert_eq!(task(&five, "p2").slack, Some(Ends { at_least: time("2d6h"), at_most: time("4d4h") }));
}

/// A migration: one long chain to the cutover, and external things that nobody estimated.
#[test]
fn what_nobody_estimated_makes_the_chain_at_least_so_long() {
    let mut tasks = vec![
        fix("ACTION-040", Some("backend"), Some("18d..28d"), &[]),
        fix("ACTION-038", Some("backend"), Some("1d"), &["ACTION-040"]),
    ];
    let later: Vec<String> = (1..=11).map(|at| format!("LATER-{at:03}")).collect();
    tasks.extend(later.iter().map(|id| fix(id, Some("infrastructure"), None, &[])));
    let mut needs: Vec<&str> = vec!["ACTION-038"];
    needs.extend(later.iter().map(String::as_str));
    tasks.push(Task { kind: TaskKind::Phase, ..wait("PHASE-26", Some("0m"), &needs) });
    let schedule = plan(tasks);
    assert_eq!((schedule.total, schedule.parallel), (effort("19d..29d"), effort("19d..29d")));
    assert_eq!((schedule.effort, schedule.without_estimate), (effort("19d..29d"), 11));
    assert_eq!(schedule.critical.at_most, ["ACTION-040", "ACTION-038", "PHASE-26"]);
    assert_eq!(schedule.critical.at_least, schedule.critical.at_most);
    let load = schedule.owners.iter().find(|load| load.owner.as_deref() == Some("infrastructure")).unwrap();
    assert_eq!((load.work.number, load.work.effort, load.work.without_estimate), (11, Effort::NONE, 11));
    // The first frees the second alone; the cutover waits for everything and no one frees it.
    assert_eq!(task(&schedule, "ACTION-040").frees.entries, 1);
    assert_eq!(task(&schedule, "ACTION-038").frees.entries, 0);
    assert_eq!(task(&schedule, "ACTION-040").holds.unwrap().entries, 2);
    assert_eq!(task(&schedule, "LATER-001").holds.unwrap().entries, 1);
    assert_eq!(
        task(&schedule, "LATER-001").slack,
        Some(Ends { at_least: time("19d"), at_most: time("29d") })
    );
    assert_eq!(
        task(&schedule, "ACTION-040").saves,
        Some(Ends { at_least: time("18d"), at_most: time("28d") })
    );
}

#[test]
fn an_owner_does_one_thing_at_a_time_and_waiting_keeps_nobody_busy() {
    let schedule = plan(vec![
        fix("a1", Some("ana"), Some("2h..3h"), &[]),
        fix("a2", Some("ana"), Some("1h"), &[]),
        fix("b1", Some("ben"), Some("2h..4h"), &[]),
        wait("run", Some("30m..40m"), &["a1", "a2", "b1"]),
        wait("other", Some("5h"), &[]),
    ]);
    assert_eq!((schedule.total, schedule.parallel), (effort("5h"), effort("5h")));
    let (a2, run) = (task(&schedule, "a2"), task(&schedule, "run"));
    assert_eq!((a2.after.as_deref(), a2.start, a2.finish), (Some("a1"), effort("2h..3h"), effort("3h..4h")));
    assert_eq!((run.start, run.finish), (effort("3h..4h"), effort("3h30m..4h40m")));
    assert_eq!(run.slack, Some(Ends { at_least: time("1h30m"), at_most: time("20m") }));
    assert_eq!(run.latest_start, Some(Ends { at_least: time("4h30m"), at_most: time("4h20m") }));
    assert_eq!((schedule.effort, schedule.serial), (effort("5h..8h"), effort("10h30m..13h40m")));
}

/// The longest way is another one when everything takes its least.
#[test]
fn both_ends_have_their_own_longest_way() {
    let schedule = plan(vec![
        fix("sure", Some("ana"), Some("4h"), &[]),
        fix("open", Some("ben"), Some("1h..9h"), &[]),
        wait("end", Some("1h"), &["sure", "open"]),
    ]);
    assert_eq!(schedule.critical.at_least, ["sure", "end"]);
    assert_eq!(schedule.critical.at_most, ["open", "end"]);
    assert_eq!(schedule.total, effort("5h..10h"));
    // Done now, each saves only until the other is the longest.
    assert_eq!(task(&schedule, "open").saves, Some(Ends { at_least: time("0m"), at_most: time("5h") }));
    assert_eq!(task(&schedule, "sure").saves, Some(Ends { at_least: time("3h"), at_most: time("0m") }));
    // A symmetric triangle from 1 h to 9 h is over 4 h with 71.9 %.
    let share = task(&schedule, "open").criticality.clone().unwrap();
    assert!((680..=755).contains(&share.samples), "{share:?}");
    assert_eq!(task(&schedule, "end").criticality.clone().unwrap().samples, 1000);
}

#[test]
fn a_lower_bound_counts_what_an_owner_cannot_do_side_by_side() {
    // Ana's second thing can only start after 3 h, and 2 h follow the first.
    let schedule = plan(vec![
        wait("delivery", Some("3h"), &[]),
        fix("a1", Some("ana"), Some("2h"), &["delivery"]),
        fix("a2", Some("ana"), Some("1h"), &["delivery"]),
        wait("run", Some("2h"), &["a1"]),
    ]);
    assert_eq!(
        (schedule.parallel, schedule.floor, schedule.total),
        (effort("7h"), effort("7h"), effort("7h"))
    );
    // In the other order the schedule is an hour longer, and says that no more than that is lost.
    let schedule = plan(vec![
        wait("delivery", Some("3h"), &[]),
        fix("a2", Some("ana"), Some("1h"), &["delivery"]),
        fix("a1", Some("ana"), Some("2h"), &["delivery"]),
        wait("run", Some("2h"), &["a1"]),
    ]);
    assert_eq!(
        (schedule.parallel, schedule.floor, schedule.total),
        (effort("7h"), effort("7h"), effort("8h"))
    );
}

#[test]
fn what_may_come_after_launch_is_in_no_total() {
    let launch = vec![fix("now", Some("ana"), Some("1h"), &[]), wait("gate", Some("10m"), &["now"])];
    let mut tasks = launch.clone();
    let later =
        |id: &str, needs: &[&str]| Task { after_launch: true, ..fix(id, Some("ana"), Some("3d"), needs) };
    tasks.push(later("later", &["gate"]));
    let with = plan(tasks.clone());
    assert_eq!((with.total, with.effort, with.later.effort), (effort("1h10m"), effort("1h"), effort("3d")));
    let last = task(&with, "later");
    assert_eq!((last.slack, last.start, last.after.as_deref()), (None, effort("1h10m"), Some("now")));
    // Unless something before launch needs it.
    tasks.push(wait("end", None, &["later"]));
    let needed = plan(tasks);
    assert!(!task(&needed, "later").after_launch);
    assert_eq!(needed.total, effort("3d1h10m"));
}

#[test]
fn circles_doubles_and_unknown_needs_are_no_trouble() {
    let schedule = plan(vec![
        fix("a", None, Some("1h"), &["c", "a", "nobody"]),
        fix("b", None, Some("1h"), &["a"]),
        fix("c", None, Some("1h"), &["b"]),
        fix("a", None, Some("2h"), &[]),
    ]);
    assert_eq!(schedule.circular, ["a"]);
    assert_eq!(schedule.tasks.len(), 4);
    assert_eq!(schedule.total, effort("5h"));
    let nothing = plan(Vec::new());
    assert_eq!(nothing, Schedule::default());
    let endless =
        vec![fix("x", Some("ana"), Some("4294967295m"), &[]), fix("y", Some("ana"), Some("1h"), &["x"])];
    assert_eq!(plan(endless).total.most, u32::MAX);
}

/// Up to 12 tasks, drawn small: three owners, needs that lead backwards, estimates or none.
fn networks() -> impl Strategy<Value = Vec<Task>> {
    let one = (0..4_usize, 0..40_u32, 0..40_u32, any::<u16>(), 0..8_u8);
    proptest::collection::vec(one, 0..12).prop_map(|drawn| {
        let one = |(at, (owner, least, more, needs, luck)): (usize, (usize, u32, u32, u16, u8))| {
            let needs: Vec<String> = (0..at)
                .filter(|need| needs >> need & 1 == 1 && need % 3 != at % 3)
                .map(|need| format!("t{need}"))
                .collect();
            let owner = [None, Some("ana"), Some("ben"), Some("cas")][owner];
            let known = (luck != 1).then_some(Effort { least, most: least + more });
            Task {
                order: u64::from(luck) * 7 % 5,
                effort: known,
                busy: luck % 3 != 2,
                after_launch: luck == 7,
                needs,
                opens: Reach { checks: u64::from(luck), stages: 1, entries: u64::from(luck % 2) },
                ..fix(&format!("t{at}"), owner, None, &[])
            }
        };
        drawn.into_iter().enumerate().map(one).collect()
    })
}

fn cases(times: u32) -> ProptestConfig {
    let usual = ProptestConfig::default();
    ProptestConfig { cases: usual.cases * times, failure_persistence: None, ..usual }
}

fn is_within(inner: Effort, outer: Effort) -> bool {
    inner.least <= outer.least && inner.most <= outer.most
}

/// No figure of `after` is shorter than in `before`.
fn never_shorter(before: &Schedule, after: &Schedule) -> Result<(), TestCaseError> {
    for (was, is, name) in [
        (before.effort, after.effort, "effort"),
        (before.serial, after.serial, "serial"),
        (before.parallel, after.parallel, "parallel"),
        (before.floor, after.floor, "floor"),
        (before.total, after.total, "total"),
    ] {
        prop_assert!(is_within(was, is), "{name}: {was} became {is}");
    }
    if let (Some(was), Some(is)) = (&before.simulation, &after.simulation) {
        prop_assert!(was.p50 <= is.p50 && was.p90 <= is.p90, "{was:?} became {is:?}");
    }
    Ok(())
}

proptest! {
    #![proptest_config(cases(1))]

    #[test]
    fn no_total_is_shorter_than_its_parts(tasks in networks()) {
        let schedule = schedule(&tasks, &seed());
        let before: Vec<&ScheduledTask> = schedule.tasks.iter().filter(|task| !task.after_launch).collect();
        for task in &before {
            prop_assert!(is_within(task.effort.unwrap_or_default(), schedule.parallel));
            prop_assert!(task.finish.most <= schedule.total.most && task.finish.least <= schedule.total.least);
        }
        prop_assert!(is_within(schedule.parallel, schedule.floor));
        prop_assert!(is_within(schedule.floor, schedule.total));
        prop_assert!(is_within(schedule.total, schedule.serial));
        prop_assert!(is_within(schedule.effort, schedule.serial));
        for load in &schedule.owners {
            prop_assert!(is_within(load.work.effort, schedule.floor));
        }
        let unknown = before.iter().filter(|task| task.effort.is_none()).count();
        prop_assert_eq!(schedule.without_estimate, unknown as u64);
        prop_assert_eq!(schedule.tasks.len(), tasks.len());
        if let Some(drawn) = &schedule.simulation {
            prop_assert!(schedule.total.least <= drawn.p50.0 && drawn.p50 <= drawn.p90 && drawn.p90.0 <= schedule.total.most);
        }
    }

    #[test]
    fn the_order_of_the_input_is_irrelevant(tasks in networks(), turn in 0..12_usize) {
        let mut turned = tasks.clone();
        turned.rotate_left(turn.min(tasks.len()));
        turned.reverse();
        prop_assert_eq!(canonical(&schedule(&tasks, &seed())), canonical(&schedule(&turned, &seed())));
    }

    #[test]
    fn a_larger_estimate_never_makes_anything_earlier(tasks in networks(), which in 0..12_usize, least in 0..30_u32, most in 0..30_u32) {
        prop_assume!(!tasks.is_empty());
        let before = schedule(&tasks, &seed());
        let mut worse = tasks.clone();
        let changed = which % tasks.len();
        worse[changed].effort = tasks[changed].effort.map(|e| Effort { least: e.least + least.min(most), most: e.most + most });
        let after = schedule(&worse, &seed());
        never_shorter(&before, &after)?;
        for (was, is) in before.tasks.iter().zip(&after.tasks) {
            prop_assert!(was.id == is.id && is_within(was.start, is.start) && is_within(was.finish, is.finish));
        }
    }

    /// What something else needs may change the order in which an owner does things, and so the
    /// total; all other work can only add to it.
    #[test]
    fn more_work_never_makes_anything_earlier(tasks in networks(), owner in 0..3_usize, order in 0..5_u64, takes in 0..60_u32, needs in any::<u16>()) {
        let mut more = tasks.clone();
        let needs = (0..tasks.len()).filter(|need| needs >> need & 1 == 1).map(|need| format!("t{need}"));
        more.push(Task { order, needs: needs.collect(), effort: Some(Effort { least: takes / 2, most: takes }), ..fix("new", [None, Some("ana"), Some("ben")][owner], None, &[]) });
        let (before, after) = (schedule(&tasks, &seed()), schedule(&more, &seed()));
        // A need of the new task may move from after launch to before it.
        prop_assume!(before.later.number == after.later.number);
        never_shorter(&before, &after)?;
        prop_assert!(after.effort.most >= before.effort.most + takes);
    }

    #[test]
    fn each_owner_does_one_thing_at_a_time_after_what_it_needs(tasks in networks()) {
        let schedule = schedule(&tasks, &seed());
        let known: BTreeMap<&str, &ScheduledTask> = schedule.tasks.iter().map(|task| (task.id.as_str(), task)).collect();
        let busy: BTreeMap<&str, &Task> = tasks.iter().filter(|task| task.busy).map(|task| (task.id.as_str(), task)).collect();
        for (at, task) in schedule.tasks.iter().enumerate() {
            for need in task.needs.iter().chain(&task.after) {
                prop_assert!(is_within(known[need.as_str()].finish, task.start));
            }
            for earlier in &schedule.tasks[..at] {
                if let (Some(a), Some(b)) = (busy.get(earlier.id.as_str()), busy.get(task.id.as_str())) && a.owner == b.owner {
                    prop_assert!(is_within(earlier.finish, task.start), "{} and {}", earlier.id, task.id);
                }
            }
        }
        // Both ways are ways: each waits for the one before, and the last ends the schedule.
        for (way, end) in [(&schedule.critical.at_least, 0), (&schedule.critical.at_most, 1)] {
            let pick = |effort: Effort| [effort.least, effort.most][end];
            let slack = |task: &ScheduledTask| { let slack = task.slack.unwrap(); [slack.at_least, slack.at_most][end].0 };
            for pair in way.windows(2) {
                let (first, second) = (known[pair[0].as_str()], known[pair[1].as_str()]);
                prop_assert!(second.needs.contains(&first.id) || second.after.as_ref() == Some(&first.id));
                prop_assert_eq!(pick(first.finish), pick(second.start));
            }
            if let Some(last) = way.last() {
                prop_assert_eq!(pick(known[last.as_str()].finish), pick(schedule.total));
            }
            prop_assert!(way.iter().all(|id| slack(known[id.as_str()]) == 0));
        }
    }

    /// The shortcuts are what doing each task now and scheduling again gives.
    #[test]
    fn what_a_task_saves_and_frees_is_what_doing_it_gives(tasks in networks()) {
        let now = schedule(&tasks, &seed());
        for task in now.tasks.iter().filter(|task| !task.after_launch) {
            let mut done = tasks.clone();
            let at = done.iter().position(|other| other.id == task.id).unwrap();
            done[at].effort = Some(Effort::NONE);
            let then = schedule(&done, &seed());
            let saves = task.saves.unwrap();
            prop_assert_eq!(now.total.least - then.total.least, saves.at_least.0, "{}", task.id);
            prop_assert_eq!(now.total.most - then.total.most, saves.at_most.0, "{}", task.id);
        }
        for task in &now.tasks {
            let (frees, holds) = (freed(&tasks, &task.id), held(&tasks, &task.id));
            prop_assert_eq!((task.frees, task.holds), (frees, Some(holds)), "{}", task.id);
        }
    }
}

/// What starts when only this is done, and then whatever that lets start.
fn freed(tasks: &[Task], id: &str) -> Reach {
    let mut done = vec![id.to_owned()];
    let mut sum = Reach::default();
    loop {
        let starts = |task: &&Task| {
            !done.contains(&task.id)
                && !task.needs.is_empty()
                && task.needs.iter().all(|need| done.contains(need))
        };
        let Some(next) = tasks.iter().find(starts) else { return sum };
        add(&mut sum, next);
        done.push(next.id.clone());
    }
}

fn held(tasks: &[Task], id: &str) -> Reach {
    let mut waiting = vec![id.to_owned()];
    let mut sum = Reach::default();
    loop {
        let waits = |task: &&Task| {
            !waiting.contains(&task.id) && task.needs.iter().any(|need| waiting.contains(need))
        };
        let Some(next) = tasks.iter().find(waits) else { return sum };
        add(&mut sum, next);
        waiting.push(next.id.clone());
    }
}

fn add(sum: &mut Reach, task: &Task) {
    sum.checks += task.opens.checks;
    sum.stages += task.opens.stages;
    sum.entries += task.opens.entries;
}
