//! A checklist that stands in a Markdown file, from the file to the verdict: a box holds the launch
//! up, a tick is worth who signed it, and what is bound is worth what its check saw.

use gonogo_model::register::{ChecklistState, PhaseProgress, Standing};
use gonogo_model::verdict::{Call, Rule, Verdict};

use crate::world::{NOW, World};

const LIST: &str = "# Go-live

## A week before (T-7 days)

- [x] Order the domain
- [x] Tell the support team

## Cutover (T-0)

- [ ] Switch the name over
";

fn spec(ticks: &str) -> String {
    format!(
        r#"version: 1
system: Shop
targets:
  docs: {{ path: docs }}
checks:
  - {{ id: list, title: Every box that is due is ticked, probe: document/checklist, with: {{ target: docs, path: go_live.md }}, expect: ticked || !before_launch, severity: low }}
  - {{ id: domain, title: The domain is ours, probe: document/file, with: {{ path: domain.md }}, expect: exists, severity: low }}
checklists:
  - id: go-live
    title: Go-live checklist
    file:
      check: list
      at_least: 3
      {ticks}
      bind: [{{ task: Order the domain, check: domain }}]
phases:
  - {{ id: cutover, title: Cutover, needs: [go-live] }}
policy: {{ conditional_at: 40% }}
"#
    )
}

const SIGNED: &str =
    "ticks: { statement: I did what I ticked, by: ana, on: 2026-11-20, expires: 2026-12-31 }";

/// The verdict on a list, with the domain there or not.
fn judged(list: &str, ticks: &str, domain: bool) -> Verdict {
    let world = World::new();
    world.write("docs/go_live.md", list);
    world.write("gonogo.yaml", &spec(ticks));
    if domain {
        world.write("domain.md", "# Ours\n");
    }
    let said = world.gonogo(&["run", "--out", "run", "--now", NOW, "--format", "json"]);
    let verdict: Verdict = serde_json::from_str(&said.stdout).unwrap_or_else(|_| panic!("{}", said.all()));
    let code = match verdict.call {
        Call::Go => 0,
        Call::NoGo => 1,
        Call::ConditionalGo => 2,
    };
    said.ended(code);
    world.gonogo(&["verify", "run"]).ended(0);
    verdict
}

fn list(verdict: &Verdict) -> &ChecklistState {
    &verdict.registers.checklists[0]
}

fn standings(verdict: &Verdict) -> Vec<(&str, Standing)> {
    let tasks = list(verdict).sections.iter().flat_map(|section| &section.tasks);
    tasks.map(|task| (task.text.as_str(), task.basis.standing)).collect()
}

fn held_by(verdict: &Verdict) -> Vec<&str> {
    let of_register = verdict.reasons.iter().filter(|reason| reason.rule == Rule::RegisterOpen);
    of_register.flat_map(|reason| reason.entries.iter().map(String::as_str)).collect()
}

fn phase(verdict: &Verdict) -> PhaseProgress {
    verdict.registers.phases[0].state
}

#[test]
fn ticked_signed_and_bound_opens_the_launch() {
    let verdict = judged(LIST, SIGNED, true);
    let expected = [
        ("Order the domain", Standing::Proven),
        ("Tell the support team", Standing::Attested),
        // It waits for the launch, so the launch does not wait for it.
        ("Switch the name over", Standing::Open),
    ];
    assert_eq!(standings(&verdict), expected);
    assert_eq!((verdict.call, phase(&verdict)), (Call::ConditionalGo, PhaseProgress::Open));
    assert_eq!(held_by(&verdict), Vec::<&str>::new());
    let written: Vec<String> =
        list(&verdict).sections[0].tasks.iter().map(|task| task.origin.to_string()).collect();
    assert!(written[0].contains("go_live.md:5"), "{written:?}");
}

#[test]
fn one_box_that_is_not_ticked_holds_the_launch_up() {
    let verdict = judged(&LIST.replace("[x] Tell", "[ ] Tell"), SIGNED, true);
    assert_eq!(standings(&verdict)[1], ("Tell the support team", Standing::Open));
    assert_eq!((verdict.call, phase(&verdict)), (Call::NoGo, PhaseProgress::Blocked));
    assert_eq!(held_by(&verdict), ["go-live/a-week-before-t-7-days", "cutover"]);
}

#[test]
fn a_tick_that_nobody_signed_proves_nothing() {
    let verdict = judged(LIST, "", true);
    assert_eq!(standings(&verdict)[1], ("Tell the support team", Standing::Unproven));
    assert_eq!((verdict.call, phase(&verdict)), (Call::NoGo, PhaseProgress::Blocked));
}

#[test]
fn a_tick_against_what_was_measured_is_shown_as_that() {
    let verdict = judged(LIST, SIGNED, false);
    assert_eq!(standings(&verdict)[0], ("Order the domain", Standing::Open));
    assert_eq!((list(&verdict).contradictions, verdict.call), (1, Call::NoGo));
}

#[test]
fn what_is_taken_out_of_the_list_is_not_done() {
    let verdict = judged(&LIST.replace("- [x] Order the domain\n", ""), SIGNED, true);
    let file = list(&verdict).file.as_ref().unwrap();
    assert_eq!((file.read, file.missing), (Some(2), 1));
    assert_eq!((verdict.call, phase(&verdict)), (Call::NoGo, PhaseProgress::Blocked));
}
