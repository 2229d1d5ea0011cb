//! `go.mod`, which names the exact versions of a build, and `go.sum`, which has their checksums.

use std::collections::{BTreeMap, BTreeSet};

use gonogo_model::place::Place;

use crate::supply::document::Problem;
use crate::supply::inventory::{Checksum, Ecosystem, Lock, Origin, Package};

/// Reads a `go.mod` with the `go.sum` beside it.
pub(super) fn read(source: &str, sums: Option<&str>) -> Result<Lock, Problem> {
    let file = parse(source);
    let mut lock = Lock::new(Ecosystem::Go, format!("go {}", file.go));
    if file.module.is_empty() {
        return Err(Problem::at(1, "it has no `module`"));
    }
    let known = sums.map(hashed);
    for required in &file.requires {
        lock.packages.push(package(&file, required, known.as_ref()));
    }
    lock.problems = file.problems;
    Ok(lock)
}

/// Reads a `go.sum` for itself.
pub(super) fn sums(source: &str) -> Result<Lock, Problem> {
    let mut lock = Lock::new(Ecosystem::Go, "go.sum");
    for (line, number) in source.lines().zip(1_u32..) {
        let parts: Vec<&str> = line.split_whitespace().collect();
        match parts.as_slice() {
            [] => {}
            [name, version, hash] if hash.starts_with("h1:") => {
                // A line for the `go.mod` alone is of a version that was only considered.
                if !version.ends_with("/go.mod") {
                    let place = Place { line: number, column: 1, width: 1 };
                    let mut package = Package::new(name, version, Origin::Registry, place);
                    package.checksum = Some(Checksum::Other);
                    lock.packages.push(package);
                }
            }
            _ => lock.problems.push(Problem::at(number, "this line is not `module version h1:…`")),
        }
    }
    Ok(lock)
}

#[derive(Default)]
struct File<'t> {
    module: &'t str,
    go: &'t str,
    requires: Vec<Required<'t>>,
    replaces: BTreeMap<(&'t str, &'t str), (&'t str, &'t str)>,
    problems: Vec<Problem>,
}

struct Required<'t> {
    name: &'t str,
    version: &'t str,
    indirect: bool,
    line: u32,
    column: u32,
}

fn parse(source: &str) -> File<'_> {
    let mut file = File::default();
    let mut block = "";
    for (raw, number) in source.lines().zip(1_u32..) {
        let (body, comment) = raw.split_once("//").unwrap_or((raw, ""));
        let body = body.trim();
        if body == ")" {
            block = "";
            continue;
        }
        let (verb, rest) = match block {
            "" => body.split_once(char::is_whitespace).unwrap_or((body, "")),
            block => (block, body),
        };
        let rest = rest.trim();
        if block.is_empty() && (rest == "(" || verb.ends_with('(')) {
            block = verb.trim_end_matches('(');
            continue;
        }
        let column =
            u32::try_from(raw.len().saturating_sub(raw.trim_start().len())).unwrap_or(0).saturating_add(1);
        line(
            &mut file,
            verb,
            rest,
            comment.trim().starts_with("indirect"),
            Place { line: number, column, width: 1 },
        );
    }
    file
}

fn line<'t>(file: &mut File<'t>, verb: &str, rest: &'t str, indirect: bool, place: Place) {
    let words: Vec<&str> = rest.split_whitespace().map(|word| word.trim_matches(['"', '`'])).collect();
    match (verb, words.as_slice()) {
        ("module", [name, ..]) => file.module = name,
        ("go", [version, ..]) => file.go = version,
        ("require", [name, version]) => {
            file.requires.push(Required { name, version, indirect, line: place.line, column: place.column });
        }
        ("replace", [old, "=>", new @ ..]) => {
            let target = (new.first().copied().unwrap_or_default(), new.get(1).copied().unwrap_or_default());
            file.replaces.insert((old, ""), target);
        }
        ("replace", [old, version, "=>", new @ ..]) => {
            let target = (new.first().copied().unwrap_or_default(), new.get(1).copied().unwrap_or_default());
            file.replaces.insert((old, version), target);
        }
        ("require", [_, ..]) => {
            file.problems.push(Problem::at(place.line, "a requirement is not `module version`"))
        }
        _ => {}
    }
}

fn package(file: &File<'_>, required: &Required<'_>, known: Option<&BTreeSet<(&str, &str)>>) -> Package {
    let replaced = file.replaces.get(&(required.name, required.version));
    let replaced = replaced.or_else(|| file.replaces.get(&(required.name, ""))).copied();
    let (name, version, origin) = match replaced {
        Some((path, "")) => {
            (required.name, required.version, if path.is_empty() { Origin::Registry } else { Origin::Path })
        }
        Some((name, version)) => (name, version, Origin::Registry),
        None => (required.name, required.version, Origin::Registry),
    };
    let place = Place { line: required.line, column: required.column, width: 1 };
    let mut package = Package::new(name, version, origin, place);
    package.direct = Some(!required.indirect);
    // Only what the repository asks for itself must be there in every kind of build.
    package.owes_checksum = origin == Origin::Registry && !required.indirect && known.is_some();
    package.checksum = known.filter(|known| known.contains(&(name, version))).map(|_| Checksum::Other);
    package
}

/// Module and version of each line, those for the `go.mod` alone too.
fn hashed(source: &str) -> BTreeSet<(&str, &str)> {
    let lines = source.lines().filter_map(|line| {
        let mut parts = line.split_whitespace();
        Some((parts.next()?, parts.next()?.trim_end_matches("/go.mod")))
    });
    lines.collect()
}

#[cfg(test)]
mod tests {
    use super::*;

    const MOD: &str = "module x.y/app // app\n\ngo 1.22\n\nrequire (\n\ta.b/c v1.0.0\n\td.e/f v2.0.0+incompatible // indirect\n\tg.h/i v1.1.0\n)\nrequire j.k/l v0.1.0\n\nreplace g.h/i => ../i\nreplace j.k/l v0.1.0 => m.n/o v0.2.0\n";

    #[test]
    fn versions_and_replacements_are_read() {
        let sums = "a.b/c v1.0.0/go.mod h1:x=\nm.n/o v0.2.0 h1:y=\n";
        let lock = read(MOD, Some(sums)).unwrap();
        let seen: Vec<(&str, &str, Origin, bool)> = lock
            .packages
            .iter()
            .map(|one| (one.name.as_str(), one.version.as_str(), one.origin, one.checksum.is_some()))
            .collect();
        assert_eq!(
            seen,
            [
                ("a.b/c", "v1.0.0", Origin::Registry, true),
                ("d.e/f", "v2.0.0+incompatible", Origin::Registry, false),
                ("g.h/i", "v1.1.0", Origin::Path, false),
                ("m.n/o", "v0.2.0", Origin::Registry, true),
            ]
        );
        assert_eq!(
            (lock.packages[1].direct, lock.packages[0].place.line, lock.packages[0].place.column),
            (Some(false), 6, 2)
        );
    }

    #[test]
    fn sums_that_are_no_sums_are_problems() {
        let lock = sums("a v1 h1:x=\na v1/go.mod h1:x=\n\nbroken\n").unwrap();
        assert_eq!((lock.packages.len(), lock.problems[0].line), (1, 4));
    }
}
