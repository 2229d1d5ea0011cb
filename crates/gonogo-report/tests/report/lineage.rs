//! The lineage of two verdicts in every form: the same entries, and nothing that breaks a line.

use gonogo_model::digest::Digest;
use gonogo_model::lineage::*;
use gonogo_model::status::{Severity, Status};
use gonogo_report::{LineageFormat, Style, lineage};

use crate::fixture::PLAIN;

const FORMATS: [LineageFormat; 3] = [LineageFormat::Terminal, LineageFormat::Markdown, LineageFormat::Json];

fn answer(verdict: &gonogo_model::verdict::Verdict) -> Answer {
    Answer {
        system: verdict.system.clone(),
        environment: verdict.environment.clone(),
        spec: verdict.spec.clone(),
        judged_at: verdict.judged_at,
        call: verdict.call,
        score: verdict.score.clone(),
        coverage: verdict.coverage,
    }
}

fn entry(state: State, why: &str, before: Option<Standing>, after: Option<Standing>) -> Entry {
    Entry {
        fingerprint: Digest::of(&state.word()),
        finding: format!("runtime/{state}-check/GET /orders"),
        state,
        why: why.into(),
        title: format!("What is {state} holds"),
        checks: vec![format!("{state}-check")],
        location: Some(gonogo_model::fact::Location {
            source: "compose.yaml".into(),
            line: Some(7),
            column: None,
        }),
        before,
        after,
    }
}

/// One entry of each state, and a lost check.
pub(crate) fn example() -> Lineage {
    let high = Standing { severity: Severity::High, status: Status::Fail, accepted: false };
    let accepted = Standing { severity: Severity::Medium, accepted: true, ..high };
    let entries = vec![
        entry(State::Regressed, "`regressed-check` was PASS before", None, Some(high)),
        entry(State::New, "it was not known before", None, Some(high)),
        entry(State::Vanished, "the spec no longer has `vanished-check`", Some(high), None),
        entry(State::Open, "was not accepted, is accepted", Some(high), Some(accepted)),
        entry(State::Fixed, "`fixed-check` looked, and it holds now", Some(high), None),
    ];
    let mut counts = LineageCounts::default();
    entries.iter().for_each(|entry| counts.add(entry.state));
    Lineage {
        format: FORMAT,
        before: answer(&crate::no_go::verdict()),
        after: answer(&crate::conditional::verdict()),
        spec_changed: true,
        counts,
        entries,
        lost: vec![LostCheck {
            check: "restore".into(),
            title: "A backup was restored".into(),
            severity: Severity::High,
            status: Some(Status::Error),
            why: "connection refused".into(),
        }],
    }
}

#[test]
fn terminal() {
    insta::assert_snapshot!("lineage_terminal", lineage(&example(), LineageFormat::Terminal, PLAIN).unwrap());
}

#[test]
fn markdown() {
    insta::assert_snapshot!("lineage_markdown", lineage(&example(), LineageFormat::Markdown, PLAIN).unwrap());
}

#[test]
fn json_is_read_back_and_every_form_names_every_entry() {
    let told = example();
    let json = lineage(&told, LineageFormat::Json, PLAIN).unwrap();
    assert_eq!(serde_json::from_str::<Lineage>(&json).unwrap(), told);
    for format in FORMATS {
        let wide = Style { width: 400, ..PLAIN };
        let text = lineage(&told, format, wide).unwrap();
        for entry in &told.entries {
            assert!(text.contains(&entry.finding) && text.contains(&entry.why), "{format:?}:\n{text}");
        }
        assert!(text.contains("connection refused") && text.contains("CONDITIONAL GO"), "{format:?}");
    }
}

#[test]
fn a_clean_lineage_says_so() {
    let clean = Lineage {
        entries: Vec::new(),
        counts: LineageCounts::default(),
        lost: Vec::new(),
        spec_changed: false,
        after: answer(&crate::no_go::verdict()),
        ..example()
    };
    let text = lineage(&clean, LineageFormat::Terminal, PLAIN).unwrap();
    assert!(
        text.contains("Nothing is new, regressed, vanished or lost.") && !text.contains("environments"),
        "{text}"
    );
}

#[test]
fn nothing_that_a_system_says_breaks_it() {
    let rows = |text: &str| text.lines().filter(|line| line.starts_with('|')).count();
    let clean = lineage(&example(), LineageFormat::Markdown, PLAIN).unwrap();
    for nasty in crate::hostile::NASTY {
        let mut told = example();
        told.after.system.push_str(nasty);
        told.after.environment.push_str(nasty);
        for entry in &mut told.entries {
            [&mut entry.finding, &mut entry.title, &mut entry.why]
                .into_iter()
                .for_each(|text| text.push_str(nasty));
        }
        told.lost[0].why = nasty.to_owned();
        for format in FORMATS {
            crate::hostile::assert_no_control(&lineage(&told, format, PLAIN).unwrap(), nasty);
        }
        let markdown = lineage(&told, LineageFormat::Markdown, PLAIN).unwrap();
        crate::hostile::assert_rows_are_whole(&markdown);
        assert_eq!(rows(&markdown), rows(&clean), "{nasty:?}");
    }
}
