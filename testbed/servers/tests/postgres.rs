//! The private Postgres, seen from outside: who gets in, what is left behind.
#![expect(clippy::unwrap_used, reason = "a test fails by panicking")]

use std::io::{BufRead, BufReader, Write};
use std::net::TcpStream;
use std::path::Path;
use std::process::{Command, Output, Stdio};
use std::time::Duration;

use testbed_servers::process::wait_until;
use testbed_servers::{Auth, Postgres, PostgresOptions};

#[test]
fn two_at_once_and_only_the_right_password_gets_in() {
    let options = PostgresOptions::default().set("max_connections", "37");
    let Some(first) = Postgres::start_or_skip(&options).unwrap() else { return };
    let md5 = PostgresOptions { auth: Auth::Md5, ..PostgresOptions::default() };
    let second = Postgres::start(&md5).unwrap();
    assert_ne!(first.port(), second.port());

    assert_eq!(answer(&ask(&first.dsn(), "SHOW max_connections")), "37");
    assert_eq!(answer(&ask(&first.dsn(), "SELECT current_setting('is_superuser')")), "off");
    assert_eq!(answer(&ask(&first.admin_dsn(), "SELECT current_setting('is_superuser')")), "on");
    assert_eq!(answer(&ask(&second.dsn(), "SHOW password_encryption")), "md5");
    for server in [&first, &second] {
        let refused = ask(&server.dsn_of("app", "wrong"), "SELECT 1");
        assert!(!refused.status.success());
        assert!(String::from_utf8_lossy(&refused.stderr).contains("password authentication failed"));
    }
    let shown = format!("{first:?}");
    assert!(!shown.contains(first.dsn().split([':', '@']).nth(2).unwrap()), "{shown}");
}

#[test]
fn stop_leaves_no_process_and_no_folder() {
    let Some(postgres) = Postgres::start_or_skip(&PostgresOptions::default()).unwrap() else { return };
    let (pid, port, folder) = (postgres.pid(), postgres.port(), postgres.folder().to_owned());
    assert!(lives(pid) && folder.exists());
    postgres.stop().unwrap();
    assert!(!lives(pid) && !folder.exists());
    assert!(TcpStream::connect(("127.0.0.1", port)).is_err());
}

#[test]
fn tls_is_served_with_the_certificate_given() {
    let options = PostgresOptions { tls: true, ..PostgresOptions::default() };
    let Some(postgres) = Postgres::start_or_skip(&options).unwrap() else { return };
    let trust = postgres.certificate().unwrap().display().to_string();
    let dsn = format!("{}?sslmode=verify-full&sslrootcert={trust}", postgres.dsn());
    let in_use = "SELECT ssl FROM pg_stat_ssl WHERE pid = pg_backend_pid()";
    assert_eq!(answer(&ask(&dsn, in_use)), "t");
    assert_eq!(answer(&ask(&format!("{}?sslmode=disable", postgres.dsn()), in_use)), "f");
}

#[test]
fn a_setting_that_is_not_one_fails_with_the_servers_own_words() {
    let options = PostgresOptions::default().set("max_connections", "many");
    match Postgres::start_or_skip(&options) {
        Ok(None) => {}
        other => assert!(other.unwrap_err().to_string().contains("invalid value")),
    }
}

#[test]
fn a_killed_owner_leaves_no_server() {
    if Postgres::find_or_skip().is_none() {
        return;
    }
    if !Path::new("/usr/bin/setpriv").exists() {
        writeln!(std::io::stderr(), "SKIPPED: no setpriv (a killed owner leaves its server then)").unwrap();
        return;
    }
    let mut owner = Command::new(env!("CARGO_BIN_EXE_private-postgres"))
        .stdin(Stdio::piped())
        .stdout(Stdio::piped())
        .spawn()
        .unwrap();
    let mut line = String::new();
    BufReader::new(owner.stdout.take().unwrap()).read_line(&mut line).unwrap();
    let pid = line.split(' ').next().unwrap().parse().unwrap();
    assert!(lives(pid));
    let folder = std::fs::read_link(format!("/proc/{pid}/cwd")).unwrap();
    owner.kill().unwrap();
    owner.wait().unwrap();
    let gone = wait_until(Duration::from_secs(20), || Ok((!lives(pid)).then_some(())));
    assert_eq!(gone.unwrap(), Some(()));
    // The folder outlives a SIGKILL (documented), so this test sweeps its own.
    std::fs::remove_dir_all(folder.parent().unwrap()).unwrap();
}

fn ask(dsn: &str, sql: &str) -> Output {
    let psql = Postgres::find().unwrap().program("psql");
    Command::new(psql).args(["--no-password", "-XAtc", sql, dsn]).output().unwrap()
}

fn answer(output: &Output) -> String {
    assert!(output.status.success(), "{}", String::from_utf8_lossy(&output.stderr));
    String::from_utf8_lossy(&output.stdout).trim().to_owned()
}

fn lives(pid: u32) -> bool {
    // A process of another container user may become a zombie of init's: that is gone too.
    match std::fs::read_to_string(format!("/proc/{pid}/stat")) {
        Ok(stat) => !stat.contains(") Z "),
        Err(_) => false,
    }
}
