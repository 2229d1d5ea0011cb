//! Builds verdicts as the judge would: counts are counted, everything else is said by the test.

use std::collections::BTreeMap;

use gonogo_model::amount::{Effort, Percent, WorkTime};
use gonogo_model::digest::Digest;
use gonogo_model::fact::Value;
use gonogo_model::place::Origin;
use gonogo_model::register::RegisterStates;
use gonogo_model::spec::Fix;
use gonogo_model::status::{Severity, Status};
use gonogo_model::verdict::*;
use gonogo_report::{Format, Style};

pub(crate) const PLAIN: Style = Style { colour: false, width: 80 };

/// The three answers, one with hints, one with a rule that many places break and one with registers.
pub(crate) fn all() -> [(&'static str, Verdict); 7] {
    let [no_go, conditional, go] = answers();
    let registers = ("registers", crate::registers::verdict());
    let (hints, crowd) = (("hints", crate::hints::verdict()), ("crowd", crate::hints::crowd()));
    [no_go, conditional, go, hints, crowd, registers, ("load", crate::load::verdict())]
}

/// The three answers, each with its name in the snapshots.
pub(crate) fn answers() -> [(&'static str, Verdict); 3] {
    [
        ("no_go", crate::no_go::verdict()),
        ("conditional", crate::conditional::verdict()),
        ("go", crate::go::verdict()),
    ]
}

pub(crate) fn render(verdict: &Verdict, format: Format) -> String {
    gonogo_report::render(verdict, format, PLAIN).unwrap()
}

pub(crate) fn percent(text: &str) -> Percent {
    text.parse().unwrap()
}

pub(crate) fn effort(text: &str) -> Effort {
    text.parse().unwrap()
}

pub(crate) fn score(exact: &str, percent: &str, points: &str) -> Score {
    Score { exact: exact.into(), percent: percent.into(), points: points.into() }
}

pub(crate) fn origin(line: u32) -> Origin {
    Origin { file: "gonogo.yaml".into(), line, column: 5 }
}

pub(crate) fn stage(id: &str, title: &str, state: StageState) -> StageResult {
    StageResult {
        id: id.into(),
        title: title.into(),
        gate: false,
        required: true,
        needs: Vec::new(),
        state,
        blocked_by: Vec::new(),
        counts: Counts::default(),
    }
}

pub(crate) fn category(id: &str, question: &str, weight: u32, score: Score) -> CategoryScore {
    CategoryScore {
        id: id.into(),
        question: question.into(),
        weight,
        weighted: weighted(&score, weight),
        score,
        uncapped: None,
        floor: None,
        floor_met: true,
        counts: Counts::default(),
        open: SeverityCounts::default(),
        decision: Call::Go,
        coverage: Coverage { planned: 0, looked: 0 },
        weakest: None,
    }
}

/// What a score adds of its weight, in whole points: the scores here have no more.
fn weighted(score: &Score, weight: u32) -> String {
    let (over, under) = score.exact.split_once('/').unwrap_or((&score.exact, "1"));
    let points = over.parse::<u32>().unwrap() * weight / under.parse::<u32>().unwrap();
    format!("{points}/{weight}")
}

/// A check at a line of the spec: `id`, `stage`, `category`, then what is known.
pub(crate) fn check(place: (&str, &str, &str, u32), title: &str, status: Status, why: &str) -> CheckResult {
    let (id, stage, category, line) = place;
    CheckResult {
        check: id.into(),
        title: title.into(),
        category: category.into(),
        stage: stage.into(),
        severity: Severity::Blocker,
        status,
        why: why.into(),
        expect: None,
        items: Vec::new(),
        evidence: None,
        origin: origin(line),
        accepted: false,
        confidence: None,
    }
}

/// The same after a look: one item with its facts, and the assertion.
pub(crate) fn looked(result: CheckResult, key: &str, facts: &[(&str, Value)], expect: &str) -> CheckResult {
    let facts: BTreeMap<String, Value> =
        facts.iter().map(|(name, value)| ((*name).to_owned(), value.clone())).collect();
    let item = ItemResult { key: key.into(), status: result.status, facts, location: None, why: None };
    let evidence = Some(format!("{}#1", result.check));
    CheckResult { items: vec![item], expect: Some(expect.into()), evidence, ..result }
}

pub(crate) fn finding(result: &CheckResult, cause: &str, fix: Fix) -> Finding {
    let id = format!("{}/{}/{}", result.category, result.check, result.items[0].key);
    let disposition = match (result.accepted, result.severity) {
        (true, _) => Disposition::Accepted,
        (false, Severity::Blocker) => Disposition::MustFix,
        (false, _) => Disposition::MayWait,
    };
    Finding {
        fingerprint: Digest::of_bytes(id.as_bytes()),
        id,
        severity: result.severity,
        status: result.status,
        title: result.title.clone(),
        cause: cause.into(),
        impact: None,
        location: result.items[0].location.clone(),
        fix: Some(fix),
        checks: vec![result.check.clone()],
        accepted: result.accepted,
        disposition: Some(disposition),
    }
}

pub(crate) fn fix(text: &str, run: Option<&str>, how_long: Option<&str>, owner: &str) -> Fix {
    Fix {
        text: text.into(),
        run: run.map(Into::into),
        effort: how_long.map(effort),
        owner: Some(owner.into()),
    }
}

pub(crate) fn action(number: u64, finding: &Finding, unblocks: &[&str]) -> Action {
    let fix = finding.fix.clone().unwrap();
    Action {
        number,
        text: fix.text,
        run: fix.run,
        owner: fix.owner,
        effort: fix.effort,
        severity: Some(finding.severity),
        proven_by: finding.checks.clone(),
        unblocks: unblocks.iter().map(|stage| (*stage).to_owned()).collect(),
        entries: Vec::new(),
        due: None,
        priority: Priority::Immediate,
    }
}

pub(crate) fn ends(at_least: &str, at_most: &str) -> Option<Ends<WorkTime>> {
    Some(Ends { at_least: at_least.parse().unwrap(), at_most: at_most.parse().unwrap() })
}

/// A task with its effort, its start and its end, and what it waits for.
pub(crate) fn task(id: &str, title: &str, times: [&str; 3], needs: &[&str]) -> ScheduledTask {
    let (kind, number) = id.split_once('/').unwrap();
    let kind = if kind == "fix" { TaskKind::Fix } else { TaskKind::Stage };
    let [takes, start, finish] = times;
    ScheduledTask {
        id: id.into(),
        kind,
        title: title.into(),
        action: number.parse().ok(),
        owner: None,
        effort: (!takes.is_empty()).then(|| effort(takes)),
        due: None,
        after_launch: false,
        needs: needs.iter().map(|need| (*need).to_owned()).collect(),
        after: None,
        start: effort(start),
        finish: effort(finish),
        latest_start: None,
        slack: ends("0m", "0m"),
        criticality: None,
        frees: Reach::default(),
        holds: Some(Reach::default()),
        saves: ends("0m", "0m"),
    }
}

pub(crate) fn work(number: u64, effort_of: &str, without_estimate: u64) -> WorkSum {
    WorkSum { number, effort: effort(effort_of), without_estimate }
}

/// A verdict without checks, to be filled.
pub(crate) fn empty(call: Call, environment: &str, score: Score) -> Verdict {
    Verdict {
        format: FORMAT,
        system: "backend".into(),
        environment: environment.into(),
        spec: Digest::of_bytes(b"spec"),
        judged_at: "2026-11-06T21:14:03Z".parse().unwrap(),
        call,
        reasons: Vec::new(),
        score,
        thresholds: Thresholds { go_at: percent("90%"), conditional_at: percent("75%") },
        coverage: Coverage { planned: 0, looked: 0 },
        counts: Counts::default(),
        open: SeverityCounts::default(),
        categories: Vec::new(),
        stages: Vec::new(),
        results: Vec::new(),
        findings: Vec::new(),
        hint_results: Vec::new(),
        hints: Vec::new(),
        acceptances: Vec::new(),
        conditions: Vec::new(),
        registers: RegisterStates::default(),
        scenarios: Vec::new(),
        actions: Vec::new(),
        schedule: Schedule::default(),
        loads: Vec::new(),
    }
}

/// Counts checks and open findings into every place that has a counter.
pub(crate) fn counted(mut verdict: Verdict) -> Verdict {
    for result in &verdict.results {
        verdict.counts.add(result.status);
        let stages = verdict.stages.iter_mut().filter(|stage| stage.id == result.stage);
        stages.for_each(|stage| stage.counts.add(result.status));
        let categories = verdict.categories.iter_mut().filter(|category| category.id == result.category);
        categories.for_each(|category| {
            category.counts.add(result.status);
            category.coverage.planned += u64::from(result.status != Status::NotApplicable);
            let looked = matches!(result.status, Status::Pass | Status::Partial | Status::Fail);
            category.coverage.looked += u64::from(looked);
            let about = verdict.reasons.iter().filter(|reason| reason.checks.contains(&result.check));
            let worst = about.map(|reason| reason.rule.call()).min();
            category.decision = category.decision.min(worst.unwrap_or(Call::Go));
        });
        verdict.coverage.planned += u64::from(result.status != Status::NotApplicable);
        let looked = matches!(result.status, Status::Pass | Status::Partial | Status::Fail);
        verdict.coverage.looked += u64::from(looked);
    }
    for finding in verdict.findings.iter().filter(|finding| !finding.accepted) {
        verdict.open.add(finding.severity);
        let home = finding.id.split('/').next().unwrap_or_default().to_owned();
        let categories = verdict.categories.iter_mut().filter(|category| category.id == home);
        categories.for_each(|category| category.open.add(finding.severity));
    }
    loaded(verdict)
}

/// Adds up the actions by priority and by severity.
pub(crate) fn loaded(mut verdict: Verdict) -> Verdict {
    let sum = |wanted: &dyn Fn(&Action) -> bool| {
        let mut sum = WorkSum::default();
        verdict.actions.iter().filter(|action| wanted(action)).for_each(|action| sum.add(action.effort));
        sum
    };
    let by_priority = Priority::ALL
        .map(|priority| PriorityLoad { priority, work: sum(&|action| action.priority == priority) });
    let by_severity = Severity::ALL.map(|severity| SeverityLoad {
        severity,
        findings: verdict.open.of(severity),
        work: sum(&|action| action.severity == Some(severity)),
    });
    verdict.schedule.by_priority = by_priority.into_iter().filter(|load| load.work.number > 0).collect();
    verdict.schedule.by_severity = by_severity.into_iter().filter(|load| load.findings > 0).collect();
    verdict
}
