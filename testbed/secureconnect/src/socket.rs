//! The life of one WebSocket: events go out, texts come in, until one side or the process ends. It
//! does not know what they mean.

use std::future::Future;
use std::sync::Arc;
use std::time::Duration;

use axum::extract::ws::{CloseFrame, Message, Utf8Bytes, WebSocket, close_code};
use futures_util::stream::SplitSink;
use futures_util::{SinkExt, StreamExt};
use serde_json::{Value, json};
use tokio::sync::mpsc::{self, Receiver};
use tokio::time::{Instant, interval_at};

use crate::fault::{Behaviour, Faults};
use crate::metrics::{self, Metrics};
use crate::node::Node;

/// How many events may wait for one socket.
const WAITING: usize = 5_000;
const FEW: usize = 4;
/// How often a silent client is asked whether it is there.
const PING: Duration = Duration::from_secs(10);

/// Where events for one socket are put.
#[derive(Debug, Clone)]
pub(crate) struct Outbox {
    events: mpsc::Sender<String>,
    service: &'static str,
    metrics: Arc<Metrics>,
}

impl Outbox {
    pub(crate) fn new(
        service: &'static str,
        faults: &Faults,
        metrics: Arc<Metrics>,
    ) -> (Outbox, Receiver<String>) {
        let waiting = if faults.on(Behaviour::SmallBuffers) { FEW } else { WAITING };
        let (events, receiver) = mpsc::channel(waiting);
        (Outbox { events, service, metrics }, receiver)
    }

    /// Puts an event there; what does not fit is counted and lost.
    pub(crate) fn put(&self, event: &Value) {
        let label = metrics::of(self.service);
        match self.events.try_send(event.to_string()) {
            Ok(()) => self.metrics.socket_messages.get_or_create(&label).inc(),
            Err(_) => self.metrics.socket_dropped.get_or_create(&label).inc(),
        };
    }
}

/// Whether two outboxes are that of the same socket.
impl PartialEq for Outbox {
    fn eq(&self, other: &Outbox) -> bool {
        self.events.same_channel(&other.events)
    }
}

/// Whoever is at the other side of a socket.
pub(crate) trait Talk: Sync {
    /// Takes what came in; the answer goes back.
    fn hear(&self, said: Value) -> impl Future<Output = Option<Value>> + Send;
    /// Is called from time to time.
    fn beat(&self) -> impl Future<Output = ()> + Send;
}

/// Runs a socket until it ends.
pub(crate) async fn run(
    node: &Arc<Node>,
    service: &'static str,
    socket: WebSocket,
    events: Receiver<String>,
    talk: &impl Talk,
) {
    let gauge = node.metrics.sockets.get_or_create_owned(&metrics::of(service));
    gauge.inc();
    let (mut sink, mut stream) = socket.split();
    let (answers, answered) = mpsc::channel::<String>(WAITING);
    let writer = write(node, &mut sink, events, answered, talk);
    let reader = async {
        while let Some(Ok(message)) = stream.next().await {
            let Message::Text(text) = message else { continue };
            let answer = match serde_json::from_str(&text) {
                Ok(value) => talk.hear(value).await,
                Err(_) => Some(json!({ "type": "error", "error": "this is no JSON" })),
            };
            if let Some(answer) = answer {
                let _ = answers.try_send(answer.to_string());
            }
        }
    };
    tokio::select! {
        () = writer => {}
        () = reader => {}
    }
    if node.has(Behaviour::SocketsLeak) {
        let held = sink;
        tokio::spawn(async move {
            let _held = held;
            std::future::pending::<()>().await;
        });
        return;
    }
    gauge.dec();
}

async fn write(
    node: &Node,
    sink: &mut SplitSink<WebSocket, Message>,
    mut events: Receiver<String>,
    mut answers: Receiver<String>,
    talk: &impl Talk,
) {
    let mut pings = interval_at(Instant::now() + PING, PING);
    loop {
        let message = tokio::select! {
            Some(event) = events.recv() => Message::Text(event.into()),
            Some(answer) = answers.recv() => Message::Text(answer.into()),
            _ = pings.tick() => {
                talk.beat().await;
                Message::Ping(Default::default())
            }
            () = node.stopped() => {
                let reason = Utf8Bytes::from_static("the service stops");
                let _ = sink.send(Message::Close(Some(CloseFrame { code: close_code::AWAY, reason }))).await;
                return;
            }
        };
        if sink.send(message).await.is_err() {
            return;
        }
    }
}
