//! What differs between two trees of a repository. A file that moved unchanged is a rename;
//! links and submodules are not files.

use std::collections::BTreeMap;
use std::ops::ControlFlow;

use gix::ObjectId;
use gix::bstr::{BStr, ByteSlice};
use gix::diff::tree::{Recorder, Visit, recorder, visit};
use gix::objs::tree::EntryMode;
use gix::objs::{Data, Find, Kind, TreeRefIter};

use super::{Id, LARGEST, Read, read};

/// Entries that are compared: a small tree can stand for endlessly many.
const MOST: usize = 300_000;
/// Bytes of a path.
const LONGEST: usize = 4_096;

/// What a commit changed, in the order of the paths.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub(crate) struct Changes {
    pub(crate) list: Vec<Change>,
    /// There were too many to list; the rest is missing.
    pub(crate) is_cut: bool,
}

/// A file that a commit changed.
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord)]
pub(crate) struct Change {
    /// Where the file is afterwards; where it was, when it was deleted.
    pub(crate) path: String,
    pub(crate) kind: ChangeKind,
    /// Its content before, when it existed.
    pub(crate) before: Option<Id>,
    /// Its content afterwards, when it exists.
    pub(crate) after: Option<Id>,
}

/// What became of a file.
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord)]
pub(crate) enum ChangeKind {
    Added,
    Modified,
    Deleted,
    /// It moved from this path, with the same content.
    Renamed(String),
}

/// The changes from one tree, or from nothing, to another.
pub(super) fn between(
    repository: &gix::Repository,
    before: Option<ObjectId>,
    after: ObjectId,
) -> Result<Changes, ()> {
    let tree = |id| match read(repository, id, Kind::Tree, LARGEST) {
        Some(Read::Whole(bytes)) => Ok(bytes),
        _ => Err(()),
    };
    let (before, after) = (before.map(tree).transpose()?.unwrap_or_default(), tree(after)?);
    let kind = repository.object_hash();
    let mut visitor = Limited::default();
    let compared = gix::diff::tree(
        TreeRefIter::from_bytes(&before, kind),
        TreeRefIter::from_bytes(&after, kind),
        gix::diff::tree::State::default(),
        Trees(repository),
        &mut visitor,
    );
    match compared {
        Err(_) if !visitor.is_cut => Err(()),
        _ => Ok(Changes {
            list: with_renames(visitor.recorder.records.into_iter().filter_map(change)),
            is_cut: visitor.is_cut,
        }),
    }
}

/// Trees of a bounded size.
struct Trees<'r>(&'r gix::Repository);

impl Find for Trees<'_> {
    fn try_find<'a>(&self, id: &gix::oid, buffer: &'a mut Vec<u8>) -> gix::Result<Option<Data<'a>>> {
        match self.0.try_find_header(id)? {
            Some(header) if header.kind() == Kind::Tree && header.size() <= LARGEST => {
                self.0.objects.try_find(id, buffer)
            }
            _ => Ok(None),
        }
    }
}

/// Records changes up to a limit.
#[derive(Default)]
struct Limited {
    recorder: Recorder,
    is_cut: bool,
}

impl Visit for Limited {
    fn pop_front_tracked_path_and_set_current(&mut self) {
        self.recorder.pop_front_tracked_path_and_set_current();
    }

    fn push_back_tracked_path_component(&mut self, component: &BStr) {
        self.recorder.push_back_tracked_path_component(component);
    }

    fn push_path_component(&mut self, component: &BStr) {
        self.recorder.push_path_component(component);
    }

    fn pop_path_component(&mut self) {
        self.recorder.pop_path_component();
    }

    fn visit(&mut self, change: visit::Change) -> visit::Action {
        if self.recorder.records.len() >= MOST || self.recorder.path().len() > LONGEST {
            self.is_cut = true;
            return ControlFlow::Break(());
        }
        self.recorder.visit(change)
    }
}

/// A change of a file; folders, links and submodules are left out.
fn change(record: recorder::Change) -> Option<Change> {
    let file = |mode: EntryMode, id: ObjectId| mode.is_blob().then_some(Id(id));
    let (path, before, after) = match record {
        recorder::Change::Addition { entry_mode, oid, path, .. } => (path, None, file(entry_mode, oid)),
        recorder::Change::Deletion { entry_mode, oid, path, .. } => (path, file(entry_mode, oid), None),
        recorder::Change::Modification { previous_entry_mode, previous_oid, entry_mode, oid, path } => {
            (path, file(previous_entry_mode, previous_oid), file(entry_mode, oid))
        }
    };
    let kind = match (before, after) {
        (None, None) => return None,
        (None, Some(_)) => ChangeKind::Added,
        (Some(_), None) => ChangeKind::Deleted,
        // Only its mode changed.
        (Some(before), Some(after)) if before == after => return None,
        (Some(_), Some(_)) => ChangeKind::Modified,
    };
    Some(Change { path: path.to_str_lossy().into_owned(), kind, before, after })
}

/// A deletion and an addition of the same content are one rename.
fn with_renames(changes: impl Iterator<Item = Change>) -> Vec<Change> {
    let mut changes: Vec<Change> = changes.collect();
    changes.sort();
    let mut gone: BTreeMap<Id, Vec<String>> = BTreeMap::new();
    for change in changes.iter().rev().filter(|change| change.kind == ChangeKind::Deleted) {
        if let Some(id) = change.before {
            gone.entry(id).or_default().push(change.path.clone());
        }
    }
    let mut moved: Vec<String> = Vec::new();
    for change in changes.iter_mut().filter(|change| change.kind == ChangeKind::Added) {
        let from = change.after.and_then(|id| gone.get_mut(&id)).and_then(Vec::pop);
        if let Some(from) = from {
            moved.push(from.clone());
            change.before = change.after;
            change.kind = ChangeKind::Renamed(from);
        }
    }
    moved.sort();
    changes.retain(|change| change.kind != ChangeKind::Deleted || moved.binary_search(&change.path).is_err());
    changes
}
