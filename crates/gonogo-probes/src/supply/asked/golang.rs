//! `go.mod` as a manifest: its versions are exact, so only replacements by folders matter.

use gonogo_model::place::Place;

use super::{Dependency, Manifest, Wanted};
use crate::supply::inventory::Ecosystem;

pub(super) fn read(source: &str) -> Manifest {
    let mut manifest = Manifest::new(Ecosystem::Go);
    let mut block = "";
    for (raw, number) in source.lines().zip(1_u32..) {
        let words: Vec<&str> = raw.split("//").next().unwrap_or_default().split_whitespace().collect();
        let place = Place { line: number, column: 1, width: 1 };
        match words.as_slice() {
            [")"] => block = "",
            [verb, "("] => block = verb,
            ["module", name] => manifest.name = Some((*name).to_owned()),
            ["replace", rest @ ..] => manifest.dependencies.extend(replaced(rest, place)),
            ["require", name, version] => manifest.dependencies.push(required(name, version, place)),
            [name, version] if block == "require" => {
                manifest.dependencies.push(required(name, version, place))
            }
            rest if block == "replace" => manifest.dependencies.extend(replaced(rest, place)),
            _ => {}
        }
    }
    manifest
}

fn required(name: &str, version: &str, place: Place) -> Dependency {
    Dependency::new(name, Wanted::Range(version.to_owned()), place)
}

/// `old [version] => ./folder`.
fn replaced(words: &[&str], place: Place) -> Option<Dependency> {
    let at = words.iter().position(|word| *word == "=>")?;
    let path = words.get(at.saturating_add(1)).filter(|_| words.len() == at.saturating_add(2))?;
    let found = Dependency::new(words.first()?, Wanted::Path((*path).to_owned()), place);
    Some(Dependency { always: false, ..found })
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn replacements_by_folders_are_read() {
        let text = "module a\nrequire (\n\tb v1.0.0 // indirect\n)\nreplace (\n\tb v1.0.0 => ../b\n\tc => d v1\n)\nreplace e => /home/me/e\n";
        let manifest = read(text);
        let seen: Vec<(&str, &Wanted, u32)> = manifest
            .dependencies
            .iter()
            .map(|one| (one.name.as_str(), &one.wanted, one.place.line))
            .collect();
        assert_eq!(
            seen,
            [
                ("b", &Wanted::Range("v1.0.0".into()), 3),
                ("b", &Wanted::Path("../b".into()), 6),
                ("e", &Wanted::Path("/home/me/e".into()), 9),
            ]
        );
    }
}
