//! What the path of a migration says: which folder it belongs to, its version, and whether it
//! goes up or down. It does not read the file.

use crate::repository::{folder_of, name_of};

/// Which way a file goes.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Direction {
    Up,
    Down,
    /// Run again whenever it has changed.
    Repeat,
}

/// How the files of a folder are named.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Naming {
    /// `2024-01-01-000000_users/up.sql`.
    FolderUpDown,
    /// `20240101000000_users/migration.sql`.
    FolderOne,
    /// `V1__users.sql`.
    Flyway,
    /// `000001_users.up.sql`.
    UpDown,
    /// `0001_users.sql`, `0001.sql`.
    Numbered,
    /// `users.sql`.
    Other,
}

/// A migration as its path tells it.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(super) struct Place {
    /// The folder with all migrations that belong together.
    pub(super) folder: String,
    /// Its name in that folder, without direction and ending.
    pub(super) name: String,
    /// The numbers of its version; empty without one.
    pub(super) version: Vec<u64>,
    pub(super) direction: Direction,
    pub(super) naming: Naming,
}

/// Reads a path.
pub(super) fn place(path: &str) -> Place {
    let (folder, file) = (folder_of(path), name_of(path));
    let above = name_of(folder);
    let one = |direction, naming| Place {
        folder: folder_of(folder).to_owned(),
        name: above.to_owned(),
        version: version(above),
        direction,
        naming,
    };
    let is_versioned = above.starts_with(|c: char| c.is_ascii_digit());
    match file {
        "up.sql" if is_versioned => one(Direction::Up, Naming::FolderUpDown),
        "down.sql" if is_versioned => one(Direction::Down, Naming::FolderUpDown),
        "migration.sql" if is_versioned => one(Direction::Up, Naming::FolderOne),
        _ => flat(folder, file),
    }
}

fn flat(folder: &str, file: &str) -> Place {
    let stem = file.strip_suffix(".sql").unwrap_or(file);
    if let Some((direction, version)) = flyway(stem) {
        let name = stem.to_owned();
        return Place { folder: folder.to_owned(), name, version, direction, naming: Naming::Flyway };
    }
    let (name, direction) = match () {
        () if ENDS_UP.iter().any(|end| stem.ends_with(end)) => (cut(stem, &ENDS_UP), Some(Direction::Up)),
        () if ENDS_DOWN.iter().any(|end| stem.ends_with(end)) => {
            (cut(stem, &ENDS_DOWN), Some(Direction::Down))
        }
        () => (stem, None),
    };
    let version = version(name);
    let naming = match (direction, version.is_empty()) {
        (Some(_), false) => Naming::UpDown,
        (_, false) => Naming::Numbered,
        (_, true) => Naming::Other,
    };
    let direction = direction.unwrap_or(Direction::Up);
    Place { folder: folder.to_owned(), name: name.to_owned(), version, direction, naming }
}

const ENDS_UP: [&str; 4] = [".up", "-up", "_up", ".do"];
const ENDS_DOWN: [&str; 6] = [".down", "-down", "_down", ".undo", ".rollback", "_rollback"];

fn cut<'s>(stem: &'s str, ends: &[&str]) -> &'s str {
    ends.iter().find_map(|end| stem.strip_suffix(end)).unwrap_or(stem)
}

/// `V1.2__name`, `U1__name`, `R__name`, `B3__base`.
fn flyway(stem: &str) -> Option<(Direction, Vec<u64>)> {
    let (before, _) = stem.split_once("__")?;
    let kind = before.chars().next()?;
    let number = before.get(1..)?;
    let is_version = number.starts_with(|c: char| c.is_ascii_digit())
        && number.chars().all(|c| c.is_ascii_digit() || c == '.' || c == '_');
    match kind {
        'R' if number.is_empty() => Some((Direction::Repeat, Vec::new())),
        'V' | 'v' | 'B' if is_version => Some((Direction::Up, numbers(number))),
        'U' if is_version => Some((Direction::Down, numbers(number))),
        _ => None,
    }
}

/// The numbers of `1.2_3`.
fn numbers(text: &str) -> Vec<u64> {
    text.split(['.', '_']).filter_map(|part| part.parse().ok()).collect()
}

/// The number a name starts with; dashes in it are for people: `2024-01-01-000000_users`.
fn version(name: &str) -> Vec<u64> {
    let end = name.find(|c: char| !c.is_ascii_digit() && c != '-').unwrap_or(name.len());
    let start = name.get(..end).unwrap_or_default();
    let follows = name.get(end..).unwrap_or_default();
    // `1password.sql` has no version; `3.sql`, `3_a.sql`, `3-a.sql` and `3.a.sql` have one.
    let is_apart = follows.is_empty() || follows.starts_with(['_', '.', ' ']) || start.ends_with('-');
    let digits: String = start.chars().filter(char::is_ascii_digit).collect();
    match digits.parse() {
        Ok(number) if is_apart => vec![number],
        _ => Vec::new(),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn paths_of_every_tool_are_read() {
        use Direction::{Down, Repeat, Up};
        for (path, folder, version, direction, naming) in [
            ("m/2019-02-26-002946_user/up.sql", "m", &[20190226002946][..], Up, Naming::FolderUpDown),
            ("m/1700000000000_user/down.sql", "m", &[1700000000000], Down, Naming::FolderUpDown),
            ("p/20240101000000_a/migration.sql", "p", &[20240101000000], Up, Naming::FolderOne),
            ("m/000001_a.up.sql", "m", &[1], Up, Naming::UpDown),
            ("m/1-a.down.sql", "m", &[1], Down, Naming::UpDown),
            ("m/001.do.sql", "m", &[1], Up, Naming::UpDown),
            ("m/0001_a.sql", "m", &[1], Up, Naming::Numbered),
            ("m/3.sql", "m", &[3], Up, Naming::Numbered),
            ("m/V1_2__a.sql", "m", &[1, 2], Up, Naming::Flyway),
            ("m/V1.10__a.sql", "m", &[1, 10], Up, Naming::Flyway),
            ("m/U1__a.sql", "m", &[1], Down, Naming::Flyway),
            ("m/R__views.sql", "m", &[], Repeat, Naming::Flyway),
            ("m/1password.sql", "m", &[], Up, Naming::Other),
            ("users.sql", "", &[], Up, Naming::Other),
            ("m/99999999999999999999999_a.sql", "m", &[], Up, Naming::Other),
        ] {
            let found = place(path);
            let got = (found.folder.as_str(), found.version.as_slice(), found.direction, found.naming);
            assert_eq!(got, (folder, version, direction, naming), "{path}");
        }
    }
}
