//! How long judging takes: a million results to a verdict, and ten thousand checks from their
//! evidence, on one core. Prints a table; the targets are those of the design.
#![expect(clippy::print_stdout, reason = "a bench prints its table")]
#![expect(clippy::disallowed_types, clippy::disallowed_methods, reason = "a bench needs a clock")]

#[path = "../tests/world/mod.rs"]
mod world;

use std::collections::BTreeMap;
use std::hint::black_box;
use std::time::{Duration, Instant};

use gonogo_judge::schedule::{Task, schedule};
use gonogo_judge::{Case, Integrity, Judged, judge, verdict_of};
use gonogo_model::amount::Effort;
use gonogo_model::digest::Digest;
use gonogo_model::evidence::Skip;
use gonogo_model::schedule::{Reach, TaskKind};
use gonogo_model::status::Severity;
use world::{Known, Sight, World, category, check, stage};

const ROUNDS: usize = 5;

fn main() {
    println!("| what | checks | best of {ROUNDS} | target |");
    println!("|---|---|---|---|");
    let mixed = verdict_of_results(1_000_000, |at| if at % 20 == 7 { Sight::Fail } else { Sight::Pass });
    println!("| results to verdict, 1 in 20 fails | 1,000,000 | {mixed:.0?} | < 1 s |");
    let passing = verdict_of_results(1_000_000, |_| Sight::Pass);
    println!("| results to verdict, all pass | 1,000,000 | {passing:.0?} | < 1 s |");
    let failing = verdict_of_results(1_000_000, |_| Sight::Error);
    println!("| results to verdict, all in error | 1,000,000 | {failing:.0?} | < 1 s |");
    println!("| evidence to verdict | 10,000 | {:.0?} | – |", from_evidence(10_000));
    println!("| tasks to schedule, wide | 10,000 | {:.0?} | – |", from_tasks(10_000, 2));
    println!("| tasks to schedule, deep | 10,000 | {:.0?} | – |", from_tasks(10_000, 9_999));
}

/// Tasks of twenty owners with two needs each, in so many layers.
fn from_tasks(number: usize, layers: usize) -> Duration {
    let wide = number.div_ceil(layers);
    let task = |at: usize| {
        let before = (at / wide).checked_sub(1).map(|layer| layer * wide);
        let needs = before.into_iter().flat_map(|first| [first + at % wide, first + (at * 7 + 3) % wide]);
        Task {
            id: format!("t{at}"),
            kind: TaskKind::Fix,
            title: "work".into(),
            order: at as u64,
            action: None,
            owner: Some(format!("owner {}", at % 20)),
            busy: true,
            effort: Some(Effort { least: 10, most: 10 + (at % 90) as u32 }),
            due: None,
            after_launch: false,
            needs: needs.map(|need| format!("t{need}")).collect(),
            stream: format!("t{at}"),
            opens: Reach { checks: 1, stages: 0, entries: 1 },
        }
    };
    let tasks: Vec<Task> = (0..number).map(task).collect();
    let once = || {
        let start = Instant::now();
        let schedule = schedule(black_box(&tasks), &Digest::of_bytes(b"spec"));
        let took = start.elapsed();
        assert_eq!((schedule.tasks.len(), schedule.simulation.is_some()), (number, true));
        took
    };
    (0..ROUNDS).map(|_| once()).min().unwrap_or_default()
}

/// Ten categories, a hundred stages one after another, one item a check.
fn large(checks: usize, sight: impl Fn(usize) -> Sight) -> World {
    let mut world = World::healthy();
    let stages = (0..100_usize).map(|at| {
        let before = at.checked_sub(1).map(|before| format!("s{before}"));
        stage(&format!("s{at}"), false, &before.iter().map(String::as_str).collect::<Vec<_>>())
    });
    world.spec.stages = stages.collect();
    world.spec.categories = (0..10).map(|at| category(&format!("k{at}"), 10)).collect();
    let severity = [Severity::Low, Severity::Medium, Severity::High, Severity::Blocker];
    let ids = (0..checks).map(|at| {
        let (stage, category) = (at * 100 / checks, at % 10);
        check(&format!("check-{at}"), &format!("s{stage}"), &format!("k{category}"), severity[at % 4])
    });
    world.spec.checks = ids.collect();
    world.known = (0..checks).map(|at| Known::Items(vec![sight(at)])).collect();
    world
}

fn verdict_of_results(checks: usize, sight: impl Fn(usize) -> Sight) -> Duration {
    let world = large(checks, sight);
    let digest = world.spec.digest();
    let (results, found) = results(&world);
    let once = || {
        let judged = Judged {
            seed: digest.clone(),
            digest: digest.clone(),
            results: results.clone(),
            found: found.clone(),
            acceptances: vec![],
            tasks: BTreeMap::new(),
            now: world.now,
            integrity: Integrity::Sound,
        };
        let start = Instant::now();
        let verdict = verdict_of(&world.spec, black_box(judged));
        let took = start.elapsed();
        assert_eq!(verdict.counts.total(), checks as u64);
        took
    };
    (0..ROUNDS).map(|_| once()).min().unwrap_or_default()
}

/// The results and findings that the world's evidence would give, without evaluating a million
/// expressions first: each check is one of two kinds, and each kind is judged once.
fn results(world: &World) -> (Vec<gonogo_model::verdict::CheckResult>, Vec<gonogo_judge::Found>) {
    let mut kinds: BTreeMap<String, gonogo_model::verdict::Verdict> = BTreeMap::new();
    let (mut results, mut found) = (Vec::new(), Vec::new());
    for (at, (check, known)) in world.spec.checks.iter().zip(&world.known).enumerate() {
        let kind = kinds.entry(format!("{known:?} {}", check.severity)).or_insert_with(|| {
            let mut one = World::healthy();
            one.spec.checks[0].severity = check.severity;
            one.known = vec![known.clone()];
            one.judge()
        });
        let mut result = kind.results[0].clone();
        result.check.clone_from(&check.id);
        result.stage.clone_from(&check.stage);
        result.category.clone_from(&check.category);
        results.push(result);
        if let Some(finding) = kind.findings.first() {
            let mut finding = finding.clone();
            finding.id = format!("{}/{}/i0", check.category, check.id);
            finding.checks = vec![check.id.clone()];
            found.push(gonogo_judge::Found { finding, checks: vec![at] });
        }
    }
    found.sort_by_key(|found| (std::cmp::Reverse(found.finding.severity), found.checks[0]));
    (results, found)
}

fn from_evidence(checks: usize) -> Duration {
    let world = large(checks, |at| if at % 20 == 7 { Sight::Fail } else { Sight::Pass });
    let (evidence, skips): (_, BTreeMap<String, Skip>) = (world.evidence(), BTreeMap::new());
    let case = Case {
        spec: &world.spec,
        evidence: &evidence,
        skips: &skips,
        now: world.now,
        integrity: Integrity::Sound,
    };
    let once = || {
        let start = Instant::now();
        black_box(judge(&case));
        start.elapsed()
    };
    (0..ROUNDS).map(|_| once()).min().unwrap_or_default()
}
