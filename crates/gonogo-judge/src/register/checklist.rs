//! Checklists: tasks of the spec, or tasks that a look found in a file. A tick proves nothing by
//! itself: signed for, it is a person's word; unsigned, nobody knows; against its check, it is a
//! contradiction.

use std::collections::{BTreeMap, BTreeSet};

use gonogo_model::fact::{Item, Value};
use gonogo_model::offset::Offset;
use gonogo_model::place::Origin;
use gonogo_model::register::{
    Basis, ChecklistState, SectionState, Standing, StandingCounts, TaskFileState, TaskState,
};
use gonogo_model::spec::register::{Bond, BoundTask, Checklist, Section, TaskFile, TaskSource};
use jiff::civil::Date;

use super::basis::Bases;

/// How a checklist stands.
pub(super) fn state(
    list: &Checklist,
    bases: &Bases<'_>,
    tasks: &BTreeMap<String, Vec<Item>>,
    launch: Option<Date>,
) -> ChecklistState {
    let (file, sections): (_, Vec<SectionState>) = match &list.tasks {
        TaskSource::Sections(sections) => {
            (None, sections.iter().map(|section| of_spec(section, bases, launch)).collect())
        }
        TaskSource::File(file) => {
            of_file(list, file, bases, tasks.get(&file.check).map(Vec::as_slice), launch)
        }
    };
    let tasks = sections.iter().flat_map(|section| &section.tasks);
    let contradictions = tasks.filter(|task| task.contradiction).count();
    let counts = sections.iter().fold(StandingCounts::default(), |sum, section| sum.and(&section.counts));
    ChecklistState {
        id: list.id.clone(),
        title: list.title.clone(),
        counts,
        contradictions: number(contradictions),
        file,
        sections,
        origin: list.origin.clone(),
    }
}

fn of_spec(section: &Section, bases: &Bases<'_>, launch: Option<Date>) -> SectionState {
    let tasks = section.items.iter().map(|task| TaskState {
        id: task.id.clone(),
        text: task.text.clone(),
        owner: task.owner.clone(),
        ticked: None,
        basis: bases.of_bond(task.bond.as_ref()),
        contradiction: false,
        effort: task.effort,
        origin: task.origin.clone(),
    });
    self::section(&section.id, &section.title, section.at, tasks.collect(), launch)
}

fn section(
    id: &str,
    title: &str,
    at: Option<Offset>,
    tasks: Vec<TaskState>,
    launch: Option<Date>,
) -> SectionState {
    SectionState {
        id: id.to_owned(),
        title: title.to_owned(),
        at,
        due: at.zip(launch).and_then(|(at, launch)| at.day(launch)),
        holds_launch: at.is_none_or(Offset::is_before),
        counts: tasks.iter().map(|task| task.basis.standing).collect(),
        tasks,
    }
}

/// The tasks of a file by their headings. What is bound and not in the file, and what the file
/// lacks, are tasks that nobody knows about: taking a task out must not be a way to finish it.
fn of_file(
    list: &Checklist,
    file: &TaskFile,
    bases: &Bases<'_>,
    read: Option<&[Item]>,
    launch: Option<Date>,
) -> (Option<TaskFileState>, Vec<SectionState>) {
    let read = read.filter(|_| bases.has_looked(&file.check));
    let bindings = Bindings::of(file);
    let mut sections: Vec<(String, Option<Offset>, Vec<TaskState>)> = Vec::new();
    let mut places: BTreeMap<String, usize> = BTreeMap::new();
    let mut found: BTreeSet<usize> = BTreeSet::new();
    for item in read.unwrap_or_default() {
        let task = Read::of(item);
        let bind = bindings.find(&task);
        found.extend(bind);
        let place = *places.entry(task.section.clone()).or_insert_with(|| {
            let at = task.at.as_deref().and_then(|at| at.parse().ok());
            sections.push((task.section.clone(), at, Vec::new()));
            sections.len() - 1
        });
        let bond = bind.and_then(|at| file.bind.get(at)).map(|bind| &bind.bond);
        if let Some((.., tasks)) = sections.get_mut(place) {
            tasks.push(of_read(task, item, bond, list, file, bases));
        }
    }
    let number_read = number(sections.iter().map(|(.., tasks)| tasks.len()).sum());
    let lacking = lacking(list, file, &found, read.is_some(), bases);
    let missing = u64::from(file.at_least).saturating_sub(number_read).max(number(lacking.len()));
    let mut states: Vec<SectionState> = sections
        .into_iter()
        .map(|(title, at, tasks)| section(&slug(&title), &title, at, tasks, launch))
        .collect();
    if missing > 0 {
        let title = if read.is_some() { "Not in the file" } else { "Not read" };
        let mut section = section(&slug(title), title, None, lacking, launch);
        let unnamed = missing.saturating_sub(section.counts.total);
        section.counts.unproven = section.counts.unproven.saturating_add(unnamed);
        section.counts.total = section.counts.total.saturating_add(unnamed);
        states.push(section);
    }
    let file = TaskFileState {
        check: file.check.clone(),
        at_least: u64::from(file.at_least),
        read: read.is_some().then_some(number_read),
        missing,
    };
    (Some(file), states)
}

/// The bindings of a file by the text they are about, each with the heading it asks for.
struct Bindings(BTreeMap<String, Vec<(usize, Option<String>)>>);

impl Bindings {
    fn of(file: &TaskFile) -> Bindings {
        let mut by_text: BTreeMap<String, Vec<(usize, Option<String>)>> = BTreeMap::new();
        for (at, bind) in file.bind.iter().enumerate() {
            by_text.entry(plain(&bind.task)).or_default().push((at, bind.section.as_deref().map(plain)));
        }
        Bindings(by_text)
    }

    /// The first binding that is about this task.
    fn find(&self, task: &Read) -> Option<usize> {
        let known = self.0.get(&plain(&task.text))?;
        let section = plain(&task.section);
        known
            .iter()
            .find(|(_, wanted)| wanted.as_ref().is_none_or(|wanted| *wanted == section))
            .map(|(at, _)| *at)
    }
}

/// A task as a look found it.
struct Read {
    text: String,
    section: String,
    at: Option<String>,
    ticked: Option<bool>,
}

impl Read {
    fn of(item: &Item) -> Read {
        let text = |name: &str| item.facts.get(name).and_then(Value::as_str).map(str::to_owned);
        Read {
            text: text("task").unwrap_or_else(|| item.key.clone()),
            section: text("section").unwrap_or_default(),
            at: text("at"),
            ticked: item.facts.get("ticked").and_then(Value::as_bool),
        }
    }
}

fn of_read(
    task: Read,
    item: &Item,
    bond: Option<&Bond>,
    list: &Checklist,
    file: &TaskFile,
    bases: &Bases<'_>,
) -> TaskState {
    let bound = bond.map(|bond| bases.of_bond(Some(bond)));
    let ticked = task.ticked == Some(true);
    let basis = match (&bound, &file.ticks, task.ticked) {
        (Some(bound), ..) => bound.clone(),
        (None, _, None) => unproven("whether its box is ticked is not known".to_owned(), None),
        (None, _, Some(false)) => {
            Basis { standing: Standing::Open, why: "its box is not ticked".to_owned(), check: None }
        }
        (None, None, Some(true)) => {
            unproven("its box is ticked, but no check shows it and nobody signed for it".to_owned(), None)
        }
        (None, Some(ticks), Some(true)) => {
            let basis = bases.of_statement(ticks);
            Basis { why: format!("its box is ticked; {}", basis.why), ..basis }
        }
    };
    let contradiction = ticked && bound.is_some() && basis.standing == Standing::Open;
    let basis = match contradiction {
        true => Basis { why: format!("its box is ticked, but {}", basis.why), ..basis },
        false => basis,
    };
    let place = item.location.as_ref();
    let origin = place.map_or_else(
        || list.origin.clone(),
        |at| Origin { file: at.source.clone(), line: at.line.unwrap_or(1), column: at.column.unwrap_or(1) },
    );
    TaskState {
        id: item.key.clone(),
        text: task.text,
        owner: None,
        ticked: task.ticked,
        basis,
        contradiction,
        effort: None,
        origin,
    }
}

/// Bound tasks that the file does not have.
fn lacking(
    list: &Checklist,
    file: &TaskFile,
    found: &BTreeSet<usize>,
    is_read: bool,
    bases: &Bases<'_>,
) -> Vec<TaskState> {
    let lacking = file.bind.iter().enumerate().filter(|(at, _)| !found.contains(at));
    let task = |(_, bind): (usize, &BoundTask)| {
        let shown = bases.of_bond(Some(&bind.bond));
        let why = match is_read {
            true => "the file has no task with this text".to_owned(),
            false => format!("nobody could read the file; {}", shown.why),
        };
        TaskState {
            id: bind.task.clone(),
            text: bind.task.clone(),
            owner: None,
            ticked: None,
            basis: unproven(why, shown.check),
            contradiction: false,
            effort: None,
            origin: if is_read { bind.origin.clone() } else { list.origin.clone() },
        }
    };
    lacking.map(task).collect()
}

fn unproven(why: String, check: Option<String>) -> Basis {
    Basis { standing: Standing::Unproven, why, check }
}

/// A heading as an id: letters and digits, joined by `-`.
pub(super) fn slug(title: &str) -> String {
    let parts = title.split(|c: char| !c.is_alphanumeric()).filter(|part| !part.is_empty());
    parts.map(str::to_lowercase).collect::<Vec<_>>().join("-")
}

/// A text as it is compared: words in small letters, one space apart, without a full stop.
fn plain(text: &str) -> String {
    let words = text.trim().trim_end_matches('.').split_whitespace().map(str::to_lowercase);
    words.collect::<Vec<_>>().join(" ")
}

fn number(number: usize) -> u64 {
    u64::try_from(number).unwrap_or(u64::MAX)
}
