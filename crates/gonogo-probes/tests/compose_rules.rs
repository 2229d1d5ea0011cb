//! The rules of the pack `compose` over small compose files: `tests/compose_rules/<rule>/bad` has
//! exactly what the rule is about and nothing else, `good` comes near and is sound. The same for
//! the compose findings of a real assessment, in `tests/compose_findings/`.
#![expect(clippy::unwrap_used, clippy::panic, reason = "a test fails by panicking")]

use std::collections::BTreeSet;
use std::fs;
use std::path::{Path, PathBuf};
use std::sync::Arc;

use gonogo_model::catalog::TargetKind;
use gonogo_model::expression::Expression;
use gonogo_model::fact::Item;
use gonogo_model::yaml::{self, Limits, Node};
use gonogo_probes::{Context, Environment, Reach, Redactor, Target, find};
use serde_json::json;

const PACK: &str = include_str!("../../../packs/compose/compose.yaml");

/// A rule as the pack has it.
struct Rule {
    id: String,
    probe: String,
    expect: Expression,
}

fn rules() -> Vec<Rule> {
    let pack = yaml::parse(PACK, Limits::SPEC).unwrap();
    let text = |check: &Node, key: &str| check.get(key).and_then(Node::text).unwrap().to_owned();
    let yaml::Kind::List(checks) = &pack.get("checks").unwrap().kind else { panic!("no checks") };
    let rule = |check: &Node| Rule {
        id: text(check, "id"),
        probe: text(check, "probe"),
        expect: Expression::parse(&text(check, "expect")).unwrap(),
    };
    checks.iter().map(rule).collect()
}

fn folder(name: &str) -> PathBuf {
    Path::new(env!("CARGO_MANIFEST_DIR")).join("tests").join(name)
}

fn items(probe: &str, target: &Path) -> Vec<Item> {
    let context = Context {
        target: Some(Target {
            name: "it".into(),
            kind: TargetKind::Path,
            address: target.display().to_string(),
        }),
        environment: Environment::default(),
        folder: PathBuf::new(),
        reach: Reach::default(),
        secrets: Arc::new(Redactor::default()),
    };
    let runtime = tokio::runtime::Builder::new_current_thread().enable_all().build().unwrap();
    let looked = runtime.block_on(find(probe).unwrap().look(&context, json!({})));
    // A file without a service that can be read has no items; `compose/file` says why.
    looked.map(|looked| looked.items).unwrap_or_default()
}

/// Every `rule item` that fires on a file or folder. An assertion without an answer is a fault of
/// the rule: on files it has to be certain.
fn fired(target: &Path) -> BTreeSet<String> {
    let (services, files) = (items("compose/service", target), items("compose/file", target));
    assert!(!files.is_empty(), "{} is no compose file", target.display());
    let mut fired = BTreeSet::new();
    for rule in rules() {
        let items = if rule.probe == "compose/file" { &files } else { &services };
        for item in items {
            match rule.expect.holds(item) {
                Ok(true) => {}
                Ok(false) => drop(fired.insert(format!("{} {}", rule.id, item.key))),
                Err(error) => panic!("{} on {}: {error}", rule.id, item.key),
            }
        }
    }
    fired
}

fn case(rule: &str, kind: &str) -> PathBuf {
    let folder = folder("compose_rules").join(rule);
    let file = folder.join(format!("{kind}.yaml"));
    if file.is_file() { file } else { folder.join(kind) }
}

/// Other rules that cannot stay silent on the bad case, with the reason.
const TOGETHER: [(&str, &str); 1] = [
    // What it waits for is a service whose check is switched off.
    ("compose-depends-healthy", "compose-healthcheck-enabled"),
];

#[test]
fn each_rule_fires_on_its_bad_case_alone_and_is_silent_on_its_good_one() {
    let mut wrong = Vec::new();
    for rule in rules() {
        let bad: BTreeSet<String> = fired(&case(&rule.id, "bad"))
            .iter()
            .filter_map(|one| one.split(' ').next())
            .map(str::to_owned)
            .collect();
        let others: Vec<&String> = bad
            .iter()
            .filter(|other| **other != rule.id && !TOGETHER.contains(&(rule.id.as_str(), other.as_str())))
            .collect();
        if !bad.contains(&rule.id) || !others.is_empty() {
            wrong.push(format!("bad case of {}: {bad:?}", rule.id));
        }
        let good = fired(&case(&rule.id, "good"));
        if !good.is_empty() {
            wrong.push(format!("good case of {}: {good:?}", rule.id));
        }
    }
    assert!(wrong.is_empty(), "{}", wrong.join("\n"));
}

#[test]
fn no_rule_is_without_cases_and_no_case_without_a_rule() {
    let rules: BTreeSet<String> = rules().into_iter().map(|rule| rule.id).collect();
    let cases: BTreeSet<String> = fs::read_dir(folder("compose_rules"))
        .unwrap()
        .map(|entry| entry.unwrap().file_name().into_string().unwrap())
        .collect();
    assert_eq!(rules, cases);
    assert!(rules.len() >= 30);
}

#[test]
fn the_findings_of_an_assessment_are_found_and_their_fixed_twins_are_clean() {
    let production = |rule: &str, service: &str| format!("{rule} docker-compose.production.yml:{service}");
    let monitoring = |rule: &str, service: &str| format!("{rule} docker-compose.monitoring.yml:{service}");
    let expected: BTreeSet<String> = [
        // BLOCKER-1: the database runs without TLS and passwords.
        production("compose-insecure-flags", "cockroachdb"),
        // BLOCKER-5 and HIGH-2: nobody notices when backups stop.
        production("compose-healthcheck", "backup-scheduler"),
        // BLOCKER-6 and HIGH-1: the check logs in as test.
        production("compose-healthcheck-foreign-credentials", "turn-server"),
        // HIGH-7 and MEDIUM-11: databases without a memory limit.
        production("compose-memory-limit-database", "cockroachdb"),
        production("compose-memory-limit-database", "cassandra"),
        // MEDIUM-1 to MEDIUM-3: health checks without start period.
        production("compose-start-period", "minio"),
        monitoring("compose-start-period", "prometheus"),
        monitoring("compose-start-period", "alertmanager"),
        // MEDIUM-4: a network that somebody else must make.
        "compose-external-networks docker-compose.monitoring.yml".to_owned(),
    ]
    .into();
    assert_eq!(fired(&folder("compose_findings/broken")), expected);
    assert_eq!(fired(&folder("compose_findings/fixed")), BTreeSet::new());
}
