//! A score in the heading of a section that its own table of passes and fails does not give.

use super::facts::figure::{figures, shown, whole};
use super::facts::{Facts, Figure, Grid, Role};
use super::kind::{Findings, Kind, Rule, Said};
use crate::value::{self, Exact, Polarity};

pub(super) const RULE: Rule = Rule {
    id: "score-from-rows",
    kind: Kind::Arithmetic,
    why: "A score that does not follow from the checks below it was felt and not computed.",
    find,
};

fn find(facts: &Facts<'_>, findings: &mut Findings) {
    for id in facts.outline.ids() {
        let heading = facts.heading(id);
        let percents: Vec<Figure> =
            figures(&facts.section(id).title.plain).into_iter().filter(|figure| figure.is_percent).collect();
        let [score] = percents.as_slice() else { continue };
        let tables: Vec<(&Grid<'_>, usize)> = facts
            .grids
            .iter()
            .filter(|grid| facts.outline.below(id).any(|(below, _)| below == grid.section))
            .filter_map(|grid| Some((grid, grid.column(Role::Status)?)))
            .collect();
        // A column of its own scores is what the mean is made of.
        let has_scores = tables.iter().any(|(grid, _)| grid.column(Role::Score).is_some());
        let polarities: Vec<Polarity> = tables
            .iter()
            .flat_map(|(grid, status)| grid.body().map(|row| value::mark(row.cell(*status))))
            .map(|mark| mark.map_or(Polarity::Neutral, |mark| mark.polarity()))
            .collect();
        if polarities.len() < 3 || has_scores || polarities.contains(&Polarity::Neutral) {
            continue;
        }
        let count =
            |wanted: Polarity| polarities.iter().filter(|polarity| **polarity == wanted).count() as u64;
        let all = whole(polarities.len() as u64);
        let strict: Exact = whole(count(Polarity::Good) * 100) / &all;
        let half: Exact = whole(count(Polarity::Good) * 100 + count(Polarity::Middling) * 50) / &all;
        if !score.could_be(&strict) && !score.could_be(&half) {
            let message = format!(
                "the score is {}, but {} of the {} rows below pass, which is {} % ({} % with half for partly)",
                score.shown(),
                count(Polarity::Good),
                polarities.len(),
                shown(&strict),
                shown(&half)
            );
            let places: Vec<Said> =
                std::iter::once(heading).chain(tables.iter().map(|(grid, _)| grid.head())).collect();
            findings.likely(message, places);
        }
    }
}
