//! How registers stand and what they weigh, case by case, and the figures of a real checkpoint.
#![expect(clippy::panic, reason = "a table that is missing fails the test")]

mod world;

use gonogo_model::register::{
    BlockerProgress, DecisionProgress, PhaseProgress, SignatureState, Standing, StandingCounts,
};
use gonogo_model::spec::register::{Authorisation, Bond, BoundTask, Ref, Registers, Role, SignOff, TaskFile};
use gonogo_model::spec::{Signed, Statement};
use gonogo_model::status::{Severity, Status};
use gonogo_model::verdict::{Call, Priority, Rule, Verdict};
use world::registers::{
    blocker, bond, checklist, decision, file_checklist, origin, phase, section, signed, task,
};
use world::{Known, Sight, World, category, check, stage, statement};

const PAGE: &str = include_str!("../../../docs/concepts/registers.md");

/// A healthy world with a second check of low severity in a stage that nobody requires, so that
/// only registers can make its status weigh.
fn beside(known: Known) -> World {
    let mut world = World::healthy();
    world.spec.stages.push(stage("later", false, &[]));
    world.spec.stages[1].required = false;
    for at in 1..20 {
        let next = check(&format!("c{at}"), "verify", "runtime", Severity::Low);
        world = world.with(next, Known::Items(vec![Sight::Pass]));
    }
    world.with(check("proof", "later", "runtime", Severity::Low), known)
}

fn with(mut world: World, registers: Registers) -> Verdict {
    world.spec.registers = registers;
    world.judge()
}

fn rules(verdict: &Verdict) -> Vec<Rule> {
    verdict.reasons.iter().map(|reason| reason.rule).collect()
}

fn of_blocker(bond: Option<Bond>) -> Registers {
    Registers { blockers: vec![blocker("b", bond)], ..Registers::default() }
}

/// What each row of the page is bound to.
fn bound(row: &str) -> (World, Option<Bond>) {
    let items = |sight| Known::Items(vec![sight]);
    match row {
        "a check that is PASS" => (beside(items(Sight::Pass)), bond("proof")),
        "a check that is N/A" => {
            let mut world = beside(items(Sight::Fail));
            world.spec.checks[20].not_applicable = Some(Signed { reason: "none".into(), by: "ana".into() });
            (world, bond("proof"))
        }
        "a check that is ATTESTED" => {
            let mut world = beside(Known::Never(None));
            world.spec.checks[20].proof = statement("2026-11-01", "2026-12-01");
            (world, bond("proof"))
        }
        "a signature that holds" => {
            (beside(items(Sight::Pass)), Some(Bond::Attested(signed("2026-11-01", "2026-12-01"))))
        }
        "a check that is PARTIAL" => (beside(items(Sight::Partial)), bond("proof")),
        "a check that is FAIL" => (beside(items(Sight::Fail)), bond("proof")),
        "a check that is BLOCKED, NOT RUN, ERROR or STALE" => (beside(Known::Unmeasured), bond("proof")),
        "a signature that is missing or over" => {
            (beside(items(Sight::Pass)), Some(Bond::Attested(signed("2026-11-01", "2026-11-20"))))
        }
        "nothing" => (beside(items(Sight::Pass)), None),
        other => panic!("`{other}` is no row"),
    }
}

#[test]
fn every_row_of_the_page_is_true() {
    let header = "| Bound to | Stands |";
    let start = PAGE.find(header).unwrap_or_else(|| panic!("no table"));
    let rows: Vec<Vec<&str>> = PAGE[start..]
        .lines()
        .skip(2)
        .take_while(|line| line.starts_with('|'))
        .map(|row| row.trim_matches('|').split('|').map(str::trim).collect())
        .collect();
    assert_eq!(rows.len(), 9);
    for row in rows {
        let [row, standing, of_blockers, of_decisions, of_tasks, call] = row[..] else { panic!("{row:?}") };
        let (world, bond) = bound(row);
        let clean = world.clone();
        assert_ne!(clean.judge().call, Call::NoGo, "{row}: only the register may say NO-GO");
        let verdict = with(world.clone(), of_blocker(bond.clone()));
        let state = &verdict.registers.blockers[0];
        assert_eq!((state.basis.standing.word(), state.state.word()), (standing, of_blockers), "{row}");
        let (blockers, decisions) = call.split_once(", a decision ").unwrap_or((call, call));
        let expected = |said: &str| match said {
            "NO-GO" => vec![Rule::RegisterOpen],
            "CONDITIONAL GO" => vec![Rule::RegisterPending],
            _ => vec![],
        };
        let of_registers = |verdict: &Verdict| -> Vec<Rule> {
            let registers = |rule: &Rule| matches!(rule, Rule::RegisterOpen | Rule::RegisterPending);
            rules(verdict).into_iter().filter(registers).collect()
        };
        assert_eq!(of_registers(&verdict), expected(blockers), "{row}: {:?}", verdict.reasons);
        let decided = Registers { decisions: vec![decision("e", bond.clone())], ..Registers::default() };
        let verdict = with(world.clone(), decided);
        assert_eq!(verdict.registers.decisions[0].state.word(), of_decisions, "{row}");
        assert_eq!(of_registers(&verdict), expected(decisions), "{row}: {:?}", verdict.reasons);
        let list = checklist("l", vec![section("s", Some("T-7d"), vec![task("t", bond)])]);
        let verdict = with(world, Registers { checklists: vec![list], ..Registers::default() });
        let word = match verdict.registers.checklists[0].sections[0].tasks[0].basis.standing {
            Standing::Proven => "done",
            Standing::Attested => "done by statement",
            Standing::Open | Standing::Unproven => "not done",
        };
        assert_eq!(word, of_tasks, "{row}");
        assert_eq!(of_registers(&verdict), expected(blockers), "{row}: {:?}", verdict.reasons);
    }
}

#[test]
fn only_what_launch_waits_for_weighs() {
    let fails = || beside(Known::Items(vec![Sight::Pass]));
    let blocking = |blocks: Vec<Ref>| {
        let mut entry = blocker("b", None);
        entry.blocks = blocks;
        with(fails(), Registers { blockers: vec![entry], ..Registers::default() })
    };
    for (blocks, call) in [
        (vec![Ref::Launch], Call::NoGo),
        (vec![Ref::Stage("verify".into())], Call::NoGo),
        (vec![Ref::Check("proof".into())], Call::NoGo),
        (vec![Ref::Stage("later".into())], Call::Go),
        (vec![], Call::Go),
    ] {
        let verdict = blocking(blocks.clone());
        assert_eq!(verdict.call, call, "{blocks:?}");
        assert_eq!(verdict.registers.blockers[0].holds_launch, call == Call::NoGo);
        assert_eq!(verdict.actions.is_empty(), call == Call::Go, "what holds nothing up asks for nothing");
    }
    let mut needed = blocker("a", None);
    needed.blocks = vec![];
    let mut needs = blocker("b", bond("proof"));
    needs.needs = vec![Ref::Blocker("a".into())];
    let verdict = with(fails(), Registers { blockers: vec![needed, needs], ..Registers::default() });
    assert_eq!(verdict.call, Call::NoGo, "what a blocker of the launch needs holds the launch too");
    assert_eq!(verdict.reasons[0].entries, ["a"]);
    assert!(verdict.reasons[0].checks.is_empty(), "an entry without a check blames none");
    let after = checklist("l", vec![section("s", Some("T+1h"), vec![task("t", None)])]);
    let verdict = with(fails(), Registers { checklists: vec![after], ..Registers::default() });
    assert_eq!(verdict.call, Call::Go, "what is due after the launch waits for it");
}

#[test]
fn an_undecided_decision_may_wait_until_its_day() {
    let on = |due: &str| {
        let mut open = decision("e", None);
        open.made = None;
        open.due = Some(due.parse().unwrap());
        with(
            beside(Known::Items(vec![Sight::Pass])),
            Registers { decisions: vec![open], ..Registers::default() },
        )
    };
    let verdict = on("2026-11-21");
    assert_eq!(
        (verdict.call, verdict.registers.decisions[0].state),
        (Call::ConditionalGo, DecisionProgress::Undecided)
    );
    let verdict = on("2026-11-20");
    assert_eq!((verdict.call, verdict.registers.decisions[0].state), (Call::NoGo, DecisionProgress::Overdue));
    assert_eq!(verdict.actions[0].priority, Priority::Immediate);
    let mut tomorrow = decision("e", bond("proof"));
    tomorrow.made.as_mut().unwrap().on = "2026-11-22".parse().unwrap();
    let verdict = with(
        beside(Known::Items(vec![Sight::Pass])),
        Registers { decisions: vec![tomorrow], ..Registers::default() },
    );
    assert_eq!(
        verdict.registers.decisions[0].state,
        DecisionProgress::Overdue,
        "a choice of tomorrow is none"
    );
}

/// The tasks of the file are the items of `proof`: i0 passes, so it is ticked, and i1 is not.
fn file(ticks: Option<Statement>, bind: &[(&str, &str)], at_least: u32) -> Registers {
    let bind = bind.iter().map(|(task, check)| BoundTask {
        task: (*task).into(),
        section: None,
        bond: Bond::Check((*check).into()),
        origin: origin(),
    });
    let file = TaskFile { check: "proof".into(), at_least, ticks, bind: bind.collect() };
    Registers { checklists: vec![file_checklist("l", file)], ..Registers::default() }
}

#[test]
fn a_tick_is_worth_a_signature_and_never_a_proof() {
    let world = || beside(Known::Items(vec![Sight::Pass, Sight::Fail]));
    let stands = |verdict: &Verdict| -> Vec<Standing> {
        let sections = verdict.registers.checklists[0].sections.iter();
        sections.flat_map(|section| &section.tasks).map(|task| task.basis.standing).collect()
    };
    let verdict = with(world(), file(None, &[], 2));
    assert_eq!(stands(&verdict), [Standing::Unproven, Standing::Open]);
    let signature = || Some(signed("2026-11-01", "2026-12-01"));
    assert_eq!(stands(&with(world(), file(signature(), &[], 2))), [Standing::Attested, Standing::Open]);
    let over = Some(signed("2026-11-01", "2026-11-20"));
    assert_eq!(stands(&with(world(), file(over, &[], 2))), [Standing::Unproven, Standing::Open]);
    let bound = with(world(), file(None, &[("I0.", "c1")], 2));
    assert_eq!(stands(&bound), [Standing::Proven, Standing::Open], "the check counts, not the tick");
    let mut failing = world();
    failing.known[1] = Known::Items(vec![Sight::Fail]);
    let verdict = with(failing, file(signature(), &[("i0", "c1")], 2));
    let task = &verdict.registers.checklists[0].sections[0].tasks[0];
    assert!(task.contradiction && task.basis.why.contains("its box is ticked, but `c1` is FAIL"), "{task:?}");
    assert_eq!(verdict.registers.checklists[0].contradictions, 1);
}

#[test]
fn a_task_that_is_taken_out_is_not_done() {
    let all_ticked = || beside(Known::Items(vec![Sight::Pass, Sight::Pass]));
    let signature = || Some(signed("2026-11-01", "2026-12-01"));
    let verdict = with(all_ticked(), file(signature(), &[], 2));
    assert_eq!(verdict.call, Call::ConditionalGo);
    let verdict = with(all_ticked(), file(signature(), &[], 5));
    let list = &verdict.registers.checklists[0];
    assert_eq!((list.file.as_ref().unwrap().read, list.file.as_ref().unwrap().missing), (Some(2), 3));
    assert_eq!((list.counts.total, list.counts.unproven, verdict.call), (5, 3, Call::NoGo));
    let verdict = with(all_ticked(), file(signature(), &[("gone", "c1")], 2));
    assert_eq!(verdict.call, Call::NoGo, "a bound task that is not in the file is not done");
    let unread = with(beside(Known::Unmeasured), file(signature(), &[], 2));
    let list = &unread.registers.checklists[0];
    assert_eq!((list.file.as_ref().unwrap().read, list.counts.unproven, unread.call), (None, 2, Call::NoGo));
    let old = with(beside(Known::Old), file(signature(), &[], 2));
    assert_eq!(old.registers.checklists[0].file.as_ref().unwrap().read, None, "old evidence reads no tasks");
}

#[test]
fn phases_open_and_are_done_in_their_order() {
    let build = |first: Option<Bond>, second_needs: &str| {
        let first = phase("one", vec![Ref::Check("c1".into())], first);
        let second = phase("two", vec![Ref::Phase("one".into()), Ref::Check(second_needs.into())], None);
        Registers { phases: vec![second, first], ..Registers::default() }
    };
    let world = || beside(Known::Items(vec![Sight::Fail]));
    let states = |verdict: &Verdict| -> Vec<PhaseProgress> {
        verdict.registers.phases.iter().map(|phase| phase.state).collect()
    };
    use PhaseProgress::{Blocked, Done, Open};
    let verdict = with(world(), build(bond("c2"), "c3"));
    assert_eq!((states(&verdict), verdict.call), (vec![Open, Done], Call::Go));
    let verdict = with(world(), build(bond("c2"), "proof"));
    assert_eq!((states(&verdict), verdict.call), (vec![Blocked, Done], Call::NoGo));
    assert!(
        verdict.reasons[0].text.contains("1 phase is blocked: two (1 of 2 hold)"),
        "{:?}",
        verdict.reasons
    );
    assert_eq!(verdict.reasons[0].checks, ["proof"]);
    let verdict = with(world(), build(None, "c3"));
    assert_eq!(states(&verdict), [Blocked, Open], "what nothing can show done is not done");
    assert!(verdict.actions.iter().any(|action| action.text == "Finish the phase one: one"));
    let by_word = Some(Bond::Attested(signed("2026-11-01", "2026-12-01")));
    let verdict = with(world(), build(by_word, "c3"));
    assert_eq!((states(&verdict), verdict.call), (vec![Open, Done], Call::ConditionalGo));
    let circle = vec![
        phase("one", vec![Ref::Phase("two".into())], bond("c1")),
        phase("two", vec![Ref::Phase("one".into())], bond("c1")),
    ];
    let verdict = with(world(), Registers { phases: circle, ..Registers::default() });
    assert_eq!(states(&verdict), [Blocked, Blocked], "a stored circle opens nothing");
    assert!(verdict.registers.phases[0].why.contains("contradicts"), "{}", verdict.registers.phases[0].why);
}

#[test]
fn a_signature_is_under_one_outcome_by_somebody_else() {
    let sign = |by: &str, on: &str, verdict: gonogo_model::digest::Digest| {
        let signed = Authorisation { by: by.into(), on: on.parse().unwrap(), verdict };
        let roles = vec![Role { role: "Operations".into(), signed: Some(signed) }];
        let sign_off = SignOff { prepared_by: Some("ana".into()), roles, origin: origin() };
        Registers { sign_off: Some(sign_off), ..of_blocker(Some(Bond::Attested(super_signed()))) }
    };
    fn super_signed() -> Statement {
        signed("2026-11-01", "2026-12-01")
    }
    let world = || beside(Known::Items(vec![Sight::Pass]));
    let state = |verdict: &Verdict| verdict.registers.sign_off.clone().unwrap();
    let other = gonogo_model::digest::Digest::of_bytes(b"other");
    let before = state(&with(world(), sign("dan", "2026-11-20", other.clone())));
    assert_eq!((before.roles[0].state, before.authorised), (SignatureState::OtherVerdict, false));
    let digest = before.digest;
    let mut later = world();
    later.now = "2026-11-21T12:30:00Z".parse().unwrap();
    later.spec.source = other.clone();
    later.spec.registers = sign("dan", "2026-11-20", digest.clone());
    let verdict = later.judge();
    let signed = state(&verdict);
    assert_eq!((signed.roles[0].state, signed.signed, signed.authorised), (SignatureState::Signed, 1, true));
    assert_eq!(verdict.call, Call::ConditionalGo, "no signature changes a verdict");
    let fails = with(beside(Known::Items(vec![Sight::Fail])), sign("dan", "2026-11-20", digest.clone()));
    assert_eq!(
        state(&fails).roles[0].state,
        SignatureState::OtherVerdict,
        "another outcome, another signature"
    );
    let future = state(&with(world(), sign("dan", "2026-11-22", digest.clone())));
    assert_eq!(future.roles[0].state, SignatureState::Future);
    // ana signed the statement of the blocker, and prepared the evidence.
    let own = state(&with(world(), sign(" Ana", "2026-11-20", digest)));
    assert_eq!((own.roles[0].state, own.authorised), (SignatureState::OwnEvidence, false));
    assert_eq!(own.roles[0].own_evidence, ["b"]);
}

/// A checkpoint before a migration: 64 routes of which 12 are there, 51 tasks, 8 things that others
/// provide, 3 pieces of work, 4 decisions and the phase that waits for all of them.
fn checkpoint() -> World {
    let mut world = World::healthy();
    let weights = [
        ("documents", 15),
        ("decisions", 10),
        ("local", 15),
        ("production", 15),
        ("routes", 25),
        ("external", 20),
    ];
    world.spec.categories = weights.iter().map(|(id, weight)| category(id, *weight)).collect();
    (world.spec.checks, world.known) = Default::default();
    let mut add = |id: String, category: &str, sight: Sight| {
        world.spec.checks.push(check(&id, "verify", category, Severity::Medium));
        world.known.push(Known::Items(vec![sight]));
    };
    ["documents", "decisions", "local"].iter().for_each(|id| add(format!("{id}-ready"), id, Sight::Pass));
    add("production-ready".into(), "production", Sight::Fail);
    add("scripts-removed".into(), "local", Sight::Pass);
    (0..64)
        .for_each(|at| add(format!("route-{at}"), "routes", if at < 12 { Sight::Pass } else { Sight::Fail }));
    (1..=8).for_each(|at| add(format!("later-{at}"), "external", Sight::Fail));
    let external = (1..=8).map(|at| blocker(&format!("LATER-{at:03}"), bond(&format!("later-{at}"))));
    let work = ["route-63", "route-62", "production-ready"].iter().enumerate();
    let work = work.map(|(at, check)| {
        let mut entry = blocker(&format!("ACTION-{at:03}"), bond(check));
        entry.kind = "implementation".into();
        entry
    });
    let sizes = [
        ("t-7", "T-7d", 17),
        ("t-24h", "T-24h", 10),
        ("t-0", "T-0", 12),
        ("h-1", "T+1h", 5),
        ("h-24", "T+24h", 3),
        ("d-7", "T+7d", 4),
    ];
    let sections = sizes.map(|(id, at, number)| {
        section(id, Some(at), (0..number).map(|task_at| task(&format!("{id}-{task_at}"), None)).collect())
    });
    let blockers: Vec<_> = external.chain(work).collect();
    let decisions: Vec<_> =
        (1..=4).map(|at| decision(&format!("DEC-{at:03}"), bond("decisions-ready"))).collect();
    let needs = blockers.iter().map(|blocker| Ref::Blocker(blocker.id.clone()));
    let needs = needs.chain(decisions.iter().map(|decision| Ref::Decision(decision.id.clone()))).collect();
    world.spec.registers = Registers {
        phases: vec![phase("phase-26", needs, None)],
        blockers,
        decisions,
        checklists: vec![checklist("go-live", sections.to_vec())],
        ..Registers::default()
    };
    world
}

#[test]
fn the_figures_of_a_checkpoint_come_out_by_counting() {
    let verdict = checkpoint().judge();
    assert_eq!((verdict.score.exact.as_str(), verdict.score.percent.as_str()), ("143/320", "44.69%"));
    let registers = &verdict.registers;
    let kinds: Vec<(&str, StandingCounts)> =
        registers.blocker_kinds.iter().map(|kind| (kind.kind.as_str(), kind.counts)).collect();
    let open = |total| StandingCounts { total, open: total, ..StandingCounts::default() };
    assert_eq!(kinds, [("external", open(8)), ("implementation", open(3))]);
    let list = &registers.checklists[0];
    let sizes: Vec<u64> = list.sections.iter().map(|section| section.counts.total).collect();
    assert_eq!((sizes, list.counts.total), (vec![17, 10, 12, 5, 3, 4], 51));
    assert_eq!(registers.decision_counts.proven, 4);
    let phase = &registers.phases[0];
    assert_eq!((phase.state, phase.met, phase.needed), (PhaseProgress::Blocked, 4, 15));
    let text =
        verdict.reasons.iter().find(|reason| reason.rule == Rule::RegisterOpen).map(|r| r.text.as_str());
    let text = text.unwrap_or_default();
    for part in [
        "11 blockers are not cleared",
        "27 tasks are not done: 17 of 17 in go-live/t-7",
        "1 phase is blocked",
    ] {
        assert!(text.contains(part), "{text} does not say {part}");
    }
    assert!(registers.blockers.iter().all(|blocker| blocker.state == BlockerProgress::Open));
    let routes =
        verdict.categories.iter().find(|category| category.id == "routes").map(|c| c.score.exact.as_str());
    assert_eq!(routes, Some("3/16"), "12 of 64");
    assert_eq!(verdict.results.iter().filter(|result| result.status == Status::Fail).count(), 61);
}
