//! What is known to be wrong in the seeds: the list of their contradictions, read from its text.
//! It lies outside the repository, and nothing of it is kept here.

use std::collections::{BTreeMap, BTreeSet};
use std::fs;
use std::path::Path;

use anyhow::Context as _;
use gonogo_document::contradiction::Kind;
use gonogo_model::yaml::{self, Limits};
use serde::Deserialize;

use super::truth::{Document, Planted, Reviewed};

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct AlsoTrue {
    also_true: Vec<Seen>,
}

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct Seen {
    seed: String,
    rule: String,
    lines: BTreeSet<u32>,
    fact: String,
}

/// The seeds with their listed contradictions. Those between two seeds are left out: one document
/// does not show them.
///
/// # Errors
/// A file that cannot be read.
pub fn corpus(shared: &Path, also_true: &Path) -> anyhow::Result<Vec<Document>> {
    let list = shared.join("research/seed_contradictions.md");
    let list = fs::read_to_string(&list).with_context(|| format!("failed to read {}", list.display()))?;
    let mut planted: BTreeMap<String, Vec<Planted>> = BTreeMap::new();
    for (seed, entry) in entries(&list) {
        planted.entry(seed).or_default().push(entry);
    }
    let mut reviewed = reviewed(also_true)?;
    planted
        .into_iter()
        .map(|(name, planted)| {
            let path = shared.join(format!("seeds/{name}.md"));
            let bytes = fs::read(&path).with_context(|| format!("failed to read {}", path.display()))?;
            let reviewed = reviewed.remove(&name).unwrap_or_default();
            Ok(Document { name, bytes, planted, reviewed })
        })
        .collect()
}

fn reviewed(path: &Path) -> anyhow::Result<BTreeMap<String, Vec<Reviewed>>> {
    let text = fs::read_to_string(path).with_context(|| format!("failed to read {}", path.display()))?;
    let node =
        yaml::parse(&text, Limits::SPEC).map_err(|_| anyhow::anyhow!("{} is no YAML", path.display()))?;
    let list: AlsoTrue = yaml::read(&node).map_err(|error| anyhow::anyhow!("{}: {error}", path.display()))?;
    let mut found: BTreeMap<String, Vec<Reviewed>> = BTreeMap::new();
    for seen in list.also_true.into_iter().filter(|seen| !seen.fact.is_empty()) {
        found.entry(seen.seed).or_default().push(Reviewed { rule: seen.rule, lines: seen.lines });
    }
    Ok(found)
}

/// `- **S1-X-02 (C/O)** …` and all lines up to the next one, with `S1:L15` in it.
fn entries(list: &str) -> Vec<(String, Planted)> {
    let mut found = Vec::new();
    let mut current: Option<(String, Planted)> = None;
    for line in list.lines() {
        if let Some(entry) = heading(line) {
            found.extend(current.replace(entry));
        } else if line.starts_with(['#', '-']) || line.starts_with("Checked,") {
            found.extend(current.take());
        }
        if let Some((seed, entry)) = &mut current {
            entry.lines.extend(quoted(line, seed));
        }
    }
    found.extend(current);
    found
}

fn heading(line: &str) -> Option<(String, Planted)> {
    let (id, rest) = line.strip_prefix("- **")?.split_once(" (")?;
    let (seed, _) = id.split_once("-X-")?;
    let (kinds, _) = rest.split_once(')')?;
    let kinds: Vec<Kind> = kinds.split(['/', ',', ' ']).filter_map(only_letter).collect();
    // The contradictions between seeds are `SX`.
    (seed != "SX" && !kinds.is_empty())
        .then(|| (seed.to_owned(), Planted { name: id.to_owned(), kinds, lines: BTreeSet::new() }))
}

fn only_letter(word: &str) -> Option<Kind> {
    let mut letters = word.chars();
    let first = letters.next()?;
    letters.next().is_none().then(|| Kind::of_letter(first)).flatten()
}

/// The numbers behind `S1:L`.
fn quoted<'a>(line: &'a str, seed: &'a str) -> impl Iterator<Item = u32> + 'a {
    line.split("S").filter_map(move |part| {
        let (number, rest) = part.split_once(":L")?;
        let digits: String = rest.chars().take_while(char::is_ascii_digit).collect();
        (seed.strip_prefix('S') == Some(number)).then(|| digits.parse().ok()).flatten()
    })
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn entries_have_kinds_and_all_their_lines() {
        let list = "# x\n- **S1-X-02 (C/O)** a S1:L15 «1» b S1:L7\n  | x | S1:L9 «z» |\n\
                    - **SX-X-01 (V)** S1:L3\nChecked, consistent: S1:L99\n- **S3-X-34 (L, proven)** S3:L4";
        let found = entries(list);
        let names: Vec<&str> = found.iter().map(|(_, entry)| entry.name.as_str()).collect();
        assert_eq!(names, ["S1-X-02", "S3-X-34"]);
        assert_eq!(found[0].1.lines, BTreeSet::from([7, 9, 15]));
        assert_eq!(found[0].1.kinds, [Kind::Count, Kind::Omission]);
        assert_eq!(found[1].1.kinds, [Kind::Impossible]);
    }
}
