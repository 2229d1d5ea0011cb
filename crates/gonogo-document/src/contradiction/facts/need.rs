//! What waits for what, in tables with a column for it.

use super::Role;
use super::grid::{Grid, GridRow, RowKind};

/// One row needs something.
#[derive(Debug, Clone)]
pub(crate) struct Need {
    /// The number of the row that waits, in [`Grid::rows`].
    pub(crate) row: usize,
    /// For what, in small letters.
    pub(crate) name: String,
    /// The row it waits for, if the table has it.
    pub(crate) on: Option<usize>,
}

/// Longer tables are no plans.
const MOST_ROWS: usize = 300;

/// By what a row is called: its name, the first word of it, its id.
pub(crate) fn keys(grid: &Grid<'_>, row: &GridRow<'_>) -> Vec<String> {
    let name = row.cell(grid.label).to_lowercase();
    let first = name.split_whitespace().next().unwrap_or_default();
    let first = first.trim_matches(|c: char| !c.is_alphanumeric()).to_owned();
    let zero = row.cell(0).to_lowercase();
    let id = grid.column(Role::Id).map(|at| row.cell(at).to_lowercase()).unwrap_or_default();
    [name.clone(), first, zero, id].into_iter().filter(|key| !key.is_empty()).collect()
}

/// Every need of a table, by its column of needs.
pub(crate) fn of_table(grid: &Grid<'_>, column: usize) -> Vec<Need> {
    if grid.rows.len() > MOST_ROWS {
        return Vec::new();
    }
    let all: Vec<Vec<String>> = grid.rows.iter().map(|row| keys(grid, row)).collect();
    let whose = |name: &str| all.iter().position(|keys| keys.iter().any(|key| key == name));
    // A table that begins at 06 goes on from another, and may wait for what stands there.
    let numbers: Vec<u64> = (grid.body())
        .filter_map(|row| row.cell(grid.column(Role::Id).unwrap_or(0)).trim().parse().ok())
        .collect();
    let first = numbers.iter().min().copied().filter(|_| numbers.len() == grid.body().count());
    let is_before =
        |name: &str| name.parse::<u64>().ok().zip(first).is_some_and(|(name, first)| name < first);
    let mut found = Vec::new();
    for (at, row) in grid.rows.iter().enumerate().filter(|(_, row)| row.kind == RowKind::Body) {
        let cell = row.cell(column).to_lowercase();
        for part in cell.split([',', ';', '&', '+']) {
            let name = part.trim().trim_start_matches("phase ").to_owned();
            let is_name = name.chars().any(char::is_alphanumeric) && name.split_whitespace().count() <= 3;
            if is_name
                && !matches!(name.as_str(), "none" | "keine" | "aucun" | "n/a")
                && !is_before(&name)
                && found.len() < 2_000
            {
                let on = whose(&name);
                found.push(Need { row: at, name, on });
            }
        }
    }
    found
}
