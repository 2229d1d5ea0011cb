//! A trap that counts who comes, and lures that do all they can to lead there. Neither knows who is
//! lured.

use std::io;
use std::net::{IpAddr, Ipv4Addr, SocketAddr, TcpListener};
use std::sync::Arc;
use std::sync::atomic::{AtomicUsize, Ordering};
use std::thread;
use std::time::Duration;

use serde_json::json;
use tokio::io::{AsyncReadExt, AsyncWriteExt};
use tokio::net::TcpStream;

/// Counts who comes.
pub(crate) struct Trap {
    pub(crate) address: SocketAddr,
    caught: Arc<AtomicUsize>,
}

impl Trap {
    /// On an address of loopback that nothing else here uses.
    pub(crate) fn set() -> Trap {
        Trap::at(Ipv4Addr::new(127, 0, 0, 66).into()).unwrap()
    }

    /// Under an address that nobody may go to, and which leads to loopback all the same: should the
    /// guard fail, somebody is caught, and no packet leaves the machine.
    pub(crate) fn outside() -> Trap {
        let mut trap = Trap::at(Ipv4Addr::LOCALHOST.into()).unwrap();
        trap.address.set_ip(Ipv4Addr::UNSPECIFIED.into());
        trap
    }

    fn at(own: IpAddr) -> io::Result<Trap> {
        let listener = TcpListener::bind((own, 0))?;
        let address = listener.local_addr()?;
        let caught = Arc::new(AtomicUsize::new(0));
        let count = Arc::clone(&caught);
        thread::spawn(move || {
            while listener.accept().is_ok() {
                count.fetch_add(1, Ordering::SeqCst);
            }
        });
        Ok(Trap { address, caught })
    }

    pub(crate) fn caught(&self) -> usize {
        self.caught.load(Ordering::SeqCst)
    }
}

/// How a lure leads away.
#[derive(Debug, Clone, Copy)]
pub(crate) enum Lure {
    /// With this status and a Location.
    Redirects(u16),
    /// With 200, and addresses wherever one may look for them.
    HandsOut,
    /// It says this as soon as somebody comes, and after each question; `TRAP` is where it leads.
    Says(&'static str),
}

/// A lure that listens.
pub(crate) struct Laid {
    pub(crate) address: SocketAddr,
    asked: Arc<AtomicUsize>,
}

impl Laid {
    /// Whether anybody came. A connection is there a moment before it is counted.
    pub(crate) async fn was_asked(&self) -> bool {
        let counted = async {
            while self.asked.load(Ordering::SeqCst) == 0 {
                tokio::task::yield_now().await;
            }
        };
        tokio::time::timeout(Duration::from_secs(2), counted).await.is_ok()
    }
}

impl Lure {
    /// Lays it out on a free port.
    pub(crate) async fn lay(self, trap: SocketAddr) -> Laid {
        let listener = tokio::net::TcpListener::bind("127.0.0.1:0").await.unwrap();
        let laid = Laid { address: listener.local_addr().unwrap(), asked: Arc::default() };
        let asked = Arc::clone(&laid.asked);
        tokio::spawn(async move {
            while let Ok((stream, _)) = listener.accept().await {
                asked.fetch_add(1, Ordering::SeqCst);
                tokio::spawn(self.talk(stream, trap));
            }
        });
        laid
    }

    async fn talk(self, mut stream: TcpStream, trap: SocketAddr) -> Option<()> {
        let Lure::Says(words) = self else { return self.serve(stream, trap).await };
        let (words, mut bytes) = (words.replace("TRAP", &trap.to_string()), vec![0; 4096]);
        stream.write_all(words.as_bytes()).await.ok()?;
        while stream.read(&mut bytes).await.ok()? > 0 {
            stream.write_all(words.as_bytes()).await.ok()?;
        }
        None
    }

    /// HTTP, request after request.
    async fn serve(self, mut stream: TcpStream, trap: SocketAddr) -> Option<()> {
        let mut bytes = Vec::new();
        loop {
            let head = loop {
                let end = bytes.windows(4).position(|window| window == b"\r\n\r\n");
                if let Some(end) = end {
                    break String::from_utf8_lossy(&bytes.drain(..end + 4).collect::<Vec<u8>>()).into_owned();
                }
                more(&mut stream, &mut bytes).await?;
            };
            let length = head.to_lowercase().lines().find_map(|line| {
                line.strip_prefix("content-length:").and_then(|value| value.trim().parse::<usize>().ok())
            });
            let length = length.unwrap_or_default();
            while bytes.len() < length {
                more(&mut stream, &mut bytes).await?;
            }
            bytes.drain(..length);
            stream.write_all(self.answer(&head, trap).as_bytes()).await.ok()?;
        }
    }

    fn answer(self, head: &str, trap: SocketAddr) -> String {
        let status = match self {
            Lure::Redirects(status) => status,
            _ => 200,
        };
        let there = format!("http://{trap}/taken");
        let location = if status == 200 { String::new() } else { format!("Location: {there}\r\n") };
        let body = json!({
            "url": there, "next": there, "token": "a.b.c", "id": there, "keys": [{ "jku": there, "x5u": there }],
            "openapi": "3.0.0", "servers": [{ "url": there }], "paths": {}, "redirect": there,
            "status": "ok", "Endpoint": there, "jwks_uri": there,
        })
        .to_string();
        let shown = if head.starts_with("HEAD ") { "" } else { &body };
        format!(
            "HTTP/1.1 {status} Lured\r\n{location}Link: <{there}>; rel=next\r\nRefresh: 0; url={there}\r\n\
             Alt-Svc: h2=\"{trap}\"\r\nContent-Location: {there}\r\nSet-Cookie: at={trap}; Path=/\r\n\
             Content-Security-Policy: report-uri {there}\r\nContent-Type: application/json\r\n\
             Content-Length: {}\r\n\r\n{shown}",
            body.len()
        )
    }
}

async fn more(stream: &mut TcpStream, bytes: &mut Vec<u8>) -> Option<()> {
    let mut some = [0; 4096];
    let read = stream.read(&mut some).await.ok().filter(|read| *read > 0)?;
    bytes.extend_from_slice(&some[..read]);
    Some(())
}
