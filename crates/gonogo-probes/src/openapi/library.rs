//! The files that API documents consist of: each is read once, with every file that its
//! references lead to, within limits. It knows references, but nothing of operations.

use std::collections::{BTreeMap, VecDeque};

use gonogo_model::fact::Location;
use gonogo_model::place::Place;
use gonogo_model::yaml::{self, Key, Kind, Limits, Node};

use super::reference::{self, Reference};
use crate::repository::{Repository, folder_of, joined};

/// How large a file may be: documents of 2 MB with 100,000 parts are usual.
const LIMITS: Limits = Limits { bytes: 8 << 20, nodes: 600_000, depth: 64 };
/// Files of one look.
const MOST_FILES: usize = 1_000;
/// Bytes of all files of one look.
const MOST_BYTES: usize = 96 << 20;
/// References that lead to references.
const LONGEST_CHAIN: usize = 32;

/// Something wrong in a file.
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord)]
pub(super) struct Problem {
    pub(super) line: u32,
    pub(super) what: String,
}

/// A file that was asked for.
#[derive(Debug)]
enum File {
    Tree(Node),
    Wrong(Problem),
    /// It is there and is neither YAML nor JSON.
    Other,
}

/// Every file that was read, by path.
#[derive(Debug, Default)]
pub(super) struct Library {
    files: BTreeMap<String, File>,
}

/// A part of a file.
#[derive(Debug, Clone, Copy)]
pub(super) struct Spot<'l> {
    pub(super) file: &'l str,
    pub(super) node: &'l Node,
}

/// Why a reference leads to nothing.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(super) enum Lost {
    /// It leads to another machine or to a named place; it was not followed.
    NotFollowed,
    /// What is wrong with it.
    Wrong(&'static str),
    /// References that lead back to themselves.
    Endless,
}

impl Library {
    /// Reads these files and all that their references lead to.
    pub(super) fn load(repository: &Repository, roots: &[&str]) -> Library {
        let mut library = Library::default();
        let mut waiting: VecDeque<String> = roots.iter().map(|&root| root.to_owned()).collect();
        let mut bytes: usize = 0;
        while let Some(path) = waiting.pop_front() {
            if library.files.contains_key(&path) {
                continue;
            }
            if library.files.len() >= MOST_FILES || bytes >= MOST_BYTES {
                let what = "was not read: the documents consist of too many files".to_owned();
                library.files.insert(path, File::Wrong(Problem { line: 1, what }));
                continue;
            }
            let (file, size) = read(repository, &path);
            bytes = bytes.saturating_add(size);
            if let File::Tree(root) = &file {
                reference::each(root, &mut |found| waiting.extend(file_of(&path, found.text)));
            }
            library.files.insert(path, file);
        }
        library
    }

    /// One file that was read already; what its references name elsewhere is not read.
    pub(super) fn of_tree(path: &str, root: Node) -> Library {
        Library { files: BTreeMap::from([(path.to_owned(), File::Tree(root))]) }
    }

    /// The root of a file, or what is wrong with it.
    pub(super) fn root<'l>(&'l self, path: &str) -> Result<Spot<'l>, Problem> {
        match self.files.get_key_value(path) {
            Some((file, File::Tree(node))) => Ok(Spot { file, node }),
            Some((_, File::Wrong(problem))) => Err(problem.clone()),
            _ => Err(Problem { line: 1, what: "was not read".to_owned() }),
        }
    }

    /// The roots of every file that was read.
    pub(super) fn roots(&self) -> impl Iterator<Item = Spot<'_>> {
        self.files.iter().filter_map(|(file, parsed)| match parsed {
            File::Tree(node) => Some(Spot { file, node }),
            _ => None,
        })
    }

    /// What a reference in the file `from` leads to.
    pub(super) fn resolve<'l>(&'l self, from: &'l str, text: &str) -> Result<Spot<'l>, Lost> {
        let (path, pointer) = match Reference::parse(text) {
            Reference::Elsewhere => return Err(Lost::NotFollowed),
            Reference::Here(pointer) => (from.to_owned(), pointer),
            Reference::File(relative, pointer) => {
                let path = joined(folder_of(from), &relative);
                (path.ok_or(Lost::Wrong("leads out of the folder"))?, pointer)
            }
        };
        let root = match self.files.get_key_value(&path) {
            Some((file, File::Tree(node))) => Spot { file, node },
            Some((_, File::Other)) => return Err(Lost::NotFollowed),
            Some((_, File::Wrong(_))) => return Err(Lost::Wrong("leads to a file that cannot be read")),
            None => return Err(Lost::Wrong("leads to a file that was not read")),
        };
        pointer.iter().try_fold(root, |spot, part| spot.part(part)).ok_or(Lost::Wrong("leads to nothing"))
    }

    /// The part itself, or what its chain of `$ref` leads to.
    pub(super) fn follow<'l>(&'l self, spot: Spot<'l>) -> Result<Spot<'l>, Lost> {
        let mut spot = spot;
        for _ in 0..LONGEST_CHAIN {
            match spot.reference() {
                Some(text) => spot = self.resolve(spot.file, text)?,
                None => return Ok(spot),
            }
        }
        Err(Lost::Endless)
    }

    /// The part below `key`, with its references followed.
    pub(super) fn get<'l>(&'l self, spot: Spot<'l>, key: &str) -> Option<Spot<'l>> {
        self.follow(spot.get(key)?).ok()
    }
}

impl<'l> Spot<'l> {
    pub(super) fn get(self, key: &str) -> Option<Spot<'l>> {
        self.node.get(key).map(|node| Spot { file: self.file, node })
    }

    /// The entry of a mapping, or the part of a list with this number.
    fn part(self, name: &str) -> Option<Spot<'l>> {
        match &self.node.kind {
            Kind::List(nodes) => {
                let node = nodes.get(name.parse::<usize>().ok()?)?;
                Some(Spot { file: self.file, node })
            }
            _ => self.get(name),
        }
    }

    pub(super) fn entries(self) -> impl Iterator<Item = (&'l Key, Spot<'l>)> {
        self.node.entries().iter().map(move |(key, node)| (key, Spot { file: self.file, node }))
    }

    /// The entries that are not extensions.
    pub(super) fn own_entries(self) -> impl Iterator<Item = (&'l Key, Spot<'l>)> {
        self.entries().filter(|(key, _)| !key.name.starts_with("x-"))
    }

    pub(super) fn items(self) -> impl Iterator<Item = Spot<'l>> {
        let nodes: &[Node] = match &self.node.kind {
            Kind::List(nodes) => nodes,
            _ => &[],
        };
        nodes.iter().map(move |node| Spot { file: self.file, node })
    }

    pub(super) fn is_map(self) -> bool {
        matches!(self.node.kind, Kind::Map(_))
    }

    /// The text below `key`.
    pub(super) fn text(self, key: &str) -> Option<&'l str> {
        self.node.get(key)?.text()
    }

    pub(super) fn is_true(self, key: &str) -> bool {
        self.node.get(key).is_some_and(|node| node.kind == Kind::Bool(true))
    }

    /// What its `$ref` says, when it is a reference.
    pub(super) fn reference(self) -> Option<&'l str> {
        self.text("$ref")
    }

    pub(super) fn line(self) -> u32 {
        self.node.place.line
    }
}

/// A place in a file, for an item.
pub(super) fn location(file: &str, place: Place) -> Location {
    Location { source: file.to_owned(), line: Some(place.line), column: Some(place.column) }
}

/// The file that a reference in `from` leads to, when it is another one of the folder.
fn file_of(from: &str, text: &str) -> Option<String> {
    match Reference::parse(text) {
        Reference::File(relative, _) => joined(folder_of(from), &relative),
        _ => None,
    }
}

fn read(repository: &Repository, path: &str) -> (File, usize) {
    let wrong = |what: String| (File::Wrong(Problem { line: 1, what }), 0);
    let ending = path.rsplit_once('.').map_or("", |(_, ending)| ending).to_lowercase();
    let text = match repository.text(path, LIMITS.bytes as u64) {
        Ok(text) => text,
        Err(why) if !matches!(&*ending, "yaml" | "yml" | "json") && why != "does not exist" => {
            return (File::Other, 0);
        }
        Err(why) => return wrong(why),
    };
    match parse(&text) {
        Ok(node) => (File::Tree(node), text.len()),
        Err(_) if !matches!(&*ending, "yaml" | "yml" | "json") => (File::Other, text.len()),
        Err(problem) => (File::Wrong(problem), text.len()),
    }
}

/// YAML or JSON; JSON may be indented with tabs, which YAML forbids.
pub(super) fn parse(text: &str) -> Result<Node, Problem> {
    let is_json = text.trim_start().starts_with(['{', '[']);
    let text = if is_json { text.replace('\t', " ") } else { text.to_owned() };
    yaml::parse(&text, LIMITS)
        .map_err(|error| Problem { line: error.place.map_or(1, |place| place.line), what: error.message })
}
