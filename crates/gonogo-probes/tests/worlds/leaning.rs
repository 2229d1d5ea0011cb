//! `leaning:` a small real service that leans on another process, as `${LEANING}` (with
//! `${LEANING_PORT}`) and `${DEPENDENCY_PID}`. It asks that process before it says how it is
//! (`/health`), for its work (`/work`), and for the counts of its limiter; `/page` needs nobody.
//! For `/call` it asks the HTTP service at the address in `calls`.
//! How well it does so is written in the case.

mod limiter;

use std::convert::Infallible;
use std::net::SocketAddr;
use std::process::Stdio;
use std::sync::Arc;
use std::time::Duration;

use gonogo_model::yaml::{self, Node};
use http_body_util::Full;
use hyper::body::{Bytes, Incoming};
use hyper::server::conn::http1;
use hyper::service::service_fn;
use hyper::{Request, Response};
use hyper_util::rt::{TokioIo, TokioTimer};
use serde::Deserialize;
use serde_json::json;
use tokio::io::{AsyncBufReadExt, AsyncReadExt, AsyncWriteExt, BufReader, Lines};
use tokio::net::{TcpListener, TcpStream};
use tokio::process::{Child, ChildStdin, ChildStdout, Command};
use tokio::sync::Mutex;
use tokio::task::JoinHandle;

use super::World;
use limiter::{Limiter, Limits};

/// What stands for no limit.
const FOR_EVER: Duration = Duration::from_secs(3600);

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct Wanted {
    /// What `/health` makes of a dependency that is away.
    #[serde(default)]
    health: Health,
    /// How long it waits for its dependency; for ever when 0.
    #[serde(default = "a_moment")]
    patience_ms: u64,
    /// How often anybody may ask for anything but `/health`.
    limits: Option<Limits>,
    /// `HOST:PORT` of another service.
    calls: Option<String>,
    /// One request at a time: whoever waits holds up all others.
    #[serde(default)]
    in_turn: bool,
}

#[derive(Deserialize, Default, Clone, Copy, PartialEq, Eq)]
#[serde(rename_all = "lowercase")]
enum Health {
    /// 503, and the dependency is named.
    #[default]
    Truth,
    /// 200 and `degraded`.
    Degraded,
    /// 200 and `ok`.
    Lies,
    /// Once it was away it stays 503.
    Sticky,
}

fn a_moment() -> u64 {
    200
}

/// Ends the server and the process with the case.
struct Running {
    serving: JoinHandle<()>,
    _process: Child,
}

impl Drop for Running {
    fn drop(&mut self) {
        self.serving.abort();
    }
}

struct Leaning {
    health: Health,
    patience: Duration,
    pipe: Mutex<Pipe>,
    was_away: std::sync::atomic::AtomicBool,
    limiter: Option<Limiter>,
    calls: Option<String>,
    turn: Option<Mutex<()>>,
}

/// To and from the process, which repeats what it is told.
struct Pipe {
    to: ChildStdin,
    from: Lines<BufReader<ChildStdout>>,
    said: u64,
}

/// `leaning: { health: lies, patience_ms: 100 }`
pub(crate) fn start(world: &mut World, node: &Node) -> Result<(), String> {
    let wanted: Wanted = yaml::read(node).map_err(|error| error.to_string())?;
    let mut process = Command::new("cat")
        .stdin(Stdio::piped())
        .stdout(Stdio::piped())
        .kill_on_drop(true)
        .spawn()
        .map_err(|error| format!("cat: {error}"))?;
    let (Some(id), Some(to), Some(from)) = (process.id(), process.stdin.take(), process.stdout.take()) else {
        return Err("cat has no pipes".to_owned());
    };
    let pipe = Pipe { to, from: BufReader::new(from).lines(), said: 0 };
    let leaning = Arc::new(Leaning {
        health: wanted.health,
        patience: if wanted.patience_ms == 0 { FOR_EVER } else { Duration::from_millis(wanted.patience_ms) },
        pipe: Mutex::new(pipe),
        was_away: false.into(),
        limiter: wanted.limits.map(Limiter::new),
        calls: wanted.calls.map(|place| world.fill(&place)).transpose()?,
        turn: wanted.in_turn.then(Mutex::default),
    });
    let listener = tokio::runtime::Handle::current().block_on(TcpListener::bind("127.0.0.1:0"));
    let listener = listener.map_err(|error| error.to_string())?;
    let address = listener.local_addr().map_err(|error| error.to_string())?;
    world.places.insert("LEANING".to_owned(), format!("http://{address}"));
    world.places.insert("LEANING_PORT".to_owned(), address.port().to_string());
    world.places.insert("DEPENDENCY_PID".to_owned(), id.to_string());
    world.keep(Running { serving: tokio::spawn(serve(listener, leaning)), _process: process });
    Ok(())
}

async fn serve(listener: TcpListener, leaning: Arc<Leaning>) {
    while let Ok((stream, from)) = listener.accept().await {
        let leaning = leaning.clone();
        let service = service_fn(move |request| answer(request, from, leaning.clone()));
        let io = TokioIo::new(stream);
        // A client that hangs up is none of its business.
        tokio::spawn(http1::Builder::new().timer(TokioTimer::new()).serve_connection(io, service));
    }
}

async fn answer(
    request: Request<Incoming>,
    from: SocketAddr,
    leaning: Arc<Leaning>,
) -> Result<Response<Full<Bytes>>, Infallible> {
    let path = request.uri().path();
    if path == "/health" {
        return Ok(leaning.health().await);
    }
    if let Some(limiter) = &leaning.limiter {
        let store = leaning.dependency_answers().await;
        if let Err(retry_after) = limiter.admit(&request, from.ip(), store) {
            return Ok(refused(retry_after));
        }
    }
    let _turn = match &leaning.turn {
        Some(turn) => Some(turn.lock().await),
        None => None,
    };
    Ok(match path {
        "/call" if leaning.other_answers().await => said(200, r#"{"called":true}"#.to_owned()),
        "/call" => said(504, r#"{"error":"too slow"}"#.to_owned()),
        "/work" if leaning.dependency_answers().await => said(200, r#"{"work":"done"}"#.to_owned()),
        "/work" => said(504, r#"{"error":"too slow"}"#.to_owned()),
        "/page" => said(200, r#"{"page":"here"}"#.to_owned()),
        _ => said(404, "{}".to_owned()),
    })
}

impl Leaning {
    async fn health(&self) -> Response<Full<Bytes>> {
        use std::sync::atomic::Ordering::Relaxed;
        let answers = self.health == Health::Lies || self.dependency_answers().await;
        let away = !answers || (self.health == Health::Sticky && self.was_away.load(Relaxed));
        self.was_away.fetch_or(away, Relaxed);
        let (status, word) = match (away, self.health) {
            (false, _) => (200, "ok"),
            (true, Health::Degraded) => (200, "degraded"),
            (true, _) => (503, "unavailable"),
        };
        let dependency = if away { "unreachable" } else { "ok" };
        said(status, json!({ "status": word, "dependencies": { "echo": dependency } }).to_string())
    }

    async fn other_answers(&self) -> bool {
        let Some(place) = &self.calls else { return false };
        let ask = async {
            let mut stream = TcpStream::connect(place).await.ok()?;
            let asked = b"GET / HTTP/1.1\r\nHost: x\r\nConnection: close\r\n\r\n";
            stream.write_all(asked).await.ok()?;
            let mut answer = String::new();
            stream.read_to_string(&mut answer).await.ok()?;
            answer.starts_with("HTTP/1.1 200").then_some(())
        };
        tokio::time::timeout(self.patience, ask).await.is_ok_and(|answered| answered.is_some())
    }

    async fn dependency_answers(&self) -> bool {
        let ask = async { self.pipe.lock().await.ask().await };
        tokio::time::timeout(self.patience, ask).await.is_ok_and(|answered| answered.is_some())
    }
}

impl Pipe {
    /// An answer that comes too late is skipped by the next one who asks.
    async fn ask(&mut self) -> Option<()> {
        self.said += 1;
        let line = self.said.to_string();
        self.to.write_all(format!("{line}\n").as_bytes()).await.ok()?;
        while self.from.next_line().await.ok()?? != line {}
        Some(())
    }
}

fn said(status: u16, body: String) -> Response<Full<Bytes>> {
    let mut response = Response::new(Full::new(Bytes::from(body)));
    *response.status_mut() = hyper::StatusCode::from_u16(status).unwrap_or_default();
    let json = hyper::header::HeaderValue::from_static("application/json");
    response.headers_mut().insert(hyper::header::CONTENT_TYPE, json);
    response
}

fn refused(retry_after: Option<u64>) -> Response<Full<Bytes>> {
    let mut response = said(429, r#"{"error":"too many"}"#.to_owned());
    if let Some(seconds) = retry_after {
        response.headers_mut().insert(hyper::header::RETRY_AFTER, seconds.into());
    }
    response
}
