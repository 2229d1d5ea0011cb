//! What each fault changes about the walk: what it names, and nothing else.

use std::collections::BTreeSet;
use std::path::{Path, PathBuf};

use testbed_secureconnect::{Change, all_faults};
use testbed_servers::repository::{self, Edit};

use crate::healthy::healthy;
use crate::world::World;
use crate::{SHORT, walk};

/// Faults that the walk sees, and what is seen differently.
const CHANGES: &[(&str, &[&str])] = &[
    (
        "no-polls",
        &[
            "against the document",
            "ask",
            "close",
            "close another's poll",
            "families",
            "vote",
            "vote as a stranger",
            "vote event",
            "vote twice",
            "vote when closed",
            "votes",
        ],
    ),
    ("no-poll-events", &["vote event"]),
    ("poll-counts-twice", &["vote twice", "votes"]),
    ("poll-stays-open", &["vote when closed", "votes"]),
    ("no-typing", &["against the document", "typing", "typing ends"]),
    ("typing-never-ends", &["typing ends"]),
    ("typing-to-strangers", &["typing told to a stranger"]),
    ("no-reactions", &["against the document", "react", "react as a stranger"]),
    (
        "no-search",
        &[
            "against the document",
            "search",
            "search as a stranger",
            "search for a sign",
            "search for any sign",
            "search with a quote",
        ],
    ),
    ("search-everywhere", &["search as a stranger"]),
    ("no-long-poll", &["against the document", "wait for updates"]),
    ("long-poll-deaf", &["wait for updates"]),
    ("no-ai", &["against the document", "ask the model", "families"]),
    ("push-not-sent", &["devices that are gone", "notified"]),
    ("push-tokens-kept", &["devices that are gone"]),
    ("push-delete-ignored", &["notified"]),
    ("no-group-calls", &["join as the third"]),
    ("call-end-unsaid", &["end event"]),
    ("call-open-to-strangers", &["join as a stranger"]),
    ("no-call-poll", &["against the document", "signals"]),
    ("history-lost", &["resume"]),
    ("paging-broken", &["pages"]),
    ("presence-not-restored", &["presence when back"]),
    ("health-omits-cache", &["dependencies"]),
    ("health-omits-objects", &["dependencies"]),
    ("health-leaks", &["addresses in health", "against the document"]),
    (
        "metrics-hidden",
        &[
            "active calls",
            "active calls after",
            "against the document",
            "families",
            "metrics",
            "open sockets",
        ],
    ),
    ("metrics-stand-still", &["families"]),
    ("metrics-raw-paths", &["raw paths"]),
    ("no-breaker-metric", &["families"]),
    ("no-timeout-metrics", &["families"]),
    ("no-degraded-metric", &["families"]),
    ("sockets-leak", &["open sockets"]),
    ("logs-not-json", &["log of JSON"]),
    ("no-trace-in-logs", &["trace in the log"]),
    ("token-in-logs", &["token in the log"]),
    ("email-in-logs", &["address in the log"]),
    ("password-in-logs", &["password in the log"]),
    ("log-path-unread", &["log", "trace in the log"]),
    ("revocation-ignored", &["me after logout"]),
    ("refresh-reused", &["refresh twice"]),
    ("refresh-outlives-logout", &["refresh after logout"]),
    ("audience-unchecked", &["other audience"]),
    ("issuer-unchecked", &["other issuer"]),
    ("none-accepted", &["no algorithm"]),
    ("signature-unchecked", &["no algorithm", "other key"]),
    ("expired-accepted", &["expired"]),
    ("not-before-ignored", &["not yet valid"]),
    ("token-lives-years", &["life of a token"]),
    ("lockout-off", &["six wrong passwords"]),
    ("login-tells-accounts", &["against the document", "log in as nobody"]),
    ("short-passwords", &["mails", "register with a short password"]),
    ("cookie-without-flags", &["cookie"]),
    ("verification-skipped", &["log in unverified"]),
    ("verification-reused", &["verify twice"]),
    ("headers-missing", &["camera", "headers", "headers of an error", "headers of nothing", "sockets"]),
    ("headers-missing-on-errors", &["headers of an error", "headers of nothing"]),
    ("no-hsts", &["headers", "headers of an error", "headers of nothing"]),
    ("policy-blocks-camera", &["camera"]),
    ("policy-blocks-sockets", &["sockets"]),
    ("cors-wildcard", &["foreign origin", "own origin"]),
    ("cors-reflects", &["foreign origin"]),
    ("turn-test-credentials", &["TURN ends in an hour", "user of TURN"]),
    ("turn-never-expires", &["TURN ends in an hour"]),
    ("quota-ignored", &["announce over the quota", "quota after", "quota before"]),
    ("quota-not-returned", &["quota after", "quota before"]),
    ("presigned-never-expires", &["get too late"]),
    ("presigned-for-any-object", &["put with a signature of another"]),
    ("size-unchecked", &["put too much"]),
    ("type-unchecked", &["announce a page", "quota after", "quota before"]),
    ("file-names-unchecked", &["announce a way out", "quota after", "quota before"]),
    ("deleted-file-readable", &["get when deleted"]),
    ("other-file-readable", &["show to another"]),
    ("other-file-deletable", &["delete another's file"]),
    ("other-chat-readable", &["read as a stranger", "read when removed"]),
    ("removed-member-reads", &["read when removed"]),
    ("sql-injection", &["search for any sign", "search with a quote"]),
    ("stored-xss", &["against the document", "pages", "react", "type of a page", "wait for updates"]),
    ("undocumented-operation", &["debug"]),
    ("answer-breaks-document", &["against the document", "quota after", "quota before"]),
];

/// How many systems run at once: they mostly wait.
const AT_ONCE: usize = 12;

#[tokio::test(flavor = "multi_thread")]
async fn each_fault_changes_what_it_names_and_nothing_else() {
    let mut found = Vec::new();
    for some in CHANGES.chunks(AT_ONCE) {
        let mut under_way = tokio::task::JoinSet::new();
        for (fault, expected) in some {
            under_way.spawn(async move {
                let world = World::small(&[fault], &SHORT).await;
                let seen = walk(&world).await;
                world.end().await;
                let healthy = healthy();
                let differ = seen.iter().filter(|(what, seen)| healthy.get(**what) != Some(*seen));
                let differ: BTreeSet<&str> = differ.map(|(what, _)| *what).collect();
                let expected: BTreeSet<&str> = expected.iter().copied().collect();
                (differ != expected).then(|| {
                    let shown: Vec<_> = seen.iter().filter(|(what, _)| differ.contains(**what)).collect();
                    format!("{fault}: {shown:?}, expected {expected:?}")
                })
            });
        }
        found.extend(under_way.join_all().await.into_iter().flatten());
    }
    assert!(found.is_empty(), "{}", found.join("\n"));
}

#[test]
fn every_fault_in_the_table_is_one() {
    let known: BTreeSet<&str> = all_faults()
        .filter(|fault| !matches!(fault.change, Change::Repository(_)))
        .map(|fault| fault.name)
        .collect();
    let in_table: BTreeSet<&str> = CHANGES.iter().map(|(name, _)| *name).collect();
    assert!(in_table.is_subset(&known));
    assert_eq!(in_table.len(), CHANGES.len());
}

/// Each fault of the repository changes the files it names and no others.
#[test]
fn faults_of_the_repository_change_the_files_they_name() {
    let copy = |edits: &[Edit]| {
        let folder = tempfile::tempdir().unwrap();
        let healthy = concat!(env!("CARGO_MANIFEST_DIR"), "/repository");
        repository::copy(Path::new(healthy), folder.path(), edits.iter()).unwrap();
        let mut files = BTreeSet::new();
        read(folder.path(), folder.path(), &mut files);
        files
    };
    let healthy = copy(&[]);
    for fault in all_faults() {
        let Change::Repository(edits) = fault.change else { continue };
        let changed = copy(edits);
        let differ = healthy.symmetric_difference(&changed).map(|(path, _)| path.clone());
        let named = edits.iter().map(|edit| match *edit {
            Edit::Replace { file, .. }
            | Edit::Cut { file, .. }
            | Edit::Remove { file }
            | Edit::Add { file, .. } => PathBuf::from(file),
        });
        assert_eq!(differ.collect::<BTreeSet<_>>(), named.collect(), "{}", fault.name);
        for (path, text) in changed {
            if path.extension().is_some_and(|extension| extension == "yml" || extension == "yaml") {
                let parsed = serde_saphyr::from_str::<serde_json::Value>(&text);
                assert!(parsed.is_ok(), "{} breaks {}: {parsed:?}", fault.name, path.display());
            }
        }
    }
}

fn read(root: &Path, folder: &Path, files: &mut BTreeSet<(PathBuf, String)>) {
    for entry in std::fs::read_dir(folder).unwrap() {
        let path = entry.unwrap().path();
        match path.is_dir() {
            true => read(root, &path, files),
            false => {
                let text = std::fs::read_to_string(&path).unwrap();
                files.insert((path.strip_prefix(root).unwrap().to_owned(), text));
            }
        }
    }
}
