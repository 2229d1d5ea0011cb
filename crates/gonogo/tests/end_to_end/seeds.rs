//! The seeds as specs: each is planned without a word, run, and its key figures come out of the
//! checks. S2 is run by the detection matrix, with its system. No report of one contradicts itself,
//! by the rules that find contradictions in what people write.

use std::path::{Path, PathBuf};
use std::process::{Command, Output};

use gonogo_model::status::{Severity, Status};
use gonogo_model::verdict::{Call, Rule, StageState, Verdict};
use gonogo_report::{Format, Style, render};

use crate::world::GONOGO;

fn spec(seed: &str) -> PathBuf {
    Path::new(env!("CARGO_MANIFEST_DIR")).join("../../testbed/seeds").join(seed).join("gonogo.yaml")
}

/// The command with nothing in its environment but what finds programs.
fn gonogo(arguments: &[&str], spec: &Path) -> Output {
    let mut command = Command::new(GONOGO);
    command.args(arguments).arg("--spec").arg(spec).env_clear();
    command.env("PATH", std::env::var_os("PATH").unwrap()).output().unwrap()
}

fn judged(seed: &str) -> Verdict {
    let folder = tempfile::tempdir().unwrap();
    let out = folder.path().join("run").display().to_string();
    let run = gonogo(&["run", "--format", "json", "--quiet", "--out", &out], &spec(seed));
    let verdict: Verdict = serde_json::from_slice(&run.stdout)
        .unwrap_or_else(|error| panic!("{seed}: {error}\n{}", String::from_utf8_lossy(&run.stderr)));
    assert_eq!(run.status.code(), Some(1), "{seed} is NO-GO");
    assert_eq!(verdict.call, Call::NoGo, "{seed}");
    assert_consistent(seed, &verdict);
    verdict
}

/// The report of a verdict, read as any other document is: nothing in it is certainly or likely wrong.
fn assert_consistent(seed: &str, verdict: &Verdict) {
    let style = Style { colour: false, width: 80 };
    let report = render(verdict, Format::Markdown, style).unwrap();
    let read = gonogo_document::read(report.as_bytes());
    assert!(!read.elements.verdicts.is_empty(), "{seed}: the report was not understood");
    let found = gonogo_document::contradiction::contradictions(&read);
    assert!(found.is_empty(), "{seed}: {found:#?}");
}

fn open(verdict: &Verdict) -> [u64; 4] {
    let counts = &verdict.open;
    [counts.blocker, counts.high, counts.medium, counts.low]
}

fn says(verdict: &Verdict, rule: Rule) -> bool {
    verdict.reasons.iter().any(|reason| reason.rule == rule)
}

#[test]
fn every_seed_is_planned_without_an_error() {
    for seed in ["s0", "s1", "s3", "s4"] {
        let plan = gonogo(&["plan"], &spec(seed));
        assert!(plan.status.success(), "{seed}: {}", String::from_utf8_lossy(&plan.stderr));
        assert!(plan.stderr.is_empty(), "{seed}: {}", String::from_utf8_lossy(&plan.stderr));
    }
}

#[test]
fn s0_stops_at_its_gate() {
    let verdict = judged("s0");
    assert!(says(&verdict, Rule::GateFailed));
    assert_eq!(open(&verdict), [2, 0, 0, 0]);
    let looked = verdict.results.iter().filter(|result| result.status == Status::Fail).count();
    assert_eq!((looked, verdict.results.len()), (2, 11));
    // Eight stages were not begun; nothing in them is called failed.
    assert_eq!(verdict.stages.iter().filter(|stage| stage.state == StageState::Blocked).count(), 8);
    assert_eq!(verdict.registers.blockers.len(), 1);
}

#[test]
fn s1_is_no_go_though_its_author_wrote_conditional_go() {
    let verdict = judged("s1");
    assert!(says(&verdict, Rule::BlockerOpen) && says(&verdict, Rule::RegisterOpen));
    assert_eq!(verdict.open.blocker, 5);
    // Five must-fix items: 3d..5d, 2h..4h, 2h..4h, 4h..6h and 2h..3h.
    let efforts = |blockers: bool| {
        let fixes =
            verdict.findings.iter().filter(|finding| blockers == (finding.severity == Severity::Blocker));
        let efforts = fixes.filter_map(|finding| finding.fix.as_ref()?.effort);
        efforts.fold((0, 0), |(least, most), effort| (least + effort.least, most + effort.most))
    };
    assert_eq!(efforts(true), (34 * 60, 57 * 60));
    // Seven that were to be deferred: 2h..3h, 4h..6h, 2h..3h, twice 3h..4h, 30m and 4h..6h.
    assert_eq!(efforts(false), (18 * 60 + 30, 26 * 60 + 30));
    // The parts added up, and side by side with one owner doing one thing at a time.
    let figures = [&verdict.schedule.effort, &verdict.schedule.total].map(ToString::to_string);
    assert_eq!(figures, ["6d 4h 30m..10d 3h 30m", "6d 30m..9d 5h 30m"]);
    // Nobody accepted anything with a name, a day and an alert.
    assert_eq!(verdict.acceptances.len(), 7);
    assert_eq!(verdict.findings.iter().filter(|finding| finding.accepted).count(), 0);
    // Six failures by four questions, of which nobody can see any.
    assert_eq!(verdict.scenarios.len(), 6);
    assert!(verdict.scenarios.iter().all(|row| row.cells.len() == 4 && row.score.exact == "0/1"));
}

#[test]
fn s3_counts_each_defect_once() {
    let verdict = judged("s3");
    assert_eq!(open(&verdict), [6, 9, 15, 5]);
    let containers = verdict.categories.iter().find(|category| category.id == "containers").unwrap();
    assert_eq!(containers.score.points, "8/15");
    assert_eq!(verdict.registers.blockers.len(), 6);
    let edges = verdict.categories.iter().find(|category| category.id == "connectivity").unwrap();
    assert_eq!(edges.score.points, "6/8");
}

#[test]
fn s4_has_nine_categories_that_nothing_shows_and_one_that_is_broken() {
    let verdict = judged("s4");
    assert!(says(&verdict, Rule::ConditionOverdue));
    assert_eq!(open(&verdict), [1, 0, 2, 0]);
    let broken = |id: &str| verdict.findings.iter().any(|finding| finding.id.starts_with(&format!("{id}/")));
    let (broken, unproven): (Vec<_>, Vec<_>) =
        verdict.categories.iter().partition(|category| broken(&category.id));
    assert_eq!((broken.len(), unproven.len()), (1, 9));
    assert_eq!(broken[0].id, "performance");
    let launch = verdict.registers.launch.as_ref().unwrap();
    assert_eq!((launch.steps.len(), launch.monitoring.len()), (3, 3));
}
