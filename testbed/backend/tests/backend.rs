//! The backend from outside, over loopback: healthy on both databases, and each fault's effect.
#![expect(clippy::unwrap_used, reason = "a test fails by panicking")]

use std::io::{Read, Write};
use std::net::TcpStream;
use std::process::Command;
use std::time::{Duration, Instant};

use serde_json::{Value, json};
use testbed_backend::{DatabaseKind, Fault, Launch, Running, launch};
use testbed_servers::Postgres;
use testbed_servers::process::wait_until;

const PROGRAM: &str = env!("CARGO_BIN_EXE_backend");

#[test]
fn healthy_on_postgres_until_its_database_goes() {
    let Some(programs) = Postgres::find_or_skip() else { return };
    let mut running = start(DatabaseKind::Postgres, &[]);
    let mut psql = Command::new(programs.program("psql"));
    let limit = psql.args(["-XAtc", "SHOW max_connections", &running.environment()["DATABASE_URL"]]);
    assert_eq!(String::from_utf8(limit.output().unwrap().stdout).unwrap(), "450\n");
    walk_the_healthy_system(&running);
    running.stop_database().unwrap();
    let health = get(&running, "/health");
    assert_eq!((health.status, health.json()["status"].as_str()), (503, Some("unavailable")));
    assert_eq!(get(&running, "/items").status, 503);
}

#[test]
fn healthy_on_sqlite() {
    walk_the_healthy_system(&start(DatabaseKind::Sqlite, &[]));
}

/// Log in, use the token, write and read rows, scrape; then look for secrets in the log.
fn walk_the_healthy_system(running: &Running) {
    let health = get(running, "/health");
    assert_eq!(health.status, 200);
    assert_eq!(health.json()["dependencies"]["database"]["status"], "ok");

    let token = log_in(running).json()["token"].as_str().unwrap().to_owned();
    let me = send(running, "GET", "/me", Some(&token), None);
    assert_eq!(me.json()["email"], running.environment()["SEED_USER_EMAIL"].as_str());
    assert_eq!(me.json().as_object().unwrap().len(), 2, "id and email only");

    let named = |name: &str| Some(json!({ "name": name }));
    assert_eq!(send(running, "POST", "/items", Some(&token), named("first")).status, 201);
    assert_eq!(get(running, "/items").json()[0]["name"], "first");

    assert_eq!(send(running, "POST", "/items", None, named("second")).status, 401);
    assert_eq!(send(running, "POST", "/items", Some(&token), named("")).status, 400);
    assert_eq!(send(running, "GET", "/me", Some("x.y.z"), None).status, 401);
    let wrong = json!({ "email": running.environment()["SEED_USER_EMAIL"], "password": "wrong" });
    assert_eq!(send(running, "POST", "/login", None, Some(wrong)).status, 401);
    let nobody = json!({ "email": "nobody@example.test", "password": "wrong" });
    assert_eq!(send(running, "POST", "/login", None, Some(nobody)).status, 401);
    assert_eq!(get(running, "/nowhere?key=canary-in-address").status, 404);

    let metrics = get(running, "/metrics").body;
    for line in [
        "http_requests_total{method=\"GET\",route=\"/items\",status=\"200\"} 1",
        "http_requests_total{method=\"POST\",route=\"/login\",status=\"401\"} 2",
        "http_request_duration_seconds_count{route=\"/health\"} 1",
        "db_pool_in_use 0",
        "db_pool_max 20",
    ] {
        assert!(metrics.contains(line), "no `{line}` in\n{metrics}");
    }

    let log = running.log().unwrap();
    assert!(log.lines().all(|line| serde_json::from_str::<Value>(line).is_ok()), "{log}");
    assert!(log.contains(r#""route":"/login""#));
    for secret in ["JWT_SECRET", "SEED_USER_PASSWORD", "DATABASE_URL"] {
        assert!(!log.contains(&running.environment()[secret]), "{secret} is in the log");
    }
    assert!(!log.contains(&token) && !log.contains("canary-in-address"));
    assert!(!format!("{running:?}").contains(&running.environment()["JWT_SECRET"]));
}

#[test]
fn faults_of_the_secret() {
    let none = start(DatabaseKind::Sqlite, &[Fault::NoJwtSecret]);
    assert!(!none.environment().contains_key("JWT_SECRET"));
    let refused = log_in(&none);
    assert_eq!(refused.status, 503);
    assert!(refused.json()["error"].as_str().unwrap().contains("JWT_SECRET is not set"));
    assert_eq!(get(&none, "/me").status, 503);

    // The backend takes what it is given: only somebody who looks at the secret sees these two.
    let weak = start(DatabaseKind::Sqlite, &[Fault::WeakJwtSecret]);
    assert!(weak.environment()["JWT_SECRET"].len() < 16);
    assert_eq!(log_in(&weak).status, 200);
    let placeholder = start(DatabaseKind::Sqlite, &[Fault::PlaceholderJwtSecret]);
    assert!(placeholder.environment()["JWT_SECRET"].len() >= 64);
    assert_eq!(log_in(&placeholder).status, 200);
}

#[test]
fn faults_of_the_pool() {
    let none = start(DatabaseKind::Sqlite, &[Fault::NoPoolSize]);
    assert!(!none.environment().contains_key("CONNECTION_POOL_SIZE"));
    assert!(none.log().unwrap().contains("CONNECTION_POOL_SIZE is not set"));
    assert!(get(&none, "/metrics").body.contains("db_pool_max 10"));

    let over = start(DatabaseKind::Sqlite, &[Fault::PoolOverLimit]);
    let number = |name: &str| over.environment()[name].parse::<u32>().unwrap();
    assert!(number("CONNECTION_POOL_SIZE") * number("APP_INSTANCES") > 450);
    assert!(get(&over, "/metrics").body.contains("db_pool_max 450"));
}

#[test]
fn health_lies_while_the_database_is_lost() {
    let running = start(DatabaseKind::Sqlite, &[Fault::HealthLies]);
    let health = get(&running, "/health");
    assert_eq!(health.status, 200);
    assert_eq!(health.json()["dependencies"]["database"]["status"], "ok");
    assert_eq!(get(&running, "/items").status, 503);
}

#[test]
fn answers_are_slow_and_a_stop_waits_for_them() {
    let running = start(DatabaseKind::Sqlite, &[Fault::SlowAnswers]);
    let started = Instant::now();
    assert_eq!(get(&running, "/health").status, 200);
    assert!(started.elapsed() >= Duration::from_millis(600));

    let mut stream = request(&running, "GET", "/items", None, None);
    let under_way = wait_until(Duration::from_secs(10), || {
        let metrics = get(&running, "/metrics").body;
        Ok(metrics.contains("http_requests_in_flight{route=\"/items\"} 1").then_some(()))
    });
    assert!(under_way.unwrap().is_some());
    assert!(running.stop().unwrap().success());
    assert_eq!(answer(&mut stream).status, 200);
}

#[test]
fn the_command_line_says_what_is_missing_and_which_faults_there_are() {
    let run = |arguments: &[&str]| Command::new(PROGRAM).args(arguments).env_clear().output().unwrap();
    let bare = run(&[]);
    assert!(!bare.status.success());
    assert!(String::from_utf8_lossy(&bare.stderr).contains("DATABASE_URL is not set"));
    let listed: Value = serde_json::from_slice(&run(&["--list-faults", "--format", "json"]).stdout).unwrap();
    let names: Vec<&str> = listed.as_array().unwrap().iter().map(|f| f["name"].as_str().unwrap()).collect();
    assert_eq!(names, Fault::ALL.map(Fault::name));
    assert_eq!(run(&["--list-faults"]).stdout.split(|byte| *byte == b'\n').count(), Fault::ALL.len() + 1);
    let unknown = run(&["--fault", "no-jwt-secrt"]);
    assert!(String::from_utf8_lossy(&unknown.stderr).contains("no-jwt-secret"));
}

fn start(database: DatabaseKind, faults: &[Fault]) -> Running {
    let healthy = Launch::healthy(PROGRAM);
    launch(&Launch { database, faults: faults.to_vec(), ..healthy }).unwrap()
}

fn log_in(running: &Running) -> Answer {
    let variable = |name: &str| running.environment()[name].clone();
    let body = json!({ "email": variable("SEED_USER_EMAIL"), "password": variable("SEED_USER_PASSWORD") });
    send(running, "POST", "/login", None, Some(body))
}

struct Answer {
    status: u16,
    body: String,
}

impl Answer {
    fn json(&self) -> Value {
        serde_json::from_str(&self.body).unwrap()
    }
}

fn get(running: &Running, path: &str) -> Answer {
    send(running, "GET", path, None, None)
}

fn send(running: &Running, method: &str, path: &str, token: Option<&str>, body: Option<Value>) -> Answer {
    answer(&mut request(running, method, path, token, body))
}

/// Sends a request on a connection of its own, which closes after the answer.
fn request(
    running: &Running,
    method: &str,
    path: &str,
    token: Option<&str>,
    body: Option<Value>,
) -> TcpStream {
    let mut stream = TcpStream::connect(running.base_url().strip_prefix("http://").unwrap()).unwrap();
    stream.set_read_timeout(Some(Duration::from_secs(20))).unwrap();
    let body = body.map(|body| body.to_string()).unwrap_or_default();
    let token = token.map(|token| format!("Authorization: Bearer {token}\r\n")).unwrap_or_default();
    write!(
        stream,
        "{method} {path} HTTP/1.1\r\nHost: test\r\nConnection: close\r\n{token}\
         Content-Type: application/json\r\nContent-Length: {}\r\n\r\n{body}",
        body.len()
    )
    .unwrap();
    stream
}

fn answer(stream: &mut TcpStream) -> Answer {
    let mut text = String::new();
    stream.read_to_string(&mut text).unwrap();
    let (head, body) = text.split_once("\r\n\r\n").unwrap();
    Answer { status: head.split(' ').nth(1).unwrap().parse().unwrap(), body: body.to_owned() }
}
