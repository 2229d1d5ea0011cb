//! Broken and hostile rule files, configurations and expressions: whatever the bytes are, every
//! probe answers, soon. No file is touched.

use proptest::prelude::*;

use super::world::World;
use super::{coverage, expression, file, rule, scrape};
use crate::repository::Repository;
use crate::repository::fuzz::{change, changed, soon};
use crate::repository::memory::Memory;

const RULES: &str = include_str!("../../tests/prometheus_findings/broken/configs/alerts.yml");
const FIXED: &str = include_str!("../../tests/prometheus_findings/fixed/configs/alerts.yml");
const CONFIG: &str = include_str!("../../tests/prometheus_findings/broken/configs/prometheus.yml");
const COMPOSE: &str = include_str!("../../tests/prometheus_findings/broken/compose.yml");
const CODE: &str = include_str!("../../tests/prometheus_findings/broken/internal/metrics/metrics.go");

/// Every fact of every item, as a run would see them.
fn looked_at(files: &[(&str, &[u8])]) -> usize {
    let repository = Repository::new(Box::new(Memory::of_bytes(files.iter().copied())), None);
    let world = World::of(&repository);
    file::items(&world.files).len()
        + rule::items(&world).len()
        + coverage::items(&world).len()
        + scrape::items(&repository, &world).len()
}

fn answers(files: &[(&str, &[u8])]) -> usize {
    soon(|| looked_at(files))
}

const WORDS: &[&str] = &[
    "groups:\n",
    "rules:\n",
    "expr: ",
    "alert: ",
    "record: ",
    "for: ",
    "scrape_configs:\n",
    "targets: ",
    "---\n",
    "{{ $labels.",
    "sum by (",
    "without (",
    "rate(",
    "[5m]",
    "offset ",
    "on (",
    "group_left ",
    "== bool ",
    "\\é",
    "kind: PrometheusRule\n",
];
const PIECES: &[&str] = &[
    "up",
    "a_total",
    "a:b",
    "{",
    "}",
    "(",
    ")",
    "[5m]",
    "[5m:]",
    "[0s]",
    "sum",
    "by",
    "without",
    "(job)",
    "rate(",
    "histogram_quantile(",
    "topk(",
    "absent(",
    "label_replace(",
    "count_values(",
    "\"a\"",
    "'",
    "`",
    "\\",
    "\\x",
    "é",
    "=",
    "=~",
    "!~",
    "==",
    ">",
    "/",
    "*",
    "-",
    "^",
    "%",
    "and",
    "or",
    "unless",
    "on",
    "ignoring",
    "group_left",
    "bool",
    "offset",
    "@",
    "start()",
    "1",
    "0x",
    "-0x",
    "1e999",
    "NaN",
    "Inf",
    ",",
    " ",
    "\n",
    "#",
    "5m",
    "9999999999y",
    "__name__",
    "le",
    "{{",
    "}}",
    "vector(",
    "time()",
];

proptest! {
    #![proptest_config(ProptestConfig { cases: 300, failure_persistence: None, ..ProptestConfig::default() })]

    #[test]
    fn mutated_files_are_answered(
        rules in prop::collection::vec(change(WORDS), 0..10),
        others in prop::collection::vec(change(WORDS), 0..6),
        seed in any::<bool>(),
    ) {
        let rules = changed(if seed { RULES } else { FIXED }, &rules);
        let (config, compose, code) = (changed(CONFIG, &others), changed(COMPOSE, &others), changed(CODE, &others));
        answers(&[
            ("alerts.yml", &rules),
            ("prometheus.yml", &config),
            ("compose.yml", &compose),
            ("metrics.go", &code),
        ]);
    }

    #[test]
    fn any_bytes_are_answered(bytes in prop::collection::vec(any::<u8>(), 0..2_000)) {
        let mut text = b"groups:\n- rules:\n  - expr: ".to_vec();
        text.extend(&bytes);
        prop_assert!(answers(&[("rules.yml", &text)]) >= 1);
    }
}

proptest! {
    #![proptest_config(ProptestConfig { cases: 4_000, failure_persistence: None, ..ProptestConfig::default() })]

    #[test]
    fn any_expression_is_answered(pieces in prop::collection::vec(prop::sample::select(PIECES), 0..24), spaced in any::<bool>()) {
        let text = pieces.join(if spaced { " " } else { "" });
        soon(|| expression::read(&text));
        let quoted = serde_json::to_string(&text).unwrap();
        let file = format!("groups:\n- name: a\n  rules:\n  - {{ alert: A, expr: {quoted} }}\n");
        prop_assert!(answers(&[("rules.yml", file.as_bytes())]) >= 2);
    }
}

#[test]
fn huge_and_deep_files_are_answered_soon() {
    let rule = |expr: &str| format!("groups:\n- name: a\n  rules:\n  - {{ alert: A, expr: '{expr}' }}\n");
    let many: String = (0..4_000).map(|at| format!("  - {{ alert: A{at}, expr: up == {at} }}\n")).collect();
    let same: String =
        (0..2_000).map(|_| "  - { alert: A, expr: up == 0, labels: { severity: info } }\n").collect();
    let targets: String = (0..9_000).map(|at| format!("'h{at}:1', ")).collect();
    for text in [
        rule(&"(".repeat(10_000)),
        rule(&"-".repeat(10_000)),
        rule(&"a + ".repeat(4_900)),
        rule(&format!("{}a{}", "sum(".repeat(40), ")".repeat(40))),
        rule(&"a and ".repeat(250)),
        format!("groups:\n- name: a\n  rules:\n{many}"),
        format!("groups:\n- name: a\n  rules:\n{same}"),
        format!("groups: [rules: expr]\n{}", "---\n".repeat(100_000)),
        format!("scrape_configs:\n- job_name: a\n  static_configs: [{{ targets: [{targets}] }}]\n"),
        "# groups:\n".repeat(300_000),
    ] {
        answers(&[("rules.yml", text.as_bytes()), ("compose.yml", COMPOSE.as_bytes())]);
    }
}
