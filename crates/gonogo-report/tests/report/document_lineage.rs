//! The lineage of two documents in every form: vanished first, every entry that matters with both of
//! its places, and nothing that a document says breaks a line.

use gonogo_model::lineage::document::*;
use gonogo_report::{LineageFormat, Style, document_lineage};

use crate::fixture::PLAIN;

const FORMATS: [LineageFormat; 3] = [LineageFormat::Terminal, LineageFormat::Markdown, LineageFormat::Json];

fn quote(text: &str, line: u32) -> Quote {
    Quote { text: text.into(), line, column: 1 }
}

fn document(file: &str, verdict: &str) -> Document {
    Document {
        file: file.into(),
        title: Some(format!("Launch review, {file}")),
        system: None,
        date: Some("2026-03-02".into()),
        verdicts: vec![quote(verdict, 5)],
        scores: vec![],
        open: 7,
        accepted: 2,
        done: 31,
        left_out: 0,
    }
}

fn entry(state: State, was: Option<Standing>, is: Option<Standing>) -> Entry {
    let of = |standing: Option<Standing>, line: u32| {
        let text = format!("What is {state}");
        let one = standing.map(|standing| Statement { kind: Kind::Finding, text, standing, line, column: 3 });
        one.into_iter().collect::<Vec<_>>()
    };
    Entry {
        state,
        kind: Kind::Finding,
        id: Some("F-1".into()),
        title: format!("What is {state}"),
        section: Some("Findings".into()),
        severity: Some(StatedSeverity::Critical),
        was,
        is,
        changes: vec![],
        notes: vec![],
        before: of(was, 12),
        after: of(is, 34),
        mention: None,
    }
}

/// One entry of each state, a change, a mention, a note, a figure and a mismatch.
fn example() -> DocumentLineage {
    use Standing::{Accepted, Done, Open};
    let mut entries = vec![
        entry(State::Vanished, Some(Accepted), None),
        entry(State::Regressed, Some(Done), Some(Open)),
        entry(State::New, None, Some(Open)),
        entry(State::Open, Some(Open), Some(Open)),
        entry(State::Accepted, Some(Open), Some(Accepted)),
        entry(State::ClaimedFixed, Some(Open), None),
        entry(State::Untold, Some(Done), None),
        entry(State::ToldDone, None, Some(Done)),
        entry(State::Unchanged, Some(Done), Some(Done)),
    ];
    let change = |what: &str, before: Option<&str>| Change {
        what: what.into(),
        before: before.map(str::to_owned),
        after: Some("medium".into()),
    };
    entries[3].changes = vec![change("severity", Some("high")), change("owner", None)];
    entries[0].notes = vec!["it resembles «another thing» (new.md:40)".into()];
    entries[5].mention = Some(quote("F-1 was closed on Monday", 9));
    let mut counts = Counts::default();
    entries.iter().for_each(|entry| counts.add(entry.state));
    DocumentLineage {
        format: FORMAT,
        before: document("old.md", "NO-GO"),
        after: document("new.md", "GO"),
        doubts: vec!["They name two systems: «a» and «b».".into()],
        counts,
        entries,
        figures: vec![Figure { what: "score".into(), before: vec![quote("61%", 7)], after: vec![] }],
        mismatches: vec![Mismatch {
            rule: "resolved-claim".into(),
            is_certain: true,
            message: "it says «all is resolved», and of what was open before 1 thing is not mentioned".into(),
            before: vec![quote("What is vanished", 12)],
            after: vec![quote("all is resolved", 4)],
        }],
    }
}

#[test]
fn terminal() {
    let text = document_lineage(&example(), LineageFormat::Terminal, PLAIN).unwrap();
    insta::assert_snapshot!("document_lineage_terminal", text);
}

#[test]
fn markdown() {
    let text = document_lineage(&example(), LineageFormat::Markdown, PLAIN).unwrap();
    insta::assert_snapshot!("document_lineage_markdown", text);
}

#[test]
fn json_is_read_back() {
    let told = example();
    let json = document_lineage(&told, LineageFormat::Json, PLAIN).unwrap();
    assert_eq!(serde_json::from_str::<DocumentLineage>(&json).unwrap(), told);
}

#[test]
fn every_entry_that_asks_for_a_reader_is_shown_with_its_places_in_order() {
    let told = example();
    for format in [LineageFormat::Terminal, LineageFormat::Markdown] {
        let text = document_lineage(&told, format, Style { width: 400, ..PLAIN }).unwrap();
        let mut from = 0;
        for state in State::ALL.iter().filter(|state| **state < State::Untold) {
            let at =
                text[from..].find(&format!("What is {state}")).unwrap_or_else(|| panic!("{state}\n{text}"));
            from += at;
        }
        assert!(
            text.contains("old.md:12 → new.md:34") && text.contains("old.md:12 → named in new.md:9"),
            "{text}"
        );
        assert!(!text.contains("What is unchanged"), "{text}");
        assert!(text.contains("Both documents only claim"), "{text}");
    }
}

#[test]
fn a_clean_lineage_says_so_and_a_false_claim_does_not() {
    let clean =
        DocumentLineage { entries: vec![], counts: Counts::default(), mismatches: vec![], ..example() };
    let of = |told: &DocumentLineage| document_lineage(told, LineageFormat::Terminal, PLAIN).unwrap();
    assert!(clean.is_clean() && of(&clean).contains("Nothing vanished, regressed or is new."));
    let claimed = DocumentLineage { mismatches: example().mismatches, ..clean };
    assert!(!claimed.is_clean() && of(&claimed).contains("what does not hold"));
}

#[test]
fn nothing_that_a_document_says_breaks_it() {
    let rows = |text: &str| text.lines().filter(|line| line.starts_with('|')).count();
    let clean = document_lineage(&example(), LineageFormat::Markdown, PLAIN).unwrap();
    for nasty in crate::hostile::NASTY {
        let mut told = example();
        told.texts_mut().into_iter().for_each(|text| text.push_str(nasty));
        told.before.file.push_str(nasty);
        for format in FORMATS {
            crate::hostile::assert_no_control(&document_lineage(&told, format, PLAIN).unwrap(), nasty);
        }
        let markdown = document_lineage(&told, LineageFormat::Markdown, PLAIN).unwrap();
        crate::hostile::assert_rows_are_whole(&markdown);
        assert_eq!(rows(&markdown), rows(&clean), "{nasty:?}");
    }
}
