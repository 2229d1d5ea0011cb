//! `http:` a real HTTP server whose answers are written in the case, as `${HTTP}` with its
//! `${HTTP_PORT}`. A second one under `other` is `${HTTP_OTHER}`.

use std::collections::BTreeMap;
use std::fs::OpenOptions;
use std::io::Write;
use std::path::{Path, PathBuf};
use std::sync::Arc;
use std::sync::atomic::{AtomicUsize, Ordering};
use std::time::Duration;

use gonogo_model::yaml::{self, Node};
use serde::Deserialize;
use tokio::io::{AsyncBufReadExt, AsyncWriteExt, BufReader};
use tokio::net::{TcpListener, TcpStream};
use tokio::task::JoinHandle;

use super::World;

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct Wanted {
    /// By path without query; any other path is 404.
    routes: BTreeMap<String, Route>,
    /// By path, of the second server.
    #[serde(default)]
    other: BTreeMap<String, Route>,
    /// A file in the folder of the case to which both add `{"request": "GET /path"}`.
    log: Option<String>,
}

/// What a path answers.
#[derive(Deserialize, Default)]
#[serde(deny_unknown_fields)]
struct Route {
    /// Status codes in turn; 200 without.
    #[serde(default)]
    status: Vec<u16>,
    /// Lines such as `Location: /there`.
    #[serde(default)]
    headers: Vec<String>,
    /// The body.
    #[serde(default)]
    body: String,
    /// Bodies in turn, instead of `body`; the last is that of every later turn.
    #[serde(default)]
    bodies: Vec<String>,
    /// The body is repeated this often.
    repeat: Option<usize>,
    /// Before the answer.
    delay_ms: Option<u64>,
    /// Closes the connection instead of an answer, when the turn is one of these (from 0).
    #[serde(default)]
    hang_up: Vec<usize>,
    /// The body is the head of the request as a JSON text.
    #[serde(default)]
    echo: bool,
    /// Instead of all this, for requests with such a method.
    #[serde(default)]
    methods: BTreeMap<String, Route>,
    /// Repeats an Origin as allowed, with credentials, when it is one of these: as written, or behind
    /// `starts:` or `ends:` how it starts or ends.
    #[serde(default)]
    allow_origins: Vec<String>,
}

impl Route {
    fn fill(&mut self, world: &World) -> Result<(), String> {
        self.body = world.fill(&self.body)?;
        self.headers = self.headers.iter().map(|h| world.fill(h)).collect::<Result<_, _>>()?;
        self.methods.values_mut().try_for_each(|route| route.fill(world))
    }

    fn allows(&self, origin: &str) -> bool {
        self.allow_origins.iter().any(|allowed| match allowed.split_once(':') {
            Some(("starts", start)) => origin.starts_with(start),
            Some(("ends", end)) => origin.ends_with(end),
            _ => origin == allowed,
        })
    }
}

/// Ends the server with the case.
struct Running(JoinHandle<()>);

impl Drop for Running {
    fn drop(&mut self) {
        self.0.abort();
    }
}

/// `http: { routes: { /health: { status: [200], body: "…" } } }`
pub(crate) fn start(world: &mut World, node: &Node) -> Result<(), String> {
    let wanted: Wanted = yaml::read(node).map_err(|error| error.to_string())?;
    let log = wanted.log.map(|log| world.folder.path().join(log));
    if let Some(folder) = log.as_ref().and_then(|log| log.parent()) {
        std::fs::create_dir_all(folder).map_err(|error| error.to_string())?;
    }
    serve(world, "HTTP_OTHER", wanted.other, log.clone())?;
    serve(world, "HTTP", wanted.routes, log)
}

fn serve(
    world: &mut World,
    place: &str,
    routes: BTreeMap<String, Route>,
    log: Option<PathBuf>,
) -> Result<(), String> {
    let listener = tokio::runtime::Handle::current().block_on(TcpListener::bind("127.0.0.1:0"));
    let listener = listener.map_err(|error| error.to_string())?;
    let address = listener.local_addr().map_err(|error| error.to_string())?;
    world.places.insert(place.to_owned(), format!("http://{address}"));
    world.places.insert(format!("{place}_PORT"), address.port().to_string());
    let mut filled = BTreeMap::new();
    for (path, mut route) in routes {
        route.fill(world)?;
        route.bodies = route.bodies.iter().map(|body| world.fill(body)).collect::<Result<_, _>>()?;
        filled.insert(path, (route, AtomicUsize::new(0)));
    }
    let routes = Arc::new(filled);
    world.keep(Running(tokio::spawn(async move {
        while let Ok((stream, _)) = listener.accept().await {
            tokio::spawn(answer_all(stream, routes.clone(), log.clone()));
        }
    })));
    Ok(())
}

type Routes = BTreeMap<String, (Route, AtomicUsize)>;

/// Answers on one connection until the client closes it or a route hangs up.
async fn answer_all(stream: TcpStream, routes: Arc<Routes>, log: Option<PathBuf>) -> Option<()> {
    let mut stream = BufReader::new(stream);
    loop {
        let mut head = String::new();
        while !head.ends_with("\r\n\r\n") {
            if stream.read_line(&mut head).await.ok()? == 0 {
                return None;
            }
        }
        let mut words = head.split(' ');
        let (method, path) = (words.next()?, words.next()?);
        if let Some(log) = &log {
            note(log, method, path)?;
        }
        let nowhere = (Route { status: vec![404], ..Route::default() }, AtomicUsize::new(0));
        let (route, turns) = routes.get(path.split('?').next()?).unwrap_or(&nowhere);
        let route = route.methods.get(method).unwrap_or(route);
        let turn = turns.fetch_add(1, Ordering::Relaxed);
        if let Some(delay) = route.delay_ms {
            // The slowness is what the case is about.
            tokio::time::sleep(Duration::from_millis(delay)).await;
        }
        if route.hang_up.contains(&turn) {
            return None;
        }
        stream.get_mut().write_all(answer(route, turn, method, &head).as_bytes()).await.ok()?;
    }
}

/// One whole line at a time, so that a reader never sees half of one.
fn note(log: &Path, method: &str, path: &str) -> Option<()> {
    let line = serde_json::json!({ "request": format!("{method} {path}") });
    let mut file = OpenOptions::new().create(true).append(true).open(log).ok()?;
    file.write_all(format!("{line}\n").as_bytes()).ok()
}

fn answer(route: &Route, turn: usize, method: &str, head: &str) -> String {
    let status = if route.status.is_empty() { 200 } else { route.status[turn % route.status.len()] };
    let body = match route.echo {
        true => serde_json::json!({ "head": head }).to_string(),
        false => {
            let body = route.bodies.get(turn).or(route.bodies.last()).unwrap_or(&route.body);
            body.repeat(route.repeat.unwrap_or(1))
        }
    };
    let mut headers: String = route.headers.iter().map(|header| format!("{header}\r\n")).collect();
    let origin = head.lines().find_map(|line| line.strip_prefix("origin: "));
    if let Some(origin) = origin.filter(|origin| route.allows(origin)) {
        headers +=
            &format!("Access-Control-Allow-Origin: {origin}\r\nAccess-Control-Allow-Credentials: true\r\n");
    }
    let length = body.len();
    let body = if method == "HEAD" { "" } else { &body };
    format!("HTTP/1.1 {status} Said\r\n{headers}Content-Length: {length}\r\n\r\n{body}")
}
