//! The walls between the crates stand: no arrow but those of the design, nothing that reaches the
//! world under the pure crates, and no path to the world in their sources. Each rule is also tried
//! on something that breaks it.
#![expect(clippy::unwrap_used, clippy::panic, reason = "a test fails by panicking")]

mod graph;
mod tree;

use graph::{Crate, Graph, forbidden_arrows, permitted_in_vain, reaches_the_world};
use proc_macro2::{TokenStream, TokenTree};
use quote::ToTokens as _;
use syn::visit::{self, Visit};
use syn::{ItemUse, UseTree};
use tree::{items, sources};

/// The crates without clock, file, socket, environment or randomness.
const PURE: [&str; 4] = ["gonogo-document", "gonogo-judge", "gonogo-model", "gonogo-report"];

/// Paths that lead to the world, as segments that follow each other anywhere in a path.
const TO_THE_WORLD: &[&str] = &[
    "std::*",
    "std::fs",
    "std::net",
    "std::env",
    "std::process",
    "std::thread",
    "std::os",
    "std::io::stdin",
    "std::io::stdout",
    "std::io::stderr",
    "SystemTime",
    "Instant",
    "Timestamp::now",
    "Zoned::now",
    "TimeZone::system",
    "TimeZone::try_system",
    "TimeZone::get",
    "RandomState",
    "rand",
    "getrandom",
    "fastrand",
    "tokio",
    "libc",
    "rustix",
];

#[test]
fn only_the_arrows_of_the_design_exist() {
    let forbidden = forbidden_arrows(&graph::of_this_workspace());
    assert!(forbidden.is_empty(), "{}", forbidden.join("\n"));
}

#[test]
fn nothing_under_the_pure_crates_reaches_the_world() {
    let graph = graph::of_this_workspace();
    let found: Vec<String> =
        PURE.iter().flat_map(|root| reaches_the_world(&graph::alone(&graph, root), root)).collect();
    assert!(found.is_empty(), "{}", found.join("\n"));
    // The walk works: the probes, which may, do reach it.
    assert!(!reaches_the_world(&graph, "gonogo-probes").is_empty());
}

#[test]
fn nothing_is_permitted_in_vain() {
    assert_eq!(permitted_in_vain(&graph::of_this_workspace(), &PURE), Vec::<String>::new());
    assert!(permitted_in_vain(&sound(), &PURE).contains(&"antlr4rust -> uuid".to_owned()));
}

#[test]
fn the_sources_of_the_pure_crates_name_nothing_of_the_world() {
    let files = sources(&PURE.map(|name| format!("crates/{name}")));
    assert!(files.len() > 20);
    let found: Vec<String> = files.iter().flat_map(|(path, text)| paths_to_the_world(path, text)).collect();
    assert!(found.is_empty(), "{}", found.join("\n"));
}

/// Paths that only the tools of the probes may name.
const CONTACT: &[&str] = &[
    "std::*",
    "std::fs",
    "std::env",
    "std::process",
    "std::os",
    "std::net::TcpStream",
    "std::net::TcpListener",
    "std::net::UdpSocket",
    "std::net::ToSocketAddrs",
    "tokio::fs",
    "tokio::net",
    "tokio::process",
    "rustix",
    "reqwest::Client",
    "sqlx::Connection",
    "sqlx::Pool",
    "PgConnection",
    "PgPool",
    "gix",
];

#[test]
fn only_the_tools_of_the_probes_touch_the_world() {
    let files = sources(&["crates/gonogo-probes".to_owned()]);
    let (tools, others): (Vec<_>, Vec<_>) = files.iter().partition(|(path, _)| path.contains("/src/tools/"));
    let found = |files: &[&(String, String)]| -> Vec<String> {
        files.iter().flat_map(|(path, text)| paths_with(CONTACT, path, text)).collect()
    };
    assert!(!found(&tools).is_empty(), "the tools do");
    let found = found(&others);
    assert!(found.is_empty(), "move these to crates/gonogo-probes/src/tools:\n{}", found.join("\n"));
}

/// A graph of our crates as it must be, to break.
fn sound() -> Graph {
    let members = [
        (
            "gonogo",
            vec![
                "gonogo-document",
                "gonogo-judge",
                "gonogo-model",
                "gonogo-probes",
                "gonogo-report",
                "tokio",
            ],
        ),
        ("gonogo-document", vec!["gonogo-model"]),
        ("gonogo-judge", vec!["gonogo-model"]),
        ("gonogo-model", vec!["cel"]),
        ("gonogo-probes", vec!["gonogo-document", "gonogo-model", "tokio"]),
        ("gonogo-report", vec!["gonogo-model", "quick-junit", "derive"]),
        ("testbed-servers", vec![]),
        ("xtask", vec!["gonogo", "testbed-servers"]),
    ];
    let others = [
        ("cel", vec!["parking_lot_core"]),
        ("chrono", vec![]),
        ("derive", vec!["libc"]),
        ("libc", vec![]),
        ("parking_lot_core", vec!["libc"]),
        ("quick-junit", vec!["chrono"]),
        ("tokio", vec!["mio"]),
        ("mio", vec!["libc"]),
    ];
    let known = |(name, needs): (&str, Vec<&str>), member| {
        let needs = needs.into_iter().map(str::to_owned).collect();
        let proc_macro = name == "derive";
        (name.to_owned(), Crate { name: name.to_owned(), member, proc_macro, needs, ..Crate::default() })
    };
    members
        .into_iter()
        .map(|one| known(one, true))
        .chain(others.into_iter().map(|one| known(one, false)))
        .collect()
}

fn with_arrow(from: &str, to: &str) -> Graph {
    let mut graph = sound();
    graph.get_mut(from).unwrap().needs.push(to.to_owned());
    graph
}

#[test]
fn a_forbidden_arrow_is_found() {
    assert!(forbidden_arrows(&sound()).is_empty());
    for (from, to) in [
        ("gonogo-probes", "gonogo-judge"),
        ("gonogo-judge", "gonogo-probes"),
        ("gonogo-document", "gonogo-judge"),
        ("gonogo-judge", "gonogo-document"),
        ("gonogo-report", "gonogo-judge"),
        ("gonogo-model", "gonogo-report"),
        ("gonogo-probes", "gonogo"),
        ("gonogo", "testbed-servers"),
        ("gonogo", "xtask"),
    ] {
        assert_eq!(forbidden_arrows(&with_arrow(from, to)), [format!("{from} must not depend on {to}")]);
    }
}

#[test]
fn tests_may_start_servers_but_not_cross_walls() {
    let mut graph = sound();
    graph.get_mut("gonogo-probes").unwrap().tests_need =
        vec!["testbed-servers".to_owned(), "gonogo-judge".to_owned()];
    assert_eq!(forbidden_arrows(&graph), ["the tests of gonogo-probes must not depend on gonogo-judge"]);
}

#[test]
fn a_crate_without_arrows_in_the_list_is_found() {
    let mut graph = sound();
    let new = Crate { name: "gonogo-new".to_owned(), member: true, ..Crate::default() };
    graph.insert("gonogo-new".to_owned(), new);
    assert_eq!(forbidden_arrows(&graph).len(), 1);
}

#[test]
fn a_crate_that_reaches_the_world_is_found_with_the_way_to_it() {
    let none: [String; 0] = [];
    assert_eq!(reaches_the_world(&sound(), "gonogo-report"), none);
    let found = reaches_the_world(&with_arrow("cel", "tokio"), "gonogo-judge");
    assert!(
        found[0].starts_with("gonogo-judge -> gonogo-model -> cel -> tokio: it reaches the operating system"),
        "{found:?}"
    );
    assert!(found.iter().any(|line| line.ends_with("-> tokio -> mio: it reaches sockets")), "{found:?}");
    let found = reaches_the_world(&with_arrow("gonogo-model", "libc"), "gonogo-model");
    assert!(found.concat().contains("only through cc, parking_lot_core"), "{found:?}");
    let mut graph = sound();
    graph.get_mut("chrono").unwrap().features.insert("clock".to_owned());
    let found = reaches_the_world(&graph, "gonogo-report");
    assert!(found.concat().contains("a clock with the features clock"), "{found:?}");
}

/// The paths of a file that lead to the world, tests and comments left out.
fn paths_to_the_world(path: &str, text: &str) -> Vec<String> {
    paths_with(TO_THE_WORLD, path, text)
}

/// The paths of a file in which the segments of a bad one follow each other.
fn paths_with(bad: &[&str], path: &str, text: &str) -> Vec<String> {
    let mut paths = Paths::default();
    for item in &items(path, text) {
        paths.visit_item(item);
        paths.read(item.to_token_stream());
    }
    let wrong = |found: &&String| {
        let segments = format!("::{found}::");
        bad.iter().any(|bad| segments.contains(&format!("::{bad}::")))
    };
    paths.0.iter().filter(wrong).map(|found| format!("{path}: {found}")).collect()
}

/// Every path of some code: those of `use`, whole, and all others, also in macros.
#[derive(Default)]
struct Paths(Vec<String>);

impl Paths {
    fn read(&mut self, tokens: TokenStream) {
        let (mut path, mut colons) = (String::new(), 0);
        for token in tokens {
            match token {
                TokenTree::Ident(name) if colons == 2 => path.push_str(&format!("::{name}")),
                TokenTree::Ident(name) => self.0.push(std::mem::replace(&mut path, name.to_string())),
                TokenTree::Punct(sign) if sign.as_char() == ':' => {
                    colons += 1;
                    continue;
                }
                TokenTree::Group(group) => self.read(group.stream()),
                TokenTree::Punct(_) | TokenTree::Literal(_) => self.0.push(std::mem::take(&mut path)),
            }
            colons = 0;
        }
        self.0.push(path);
    }

    fn follow(&mut self, tree: &UseTree, before: &str) {
        let joined = |name: &dyn std::fmt::Display| match before {
            "" => name.to_string(),
            _ => format!("{before}::{name}"),
        };
        match tree {
            UseTree::Path(path) => self.follow(&path.tree, &joined(&path.ident)),
            UseTree::Name(name) => self.0.push(joined(&name.ident)),
            // Whole crates and modules under another name, or without one.
            UseTree::Rename(rename) => self.0.push(format!("{}::*", joined(&rename.ident))),
            UseTree::Glob(_) => self.0.push(format!("{before}::*")),
            UseTree::Group(group) => group.items.iter().for_each(|tree| self.follow(tree, before)),
        }
    }
}

impl Visit<'_> for Paths {
    fn visit_item_use(&mut self, item: &ItemUse) {
        self.follow(&item.tree, "");
        visit::visit_item_use(self, item);
    }
}

#[test]
fn paths_to_the_world_are_found_wherever_they_hide() {
    for bad in [
        "use std::fs;",
        "use std::{collections::BTreeMap, fs::File};",
        "use std::time::{Duration, SystemTime};",
        "fn f() { let _ = std::env::var(\"X\"); }",
        "fn f() { vec![std::fs::read(\"x\")]; }",
        "fn f() { g(|| ::std::process::id()) }",
        "fn f() -> Timestamp { Timestamp::now() }",
        "fn f() -> jiff::Zoned { jiff::Zoned::now() }",
        "fn f() { std::thread::spawn(f); }",
        "fn f() -> u8 { rand::random() }",
        "use std as s;",
        "use std::*;",
    ] {
        assert!(!paths_to_the_world("bad.rs", bad).is_empty(), "{bad}");
    }
    let good = "//! Not std::fs.\n/// Nor std::env.\nuse std::time::Duration;\nfn now(at: Timestamp) -> &'static str { \"std::fs\" }\n#[cfg(test)]\nmod tests { use std::fs; }\n";
    assert_eq!(paths_to_the_world("good.rs", good), Vec::<String>::new());
}
