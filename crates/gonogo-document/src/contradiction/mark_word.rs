//! A sign and a word that say opposite things: `✅ FAILED`, or one word with two signs.

use std::collections::BTreeMap;

use super::facts::{Facts, Grid};
use super::kind::{Findings, Kind, Rule, Said};
use crate::value::{self, Polarity, State};

pub(super) const RULE: Rule = Rule {
    id: "mark-word",
    kind: Kind::Disagreement,
    why: "People read the sign and not the word; when they disagree, half of the readers are misled.",
    find,
};

fn find(facts: &Facts<'_>, findings: &mut Findings) {
    for grid in &facts.grids {
        for row in grid.body() {
            for at in 0..grid.roles.len() {
                let cell = row.cell(at);
                let short = cell.split_whitespace().count() <= 4;
                if short && value::mark(cell).is_some_and(|mark| mark.disagrees()) {
                    findings.certain(
                        format!("the sign and the word of “{cell}” say opposite things"),
                        vec![row.said()],
                    );
                }
            }
        }
        polarity(grid, findings);
    }
    stopped(facts, findings);
}

/// Sign by which a cell starts, and its word.
fn parts(cell: &str) -> Option<(Polarity, String)> {
    let first = cell.chars().next()?;
    let sign = value::sign_of(first)?;
    let word: String = cell.chars().skip(1).filter(|c| c.is_alphanumeric() || *c == ' ').collect();
    let word = word.trim().to_lowercase();
    (!word.is_empty() && word.split_whitespace().count() <= 2).then(|| (sign.polarity(), word))
}

/// One word with a good sign here and a bad sign there, in one table.
fn polarity(grid: &Grid<'_>, findings: &mut Findings) {
    let mut by_word: BTreeMap<String, Vec<(Polarity, Said)>> = BTreeMap::new();
    for row in grid.body() {
        for at in 0..grid.roles.len() {
            if let Some((sign, word)) = parts(row.cell(at)) {
                by_word.entry(word).or_default().push((sign, row.said()));
            }
        }
    }
    for (word, seen) in by_word {
        let has = |wanted: Polarity| seen.iter().any(|(sign, _)| *sign == wanted);
        if has(Polarity::Good) && has(Polarity::Bad) {
            let good = seen.iter().filter(|(sign, _)| *sign == Polarity::Good).count();
            // The rarer use is the one that is wrong.
            let rare = if good * 2 > seen.len() { Polarity::Bad } else { Polarity::Good };
            let mut places: Vec<Said> =
                seen.iter().filter(|(sign, _)| *sign == rare).map(|(_, said)| said.clone()).collect();
            places.extend(seen.iter().map(|(_, said)| said.clone()));
            findings.certain(format!("“{word}” has a good sign here and a bad sign there"), places);
        }
    }
}

/// What is blocked carries the sign of failure, while other blocked things carry a sign of their own.
fn stopped(facts: &Facts<'_>, findings: &mut Findings) {
    let own_sign = facts.sentences.iter().find(|sentence| {
        value::mark(&sentence.text.plain)
            .is_some_and(|mark| mark.sign == Some(value::Sign::Stopped) && mark.state == Some(State::Blocked))
    });
    let Some(own_sign) = own_sign else { return };
    let until: BTreeMap<_, u32> = facts
        .sentences
        .iter()
        .filter(|sentence| sentence.lower().contains("blocked until"))
        .map(|sentence| (sentence.section, sentence.text.span.line))
        .collect();
    let marked = facts.sentences.iter().filter(|sentence| {
        let titles = facts.section(sentence.section).title.plain.to_lowercase();
        let introduced = titles.contains("blocked")
            || until.get(&sentence.section).is_some_and(|line| *line < sentence.text.span.line);
        introduced
            && value::mark(&sentence.text.plain).is_some_and(|mark| {
                mark.sign == Some(value::Sign::Bad)
                    && mark.state.is_none_or(|state| state.polarity() != Polarity::Bad)
            })
    });
    let mut places: Vec<Said> = marked.map(super::facts::Sentence::said).collect();
    if places.len() >= 2 {
        places.push(own_sign.said());
        findings.certain(
            "what is blocked carries the sign of failure here and its own sign there".to_owned(),
            places,
        );
    }
}
