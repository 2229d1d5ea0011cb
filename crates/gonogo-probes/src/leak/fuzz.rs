//! Broken and hostile files, and canaries: whatever the bytes are, the scan answers, soon, and
//! nothing that it says has a part of a value.

use proptest::prelude::*;
use proptest::strategy::ValueTree;
use proptest::string::string_regex;
use proptest::test_runner::TestRunner;

use super::file::items;
use super::scan::{About, scan};
use super::survey::survey;
use super::{holder, proof};
use crate::credential::issuers::{ISSUED, Sure, Try};
use crate::repository::Repository;
use crate::repository::fuzz::{change, changed, soon};
use crate::repository::memory::Memory;

const ABOUT: About = About { names_count: true, is_settings: true, now: 1_700_000_000 };
const SEED: &str = include_str!("../../tests/fuzz/leak.txt");
const WORDS: &[&str] = &[
    "://",
    "@",
    "ghp_",
    "AKIA",
    "Q~",
    "AZDO",
    "T3BlbkFJ",
    "-us",
    ".atlasv1.",
    ":AA",
    "eyJ",
    "password=",
    "token: \"",
    "-----BEGIN ",
    "PRIVATE KEY-----",
    "-----END ",
    "\\n",
    "\u{feff}",
];

proptest! {
    #![proptest_config(ProptestConfig { cases: 400, failure_persistence: None, ..ProptestConfig::default() })]

    #[test]
    fn mutated_files_are_answered(changes in prop::collection::vec(change(WORDS), 0..12)) {
        let bytes = changed(SEED, &changes);
        let names = [".env", "a.yaml", ".npmrc", ".netrc", "a.tfstate", "kubeconfig", "config/master.key", "a.jks"];
        let source = Memory::of_bytes(names.map(|name| (name, bytes.as_slice())));
        let survey = soon(|| survey(&Repository::new(Box::new(source), None), 0));
        let items = items(&survey);
        prop_assert_eq!(items.len(), 1 + survey.found.len());
        for one in survey.found.iter().flat_map(|found| &found.matches) {
            prop_assert!(one.line >= 1 && one.column >= 1 && one.length >= 1);
        }
    }

    #[test]
    fn any_bytes_are_answered(bytes in prop::collection::vec(any::<u8>(), 0..2_000)) {
        soon(|| scan(&bytes, &ABOUT));
        soon(|| holder::held(holder::Holder::Passwords, &bytes));
    }
}

#[test]
fn long_lines_and_many_marks_are_answered_soon() {
    for unit in [
        "token",
        "password=\"",
        "a://b:c@",
        "eyJ",
        "AKIA",
        "-----BEGIN PRIVATE KEY-----",
        "discord",
        "ghp_",
        "-us1",
    ] {
        let text = unit.repeat((1 << 20) / unit.len());
        soon(|| scan(text.as_bytes(), &ABOUT));
    }
}

/// Texts of every form that starts with its mark, as its issuer could have made them.
fn samples() -> Vec<(&'static str, String)> {
    let mut runner = TestRunner::deterministic();
    let mut samples = Vec::new();
    for issued in ISSUED.iter().filter(|issued| issued.place != Try::Near && issued.kind != "jwt") {
        let texts = string_regex(issued.pattern).unwrap();
        let sample = (0..2_000).find_map(|_| {
            let text = texts.new_tree(&mut runner).unwrap().current();
            let text = if issued.sure == Sure::Checksum { proof::with_checksum(&text) } else { text };
            proof::proven(issued, text.as_bytes(), 0, 0).map(|_| text)
        });
        // An age key has a checksum of its own, which cases and rules try.
        match sample {
            Some(sample) => samples.push((issued.kind, sample)),
            None => assert_eq!(issued.kind, "age-secret-key"),
        }
    }
    samples
}

#[test]
fn every_form_is_found_and_nothing_of_it_is_said() {
    let samples = samples();
    assert!(samples.len() > 50, "{}", samples.len());
    for (kind, value) in samples {
        let text = format!("a: 1\nvalue: {value}\n");
        let repository = Repository::of(&[("a.yaml", &text), ("x/.env", &format!("API_KEY={value}"))]);
        let survey = survey(&repository, 0);
        let items = items(&survey);
        let kinds: Vec<&str> = survey.found.iter().flat_map(|f| &f.matches).map(|one| one.kind).collect();
        assert!(kinds.contains(&kind), "{kind}: {kinds:?}");
        let said = format!("{items:?} {survey:?} {}", serde_json::to_string(&items).unwrap());
        let body: Vec<char> = value.chars().collect();
        let parts = body.windows(8).map(|part| part.iter().collect::<String>());
        // The names of some issuers are the start of their tokens.
        for part in parts.filter(|part| !kind.contains(part)) {
            assert!(!said.contains(&part), "{kind}: a part of the value is said");
        }
    }
}
