//! Specs that must be read, and specs that must be refused with a message that helps.

mod probes;

use gonogo_model::amount::Percent;
use gonogo_model::spec::{PackSource, Proof, Spec, SpecError, read};
use gonogo_model::status::Severity;
use probes::catalog;

const PACKS: &[PackSource] = &[PackSource {
    name: "web",
    file: "packs/test/web.yaml",
    text: "pack: web\ntitle: A test pack\nchecks:\n  - { id: answers, probe: test/page, expect: status == 200, severity: high }\n  - { id: fast, probe: test/page, with: { samples: 5 }, expect: p95_ms < 250, severity: low }\n",
}];

/// A whole valid spec; tests change one thing in it.
const GOOD: &str = r#"version: 1
system: Shop
environment: staging
targets:
  web: { http: "http://127.0.0.1:8080" }
  db: { postgres: "${DATABASE_URL}" }
stages:
  - { id: gate, gate: true }
  - { id: verify, needs: [gate], takes: 5m..10m }
categories:
  - { id: secrets, question: "Are the secrets there?", weight: 40, floor: 100% }
  - { id: runtime, question: "Does it answer?", weight: 60 }
include:
  - { pack: web, target: web, category: runtime, stage: verify }
checks:
  - id: jwt
    stage: gate
    category: secrets
    probe: test/secret
    with: { name: JWT_SECRET }
    expect: "present && length >= 48"
    severity: blocker
    fix: { do: "Generate one", run: "openssl rand -base64 48", effort: 2m..3m, owner: platform }
  - id: drill
    stage: verify
    category: runtime
    attest: { statement: "Restore was rehearsed", by: ana, on: 2026-11-01, expires: 2027-01-31 }
    severity: medium
acceptances:
  - { finding: runtime/fast/home, reason: "slow is fine", owner: ana, approved_by: ben, expires: 2027-01-31, monitor: answers }
conditions:
  - { id: restore, do: "Rehearse again", owner: ana, due: 2027-01-31, check: drill, overdue: "roll back" }
policy: { go_at: 90%, conditional_at: 75% }
environments:
  laptop:
    targets: { web: { http: "http://127.0.0.1:9090" } }
    checks:
      fast: { with: { samples: 2 }, severity: medium }
      drill: { not_applicable: { reason: "nobody restores a laptop", by: ana } }
    policy: { go_at: 80% }
  production:
    consent: { probes: [test/page], hosts: [shop.example.com] }
"#;

fn spec(text: &str) -> Result<Spec, SpecError> {
    read("gonogo.yaml", text, None, &catalog(), PACKS)
}

#[test]
fn a_good_spec_is_read_whole() {
    let spec = spec(GOOD).unwrap_or_else(|error| panic!("{error}"));
    let ids: Vec<&str> = spec.checks.iter().map(|check| check.id.as_str()).collect();
    assert_eq!(ids, ["jwt", "answers", "fast", "drill"], "by stage, then as written");
    assert_eq!(spec.checks[0].origin.to_string(), "gonogo.yaml:16:5");
    assert_eq!(spec.checks[1].origin.to_string(), "packs/test/web.yaml:4:5");
    let Proof::Probe(look) = &spec.checks[2].proof else { panic!("not a probe") };
    assert_eq!((look.target.as_deref(), look.with.to_string().as_str()), (Some("web"), r#"{"samples":5}"#));
    assert_eq!(spec.categories[0].floor, Some(Percent::WHOLE));
    let stored = serde_json::to_string(&spec).unwrap();
    assert_eq!(serde_json::from_str::<Spec>(&stored).unwrap(), spec, "stored form reads back");
}

#[test]
fn an_environment_is_laid_over_the_rest() {
    let laptop = read("gonogo.yaml", GOOD, Some("laptop"), &catalog(), PACKS).unwrap();
    let check = |id: &str| laptop.checks.iter().find(|check| check.id == id).unwrap();
    assert_eq!(laptop.environment, "laptop");
    assert_eq!(laptop.targets["web"].address, "http://127.0.0.1:9090");
    assert_eq!(laptop.policy.go_at.to_string(), "80%");
    assert_eq!(laptop.policy.conditional_at.to_string(), "75%");
    assert_eq!(check("fast").severity, Severity::Medium);
    assert!(check("drill").not_applicable.is_some());
    let (staging, laptop) = (spec(GOOD).unwrap(), laptop);
    let look = |spec: &Spec| match &spec.checks[2].proof {
        Proof::Probe(look) => look.clone(),
        Proof::Attested(_) => panic!("not a probe"),
    };
    assert_ne!(look(&staging).subject, look(&laptop).subject, "another subject");
    assert!(read("gonogo.yaml", GOOD, Some("production"), &catalog(), PACKS).is_ok());
}

#[test]
fn a_small_spec_needs_no_stages_and_no_categories() {
    let small = "version: 1\nsystem: x\nchecks:\n  - { id: a, probe: test/secret, with: { name: A }, expect: present, severity: low }\n";
    let spec = spec(small).unwrap_or_else(|error| panic!("{error}"));
    assert_eq!((spec.stages.len(), spec.categories[0].weight), (1, 100));
}

/// A hint, put behind the checks of `GOOD`.
const MAYBE: &str = "  - id: maybe
    stage: verify
    category: runtime
    probe: test/secret
    with: { name: MAYBE }
    expect: present
    severity: low
    certainty: likely
acceptances:
";

#[test]
fn a_hint_is_read_and_looks_last_in_its_stage() {
    let with = GOOD.replacen("acceptances:\n", MAYBE, 1).replacen(
        "fast: { with",
        "maybe: { certainty: certain }\n      fast: { with",
        1,
    );
    let staging = spec(&with).unwrap_or_else(|error| panic!("{error}"));
    let hints: Vec<(&str, bool)> =
        staging.checks.iter().map(|check| (check.id.as_str(), check.is_hint())).collect();
    assert_eq!(
        hints,
        [("jwt", false), ("answers", false), ("fast", false), ("drill", false), ("maybe", true)]
    );
    let early = GOOD
        .replacen("stage: verify }\n", "stage: verify, override: { fast: { certainty: likely } } }\n", 1)
        .replacen("  - { finding: runtime/fast/home", "  - { finding: runtime/answers/home", 1);
    let early = spec(&early).unwrap_or_else(|error| panic!("{error}"));
    assert_eq!(
        early.checks.iter().map(|check| check.id.as_str()).collect::<Vec<_>>(),
        ["jwt", "answers", "drill", "fast"]
    );
    let laptop = read("gonogo.yaml", &with, Some("laptop"), &catalog(), PACKS).unwrap();
    assert!(laptop.checks.iter().all(|check| !check.is_hint()), "an environment can promote a hint");
    let stored = serde_json::to_string(&staging).unwrap();
    assert_eq!(stored.matches("certainty").count(), 1, "only what is not the default is stored");
    assert_eq!(serde_json::from_str::<Spec>(&stored).unwrap(), staging);
}

#[test]
fn a_plan_of_hints_only_is_empty() {
    let text = "version: 1\nsystem: x\nchecks:\n  - { id: a, probe: test/secret, with: { name: A }, expect: present, severity: low, certainty: likely }\n";
    let error = spec(text).unwrap_err().to_string();
    assert!(error.contains("every check is only likely, and a hint is no proof"), "{error}");
}

/// What is changed in `GOOD`, where the message must point, and what it must say.
const REFUSED: &[(&str, &str, &str, u32, &str)] = &[
    (
        "unknown key",
        "    expect: \"present && length >= 48\"",
        "    expects: present",
        21,
        "did you mean `expect`?",
    ),
    ("unknown top key", "policy: { go", "polices: { go", 34, "did you mean `policy`?"),
    ("duplicate key", "system: Shop", "system: Shop\nsystem: Shop", 3, "written twice"),
    ("duplicate id", "id: drill", "id: jwt", 24, "the check `jwt` exists already, at line 16"),
    ("unknown probe", "probe: test/secret", "probe: test/secrt", 19, "did you mean `test/secret`?"),
    ("unknown pack", "pack: web", "pack: wbe", 14, "did you mean `web`?"),
    ("unknown target", "pack: web, target: web", "pack: web, target: wep", 14, "did you mean `web`?"),
    (
        "target of another kind",
        "pack: web, target: web",
        "pack: web, target: db",
        14,
        "is of kind `postgres`",
    ),
    ("unknown stage", "stage: gate", "stage: gaet", 17, "did you mean `gate`?"),
    ("unknown category", "category: secrets\n", "category: secret\n", 18, "did you mean `secrets`?"),
    ("cycle", "- { id: gate, gate: true }", "- { id: gate, gate: true, needs: [verify] }", 8, "in a circle"),
    ("unknown need", "needs: [gate]", "needs: [gates]", 9, "did you mean `gate`?"),
    ("weights", "weight: 60", "weight: 61", 12, "sum to 101, not 100"),
    (
        "inline secret in a URL",
        "\"${DATABASE_URL}\"",
        "\"postgres://app:CANARY@db/x\"",
        6,
        "a password in a URL",
    ),
    (
        "inline secret in a parameter",
        "{ name: JWT_SECRET }",
        "{ name: JWT_SECRET, token: CANARY }",
        20,
        "take it from the environment",
    ),
    (
        "wrong parameter type",
        "{ name: JWT_SECRET }",
        "{ name: 5 }",
        20,
        "expected a string, found the number 5",
    ),
    (
        "cause that is no text",
        "severity: blocker\n",
        "cause: length\n    severity: blocker\n",
        22,
        "the probe `test/secret` has no fact `length` that is a text",
    ),
    (
        "cause of a statement",
        "severity: medium\nacceptances",
        "severity: medium\n    cause: length\nacceptances",
        29,
        "a statement has no facts",
    ),
    ("unknown parameter", "{ name: JWT_SECRET }", "{ nmae: JWT_SECRET }", 20, "did you mean `name`?"),
    ("missing parameter", "{ name: JWT_SECRET }", "{ }", 20, "`name` is missing"),
    ("CEL that does not parse", "present && length >= 48", "present && && length", 21, "cannot be read"),
    (
        "CEL with an unknown fact",
        "present && length >= 48",
        "present && lenght >= 48",
        21,
        "did you mean `length`?",
    ),
    ("empty CEL", "\"present && length >= 48\"", "\" \"", 21, "empty"),
    (
        "wrong severity",
        "severity: blocker",
        "severity: critical",
        22,
        "known are: `low`, `medium`, `high`, `blocker`",
    ),
    ("wrong effort", "effort: 2m..3m, owner", "effort: 3m..2m, owner", 23, "runs backwards"),
    ("wrong percentage", "go_at: 90%", "go_at: 190%", 33, "not a percentage"),
    ("thresholds the wrong way", "conditional_at: 75%", "conditional_at: 95%", 33, "above `go_at`"),
    ("no such day", "due: 2027-01-31", "due: 2027-02-31", 32, "YYYY-MM-DD"),
    ("self-approved", "approved_by: ben", "approved_by: Ana", 30, "cannot approve"),
    (
        "acceptance of nothing",
        "finding: runtime/fast/home",
        "finding: runtime/fasst/home",
        30,
        "no check can make",
    ),
    ("unknown monitor", "monitor: answers", "monitor: answer", 30, "did you mean `answers`?"),
    ("condition on nothing", "check: drill", "check: dril", 32, "did you mean `drill`?"),
    ("half-signed", "by: ana, on: 2026-11-01, ", "by: ana, ", 27, "needs `by`, `on` and `expires`"),
    ("version", "version: 1", "version: 2", 1, "reads `version: 1`"),
    ("unclosed variable", "${DATABASE_URL}", "${DATABASE_URL", 6, "never closed"),
    ("change of nothing", "      fast: {", "      fats: {", 38, "there is no check `fats`"),
    (
        "a hint that is a blocker",
        "    severity: blocker\n",
        "    severity: blocker\n    certainty: likely\n",
        23,
        "the check `jwt` is only likely, so it cannot be `severity: blocker`",
    ),
    (
        "a hint that is high",
        "    severity: blocker\n",
        "    certainty: likely\n    severity: high\n",
        23,
        "write `severity: medium` or lower, or `certainty: certain`",
    ),
    (
        "a hint that cannot be waived",
        "    severity: blocker\n",
        "    severity: low\n    waivable: false\n    certainty: likely\n",
        24,
        "so it cannot be `waivable: false`",
    ),
    (
        "a statement that is a hint",
        "    severity: medium\n",
        "    severity: medium\n    certainty: likely\n",
        29,
        "the check `drill` is a statement",
    ),
    (
        "an unknown certainty",
        "    severity: blocker\n",
        "    severity: low\n    certainty: sure\n",
        23,
        "known are: `certain`, `likely`",
    ),
    (
        "a check of a pack that was made a hint",
        "stage: verify }\n",
        "stage: verify, override: { answers: { certainty: likely } } }\n",
        14,
        "the check `answers` is only likely, so it cannot be `severity: high`",
    ),
    (
        "a monitor that is a hint",
        "stage: verify }\n",
        "stage: verify, override: { answers: { severity: low, certainty: likely } } }\n",
        30,
        "an acceptance cannot rest on `answers`, which is only likely",
    ),
    (
        "an acceptance of a hint",
        "stage: verify }\n",
        "stage: verify, override: { fast: { certainty: likely } } }\n",
        30,
        "only a hint makes the finding `runtime/fast/home`",
    ),
    (
        "a condition that rests on a hint",
        "check: drill, overdue",
        "check: maybe, overdue",
        40,
        "a condition cannot rest on `maybe`, which is only likely",
    ),
    (
        "a stage of hints only",
        "    severity: blocker\n",
        "    severity: low\n    certainty: likely\n",
        1,
        "the stage `gate` has only hints (`certainty: likely`), which are no proof",
    ),
    (
        "a category of hints only",
        "    severity: blocker\n",
        "    severity: low\n    certainty: likely\n",
        1,
        "the category `secrets` has only hints",
    ),
    ("not YAML", "stages:", "stages: [", 8, "not YAML that can be read"),
];

#[test]
fn what_is_wrong_is_refused_at_its_place_with_help() {
    for (what, from, to, line, says) in REFUSED {
        assert!(GOOD.contains(from), "{what}: the test changes nothing");
        let text = GOOD.replacen(from, to, 1);
        let text = if to.contains("check: maybe") { text.replacen("acceptances:\n", MAYBE, 1) } else { text };
        let environment = (*what == "change of nothing").then_some("laptop");
        let error = read("gonogo.yaml", &text, environment, &catalog(), PACKS).expect_err(what);
        let shown = error.to_string();
        assert!(shown.contains(says), "{what}: {shown}");
        assert!(!shown.contains("CANARY"), "{what}: {shown}");
        let lines: Vec<u32> =
            error.diagnostics.iter().filter_map(|d| d.place).map(|place| place.line).collect();
        assert!(
            lines.iter().any(|found| found.abs_diff(*line) <= 1),
            "{what}: expected line {line}, found {lines:?}\n{shown}"
        );
        assert!(shown.contains("nothing was run"), "{what}");
    }
}

#[test]
fn an_assertion_is_underlined_where_it_is_wrong() {
    let place = |expect: &str| {
        let text = GOOD.replace("\"present && length >= 48\"", expect);
        let diagnostic = spec(&text).unwrap_err().diagnostics.remove(0);
        diagnostic.place.map(|place| (place.column, place.width)).unwrap()
    };
    assert_eq!(place("present && lenght >= 48"), (24, 6), "plain");
    assert_eq!(place("\"present && lenght >= 48\""), (25, 6), "quoted");
    assert_eq!(place("present && && length"), (24, 1), "does not parse");
}

#[test]
fn production_needs_every_active_probe_by_name() {
    let text = GOOD.replace("probes: [test/page]", "probes: []");
    let error = read("gonogo.yaml", &text, Some("production"), &catalog(), PACKS).unwrap_err().to_string();
    assert!(error.contains("the active probe `test/page` is not allowed in `production`"), "{error}");
    let breaking = "probe: test/break\n    expect: \"done\"";
    let text = GOOD.replace(
        "probe: test/secret\n    with: { name: JWT_SECRET }\n    expect: \"present && length >= 48\"",
        breaking,
    );
    let error = spec(&text).unwrap_err().to_string();
    assert!(error.contains("the destructive probe `test/break` is not allowed in `staging`"), "{error}");
}

#[test]
fn silence_is_refused() {
    for text in ["", "# nothing\n", "---\n", "version: 1\nsystem: x\n", "version: 1\nsystem: x\nchecks: []\n"]
    {
        let error = spec(text).unwrap_err().to_string();
        assert!(error.contains("empty"), "{text:?}: {error}");
    }
    let idle = GOOD.replace("- { id: gate, gate: true }", "- { id: gate, gate: true }\n  - { id: idle }");
    let error = spec(&idle).unwrap_err().to_string();
    assert!(error.contains("the stage `idle` has no check"), "{error}");
}

#[test]
fn ten_megabytes_of_garbage_are_refused() {
    let byte = |n: u32| char::from(b'!' + ((n.wrapping_mul(2_654_435_761) >> 24) % 90) as u8);
    let garbage: String = (0..10 << 20).map(byte).collect();
    assert!(spec(&garbage).unwrap_err().to_string().contains("at most"));
    assert!(spec(&garbage[..1 << 20]).is_err());
}

#[test]
fn several_mistakes_are_shown_together() {
    let text = GOOD
        .replace("severity: blocker", "severity: critical")
        .replace("weight: 60", "weight: 50")
        .replace("pack: web", "pack: web2");
    let error = spec(&text).unwrap_err();
    assert!(error.diagnostics.len() >= 3, "{error}");
}
