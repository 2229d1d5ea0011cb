//! Every number a report prints is a field of the verdict.

use std::collections::BTreeSet;

use gonogo_model::digest::Digest;
use gonogo_model::evidence::{Artefact, Evidence, Outcome};
use gonogo_model::fact::Item;
use gonogo_model::verdict::Verdict;
use gonogo_report::{Format, explain};
use serde_json::Value;

use crate::fixture;

/// The runs of digits of a text: `44.69%` has `44` and `69`.
fn runs(text: &str) -> BTreeSet<String> {
    text.split(|c: char| !c.is_numeric()).filter(|run| !run.is_empty()).map(str::to_owned).collect()
}

/// The text without short digests: those are cut, so their last digits may be no run of the whole.
fn without_short_digests(verdict: &Verdict, text: &str) -> String {
    let findings = verdict.findings.iter().chain(&verdict.hints);
    let digests = findings.map(|finding| &finding.fingerprint).chain([&verdict.spec]);
    let whole =
        digests.clone().fold(without_left_out(text), |text, digest| text.replace(digest.as_str(), ""));
    digests.fold(whole, |text, digest| text.replace(digest.short(), ""))
}

/// The text without the one number that a report counts itself: the lines it left out. That it is
/// right, `hints.rs` shows.
fn without_left_out(text: &str) -> String {
    let is_left_out = |line: &&str| !line.trim().ends_with("more; `--format json` has all");
    without_charts(text).lines().filter(is_left_out).collect::<Vec<_>>().join("\n")
}

/// The text without charts: they have the minutes of the verdict as plain numbers, and
/// `schedule.rs` compares each of them.
fn without_charts(text: &str) -> String {
    let mut parts = text.split("```mermaid\n");
    let first = parts.next().unwrap_or_default().to_owned();
    parts.fold(first, |text, part| text + part.split_once("```").unwrap().1)
}

fn assert_all_from(text: &str, source: &str, verdict: &Verdict, name: &str) {
    let printed = runs(&without_short_digests(verdict, text));
    let known = runs(source);
    let invented: Vec<&String> = printed.difference(&known).collect();
    assert!(invented.is_empty(), "{name} prints {invented:?}, which is not in the verdict:\n{text}");
}

/// The verdict with another large number in every counter, so that no number is there by chance.
fn magnified(verdict: &Verdict) -> Verdict {
    let mut value = serde_json::to_value(verdict).unwrap();
    magnify(&mut value, &mut 100_003);
    serde_json::from_value(value).unwrap()
}

fn magnify(value: &mut Value, next: &mut u64) {
    match value {
        Value::Number(number) => {
            *next += 17;
            *number = (*next).into();
        }
        Value::Array(list) => list.iter_mut().for_each(|value| magnify(value, next)),
        // Numbers of registers are counted again before anything is printed, so they stay.
        Value::Object(map) => {
            let counted = map.iter_mut().filter(|(key, _)| *key != "registers");
            counted.for_each(|(_, value)| magnify(value, next));
        }
        _ => {}
    }
}

#[test]
fn no_number_is_invented() {
    let all = fixture::all().into_iter();
    for (name, verdict) in all.flat_map(|(name, verdict)| [(name, magnified(&verdict)), (name, verdict)]) {
        let json = fixture::render(&verdict, Format::Json);
        for format in [Format::Terminal, Format::Markdown, Format::GithubSummary] {
            assert_all_from(&fixture::render(&verdict, format), &json, &verdict, name);
        }
        assert_all_from(&crate::html::page(&verdict).text, &json, &verdict, name);
        for result in verdict.results.iter().chain(&verdict.hint_results) {
            let text = explain(&verdict, &result.check, None, fixture::PLAIN).unwrap();
            assert_all_from(&text, &json, &verdict, name);
        }
    }
}

/// Counters may be printed for what they count, and only then: other figures, other text.
#[test]
fn a_changed_field_changes_the_text() {
    for (_, verdict) in fixture::all() {
        let mut other = verdict.clone();
        other.score.percent = "12.34%".into();
        other.coverage.looked = 777;
        other.open.blocker = 888;
        other.counts.pass = 999;
        for format in [Format::Terminal, Format::Markdown, Format::Html] {
            let text = fixture::render(&other, format);
            for figure in ["12.34%", "777", "888", "999"] {
                assert!(text.contains(figure), "{figure} is missing in {format}:\n{text}");
            }
        }
    }
}

#[test]
fn an_explanation_prints_the_numbers_of_verdict_and_evidence_only() {
    let verdict = crate::no_go::verdict();
    let evidence = evidence(&verdict);
    let text = explain(&verdict, "jwt-secret", Some(&evidence), fixture::PLAIN).unwrap();
    let source = fixture::render(&verdict, Format::Json) + &serde_json::to_string(&evidence).unwrap();
    assert_all_from(&text, &source, &verdict, "explain");
}

pub(crate) fn evidence(verdict: &Verdict) -> Evidence {
    let item =
        Item::new("JWT_SECRET").fact("present", false).fact("decoded_bytes", 0).fact("entropy_class", "none");
    Evidence {
        id: "jwt-secret#1".into(),
        checks: vec!["jwt-secret".into()],
        probe: "secret/env".into(),
        probe_version: 3,
        subject: verdict.spec.clone(),
        address: None,
        started: "2026-11-06T21:13:58Z".parse().unwrap(),
        ended: "2026-11-06T21:13:59Z".parse().unwrap(),
        outcome: Outcome::Looked {
            items: vec![item],
            artefacts: vec![Artefact {
                name: "names of the variables".into(),
                media_type: "text/plain".into(),
                digest: Digest::of_bytes(b"artefact"),
                bytes: 812,
            }],
        },
    }
}
