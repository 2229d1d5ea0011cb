//! What every probe must have: an id that is its name everywhere, a source file, a page, cases,
//! facts with usable names. Reads the registry, so a new probe is covered without a line here.

use std::collections::BTreeSet;
use std::fs;
use std::path::{Path, PathBuf};

use gonogo_model::expression::RESERVED;
use gonogo_model::spec;
use gonogo_probes::{all, catalog, page};

const HEADINGS: [&str; 6] =
    ["What it measures", "Parameters", "Facts", "Example", "When it cannot measure", "Remedy"];

fn crate_folder() -> PathBuf {
    PathBuf::from(env!("CARGO_MANIFEST_DIR"))
}

fn page_of(id: &str) -> PathBuf {
    crate_folder().join("../../docs/probes").join(format!("{id}.md"))
}

fn cases_of(id: &str) -> PathBuf {
    crate_folder().join("tests/cases").join(format!("{id}.md"))
}

fn text_of(path: &Path) -> Result<String, String> {
    fs::read_to_string(path).map_err(|error| format!("{}: {error}", path.display()))
}

#[test]
fn there_are_probes() {
    assert!(all().count() >= 5);
}

#[test]
fn ids_are_unique_and_well_formed() {
    let mut seen = BTreeSet::new();
    for probe in all() {
        let id = probe.info.id;
        assert!(seen.insert(id), "two probes are called {id}");
        let parts: Vec<&str> = id.split('/').collect();
        let kebab = |part: &&str| {
            part.starts_with(|c: char| c.is_ascii_lowercase())
                && !part.ends_with('-')
                && part.chars().all(|c| c.is_ascii_lowercase() || c.is_ascii_digit() || c == '-')
        };
        assert!(parts.len() == 2 && parts.iter().all(kebab), "{id} is not family/kebab-name");
        assert!(!probe.info.title.is_empty() && !probe.info.title.ends_with('.'), "{id}: title");
    }
}

#[test]
fn each_probe_is_one_file_of_its_name() {
    for probe in all() {
        let file = crate_folder().join("src").join(format!("{}.rs", probe.info.id.replace('-', "_")));
        assert!(file.is_file(), "{} has no {}", probe.info.id, file.display());
    }
}

#[test]
fn names_of_facts_are_unique_and_usable() {
    for probe in all() {
        let mut seen = BTreeSet::new();
        assert!(!probe.info.facts.is_empty(), "{} has no facts", probe.info.id);
        for fact in probe.info.facts {
            let (id, name) = (probe.info.id, fact.name);
            assert!(seen.insert(name), "{id} has two facts `{name}`");
            assert!(!RESERVED.contains(&name), "{id}: `{name}` is the name of a CEL type");
            assert!(
                name.starts_with(|c: char| c.is_ascii_lowercase())
                    && name.chars().all(|c| c.is_ascii_lowercase() || c.is_ascii_digit() || c == '_'),
                "{id}: `{name}` is not snake_case"
            );
            assert!(fact.about.ends_with('.'), "{id}: what is said about `{name}` is no sentence");
        }
    }
}

#[test]
fn each_parameter_is_described() {
    for probe in all() {
        let schema = (probe.info.parameters)().to_value();
        for (name, property) in schema["properties"].as_object().into_iter().flatten() {
            assert!(
                property["description"].is_string(),
                "{}: the parameter `{name}` has no doc comment",
                probe.info.id
            );
        }
        assert_eq!(schema["additionalProperties"], false, "{} takes unknown parameters", probe.info.id);
    }
}

#[test]
fn each_page_has_the_fixed_headings() {
    for probe in all() {
        let text = text_of(&page_of(probe.info.id)).unwrap();
        let headings: Vec<&str> = text.lines().filter_map(|line| line.strip_prefix("## ")).collect();
        assert_eq!(headings, HEADINGS, "{}", probe.info.id);
        assert!(
            text.starts_with(&format!("# {}\n", probe.info.id)),
            "{}: the first line is its id",
            probe.info.id
        );
    }
}

#[test]
fn each_page_is_fresh() {
    for probe in all() {
        let text = text_of(&page_of(probe.info.id)).unwrap();
        let fresh = page::refreshed(&text, &probe.info);
        let fresh = fresh.unwrap_or_else(|| panic!("{}: the page needs one generated part", probe.info.id));
        assert!(text == fresh, "the page of {} is stale; run `cargo xtask gen`", probe.info.id);
    }
}

#[test]
fn each_example_is_a_whole_spec_that_uses_the_probe() {
    let catalog = catalog();
    for probe in all() {
        let id = probe.info.id;
        let text = text_of(&page_of(id)).unwrap();
        let examples: Vec<&str> =
            text.split("```yaml\n").skip(1).filter_map(|rest| rest.split("```").next()).collect();
        assert!(
            examples.iter().any(|example| example.contains(&format!("probe: {id}\n"))),
            "{id} has no example"
        );
        for example in examples {
            if let Err(error) = spec::read(&format!("docs/probes/{id}.md"), example, None, &catalog, &[]) {
                panic!("the example of {id} is no valid spec:\n{error}");
            }
        }
    }
}

#[test]
fn each_probe_has_good_bad_and_unreachable_cases() {
    for probe in all() {
        let text = text_of(&cases_of(probe.info.id)).unwrap();
        for kind in ["good", "bad", "unreachable"] {
            let some = text.lines().any(|line| line.starts_with(&format!("## {kind}: ")));
            assert!(some, "{} has no case `## {kind}: …`", probe.info.id);
        }
    }
}

#[test]
fn no_page_and_no_case_is_left_over() {
    let ids: BTreeSet<&str> = all().map(|probe| probe.info.id).collect();
    for folder in [crate_folder().join("../../docs/probes"), crate_folder().join("tests/cases")] {
        for family in
            fs::read_dir(&folder).unwrap().map(|entry| entry.unwrap().path()).filter(|path| path.is_dir())
        {
            for file in fs::read_dir(&family).unwrap().map(|entry| entry.unwrap().path()) {
                let id = format!(
                    "{}/{}",
                    family.file_name().unwrap().to_string_lossy(),
                    file.file_stem().unwrap().to_string_lossy()
                );
                assert!(ids.contains(id.as_str()), "{} belongs to no probe", file.display());
            }
        }
    }
}
