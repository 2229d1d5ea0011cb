//! A file or folder that is moved aside for a while, as when a disk is gone. It comes back whatever
//! happens to the look, unless gonogo is killed; then its name says what to do.

use std::fs;
use std::path::{Path, PathBuf};

use crate::probe::Unmeasured;

/// What stands behind the name meanwhile.
const ASIDE: &str = "moved-aside-by-gonogo";

/// Something that is not where it belongs until this is dropped.
pub(crate) struct Moved {
    here: PathBuf,
    aside: PathBuf,
}

impl Moved {
    /// Moves it aside.
    ///
    /// # Errors
    /// When it is not there or may not be moved.
    pub(crate) fn aside(here: &Path) -> Result<Moved, Unmeasured> {
        let mut aside = here.as_os_str().to_owned();
        aside.push(format!(".{ASIDE}"));
        let moved = Moved { here: here.to_owned(), aside: aside.into() };
        if moved.aside.exists() {
            return Err(Unmeasured::because(format!(
                "{} is left from an earlier run; move it back to {}",
                moved.aside.display(),
                here.display()
            )));
        }
        match fs::rename(&moved.here, &moved.aside) {
            Ok(()) => Ok(moved),
            Err(error) => {
                // Nothing was moved, so nothing comes back.
                let why = format!("failed to move {} aside: {error}", here.display());
                std::mem::forget(moved);
                Err(Unmeasured::because(why))
            }
        }
    }

    /// Whether nothing stands in its place.
    pub(crate) fn is_away(&self) -> bool {
        !self.here.exists()
    }

    /// Moves it back.
    ///
    /// # Errors
    /// When something else stands there by now.
    pub(crate) fn back(self) -> Result<(), Unmeasured> {
        self.put_back().map_err(|why| {
            Unmeasured::because(format!(
                "failed to move {} back to {}: {why}; move it by hand",
                self.aside.display(),
                self.here.display()
            ))
        })
    }

    fn put_back(&self) -> Result<(), String> {
        if !self.aside.exists() {
            return Ok(());
        }
        // A folder that was made in its place and holds nothing is no reason to stay away.
        let _ = fs::remove_dir(&self.here);
        match self.here.exists() {
            true => Err("something else stands there now".to_owned()),
            false => fs::rename(&self.aside, &self.here).map_err(|error| error.to_string()),
        }
    }
}

impl Drop for Moved {
    fn drop(&mut self) {
        // Nobody is left who could be told.
        let _ = self.put_back();
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_is_moved_aside_comes_back_as_it_was() {
        let folder = tempfile::tempdir().unwrap();
        let here = folder.path().join("objects");
        fs::create_dir(&here).unwrap();
        fs::write(here.join("a"), "a").unwrap();
        let moved = Moved::aside(&here).unwrap();
        assert!(moved.is_away() && Moved::aside(&here).is_err());
        moved.back().unwrap();
        assert_eq!(fs::read_to_string(here.join("a")).unwrap(), "a");
        drop(Moved::aside(&here).unwrap());
        assert!(here.join("a").exists());
        assert!(Moved::aside(&folder.path().join("nothing")).is_err());
    }

    #[test]
    fn what_stands_in_its_place_is_not_lost() {
        let folder = tempfile::tempdir().unwrap();
        let here = folder.path().join("objects");
        fs::create_dir(&here).unwrap();
        let moved = Moved::aside(&here).unwrap();
        fs::create_dir(&here).unwrap();
        fs::write(here.join("new"), "new").unwrap();
        let why = moved.back().unwrap_err().why;
        assert!(why.contains("move it by hand") && here.join("new").exists(), "{why}");
    }
}
