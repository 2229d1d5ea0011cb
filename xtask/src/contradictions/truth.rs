//! What is known to be wrong in a document: the planted defects beside each document of the corpus.

use std::collections::BTreeSet;
use std::fs;
use std::path::Path;

use anyhow::{Context as _, bail};
use gonogo_document::contradiction::Kind;
use gonogo_model::yaml::{self, Limits};
use serde::Deserialize;

/// A document and what is wrong in it.
#[derive(Debug, Clone)]
pub struct Document {
    /// Its name, without folder.
    pub name: String,
    /// As it is on the disk.
    pub bytes: Vec<u8>,
    /// What is wrong in it.
    pub planted: Vec<Planted>,
    /// What is wrong in it and not planted, reviewed by a person.
    pub reviewed: Vec<Reviewed>,
}

/// One thing that is wrong.
#[derive(Debug, Clone)]
pub struct Planted {
    /// What a person calls it.
    pub name: String,
    /// Its kinds; the first is the one it is counted under.
    pub kinds: Vec<Kind>,
    /// The lines it can be seen at.
    pub lines: BTreeSet<u32>,
}

/// A report that was looked at and is true.
#[derive(Debug, Clone)]
pub struct Reviewed {
    /// The rule that reports it.
    pub rule: String,
    /// Lines of which the report has at least one.
    pub lines: BTreeSet<u32>,
}

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct Truth {
    defects: Vec<Defect>,
}

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct Defect {
    kind: char,
    r#type: String,
    why: String,
    lines: Vec<u32>,
}

/// All documents of a folder with their truths, by name.
///
/// # Errors
/// A document without truth, or a truth that cannot be understood.
pub fn corpus(folder: &Path) -> anyhow::Result<Vec<Document>> {
    let entries = fs::read_dir(folder).with_context(|| format!("failed to read {}", folder.display()))?;
    let mut names = BTreeSet::new();
    for entry in entries {
        let name = entry?.file_name().to_string_lossy().into_owned();
        names.extend(name.strip_suffix(".md").map(str::to_owned));
    }
    names.into_iter().map(|name| document(folder, name)).collect()
}

fn document(folder: &Path, name: String) -> anyhow::Result<Document> {
    let bytes = fs::read(folder.join(format!("{name}.md")))?;
    let path = folder.join(format!("{name}.truth.yaml"));
    let text = fs::read_to_string(&path).with_context(|| format!("failed to read {}", path.display()))?;
    let node = yaml::parse(&text, Limits::SPEC);
    let Ok(node) = node else { bail!("{} is no YAML", path.display()) };
    let truth: Truth = yaml::read(&node).map_err(|error| anyhow::anyhow!("{}: {error}", path.display()))?;
    let planted = truth.defects.into_iter().map(|defect| {
        let kind = Kind::of_letter(defect.kind);
        let kind = kind.with_context(|| format!("{}: there is no kind {}", path.display(), defect.kind))?;
        Ok(Planted {
            name: format!("{} {}: {} {:?}", defect.kind, defect.r#type, defect.why, defect.lines),
            kinds: vec![kind],
            lines: defect.lines.into_iter().collect(),
        })
    });
    Ok(Document { name, bytes, planted: planted.collect::<anyhow::Result<_>>()?, reviewed: Vec::new() })
}
