//! Real git repositories, written without git: objects, trees, commits and branches.

use std::collections::BTreeMap;
use std::path::Path;

use gix::ObjectId;
use gix::objs::tree::{Entry, EntryKind};

/// Files by path.
pub(crate) type Files<'f> = BTreeMap<&'f str, &'f [u8]>;

/// A repository that commits are added to.
pub(crate) struct Commits(gix::Repository);

impl Commits {
    /// An empty repository; bare, it is the folder itself.
    pub(crate) fn begin(folder: &Path, bare: bool) -> Result<Commits, String> {
        let kind = if bare { gix::create::Kind::Bare } else { gix::create::Kind::WithWorktree };
        let made = gix::ThreadSafeRepository::init_opts(
            folder,
            kind,
            gix::create::Options::default(),
            gix::open::Options::isolated(),
        );
        made.map(|made| Commits(made.to_thread_local())).map_err(|error| error.to_string())
    }

    /// Commits exactly these files to a branch; `seconds` is its date.
    pub(crate) fn commit(
        &self,
        branch: &str,
        seconds: i64,
        files: &Files<'_>,
        parents: &[ObjectId],
    ) -> Result<ObjectId, String> {
        let tree = self.tree(files)?;
        let time = format!("{seconds} +0000");
        let who = gix::actor::SignatureRef { name: "A".into(), email: "a@example.com".into(), time: &time };
        let made = self.0.commit_as(who, who, branch, "change", tree, parents.iter().copied());
        made.map(gix::Id::detach).map_err(|error| error.to_string())
    }

    fn tree(&self, files: &Files<'_>) -> Result<ObjectId, String> {
        let wrong = |error: gix::Error| error.to_string();
        let mut folders: BTreeMap<&str, Files<'_>> = BTreeMap::new();
        let mut entries = Vec::new();
        for (path, bytes) in files {
            match path.split_once('/') {
                Some((folder, rest)) => drop(folders.entry(folder).or_default().insert(rest, bytes)),
                None => {
                    let oid = self.0.write_blob(bytes).map_err(wrong)?.detach();
                    entries.push(Entry { mode: EntryKind::Blob.into(), filename: (*path).into(), oid });
                }
            }
        }
        for (folder, files) in &folders {
            let oid = self.tree(files)?;
            entries.push(Entry { mode: EntryKind::Tree.into(), filename: (*folder).into(), oid });
        }
        entries.sort();
        self.0.write_object(&gix::objs::Tree { entries }).map(gix::Id::detach).map_err(wrong)
    }
}
