//! Registers in every form: their sections, and what is refused because it contradicts itself.

use gonogo_model::register::{BlockerProgress, PhaseProgress, RegisterStates};
use gonogo_model::status::Status;
use gonogo_model::verdict::{Call, Priority, Reason, Rule, ScenarioCell, ScenarioRow, Score, Verdict};
use gonogo_report::Format;
use serde_json::{Value, json};

use crate::fixture::{PLAIN, check, counted, loaded, origin, render};

/// A NO-GO whose only subject is its registers.
pub(crate) fn verdict() -> Verdict {
    let mut verdict = crate::go::verdict();
    let stage = verdict.stages[0].id.clone();
    let category = verdict.categories[0].id.clone();
    let place = |id| (id, stage.as_str(), category.as_str(), 40);
    verdict.results.push(check(
        place("dns"),
        "The name leads to us",
        Status::Pass,
        "the assertion holds for 1 item",
    ));
    verdict.results.push(check(place("routes"), "Every route is there", Status::Fail, "fails for /gifts"));
    for category in &mut verdict.categories {
        category.counts = Default::default();
        category.coverage.planned = 0;
        category.coverage.looked = 0;
    }
    verdict.stages.iter_mut().for_each(|stage| stage.counts = Default::default());
    (verdict.counts, verdict.coverage.planned, verdict.coverage.looked) = Default::default();
    let mut verdict = counted(verdict);
    verdict.call = Call::NoGo;
    verdict.reasons = vec![Reason {
        rule: Rule::RegisterOpen,
        text: "2 blockers are not cleared: ACTION-040 (open), LATER-002 (unproven)".into(),
        checks: vec!["routes".into()],
        entries: vec!["ACTION-040".into(), "LATER-002".into()],
    }];
    verdict.registers = registers();
    verdict.scenarios = vec![ScenarioRow {
        fault: "The cache is down".into(),
        cells: vec![
            ScenarioCell { aspect: "isolation".into(), check: "dns".into(), status: Status::Pass },
            ScenarioCell { aspect: "no data is lost".into(), check: "routes".into(), status: Status::Fail },
        ],
        score: Score { exact: "1/2".into(), percent: "50%".into(), points: "1/2".into() },
    }];
    let blank = |number, text: &str, priority, entry: &str| gonogo_model::verdict::Action {
        number,
        text: text.into(),
        run: None,
        owner: Some("infrastructure".into()),
        effort: None,
        severity: None,
        proven_by: vec![],
        unblocks: vec![],
        entries: vec![entry.into()],
        due: Some("2026-12-08".parse().unwrap()),
        priority,
    };
    verdict.actions = vec![
        blank(1, "Ask for the store", Priority::Immediate, "LATER-002"),
        blank(2, "Do 1 task of \"A week before\" in Go-live checklist", Priority::BeforeT7, "go-live/t-7"),
    ];
    loaded(verdict)
}

fn basis(standing: &str, why: &str, check: Option<&str>) -> Value {
    match check {
        Some(check) => json!({"standing": standing, "why": why, "check": check}),
        None => json!({"standing": standing, "why": why}),
    }
}

fn counts(proven: u64, attested: u64, open: u64, unproven: u64) -> Value {
    let total = proven + attested + open + unproven;
    json!({"total": total, "proven": proven, "attested": attested, "open": open, "unproven": unproven})
}

fn registers() -> RegisterStates {
    let origin = serde_json::to_value(origin(50)).unwrap();
    let nothing = "neither a check nor a statement shows it";
    let blocker = |id: &str, kind: &str, title: &str, state: &str, basis: Value, blocks: Value| {
        let holds = blocks != json!([]);
        json!({"id": id, "title": title, "kind": kind, "owner": "infrastructure", "state": state, "basis": basis,
            "holds_launch": holds, "overdue": false, "blocks": blocks, "origin": origin})
    };
    let mut later = blocker(
        "LATER-002",
        "external",
        "The secret store",
        "unproven",
        basis("unproven", nothing, None),
        json!(["launch"]),
    );
    later["lead"] = json!("2d..5d");
    later["due"] = json!("2026-12-08");
    let task =
        |id: &str, text: &str, basis: Value| json!({"id": id, "do": text, "basis": basis, "origin": origin});
    let mut ticked = task(
        "copy",
        "Restore the copy",
        basis("open", "its box is ticked, but `routes` is FAIL: fails for /gifts", Some("routes")),
    );
    ticked["ticked"] = json!(true);
    ticked["contradiction"] = json!(true);
    let value = json!({
        "blockers": [
            blocker("LATER-009", "external", "The domain", "cleared", basis("proven", "`dns` is PASS: the assertion holds for 1 item", Some("dns")), json!([{"phase": "cutover"}])),
            later,
            blocker("ACTION-040", "implementation", "Routes that are missing", "open", basis("open", "`routes` is FAIL: fails for /gifts", Some("routes")), json!(["launch"])),
            blocker("NOTE-1", "implementation", "Contacts are placeholders", "unproven", basis("unproven", nothing, None), json!([])),
        ],
        "blocker_kinds": [
            {"kind": "external", "counts": counts(1, 0, 0, 1)},
            {"kind": "implementation", "counts": counts(0, 0, 1, 1)},
        ],
        "decisions": [
            {"id": "DEC-001", "question": "How do sessions move?", "options": [{"id": "A", "text": "Everybody logs in again"}, {"id": "B", "text": "They are copied"}],
             "owner": "ana", "made": {"choice": "A", "on": "2026-01-05"}, "chosen": "Everybody logs in again",
             "state": "implemented", "basis": basis("proven", "`dns` is PASS: the assertion holds for 1 item", Some("dns")), "origin": origin},
            {"id": "DEC-005", "question": "Which region first?", "options": [{"id": "EU", "text": "Europe"}, {"id": "US", "text": "America"}],
             "owner": "ben", "due": "2026-12-01", "state": "undecided", "basis": basis("unproven", nothing, None), "origin": origin},
        ],
        "decision_counts": counts(1, 0, 1, 0),
        "checklists": [{
            "id": "go-live", "title": "Go-live checklist", "origin": origin, "contradictions": 1,
            "file": {"check": "routes", "at_least": 4, "read": 3, "missing": 1},
            "sections": [
                {"id": "t-7", "title": "A week before", "at": "T-7d", "due": "2026-12-08", "holds_launch": true,
                 "tasks": [task("order", "Order the domain", basis("proven", "`dns` is PASS: the assertion holds for 1 item", Some("dns"))), ticked],
                 "counts": counts(1, 0, 1, 0)},
                {"id": "after", "title": "One hour after", "at": "T+1h", "due": "2026-12-15", "holds_launch": false,
                 "tasks": [task("watch", "Watch the errors", basis("attested", "signed by cleo on 2026-11-20, holds until 2026-12-31", None))],
                 "counts": counts(0, 1, 0, 0)},
                {"id": "not-in-the-file", "title": "Not in the file", "holds_launch": true, "tasks": [], "counts": counts(0, 0, 0, 1)},
            ],
            "counts": counts(1, 1, 1, 1),
        }],
        "phases": [
            {"id": "cutover", "title": "Cutover", "holds_launch": true, "state": "blocked", "why": "1 thing it needs does not hold: LATER-002 (unproven)",
             "needs": [{"what": {"blocker": "LATER-009"}, "met": true, "state": "cleared"}, {"what": {"blocker": "LATER-002"}, "met": false, "state": "unproven"}],
             "met": 1, "needed": 2, "attested": false, "origin": origin},
        ],
        "launch": launch(&origin),
        "sign_off": sign_off(&origin),
    });
    serde_json::from_value(value).unwrap()
}

fn launch(origin: &Value) -> Value {
    json!({
        "date": "2026-12-15", "strategy": "canary", "origin": origin,
        "steps": [
            {"id": "canary", "title": "One in twenty", "share": "5%", "lasts": "2h", "enter": [{"check": "dns", "status": "pass"}], "exit": [{"check": "routes", "status": "fail"}], "may_begin": true},
            {"id": "everybody", "title": "everybody", "share": "100%", "enter": [], "exit": [], "may_begin": true},
        ],
        "rollback": [{"id": "errors", "when": "share of 5xx > 1% for 5m", "do": "Turn the switch back", "owner": "on call", "within": "5m"}],
        "monitoring": [{"what": "Error rate", "when": "every hour of the first day", "who": "on call", "check": {"check": "dns", "status": "pass"}}],
    })
}

fn sign_off(origin: &Value) -> Value {
    json!({
        "digest": "0".repeat(64), "prepared_by": "ana", "signed": 1, "required": 2, "authorised": false, "origin": origin,
        "why": "the verdict is NO-GO, which no signature changes; not signed: Release manager (unsigned)",
        "roles": [
            {"role": "Operations", "by": "dan", "on": "2026-11-20", "verdict": "0".repeat(64), "state": "signed"},
            {"role": "Release manager", "state": "unsigned"},
        ],
    })
}

/// The parts of a document under these headings.
fn parts(document: &str, wanted: &[&str]) -> String {
    let sections = document.split("\n## ").filter(|part| wanted.iter().any(|title| part.starts_with(title)));
    sections.map(|part| format!("## {}\n", part.trim_end())).collect()
}

#[test]
fn markdown_has_a_section_for_each_register() {
    let wanted = [
        "Go/no-go register",
        "Failure scenarios",
        "Blockers by category",
        "Decisions",
        "Phase gate impact",
        "Checklists",
        "Next actions checklist",
        "Deployment recommendations",
        "Launch authorisation",
    ];
    insta::assert_snapshot!("registers_markdown", parts(&render(&verdict(), Format::Markdown), &wanted));
}

#[test]
fn the_terminal_says_what_is_left_of_each_register() {
    let text = render(&verdict(), Format::Terminal);
    let start = text.find("REGISTERS").unwrap();
    insta::assert_snapshot!("registers_terminal", text[start..].split("\n\n").next().unwrap());
}

#[test]
fn a_report_without_registers_has_no_section_of_them() {
    for format in [Format::Terminal, Format::Markdown, Format::Html] {
        let text = render(&crate::go::verdict(), format);
        for title in
            ["REGISTERS", "Blockers by category", "Phase gate", "Launch authorisation", "Failure scenarios"]
        {
            assert!(!text.contains(title), "{format} has {title}");
        }
    }
}

#[test]
fn html_has_every_entry() {
    let page = render(&verdict(), Format::Html);
    for entry in
        ["LATER-009", "ACTION-040", "DEC-005", "Restore the copy", "cutover", "canary", "Release manager"]
    {
        assert!(page.contains(entry), "{entry}");
    }
}

/// What is changed, and what the refusal names.
type Lie = (&'static str, fn(&mut Verdict));

#[test]
fn registers_that_contradict_themselves_are_refused() {
    let lies: [Lie; 11] = [
        ("blocker `ACTION-040` is cleared", |v| v.registers.blockers[2].state = BlockerProgress::Cleared),
        ("of kind `external`", |v| v.registers.blocker_kinds[0].counts.proven = 2),
        ("number of decisions", |v| v.registers.decision_counts.total = 4),
        ("decision `DEC-005`", |v| v.registers.decisions[1].chosen = Some("Europe".into())),
        ("tasks of `go-live`", |v| v.registers.checklists[0].counts.open = 0),
        ("tasks of `go-live/after`", |v| {
            v.registers.checklists[0].sections[1].counts.attested = 0;
            v.registers.checklists[0].counts.attested = 0;
        }),
        ("phase `cutover` is open", |v| v.registers.phases[0].state = PhaseProgress::Open),
        ("number of signatures", |v| v.registers.sign_off.as_mut().unwrap().signed = 2),
        ("whether the launch is authorised", |v| v.registers.sign_off.as_mut().unwrap().authorised = true),
        ("GO beside an open register", |v| v.call = Call::Go),
        ("names the check `gone`", |v| v.registers.blockers[0].basis.check = Some("gone".into())),
    ];
    for (says, lie) in lies {
        let mut verdict = verdict();
        lie(&mut verdict);
        let error = gonogo_report::render(&verdict, Format::Markdown, PLAIN).unwrap_err().to_string();
        assert!(error.contains(says), "{error} does not say {says}");
    }
}
