//! `unfinished/file`: files that nobody meant to keep: what a build or an editor made, copies,
//! dumps of databases, merges that were not finished.

use gonogo_model::catalog::{Class, FactInfo, FactType, TargetKind, TargetNeed};
use gonogo_model::fact::{Item, Location};
use schemars::JsonSchema;
use serde::Deserialize;

use super::conflict;
use crate::context::Context;
use crate::probe::{Looked, Probe, Unmeasured};
use crate::repository::purpose::is_for_development;
use crate::repository::{Place, Repository, name_of};
use crate::tools::tree::Listed;

/// Looks at the files of a repository.
pub(crate) struct File;

/// Parameters of `unfinished/file`.
#[derive(Debug, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub(crate) struct Params {
    /// Bytes from which on a file is large. Without this, 10 MiB.
    #[serde(default)]
    large: Option<u64>,
}

impl Probe for File {
    const ID: &'static str = "unfinished/file";
    const TITLE: &'static str = "Files that nobody meant to keep: builds, copies, dumps, unfinished merges";
    const CLASS: Class = Class::Passive;
    const TARGET: TargetNeed = TargetNeed::Optional(&[TargetKind::Path]);
    const FACTS: &'static [FactInfo] = FACTS;
    type Params = Params;

    async fn look(context: &Context, params: Params) -> Result<Looked, Unmeasured> {
        let large = params.large.unwrap_or(LARGE);
        let look = move |repository: &Repository| {
            Ok(Looked { items: items(repository, large), artefacts: Vec::new() })
        };
        Place::of(context).look(look).await
    }
}

const FACTS: &[FactInfo] = &[
    fact(
        "binary",
        FactType::Text,
        "What a build made, by its first bytes: `executable`, `library`, `java`, `python`; empty when it is none.",
    ),
    fact(
        "database",
        FactType::Text,
        "A copy of data: `dump` by its name, `sqlite` by its first bytes; empty when it is none.",
    ),
    fact("archive", FactType::Bool, "Whether it is a packed archive, by name and first bytes."),
    fact(
        "backup",
        FactType::Bool,
        "Whether its name is that of a copy: `.bak`, `.orig`, `.old`, `.rej`, `~`, or the swap file of an editor.",
    ),
    fact(
        "desktop",
        FactType::Bool,
        "Whether a file manager left it: `.DS_Store`, `Thumbs.db`, `desktop.ini`.",
    ),
    fact("conflicts", FactType::List, "Lines at which a merge that was not finished begins; at most 20."),
    fact("large", FactType::Bool, "Whether it is at least as large as `large`."),
    FactInfo { name: "size_bytes", kind: FactType::Int, unit: "bytes", about: "Its size." },
    fact(
        "for_development",
        FactType::Bool,
        "Whether names of files or folders say development, test or example.",
    ),
    fact(
        "files",
        FactType::Int,
        "Files that were looked at, those named by `.gitignore` left out. Only of the item `.`, which is always there.",
    ),
];

const fn fact(name: &'static str, kind: FactType, about: &'static str) -> FactInfo {
    FactInfo { name, kind, unit: "", about }
}

/// Bytes from which on a file is large.
const LARGE: u64 = 10 << 20;
/// Bytes of a text that is looked through, and of all of them.
const TEXT: u64 = 1 << 20;
const TEXTS: u64 = 512 << 20;
/// Entries of a list.
const MOST: usize = 20;

/// One item for each file that is anything of this, and one for the folder.
pub(super) fn items(repository: &Repository, large: u64) -> Vec<Item> {
    let mut left = TEXTS;
    let listed =
        repository.files().iter().filter(|file| repository.only().is_none_or(|only| only == file.path));
    let mut items =
        vec![Seen::default().item(".".to_owned(), 0, false).fact("files", listed.clone().count())];
    for file in listed {
        let mut seen = by_name(&file.path);
        seen.large = file.bytes >= large;
        by_head(repository, file, &mut seen);
        if is_text(&file.path) && file.bytes <= TEXT && file.bytes <= left {
            left = left.saturating_sub(file.bytes);
            seen.conflicts = conflicts(repository, &file.path);
        }
        if seen != Seen::default() {
            let line = seen.conflicts.first().copied().unwrap_or(1);
            let at = Location { source: file.path.clone(), line: Some(line), column: Some(1) };
            let item = seen.item(file.path.clone(), file.bytes, is_for_development(&file.path));
            items.push(item.read_at(at));
        }
    }
    items
}

#[derive(Debug, Default, PartialEq, Eq)]
struct Seen {
    binary: &'static str,
    database: &'static str,
    archive: bool,
    backup: bool,
    desktop: bool,
    large: bool,
    conflicts: Vec<u32>,
}

impl Seen {
    fn item(&self, key: String, bytes: u64, for_development: bool) -> Item {
        Item::new(key.clone())
            .read_at(Location { source: key, line: Some(1), column: Some(1) })
            .fact("binary", self.binary)
            .fact("database", self.database)
            .fact("archive", self.archive)
            .fact("backup", self.backup)
            .fact("desktop", self.desktop)
            .fact("conflicts", self.conflicts.clone())
            .fact("large", self.large)
            .fact("size_bytes", bytes)
            .fact("for_development", for_development)
    }
}

fn ending(name: &str) -> &str {
    name.rsplit_once('.').map_or("", |(_, ending)| ending)
}

fn by_name(path: &str) -> Seen {
    let name = name_of(path).to_lowercase();
    let stem = name.split('.').next().unwrap_or_default();
    let says_copy = |word: &&str| stem.split(['-', '_']).any(|part| part == *word);
    let is_dump = name.ends_with(".sql.gz")
        || name.ends_with(".dump")
        || name.ends_with(".sql.zip")
        || ending(&name) == "sql" && ["dump", "backup", "pgdump", "mysqldump"].iter().any(says_copy);
    Seen {
        database: if is_dump { "dump" } else { "" },
        backup: ["bak", "orig", "old", "swp", "swo", "rej"].contains(&ending(&name)) || name.ends_with('~'),
        desktop: matches!(name.as_str(), ".ds_store" | "thumbs.db" | "desktop.ini"),
        ..Seen::default()
    }
}

/// Jars that build tools bring along so that nothing else must be there.
const WRAPPERS: [&str; 2] = ["gradle-wrapper.jar", "maven-wrapper.jar"];

/// What the first bytes say of a file whose name promises anything of this.
fn by_head(repository: &Repository, file: &Listed, seen: &mut Seen) {
    let name = name_of(&file.path).to_lowercase();
    let asked = matches!(
        ending(&name),
        "exe"
            | "dll"
            | "so"
            | "dylib"
            | "a"
            | "o"
            | "class"
            | "pyc"
            | "jar"
            | "war"
            | "ear"
            | "db"
            | "sqlite"
            | "sqlite3"
            | "zip"
            | "gz"
            | "tgz"
            | "7z"
            | "rar"
            | "xz"
            | "bz2"
            | "zst"
            | "bin"
            | "out"
    ) || !name.contains('.');
    if !asked || file.bytes < 16 || WRAPPERS.contains(&name.as_str()) {
        return;
    }
    let Ok(head) = repository.source().head(&file.path, 64) else { return };
    let starts = |bytes: &[u8]| head.starts_with(bytes);
    let is_jar = matches!(ending(&name), "jar" | "war" | "ear");
    seen.binary = match () {
        () if starts(b"\x7fELF") && elf_kind(&head) == 2 => "executable",
        () if starts(b"\x7fELF") => {
            if ending(&name).is_empty() {
                "executable"
            } else {
                "library"
            }
        }
        () if starts(b"MZ") => {
            if name.ends_with(".dll") {
                "library"
            } else {
                "executable"
            }
        }
        () if [b"\xcf\xfa\xed\xfe", b"\xce\xfa\xed\xfe"].iter().any(|magic| starts(*magic)) => "executable",
        () if starts(b"!<arch>\n") => "library",
        () if starts(b"\xca\xfe\xba\xbe") && name.ends_with(".class") => "java",
        () if starts(b"PK\x03\x04") && is_jar => "java",
        () if name.ends_with(".pyc") => "python",
        () => "",
    };
    if starts(b"SQLite format 3\0") {
        seen.database = "sqlite";
    }
    let magics: [&[u8]; 7] = [
        b"PK\x03\x04",
        b"\x1f\x8b",
        b"7z\xbc\xaf\x27\x1c",
        b"Rar!",
        b"\xfd7zXZ",
        b"BZh",
        b"\x28\xb5\x2f\xfd",
    ];
    seen.archive =
        seen.binary.is_empty() && seen.database.is_empty() && magics.iter().any(|magic| starts(magic));
}

/// 2 for a program, 3 for a library or a program that can be moved.
fn elf_kind(head: &[u8]) -> u8 {
    let is_big = head.get(5) == Some(&2);
    head.get(if is_big { 17 } else { 16 }).copied().unwrap_or_default()
}

fn is_text(path: &str) -> bool {
    const ENDINGS: [&str; 52] = [
        "rs",
        "go",
        "js",
        "mjs",
        "cjs",
        "ts",
        "mts",
        "cts",
        "jsx",
        "tsx",
        "py",
        "java",
        "kt",
        "scala",
        "cs",
        "rb",
        "php",
        "ex",
        "exs",
        "swift",
        "c",
        "h",
        "cc",
        "cpp",
        "hpp",
        "vue",
        "svelte",
        "yml",
        "yaml",
        "json",
        "toml",
        "ini",
        "cfg",
        "conf",
        "env",
        "properties",
        "xml",
        "html",
        "css",
        "scss",
        "sql",
        "sh",
        "bash",
        "tf",
        "hcl",
        "md",
        "markdown",
        "txt",
        "proto",
        "graphql",
        "lock",
        "gradle",
    ];
    let name = name_of(path);
    ENDINGS.contains(&ending(name)) || ["Dockerfile", "Makefile", ".env", ".gitignore"].contains(&name)
}

fn conflicts(repository: &Repository, path: &str) -> Vec<u32> {
    let Ok(text) = repository.text(path, TEXT) else { return Vec::new() };
    let is_markdown = matches!(ending(name_of(path)), "md" | "markdown");
    let mut lines = if text.contains("<<<<<<< ") { conflict::lines(&text, is_markdown) } else { Vec::new() };
    lines.truncate(MOST);
    lines
}
