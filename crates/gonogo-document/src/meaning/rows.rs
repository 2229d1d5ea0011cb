//! From the rows of grids to the things they name.

use crate::element::{
    Acceptance, Blocker, Category, Cell, Condition, Confidence, Decision, Effort, EffortKind, Elements,
    Finding, Form, Grid, GridKind, GridRow, Item, Phase, Role, Score, ScoreKind, Source, Tally, Timing,
};
use crate::outline::Text;
use crate::value::{self, Duration, Id, Mark, Polarity, State};
use crate::words::call::calls;
use crate::words::words;

use super::context::{Contexts, timing_of};

/// Adds what the rows of `grid`, the one with number `at`, say.
pub(super) fn read(grid: &Grid, at: usize, contexts: &Contexts, elements: &mut Elements) {
    for (number, row) in grid.rows.iter().enumerate() {
        match grid.kind {
            GridKind::Categories | GridKind::WeightedScores | GridKind::PassFail | GridKind::Counts => {
                elements.categories.extend(category(grid, row));
            }
            GridKind::Acceptances => elements.acceptances.extend(acceptance(grid, row)),
            GridKind::Decisions => elements.decisions.extend(decision(grid, row)),
            GridKind::Blockers => elements.blockers.extend(blocker(grid, row)),
            GridKind::Findings => elements.findings.extend(finding(grid, row, contexts)),
            GridKind::Phases => elements.phases.extend(phase(grid, row)),
            GridKind::Conditions => elements.conditions.extend(condition(grid, row, contexts)),
            GridKind::Efforts => {}
            GridKind::Items
            | GridKind::Scenarios
            | GridKind::SignOffs
            | GridKind::Properties
            | GridKind::Other => {}
        }
        let is_named = !matches!(
            grid.kind,
            GridKind::Properties | GridKind::WeightedScores | GridKind::Efforts | GridKind::Scenarios
        );
        if is_named && grid.column(Role::Status).is_some() {
            elements.items.extend(item(grid, row, (at, number)));
        }
        elements.efforts.extend(effort(grid, row));
    }
    if let Some(total) = &grid.total {
        elements.scores.extend(total_score(grid, total));
        elements
            .efforts
            .extend(effort(grid, total).map(|effort| Effort { kind: EffortKind::Total, ..effort }));
    }
}

fn text(grid: &Grid, row: &GridRow, role: Role) -> Option<Text> {
    grid.cell(row, role).filter(|cell| !cell.is_blank()).map(|cell| cell.text.clone())
}

fn mark(grid: &Grid, row: &GridRow) -> Option<Mark> {
    grid.state(row)
}

fn duration(grid: &Grid, row: &GridRow) -> Option<(Duration, Text)> {
    let cell = grid.cell(row, Role::Effort)?;
    Some((cell.duration()?, cell.text.clone()))
}

fn id(grid: &Grid, row: &GridRow) -> Option<Id> {
    let own = grid.cell(row, Role::Id).and_then(Cell::id);
    own.or_else(|| {
        let name = &grid.name(row)?.plain;
        let found = value::ids(name).into_iter().next()?;
        (found.range.start == 0).then_some(found.value)
    })
}

fn name(grid: &Grid, row: &GridRow) -> Option<Text> {
    grid.name(row).filter(|text| !text.is_empty()).cloned()
}

/// The cells of a row that are neither name, id nor status.
fn notes(grid: &Grid, row: &GridRow) -> Vec<Text> {
    let cells = grid.columns.iter().zip(&row.cells);
    let kept = cells.filter(|(column, cell)| {
        !matches!(column.role, Role::Name | Role::Id | Role::Status) && !cell.is_blank()
    });
    kept.map(|(_, cell)| cell.text.clone()).collect()
}

fn item(grid: &Grid, row: &GridRow, at: (usize, usize)) -> Option<Item> {
    let status = grid.cell(row, Role::Status);
    // A row that is MEDIUM has that severity.
    let own = status.and_then(Cell::severity);
    let severity = own.or_else(|| {
        [Role::Severity, Role::Priority].into_iter().find_map(|role| grid.cell(row, role)?.severity())
    });
    Some(Item {
        name: name(grid, row).or_else(|| row.cells.first().map(|cell| cell.text.clone()))?,
        status: mark(grid, row),
        severity,
        notes: notes(grid, row),
        row: Some(at),
        source: row.source,
    })
}

fn category(grid: &Grid, row: &GridRow) -> Option<Category> {
    let amounts = grid.columns.iter().zip(&row.cells).filter(|(column, cell)| {
        matches!(column.role, Role::Count | Role::Passed | Role::Failed | Role::Total) && !cell.is_blank()
    });
    let counts = amounts.map(|(column, cell)| Tally {
        label: column.header.clone(),
        severity: column.severity,
        role: column.role,
        value: cell.text.clone(),
    });
    Some(Category {
        name: name(grid, row)?,
        status: mark(grid, row),
        score: text(grid, row, Role::Score),
        weight: text(grid, row, Role::Weight),
        counts: counts.collect(),
        confidence: text(grid, row, Role::Confidence),
        decision: grid
            .cell(row, Role::Decision)
            .or(grid.cell(row, Role::Status))
            .and_then(|cell| calls(&words(&cell.text.plain)).first().map(|said| said.call)),
        source: row.source,
        ..Category::default()
    })
}

fn acceptance(grid: &Grid, row: &GridRow) -> Option<Acceptance> {
    let cell =
        grid.cell(row, Role::Acceptance).or(grid.cell(row, Role::Status)).or(grid.cell(row, Role::Decision));
    let mark = cell.and_then(Cell::mark);
    let severity = [Role::Severity, Role::Priority, Role::Impact]
        .into_iter()
        .find_map(|role| grid.cell(row, role)?.severity());
    Some(Acceptance {
        risk: name(grid, row)?,
        accepted: mark.and_then(|mark| accepted(&mark)),
        mark,
        mitigation: text(grid, row, Role::Mitigation).or(text(grid, row, Role::Reason)).or(text(
            grid,
            row,
            Role::Notes,
        )),
        severity,
        owner: text(grid, row, Role::Owner),
        expires: text(grid, row, Role::Due).or(text(grid, row, Role::Date)),
        source: row.source,
    })
}

/// Whether a mark accepts a risk.
pub(super) fn accepted(mark: &Mark) -> Option<bool> {
    match mark.state {
        Some(State::Accepted | State::Approved | State::Yes) => Some(true),
        Some(State::NotAccepted | State::Rejected | State::No) => Some(false),
        Some(state) if state.is_open() => None,
        _ => match mark.polarity() {
            Polarity::Good => Some(true),
            Polarity::Bad => Some(false),
            _ => None,
        },
    }
}

fn decision(grid: &Grid, row: &GridRow) -> Option<Decision> {
    let options = text(grid, row, Role::Options);
    Some(Decision {
        id: id(grid, row),
        name: name(grid, row)?,
        options: options.into_iter().collect(),
        choice: text(grid, row, Role::Choice).or(text(grid, row, Role::Decision)),
        status: mark(grid, row),
        owner: text(grid, row, Role::Owner),
        source: row.source,
    })
}

fn blocker(grid: &Grid, row: &GridRow) -> Option<Blocker> {
    Some(Blocker {
        id: id(grid, row),
        name: name(grid, row)?,
        owner: text(grid, row, Role::Owner),
        blocks: text(grid, row, Role::Blocks),
        status: mark(grid, row),
        effort: duration(grid, row),
        source: row.source,
    })
}

fn finding(grid: &Grid, row: &GridRow, contexts: &Contexts) -> Option<Finding> {
    let severity = [Role::Severity, Role::Priority, Role::Status, Role::Impact];
    let severity = severity.into_iter().find_map(|role| grid.cell(row, role)?.severity());
    let named = |role: Role| text(grid, row, role).into_iter().collect::<Vec<_>>();
    let files = row.cells.iter().flat_map(|cell| value::files(&cell.text.plain)).map(|found| found.value);
    let context = contexts.get(row.source.section);
    Some(Finding {
        id: id(grid, row),
        title: name(grid, row)?,
        severity: severity.or(context.severity),
        disposition: context.disposition,
        form: Form::Tabled,
        causes: named(Role::Cause),
        impacts: named(Role::Impact),
        fixes: [named(Role::Fix), named(Role::Mitigation)].concat(),
        files: files.collect(),
        effort: duration(grid, row),
        owner: text(grid, row, Role::Owner),
        status: mark(grid, row),
        source: row.source,
        ..Finding::default()
    })
}

fn phase(grid: &Grid, row: &GridRow) -> Option<Phase> {
    let name = name(grid, row)?;
    let number = value::ids(&name.plain).into_iter().next().map(|found| found.value.number);
    Some(Phase {
        number,
        status: mark(grid, row),
        prerequisites: text(grid, row, Role::Needs).into_iter().collect(),
        prerequisites_met: None,
        effort: duration(grid, row),
        name,
        source: row.source,
    })
}

fn condition(grid: &Grid, row: &GridRow, contexts: &Contexts) -> Option<Condition> {
    let due = text(grid, row, Role::Due).or(text(grid, row, Role::Date));
    let said = due.as_ref().map_or(Timing::Unsaid, |due| timing_of(&due.plain));
    let timing = if said == Timing::Unsaid { contexts.get(row.source.section).timing } else { said };
    Some(Condition {
        text: name(grid, row)?,
        timing,
        due,
        mark: mark(grid, row),
        effort: duration(grid, row),
        owner: text(grid, row, Role::Owner),
        details: notes(grid, row),
        source: row.source,
        required: None,
    })
}

fn effort(grid: &Grid, row: &GridRow) -> Option<Effort> {
    let (duration, text) = duration(grid, row)?;
    let name = grid.name(row).cloned();
    let count = grid.cell(row, Role::Count).and_then(Cell::number);
    let severity = row.cells.iter().find_map(Cell::severity);
    let covers =
        name.iter().flat_map(|name| value::id_ranges(&name.plain)).map(|found| found.value).collect();
    let source = Source { span: text.span, confidence: Confidence::Certain, ..row.source };
    Some(Effort { subject: name, duration, kind: EffortKind::Part, count, covers, severity, text, source })
}

fn total_score(grid: &Grid, total: &GridRow) -> Option<Score> {
    let column = [Role::Weighted, Role::Score]
        .into_iter()
        .find_map(|role| grid.cell(total, role).filter(|cell| !cell.is_blank()));
    let cell = column?;
    let percent = value::percents(&cell.text.plain).into_iter().next()?;
    let kind =
        if grid.kind == GridKind::WeightedScores { ScoreKind::WeightedTotal } else { ScoreKind::Overall };
    let source = Source { span: cell.text.span, ..total.source };
    let percent = Some((percent.value, percent.range));
    Some(Score { kind, percent, fraction: None, text: cell.text.clone(), source })
}
