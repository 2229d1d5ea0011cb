//! Registers in a spec: read whole, and refused with a message that helps.

mod probes;

use gonogo_model::spec::register::{Bond, Ref, TaskSource, TriggerOn};
use gonogo_model::spec::{Spec, SpecError, read};
use probes::catalog;

/// A whole valid spec with every register; tests change one thing in it.
const GOOD: &str = r#"version: 1
system: Shop
stages:
  - { id: before }
  - { id: verify, needs: [before] }
checks:
  - { id: dns, stage: before, probe: test/secret, with: { name: DNS }, expect: present, severity: low }
  - { id: routes, stage: verify, probe: test/secret, with: { name: R }, expect: present, severity: high }
  - { id: list, stage: before, probe: document/checklist, expect: ticked, severity: low }
  - { id: maybe, stage: verify, probe: test/secret, with: { name: M }, expect: present, severity: low, certainty: likely }
blockers:
  - { id: LATER-001, title: The domain is missing, owner: infra, check: dns, lead: 1w..3w, blocks: [cutover, verify] }
  - { id: ACTION-040, title: Routes are missing, kind: implementation, owner: team, check: routes, effort: 18d..28d }
  - { id: NOTE-1, title: Contacts are placeholders, owner: team, blocks: [], due: 2026-11-24 }
decisions:
  - id: DEC-001
    question: How do sessions move?
    options: [{ id: A, text: Everybody logs in again }, { id: B, text: Sessions are copied }]
    owner: ana
    choice: A
    on: 2026-01-05
    check: routes
  - { id: DEC-002, question: When?, options: [{ id: X, text: Now }], owner: ana, due: 2026-12-01, needs: [LATER-001] }
checklists:
  - id: go-live
    sections:
      - id: t-7
        at: T-7d
        items:
          - { id: move-dns, do: Move the domain, check: dns, owner: infra }
          - { id: call, do: Call support, attest: { statement: Support knows, by: ben, on: 2026-11-01, expires: 2027-01-31 } }
      - { id: after, at: T+1h, items: [{ id: watch, do: Watch the errors }] }
  - id: rollback
    file:
      check: list
      at_least: 5
      ticks: { statement: I did them, by: cleo, on: 2026-11-01, expires: 2027-01-31 }
      bind: [{ task: Restore the copy, check: routes }]
phases:
  - { id: cutover, needs: [LATER-001, DEC-001, go-live/t-7, rollback/prepare, routes] }
  - { id: cleanup, required: false, needs: [cutover], attest: { statement: It is gone } }
launch:
  date: 2026-12-01
  strategy: canary
  steps:
    - { id: canary, share: 5%, lasts: 2h, enter: [dns], exit: [routes] }
    - { id: all, share: 100% }
  rollback:
    - { id: errors, metric: share of 5xx, threshold: "> 1% for 5m", do: Turn the switch back, within: 5m }
    - { id: gone, check: routes, do: Go back }
  monitoring:
    - { what: Errors, when: every hour of the first day, who: on call, check: routes }
sign_off:
  prepared_by: ana
  roles:
    - { role: Operations, by: dan, on: 2026-11-20, verdict: 00112233445566778899aabbccddeeff00112233445566778899aabbccddeeff }
    - { role: Security }
"#;

fn spec(text: &str) -> Result<Spec, SpecError> {
    read("gonogo.yaml", text, None, &catalog(), &[])
}

#[test]
fn registers_are_read_whole() {
    let spec = spec(GOOD).unwrap_or_else(|error| panic!("{error}"));
    let registers = &spec.registers;
    let blocker = &registers.blockers[0];
    assert_eq!(blocker.bond, Some(Bond::Check("dns".into())));
    assert_eq!((blocker.kind.as_str(), blocker.lead.unwrap().to_string().as_str()), ("external", "5d..15d"));
    assert_eq!(blocker.blocks, [Ref::Phase("cutover".into()), Ref::Stage("verify".into())]);
    assert_eq!(registers.blockers[1].blocks, [Ref::Launch], "what says nothing blocks launch");
    assert_eq!(registers.blockers[2].blocks, []);
    assert_eq!(registers.decisions[0].made.as_ref().unwrap().choice, "A");
    let TaskSource::Sections(sections) = &registers.checklists[0].tasks else { panic!("not in the spec") };
    assert_eq!(sections[0].at.unwrap().to_string(), "T-7d");
    assert_eq!(sections[0].items[0].origin.to_string(), "gonogo.yaml:30:13");
    let TaskSource::File(file) = &registers.checklists[1].tasks else { panic!("not in a file") };
    assert_eq!((file.at_least, file.bind.len()), (5, 1));
    let section = Ref::Section { checklist: "rollback".into(), section: "prepare".into() };
    assert!(registers.phases[0].needs.contains(&section), "nobody knows the sections of a file yet");
    let launch = registers.launch.as_ref().unwrap();
    assert!(
        matches!(&launch.rollback[0].on, TriggerOn::Metric { threshold, .. } if threshold == "> 1% for 5m")
    );
    assert!(registers.sign_off.as_ref().unwrap().roles[1].signed.is_none());
    let stored = serde_json::to_string(&spec).unwrap();
    assert_eq!(serde_json::from_str::<Spec>(&stored).unwrap(), spec, "stored form reads back");
}

#[test]
fn a_spec_without_registers_has_the_stored_form_it_had() {
    let text = GOOD.split("blockers:").next().unwrap();
    assert!(!serde_json::to_string(&spec(text).unwrap()).unwrap().contains("registers"));
}

/// What is changed in `GOOD`, where the message must point, and what it must say.
const REFUSED: &[(&str, &str, &str, u32, &str)] = &[
    ("an unknown key", "kind: implementation", "knid: implementation", 13, "did you mean `kind`?"),
    ("no owner", "owner: infra, check: dns, lead", "owner: ' ', check: dns, lead", 12, "the owner is empty"),
    ("a blocker twice", "id: ACTION-040", "id: LATER-001", 13, "is taken: it names the blocker `LATER-001`"),
    ("a blocker with the id of a check", "id: ACTION-040", "id: routes", 13, "it names the check `routes`"),
    ("a phase called launch", "{ id: cleanup,", "{ id: launch,", 41, "it names the launch"),
    ("an id that is none", "id: NOTE-1", "id: NOTE/1", 14, "cannot be an id"),
    ("a check that is not there", "check: dns, lead", "check: dsn, lead", 12, "did you mean `dns`?"),
    (
        "a proof that is a hint",
        "check: dns, lead",
        "check: maybe, lead",
        12,
        "a blocker cannot rest on `maybe`",
    ),
    (
        "a proof and a statement",
        "check: dns, lead: 1w..3w",
        "check: dns, attest: { statement: gone }",
        12,
        "both `check` and `attest`",
    ),
    ("a day that is none", "due: 2026-11-24", "due: 2026-11-31", 14, "is not a day"),
    ("a name that is not there", "blocks: [cutover", "blocks: [cutovre", 12, "did you mean `cutover`?"),
    ("a name twice", "blocks: [cutover, verify]", "blocks: [cutover, cutover]", 12, "is named twice"),
    (
        "a blocker that needs the launch",
        "blocks: [], due",
        "needs: [launch], due",
        14,
        "the launch cannot be named here",
    ),
    ("a choice that is none", "choice: A", "choice: C", 20, "`C` is none of the options"),
    ("a choice without a day", "    on: 2026-01-05\n", "", 20, "needs `choice` and `on`"),
    (
        "neither choice nor day",
        "owner: ana, due: 2026-12-01, needs",
        "owner: ana, needs",
        23,
        "nobody has made the decision",
    ),
    ("an option twice", "{ id: B, text", "{ id: A, text", 18, "the option `A` exists already"),
    ("no option", "options: [{ id: X, text: Now }]", "options: []", 23, "has no options"),
    (
        "tasks nowhere",
        "- id: rollback\n",
        "- { id: none }\n  - id: rollback\n",
        33,
        "neither `sections` nor `file`",
    ),
    (
        "a section without a task",
        "items: [{ id: watch, do: Watch the errors }]",
        "items: []",
        32,
        "has no task",
    ),
    ("a time that is none", "at: T-7d", "at: T-7y", 28, "no time around the launch"),
    ("a section twice", "- { id: after, at", "- { id: t-7, at", 32, "the section `t-7` exists already"),
    ("a task twice", "{ id: call, do", "{ id: move-dns, do", 31, "the task `move-dns` exists already"),
    (
        "a section that is not there",
        "go-live/t-7,",
        "go-live/t-8,",
        40,
        "there is nothing with the id `go-live/t-8`",
    ),
    ("a file that no list reads", "      check: list", "      check: routes", 35, "reads no checklist"),
    ("a file of nothing", "at_least: 5", "at_least: 0", 36, "would hold whatever happens"),
    ("a file without end", "at_least: 5", "at_least: 4000000000", 36, "at most 100000"),
    (
        "a binding to nothing",
        "Restore the copy, check: routes",
        "Restore the copy",
        38,
        "binds the task to nothing",
    ),
    (
        "a half-signed statement",
        "by: cleo, on: 2026-11-01,",
        "by: cleo,",
        37,
        "needs `by`, `on` and `expires`",
    ),
    (
        "a phase of nothing",
        "needs: [cutover], attest: { statement: It is gone } }",
        "owner: ana }",
        41,
        "needs nothing and nothing proves it",
    ),
    (
        "a circle of phases",
        "needs: [LATER-001, DEC-001,",
        "needs: [cleanup, DEC-001,",
        40,
        "`cutover`, `cleanup` wait for each other",
    ),
    (
        "a blocker of its own proof",
        "check: routes, effort",
        "check: routes, blocks: [verify], effort",
        13,
        "in a circle",
    ),
    (
        "a decision in a circle",
        "needs: [LATER-001] }",
        "needs: [LATER-001], blocks: [LATER-001] }",
        23,
        "in a circle",
    ),
    ("a share that falls", "id: canary, share: 5%", "id: canary, share: 100%", 47, "goes from 100% to 100%"),
    ("a launch that does not end", "id: all, share: 100%", "id: all, share: 50%", 47, "ends at 50%"),
    ("a step on nothing", "enter: [dns]", "enter: [dsn]", 46, "did you mean `dns`?"),
    (
        "a trigger on nothing",
        "threshold: \"> 1% for 5m\", ",
        "",
        49,
        "nothing says when the trigger `errors` trips",
    ),
    ("monitoring by nobody", "who: on call", "who: ''", 52, "who watches is empty"),
    ("who prepared it signs", "by: dan", "by: Ana", 56, "who prepared the evidence cannot sign"),
    ("a digest that is none", "verdict: 0011", "verdict: 001", 56, "is not a digest"),
    ("a half signature", "by: dan, on: 2026-11-20, ", "by: dan, ", 56, "needs `by`, `on` and `verdict`"),
    ("a role without a name", "{ role: Security }", "{ role: ' ' }", 57, "the role is empty"),
];

#[test]
fn what_is_wrong_is_refused_at_its_place_with_help() {
    let mut wrong = Vec::new();
    for (what, from, to, line, says) in REFUSED {
        assert!(GOOD.contains(from), "{what}: the test changes nothing");
        let error = spec(&GOOD.replacen(from, to, 1)).expect_err(what);
        let shown = error.to_string();
        let lines: Vec<u32> =
            error.diagnostics.iter().filter_map(|d| d.place).map(|place| place.line).collect();
        if !shown.contains(says) || !lines.contains(line) {
            wrong.push(format!("{what}: expected line {line} and `{says}`, found {lines:?}\n{shown}"));
        }
    }
    assert!(wrong.is_empty(), "{}", wrong.join("\n\n"));
}

#[test]
fn lists_of_nothing_are_refused() {
    let before = GOOD.split("sign_off:").next().unwrap();
    let error = spec(&format!("{before}sign_off: {{ roles: [] }}\n")).unwrap_err().to_string();
    assert!(error.contains("nobody has to sign"), "{error}");
    let error = spec(&format!("{before}sign_off: {{}}\n")).unwrap_err().to_string();
    assert!(error.contains("the key `roles` is missing"), "{error}");
    let empty = GOOD.replacen("- id: rollback\n", "- { id: none, sections: [] }\n  - id: rollback\n", 1);
    let error = spec(&empty).unwrap_err().to_string();
    assert!(error.contains("the checklist `none` has no section"), "{error}");
}

#[test]
fn a_scenario_has_a_row_and_a_column() {
    let with =
        |scenario: &str| GOOD.replacen("name: DNS }, ", &format!("name: DNS }}, scenario: {scenario}, "), 1);
    let spec_with = spec(&with("{ fault: The store is down, aspect: isolation }")).unwrap();
    assert_eq!(spec_with.checks[0].scenario.as_ref().unwrap().fault, "The store is down");
    let error = spec(&with("{ fault: '', aspect: isolation }")).unwrap_err().to_string();
    assert!(error.contains("what goes wrong is empty"), "{error}");
}
