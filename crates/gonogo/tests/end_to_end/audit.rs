//! Audits of trees that a case file cannot hold: hostile ones, and the testbeds.

use std::fs;
use std::os::unix::ffi::OsStrExt as _;
use std::os::unix::fs::{PermissionsExt as _, symlink};
use std::path::{Path, PathBuf};
use std::time::Instant;

use crate::world::{LIMIT, Said, World};

/// Names under which every family looks into a file.
const NAMES: [&str; 22] = [
    "compose.yaml",
    "Dockerfile",
    "k8s.yaml",
    "rules.yml",
    "prometheus.yml",
    "alertmanager.yml",
    "promtail.yml",
    "dashboard.json",
    "datasources.yaml",
    "openapi.json",
    "openapi.yaml",
    "migrations/0001_init.sql",
    "Cargo.lock",
    "Cargo.toml",
    "package-lock.json",
    "package.json",
    "pnpm-lock.yaml",
    "poetry.lock",
    "go.sum",
    ".env",
    ".env.production",
    "src/main.rs",
];

/// What a file may hold instead of what its name promises.
fn contents() -> Vec<(&'static str, Vec<u8>)> {
    let sniffed = "openapi: 3.0.0\napiVersion: v1\nkind: Pod\ngroups: [{rules: [{expr: x}]}]\nscrape_configs: []\n\
                   route: {}\nreceivers: []\nservices: {}\n";
    vec![
        ("empty", Vec::new()),
        ("binary", (0..=255_u8).cycle().take(40_000).collect()),
        ("not-utf8", b"a: \xff\xfe\n".repeat(50)),
        ("huge", b"- a line that is repeated until the file is huge\n".repeat(100_000)),
        ("one-line", b"x".repeat(3 << 20)),
        ("deep", "[".repeat(200_000).into_bytes()),
        ("deep-object", "{\"a\":".repeat(50_000).into_bytes()),
        ("bomb", format!("{sniffed}a: &a [x,x]\n{}", "b: [*a,*a]\n".repeat(2_000)).into_bytes()),
        ("cyclic", format!("{sniffed}a: &a {{b: *a}}\n").into_bytes()),
        ("sniffed", sniffed.as_bytes().to_vec()),
        ("nuls", vec![0; 100_000]),
        ("returns", b"a: 1\r\n\r\n\r".repeat(1_000)),
    ]
}

#[test]
fn hostile_trees_are_judged_or_said_to_be_skipped() {
    let world = World::new();
    world.write("tree/sound/compose.yaml", "services: { a: { image: 'a:1.0' } }\n");
    for (content, bytes) in contents() {
        for name in NAMES {
            let path = world.path(&format!("tree/{content}/{name}"));
            fs::create_dir_all(path.parent().unwrap()).unwrap();
            fs::write(path, &bytes).unwrap();
        }
    }
    let top = world.path("tree");
    fs::create_dir_all(top.join("folder/compose.yaml/Dockerfile")).unwrap();
    symlink("..", top.join("folder/up")).unwrap();
    symlink("/etc", top.join("folder/etc")).unwrap();
    symlink("loop", top.join("folder/loop")).unwrap();
    fs::write(top.join(std::ffi::OsStr::from_bytes(b"caf\xe9.yaml")), "a: 1").unwrap();
    let pipe = top.join("pipe.yaml");
    rustix::fs::mkfifoat(rustix::fs::CWD, &pipe, rustix::fs::Mode::RUSR).unwrap();
    let deepest: PathBuf = top.join("a/".repeat(60));
    fs::create_dir_all(&deepest).unwrap();
    fs::write(deepest.join("compose.yaml"), "services: {}").unwrap();
    fs::create_dir(top.join("shut")).unwrap();
    fs::set_permissions(top.join("shut"), fs::Permissions::from_mode(0o0)).unwrap();

    let start = Instant::now();
    let said = world.gonogo(&["audit", "tree", "--out", "run", "--format", "json"]);
    assert!(matches!(said.code, Some(1 | 2)), "{:?}: {}", said.code, said.stderr);
    assert!(start.elapsed() < LIMIT, "it took {:?}", start.elapsed());
    assert!(!said.all().contains("internal error"), "{}", said.stderr);
    let verdict: serde_json::Value = serde_json::from_str(&said.stdout).unwrap();
    let checks = verdict["results"].as_array().unwrap();
    let unlooked: Vec<String> = checks
        .iter()
        .filter(|check| check["status"] == "ERROR")
        .map(|check| format!("{}: {}", check["check"], check["why"]))
        .collect();
    assert!(unlooked.is_empty(), "{}", unlooked.join("\n"));
    for skipped in ["folder/etc", "folder/loop", "pipe.yaml", "caf"] {
        assert!(said.stderr.contains(skipped), "{skipped} is not said to be skipped: {}", said.stderr);
    }
    world.gonogo(&["verify", "run"]).ended(0);
}

/// Every system of `testbed/`; the corpus of documents is none.
fn testbeds() -> Vec<PathBuf> {
    let folder = Path::new(env!("CARGO_MANIFEST_DIR")).join("../../testbed");
    let entries = fs::read_dir(folder).unwrap().map(|entry| entry.unwrap().path());
    entries.filter(|path| path.is_dir() && !path.ends_with("documents")).collect()
}

#[test]
fn init_of_each_testbed_gives_a_spec_that_plans() {
    for testbed in testbeds() {
        let world = World::new();
        let spec = world.gonogo(&["init", testbed.to_str().unwrap(), "--print"]).ended(0).stdout;
        world.write("gonogo.yaml", &spec);
        world.gonogo(&["plan"]).ended(0);
    }
}

#[test]
fn init_of_a_repository_with_several_kinds_gives_a_spec_that_plans_and_runs() {
    let world = World::new();
    world.write("shop/compose.yaml", "services: { api: { build: ., ports: ['8080:8080'] } }\n");
    world.write("shop/Dockerfile", "FROM debian:12.5\nCMD [\"/api\"]\n");
    world.write(
        "shop/openapi.yaml",
        "openapi: 3.0.3\ninfo: { title: shop, version: '1' }\npaths:\n  /things:\n    post: { responses: { '200': { description: ok } } }\n",
    );
    world.write("shop/migrations/0001_init.sql", "CREATE TABLE things (id bigint PRIMARY KEY);\n");
    world.gonogo(&["init", "shop"]).ended(0);
    let plan = world.gonogo(&["plan", "--spec", "shop/gonogo.yaml"]).ended(0).stdout;
    for probe in ["compose/service", "dockerfile/file", "openapi/operation", "migration/statement"] {
        assert!(plan.contains(probe), "{probe} is not planned: {plan}");
    }
    let run = world.gonogo(&["run", "--spec", "shop/gonogo.yaml", "--out", "run"]);
    let audit = world.gonogo(&["audit", "shop", "--out", "audit"]);
    assert_eq!(run.code, audit.code);
    let findings = |said: &Said| said.stdout.split("FINDINGS").nth(1).map(str::to_owned);
    assert!(findings(&run).is_some(), "{}", run.stdout);
    assert_eq!(findings(&run), findings(&audit), "the spec judges what the audit judged");
}
