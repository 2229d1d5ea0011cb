//! Objects as files of a folder. What is not there is no failure as long as the folder is.

use std::io::{self, ErrorKind};
use std::path::{Path, PathBuf};

use tokio::fs;

/// The folder. Keys are names of files, checked before.
pub(super) struct Folder(PathBuf);

impl Folder {
    pub(super) async fn open(path: &Path) -> io::Result<Folder> {
        fs::create_dir_all(path).await?;
        Ok(Folder(path.to_owned()))
    }

    /// Whether the folder is there and is one.
    pub(super) async fn ping(&self) -> bool {
        fs::metadata(&self.0).await.is_ok_and(|folder| folder.is_dir())
    }

    pub(super) async fn put(&self, key: &str, bytes: &[u8]) -> io::Result<()> {
        let part = self.0.join(format!("{key}.part"));
        fs::write(&part, bytes).await?;
        fs::rename(&part, self.0.join(key)).await
    }

    pub(super) async fn get(&self, key: &str) -> io::Result<Option<Vec<u8>>> {
        self.found(fs::read(self.0.join(key)).await).await
    }

    pub(super) async fn size(&self, key: &str) -> io::Result<Option<u64>> {
        let found = self.found(fs::metadata(self.0.join(key)).await).await?;
        Ok(found.map(|file| file.len()))
    }

    pub(super) async fn delete(&self, key: &str) -> io::Result<()> {
        self.found(fs::remove_file(self.0.join(key)).await).await.map(|_| ())
    }

    async fn found<T>(&self, answer: io::Result<T>) -> io::Result<Option<T>> {
        match answer {
            Err(error) if error.kind() == ErrorKind::NotFound && self.ping().await => Ok(None),
            answer => answer.map(Some),
        }
    }
}
