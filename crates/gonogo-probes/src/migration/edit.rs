//! `migration/history`: migrations that were changed after the commit that added them. Only the
//! commits of the branch itself count: what was changed before it was merged has run nowhere.

use std::collections::BTreeMap;

use gonogo_model::catalog::{Class, FactInfo, FactType, TargetKind, TargetNeed, fact};
use gonogo_model::fact::Item;
use schemars::JsonSchema;
use serde::Deserialize;

use super::dialect::Dialect;
use super::history::{History, LARGEST, Migration, histories};
use super::layout::Direction;
use super::sql::{self, At, Syntax};
use super::statement::location;
use crate::context::Context;
use crate::probe::{Looked, Probe, Unmeasured};
use crate::repository::{Place, Repository};
use crate::tools::git::{Change, ChangeKind, Commit, History as Git, Id, Start};

/// Looks for migrations that were changed.
pub(crate) struct Edit;

/// Parameters of `migration/history`.
#[derive(Debug, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub(crate) struct Params {
    /// Commits that are looked at, newest first.
    #[serde(default = "commits")]
    commits: usize,
}

fn commits() -> usize {
    20_000
}

/// Seconds of a day.
const DAY: i64 = 86_400;

impl Probe for Edit {
    const ID: &'static str = "migration/history";
    const TITLE: &'static str = "Migrations that were changed after they were added";
    const CLASS: Class = Class::Passive;
    const TARGET: TargetNeed = TargetNeed::Optional(&[TargetKind::Path]);
    const FACTS: &'static [FactInfo] = FACTS;
    type Params = Params;

    async fn look(context: &Context, params: Params) -> Result<Looked, Unmeasured> {
        let look = move |repository: &Repository| look(repository, params.commits);
        Place::of(context).look(look).await
    }
}

const FACTS: &[FactInfo] = &[
    fact(
        "known",
        FactType::Bool,
        "",
        "Whether the commit that added it was found. Otherwise nothing is said of changes.",
    ),
    fact(
        "edited",
        FactType::Bool,
        "",
        "Whether its statements are others than when it was added; comments and blanks do not count.",
    ),
    fact(
        "commit",
        FactType::Text,
        "",
        "The last commit that changed it, as the start of its name; empty when none did.",
    ),
    fact("days", FactType::Int, "days", "Whole days from the commit that added it to that one."),
    fact("for_development", FactType::Bool, "", "Whether names of folders say development, test or example."),
];

/// What the commits say of one file.
#[derive(Debug, Clone, Copy, Default)]
struct Past {
    /// The content it was added with, and when.
    added: Option<(Id, i64)>,
    /// The last commit that changed it, and when.
    edited: Option<(Id, i64)>,
}

fn look(repository: &Repository, most: usize) -> Result<Looked, Unmeasured> {
    let histories = histories(repository);
    let histories = (*histories).as_ref().map_err(Clone::clone)?;
    let git = repository.source().history().map_err(Unmeasured::because)?;
    let why = "there is no git repository in this folder; name the folder that has `.git` with `target`";
    let git = git.ok_or_else(|| Unmeasured::because(why))?;
    let asked = histories.iter().flat_map(|history| {
        history.ups.iter().filter(|up| up.place.direction == Direction::Up).map(move |up| (history, up))
    });
    let asked: Vec<(&History, &Migration)> = asked.collect();
    let pasts = pasts(&git, asked.iter().map(|(_, up)| up.path.as_str()), most)?;
    let items = asked.into_iter().map(|(history, up)| {
        let past = pasts.get(up.path.as_str()).copied().unwrap_or_default();
        item(repository, &git, history, up, past)
    });
    let items: Vec<Item> = items.collect();
    match items.is_empty() {
        true => Err(Unmeasured::because(
            "no migration in SQL can be read in this folder; `migration/folder` says why",
        )),
        false => Ok(Looked { items, artefacts: Vec::new() }),
    }
}

/// The past of each path, along the first parents.
fn pasts<'p>(
    git: &Git,
    paths: impl Iterator<Item = &'p str>,
    most: usize,
) -> Result<BTreeMap<&'p str, Past>, Unmeasured> {
    let commits = git.commits(Start::Head, most).map_err(Unmeasured::because)?.list;
    let by_id: BTreeMap<Id, &Commit> = commits.iter().map(|commit| (commit.id, commit)).collect();
    // The name a file had at the commit that is looked at, and its name now.
    let mut open: BTreeMap<String, &'p str> = paths.map(|path| (path.to_owned(), path)).collect();
    let mut pasts: BTreeMap<&'p str, Past> = BTreeMap::new();
    let mut next = commits.first();
    while let Some(commit) = next.filter(|_| !open.is_empty()) {
        let changes = git.changes(commit).map_err(Unmeasured::because)?;
        for change in &changes.list {
            follow(&mut open, &mut pasts, commit, change);
        }
        next = commit.parents.first().and_then(|parent| by_id.get(parent)).copied();
    }
    Ok(pasts)
}

fn follow<'p>(
    open: &mut BTreeMap<String, &'p str>,
    pasts: &mut BTreeMap<&'p str, Past>,
    commit: &Commit,
    change: &Change,
) {
    let Some(now) = open.get(&change.path).copied() else { return };
    let past = pasts.entry(now).or_default();
    match &change.kind {
        ChangeKind::Modified => past.edited = past.edited.or(Some((commit.id, commit.seconds))),
        ChangeKind::Added => {
            past.added = change.after.map(|content| (content, commit.seconds));
            open.remove(&change.path);
        }
        ChangeKind::Renamed(from) => {
            open.remove(&change.path);
            open.insert(from.clone(), now);
        }
        ChangeKind::Deleted => {}
    }
}

fn item(repository: &Repository, git: &Git, history: &History, up: &Migration, past: Past) -> Item {
    let edited =
        past.edited.zip(past.added).filter(|(_, (first, _))| differs(repository, git, history, up, *first));
    let days = edited.map_or(0, |((_, then), (_, added))| then.saturating_sub(added).max(0) / DAY);
    Item::new(&up.path)
        .read_at(location(&up.path, At { line: 1, column: 1 }))
        .fact("known", past.added.is_some())
        .fact("edited", edited.is_some())
        .fact("commit", edited.map(|((commit, _), _)| commit.short()).unwrap_or_default())
        .fact("days", days)
        .fact("for_development", history.for_development)
}

/// Whether it does something else than what was added. What cannot be read may.
fn differs(repository: &Repository, git: &Git, history: &History, up: &Migration, first: Id) -> bool {
    let syntax = if history.dialect == Dialect::MySql { Syntax::MySql } else { Syntax::Standard };
    let before = git.content(first, LARGEST).map(|bytes| String::from_utf8_lossy(&bytes).into_owned());
    match (before, repository.text(&up.path, LARGEST)) {
        (Ok(before), Ok(now)) => !sql::same(before.trim_start_matches('\u{feff}'), &now, syntax),
        _ => true,
    }
}

#[cfg(test)]
mod tests {
    use std::path::Path;
    use std::sync::Arc;

    use tempfile::TempDir;

    use super::*;
    use crate::context::{Environment, Reach};
    use crate::tools::git::world::{Commits, Files};

    /// A repository with these files, one list a commit, a day apart.
    fn grown(folder: &Path, commits: &[&[(&str, &str)]]) -> Result<Vec<Item>, Unmeasured> {
        let world = Commits::begin(folder, false).unwrap();
        let mut parents = Vec::new();
        for (day, files) in commits.iter().enumerate() {
            let all: Files<'_> = files.iter().map(|(path, text)| (*path, text.as_bytes())).collect();
            let seconds = i64::try_from(day).unwrap() * DAY;
            parents = vec![world.commit("HEAD", seconds, &all, &parents).unwrap()];
        }
        for (path, text) in commits.last().unwrap().iter() {
            let path = folder.join(path);
            std::fs::create_dir_all(path.parent().unwrap()).unwrap();
            std::fs::write(path, text).unwrap();
        }
        look(&opened(folder), 100).map(|looked| looked.items)
    }

    fn opened(folder: &Path) -> Arc<Repository> {
        let context = Context {
            target: None,
            others: std::collections::BTreeMap::new(),
            environment: Environment::default(),
            folder: folder.to_owned(),
            reach: Reach::default(),
            secrets: Arc::default(),
            repositories: Arc::default(),
            sinks: Arc::default(),
            afterwards: Arc::default(),
            live: crate::live::Live::default(),
        };
        Place::of(&context).open().unwrap()
    }

    fn said(items: &[Item]) -> Vec<(&str, bool, i64)> {
        items
            .iter()
            .map(|item| {
                (item.key.as_str(), item.facts["edited"] == true, item.facts["days"].as_i64().unwrap())
            })
            .collect()
    }

    #[test]
    fn what_was_changed_after_it_was_added_is_found() {
        let folder = TempDir::new().unwrap();
        let items = grown(
            folder.path(),
            &[
                &[
                    ("m/1.sql", "no"),
                    ("migrations/1_a.sql", "SELECT 1;"),
                    ("migrations/2_b.sql", "SELECT 2;"),
                ],
                &[("migrations/1_a.sql", "SELECT 1;"), ("migrations/3_b.sql", "SELECT 2;")],
                &[("migrations/1_a.sql", "-- why\nselect  1"), ("migrations/3_b.sql", "SELECT 22;")],
                &[
                    ("migrations/1_a.sql", "-- why\nselect  1"),
                    ("migrations/3_b.sql", "SELECT 22;"),
                    ("migrations/4_c.sql", "SELECT 4;"),
                ],
            ],
        );
        let items = items.unwrap();
        assert_eq!(
            said(&items),
            [
                ("migrations/1_a.sql", false, 0),
                ("migrations/3_b.sql", true, 2),
                ("migrations/4_c.sql", false, 0)
            ]
        );
        assert!(items.iter().all(|item| item.facts["known"] == true));
        assert!(!items[1].facts["commit"].as_str().unwrap().is_empty());
    }

    #[test]
    fn what_is_taken_back_is_no_change_and_what_was_never_committed_is_not_known() {
        let folder = TempDir::new().unwrap();
        let one = |text| ("migrations/1_a.sql", text);
        let items =
            grown(folder.path(), &[&[one("SELECT 1;")], &[one("SELECT 2;")], &[one("SELECT 1;")]]).unwrap();
        assert_eq!(said(&items), [("migrations/1_a.sql", false, 0)]);
        std::fs::write(folder.path().join("migrations/2_b.sql"), "SELECT 3;").unwrap();
        let items = look(&opened(folder.path()), 100).unwrap().items;
        assert_eq!(items[1].facts["known"], false);
    }

    #[test]
    fn without_a_repository_nothing_is_measured() {
        let target = Repository::of(&[("migrations/1_a.sql", "SELECT 1;")]);
        assert!(look(&target, 100).unwrap_err().why.contains("no git repository"));
    }
}
