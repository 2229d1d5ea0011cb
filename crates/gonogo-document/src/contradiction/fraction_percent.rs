//! `33 of 40 (85 %)`: a percentage beside a fraction that gives another one.

use std::ops::Range;

use num_traits::Zero as _;

use super::facts::figure::{figure, figures, shown, whole};
use super::facts::{Facts, Figure, Grid, GridRow, Role, RowKind};
use super::kind::{Findings, Kind, Rule};
use crate::value::{self, Fraction};

pub(super) const RULE: Rule = Rule {
    id: "fraction-percent",
    kind: Kind::Arithmetic,
    why: "A fraction and a percentage that stand side by side for one thing must be the same number.",
    find,
};

fn find(facts: &Facts<'_>, findings: &mut Findings) {
    for sentence in &facts.sentences {
        let text = &sentence.text.plain;
        // A row of another table that is quoted: what stands in it is said there.
        if text.matches(" | ").count() > 1 {
            continue;
        }
        for share in super::facts::share::shares(text) {
            let (fraction, range) = (Fraction { part: share.part, whole: share.whole }, share.range);
            for stated in beside(text, &range) {
                if let Some(message) = wrong(&fraction, &stated, text) {
                    findings.certain(message, vec![sentence.said()]);
                }
            }
        }
    }
    facts.grids.iter().for_each(|grid| rows(grid, findings));
}

/// The percentages in parentheses behind a fraction, before one in parentheses, or tied to it by a
/// sign that means that both are the same.
fn beside(text: &str, fraction: &Range<usize>) -> Vec<Figure> {
    let percents = figures(text).into_iter().filter(|figure| figure.is_percent && !figure.is_about);
    let kept = percents.filter(|percent| {
        let (from, to) = if percent.range.start > fraction.end {
            (fraction.end, percent.range.start)
        } else {
            (percent.range.end, fraction.start)
        };
        let between = text.get(from..to).unwrap_or_default();
        let words: Vec<&str> = between.split_whitespace().collect();
        let opens = between.matches('(').count() == 1 && !between.contains(')');
        let plain = !between.contains(['.', ';', '|', '\n']) && words.len() <= 7;
        let ties = ["soit", "=", "i.e.", "also", "→"].iter().any(|tie| words.contains(tie));
        let other = value::fractions(between).len() + figures(between).len();
        let leads =
            percent.range.end < fraction.start && between.trim_end().ends_with(':') && words.len() <= 3;
        plain && (opens || ties || leads) && other == 0
    });
    kept.collect()
}

/// What is wrong, if anything.
fn wrong(fraction: &Fraction, stated: &Figure, text: &str) -> Option<String> {
    let exact = fraction.percent()?;
    if stated.could_be(&exact) || fraction.part > fraction.whole || !fraction.part.is_integer() {
        return None;
    }
    // The percentage may be of the rest: `3 of 12 left (75 % done)`.
    let rest = whole(100) - &exact;
    let of_rest = stated.could_be(&rest)
        && ["left", "remain", "open", "pending", "offen"]
            .iter()
            .any(|word| text.to_lowercase().contains(word));
    (!of_rest).then(|| {
        format!(
            "{} of {} is {} %, but it says {}",
            shown(&fraction.part),
            shown(&fraction.whole),
            shown(&exact),
            stated.shown()
        )
    })
}

/// A column of fractions beside a column of scores.
fn rows(grid: &Grid<'_>, findings: &mut Findings) {
    let Some(score) = grid.column(Role::Score) else { return };
    let body: Vec<&GridRow<'_>> = grid.rows.iter().filter(|row| row.kind == RowKind::Body).collect();
    for column in (0..grid.roles.len()).filter(|column| *column != score) {
        let header = grid.header(column);
        if header.contains("fail") {
            continue;
        }
        let pairs: Vec<(&GridRow<'_>, Fraction, Figure)> = body
            .iter()
            .filter_map(|row| Some((*row, value::fraction(row.cell(column))?, figure(row.cell(score))?)))
            .filter(|(_, fraction, stated)| stated.is_percent && !fraction.whole.is_zero())
            .collect();
        let fits = |(_, fraction, stated): &&(&GridRow<'_>, Fraction, Figure)| {
            fraction.percent().is_some_and(|exact| stated.could_be(&exact))
        };
        // Only where the score is the fraction in other rows.
        if pairs.iter().filter(fits).count() * 2 < pairs.len() || pairs.len() < 2 {
            continue;
        }
        for (row, fraction, stated) in pairs.iter().filter(|pair| !fits(pair)) {
            if let Some(message) = wrong(fraction, stated, "") {
                findings.certain(message, vec![row.said()]);
            }
        }
    }
}
