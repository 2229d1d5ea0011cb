//! `document/checklist`: the task list of a Markdown document, one item a task. A ticked box is a
//! fact about a box; whether the task is done, it does not say.

use std::collections::BTreeMap;
use std::path::Path;

use gonogo_model::catalog::{Class, FactInfo, FactType, TargetKind, TargetNeed, fact};
use gonogo_model::fact::{Item, Location};
use schemars::JsonSchema;
use serde::Deserialize;

use crate::context::Context;
use crate::probe::{Looked, Probe, Unmeasured};
use crate::tools::files::{self, FileError};

mod tasks;

use tasks::Task;

/// A checklist is worked through by people.
const LIMIT: u64 = 4 << 20;
const MOST_TASKS: usize = 10_000;
/// Characters of a task in its key.
const LONGEST_KEY: usize = 100;

/// Looks at the task list of a document.
pub(crate) struct Checklist;

/// Parameters of `document/checklist`.
#[derive(Debug, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub(crate) struct Params {
    /// The document, relative to the target, or to the spec when there is no target.
    path: String,
}

impl Probe for Checklist {
    const ID: &'static str = "document/checklist";
    const TITLE: &'static str = "The tasks of a checklist in a document, and which are ticked";
    const CLASS: Class = Class::Passive;
    const TARGET: TargetNeed = TargetNeed::Optional(&[TargetKind::Path]);
    const FACTS: &'static [FactInfo] = FACTS;
    type Params = Params;

    async fn look(context: &Context, params: Params) -> Result<Looked, Unmeasured> {
        let root = context.target.as_ref().map(|target| context.folder.join(&target.address));
        let root = root.unwrap_or_else(|| context.folder.clone());
        files::off_thread(move || {
            let root = files::folder_of(root)?;
            Ok(Looked { items: read(&root, &params.path)?, artefacts: Vec::new() })
        })
        .await?
    }
}

const FACTS: &[FactInfo] = &[
    fact("task", FactType::Text, "", "What the task says, without its marks."),
    fact("ticked", FactType::Bool, "", "Whether its box is ticked."),
    fact("section", FactType::Text, "", "The heading it is under; empty without one."),
    fact(
        "at",
        FactType::Text,
        "",
        "The time around the launch that its heading, or one above it, names: `T-7d` for \"T-7 days\".",
    ),
    fact(
        "before_launch",
        FactType::Bool,
        "",
        "Whether it is due before the launch: its time is before T-0, or no heading names one.",
    ),
];

fn read(root: &Path, path: &str) -> Result<Vec<Item>, Unmeasured> {
    let found = files::read_below(root, Path::new(path), LIMIT).map_err(|error| match error {
        FileError::Missing => Unmeasured::because(format!("there is no {path}; correct `path`")),
        error => error.of(path),
    })?;
    let text = found
        .text()
        .map_err(|_| Unmeasured::because(format!("{path} is not UTF-8 text; name a Markdown document")))?;
    let tasks = tasks::read(text);
    if tasks.len() > MOST_TASKS {
        let why = format!("{path} has more than {MOST_TASKS} tasks; name a list that people work through");
        return Err(Unmeasured::because(why));
    }
    let mut seen: BTreeMap<String, usize> = BTreeMap::new();
    Ok(tasks.into_iter().map(|task| item(path, task, &mut seen)).collect())
}

fn item(path: &str, task: Task, seen: &mut BTreeMap<String, usize>) -> Item {
    let before = task.at.is_none_or(|at| at.is_before());
    let location = Location { line: u32::try_from(task.line).ok(), ..Location::of(path) };
    Item::new(key(&task.text, seen))
        .read_at(location)
        .fact("ticked", task.ticked)
        .fact("section", task.section)
        .fact("before_launch", before)
        .fact_if_known("at", task.at.map(|at| at.to_string()))
        .fact("task", task.text)
}

/// The start of the task; the second of the same text is told apart by its number.
fn key(text: &str, seen: &mut BTreeMap<String, usize>) -> String {
    let start: String = text.chars().take(LONGEST_KEY).collect();
    let start = if start.is_empty() { "(no text)".to_owned() } else { start };
    let mut key = start.clone();
    loop {
        let times = seen.entry(start.clone()).or_insert(0);
        *times += 1;
        if *times > 1 {
            key = format!("{start} ({times})");
        }
        // A task may be called as the numbered form of another one.
        if key == start || !seen.contains_key(&key) {
            seen.entry(key.clone()).or_insert(1);
            return key;
        }
    }
}
