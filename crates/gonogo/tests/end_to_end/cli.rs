//! Whole worlds, one a file in `tests/cli/`: files, environment, and a console with what must be
//! answered. What needs a signal or a clock of its own stands below.
//!
//! A world is Markdown. A block `file NAME` is a file, a block `environment` holds variables, and a
//! block `console` holds:
//! - `$ line`: run by a shell, with `gonogo` on the path
//! - `? 1`: its exit code (0 when nothing is said)
//! - `> piece`: on standard output, each after the one before it; `2> piece` on standard error
//! - `! piece`: on neither

use std::fs;
use std::path::Path;
use std::time::Instant;

use rustix::process::{Pid, Signal, test_kill_process};

use crate::world::{LIMIT, NOW, Said, World, wait_for};

#[test]
fn every_world_answers_as_it_is_written() {
    let folder = Path::new(env!("CARGO_MANIFEST_DIR")).join("tests/cli");
    let mut files: Vec<_> = fs::read_dir(folder).unwrap().map(|entry| entry.unwrap().path()).collect();
    files.sort();
    assert!(files.len() >= 10, "{files:?}");
    let wrong: Vec<String> = files
        .iter()
        .flat_map(|file| {
            let name = file.file_name().unwrap().to_string_lossy().into_owned();
            play(&fs::read_to_string(file).unwrap()).into_iter().map(move |wrong| format!("{name}: {wrong}"))
        })
        .collect();
    assert!(wrong.is_empty(), "{}", wrong.join("\n\n"));
}

/// One line of a console with what it must answer.
struct Step {
    line: String,
    code: i32,
    stdout: Vec<String>,
    stderr: Vec<String>,
    never: Vec<String>,
}

fn play(text: &str) -> Vec<String> {
    let mut world = World::new();
    let mut wrong = Vec::new();
    let mut played = 0;
    for (info, content) in blocks(text) {
        match info.split_once(' ').unwrap_or((&info, "")) {
            ("file", name) => world.write(name, &content),
            ("environment", _) => {
                for (name, value) in content.lines().map(|line| line.split_once('=').expect("NAME=value")) {
                    world.set(name, value);
                }
            }
            ("console", _) => {
                for step in steps(&content) {
                    played += 1;
                    wrong.extend(mistakes(&step, &world.shell(&step.line)));
                }
            }
            other => panic!("a block of kind {other:?}"),
        }
    }
    assert!(played > 0, "a world in which nothing is asked");
    wrong
}

/// The fenced blocks: what stands behind the fence, and the content.
fn blocks(text: &str) -> Vec<(String, String)> {
    let mut blocks = Vec::new();
    let mut lines = text.lines();
    while let Some(line) = lines.next() {
        if let Some(info) = line.strip_prefix("```") {
            let content: String =
                lines.by_ref().take_while(|line| *line != "```").map(|line| format!("{line}\n")).collect();
            blocks.push((info.to_owned(), content));
        }
    }
    blocks
}

fn steps(content: &str) -> Vec<Step> {
    let mut steps: Vec<Step> = Vec::new();
    for line in content.lines() {
        let (mark, rest) = line.split_once(' ').unwrap_or((line, ""));
        let rest = rest.to_owned();
        if mark == "$" {
            steps.push(Step { line: rest, code: 0, stdout: vec![], stderr: vec![], never: vec![] });
            continue;
        }
        let step = steps.last_mut().expect("a console starts with `$`");
        match mark {
            "?" => step.code = rest.parse().unwrap(),
            ">" => step.stdout.push(rest),
            "2>" => step.stderr.push(rest),
            "!" => step.never.push(rest),
            _ => panic!("a line of a console starts with $, ?, >, 2> or !: {line}"),
        }
    }
    steps
}

fn mistakes(step: &Step, said: &Said) -> Vec<String> {
    let mut wrong = Vec::new();
    if said.code != Some(step.code) {
        wrong.push(format!("exit code {:?}, not {}", said.code, step.code));
    }
    for (text, pieces) in [(&said.stdout, &step.stdout), (&said.stderr, &step.stderr)] {
        let mut rest = text.as_str();
        for piece in pieces {
            match rest.split_once(piece.as_str()) {
                Some((_, after)) => rest = after,
                None => wrong.push(format!("`{piece}` is not there, or not in this order")),
            }
        }
    }
    let all = said.all();
    wrong.extend(
        step.never
            .iter()
            .filter(|piece| all.contains(piece.as_str()))
            .map(|piece| format!("`{piece}` is there")),
    );
    let panicked = all.contains("panicked").then(|| "it panicked".to_owned());
    wrong.extend(panicked);
    wrong
        .into_iter()
        .map(|what| format!("$ {}\n{what}\nstdout: {}\nstderr: {}", step.line, said.stdout, said.stderr))
        .collect()
}

const SLOW: &str = r#"version: 1
system: Slow
stages:
  - { id: now }
  - { id: later, needs: [now] }
budget: { parallel: 3 }
checks:
  - { id: quick, stage: now, probe: process/command, with: { run: ["true"] }, expect: "exit_code == 0", severity: low }
  - { id: slow, stage: now, probe: process/command, with: { run: [sh, -c, "sleep 600 & echo $! > pid.new; mv pid.new pid; wait"] }, expect: "exit_code == 0", severity: low }
"#;

/// The slow spec, with one more slow check that leaves a file, and seven in the stage after it.
fn slow() -> World {
    let world = World::new();
    let mut text = SLOW.to_owned();
    for n in 0..8 {
        let (stage, end) = if n == 0 { ("now", "sleep 600") } else { ("later", "true") };
        text.push_str(&format!(
            "  - {{ id: touches-{n}, stage: {stage}, probe: process/command, with: {{ run: [sh, -c, 'touch touched-{n}; {end}'] }}, expect: 'exit_code == 0', severity: low }}\n"
        ));
    }
    world.write("gonogo.yaml", &text);
    world
}

fn is_gone(world: &World) -> bool {
    let pid = String::from_utf8(world.read("pid")).unwrap().trim().parse().unwrap();
    let status = fs::read_to_string(format!("/proc/{pid}/stat")).unwrap_or_default();
    test_kill_process(Pid::from_raw(pid).unwrap()).is_err() || status.contains(") Z ")
}

#[test]
fn a_signal_keeps_what_was_measured_and_seals_the_rest_as_not_run() {
    for signal in [Signal::INT, Signal::TERM] {
        let world = slow();
        let mut running = world.start(&["run", "--now", NOW, "--out", "run"]);
        let quick =
            || fs::read_to_string(world.path("run/run.jsonl")).is_ok_and(|text| text.contains("\"quick#1\""));
        wait_for("the first look and the slow ones", || {
            quick() && world.path("pid").exists() && world.path("touched-0").exists()
        });
        running.signal(signal);
        assert_eq!(running.ended().code(), Some(1));
        wait_for("the end of what the look started", || is_gone(&world));
        let said = world.gonogo(&["verify", "run"]).ended(0);
        assert!(
            said.stdout.contains("the\n1 pieces of evidence") || said.stdout.contains("1 piece"),
            "{}",
            said.stdout
        );
        let said = world.gonogo(&["report", "run", "--format", "json"]).ended(1);
        let verdict: serde_json::Value = serde_json::from_str(&said.stdout).unwrap();
        let statuses: Vec<&str> = verdict["results"]
            .as_array()
            .unwrap()
            .iter()
            .map(|result| result["status"].as_str().unwrap())
            .collect();
        assert_eq!(statuses.iter().filter(|status| **status == "pass").count(), 1, "{statuses:?}");
        assert_eq!(statuses.iter().filter(|status| **status == "not_run").count(), 9, "{statuses:?}");
        for n in 1..8 {
            assert!(
                !world.path(&format!("touched-{n}")).exists(),
                "touches-{n} was started after the signal"
            );
        }
        let said = world.gonogo(&["run", "--resume", "run"]).ended(64);
        assert!(said.stderr.contains("is finished"), "{}", said.stderr);
    }
}

#[test]
fn a_run_whose_budget_is_over_starts_nothing_more() {
    let world = slow();
    let text = String::from_utf8(world.read("gonogo.yaml")).unwrap();
    world.write("gonogo.yaml", &text.replace("parallel: 3", "parallel: 3, run: 1500ms"));
    let since = Instant::now();
    let said = world.gonogo(&["run", "--out", "run"]).ended(1);
    assert!(since.elapsed() < LIMIT && said.stdout.contains("NO-GO"), "{}", said.stdout);
    assert!(
        said.stderr.contains("NOT RUN   slow") && said.stderr.contains("NOT RUN   touches-7"),
        "{}",
        said.stderr
    );
    wait_for("the end of what the look started", || is_gone(&world));
    for n in 1..8 {
        assert!(!world.path(&format!("touched-{n}")).exists(), "touches-{n} was started after the end");
    }
    world.gonogo(&["verify", "run"]).ended(0);
}

#[test]
fn a_look_that_takes_too_long_is_an_error_and_leaves_no_process() {
    let world = World::new();
    let slow = SLOW.replace("mv pid.new pid; wait\"] }, ", "mv pid.new pid; wait\"] }, time_limit: 500ms, ");
    world.write("gonogo.yaml", &slow.replace("  - { id: later, needs: [now] }\n", ""));
    let said = world.gonogo(&["run", "--out", "run"]).ended(1);
    assert!(said.stderr.contains("ERROR     slow  it did not answer within 500ms"), "{}", said.stderr);
    assert!(said.stderr.contains("PASS      quick"), "{}", said.stderr);
    wait_for("the end of what the look started", || is_gone(&world));
}
