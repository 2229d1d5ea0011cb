//! Two versions of one release, two time windows of one change, two line ranges of one block.

use super::facts::{Facts, Place};
use super::kind::{Findings, Kind, Rule};

pub(super) const RULE: Rule = Rule {
    id: "version-twice",
    kind: Kind::Disagreement,
    why: "What is released, when, and where it stands is one thing; a second value releases something else.",
    find,
};

fn find(facts: &Facts<'_>, findings: &mut Findings) {
    versions(facts, findings);
    windows(facts, findings);
    lines(facts, findings);
}

/// The version in the title against that in the decision.
fn versions(facts: &Facts<'_>, findings: &mut Findings) {
    let title = facts
        .sentences
        .iter()
        .find(|sentence| sentence.place == Place::Heading && facts.section(sentence.section).level <= 1);
    let Some((title, own)) = title.and_then(|title| Some((title, version(&title.text.plain)?))) else {
        return;
    };
    for sentence in facts.sentences.iter().filter(|sentence| {
        matches!(sentence.place, Place::Prose | Place::Heading) && sentence.text.span != title.text.span
    }) {
        let lower = sentence.lower();
        let decides = [
            "decision",
            "go for",
            "approved",
            "released",
            "release of",
            "verdict",
            "entscheidung",
            "freigabe",
            "décision",
        ]
        .iter()
        .any(|word| lower.contains(word));
        let Some(other) = version(&sentence.text.plain).filter(|_| decides) else { continue };
        let prefix = own.starts_with(&format!("{other}.")) || other.starts_with(&format!("{own}."));
        if other != own && !prefix && own.split('.').next() == other.split('.').next() {
            findings.certain(
                format!("the title is about {own}, the decision about {other}"),
                vec![title.said(), sentence.said()],
            );
        }
    }
}

/// The only version of a text: `5.4.0`, `v2.3`.
fn version(text: &str) -> Option<String> {
    let mut found = text
        .split(|c: char| !(c.is_alphanumeric() || c == '.'))
        .map(|word| word.trim_matches('.').trim_start_matches('v'))
        .filter(|word| {
            let parts: Vec<&str> = word.split('.').collect();
            (2..=4).contains(&parts.len())
                && parts.iter().all(|part| {
                    !part.is_empty() && part.len() <= 4 && part.bytes().all(|b| b.is_ascii_digit())
                })
        });
    let first = found.next()?.to_owned();
    found.next().is_none().then_some(first)
}

/// `window from 22:00`, `window 21:00 to 01:30`.
fn windows(facts: &Facts<'_>, findings: &mut Findings) {
    let stated: Vec<(u64, &super::facts::Sentence)> = facts
        .sentences
        .iter()
        .filter(|sentence| {
            matches!(sentence.place, Place::Prose | Place::Item) && sentence.lower().contains("window")
        })
        .filter_map(|sentence| Some((super::clock_span::clocks(&sentence.text.plain).first()?.0, sentence)))
        .collect();
    if let Some((first, sentence)) = stated.first() {
        for (_, other) in stated.iter().skip(1).filter(|(start, _)| start != first) {
            findings
                .certain("the window begins at two times".to_owned(), vec![other.said(), sentence.said()]);
        }
    }
}

/// `cache.rs:45-60` and `lines 44-61` in one finding.
fn lines(facts: &Facts<'_>, findings: &mut Findings) {
    for sentence in facts.sentences.iter() {
        let lower = sentence.lower();
        let Some((from, to)) = lower.find("lines ").and_then(|at| range(lower.get(at + 6..)?)) else {
            continue;
        };
        let path: Vec<crate::SectionId> = vec![sentence.section];
        let cited = facts
            .sentences
            .iter()
            .filter(|other| path.contains(&other.section) && other.text.span.line != sentence.text.span.line)
            .find_map(|other| {
                crate::value::files(&other.text.plain).into_iter().find_map(|file| {
                    let text = other.text.plain.get(file.range)?;
                    let own = range(text.rsplit(':').next()?)?;
                    (own != (from, to) && own.0.abs_diff(from) <= 5 && own.1.abs_diff(to) <= 5)
                        .then_some(other)
                })
            });
        if let Some(other) = cited {
            findings.likely(
                "one block of code is given with two line ranges".to_owned(),
                vec![other.said(), sentence.said()],
            );
        }
    }
}

fn range(text: &str) -> Option<(u64, u64)> {
    let (from, rest) = text.split_once(['-', '–'])?;
    let to: String = rest.chars().take_while(char::is_ascii_digit).collect();
    Some((from.trim().parse().ok()?, to.parse().ok()?))
}
