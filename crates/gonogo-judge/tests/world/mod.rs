//! Small valid specs with evidence, made from bytes: fewer and smaller bytes make simpler and
//! healthier worlds, so that what fails shrinks to something a person can read.
#![allow(
    dead_code,
    clippy::unwrap_used,
    reason = "each test file uses another part; texts here are constants"
)]

pub(crate) mod registers;

use std::collections::BTreeMap;

use gonogo_judge::{Case, Integrity, judge};
use gonogo_model::amount::{Effort, Percent, Wait};
use gonogo_model::digest::Digest;
use gonogo_model::evidence::{Evidence, Outcome, Skip};
use gonogo_model::fact::{Item, Location, Sampled};
use gonogo_model::place::Origin;
use gonogo_model::spec::register::Registers;
use gonogo_model::spec::{
    Acceptance, Budget, Category, Check, Condition, Consent, Fix, Look, Policy, Proof, Signature, Signed,
    Spec, Stage, Statement,
};
use gonogo_model::status::{Certainty, Severity};
use gonogo_model::verdict::Verdict;
use jiff::{SignedDuration, Timestamp};

pub(crate) const NOW: &str = "2026-11-21T12:00:00Z";

pub(crate) fn now() -> Timestamp {
    NOW.parse().unwrap()
}

/// What one look at one item shows. The assertion is `value >= 10`, in part `value >= 5`.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Sight {
    Pass,
    Partial,
    Fail,
    Error,
    NoSamples,
}

/// What is known about a check.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) enum Known {
    Items(Vec<Sight>),
    Unmeasured,
    Empty,
    Twice,
    Old,
    Other,
    Future,
    Never(Option<Skip>),
}

impl Known {
    pub(crate) fn is_unproven(&self) -> bool {
        !matches!(self, Known::Items(_))
    }
}

/// A spec with what is known about each of its checks.
#[derive(Debug, Clone)]
pub(crate) struct World {
    pub(crate) spec: Spec,
    pub(crate) known: Vec<Known>,
    pub(crate) now: Timestamp,
}

impl World {
    /// One check in one required stage, in one category, that passes.
    pub(crate) fn healthy() -> World {
        let spec = Spec {
            format: 1,
            system: "shop".into(),
            environment: "staging".into(),
            source: Digest::of_bytes(b"spec"),
            targets: BTreeMap::new(),
            stages: vec![stage("verify", false, &[])],
            categories: vec![category("runtime", 100)],
            checks: vec![check("c0", "verify", "runtime", Severity::Medium)],
            acceptances: vec![],
            conditions: vec![],
            registers: Registers::default(),
            policy: policy(),
            budget: Budget { run: Wait::seconds(600), parallel: 1 },
            consent: Consent::default(),
        };
        World { spec, known: vec![Known::Items(vec![Sight::Pass])], now: now() }
    }

    /// One more check with what is known about it.
    pub(crate) fn with(mut self, check: Check, known: Known) -> World {
        self.spec.checks.push(check);
        self.known.push(known);
        self
    }

    pub(crate) fn evidence(&self) -> Vec<Evidence> {
        let checks = self.spec.checks.iter().zip(&self.known);
        checks.filter_map(|(check, known)| evidence(check, known, self.now)).collect()
    }

    pub(crate) fn skips(&self) -> BTreeMap<String, Skip> {
        let skip = |(check, known): (&Check, &Known)| match known {
            Known::Never(Some(skip)) => Some((check.id.clone(), skip.clone())),
            _ => None,
        };
        self.spec.checks.iter().zip(&self.known).filter_map(skip).collect()
    }

    pub(crate) fn judge(&self) -> Verdict {
        self.judge_with(&self.evidence(), Integrity::Sound)
    }

    pub(crate) fn judge_with(&self, evidence: &[Evidence], integrity: Integrity<'_>) -> Verdict {
        judge(&Case { spec: &self.spec, evidence, skips: &self.skips(), now: self.now, integrity })
    }
}

pub(crate) fn stage(id: &str, gate: bool, needs: &[&str]) -> Stage {
    Stage {
        id: id.into(),
        title: id.into(),
        gate,
        required: true,
        needs: needs.iter().map(|need| (*need).to_owned()).collect(),
        takes: None,
    }
}

pub(crate) fn category(id: &str, weight: u32) -> Category {
    Category { id: id.into(), question: format!("Is {id} ready?"), weight, floor: None }
}

pub(crate) fn check(id: &str, stage: &str, category: &str, severity: Severity) -> Check {
    Check {
        id: id.into(),
        title: format!("{id} holds"),
        stage: stage.into(),
        category: category.into(),
        severity,
        certainty: Certainty::Certain,
        proof: Proof::Probe(Look {
            cause: None,
            probe: "test/value".into(),
            target: None,
            also: Vec::new(),
            with: serde_json::json!({}),
            expect: "value >= 10".into(),
            partial: Some("value >= 5".into()),
            time_limit: Wait::seconds(30),
            subject: Digest::of(&id),
        }),
        waivable: true,
        root_cause: None,
        impact: None,
        fix: None,
        max_age: Wait::seconds(3600),
        not_applicable: None,
        scenario: None,
        origin: Origin { file: "gonogo.yaml".into(), line: 1, column: 1 },
    }
}

pub(crate) fn policy() -> Policy {
    let percent = |hundredths| Percent::from_hundredths(hundredths).unwrap();
    Policy {
        go_at: percent(9_000),
        conditional_at: percent(7_500),
        high_cap: percent(7_500),
        attested_counts: percent(5_000),
        accept_blockers: false,
    }
}

pub(crate) fn acceptance(finding: &str) -> Acceptance {
    Acceptance {
        finding: finding.into(),
        reason: "known".into(),
        owner: "ana".into(),
        approved_by: "ben".into(),
        expires: "2026-12-31".parse().unwrap(),
        monitor: None,
        origin: Origin { file: "gonogo.yaml".into(), line: 2, column: 1 },
    }
}

pub(crate) fn condition(id: &str, check: &str, due: &str) -> Condition {
    Condition {
        id: id.into(),
        text: format!("finish {id}"),
        owner: "ana".into(),
        due: due.parse().unwrap(),
        check: check.into(),
        overdue: None,
        origin: Origin { file: "gonogo.yaml".into(), line: 3, column: 1 },
    }
}

pub(crate) fn statement(on: &str, expires: &str) -> Proof {
    let signed = Signature { by: "ana".into(), on: on.parse().unwrap(), expires: expires.parse().unwrap() };
    Proof::Attested(Statement { statement: "we rehearsed it".into(), signed: Some(signed) })
}

pub(crate) fn evidence(check: &Check, known: &Known, now: Timestamp) -> Option<Evidence> {
    let Proof::Probe(look) = &check.proof else { return None };
    let looked = |items: Vec<Item>| Outcome::Looked { items, artefacts: vec![] };
    let (outcome, age) = match known {
        Known::Never(_) => return None,
        Known::Items(sights) => (looked(sights.iter().enumerate().map(item).collect()), 60),
        Known::Unmeasured => (Outcome::Unmeasured { why: "connection refused".into() }, 60),
        Known::Empty => (looked(vec![]), 60),
        Known::Twice => (looked(vec![item((0, &Sight::Pass)), item((0, &Sight::Pass))]), 60),
        Known::Other => (looked(vec![item((0, &Sight::Pass))]), 60),
        Known::Old => (looked(vec![item((0, &Sight::Pass))]), 7200),
        Known::Future => (looked(vec![item((0, &Sight::Pass))]), -301),
    };
    let at = now.checked_sub(SignedDuration::from_secs(age)).unwrap();
    let subject = if *known == Known::Other { Digest::of(&"other") } else { look.subject.clone() };
    Some(Evidence {
        id: format!("{}#1", check.id),
        checks: vec![check.id.clone()],
        probe: look.probe.clone(),
        probe_version: 1,
        subject,
        address: None,
        started: at,
        ended: at,
        outcome,
    })
}

fn item((at, sight): (usize, &Sight)) -> Item {
    // It is a task of a file as well: what passes is ticked.
    let item = Item::new(format!("i{at}")).read_at(Location::of("compose.yaml")).fact("unnamed", 0.1);
    let item = match sight {
        Sight::Error => item,
        sight => item.fact("section", "Before").fact("ticked", *sight == Sight::Pass),
    };
    let sampled = |samples, failures| Some(Sampled { samples, failures });
    match sight {
        Sight::Pass => Item { sampled: sampled(10, 0), ..item.fact("value", 12.1) },
        Sight::Partial => item.fact("value", 7),
        Sight::Fail => item.fact("value", 1),
        Sight::Error => item,
        Sight::NoSamples => Item { sampled: sampled(0, 0), ..item.fact("value", 12) },
    }
}

/// Bytes as decisions; 0 when they are used up.
pub(crate) struct Dice<'a>(pub(crate) &'a [u8]);

impl Dice<'_> {
    pub(crate) fn roll(&mut self) -> usize {
        let Some((first, rest)) = self.0.split_first() else { return 0 };
        self.0 = rest;
        usize::from(*first)
    }

    pub(crate) fn below(&mut self, end: usize) -> usize {
        self.roll() % end.max(1)
    }

    /// True once in `n` rolls, never without bytes.
    pub(crate) fn one_in(&mut self, n: usize) -> bool {
        self.below(n) == n - 1
    }

    pub(crate) fn pick<T: Clone>(&mut self, from: &[T]) -> T {
        from[self.below(from.len())].clone()
    }
}

pub(crate) fn world(bytes: &[u8]) -> World {
    let dice = &mut Dice(bytes);
    let calm = dice.one_in(2);
    let stages = stages(dice);
    let categories = categories(dice);
    let number = 1 + dice.below(7);
    let mut checks: Vec<Check> = (0..number).map(|at| drawn_check(dice, at, &stages, &categories)).collect();
    let order = |id: &str| stages.iter().position(|stage: &Stage| stage.id == id);
    checks.sort_by_key(|check| order(&check.stage));
    let known = checks.iter().map(|_| drawn_known(dice, calm)).collect();
    let acceptances = drawn_acceptances(dice, &checks);
    let dues = ["2026-12-01", "2026-11-21", "2026-11-20"];
    let conditions = (0..dice.below(2))
        .map(|at| condition(&format!("d{at}"), &dice.pick(&checks).id.clone(), dues[dice.below(3)]))
        .collect();
    let percent = |hundredths| Percent::from_hundredths(hundredths).unwrap();
    let (conditional_at, go_at) =
        dice.pick(&[(3_000, 5_000), (7_500, 9_000), (1_000, 2_000), (5_000, 10_000)]);
    let policy = Policy {
        go_at: percent(go_at),
        conditional_at: percent(conditional_at),
        high_cap: percent(dice.pick(&[7_500, 3_333, 0, 10_000])),
        attested_counts: percent(dice.pick(&[5_000, 0, 1_234])),
        accept_blockers: dice.one_in(2),
    };
    let registers = registers::drawn(dice, &checks, &stages);
    let healthy = World::healthy().spec;
    World {
        spec: Spec { stages, categories, checks, acceptances, conditions, registers, policy, ..healthy },
        known,
        now: now(),
    }
}

fn stages(dice: &mut Dice<'_>) -> Vec<Stage> {
    let number = 1 + dice.below(4);
    let drawn = |at: usize, dice: &mut Dice<'_>| {
        let needs: Vec<String> = (0..at).filter(|_| dice.one_in(2)).map(|need| format!("s{need}")).collect();
        Stage {
            needs,
            required: !dice.one_in(2),
            takes: dice.one_in(2).then_some(Effort { least: 10, most: 20 }),
            ..stage(&format!("s{at}"), dice.one_in(3), &[])
        }
    };
    (0..number).map(|at| drawn(at, dice)).collect()
}

fn categories(dice: &mut Dice<'_>) -> Vec<Category> {
    let weights: &[u32] = [&[100][..], &[60, 40], &[20, 30, 50]][dice.below(3)];
    let floors = [None, None, None, Some(5_000), Some(7_500), Some(10_000)];
    let drawn = |(at, weight): (usize, &u32)| Category {
        floor: dice.pick(&floors).and_then(Percent::from_hundredths),
        ..category(&format!("k{at}"), *weight)
    };
    weights.iter().enumerate().map(drawn).collect()
}

fn drawn_check(dice: &mut Dice<'_>, at: usize, stages: &[Stage], categories: &[Category]) -> Check {
    let severity = dice.pick(&[Severity::Low, Severity::Medium, Severity::High, Severity::Blocker]);
    // The first checks fill the categories, so that most worlds can be scored.
    let category = if at < categories.len() { at } else { dice.below(categories.len()) };
    let mut check = check(&format!("c{at}"), &dice.pick(stages).id, &categories[category].id, severity);
    if dice.one_in(3) {
        check.root_cause = Some(dice.pick(&["r0", "r1"]).to_owned());
    }
    check.waivable = !dice.one_in(6);
    if dice.one_in(9) {
        check.not_applicable = Some(Signed { reason: "no such part".into(), by: "ana".into() });
    }
    if dice.one_in(9) {
        check.proof = match dice.below(4) {
            0 => statement("2026-11-01", "2026-11-21"),
            1 => statement("2026-11-22", "2026-12-01"),
            2 => statement("2026-11-01", "2026-11-20"),
            _ => Proof::Attested(Statement { statement: "we rehearsed it".into(), signed: None }),
        };
    }
    if dice.one_in(2) {
        let effort = dice.one_in(2).then_some(Effort { least: 5, most: 30 });
        let owner = dice.one_in(2).then(|| dice.pick(&["ana", "ben"]).to_owned());
        check.fix = Some(Fix { text: format!("fix {at}"), run: None, effort, owner });
    }
    check
}

/// In a calm world nearly everything passes, so that one change decides.
fn drawn_known(dice: &mut Dice<'_>, calm: bool) -> Known {
    if calm && !dice.one_in(6) {
        return Known::Items(vec![Sight::Pass; 1 + dice.below(2)]);
    }
    let sight = |dice: &mut Dice<'_>| match dice.below(8) {
        6 => Sight::Partial,
        7 => dice.pick(&[Sight::Fail, Sight::Fail, Sight::Error, Sight::NoSamples]),
        _ => Sight::Pass,
    };
    match dice.below(10) {
        9 => drawn_unproven(dice),
        8 => Known::Items(vec![Sight::Fail]),
        _ => Known::Items((0..1 + dice.below(3)).map(|_| sight(dice)).collect()),
    }
}

pub(crate) fn drawn_unproven(dice: &mut Dice<'_>) -> Known {
    dice.pick(&[
        Known::Never(None),
        Known::Unmeasured,
        Known::Empty,
        Known::Twice,
        Known::Old,
        Known::Other,
        Known::Future,
        Known::Never(Some(Skip::Filtered)),
        Known::Never(Some(Skip::Blocked { by: vec![] })),
    ])
}

fn drawn_acceptances(dice: &mut Dice<'_>, checks: &[Check]) -> Vec<Acceptance> {
    let mut acceptances: Vec<Acceptance> = Vec::new();
    for _ in 0..dice.below(4) {
        let check = dice.pick(checks);
        let first = |cause: &String| checks.iter().find(|c| c.root_cause.as_ref() == Some(cause)).unwrap();
        let finding = match &check.root_cause {
            Some(cause) => format!("{}/{cause}", first(cause).category),
            None => format!("{}/{}/i{}", check.category, check.id, dice.below(2)),
        };
        if acceptances.iter().any(|known| known.finding == finding) {
            continue;
        }
        let mut drawn = acceptance(&finding);
        if dice.one_in(5) {
            drawn.expires = "2026-11-20".parse().unwrap();
        }
        drawn.monitor = dice.one_in(3).then(|| dice.pick(checks).id);
        acceptances.push(drawn);
    }
    acceptances
}
