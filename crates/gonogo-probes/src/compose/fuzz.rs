//! Broken and hostile compose files: whatever the bytes are, the analyser answers, soon, and says
//! what it could not read. No file is touched.

use proptest::prelude::*;
use proptest::test_runner::TestCaseError;

use super::survey::survey;
use super::{file, service};
use crate::redact::Redactor;
use crate::repository::Repository;
use crate::repository::fuzz::{change, changed, soon};
use crate::repository::memory::Memory;

const SEEDS: [&str; 4] = [
    include_str!("../../tests/compose_findings/broken/docker-compose.production.yml"),
    include_str!("../../tests/compose_findings/broken/docker-compose.monitoring.yml"),
    include_str!("../../tests/rules/compose/compose-image-pinned/good.yaml"),
    "include: [compose.yml, { path: [a.yml, ../b.yml] }]\nservices: { a: { extends: { service: b }, ports: ['${P:-80}:80'], env_file: [.env] }, b: { extends: a, healthcheck: { test: redis-cli ping }, depends_on: [a, b] } }\n",
];

/// Every fact of every item, as a run would see them.
fn looked_at(files: &[(&str, &[u8])]) -> usize {
    let source = Memory::of_bytes(files.iter().copied());
    let repository = Repository::new(Box::new(source), None);
    let survey = survey(&repository, &[]);
    let survey = (*survey).as_ref().unwrap();
    let services = service::items(&repository, &survey.projects, &[], &Redactor::default());
    file::items(repository.source(), survey).len() + services.len()
}

fn answers(files: &[(&str, &[u8])]) -> usize {
    soon(|| looked_at(files))
}

const WORDS: &[&str] = &[
    "&a ",
    "*a",
    "<<: *a\n",
    "|\n",
    "!reset ",
    "services:",
    "extends: ",
    "include: ",
    "healthcheck: ",
    "test: ",
    "depends_on: ",
    "~",
    "---\n",
];

proptest! {
    #![proptest_config(ProptestConfig { cases: 400, failure_persistence: None, ..ProptestConfig::default() })]

    #[test]
    fn mutated_files_are_answered(
        seed in 0..SEEDS.len(),
        changes in prop::collection::vec(change(WORDS), 0..12),
        second in prop::collection::vec(change(WORDS), 0..4),
    ) {
        let first = changed(SEEDS[seed], &changes);
        let over = changed(SEEDS[(seed + 1) % SEEDS.len()], &second);
        let items = answers(&[("compose.yml", &first), ("compose.override.yml", &over), ("a.yml", &over), (".env", &first)]);
        prop_assert!(items >= 2, "two files are two items at least");
    }

    #[test]
    fn any_bytes_are_answered(bytes in prop::collection::vec(any::<u8>(), 0..2_000)) {
        prop_assert!(answers(&[("compose.yaml", &bytes)]) >= 1);
    }

    #[test]
    fn any_value_under_any_key_is_answered(
        key in prop::sample::select(vec![
            "image", "build", "command", "entrypoint", "environment", "env_file", "ports", "expose", "volumes", "tmpfs", "depends_on",
            "healthcheck", "deploy", "restart", "cap_add", "security_opt", "secrets", "configs", "networks", "profiles", "extends",
            "network_mode", "mem_limit", "cpus", "pids_limit", "user", "privileged", "scale", "container_name",
        ]),
        value in value(),
    ) {
        let text = format!("services:\n  a:\n    image: redis\n    {key}: {value}\n  b: {{ image: b, {key}: {value} }}\n");
        let text = if key == "image" { text.replacen("    image: redis\n", "", 1).replace("image: b, ", "") } else { text };
        let result = answers(&[("compose.yaml", text.as_bytes())]);
        if result < 3 {
            return Err(TestCaseError::fail(format!("{result} items of\n{text}")));
        }
    }
}

/// Flow YAML of any shape.
fn value() -> impl Strategy<Value = String> {
    let scalars = vec![
        "null",
        "true",
        "-1",
        "0",
        "1.5",
        "99999999999999999999",
        "''",
        "'a'",
        "'a:b:c:d'",
        "'::'",
        "'$$'",
        "'${A}'",
        "'${A:-b}'",
        "'80-90:1-2'",
        "'-'",
        "'='",
        "'a=b'",
        "'/'",
        "'0.0.0.0::'",
        "'CMD'",
        "'CMD-SHELL'",
        "'NONE'",
        "'|| && | ;'",
        "'curl http://localhost:99999'",
        "'redis-cli -a x ping'",
        "'65536'",
        "'host'",
        "'\u{e9}\u{1f4a9}'",
    ];
    let keys = vec![
        "test",
        "target",
        "source",
        "published",
        "type",
        "path",
        "file",
        "service",
        "condition",
        "context",
        "resources",
        "limits",
        "memory",
        "a",
    ];
    let leaf = prop::sample::select(scalars).prop_map(str::to_owned);
    leaf.prop_recursive(3, 24, 4, move |inner| {
        let keys = prop::sample::subsequence(keys.clone(), 0..4);
        prop_oneof![
            prop::collection::vec(inner.clone(), 0..4).prop_map(|parts| format!("[{}]", parts.join(", "))),
            (keys, prop::collection::vec(inner, 4)).prop_map(|(keys, parts)| {
                let entries: Vec<String> =
                    keys.iter().zip(parts).map(|(key, part)| format!("{key}: {part}")).collect();
                format!("{{ {} }}", entries.join(", "))
            }),
        ]
    })
}

#[test]
fn huge_deep_and_circular_files_are_answered_soon() {
    let many = |line: &dyn Fn(usize) -> String, count: usize| (0..count).map(line).collect::<String>();
    let chain = format!(
        "services:\n{}",
        many(&|at| format!("  s{at}: {{ image: a, depends_on: [s{}] }}\n", at + 1), 6_000)
    );
    let wheel = format!(
        "services:\n{}",
        many(&|at| format!("  s{at}: {{ image: a, depends_on: [s{}] }}\n", (at + 1) % 4_000), 4_000)
    );
    let extends = format!(
        "services:\n  base: {{ image: a, labels: [{}] }}\n{}",
        many(&|at| format!("l{at}=x,"), 4_000),
        many(&|at| format!("  s{at}: {{ extends: base }}\n"), 4_000)
    );
    let dollars = format!("services: {{ a: {{ image: '{}' }} }}", "${a:-".repeat(150_000));
    let volumes = format!(
        "services: {{ a: {{ image: a }} }}\nvolumes: {{ {} }}",
        many(&|at| format!("v{at}: {{}}, "), 15_000)
    );
    let deep = "a: ".to_owned() + &"[".repeat(200_000);
    let large = "# ".repeat(2 << 20);
    let including = "include: [compose.yml, compose.yml, a.yml, a.yml]\nservices: { a: { image: a } }";
    let fan =
        "include: [b.yml, b.yml, b.yml, b.yml, b.yml, b.yml, b.yml, b.yml]\nservices: { c: { image: c } }";
    for text in [&chain, &wheel, &extends, &dollars, &volumes, &deep, &large] {
        assert!(answers(&[("compose.yml", text.as_bytes())]) >= 1);
    }
    let circle =
        [("compose.yml", including.as_bytes()), ("a.yml", fan.as_bytes()), ("b.yml", including.as_bytes())];
    assert!(answers(&circle) >= 3);
}
