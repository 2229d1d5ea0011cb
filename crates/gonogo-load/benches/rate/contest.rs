//! The contest: every generator in turn, several rounds, one table.

use std::process::{Command, Stdio};
use std::time::Instant;

use super::CONNECTIONS;

/// A generator and how its count of answers is found in what it prints.
struct Rival {
    name: &'static str,
    command: fn(u16, u64) -> Vec<String>,
    answers: fn(&str) -> Option<f64>,
}

/// Pins a process to a core.
pub(super) fn pin(pid: u32, core: u32) {
    let done = Command::new("taskset")
        .args(["-apc", &core.to_string(), &pid.to_string()])
        .stdout(Stdio::null())
        .status();
    assert!(done.is_ok_and(|status| status.success()), "taskset of util-linux is needed");
}

fn rivals() -> Vec<Rival> {
    let ours =
        |name: &'static str, command| Rival { name, command, answers: |text| text.trim().parse().ok() };
    vec![
        ours("gonogo raw", |port, seconds| own("raw", port, seconds)),
        ours("gonogo flow", |port, seconds| own("flow", port, seconds)),
        ours("hyper client", |port, seconds| own("hyper", port, seconds)),
        Rival {
            name: "wrk",
            command: |port, seconds| {
                words(&format!("wrk -t1 -c{CONNECTIONS} -d{seconds}s http://127.0.0.1:{port}/json"))
            },
            answers: |text| before(text, " requests in "),
        },
        Rival {
            name: "oha",
            command: |port, seconds| {
                words(&format!(
                    "oha --no-tui --output-format json -c {CONNECTIONS} -z {seconds}s http://127.0.0.1:{port}/json"
                ))
            },
            answers: |text| {
                let all: serde_json::Value = serde_json::from_str(text).ok()?;
                all.pointer("/statusCodeDistribution/200")?.as_f64()
            },
        },
        Rival {
            name: "autocannon",
            command: |port, seconds| {
                words(&format!(
                    "autocannon --json -c {CONNECTIONS} -d {seconds} http://127.0.0.1:{port}/json"
                ))
            },
            answers: |text| {
                let all: serde_json::Value = serde_json::from_str(text).ok()?;
                all.get("2xx")?.as_f64()
            },
        },
        Rival {
            name: "k6 (as flow)",
            command: |port, seconds| {
                let script = concat!(env!("CARGO_MANIFEST_DIR"), "/benches/rate/k6.js");
                words(&format!(
                    "k6 run --quiet --no-usage-report -e CONNECTIONS={CONNECTIONS} -e SECONDS={seconds} -e URL=http://127.0.0.1:{port}/json {script}"
                ))
            },
            answers: |text| text.trim().parse().ok(),
        },
        Rival {
            name: "hey",
            command: |port, seconds| {
                words(&format!("hey -cpus 1 -c {CONNECTIONS} -z {seconds}s http://127.0.0.1:{port}/json"))
            },
            answers: |text| {
                text.split("[200]").nth(1).and_then(|rest| rest.split_whitespace().next())?.parse().ok()
            },
        },
    ]
}

/// This program again, as one generator.
fn own(role: &str, port: u16, seconds: u64) -> Vec<String> {
    let program = std::env::current_exe().unwrap();
    vec![program.display().to_string(), role.to_owned(), port.to_string(), seconds.to_string()]
}

fn words(line: &str) -> Vec<String> {
    line.split(' ').map(str::to_owned).collect()
}

/// The number that stands before some words.
fn before(text: &str, words: &str) -> Option<f64> {
    text.split(words).next()?.split_whitespace().next_back()?.parse().ok()
}

/// Answers a second, and microseconds of processor time for each.
#[derive(Clone, Copy)]
struct Round {
    per_s: f64,
    cpu_us: f64,
}

/// Lets everybody have a go, several times, and prints what came of it.
pub(super) fn run(port: u16, seconds: u64, rounds: u64) {
    let rivals = rivals();
    let mut seen: Vec<Vec<Round>> = rivals.iter().map(|_| Vec::new()).collect();
    for _ in 0..rounds {
        for (rival, seen) in rivals.iter().zip(&mut seen) {
            seen.extend(go(rival, port, seconds));
        }
    }
    println!(
        "| generator | requests/s, best of {rounds} | median | µs of processor each, least | of gonogo raw | of wrk |"
    );
    println!("|---|---|---|---|---|---|");
    // Others use the machine; the best of several short rounds is what disturbs them least.
    let best = |seen: &[Round]| seen.iter().map(|round| round.per_s).fold(0.0, f64::max);
    let of =
        |name: &str| rivals.iter().position(|rival| rival.name == name).map_or(0.0, |at| best(&seen[at]));
    let (raw, wrk) = (of("gonogo raw"), of("wrk"));
    for (rival, seen) in rivals.iter().zip(&seen) {
        let Some(median) = median(seen) else {
            println!("| {} | not on PATH | – | – | – | – |", rival.name);
            continue;
        };
        let ratio =
            |other: f64| if other > 0.0 { format!("{:.2}", best(seen) / other) } else { "–".to_owned() };
        let cpu = seen.iter().map(|round| round.cpu_us).fold(f64::MAX, f64::min);
        let (raw, wrk) = (ratio(raw), ratio(wrk));
        println!("| {} | {:.0} | {:.0} | {cpu:.2} | {raw} | {wrk} |", rival.name, best(seen), median.per_s);
    }
}

fn median(rounds: &[Round]) -> Option<Round> {
    let mut rounds = rounds.to_vec();
    rounds.sort_by(|a, b| a.per_s.total_cmp(&b.per_s));
    rounds.get(rounds.len() / 2).copied()
}

/// One go on the second core.
fn go(rival: &Rival, port: u16, seconds: u64) -> Option<Round> {
    let words = (rival.command)(port, seconds);
    let is_there = words[0].contains('/')
        || std::env::var_os("PATH")
            .is_some_and(|path| std::env::split_paths(&path).any(|dir| dir.join(&words[0]).exists()));
    if !is_there {
        return None;
    }
    let before = children_cpu_us();
    let start = Instant::now();
    let output =
        Command::new("taskset").args(["-c", "1"]).args(&words).stderr(Stdio::inherit()).output().unwrap();
    let took = start.elapsed().as_secs_f64().min(seconds as f64 + 0.2).max(seconds as f64);
    let answers = (rival.answers)(&String::from_utf8_lossy(&output.stdout));
    let answers = answers.ok_or_else(|| format!("{} said: {output:?}", rival.name)).unwrap();
    Some(Round { per_s: answers / took.min(seconds as f64), cpu_us: (children_cpu_us() - before) / answers })
}

/// Processor time of all children that are done, in microseconds.
fn children_cpu_us() -> f64 {
    let stat = std::fs::read_to_string("/proc/self/stat").unwrap();
    let fields: Vec<&str> = stat.rsplit(')').next().unwrap().split_whitespace().collect();
    // Fields 16 and 17 of proc(5): user and system time of children, in hundredths of a second.
    let ticks: f64 = fields[13].parse::<f64>().unwrap() + fields[14].parse::<f64>().unwrap();
    ticks * 10_000.0
}
