//! `websocket:` a real WebSocket server as `${WEBSOCKET}`: whatever one client says, all clients
//! hear, each after what it heard before. A text `{"close":true}` makes it close that connection.
//! A request that is no WebSocket handshake is answered with 400 by the handshake itself.

use std::sync::Arc;

use futures_util::{SinkExt, StreamExt};
use gonogo_model::yaml::{self, Node};
use serde::Deserialize;
use tokio::net::{TcpListener, TcpStream};
use tokio::sync::broadcast;
use tokio::task::JoinHandle;
use tokio_tungstenite::accept_async;
use tokio_tungstenite::tungstenite::Message;

use super::World;

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct Wanted {
    /// Said to whoever connects.
    greeting: String,
}

struct Running(JoinHandle<()>);

impl Drop for Running {
    fn drop(&mut self) {
        self.0.abort();
    }
}

/// `websocket: { greeting: '{"type":"ready"}' }`
pub(crate) fn start(world: &mut World, node: &Node) -> Result<(), String> {
    let wanted: Wanted = yaml::read(node).map_err(|error| error.to_string())?;
    let listener = tokio::runtime::Handle::current().block_on(TcpListener::bind("127.0.0.1:0"));
    let listener = listener.map_err(|error| error.to_string())?;
    let address = listener.local_addr().map_err(|error| error.to_string())?;
    world.places.insert("WEBSOCKET".to_owned(), format!("http://{address}"));
    let (room, _) = broadcast::channel(64);
    let greeting = Arc::new(wanted.greeting);
    world.keep(Running(tokio::spawn(async move {
        while let Ok((stream, _)) = listener.accept().await {
            tokio::spawn(talk(stream, room.clone(), Arc::clone(&greeting)));
        }
    })));
    Ok(())
}

async fn talk(stream: TcpStream, room: broadcast::Sender<String>, greeting: Arc<String>) -> Option<()> {
    let mut socket = accept_async(stream).await.ok()?;
    let mut said = room.subscribe();
    socket.send(Message::text(greeting.as_str())).await.ok()?;
    loop {
        tokio::select! {
            heard = socket.next() => match heard?.ok()? {
                Message::Text(text) if text.contains("\"close\":true") => return socket.close(None).await.ok(),
                Message::Text(text) => drop(room.send(text.to_string())),
                Message::Close(_) => return None,
                _ => {}
            },
            text = said.recv() => socket.send(Message::text(text.ok()?)).await.ok()?,
        }
    }
}
