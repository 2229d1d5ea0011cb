//! The proxy from outside: what passes, what is cut, what is held, and what it says of it.
#![cfg(feature = "proxy")]
#![expect(clippy::unwrap_used, reason = "a test fails by panicking")]

use std::io::{BufRead as _, BufReader, Read as _, Write as _};
use std::net::{TcpListener, TcpStream};
use std::time::Duration;

use testbed_servers::Proxy;

const LIMIT: Option<Duration> = Some(Duration::from_secs(20));

/// A server that says every line again; its port.
fn echo() -> u16 {
    let listener = TcpListener::bind("127.0.0.1:0").unwrap();
    let port = listener.local_addr().unwrap().port();
    std::thread::spawn(move || {
        for stream in listener.incoming().map_while(Result::ok) {
            std::thread::spawn(move || {
                let mut lines = BufReader::new(stream.try_clone().unwrap());
                let mut line = String::new();
                while lines.read_line(&mut line).is_ok_and(|length| length > 0) {
                    let mut out = &stream;
                    out.write_all(line.as_bytes()).unwrap();
                    line.clear();
                }
            });
        }
    });
    port
}

fn connect(port: u16) -> TcpStream {
    let stream = TcpStream::connect(("127.0.0.1", port)).unwrap();
    stream.set_read_timeout(LIMIT).unwrap();
    stream
}

/// What comes back for a line; empty when the connection is cut.
fn said(stream: &TcpStream, line: &str) -> String {
    let (mut out, mut answer) = (stream, String::new());
    out.write_all(format!("{line}\n").as_bytes()).unwrap();
    // A connection that is cut may end with an error too.
    let _ = BufReader::new(stream).read_line(&mut answer);
    answer.trim_end().to_owned()
}

/// The status and the body of what it was told.
fn told(proxy: &Proxy, request: &str) -> (u16, String) {
    let mut stream = connect(proxy.control().rsplit(':').next().unwrap().parse().unwrap());
    stream
        .write_all(format!("{request} HTTP/1.1\r\nHost: proxy\r\nConnection: close\r\n\r\n").as_bytes())
        .unwrap();
    let mut answer = String::new();
    stream.read_to_string(&mut answer).unwrap();
    let status = answer.split(' ').nth(1).unwrap().parse().unwrap();
    (status, answer.split_once("\r\n\r\n").unwrap().1.to_owned())
}

#[test]
fn it_cuts_the_connection_in_which_a_text_is_sent_as_often_as_it_was_told() {
    let proxy = Proxy::start(echo()).unwrap();
    let (first, other) = (connect(proxy.port()), connect(proxy.port()));
    assert_eq!((said(&first, "GET key").as_str(), said(&other, "x").as_str()), ("GET key", "x"));
    let now = told(&proxy, "POST /cut?text=GET%20key&times=2");
    assert_eq!(now, (200, r#"{"cut": 0, "left": 2, "held": false}"#.to_owned()));
    assert_eq!((said(&first, "GET key").as_str(), said(&other, "GET kex").as_str()), ("", "GET kex"));
    assert_eq!(said(&other, "a GET key b"), "");
    assert_eq!(said(&connect(proxy.port()), "GET key"), "GET key");
    assert_eq!(told(&proxy, "GET /").1, r#"{"cut": 2, "left": 0, "held": false}"#);
}

#[test]
fn nothing_passes_while_it_holds_and_all_of_it_afterwards() {
    let proxy = Proxy::start(echo()).unwrap();
    let before = connect(proxy.port());
    assert_eq!(said(&before, "one"), "one");
    assert_eq!(told(&proxy, "POST /hold").1, r#"{"cut": 0, "left": 0, "held": true}"#);
    let meanwhile = connect(proxy.port());
    for stream in [&before, &meanwhile] {
        stream.set_read_timeout(Some(Duration::from_millis(100))).unwrap();
        assert_eq!(said(stream, "two"), "", "it passed while it should hold");
        stream.set_read_timeout(LIMIT).unwrap();
    }
    told(&proxy, "POST /pass");
    for stream in [&before, &meanwhile] {
        let mut answer = String::new();
        BufReader::new(stream).read_line(&mut answer).unwrap();
        assert_eq!(answer, "two\n");
    }
}

#[test]
fn what_it_does_not_know_is_refused_and_nothing_is_left_of_it() {
    let proxy = Proxy::start(echo()).unwrap();
    for (request, status) in [
        ("POST /cut", 400),
        ("POST /cut?text=", 400),
        ("POST /cut?text=a&times=x", 400),
        ("POST /cut?text=a&often=2", 400),
        ("GET /cut?text=a", 404),
        ("POST /", 404),
    ] {
        assert_eq!(told(&proxy, request).0, status, "{request}");
    }
    assert_eq!(told(&proxy, "GET /").1, r#"{"cut": 0, "left": 0, "held": false}"#);
    let port = proxy.port();
    drop(proxy);
    assert!(TcpStream::connect(("127.0.0.1", port)).is_err());
}
