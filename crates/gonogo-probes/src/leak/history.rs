//! `leak/history`: what the commits of a repository brought in that looks like a credential, also
//! where a later commit took it out again. Each content is scanned once, whatever number of
//! commits and paths have it.

use std::collections::{BTreeMap, BTreeSet};

use gonogo_model::catalog::{Class, FactInfo, FactType, TargetKind, TargetNeed};
use gonogo_model::fact::{Item, Location};
use schemars::JsonSchema;
use serde::Deserialize;
use serde_json::json;

use super::file::now;
use super::scan::Match;
use super::survey::{Content, LARGEST, content, is_for_tests, scanned};
use crate::context::Context;
use crate::credential::issuers::Sure;
use crate::probe::{Looked, Probe, Unmeasured};
use crate::repository::{Place, Repository};
use crate::tools::git::{Change, Commit, History as Git, Id, Start};

/// Looks for credentials in what was committed.
pub(crate) struct History;

/// Parameters of `leak/history`.
#[derive(Debug, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub(crate) struct Params {
    /// Commits that are looked at, newest first.
    #[serde(default = "commits")]
    commits: usize,
    /// Megabytes of files that are read.
    #[serde(default = "megabytes")]
    megabytes: u64,
    /// Only what leads to the commit that is checked out; otherwise every branch and tag.
    #[serde(default)]
    only_head: bool,
}

fn commits() -> usize {
    50_000
}

fn megabytes() -> u64 {
    4_096
}

/// The key of the item for the whole history.
const ALL: &str = "(all commits)";
/// Kinds by path that are listed.
const MOST: usize = 2_000;

impl Probe for History {
    const ID: &'static str = "leak/history";
    const TITLE: &'static str = "Credentials that the history of a repository remembers";
    const CLASS: Class = Class::Passive;
    const TARGET: TargetNeed = TargetNeed::Optional(&[TargetKind::Path]);
    const FACTS: &'static [FactInfo] = FACTS;
    type Params = Params;

    async fn look(context: &Context, params: Params) -> Result<Looked, Unmeasured> {
        let now = now();
        let look = move |repository: &Repository| look(repository, &params, now);
        Place::of(context).look(look).await
    }
}

const FACTS: &[FactInfo] = &[
    fact(
        "kind",
        FactType::Text,
        "What was committed, such as `github-token`; empty on the item for all commits.",
    ),
    fact(
        "certain",
        FactType::Bool,
        "Whether its form says so; false where only a name does, or what it opens is unknown.",
    ),
    fact("checked", FactType::Bool, "Whether a checksum in it is right: somebody was given it."),
    fact("commit", FactType::Text, "The first commit that has it on this path, as the start of its name."),
    fact("places", FactType::Int, "How many different contents of this path have one."),
    fact("length", FactType::Int, "The length of the value, of the newest one."),
    fact("in_head", FactType::Bool, "Whether what is checked out has it on this path still."),
    fact("for_tests", FactType::Bool, "Whether the path says test, fixture, example or mock."),
    fact(
        "commits",
        FactType::Int,
        "Commits that were looked at. On the item for all commits, as what follows.",
    ),
    fact("files", FactType::Int, "Different contents that were scanned."),
    fact("bytes_read", FactType::Int, "Their bytes."),
    fact("shallow", FactType::Bool, "Whether it is a shallow clone, whose older commits are not there."),
    fact("cut", FactType::Bool, "Whether a limit was reached, and older commits or more files are there."),
    fact("broken", FactType::Int, "Commits, folders and files that could not be read."),
    fact("passed", FactType::Map, "How many contents were not scanned, by reason."),
];

const fn fact(name: &'static str, kind: FactType, about: &'static str) -> FactInfo {
    FactInfo { name, kind, unit: "", about }
}

/// What was committed on one path, of one kind.
#[derive(Debug)]
struct Brought {
    newest: Match,
    /// The oldest commit so far; they come newest first.
    commit: String,
    places: u64,
    in_head: bool,
}

/// What the walk saw.
#[derive(Debug, Default)]
struct Walk {
    brought: BTreeMap<(String, &'static str), Brought>,
    scanned: BTreeMap<Id, Vec<Match>>,
    /// Contents on their paths that were seen: a revert brings nothing new.
    seen: BTreeSet<(String, Id)>,
    files: u64,
    bytes: u64,
    broken: u64,
    is_cut: bool,
    passed: BTreeMap<&'static str, u64>,
}

fn look(repository: &Repository, params: &Params, now: i64) -> Result<Looked, Unmeasured> {
    let wrong = Unmeasured::because;
    let git = repository.source().history().map_err(wrong)?;
    let git = git.ok_or_else(|| {
        wrong(
            "there is no git repository in this folder; name the folder that has `.git` with `target`"
                .to_owned(),
        )
    })?;
    let start = if params.only_head { Start::Head } else { Start::Everywhere };
    let commits = git.commits(start, params.commits).map_err(wrong)?;
    let head = git.head_files().unwrap_or_default();
    let limit = params.megabytes.saturating_mul(1 << 20);
    let mut walk = Walk { broken: commits.broken as u64, is_cut: commits.is_cut, ..Walk::default() };
    for commit in &commits.list {
        if walk.bytes >= limit {
            walk.is_cut = true;
            break;
        }
        walk.commit(&git, commit, &head, now);
    }
    let mut items = vec![of_all(&walk, commits.list.len(), git.is_shallow())];
    items.extend(walk.brought.iter().take(MOST).map(|((path, kind), brought)| of_path(path, kind, brought)));
    Ok(Looked { items, artefacts: Vec::new() })
}

impl Walk {
    fn commit(&mut self, git: &Git, commit: &Commit, head: &BTreeMap<String, Id>, now: i64) {
        let Ok(changes) = git.changes(commit) else {
            self.broken += 1;
            return;
        };
        self.is_cut |= changes.is_cut;
        for Change { path, after, .. } in changes.list {
            let Some(id) = after else { continue };
            // The first path it is seen on says how it is read.
            if !self.scanned.contains_key(&id) {
                let matches = self.scan(git, &path, id, now);
                self.scanned.insert(id, matches);
            }
            let matches = self.scanned.get(&id).cloned().unwrap_or_default();
            if matches.is_empty() {
                continue;
            }
            let is_new = self.seen.insert((path.clone(), id));
            let in_head = head.get(&path) == Some(&id);
            let mut kinds = BTreeSet::new();
            for one in matches.into_iter().filter(|one| kinds.insert(one.kind)) {
                self.bring(&path, one, commit, is_new, in_head);
            }
        }
    }

    fn bring(&mut self, path: &str, one: Match, commit: &Commit, is_new: bool, in_head: bool) {
        let commit = commit.id.short();
        let key = (path.to_owned(), one.kind);
        let first = Brought { newest: one, commit: String::new(), places: 0, in_head: false };
        let brought = self.brought.entry(key).or_insert(first);
        brought.places += u64::from(is_new);
        brought.commit = commit;
        brought.in_head |= in_head;
    }

    fn scan(&mut self, git: &Git, path: &str, id: Id, now: i64) -> Vec<Match> {
        let bytes = match git.content(id, LARGEST) {
            Ok(bytes) => bytes,
            Err(why) if why.contains("larger") => {
                *self.passed.entry("larger than 1 MiB").or_default() += 1;
                return Vec::new();
            }
            Err(_) => {
                self.broken += 1;
                return Vec::new();
            }
        };
        if content(&bytes) != Content::Text {
            *self.passed.entry("not text").or_default() += 1;
            return Vec::new();
        }
        self.files += 1;
        self.bytes = self.bytes.saturating_add(bytes.len() as u64);
        scanned(path, &bytes, now, true)
    }
}

fn of_all(walk: &Walk, commits: usize, is_shallow: bool) -> Item {
    let location = Location { source: ".".to_owned(), line: Some(1), column: Some(1) };
    Item::new(ALL)
        .read_at(location)
        .fact("kind", "")
        .fact("certain", false)
        .fact("checked", false)
        .fact("in_head", false)
        .fact("for_tests", false)
        .fact("commits", commits)
        .fact("files", walk.files)
        .fact("bytes_read", walk.bytes)
        .fact("shallow", is_shallow)
        .fact("cut", walk.is_cut || walk.brought.len() > MOST)
        .fact("broken", walk.broken)
        .fact("passed", json!(walk.passed))
}

fn of_path(path: &str, kind: &str, brought: &Brought) -> Item {
    let Match { sure, line, column, length, .. } = brought.newest;
    let location = Location { source: path.to_owned(), line: Some(line), column: Some(column) };
    Item::new(format!("{path} {kind}"))
        .read_at(location)
        .fact("kind", kind)
        .fact("certain", sure != Sure::Not)
        .fact("checked", sure == Sure::Checksum)
        .fact("commit", brought.commit.as_str())
        .fact("places", brought.places)
        .fact("length", length)
        .fact("in_head", brought.in_head)
        .fact("for_tests", is_for_tests(path))
        .fact("shallow", false)
        .fact("cut", false)
        .fact("broken", 0)
}
