//! Broken and hostile dashboards and data sources: whatever the bytes are, both probes answer,
//! soon. No file is touched.

use proptest::prelude::*;

use super::query::filled_in;
use super::{dashboard, datasource};
use crate::repository::Repository;
use crate::repository::fuzz::{change, changed, soon};
use crate::repository::memory::Memory;

const BOARD: &str = include_str!("../../tests/rules/grafana/grafana-panel-metrics/bad/shop.json");
const SOURCES: &str = include_str!("../../tests/rules/grafana/grafana-source-secrets/bad/sources.yml");
const WORDS: &[&str] = &[
    "\"panels\": [",
    "\"targets\": [",
    "\"expr\": ",
    "\"datasource\": ",
    "\"uid\": ",
    "datasources:\n",
    "$__interval",
    "[[a]]",
    "secureJsonData:\n",
    "---\n",
];

fn answers(files: &[(&str, &[u8])]) -> usize {
    soon(|| {
        let repository = Repository::new(Box::new(Memory::of_bytes(files.iter().copied())), None);
        dashboard::items(&repository).len() + datasource::items(&repository).len()
    })
}

proptest! {
    #![proptest_config(ProptestConfig { cases: 300, failure_persistence: None, ..ProptestConfig::default() })]

    #[test]
    fn mutated_files_are_answered(
        board in prop::collection::vec(change(WORDS), 0..8),
        sources in prop::collection::vec(change(WORDS), 0..8),
    ) {
        answers(&[("shop.json", &changed(BOARD, &board)), ("sources.yml", &changed(SOURCES, &sources))]);
    }

    #[test]
    fn any_query_is_answered(text in "[a-z$\\[\\]{}:_é ]{0,60}") {
        filled_in(&text);
    }
}

#[test]
fn huge_and_deep_files_are_answered_soon() {
    let panel = r#"{ "title": "a", "datasource": "x", "targets": [{ "expr": "a_total" }] },"#;
    let many = format!(r#"{{ "schemaVersion": 1, "panels": [{} {{}}] }}"#, panel.repeat(20_000));
    let deep = format!(r#"{{ "schemaVersion": 1, "panels": {}"#, "[{\"panels\":".repeat(50_000));
    for text in [many, deep] {
        assert!(answers(&[("a.json", text.as_bytes()), ("sources.yml", SOURCES.as_bytes())]) >= 1);
    }
}
