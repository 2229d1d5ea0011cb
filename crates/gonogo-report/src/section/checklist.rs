//! Checklists: first how many tasks of each section stand how, then the tasks.

use gonogo_model::register::{ChecklistState, RegisterStates, SectionState, StandingCounts, TaskState};

use super::entry::counts;
use super::{Cell, Mood, Part, Section, mood, part};

pub(super) fn section(registers: &RegisterStates) -> Option<Section> {
    if registers.checklists.is_empty() {
        return None;
    }
    let notes = registers.checklists.iter().flat_map(notes).collect();
    let parts = registers.checklists.iter().flat_map(parts).collect();
    Some(Section { id: "checklists", title: "Checklists", notes, parts })
}

fn notes(list: &ChecklistState) -> Vec<String> {
    // A note starts with a word of ours: data at the start of a paragraph could begin a list.
    let mut notes = vec![format!("Tasks of {}: {}.", list.title, counts(&list.counts, "done"))];
    if let Some(file) = &list.file {
        notes.push(match file.read {
            Some(read) => format!(
                "Read for {}: {read} tasks, by {}; the spec expects at least {}; missing: {}.",
                list.title, file.check, file.at_least, file.missing
            ),
            None => format!("Not read for {}: {} could not read the file.", list.title, file.check),
        });
    }
    if list.contradictions > 0 {
        notes.push(format!("Ticked in {} against what was measured: {}.", list.title, list.contradictions));
    }
    notes
}

fn parts(list: &ChecklistState) -> Vec<Part> {
    let heading =
        ["Section", "When", "Due", "Holds the launch", "Tasks", "Done", "Attested", "Open", "Unproven"];
    let mut rows: Vec<Vec<Cell>> = list.sections.iter().map(overview).collect();
    rows.push(numbers(vec![Cell::text("All"), Cell::text(""), Cell::text(""), Cell::text("")], &list.counts));
    let overview = Part { title: Some(list.title.clone()), ..part("Tasks by section", &heading, rows) };
    let tasks = list.sections.iter().filter(|section| !section.tasks.is_empty()).map(|section| {
        let rows = section.tasks.iter().map(task).collect();
        let when = section.at.map_or_else(String::new, |at| format!(" ({at})"));
        let title = Some(format!("{}: {}{when}", list.title, section.title));
        Part {
            title,
            ..part("Tasks of a section", &["Task", "State", "Owner", "Proof", "Why", "Written at"], rows)
        }
    });
    [overview].into_iter().chain(tasks).collect()
}

fn overview(section: &SectionState) -> Vec<Cell> {
    let cells = vec![
        Cell::text(&section.title),
        Cell::or(section.at, "before launch"),
        Cell::or(section.due, "no day set"),
        Cell::text(if section.holds_launch { "yes" } else { "no" }),
    ];
    numbers(cells, &section.counts)
}

fn numbers(mut cells: Vec<Cell>, counts: &StandingCounts) -> Vec<Cell> {
    let numbers = [counts.total, counts.proven, counts.attested, counts.open, counts.unproven];
    cells.extend(numbers.map(Cell::text));
    cells
}

fn task(task: &TaskState) -> Vec<Cell> {
    let state = match (task.contradiction, task.ticked) {
        (true, _) => Cell::Word(Mood::Bad, format!("{}, but ticked", task.basis.standing.word())),
        (false, Some(true)) => {
            Cell::Word(mood(task.basis.standing), format!("{}, ticked", task.basis.standing.word()))
        }
        (false, _) => Cell::Word(mood(task.basis.standing), task.basis.standing.word().to_owned()),
    };
    vec![
        Cell::text(&task.text),
        state,
        Cell::or(task.owner.as_ref(), "nobody"),
        Cell::check(task.basis.check.as_ref()),
        Cell::text(&task.basis.why),
        Cell::Code(task.origin.to_string()),
    ]
}
