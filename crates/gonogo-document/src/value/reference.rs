//! References to files: `src/main.rs:74`, `docker-compose.yml:186-190`, `docs/deploy/`.

use super::Found;

/// A file and lines in it.
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord)]
pub struct FileReference {
    /// The path as written, with `/`.
    pub path: String,
    /// The first line.
    pub line: Option<u64>,
    /// The last line, of a range.
    pub last_line: Option<u64>,
}

impl FileReference {
    /// The last part of the path.
    pub fn name(&self) -> &str {
        self.path.trim_end_matches('/').rsplit('/').next().unwrap_or(&self.path)
    }
}

/// Endings of files that documents talk about. An unknown ending needs a folder before it.
const ENDINGS: &[&str] = &[
    "rs",
    "go",
    "py",
    "ts",
    "tsx",
    "js",
    "jsx",
    "java",
    "kt",
    "rb",
    "php",
    "cs",
    "c",
    "h",
    "cpp",
    "swift",
    "sh",
    "sql",
    "yml",
    "yaml",
    "json",
    "toml",
    "md",
    "mdx",
    "txt",
    "xml",
    "html",
    "css",
    "ini",
    "cfg",
    "conf",
    "env",
    "tf",
    "proto",
    "lock",
    "log",
    "properties",
    "gradle",
    "ex",
    "scala",
    "vue",
    "svelte",
    "pem",
    "csv",
    "pdf",
    "bicep",
    "ps1",
    "service",
];

/// Every reference to a file.
pub fn files(text: &str) -> Vec<Found<FileReference>> {
    let mut found = Vec::new();
    let mut from = 0;
    for word in text.split(|c: char| c.is_whitespace() || "()[]<>\"'`,;|=".contains(c)) {
        let start = from;
        from += word.len();
        from += text.get(from..).and_then(|rest| rest.chars().next()).map_or(0, char::len_utf8);
        let word = word.trim_end_matches(['.', ':', '!', '?']);
        if let Some(reference) = reference(word) {
            found.push(Found::new(reference, start..start + word.len()));
        }
    }
    found
}

fn reference(word: &str) -> Option<FileReference> {
    if word.contains("://") || !word.contains(['.', '/']) || word.len() > 400 {
        return None;
    }
    let (path, lines) = match word.split_once(':') {
        Some((path, lines)) => (path, Some(lines)),
        None => (word, None),
    };
    let name = path.trim_end_matches('/').rsplit('/').next().unwrap_or(path);
    let ending = name.rsplit_once('.').map(|(_, ending)| ending.to_lowercase());
    let known = ending.as_deref().is_some_and(|ending| ENDINGS.contains(&ending));
    let is_folder = path.ends_with('/') && path.len() > 2 && path.matches('/').count() > 1;
    let letters = path.chars().any(char::is_alphabetic);
    let clean = path.chars().all(|c| c.is_alphanumeric() || "/._-*@+~{}$".contains(c));
    if !(known || is_folder) || !letters || !clean {
        return None;
    }
    let numbers = |text: &str| {
        let (first, last) = text.split_once(['-', '–']).unwrap_or((text, ""));
        (first.parse().ok(), last.parse().ok())
    };
    let (line, last_line) = lines.map_or((None, None), numbers);
    Some(FileReference { path: path.to_owned(), line, last_line })
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn references_are_found_with_their_lines() {
        let read = |text: &str| {
            let shown = |found: Found<FileReference>| {
                format!("{} {:?} {:?}", found.value.path, found.value.line, found.value.last_line)
            };
            files(text).into_iter().map(shown).collect::<Vec<_>>()
        };
        assert_eq!(read("see src/main.rs:74."), ["src/main.rs Some(74) None"]);
        assert_eq!(read("[`a-b.yml:186-190`](x)"), ["a-b.yml Some(186) Some(190)"]);
        assert_eq!(read("`docs/deploy/` and `NOW.md`"), ["docs/deploy/ None None", "NOW.md None None"]);
        assert_eq!(read("http://a.b/c.md, 1.0.2, e.g. this/that, v2.md5"), Vec::<String>::new());
    }
}
