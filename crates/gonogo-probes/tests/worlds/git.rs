//! `git:` commits in `${FOLDER}`, each with exactly the files it names. They are written to
//! `.git` only: files that are to be seen there too are for `files:`.

use std::collections::BTreeMap;

use gonogo_model::yaml::{self, Node};
use serde::Deserialize;

use super::World;
use super::commits::{Commits, Files};

/// One commit.
#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct Entry {
    /// All its files, with their text.
    files: BTreeMap<String, String>,
    /// The branch it is added to, without the commits of others; what is checked out by default.
    branch: Option<String>,
    /// The clone ends here: the commits before are not there.
    #[serde(default)]
    shallow: bool,
}

/// `git: [{ files: { a.txt: "text" } }]`
pub(crate) fn start(world: &mut World, node: &Node) -> Result<(), String> {
    let entries: Vec<Entry> = yaml::read(node).map_err(|error| error.to_string())?;
    let commits = Commits::begin(world.folder.path(), false)?;
    let mut tips = BTreeMap::new();
    for (at, entry) in entries.iter().enumerate() {
        let texts: BTreeMap<&str, String> = entry
            .files
            .iter()
            .map(|(path, text)| Ok((path.as_str(), world.fill(text)?)))
            .collect::<Result<_, String>>()?;
        let files: Files<'_> = texts.iter().map(|(path, text)| (*path, text.as_bytes())).collect();
        let branch = entry.branch.as_ref().map_or("HEAD".to_owned(), |name| format!("refs/heads/{name}"));
        let parents: Vec<_> = tips.get(&branch).copied().into_iter().collect();
        let date = 1_700_000_000 + i64::try_from(at).unwrap_or_default();
        let commit = commits.commit(&branch, date, &files, &parents)?;
        if entry.shallow {
            let file = world.folder.path().join(".git/shallow");
            std::fs::write(file, format!("{commit}\n")).map_err(|error| error.to_string())?;
        }
        tips.insert(branch, commit);
    }
    Ok(())
}
