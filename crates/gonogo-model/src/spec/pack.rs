//! Packs: ready-made checks, shipped as YAML.

use super::raw::RawPack;
use super::read::SpecError;
use crate::diagnostic::Diagnostic;
use crate::yaml::{self, Limits};

/// The text of a pack and where it is kept.
#[derive(Debug, Clone, Copy)]
pub struct PackSource {
    /// The pack's name.
    pub name: &'static str,
    /// Its file in the repository, `packs/<family>/<name>.yaml`.
    pub file: &'static str,
    /// Its YAML.
    pub text: &'static str,
}

/// A pack that was read.
#[derive(Debug, Clone)]
pub struct Pack {
    /// Where it is kept.
    pub file: &'static str,
    /// What it says.
    pub raw: RawPack,
}

impl PackSource {
    /// Reads the pack.
    ///
    /// # Errors
    /// [`SpecError`] with the first thing that is wrong.
    pub fn read(&self) -> Result<Pack, SpecError> {
        let wrong = |diagnostic: Diagnostic| SpecError {
            file: self.file.to_owned(),
            text: self.text.to_owned(),
            diagnostics: vec![diagnostic],
        };
        let node = yaml::parse(self.text, Limits::SPEC).map_err(wrong)?;
        let raw: RawPack = yaml::read(&node).map_err(|error| wrong(error.diagnostic()))?;
        if raw.pack.value != self.name {
            let message = format!("this pack is called `{}`, but its file `{}`", raw.pack.value, self.name);
            return Err(wrong(Diagnostic::at(raw.pack.place, message)));
        }
        Ok(Pack { file: self.file, raw })
    }
}
