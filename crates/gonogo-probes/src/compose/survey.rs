//! The projects of a target: what is named or found, read once, for both probes of this family.

use std::sync::Arc;

use super::discover::{self, Planned};
use super::project::{Project, load};
use crate::probe::Unmeasured;
use crate::repository::purpose::is_for_development;
use crate::repository::{Kind, Repository, Source, folder_of, name_of, names};
use crate::tools::files::FileError;

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

/// What is named, or everything that is found; that is read once.
pub(super) fn survey(repository: &Repository, named: &[String]) -> Arc<Result<Survey, Unmeasured>> {
    match named {
        [] => repository.once(|repository| read(repository, &[])),
        named => Arc::new(read(repository, named)),
    }
}

fn read(repository: &Repository, named: &[String]) -> Result<Survey, Unmeasured> {
    let named: Vec<String> =
        repository.only().map(str::to_owned).into_iter().chain(named.iter().cloned()).collect();
    let walked = match named.is_empty() {
        true => {
            let mut walked = discover::projects(repository);
            walked.skipped.extend(repository.passed_of_kind(Kind::Compose).cloned());
            walked
        }
        false => {
            named.iter().try_for_each(|path| is_there(repository.source(), path))?;
            let is_for_development = named.iter().all(|path| is_for_development(path));
            discover::Walked {
                projects: vec![Planned { files: named, is_for_development }],
                skipped: Vec::new(),
            }
        }
    };
    if walked.projects.is_empty() {
        let why = "there is no compose file in this folder; name one with `files`";
        return Err(Unmeasured::because(why));
    }
    let projects = read_all(repository.source(), walked.projects);
    Ok(Survey { projects, skipped: walked.skipped })
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

fn is_there(source: &dyn Source, path: &str) -> Result<(), Unmeasured> {
    match names(source, folder_of(path)).contains(&name_of(path)) {
        true => Ok(()),
        false => Err(FileError::Missing.of(path)),
    }
}
