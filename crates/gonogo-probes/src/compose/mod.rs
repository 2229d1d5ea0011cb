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
mod tree;

use crate::probe::{Registered, register};

pub(crate) use brief::{Brief, about, lacking, services};
pub(crate) use reach::{Reached, reached};
pub(crate) use shell::{Command, Then, commands};

/// The probes of this family.
pub(crate) const PROBES: &[Registered] = &[
    register::<file::File>(), //
    register::<service::Service>(),
];
