//! Each private server from outside: it says what it is, and is gone when it is dropped.
#![expect(clippy::unwrap_used, reason = "a test fails by panicking")]

use std::io::{Read as _, Write as _};
use std::net::{TcpStream, UdpSocket};
use std::time::Duration;

use testbed_servers::{
    Authority, Coturn, Leaf, Mariadb, MariadbOptions, Nats, NatsOptions, Nginx, NginxOptions, NginxWorkers,
    Rabbitmq, Redis, RedisOptions,
};

const LIMIT: Option<Duration> = Some(Duration::from_secs(20));

/// What it says at first, after it was asked.
fn said(port: u16, question: &[u8]) -> String {
    let mut stream = TcpStream::connect(("127.0.0.1", port)).unwrap();
    stream.set_read_timeout(LIMIT).unwrap();
    stream.write_all(question).unwrap();
    let mut answer = [0_u8; 4096];
    let length = stream.read(&mut answer).unwrap();
    String::from_utf8_lossy(&answer[..length]).into_owned()
}

fn gone(port: u16) -> bool {
    TcpStream::connect(("127.0.0.1", port)).is_err()
}

/// Whether it is installed; says so when it is not.
fn is_here(server: &str, program: Option<std::path::PathBuf>) -> bool {
    if program.is_none() {
        // A closed stderr is no reason to fail.
        let _ = writeln!(std::io::stderr(), "SKIPPED: no {server} on this machine");
    }
    program.is_some()
}

#[test]
fn nats_asks_for_a_password() {
    if !is_here("nats-server", Nats::find()) {
        return;
    }
    let nats = Nats::start(&NatsOptions::default()).unwrap();
    let (port, first) = (nats.port(), said(nats.port(), b""));
    assert!(first.starts_with("INFO ") && first.contains("\"auth_required\":true"), "{first}");
    assert!(!format!("{nats:?}").contains(nats.password()));
    drop(nats);
    assert!(gone(port));
}

#[test]
fn mariadb_greets_and_is_gone_with_its_value() {
    if !is_here("mariadbd", Mariadb::find()) {
        return;
    }
    let mariadb = Mariadb::start(&MariadbOptions::default()).unwrap();
    let port = mariadb.port();
    assert!(said(port, b"").contains("MariaDB"));
    drop(mariadb);
    assert!(gone(port));
}

#[test]
fn nginx_answers_plain_and_over_tls_only() {
    if !is_here("nginx", Nginx::find()) {
        return;
    }
    let question = b"GET / HTTP/1.0\r\n\r\n";
    let plain = Nginx::start(&NginxOptions::default()).unwrap();
    assert!(said(plain.port(), question).starts_with("HTTP/1.1 200"));
    let workers = Some(NginxWorkers { count: 2, connections: 64 });
    let several = Nginx::start(&NginxOptions { workers, ..NginxOptions::default() }).unwrap();
    assert!(said(several.port(), question).starts_with("HTTP/1.1 200"));
    let port = several.port();
    drop(several);
    assert!(gone(port));
    let folder = tempfile::tempdir().unwrap();
    let paper = Authority::new().unwrap().issue(&Leaf::default(), folder.path()).unwrap();
    let secure = Nginx::start(&NginxOptions { tls: Some(paper), ..NginxOptions::default() }).unwrap();
    assert!(said(secure.port(), question).starts_with("HTTP/1.1 400"));
    let port = secure.port();
    drop(secure);
    assert!(gone(port));
}

#[test]
fn coturn_answers_a_binding_request() {
    if !is_here("turnserver", Coturn::find()) {
        return;
    }
    let coturn = Coturn::start(&[]).unwrap();
    let socket = UdpSocket::bind("127.0.0.1:0").unwrap();
    socket.set_read_timeout(Some(Duration::from_secs(1))).unwrap();
    let question = [&[0, 1, 0, 0, 0x21, 0x12, 0xa4, 0x42][..], b"twelve bytes"].concat();
    let mut answer = [0_u8; 512];
    // It may take connections a moment before it takes datagrams, and one that is lost is lost.
    let mut asked = || {
        socket.send_to(&question, ("127.0.0.1", coturn.port())).unwrap();
        socket.recv_from(&mut answer).ok()
    };
    let (length, _) = (0..20).find_map(|_| asked()).unwrap();
    assert!(length >= 20 && answer[..2] == [1, 1] && answer[8..20] == question[8..20]);
    let port = coturn.port();
    drop(coturn);
    assert!(gone(port));
}

#[test]
fn rabbitmq_starts_apart_from_any_other() {
    if !is_here("rabbitmq-server", Rabbitmq::find()) {
        return;
    }
    let rabbitmq = Rabbitmq::start().unwrap();
    let port = rabbitmq.port();
    assert!(said(port, b"AMQP\0\0\x09\x01").contains("RabbitMQ"));
    drop(rabbitmq);
    assert!(gone(port));
}

#[test]
fn redis_over_tls_says_nothing_in_the_clear() {
    if !is_here("redis-server", Redis::find()) {
        return;
    }
    let folder = tempfile::tempdir().unwrap();
    let paper = Authority::new().unwrap().issue(&Leaf::default(), folder.path()).unwrap();
    let options = RedisOptions { tls: Some(paper), open: true, settings: vec!["maxmemory 8mb".to_owned()] };
    let redis = Redis::start_with(options).unwrap();
    assert!(redis.url().starts_with("rediss://127.0.0.1:"));
    let mut stream = TcpStream::connect(("127.0.0.1", redis.port())).unwrap();
    stream.set_read_timeout(LIMIT).unwrap();
    stream.write_all(b"PING\r\n").unwrap();
    let mut answer = Vec::new();
    // It closes, or breaks the connection off.
    let _ = stream.read_to_end(&mut answer);
    assert!(!String::from_utf8_lossy(&answer).contains("PONG"));
}
