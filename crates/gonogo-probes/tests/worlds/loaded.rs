//! `loaded:` a real service of known behaviour to put under load, in a process of its own: the test
//! itself, called with `serve-load`. Its address is `${LOADED}`, its pid is in `loaded.pid` in the
//! folder of the case and in `${LOADED_PID}`. What it does is in the path:
//!
//! - `/fast`: answers at once; `/slow/MS`: after so long.
//! - `/fails/N`: each N-th answer is 500.
//! - `/work/WORKERS/MS`: so many at a time, each for so long; the others wait in a queue.
//! - `/sheds/PER_S/HOW`: more than so many a second are refused: `429` with Retry-After, `bare` 429
//!   without, `500`, or `hang`, which is none.
//! - `/leaks/BYTES`: keeps so many bytes for each request; `/holds`: keeps a file open for each.
//! - `/warms/KEYS/BYTES`: keeps so many bytes for each of so many keys, of which each request has one.
//! - `/metrics`: as Prometheus reads them.

use std::collections::BTreeMap;
use std::io::{Read as _, Write as _};
use std::process::Stdio;
use std::sync::{Arc, Mutex, PoisonError};
use std::time::{Duration, Instant};

use gonogo_model::yaml::{self, Node};
use serde::Deserialize;
use tokio::io::{AsyncBufReadExt, AsyncWriteExt, BufReader};
use tokio::net::{TcpListener, TcpStream};
use tokio::process::{Child, Command};
use tokio::sync::Semaphore;

use super::World;

/// The word that makes a service of the test.
pub(crate) const SERVE: &str = "serve-load";

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct Wanted {}

/// Ends with the case: the child is killed when it is dropped.
#[expect(dead_code, reason = "it is held for what its end lets go")]
struct Running(Child);

/// `loaded: {}`
pub(crate) fn start(world: &mut World, node: &Node) -> Result<(), String> {
    let Wanted {} = yaml::read(node).map_err(|error| error.to_string())?;
    let program = std::env::current_exe().map_err(|error| error.to_string())?;
    let mut command = Command::new(program);
    command.arg(SERVE).stdin(Stdio::piped()).stdout(Stdio::piped()).kill_on_drop(true);
    let mut child = command.spawn().map_err(|error| error.to_string())?;
    let out = child.stdout.take().ok_or("it has no output")?;
    let mut said = String::new();
    let read = async { BufReader::new(out).read_line(&mut said).await };
    let limit = Duration::from_secs(20);
    let read = tokio::runtime::Handle::current().block_on(async { tokio::time::timeout(limit, read).await });
    read.map_err(|_| "it did not start")?.map_err(|error| error.to_string())?;
    let pid = child.id().ok_or("it ended")?.to_string();
    std::fs::write(world.folder.path().join("loaded.pid"), &pid).map_err(|error| error.to_string())?;
    world.places.insert("LOADED".to_owned(), format!("http://127.0.0.1:{}", said.trim()));
    world.places.insert("LOADED_PID".to_owned(), pid);
    world.keep(Running(child));
    Ok(())
}

/// What the test does when it is called with `serve-load`: it says its port, and ends with its input.
pub(crate) fn serve() -> Option<()> {
    let runtime = tokio::runtime::Builder::new_current_thread().enable_all().build().ok()?;
    runtime.block_on(async {
        let listener = TcpListener::bind("127.0.0.1:0").await.ok()?;
        writeln!(std::io::stdout(), "{}", listener.local_addr().ok()?.port()).ok()?;
        let service = Arc::new(Service::default());
        // When the test is gone, so is its input.
        let (tell, mut gone) = tokio::sync::oneshot::channel();
        std::thread::spawn(|| tell.send(std::io::stdin().read(&mut [0]).is_ok()));
        loop {
            tokio::select! {
                stream = listener.accept() => drop(tokio::spawn(talk(stream.ok()?.0, Arc::clone(&service)))),
                _ = &mut gone => return Some(()),
            }
        }
    })
}

/// What the service remembers.
#[derive(Default)]
struct Service(Mutex<Memory>);

#[derive(Default)]
struct Memory {
    /// Requests by path.
    asked: BTreeMap<String, u64>,
    /// Workers by path, and how many there are.
    workers: BTreeMap<String, (usize, Arc<Semaphore>)>,
    /// Who waits for a worker.
    waiting: u64,
    /// By path, when the next one is let in.
    admits: BTreeMap<String, Instant>,
    kept: Vec<Vec<u8>>,
    held: Vec<std::fs::File>,
    cache: BTreeMap<u64, Vec<u8>>,
}

impl Service {
    fn with<T>(&self, act: impl FnOnce(&mut Memory) -> T) -> T {
        act(&mut self.0.lock().unwrap_or_else(PoisonError::into_inner))
    }

    /// An answer; none to hang up.
    async fn answer(&self, path: &str) -> Option<String> {
        let mut parts = path.trim_start_matches('/').split('/');
        let (what, first, second) = (parts.next()?, parts.next(), parts.next());
        let number = |text: Option<&str>| text.and_then(|text| text.parse::<u64>().ok());
        let turn = self.with(|memory| {
            let asked = memory.asked.entry(path.to_owned()).or_default();
            *asked += 1;
            *asked
        });
        match what {
            "fast" => {}
            "slow" => tokio::time::sleep(Duration::from_millis(number(first)?)).await,
            "fails" if turn.is_multiple_of(number(first)?) => return Some(said("500 Broken", "", "{}")),
            "fails" => {}
            "work" => self.work(path, usize::try_from(number(first)?).ok()?, number(second)?).await?,
            "sheds" if !self.admits(path, number(first)?) => return refused(second?).await,
            "sheds" => {}
            "leaks" => {
                let bytes = usize::try_from(number(first)?).ok()?;
                self.with(|memory| memory.kept.push(vec![b'x'; bytes]));
            }
            "holds" => {
                let file = std::fs::File::open("/dev/null").ok()?;
                self.with(|memory| memory.held.push(file));
            }
            "warms" => {
                let (keys, bytes) = (number(first)?.max(1), usize::try_from(number(second)?).ok()?);
                let key = scattered(turn) % keys;
                self.with(|memory| {
                    memory.cache.entry(key).or_insert_with(|| vec![b'x'; bytes]);
                });
            }
            "metrics" => {
                return Some(said("200 OK", "Content-Type: text/plain; version=0.0.4\r\n", &self.metrics()));
            }
            _ => return Some(said("404 Not Found", "", "{}")),
        }
        Some(said("200 OK", "", r#"{"id":12345,"state":"ok"}"#))
    }

    async fn work(&self, path: &str, workers: usize, ms: u64) -> Option<()> {
        let all = self.with(|memory| {
            memory.waiting += 1;
            let new = || (workers, Arc::new(Semaphore::new(workers)));
            Arc::clone(&memory.workers.entry(path.to_owned()).or_insert_with(new).1)
        });
        let worker = all.acquire().await.ok()?;
        self.with(|memory| memory.waiting -= 1);
        tokio::time::sleep(Duration::from_millis(ms)).await;
        drop(worker);
        Some(())
    }

    /// One in so much time, with a tenth of a second's worth saved up.
    fn admits(&self, path: &str, per_s: u64) -> bool {
        let (now, apart) =
            (Instant::now(), Duration::from_secs(1) / u32::try_from(per_s.max(1)).unwrap_or(1));
        self.with(|memory| {
            let next = memory.admits.entry(path.to_owned()).or_insert(now);
            *next = (*next).max(now.checked_sub(Duration::from_millis(100)).unwrap_or(now));
            let admitted = *next <= now;
            *next += if admitted { apart } else { Duration::ZERO };
            admitted
        })
    }

    fn metrics(&self) -> String {
        let (busy, all, waiting, asked) = self.with(|memory| {
            let busy = |(all, free): &(usize, Arc<Semaphore>)| all - free.available_permits();
            let busy: usize = memory.workers.values().map(busy).sum();
            let all: usize = memory.workers.values().map(|(all, _)| all).sum();
            (busy, all, memory.waiting, memory.asked.values().sum::<u64>())
        });
        let rss = std::fs::read_to_string("/proc/self/statm").unwrap_or_default();
        let pages: u64 = rss.split(' ').nth(1).and_then(|pages| pages.parse().ok()).unwrap_or(0);
        let fds = std::fs::read_dir("/proc/self/fd").map_or(0, Iterator::count);
        format!(
            "# TYPE pool_in_use gauge\npool_in_use{{pool=\"workers\"}} {busy}\n# TYPE pool_size gauge\n\
             pool_size{{pool=\"workers\"}} {all}\n# TYPE queue_waiting gauge\n\
             queue_waiting {waiting}\n# TYPE http_requests_total counter\nhttp_requests_total {asked}\n\
             # TYPE process_resident_memory_bytes gauge\nprocess_resident_memory_bytes {}\n\
             # TYPE process_open_fds gauge\nprocess_open_fds {fds}\n",
            pages * 4096
        )
    }
}

/// A number that looks like chance: the mixing of `SplitMix64`.
fn scattered(number: u64) -> u64 {
    let z = number.wrapping_mul(0x9e37_79b9_7f4a_7c15);
    let z = (z ^ (z >> 30)).wrapping_mul(0xbf58_476d_1ce4_e5b9);
    let z = (z ^ (z >> 27)).wrapping_mul(0x94d0_49bb_1331_11eb);
    z ^ (z >> 31)
}

async fn refused(how: &str) -> Option<String> {
    match how {
        "429" => Some(said("429 Too Many Requests", "Retry-After: 1\r\n", "{}")),
        "bare" => Some(said("429 Too Many Requests", "", "{}")),
        "500" => Some(said("500 Broken", "", "{}")),
        _ => {
            tokio::time::sleep(Duration::from_secs(60)).await;
            None
        }
    }
}

fn said(status: &str, headers: &str, body: &str) -> String {
    format!("HTTP/1.1 {status}\r\n{headers}Content-Length: {}\r\n\r\n{body}", body.len())
}

/// Answers on one connection until it is closed. Bodies are not read: nobody sends any.
async fn talk(stream: TcpStream, service: Arc<Service>) -> Option<()> {
    let mut stream = BufReader::new(stream);
    loop {
        let mut head = String::new();
        while !head.ends_with("\r\n\r\n") {
            if stream.read_line(&mut head).await.ok()? == 0 {
                return None;
            }
        }
        let answer = service.answer(head.split(' ').nth(1)?).await?;
        stream.get_mut().write_all(answer.as_bytes()).await.ok()?;
        if head.contains("Connection: close") {
            return None;
        }
    }
}
