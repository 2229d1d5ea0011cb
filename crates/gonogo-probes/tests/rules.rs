//! The rules of the shipped packs over small files: `tests/rules/<pack>/<rule>/bad` has exactly
//! what the rule is about and nothing else, `good` comes near and is sound. Either is one file,
//! `bad.yaml`, or a folder. The same for the findings of a real assessment, in `tests/compose_findings/`,
//! `tests/prometheus_findings/` and `tests/alertmanager_findings/`.
#![expect(clippy::unwrap_used, clippy::panic, reason = "a test fails by panicking")]

use std::collections::{BTreeMap, BTreeSet};
use std::fs;
use std::path::{Path, PathBuf};
use std::sync::Arc;

use gonogo_model::catalog::TargetKind;
use gonogo_model::expression::Expression;
use gonogo_model::fact::{Item, Value};
use gonogo_model::yaml::{self, Limits, Node};
use gonogo_probes::{Context, Environment, Reach, Redactor, Target, find};
use serde_json::json;

/// A rule as its pack has it.
struct Rule {
    id: String,
    probe: String,
    with: Value,
    expect: Expression,
}

/// Rules that cannot stay silent on the bad case of another, with the reason.
const TOGETHER: &[(&str, &str)] = &[
    // What it waits for is a service whose check is switched off.
    ("compose-depends-healthy", "compose-healthcheck-enabled"),
    // A version that does not say so needs something that it should say.
    ("openapi-change-version", "openapi-change-error-removed"),
    // A list that is short leaves out an id and a problem.
    ("contradiction-list-short", "contradiction-id-dropped"),
    ("contradiction-list-short", "contradiction-finding-dropped"),
    // Labels that mean nothing have no limit either.
    ("contradiction-label-of-score", "contradiction-no-threshold"),
    // A list that leaves one out is short, perhaps on purpose.
    ("contradiction-id-dropped", "contradiction-likely"),
];

fn tests() -> PathBuf {
    Path::new(env!("CARGO_MANIFEST_DIR")).join("tests")
}

/// A case as its probe meets it. Git cannot hold a folder `.git`, so the history of a case is called
/// `dot-git` here and gets its name in a copy, which goes when the second value does.
fn unpacked(case: PathBuf) -> (PathBuf, Option<tempfile::TempDir>) {
    if !case.join("dot-git").is_dir() {
        return (case, None);
    }
    let copy = tempfile::tempdir().unwrap();
    copy_all(&case, copy.path());
    fs::rename(copy.path().join("dot-git"), copy.path().join(".git")).unwrap();
    (copy.path().to_owned(), Some(copy))
}

fn copy_all(from: &Path, to: &Path) {
    fs::create_dir_all(to).unwrap();
    for name in names_in(from) {
        let (from, to) = (from.join(&name), to.join(&name));
        if from.is_dir() {
            copy_all(&from, &to);
        } else {
            fs::copy(&from, &to).unwrap();
        }
    }
}

fn names_in(folder: &Path) -> BTreeSet<String> {
    let entries = fs::read_dir(folder).unwrap_or_else(|error| panic!("{}: {error}", folder.display()));
    entries.map(|entry| entry.unwrap().file_name().into_string().unwrap()).collect()
}

/// The rules of a pack; its file is the one with its name in any folder of `packs/`.
fn rules(pack: &str) -> Vec<Rule> {
    let packs = Path::new(env!("CARGO_MANIFEST_DIR")).join("../../packs");
    let mut files =
        names_in(&packs).into_iter().map(|family| packs.join(family).join(format!("{pack}.yaml")));
    let file = files.find(|file| file.is_file()).unwrap_or_else(|| panic!("there is no pack `{pack}`"));
    let pack = yaml::parse(&fs::read_to_string(file).unwrap(), Limits::SPEC).unwrap();
    let yaml::Kind::List(checks) = &pack.get("checks").unwrap().kind else { panic!("no checks") };
    let text = |check: &Node, key: &str| check.get(key).and_then(Node::text).unwrap().to_owned();
    let rule = |check: &Node| Rule {
        id: text(check, "id"),
        probe: text(check, "probe"),
        with: check.get("with").map_or_else(|| json!({}), Node::to_json),
        expect: Expression::parse(&text(check, "expect")).unwrap(),
    };
    checks.iter().map(rule).collect()
}

/// What a probe sees; a look that finds nothing of its kind has no items.
fn items(rule: &Rule, target: &Path) -> Vec<Item> {
    let context = Context {
        target: Some(Target {
            name: "it".into(),
            kind: TargetKind::Path,
            address: target.display().to_string(),
        }),
        others: std::collections::BTreeMap::new(),
        environment: Environment::default(),
        folder: PathBuf::new(),
        reach: Reach::default(),
        secrets: Arc::new(Redactor::default()),
        repositories: Arc::default(),
        sinks: Arc::default(),
        afterwards: Arc::default(),
        live: gonogo_probes::Live::default(),
    };
    let runtime = tokio::runtime::Builder::new_current_thread().enable_all().build().unwrap();
    let looked = runtime.block_on(find(&rule.probe).unwrap().look(&context, rule.with.clone()));
    looked.map(|looked| looked.items).unwrap_or_default()
}

/// Every `rule item` that fires on a file or folder. An assertion without an answer is a fault of
/// the rule: on files it has to be certain.
fn fired(rules: &[Rule], target: &Path) -> BTreeSet<String> {
    let mut looks: BTreeMap<String, Vec<Item>> = BTreeMap::new();
    let mut fired = BTreeSet::new();
    for rule in rules {
        let look = format!("{} {}", rule.probe, rule.with);
        for item in looks.entry(look).or_insert_with(|| items(rule, target)) {
            match rule.expect.holds(item) {
                Ok(true) => {}
                Ok(false) => drop(fired.insert(format!("{} {}", rule.id, item.key))),
                Err(error) => panic!("{} on {}: {error}", rule.id, item.key),
            }
        }
    }
    assert!(looks.values().any(|items| !items.is_empty()), "{}: nothing was seen", target.display());
    fired
}

/// `bad.<ending>` or the folder `bad`.
fn case(pack: &str, rule: &str, kind: &str) -> PathBuf {
    let folder = tests().join("rules").join(pack).join(rule);
    let named = names_in(&folder);
    let name = named.iter().find(|name| name.split('.').next() == Some(kind));
    folder.join(name.unwrap_or_else(|| panic!("{pack}/{rule} has no {kind} case")))
}

fn wrong_in(pack: &str) -> Vec<String> {
    let rules = rules(pack);
    let mut wrong = Vec::new();
    let ids: BTreeSet<String> = rules.iter().map(|rule| rule.id.clone()).collect();
    let cases = names_in(&tests().join("rules").join(pack));
    for odd in ids.symmetric_difference(&cases) {
        wrong.push(format!("{pack}: {odd} is a rule without cases, or cases without a rule"));
    }
    for rule in ids.intersection(&cases) {
        let (bad, _copy) = unpacked(case(pack, rule, "bad"));
        let bad = fired(&rules, &bad);
        let bad: BTreeSet<&str> = bad.iter().filter_map(|one| one.split(' ').next()).collect();
        let together = |other: &str| TOGETHER.contains(&(rule.as_str(), other));
        if !bad.contains(rule.as_str()) || bad.iter().any(|other| other != rule && !together(other)) {
            wrong.push(format!("bad case of {rule}: {bad:?}"));
        }
        let (good, _copy) = unpacked(case(pack, rule, "good"));
        let good = fired(&rules, &good);
        if !good.is_empty() {
            wrong.push(format!("good case of {rule}: {good:?}"));
        }
    }
    wrong
}

#[test]
fn each_rule_fires_on_its_bad_case_alone_and_is_silent_on_its_good_one() {
    let packs = names_in(&tests().join("rules"));
    assert!(packs.contains("compose"));
    let wrong: Vec<String> = packs.iter().flat_map(|pack| wrong_in(pack)).collect();
    assert!(wrong.is_empty(), "{}", wrong.join("\n"));
}

#[test]
fn each_rule_about_documents_has_a_check() {
    let checks: BTreeSet<String> = rules("readiness-document").into_iter().map(|rule| rule.id).collect();
    let known = gonogo_document::contradiction::RULES.iter().map(|rule| format!("contradiction-{}", rule.id));
    let missing: Vec<String> = known.filter(|id| !checks.contains(id)).collect();
    assert!(missing.is_empty(), "{missing:?}");
}

#[test]
fn the_compose_findings_of_an_assessment_are_found_and_their_fixed_twins_are_clean() {
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
    let rules = rules("compose");
    assert_eq!(fired(&rules, &tests().join("compose_findings/broken")), expected);
    assert_eq!(fired(&rules, &tests().join("compose_findings/fixed")), BTreeSet::new());
}

#[test]
fn the_alert_findings_of_an_assessment_are_found_and_their_fixed_twins_are_clean() {
    let alert = |rule: &str, name: &str| format!("{rule} configs/alerts.yml:{name}");
    let metric = |rule: &str, name: &str| format!("{rule} internal/metrics/metrics.go:{name}");
    let expected: BTreeSet<String> = [
        // The same condition twice, with two severities.
        alert("prometheus-one-severity", "ServiceUnhealthy"),
        // Each failing series is divided by itself: the ratio is always 1.
        alert("prometheus-match-itself", "HighErrorRate"),
        // The two sides have different labels: these can never fire.
        alert("prometheus-match-labels", "HighDBErrorRate"),
        alert("prometheus-match-labels", "HighRedisErrorRate"),
        // HIGH-2: nobody learns of requests that time out.
        metric("prometheus-timeouts-watched", "request_timeout_total"),
        // MEDIUM-1: nor of the circuit breaker of the storage.
        metric("prometheus-breakers-watched", "minio_circuit_breaker_open"),
        // MEDIUM-2: the alert on the degraded mode asks another metric.
        alert("prometheus-alert-metric", "RedisDegradedMode"),
        metric("prometheus-breakers-watched", "redis_degraded_mode"),
    ]
    .into();
    let rules: Vec<Rule> = ["prometheus-rules", "prometheus-scrape"].into_iter().flat_map(rules).collect();
    assert_eq!(fired(&rules, &tests().join("prometheus_findings/broken")), expected);
    assert_eq!(fired(&rules, &tests().join("prometheus_findings/fixed")), BTreeSet::new());
}

#[test]
fn the_alertmanager_findings_of_an_assessment_are_found_and_their_fixed_twins_are_clean() {
    let receiver = |rule: &str, name: &str| format!("{rule} configs/alertmanager.yml:{name}");
    let expected: BTreeSet<String> = [
        // HIGH-1: the mail goes to addresses and a server of a template.
        receiver("alertmanager-receiver-placeholders", "critical-alerts"),
        receiver("alertmanager-receiver-placeholders", "warning-alerts"),
        // HIGH-1: the password is the text of a variable that nobody fills in.
        "alertmanager-variables configs/alertmanager.yml".to_owned(),
        // What no route takes ends at a receiver without any integration.
        receiver("alertmanager-receiver-tells", "default"),
    ]
    .into();
    let rules = rules("alertmanager");
    assert_eq!(fired(&rules, &tests().join("alertmanager_findings/broken")), expected);
    assert_eq!(fired(&rules, &tests().join("alertmanager_findings/fixed")), BTreeSet::new());
}
