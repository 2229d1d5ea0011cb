//! Things with names: rows, list items, headings. What is said of each, and which lists they are in.

use jiff::civil::Date;

use super::calendar::Calendar;
use super::column::Role;
use super::grid::Grid;
use crate::contradiction::kind::Said;
use crate::name::Name;
use crate::outline::{Block, List, ListItem, Outline, SectionId, Text};
use crate::place::Span;
use crate::value::{self, Id, Mark, Severity, State};

/// Words of fields that describe a thing.
const DETAILS: &[&str] = &[
    "cause",
    "impact",
    "file",
    "fix",
    "risk",
    "effort",
    "owner",
    "status",
    "location",
    "evidence",
    "due",
    "resolution",
    "implementation",
    "timeline",
    "severity",
    "priority",
    "description",
    "mitigation",
    "action",
    "recommendation",
];

/// Where a thing stands.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Source {
    /// It is a row of the table with this number.
    Row(usize),
    /// It is an item of a list.
    List,
    /// It is a heading or a bold line with an id.
    Heading,
}

/// A thing.
#[derive(Debug, Clone)]
pub(crate) struct Item {
    pub(crate) id: Option<Id>,
    /// Without id, mark and severity.
    pub(crate) title: String,
    pub(crate) name: Name,
    /// Said of it itself: in its cell, its parentheses, its id.
    pub(crate) severity: Option<Severity>,
    /// By the heading it stands under, when it says none itself.
    pub(crate) group_severity: Option<Severity>,
    pub(crate) mark: Option<Mark>,
    pub(crate) ticked: Option<bool>,
    pub(crate) owner: Option<String>,
    pub(crate) due: Option<Date>,
    pub(crate) source: Source,
    pub(crate) section: SectionId,
    pub(crate) said: Said,
}

impl Item {
    /// Its own severity, or that of its list.
    pub(crate) fn any_severity(&self) -> Option<Severity> {
        self.severity.or(self.group_severity)
    }

    /// Its state word.
    pub(crate) fn state(&self) -> Option<State> {
        self.mark.and_then(|mark| mark.state)
    }
}

/// A list or a table of things.
#[derive(Debug, Clone)]
pub(crate) struct Group {
    /// The numbers of its items.
    pub(crate) items: Vec<usize>,
    pub(crate) section: SectionId,
    /// The number of the table; none for a list.
    pub(crate) grid: Option<usize>,
    /// It has boxes to tick.
    pub(crate) has_boxes: bool,
    pub(crate) span: Span,
}

/// Rows that are looked at; with list items and headings there are at most twice as many things.
pub(crate) const MOST: usize = 10_000;

/// All items and groups, in document order.
pub(crate) fn all(outline: &Outline, grids: &[Grid<'_>], calendar: Calendar) -> (Vec<Item>, Vec<Group>) {
    let (mut items, mut groups) = (Vec::new(), Vec::new());
    for (at, grid) in grids.iter().enumerate() {
        if items.len() > MOST {
            break;
        }
        let from = items.len();
        items.extend(grid.body().map(|row| of_row(grid, at, row, calendar)));
        let all = (from..items.len()).collect();
        groups.push(Group {
            items: all,
            section: grid.section,
            grid: Some(at),
            has_boxes: false,
            span: grid.table.span,
        });
    }
    for (section, block) in outline.blocks() {
        if let Block::List(list) = block {
            if items.len().saturating_add(list.items.len()) > MOST * 2 {
                break;
            }
            let from = items.len();
            let severity = group_severity(outline, section);
            items.extend(list.items.iter().map(|item| of_list(item, section, severity)));
            let all = (from..items.len()).collect();
            let has_boxes = list.items.iter().any(|item| item.ticked.is_some());
            groups.push(Group { items: all, section, grid: None, has_boxes, span: span_of(list) });
        }
    }
    for id in outline.ids() {
        if items.len() > MOST * 2 {
            break;
        }
        items.extend(outline.section(id).and_then(|section| of_heading(outline, &section.title, id)));
        let blocks = outline.section(id).map(|section| section.blocks.as_slice()).unwrap_or_default();
        for block in blocks {
            if let Block::Paragraph(text) = block {
                items.extend(text.lines().first().and_then(|line| of_line(line, id)));
            }
        }
    }
    (items, groups)
}

fn span_of(list: &List) -> Span {
    list.span
}

fn of_row(grid: &Grid<'_>, at: usize, row: &super::grid::GridRow<'_>, calendar: Calendar) -> Item {
    let cell = |role: Role| grid.column(role).map(|column| row.cell(column)).unwrap_or_default();
    let title = row.cell(grid.label).to_owned();
    let own_id = |text: &str| {
        let found = value::ids(text);
        found.into_iter().next().filter(|found| found.range.start == 0).map(|found| found.value)
    };
    let id = own_id(cell(Role::Id)).or_else(|| own_id(&title));
    let status = cell(Role::Status);
    let severity = value::severity(cell(Role::Severity))
        .or_else(|| value::severity(status))
        .or_else(|| of_parentheses(&title));
    let said = |role: Role| grid.column(role).and_then(|at| row.row.cells.get(at)).map(Text::unstruck);
    let mark = |role: Role| said(role).and_then(|said| value::mark(&said));
    let over = || row.row.cells.get(grid.label).filter(|name| name.is_closed()).and_then(Text::state);
    let mark = mark(Role::Status).or_else(|| mark(Role::Decision)).or_else(over);
    let owner = Some(cell(Role::Owner).to_owned()).filter(|owner| !super::grid::is_blank(owner));
    let due = calendar.dates(cell(Role::Due)).first().map(|found| found.value);
    Item {
        name: Name::of(&title),
        id,
        title,
        severity,
        group_severity: None,
        mark,
        ticked: None,
        owner,
        due,
        source: Source::Row(at),
        section: grid.section,
        said: row.said(),
    }
}

fn of_list(item: &ListItem, section: SectionId, group_severity: Option<Severity>) -> Item {
    let line = item.text.first_line();
    let mut made = of_text(&line, section, Source::List);
    // `**Impact:** …` says something of the thing above and is none itself.
    if is_detail(&line) {
        made.name = Name::default();
        made.ticked = ticked(item);
        return made;
    }
    made.ticked = ticked(item);
    made.group_severity = group_severity;
    made
}

/// Whether its box is ticked. Nobody ticks one that is struck out.
fn ticked(item: &ListItem) -> Option<bool> {
    item.ticked.filter(|ticked| *ticked || !item.text.is_closed())
}

/// A field in bold, with a value and without an id.
fn is_detail(line: &Text) -> bool {
    let field = line.field().filter(|field| field.is_bold && !field.value.is_empty());
    field.is_some_and(|field| {
        let key = field.key.plain.to_lowercase();
        DETAILS.iter().any(|word| key.contains(word)) && value::ids(&key).is_empty()
    })
}

fn of_heading(outline: &Outline, title: &Text, id: SectionId) -> Option<Item> {
    let first = value::ids(&title.plain).into_iter().next().filter(|found| {
        value::severity(&found.value.prefix).is_some() || value::severity(&found.value.text).is_none()
    })?;
    let before = title.plain.get(..first.range.start).unwrap_or_default();
    let starts = !before.chars().any(char::is_alphabetic);
    let behind = title.plain.get(first.range.end..).unwrap_or_default();
    let names = behind.chars().any(char::is_alphabetic);
    (starts && names).then(|| {
        let mut made = of_text(title, id, Source::Heading);
        let parent = outline.section(id).and_then(|section| section.parent);
        made.group_severity = parent.and_then(|parent| group_severity(outline, parent));
        made
    })
}

/// A line of prose that begins with an id and a severity.
fn of_line(line: &Text, section: SectionId) -> Option<Item> {
    let first = value::ids(&line.plain).into_iter().next()?;
    let behind = line.plain.get(first.range.end..)?.trim_start();
    let is_item =
        first.range.start == 0 && (behind.starts_with(['[', '(', '–', '—']) || behind.starts_with(": "));
    is_item.then(|| of_text(line, section, Source::Heading))
}

fn of_text(text: &Text, section: SectionId, source: Source) -> Item {
    let plain = &text.plain;
    let found = value::ids(plain).into_iter().next();
    let at_start = found
        .filter(|found| !plain.get(..found.range.start).unwrap_or_default().chars().any(char::is_alphabetic));
    let behind = at_start.as_ref().map_or(0, |found| found.range.end);
    let rest = plain.get(behind..).unwrap_or_default();
    let title = rest.trim_start_matches(|c: char| !c.is_alphanumeric() && !"[(`<".contains(c));
    let id = at_start.map(|found| found.value);
    // `P1` is a severity, and `HIGH-1` says one.
    let level = id
        .as_ref()
        .filter(|id| value::severity(&id.prefix).is_none())
        .and_then(|id| value::severity(&id.text));
    let by_id = level.or_else(|| id.as_ref().and_then(|id| value::severity(&id.prefix)));
    let id = id.filter(|_| level.is_none());
    let severity = of_parentheses(title).or(by_id).or_else(|| of_dashes(title));
    let title = without_parentheses(title);
    let due = value::dates(rest).first().map(|found| found.value);
    Item {
        id,
        name: Name::of(&title),
        severity,
        group_severity: None,
        mark: text.state(),
        ticked: None,
        owner: None,
        due,
        source,
        section,
        said: Said::at(text.span, plain),
        title,
    }
}

/// The severity in the first parentheses or brackets: `Title (HIGH)`, `[HIGH] title`.
fn of_parentheses(text: &str) -> Option<Severity> {
    let mut rest = text;
    while let Some(open) = rest.find(['(', '[']) {
        let behind = rest.get(open + 1..)?;
        let close = behind.find([')', ']'])?;
        let inside = behind.get(..close)?;
        if !inside.to_lowercase().contains("risk")
            && let Some(severity) = value::severity(inside)
        {
            return Some(severity);
        }
        rest = behind.get(close..)?;
    }
    None
}

/// The severity that stands alone between dashes: `Antenna is loose – high – open`.
fn of_dashes(text: &str) -> Option<Severity> {
    let mut parts = text.split([" – ", " — ", " - "].iter().find(|dash| text.contains(**dash)).copied()?);
    parts.next();
    parts.filter(|part| part.split_whitespace().count() == 1).find_map(value::severity)
}

fn without_parentheses(text: &str) -> String {
    let start = text.trim_start();
    let start = match start.find([')', ']']) {
        Some(close)
            if start.starts_with(['(', '['])
                && of_parentheses(start.get(..=close).unwrap_or_default()).is_some() =>
        {
            start.get(close + 1..).unwrap_or_default().trim_start_matches([' ', ':', '–', '—', '-'])
        }
        _ => start,
    };
    // `Major — Slow basket` has its severity first.
    let start = match [" - ", " – ", " — "].iter().filter_map(|dash| start.split_once(dash)).next() {
        Some((first, rest)) if value::severity(first).is_some() && first.split_whitespace().count() <= 2 => {
            rest.trim_start()
        }
        _ => start,
    };
    // What follows a dash explains the title.
    let end = [" - ", " – ", " — "].iter().filter_map(|dash| start.find(dash)).min().unwrap_or(start.len());
    let title = start.get(..end).unwrap_or(start);
    if title.chars().any(char::is_alphabetic) { title.trim().to_owned() } else { start.trim().to_owned() }
}

/// The severity of the heading a list stands under: `High Priority Issues`, `#### BLOCKER ISSUES`.
pub(crate) fn group_severity(outline: &Outline, section: SectionId) -> Option<Severity> {
    let title = &outline.section(section)?.title.plain;
    let bare = title.split('(').next().unwrap_or_default();
    let found = value::severities(bare);
    let first = found.first()?.value;
    let words = bare.split_whitespace().count();
    (words <= 6 && found.iter().all(|other| other.value == first)).then_some(first)
}
