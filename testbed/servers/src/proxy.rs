//! A proxy before a private server that makes it hiccup on demand: it cuts the connection in which a
//! given text is sent, or stands still. It is told over HTTP, so that whoever judges a system can do
//! it between two requests. It does not know what it passes on.

mod control;
mod trouble;

use std::fmt;
use std::net::{Ipv4Addr, TcpListener};
use std::sync::Arc;
use std::thread::{self, JoinHandle};

use tokio::io::{AsyncReadExt as _, AsyncWriteExt as _};
use tokio::net::TcpStream;
use tokio::net::tcp::{OwnedReadHalf, OwnedWriteHalf};
use tokio::sync::oneshot;

use self::trouble::{Trouble, Watched};
use crate::error::{ServerError, While};

const CHUNK: usize = 16 * 1024;

/// A running proxy. Dropping it stops it and cuts what passes through it.
pub struct Proxy {
    port: u16,
    control: u16,
    stop: Option<oneshot::Sender<()>>,
    thread: Option<JoinHandle<()>>,
}

impl fmt::Debug for Proxy {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        formatter.debug_struct("Proxy").field("port", &self.port).finish_non_exhaustive()
    }
}

impl Proxy {
    /// Starts a proxy before the server at this port of 127.0.0.1.
    pub fn start(server: u16) -> Result<Proxy, ServerError> {
        let (passed, port) = listen()?;
        let (told, control) = listen()?;
        let runtime = tokio::runtime::Builder::new_current_thread().enable_all().build();
        let runtime = runtime.while_doing("start the proxy")?;
        let (stop, stopped) = oneshot::channel();
        let thread = thread::spawn(move || {
            let trouble = Arc::new(Trouble::default());
            runtime.block_on(async {
                tokio::select! {
                    () = pass(passed, server, Arc::clone(&trouble)) => {}
                    () = control::serve(told, trouble) => {}
                    _ = stopped => {}
                }
            });
        });
        Ok(Proxy { port, control, stop: Some(stop), thread: Some(thread) })
    }

    /// The TCP port on 127.0.0.1 that stands for that of the server.
    pub fn port(&self) -> u16 {
        self.port
    }

    /// `http://127.0.0.1:PORT`, where it is told what to do, and answers what it has done:
    ///
    /// - `POST /cut?text=GET&times=1` cuts the next connections in which a client sends this text;
    ///   the text does not reach the server.
    /// - `POST /hold` passes nothing on, in either direction, until `POST /pass`.
    /// - `GET /` changes nothing.
    ///
    /// Each is answered with `{"cut": 0, "left": 1, "held": false}`: how many connections were cut
    /// since the last `/cut`, how many are yet to be, and whether nothing is passed on.
    pub fn control(&self) -> String {
        format!("http://127.0.0.1:{}", self.control)
    }
}

impl Drop for Proxy {
    fn drop(&mut self) {
        drop(self.stop.take());
        if let Some(thread) = self.thread.take() {
            // It ends at once; should it have panicked, a test has failed already.
            let _ = thread.join();
        }
    }
}

fn listen() -> Result<(TcpListener, u16), ServerError> {
    let listener = TcpListener::bind((Ipv4Addr::LOCALHOST, 0)).while_doing("listen for the proxy")?;
    listener.set_nonblocking(true).while_doing("listen for the proxy")?;
    let port = listener.local_addr().while_doing("read the port of the proxy")?.port();
    Ok((listener, port))
}

async fn pass(listener: TcpListener, server: u16, trouble: Arc<Trouble>) {
    let Ok(listener) = tokio::net::TcpListener::from_std(listener) else { return };
    while let Ok((client, _)) = listener.accept().await {
        let trouble = Arc::clone(&trouble);
        tokio::spawn(async move {
            let Ok(server) = TcpStream::connect((Ipv4Addr::LOCALHOST, server)).await else { return };
            // What is small must not wait for more of it.
            let _ = (client.set_nodelay(true), server.set_nodelay(true));
            let (from_client, to_client) = client.into_split();
            let (from_server, to_server) = server.into_split();
            let asked = asked(from_client, to_server, &trouble);
            // When one side is over or cut, so is the other: both are dropped.
            tokio::select! {
                () = asked => {}
                () = answered(from_server, to_client, &trouble) => {}
            }
        });
    }
}

/// What the client says, until it stops or is cut off.
async fn asked(mut client: OwnedReadHalf, mut server: OwnedWriteHalf, trouble: &Trouble) {
    let (mut chunk, mut watched) = (vec![0; CHUNK], Watched::default());
    while let Ok(length @ 1..) = client.read(&mut chunk).await {
        let said = chunk.get(..length).unwrap_or_default();
        trouble.passes().await;
        if trouble.cuts(&mut watched, said) || server.write_all(said).await.is_err() {
            return;
        }
    }
}

async fn answered(mut server: OwnedReadHalf, mut client: OwnedWriteHalf, trouble: &Trouble) {
    let mut chunk = vec![0; CHUNK];
    while let Ok(length @ 1..) = server.read(&mut chunk).await {
        trouble.passes().await;
        if client.write_all(chunk.get(..length).unwrap_or_default()).await.is_err() {
            return;
        }
    }
}
