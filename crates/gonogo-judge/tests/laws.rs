//! The laws of the judge, over generated specs and evidence.
#![expect(clippy::unwrap_used, reason = "what a test cannot read fails the test")]

mod world;

use std::collections::{BTreeMap, BTreeSet};

use gonogo_judge::{Case, Integrity, holding_gates};
use gonogo_model::amount::Effort;
use gonogo_model::digest::canonical;
use gonogo_model::evidence::Skip;
use gonogo_model::register::RegisterStates;
use gonogo_model::spec::Fix;
use gonogo_model::status::{Severity, Status};
use gonogo_model::verdict::{AcceptanceUse, Call, CheckResult, StageState, Verdict};
use proptest::prelude::*;
use world::{Dice, Known, Sight, World, drawn_unproven, world};

fn worlds() -> impl Strategy<Value = World> {
    proptest::collection::vec(any::<u8>(), 0..220).prop_map(|bytes| world(&bytes))
}

fn bytes() -> impl Strategy<Value = Vec<u8>> {
    proptest::collection::vec(any::<u8>(), 1..40)
}

/// `PROPTEST_CASES=20000` digs deeper.
fn cases(times: u32) -> ProptestConfig {
    let usual = ProptestConfig::default();
    ProptestConfig { cases: usual.cases * times, failure_persistence: None, ..usual }
}

/// Numerator and denominator of an exact score.
fn parts(exact: &str) -> (u128, u128) {
    let (above, below) = exact.split_once('/').unwrap();
    (above.parse().unwrap(), below.parse().unwrap())
}

fn is_at_most(a: &str, b: &str) -> bool {
    let ((a, of_a), (b, of_b)) = (parts(a), parts(b));
    a * of_b <= b * of_a
}

/// The same world with the evidence of one check getting worse and worse: one item from PASS to
/// no samples, then the whole check.
fn ladder(world: &World, bytes: &[u8]) -> Vec<World> {
    let dice = &mut Dice(bytes);
    let at = dice.below(world.known.len());
    let with = |known: Known| {
        let mut changed = world.clone();
        changed.known[at] = known;
        changed
    };
    let mut worlds = Vec::new();
    if let Known::Items(items) = &world.known[at] {
        let item = dice.below(items.len());
        for sight in [Sight::Pass, Sight::Partial, Sight::Fail, Sight::Error, Sight::NoSamples] {
            let mut items = items.clone();
            items[item] = sight;
            worlds.push(with(Known::Items(items)));
        }
    }
    worlds.extend([drawn_unproven(dice), drawn_unproven(dice)].map(with));
    worlds
}

proptest! {
    #![proptest_config(cases(1))]

    #[test]
    fn same_input_same_bytes_and_order_is_irrelevant(world in worlds(), bytes in bytes()) {
        let verdict = canonical(&world.judge());
        prop_assert_eq!(&verdict, &canonical(&world.judge()));
        let mut evidence = world.evidence();
        // Older, and equally old, evidence for the same checks, and evidence for no check at all.
        for mut other in world.evidence() {
            other.id = format!("{}#0", other.checks.join("+"));
            evidence.push(other.clone());
            other.checks = vec!["nobody".to_owned()];
            evidence.push(other);
        }
        let verdict_of_more = canonical(&world.judge_with(&evidence, Integrity::Sound));
        prop_assert_eq!(&verdict, &verdict_of_more);
        let dice = &mut Dice(&bytes);
        for at in (1..evidence.len()).rev() {
            evidence.swap(at, dice.below(at + 1));
        }
        prop_assert_eq!(&verdict, &canonical(&world.judge_with(&evidence, Integrity::Sound)));
    }

    #[test]
    fn every_call_but_go_names_checks(world in worlds(), broken in any::<bool>()) {
        let integrity = if broken { Integrity::Broken("line 3 was changed") } else { Integrity::Sound };
        let verdict = world.judge_with(&world.evidence(), integrity);
        prop_assert_eq!(verdict.reasons.is_empty(), verdict.call == Call::Go);
        let known: BTreeSet<&str> = world.spec.checks.iter().map(|check| check.id.as_str()).collect();
        for reason in &verdict.reasons {
            prop_assert!(!reason.checks.is_empty() || !reason.entries.is_empty());
            prop_assert!(!reason.text.is_empty());
            prop_assert!(reason.checks.iter().all(|check| known.contains(check.as_str())));
            prop_assert_eq!(reason.rule.call(), verdict.call);
        }
        prop_assert!(verdict.reasons.is_sorted_by_key(|reason| reason.rule));
        prop_assert!(!broken || verdict.call == Call::NoGo);
    }

    #[test]
    fn one_finding_a_fingerprint_with_one_severity(world in worlds()) {
        let verdict = world.judge();
        let fingerprints: BTreeSet<_> = verdict.findings.iter().map(|finding| &finding.fingerprint).collect();
        let ids: BTreeSet<_> = verdict.findings.iter().map(|finding| &finding.id).collect();
        prop_assert_eq!((fingerprints.len(), ids.len()), (verdict.findings.len(), verdict.findings.len()));
        let severity: BTreeMap<_, _> = world.spec.checks.iter().map(|c| (c.id.as_str(), c.severity)).collect();
        for finding in &verdict.findings {
            let worst = finding.checks.iter().map(|check| severity[check.as_str()]).max();
            prop_assert_eq!(Some(finding.severity), worst);
        }
        let open = verdict.categories.iter().map(|category| category.open.total()).sum::<u64>();
        prop_assert_eq!(open, verdict.open.total());
        prop_assert!(verdict.findings.is_sorted_by_key(|f| std::cmp::Reverse(f.severity)));
    }

    #[test]
    fn scores_are_between_0_and_1_over_a_fixed_denominator(world in worlds()) {
        let verdict = world.judge();
        let mut silent = world.clone();
        silent.known.iter_mut().for_each(|known| *known = Known::Never(None));
        let nothing = silent.judge();
        prop_assert!(is_at_most(&verdict.score.exact, "1/1"));
        for (category, without) in verdict.categories.iter().zip(&nothing.categories) {
            let denominator = |points: &str| points.split_once('/').unwrap().1.to_owned();
            prop_assert_eq!(denominator(&category.score.points), denominator(&without.score.points));
            let planned = world.spec.checks.iter().filter(|c| c.category == category.id && c.not_applicable.is_none());
            prop_assert_eq!(denominator(&category.score.points), planned.count().to_string());
            prop_assert!(is_at_most(&category.score.exact, "1/1"));
            if let Some(uncapped) = &category.uncapped {
                prop_assert!(is_at_most(&category.score.exact, &uncapped.exact));
            }
        }
        prop_assert_eq!(verdict.counts.total(), world.spec.checks.len() as u64);
        prop_assert_eq!(verdict.coverage.planned, nothing.coverage.planned);
    }

    #[test]
    fn what_does_not_apply_does_not_count(world in worlds()) {
        let mut without = world.clone();
        without.known = world.known.iter().zip(&world.spec.checks)
            .map(|(known, check)| if check.not_applicable.is_some() { Known::Items(vec![Sight::Fail]) } else { known.clone() })
            .collect();
        prop_assert_eq!(world.judge().score, without.judge().score);
        prop_assert_eq!(world.judge().call, without.judge().call);
    }

    #[test]
    fn a_verdict_read_back_is_the_same(world in worlds()) {
        let verdict = world.judge();
        let text = serde_json::to_vec(&verdict).unwrap();
        let read: Verdict = serde_json::from_slice(&text).unwrap();
        prop_assert_eq!(&read, &verdict);
        prop_assert_eq!(canonical(&read), canonical(&verdict));
    }

    #[test]
    fn actions_and_path_fit_the_findings(world in worlds()) {
        let verdict = world.judge();
        let numbers: Vec<u64> = verdict.actions.iter().map(|action| action.number).collect();
        prop_assert_eq!(numbers, (1..=verdict.actions.len() as u64).collect::<Vec<_>>());
        let unique: BTreeSet<_> = verdict.actions.iter().map(|a| (&a.text, &a.proven_by)).collect();
        prop_assert_eq!(unique.len(), verdict.actions.len());
        let proven: BTreeSet<&str> =
            verdict.actions.iter().flat_map(|action| &action.proven_by).map(String::as_str).collect();
        for result in &verdict.results {
            let is_open = !matches!(result.status, Status::Pass | Status::NotApplicable | Status::Attested);
            if is_open && !result.accepted {
                prop_assert!(proven.contains(result.check.as_str()), "nothing to do about {}", result.check);
            }
        }
        let tasks = &verdict.schedule.tasks;
        let by_number: BTreeMap<u64, _> = tasks.iter().filter_map(|task| Some((task.action?, task))).collect();
        for action in &verdict.actions {
            match by_number.get(&action.number) {
                Some(task) => prop_assert_eq!((&task.title, &task.owner, task.effort), (&action.text, &action.owner, action.effort)),
                None => prop_assert!(action.text.starts_with("Run the assessment again"), "{}", action.text),
            }
        }
        let in_order = |later: bool| {
            tasks.iter().filter(|task| task.after_launch == later).filter_map(|task| task.action).collect::<Vec<_>>()
        };
        // What the entries of registers wait for may call for another order than that of the numbers.
        let by_numbers = in_order(false).is_sorted() && in_order(true).is_sorted();
        prop_assert!(by_numbers || verdict.registers != RegisterStates::default());
        for (at, task) in tasks.iter().enumerate() {
            let later = tasks.iter().skip(at).find(|later| task.needs.contains(&later.id));
            prop_assert!(later.is_none(), "{} stands before {:?}, which it needs", task.id, later);
        }
        let states: BTreeMap<String, StageState> =
            verdict.stages.iter().map(|stage| (format!("stage/{}", stage.id), stage.state)).collect();
        for (id, state) in &states {
            let is_open = *state != StageState::Passed;
            prop_assert_eq!(tasks.iter().any(|task| task.id == *id), is_open, "{}", id);
        }
        let ids: BTreeSet<&str> = tasks.iter().map(|task| task.id.as_str()).collect();
        prop_assert_eq!(ids.len(), tasks.len());
        prop_assert!(verdict.schedule.circular.is_empty());
        let has_error = |r: &CheckResult| r.items.iter().any(|item| item.status == Status::Error);
        let unproven = verdict.results.iter().filter(|r| r.expect.is_some() && (r.status.is_unproven() || has_error(r))).count();
        prop_assert_eq!(verdict.schedule.unproven.number, unproven as u64);
    }

    #[test]
    fn a_stage_is_held_exactly_when_a_gate_before_it_is_shut(world in worlds()) {
        let (evidence, skips, verdict) = (world.evidence(), world.skips(), world.judge());
        let case = Case { spec: &world.spec, evidence: &evidence, skips: &skips, now: world.now, integrity: Integrity::Sound };
        let opens = |status: Status, accepted: bool| match status {
            Status::Pass | Status::NotApplicable | Status::Partial | Status::Attested => true,
            Status::Fail => accepted,
            _ => false,
        };
        let mut held: BTreeMap<&str, bool> = BTreeMap::new();
        for stage in &world.spec.stages {
            let is_shut = |need: &String| {
                let stage = world.spec.stage(need).unwrap();
                let mut checks = verdict.results.iter().filter(|result| result.stage == *need).peekable();
                let is_empty = checks.peek().is_none();
                stage.gate && (is_empty || !checks.all(|result| opens(result.status, result.accepted)))
            };
            let by = stage.needs.iter().any(|need| held[need.as_str()] || is_shut(need));
            prop_assert_eq!(!holding_gates(&case, &stage.id).is_empty(), by);
            held.insert(&stage.id, by);
        }
        for result in &verdict.results {
            prop_assert!(result.status != Status::Blocked || held[result.stage.as_str()]);
            prop_assert!(result.status != Status::NotRun || result.expect.is_none() || !held[result.stage.as_str()]);
        }
        for gate in verdict.stages.iter().flat_map(|stage| &stage.blocked_by) {
            let own = verdict.results.iter().filter(|r| r.stage == *gate);
            let own: Vec<_> = own.collect();
            prop_assert!(own.is_empty() || own.iter().any(|r| r.status != Status::Blocked && !opens(r.status, r.accepted)));
        }
    }
}

proptest! {
    #![proptest_config(cases(2))]

    #[test]
    fn worse_evidence_never_gives_a_better_call_or_score(world in worlds(), bytes in bytes()) {
        let worlds = ladder(&world, &bytes);
        let verdicts: Vec<Verdict> = worlds.iter().map(World::judge).collect();
        for (at, pair) in verdicts.windows(2).enumerate() {
            let [before, after] = pair else { unreachable!() };
            let step = || format!("{:?}\nto {:?}", worlds[at].known, worlds[at + 1].known);
            prop_assert!(after.call <= before.call, "{} became {}: {}", before.call, after.call, step());
            for (before, after) in before.categories.iter().zip(&after.categories) {
                let (before, after) = (&before.score.exact, &after.score.exact);
                prop_assert!(is_at_most(after, before), "{before} became {after}: {}", step());
            }
            prop_assert!(is_at_most(&after.score.exact, &before.score.exact));
        }
    }

    /// Where everything is known and estimated, worse evidence never makes the end earlier. Where a look
    /// fails, the fix it may need is no longer in the totals, but it is still told.
    #[test]
    fn worse_evidence_never_gives_an_earlier_finish(world in worlds(), bytes in bytes()) {
        let mut world = world;
        let dice = &mut Dice(&bytes);
        // Checks with one root cause have one fix.
        let mut fixes: BTreeMap<String, Fix> = BTreeMap::new();
        for check in &mut world.spec.checks {
            let cause = check.root_cause.as_ref().unwrap_or(&check.id);
            let fix = fixes.entry(cause.clone()).or_insert_with(|| {
                let least = dice.roll() as u32;
                let effort = Some(Effort { least, most: least + 30 });
                Fix { text: format!("fix {cause}"), run: None, owner: Some(dice.pick(&["ana", "ben"]).into()), effort }
            });
            check.fix = Some(fix.clone());
        }
        world.spec.stages.iter_mut().for_each(|stage| stage.takes = Some(Effort { least: 5, most: 9 }));
        let schedules: Vec<_> = ladder(&world, &bytes).iter().map(|world| world.judge().schedule).collect();
        for pair in schedules.windows(2) {
            let [before, after] = pair else { unreachable!() };
            let may_be = after.effort.most + after.unproven.effort.most;
            prop_assert!(before.effort.most <= may_be, "{} became {}", before.effort, after.effort);
            if after.without_estimate == 0 && after.unproven.number == 0 {
                let (was, is) = (before.total, after.total);
                prop_assert!(was.least <= is.least && was.most <= is.most, "{was} became {is}");
                if let (Some(was), Some(is)) = (&before.simulation, &after.simulation) {
                    prop_assert!(was.p50 <= is.p50 && was.p90 <= is.p90, "{was:?} became {is:?}");
                }
            }
        }
    }

    #[test]
    fn silence_is_never_go(world in worlds(), bytes in bytes()) {
        let mut silent = world.clone();
        let dice = &mut Dice(&bytes);
        let unproven = drawn_unproven(dice);
        for known in &mut silent.known {
            *known = if dice.one_in(2) { Known::Items(vec![Sight::NoSamples]) } else { unproven.clone() };
        }
        prop_assert!(silent.judge().call != Call::Go);
    }

    #[test]
    fn an_acceptance_never_lifts_above_conditional_nor_changes_what_was_measured(world in worlds()) {
        let mut without = world.clone();
        without.spec.acceptances.clear();
        let (with, without) = (world.judge(), without.judge());
        let statuses = |verdict: &Verdict| verdict.results.iter().map(|r| r.status).collect::<Vec<_>>();
        let blocked_is_not_run = |verdict: &Verdict| {
            statuses(verdict).into_iter().map(|s| if s == Status::Blocked { Status::NotRun } else { s }).collect::<Vec<_>>()
        };
        prop_assert_eq!(blocked_is_not_run(&with), blocked_is_not_run(&without));
        let measured = |verdict: &Verdict| verdict.categories.iter()
            .map(|c| c.uncapped.as_ref().unwrap_or(&c.score).exact.clone()).collect::<Vec<_>>();
        prop_assert_eq!(measured(&with), measured(&without));
        if with.acceptances.iter().any(|state| state.state == AcceptanceUse::InUse) {
            prop_assert!(with.call <= Call::ConditionalGo);
        }
        prop_assert!(with.call <= without.call.max(Call::ConditionalGo));
        let id = |accepted: &&gonogo_model::verdict::Finding| accepted.accepted;
        for finding in with.findings.iter().filter(id) {
            prop_assert!(with.acceptances.iter().any(|a| a.finding == finding.id && a.state == AcceptanceUse::InUse));
            prop_assert!(finding.severity != Severity::Blocker || world.spec.policy.accept_blockers);
        }
    }
}

#[test]
fn an_empty_spec_is_no_go_and_nothing_panics() {
    let mut world = World::healthy();
    world.known.clear();
    world.spec.checks.clear();
    assert_eq!(world.judge().call, Call::NoGo);
    world.spec.categories.clear();
    world.spec.stages.clear();
    assert_eq!(world.judge().call, Call::NoGo);
    let mut circle = World::healthy();
    circle.spec.stages =
        vec![world::stage("verify", true, &["verify", "x"]), world::stage("x", true, &["verify"])];
    circle.known = vec![Known::Never(None)];
    let verdict = circle.judge();
    assert_eq!((verdict.call, verdict.results[0].status), (Call::NoGo, Status::Blocked));
    let mut lost = World::healthy();
    lost.spec.checks[0].stage = "nowhere".into();
    lost.spec.checks[0].category = "nowhere".into();
    assert_eq!(lost.judge().call, Call::NoGo);
}

#[test]
fn skips_never_change_the_call() {
    let mut world = World::healthy();
    let calls: BTreeSet<Call> = [None, Some(Skip::Filtered), Some(Skip::Cancelled), Some(Skip::OutOfTime)]
        .into_iter()
        .map(|skip| {
            world.known = vec![Known::Never(skip)];
            world.judge().call
        })
        .collect();
    assert_eq!(calls, BTreeSet::from([Call::NoGo]));
}
