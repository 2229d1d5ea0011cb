//! `leak/file`: each file of a repository with something in it that looks like a credential, and
//! one item for all files together that says what was looked at and what was not.

use std::time::{SystemTime, UNIX_EPOCH};

use gonogo_model::catalog::{Class, FactInfo, FactType, TargetKind, TargetNeed};
use gonogo_model::fact::{Item, Location, Value};
use schemars::JsonSchema;
use serde::Deserialize;
use serde_json::json;

use super::scan::Match;
use super::survey::{Found, Survey, survey};
use crate::context::Context;
use crate::credential::issuers::Sure;
use crate::probe::{Looked, Probe, Unmeasured};
use crate::repository::{Place, Repository};

/// Looks for credentials in files.
pub(crate) struct File;

/// Parameters of `leak/file`: none.
#[derive(Debug, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub(crate) struct Params {}

/// The key of the item for all files.
const ALL: &str = "(all files)";
/// Matches and unread files that are listed; the counts say how many there are.
const LISTED: usize = 50;

impl Probe for File {
    const ID: &'static str = "leak/file";
    const TITLE: &'static str = "Credentials that stand in the files of a repository";
    const CLASS: Class = Class::Passive;
    const TARGET: TargetNeed = TargetNeed::Optional(&[TargetKind::Path]);
    const FACTS: &'static [FactInfo] = FACTS;
    type Params = Params;

    async fn look(context: &Context, _: Params) -> Result<Looked, Unmeasured> {
        let now = now();
        let look = move |repository: &Repository| {
            Ok(Looked { items: items(&survey(repository, now)), artefacts: Vec::new() })
        };
        Place::of(context).look(look).await
    }
}

/// Seconds since 1970; a clock before that knows no token that expired.
pub(super) fn now() -> i64 {
    let since = SystemTime::now().duration_since(UNIX_EPOCH).unwrap_or_default();
    i64::try_from(since.as_secs()).unwrap_or(i64::MAX)
}

const FACTS: &[FactInfo] = &[
    fact(
        "certain",
        FactType::List,
        "Credentials by their form: an issuer's key or token, a private key, a password in a URL to a host that can be reached. Each as `{kind, line, column, length}`; never a part of the value. At most 50.",
    ),
    fact(
        "likely",
        FactType::List,
        "What may be one: a random value behind a name such as `password`, a key that is often public, an encrypted private key, a token that does not say what it opens. As in `certain`.",
    ),
    fact("kinds", FactType::List, "The kinds under `certain`, each once."),
    fact(
        "checked",
        FactType::Int,
        "How many under `certain` carry a checksum that is right: somebody was given them.",
    ),
    fact(
        "holder",
        FactType::Text,
        "What the file is there to hold, when it holds credentials: `env file`, `registry login`, `password file`, `cluster login`, `terraform state`, `master key`, `keystore`. Empty otherwise.",
    ),
    fact("held", FactType::Int, "How many credentials such a file holds; 0 otherwise."),
    fact("for_tests", FactType::Bool, "Whether the path says test, fixture, example or mock."),
    fact("for_development", FactType::Bool, "Whether the path says development, test or example."),
    fact(
        "unread",
        FactType::List,
        "Files that could not be looked into, as `{path, why}`, on the item for all files. At most 50.",
    ),
    fact("files", FactType::Int, "Files that were scanned. On the item for all files, as what follows."),
    fact("bytes_read", FactType::Int, "Bytes that were scanned."),
    fact("passed", FactType::Map, "How many files need no look, by reason: `not text`, `larger than 1 MiB`."),
    fact("with_matches", FactType::Int, "Files that have an item of their own."),
];

const fn fact(name: &'static str, kind: FactType, about: &'static str) -> FactInfo {
    FactInfo { name, kind, unit: "", about }
}

/// One item for all files, and one for each with something in it.
pub(super) fn items(survey: &Survey) -> Vec<Item> {
    let mut items = vec![of_all(survey)];
    items.extend(survey.found.iter().map(of_file));
    items
}

fn of_all(survey: &Survey) -> Item {
    let unread: Vec<Value> =
        survey.unread.iter().take(LISTED).map(|(path, why)| json!({ "path": path, "why": why })).collect();
    let place = survey.unread.first().map_or(".", |(path, _)| path);
    let location = Location { source: place.to_owned(), line: Some(1), column: Some(1) };
    Item::new(ALL)
        .read_at(location)
        .fact("files", survey.files)
        .fact("bytes_read", survey.bytes)
        .fact("passed", json!(survey.passed))
        .fact("with_matches", survey.found.len())
        .fact("unread", unread)
        .fact("certain", json!([]))
        .fact("likely", json!([]))
        .fact("kinds", json!([]))
        .fact("checked", 0)
        .fact("holder", "")
        .fact("held", 0)
        .fact("for_tests", false)
        .fact("for_development", false)
}

fn of_file(found: &Found) -> Item {
    let (certain, likely): (Vec<&Match>, Vec<&Match>) =
        found.matches.iter().partition(|one| one.sure != Sure::Not);
    let mut kinds: Vec<&str> = certain.iter().map(|one| one.kind).collect();
    kinds.sort_unstable();
    kinds.dedup();
    let checked = certain.iter().filter(|one| one.sure == Sure::Checksum).count();
    let (holder, held, line) =
        found.holder.map_or(("", 0, 1), |(holder, held, line)| (holder.name(), held, line));
    let first = certain.first().or(likely.first()).map_or((line, 1), |one| (one.line, one.column));
    let location = Location { source: found.path.clone(), line: Some(first.0), column: Some(first.1) };
    Item::new(&found.path)
        .read_at(location)
        .fact("certain", listed(&certain))
        .fact("likely", listed(&likely))
        .fact("kinds", kinds)
        .fact("checked", checked)
        .fact("holder", holder)
        .fact("held", held)
        .fact("for_tests", found.for_tests)
        .fact("for_development", found.for_development)
        .fact("unread", json!([]))
}

fn listed(matches: &[&Match]) -> Value {
    let one = |one: &&Match| json!({ "kind": one.kind, "line": one.line, "column": one.column, "length": one.length });
    matches.iter().take(LISTED).map(one).collect()
}
