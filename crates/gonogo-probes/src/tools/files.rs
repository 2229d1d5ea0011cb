//! Files, read within limits: regular files only, never more than asked for, never blocked by a
//! pipe or device, and on request never outside a folder. It does not know what is in them.

use std::fs::{self, File, Metadata, OpenOptions};
use std::io::{ErrorKind, Read, Seek, SeekFrom};
use std::os::unix::fs::{OpenOptionsExt, PermissionsExt};
use std::path::{Path, PathBuf};
use std::time::SystemTime;

use rustix::fs::OFlags;

use crate::probe::Unmeasured;

/// A file that was read.
#[derive(Clone)]
pub(crate) struct Found {
    /// Its bytes, all of them.
    pub(crate) bytes: Vec<u8>,
    /// Permission bits, such as 0o640.
    pub(crate) mode: u32,
    /// When its content changed last.
    pub(crate) modified: Option<SystemTime>,
    /// Whether the path itself is a symbolic link.
    pub(crate) symlink: bool,
}

impl Found {
    /// Its text.
    pub(crate) fn text(&self) -> Result<&str, FileError> {
        std::str::from_utf8(&self.bytes).map_err(|_| FileError::NotText)
    }
}

impl std::fmt::Debug for Found {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        write!(f, "Found({} bytes, mode {:o})", self.bytes.len(), self.mode)
    }
}

/// Why a file could not be read. The path is for the caller to say.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
pub(crate) enum FileError {
    #[error("does not exist")]
    Missing,
    #[error("is a folder; name a file in it")]
    Folder,
    #[error("is not a folder; name the folder it is in")]
    NotFolder,
    #[error("is a pipe, socket or device; name a regular file")]
    NotRegular,
    #[error("may not be read by this user; run gonogo as a user who may, or change its mode")]
    Forbidden,
    #[error("is larger than {0} bytes; is this the right file?")]
    TooLarge(u64),
    #[error("holds more than {0} files; is this the right folder?")]
    TooMany(usize),
    #[error("is not UTF-8 text; store the value as base64 or hex")]
    NotText,
    #[error("leads out of its folder; name a path inside it without links that leave it")]
    LeadsOut,
    #[error("cannot be read: {0}")]
    Other(ErrorKind),
}

impl FileError {
    /// The reason with the path it is about.
    pub(crate) fn of(&self, path: impl std::fmt::Display) -> Unmeasured {
        Unmeasured::because(format!("{path} {self}"))
    }

    fn from_io(error: &std::io::Error) -> FileError {
        match error.kind() {
            ErrorKind::NotFound => FileError::Missing,
            ErrorKind::PermissionDenied => FileError::Forbidden,
            ErrorKind::IsADirectory => FileError::Folder,
            ErrorKind::NotADirectory => FileError::Missing,
            kind => FileError::Other(kind),
        }
    }
}

/// Reads a regular file of at most `limit` bytes. Links are followed.
pub(crate) fn read(path: &Path, limit: u64) -> Result<Found, FileError> {
    let symlink = fs::symlink_metadata(path).is_ok_and(|about| about.is_symlink());
    let (mut file, about) = open(path)?;
    let mut bytes = Vec::new();
    let read = file.by_ref().take(limit + 1).read_to_end(&mut bytes);
    read.map_err(|error| FileError::from_io(&error))?;
    if bytes.len() as u64 > limit {
        return Err(FileError::TooLarge(limit));
    }
    Ok(Found { bytes, mode: about.permissions().mode() & 0o7777, modified: about.modified().ok(), symlink })
}

/// Reads a file below `folder`; no link and no `..` may lead out of it.
pub(crate) fn read_below(folder: &Path, relative: &Path, limit: u64) -> Result<Found, FileError> {
    let path = below(folder, relative)?;
    let symlink = fs::symlink_metadata(folder.join(relative)).is_ok_and(|about| about.is_symlink());
    read(&path, limit).map(|found| Found { symlink, ..found })
}

/// The first bytes of a file below `folder`, of any size.
pub(crate) fn head_below(folder: &Path, relative: &Path, bytes: u64) -> Result<Vec<u8>, FileError> {
    let (mut file, _) = open(&below(folder, relative)?)?;
    let mut head = Vec::new();
    file.by_ref().take(bytes).read_to_end(&mut head).map_err(|error| FileError::from_io(&error))?;
    Ok(head)
}

/// A regular file below `folder` to be read as a stream, and when its content changed last.
pub(crate) fn open_below(
    folder: &Path,
    relative: &Path,
) -> Result<(impl Read + Seek, Option<SystemTime>), FileError> {
    let (file, about) = open(&below(folder, relative)?)?;
    Ok((file, about.modified().ok()))
}

/// At most `limit` bytes of a regular file from `offset` on, and the size it has now.
pub(crate) fn part(path: &Path, offset: u64, limit: u64) -> Result<(Vec<u8>, u64), FileError> {
    let io = |error: std::io::Error| FileError::from_io(&error);
    let (mut file, about) = open(path)?;
    file.seek(SeekFrom::Start(offset)).map_err(io)?;
    let mut bytes = Vec::new();
    file.take(limit).read_to_end(&mut bytes).map_err(io)?;
    Ok((bytes, about.len()))
}

/// Where a path below `folder` really is; an error when that is not below it.
pub(crate) fn below(folder: &Path, relative: &Path) -> Result<PathBuf, FileError> {
    let io = |error: std::io::Error| FileError::from_io(&error);
    let folder = folder.canonicalize().map_err(io)?;
    let path = folder.join(relative).canonicalize().map_err(io)?;
    if path.starts_with(&folder) { Ok(path) } else { Err(FileError::LeadsOut) }
}

/// The folder itself, or the folder of a file: a target may name either.
pub(crate) fn folder_of(root: PathBuf) -> Result<PathBuf, Unmeasured> {
    match fs::metadata(&root) {
        Ok(about) if about.is_dir() => Ok(root),
        Ok(_) => Ok(root.parent().map(Path::to_owned).unwrap_or(root)),
        Err(_) => Err(FileError::Missing.of(format!("the folder {}", root.display()))),
    }
}

/// Whether a path is a folder; an error when it is neither that nor a regular file.
pub(crate) fn is_folder(path: &Path) -> Result<bool, FileError> {
    let about = fs::metadata(path).map_err(|error| FileError::from_io(&error))?;
    if about.is_dir() { Ok(true) } else { regular(&about).map(|()| false) }
}

/// The names in a folder, in order.
pub(crate) fn names_in(folder: &Path, limit: usize) -> Result<Vec<String>, FileError> {
    let io = |error: std::io::Error| match error.kind() {
        ErrorKind::NotADirectory => FileError::NotFolder,
        _ => FileError::from_io(&error),
    };
    let mut names = Vec::new();
    for entry in fs::read_dir(folder).map_err(io)? {
        names.push(entry.map_err(io)?.file_name().to_string_lossy().into_owned());
        if names.len() > limit {
            return Err(FileError::TooMany(limit));
        }
    }
    names.sort();
    Ok(names)
}

/// Runs blocking work where it holds up nobody else.
pub(crate) async fn off_thread<T: Send + 'static>(
    work: impl FnOnce() -> T + Send + 'static,
) -> Result<T, Unmeasured> {
    let done = tokio::task::spawn_blocking(work).await;
    done.map_err(|_| Unmeasured::because("reading was cancelled; run the check again"))
}

/// Opens without waiting: a pipe that nobody writes to must not hang the look.
fn open(path: &Path) -> Result<(File, Metadata), FileError> {
    let io = |error: std::io::Error| FileError::from_io(&error);
    let about = fs::metadata(path).map_err(io)?;
    regular(&about)?;
    let flags = i32::try_from((OFlags::NONBLOCK | OFlags::NOCTTY).bits()).unwrap_or(0);
    let file = OpenOptions::new().read(true).custom_flags(flags).open(path).map_err(io)?;
    let about = file.metadata().map_err(io)?;
    regular(&about)?;
    Ok((file, about))
}

fn regular(about: &Metadata) -> Result<(), FileError> {
    match about {
        about if about.is_dir() => Err(FileError::Folder),
        about if !about.is_file() => Err(FileError::NotRegular),
        _ => Ok(()),
    }
}

#[cfg(test)]
mod tests {
    use std::os::unix::fs::symlink;

    use super::*;

    #[test]
    fn reads_within_the_limit() {
        let folder = tempfile::tempdir().unwrap();
        let file = folder.path().join("a");
        fs::write(&file, "12345").unwrap();
        assert_eq!(read(&file, 5).map(|found| found.bytes), Ok(b"12345".to_vec()));
        assert_eq!(read(&file, 4).map(|found| found.bytes), Err(FileError::TooLarge(4)));
        assert_eq!(read(folder.path(), 5).map(|found| found.mode), Err(FileError::Folder));
        assert_eq!(read(&file.join("x"), 5).map(|found| found.mode), Err(FileError::Missing));
        assert_eq!(read(Path::new("/dev/zero"), 5).map(|found| found.mode), Err(FileError::NotRegular));
    }

    #[test]
    fn nothing_leads_out_of_a_folder() {
        let outer = tempfile::tempdir().unwrap();
        let inner = outer.path().join("inner");
        fs::create_dir(&inner).unwrap();
        fs::write(outer.path().join("out"), "out").unwrap();
        fs::write(inner.join("in"), "in").unwrap();
        symlink("../out", inner.join("link")).unwrap();
        symlink("in", inner.join("near")).unwrap();
        for way in ["../out", "link", "/etc/hostname", "../inner/../out"] {
            assert_eq!(below(&inner, Path::new(way)), Err(FileError::LeadsOut), "{way}");
        }
        let near = read_below(&inner, Path::new("near"), 9).unwrap();
        assert!(near.symlink && near.bytes == b"in");
    }
}
