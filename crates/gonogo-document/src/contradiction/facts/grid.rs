//! Tables whose columns mean something and whose rows are told apart: things, sums, averages.

use std::borrow::Cow;

use super::column::{Role, is_exact, role};
use super::figure::{Figure, figure};
use crate::contradiction::kind::Said;
use crate::outline::{Block, Outline, Row, SectionId, Table, Text};
use crate::value::{ids, severity};

/// A table.
#[derive(Debug)]
pub(crate) struct Grid<'a> {
    pub(crate) table: &'a Table,
    pub(crate) section: SectionId,
    /// The role of each column.
    pub(crate) roles: Vec<Role>,
    /// Its headers, in small letters.
    pub(crate) headers: Vec<String>,
    /// The column that names its rows.
    pub(crate) label: usize,
    pub(crate) rows: Vec<GridRow<'a>>,
}

/// A row.
#[derive(Debug)]
pub(crate) struct GridRow<'a> {
    pub(crate) row: &'a Row,
    pub(crate) kind: RowKind,
}

/// What a row is.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum RowKind {
    /// One thing.
    Body,
    /// The sum of the rows above it.
    Total,
    /// The sum of some rows above it.
    Subtotal,
    /// The mean of the rows above it.
    Average,
    /// A part of the row above it, counted there: `of which maps`.
    Part,
}

const TOTALS: &[&str] = &[
    "total",
    "totals",
    "sum",
    "all",
    "overall",
    "in all",
    "grand total",
    "summe",
    "gesamt",
    "insgesamt",
    "totaal",
    "som",
    "somme",
    "total general",
    "weighted total",
    "totale",
    "Σ",
    "weighted",
    "razem",
    "łącznie",
    "suma",
    "totaux",
    "som totaal",
    "summa",
    "totais",
    "soma",
    "ensemble",
    "in totaal",
    "gesamtsumme",
];
const AVERAGES: &[&str] = &[
    "average",
    "mean",
    "durchschnitt",
    "mittelwert",
    "moyenne",
    "promedio",
    "media",
    "gemiddelde",
    "avg",
    "średnia",
];
const PARTS: &[&str] = &[
    "of which",
    "thereof",
    "of that",
    "including",
    "davon",
    "darunter",
    "dont",
    "di cui",
    "de los cuales",
    "de las cuales",
    "dos quais",
    "das quais",
    "waarvan",
    "w tym",
];
const SUBTOTALS: &[&str] = &["subtotal", "sub-total", "zwischensumme", "sous-total"];

/// Tables that are looked at, and rows of one; a document of more is no report that people read.
pub(crate) const MOST_TABLES: usize = 1_000;
pub(crate) const MOST_ROWS: usize = 5_000;

/// Every table of the document.
pub(crate) fn all(outline: &Outline) -> Vec<Grid<'_>> {
    let tables = outline.blocks().filter_map(|(section, block)| match block {
        Block::Table(table) => Some(Grid::of(table, section)),
        _ => None,
    });
    tables.take(MOST_TABLES).collect()
}

impl<'a> Grid<'a> {
    fn of(table: &'a Table, section: SectionId) -> Grid<'a> {
        let roles = roles_of(table);
        let label = label_of(table, &roles);
        let rows = table
            .rows
            .iter()
            .take(MOST_ROWS)
            .map(|row| {
                // A row of sums has no words of its own in the other columns.
                let wordy = (0..roles.len()).filter(|at| *at != label && *at != 0).any(|at| {
                    cell_of(row, at)
                        .split_whitespace()
                        .filter(|word| word.chars().all(char::is_alphabetic))
                        .count()
                        >= 3
                });
                GridRow { row, kind: if wordy { RowKind::Body } else { kind(row, label) } }
            })
            .collect();
        let headers = table.header.iter().map(|header| header.plain.to_lowercase()).collect();
        Grid { table, section, roles, headers, label, rows }
    }

    /// The first column of a role.
    pub(crate) fn column(&self, role: Role) -> Option<usize> {
        self.roles.iter().position(|other| *other == role)
    }

    /// The header of a column, in small letters.
    pub(crate) fn header(&self, at: usize) -> String {
        self.headers.get(at).cloned().unwrap_or_default()
    }

    /// The rows that are things.
    pub(crate) fn body(&self) -> impl Iterator<Item = &GridRow<'a>> {
        self.rows.iter().filter(|row| row.kind == RowKind::Body)
    }

    /// The printed number in each row that is a thing, if the column is one of numbers.
    pub(crate) fn figures(&self, at: usize) -> Option<Vec<(&GridRow<'a>, Figure)>> {
        let mut found = Vec::new();
        for row in self.body() {
            let cell = row.cell(at);
            match figure(cell) {
                Some(figure) => found.push((row, figure)),
                None if is_blank(cell) => {}
                None => return None,
            }
        }
        (found.len() >= 2).then_some(found)
    }

    /// The header row as a place.
    pub(crate) fn head(&self) -> Said {
        let cells: Vec<&str> = self.table.header.iter().map(|cell| cell.plain.as_str()).collect();
        let span = self.table.header.first().map_or(self.table.span, |cell| cell.span);
        Said::at(span, &cells.join(" | "))
    }
}

impl GridRow<'_> {
    /// The text of a cell.
    pub(crate) fn cell(&self, at: usize) -> &str {
        self.row.cells.get(at).map_or("", |cell| cell.plain.trim())
    }

    /// What a cell says; code in it says nothing, unless it is a value.
    pub(crate) fn prose(&self, at: usize) -> Cow<'_, str> {
        self.row.cells.get(at).map(Text::prose).unwrap_or_default()
    }

    /// What a cell says in words alone, without any code.
    pub(crate) fn words(&self, at: usize) -> Cow<'_, str> {
        self.row.cells.get(at).map(Text::words).unwrap_or_default()
    }

    /// The row as a place.
    pub(crate) fn said(&self) -> Said {
        let cells: Vec<&str> =
            self.row.cells.iter().map(|cell| cell.plain.trim()).filter(|cell| !cell.is_empty()).collect();
        let span = self.row.cells.first().map_or(self.row.span, |cell| cell.span);
        let span = crate::place::Span { end_line: span.line, ..span };
        Said::at(span, &cells.join(" | "))
    }
}

/// Nothing, or a sign for it.
pub(crate) fn is_blank(cell: &str) -> bool {
    !cell.chars().any(char::is_alphanumeric)
        || matches!(cell.trim().to_lowercase().as_str(), "n/a" | "none" | "tbd" | "na")
}

/// `Sum of the steps`, `Summe der Kosten`.
fn is_sum_of(bare: &str) -> bool {
    let mut words = bare.split_whitespace();
    let (first, second) = (words.next().unwrap_or_default(), words.next().unwrap_or_default());
    let sums = ["sum", "total", "summe", "gesamtsumme", "somme", "suma", "somma", "totale", "som", "soma"];
    let of = ["of", "over", "der", "aller", "über", "des", "de", "dei", "delle", "di", "van", "dos", "das"];
    sums.contains(&first) && of.contains(&second) && words.count() <= 3
}

fn kind(row: &Row, label: usize) -> RowKind {
    let text = |at: usize| row.cells.get(at).map(|cell| cell.plain.trim().to_lowercase()).unwrap_or_default();
    // A row of sums has its word in the first cell as often as in the naming one.
    for word in [text(label), text(0)] {
        let bare = word.trim_matches(|c: char| !c.is_alphanumeric() && c != 'Σ').to_owned();
        if PARTS.iter().any(|start| bare.starts_with(start)) {
            return RowKind::Part;
        }
        if SUBTOTALS.iter().any(|start| bare.starts_with(start)) {
            return RowKind::Subtotal;
        }
        let starts = |list: &[&str]| {
            list.iter().any(|start| {
                bare == *start
                    || (bare.starts_with(&format!("{start} "))
                        && bare.split_whitespace().count() <= 3
                        && !matches!(*start, "all" | "overall" | "media" | "mean"))
            })
        };
        if starts(AVERAGES) {
            return RowKind::Average;
        }
        if starts(TOTALS) || is_sum_of(&bare) {
            return RowKind::Total;
        }
    }
    RowKind::Body
}

/// What each column is for, by its header and what stands in it.
fn roles_of(table: &Table) -> Vec<Role> {
    let mut roles: Vec<Role> = table.header.iter().map(|header| role(&header.plain)).collect();
    for (at, role) in roles.iter_mut().enumerate() {
        let cells: Vec<String> = table.rows.iter().map(|row| cell_of(row, at)).collect();
        let all = |fits: &dyn Fn(&str) -> bool| !cells.is_empty() && cells.iter().all(|cell| fits(cell));
        let is_id = |cell: &str| ids(cell).len() == 1 && cell.split_whitespace().count() == 1;
        // A word in the header does not make names ids.
        let named = cells
            .iter()
            .filter(|cell| {
                let is_number =
                    cell.split_whitespace().count() == 1 && cell.chars().any(|c| c.is_ascii_digit());
                !cell.is_empty() && !is_number
            })
            .count();
        if *role == Role::Id && named * 2 > cells.len() {
            *role = Role::Title;
        }
        // References repeat; what a row is called by does not, or the column says that it is one.
        let differ = cells.iter().collect::<std::collections::BTreeSet<_>>().len() == cells.len();
        let is_own = at == 0 || *role == Role::Id || differ;
        if all(&is_id) && is_own && !matches!(role, Role::Severity | Role::Needs) {
            *role = Role::Id;
        } else if *role == Role::Severity
            && !cells.iter().any(|cell| severity(cell).is_some())
            && cells.iter().any(|cell| figure(cell).is_none())
        {
            *role = Role::Other;
        }
    }
    called_so(table, roles)
}

/// Where several columns look like a state, the one that is called so is.
fn called_so(table: &Table, mut roles: Vec<Role>) -> Vec<Role> {
    for role in [Role::Status, Role::Score] {
        let all: Vec<usize> = (0..roles.len()).filter(|at| roles[*at] == role).collect();
        let exact = all.iter().copied().rfind(|at| {
            is_exact(&table.header.get(*at).map(|header| header.plain.clone()).unwrap_or_default())
        });
        if let (Some(kept), 2..) = (exact.or(all.last().copied()), all.len()) {
            all.into_iter().filter(|at| *at != kept).for_each(|at| roles[at] = Role::Other);
        }
    }
    roles
}

/// The column that says what a row is called.
fn label_of(table: &Table, roles: &[Role]) -> usize {
    let names = |at: usize| {
        let words = table.rows.iter().filter(|row| cell_of(row, at).chars().any(char::is_alphabetic)).count();
        words * 2 > table.rows.len()
    };
    let candidates = || (0..roles.len()).filter(|at| roles[*at] != Role::Id && names(*at));
    // A name differs from row to row; what repeats is a group of rows.
    let is_name = |at: &usize| {
        let all: Vec<String> = table.rows.iter().map(|row| cell_of(row, *at)).collect();
        roles[*at] == Role::Title && all.iter().collect::<std::collections::BTreeSet<_>>().len() == all.len()
    };
    let titles = || candidates().filter(|at| roles[*at] == Role::Title);
    let named = titles().find(is_name).filter(|_| table.rows.len() >= 3);
    named
        .or_else(|| titles().next())
        .filter(|at| candidates().next().is_none_or(|first| first == *at || roles[first] != Role::Other))
        // How bad or how far a thing is does not name it; then it is called by its id.
        .or_else(|| {
            let tells = |at: &usize| {
                matches!(
                    roles[*at],
                    Role::Severity | Role::Status | Role::Owner | Role::Approver | Role::Due | Role::Decision
                )
            };
            let named = candidates().find(|at| !tells(at));
            let id = (0..roles.len()).find(|at| roles[*at] == Role::Id);
            named.or(id).or_else(|| candidates().next())
        })
        .unwrap_or(0)
}

fn cell_of(row: &Row, at: usize) -> String {
    row.cells.get(at).map(|cell| cell.plain.clone()).unwrap_or_default()
}
