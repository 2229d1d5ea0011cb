//! A weighted score that was made of a rounded share and rounded again, where the exact one would
//! be printed differently.

use super::facts::figure::{figure, shown, whole};
use super::facts::{Facts, Role, RowKind};
use super::kind::{Findings, Kind, Rule};
use crate::name::Name;
use crate::value::{self, Exact};

pub(super) const RULE: Rule = Rule {
    id: "rounded-twice",
    kind: Kind::Arithmetic,
    why: "A number is rounded once, at the end; rounded twice it is another number.",
    find,
};

fn find(facts: &Facts<'_>, findings: &mut Findings) {
    for grid in &facts.grids {
        let columns = (grid.column(Role::Weight), grid.column(Role::Score), grid.column(Role::Weighted));
        let (Some(weight), Some(score), Some(product)) = columns else { continue };
        for row in grid.body() {
            let cells = (figure(row.cell(weight)), figure(row.cell(score)), figure(row.cell(product)));
            let (Some(weight), Some(score), Some(stated)) = cells else { continue };
            let name = Name::of(row.cell(grid.label));
            for (exact, place) in shares(facts, &name) {
                let product = &weight.value * &exact / whole(100);
                if score.value != exact && score.could_be(&exact) && !stated.could_be(&product) {
                    let message = format!(
                        "the share is {} % exactly, so its weighted score is {}; {} comes from rounding {} first",
                        shown(&exact),
                        shown(&product),
                        stated.shown(),
                        score.shown()
                    );
                    let mut places = vec![row.said(), place];
                    places.extend(
                        grid.rows.iter().filter(|row| row.kind == RowKind::Total).map(|row| row.said()),
                    );
                    findings.certain(message, places);
                }
            }
        }
    }
}

/// Fractions of the thing with this name, in percent: what is done of it.
fn shares(facts: &Facts<'_>, name: &Name) -> Vec<(Exact, super::kind::Said)> {
    let mut found = Vec::new();
    let bare = |title: &str| Name::of(title.split('(').next().unwrap_or_default());
    for item in facts
        .items
        .iter()
        .filter(|item| !name.is_empty() && item.title.contains('(') && bare(&item.title).plain == name.plain)
    {
        let Some(fraction) = value::fraction(&item.title) else { continue };
        let Some(percent) = fraction.percent() else { continue };
        let lower = item.title.to_lowercase();
        let is_open =
            ["pending", "left", "open", "remain", "missing"].iter().any(|word| lower.contains(word));
        found.push((if is_open { whole(100) - percent } else { percent }, item.said.clone()));
    }
    found
}
