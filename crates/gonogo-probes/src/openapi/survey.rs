//! The API documents of a target: which files are documents, and in which version each is
//! written. It does not judge what they say.

use std::collections::BTreeMap;
use std::sync::Arc;

use gonogo_model::yaml::{Kind as Value, Node};

use super::library::{Library, Problem, Spot};
use crate::probe::Unmeasured;
use crate::repository::purpose;
use crate::repository::{Kind, Repository};

/// Everything of a target.
#[derive(Debug)]
pub(super) struct Survey {
    pub(super) library: Library,
    pub(super) documents: Vec<Document>,
}

/// One document: a file with `openapi` at its top.
#[derive(Debug)]
pub(super) struct Document {
    pub(super) path: String,
    pub(super) is_for_development: bool,
    /// What it says it is, `3.0.3`; empty when it does not say.
    pub(super) version: String,
    pub(super) dialect: Dialect,
    /// Why it cannot be read.
    pub(super) problems: Vec<Problem>,
}

/// Which rules a document follows.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Dialect {
    /// 3.0: schemas are a relative of JSON Schema.
    V30,
    /// 3.1 and 3.2: schemas are JSON Schema.
    V31,
    /// 2.0, under its old name.
    Swagger,
    Unknown,
}

impl Document {
    pub(super) fn is_readable(&self) -> bool {
        self.problems.is_empty()
    }

    /// Its tree, when it is readable.
    pub(super) fn root<'l>(&self, library: &'l Library) -> Option<Spot<'l>> {
        if self.is_readable() { library.root(&self.path).ok() } else { None }
    }
}

/// Every document, or why there is none; read once.
pub(super) fn survey(repository: &Repository) -> Arc<Result<Survey, Unmeasured>> {
    repository.once(read)
}

fn read(repository: &Repository) -> Result<Survey, Unmeasured> {
    let candidates = repository.some_of_kind(Kind::OpenApi)?;
    let is_named = repository.only().is_some();
    let likely: Vec<&str> =
        candidates.into_iter().filter(|path| is_named || says_version(repository, path)).collect();
    let library = Library::load(repository, &likely);
    let documents: Vec<Document> =
        likely.iter().filter_map(|path| document(&library, path, is_named)).collect();
    if documents.is_empty() {
        let why = "there is no OpenAPI document in this folder; name the folder or file with `target`";
        return Err(Unmeasured::because(why));
    }
    Ok(Survey { library, documents })
}

/// Whether the file has the key with a version behind it: many a `package.json` only names the
/// word. Files of the parts of a document say no version and are reached by references.
fn says_version(repository: &Repository, path: &str) -> bool {
    let Ok(text) = repository.text(path, 8 << 20) else { return true };
    let is_json = text.trim_start().starts_with('{');
    ["openapi", "swagger"].iter().any(|word| {
        text.match_indices(word).any(|(at, _)| {
            let before = text.get(..at).unwrap_or_default();
            let starts = match is_json {
                true => before.ends_with('"'),
                false => {
                    before.trim_end_matches(['"', '\'']).ends_with('\n')
                        || before.trim_matches(['"', '\'']).is_empty()
                }
            };
            let behind = text.get(at.saturating_add(word.len())..).unwrap_or_default();
            let behind = behind.trim_start_matches(['"', '\'', ' ']).strip_prefix(':');
            starts
                && behind.is_some_and(|value| {
                    let value = value.trim_start_matches([' ', '"', '\'']);
                    value.starts_with("2.") || value.starts_with("3.")
                })
        })
    })
}

fn document(library: &Library, path: &str, is_named: bool) -> Option<Document> {
    let is_for_development = is_for_development(path);
    let read = |version: String, dialect: Dialect, problems: Vec<Problem>| Document {
        path: path.to_owned(),
        is_for_development,
        version,
        dialect,
        problems,
    };
    let root = match library.root(path) {
        Ok(root) => root,
        Err(problem) => return Some(read(String::new(), Dialect::Unknown, vec![problem])),
    };
    let (version, dialect) = match version_of(root.node) {
        Some(found) => found,
        None if is_named => (String::new(), Dialect::Unknown),
        None => return None,
    };
    let problems = problem_of(root, &version, dialect).into_iter().collect();
    Some(read(version, dialect, problems))
}

/// The rules that a tree follows, when they are known and it can be read.
pub(super) fn dialect(root: &Node) -> Option<Dialect> {
    let (version, dialect) = version_of(root)?;
    problem_of(Spot { file: "", node: root }, &version, dialect).is_none().then_some(dialect)
}

fn version_of(root: &Node) -> Option<(String, Dialect)> {
    let text = |key: &str| match &root.get(key)?.kind {
        Value::Text(text) => Some(text.clone()),
        Value::Float(number) => Some(number.to_string()),
        Value::Int(number) => Some(number.to_string()),
        _ => None,
    };
    if let Some(version) = text("openapi") {
        let dialect = match version.as_str() {
            v if v == "3.0" || v.starts_with("3.0.") => Dialect::V30,
            v if v.starts_with("3.1") || v.starts_with("3.2") => Dialect::V31,
            _ => Dialect::Unknown,
        };
        return Some((version, dialect));
    }
    text("swagger").map(|version| (version, Dialect::Swagger))
}

fn problem_of(root: Spot<'_>, version: &str, dialect: Dialect) -> Option<Problem> {
    let what = match dialect {
        Dialect::Swagger => {
            "this is Swagger 2.0, which is not read; convert it to OpenAPI 3 (`npx swagger2openapi`)"
                .to_owned()
        }
        Dialect::Unknown if version.is_empty() => {
            "there is no `openapi` at the top of the file; is it an OpenAPI document?".to_owned()
        }
        Dialect::Unknown => format!("version `{version}` of OpenAPI is not known; 3.0 and 3.1 are read"),
        _ if ["paths", "webhooks", "components"].iter().all(|key| root.get(key).is_none()) => {
            "the document has no `paths`".to_owned()
        }
        _ if root.get("paths").is_some_and(|paths| !paths.is_map() && paths.node.kind != Value::Null) => {
            "`paths` is not a mapping".to_owned()
        }
        _ => return None,
    };
    let line = root.get("openapi").or_else(|| root.get("swagger")).map_or(1, Spot::line);
    Some(Problem { line, what })
}

/// API documents live in `docs/` and describe what runs in production.
fn is_for_development(path: &str) -> bool {
    let parts: Vec<&str> =
        path.split('/').filter(|part| !matches!(part.to_lowercase().as_str(), "doc" | "docs")).collect();
    purpose::is_for_development(&parts.join("/"))
}

/// Numbers keys that come twice.
pub(super) fn numbered(seen: &mut BTreeMap<String, usize>, key: String) -> String {
    let count = seen.entry(key.clone()).or_default();
    *count = count.saturating_add(1);
    if *count == 1 { key } else { format!("{key}#{count}") }
}
