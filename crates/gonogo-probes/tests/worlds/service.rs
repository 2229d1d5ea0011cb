//! `service:` a real service in a process of its own, as `${SERVICE}`, with its pid in `service.pid` in
//! the folder of the case. The program is this test itself, called with `serve`; `${PROGRAM}` and
//! `${SERVICE_PORT}` are there so that a case can start it again. It answers `/health` at once and `/slow`
//! after a while.

use std::fs;
use std::os::unix::process::CommandExt;
use std::path::{Path, PathBuf};
use std::process::{Child, Command, Stdio};
use std::sync::Arc;
use std::sync::atomic::{AtomicBool, Ordering};
use std::thread;
use std::time::{Duration, Instant};

use gonogo_model::yaml::{self, Node};
use serde::Deserialize;
use tokio::io::{AsyncBufReadExt, AsyncWriteExt, BufReader};
use tokio::net::{TcpListener, TcpStream};
use tokio::signal::unix::{SignalKind, signal};

use super::World;

/// The word that makes a service of the test.
pub(crate) const SERVE: &str = "serve";
const PID: &str = "service.pid";
const LIMIT: Duration = Duration::from_secs(20);

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct Wanted {
    /// `graceful`: at SIGTERM it answers what is under way, and ends with 0. `abrupt`: it ends at once.
    /// `deaf`: it goes on.
    mode: String,
    /// Somebody starts it again whenever it ends.
    #[serde(default)]
    supervised: bool,
    /// How long `/slow` takes.
    #[serde(default)]
    slow_ms: u64,
    /// What `/health` answers; 200 without.
    health: Option<u16>,
}

/// Ends the service with the case, whoever started it last.
struct Running {
    folder: PathBuf,
    over: Arc<AtomicBool>,
}

impl Drop for Running {
    fn drop(&mut self) {
        self.over.store(true, Ordering::SeqCst);
        let until = Instant::now() + Duration::from_millis(300);
        // One that is just starting writes its pid soon.
        while Instant::now() < until {
            if let Some(pid) = fs::read_to_string(self.folder.join(PID)).ok().filter(|pid| is_ours(pid)) {
                drop(Command::new("kill").args(["-KILL", pid.trim()]).status());
            }
            thread::yield_now();
        }
    }
}

fn is_ours(pid: &str) -> bool {
    let of = fs::read_link(format!("/proc/{}/exe", pid.trim())).ok();
    of.is_some() && of == std::env::current_exe().ok() && pid.trim() != std::process::id().to_string()
}

/// `service: { mode: graceful, supervised: true, slow_ms: 500 }`
pub(crate) fn start(world: &mut World, node: &Node) -> Result<(), String> {
    let wanted: Wanted = yaml::read(node).map_err(|error| error.to_string())?;
    let text = |error: std::io::Error| error.to_string();
    let port =
        std::net::TcpListener::bind("127.0.0.1:0").and_then(|free| free.local_addr()).map_err(text)?.port();
    let folder = world.folder.path().canonicalize().map_err(text)?;
    let program = std::env::current_exe().map_err(text)?;
    let health = wanted.health.unwrap_or(200);
    let arguments =
        [SERVE, &port.to_string(), &wanted.mode, &wanted.slow_ms.to_string(), &health.to_string()]
            .map(str::to_owned);
    world.places.insert("SERVICE".to_owned(), format!("http://127.0.0.1:{port}"));
    world.places.insert("SERVICE_PORT".to_owned(), port.to_string());
    world.places.insert("PROGRAM".to_owned(), program.display().to_string());
    let over = Arc::new(AtomicBool::new(false));
    world.keep(Running { folder: folder.clone(), over: Arc::clone(&over) });
    let mut child = run(&program, &arguments, &folder)?;
    wait_until(|| {
        fs::read_to_string(folder.join(PID)).is_ok_and(|pid| pid.trim() == child.id().to_string())
    })?;
    thread::spawn(move || {
        while child.wait().is_ok() && wanted.supervised && !over.load(Ordering::SeqCst) {
            match run(&program, &arguments, &folder) {
                Ok(next) => child = next,
                Err(_) => return,
            }
        }
    });
    Ok(())
}

fn run(program: &Path, arguments: &[String], folder: &Path) -> Result<Child, String> {
    let mut command = Command::new(program);
    command
        .args(arguments)
        .current_dir(folder)
        .stdin(Stdio::null())
        .stdout(Stdio::null())
        .stderr(Stdio::null());
    command.process_group(0).spawn().map_err(|error| error.to_string())
}

fn wait_until(mut is: impl FnMut() -> bool) -> Result<(), String> {
    let until = Instant::now() + LIMIT;
    while !is() {
        if Instant::now() > until {
            return Err(format!("it was not there within {LIMIT:?}"));
        }
        thread::yield_now();
    }
    Ok(())
}

/// What the test does when it is called with `serve PORT MODE SLOW_MS HEALTH`.
pub(crate) fn serve(arguments: &[String]) -> Option<()> {
    let [port, mode, slow, health] = arguments else { return None };
    let (port, slow) = (port.parse().ok()?, Duration::from_millis(slow.parse().ok()?));
    let runtime = tokio::runtime::Builder::new_current_thread().enable_all().build().ok()?;
    runtime.block_on(listen(port, mode, slow, health.parse().ok()?))
}

async fn listen(port: u16, mode: &str, slow: Duration, health: u16) -> Option<()> {
    let listener = TcpListener::bind(("127.0.0.1", port)).await.ok()?;
    let mut asked = (mode != "abrupt").then(|| signal(SignalKind::terminate())).transpose().ok()?;
    fs::write("service.pid.new", std::process::id().to_string()).ok()?;
    fs::rename("service.pid.new", PID).ok()?;
    let mut under_way = tokio::task::JoinSet::new();
    loop {
        let term = async {
            match &mut asked {
                Some(asked) => asked.recv().await,
                None => std::future::pending().await,
            }
        };
        tokio::select! {
            stream = listener.accept() => drop(under_way.spawn(answer(stream.ok()?.0, slow, health))),
            _ = term => if mode == "graceful" { break },
        }
    }
    drop(listener);
    while under_way.join_next().await.is_some() {}
    Some(())
}

async fn answer(stream: TcpStream, slow: Duration, health: u16) -> Option<()> {
    let mut stream = BufReader::new(stream);
    let mut first = String::new();
    stream.read_line(&mut first).await.ok()?;
    let mut line = String::from("x");
    while !line.trim().is_empty() {
        line.clear();
        stream.read_line(&mut line).await.ok()?;
    }
    let status = if first.contains("/health") { health } else { 200 };
    if first.contains("/slow") {
        // The slowness is what the case is about.
        tokio::time::sleep(slow).await;
    }
    let said = format!("HTTP/1.1 {status} Said\r\nContent-Length: 2\r\nConnection: close\r\n\r\nok");
    stream.get_mut().write_all(said.as_bytes()).await.ok()
}
