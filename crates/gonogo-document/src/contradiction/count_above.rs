//! `Four areas score above 70`: a number of scores over a bound that the table does not have.

use super::facts::figure::whole;
use super::facts::{Facts, GridRow, Place, Role};
use super::kind::{Findings, Kind, Rule, Said};
use crate::value::{self, Exact};

pub(super) const RULE: Rule = Rule {
    id: "count-above",
    kind: Kind::Count,
    why: "How many scores are over a bound can be counted in the table that has them.",
    find,
};

fn find(facts: &Facts<'_>, findings: &mut Findings) {
    for (at, sentence) in
        facts.sentences.iter().enumerate().filter(|(_, sentence)| sentence.place != Place::Cell)
    {
        let lower = sentence.lower();
        let Some(word) =
            ["above ", "over ", "at least ", "über "].into_iter().find(|word| lower.contains(word))
        else {
            continue;
        };
        let Some(bound) =
            lower.split(word).nth(1).and_then(|rest| super::facts::figure::figures(rest).into_iter().next())
        else {
            continue;
        };
        let fraction = value::fractions(&sentence.text.plain).into_iter().next().map(|found| found.value);
        let claimed: Option<Exact> =
            fraction.map(|fraction| fraction.part).or_else(|| first_number_word(&lower));
        let scores = facts.grids.iter().filter_map(|grid| {
            let column = grid.column(Role::Score)?;
            grid.figures(column).map(|figures| (grid, figures))
        });
        let mut near = scores.filter(|(grid, _)| grid.table.span.line.abs_diff(sentence.text.span.line) < 30);
        let (Some(claimed), Some((_, figures)), true) = (claimed, near.next_back(), bound.value > whole(10))
        else {
            continue;
        };
        let over = |inclusive: bool| {
            let fits = |value: &Exact| if inclusive { value >= &bound.value } else { value > &bound.value };
            whole(figures.iter().filter(|(_, figure)| fits(&figure.value)).count() as u64)
        };
        if claimed != over(true)
            && claimed != over(false)
            && lower.contains("scor")
                | lower.contains("categor")
                | lower.contains("area")
                | lower.contains("liegen")
        {
            let message = format!(
                "{} are said to be over {}, the table has {}",
                super::facts::figure::shown(&claimed),
                bound.shown(),
                super::facts::figure::shown(&over(false))
            );
            let places: Vec<Said> = std::iter::once(facts.sentences[at].said())
                .chain(figures.iter().map(|(row, _)| GridRow::said(row)))
                .collect();
            findings.certain(message, places);
        }
    }
}

fn first_number_word(text: &str) -> Option<Exact> {
    text.split(|c: char| !c.is_alphanumeric()).find_map(super::facts::claim::number_word).map(whole)
}
