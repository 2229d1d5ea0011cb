//! A private Redis from outside: it asks for a password, and comes back empty at the same place.
#![expect(clippy::unwrap_used, reason = "a test fails by panicking")]

use std::io::{Read, Write};
use std::net::TcpStream;
use std::time::Duration;

use testbed_servers::Redis;

/// What it answers to some lines.
fn say(redis: &Redis, lines: &str) -> String {
    let mut stream = TcpStream::connect(("127.0.0.1", redis.port())).unwrap();
    stream.set_read_timeout(Some(Duration::from_secs(10))).unwrap();
    write!(stream, "{lines}QUIT\r\n").unwrap();
    let mut answer = String::new();
    stream.read_to_string(&mut answer).unwrap();
    answer
}

#[test]
fn it_asks_for_a_password_and_comes_back_empty_at_the_same_place() {
    if Redis::find().is_none() {
        // A closed stderr is no reason to fail.
        let _ = writeln!(std::io::stderr(), "SKIPPED: no redis-server on PATH");
        return;
    }
    let mut redis = Redis::start().unwrap();
    let url = redis.url();
    let password = url.strip_prefix("redis://:").unwrap().split('@').next().unwrap();
    assert!(say(&redis, "PING\r\n").contains("NOAUTH"));
    assert!(say(&redis, &format!("AUTH {password}\r\nSET a b\r\nGET a\r\n")).contains("$1\r\nb"));
    redis.pause().unwrap();
    assert!(TcpStream::connect(("127.0.0.1", redis.port())).is_err());
    redis.resume().unwrap();
    assert_eq!(redis.url(), url);
    assert!(say(&redis, &format!("AUTH {password}\r\nGET a\r\n")).contains("$-1"));
    assert!(!format!("{redis:?}").contains(password));
}
