//! The plan for people.

use gonogo_model::amount::Wait;
use gonogo_model::catalog::Class;
use gonogo_model::digest::Digest;
use gonogo_model::plan::{Plan, PlannedCheck, PlannedProof, PlannedStage};
use gonogo_model::spec::Budget;
use gonogo_model::status::{Certainty, Severity};
use gonogo_report::{Style, plan};

use crate::fixture::{PLAIN, effort, origin};

#[test]
fn stages_checks_what_they_touch_and_the_budget() {
    insta::assert_snapshot!("plan", plan(&example(), PLAIN));
}

#[test]
fn a_hostile_title_stays_text() {
    let mut hostile = example();
    hostile.stages[0].checks[0].title = "\u{1b}[2J\nsecond".into();
    hostile.system = "\u{1b}]0;owned\u{7}".into();
    assert!(!plan(&hostile, PLAIN).contains('\u{1b}'));
    assert!(plan(&hostile, Style { colour: true, width: 80 }).contains("\u{fffd}[2J second"));
}

pub(crate) fn example() -> Plan {
    let check = |id: &str, title: &str, severity, by| PlannedCheck {
        id: id.into(),
        title: title.into(),
        category: "secrets".into(),
        severity,
        certainty: Certainty::Certain,
        by,
        origin: origin(14),
    };
    let looks = |probe: &str, class, place: Option<(&str, &str)>| PlannedProof::Probe {
        probe: probe.into(),
        class,
        target: place.map(|place| place.0.into()),
        address: place.map(|place| place.1.into()),
        also: Vec::new(),
        time_limit: Wait::seconds(10),
    };
    let stage = |id: &str, title: &str, gate, needs: &[&str], checks| PlannedStage {
        id: id.into(),
        title: title.into(),
        gate,
        required: true,
        needs: needs.iter().map(|need| (*need).to_owned()).collect(),
        takes: Some(effort("1m")),
        checks,
    };
    let gate = vec![
        check(
            "jwt-secret",
            "The JWT signing secret is strong",
            Severity::Blocker,
            looks("secret/env", Class::Passive, None),
        ),
        check(
            "pool-size",
            "The pool fits the database",
            Severity::Blocker,
            looks("postgres/pool", Class::Active, Some(("db", "${DATABASE_URL}"))),
        ),
    ];
    let verify = vec![
        check(
            "restart",
            "It comes back after a kill",
            Severity::High,
            looks("process/kill", Class::Destructive, Some(("backend", "pidfile:/run/backend.pid"))),
        ),
        check("rotation", "Every secret was rotated", Severity::Medium, PlannedProof::Person),
        check(
            "gpu",
            "The GPU driver matches",
            Severity::Low,
            PlannedProof::Nobody { reason: "no GPU (ben)".into() },
        ),
    ];
    Plan {
        system: "backend".into(),
        environment: "staging".into(),
        spec: Digest::of_bytes(b"spec"),
        budget: Budget { run: Wait::seconds(600), parallel: 8 },
        stages: vec![
            stage("pre-gate", "Secret verification", true, &[], gate),
            stage("verify", "Behaviour of the running system", false, &["pre-gate"], verify),
            stage("later", "After launch", false, &["verify"], Vec::new()),
        ],
    }
}
