//! Tables, and blocks of `key: value` lines, with the meaning of their columns. A heading says what
//! a column should hold, its cells say what it does hold.

use crate::element::{Cell, Column, Confidence, Grid, GridKind, GridRow, Role, Source};
use crate::outline::{Code, SectionId, Table, Text};
use crate::value::{self, Polarity, Scan};
use crate::words::call::calls;
use crate::words::role::role;
use crate::words::topic::Topic;
use crate::words::words;

use super::context::Contexts;

/// Cells of a column that are looked at to learn what it holds.
const SAMPLE: usize = 60;
const TOTALS: [&str; 19] = [
    "total",
    "totals",
    "sum",
    "overall",
    "gesamt",
    "summe",
    "insgesamt",
    "somme",
    "totaal",
    "totale",
    "suma",
    "average",
    "durchschnitt",
    "moyenne",
    "promedio",
    "gemiddelde",
    "grand",
    "subtotal",
    "gesamtergebnis",
];

/// The grid of a table.
pub(super) fn of_table(table: &Table, section: SectionId, contexts: &Contexts) -> Grid {
    let mut rows: Vec<GridRow> = table
        .rows
        .iter()
        .map(|row| GridRow {
            cells: row.cells.iter().map(|text| Cell { text: text.clone() }).collect(),
            source: Source { span: row.span, section, confidence: Confidence::Certain },
        })
        .collect();
    let columns = columns(&table.header, &rows);
    let kind = kind(&columns, &table.header, section, contexts);
    let confidence = if kind == GridKind::Other { Confidence::Likely } else { Confidence::Certain };
    let mut grid = Grid {
        kind,
        columns,
        rows: Vec::new(),
        total: None,
        source: Source { span: table.span, section, confidence },
    };
    let is_total = rows.len() > 1 && rows.last().is_some_and(|row| grid.name(row).is_some_and(is_total));
    grid.total = if is_total { rows.pop() } else { None };
    grid.rows = rows;
    grid
}

/// The grid of a fence with lines such as `Load testing: 🚫 BLOCKED`; none if most of them have no mark.
pub(super) fn of_code(code: &Code, section: SectionId) -> Option<Grid> {
    let fields = code.fields();
    let marked = fields.iter().filter(|field| {
        value::marks(&field.value.plain)
            .first()
            .is_some_and(|mark| mark.range.start == 0 && mark.value.polarity() != Polarity::Neutral)
    });
    if fields.len() < 2 || marked.count() * 2 < fields.len() {
        return None;
    }
    let column = |name: &str, role| {
        let header = Text { plain: name.to_owned(), span: code.span, ..Text::default() };
        Column { header, role, severity: None }
    };
    let rows = fields.into_iter().map(|field| {
        let span = field.key.span.to(field.value.span);
        let cells = vec![Cell { text: field.key }, Cell { text: field.value }];
        GridRow { cells, source: Source { span, section, confidence: Confidence::Likely } }
    });
    Some(Grid {
        kind: GridKind::Items,
        columns: vec![column("", Role::Name), column("", Role::Status)],
        rows: rows.collect(),
        total: None,
        source: Source { span: code.span, section, confidence: Confidence::Likely },
    })
}

fn is_total(name: &Text) -> bool {
    let words = words(&name.plain);
    let first = words.first().is_some_and(|word| word.is_one_of(&TOTALS));
    first && words.len() <= 3
}

/// What the cells of a column hold.
#[derive(Debug, Default, Clone, Copy)]
struct Content {
    cells: usize,
    numbers: usize,
    percents: usize,
    fractions: usize,
    marks: usize,
    severities: usize,
    ids: usize,
    calls: usize,
}

impl Content {
    fn of(column: usize, rows: &[GridRow]) -> Content {
        let mut content = Content::default();
        let cells = rows.iter().filter_map(|row| row.cells.get(column)).filter(|cell| !cell.is_blank());
        for cell in cells.take(SAMPLE) {
            content.add(&cell.text.plain);
        }
        content
    }

    fn add(&mut self, plain: &str) {
        let scan = Scan::of(plain);
        let short = plain.len() <= 60;
        self.cells += 1;
        if value::has_digit(plain) {
            self.numbers += usize::from(short && value::number(plain).is_some());
            self.percents += usize::from(short && scan.percents().len() == 1);
            self.fractions += usize::from(short && scan.fractions().len() == 1);
            self.ids += usize::from(scan.ids().first().is_some_and(|found| found.range == (0..plain.len())));
        }
        self.severities += usize::from(short && value::severity(plain).is_some());
        self.marks += usize::from(scan.starts_with_mark());
        self.calls += usize::from(short && !calls(&words(plain)).is_empty());
    }

    fn most(&self, count: usize) -> bool {
        self.cells > 0 && count * 2 > self.cells
    }

    fn is_amount(&self) -> bool {
        self.most(self.numbers + self.percents + self.fractions)
    }
}

fn columns(header: &[Text], rows: &[GridRow]) -> Vec<Column> {
    let mut columns: Vec<Column> = Vec::with_capacity(header.len());
    let said: Vec<_> = header.iter().map(|header| role(&header.plain)).collect();
    for (at, header) in header.iter().enumerate() {
        let Some((said_role, severity, is_exact)) = said.get(at).copied() else { continue };
        let content = Content::of(at, rows);
        // A column whose heading says it plainly goes before one whose cells look like it.
        let later =
            |role: Role| said.iter().skip(at + 1).any(|(said, _, is_exact)| *said == role && *is_exact);
        let has = |role: Role| {
            columns.iter().any(|column| column.role == role)
                || !(is_exact && said_role == role) && later(role) && role != Role::Name
        };
        let held = held(said_role, is_exact, content, &has);
        let severity = severity.filter(|_| held == Role::Count);
        columns.push(Column { header: header.clone(), role: held, severity });
    }
    if !columns.iter().any(|column| column.role == Role::Name) {
        let named = [
            Role::Decision,
            Role::Question,
            Role::Other,
            Role::Person,
            Role::Notes,
            Role::Fix,
            // `Phase 1: Pilot` is a name as much as an id.
            Role::Id,
            Role::Needs,
            Role::File,
        ];
        let first = named.iter().find_map(|role| columns.iter().position(|column| column.role == *role));
        // A column of severities names its rows when nothing else does.
        if let Some(column) = first.and_then(|first| columns.get_mut(first)) {
            column.role = Role::Name;
        }
    }
    columns
}

/// The role of a column, from what its heading says and what its cells hold.
fn held(said: Role, is_exact: bool, content: Content, has: &dyn Fn(Role) -> bool) -> Role {
    let marks = content.most(content.marks);
    match said {
        Role::Count | Role::Passed | Role::Failed | Role::Total
            if content.cells > 0 && !content.is_amount() =>
        {
            if content.most(content.severities) {
                Role::Severity
            } else if marks && said != Role::Count && is_exact && !has(Role::Status) {
                Role::Status
            } else if !is_exact && has(Role::Name) {
                Role::Other
            } else if has(Role::Name) {
                Role::Notes
            } else {
                Role::Name
            }
        }
        Role::Status if content.most(content.percents) && !marks => Role::Score,
        Role::Score if content.cells > 0 && !content.is_amount() => {
            if marks {
                Role::Status
            } else {
                Role::Notes
            }
        }
        Role::Name if content.most(content.numbers) => {
            if has(Role::Name) {
                Role::Count
            } else {
                Role::Id
            }
        }
        Role::Name if content.most(content.percents) => Role::Score,
        Role::Name if content.most(content.severities) && has(Role::Name) => Role::Severity,
        Role::Name if marks && has(Role::Name) => Role::Status,
        Role::Name if has(Role::Name) && !is_exact => Role::Other,
        Role::Name if has(Role::Name) => Role::Notes,
        Role::Decision if content.most(content.calls) => Role::Decision,
        Role::Decision if !has(Role::Name) => Role::Name,
        Role::Impact if content.most(content.severities) => Role::Impact,
        Role::Other | Role::Notes if !is_exact => by_content(content, marks, has),
        other => other,
    }
}

fn by_content(content: Content, marks: bool, has: &dyn Fn(Role) -> bool) -> Role {
    if content.most(content.ids) && !has(Role::Id) {
        Role::Id
    } else if content.most(content.severities) && !has(Role::Severity) {
        Role::Severity
    } else if marks && !has(Role::Status) {
        Role::Status
    } else if content.most(content.percents) && !has(Role::Score) {
        Role::Score
    } else {
        Role::Other
    }
}

/// Headings of first columns, with `|` between.
const PROPERTIES: &str =
    "field|property|aspect|attribute|parameter|key|feld|eigenschaft|champ|campo|veld|merkmal";
const DECISIONS: &str = "decision|entscheidung|décision|decisión|beslissing|besluit|decisione|decisão|dec";
const PHASES: &str = "phase|gate|stage|milestone|phasen|meilenstein|étape|fase|hito|mijlpaal";
const CONDITIONS: &str = "condition|bedingung|auflage|condición|voorwaarde|condizione";
const SCENARIOS: &str = "scenario|szenario|scénario|escenario|failure";
/// Headings of columns that name problems.
const PROBLEMS: &str = "issue|issues|finding|findings|gap|gaps|risk|risks|problem|problems|defect|bug|vulnerability|\
    befund|risiko|mangel|problème|constat|risque|problema|hallazgo|riesgo|bevinding|risico|rischio|blocker";

/// What a table lists, from its columns and its section.
fn kind(columns: &[Column], header: &[Text], section: SectionId, contexts: &Contexts) -> GridKind {
    let has = |role: Role| columns.iter().any(|column| column.role == role);
    let first =
        header.iter().map(|text| words(&text.plain)).find(|words| !words.is_empty()).unwrap_or_default();
    let named = |names: &str| names.split('|').any(|name| first.iter().any(|word| word.text == name));
    let about = |topic: Topic| contexts.has(section, topic);
    let of_problems =
        has(Role::Severity) || has(Role::Priority) && !has(Role::Effort) || has(Role::Likelihood);
    let is_problem = named(PROBLEMS)
        || [Role::Fix, Role::Impact, Role::Mitigation, Role::Cause, Role::Likelihood].into_iter().any(has)
        || about(Topic::Findings)
        || !has(Role::Status);
    let of_severities =
        has(Role::Status) && has(Role::Count) && columns.iter().any(|column| column.severity.is_some());
    if has(Role::Weight) && (has(Role::Score) || has(Role::Weighted)) {
        GridKind::WeightedScores
    } else if header.len() == 2 && named(PROPERTIES) {
        GridKind::Properties
    } else if has(Role::Passed) || has(Role::Failed) {
        GridKind::PassFail
    } else if has(Role::Acceptance) || about(Topic::Acceptances) && has(Role::Name) {
        GridKind::Acceptances
    } else if named(DECISIONS) || has(Role::Choice) || has(Role::Options) {
        GridKind::Decisions
    } else if has(Role::Blocks) || about(Topic::Blockers) && has(Role::Owner) {
        GridKind::Blockers
    } else if has(Role::Person) {
        GridKind::SignOffs
    } else if of_problems && is_problem {
        GridKind::Findings
    } else if named(PHASES) {
        GridKind::Phases
    } else if named(CONDITIONS) || has(Role::Due) && about(Topic::Conditions) {
        GridKind::Conditions
    } else if has(Role::Effort) {
        GridKind::Efforts
    } else if named(SCENARIOS) {
        GridKind::Scenarios
    } else if has(Role::Score) || of_severities {
        GridKind::Categories
    } else if has(Role::Count) || has(Role::Total) {
        GridKind::Counts
    } else if has(Role::Status) && has(Role::Name) {
        GridKind::Items
    } else {
        GridKind::Other
    }
}
