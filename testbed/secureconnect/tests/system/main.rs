//! The system from outside: everything that people do, on files and on real servers, and what each
//! fault changes about it. One walk looks at all of it; a fault must change what it names and
//! nothing else.
#![expect(clippy::unwrap_used, clippy::panic, reason = "a test fails by panicking")]

mod accounts;
mod apart;
mod calls;
mod chats;
mod deployment;
mod document;
mod edges;
mod faults;
mod healthy;
mod outages;
mod sinks;
mod stalls;
mod world;

use std::collections::{BTreeMap, BTreeSet};
use std::process::Command;

use chats::People;
use document::Document;
use serde_json::Value;
use testbed_secureconnect::{Config, all_faults, operations};
use world::{PROGRAM, Seen, World};

/// What the walk needs to be short: small amounts and short lives; and no answer may depend on how
/// busy the machine is.
const SHORT: [(&str, &str); 5] = [
    ("QUOTA_BYTES", "1000"),
    ("PRESIGNED_S", "5"),
    ("REQUEST_TIMEOUT_MS", "12000"),
    ("QUERY_TIMEOUT_MS", "10000"),
    ("PROXY_TIMEOUT_MS", "15000"),
];

/// Walks through the whole system.
async fn walk(world: &World) -> BTreeMap<&'static str, String> {
    let people = People {
        ana: world.person("ana").await,
        ben: world.person("ben").await,
        eve: world.person("eve").await,
    };
    let kim = world.person("zoe").await;
    let (mut accounts, mut chats, mut calls, mut drive) =
        (Seen::default(), Seen::default(), Seen::default(), Seen::default());
    tokio::join!(
        chats::walk(world, &people, &mut chats),
        accounts::walk(world, &people.ana, &mut accounts),
        calls::walk(world, &people, &kim, &mut calls),
        calls::drive(world, &people, &mut drive),
    );
    let mut seen = Seen::default();
    edges::look(world, &people, &mut seen).await;
    let parts = [accounts, chats, calls, drive, seen];
    let count: usize = parts.iter().map(|part| part.0.len()).sum();
    let all: BTreeMap<&'static str, String> = parts.into_iter().flat_map(|part| part.0).collect();
    assert_eq!(all.len(), count, "two parts look at something by one name");
    all
}

#[test]
fn the_document_has_the_operations_of_the_code() {
    let documented = Document::read().operations();
    let served: BTreeSet<(String, String)> =
        operations().into_iter().map(|one| (one.path.to_owned(), one.method.to_owned())).collect();
    assert_eq!(served, documented);
}

#[test]
fn the_example_of_the_environment_has_the_variables_of_the_code() {
    let example = include_str!("../../repository/.env.example");
    let names = example.lines().filter_map(|line| line.trim_start_matches("# ").split_once('='));
    let named: BTreeSet<String> = names
        .map(|(name, _)| name.to_owned())
        .filter(|name| name.bytes().all(|byte| byte.is_ascii_uppercase() || byte == b'_'))
        .collect();
    assert_eq!(named, Config::variables());
}

#[test]
fn the_command_line_says_what_is_missing_and_which_faults_there_are() {
    let run = |arguments: &[&str]| Command::new(PROGRAM).args(arguments).env_clear().output().unwrap();
    let bare = run(&[]);
    assert!(!bare.status.success());
    assert!(String::from_utf8_lossy(&bare.stderr).contains("DATABASE_URL is not set"));
    let listed: Value = serde_json::from_slice(&run(&["--list-faults", "--format", "json"]).stdout).unwrap();
    let names: Vec<&str> = listed.as_array().unwrap().iter().map(|f| f["name"].as_str().unwrap()).collect();
    assert_eq!(names, all_faults().map(|fault| fault.name).collect::<Vec<&str>>());
    let text = String::from_utf8(run(&["--list-faults"]).stdout).unwrap();
    assert_eq!(text.lines().count(), names.len());
    let unknown = run(&["--fault", "no-pols"]);
    assert!(String::from_utf8_lossy(&unknown.stderr).contains("there is no fault `no-pols`"));
}
