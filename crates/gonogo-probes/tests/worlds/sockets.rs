//! `sockets:` what is reached when it is not the service that was meant: `${CLOSED}`,
//! `${SILENT}`, `${GARBAGE}` and `${SELF_SIGNED}` are each `127.0.0.1:port`.

use std::io::Write;
use std::net::{TcpListener, TcpStream};
use std::sync::Arc;
use std::sync::atomic::{AtomicBool, Ordering};
use std::thread::{self, JoinHandle};
use std::time::Duration;

use gonogo_model::yaml::{self, Node};
use rustls::pki_types::PrivatePkcs8KeyDer;
use rustls::{ServerConfig, ServerConnection};
use serde::Deserialize;

use super::World;

/// Nobody waits longer for a client that went away.
const LIMIT: Duration = Duration::from_secs(20);

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct Wanted {
    /// Nothing listens here.
    #[serde(default)]
    closed: bool,
    /// Accepts and never says a word.
    #[serde(default)]
    silent: bool,
    /// Says this as soon as somebody connects; if it is empty, closes.
    garbage: Option<String>,
    /// The same in hex, for what is not text.
    garbage_hex: Option<String>,
    /// Speaks TLS with a certificate that nobody signed.
    #[serde(default)]
    self_signed: bool,
}

/// `sockets: { closed: true, silent: true, garbage: "SSH-2.0-x" }`
pub(crate) fn start(world: &mut World, node: &Node) -> Result<(), String> {
    let wanted: Wanted = yaml::read(node).map_err(|error| error.to_string())?;
    if wanted.closed {
        let (listener, address) = listen()?;
        drop(listener);
        world.places.insert("CLOSED".to_owned(), address);
    }
    if wanted.silent {
        let (listener, address) = listen()?;
        world.places.insert("SILENT".to_owned(), address);
        // The kernel accepts for it.
        world.keep(listener);
    }
    let hex = wanted.garbage_hex.map(|hex| super::files::bytes(&hex)).transpose()?;
    if let Some(garbage) = wanted.garbage.map(String::into_bytes).or(hex) {
        let say = move |mut stream: TcpStream| {
            stream.write_all(&garbage)?;
            // Closing with something unread would cut off what was said.
            if garbage.is_empty() {
                Ok(())
            } else {
                std::io::copy(&mut stream, &mut std::io::sink()).map(drop)
            }
        };
        let address = serve(world, say)?;
        world.places.insert("GARBAGE".to_owned(), address);
    }
    if wanted.self_signed {
        let config = Arc::new(self_signed()?);
        let address = serve(world, move |stream| shake_hands(stream, config.clone()))?;
        world.places.insert("SELF_SIGNED".to_owned(), address);
    }
    Ok(())
}

fn listen() -> Result<(TcpListener, String), String> {
    let listener = TcpListener::bind("127.0.0.1:0").map_err(|error| error.to_string())?;
    let address = listener.local_addr().map_err(|error| error.to_string())?.to_string();
    Ok((listener, address))
}

/// A thread that serves one client after the other, until the case ends.
struct Serving {
    ended: Arc<AtomicBool>,
    address: String,
    thread: Option<JoinHandle<()>>,
}

impl Drop for Serving {
    fn drop(&mut self) {
        self.ended.store(true, Ordering::SeqCst);
        // Wakes the thread from `accept`.
        let _ = TcpStream::connect(&self.address);
        let _ = self.thread.take().map(JoinHandle::join);
    }
}

fn serve(
    world: &mut World,
    one: impl Fn(TcpStream) -> std::io::Result<()> + Send + 'static,
) -> Result<String, String> {
    let (listener, address) = listen()?;
    let ended = Arc::new(AtomicBool::new(false));
    let seen = ended.clone();
    let thread = thread::spawn(move || {
        while let Ok((stream, _)) = listener.accept() {
            if seen.load(Ordering::SeqCst) {
                return;
            }
            let limited = stream.set_read_timeout(Some(LIMIT)).and_then(|()| one(stream));
            // A client that hangs up is what the case is about.
            drop(limited);
        }
    });
    world.keep(Serving { ended, address: address.clone(), thread: Some(thread) });
    Ok(address)
}

fn self_signed() -> Result<ServerConfig, String> {
    let made = rcgen::generate_simple_self_signed(vec!["localhost".to_owned(), "127.0.0.1".to_owned()])
        .map_err(|error| error.to_string())?;
    let key = PrivatePkcs8KeyDer::from(made.signing_key.serialize_der());
    let provider = Arc::new(rustls::crypto::aws_lc_rs::default_provider());
    ServerConfig::builder_with_provider(provider)
        .with_safe_default_protocol_versions()
        .map_err(|error| error.to_string())?
        .with_no_client_auth()
        .with_single_cert(vec![made.cert.der().clone()], key.into())
        .map_err(|error| error.to_string())
}

fn shake_hands(mut stream: TcpStream, config: Arc<ServerConfig>) -> std::io::Result<()> {
    let mut connection = ServerConnection::new(config).map_err(std::io::Error::other)?;
    while connection.is_handshaking() {
        connection.complete_io(&mut stream)?;
    }
    rustls::Stream::new(&mut connection, &mut stream).write_all(b"HTTP/1.1 204 Fine\r\n\r\n")
}
