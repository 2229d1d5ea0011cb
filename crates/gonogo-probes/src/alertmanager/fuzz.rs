//! Broken and hostile configurations: whatever the bytes are, every probe answers, soon. No file
//! is touched.

use proptest::prelude::*;

use super::{file, matcher, receiver, route};
use crate::repository::Repository;
use crate::repository::fuzz::{change, changed, soon};
use crate::repository::memory::Memory;

const SEED: &str = include_str!("../../tests/alertmanager_findings/broken/configs/alertmanager.yml");
const RULES: &str = include_str!("../../tests/alertmanager_findings/broken/configs/alerts.yml");
const COMPOSE: &str = include_str!("../../tests/alertmanager_findings/broken/docker-compose.monitoring.yml");

fn answers(files: &[(&str, &[u8])]) -> usize {
    soon(|| {
        let repository = Repository::new(Box::new(Memory::of_bytes(files.iter().copied())), None);
        file::items(&repository).len() + receiver::items(&repository).len() + route::items(&repository).len()
    })
}

const WORDS: &[&str] = &[
    "route:\n",
    "routes:\n",
    "receivers:\n",
    "receiver: ",
    "matchers: ",
    "match_re: ",
    "continue: true",
    "group_interval: ",
    "email_configs:\n",
    "global:\n",
    "&a ",
    "*a",
    "---\n",
    "=~",
    "{{ .a }}",
    "(((",
    "{1000}",
];
const PIECES: &[&str] = &[
    "a", "=", "~", "!", "\"", "\\", ",", "{", "}", "(", ")", "|", "*", "+", "é", " ", "[", "]", ".*", "{9}",
];

proptest! {
    #![proptest_config(ProptestConfig { cases: 300, failure_persistence: None, ..ProptestConfig::default() })]

    #[test]
    fn mutated_files_are_answered(
        own in prop::collection::vec(change(WORDS), 0..12),
        others in prop::collection::vec(change(WORDS), 0..4),
    ) {
        let (own, rules, compose) = (changed(SEED, &own), changed(RULES, &others), changed(COMPOSE, &others));
        answers(&[("configs/alertmanager.yml", &own), ("alerts.yml", &rules), ("docker-compose.yml", &compose)]);
    }

    #[test]
    fn any_bytes_are_answered(bytes in prop::collection::vec(any::<u8>(), 0..2_000)) {
        let mut text = b"receivers: []\nroute: ".to_vec();
        text.extend(&bytes);
        prop_assert!(answers(&[("a.yml", &text)]) >= 1);
    }

    #[test]
    fn any_matcher_is_answered(pieces in prop::collection::vec(prop::sample::select(PIECES), 0..20)) {
        let read = matcher::read(&pieces.concat()).unwrap_or_default();
        for one in &read {
            one.takes("a");
            one.follows_from(&read);
        }
        matcher::exclude_each_other(&read);
    }
}

#[test]
fn huge_and_deep_files_are_answered_soon() {
    let many = |of: &str, count: usize| -> String {
        (0..count).map(|at| of.replace("NN", &at.to_string())).collect()
    };
    let wide: String = (0..19).map(|at| format!("'l{at}=v', ")).collect();
    for text in [
        format!("receivers: []\nroute:\n  routes:\n{}", many("  - match: { a: NN }\n", 3_000)),
        format!(
            "receivers: []\nroute:\n  routes:\n{}",
            many(&format!("  - matchers: [{wide}'z=NN']\n"), 1_000)
        ),
        format!(
            "receivers: []\nroute:\n  routes:\n{}",
            many("  - match_re: { a: '((x{900}){900}){NN}' }\n", 300)
        ),
        format!("route: {{}}\nreceivers:\n{}", many("- { name: aNN, email_configs: [{ to: a }] }\n", 8_000)),
        format!("receivers: []\nroute: {}", "{ routes: [".repeat(20_000)),
        format!("receivers: []\nroute: {}{}", "{ routes: [".repeat(15), "]}".repeat(15)),
        "receivers: ${\nroute: ${\n".repeat(40_000),
    ] {
        answers(&[("alertmanager.yml", text.as_bytes()), ("alerts.yml", RULES.as_bytes())]);
    }
}
