//! Hints never weigh: with them, without them and whatever they show, the verdict is the same.
//! And they are all told.

mod world;

use std::collections::BTreeSet;

use gonogo_judge::{Case, Integrity, holding_gates, lineage};
use gonogo_model::lineage::State;
use gonogo_model::spec::{Check, Fix, Signed};
use gonogo_model::status::{Certainty, Severity, Status};
use gonogo_model::verdict::{Call, Verdict};
use proptest::prelude::*;
use world::{Dice, Known, Sight, World, acceptance, category, check, stage, world};

fn hint(id: &str, stage: &str, category: &str) -> Check {
    Check { certainty: Certainty::Likely, ..check(id, stage, category, Severity::Low) }
}

fn items(sights: &[Sight]) -> Known {
    Known::Items(sights.to_vec())
}

/// A world, and the same one with hints among its checks, in any state and with any root cause.
fn pairs() -> impl Strategy<Value = (World, World)> {
    let bytes = |most| proptest::collection::vec(any::<u8>(), 0..most);
    (bytes(200), bytes(200), bytes(60)).prop_map(|(of_world, of_hints, choices)| {
        let (without, other) = (world(&of_world), world(&of_hints));
        let mut with = without.clone();
        let dice = &mut Dice(&choices);
        for (check, known) in other.spec.checks.into_iter().zip(other.known) {
            let stages: Vec<String> = without.spec.stages.iter().map(|stage| stage.id.clone()).collect();
            let categories: Vec<String> = without.spec.categories.iter().map(|c| c.id.clone()).collect();
            let hint = Check {
                id: format!("h-{}", check.id),
                stage: dice.pick(&stages),
                category: dice.pick(&categories),
                certainty: Certainty::Likely,
                severity: dice.pick(&[Severity::Low, Severity::Medium]),
                ..check
            };
            let at = dice.below(with.spec.checks.len() + 1);
            with.spec.checks.insert(at, hint);
            with.known.insert(at, known);
        }
        (without, with)
    })
}

/// The verdict as it would be in a spec without hints.
fn weighed(world: &World, without: &World) -> Verdict {
    let verdict = world.judge();
    Verdict { spec: without.spec.digest(), hints: vec![], hint_results: vec![], ..verdict }
}

fn shut(world: &World) -> Vec<Vec<String>> {
    let (evidence, skips) = (world.evidence(), world.skips());
    let (spec, now, integrity) = (&world.spec, world.now, Integrity::Sound);
    let case = Case { spec, evidence: &evidence, skips: &skips, now, integrity };
    spec.stages.iter().map(|stage| holding_gates(&case, &stage.id)).collect()
}

proptest! {
    #![proptest_config(ProptestConfig { cases: 512, failure_persistence: None, ..ProptestConfig::default() })]

    #[test]
    fn a_hint_changes_nothing_but_the_hints((without, with) in pairs()) {
        prop_assert_eq!(weighed(&with, &without), without.judge());
        prop_assert_eq!(shut(&with), shut(&without));
    }

    #[test]
    fn what_a_hint_shows_changes_nothing_but_the_hints((_, with) in pairs(), sight in 0..5_usize) {
        let sight = [Sight::Pass, Sight::Partial, Sight::Fail, Sight::Error, Sight::NoSamples][sight];
        let mut other = with.clone();
        for (known, check) in other.known.iter_mut().zip(&with.spec.checks) {
            if check.is_hint() {
                *known = items(&[sight]);
            }
        }
        prop_assert_eq!(weighed(&other, &other), weighed(&with, &with));
    }

    #[test]
    fn every_hint_is_told_once_and_apart((_, with) in pairs()) {
        let verdict = with.judge();
        let told: Vec<&str> = verdict.hint_results.iter().map(|result| result.check.as_str()).collect();
        let hints = with.spec.checks.iter().filter(|check| check.is_hint());
        prop_assert_eq!(&told, &hints.map(|check| check.id.as_str()).collect::<Vec<_>>());
        let found: BTreeSet<_> = verdict.findings.iter().map(|finding| &finding.fingerprint).collect();
        let hinted: BTreeSet<_> = verdict.hints.iter().map(|hint| &hint.fingerprint).collect();
        prop_assert_eq!(hinted.len(), verdict.hints.len());
        prop_assert!(found.is_disjoint(&hinted), "no problem is listed twice");
        prop_assert!(verdict.hints.iter().all(|hint| !hint.accepted));
        prop_assert!(verdict.hints.iter().flat_map(|hint| &hint.checks).all(|id| told.contains(&id.as_str())));
        // What a hint finds is in the list, or a check that weighs has the same root cause.
        for result in &verdict.hint_results {
            let open = result.items.iter().any(|item| matches!(item.status, Status::Fail | Status::Partial));
            let is_told = verdict.hints.iter().any(|hint| hint.checks.contains(&result.check));
            let cause = with.spec.checks.iter().find(|check| check.id == result.check).unwrap();
            let shared = cause.root_cause.as_ref().is_some_and(|cause| {
                verdict.findings.iter().any(|finding| finding.id.ends_with(&format!("/{cause}")))
            });
            prop_assert_eq!(open && !shared, is_told);
        }
        let text = serde_json::to_string(&verdict).unwrap();
        prop_assert_eq!(serde_json::from_str::<Verdict>(&text).unwrap(), verdict);
    }
}

#[test]
fn a_hint_has_every_status_and_the_verdict_stays_go() {
    let n_a = Signed { reason: "no".into(), by: "ana".into() };
    for (known, not_applicable, status, found) in [
        (items(&[Sight::Pass]), None, Status::Pass, 0),
        (items(&[Sight::Pass, Sight::Partial]), None, Status::Partial, 1),
        (items(&[Sight::Fail, Sight::Partial, Sight::Error]), None, Status::Fail, 2),
        (Known::Unmeasured, None, Status::Error, 0),
        (Known::Old, None, Status::Stale, 0),
        (Known::Never(None), None, Status::NotRun, 0),
        (items(&[Sight::Fail]), Some(n_a), Status::NotApplicable, 0),
    ] {
        let hint = Check { not_applicable, ..hint("maybe", "verify", "runtime") };
        let verdict = World::healthy().with(hint, known).judge();
        assert_eq!((verdict.call, verdict.score.points.as_str()), (Call::Go, "100/100"), "{status}");
        assert_eq!((verdict.counts.total(), verdict.coverage.planned, verdict.open.total()), (1, 1, 0));
        assert_eq!((verdict.results.len(), verdict.hint_results[0].status), (1, status));
        assert_eq!((verdict.hints.len(), verdict.findings.len(), verdict.actions.len()), (found, 0, 0));
    }
}

#[test]
fn a_gate_holds_a_hint_and_a_hint_holds_no_gate() {
    let mut world = World::healthy();
    world.spec.stages = vec![stage("gate", true, &[]), stage("verify", false, &["gate"])];
    world.spec.categories = vec![category("runtime", 100)];
    let gate = check("g", "gate", "runtime", Severity::High);
    let with = |gate_holds: Sight, in_gate: Sight| {
        let world = world.clone().with(gate.clone(), items(&[gate_holds]));
        let world = world.with(hint("early", "gate", "runtime"), items(&[in_gate]));
        world.with(hint("late", "verify", "runtime"), Known::Never(None)).judge()
    };
    let shut = with(Sight::Fail, Sight::Pass);
    assert_eq!(shut.hint_results[1].status, Status::Blocked);
    assert_eq!(shut.hint_results[1].why, "the gate `gate` did not pass: g (FAIL)");
    let open = with(Sight::Pass, Sight::Fail);
    assert_eq!((open.call, open.hint_results[1].status), (Call::Go, Status::NotRun));
}

#[test]
fn a_shared_root_cause_is_a_finding_of_the_check_that_weighs() {
    let pool = |check: Check| Check { root_cause: Some("pool".into()), ..check };
    let weighs = || pool(check("sure", "verify", "runtime", Severity::High));
    let guess = || {
        let mut guess = pool(hint("guess", "verify", "runtime"));
        guess.severity = Severity::Medium;
        guess
    };
    // The hint comes first in the plan, in another category, and sees more.
    let mut world = World::healthy();
    world.spec.categories = vec![category("runtime", 60), category("other", 40)];
    world.spec.checks[0].category = "other".into();
    let judged = |sight| {
        let first = Check { category: "other".into(), ..guess() };
        let world = world.clone().with(first, items(&[Sight::Fail, Sight::Fail]));
        world.with(weighs(), items(&[sight])).judge()
    };
    let both = judged(Sight::Fail);
    assert_eq!((both.findings.len(), both.hints.len()), (1, 0));
    assert_eq!(both.findings[0].id, "runtime/pool");
    assert_eq!(
        (both.findings[0].severity, both.findings[0].checks.as_slice()),
        (Severity::High, &["sure".to_owned()][..])
    );
    assert!(!both.findings[0].cause.contains("more"), "{}", both.findings[0].cause);
    assert_eq!(both.hint_results[0].status, Status::Fail);
    let alone = judged(Sight::Pass);
    assert_eq!((alone.findings.len(), alone.hints.len()), (0, 1));
    assert_eq!((alone.hints[0].id.as_str(), alone.hints[0].severity), ("other/pool", Severity::Medium));
    assert_eq!(alone.hints[0].fingerprint, both.findings[0].fingerprint, "promoting a hint keeps it");
}

#[test]
fn a_spec_of_hints_only_is_no_go() {
    let mut world = World::healthy();
    world.spec.checks[0].certainty = Certainty::Likely;
    let verdict = world.judge();
    assert_eq!((verdict.call, verdict.coverage.planned), (Call::NoGo, 0));
    assert_eq!(verdict.hint_results[0].status, Status::Pass);
}

#[test]
fn a_hint_has_cause_impact_place_and_fix_like_a_finding() {
    let mut told = hint("maybe", "verify", "runtime");
    told.impact = Some("it may stop".into());
    told.fix = Some(Fix { text: "look at it".into(), run: None, effort: None, owner: None });
    let verdict = World::healthy().with(told, items(&[Sight::Fail])).judge();
    let [hint] = verdict.hints.as_slice() else { panic!("{:?}", verdict.hints) };
    assert_eq!(hint.cause, "expected `value >= 10`; measured value = 1");
    assert_eq!((hint.id.as_str(), hint.impact.as_deref()), ("runtime/maybe/i0", Some("it may stop")));
    assert_eq!(hint.location.as_ref().map(ToString::to_string).as_deref(), Some("compose.yaml"));
    assert_eq!(hint.fix.as_ref().map(|fix| fix.text.as_str()), Some("look at it"));
}

/// What was stored before there were hints is stored the same today, so old runs still verify.
#[test]
fn without_hints_no_stored_form_knows_of_them() {
    let world = World::healthy();
    let stored =
        serde_json::to_string(&world.judge()).unwrap() + &serde_json::to_string(&world.spec).unwrap();
    assert!(!stored.contains("hint") && !stored.contains("certainty"), "{stored}");
}

#[test]
fn an_acceptance_covers_no_hint() {
    let mut world = World::healthy().with(hint("maybe", "verify", "runtime"), items(&[Sight::Fail]));
    world.spec.acceptances = vec![acceptance("runtime/maybe/i0")];
    let verdict = world.judge();
    assert_eq!((verdict.call, verdict.hints[0].accepted), (Call::Go, false));
}

#[test]
fn lineage_tells_when_a_check_became_a_hint_and_a_hint_a_check() {
    let with = |check: Check, sight| World::healthy().with(check, items(&[sight])).judge();
    let sure = || check("c1", "verify", "runtime", Severity::Low);
    let guess = || hint("c1", "verify", "runtime");
    let lowered = lineage(&with(sure(), Sight::Fail), &with(guess(), Sight::Pass));
    assert_eq!(lowered.entries[0].state, State::Vanished, "a hint proves no fix");
    assert_eq!(lowered.entries[0].why, "`c1` is only a hint now, which is no proof");
    let raised = lineage(&with(guess(), Sight::Fail), &with(sure(), Sight::Fail));
    assert_eq!(raised.entries[0].state, State::New);
    assert_eq!(raised.entries[0].why, "it was only a hint before");
    let dark = lineage(&with(sure(), Sight::Pass), &with(guess(), Sight::Pass));
    assert_eq!(
        (dark.lost[0].check.as_str(), dark.lost[0].why.as_str()),
        ("c1", "it is only a hint now, which is no proof")
    );
    let still = lineage(&with(guess(), Sight::Pass), &with(guess(), Sight::Fail));
    assert!(still.entries.is_empty() && still.is_clean(), "what is only likely is no news");
}
