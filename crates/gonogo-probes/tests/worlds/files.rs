//! `files:` under `${FOLDER}`, with content, mode, links and age. They are real files.

use std::fs::{self, File, Permissions};
use std::os::unix::fs::{PermissionsExt, symlink};
use std::time::{Duration, SystemTime};

use gonogo_model::yaml::{self, Node};
use serde::Deserialize;

use super::World;

/// One file, folder, link or named pipe.
#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct Entry {
    /// Relative to `${FOLDER}`; parents are made.
    path: String,
    /// Its text. Without any other key but `path` a folder is made.
    content: Option<String>,
    /// Its bytes in hex, for what is not text.
    hex: Option<String>,
    /// Instead of content: the link's destination.
    link: Option<String>,
    /// Instead of content: a named pipe that nobody writes to.
    #[serde(default)]
    pipe: bool,
    /// The text is repeated this often.
    repeat: Option<usize>,
    /// Octal: "0600".
    mode: Option<String>,
    /// How long ago it was changed.
    days_old: Option<u64>,
}

/// `files: [{ path: .env, content: "A=1", mode: "0600" }]`
pub(crate) fn start(world: &mut World, node: &Node) -> Result<(), String> {
    let entries: Vec<Entry> = yaml::read(node).map_err(|error| error.to_string())?;
    entries.iter().try_for_each(|entry| make(world, entry).map_err(|why| format!("{}: {why}", entry.path)))
}

fn make(world: &World, entry: &Entry) -> Result<(), String> {
    let path = world.folder.path().join(&entry.path);
    let io = |error: std::io::Error| error.to_string();
    if let Some(parent) = path.parent() {
        fs::create_dir_all(parent).map_err(io)?;
    }
    match (&entry.content, &entry.hex, &entry.link) {
        (Some(content), None, None) => {
            fs::write(&path, world.fill(content)?.repeat(entry.repeat.unwrap_or(1))).map_err(io)?
        }
        (None, Some(hex), None) => fs::write(&path, bytes(hex)?).map_err(io)?,
        (None, None, Some(link)) => return symlink(world.fill(link)?, &path).map_err(io),
        (None, None, None) if entry.pipe => pipe(&path)?,
        (None, None, None) => fs::create_dir_all(&path).map_err(io)?,
        _ => return Err("give one of `content`, `hex`, `link`".to_owned()),
    }
    if let Some(mode) = &entry.mode {
        let mode = u32::from_str_radix(mode, 8).map_err(|error| format!("mode: {error}"))?;
        fs::set_permissions(&path, Permissions::from_mode(mode)).map_err(io)?;
    }
    if let Some(days) = entry.days_old {
        let then = SystemTime::now() - Duration::from_secs(days * 86_400 + 3_600);
        File::open(&path).and_then(|file| file.set_modified(then)).map_err(io)?;
    }
    Ok(())
}

fn pipe(path: &std::path::Path) -> Result<(), String> {
    let made = std::process::Command::new("mkfifo").arg(path).status().map_err(|error| error.to_string())?;
    made.success().then_some(()).ok_or_else(|| "mkfifo failed".to_owned())
}

pub(super) fn bytes(hex: &str) -> Result<Vec<u8>, String> {
    (0..hex.len() / 2)
        .map(|at| u8::from_str_radix(&hex[at * 2..at * 2 + 2], 16).map_err(|error| error.to_string()))
        .collect()
}
