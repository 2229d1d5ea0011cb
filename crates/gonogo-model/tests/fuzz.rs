//! Ten thousand random and mutated specs: reading never panics, never overflows a stack of 2 MiB,
//! never takes long; what is accepted holds together, what is refused says why.
#![expect(
    clippy::disallowed_types,
    clippy::disallowed_methods,
    reason = "how long reading takes is what is tested"
)]
#![expect(clippy::expect_used, clippy::panic, reason = "a test fails by panicking")]

mod probes;

use std::collections::BTreeSet;
use std::thread;
use std::time::{Duration, Instant};

use gonogo_model::catalog::Catalog;
use gonogo_model::digest::canonical;
use gonogo_model::plan::Plan;
use gonogo_model::spec::{Check, PackSource, Proof, Spec, SpecError, read};
use gonogo_model::status::Severity;
use probes::catalog;

/// All texts together.
const TEXTS: u64 = 10_000;
/// The stack of an ordinary thread.
const STACK: usize = 2 << 20;
/// One text, on a loaded machine without optimisation.
const LIMIT: Duration = Duration::from_secs(5);

const PACKS: &[PackSource] = &[PackSource {
    name: "web",
    file: "packs/test/web.yaml",
    text: "pack: web\ntitle: A test pack\nchecks:\n  - { id: answers, probe: test/page, expect: status == 200, severity: high }\n  - { id: fast, probe: test/page, with: { samples: 5 }, expect: p95_ms < 250, severity: low }\n",
}];

const LARGE: &str = r#"version: 1
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
  - { pack: web, target: web, category: runtime, stage: verify, prefix: a-, override: { fast: { severity: high } }, disable: [{ check: answers, reason: "no", by: ana }] }
checks:
  - id: jwt
    stage: gate
    category: secrets
    probe: test/secret
    with: { name: JWT_SECRET }
    expect: "present && length >= 48"
    partial: present
    severity: blocker
    fix: { do: "Generate one", run: "openssl rand -base64 48", effort: 2m..3m, owner: platform }
  - id: drill
    stage: verify
    category: runtime
    attest: { statement: "Restore was rehearsed", by: ana, on: 2026-11-01, expires: 2027-01-31 }
    severity: medium
  - { id: maybe, stage: gate, category: secrets, probe: test/secret, with: { name: X }, expect: present, severity: low, certainty: likely }
acceptances:
  - { finding: runtime/a-fast/home, reason: "slow is fine", owner: ana, approved_by: ben, expires: 2027-01-31, monitor: jwt }
conditions:
  - { id: restore, do: "Rehearse again", owner: ana, due: 2027-01-31, check: drill, overdue: "roll back" }
policy: { go_at: 90%, conditional_at: 75%, high_cap: 70.5%, max_age: 2h }
budget: { run: 5m, look: 10s, parallel: 4 }
environments:
  laptop:
    targets: { web: { http: "http://127.0.0.1:9090" } }
    checks: { drill: { not_applicable: { reason: "nobody restores a laptop", by: ana } } }
"#;

const SMALL: &str = "version: 1\nsystem: x\nchecks:\n  - { id: a, probe: test/secret, with: { name: A }, expect: present, severity: low }\n  - { id: b, probe: test/secret, with: { name: \"${B:-c}\" }, expect: length > 1, severity: high }\n";

const TOKENS: [&str; 44] = [
    "~",
    "null",
    "true",
    "[",
    "]",
    "{",
    "}",
    "{}",
    "[]",
    ":",
    "- ",
    "? ",
    "&a",
    "*a",
    "<<: *a",
    "!!binary x",
    "!x",
    "|\n",
    ">\n",
    "\"",
    "'",
    "#",
    "---\n",
    "...\n",
    "\t",
    "\r\n",
    "\u{feff}",
    "\u{0}",
    "𝄞",
    "e\u{301}",
    "-9223372036854775809",
    "99999999999999999999999999999",
    "1e999",
    ".nan",
    "-.inf",
    "0x7fffffffffffffff",
    "1_000",
    "-0",
    "0.1e-400",
    "${",
    "${A:-",
    "100%",
    "2147483648",
    "4294967296",
];

/// Assertions that are long, deep, or not what they seem.
const EXPRESSIONS: [&str; 8] = [
    "present == present == present",
    "length / 0 == 1",
    "[1, 2, 3].all(x, x > 0)",
    "has(present.x)",
    "\"\\u{110000}\"",
    "!!!!present",
    "length ? 1 : 2",
    "{'a': {'b': length}}.a.b > 9223372036854775807",
];

/// SplitMix64.
struct Random(u64);

impl Random {
    fn next(&mut self) -> u64 {
        self.0 = self.0.wrapping_add(0x9e37_79b9_7f4a_7c15);
        let mut mixed = self.0;
        mixed = (mixed ^ (mixed >> 30)).wrapping_mul(0xbf58_476d_1ce4_e5b9);
        mixed = (mixed ^ (mixed >> 27)).wrapping_mul(0x94d0_49bb_1331_11eb);
        mixed ^ (mixed >> 31)
    }

    fn below(&mut self, end: usize) -> usize {
        (self.next() % end.max(1) as u64) as usize
    }

    fn one<T: Copy>(&mut self, of: &[T]) -> T {
        of[self.below(of.len())]
    }

    /// A place between two characters.
    fn place(&mut self, text: &str) -> usize {
        let mut at = self.below(text.len() + 1);
        while !text.is_char_boundary(at) {
            at -= 1;
        }
        at
    }
}

fn text(random: &mut Random) -> String {
    let base = if random.below(4) == 0 { LARGE } else { SMALL };
    match random.below(16) {
        0 => noise(random),
        1 => tokens(random),
        2 => nested(random),
        3 => huge(random, base),
        4 => splice(random),
        _ => {
            let mut text = base.to_owned();
            for _ in 0..=random.below(2) {
                text = mutated(random, &text);
            }
            text
        }
    }
}

fn noise(random: &mut Random) -> String {
    let length = random.below(400);
    (0..length).filter_map(|_| char::from_u32(random.next() as u32 % 0x3000)).collect()
}

fn tokens(random: &mut Random) -> String {
    let words: Vec<&str> = LARGE.split_inclusive([' ', '\n']).collect();
    let mut text = String::new();
    for _ in 0..random.below(120) {
        let word: &str = if random.below(3) == 0 { random.one(&TOKENS) } else { random.one(&words) };
        text.push_str(word);
    }
    text
}

fn nested(random: &mut Random) -> String {
    let depth = [10, 47, 49, 500, 20_000][random.below(5)];
    let open = random.one(&["[", "{a: ", "- ", "? ", "[{", "(", "!", "a:\n ", "{{"]);
    let value = format!("{}{}", open.repeat(depth), if random.below(2) == 0 { "" } else { "x" });
    match random.below(4) {
        0 => value,
        1 => SMALL.replacen("{ name: A }", &value, 1),
        2 => {
            let parentheses = format!("{}present{}", "(".repeat(depth), ")".repeat(depth));
            SMALL.replacen("expect: present", &format!("expect: \"{parentheses}\""), 1)
        }
        _ => {
            let operator =
                random.one(&["!", "-", "present && ", "length + ", "present ? present : ", "[", "{'a': "]);
            SMALL.replacen("expect: present", &format!("expect: \"{}present\"", operator.repeat(depth)), 1)
        }
    }
}

fn huge(random: &mut Random, base: &str) -> String {
    let long =
        random.one(&["x", "9", "é", " ", "${A}", "a.", "%"]).repeat([100, 5_000, 100_000][random.below(3)]);
    replaced(random, base, &long)
}

fn splice(random: &mut Random) -> String {
    let (one, two) = (random.place(SMALL), random.place(LARGE));
    match random.below(2) {
        0 => format!("{}{}", &SMALL[..one], &LARGE[two..]),
        _ => format!("{}{}", &LARGE[..two], &SMALL[one..]),
    }
}

/// One change.
fn mutated(random: &mut Random, text: &str) -> String {
    let mut lines: Vec<&str> = text.split_inclusive('\n').collect();
    let (one, two) = (random.below(lines.len()), random.below(lines.len()));
    match random.below(9) {
        0 => {
            let mut bytes = text.as_bytes().to_vec();
            let at = random.below(bytes.len());
            if let Some(byte) = bytes.get_mut(at) {
                *byte ^= 1 << random.below(8);
            }
            String::from_utf8_lossy(&bytes).into_owned()
        }
        1 if lines.len() > 1 => {
            lines.remove(one);
            lines.concat()
        }
        2 if !lines.is_empty() => {
            lines.insert(two, lines[one]);
            lines.concat()
        }
        3 if !lines.is_empty() => {
            lines.swap(one, two);
            lines.concat()
        }
        4 => {
            let at = random.place(text);
            format!("{}{}{}", &text[..at], random.one(&TOKENS), &text[at..])
        }
        5 => {
            let token = random.one(&TOKENS);
            replaced(random, text, token)
        }
        6 => {
            let expression = format!("\"{}\"", random.one(&EXPRESSIONS).replace('"', "\\\""));
            text.replacen("expect: present", &format!("expect: {expression}"), 1)
        }
        7 => {
            let words: Vec<&str> = text.split([' ', '\n', ',']).filter(|word| !word.is_empty()).collect();
            let word = if words.is_empty() { "" } else { random.one(&words) };
            replaced(random, text, word)
        }
        _ => {
            let c = char::from_u32(random.next() as u32 % 0x11_0000).unwrap_or('\u{fffd}');
            let at = random.place(text);
            format!("{}{c}{}", &text[..at], &text[at..])
        }
    }
}

/// The text with one of its words replaced.
fn replaced(random: &mut Random, text: &str, by: &str) -> String {
    let words: Vec<(usize, &str)> = text
        .split([' ', '\n', ',', ':', '"'])
        .filter(|word| !word.is_empty())
        .map(|word| (word.as_ptr() as usize - text.as_ptr() as usize, word))
        .collect();
    if words.is_empty() {
        return by.to_owned();
    }
    let (at, word) = random.one(&words);
    format!("{}{by}{}", &text[..at], &text[at + word.len()..])
}

fn check(text: &str, environment: Option<&str>, catalog: &Catalog) -> bool {
    let since = Instant::now();
    let found = read("gonogo.yaml", text, environment, catalog, PACKS);
    match &found {
        Ok(spec) => accepted(spec, catalog),
        Err(error) => refused(error),
    }
    let took = since.elapsed();
    assert!(took < LIMIT, "took {took:?} for {} bytes: {:.300}", text.len(), text);
    found.is_ok()
}

fn accepted(spec: &Spec, catalog: &Catalog) {
    let ids: BTreeSet<&str> = spec.checks.iter().map(|check| check.id.as_str()).collect();
    assert_eq!(ids.len(), spec.checks.len(), "unique ids");
    assert!(!ids.contains(""), "no empty id");
    assert_eq!(spec.categories.iter().map(|category| u64::from(category.weight)).sum::<u64>(), 100);
    let may_guess = |check: &Check| {
        check.severity < Severity::High && check.waivable && matches!(check.proof, Proof::Probe(_))
    };
    assert!(spec.checks.iter().all(|check| !check.is_hint() || may_guess(check)), "a guess cannot veto");
    let weighs = |wanted: &dyn Fn(&Check) -> bool| spec.checks.iter().any(|c| !c.is_hint() && wanted(c));
    assert!(spec.stages.iter().all(|stage| weighs(&|check| check.stage == stage.id)), "a stage of guesses");
    assert!(spec.categories.iter().all(|category| weighs(&|check| check.category == category.id)));
    let plan = Plan::compile(spec, catalog);
    assert!(
        plan.checks().count() > 0 && plan.checks().count() == spec.checks.len(),
        "every check is planned"
    );
    let before: Vec<&str> = spec.stages.iter().map(|stage| stage.id.as_str()).collect();
    for (at, stage) in spec.stages.iter().enumerate() {
        assert!(stage.needs.iter().all(|need| before[..at].contains(&need.as_str())), "needs come first");
    }
    let stored = canonical(spec);
    let back: Spec = serde_json::from_slice(&stored).expect("the stored form is read");
    assert_eq!(back, *spec, "the stored form reads back equal");
    assert_eq!(back.digest(), spec.digest());
}

fn refused(error: &SpecError) {
    assert!(!error.diagnostics.is_empty(), "a refused spec says why");
    assert!(error.diagnostics.iter().all(|diagnostic| !diagnostic.message.trim().is_empty()));
    let shown = error.to_string();
    assert!(shown.contains("nothing was run") && shown.contains("gonogo.yaml"), "{shown}");
}

/// Reads the texts whose number leaves `part` over two; how many were accepted.
fn half(part: u64) -> u64 {
    let catalog = catalog();
    let numbers = (0..TEXTS).filter(|number| number % 2 == part);
    let one = |number: u64| {
        let mut random = Random(number);
        let text = text(&mut random);
        let environment =
            [None, None, None, None, None, None, Some("laptop"), Some("production")][random.below(8)];
        // Whoever sees a panic needs the seed.
        let seen = std::panic::catch_unwind(|| check(&text, environment, &catalog));
        u64::from(seen.unwrap_or_else(|_| panic!("the text of seed {number}:\n{text:.2000}")))
    };
    numbers.map(one).sum()
}

#[test]
fn ten_thousand_random_and_mutated_specs() {
    let since = Instant::now();
    let workers =
        [0, 1].map(|part| thread::Builder::new().stack_size(STACK).spawn(move || half(part)).unwrap());
    let accepted: u64 = workers.map(|worker| worker.join().unwrap()).iter().sum();
    // Both sides were met often enough to say something.
    assert!((TEXTS / 20..TEXTS * 3 / 4).contains(&accepted), "{accepted} were accepted");
    assert!(since.elapsed() < Duration::from_secs(300), "all took {:?}", since.elapsed());
}

#[test]
fn the_texts_that_are_mutated_are_good_themselves() {
    assert!(check(SMALL, None, &catalog()));
    assert!(check(LARGE, None, &catalog()));
    assert!(check(LARGE, Some("laptop"), &catalog()));
}
