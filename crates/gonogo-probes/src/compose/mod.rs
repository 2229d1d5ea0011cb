//! Compose files: what they declare for each service, and what is wrong with the files. Nothing is
//! ever executed and nothing is read outside the target's folder.

mod brief;
mod crossing;
mod declared;
mod dependencies;
mod discover;
mod dockerfile;
mod exposure;
mod extends;
mod file;
#[cfg(test)]
mod fuzz;
mod hardening;
mod healthcheck;
mod image;
mod image_tools;
mod include;
mod interpolate;
mod known_images;
mod merge;
mod mounts;
mod ports;
mod project;
mod reach;
mod read;
mod security;
mod service;
mod shell;
mod survey;
mod tags;
mod tree;

use crate::probe::{Registered, register};
use crate::repository::Repository;

pub(crate) use brief::{Brief, about, lacking, services};
pub(crate) use reach::{Reached, reached};
pub(crate) use shell::{Command, Then, commands};

/// The probes of this family.
pub(crate) const PROBES: &[Registered] = &[
    register::<file::File>(), //
    register::<service::Service>(),
];

/// Whether a project has a service, or cannot be read whole.
pub(crate) fn has_services(repository: &Repository) -> bool {
    let survey = survey::survey(repository, &[]);
    let Ok(survey) = &*survey else { return true };
    let mut projects = survey.projects.iter().map(|surveyed| &surveyed.project);
    projects.any(|project| !project.services().is_empty() || !project.notes.problems.is_empty())
}
