//! The projects of a target: what is named or found, read once, for both probes of this family.

use std::path::Path;

use super::discover::{self, Planned};
use super::project::{Project, load};
use super::source::{Disk, Source, folder_of, name_of};
use crate::context::Context;
use crate::probe::Unmeasured;
use crate::tools::files::{self, FileError};

/// Names in the target's folder.
const MOST_NAMES: usize = 20_000;

/// Everything of a target.
#[derive(Debug)]
pub(super) struct Survey {
    pub(super) projects: Vec<Surveyed>,
    /// Folders and projects that were not looked at, with the reason.
    pub(super) skipped: Vec<(String, String)>,
}

/// One project.
#[derive(Debug)]
pub(super) struct Surveyed {
    /// What tells it from the others: its last file.
    pub(super) name: String,
    pub(super) is_for_development: bool,
    pub(super) project: Project,
}

/// The folder of the target, and the file when the target is one.
#[derive(Debug)]
pub(super) struct Place {
    folder: std::path::PathBuf,
    file: Option<String>,
}

/// Where the target is. Blocking work is left to [`survey`].
pub(super) fn place(context: &Context) -> Place {
    let address = context.target.as_ref().map(|target| context.folder.join(&target.address));
    Place { folder: address.unwrap_or_else(|| context.folder.clone()), file: None }
}

/// Reads what is named, or everything that is found.
pub(super) fn survey(place: Place, named: &[String]) -> Result<(Disk, Survey), Unmeasured> {
    let place = resolved(place)?;
    let disk = Disk::new(place.folder);
    let named: Vec<String> = place.file.into_iter().chain(named.iter().cloned()).collect();
    let walked = match named.is_empty() {
        true => discover::projects(&disk),
        false => {
            named.iter().try_for_each(|path| is_there(&disk, path))?;
            let is_for_development = named.iter().all(|path| discover::is_for_development(path));
            discover::Walked {
                projects: vec![Planned { files: named, is_for_development }],
                skipped: Vec::new(),
            }
        }
    };
    if walked.projects.is_empty() {
        return Err(Unmeasured::because(format!(
            "there is no compose file in this folder{}; name one with `files`",
            match walked.skipped.first() {
                Some((path, why)) => format!(" ({path} {why})"),
                None => String::new(),
            }
        )));
    }
    let projects = read_all(&disk, walked.projects);
    Ok((disk, Survey { projects, skipped: walked.skipped }))
}

/// Reads every planned project.
pub(super) fn read_all(source: &dyn Source, planned: Vec<Planned>) -> Vec<Surveyed> {
    let read = planned.into_iter().map(|planned| Surveyed {
        name: planned.files.last().cloned().unwrap_or_default(),
        is_for_development: planned.is_for_development,
        project: load(source, &planned.files),
    });
    read.collect()
}

fn is_there(disk: &Disk, path: &str) -> Result<(), Unmeasured> {
    let folder = folder_of(path);
    let listed = disk.names(folder);
    match listed {
        Some(Ok(names)) if names.iter().any(|name| name == name_of(path)) => Ok(()),
        _ => Err(FileError::Missing.of(path)),
    }
}

fn resolved(place: Place) -> Result<Place, Unmeasured> {
    match files::names_in(&place.folder, MOST_NAMES) {
        Ok(_) => Ok(place),
        Err(FileError::NotFolder) => {
            let name = place.folder.file_name().map(|name| name.to_string_lossy().into_owned());
            let folder = place.folder.parent().map(Path::to_owned).unwrap_or_default();
            Ok(Place { folder, file: name })
        }
        Err(error) => Err(error.of(place.folder.display())),
    }
}
