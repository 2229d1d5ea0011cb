//! What `cargo xtask new-probe` makes: `new_probe/slow_queries.rs` is a stub as it was made, and is
//! compiled here against the real trait, so a stub that no longer compiles is found.
#![expect(clippy::unwrap_used, reason = "a test fails by panicking")]

/// What the stub names as `crate::context`.
mod context {
    pub(crate) use gonogo_probes::context::Context;
}
/// What the stub names as `crate::probe`.
mod probe {
    pub(crate) use gonogo_probes::probe::{Looked, Probe, Unmeasured};
}
#[path = "new_probe/slow_queries.rs"]
mod slow_queries;

use std::sync::Arc;

use gonogo_model::catalog::{Catalog, ProbeInfo};
use gonogo_model::{spec, yaml};
use gonogo_probes::{Context, Environment, Reach, Redactor};
use probe::Probe as _;
use slow_queries::{Params, SlowQueries};
use xtask::new_probe::{Name, changes, page, source};

const STUB: &str = include_str!("new_probe/slow_queries.rs");

fn name() -> Name {
    Name::parse("postgres/slow-queries").unwrap()
}

fn info() -> ProbeInfo {
    ProbeInfo {
        id: SlowQueries::ID,
        title: SlowQueries::TITLE,
        version: SlowQueries::VERSION,
        class: SlowQueries::CLASS,
        target: SlowQueries::TARGET,
        also: &[],
        facts: SlowQueries::FACTS,
        accepts: |node| yaml::read::<Params>(node).map(drop),
        parameters: || schemars::schema_for!(Params),
    }
}

#[test]
fn the_stub_compiled_here_is_the_one_that_is_made() {
    assert_eq!(STUB, source(&name()));
}

#[tokio::test]
async fn a_new_probe_says_that_it_is_not_written() {
    let context = Context {
        target: None,
        others: std::collections::BTreeMap::default(),
        environment: Environment::default(),
        folder: xtask::root().to_owned(),
        reach: Reach::default(),
        secrets: Arc::new(Redactor::default()),
        repositories: Arc::default(),
        sinks: Arc::default(),
        afterwards: Arc::default(),
        live: gonogo_probes::Live::default(),
    };
    let why = SlowQueries::look(&context, Params {}).await.unwrap_err().why;
    assert_eq!(why, "the probe postgres/slow-queries is not written yet");
}

#[test]
fn the_page_of_a_new_probe_has_a_valid_example() {
    let page = page(&name());
    let example = page.split("```yaml\n").nth(1).unwrap().split("```").next().unwrap();
    let catalog = Catalog::new([info()]);
    spec::read("page.md", example, None, &catalog, &[]).unwrap();
    assert!(gonogo_probes::page::refreshed(&page, &info()).unwrap().contains("| `present` |"));
}

#[test]
fn a_new_probe_in_a_known_family_is_three_files_and_two_lines() {
    let changes = changes(xtask::root(), &name()).unwrap();
    let paths: Vec<(&str, bool)> =
        changes.iter().map(|change| (change.path.as_str(), change.exists)).collect();
    assert_eq!(
        paths,
        [
            ("crates/gonogo-probes/src/postgres/slow_queries.rs", false),
            ("docs/probes/postgres/slow-queries.md", false),
            ("crates/gonogo-probes/tests/cases/postgres/slow-queries.md", false),
            ("crates/gonogo-probes/src/postgres/mod.rs", true),
        ]
    );
    let registry = &changes[3].text;
    assert!(
        registry.contains("mod slow_queries;")
            && registry.contains("register::<slow_queries::SlowQueries>()")
    );
    for there in gonogo_probes::all().filter(|probe| probe.info.family() == "postgres") {
        let module = there.info.id.rsplit('/').next().unwrap();
        assert!(registry.contains(&format!("register::<{module}::")), "{module} was lost");
    }
}

#[test]
fn a_new_family_is_registered_in_the_crate() {
    let changes = changes(xtask::root(), &Name::parse("message-queue/depth").unwrap()).unwrap();
    assert_eq!(changes.len(), 5);
    assert!(changes[3].path == "crates/gonogo-probes/src/message_queue/mod.rs" && !changes[3].exists);
    let library = &changes[4];
    assert!(library.exists && library.text.contains("mod message_queue;"));
    assert!(library.text.contains("    message_queue::PROBES,"), "{}", library.text);
}

#[test]
fn the_cases_of_a_new_probe_fail_until_they_are_written() {
    let cases = xtask::new_probe::cases(&name());
    for kind in ["## good: ", "## bad: ", "## unreachable: "] {
        assert_eq!(cases.matches(kind).count(), 1, "{kind}");
    }
    // The stub returns neither an item nor this reason.
    assert!(cases.matches("```yaml items\n").count() == 2 && cases.contains("(what the reason says)"));
    assert!(!source(&name()).contains("(what the reason says)"));
}
