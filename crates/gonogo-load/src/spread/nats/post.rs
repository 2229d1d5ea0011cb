//! Messages from one to one over a subject of its own: whole, in order, each once, and closed. A
//! message that is too large for NATS goes in pieces. It knows what is to be said by its type only.

use std::sync::Arc;
use std::time::{Duration, Instant};

use async_nats::jetstream::Context;
use async_nats::jetstream::message::PublishMessage;
use futures_util::StreamExt as _;
use serde::Serialize;
use serde::de::DeserializeOwned;
use tokio::sync::mpsc;
use tokio::time::{interval, timeout};

use super::key::Key;
use super::meeting::Ordered;

/// A piece is not larger; a NATS server takes messages up to 1 MiB where nobody says otherwise.
const PIECE: usize = 256 * 1024;
/// A longer message is none of ours.
const LONGEST: usize = 256 * 1024 * 1024;
/// How long it is tried to send something while the server is away.
const PATIENCE: Duration = Duration::from_secs(15);
/// How often somebody shows that it is there.
const OFTEN: Duration = Duration::from_secs(1);
/// After this time it is tried again.
const AGAIN: Duration = Duration::from_millis(200);

/// What a piece is, as its first byte says.
const MORE: u8 = 0;
const LAST: u8 = 1;
const SIGN_OF_LIFE: u8 = 2;
const END: u8 = 3;

/// Where messages are put.
pub(super) struct Outbox {
    jetstream: Context,
    subject: String,
    key: Arc<Key>,
    number: u64,
}

/// Where they come out.
pub(super) struct Inbox {
    messages: Ordered,
    key: Arc<Key>,
    number: u64,
    /// The pieces of a message that is not whole yet.
    begun: Vec<u8>,
}

/// What comes out.
pub(super) enum Came<M> {
    Message(M),
    /// Whoever writes is still there.
    SignOfLife,
    /// Nothing more will come.
    End,
}

/// Nothing can be sent or read any more, for this reason.
#[derive(Debug)]
pub(super) struct Broken(pub(super) String);

impl Outbox {
    pub(super) fn new(jetstream: Context, subject: String, key: Arc<Key>) -> Outbox {
        Outbox { jetstream, subject, key, number: 0 }
    }

    /// Sends a message, and returns when the server has it.
    pub(super) async fn send(&mut self, message: &impl Serialize) -> Result<(), Broken> {
        let bytes = serde_json::to_vec(message).map_err(|error| Broken(error.to_string()))?;
        let last = bytes.len().div_ceil(PIECE).saturating_sub(1);
        for (at, piece) in bytes.chunks(PIECE).enumerate() {
            self.put(if at == last { LAST } else { MORE }, piece).await?;
        }
        Ok(())
    }

    /// Sends all that is said, and in between that somebody is there; gives the reason when nothing can
    /// be sent any more, and none when nothing more is said.
    pub(super) async fn say_all<M: Serialize>(
        &mut self,
        said: &mut mpsc::UnboundedReceiver<M>,
    ) -> Option<String> {
        let mut life = interval(OFTEN);
        loop {
            let done = tokio::select! {
                word = said.recv() => self.send(&word?).await,
                _ = life.tick() => self.put(SIGN_OF_LIFE, &[]).await,
            };
            if let Err(Broken(why)) = done {
                return Some(why);
            }
        }
    }

    pub(super) async fn end(&mut self) -> Result<(), Broken> {
        self.put(END, &[]).await
    }

    async fn put(&mut self, kind: u8, piece: &[u8]) -> Result<(), Broken> {
        let closed = self.key.close(&about(&self.subject, self.number), [&[kind], piece].concat());
        let closed = closed.ok_or_else(|| Broken("a message could not be closed".to_owned()))?;
        let payload = [self.number.to_be_bytes().as_slice(), &closed].concat();
        // What is sent twice because its receipt was lost is kept once.
        let id = format!("{} {}", self.subject, self.number);
        self.number += 1;
        let publish = PublishMessage::build().payload(payload.into()).message_id(id);
        let since = Instant::now();
        loop {
            let Err(why) = self.publish(publish.clone()).await else { return Ok(()) };
            if since.elapsed() > PATIENCE {
                return Err(Broken(format!("NATS takes nothing: {why}")));
            }
            tokio::time::sleep(AGAIN).await;
        }
    }

    async fn publish(&self, publish: PublishMessage) -> Result<(), String> {
        let sent = self.jetstream.send_publish(self.subject.clone(), publish).await;
        sent.map_err(|error| error.to_string())?.await.map(drop).map_err(|error| error.to_string())
    }
}

impl Inbox {
    pub(super) fn new(messages: Ordered, key: Arc<Key>) -> Inbox {
        Inbox { messages, key, number: 0, begun: Vec::new() }
    }

    /// What comes next; broken when nothing does for so long.
    pub(super) async fn next<M: DeserializeOwned>(&mut self, silence: Duration) -> Result<Came<M>, Broken> {
        loop {
            let piece = timeout(silence, self.piece()).await;
            let silent = |_| Broken(format!("nothing was heard of it for {} s", silence.as_secs()));
            let piece = piece.map_err(silent)??;
            let (kind, piece) = piece.split_first().ok_or_else(strange)?;
            match *kind {
                SIGN_OF_LIFE => return Ok(Came::SignOfLife),
                END => return Ok(Came::End),
                MORE | LAST if self.begun.len() + piece.len() <= LONGEST => self.begun.extend(piece),
                _ => return Err(strange()),
            }
            if *kind == LAST {
                let message = serde_json::from_slice(&std::mem::take(&mut self.begun));
                return message.map(Came::Message).map_err(|_| strange());
            }
        }
    }

    /// The next piece, opened. What came before is left out, what is missing is noticed.
    async fn piece(&mut self) -> Result<Vec<u8>, Broken> {
        while let Some(message) = self.messages.next().await {
            let message = message.map_err(|error| Broken(format!("NATS gives nothing: {error}")))?;
            let (number, closed) = message.payload.split_first_chunk::<8>().ok_or_else(strange)?;
            let number = u64::from_be_bytes(*number);
            if number < self.number {
                continue;
            }
            if number > self.number {
                return Err(Broken(format!("{} messages were lost on the way", number - self.number)));
            }
            self.number += 1;
            return self.key.open(&about(message.subject.as_str(), number), closed).ok_or_else(strange);
        }
        Err(Broken("NATS gives nothing more".to_owned()))
    }
}

/// The next message of one piece, whoever it is from; nothing when it cannot be opened.
pub(super) async fn opened<M: DeserializeOwned>(
    key: &Key,
    messages: &mut Ordered,
) -> Result<Option<M>, Broken> {
    let message = messages.next().await.ok_or_else(|| Broken("NATS gives nothing more".to_owned()))?;
    let message = message.map_err(|error| Broken(format!("NATS gives nothing: {error}")))?;
    let Some((number, closed)) = message.payload.split_first_chunk::<8>() else { return Ok(None) };
    let piece = key.open(&about(message.subject.as_str(), u64::from_be_bytes(*number)), closed);
    Ok(piece
        .as_deref()
        .and_then(|piece| piece.strip_prefix(&[LAST]))
        .and_then(|m| serde_json::from_slice(m).ok()))
}

/// What a message can be opened with: nobody can put it elsewhere, or in another order.
fn about(subject: &str, number: u64) -> String {
    format!("{subject}#{number}")
}

fn strange() -> Broken {
    Broken("what came is no message of somebody who knows the secret".to_owned())
}
