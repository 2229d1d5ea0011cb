//! Writing a run folder so that a kill at any moment loses at most the look in flight.

use std::collections::{BTreeMap, BTreeSet};
use std::fs::{self, File, OpenOptions};
use std::io::{Read as _, Seek as _, SeekFrom, Write as _};
use std::path::{Path, PathBuf};

use gonogo_model::digest::{Digest, canonical};
use gonogo_model::evidence::{Evidence, Outcome, Skip};
use gonogo_model::spec::Spec;

use super::chain::{Body, Chain, Opened, Record, Sealed, follow};
use super::verify::blobs;
use super::{Problem, StoreError, genesis};

/// A run folder open for writing; locked against other writers.
#[derive(Debug)]
pub struct RunFolder {
    path: PathBuf,
    journal: File,
    next: u64,
    last: Digest,
}

/// What a run folder holds.
#[derive(Debug)]
pub struct Stored {
    /// The resolved spec.
    pub spec: Spec,
    /// How the run began.
    pub opened: Opened,
    /// The evidence in the order it was taken.
    pub evidence: Vec<Evidence>,
    /// Checks without evidence, and why.
    pub skips: BTreeMap<String, Skip>,
    /// How it ended, when it ended.
    pub sealed: Option<Sealed>,
    /// The digest of the last record: whoever keeps it elsewhere can prove the run unchanged.
    pub head: Digest,
}

/// A run that was opened for continuing.
#[derive(Debug)]
pub struct Open {
    /// For writing on.
    pub folder: RunFolder,
    /// What it holds so far.
    pub stored: Stored,
}

impl RunFolder {
    /// Starts a run in a new or empty folder, or in one whose run was killed before it began.
    ///
    /// # Errors
    /// [`StoreError`] when the folder is not empty or cannot be written.
    pub fn create(path: &Path, spec: &Spec, opened: Opened) -> Result<RunFolder, StoreError> {
        fs::create_dir_all(path).map_err(StoreError::io("create", path))?;
        if !is_free(path)? {
            return Err(StoreError::InTheWay { path: path.to_owned() });
        }
        let file = path.join("run.jsonl");
        let journal = OpenOptions::new()
            .create(true)
            .append(true)
            .open(&file)
            .map_err(StoreError::io("create", &file))?;
        lock(path, &journal)?;
        // Whoever had the lock until now may have begun a run.
        if !is_free(path)? {
            return Err(StoreError::InTheWay { path: path.to_owned() });
        }
        journal.set_len(0).map_err(StoreError::io("shorten", &file))?;
        let blobs = path.join("blobs");
        fs::create_dir_all(&blobs).map_err(StoreError::io("create", &blobs))?;
        write_whole(path, "spec.json", &canonical(spec))?;
        let mut folder = RunFolder { path: path.to_owned(), journal, next: 0, last: genesis() };
        folder.append(Body::Opened(opened))?;
        sync_folder(path)?;
        Ok(folder)
    }

    /// Opens an unfinished run. A record that was cut off by a kill is removed, and so are
    /// blobs that no record names.
    ///
    /// # Errors
    /// [`StoreError`] when the folder holds no run, is locked, or was changed.
    pub fn resume(path: &Path) -> Result<Open, StoreError> {
        let file = path.join("run.jsonl");
        if !file.exists() {
            return Err(StoreError::NotARun { path: path.to_owned() });
        }
        let mut journal =
            OpenOptions::new().read(true).append(true).open(&file).map_err(StoreError::io("open", &file))?;
        lock(path, &journal)?;
        let mut bytes = Vec::new();
        journal.read_to_end(&mut bytes).map_err(StoreError::io("read", &file))?;
        let chain = follow(&bytes);
        let broken = |problem| StoreError::Broken { path: path.to_owned(), problems: vec![problem] };
        if let Some(problem) = chain.problem.clone().filter(|_| !chain.torn) {
            return Err(broken(problem));
        }
        if chain.records.is_empty() {
            return Err(StoreError::NotBegun { path: path.to_owned() });
        }
        journal.set_len(chain.good_bytes as u64).map_err(StoreError::io("shorten", &file))?;
        journal.seek(SeekFrom::End(0)).map_err(StoreError::io("read", &file))?;
        let (next, last) = (
            chain.records.len() as u64,
            chain.records.last().map_or_else(genesis, |record| record.digest.clone()),
        );
        let stored = stored(path, chain).map_err(broken)?;
        remove_orphans(path, &stored.evidence)?;
        let problems = blobs(path, &stored);
        if !problems.is_empty() {
            return Err(StoreError::Broken { path: path.to_owned(), problems });
        }
        Ok(Open { folder: RunFolder { path: path.to_owned(), journal, next, last }, stored })
    }

    /// The folder.
    pub fn path(&self) -> &Path {
        &self.path
    }

    /// Keeps an artefact; the text must be redacted already. Returns its digest.
    ///
    /// # Errors
    /// [`StoreError::Io`].
    pub fn keep(&self, text: &str) -> Result<Digest, StoreError> {
        let digest = Digest::of_bytes(text.as_bytes());
        let blobs = self.path.join("blobs");
        if !blobs.join(digest.as_str()).exists() {
            write_whole(&blobs, digest.as_str(), text.as_bytes())?;
        }
        Ok(digest)
    }

    /// Appends a record and waits until it is on the disk.
    ///
    /// # Errors
    /// [`StoreError::Io`].
    pub fn append(&mut self, body: Body) -> Result<(), StoreError> {
        let record = Record::following(self.next, self.last.clone(), body);
        let file = self.path.join("run.jsonl");
        self.journal.write_all(&record.line()).map_err(StoreError::io("write", &file))?;
        self.journal.sync_data().map_err(StoreError::io("write", &file))?;
        self.next += 1;
        self.last = record.digest;
        Ok(())
    }

    /// Stores the verdict and seals the run. Returns the digest of the last record.
    ///
    /// # Errors
    /// [`StoreError::Io`].
    pub fn seal(mut self, sealed: Sealed, verdict: &[u8]) -> Result<Digest, StoreError> {
        write_whole(&self.path, "verdict.json", verdict)?;
        self.append(Body::Sealed(sealed))?;
        Ok(self.last)
    }
}

impl Stored {
    /// Reads a run, finished or not, whose chain holds.
    ///
    /// # Errors
    /// [`StoreError`] when it holds no run or was changed.
    pub fn read(path: &Path) -> Result<Stored, StoreError> {
        let file = path.join("run.jsonl");
        if !file.exists() {
            return Err(StoreError::NotARun { path: path.to_owned() });
        }
        let bytes = fs::read(&file).map_err(StoreError::io("read", &file))?;
        let chain = follow(&bytes);
        let broken = |problem| StoreError::Broken { path: path.to_owned(), problems: vec![problem] };
        match chain.problem.clone() {
            Some(problem) if !chain.torn => Err(broken(problem)),
            _ if chain.records.is_empty() => Err(StoreError::NotBegun { path: path.to_owned() }),
            _ => stored(path, chain).map_err(broken),
        }
    }
}

/// Whether a run may begin here: there is nothing, or only what a run leaves that was killed
/// before its first record was whole.
fn is_free(path: &Path) -> Result<bool, StoreError> {
    for entry in fs::read_dir(path).map_err(StoreError::io("list", path))? {
        let entry = entry.map_err(StoreError::io("list", path))?;
        let free = match entry.file_name().to_str() {
            Some("spec.json" | ".spec.json.new") => true,
            Some("blobs") => {
                fs::read_dir(entry.path()).map_err(StoreError::io("list", entry.path()))?.next().is_none()
            }
            Some("run.jsonl") => {
                let chain = follow(&fs::read(entry.path()).map_err(StoreError::io("read", entry.path()))?);
                chain.records.is_empty() && (chain.torn || chain.problem.is_none())
            }
            _ => false,
        };
        if !free {
            return Ok(false);
        }
    }
    // A spec that no run began with is somebody's own file.
    Ok(!path.join("spec.json").exists() || path.join("run.jsonl").exists())
}

/// The nouns of a chain that holds, with its spec.
pub(super) fn stored(path: &Path, chain: Chain) -> Result<Stored, Problem> {
    let head = chain.records.last().map_or_else(genesis, |record| record.digest.clone());
    let mut records = chain.records.into_iter().map(|record| record.body);
    let Some(Body::Opened(opened)) = records.next() else {
        return Err(Problem::new("run.jsonl", Some(1), "the first record does not open a run".to_owned()));
    };
    let spec = read_spec(path, &opened.spec)?;
    let skips = opened.filtered.iter().map(|check| (check.clone(), Skip::Filtered)).collect();
    let mut stored = Stored { spec, opened, evidence: Vec::new(), skips, sealed: None, head };
    for (number, body) in records.enumerate() {
        let line = Some(number as u64 + 2);
        if stored.sealed.is_some() {
            return Err(Problem::new("run.jsonl", line, "there is a record after the seal".to_owned()));
        }
        match body {
            Body::Opened(_) => {
                return Err(Problem::new("run.jsonl", line, "the run is opened a second time".to_owned()));
            }
            Body::Evidence(evidence) => stored.evidence.push(evidence),
            Body::Skipped { check, why } => drop(stored.skips.insert(check, why)),
            Body::Sealed(sealed) => stored.sealed = Some(sealed),
        }
    }
    for evidence in &stored.evidence {
        for check in &evidence.checks {
            stored.skips.remove(check);
        }
    }
    Ok(stored)
}

fn read_spec(path: &Path, digest: &Digest) -> Result<Spec, Problem> {
    let wrong = |what: String| Problem::new("spec.json", None, what);
    let bytes =
        fs::read(path.join("spec.json")).map_err(|error| wrong(format!("it cannot be read: {error}")))?;
    if Digest::of_bytes(&bytes) != *digest {
        return Err(wrong("it is not the spec that the run began with; it was changed".to_owned()));
    }
    serde_json::from_slice(&bytes).map_err(|error| wrong(format!("it is not a spec of this format: {error}")))
}

/// The digests of all artefacts.
pub(super) fn artefacts(evidence: &[Evidence]) -> BTreeSet<&Digest> {
    let looked = evidence.iter().filter_map(|evidence| match &evidence.outcome {
        Outcome::Looked { artefacts, .. } => Some(artefacts),
        Outcome::Unmeasured { .. } => None,
    });
    looked.flatten().map(|artefact| &artefact.digest).collect()
}

fn remove_orphans(path: &Path, evidence: &[Evidence]) -> Result<(), StoreError> {
    let kept = artefacts(evidence);
    let blobs = path.join("blobs");
    for entry in fs::read_dir(&blobs).map_err(StoreError::io("list", &blobs))? {
        let entry = entry.map_err(StoreError::io("list", &blobs))?;
        let named =
            entry.file_name().to_str().is_some_and(|name| kept.iter().any(|digest| digest.as_str() == name));
        if !named {
            fs::remove_file(entry.path()).map_err(StoreError::io("remove", entry.path()))?;
        }
    }
    for leftover in [".spec.json.new", ".verdict.json.new"] {
        let _ = fs::remove_file(path.join(leftover));
    }
    Ok(())
}

/// Writes a file that is either whole or not there.
fn write_whole(folder: &Path, name: &str, bytes: &[u8]) -> Result<(), StoreError> {
    let new = folder.join(format!(".{name}.new"));
    let mut file = File::create(&new).map_err(StoreError::io("create", &new))?;
    file.write_all(bytes).map_err(StoreError::io("write", &new))?;
    file.sync_all().map_err(StoreError::io("write", &new))?;
    let path = folder.join(name);
    fs::rename(&new, &path).map_err(StoreError::io("rename", &path))?;
    sync_folder(folder)
}

fn sync_folder(folder: &Path) -> Result<(), StoreError> {
    let opened = File::open(folder).map_err(StoreError::io("open", folder))?;
    opened.sync_all().map_err(StoreError::io("write", folder))
}

fn lock(path: &Path, journal: &File) -> Result<(), StoreError> {
    match journal.try_lock() {
        Ok(()) => Ok(()),
        Err(fs::TryLockError::WouldBlock) => Err(StoreError::Locked { path: path.to_owned() }),
        Err(fs::TryLockError::Error(source)) => Err(StoreError::io("lock", path)(source)),
    }
}
