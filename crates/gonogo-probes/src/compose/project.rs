//! A project: compose files laid over one another, with what they include and extend, as one tree.
//! What could not be read is a problem of the project, never silence.

use std::collections::{BTreeMap, BTreeSet};
use std::rc::Rc;

use super::interpolate::{self, Variables};
use super::merge::{canonical, merge};
use super::read::{FILE, Notes, Problem, read};
use super::tree::{Entry, Kind, Part, Spot};
use super::{extends, include};
use crate::repository::{Source, folder_of, joined};

/// Files that one project may be made of.
const MOST_FILES: usize = 64;
/// How often files may be laid over one another; includes can fan out.
const MOST_LOADS: usize = 256;
/// Parts that `extends` may copy.
const MOST_COPIED: usize = 100_000;
const START: Spot = Spot { file: 0, line: 1, column: 1 };
/// The top-level keys whose entries are declared once and used by name.
pub(super) const RESOURCES: [&str; 4] = ["networks", "volumes", "secrets", "configs"];

/// A project that was read as far as it could be.
#[derive(Debug)]
pub(super) struct Project {
    /// Every file it was made of, by number.
    pub(super) files: Vec<String>,
    /// The whole tree; a mapping.
    pub(super) tree: Part,
    pub(super) notes: Notes,
    /// Whether there is a `.env` beside the first file.
    pub(super) has_dotenv: bool,
}

impl Project {
    /// The services by name, in the order of the text.
    pub(super) fn services(&self) -> &[Entry] {
        self.tree.get("services").map(Part::entries).unwrap_or_default()
    }

    /// What is declared under a top-level key.
    pub(super) fn declared(&self, kind: &str) -> &[Entry] {
        self.tree.get(kind).map(Part::entries).unwrap_or_default()
    }

    /// The folder that relative paths of the project start from.
    pub(super) fn folder(&self) -> &str {
        self.files.first().map_or("", |path| folder_of(path))
    }
}

/// Reads the files in order and lays each over those before it.
pub(super) fn load(source: &dyn Source, files: &[String]) -> Project {
    let folder = files.first().map_or("", |path| folder_of(path)).to_owned();
    let dotenv = joined(&folder, ".env").and_then(|path| source.read(&path, FILE).ok());
    let variables = dotenv.as_deref().map(variables_in).unwrap_or_default();
    let mut loading = Loading {
        source,
        variables,
        files: Vec::new(),
        notes: Notes::default(),
        read: BTreeMap::new(),
        loads: 0,
        copied: 0,
    };
    let mut tree = Part { at: START, kind: Kind::Map(Vec::new()) };
    for path in files {
        if let Some(part) = loading.whole(path, &BTreeSet::new()) {
            tree = merge(tree, part, "");
        }
    }
    Project { files: loading.files, tree, notes: loading.notes, has_dotenv: dotenv.is_some() }
}

fn variables_in(bytes: &[u8]) -> Variables {
    interpolate::variables_of(&String::from_utf8_lossy(bytes))
}

/// A project while it is read.
pub(super) struct Loading<'s> {
    pub(super) source: &'s dyn Source,
    pub(super) variables: Variables,
    pub(super) files: Vec<String>,
    pub(super) notes: Notes,
    /// Files as they were read with the variables of now.
    read: BTreeMap<String, Option<Rc<Part>>>,
    loads: usize,
    copied: usize,
}

impl Loading<'_> {
    /// A file with everything it includes and extends. `above` are the files that led here.
    pub(super) fn whole(&mut self, path: &str, above: &BTreeSet<String>) -> Option<Part> {
        self.loads += 1;
        if self.loads > MOST_LOADS {
            self.problem(START, format!("not every include was followed: there are over {MOST_LOADS}"));
            return None;
        }
        let part = Rc::unwrap_or_clone(self.file(path)?);
        let mut here = above.clone();
        here.insert(path.to_owned());
        let part = include::resolve(self, part, path, &here);
        Some(extends::resolve(self, part, path))
    }

    /// From here on variables have these values.
    pub(super) fn set_variables(&mut self, variables: Variables) {
        self.variables = variables;
        self.read.clear();
    }

    /// Whether `part` may be copied once more.
    pub(super) fn may_copy(&mut self, part: &Part) -> bool {
        self.copied = self.copied.saturating_add(part.size());
        self.copied <= MOST_COPIED
    }

    /// One file as it is written, in the forms that merge.
    pub(super) fn file(&mut self, path: &str) -> Option<Rc<Part>> {
        if let Some(known) = self.read.get(path) {
            return known.clone();
        }
        let part = self.read_file(path).map(Rc::new);
        self.read.insert(path.to_owned(), part.clone());
        part
    }

    fn read_file(&mut self, path: &str) -> Option<Part> {
        let number = match self.files.iter().position(|known| known == path) {
            Some(number) => number,
            None if self.files.len() >= MOST_FILES => {
                let what = format!("{path} was not read: a project may have {MOST_FILES} files");
                self.problem(START, what);
                return None;
            }
            None => {
                self.files.push(path.to_owned());
                self.files.len() - 1
            }
        };
        let at = Spot { file: number, line: 1, column: 1 };
        let bytes = match self.source.read(path, FILE) {
            Ok(bytes) => bytes,
            Err(why) => {
                self.problem(at, format!("the file {why}"));
                return None;
            }
        };
        match read(&bytes, number, &self.variables, &mut self.notes) {
            Ok(part) => Some(self.checked(part)),
            Err(problem) => {
                self.push(problem);
                None
            }
        }
    }

    /// With services that are mappings only; anything else there is a problem.
    fn checked(&mut self, mut part: Part) -> Part {
        let Kind::Map(entries) = &mut part.kind else { return part };
        for top in entries
            .iter_mut()
            .filter(|entry| entry.name == "services" || RESOURCES.contains(&entry.name.as_str()))
        {
            match &mut top.part.kind {
                Kind::Map(_) if top.name != "services" => {}
                Kind::Map(services) => {
                    let (good, bad): (Vec<Entry>, Vec<Entry>) = std::mem::take(services)
                        .into_iter()
                        .partition(|service| matches!(service.part.kind, Kind::Map(_)));
                    for service in bad {
                        self.problem(service.at, format!("the service `{}` is not a mapping", service.name));
                    }
                    *services = good.into_iter().map(in_long_form).collect();
                }
                Kind::Null => {}
                _ => {
                    self.problem(top.at, format!("`{}` is not a mapping", top.name));
                    top.part.kind = Kind::Null;
                }
            }
        }
        part
    }

    pub(super) fn problem(&mut self, at: Spot, what: String) {
        self.push(Problem { at, what });
    }

    fn push(&mut self, problem: Problem) {
        if !self.notes.problems.contains(&problem) {
            self.notes.problems.push(problem);
        }
    }
}

/// A service with its lists of `NAME=value` as mappings.
fn in_long_form(service: Entry) -> Entry {
    let Entry { name, at, part: Part { at: place, kind }, replaces } = service;
    let kind = match kind {
        Kind::Map(entries) => Kind::Map(
            entries
                .into_iter()
                .map(|entry| Entry { part: canonical(entry.part, &entry.name), ..entry })
                .collect(),
        ),
        kind => kind,
    };
    Entry { name, at, part: Part { at: place, kind }, replaces }
}
