//! `document/file`: Markdown documents: required headings, blanks nobody filled in, dead links,
//! age. Line counts are no evidence, so there is no such fact.

use std::path::Path;
use std::time::SystemTime;

use gonogo_model::catalog::{Class, FactInfo, FactType, TargetKind, TargetNeed, fact};
use gonogo_model::fact::{Item, Location, Value};
use jiff::Timestamp;
use jiff::civil::Date;
use jiff::tz::TimeZone;
use schemars::JsonSchema;
use serde::Deserialize;
use serde_json::json;

use crate::context::Context;
use crate::probe::{Looked, Probe, Unmeasured};
use crate::tools::files::{self, FileError, Found};

mod age;
mod links;
mod markdown;
mod placeholders;

/// A document is read by people.
const LIMIT: u64 = 4 << 20;

/// Looks at documents.
pub(crate) struct File;

/// Parameters of `document/file`.
#[derive(Debug, Deserialize, JsonSchema)]
#[serde(try_from = "Written")]
#[schemars(with = "Written")]
pub(crate) struct Params(Written);

/// Parameters of `document/file`.
#[derive(Debug, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
struct Written {
    /// The document, relative to the target, or to the spec when there is no target.
    path: Option<String>,
    /// Instead of `path`: several documents, one item each.
    #[serde(default)]
    paths: Vec<String>,
    /// Headings it must have, in any order and at any level; case and numbering do not count.
    #[serde(default)]
    headings: Vec<String>,
    /// More texts that are placeholders, besides the usual ones; case does not count.
    #[serde(default)]
    placeholders: Vec<String>,
    /// Look for placeholders in code blocks and code spans too.
    #[serde(default)]
    in_code: bool,
}

impl TryFrom<Written> for Params {
    type Error = &'static str;

    fn try_from(mut written: Written) -> Result<Params, &'static str> {
        match (written.path.take(), written.paths.is_empty()) {
            (Some(_), false) => return Err("`path` and `paths` exclude each other; keep one"),
            (None, true) => return Err("no document is named; add `path:` or `paths:`"),
            (Some(path), true) => written.paths = vec![path],
            (None, false) => {}
        }
        if written.placeholders.iter().any(|text| text.trim().is_empty()) {
            return Err("a placeholder is empty; it would be found everywhere");
        }
        let mut seen = std::collections::BTreeSet::new();
        if written.paths.iter().any(|path| !seen.insert(path.clone())) {
            return Err("a document is named twice; keep one");
        }
        Ok(Params(written))
    }
}

impl Probe for File {
    const ID: &'static str = "document/file";
    const TITLE: &'static str = "Whether a document is there, whole, filled in and fresh";
    const CLASS: Class = Class::Passive;
    const TARGET: TargetNeed = TargetNeed::Optional(&[TargetKind::Path]);
    const FACTS: &'static [FactInfo] = FACTS;
    type Params = Params;

    async fn look(context: &Context, Params(params): Params) -> Result<Looked, Unmeasured> {
        let root = context.target.as_ref().map(|target| context.folder.join(&target.address));
        let root = root.unwrap_or_else(|| context.folder.clone());
        files::off_thread(move || {
            let now = Timestamp::now();
            let root = files::folder_of(root)?;
            let items = params.paths.iter().map(|path| document(&root, path, &params, now));
            Ok(Looked { items: items.collect::<Result<_, _>>()?, artefacts: Vec::new() })
        })
        .await?
    }
}

const FACTS: &[FactInfo] = &[
    fact(
        "exists",
        FactType::Bool,
        "",
        "Whether there is such a file. All other facts are absent when there is none.",
    ),
    fact("size_bytes", FactType::Int, "bytes", "Size of the file."),
    fact("empty", FactType::Bool, "", "Whether it has no words besides its headings."),
    fact("words", FactType::Int, "", "Words outside code blocks."),
    fact("headings", FactType::List, "", "Its headings in order, as text."),
    fact("missing_headings", FactType::List, "", "The required headings it does not have."),
    fact(
        "placeholders",
        FactType::List,
        "",
        "Blanks nobody filled in, as `{text, line}`: `(configure)`, `TODO`, `TBD`, `FIXME`, `XXX`, `<your …>`, `{{ … }}`, `lorem ipsum`, and what the parameter adds.",
    ),
    fact("links", FactType::Int, "", "Links and images."),
    fact(
        "dead_links",
        FactType::List,
        "",
        "Relative links and anchors that lead nowhere, as `{to, line, why}`. Addresses on other hosts are not followed.",
    ),
    fact(
        "age_days",
        FactType::Int,
        "days",
        "Whole days since the date that `age_from` names; 0 for a date in the future.",
    ),
    fact(
        "age_from",
        FactType::Text,
        "",
        "`front matter` (`date`, `updated`, `last_reviewed`, …), `text` (`Last reviewed: 2026-01-31`) or `file` (time of its last change; a fresh checkout is always young).",
    ),
];

fn document(root: &Path, path: &str, params: &Written, now: Timestamp) -> Result<Item, Unmeasured> {
    let item = Item::new(path).read_at(Location::of(path));
    match files::read_below(root, Path::new(path), LIMIT) {
        Err(FileError::Missing) => Ok(item.fact("exists", false)),
        Err(error) => Err(error.of(path)),
        Ok(found) => {
            let text = found.text().map_err(|_| {
                Unmeasured::because(format!("{path} is not UTF-8 text; name a Markdown or text document"))
            })?;
            Ok(measured(item, root, path, text, &found, params, now))
        }
    }
}

fn measured(
    item: Item,
    root: &Path,
    path: &str,
    text: &str,
    found: &Found,
    params: &Written,
    now: Timestamp,
) -> Item {
    let document = markdown::read(text);
    let missing = document.missing(&params.headings);
    let blanks = placeholders::find(&document, &params.placeholders, params.in_code);
    let dead = links::dead(&document, root, Path::new(path));
    let item = item
        .fact("exists", true)
        .fact("size_bytes", found.bytes.len())
        .fact("empty", document.words == 0)
        .fact("words", document.words)
        .fact("headings", document.headings.iter().map(|heading| heading.text.clone()).collect::<Vec<_>>())
        .fact("missing_headings", missing)
        .fact(
            "placeholders",
            blanks
                .into_iter()
                .map(|(text, line)| json!({"text": text, "line": line}))
                .collect::<Vec<Value>>(),
        )
        .fact("links", document.links.len())
        .fact(
            "dead_links",
            dead.into_iter()
                .map(|dead| json!({"to": dead.to, "line": dead.line, "why": dead.why}))
                .collect::<Vec<Value>>(),
        );
    match dated(&document, found.modified) {
        Some((date, from)) => item.fact("age_days", days_between(date, now)).fact("age_from", from),
        None => item,
    }
}

fn dated(document: &markdown::Document, modified: Option<SystemTime>) -> Option<(Date, &'static str)> {
    let stated = age::in_front_matter(&document.front_matter).map(|date| (date, "front matter"));
    stated.or_else(|| age::in_text(&document.prose).map(|date| (date, "text"))).or_else(|| {
        let changed = Timestamp::try_from(modified?).ok()?;
        Some((changed.to_zoned(TimeZone::UTC).date(), "file"))
    })
}

fn days_between(date: Date, now: Timestamp) -> i64 {
    let today = now.to_zoned(TimeZone::UTC).date();
    let days = date.until(today).map(|span| i64::from(span.get_days()));
    days.unwrap_or_default().max(0)
}
