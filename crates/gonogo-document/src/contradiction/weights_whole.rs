//! Weights in percent that are not 100 together.

use super::facts::figure::{shown, whole};
use super::facts::{Facts, GridRow, Role};
use super::kind::{Findings, Kind, Rule, Said};
use crate::value::Exact;

pub(super) const RULE: Rule = Rule {
    id: "weights-whole",
    kind: Kind::Arithmetic,
    why: "Weights that are not 100 % together make the score too high or too low.",
    find,
};

fn find(facts: &Facts<'_>, findings: &mut Findings) {
    for grid in &facts.grids {
        let Some(column) = grid.column(Role::Weight) else { continue };
        let Some(weights) = grid.figures(column).filter(|weights| weights.len() >= 3) else { continue };
        let sum: Exact = weights.iter().map(|(_, weight)| weight.value.clone()).sum();
        let in_percent = weights.iter().all(|(_, weight)| weight.is_percent);
        let near = sum > whole(80) && sum < whole(120);
        let slack: Exact =
            weights.iter().filter(|(_, weight)| weight.decimals > 0).map(|(_, weight)| weight.slack()).sum();
        let off = if sum > whole(100) { &sum - whole(100) } else { whole(100) - &sum };
        if (in_percent || near) && off > slack {
            let places: Vec<Said> = weights.iter().rev().map(|(row, _)| GridRow::said(row)).collect();
            findings.certain(
                format!("the {} weights add up to {} %, not to 100 %", weights.len(), shown(&sum)),
                places,
            );
        }
    }
}
