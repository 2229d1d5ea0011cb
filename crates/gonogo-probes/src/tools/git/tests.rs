//! Real repositories in temporary folders, whole, broken and hostile.

use std::fs;
use std::io::Write as _;
use std::os::unix::fs::symlink;
use std::process::Command;

use tempfile::TempDir;

use super::world::{Commits as World, Files};
use super::*;

fn files<'f>(files: &[(&'f str, &'f str)]) -> Files<'f> {
    files.iter().map(|(path, text)| (*path, text.as_bytes())).collect()
}

/// Four commits on `main`, and one on `side` that is merged.
fn grown(folder: &Path) -> Vec<ObjectId> {
    let world = World::begin(folder, false).unwrap();
    let commit = |branch, seconds, content: &[(&str, &str)], parents: &[ObjectId]| {
        world.commit(branch, seconds, &files(content), parents).unwrap()
    };
    let first = commit("HEAD", 100, &[("a", "1"), ("d/b", "2")], &[]);
    let second = commit("HEAD", 200, &[("a", "1+"), ("e/b", "2")], &[first]);
    let side = commit("refs/heads/side", 150, &[("a", "1"), ("d/b", "2"), ("s", "side")], &[]);
    let merge = commit("HEAD", 300, &[("a", "1+"), ("e/b", "2"), ("s", "side")], &[second, side]);
    let last = commit("HEAD", 400, &[("a", "1+"), ("e/b", "2")], &[merge]);
    vec![first, second, side, merge, last]
}

fn opened(folder: &Path) -> History {
    History::open(folder).unwrap().unwrap()
}

fn ids(commits: &Commits) -> Vec<ObjectId> {
    commits.list.iter().map(|commit| commit.id.0).collect()
}

fn said(history: &History, commit: &Commit) -> Vec<(String, ChangeKind)> {
    let changes = history.changes(commit).unwrap();
    changes.list.into_iter().map(|change| (change.path, change.kind)).collect()
}

#[test]
fn commits_are_walked_newest_first_up_to_a_limit() {
    let folder = TempDir::new().unwrap();
    let [first, second, side, merge, last] = grown(folder.path())[..] else { panic!() };
    let history = opened(folder.path());
    let all = history.commits(Start::Head, 100).unwrap();
    assert_eq!(ids(&all), [last, merge, second, side, first]);
    assert!(!all.is_cut && all.broken == 0 && !history.is_shallow());
    let some = history.commits(Start::Head, 2).unwrap();
    assert_eq!(ids(&some), [last, merge]);
    assert!(some.is_cut);
    assert_eq!(all.list[0].seconds, 400);
    assert_eq!(all.list[0].id.to_string().len(), 40);
    assert!(all.list[0].id.to_string().starts_with(&all.list[0].id.short()));
}

#[test]
fn each_commit_says_what_it_changed() {
    let folder = TempDir::new().unwrap();
    grown(folder.path());
    let history = opened(folder.path());
    let all = history.commits(Start::Head, 100).unwrap().list;
    let [last, merge, second, side, first] = &all[..] else { panic!() };
    let (a, b, s) = ("a".to_owned(), "d/b".to_owned(), "s".to_owned());
    assert_eq!(said(&history, first), [(a.clone(), ChangeKind::Added), (b.clone(), ChangeKind::Added)]);
    let moved = ("e/b".to_owned(), ChangeKind::Renamed("d/b".to_owned()));
    assert_eq!(said(&history, second), [(a.clone(), ChangeKind::Modified), moved]);
    assert_eq!(said(&history, side).len(), 3);
    assert_eq!(said(&history, merge), [(s.clone(), ChangeKind::Added)]);
    assert_eq!(said(&history, last), [(s, ChangeKind::Deleted)]);
    let change = history.changes(second).unwrap().list.remove(0);
    assert_eq!(history.content(change.before.unwrap(), 9), Ok(b"1".to_vec()));
    assert_eq!(history.content(change.after.unwrap(), 9), Ok(b"1+".to_vec()));
    assert_eq!(history.content(change.after.unwrap(), 1), Err("is larger than 1 bytes".to_owned()));
    assert_eq!(history.content(second.id, 999), Err("is broken or missing in the repository".to_owned()));
    let head = history.head_files().unwrap();
    assert_eq!(head.into_keys().collect::<Vec<_>>(), ["a", "e/b"]);
}

#[test]
fn every_branch_is_walked_on_request() {
    let folder = TempDir::new().unwrap();
    let world = World::begin(folder.path(), true).unwrap();
    let main = world.commit("HEAD", 1, &files(&[("a", "1")]), &[]).unwrap();
    let other = world.commit("refs/heads/other", 2, &files(&[("b", "1")]), &[]).unwrap();
    fs::write(folder.path().join("refs/heads/lost"), format!("{}\n", "1".repeat(40))).unwrap();
    let history = opened(folder.path());
    assert_eq!(ids(&history.commits(Start::Head, 9).unwrap()), [main]);
    let all = history.commits(Start::Everywhere, 9).unwrap();
    assert_eq!((ids(&all), all.broken), (vec![other, main], 1));
}

#[test]
fn there_may_be_no_repository_and_no_commit() {
    let folder = TempDir::new().unwrap();
    assert!(History::open(folder.path()).unwrap().is_none());
    assert!(History::open(&folder.path().join("missing")).unwrap().is_none());
    World::begin(folder.path(), false).unwrap();
    let history = opened(folder.path());
    assert_eq!(history.commits(Start::Everywhere, 9).unwrap(), Commits::default());
    assert_eq!(history.head_files().unwrap().len(), 0);
    // A folder of a repository is not one.
    fs::create_dir(folder.path().join("below")).unwrap();
    assert!(History::open(&folder.path().join("below")).unwrap().is_none());
}

#[test]
fn a_shallow_clone_ends_where_it_says() {
    let folder = TempDir::new().unwrap();
    let [_, second, _, _, last] = grown(folder.path())[..] else { panic!() };
    fs::write(folder.path().join(".git/shallow"), format!("{second}\n")).unwrap();
    let history = opened(folder.path());
    assert!(history.is_shallow());
    let all = history.commits(Start::Head, 9).unwrap();
    assert_eq!(all.list.len(), 4, "the first commit is behind the end");
    assert_eq!((all.list[0].id.0, all.broken), (last, 0));
    let end = all.list.iter().find(|commit| commit.id.0 == second).unwrap();
    assert_eq!(said(&history, end).len(), 2, "it has everything");
}

#[test]
fn broken_objects_are_counted_and_passed_over() {
    let folder = TempDir::new().unwrap();
    let made = grown(folder.path());
    let object = |id: ObjectId| {
        let id = id.to_string();
        folder.path().join(".git/objects").join(&id[..2]).join(&id[2..])
    };
    let remake = |id, bytes: &[u8]| {
        fs::remove_file(object(id)).unwrap();
        fs::write(object(id), bytes).unwrap();
    };
    remake(made[2], b"nothing that git wrote");
    let history = opened(folder.path());
    let all = history.commits(Start::Head, 9).unwrap();
    assert_eq!((all.list.len(), all.broken), (4, 1));
    let tree = all.list[0].tree.0;
    remake(tree, b"");
    let history = opened(folder.path());
    let wrong = history.changes(&all.list[0]).unwrap_err();
    assert!(wrong.contains("is broken"), "{wrong}");
}

#[test]
fn nothing_is_read_outside_of_the_folder() {
    let outer = TempDir::new().unwrap();
    let (elsewhere, folder) = (outer.path().join("elsewhere"), outer.path().join("folder"));
    fs::create_dir_all(&elsewhere).unwrap();
    fs::create_dir_all(&folder).unwrap();
    grown(&elsewhere);
    let refused = |word: &str| {
        let why = History::open(&folder).unwrap_err();
        assert!(why.contains(word), "{why}");
    };
    symlink("../elsewhere/.git", folder.join(".git")).unwrap();
    refused("outside of it");
    fs::remove_file(folder.join(".git")).unwrap();
    fs::write(folder.join(".git"), "gitdir: ../elsewhere/.git\n").unwrap();
    refused("outside of it");
    fs::write(folder.join(".git"), "something else").unwrap();
    refused("does not say where");
    fs::remove_file(folder.join(".git")).unwrap();
    grown(&folder);
    for (name, text, word) in [
        ("objects/info/alternates", "../../../elsewhere/.git/objects\n", "borrows"),
        ("commondir", "../../elsewhere/.git\n", "outside of it"),
    ] {
        fs::create_dir_all(folder.join(".git/objects/info")).unwrap();
        fs::write(folder.join(".git").join(name), text).unwrap();
        refused(word);
        fs::remove_file(folder.join(".git").join(name)).unwrap();
    }
    symlink("../../../elsewhere/.git/objects/00", folder.join(".git/objects/zz")).unwrap();
    assert!(History::open(&folder).is_err(), "a link to nothing is not followed either");
}

#[test]
fn a_worktree_within_the_folder_is_read() {
    let folder = TempDir::new().unwrap();
    grown(folder.path());
    fs::rename(folder.path().join(".git"), folder.path().join("store")).unwrap();
    fs::write(folder.path().join(".git"), "gitdir: store\n").unwrap();
    assert_eq!(opened(folder.path()).commits(Start::Head, 9).unwrap().list.len(), 5);
}

#[test]
fn the_configuration_of_a_repository_runs_nothing() {
    let folder = TempDir::new().unwrap();
    grown(folder.path());
    let mark = folder.path().join("ran");
    let touch = format!("touch {}", mark.display());
    let config = format!(
        "[core]\n\trepositoryformatversion = 0\n\tfsmonitor = \"{touch}\"\n\tsshCommand = \"{touch}\"\n\tworktree = /\n\
         [include]\n\tpath = /dev/zero\n[diff]\n\texternal = \"{touch}\"\n"
    );
    fs::write(folder.path().join(".git/config"), config).unwrap();
    let history = opened(folder.path());
    for commit in history.commits(Start::Head, 9).unwrap().list {
        history.changes(&commit).unwrap();
    }
    assert!(!mark.exists());
}

#[test]
fn a_tree_that_stands_for_endlessly_many_files_is_cut() {
    use gix::objs::tree::{Entry, EntryKind};
    let folder = TempDir::new().unwrap();
    let world = World::begin(folder.path(), false).unwrap();
    let repository = gix::open_opts(folder.path(), gix::open::Options::isolated()).unwrap();
    let (mut oid, mut kind) = (repository.write_blob(b"boom").unwrap().detach(), EntryKind::Blob);
    for _ in 0..10 {
        let entries =
            (0..10).map(|at| Entry { mode: kind.into(), filename: format!("f{at}").into(), oid }).collect();
        oid = repository.write_object(&gix::objs::Tree { entries }).unwrap().detach();
        kind = EntryKind::Tree;
    }
    let first = world.commit("HEAD", 1, &Files::new(), &[]).unwrap();
    let who = gix::actor::SignatureRef { name: "A".into(), email: "a".into(), time: "2 +0000" };
    repository.commit_as(who, who, "HEAD", "bomb", oid, [first]).unwrap();
    let history = opened(folder.path());
    let bomb = &history.commits(Start::Head, 9).unwrap().list[0];
    assert!(history.changes(bomb).unwrap().is_cut);
}

#[test]
fn packs_are_read() {
    let folder = TempDir::new().unwrap();
    let made = grown(folder.path());
    let packed =
        Command::new("git").args(["gc", "--quiet", "--prune=now"]).current_dir(folder.path()).output();
    match packed {
        Ok(done) if done.status.success() => {}
        _ => {
            let line = "SKIPPED: packs are read: there is no working `git` to make one";
            return writeln!(std::io::stderr(), "{line}").unwrap();
        }
    }
    let loose = folder.path().join(".git/objects").join(&made[0].to_string()[..2]);
    assert!(!loose.exists(), "everything is in a pack");
    let history = opened(folder.path());
    let all = history.commits(Start::Everywhere, 9).unwrap();
    assert_eq!((all.list.len(), all.broken), (5, 0));
    for commit in &all.list {
        assert!(!history.changes(commit).unwrap().list.is_empty());
    }
    // Whatever a pack says, it is answered.
    let pack = fs::read_dir(folder.path().join(".git/objects/pack")).unwrap();
    let pack =
        pack.map(|entry| entry.unwrap().path()).find(|path| path.extension().is_some_and(|e| e == "pack"));
    let pack = pack.unwrap();
    let sound = fs::read(&pack).unwrap();
    fs::remove_file(&pack).unwrap();
    for at in (12..sound.len()).step_by(7) {
        let mut bytes = sound.clone();
        bytes[at] ^= 0x55;
        fs::write(&pack, bytes).unwrap();
        let history = opened(folder.path());
        for commit in history.commits(Start::Everywhere, 9).unwrap_or_default().list {
            let changes = history.changes(&commit).map(|changes| changes.list).unwrap_or_default();
            changes.iter().filter_map(|change| change.after).for_each(|id| drop(history.content(id, 99)));
        }
    }
}
