//! The files of a log: where each was read to, and what came to them since. It does not know what
//! lines mean.

use std::collections::BTreeMap;
use std::path::{Path, PathBuf};

use gonogo_model::fact::Location;

use crate::context::Context;
use crate::probe::Unmeasured;
use crate::tools::files::{self, FileError};

/// More files are not read; deeper folders are not looked into.
const MOST_FILES: usize = 500;
const DEEPEST: usize = 4;
/// So much of the end of a file is read at first, and so much at a time afterwards.
const END: u64 = 1024 * 1024;
const AT_A_TIME: u64 = 8 * 1024 * 1024;

/// The files of a log.
pub(super) struct Folder {
    root: PathBuf,
    written: String,
    state: State,
}

#[derive(Default, Clone)]
struct State {
    /// By path below the root: how far it was read.
    read: BTreeMap<String, u64>,
    /// Files that were turned away: `all.log.1`, `all.log.gz`.
    rotated: usize,
    bytes: u64,
    largest: u64,
}

/// A line and where it stands.
#[derive(Debug, Clone)]
pub(super) struct Line {
    pub(super) text: String,
    pub(super) place: Location,
    /// The file it is of.
    pub(super) file: String,
}

impl Folder {
    pub(super) fn of(context: &Context) -> Result<Folder, Unmeasured> {
        let target = context.target.as_ref();
        let target = target
            .ok_or_else(|| Unmeasured::because("no target is given; name the file or folder of the log"))?;
        Ok(Folder {
            root: context.folder.join(&target.address),
            written: target.address.clone(),
            state: State::default(),
        })
    }

    pub(super) fn files(&self) -> usize {
        self.state.read.len()
    }

    pub(super) fn rotated(&self) -> usize {
        self.state.rotated
    }

    pub(super) fn bytes(&self) -> u64 {
        self.state.bytes
    }

    pub(super) fn largest(&self) -> u64 {
        self.state.largest
    }

    pub(super) fn written(&self) -> &str {
        &self.written
    }

    /// The last lines that are there now.
    pub(super) async fn end(&mut self) -> Result<Vec<Line>, Unmeasured> {
        self.read(true).await
    }

    /// The lines that came since.
    pub(super) async fn new_lines(&mut self) -> Result<Vec<Line>, Unmeasured> {
        self.read(false).await
    }

    async fn read(&mut self, first: bool) -> Result<Vec<Line>, Unmeasured> {
        let (root, state, written) = (self.root.clone(), self.state.clone(), self.written.clone());
        let read = files::off_thread(move || {
            read(&root, state, first).map_err(|error| error.of(format!("the log {written}")))
        });
        let (state, lines) = read.await??;
        self.state = state;
        Ok(lines)
    }
}

fn read(root: &Path, mut state: State, first: bool) -> Result<(State, Vec<Line>), FileError> {
    let mut found = Vec::new();
    list(root, "", 0, &mut found)?;
    let is_old = |path: &String| {
        path.ends_with(".gz") || path.rsplit('.').next().is_some_and(|end| end.parse::<u32>().is_ok())
    };
    let (rotated, current): (Vec<String>, Vec<String>) = found.into_iter().partition(is_old);
    (state.rotated, state.bytes, state.largest) = (rotated.len(), 0, 0);
    let mut lines = Vec::new();
    for path in current {
        let whole = if path.is_empty() { root.to_owned() } else { root.join(&path) };
        match one(&whole, &path, &mut state, first, &mut lines) {
            // Between the listing and the reading it was rotated away.
            Err(FileError::Missing) if !path.is_empty() => {}
            done => done?,
        }
    }
    Ok((state, lines))
}

fn list(root: &Path, below: &str, depth: usize, found: &mut Vec<String>) -> Result<(), FileError> {
    let here = if below.is_empty() { root.to_owned() } else { root.join(below) };
    if !files::is_folder(&here)? {
        found.push(below.to_owned());
        return Ok(());
    }
    for name in files::names_in(&here, MOST_FILES)?.into_iter().filter(|name| !name.starts_with('.')) {
        let path = if below.is_empty() { name } else { format!("{below}/{name}") };
        match list(root, &path, depth.saturating_add(1), found) {
            _ if found.len() > MOST_FILES => return Err(FileError::TooMany(MOST_FILES)),
            // A socket or a file that vanished is no log.
            Err(FileError::NotRegular | FileError::Missing) => {}
            Ok(()) | Err(FileError::Folder) if depth < DEEPEST => {}
            other => return other,
        }
    }
    Ok(())
}

/// Reads on in one file, to the end of its last whole line.
fn one(
    whole: &Path,
    path: &str,
    state: &mut State,
    first: bool,
    lines: &mut Vec<Line>,
) -> Result<(), FileError> {
    let (_, size) = files::part(whole, 0, 0)?;
    state.bytes = state.bytes.saturating_add(size);
    state.largest = state.largest.max(size);
    let known = state.read.get(path).copied();
    // A file that became shorter was begun anew.
    let from = match known {
        Some(known) if known <= size => known,
        Some(_) => 0,
        None if first => size.saturating_sub(END),
        None => 0,
    };
    let (bytes, _) = files::part(whole, from, AT_A_TIME)?;
    let end = bytes.iter().rposition(|byte| *byte == b'\n').map_or(0, |at| at.saturating_add(1));
    let whole_lines = bytes.get(..end).unwrap_or_default();
    state.read.insert(path.to_owned(), from.saturating_add(u64::try_from(end).unwrap_or(0)));
    let text = String::from_utf8_lossy(whole_lines);
    // The first line of the end of a file may be half of one. Only there is the number of a line known.
    let is_cut = known.is_none() && from > 0;
    for (at, line) in text.lines().enumerate().skip(usize::from(is_cut)) {
        let number = (from == 0).then(|| u32::try_from(at.saturating_add(1)).ok()).flatten();
        let place = Location { source: source(whole, path), line: number, column: None };
        lines.push(Line { text: line.to_owned(), place, file: path.to_owned() });
    }
    Ok(())
}

/// What a file is called where it is said.
fn source(whole: &Path, path: &str) -> String {
    let name = || whole.file_name().map(|name| name.to_string_lossy().into_owned()).unwrap_or_default();
    if path.is_empty() { name() } else { path.to_owned() }
}
