//! The matrix of failures: checks that look while something goes wrong, by what goes wrong.

use std::collections::BTreeMap;

use gonogo_model::spec::Spec;
use gonogo_model::verdict::{CheckResult, Counts, ScenarioCell, ScenarioRow};

use crate::score;

/// A row for each fault, in the order of the plan.
pub(crate) fn rows(spec: &Spec, results: &[CheckResult]) -> Vec<ScenarioRow> {
    let mut cells: Vec<(&str, Vec<ScenarioCell>, Counts)> = Vec::new();
    let mut places: BTreeMap<&str, usize> = BTreeMap::new();
    for (check, result) in spec.checks.iter().zip(results) {
        let Some(scenario) = &check.scenario else { continue };
        let place = *places.entry(&scenario.fault).or_insert_with(|| {
            cells.push((&scenario.fault, Vec::new(), Counts::default()));
            cells.len() - 1
        });
        let Some((_, row, counts)) = cells.get_mut(place) else { continue };
        counts.add(result.status);
        row.push(ScenarioCell {
            aspect: scenario.aspect.clone(),
            check: check.id.clone(),
            status: result.status,
        });
    }
    let row = |(fault, cells, counts): (&str, Vec<ScenarioCell>, Counts)| ScenarioRow {
        fault: fault.to_owned(),
        cells,
        score: score::of_counts(counts, &spec.policy),
    };
    cells.into_iter().map(row).collect()
}
