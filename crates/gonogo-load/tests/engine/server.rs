//! A server of known behaviour: it counts what it is asked, and answers as the path says. HTTP is
//! read as far as a test needs.

use std::collections::BTreeMap;
use std::net::{Ipv4Addr, SocketAddr};
use std::sync::{Arc, Mutex};
use std::time::{Duration, Instant};

use gonogo_load::Target;
use tokio::io::{AsyncReadExt as _, AsyncWriteExt as _};
use tokio::net::{TcpListener, TcpStream};

/// What a server saw.
#[derive(Debug, Default)]
pub(crate) struct Seen {
    /// Requests by method and path.
    pub(crate) asked: BTreeMap<String, u64>,
    /// Whole requests, the last few.
    pub(crate) texts: Vec<String>,
    /// Connections.
    pub(crate) connections: u64,
    /// When they ended.
    pub(crate) ended: Vec<Instant>,
    /// Addresses they came from.
    pub(crate) from: BTreeMap<String, u64>,
}

/// A running server; it ends with its runtime.
pub(crate) struct Server {
    pub(crate) seen: Arc<Mutex<Seen>>,
    pub(crate) port: u16,
}

/// When a server does not answer: from and until, since it was started.
pub(crate) type Stall = Option<(Duration, Duration)>;

impl Server {
    pub(crate) async fn start(stall: Stall) -> Server {
        let listener = TcpListener::bind((Ipv4Addr::LOCALHOST, 0)).await.unwrap();
        let port = listener.local_addr().unwrap().port();
        let seen: Arc<Mutex<Seen>> = Arc::default();
        let (kept, began) = (Arc::clone(&seen), Instant::now());
        tokio::spawn(async move {
            loop {
                let (stream, from) = listener.accept().await.unwrap();
                {
                    let mut seen = kept.lock().unwrap();
                    seen.connections += 1;
                    *seen.from.entry(from.ip().to_string()).or_default() += 1;
                }
                let kept = Arc::clone(&kept);
                tokio::spawn(async move {
                    serve(stream, Arc::clone(&kept), began, stall).await;
                    kept.lock().unwrap().ended.push(Instant::now());
                });
            }
        });
        Server { seen, port }
    }

    pub(crate) fn target(&self) -> Target {
        target(self.port)
    }

    pub(crate) fn asked(&self, what: &str) -> u64 {
        self.seen.lock().unwrap().asked.get(what).copied().unwrap_or(0)
    }

    pub(crate) fn all(&self) -> u64 {
        self.seen.lock().unwrap().asked.values().sum()
    }
}

pub(crate) fn target(port: u16) -> Target {
    Target {
        name: "target".to_owned(),
        addresses: vec![SocketAddr::from((Ipv4Addr::LOCALHOST, port))],
        host: format!("127.0.0.1:{port}"),
        base: String::new(),
        tls: None,
        http2: false,
    }
}

async fn serve(mut stream: TcpStream, seen: Arc<Mutex<Seen>>, began: Instant, stall: Stall) {
    let mut read = Vec::new();
    while let Some(request) = next(&mut stream, &mut read).await {
        let mut words = request.split(' ');
        // What is no HTTP/1.1 gets no answer.
        let (Some(method), Some(path)) = (words.next(), words.next()) else { return };
        let what = format!("{method} {path}");
        {
            let mut seen = seen.lock().unwrap();
            *seen.asked.entry(what.clone()).or_default() += 1;
            if seen.texts.len() < 1_000 {
                seen.texts.push(request.clone());
            }
        }
        if let Some((_, until)) = stall.filter(|(from, until)| (*from..*until).contains(&began.elapsed())) {
            tokio::time::sleep_until((began + until).into()).await;
        }
        let Some(answer) = answer(&what, &request).await else { return };
        let closes =
            request.contains("Connection: close") || !answer.contains("ength") && !answer.contains("chunked");
        if stream.write_all(answer.as_bytes()).await.is_err() || closes {
            return;
        }
    }
}

async fn answer(what: &str, request: &str) -> Option<String> {
    let json = |status: &str, headers: &str, body: &str| {
        Some(format!("HTTP/1.1 {status}\r\n{headers}Content-Length: {}\r\n\r\n{body}", body.len()))
    };
    match what.split(' ').nth(1).unwrap() {
        "/404" => json("404 Not Found", "", "{}"),
        "/shed" => json("429 Too Many", "retry-After: 3\r\n", "{}"),
        "/shed-badly" => json("429 Too Many", "", "{}"),
        "/503" => json("503 Busy", "Retry-After: Fri, 31 Dec 1999 23:59:59 GMT\r\n", "{}"),
        "/500" => json("500 Oh", "", "{}"),
        "/close" => None,
        "/no-http" => Some("SSH-2.0\r\n\r\n".to_owned()),
        "/hang" => std::future::pending().await,
        "/chunked" => Some("HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\n9\r\n{\"id\": 1,\r\n7\r\n\"a\": 2}\r\n0\r\n\r\n".to_owned()),
        "/until-close" => Some("HTTP/1.1 200 OK\r\n\r\n{\"id\": 1, \"a\": 2}".to_owned()),
        "/login" => json("200 OK", "Set-Cookie: session=s3; Path=/\r\n", &format!("{{\"token\": \"t-{}\"}}", word_of(request))),
        path if path.starts_with("/sleep/") => {
            let ms = path.rsplit('/').next().unwrap().parse().unwrap();
            tokio::time::sleep(Duration::from_millis(ms)).await;
            json("200 OK", "", "{}")
        }
        _ => json("200 OK", "X-Id: h7\r\n", r#"{"id": 12345, "state": "ok"}"#),
    }
}

/// The first word in quotes after a colon of a JSON body: whoever logs in.
fn word_of(request: &str) -> &str {
    request.rsplit("\":\"").next().unwrap().split('"').next().unwrap()
}

/// The next whole request as text.
async fn next(stream: &mut TcpStream, read: &mut Vec<u8>) -> Option<String> {
    loop {
        let text = String::from_utf8_lossy(read).into_owned();
        if let Some((head, body)) = text.split_once("\r\n\r\n") {
            let length = head.lines().find_map(|line| line.strip_prefix("Content-Length: "));
            let length = length.map_or(0, |length| length.parse().unwrap());
            if body.len() >= length {
                let whole = head.len() + 4 + length;
                read.drain(..whole);
                return Some(text[..whole].to_owned());
            }
        }
        if stream.read_buf(read).await.ok()? == 0 {
            return None;
        }
    }
}
