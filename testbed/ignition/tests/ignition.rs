//! The service and the repository from outside: healthy, and each fault's effect.
#![expect(clippy::unwrap_used, reason = "a test fails by panicking")]

use std::collections::BTreeSet;
use std::fs;
use std::io::{Read as _, Write as _};
use std::net::TcpStream;
use std::path::{Path, PathBuf};
use std::process::Command;

use testbed_ignition::{Change, Edit, FAULTS, Launch, Running, launch, named, paths};

const PROGRAM: &str = env!("CARGO_BIN_EXE_ignition");

#[test]
fn healthy_it_serves_all_that_it_declares_and_keeps_its_decisions() {
    let running = start(&[]);
    assert_eq!(paths(false).count(), 64);
    assert_eq!(declared(&running), paths(false).collect::<BTreeSet<String>>());
    for path in paths(false) {
        assert_eq!(status(&running, &path, ""), 200, "{path}");
    }
    assert_eq!(status(&running, "/api/nowhere", ""), 404);
    assert_eq!(status(&running, "/health", ""), 200);
    assert_eq!(decisions(&running), [401, 403, 403]);
    assert!(answer(&running, "/console/vault", "").contains(r#""state":"ready""#));
    assert_eq!(status(&running, "/console/nothing", ""), 404);
    assert!(answer(&running, "/records/load-test", "").contains(r#""result":"passed""#));
    assert_eq!(status(&running, "/records/nothing", ""), 404);
}

#[test]
fn faults_of_the_service() {
    let running = start(&["unserved-routes", "no-vault", "load-test-failed"]);
    let served: Vec<String> = paths(false).filter(|path| status(&running, path, "") == 200).collect();
    assert_eq!(served, paths(true).collect::<Vec<String>>());
    assert_eq!((served.len(), declared(&running).len()), (12, 64));
    assert!(answer(&running, "/console/vault", "").contains(r#""state":"requested""#));
    assert!(answer(&running, "/console/database", "").contains(r#""state":"ready""#));
    assert!(answer(&running, "/records/load-test", "").contains(r#""result":"failed""#));
    assert!(answer(&running, "/records/backup-restored", "").contains(r#""result":"passed""#));
    for (fault, statuses) in [
        ("old-session-accepted", [200, 403, 403]),
        ("foreign-page-accepted", [401, 200, 403]),
        ("former-admin-accepted", [401, 403, 200]),
    ] {
        assert_eq!(decisions(&start(&[fault])), statuses, "{fault}");
    }
}

#[test]
fn every_fault_of_the_repository_changes_the_files_it_names_and_no_others() {
    let healthy = files(&start(&[]).repository());
    for fault in FAULTS {
        let Change::Repository(edits) = fault.change else { continue };
        let changed = files(&start(&[fault.name]).repository());
        let differ = healthy.symmetric_difference(&changed).map(|(path, _)| path.as_path());
        let named = edits.iter().map(|edit| match edit {
            Edit::Replace { file, .. } | Edit::Cut { file, .. } => Path::new(*file),
            Edit::Remove { file } | Edit::Add { file, .. } => Path::new(*file),
        });
        assert_eq!(differ.collect::<BTreeSet<_>>(), named.collect::<BTreeSet<_>>(), "{}", fault.name);
    }
}

#[test]
fn nothing_is_left_behind_and_no_blank_is_left_open() {
    let running = start(&[]);
    let copy = running.repository();
    assert!(files(&copy).iter().all(|(_, text)| !text.contains("{today}") && !text.contains("{cutover}")));
    drop(running);
    assert!(!copy.exists());
}

#[test]
fn the_service_refuses_faults_that_are_not_its_own() {
    for name in ["d1-scripts", "unserved-route"] {
        let refused = Command::new(PROGRAM).args(["--fault", name]).env_clear().output().unwrap();
        assert!(!refused.status.success());
        assert!(String::from_utf8_lossy(&refused.stderr).contains(&format!("no fault `{name}`")));
    }
}

fn start(faults: &[&str]) -> Running {
    let faults = faults.iter().map(|name| named(name).unwrap()).collect();
    launch(&Launch { faults, ..Launch::healthy(PROGRAM) }).unwrap()
}

/// What is answered to an old session, a foreign page and a former administrator.
fn decisions(running: &Running) -> [u16; 3] {
    let variable = |name: &str| &running.environment()[name];
    let session = format!("Cookie: session={}\r\n", variable("IGNITION_OLD_SESSION"));
    let token = format!("Authorization: Bearer {}\r\n", variable("IGNITION_FORMER_ADMIN"));
    [
        status(running, "/session", &session),
        status(running, "/api/account/profile", "Origin: https://evil.example.test\r\n"),
        status(running, "/admin", &token),
    ]
}

/// The paths of the API document.
fn declared(running: &Running) -> BTreeSet<String> {
    let document = fs::read_to_string(running.repository().join("openapi.yaml")).unwrap();
    let paths = document.lines().filter_map(|line| line.strip_prefix("  /")?.strip_suffix(':'));
    paths.map(|path| format!("/{path}")).collect()
}

/// All files below a folder, with their texts.
fn files(folder: &Path) -> BTreeSet<(PathBuf, String)> {
    fn walk(root: &Path, folder: &Path, into: &mut BTreeSet<(PathBuf, String)>) {
        for entry in fs::read_dir(folder).unwrap() {
            let path = entry.unwrap().path();
            match path.is_dir() {
                true => walk(root, &path, into),
                false => drop(into.insert((
                    path.strip_prefix(root).unwrap().to_owned(),
                    fs::read_to_string(&path).unwrap(),
                ))),
            }
        }
    }
    let mut found = BTreeSet::new();
    walk(folder, folder, &mut found);
    found
}

fn status(running: &Running, path: &str, headers: &str) -> u16 {
    answer(running, path, headers).split(' ').nth(1).unwrap().parse().unwrap()
}

fn answer(running: &Running, path: &str, headers: &str) -> String {
    let mut stream = TcpStream::connect(running.base_url().strip_prefix("http://").unwrap()).unwrap();
    write!(stream, "GET {path} HTTP/1.1\r\nHost: test\r\nConnection: close\r\n{headers}\r\n").unwrap();
    let mut text = String::new();
    stream.read_to_string(&mut text).unwrap();
    text
}
