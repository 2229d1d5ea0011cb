//! The pages of the packs: a table of all, and a page for each with a section for every rule: why
//! it matters, what to do, and the cases by which it is tried.

use std::fs;
use std::path::{Path, PathBuf};

use anyhow::Context as _;
use gonogo::packs::PACKS;
use gonogo_model::spec::raw::RawCheck;
use gonogo_model::spec::{Pack, PackSource};
use gonogo_model::yaml;

use super::Generated;
use super::reference::cell;

/// Where the cases of rules are.
const CASES: &str = "crates/gonogo-probes/tests/rules";
/// Lines of a case that a page shows; a longer one is only named.
const SHOWN: usize = 40;

/// The packs in the order of their names.
pub(super) fn sorted() -> Vec<&'static PackSource> {
    let mut sources: Vec<_> = PACKS.iter().collect();
    sources.sort_by_key(|source| source.name);
    sources
}

/// The table of all packs, and the page of each.
pub(super) fn pages(root: &Path) -> anyhow::Result<Vec<Generated>> {
    let mut index = "# Packs\n\nA pack is a set of ready-made checks. A spec includes it, and may change or disable any of its checks. `gonogo packs NAME` prints one, `gonogo audit` takes those that are about what it finds.\n\n| Pack | What it asks for | Checks |\n| --- | --- | --- |\n".to_owned();
    let mut pages = Vec::new();
    for source in sorted() {
        let pack = source.read()?;
        let (name, title) = (source.name, cell(&pack.raw.title));
        index.push_str(&format!("| [{name}](../packs/{name}.md) | {title} | {} |\n", pack.raw.checks.len()));
        pages.push(Generated { path: format!("docs/packs/{name}.md"), text: page(root, source, &pack)? });
    }
    pages.push(Generated { path: "docs/reference/packs.md".to_owned(), text: index });
    Ok(pages)
}

fn page(root: &Path, source: &PackSource, pack: &Pack) -> anyhow::Result<String> {
    let name = source.name;
    let read = |node| yaml::read::<RawCheck>(node).with_context(|| format!("a check of {}", source.file));
    let checks: Vec<RawCheck> = pack.raw.checks.iter().map(read).collect::<Result<_, _>>()?;
    let mut text = format!(
        "# {name}\n\n{}.\n\n| Check | What must be true | Severity |\n| --- | --- | --- |\n",
        pack.raw.title
    );
    for check in &checks {
        let (id, title) = (&check.id.value, cell(check.title.as_deref().unwrap_or_default()));
        text.push_str(&format!("| [{id}](#{id}) | {title} | {} |\n", severity(check)));
    }
    for check in &checks {
        text.push_str(&section(root, name, check)?);
    }
    Ok(text)
}

fn section(root: &Path, pack: &str, check: &RawCheck) -> anyhow::Result<String> {
    let id = &check.id.value;
    let mut text = format!("\n## {id}\n\n");
    let sentence = |text: &str| format!("{}.", text.trim_end_matches('.'));
    let mut said = vec![format!(
        "**{}** Severity: {}.",
        sentence(check.title.as_deref().unwrap_or(id)),
        severity(check)
    )];
    said.extend(check.impact.as_deref().map(sentence));
    if let Some(fix) = &check.fix {
        said.push(format!("What to do: {}", sentence(&fix.text)));
    }
    text.push_str(&format!("{}\n", said.join(" ")));
    if let Some(run) = check.fix.as_ref().and_then(|fix| fix.run.as_deref()) {
        text.push_str(&format!("\n```sh\n{run}\n```\n"));
    }
    if let (Some(probe), Some(expect)) = (&check.probe, &check.expect) {
        let (probe, expect) = (&probe.value, &expect.value);
        text.push_str(&format!(
            "\nExpected of every item of [`{probe}`](../probes/{probe}.md):\n\n```text\n{expect}\n```\n"
        ));
    }
    for (kind, heading) in [("bad", "It fires on"), ("good", "It is silent on")] {
        text.push_str(&case(root, pack, id, kind, heading)?);
    }
    Ok(text)
}

/// A hint says so beside its severity.
fn severity(check: &RawCheck) -> String {
    let word = check.severity.value.word();
    match &check.certainty {
        Some(certainty) if !certainty.value.is_certain() => format!("{word}, {}", certainty.value.word()),
        _ => word.to_owned(),
    }
}

/// A case: its text when it is one short file, else where it is. Texts that look like credentials
/// stay where they are.
fn case(root: &Path, pack: &str, rule: &str, kind: &str, heading: &str) -> anyhow::Result<String> {
    let folder = format!("{CASES}/{pack}/{rule}");
    let Some(path) = named(&root.join(&folder), kind)? else { return Ok(String::new()) };
    let name = path.file_name().map(|name| name.to_string_lossy().into_owned()).unwrap_or_default();
    let place = format!("{folder}/{name}");
    let text = fs::read_to_string(&path).ok().filter(|_| !pack.starts_with("leak"));
    let short = text.filter(|text| text.lines().count() <= SHOWN && !text.contains("```"));
    Ok(match short {
        Some(text) => {
            let ending = path.extension().map(|ending| ending.to_string_lossy().into_owned());
            format!("\n{heading}:\n\n```{} case\n{}\n```\n", ending.unwrap_or_default(), text.trim_end())
        }
        None => format!("\n{heading} `{place}`.\n"),
    })
}

fn named(folder: &Path, kind: &str) -> anyhow::Result<Option<PathBuf>> {
    let Ok(entries) = fs::read_dir(folder) else { return Ok(None) };
    for entry in entries {
        let path = entry.with_context(|| format!("failed to list {}", folder.display()))?.path();
        let name = path.file_name().map(|name| name.to_string_lossy().into_owned());
        if name.is_some_and(|name| name.split('.').next() == Some(kind)) {
            return Ok(Some(path));
        }
    }
    Ok(None)
}
