//! Whatever is changed in a sealed run folder, `verify` finds it and names the file.

use std::collections::BTreeMap;
use std::fs;
use std::path::Path;

use gonogo::pipeline::verdict_bytes;
use gonogo::store::{Body, Record, genesis, verify};
use gonogo_judge::{Case, Integrity, judge};
use gonogo_model::digest::Digest;
use gonogo_model::evidence::Outcome;

use crate::random::Random;
use crate::sealed;
use crate::world::files;

/// The files of a sealed run, and the folder they are put back into after every change.
struct Tampered<'r> {
    path: &'r Path,
    files: BTreeMap<String, Vec<u8>>,
}

impl Tampered<'_> {
    fn of(path: &Path) -> Tampered<'_> {
        assert!(verify(path, None).is_ok(), "the run verifies before anything is changed");
        Tampered { path, files: files(path) }
    }

    /// Changes files, asks `verify` that it names one of them, and puts them back.
    fn expect_found(&self, what: &str, changed: &[(&str, Option<&[u8]>)]) {
        for (name, bytes) in changed {
            match bytes {
                Some(bytes) => fs::write(self.path.join(name), bytes).unwrap(),
                None => fs::remove_file(self.path.join(name)).unwrap(),
            }
        }
        match verify(self.path, None) {
            Ok(_) => panic!("not found: {what} in {:?}", names(changed)),
            Err(problems) => {
                let named = problems.iter().any(|p| changed.iter().any(|(name, _)| p.file == *name));
                assert!(named, "{what} in {:?}: {problems:?}", names(changed));
            }
        }
        for (name, _) in changed {
            match self.files.get(*name) {
                Some(bytes) => fs::write(self.path.join(name), bytes).unwrap(),
                None => fs::remove_file(self.path.join(name)).unwrap(),
            }
        }
    }

    fn expect_changed(&self, what: &str, name: &str, bytes: &[u8]) {
        self.expect_found(what, &[(name, Some(bytes))]);
    }

    fn all(&self) -> Vec<(&str, &[u8])> {
        self.files.iter().map(|(name, bytes)| (name.as_str(), bytes.as_slice())).collect()
    }

    fn blobs(&self) -> Vec<(&str, &[u8])> {
        self.all().into_iter().filter(|(name, _)| name.starts_with("blobs/")).collect()
    }

    fn journal(&self) -> Vec<&[u8]> {
        lines(&self.files["run.jsonl"])
    }
}

fn names(changed: &[(&str, Option<&[u8]>)]) -> Vec<String> {
    changed.iter().map(|(name, _)| (*name).to_owned()).collect()
}

fn lines(bytes: &[u8]) -> Vec<&[u8]> {
    bytes.split_inclusive(|byte| *byte == b'\n').collect()
}

#[test]
fn a_thousand_changed_bytes_are_found() {
    let (_world, path, _) = sealed::run();
    let run = Tampered::of(&path);
    let mut random = Random::seeded(1);
    let all = run.all();
    let total: usize = all.iter().map(|(_, bytes)| bytes.len()).sum();
    for _ in 0..1_000 {
        // Any byte of any file, each as likely as the others.
        let mut at = random.below(total);
        let (name, bytes) = all
            .iter()
            .find(|(_, bytes)| {
                let here = at < bytes.len();
                at = if here { at } else { at - bytes.len() };
                here
            })
            .unwrap();
        let mut changed = bytes.to_vec();
        changed[at] = random.other_than(changed[at]);
        run.expect_changed(&format!("byte {at}"), name, &changed);
    }
    assert!(verify(&path, None).is_ok(), "everything was put back");
}

#[test]
fn dropped_duplicated_swapped_and_added_records_are_found() {
    let (_world, path, _) = sealed::run();
    let run = Tampered::of(&path);
    let mut random = Random::seeded(2);
    let journal = run.journal();
    for _ in 0..200 {
        let (one, two) = (random.below(journal.len()), random.below(journal.len()));
        let mut dropped = journal.clone();
        dropped.remove(one);
        run.expect_changed("dropped record", "run.jsonl", &dropped.concat());
        let mut doubled = journal.clone();
        doubled.insert(random.below(journal.len() + 1), journal[one]);
        run.expect_changed("duplicated record", "run.jsonl", &doubled.concat());
        let mut swapped = journal.clone();
        swapped.swap(one, if one == two { (one + 1) % journal.len() } else { two });
        run.expect_changed("swapped records", "run.jsonl", &swapped.concat());
        let stranger = stranger(&mut random);
        let mut added = journal.clone();
        added.insert(random.below(journal.len() + 1), &stranger);
        run.expect_changed("added line", "run.jsonl", &added.concat());
    }
}

/// A line that some tool or hand could add: a record of another run, JSON, nothing.
fn stranger(random: &mut Random) -> Vec<u8> {
    let skipped = Body::Skipped { check: "fails".into(), why: gonogo_model::evidence::Skip::Filtered };
    match random.below(4) {
        0 => Record::following(random.next() % 9, genesis(), skipped).line(),
        1 => b"{}\n".to_vec(),
        2 => b"\n".to_vec(),
        _ => b" ".to_vec(),
    }
}

#[test]
fn cut_off_files_are_found() {
    let (_world, path, _) = sealed::run();
    let run = Tampered::of(&path);
    let mut random = Random::seeded(3);
    let all: Vec<_> = run.all().into_iter().filter(|(_, bytes)| !bytes.is_empty()).collect();
    for _ in 0..200 {
        let (name, bytes) = random.one(&all);
        run.expect_changed("cut off", name, &bytes[..random.below(bytes.len())]);
    }
}

#[test]
fn deleted_added_changed_and_swapped_files_are_found() {
    let (_world, path, _) = sealed::run();
    let run = Tampered::of(&path);
    let mut random = Random::seeded(4);
    let (all, blobs) = (run.all(), run.blobs());
    assert!(blobs.len() >= 4, "several artefacts");
    for at in 0..200 {
        let (name, _) = random.one(&all);
        run.expect_found("deleted file", &[(name, None)]);
        let folder = *random.one(&["", "blobs/", "blobs/."]);
        let added = format!("{folder}{}", *random.one(&["note.txt", "run.jsonl.bak", "x", "verdict.json~"]));
        let content = format!("{at}");
        run.expect_changed("added file", &added, content.as_bytes());
        let digest = format!("blobs/{}", Digest::of_bytes(content.as_bytes()));
        run.expect_changed("added artefact that has its digest", &digest, content.as_bytes());
        let (name, bytes) = random.one(&blobs);
        let mut changed = bytes.to_vec();
        changed.insert(random.below(changed.len() + 1), b'x');
        run.expect_changed("changed artefact", name, &changed);
        let (one, two) = (random.below(blobs.len()), random.below(blobs.len()));
        let two = if one == two { (one + 1) % blobs.len() } else { two };
        run.expect_found(
            "swapped artefacts",
            &[(blobs[one].0, Some(blobs[two].1)), (blobs[two].0, Some(blobs[one].1))],
        );
    }
}

#[test]
fn the_binary_says_what_was_changed_and_exits_with_4() {
    let (world, path, _) = sealed::run();
    for name in files(&path).keys() {
        let bytes = fs::read(path.join(name)).unwrap();
        let mut changed = bytes.clone();
        let middle = changed.len() / 2;
        changed.insert(middle, b'7');
        fs::write(path.join(name), &changed).unwrap();
        let said = world.gonogo(&["verify", "run"]).ended(4);
        assert!(
            said.stdout.contains("NOT VERIFIED") && said.stdout.contains(name.as_str()),
            "{}",
            said.stdout
        );
        let json = world.gonogo(&["verify", "run", "--format", "json"]).ended(4);
        let json: serde_json::Value = serde_json::from_str(&json.stdout).unwrap();
        assert_eq!(json["verified"], false);
        assert!(json["problems"].as_array().unwrap().iter().any(|problem| problem["file"] == name.as_str()));
        for command in ["report", "judge"] {
            let said = world.gonogo(&[command, "run"]).ended(4);
            assert!(
                said.stderr.contains(name.as_str()) && said.stdout.is_empty(),
                "{command}: {}",
                said.all()
            );
        }
        fs::write(path.join(name), &bytes).unwrap();
    }
    world.gonogo(&["verify", "run"]).ended(0);
}

#[test]
fn a_run_that_was_rewritten_throughout_is_found_by_its_head() {
    let (world, path, head) = sealed::run();
    rewrite(&path);
    let said = world.gonogo(&["verify", "run"]).ended(0);
    assert!(said.stdout.contains("compare the head"), "{}", said.stdout);
    let said = world.gonogo(&["verify", "run", "--head", &head]).ended(4);
    assert!(said.stdout.contains("this is another run"), "{}", said.stdout);
}

/// What a forger with write access would do: the failed check passes, everything else follows.
fn rewrite(path: &Path) {
    let (run, _) = verify(path, None).unwrap();
    let mut evidence = run.evidence.clone();
    let fails = evidence.iter_mut().find(|evidence| evidence.checks.contains(&"fails".to_owned())).unwrap();
    let Outcome::Looked { items, .. } = &mut fails.outcome else { panic!("it looked") };
    items[0].facts.insert("exit_code".into(), 0.into());
    let now = run.opened.at;
    let verdict = judge(&Case {
        spec: &run.spec,
        evidence: &evidence,
        skips: &run.skips,
        now,
        integrity: Integrity::Sound,
    });
    let bytes = verdict_bytes(&verdict);
    let sealed = gonogo::store::Sealed { judged_at: now, verdict: Digest::of_bytes(&bytes) };
    let bodies = std::iter::once(Body::Opened(run.opened))
        .chain(evidence.into_iter().map(Body::Evidence))
        .chain([Body::Sealed(sealed)]);
    let (mut previous, mut journal) = (genesis(), Vec::new());
    for (number, body) in bodies.enumerate() {
        let record = Record::following(number as u64, previous, body);
        journal.extend(record.line());
        previous = record.digest;
    }
    fs::write(path.join("run.jsonl"), journal).unwrap();
    fs::write(path.join("verdict.json"), bytes).unwrap();
}
