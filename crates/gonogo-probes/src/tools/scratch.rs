//! A private folder for files that a program must read. It is gone when its value is dropped.

use std::fs::{self, DirBuilder};
use std::os::unix::fs::DirBuilderExt;
use std::path::{Path, PathBuf};

use crate::probe::Unmeasured;

/// A private folder.
pub(crate) struct Scratch(PathBuf);

impl Scratch {
    pub(crate) fn new() -> Result<Scratch, Unmeasured> {
        let mut random = [0_u8; 12];
        getrandom::fill(&mut random)
            .map_err(|error| Unmeasured::because(format!("no randomness: {error}")))?;
        let name: String = random.iter().map(|byte| format!("{byte:02x}")).collect();
        let path = std::env::temp_dir().join(format!("gonogo-{name}"));
        // Nobody else may look in, and it must not have been there before.
        DirBuilder::new().mode(0o700).create(&path).map_err(|error| failed(&path, &error))?;
        Ok(Scratch(path))
    }

    pub(crate) fn path(&self) -> &Path {
        &self.0
    }

    /// Writes a file of this name.
    pub(crate) fn write(&self, name: &str, text: &str) -> Result<(), Unmeasured> {
        let path = self.0.join(name);
        fs::write(&path, text).map_err(|error| failed(&path, &error))
    }
}

impl Drop for Scratch {
    fn drop(&mut self) {
        let _ = fs::remove_dir_all(&self.0);
    }
}

fn failed(path: &Path, error: &std::io::Error) -> Unmeasured {
    Unmeasured::because(format!("{} cannot be written ({error}); is the disk full?", path.display()))
}
