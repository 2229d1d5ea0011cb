//! A cell of the summary that counts the findings of a category, against the category's section.

use super::facts::figure::figure;
use super::facts::item::{Source, group_severity};
use super::facts::{Facts, Grid, Item};
use super::kind::{Findings, Kind, Rule, Said};
use crate::name::Name;
use crate::outline::SectionId;
use crate::value::{self, Severity};

pub(super) const RULE: Rule = Rule {
    id: "summary-cell",
    kind: Kind::Count,
    why: "The summary counts what the sections list; where it does not, one of them was changed alone.",
    find,
};

fn find(facts: &Facts<'_>, findings: &mut Findings) {
    for grid in &facts.grids {
        let columns: Vec<(usize, Severity)> = (0..grid.roles.len())
            .filter(|at| *at != grid.label)
            .filter_map(|at| {
                let header = grid.header(at);
                let severities = value::severities(&header);
                let [one] = severities.as_slice() else { return None };
                Some((at, one.value))
            })
            .collect();
        for row in grid.body() {
            let Some(section) = section_of(facts, grid, row.cell(grid.label)) else { continue };
            for (column, severity) in &columns {
                let Some(count) = figure(row.cell(*column)).and_then(|figure| figure.count()) else {
                    continue;
                };
                let listed = listed(facts, section, *severity);
                let has_findings =
                    Severity::ALL.into_iter().any(|other| !self::listed(facts, section, other).is_empty());
                if listed.len() as u64 == count || !has_findings {
                    continue;
                }
                let message = format!(
                    "the summary counts {count} {} for “{}”, its section has {}",
                    severity.word(),
                    row.cell(grid.label),
                    listed.len()
                );
                let mut places = vec![row.said(), facts.heading(section)];
                places.extend(listed.iter().map(|item| item.said.clone()));
                if listed.is_empty() {
                    places.extend(others(facts, section));
                }
                findings.certain(message, places);
            }
        }
    }
}

/// The headings of the lists that a section has instead.
fn others(facts: &Facts<'_>, section: SectionId) -> Vec<Said> {
    let below = facts.outline.below(section).skip(1);
    below
        .filter(|(id, _)| group_severity(facts.outline, *id).is_some())
        .map(|(id, _)| facts.heading(id))
        .collect()
}

/// The section with the name of a row, if it is not the one the table stands in.
pub(super) fn section_of(facts: &Facts<'_>, grid: &Grid<'_>, label: &str) -> Option<SectionId> {
    facts.named(&Name::of(label)).filter(|id| *id != facts.chapter(grid.section))
}

/// The findings of a severity in a section.
fn listed<'f>(facts: &'f Facts<'_>, section: SectionId, severity: Severity) -> Vec<&'f Item> {
    let inside: Vec<SectionId> = facts.outline.below(section).map(|(id, _)| id).collect();
    let own: Vec<&Item> = facts
        .items
        .iter()
        .filter(|item| inside.contains(&item.section))
        .filter(|item| match item.source {
            Source::Heading => item.any_severity() == Some(severity),
            Source::List => {
                item.ticked.is_none()
                    && (item.severity == Some(severity) && item.id.is_some()
                        || by_list(facts, item, severity))
            }
            Source::Row(_) => false,
        })
        .collect();
    own
}

/// It stands in a list of findings of this severity.
fn by_list(facts: &Facts<'_>, item: &Item, severity: Severity) -> bool {
    let title = facts.section(item.section).title.plain.to_lowercase();
    let is_list =
        ["issue", "finding", "blocker", "defect", "mängel", "anomal"].iter().any(|word| title.contains(word));
    is_list && item.severity.is_none() && item.group_severity == Some(severity) && item.id.is_none()
}
