//! `gonogo audit` over trees that this bench writes: 300 files that packs are about, and 100,000
//! files of which few are. Prints time and memory beside the targets of the design; nothing fails
//! when one is missed.
#![expect(clippy::print_stdout, reason = "a bench prints its table")]
#![expect(clippy::unwrap_used, reason = "a bench that cannot run has nothing to say")]

use std::fs;
use std::path::Path;
use std::process::{Child, Command, Stdio};
use std::time::{Duration, Instant};

const GONOGO: &str = env!("CARGO_BIN_EXE_gonogo");

fn main() {
    let folder = tempfile::tempdir().unwrap();
    println!("| tree | time, median of 5 | target | peak memory | target |");
    println!("|---|---|---|---|---|");
    let usual = folder.path().join("usual");
    let relevant = relevant_files(&usual, 10) + source_files(&usual, 240);
    row(
        &format!("{relevant} files, as repositories have them: 10 services of 6, and source"),
        &usual,
        "200 ms",
    );
    let dense = folder.path().join("dense");
    let relevant = relevant_files(&dense, 50);
    row(&format!("{relevant} files of which every one is judged line by line"), &dense, "–");
    let large = folder.path().join("large");
    let others = other_files(&large, 99_700);
    let relevant = relevant_files(&large.join("services"), 50);
    ignored_files(&large, 20_000);
    row(&format!("{} files, and 20,000 that .gitignore leaves out", others + relevant), &large, "seconds");
}

fn row(what: &str, tree: &Path, target: &str) {
    let mut looks: Vec<(Duration, u64)> = (0..5).map(|_| audit(tree)).collect();
    looks.sort();
    let peak = looks.iter().map(|(_, kib)| kib).max().unwrap() / 1024;
    println!("| {what} | {:.0?} | {target} | {peak} MiB | 100 MB |", looks[2].0);
}

/// One audit from start to end: how long it took, and the most memory it had, in KiB.
fn audit(tree: &Path) -> (Duration, u64) {
    let home = tempfile::tempdir().unwrap();
    let start = Instant::now();
    let mut child = Command::new(GONOGO)
        .args(["audit", "--out", "run", "--quiet", "--now", "2026-11-21T09:00:00Z"])
        .arg(tree)
        .current_dir(home.path())
        .stdout(Stdio::null())
        .spawn()
        .unwrap();
    let peak = peak_of(&mut child);
    let took = start.elapsed();
    let verdict = fs::read_to_string(home.path().join("run/verdict.json")).unwrap();
    assert!(verdict.contains("\"findings\""), "there is no verdict");
    (took, peak)
}

fn peak_of(child: &mut Child) -> u64 {
    let file = format!("/proc/{}/status", child.id());
    let mut peak = 0;
    while child.try_wait().unwrap().is_none() {
        let status = fs::read_to_string(&file).unwrap_or_default();
        let line = status.lines().find_map(|line| line.strip_prefix("VmHWM:"));
        let kib = line.and_then(|line| line.trim().trim_end_matches(" kB").parse().ok());
        peak = peak.max(kib.unwrap_or(0));
        std::thread::sleep(Duration::from_millis(1));
    }
    peak
}

fn write(path: &Path, text: &str) {
    fs::create_dir_all(path.parent().unwrap()).unwrap();
    fs::write(path, text).unwrap();
}

/// Source files of a few hundred lines.
fn source_files(top: &Path, files: usize) -> usize {
    for at in 0..files {
        write(&top.join(format!("lib/src/part{}/file{at}.rs", at / 20)), &code(at, 9000 + at));
    }
    files
}

/// Six files for each service.
fn relevant_files(top: &Path, services: usize) -> usize {
    for at in 0..services {
        let own = top.join(format!("service{at}"));
        let port = 8000 + at;
        write(&own.join("compose.yaml"), &compose(at, port));
        write(
            &own.join("Dockerfile"),
            "FROM debian:12.5\nRUN apt-get update && apt-get install -y curl\nCOPY . /app\nCMD [\"/app/run\"]\n",
        );
        write(&own.join("rules.yml"), &rules(at));
        write(&own.join("openapi.yaml"), &openapi(at));
        write(&own.join(format!("migrations/{at:04}_init.sql")), &migration(at));
        write(&own.join("src/main.rs"), &code(at, port));
    }
    services * 6
}

fn compose(at: usize, port: usize) -> String {
    let mut text = "services:\n".to_owned();
    for name in ["api", "worker", "db", "cache"] {
        text.push_str(&format!(
            "  {name}{at}:\n    image: example/{name}:1.{at}\n    environment: {{ LOG_LEVEL: info, DATABASE_URL: \"${{DATABASE_URL}}\" }}\n    ports: [\"127.0.0.1:{port}:{port}\"]\n    healthcheck: {{ test: [CMD, curl, -f, \"http://localhost:{port}/health\"], interval: 10s }}\n    restart: unless-stopped\n"
        ));
    }
    text
}

fn rules(at: usize) -> String {
    let mut text = format!("groups:\n- name: service{at}\n  rules:\n");
    for rule in 0..20 {
        text.push_str(&format!(
            "  - alert: Errors{at}x{rule}\n    expr: sum by (job) (rate(service{at}_errors_total{{code=\"{rule}\"}}[5m])) / sum by (job) (rate(service{at}_requests_total[5m])) > 0.0{rule}1\n    for: 5m\n    labels: {{ severity: page }}\n    annotations: {{ summary: \"errors in {{{{ $labels.job }}}}\" }}\n"
        ));
    }
    text
}

fn openapi(at: usize) -> String {
    let mut text = format!("openapi: 3.0.3\ninfo: {{ title: service{at}, version: 1.0.0 }}\npaths:\n");
    for path in 0..20 {
        text.push_str(&format!(
            "  /things{path}/{{id}}:\n    get:\n      operationId: get{path}\n      parameters: [{{ name: id, in: path, required: true, schema: {{ type: string }} }}]\n      responses: {{ '200': {{ description: ok, content: {{ application/json: {{ schema: {{ $ref: '#/components/schemas/Thing' }} }} }} }}, '404': {{ description: none }} }}\n"
        ));
    }
    text + "components:\n  schemas:\n    Thing: { type: object, properties: { id: { type: string } } }\n"
}

fn migration(at: usize) -> String {
    (0..20).fold(String::new(), |text, table| {
        text + &format!(
            "CREATE TABLE things{at}_{table} (id bigint PRIMARY KEY, tenant_id uuid NOT NULL, name text NOT NULL);\nCREATE INDEX things{at}_{table}_name ON things{at}_{table} (name);\n"
        )
    })
}

fn code(at: usize, port: usize) -> String {
    let functions = (0..100).fold(String::new(), |text, function| {
        text + &format!(
            "/// Does thing {function}.\nfn thing{function}(name: &str) -> usize {{\n    let length = name.len();\n    length + {function}\n}}\n\n"
        )
    });
    format!(
        "{functions}fn main() {{\n    let _ = std::env::var(\"SERVICE{at}_URL\");\n    let _ = std::net::TcpListener::bind(\"0.0.0.0:{port}\");\n}}\n"
    )
}

/// Text that no pack is about, and pictures.
fn other_files(top: &Path, files: usize) -> usize {
    for at in 0..files {
        let path = top.join(format!("assets/{}/{at}.{}", at / 500, if at % 2 == 0 { "txt" } else { "png" }));
        write(&path, &format!("file {at}\nwith a second line\n"));
    }
    files
}

fn ignored_files(top: &Path, files: usize) {
    write(&top.join(".gitignore"), "/out/\n");
    for at in 0..files {
        write(&top.join(format!("out/{}/compose{at}.yaml", at / 500)), "services: { a: { image: a } }\n");
    }
}
