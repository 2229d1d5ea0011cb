//! The guide shows what the program prints: every example in it is a part of a real report.

use gonogo_report::{Format, LineageFormat, explain, lineage};

use crate::fixture::{self, PLAIN};

const GUIDE: &str = include_str!("../../../../docs/guide/reports.md");

/// The fenced blocks with their language.
fn examples() -> Vec<(&'static str, &'static str)> {
    let parts: Vec<&str> = GUIDE.split("\n````").collect();
    let inside = parts.iter().skip(1).step_by(2);
    inside.map(|part| part.split_once('\n').unwrap()).collect()
}

#[test]
fn every_example_is_printed() {
    let mut printed: Vec<String> = Vec::new();
    for (_, verdict) in fixture::all() {
        printed.extend(Format::ALL.map(|format| fixture::render(&verdict, format)));
    }
    let no_go = crate::no_go::verdict();
    printed.push(explain(&no_go, "jwt-secret", Some(&crate::numbers::evidence(&no_go)), PLAIN).unwrap());
    printed.push(gonogo_report::plan(&crate::plan::example(), PLAIN));
    printed.push(lineage(&crate::lineage::example(), LineageFormat::Terminal, PLAIN).unwrap());
    let examples = examples();
    assert_eq!(examples.len(), 10, "one for each format but html, explain, plan and diff");
    for (language, example) in examples {
        assert!(
            printed.iter().any(|text| text.contains(example)),
            "no report has this {language}:\n{example}"
        );
    }
}

#[test]
fn every_format_is_in_the_guide() {
    for format in Format::ALL {
        assert!(GUIDE.contains(&format!("`--format {format}`")), "{format} is missing");
    }
}
