//! The nine statuses, the fifteen rules, acceptances, actions and the critical path, case by case.

mod world;

use gonogo_judge::Integrity;
use gonogo_model::amount::{Effort, Percent};
use gonogo_model::evidence::{Evidence, Outcome, Skip};
use gonogo_model::fact::{Item, Location, Sampled};
use gonogo_model::spec::{Check, Fix, Proof, Signed, Statement};
use gonogo_model::status::{Severity, Status};
use gonogo_model::verdict::{AcceptanceUse, Call, Rule, StageState, Verdict};
use world::{Known, Sight, World, acceptance, check, condition, stage, statement};

fn one(sights: &[Sight]) -> World {
    World { known: vec![Known::Items(sights.to_vec())], ..World::healthy() }
}

fn known(known: Known) -> World {
    World { known: vec![known], ..World::healthy() }
}

fn attested(proof: Proof) -> World {
    let mut world = World::healthy();
    world.spec.checks[0].proof = proof;
    world
}

/// `other` fails beside enough passing checks for a high score.
fn beside_passing(severity: Severity, sight: Sight) -> World {
    let mut world = World::healthy();
    for at in 1..20 {
        let next = check(&format!("c{at}"), "verify", "runtime", Severity::Low);
        world = world.with(next, Known::Items(vec![Sight::Pass]));
    }
    world.with(check("other", "verify", "runtime", severity), Known::Items(vec![sight]))
}

fn rules(verdict: &Verdict) -> Vec<Rule> {
    verdict.reasons.iter().map(|reason| reason.rule).collect()
}

fn text(verdict: &Verdict, rule: Rule) -> &str {
    verdict.reasons.iter().find(|reason| reason.rule == rule).map_or("", |reason| &reason.text)
}

#[test]
fn statuses_from_evidence() {
    use Sight::{Error, Fail, NoSamples, Partial, Pass};
    for (world, status, why) in [
        (one(&[Pass, Pass]), Status::Pass, "the assertion holds for 2 items"),
        (one(&[Pass, Partial]), Status::Partial, "holds in part for i1 (1 of 2 items)"),
        (
            one(&[Partial, Error, Fail]),
            Status::Fail,
            "fails for i2 (1 of 3 items); could not be judged for i1",
        ),
        (one(&[Partial, Error]), Status::Error, "the fact `value` was not measured"),
        (one(&[Pass, NoSamples]), Status::Error, "no samples were taken"),
        (known(Known::Empty), Status::Error, "looked and found nothing to judge"),
        (known(Known::Twice), Status::Error, "`i0` twice"),
        (known(Known::Unmeasured), Status::Error, "connection refused"),
        (known(Known::Old), Status::Stale, "the evidence is 2h old, and may be 1h old"),
        (known(Known::Other), Status::Stale, "of another subject"),
        (known(Known::Future), Status::Stale, "from the future, by 5m 1s"),
        (known(Known::Never(None)), Status::NotRun, "not run yet"),
        (known(Known::Never(Some(Skip::Filtered))), Status::NotRun, "filter"),
        (known(Known::Never(Some(Skip::Cancelled))), Status::NotRun, "cancelled"),
        (known(Known::Never(Some(Skip::OutOfTime))), Status::NotRun, "time"),
        (known(Known::Never(Some(Skip::Blocked { by: vec![] }))), Status::NotRun, "held"),
    ] {
        let verdict = world.judge();
        let result = &verdict.results[0];
        assert_eq!(result.status, status, "{}", result.why);
        assert!(result.why.contains(why), "{} should say {why}", result.why);
    }
}

#[test]
fn statuses_from_people() {
    let unsigned = Proof::Attested(Statement { statement: "we rehearsed it".into(), signed: None });
    for (proof, status, why) in [
        (statement("2026-11-21", "2026-11-21"), Status::Attested, "signed by ana"),
        (statement("2026-11-01", "2026-11-20"), Status::Stale, "expired on 2026-11-20"),
        (statement("2026-11-22", "2026-12-20"), Status::NotRun, "in the future"),
        (unsigned, Status::NotRun, "nobody has signed"),
    ] {
        let verdict = attested(proof).judge();
        assert_eq!(verdict.results[0].status, status);
        assert!(verdict.results[0].why.contains(why), "{}", verdict.results[0].why);
    }
    let mut absent = one(&[Sight::Fail]);
    absent.spec.checks[0].not_applicable = Some(Signed { reason: "no mobile app".into(), by: "ana".into() });
    let verdict = absent.judge();
    assert_eq!((verdict.results[0].status, verdict.coverage.planned), (Status::NotApplicable, 0));
    assert_eq!(rules(&verdict), [Rule::NothingScored, Rule::UnderConditional]);
}

#[test]
fn exactly_at_the_limits_of_time_evidence_counts() {
    let world = World::healthy();
    let mut evidence: Vec<Evidence> = world.evidence();
    for (age, status) in
        [(3600, Status::Pass), (3601, Status::Stale), (-300, Status::Pass), (-301, Status::Stale)]
    {
        let at = world.now.checked_sub(jiff::SignedDuration::from_secs(age)).unwrap();
        (evidence[0].started, evidence[0].ended) = (at, at);
        assert_eq!(world.judge_with(&evidence, Integrity::Sound).results[0].status, status, "{age}");
    }
}

#[test]
fn a_stored_assertion_that_cannot_be_read_is_an_error() {
    let mut world = World::healthy();
    let Proof::Probe(look) = &mut world.spec.checks[0].proof else { panic!("a probe") };
    look.expect = "value >=".into();
    let verdict = world.judge();
    assert_eq!(verdict.results[0].status, Status::Error);
    assert!(verdict.results[0].why.contains("`expect` cannot be read"), "{}", verdict.results[0].why);
}

#[test]
fn a_fingerprint_knows_the_file_but_neither_line_nor_address() {
    let world = World::healthy();
    let fingerprint = |source: &str, line: Option<u32>| {
        let mut evidence = world.evidence();
        let location = Location { source: source.into(), line, column: None };
        let items = vec![Item::new("a").fact("value", 1).read_at(location)];
        evidence[0].outcome = Outcome::Looked { items, artefacts: vec![] };
        world.judge_with(&evidence, Integrity::Sound).findings[0].fingerprint.clone()
    };
    assert_eq!(fingerprint("a.yaml", Some(3)), fingerprint("a.yaml", Some(9)));
    assert_ne!(fingerprint("a.yaml", None), fingerprint("b.yaml", None));
    assert_eq!(fingerprint("http://127.0.0.1:4001", None), fingerprint("http://127.0.0.1:4002", None));
}

#[test]
fn samples_are_summed_over_items() {
    let world = World::healthy();
    let mut evidence = world.evidence();
    let sampled = |key: &str, samples, failures| {
        let sampled = Some(Sampled { samples, failures });
        Item { sampled, ..Item::new(key).fact("value", 12) }
    };
    let items = vec![sampled("a", 4, 0), sampled("b", 6, 1)];
    evidence[0].outcome = Outcome::Looked { items, artefacts: vec![] };
    let verdict = world.judge_with(&evidence, Integrity::Sound);
    let confidence = verdict.results[0].confidence.as_ref().unwrap();
    assert_eq!((confidence.samples, confidence.failures), (10, 1));
    assert_eq!(confidence.upper_95.as_deref(), Some("39.42%"));
}

/// `gate` is shut, `verify` is held by it, and `late` by both.
fn gated(sight: Sight) -> World {
    let mut world = World::healthy();
    world.spec.stages =
        vec![stage("gate", true, &[]), stage("verify", true, &["gate"]), stage("late", false, &["verify"])];
    world.spec.checks[0].stage = "gate".into();
    world.known = vec![Known::Items(vec![sight])];
    world
        .with(check("c1", "verify", "runtime", Severity::Low), Known::Never(None))
        .with(check("c2", "late", "runtime", Severity::Low), Known::Never(None))
}

#[test]
fn a_gate_holds_all_that_need_it() {
    for (sight, held) in
        [(Sight::Fail, true), (Sight::Error, true), (Sight::Partial, false), (Sight::Pass, false)]
    {
        let verdict = gated(sight).judge();
        let expected = if held { Status::Blocked } else { Status::NotRun };
        assert_eq!(verdict.results[1].status, expected);
        // `verify` has no evidence, so it is shut too; only by its own doing when nothing holds it.
        assert_eq!(verdict.results[2].status, Status::Blocked);
        let root = if held { "gate" } else { "verify" };
        assert_eq!(verdict.stages[2].blocked_by, [root]);
        let first = if held { StageState::NotPassed } else { StageState::Passed };
        assert_eq!(verdict.stages[0].state, first);
    }
    let verdict = gated(Sight::Fail).judge();
    assert_eq!(verdict.results[2].why, "the gate `gate` did not pass: c0 (FAIL)");
    assert_eq!(text(&verdict, Rule::GateFailed), "the gate `gate` did not pass: c0 (FAIL)");
    assert_eq!(verdict.actions[0].unblocks, ["verify", "late"]);
    let mut accepted = gated(Sight::Fail);
    accepted.spec.acceptances = vec![acceptance("runtime/c0/i0")];
    let verdict = accepted.judge();
    assert_eq!((verdict.stages[0].state, verdict.results[1].status), (StageState::Passed, Status::NotRun));
    let mut looked = gated(Sight::Fail);
    looked.known[1] = Known::Items(vec![Sight::Pass]);
    let verdict = looked.judge();
    assert_eq!((verdict.stages[1].state, verdict.results[1].status), (StageState::Passed, Status::Pass));
}

#[test]
fn each_rule_of_the_verdict() {
    let fail = |severity| beside_passing(severity, Sight::Fail);
    let with = |mut world: World, change: &dyn Fn(&mut World)| {
        change(&mut world);
        world.judge()
    };
    let optional = |world: &mut World| world.spec.stages[0].required = false;
    let healthy = || beside_passing(Severity::Low, Sight::Pass);
    let pass = healthy().judge();
    assert_eq!((pass.call, rules(&pass)), (Call::Go, vec![]));
    let broken = healthy().judge_with(&healthy().evidence(), Integrity::Broken("line 3 was changed"));
    assert_eq!(rules(&broken), [Rule::IntegrityBroken]);
    assert_eq!(broken.reasons[0].checks.len(), 21);
    for (verdict, expected, checks) in [
        (with(fail(Severity::Low), &|w| w.spec.stages[0].gate = true), Rule::GateFailed, vec!["other"]),
        (fail(Severity::Blocker).judge(), Rule::BlockerOpen, vec!["other"]),
        (
            with(fail(Severity::Low), &|w| w.spec.checks[20].waivable = false),
            Rule::NotWaivable,
            vec!["other"],
        ),
        (beside_passing(Severity::Low, Sight::Error).judge(), Rule::RequiredUnproven, vec!["other"]),
        (
            with(beside_passing(Severity::Blocker, Sight::Error), &optional),
            Rule::RequiredUnproven,
            vec!["other"],
        ),
        (
            with(fail(Severity::Low), &|w| w.spec.categories[0].floor = Percent::from_hundredths(9_530)),
            Rule::UnderFloor,
            vec!["other"],
        ),
        (
            with(fail(Severity::Low), &|w| w.spec.policy.conditional_at = Percent::WHOLE),
            Rule::UnderConditional,
            vec!["other"],
        ),
        (
            with(fail(Severity::Low), &|w| w.spec.conditions = vec![condition("d", "other", "2026-11-20")]),
            Rule::ConditionOverdue,
            vec!["other"],
        ),
        (
            with(fail(Severity::Low), &|w| {
                optional(w);
                w.spec.acceptances = vec![acceptance("runtime/other/i0")];
            }),
            Rule::AcceptanceInUse,
            vec!["other"],
        ),
        (
            with(fail(Severity::Low), &|w| {
                optional(w);
                w.spec.conditions = vec![condition("d", "other", "2026-11-21")];
            }),
            Rule::ConditionOpen,
            vec!["other"],
        ),
        (fail(Severity::Low).judge(), Rule::PartlyProven, vec!["other"]),
        (beside_passing(Severity::Low, Sight::Partial).judge(), Rule::PartlyProven, vec!["other"]),
        (
            with(fail(Severity::Low), &|w| {
                optional(w);
                w.spec.policy.go_at = Percent::WHOLE;
            }),
            Rule::UnderGo,
            vec!["other"],
        ),
    ] {
        assert_eq!(rules(&verdict), [expected]);
        assert_eq!(verdict.call, expected.call());
        assert_eq!(verdict.reasons[0].checks, checks);
        assert!(!verdict.reasons[0].text.is_empty() && !verdict.reasons[0].text.ends_with(' '));
    }
    assert_eq!(with(fail(Severity::Low), &optional).call, Call::Go);
}

#[test]
fn a_reason_shows_the_exact_fraction_where_rounding_would_hide_it() {
    let mut world = beside_passing(Severity::Low, Sight::Fail);
    world.spec.categories[0].floor = Percent::from_hundredths(9_524);
    let verdict = world.judge();
    assert_eq!(verdict.categories[0].score.percent, "95.24%");
    // 20/21 is 95.238… %: shown as the floor, and still under it.
    assert_eq!(text(&verdict, Rule::UnderFloor), "`runtime` is at 95.24% (20/21), under its floor of 95.24%");
}

#[test]
fn acceptances_stand_as_they_should() {
    let id = "runtime/other/i0";
    let state = |severity, change: &dyn Fn(&mut World)| {
        let mut world = beside_passing(severity, Sight::Fail);
        world.spec.acceptances = vec![acceptance(id)];
        change(&mut world);
        let verdict = world.judge();
        (
            verdict.acceptances[0].state,
            verdict.findings.iter().any(|f| f.accepted),
            verdict.results[20].accepted,
        )
    };
    let monitor = |world: &mut World| world.spec.acceptances[0].monitor = Some("c1".into());
    assert_eq!(state(Severity::High, &|_| {}), (AcceptanceUse::InUse, true, true));
    assert_eq!(state(Severity::High, &monitor), (AcceptanceUse::InUse, true, true));
    for (severity, expected, change) in [
        (
            Severity::High,
            AcceptanceUse::Unused,
            &(|w: &mut World| w.spec.acceptances[0].finding.push('x')) as &dyn Fn(&mut World),
        ),
        (Severity::High, AcceptanceUse::Expired, &|w| {
            w.spec.acceptances[0].expires = "2026-11-20".parse().unwrap()
        }),
        (Severity::Blocker, AcceptanceUse::NotAllowed, &|_| {}),
        (Severity::High, AcceptanceUse::NotAllowed, &|w| w.spec.checks[20].waivable = false),
        (Severity::High, AcceptanceUse::MonitorUnproven, &|w| {
            monitor(w);
            w.known[1] = Known::Old;
        }),
    ] {
        assert_eq!(state(severity, change), (expected, false, false));
    }
    let allowed = |w: &mut World| w.spec.policy.accept_blockers = true;
    assert_eq!(state(Severity::Blocker, &allowed), (AcceptanceUse::InUse, true, true));
}

#[test]
fn to_lose_the_check_that_forbids_an_acceptance_does_not_allow_it() {
    let stands = |change: fn(&mut Check), known: Known| {
        let rooted = |id: &str| {
            let check = check(id, "verify", "runtime", Severity::Medium);
            Check { root_cause: Some("pool".into()), ..check }
        };
        let mut forbids = rooted("forbids");
        change(&mut forbids);
        let world = World::healthy().with(rooted("open"), Known::Items(vec![Sight::Fail]));
        let mut world = world.with(forbids, known);
        world.spec.acceptances = vec![acceptance("runtime/pool")];
        world.judge().acceptances[0].state
    };
    let changes: [fn(&mut Check); 2] = [|c| c.waivable = false, |c| c.severity = Severity::Blocker];
    for change in changes {
        assert_eq!(stands(change, Known::Items(vec![Sight::Pass])), AcceptanceUse::InUse);
        for hidden in [Known::Items(vec![Sight::Fail]), Known::Unmeasured, Known::Old, Known::Never(None)] {
            assert_eq!(stands(change, hidden.clone()), AcceptanceUse::NotAllowed, "{hidden:?}");
        }
        let half_seen = Known::Items(vec![Sight::Pass, Sight::Error]);
        assert_eq!(stands(change, half_seen), AcceptanceUse::NotAllowed);
    }
}

#[test]
fn a_fact_can_say_the_cause() {
    let cause = |name: &str| {
        let mut world = one(&[Sight::Fail]);
        let Proof::Probe(look) = &mut world.spec.checks[0].proof else { unreachable!() };
        look.cause = Some(name.into());
        world.judge().findings[0].cause.clone()
    };
    assert_eq!(cause("section"), "Before");
    assert_eq!(cause("absent"), "expected `value >= 10`; measured value = 1");
}

#[test]
fn checks_with_one_root_cause_make_one_finding() {
    let mut world = one(&[Sight::Partial, Sight::Fail])
        .with(check("b", "verify", "runtime", Severity::Blocker), Known::Items(vec![Sight::Partial]));
    world.spec.checks.iter_mut().for_each(|check| check.root_cause = Some("no-pool".into()));
    let verdict = world.judge();
    assert_eq!(verdict.findings.len(), 1);
    let finding = &verdict.findings[0];
    assert_eq!(
        (&*finding.id, finding.severity, finding.status),
        ("runtime/no-pool", Severity::Blocker, Status::Fail)
    );
    assert_eq!(finding.checks, ["c0", "b"]);
    assert_eq!(
        finding.cause,
        "expected `value >= 10`; measured value = 7; partly met: `value >= 5`; 2 more items show it"
    );
    assert_eq!(one(&[Sight::Fail]).judge().findings[0].cause, "expected `value >= 10`; measured value = 1");
    let facts: Vec<&String> = verdict.results[0].items[0].facts.keys().collect();
    assert_eq!(facts, ["value"]);
}

#[test]
fn actions_are_in_order_and_never_twice() {
    let mut world = gated(Sight::Fail)
        .with(check("c3", "late", "runtime", Severity::Low), Known::Old)
        .with(check("c4", "late", "runtime", Severity::High), Known::Unmeasured)
        .with(check("c5", "late", "runtime", Severity::Medium), Known::Unmeasured);
    let mut signed = check("c6", "late", "runtime", Severity::Low);
    signed.proof = Proof::Attested(Statement { statement: "we rehearsed it".into(), signed: None });
    world = world.with(signed, Known::Never(None));
    world.known[0] = Known::Items(vec![Sight::Fail, Sight::Partial, Sight::Fail]);
    let fix = Fix { text: "Set the value".into(), run: Some("set 12".into()), effort: None, owner: None };
    world.spec.checks[0].fix = Some(fix);
    world.spec.conditions = vec![condition("d", "c5", "2026-11-20")];
    let verdict = world.judge();
    let said: Vec<(u64, &str)> = verdict.actions.iter().map(|a| (a.number, a.text.as_str())).collect();
    assert_eq!(
        said,
        [
            (1, "Set the value"),
            (2, "Make it possible to look: connection refused"),
            (3, "Meet the overdue condition: finish d"),
            (4, "Look again: the evidence is 2h old, and may be 1h old"),
            (5, "Have the statement signed: we rehearsed it"),
            (6, "Run the assessment again: 2 checks in 2 stages have not been looked at"),
        ]
    );
    assert_eq!(verdict.actions[1].proven_by, ["c4", "c5"]);
    assert_eq!(verdict.actions[5].proven_by, ["c1", "c2"]);
}

#[test]
fn the_critical_path_is_the_longest_way() {
    let effort = |least, most| Effort { least, most };
    let fix = |effort: Effort, owner: &str| {
        Some(Fix {
            text: format!("{owner} {effort}"),
            run: None,
            effort: Some(effort),
            owner: Some(owner.into()),
        })
    };
    let mut world = World::healthy();
    world.spec.stages = vec![
        stage("gate", true, &[]),
        stage("short", false, &["gate"]),
        stage("long", false, &["gate"]),
        stage("end", false, &["short", "long"]),
    ];
    world.spec.stages[0].takes = Some(effort(1, 2));
    world.spec.stages[2].takes = Some(effort(60, 120));
    world.spec.checks.clear();
    world.known.clear();
    for (at, (work, owner)) in
        [(effort(5, 10), "ana"), (effort(5, 10), "ana"), (effort(15, 15), "ben")].into_iter().enumerate()
    {
        let fixed = gonogo_model::spec::Check {
            fix: fix(work, owner),
            ..check(&format!("g{at}"), "gate", "runtime", Severity::High)
        };
        world = world.with(fixed, Known::Items(vec![Sight::Fail]));
    }
    for id in ["short", "long", "end"] {
        world = world.with(check(&format!("{id}-check"), id, "runtime", Severity::Low), Known::Never(None));
    }
    let schedule = world.judge().schedule;
    // Ana works 10 to 20 minutes, Ben 15 beside her; then the gate runs 1 to 2, then `long`. The
    // first checks are hers at the most, his at the least.
    assert_eq!(schedule.critical.at_least, ["fix/3", "stage/gate", "stage/long", "stage/end"]);
    assert_eq!(schedule.critical.at_most, ["fix/1", "fix/2", "stage/gate", "stage/long", "stage/end"]);
    assert_eq!(schedule.total, effort(15 + 1 + 60, 20 + 2 + 120));
    // Side by side, her two fixes would take no longer than his.
    assert_eq!(schedule.parallel, effort(15 + 1 + 60, 15 + 2 + 120));
    assert_eq!((schedule.floor, schedule.effort), (schedule.total, effort(25, 35)));
    assert_eq!(schedule.without_estimate, 2);
    let task = |id: &str| schedule.tasks.iter().find(|task| task.id == id).unwrap();
    assert_eq!(task("fix/2").after.as_deref(), Some("fix/1"));
    let held = task("fix/1").holds.unwrap();
    assert_eq!((held.stages, held.checks, task("fix/1").frees.stages), (4, 3, 0));
    assert_eq!((task("stage/gate").frees.stages, task("stage/long").frees.stages), (3, 0));
    assert_eq!((schedule.unproven.number, schedule.unproven.without_estimate), (3, 3));
    assert!(World::healthy().judge().schedule.tasks.is_empty());
}

/// A passed stage costs nothing, and what is behind it still waits for what is before it. A fix
/// that proves checks of two stages comes before both.
#[test]
fn passed_stages_are_no_step_and_no_gap() {
    let mut world = World::healthy();
    world.spec.stages = vec![stage("a", false, &[]), stage("b", false, &["a"]), stage("c", false, &["b"])];
    world.spec.checks.clear();
    world.known.clear();
    let shared = |id: &str, stage: &str| gonogo_model::spec::Check {
        root_cause: Some("shared".into()),
        ..check(id, stage, "runtime", Severity::Low)
    };
    world = world
        .with(shared("a1", "a"), Known::Items(vec![Sight::Fail]))
        .with(check("b1", "b", "runtime", Severity::Low), Known::Items(vec![Sight::Pass]))
        .with(shared("c1", "c"), Known::Items(vec![Sight::Fail]));
    let tasks = world.judge().schedule.tasks;
    let needs: Vec<(&str, Vec<&str>)> =
        tasks.iter().map(|t| (t.id.as_str(), t.needs.iter().map(String::as_str).collect())).collect();
    let expected = [("fix/1", vec![]), ("stage/a", vec!["fix/1"]), ("stage/c", vec!["fix/1", "stage/a"])];
    assert_eq!(needs, expected);
}

/// A dated condition gives its day to the work that meets it, and lets that work come later, but
/// not when it holds a gate, could stop the launch or is overdue.
#[test]
fn conditions_date_the_work_and_may_let_it_wait() {
    let scheduled = |change: &dyn Fn(&mut World)| {
        let mut world = beside_passing(Severity::Medium, Sight::Fail);
        world.spec.conditions =
            vec![condition("later", "other", "2026-12-01"), condition("met", "c1", "2026-12-01")];
        change(&mut world);
        let schedule = world.judge().schedule;
        let of = schedule.tasks.iter().filter(|task| task.due.is_some());
        of.map(|task| (task.id.clone(), task.due.unwrap().to_string(), task.after_launch)).collect::<Vec<_>>()
    };
    let fix = |later| vec![("fix/1".to_owned(), "2026-12-01".to_owned(), later)];
    assert_eq!(scheduled(&|_| {}), fix(true));
    assert_eq!(scheduled(&|w| w.spec.stages[0].gate = true), fix(false));
    assert_eq!(scheduled(&|w| w.spec.checks[20].severity = Severity::Blocker), fix(false));
    let overdue = scheduled(&|w| w.spec.conditions[0].due = "2026-11-20".parse().unwrap());
    assert_eq!(overdue.len(), 2, "{overdue:?}");
    assert!(overdue.iter().all(|(_, due, later)| due == "2026-11-20" && !later), "{overdue:?}");
    // With the risk accepted no action is left, and the condition itself is the work.
    let accepted = scheduled(&|w| w.spec.acceptances = vec![acceptance("runtime/other/i0")]);
    assert_eq!(accepted, [("condition/later".to_owned(), "2026-12-01".to_owned(), true)]);
}

/// The rare corners of the law that worse evidence never gives a better call.
#[test]
fn to_hide_a_problem_never_helps() {
    let call = |change: &dyn Fn(&mut World)| {
        let mut world = beside_passing(Severity::Low, Sight::Fail);
        change(&mut world);
        world.judge().call
    };
    // A second item that fails does not hide that the first could not be judged.
    let items = |sights: [Sight; 2]| call(&|w| w.known[20] = Known::Items(sights.to_vec()));
    assert_eq!(items([Sight::Error, Sight::Pass]), Call::NoGo);
    assert_eq!(items([Sight::Error, Sight::Fail]), Call::NoGo);
    // In an optional stage an accepted risk stays a risk while nobody looks for it, when its
    // acceptance expires and when its monitor no longer passes.
    let accepted = |change: &dyn Fn(&mut World)| {
        call(&|w| {
            w.spec.stages[0].required = false;
            w.spec.acceptances = vec![acceptance("runtime/other/i0")];
            w.spec.acceptances[0].monitor = Some("c1".into());
            change(w);
        })
    };
    assert_eq!(accepted(&|_| {}), Call::ConditionalGo);
    assert_eq!(accepted(&|w| w.known[20] = Known::Never(None)), Call::ConditionalGo);
    assert_eq!(accepted(&|w| w.known[1] = Known::Old), Call::ConditionalGo);
    let expire = |w: &mut World| w.spec.acceptances[0].expires = "2026-11-20".parse().unwrap();
    assert_eq!(accepted(&expire), Call::ConditionalGo);
    assert_eq!(accepted(&|w| w.known[20] = Known::Items(vec![Sight::Pass])), Call::Go);
}

/// Statements alone, in an optional stage and with a low threshold, are not a GO either.
#[test]
fn what_nobody_looked_at_is_never_go() {
    let mut world = attested(statement("2026-11-01", "2026-12-01"));
    world.spec.stages[0].required = false;
    world.spec.policy.conditional_at = Percent::ZERO;
    world.spec.policy.go_at = Percent::from_hundredths(1).unwrap();
    let verdict = world.judge();
    assert_eq!((verdict.call, rules(&verdict)), (Call::ConditionalGo, vec![Rule::PartlyProven]));
    assert_eq!(text(&verdict, Rule::PartlyProven), "no check was looked at: c0 (ATTESTED)");
}
