//! The history of a git repository: its commits, what each changed, and the bytes of a file as it
//! was. Only read, and only within the folder: no hook, filter or other command is run, no
//! configuration but the repository's own is consulted, and nothing is fetched. It does not know
//! what a commit means.

mod changes;
mod layout;
#[cfg(test)]
mod tests;
#[cfg(test)]
#[path = "../../tests/worlds/commits.rs"]
pub(crate) mod world;

use std::collections::{BTreeMap, BTreeSet, BinaryHeap};
use std::path::Path;

use gix::ObjectId;
use gix::objs::Kind;

pub(crate) use changes::{Change, ChangeKind, Changes};

/// Bytes of a commit, and of one folder of a tree.
const LARGEST: u64 = 32 << 20;
/// Bytes that are kept of what was read lately.
const CACHE: usize = 32 << 20;

/// The name of a commit or of a file's content.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub(crate) struct Id(ObjectId);

impl Id {
    /// Enough digits to find it.
    pub(crate) fn short(self) -> String {
        self.0.to_hex_with_len(10).to_string()
    }
}

impl std::fmt::Display for Id {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        write!(f, "{}", self.0)
    }
}

/// Where a walk starts.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Start {
    /// What is checked out.
    Head,
    /// Every branch and tag, also those of remotes, and what is checked out.
    Everywhere,
}

/// A commit.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) struct Commit {
    pub(crate) id: Id,
    /// None for the first commit, and where a shallow clone ends.
    pub(crate) parents: Vec<Id>,
    /// When it was committed, in seconds since 1970.
    pub(crate) seconds: i64,
    tree: Id,
}

/// The commits of a walk.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub(crate) struct Commits {
    /// Newest first: a commit follows at least one that has it as parent. Read it backwards for
    /// the oldest first.
    pub(crate) list: Vec<Commit>,
    /// Commits and branches that could not be read, and were passed over.
    pub(crate) broken: usize,
    /// The limit was reached: older commits are missing.
    pub(crate) is_cut: bool,
}

/// A repository that can be read. Reading blocks.
pub(crate) struct History {
    repository: gix::Repository,
    /// Commits without their parents, where a shallow clone ends.
    ends: BTreeSet<ObjectId>,
}

impl std::fmt::Debug for History {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.write_str("History(…)")
    }
}

impl History {
    /// The repository of a folder with `.git`, or of a folder that is a bare repository. `None`
    /// where there is neither; folders above are not looked into.
    pub(crate) fn open(folder: &Path) -> Result<Option<History>, String> {
        if !layout::is_repository(folder)? {
            return Ok(None);
        }
        let options = gix::open::Options::isolated()
            .config_overrides(["gitoxide.objects.allocLimit=256m", "core.deltaBaseCacheLimit=32m"]);
        let wrong = |error: &dyn std::fmt::Display| format!("the git repository cannot be opened: {error}");
        // A name that stays right when the process goes to another folder.
        let folder = folder.canonicalize().map_err(|error| wrong(&error))?;
        let mut repository = gix::open_opts(folder, options).map_err(|error| wrong(&error))?;
        repository.object_cache_size(CACHE);
        let shallow = repository.shallow_commits().map_err(|error| wrong(&error))?;
        let ends = shallow.iter().flat_map(|ends| ends.iter().copied()).collect();
        Ok(Some(History { repository, ends }))
    }

    /// Whether it is a shallow clone, whose oldest commits are missing.
    pub(crate) fn is_shallow(&self) -> bool {
        !self.ends.is_empty()
    }

    /// The commits that lead to where the walk starts; none when nothing was committed yet.
    pub(crate) fn commits(&self, start: Start, most: usize) -> Result<Commits, String> {
        let mut commits = Commits::default();
        let mut seen = BTreeSet::new();
        let mut next = BinaryHeap::new();
        let mut starts: Vec<ObjectId> = self.head()?.into_iter().collect();
        if start == Start::Everywhere {
            let (tips, broken) = self.tips()?;
            starts.extend(tips);
            commits.broken += broken;
        }
        let mut add = |id: ObjectId, next: &mut BinaryHeap<_>, broken: &mut usize| {
            if seen.insert(id) {
                match self.commit(id) {
                    Some(commit) => next.push(Dated(commit)),
                    None => *broken += 1,
                }
            }
        };
        starts.into_iter().for_each(|id| add(id, &mut next, &mut commits.broken));
        while let Some(Dated(commit)) = next.pop() {
            if commits.list.len() >= most {
                commits.is_cut = true;
                break;
            }
            commit.parents.iter().for_each(|parent| add(parent.0, &mut next, &mut commits.broken));
            commits.list.push(commit);
        }
        Ok(commits)
    }

    /// What a commit changed as seen from its first parent; everything it has, when there is none.
    pub(crate) fn changes(&self, commit: &Commit) -> Result<Changes, String> {
        let before = commit.parents.first().map(|parent| self.commit(parent.0));
        let before = match before {
            Some(parent) => {
                Some(parent.ok_or_else(|| format!("the parent of {} is broken", commit.id))?.tree)
            }
            None => None,
        };
        let changes = changes::between(&self.repository, before.map(|tree| tree.0), commit.tree.0);
        changes.map_err(|()| format!("a folder of commit {} is broken", commit.id.short()))
    }

    /// The files of what is checked out, as committed; none when nothing was committed yet.
    pub(crate) fn head_files(&self) -> Result<BTreeMap<String, Id>, String> {
        let Some(head) = self.head()? else { return Ok(BTreeMap::new()) };
        let commit = self.commit(head).ok_or("the commit that is checked out is broken")?;
        let all = changes::between(&self.repository, None, commit.tree.0);
        let all = all.map_err(|()| "a folder of the commit that is checked out is broken")?;
        Ok(all.list.into_iter().filter_map(|change| Some((change.path, change.after?))).collect())
    }

    /// The bytes of a file of at most `limit` bytes, or why there are none, as it is said behind
    /// its path.
    pub(crate) fn content(&self, id: Id, limit: u64) -> Result<Vec<u8>, String> {
        match read(&self.repository, id.0, Kind::Blob, limit) {
            Some(Read::Whole(bytes)) => Ok(bytes),
            Some(Read::TooLarge) => Err(format!("is larger than {limit} bytes")),
            None => Err("is broken or missing in the repository".to_owned()),
        }
    }

    fn head(&self) -> Result<Option<ObjectId>, String> {
        let head = self.repository.head().map_err(|error| format!("HEAD cannot be read: {error}"))?;
        let id = head.try_into_peeled_id().map_err(|error| format!("HEAD cannot be followed: {error}"))?;
        Ok(id.map(gix::Id::detach))
    }

    /// Where branches and tags point to, and how many could not be followed.
    fn tips(&self) -> Result<(Vec<ObjectId>, usize), String> {
        let wrong = |error: gix::Error| format!("the branches cannot be listed: {error}");
        let references = self.repository.references().map_err(wrong)?;
        let (mut tips, mut broken) = (Vec::new(), 0);
        for reference in references.all().map_err(wrong)? {
            match reference.ok().and_then(|reference| reference.into_fully_peeled_id().ok()) {
                // A tag may name a file or folder; those are no commits.
                Some(id) => tips.extend(self.is_commit(id.detach()).then(|| id.detach())),
                None => broken += 1,
            }
        }
        Ok((tips, broken))
    }

    fn is_commit(&self, id: ObjectId) -> bool {
        self.repository.find_header(id).is_ok_and(|header| header.kind() == Kind::Commit)
    }

    fn commit(&self, id: ObjectId) -> Option<Commit> {
        let Read::Whole(bytes) = read(&self.repository, id, Kind::Commit, LARGEST)? else { return None };
        let commit = gix::objs::CommitRef::from_bytes(&bytes, id.kind()).ok()?;
        let parents = if self.ends.contains(&id) { Vec::new() } else { commit.parents().map(Id).collect() };
        let seconds = commit.time().map_or(0, |time| time.seconds);
        Some(Commit { id: Id(id), parents, seconds, tree: Id(commit.tree()) })
    }
}

/// An object that was read.
enum Read {
    Whole(Vec<u8>),
    TooLarge,
}

/// Reads an object of this kind; its size is known before it is unpacked.
fn read(repository: &gix::Repository, id: ObjectId, kind: Kind, limit: u64) -> Option<Read> {
    let header = repository.find_header(id).ok()?;
    if header.kind() != kind {
        return None;
    }
    if header.size() > limit {
        return Some(Read::TooLarge);
    }
    repository.find_object(id).ok().map(|object| Read::Whole(object.detach().data))
}

/// Commits by date; of two of the same second, the same one is always first.
struct Dated(Commit);

impl Dated {
    fn order(&self) -> (i64, Id) {
        (self.0.seconds, self.0.id)
    }
}

impl PartialEq for Dated {
    fn eq(&self, other: &Dated) -> bool {
        self.order() == other.order()
    }
}

impl Eq for Dated {}

impl PartialOrd for Dated {
    fn partial_cmp(&self, other: &Dated) -> Option<std::cmp::Ordering> {
        Some(self.cmp(other))
    }
}

impl Ord for Dated {
    fn cmp(&self, other: &Dated) -> std::cmp::Ordering {
        self.order().cmp(&other.order())
    }
}
