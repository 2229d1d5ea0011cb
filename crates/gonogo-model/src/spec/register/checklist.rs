//! Checklists made valid: tasks in the spec, or in a file that a check reads.

use super::raw::{RawBoundTask, RawChecklist, RawSection, RawTask, RawTaskFile};
use super::{BoundTask, Checklist, Names, Ref, Section, Task, TaskFile, TaskSource};
use crate::diagnostic::Diagnostic;
use crate::place::Place;
use crate::spec::read::Reader;
use crate::spec::{Proof, decisions, proof};
use crate::yaml::Node;

/// The probe that reads the tasks of a file.
const READS_TASKS: &str = "document/checklist";

const MOST_TASKS: u32 = 100_000;

/// A checklist as written, with its sections and tasks read.
pub(super) struct Written {
    place: Place,
    raw: RawChecklist,
    sections: Vec<(RawSection, Vec<(Place, RawTask)>)>,
}

/// Reads the checklists with their sections and tasks.
pub(super) fn written(reader: &mut Reader<'_>, nodes: &[Node]) -> Vec<Written> {
    let lists: Vec<(Place, RawChecklist)> = reader.list(nodes);
    let read = |(place, raw): (Place, RawChecklist)| {
        let sections: Vec<(Place, RawSection)> = reader.list(raw.sections.as_deref().unwrap_or_default());
        let sections = sections.into_iter().map(|(_, section)| {
            let tasks = reader.list(&section.items);
            (section, tasks)
        });
        let sections = sections.collect();
        Written { place, raw, sections }
    };
    lists.into_iter().map(read).collect()
}

/// Makes checklists, sections and tasks known, so that entries can name them.
pub(super) fn name(reader: &mut Reader<'_>, written: &[Written], names: &mut Names<'_>) {
    for Written { raw, sections, .. } in written {
        names.add(reader, &raw.id, Ref::Checklist(raw.id.value.clone()));
        reader.unique("section", sections.iter().map(|(section, _)| &section.id));
        for (section, _) in sections {
            reader.check_id(&section.id);
            names.add_section(&raw.id.value, &section.id.value);
        }
        if raw.file.is_some() {
            names.add_section(&raw.id.value, "*");
        }
    }
    let tasks = || written.iter().flat_map(|list| &list.sections).flat_map(|(_, tasks)| tasks);
    tasks().for_each(|(_, task)| reader.check_id(&task.id));
    reader.unique("task", tasks().map(|(_, task)| &task.id));
}

/// The checklists; what is wrong with them is reported.
pub(super) fn checklists(
    reader: &mut Reader<'_>,
    written: Vec<Written>,
    names: &Names<'_>,
) -> Vec<Checklist> {
    written.into_iter().filter_map(|list| checklist(reader, list, names)).collect()
}

fn checklist(reader: &mut Reader<'_>, list: Written, names: &Names<'_>) -> Option<Checklist> {
    let Written { place, raw, sections } = list;
    let tasks = match (&raw.sections, raw.file) {
        (Some(_), None) => {
            if sections.is_empty() {
                let message = format!("the checklist `{}` has no section", raw.id.value);
                reader.report(Diagnostic::at(raw.id.place, message).help("silence is never GO; add a task"));
            }
            let read = |(section, tasks)| self::section(reader, section, tasks, names);
            TaskSource::Sections(sections.into_iter().map(read).collect())
        }
        (None, Some(file)) => TaskSource::File(task_file(reader, file, names)?),
        (given, _) => {
            let has =
                if given.is_some() { "both `sections` and `file`" } else { "neither `sections` nor `file`" };
            reader.report(
                Diagnostic::at(raw.id.place, format!("the checklist `{}` has {has}", raw.id.value)).help(
                    "write its tasks here under `sections`, or name the check that reads them under `file`",
                ),
            );
            return None;
        }
    };
    let title = raw.title.unwrap_or_else(|| raw.id.value.replace(['-', '_'], " "));
    Some(Checklist { id: raw.id.value, title, tasks, origin: reader.origin(place) })
}

fn section(
    reader: &mut Reader<'_>,
    raw: RawSection,
    tasks: Vec<(Place, RawTask)>,
    names: &Names<'_>,
) -> Section {
    if raw.items.is_empty() {
        let message = format!("the section `{}` has no task", raw.id.value);
        reader.report(Diagnostic::at(raw.id.place, message).help("add a task or remove the section"));
    }
    let items = tasks.into_iter().map(|(place, raw)| {
        decisions::filled(reader, "the task", &raw.text);
        Task {
            bond: names.bond(reader, "a task", raw.check.as_ref(), raw.attest.as_ref()),
            id: raw.id.value,
            text: raw.text.value,
            owner: raw.owner,
            effort: raw.effort,
            origin: reader.origin(place),
        }
    });
    let items = items.collect();
    let title = raw.title.unwrap_or_else(|| raw.id.value.replace(['-', '_'], " "));
    Section { id: raw.id.value, title, at: raw.at, items }
}

fn task_file(reader: &mut Reader<'_>, raw: RawTaskFile, names: &Names<'_>) -> Option<TaskFile> {
    names.check(reader, "a checklist", &raw.check);
    let check = names.checks.iter().find(|check| check.id == raw.check.value);
    let reads = |proof: &Proof| matches!(proof, Proof::Probe(look) if look.probe == READS_TASKS);
    if check.is_some_and(|check| !reads(&check.proof)) {
        reader.report(
            Diagnostic::at(raw.check.place, format!("the check `{}` reads no checklist", raw.check.value))
                .help(format!("name a check with the probe `{READS_TASKS}`")),
        );
    }
    if raw.at_least.value == 0 {
        reader.report(
            Diagnostic::at(raw.at_least.place, "a checklist of no task would hold whatever happens")
                .help("write how many tasks the file has"),
        );
    }
    if raw.at_least.value > MOST_TASKS {
        let message = format!("a checklist has at most {MOST_TASKS} tasks");
        reader.report(Diagnostic::at(raw.at_least.place, message).help("nobody works through more"));
    }
    let bind: Vec<(Place, RawBoundTask)> = reader.list(&raw.bind);
    let bind = bind.into_iter().filter_map(|(place, raw)| bound(reader, place, raw, names)).collect();
    let ticks = match &raw.ticks {
        Some(ticks) => Some(proof::statement(reader, ticks)?),
        None => None,
    };
    Some(TaskFile { check: raw.check.value, at_least: raw.at_least.value, ticks, bind })
}

fn bound(reader: &mut Reader<'_>, place: Place, raw: RawBoundTask, names: &Names<'_>) -> Option<BoundTask> {
    decisions::filled(reader, "the task", &raw.task);
    if raw.check.is_none() && raw.attest.is_none() {
        let message = "this binds the task to nothing";
        reader.report(Diagnostic::at(raw.task.place, message).help("name a `check`, or `attest` it"));
    }
    let bond = names.bond(reader, "a task", raw.check.as_ref(), raw.attest.as_ref())?;
    Some(BoundTask { task: raw.task.value, section: raw.section, bond, origin: reader.origin(place) })
}
