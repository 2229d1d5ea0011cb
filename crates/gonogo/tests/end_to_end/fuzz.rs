//! Never a GO from a broken spec, and never a GO from silence.

use std::collections::BTreeMap;

use gonogo::pipeline::read_spec;
use gonogo_judge::{Case, Integrity, judge};
use gonogo_model::spec::Proof;
use gonogo_model::status::Status;
use gonogo_model::verdict::Call;

use crate::random::Random;
use crate::world::World;

/// The spec of the testbed, and a smaller one of checks that pass in any world.
const LARGE: &str = include_str!("../../../../testbed/backend/gonogo.yaml");
const SMALL: &str = r#"version: 1
system: Small
stages:
  - { id: first, gate: true }
  - { id: second, needs: [first] }
categories:
  - { id: one, question: "Is it there?", weight: 50, floor: 100% }
  - { id: two, question: "Does it run?", weight: 50 }
checks:
  - { id: there, stage: first, category: one, probe: document/file, with: { path: gonogo.yaml }, expect: exists, severity: blocker }
  - { id: set, stage: first, category: one, probe: config/env, with: { name: PATH }, expect: present, severity: high }
  - { id: runs, stage: second, category: two, probe: process/command, with: { run: ["true"] }, expect: "exit_code == 0", severity: low }
policy: { go_at: 90%, conditional_at: 75% }
"#;

const TOKENS: [&str; 24] = [
    "~",
    "[]",
    "{}",
    "''",
    "true",
    "0",
    "-1",
    "101",
    "100%",
    "0%",
    "99999999999",
    "1e999",
    "secret/env",
    "N/A",
    "&a ",
    "*a",
    "${X}",
    "\u{0}",
    "\t",
    "- ",
    "low",
    "present || true",
    "ü𝄞",
    "not_applicable",
];

/// Changes that a person makes, and after which a spec may still be accepted.
const CHANGES: [(&str, &str); 16] = [
    ("severity: blocker", "severity: low"),
    ("severity: low", "severity: high"),
    ("gate: true", "gate: false"),
    ("gate: true", "required: false"),
    ("needs: [first]", "needs: []"),
    ("floor: 100%", "floor: 0%"),
    ("go_at: 90%", "go_at: 1%"),
    ("conditional_at: 75%", "conditional_at: 0%"),
    ("weight: 50", "weight: 0"),
    ("severity: high", "severity: low, waivable: false"),
    ("expect: exists", "expect: 'true'"),
    ("expect: present", "expect: '!present', partial: present"),
    ("Small", "${SYSTEM}"),
    ("severity: low }", "severity: low, not_applicable: { reason: none, by: ana } }"),
    ("severity: low }", "severity: low, max_age: 0s }"),
    ("severity: high }", "severity: high, time_limit: 1ms }"),
];

fn mutated(random: &mut Random, base: &str) -> String {
    let mut lines: Vec<String> = base.split_inclusive('\n').map(str::to_owned).collect();
    for _ in 0..=random.below(3) {
        let (one, two) = (random.below(lines.len()), random.below(lines.len()));
        match random.below(12) {
            0 if lines.len() > 1 => drop(lines.remove(one)),
            1 => lines.insert(two, lines[one].clone()),
            2 => lines.swap(one, two),
            3 => {
                let mut bytes = lines[one].clone().into_bytes();
                let at = random.below(bytes.len());
                bytes[at] = random.other_than(bytes[at]);
                lines[one] = String::from_utf8_lossy(&bytes).into_owned();
            }
            4..9 => {
                let (from, to) = CHANGES[random.below(CHANGES.len())];
                lines.iter_mut().for_each(|line| *line = line.replace(from, to));
            }
            _ => {
                let words: Vec<String> = lines[one]
                    .split([' ', ',', ':', '\n'])
                    .filter(|word| !word.is_empty())
                    .map(str::to_owned)
                    .collect();
                if let [_, ..] = words.as_slice() {
                    lines[one] = lines[one].replacen(
                        words[random.below(words.len())].as_str(),
                        TOKENS[random.below(TOKENS.len())],
                        1,
                    );
                }
            }
        }
    }
    lines.concat()
}

#[test]
fn a_spec_that_is_accepted_is_never_a_go_without_evidence() {
    let mut random = Random::seeded(7);
    let (mut accepted, mut refused) = (0, 0);
    for at in 0..400 {
        let text = mutated(&mut random, if at % 4 == 0 { LARGE } else { SMALL });
        let Ok(spec) = read_spec("gonogo.yaml", &text, None) else {
            refused += 1;
            continue;
        };
        accepted += 1;
        let case = Case {
            spec: &spec,
            evidence: &[],
            skips: &BTreeMap::new(),
            now: "2026-11-21T09:00:00Z".parse().unwrap(),
            integrity: Integrity::Sound,
        };
        let verdict = judge(&case);
        assert_eq!(verdict.call, Call::NoGo, "no evidence:\n{text}");
        assert!(!verdict.reasons.is_empty());
        assert_eq!(verdict.coverage.looked, 0);
        for (result, check) in verdict.results.iter().zip(&spec.checks) {
            let looks = matches!(check.proof, Proof::Probe(_)) && check.not_applicable.is_none();
            assert!(!looks || matches!(result.status, Status::NotRun | Status::Blocked), "{result:?}");
        }
    }
    assert!(accepted >= 40 && refused >= 100, "{accepted} accepted, {refused} refused");
}

#[test]
fn a_spec_that_is_refused_runs_nothing_and_keeps_nothing() {
    let world = World::new();
    let mut random = Random::seeded(8);
    let mut refused = 0;
    while refused < 30 {
        let text = mutated(&mut random, if refused % 4 == 0 { LARGE } else { SMALL });
        if read_spec("gonogo.yaml", &text, None).is_ok() {
            continue;
        }
        refused += 1;
        world.write("gonogo.yaml", &text);
        let said = world.gonogo(&["run", "--out", "run"]).ended(64);
        assert!(said.stdout.is_empty() && said.stderr.contains("nothing was run"), "{}", said.all());
        assert!(said.stderr.contains("gonogo.yaml:"), "it says where: {}", said.stderr);
        assert!(!world.path("run").exists(), "{text}");
    }
}

#[test]
fn what_is_no_text_at_all_is_refused() {
    let world = World::new();
    for bytes in
        [&b""[..], b"\xff\xfe\x00", b"\x7fELF\x02\x01", b"\xef\xbb\xbf", b"version: 1\nsystem: \xc3\x28\n"]
    {
        std::fs::write(world.path("gonogo.yaml"), bytes).unwrap();
        let said = world.gonogo(&["run", "--out", "run"]).ended(64);
        assert!(said.stdout.is_empty() && !said.stderr.is_empty(), "{}", said.all());
        assert!(!world.path("run").exists());
    }
    world.gonogo(&["plan", "--spec", "."]).ended(64);
}
