//! `cargo xtask gen`: files that are made from the code and committed, so that people and
//! editors can read them. It makes texts first; writing and comparing come last.

mod packs;
mod pages;
mod reference;

use std::collections::BTreeSet;
use std::fs;
use std::path::Path;
use std::process::ExitCode;

use anyhow::Context as _;

use crate::{root, say};

/// Folders in which every file is generated.
const WHOLLY: [&str; 3] = ["schema", "docs/reference", "docs/packs"];

/// A generated file.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Generated {
    /// Its path from the root, with `/`.
    pub path: String,
    /// All of its text.
    pub text: String,
}

/// Writes the generated files, or with `check` compares them.
///
/// # Errors
/// When a file cannot be made, read or written.
pub fn run(check: bool) -> anyhow::Result<ExitCode> {
    let files = files(root())?;
    let stale = stale(root(), &files)?;
    if check {
        stale.iter().for_each(|path| say::line(&format!("stale: {path}")));
        if stale.is_empty() {
            return Ok(ExitCode::SUCCESS);
        }
        say::line("Run `cargo xtask gen` and commit what it changed.");
        return Ok(ExitCode::FAILURE);
    }
    write(root(), &files)?;
    stale.iter().for_each(|path| say::line(&format!("made anew: {path}")));
    say::line(&format!("{} generated files, {} changed", files.len(), stale.len()));
    Ok(ExitCode::SUCCESS)
}

/// Every generated file as it must be. Pages and the summary keep what people wrote in them.
///
/// # Errors
/// When a page or the summary is missing or has no place for its generated part.
pub fn files(root: &Path) -> anyhow::Result<Vec<Generated>> {
    let mut files: Vec<Generated> = gonogo::cli::schemas()
        .into_iter()
        .map(|(name, text)| Generated { path: format!("schema/{name}"), text })
        .collect();
    files.extend(reference::pages());
    files.extend(packs::pages(root)?);
    files.extend(pages::probes(root)?);
    files.push(pages::summary(root)?);
    Ok(files)
}

/// The paths that are not as they must be: old, missing, or left over.
///
/// # Errors
/// When a folder cannot be listed.
pub fn stale(root: &Path, files: &[Generated]) -> anyhow::Result<BTreeSet<String>> {
    let old = files
        .iter()
        .filter(|file| fs::read_to_string(root.join(&file.path)).ok().as_ref() != Some(&file.text));
    let mut stale: BTreeSet<String> = old.map(|file| file.path.clone()).collect();
    stale.extend(left_over(root, files)?);
    Ok(stale)
}

/// Writes the files that differ and removes what is left over.
///
/// # Errors
/// When the file system refuses.
pub fn write(root: &Path, files: &[Generated]) -> anyhow::Result<()> {
    for path in left_over(root, files)? {
        fs::remove_file(root.join(&path)).with_context(|| format!("failed to remove {path}"))?;
    }
    let stale = stale(root, files)?;
    for file in files.iter().filter(|file| stale.contains(&file.path)) {
        let path = root.join(&file.path);
        if let Some(folder) = path.parent() {
            fs::create_dir_all(folder).with_context(|| format!("failed to create {}", folder.display()))?;
        }
        fs::write(&path, &file.text).with_context(|| format!("failed to write {}", file.path))?;
    }
    Ok(())
}

fn left_over(root: &Path, files: &[Generated]) -> anyhow::Result<Vec<String>> {
    let wanted: BTreeSet<&str> = files.iter().map(|file| file.path.as_str()).collect();
    let mut found = Vec::new();
    for folder in WHOLLY {
        let Ok(entries) = fs::read_dir(root.join(folder)) else { continue };
        for entry in entries {
            let name = entry.with_context(|| format!("failed to list {folder}"))?.file_name();
            found.push(format!("{folder}/{}", name.to_string_lossy()));
        }
    }
    found.retain(|path| !wanted.contains(path.as_str()));
    Ok(found)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_is_old_missing_or_left_over_is_stale_until_it_is_written() {
        let root = tempfile::tempdir().unwrap();
        let file = |path: &str| Generated { path: path.to_owned(), text: "new".to_owned() };
        let files = [file("schema/old.json"), file("schema/missing.json"), file("docs/reference/same.md")];
        fs::create_dir_all(root.path().join("schema")).unwrap();
        fs::create_dir_all(root.path().join("docs/reference")).unwrap();
        for (path, text) in
            [("schema/old.json", "old"), ("schema/left.json", "new"), ("docs/reference/same.md", "new")]
        {
            fs::write(root.path().join(path), text).unwrap();
        }
        let found = stale(root.path(), &files).unwrap();
        let found: Vec<&str> = found.iter().map(String::as_str).collect();
        assert_eq!(found, ["schema/left.json", "schema/missing.json", "schema/old.json"]);
        write(root.path(), &files).unwrap();
        assert!(stale(root.path(), &files).unwrap().is_empty());
        assert!(!root.path().join("schema/left.json").exists());
    }
}
