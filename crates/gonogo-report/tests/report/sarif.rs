//! SARIF that a schema, a code scanning service and a reader of silence can live with.

use std::collections::BTreeSet;
use std::sync::LazyLock;

use gonogo_model::digest::Digest;
use gonogo_model::fact::Location;
use gonogo_model::status::{Severity, Status};
use gonogo_model::verdict::{Rule, Verdict};
use gonogo_report::Format;
use jsonschema::Validator;
use serde_json::{Value, json};

use crate::fixture;

/// The schema of the standard, errata 01; where it came from is in `schema/README.md`.
const SCHEMA: &str = include_str!("../schema/sarif-schema-2.1.0.json");

static VALIDATOR: LazyLock<Validator> = LazyLock::new(|| {
    let mut schema: Value = serde_json::from_str(SCHEMA).unwrap();
    for owner in ["run", "toolComponent"] {
        let language = &mut schema["definitions"][owner]["properties"]["language"];
        language.as_object_mut().unwrap().remove("pattern").unwrap();
    }
    jsonschema::options().should_validate_formats(true).build(&schema).unwrap()
});

/// The log of a verdict, once it is valid.
fn log(verdict: &Verdict) -> Value {
    assert_valid(&fixture::render(verdict, Format::Sarif))
}

/// The text as a log, once it is valid against the schema and refers to what it has.
pub(crate) fn assert_valid(text: &str) -> Value {
    let log: Value = serde_json::from_str(text).unwrap();
    let errors = VALIDATOR.iter_errors(&log);
    let errors: Vec<String> = errors.map(|error| format!("{}: {error}", error.instance_path())).collect();
    assert!(errors.is_empty(), "{}\n{text}", errors.join("\n"));
    assert_refers_to_itself(&log["runs"][0]);
    log
}

/// Rule ids are different, and every index and reference leads to what it names.
fn assert_refers_to_itself(run: &Value) {
    let ids = |list: &Value| -> Vec<String> {
        list.as_array().unwrap().iter().map(|of| of["id"].as_str().unwrap().to_owned()).collect()
    };
    let (rules, kinds) = (ids(&run["tool"]["driver"]["rules"]), ids(&run["tool"]["driver"]["notifications"]));
    assert_eq!(rules.iter().collect::<BTreeSet<_>>().len(), rules.len());
    for result in run["results"].as_array().unwrap() {
        let index = result["ruleIndex"].as_u64().unwrap();
        assert_eq!(result["ruleId"], rules[usize::try_from(index).unwrap()].as_str());
    }
    for notification in run["invocations"][0]["toolConfigurationNotifications"].as_array().unwrap() {
        assert!(kinds.contains(&notification["descriptor"]["id"].as_str().unwrap().to_owned()));
    }
}

fn results(verdict: &Verdict) -> Vec<Value> {
    log(verdict)["runs"][0]["results"].as_array().unwrap().clone()
}

fn notifications(verdict: &Verdict) -> Vec<Value> {
    let found = &log(verdict)["runs"][0]["invocations"][0]["toolConfigurationNotifications"];
    found.as_array().unwrap().clone()
}

#[test]
fn the_schema_refuses_what_is_wrong() {
    let mut log = log(&crate::no_go::verdict());
    assert!(VALIDATOR.is_valid(&log));
    log["runs"][0]["results"][0]["level"] = "fatal".into();
    assert!(!VALIDATOR.is_valid(&log));
}

#[test]
fn every_finding_is_a_result_with_its_fingerprint() {
    for (_, verdict) in fixture::all() {
        let results = results(&verdict);
        let held = results.iter().filter(|result| is_of_register(result)).count();
        assert_eq!(results.len(), verdict.findings.len() + verdict.hints.len() + held);
        for (result, finding) in results.iter().zip(verdict.findings.iter().chain(&verdict.hints)) {
            assert_eq!(result["kind"], "fail");
            assert_eq!(result["partialFingerprints"], json!({"gonogo/v1": finding.fingerprint.as_str()}));
            let text = result["message"]["text"].as_str().unwrap();
            assert!(text.starts_with(&finding.title) && text.contains(&finding.cause), "{text}");
            assert!(
                !result["locations"].as_array().unwrap().is_empty(),
                "GitHub refuses a result without a place"
            );
        }
    }
}

fn is_of_register(result: &Value) -> bool {
    result["ruleId"].as_str().unwrap().starts_with("register/")
}

#[test]
fn what_holds_the_launch_up_is_a_result_at_its_line() {
    let mut verdict = crate::registers::verdict();
    let held: Vec<(String, u64)> = results(&verdict)
        .iter()
        .filter(|result| is_of_register(result))
        .map(|result| {
            let line = &result["locations"][0]["physicalLocation"]["region"]["startLine"];
            let name = result["partialFingerprints"]["gonogoRegister/v1"].as_str().unwrap();
            (name.to_owned(), line.as_u64().unwrap())
        })
        .collect();
    let names = ["LATER-002", "ACTION-040"].map(|id| format!("blockers/{id}"));
    assert_eq!(held.iter().take(2).map(|(name, _)| name.clone()).collect::<Vec<_>>(), names);
    assert!(held.iter().all(|(_, line)| *line == 50), "{held:?}");
    assert!(held.iter().any(|(name, _)| name == "phases/cutover"));
    assert!(!held.iter().any(|(name, _)| name.contains("LATER-009") || name.contains("NOTE-1")));
    // An entry of a pack is in no file of the reader.
    verdict.registers.blockers.iter_mut().for_each(|blocker| blocker.origin.file = "pack http".to_owned());
    assert!(!results(&verdict).iter().any(|result| result["ruleId"] == "register/blockers"));
}

#[test]
fn levels_follow_severity() {
    let levels = [
        (Severity::Blocker, "error"),
        (Severity::High, "error"),
        (Severity::Medium, "warning"),
        (Severity::Low, "note"),
    ];
    for (severity, level) in levels {
        let mut verdict = crate::no_go::verdict();
        verdict.findings[0].severity = severity;
        let log = log(&verdict);
        assert_eq!(log["runs"][0]["results"][0]["level"], level);
    }
}

#[test]
fn a_file_is_a_place_and_an_address_is_not() {
    let mut verdict = crate::no_go::verdict();
    let place = |verdict: &Verdict| results(verdict)[0]["locations"][0].clone();
    verdict.findings[0].location =
        Some(Location { source: r".\deploy\my file#1.env".into(), line: Some(7), column: Some(3) });
    let expected = json!({"physicalLocation": {
        "artifactLocation": {"uri": "deploy/my%20file%231.env"},
        "region": {"startLine": 7, "startColumn": 3},
    }});
    assert_eq!(place(&verdict), expected);
    for address in ["postgres://db:5432/shop", "http://127.0.0.1:8080/health", "127.0.0.1:5432/shop"] {
        verdict.findings[0].location = Some(Location::of(address));
        let place = place(&verdict);
        assert_eq!(place["logicalLocations"], json!([{"fullyQualifiedName": address}]));
        assert_eq!(
            place["physicalLocation"]["artifactLocation"]["uri"], "gonogo.yaml",
            "the line that asks for it"
        );
        assert_eq!(place["physicalLocation"]["region"]["startLine"], 14);
    }
    verdict.results[0].origin.file = "pack headers".into();
    assert_eq!(place(&verdict)["physicalLocation"], Value::Null, "a pack is no file of the reader");
    verdict.findings[0].location = Some(Location { source: "a.env".into(), line: Some(0), column: Some(0) });
    assert_eq!(place(&verdict)["physicalLocation"]["region"], Value::Null, "lines count from 1");
}

#[test]
fn an_accepted_finding_is_suppressed_and_says_by_whom() {
    let results = results(&crate::conditional::verdict());
    assert_eq!(results[0]["suppressions"], json!([]));
    let suppression = &results[1]["suppressions"][0];
    assert_eq!((&suppression["kind"], &suppression["status"]), (&json!("external"), &json!("accepted")));
    let why = suppression["justification"].as_str().unwrap();
    assert!(
        why.contains("watched for a week") && why.contains("approved by ben") && why.contains("2027-01-31")
    );
}

#[test]
fn silence_is_visible() {
    let told = notifications(&crate::no_go::verdict());
    assert_eq!(told.len(), 8);
    assert!(told.iter().all(|told| told["descriptor"]["id"] == "blocked" && told["level"] == "warning"));
    assert_eq!(told[0]["associatedRule"]["id"], "pool-holds");
    for (status, kind, level, complete) in [
        (Status::Error, "error", "error", false),
        (Status::NotRun, "not-run", "warning", false),
        (Status::Stale, "stale", "warning", true),
        (Status::Blocked, "blocked", "warning", true),
    ] {
        let mut verdict = crate::go::verdict();
        verdict.results[0].status = status;
        verdict.counts.add(status);
        let told = notifications(&verdict);
        assert_eq!(
            (told[0]["descriptor"]["id"].as_str(), told[0]["level"].as_str()),
            (Some(kind), Some(level))
        );
        assert_eq!(log(&verdict)["runs"][0]["invocations"][0]["executionSuccessful"], complete, "{status}");
    }
    let mut broken = crate::no_go::verdict();
    broken.reasons[0].rule = Rule::IntegrityBroken;
    assert_eq!(log(&broken)["runs"][0]["invocations"][0]["executionSuccessful"], false);
}

#[test]
fn a_root_cause_is_one_rule_and_names_its_other_places() {
    let mut verdict = crate::no_go::verdict();
    verdict.findings.truncate(1);
    verdict.findings[0].id = "secrets/empty-secret-store".into();
    verdict.findings[0].checks = vec!["jwt-secret".into(), "pool-size".into()];
    let log = log(&verdict);
    let run = &log["runs"][0];
    assert_eq!(run["results"][0]["ruleId"], "empty-secret-store");
    assert_eq!(run["tool"]["driver"]["rules"][0]["id"], "empty-secret-store");
    let related = &run["results"][0]["relatedLocations"];
    assert_eq!(related[0]["physicalLocation"]["artifactLocation"]["uri"], "deploy/staging.env");
}

#[test]
fn what_the_limits_cut_is_said() {
    assert!(notifications(&crate::go::verdict()).is_empty());
    let mut verdict = crate::go::verdict();
    let template = crate::no_go::verdict().findings.swap_remove(0);
    verdict.findings = (0..25_001)
        .map(|at| {
            let (id, fingerprint) = (format!("secrets/jwt-secret/{at}"), Digest::of(&at));
            gonogo_model::verdict::Finding { id, fingerprint, ..template.clone() }
        })
        .collect();
    let log = log(&verdict);
    let told = &log["runs"][0]["invocations"][0]["toolConfigurationNotifications"];
    assert_eq!(log["runs"][0]["results"].as_array().unwrap().len(), 25_000);
    assert_eq!(told.as_array().unwrap().len(), 1);
    assert_eq!(told[0]["descriptor"]["id"], "cut");

    let mut wide = crate::no_go::verdict();
    wide.findings.truncate(1);
    wide.findings[0].id = "secrets/store".into();
    let item = wide.results[0].items[0].clone();
    wide.results[0].items = (0..150)
        .map(|at| gonogo_model::verdict::ItemResult {
            location: Some(Location::of(format!("deploy/{at}.env"))),
            ..item.clone()
        })
        .collect();
    let result = results(&wide).swap_remove(0);
    let places =
        [&result["locations"], &result["relatedLocations"]].map(|list| list.as_array().unwrap().len());
    assert_eq!(places, [1, 99]);
    assert!(notifications(&wide).iter().any(|told| told["descriptor"]["id"] == "cut"));
}

#[test]
fn messages_hold_no_placeholder_and_no_link() {
    let mut verdict = crate::no_go::verdict();
    verdict.findings[0].cause = "see [here](http://evil.example/) and {0}".into();
    let text = results(&verdict)[0]["message"]["text"].as_str().unwrap().to_owned();
    assert!(text.ends_with(r"see [here\](http://evil.example/) and {{0}}"), "{text}");
}
