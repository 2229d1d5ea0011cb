//! A run that is killed at any moment goes on with `--resume`, and comes to the same bytes.

use std::fs;
use std::sync::atomic::{AtomicBool, Ordering};
use std::sync::{Arc, mpsc};
use std::thread;
use std::time::{Duration, Instant};

use crate::http::{Answer, Server};
use crate::random::Random;
use crate::world::{LIMIT, NOW, Running, World, wait_for};

/// Thirty-two checks behind two gates, the second of which does not pass.
fn spec() -> String {
    let mut text = String::from(
        "version: 1\nsystem: Shop\ntargets:\n  web: { http: \"${WEB}\" }\nstages:\n\
         \x20 - { id: settings, gate: true }\n  - { id: service, needs: [settings] }\n\
         \x20 - { id: door, gate: true, needs: [service] }\n  - { id: behind, needs: [door] }\n\
         budget: { parallel: 4 }\nchecks:\n",
    );
    let mut check = |id: String, stage: &str, probe: &str, with: &str, expect: &str| {
        text.push_str(&format!(
            "  - {{ id: {id}, stage: {stage}, probe: {probe}, with: {{ {with} }}, expect: \"{expect}\", severity: medium }}\n"
        ));
    };
    for n in 0..6 {
        check(
            format!("secret-{n}"),
            "settings",
            "secret/env",
            &format!("name: SECRET_{n}"),
            "present && length == 24",
        );
        check(
            format!("number-{n}"),
            "settings",
            "config/env",
            &format!("name: NUMBER_{n}, kind: integer"),
            "valid",
        );
    }
    for n in 0..4 {
        check(
            format!("runbook-{n}"),
            "settings",
            "document/file",
            &format!("path: runbook-{n}.md"),
            "exists && !empty",
        );
    }
    for n in 0..6 {
        let with = format!("target: web, path: /slow/{n}, json: {{ n: /n, half: /half }}");
        check(
            format!("page-{n}"),
            "service",
            "http/get",
            &with,
            &format!("status == 200 && json.n == {n} && json.half < 1"),
        );
        check(
            format!("sleep-{n}"),
            "service",
            "process/command",
            &format!("run: [sh, -c, 'sleep 0.03; echo slept {n}']"),
            "exit_code == 0",
        );
    }
    check("knocks".into(), "door", "process/command", "run: ['false']", "exit_code == 0");
    for n in 0..3 {
        check(format!("behind-{n}"), "behind", "process/command", "run: ['true']", "exit_code == 0");
    }
    text
}

/// The world of the spec, with a slow service.
fn world() -> (World, Server) {
    let server = Server::start(|head| {
        thread::sleep(Duration::from_millis(30));
        let n = head.split_once("/slow/").and_then(|(_, rest)| rest.chars().next()).unwrap_or('0');
        Answer { headers: vec![], body: format!("{{\"n\": {n}.0, \"half\": 0.5}}") }
    });
    let mut world = World::new();
    world.set("WEB", &server.url());
    world.write("gonogo.yaml", &spec());
    for n in 0..6 {
        world.set(&format!("SECRET_{n}"), &format!("q8Zk2Lw9Xc4Vb7Nm1As5Df3{n}"));
        world.set(&format!("NUMBER_{n}"), &n.to_string());
        world.write(&format!("runbook-{n}.md"), "# Runbook\n\nRestart it.\n");
    }
    (world, server)
}

/// Runs undisturbed; the bytes of the verdict and how long it took.
fn undisturbed(world: &World) -> (Vec<u8>, Duration) {
    let since = Instant::now();
    run(world, "undisturbed");
    let took = since.elapsed();
    world.gonogo(&["verify", "undisturbed"]).ended(0);
    (world.read("undisturbed/verdict.json"), took)
}

/// Runs to the end. The second gate does not pass: NO-GO.
fn run(world: &World, out: &str) {
    world.gonogo(&["run", "--now", NOW, "--out", out]).ended(1);
}

fn start(world: &World, out: &str) -> Running {
    world.start(&["run", "--now", NOW, "--out", out])
}

/// Brings a killed run to its end in the way its state and the messages ask for.
fn finish(world: &World, out: &str) {
    let said = world.gonogo(&["run", "--resume", out]);
    match said.code {
        Some(1) => {}
        Some(64) if said.stderr.contains("is finished") => {}
        Some(64) => {
            let clear =
                said.stderr.contains("is not a run folder") || said.stderr.contains("killed before it began");
            assert!(clear, "{}", said.stderr);
            run(world, out);
        }
        _ => panic!("{:?}: {}", said.code, said.all()),
    }
}

fn expect_the_same(world: &World, out: &str, verdict: &[u8]) {
    world.gonogo(&["verify", out]).ended(0);
    let found = world.read(&format!("{out}/verdict.json"));
    assert!(found == verdict, "{out}: another verdict: {}", String::from_utf8_lossy(&found));
}

#[test]
fn twenty_kills_at_random_moments() {
    let (world, _server) = world();
    let (verdict, took) = undisturbed(&world);
    let mut random = Random::seeded(5);
    for at in 0..20_u32 {
        let out = format!("run-{at}");
        let running = start(&world, &out);
        // One kill in each twentieth of the run, the first at once; this is the moment, not a wait
        // for something.
        let share = u32::try_from(random.below(1_000)).unwrap();
        thread::sleep(took * (at * 1_000 + share) * u32::from(at > 0) / 20_000);
        running.kill();
        finish(&world, &out);
        expect_the_same(&world, &out, &verdict);
    }
}

#[test]
fn a_kill_at_any_byte_of_the_journal() {
    let (world, _server) = world();
    let (verdict, _) = undisturbed(&world);
    let journal = world.read("undisturbed/run.jsonl");
    let ends: Vec<usize> =
        journal.iter().enumerate().filter(|(_, byte)| **byte == b'\n').map(|(at, _)| at + 1).collect();
    let mut random = Random::seeded(6);
    let mut cuts = vec![0, 1, ends[0] - 1, ends[0], ends[0] + 1, ends[ends.len() - 2], journal.len() - 1];
    cuts.extend((0..6).map(|_| *random.one(&ends[..ends.len() - 1])));
    cuts.extend((0..6).map(|_| random.below(journal.len())));
    for (at, cut) in cuts.into_iter().enumerate() {
        let out = format!("cut-{at}");
        // As the disk is left: the journal up to there, artefacts without a record, half a file.
        fs::create_dir_all(world.path(&format!("{out}/blobs"))).unwrap();
        for (name, bytes) in crate::world::files(&world.path("undisturbed")) {
            let begun = cut > 0 || !name.starts_with("blobs/");
            if begun
                && name != "run.jsonl"
                && (name != "verdict.json" || at % 2 == 0)
                && (cut > 0 || name == "spec.json")
            {
                fs::write(world.path(&format!("{out}/{name}")), bytes).unwrap();
            }
        }
        if cut < ends[0] {
            fs::remove_dir_all(world.path(&format!("{out}/blobs"))).unwrap();
            let _ = fs::remove_file(world.path(&format!("{out}/verdict.json")));
        } else {
            world.write(&format!("{out}/blobs/.0000.new"), "half an art");
            world.write(&format!("{out}/.verdict.json.new"), "{");
        }
        fs::write(world.path(&format!("{out}/run.jsonl")), &journal[..cut]).unwrap();
        finish(&world, &out);
        expect_the_same(&world, &out, &verdict);
    }
}

#[test]
fn a_run_goes_on_with_the_files_it_began_with() {
    let world = World::new();
    fs::create_dir(world.path("shop")).unwrap();
    world.write("shop/guide.md", "# Guide\n\nHere.\n");
    world.write(
        "shop/gonogo.yaml",
        "version: 1\nsystem: Shop\nchecks:\n  - { id: guide, probe: document/file, with: { path: guide.md }, expect: exists, severity: high }\n",
    );
    let run = ["run", "--quiet", "--now", NOW, "--spec", "shop/gonogo.yaml", "--out", "whole"];
    world.gonogo(&run).ended(0);
    let journal = world.read("whole/run.jsonl");
    let opened = journal.iter().position(|byte| *byte == b'\n').unwrap() + 1;
    fs::create_dir_all(world.path("cut/blobs")).unwrap();
    fs::write(world.path("cut/spec.json"), world.read("whole/spec.json")).unwrap();
    fs::write(world.path("cut/run.jsonl"), &journal[..opened]).unwrap();
    world.gonogo(&["run", "--quiet", "--resume", "cut"]).ended(0);
    assert_eq!(world.read("cut/verdict.json"), world.read("whole/verdict.json"));
}

#[test]
fn a_kill_before_the_run_began_says_so_and_the_same_folder_can_be_used() {
    let (world, _server) = world();
    let states: [&[(&str, &str)]; 4] = [
        &[],
        &[("run.jsonl", "")],
        &[("run.jsonl", ""), (".spec.json.new", "{")],
        &[("run.jsonl", "{\"bo"), ("spec.json", "{}")],
    ];
    for (at, state) in states.into_iter().enumerate() {
        let out = format!("early-{at}");
        fs::create_dir(world.path(&out)).unwrap();
        for (name, text) in state {
            world.write(&format!("{out}/{name}"), text);
        }
        let said = world.gonogo(&["run", "--resume", &out]).ended(64);
        let expected =
            if state.is_empty() { "is not a run folder" } else { "was killed before it began; run it again" };
        assert!(said.stderr.contains(expected), "{}", said.stderr);
        run(&world, &out);
        world.gonogo(&["verify", &out]).ended(0);
    }
}

#[test]
fn a_run_does_not_begin_among_other_files() {
    let (world, _server) = world();
    for (at, name) in ["readme.md", "spec.json", "blobs/x", "verdict.json"].into_iter().enumerate() {
        world.write(&format!("taken-{at}/{name}"), "mine");
        let said = world.gonogo(&["run", "--out", &format!("taken-{at}")]).ended(64);
        assert!(said.stderr.contains("is not empty"), "{}", said.stderr);
        let kept = crate::world::files(&world.path(&format!("taken-{at}")));
        assert_eq!(kept.into_iter().collect::<Vec<_>>(), [(name.to_owned(), b"mine".to_vec())]);
    }
}

#[test]
fn killed_twice() {
    let (world, _server) = world();
    let (verdict, took) = undisturbed(&world);
    let first = start(&world, "run");
    wait_for("the first records", || records(&world) > 8);
    first.kill();
    let before = records(&world);
    let second = world.start(&["run", "--resume", "run"]);
    wait_for("more records", || records(&world) > before + 2);
    second.kill();
    finish(&world, "run");
    expect_the_same(&world, "run", &verdict);
    assert!(took < LIMIT);
}

fn records(world: &World) -> usize {
    fs::read_to_string(world.path("run/run.jsonl")).map_or(0, |text| text.matches('\n').count())
}

#[test]
fn a_finished_run_is_not_resumed() {
    let (world, _server) = world();
    run(&world, "run");
    let before = crate::world::files(&world.path("run"));
    let said = world.gonogo(&["run", "--resume", "run"]).ended(64);
    assert!(said.stderr.contains("run is finished; see it with `gonogo report run`"), "{}", said.stderr);
    let said = world.gonogo(&["run", "--out", "run"]).ended(64);
    assert!(said.stderr.contains("choose another --out"), "{}", said.stderr);
    assert_eq!(crate::world::files(&world.path("run")), before);
}

#[test]
fn one_process_at_a_time_writes_to_a_run() {
    let (asked, was_asked) = mpsc::channel();
    let released = Arc::new(AtomicBool::new(false));
    let (seen, asked) = (Arc::clone(&released), std::sync::Mutex::new(asked));
    let server = Server::start(move |_| {
        let _ = asked.lock().unwrap().send(());
        wait_for("the release", || seen.load(Ordering::SeqCst));
        Answer { headers: vec![], body: "{\"n\": 0, \"half\": 0.5}".into() }
    });
    let (mut world, _) = world();
    world.set("WEB", &server.url());
    let mut running = start(&world, "run");
    was_asked.recv_timeout(LIMIT).unwrap();
    let said = world.gonogo(&["run", "--resume", "run"]).ended(3);
    assert!(said.stderr.contains("is being written by another gonogo"), "{}", said.stderr);
    world.gonogo(&["run", "--out", "run"]).ended(64);
    world.gonogo(&["verify", "run"]).ended(4);
    released.store(true, Ordering::SeqCst);
    assert_eq!(running.ended().code(), Some(1));
    world.gonogo(&["verify", "run"]).ended(0);
}

#[test]
fn a_run_that_was_changed_is_not_resumed() {
    let (world, _server) = world();
    run(&world, "sealed");
    let sealed = crate::world::files(&world.path("sealed"));
    let journal = &sealed["run.jsonl"];
    let cut = journal[..journal.len() - 1].iter().rposition(|byte| *byte == b'\n').unwrap() + 1;
    let artefact =
        sealed.iter().find(|(name, bytes)| name.starts_with("blobs/") && !bytes.is_empty()).unwrap().0;
    for changed in ["run.jsonl", "spec.json", artefact.as_str()] {
        for (name, bytes) in &sealed {
            let mut bytes = if name == "run.jsonl" { bytes[..cut].to_vec() } else { bytes.clone() };
            if name == changed {
                let middle = bytes.len() / 2;
                bytes[middle] ^= 1;
            }
            fs::create_dir_all(world.path("run/blobs")).unwrap();
            fs::write(world.path(&format!("run/{name}")), bytes).unwrap();
        }
        let said = world.gonogo(&["run", "--resume", "run"]).ended(4);
        assert!(said.stderr.contains(changed), "{}", said.stderr);
        fs::remove_dir_all(world.path("run")).unwrap();
    }
}
