//! Tables with the meaning of their columns.

use std::borrow::Cow;

use crate::element::Source;
use crate::outline::Text;
use crate::value::{self, Duration, Exact, Fraction, Id, Mark, Severity, State};

/// A table, or a block of `key: value` lines, and what its columns mean.
#[derive(Debug, Clone, PartialEq, Eq, Default)]
pub struct Grid {
    /// What it lists.
    pub kind: GridKind,
    /// Its columns.
    pub columns: Vec<Column>,
    /// Its rows, without the row of totals.
    pub rows: Vec<GridRow>,
    /// The row that claims to sum up the others.
    pub total: Option<GridRow>,
    /// Where it stands.
    pub source: Source,
}

/// What a table lists.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Default)]
pub enum GridKind {
    /// Categories with a score or a status.
    Categories,
    /// Areas with weight and score.
    WeightedScores,
    /// Things counted: sections and their items, categories and their numbers.
    Counts,
    /// PASS and FAIL counted.
    PassFail,
    /// Named things with a state.
    Items,
    /// Failure scenarios and how the system behaves.
    Scenarios,
    /// Problems.
    Findings,
    /// Things outside that are waited for.
    Blockers,
    /// Decisions.
    Decisions,
    /// Risks and whether they are accepted.
    Acceptances,
    /// Conditions with a date.
    Conditions,
    /// Phases and gates.
    Phases,
    /// Work and how long it takes.
    Efforts,
    /// People and what they sign.
    SignOffs,
    /// Two columns: the name of a property and its value.
    Properties,
    /// Something else.
    #[default]
    Other,
}

/// A column.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Column {
    /// Its heading.
    pub header: Text,
    /// What it holds.
    pub role: Role,
    /// The severity it counts, for `Role::Count`.
    pub severity: Option<Severity>,
}

/// What a column holds.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Default)]
pub enum Role {
    /// The name of the thing in the row.
    Name,
    /// Its id.
    Id,
    /// Its state.
    Status,
    /// A score, in percent or points.
    Score,
    /// A weight.
    Weight,
    /// Weight times score.
    Weighted,
    /// How many: of a severity, of items.
    Count,
    /// How many passed.
    Passed,
    /// How many failed.
    Failed,
    /// How many there are in all.
    Total,
    /// A severity.
    Severity,
    /// A priority.
    Priority,
    /// How likely.
    Likelihood,
    /// What happens because of it.
    Impact,
    /// Why it is so.
    Cause,
    /// Who has it.
    Owner,
    /// What waits for it.
    Blocks,
    /// What must come first.
    Needs,
    /// How long it takes.
    Effort,
    /// By when.
    Due,
    /// A date.
    Date,
    /// What proves it.
    Evidence,
    /// What is done about it.
    Mitigation,
    /// What to do.
    Fix,
    /// Why.
    Reason,
    /// Whether it is accepted.
    Acceptance,
    /// What is asked.
    Question,
    /// What may be chosen.
    Options,
    /// What was chosen.
    Choice,
    /// A decision: what is decided, or the call itself.
    Decision,
    /// Files.
    File,
    /// How sure the document is.
    Confidence,
    /// What should be.
    Target,
    /// What is.
    Actual,
    /// A role of a person.
    Person,
    /// Notes and descriptions.
    Notes,
    /// Something else.
    #[default]
    Other,
}

/// A row.
#[derive(Debug, Clone, PartialEq, Eq, Default)]
pub struct GridRow {
    /// Its cells, one for each column.
    pub cells: Vec<Cell>,
    /// Where it stands.
    pub source: Source,
}

/// A cell. Its values are read when they are asked for.
#[derive(Debug, Clone, PartialEq, Eq, Default)]
pub struct Cell {
    /// Its text.
    pub text: Text,
}

impl Grid {
    /// The first column of a role.
    pub fn column(&self, role: Role) -> Option<usize> {
        self.columns.iter().position(|column| column.role == role)
    }

    /// All columns of a role.
    pub fn columns_of(&self, role: Role) -> impl Iterator<Item = usize> {
        let all = self.columns.iter().enumerate();
        all.filter(move |(_, column)| column.role == role).map(|(at, _)| at)
    }

    /// The cell of a row in the first column of a role, if it is not empty.
    pub fn cell<'a>(&self, row: &'a GridRow, role: Role) -> Option<&'a Cell> {
        row.cells.get(self.column(role)?).filter(|cell| !cell.text.is_empty())
    }

    /// The name of a row.
    pub fn name<'a>(&self, row: &'a GridRow) -> Option<&'a Text> {
        self.cell(row, Role::Name).map(|cell| &cell.text)
    }

    /// The state of a row: that of its column for it, or that its name is struck out.
    pub fn state(&self, row: &GridRow) -> Option<Mark> {
        let own = self.cell(row, Role::Status).and_then(Cell::mark);
        own.or_else(|| self.is_closed(row).then_some(Mark { sign: None, state: Some(State::Resolved) }))
    }

    /// Whether a row is struck out, by its name.
    pub fn is_closed(&self, row: &GridRow) -> bool {
        self.name(row).is_some_and(Text::is_closed)
    }

    /// The values of a column that could be read, with their rows.
    pub fn values<'a, T>(
        &'a self,
        column: usize,
        read: impl Fn(&Cell) -> Option<T> + 'a,
    ) -> impl Iterator<Item = (&'a GridRow, T)> {
        self.rows.iter().filter_map(move |row| Some((row, read(row.cells.get(column)?)?)))
    }
}

impl Cell {
    /// Whether it says nothing: empty, a dash.
    pub fn is_blank(&self) -> bool {
        self.text.plain.trim_matches(['-', '–', '—', ' ', '.']).is_empty()
    }

    /// What it says still; when all of it is struck out, what it said.
    fn said(&self) -> Cow<'_, str> {
        match self.text.is_struck() {
            true => Cow::Borrowed(&self.text.plain),
            false => self.text.unstruck(),
        }
    }

    /// Its mark. One that is struck out counts no more.
    pub fn mark(&self) -> Option<Mark> {
        value::mark(&self.text.unstruck())
    }

    /// Its number, when it is one number and nothing else.
    pub fn number(&self) -> Option<Exact> {
        value::number(&self.said())
    }

    /// Its percentage, in percent.
    pub fn percent(&self) -> Option<Exact> {
        value::percent(&self.said())
    }

    /// Its fraction.
    pub fn fraction(&self) -> Option<Fraction> {
        value::fraction(&self.said())
    }

    /// Its duration or range of durations.
    pub fn duration(&self) -> Option<Duration> {
        value::duration(&self.said())
    }

    /// Its severity.
    pub fn severity(&self) -> Option<Severity> {
        value::severity(&self.said())
    }

    /// Its first id.
    pub fn id(&self) -> Option<Id> {
        value::ids(&self.text.plain).into_iter().next().map(|found| found.value)
    }
}
