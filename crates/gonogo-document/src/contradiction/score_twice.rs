//! One category with two scores: in two tables, or in a table and in the heading of its section.

use super::facts::figure::{figure, figures};
use super::facts::{Facts, Figure, Place, Role};
use super::kind::{Findings, Kind, Rule, Said};
use crate::name::{Likeness, Name};

pub(super) const RULE: Rule = Rule {
    id: "score-twice",
    kind: Kind::Arithmetic,
    why: "A category has one score; with two, the reader picks the one that suits.",
    find,
};

struct Scored {
    name: Name,
    label: String,
    score: Figure,
    said: Said,
    table: usize,
}

fn find(facts: &Facts<'_>, findings: &mut Findings) {
    let mut all = Vec::new();
    for (table, grid) in facts.grids.iter().enumerate() {
        // With a weight or a target the score is another thing than without.
        let Some(column) = grid.column(Role::Score).filter(|_| grid.column(Role::Target).is_none()) else {
            continue;
        };
        if grid.roles.iter().filter(|role| **role == Role::Score).count() > 1 {
            continue;
        }
        for row in grid.body() {
            let label = row.cell(grid.label).to_owned();
            let Some(score) = figure(row.cell(column)).filter(|score| score.is_percent) else { continue };
            all.push(Scored { name: Name::of(&label), label, score, said: row.said(), table });
        }
    }
    let headings = headings(facts);
    for (at, one) in all.iter().enumerate().take(400) {
        let others = all.iter().skip(at + 1).take(400);
        for other in others
            .filter(|other| other.table != one.table && one.name.likeness(&other.name) == Likeness::Exact)
        {
            // A rounded score and an exact one are the same.
            if !one.score.could_be(&other.score.value) && !other.score.could_be(&one.score.value) {
                let message = format!(
                    "“{}” has {} here and {} there",
                    one.label,
                    one.score.shown(),
                    other.score.shown()
                );
                findings.certain(message, vec![one.said.clone(), other.said.clone()]);
            }
        }
        in_heading(&headings, one, findings);
    }
}

/// `### 3. Security: GOOD (85%)` against the row of security.
fn in_heading(headings: &[(Name, Figure, Said)], one: &Scored, findings: &mut Findings) {
    for (name, score, said) in headings {
        let same = name.likeness(&one.name) >= Likeness::SameWords;
        if same && !score.could_be(&one.score.value) && !one.score.could_be(&score.value) {
            let message = format!(
                "“{}” has {} in the table and {} in its heading",
                one.label,
                one.score.shown(),
                score.shown()
            );
            findings.certain(message, vec![one.said.clone(), said.clone()]);
        }
    }
}

/// Headings with one percentage, by the name before it.
fn headings(facts: &Facts<'_>) -> Vec<(Name, Figure, Said)> {
    let all = facts.sentences.iter().filter(|sentence| sentence.place == Place::Heading);
    all.filter_map(|heading| {
        let title = heading.text.plain.split([':', '(', '–', '—']).next().unwrap_or_default();
        match figures(&heading.text.plain)
            .into_iter()
            .filter(|figure| figure.is_percent)
            .collect::<Vec<_>>()
            .as_slice()
        {
            [score] => Some((Name::of(title), score.clone(), heading.said())),
            _ => None,
        }
    })
    .take(400)
    .collect()
}
