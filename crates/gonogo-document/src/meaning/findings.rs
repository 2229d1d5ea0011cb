//! Problems that are written out: a heading or an item, and under it cause, impact, fix and so on.

use std::collections::BTreeSet;

use crate::element::{Confidence, Finding, Form, Role, Source};
use crate::outline::{Block, Code, Field, List, ListItem, Outline, Section, SectionId, Text};
use crate::value::{self, Found, Id, Severity};
use crate::words::role::role;
use crate::words::topic::Topic;

use super::context::Contexts;

/// Files of one problem that are kept.
const MOST_FILES: usize = 50;

/// Prefixes of ids of things that are no problems.
pub(super) const NO_PROBLEMS: [&str; 22] = [
    "PHASE",
    "STEP",
    "STAGE",
    "CATEGORY",
    "SECTION",
    "MILESTONE",
    "DEC",
    "DECISION",
    "GATE",
    "ADR",
    "SPRINT",
    "WAVE",
    "SCHRITT",
    "KATEGORIE",
    "PHASEN",
    "ÉTAPE",
    "FASE",
    "PASO",
    "TASK",
    "REQ",
    "REQUIREMENT",
    "CRITERION",
];

/// The finding that a section is, if it is one.
pub(super) fn of_section(outline: &Outline, id: SectionId, contexts: &Contexts) -> Option<Finding> {
    let section = outline.section(id)?;
    if section.level == 0 || section.level == Section::LABEL {
        return None;
    }
    let mut details = Details::default();
    details.blocks(&section.blocks);
    for (child, label) in outline.children(id).filter(|(_, child)| child.level == Section::LABEL) {
        details.labelled(&contexts.get(child).own.iter().copied().collect::<Vec<_>>(), &label.blocks);
        if let Some(field) = label.title.field() {
            details.field(&field);
        }
    }
    let title = &section.title;
    let own_id = leading_id(title);
    if own_id.as_ref().is_some_and(|found| NO_PROBLEMS.contains(&found.value.prefix.as_str())) {
        return None;
    }
    let context = contexts.get(id);
    let listed = [Topic::Findings, Topic::MustFix, Topic::ShouldFix, Topic::Defer, Topic::Weaknesses];
    let is_among = section.parent.is_some_and(|parent| {
        contexts.nearest(parent, &listed).is_some() || contexts.get(parent).severity.is_some()
    });
    let named = own_id.is_some() || severity_of(title, None).is_some();
    let is_finding = details.kinds() >= 1 && (named || is_among) && details.kinds() + usize::from(named) >= 2
        || details.kinds() >= 3;
    if !is_finding
        || !context
            .own
            .is_disjoint(&[Topic::Effort, Topic::Verdict, Topic::Checklist, Topic::Criteria].into())
            && !named
    {
        return None;
    }
    let own = severity_of(title, own_id.as_ref());
    let inherited = section.parent.and_then(|parent| contexts.get(parent).severity);
    let source = Source { span: title.span, section: id, confidence: Confidence::Certain };
    Some(Finding {
        severity: own.or(details.finding.severity).or(inherited),
        title: name(title, own_id.as_ref()),
        id: own_id.map(|found| found.value),
        disposition: context.disposition,
        status: details.finding.status.or_else(|| title.state().filter(|_| title.is_closed())),
        source,
        files: distinct(std::mem::take(&mut details.finding.files)),
        ..details.finding
    })
}

/// The finding that an item of a list of problems is.
pub(super) fn of_item(item: &ListItem, section: SectionId, contexts: &Contexts, form: Form) -> Finding {
    let first = item.text.first_line();
    let id = leading_id(&first);
    let mut details = Details::default();
    details.blocks(&item.blocks);
    let context = contexts.get(section);
    // `**BLOCKER-1:** what` and `**What** - why it matters`.
    let after_id = id.as_ref().map(|found| found.range.end).unwrap_or_default();
    let (title, rest) = match (first.field(), first.bold.first()) {
        (Some(field), _)
            if id.is_some() && !field.value.is_empty() && field.key.plain.len() <= after_id + 3 =>
        {
            (name(&field.value, None), None)
        }
        (Some(field), _) if field.is_bold && id.is_none() && !field.value.is_empty() => {
            (field.key, Some(field.value))
        }
        (_, Some(bold))
            if bold.end < first.plain.len()
                && !first.plain.get(..bold.start).unwrap_or_default().chars().any(char::is_alphanumeric) =>
        {
            let rest = first.plain.get(bold.end..).unwrap_or_default();
            let behind = first.plain.len() - rest.trim_start_matches([' ', '-', '–', '—', ':']).len();
            (first.slice(bold.clone()), Some(first.slice(behind..first.plain.len())))
        }
        _ => (name(&first, id.as_ref()), None),
    };
    let own = severity_of(&first, id.as_ref());
    let mut finding = details.finding;
    finding.impacts.extend(rest.filter(|rest| !rest.is_empty()));
    finding.files.extend(files(&item.text));
    finding.files = distinct(std::mem::take(&mut finding.files));
    finding.status = finding.status.or_else(|| item.text.state());
    finding.effort = finding.effort.or_else(|| in_brackets(&item.text));
    Finding {
        severity: own.or(finding.severity).or(context.severity),
        title,
        id: id.map(|found| found.value),
        disposition: context.disposition,
        form: if finding.causes.is_empty() && finding.fixes.is_empty() { form } else { Form::Detailed },
        source: Source { span: item.text.span, section, confidence: Confidence::Certain },
        ..finding
    }
}

/// `(1 hour implementation)`
fn in_brackets(text: &Text) -> Option<(value::Duration, Text)> {
    let open = text.plain.find('(')?;
    let close = open + text.plain.get(open..)?.find(')')?;
    let inside = text.slice(open + 1..close);
    Some((value::duration(&inside.plain)?, inside))
}

/// The id at the start of a text, behind marks and numbering.
fn leading_id(text: &Text) -> Option<Found<Id>> {
    let found = value::ids(&text.plain).into_iter().next()?;
    let before = text.plain.get(..found.range.start)?;
    let is_start = before.chars().all(|letter| !letter.is_alphabetic());
    is_start.then_some(found)
}

/// A title without its id and without the severity in brackets behind it.
fn name(title: &Text, id: Option<&Found<Id>>) -> Text {
    let start = id.map_or(0, |found| {
        let rest = title.plain.get(found.range.end..).unwrap_or_default();
        title.plain.len() - rest.trim_start_matches([' ', ':', '-', '–', '—', '.', ')', ']']).len()
    });
    let rest = title.plain.get(start..).unwrap_or_default();
    let start = title.plain.len()
        - rest.trim_start_matches(|c: char| !(c.is_alphanumeric() || "\"'(`$/._".contains(c))).len();
    let whole = title.slice(start..title.plain.len());
    let kept = match bracketed(&whole) {
        Some((open, inside)) if value::severity(inside).is_some() => whole.slice(0..open),
        _ => whole,
    };
    if kept.is_empty() { title.clone() } else { kept }
}

/// What stands in brackets at the end of a text, and where they open.
fn bracketed(text: &Text) -> Option<(usize, &str)> {
    let trimmed = text.plain.trim_end();
    let inner = trimmed.strip_suffix([')', ']'])?;
    let open = inner.rfind(['(', '['])?;
    Some((open, inner.get(open + 1..)?))
}

/// The severity that a title gives: in brackets at its end, or at its start, or in its id.
pub(super) fn severity_of(title: &Text, id: Option<&Found<Id>>) -> Option<Severity> {
    let by_bracket = bracketed(title).and_then(|(_, inside)| value::severity(inside));
    let by_id = id.and_then(|found| {
        value::severity(&found.value.prefix).or_else(|| {
            let compact = format!("{}{}", found.value.prefix, found.value.number);
            (found.value.prefix.len() <= 3).then(|| value::severity(&compact)).flatten()
        })
    });
    let at_start = || {
        let start = title.plain.trim_start_matches(|c: char| !c.is_alphanumeric());
        let (word, _) = start.split_once([':', ']', '–', '—', '|'])?;
        value::severity(word)
    };
    by_bracket.or(by_id).or_else(at_start)
}

fn files(text: &Text) -> Vec<value::FileReference> {
    let in_links = text.links.iter().flat_map(|link| value::files(&link.to)).map(|found| found.value);
    let mut all: Vec<value::FileReference> =
        value::files(&text.plain).into_iter().map(|found| found.value).collect();
    all.extend(in_links);
    all
}

/// Each file once. A path that is the end of another one, with the same line, is that one.
fn distinct(files: Vec<value::FileReference>) -> Vec<value::FileReference> {
    let all: BTreeSet<value::FileReference> = files.into_iter().take(MOST_FILES).collect();
    let is_longer = |one: &value::FileReference, other: &value::FileReference| {
        other.path.len() > one.path.len()
            && other.path.ends_with(&one.path)
            && (one.line == other.line && one.last_line == other.last_line || one.line.is_none())
    };
    all.iter().filter(|one| !all.iter().any(|other| is_longer(one, other))).cloned().collect()
}

/// What is said about a problem.
#[derive(Debug, Default)]
struct Details {
    finding: Finding,
    has_risk_or_owner: bool,
}

impl Details {
    /// How many kinds of details there are.
    fn kinds(&self) -> usize {
        let finding = &self.finding;
        [
            !finding.causes.is_empty(),
            !finding.impacts.is_empty(),
            !finding.fixes.is_empty(),
            finding.effort.is_some(),
            self.has_risk_or_owner,
        ]
        .into_iter()
        .filter(|has| *has)
        .count()
    }

    fn blocks(&mut self, blocks: &[Block]) {
        for block in blocks {
            match block {
                Block::Paragraph(text) => {
                    self.finding.files.extend(files(text));
                    text.fields().iter().for_each(|field| self.field(field));
                }
                Block::List(list) => self.list(list),
                Block::Table(table) if table.header.len() == 2 => {
                    for row in &table.rows {
                        if let [key, value] = row.cells.as_slice() {
                            self.field(&Field { key: key.clone(), value: value.clone(), is_bold: false });
                        }
                    }
                }
                _ => {}
            }
        }
    }

    fn list(&mut self, list: &List) {
        for item in &list.items {
            self.finding.files.extend(files(&item.text));
            let Some(mut field) = item.field() else { continue };
            if field.value.is_empty() {
                field.value = inner_text(item);
            }
            self.field(&field);
        }
    }

    /// Blocks under a label such as `Impact:`.
    fn labelled(&mut self, topics: &[Topic], blocks: &[Block]) {
        let texts = || {
            blocks.iter().flat_map(|block| match block {
                Block::List(list) => list.items.iter().map(|item| item.text.clone()).collect(),
                Block::Paragraph(text) => vec![text.clone()],
                Block::Code(code) => code_text(code).into_iter().collect(),
                _ => Vec::new(),
            })
        };
        for topic in topics {
            match topic {
                Topic::Impact => self.finding.impacts.extend(texts()),
                Topic::Cause => self.finding.causes.extend(texts()),
                Topic::Fix | Topic::Actions => self.finding.fixes.extend(texts()),
                _ => continue,
            }
            let found: Vec<_> = texts().flat_map(|text| files(&text)).collect();
            self.finding.files.extend(found);
            return;
        }
    }

    fn field(&mut self, field: &Field) {
        let finding = &mut self.finding;
        let (key, value) = (field.key.plain.to_lowercase(), field.value.clone());
        if value.is_empty() {
            return;
        }
        let (said, ..) = role(&key);
        let is_risk = ["risk", "risk level", "risiko", "risque", "riesgo", "risico", "rischio", "risco"]
            .contains(&key.as_str());
        let first_severity = || {
            let found = value::severities(&value.plain).into_iter().next()?;
            let before = value.plain.get(..found.range.start)?;
            (!before.chars().any(char::is_alphanumeric)).then_some(found.value)
        };
        match said {
            _ if is_risk => {
                if let Some(severity) = first_severity() {
                    finding.risk = Some((severity, value));
                    self.has_risk_or_owner = true;
                }
            }
            Role::Severity | Role::Priority => finding.severity = finding.severity.or(first_severity()),
            Role::Cause | Role::Reason => finding.causes.push(value),
            Role::Impact => finding.impacts.push(value),
            Role::Fix | Role::Mitigation => finding.fixes.push(value),
            Role::File => finding.files.extend(files(&value)),
            Role::Effort => {
                if let Some(duration) = value::durations(&value.plain).into_iter().next() {
                    finding.effort = Some((duration.value, value));
                }
            }
            Role::Owner => {
                finding.owner = Some(value);
                self.has_risk_or_owner = true;
            }
            Role::Status => finding.status = value.state(),
            _ => {}
        }
    }
}

/// The text in an item that has nothing but a label itself.
fn inner_text(item: &ListItem) -> Text {
    let first = item.blocks.iter().find_map(|block| match block {
        Block::List(list) => list.items.first().map(|item| item.text.clone()),
        Block::Paragraph(text) => Some(text.clone()),
        Block::Code(code) => code_text(code),
        _ => None,
    });
    first.unwrap_or_default()
}

/// The first line of some code that says anything.
fn code_text(code: &Code) -> Option<Text> {
    code.lines.iter().find(|line| !line.is_empty()).cloned()
}
