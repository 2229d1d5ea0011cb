//! Broken and hostile configurations: whatever the bytes are, the probe answers, soon. No file is
//! touched.

use proptest::prelude::*;

use super::job;
use crate::repository::Repository;
use crate::repository::fuzz::{change, changed, soon};
use crate::repository::memory::Memory;

const SEED: &str = include_str!("../../tests/rules/promtail/promtail-path-mounted/bad/promtail.yml");
const COMPOSE: &str = include_str!("../../tests/rules/promtail/promtail-path-mounted/bad/compose.yml");
const WORDS: &[&str] = &[
    "scrape_configs:\n",
    "clients:\n",
    "url: ",
    "__path__: ",
    "job_name: ",
    "static_configs: ",
    "**",
    "/",
    "&a ",
    "*a",
    "---\n",
];

fn answers(files: &[(&str, &[u8])]) -> usize {
    soon(|| job::items(&Repository::new(Box::new(Memory::of_bytes(files.iter().copied())), None)).len())
}

proptest! {
    #![proptest_config(ProptestConfig { cases: 300, failure_persistence: None, ..ProptestConfig::default() })]

    #[test]
    fn mutated_files_are_answered(
        own in prop::collection::vec(change(WORDS), 0..12),
        others in prop::collection::vec(change(WORDS), 0..4),
    ) {
        answers(&[("promtail.yml", &changed(SEED, &own)), ("compose.yml", &changed(COMPOSE, &others))]);
    }

    #[test]
    fn any_bytes_are_answered(bytes in prop::collection::vec(any::<u8>(), 0..2_000)) {
        let mut text = b"clients: []\nscrape_configs: ".to_vec();
        text.extend(&bytes);
        prop_assert!(answers(&[("a.yml", &text)]) >= 1);
    }
}

#[test]
fn huge_and_deep_files_are_answered_soon() {
    let jobs = "- { job_name: a, static_configs: [{ labels: { __path__: '/a/*' } }] }\n".repeat(4_000);
    for text in [
        format!("clients: []\nscrape_configs:\n{jobs}"),
        format!("clients: []\nscrape_configs: {}", "[".repeat(100_000)),
        "clients: {{\nscrape_configs: a\n".repeat(20_000),
    ] {
        answers(&[("promtail.yml", text.as_bytes()), ("compose.yml", COMPOSE.as_bytes())]);
    }
}
