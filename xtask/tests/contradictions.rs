//! The contradiction rules must stay as good as they are: floors of what they find in the documents
//! of `testbed/documents/`, and a ceiling of their false alarms.
#![expect(clippy::unwrap_used, reason = "a test fails by panicking")]

use gonogo_document::contradiction::{Certainty, Kind, RULES};
use xtask::contradictions::score::{self, Score, Scored};
use xtask::contradictions::truth;

fn scored(folder: &str) -> Vec<Scored> {
    let folder = xtask::root().join("testbed/documents").join(folder);
    truth::corpus(&folder).unwrap().iter().map(score::document).collect()
}

/// Percent of what is planted that a kind has at least to find.
const FLOORS: [(Kind, usize); 8] = [
    (Kind::Arithmetic, 90),
    (Kind::Count, 90),
    (Kind::Duplicate, 90),
    (Kind::Disagreement, 90),
    (Kind::Verdict, 90),
    (Kind::Evidence, 90),
    (Kind::Impossible, 80),
    (Kind::Omission, 90),
];

#[test]
fn planted_contradictions_are_found() {
    let score = Score::of(&scored("known"));
    for (kind, floor) in FLOORS {
        let row = score.kind(kind);
        let percent = row.strict * 100 / row.planted.max(1);
        assert!(percent >= floor, "{}: {} of {}", kind.word(), row.strict, row.planted);
    }
}

#[test]
fn held_out_documents_are_read_about_as_well() {
    let score = Score::of(&scored("held-out"));
    let rows =
        [Kind::Arithmetic, Kind::Count, Kind::Duplicate, Kind::Disagreement].map(|kind| score.kind(kind));
    let (found, planted) =
        rows.iter().fold((0, 0), |(found, planted), row| (found + row.strict, planted + row.planted));
    assert!(found * 100 >= planted * 75, "{found} of {planted}");
    assert!(score.false_alarms * 10 <= score.reported, "{} of {}", score.false_alarms, score.reported);
}

#[test]
fn other_layouts_and_languages_are_read_too() {
    let all = Score::of(&scored("wide")).all();
    assert!(all.strict * 100 >= all.planted * 65, "{} of {}", all.strict, all.planted);
}

#[test]
fn false_alarms_are_rare() {
    let score = Score::of(&[scored("known"), scored("wide")].concat());
    assert!(score.false_alarms * 20 <= score.reported, "{} of {}", score.false_alarms, score.reported);
}

#[test]
fn sound_documents_have_no_certain_contradiction() {
    let all = ["known", "wide"].into_iter().flat_map(scored);
    for document in all.filter(|document| document.name.starts_with("sound-")) {
        let cries = document.reports.iter().filter(|report| report.certainty == Certainty::Certain);
        let cries: Vec<&str> = cries.map(|report| report.message.as_str()).collect();
        assert!(cries.is_empty(), "{}: {cries:?}", document.name);
    }
}

#[test]
fn the_corpus_is_large_and_partly_sound() {
    let all: Vec<_> = ["known", "wide", "held-out"]
        .iter()
        .flat_map(|folder| truth::corpus(&xtask::root().join("testbed/documents").join(folder)).unwrap())
        .collect();
    let sound = all.iter().filter(|document| document.planted.is_empty()).count();
    assert!(all.len() >= 60 && sound * 4 >= all.len(), "{} of {}", sound, all.len());
    assert!(all.iter().map(|document| document.planted.len()).sum::<usize>() >= 250);
}

#[test]
fn every_rule_has_a_name_of_its_own_and_a_reason() {
    let mut names: Vec<&str> = RULES.iter().map(|rule| rule.id).collect();
    names.sort_unstable();
    names.dedup();
    assert_eq!(names.len(), RULES.len());
    assert!(RULES.iter().all(|rule| rule.why.len() > 30 && rule.why.ends_with('.')));
}
