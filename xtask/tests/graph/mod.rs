//! Which crate depends on which, from `cargo metadata`, and the two rules about it: the arrows
//! between our crates, and what the pure crates may stand on.

use std::collections::{BTreeMap, BTreeSet};
use std::process::Command;

use cargo_metadata::{DependencyKind, MetadataCommand, TargetKind};

/// Crates by an id that is unique.
pub(crate) type Graph = BTreeMap<String, Crate>;

/// A crate and the arrows that leave it.
#[derive(Debug, Clone, Default)]
pub(crate) struct Crate {
    pub(crate) name: String,
    pub(crate) version: String,
    /// One of ours.
    pub(crate) member: bool,
    /// It runs in the compiler, never in the program.
    pub(crate) proc_macro: bool,
    pub(crate) features: BTreeSet<String>,
    /// The ids of what it needs in the program or at build time.
    pub(crate) needs: Vec<String>,
    /// The ids of what only its tests and benches need.
    pub(crate) tests_need: Vec<String>,
}

/// The arrows between our crates that may exist; design section 3.
const ARROWS: &[(&str, &[&str])] = &[
    // The binary is a worker of the engine, too.
    (
        "gonogo",
        &["gonogo-document", "gonogo-judge", "gonogo-load", "gonogo-model", "gonogo-probes", "gonogo-report"],
    ),
    // Reading, contradiction checks, import and diff share the reader: it must be pure, and quick
    // to compile.
    ("gonogo-document", &["gonogo-model"]),
    ("gonogo-judge", &["gonogo-model"]),
    // The engine walks the flows of the model. It is a crate of its own so that no probe, fact or
    // verdict can slow its hot path, and so that a worker on another machine needs no more.
    ("gonogo-load", &["gonogo-model"]),
    ("gonogo-model", &[]),
    // Load is a look: the probes say what is planned and what was seen, the engine sends.
    ("gonogo-probes", &["gonogo-document", "gonogo-load", "gonogo-model"]),
    ("gonogo-report", &["gonogo-model"]),
];
/// What tests of our crates may need besides.
const TEST_ARROWS: &[(&str, &[&str])] = &[
    ("gonogo", &["testbed-backend", "testbed-servers"]),
    ("gonogo-load", &["testbed-servers"]),
    ("gonogo-probes", &["testbed-servers"]),
];
/// Crates that are not part of the product, and may need any of it.
const OUTSIDE: [&str; 2] = ["xtask", "testbed-"];

/// The graph of this workspace on Linux.
pub(crate) fn of_this_workspace() -> Graph {
    let metadata = MetadataCommand::new()
        .manifest_path(xtask::root().join("Cargo.toml"))
        .other_options(["--filter-platform".to_owned(), "x86_64-unknown-linux-gnu".to_owned()])
        .exec()
        .unwrap();
    let members: BTreeSet<_> = metadata.workspace_members.iter().collect();
    let packages: BTreeMap<_, _> = metadata.packages.iter().map(|package| (&package.id, package)).collect();
    let nodes = metadata.resolve.as_ref().unwrap().nodes.iter().map(|node| {
        let package = packages[&node.id];
        let arrows = |tests: bool| {
            let of_kind = node.deps.iter().filter(move |dep| {
                dep.dep_kinds.iter().any(|kind| (kind.kind == DependencyKind::Development) == tests)
            });
            of_kind.map(|dep| dep.pkg.repr.clone()).collect()
        };
        let known = Crate {
            name: package.name.to_string(),
            version: package.version.to_string(),
            member: members.contains(&node.id),
            proc_macro: package.targets.iter().any(|target| target.kind.contains(&TargetKind::ProcMacro)),
            features: node.features.iter().map(ToString::to_string).collect(),
            needs: arrows(false),
            tests_need: arrows(true),
        };
        (node.id.repr.clone(), known)
    });
    nodes.collect()
}

/// What `root` stands on by itself. In the workspace other crates switch features on that it does
/// not ask for; what it asks for is what it may use.
pub(crate) fn alone(graph: &Graph, root: &str) -> Graph {
    let tree = Command::new(env!("CARGO"))
        .args(["tree", "--package", root, "--edges", "normal,build", "--prefix", "none"])
        .args(["--target", "x86_64-unknown-linux-gnu", "--format", "{p}|{f}"])
        .current_dir(xtask::root())
        .output()
        .unwrap();
    assert!(tree.status.success(), "{}", String::from_utf8_lossy(&tree.stderr));
    let text = String::from_utf8(tree.stdout).unwrap();
    let mut features: BTreeMap<(&str, &str), BTreeSet<String>> = BTreeMap::new();
    for (package, listed) in text.lines().filter_map(|line| line.split_once('|')) {
        let mut words = package.split(' ');
        let (name, version) = (words.next().unwrap(), words.next().unwrap().trim_start_matches('v'));
        let listed = listed.trim_end_matches(" (*)").split(',').filter(|feature| !feature.is_empty());
        features.entry((name, version)).or_default().extend(listed.map(str::to_owned));
    }
    let kept: Graph = graph
        .iter()
        .filter_map(|(id, known)| {
            let features = features.get(&(known.name.as_str(), known.version.as_str()))?.clone();
            Some((id.clone(), Crate { features, ..known.clone() }))
        })
        .collect();
    let is_kept = |id: &String| kept.contains_key(id);
    let known = kept.iter().map(|(id, known)| {
        let needs = known.needs.iter().filter(|id| is_kept(id)).cloned().collect();
        (id.clone(), Crate { needs, tests_need: Vec::new(), ..known.clone() })
    });
    known.collect()
}

/// The arrows between our crates that must not exist, as sentences.
pub(crate) fn forbidden_arrows(graph: &Graph) -> Vec<String> {
    let ours = graph.values().filter(|from| from.member && !is_outside(&from.name));
    let mut forbidden = Vec::new();
    for from in ours {
        let Some(allowed) = listed(ARROWS, &from.name) else {
            forbidden.push(format!("{} is in no list of arrows; add it to ARROWS with a reason", from.name));
            continue;
        };
        let in_tests = listed(TEST_ARROWS, &from.name).unwrap_or_default();
        let members = |ids: &[String]| {
            let all = ids.iter().map(|id| &graph[id]).filter(|to| to.member);
            all.map(|to| to.name.clone()).collect::<Vec<_>>()
        };
        for to in members(&from.needs).iter().filter(|to| !allowed.contains(&to.as_str())) {
            forbidden.push(format!("{} must not depend on {to}", from.name));
        }
        for to in members(&from.tests_need) {
            if !allowed.contains(&to.as_str()) && !in_tests.contains(&to.as_str()) {
                forbidden.push(format!("the tests of {} must not depend on {to}", from.name));
            }
        }
    }
    forbidden
}

fn listed(list: &[(&str, &'static [&'static str])], name: &str) -> Option<&'static [&'static str]> {
    list.iter().find(|(from, _)| *from == name).map(|(_, to)| *to)
}

fn is_outside(name: &str) -> bool {
    OUTSIDE.iter().any(|outside| name == *outside || outside.ends_with('-') && name.starts_with(outside))
}

/// Crates that reach the world, by what they reach.
const REACHES: &[(&str, &[&str])] = &[
    (
        "sockets",
        &[
            "async-nats",
            "axum",
            "curl",
            "h2",
            "hickory-resolver",
            "hyper",
            "hyper-util",
            "isahc",
            "mio",
            "native-tls",
            "object_store",
            "openssl",
            "postgres",
            "quinn",
            "redis",
            "reqwest",
            "rustls",
            "socket2",
            "sqlx",
            "sqlx-core",
            "sqlx-postgres",
            "sqlx-sqlite",
            "tokio-rustls",
            "tokio-tungstenite",
            "tower-http",
            "tungstenite",
            "ureq",
        ],
    ),
    (
        "files",
        &[
            "fs_extra",
            "gix",
            "glob",
            "globwalk",
            "ignore",
            "jwalk",
            "libsqlite3-sys",
            "memmap2",
            "notify",
            "rusqlite",
            "rust-embed",
            "same-file",
            "tempfile",
            "walkdir",
            "zip",
        ],
    ),
    (
        "the operating system",
        &[
            "async-io",
            "async-std",
            "errno",
            "io-uring",
            "libc",
            "libloading",
            "linux-raw-sys",
            "nix",
            "polling",
            "procfs",
            "rustix",
            "signal-hook",
            "signal-hook-registry",
            "smol",
            "sysinfo",
            "tokio",
            "tokio-util",
            "windows-sys",
        ],
    ),
    ("a clock", &["chrono", "coarsetime", "iana-time-zone", "quanta", "time", "tzdb", "web-time"]),
    (
        "randomness",
        &["fastrand", "getrandom", "oorandom", "rand", "rand_chacha", "rand_core", "ulid", "uuid"],
    ),
    (
        "the environment or the terminal",
        &[
            "anstream",
            "console",
            "crossterm",
            "dirs",
            "dotenvy",
            "envy",
            "etcetera",
            "home",
            "hostname",
            "indicatif",
            "is-terminal",
            "supports-color",
            "terminal_size",
            "termcolor",
            "whoami",
        ],
    ),
    ("threads", &["crossbeam", "crossbeam-channel", "rayon", "rayon-core", "threadpool"]),
];

/// A crate of [`REACHES`] that the pure crates stand on all the same.
struct Permitted {
    name: &'static str,
    /// The only crates through which it may come in.
    through: &'static [&'static str],
    /// Features with which it would reach the world.
    without: &'static [&'static str],
}

/// Each was looked at. What is said here is checked: who brings it in, and what is off.
const PERMITTED: &[Permitted] = &[
    // The locks of the parser generator that `cel` is built with: futexes only. `stacker` asks for
    // memory, and `cc` is what it is built with.
    Permitted { name: "libc", through: &["cc", "parking_lot_core", "stacker"], without: &[] },
    // Types in the signatures of `quick-junit`. No feature that reads the clock or the time zone.
    Permitted { name: "chrono", through: &["quick-junit"], without: &["clock", "now", "iana-time-zone"] },
    // Types in the parser generator and in `quick-junit`. No feature that makes random ids.
    Permitted {
        name: "uuid",
        through: &["antlr4rust", "newtype-uuid", "quick-junit"],
        without: &["v1", "v4", "v6", "v7", "rng", "rng-getrandom", "rng-rand", "fast-rng"],
    },
];

/// The crates that reach the world under `root`, each with the way to it.
pub(crate) fn reaches_the_world(graph: &Graph, root: &str) -> Vec<String> {
    let start =
        graph.iter().find(|(_, known)| known.name == root).unwrap_or_else(|| panic!("no crate {root}"));
    let mut found = Vec::new();
    let mut seen = BTreeSet::new();
    let mut ways: Vec<Vec<&str>> = vec![vec![start.0]];
    while let Some(way) = ways.pop() {
        let here = &graph[way[way.len() - 1]];
        for id in &here.needs {
            let next = &graph[id];
            let why = wrong_with(&here.name, next);
            if let Some(why) = why {
                let names: Vec<&str> = way.iter().map(|id| graph[*id].name.as_str()).collect();
                found.push(format!("{} -> {}: {why}", names.join(" -> "), next.name));
            }
            if !next.proc_macro && seen.insert(id) {
                ways.push([way.as_slice(), &[id]].concat());
            }
        }
    }
    found
}

fn wrong_with(from: &str, next: &Crate) -> Option<String> {
    let (what, _) = REACHES.iter().find(|(_, names)| names.contains(&next.name.as_str()))?;
    let Some(permitted) = PERMITTED.iter().find(|permitted| permitted.name == next.name) else {
        return Some(format!("it reaches {what}"));
    };
    if !permitted.through.contains(&from) {
        return Some(format!(
            "it reaches {what} and may come in only through {}",
            permitted.through.join(", ")
        ));
    }
    let on: Vec<&str> =
        permitted.without.iter().copied().filter(|name| next.features.contains(*name)).collect();
    (!on.is_empty()).then(|| format!("it reaches {what} with the features {}", on.join(", ")))
}

/// What is permitted and does not occur under `roots`: it must leave the list.
pub(crate) fn permitted_in_vain(graph: &Graph, roots: &[&str]) -> Vec<String> {
    let mut under: Vec<&String> =
        graph.iter().filter(|(_, known)| roots.contains(&known.name.as_str())).map(|(id, _)| id).collect();
    let mut seen = BTreeSet::new();
    let mut arrows = BTreeSet::new();
    while let Some(id) = under.pop() {
        for next in graph[id].needs.iter().filter(|_| !graph[id].proc_macro) {
            arrows.insert((graph[id].name.as_str(), graph[next].name.as_str()));
            if seen.insert(next) {
                under.push(next);
            }
        }
    }
    let all =
        PERMITTED.iter().flat_map(|permitted| permitted.through.iter().map(|from| (*from, permitted.name)));
    all.filter(|arrow| !arrows.contains(arrow)).map(|(from, to)| format!("{from} -> {to}")).collect()
}
