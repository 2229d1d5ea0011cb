//! Everything a document lists, one statement for each element: a problem, a task, a decision, and
//! how it stands there. What names the same thing is joined in `thing.rs`.

use std::borrow::Cow;
use std::collections::{BTreeMap, BTreeSet};

use gonogo_model::lineage::document::{Kind, Standing};

use crate::Report;
use crate::element::{
    Cell, ChecklistItem, Disposition, Elements, Finding, Form, Grid, GridKind, Item, Role, Source,
};
use crate::name::Name;
use crate::outline::{Block, Outline, SectionId, Text};
use crate::place::Span;
use crate::value::{self, Duration, Id, Severity, State};

use super::standing;

/// Statements of one document that are compared; more are counted and left out.
pub(super) const MOST: usize = 2_000;
/// Characters of a title that are kept.
const LONGEST: usize = 300;

/// Something that is listed in one place.
#[derive(Debug, Clone)]
pub(super) struct Statement {
    pub(super) kind: Kind,
    pub(super) form: Form,
    pub(super) id: Option<Id>,
    pub(super) title: String,
    /// Its name in full, and without what explains it behind a dash.
    pub(super) names: Vec<Name>,
    pub(super) severity: Option<Severity>,
    pub(super) disposition: Option<Disposition>,
    pub(super) owner: Option<String>,
    pub(super) due: Option<String>,
    pub(super) effort: Option<(Duration, String)>,
    pub(super) choice: Option<String>,
    /// Files it names, by their last part.
    pub(super) files: BTreeSet<String>,
    /// How it is said to stand; none when it is only listed.
    pub(super) said: Option<Standing>,
    /// The list or table it is in: two of one list are two things.
    pub(super) list: (Kind, Form, SectionId, Option<Span>),
    pub(super) span: Span,
}

impl Statement {
    /// How it stands: what is only listed is open.
    pub(super) fn standing(&self) -> Standing {
        self.said.unwrap_or(Standing::Open)
    }

    /// Whether it is a row or line with a state, and that is good.
    pub(super) fn is_passed_row(&self) -> bool {
        self.kind == Kind::Item && self.said == Some(Standing::Done)
    }

    /// What says most of a thing comes first.
    pub(super) fn rank(&self) -> u8 {
        match (self.kind, self.form) {
            (Kind::Finding, Form::Detailed) => 0,
            (Kind::Finding | Kind::Blocker, Form::Tabled) | (Kind::Blocker, _) => 1,
            (Kind::Decision | Kind::Phase, Form::Tabled) => 1,
            (Kind::Finding | Kind::Decision | Kind::Phase, _) => 2,
            (Kind::Condition | Kind::Risk, _) => 3,
            (Kind::Task, _) => 4,
            (Kind::Item, _) => 5,
        }
    }
}

/// All statements of a document in its order, and how many are left out.
pub(super) fn all(report: &Report) -> (Vec<Statement>, usize) {
    let scribe = Scribe::of(report);
    let mut found = scribe.all(&report.elements);
    found.retain(|statement| statement.names.iter().any(|name| !name.is_empty()));
    found.sort_by_key(|statement| (statement.span, statement.kind));
    let left_out = found.len().saturating_sub(MOST);
    found.truncate(MOST);
    (found, left_out)
}

/// One line, cut where nobody would read on.
pub(super) fn line(text: &str) -> String {
    let mut kept = String::new();
    for (nth, word) in text.split_whitespace().enumerate() {
        if kept.chars().count() > LONGEST {
            kept.push('…');
            break;
        }
        if nth > 0 {
            kept.push(' ');
        }
        kept.extend(word.chars().take(LONGEST));
    }
    kept
}

/// Knows where lines and rows stand, for what the elements do not tell.
struct Scribe<'a> {
    headings: Vec<Option<Standing>>,
    /// Lines of lists and headings by their places.
    lines: BTreeMap<Span, &'a Text>,
    /// What rows say in columns that not every element has.
    rows: BTreeMap<Span, Row<'a>>,
}

/// The grid of a row, and its cells for state and last day.
struct Row<'a> {
    grid: Span,
    status: Option<Cow<'a, str>>,
    /// It is struck out.
    is_closed: bool,
    due: Option<&'a str>,
}

impl<'a> Scribe<'a> {
    fn of(report: &'a Report) -> Scribe<'a> {
        let mut rows = BTreeMap::new();
        for grid in &report.elements.grids {
            for row in &grid.rows {
                let cell = |role| grid.cell(row, role).filter(|cell| !cell.is_blank());
                let row_of = Row {
                    grid: grid.source.span,
                    status: cell(Role::Status).map(|cell| cell.text.unstruck()),
                    is_closed: grid.is_closed(row),
                    due: cell(Role::Due).map(|cell| cell.text.plain.as_str()),
                };
                rows.insert(row.source.span, row_of);
            }
        }
        Scribe { headings: standing::of_headings(&report.outline), lines: lines(&report.outline), rows }
    }

    fn all(&self, elements: &Elements) -> Vec<Statement> {
        let tasks: BTreeMap<Span, &Finding> = elements
            .findings
            .iter()
            .filter(|finding| finding.form == Form::Task)
            .map(|finding| (finding.source.span, finding))
            .collect();
        let ticked: BTreeSet<Span> = elements.checklist.iter().map(|task| task.source.span).collect();
        // A task that is also read as a problem is one thing.
        let findings = elements.findings.iter().filter(|finding| !ticked.contains(&finding.source.span));
        let mut found: Vec<Statement> = findings.map(|finding| self.finding(finding)).collect();
        found.extend(
            elements.checklist.iter().map(|task| self.task(task, tasks.get(&task.source.span).copied())),
        );
        self.planned(elements, &mut found);
        let known: BTreeSet<Span> = found.iter().map(|statement| statement.span).collect();
        let items = elements
            .items
            .iter()
            .filter(|item| !known.contains(&item.source.span) && is_item(item, elements));
        found.extend(items.filter_map(|item| self.item(item, elements)));
        let known: BTreeSet<Span> = found.iter().map(|statement| statement.span).collect();
        found.extend(
            elements
                .grids
                .iter()
                .flat_map(|grid| self.rows_of(grid))
                .filter(|row| !known.contains(&row.span)),
        );
        found
    }

    /// Rows of work that have a state and are no element: `Blocker | Owner | ETA | State`.
    fn rows_of(&self, grid: &Grid) -> Vec<Statement> {
        let is_work = grid.kind == GridKind::Efforts && grid.column(Role::Status).is_some();
        let name = grid.column(Role::Name).and_then(|at| grid.columns.get(at));
        let is_blocker =
            name.is_some_and(|column| value::severity(&column.header.plain) == Some(Severity::Blocker));
        let rows = grid.rows.iter().filter(|_| is_work).filter_map(|row| {
            let said = self.status(row.source.span);
            let kind = if is_blocker { Kind::Blocker } else { Kind::Item };
            let owner = grid.cell(row, Role::Owner).filter(|cell| !cell.is_blank());
            let statement = Statement {
                id: grid.cell(row, Role::Id).and_then(Cell::id),
                severity: is_blocker.then_some(Severity::Blocker),
                owner: owner.map(|cell| line(&cell.text.plain)),
                said,
                ..self.made(kind, grid.name(row)?, row.source)
            };
            (is_blocker || said.is_some()).then_some(statement)
        });
        rows.collect()
    }

    fn finding(&self, finding: &Finding) -> Statement {
        let said = match finding.form {
            Form::Tabled => self.status(finding.source.span),
            _ => self.told(finding.source, finding.status),
        };
        let accepted = (finding.disposition == Some(Disposition::Accepted)).then_some(Standing::Accepted);
        Statement {
            form: finding.form,
            id: finding.id.clone(),
            severity: finding.severity,
            disposition: finding.disposition,
            owner: finding.owner.as_ref().map(|text| line(&text.plain)),
            effort: finding.effort.as_ref().map(|(duration, text)| (duration.clone(), line(&text.plain))),
            files: finding.files.iter().map(|file| file.name().to_owned()).collect(),
            said: said.or_else(|| self.heading(finding.source.section)).or(accepted),
            ..self.made(Kind::Finding, &finding.title, finding.source)
        }
    }

    fn task(&self, task: &ChecklistItem, problem: Option<&Finding>) -> Statement {
        let title = problem.map_or(&task.text, |finding| &finding.title);
        // Nobody ticks a box that is struck out.
        let is_over = task.text.is_closed() && task.ticked != Some(true);
        let ticked = task.ticked.filter(|_| !is_over);
        let ticked = ticked.map(|ticked| if ticked { Standing::Done } else { Standing::Open });
        Statement {
            form: Form::Task,
            id: task.id.clone(),
            severity: task.severity,
            disposition: problem.and_then(|finding| finding.disposition),
            owner: task.owner.as_ref().map(|text| line(&text.plain)),
            said: ticked
                .or_else(|| self.told(task.source, None))
                .or_else(|| self.heading(task.source.section)),
            ..self.made(Kind::Task, title, task.source)
        }
    }

    /// Blockers, conditions, risks, decisions and phases.
    fn planned(&self, elements: &Elements, found: &mut Vec<Statement>) {
        let plain = |text: &Option<Text>| text.as_ref().map(|text| line(&text.plain));
        let heading = |source: Source| self.heading(source.section);
        found.extend(elements.blockers.iter().map(|blocker| Statement {
            id: blocker.id.clone(),
            severity: Some(Severity::Blocker),
            owner: plain(&blocker.owner),
            effort: blocker.effort.as_ref().map(|(duration, text)| (duration.clone(), line(&text.plain))),
            said: self.told(blocker.source, blocker.status).or_else(|| heading(blocker.source)),
            ..self.made(Kind::Blocker, &blocker.name, blocker.source)
        }));
        found.extend(elements.conditions.iter().map(|condition| Statement {
            owner: plain(&condition.owner),
            due: plain(&condition.due),
            effort: condition.effort.as_ref().map(|(duration, text)| (duration.clone(), line(&text.plain))),
            said: self.told(condition.source, condition.mark).or_else(|| heading(condition.source)),
            ..self.made(Kind::Condition, &condition.text, condition.source)
        }));
        found.extend(elements.acceptances.iter().map(|risk| {
            let is_over = |state| matches!(state, State::Resolved | State::Done | State::Pass);
            let said = match (risk.mark.and_then(|mark| mark.state), risk.accepted) {
                (Some(state), _) if is_over(state) => Some(Standing::Done),
                (_, Some(true)) => Some(Standing::Accepted),
                (_, Some(false)) => Some(Standing::Open),
                _ => heading(risk.source),
            };
            Statement {
                severity: risk.severity,
                owner: plain(&risk.owner),
                due: plain(&risk.expires),
                said,
                ..self.made(Kind::Risk, &risk.risk, risk.source)
            }
        }));
        found.extend(elements.decisions.iter().map(|decision| {
            let chosen = decision.choice.as_ref().filter(|choice| !choice.is_empty());
            let made = chosen.map(|_| Standing::Done);
            Statement {
                id: decision.id.clone(),
                owner: plain(&decision.owner),
                choice: chosen.map(|choice| line(&choice.plain)),
                said: self
                    .told(decision.source, decision.status)
                    .or(made)
                    .or_else(|| heading(decision.source)),
                ..self.made(Kind::Decision, &decision.name, decision.source)
            }
        }));
        found.extend(elements.phases.iter().map(|phase| Statement {
            id: phase.number.map(|number| Id {
                prefix: "PHASE".to_owned(),
                number,
                text: format!("Phase {number}"),
            }),
            effort: phase.effort.as_ref().map(|(duration, text)| (duration.clone(), line(&text.plain))),
            said: self.told(phase.source, phase.status).or_else(|| heading(phase.source)),
            ..self.made(Kind::Phase, &phase.name, phase.source)
        }));
    }

    /// A row or line with a state that says how it stands.
    fn item(&self, item: &Item, elements: &Elements) -> Option<Statement> {
        let row = item.row.and_then(|(grid, row)| {
            let grid = elements.grids.get(grid)?;
            Some((grid, grid.rows.get(row)?))
        });
        let said = self.status(item.source.span).or(item.status.as_ref().and_then(standing::of_mark));
        let kind = if row.is_some_and(|(grid, _)| lists_problems(grid)) { Kind::Finding } else { Kind::Item };
        let cell = |role| row.and_then(|(grid, row)| grid.cell(row, role)).filter(|cell| !cell.is_blank());
        (said.is_some() || kind == Kind::Finding).then(|| Statement {
            id: cell(Role::Id).and_then(Cell::id),
            owner: cell(Role::Owner).map(|cell| line(&cell.text.plain)),
            severity: item.severity,
            said,
            ..self.made(kind, &item.name, item.source)
        })
    }

    /// A statement of which only name and place are known.
    fn made(&self, kind: Kind, title: &Text, source: Source) -> Statement {
        let row = self.rows.get(&source.span);
        let form = if row.is_some() { Form::Tabled } else { Form::Listed };
        let struck = title.closed_name();
        let title = line(&struck.as_ref().unwrap_or(title).plain);
        Statement {
            kind,
            form,
            id: None,
            names: names(&title),
            title,
            severity: None,
            disposition: None,
            owner: None,
            due: row.and_then(|row| row.due).map(line),
            effort: None,
            choice: None,
            files: BTreeSet::new(),
            said: None,
            list: (kind, form, source.section, row.map(|row| row.grid)),
            span: source.span,
        }
    }

    /// How a row says that it stands, by its own column for that.
    fn status(&self, span: Span) -> Option<Standing> {
        let row = self.rows.get(&span)?;
        let said = row.status.as_deref().and_then(standing::of_cell);
        said.or(row.is_closed.then_some(Standing::Done))
    }

    /// How a row, a line or a section says that it stands. A mark that was read from a line counts
    /// only if it is said of the line; one from a field of its own always.
    fn told(&self, source: Source, mark: Option<value::Mark>) -> Option<Standing> {
        if self.rows.contains_key(&source.span) {
            return self.status(source.span).or(mark.as_ref().and_then(standing::of_mark));
        }
        let Some(text) = self.lines.get(&source.span) else {
            return mark.as_ref().and_then(standing::of_mark);
        };
        let own = mark.filter(|_| mark != text.state()).as_ref().and_then(standing::of_mark);
        let said = own.or_else(|| standing::of_text(&text.unstruck()));
        said.or_else(|| text.is_closed().then_some(Standing::Done))
    }

    fn heading(&self, section: SectionId) -> Option<Standing> {
        self.headings.get(section.0).copied().flatten()
    }
}

/// Items of lists and titles of sections by their places.
fn lines(outline: &Outline) -> BTreeMap<Span, &Text> {
    let mut found: BTreeMap<Span, &Text> =
        outline.sections.iter().map(|section| (section.title.span, &section.title)).collect();
    for (_, block) in outline.blocks() {
        if let Block::List(list) = block {
            found.extend(list.items.iter().map(|item| (item.text.span, &item.text)));
        }
    }
    found
}

/// Rows that are nothing else, and lines with a sign.
fn is_item(item: &Item, elements: &Elements) -> bool {
    let grid = item.row.and_then(|(grid, _)| elements.grids.get(grid));
    grid.is_none_or(|grid| matches!(grid.kind, GridKind::Items | GridKind::SignOffs | GridKind::Other))
}

/// Whether the heading over the names says that they are problems.
fn lists_problems(grid: &Grid) -> bool {
    const PROBLEMS: [&str; 14] = [
        "finding",
        "issue",
        "problem",
        "defect",
        "gap",
        "bug",
        "weakness",
        "befund",
        "mangel",
        "anomalie",
        "hallazgo",
        "bevinding",
        "difetto",
        "défaut",
    ];
    let header = grid
        .column(Role::Name)
        .and_then(|at| grid.columns.get(at))
        .map(|column| column.header.plain.to_lowercase());
    header.is_some_and(|header| PROBLEMS.iter().any(|word| header.contains(word)))
}

/// The names in a title: all of it, and what stands before a dash or a bracket.
fn names(title: &str) -> Vec<Name> {
    let whole = Name::of(title);
    let end = [" - ", " – ", " — ", " (", "; ", ". "].iter().filter_map(|sign| title.find(sign)).min();
    let is_name = |short: &Name| short.words.len() + short.deeds.len() >= 2;
    let short = end.and_then(|end| title.get(..end)).map(Name::of).filter(is_name);
    match short {
        Some(short) if short != whole => vec![whole, short],
        _ => vec![whole],
    }
}
