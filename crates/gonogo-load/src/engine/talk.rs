//! The WebSockets of a user. An event is heard once: a step takes the first that fits, and those
//! before it are dropped, for thousands of users cannot keep what nobody asked for.

use std::time::Duration;

use futures_util::{SinkExt as _, StreamExt as _};
use tokio_tungstenite::WebSocketStream;
use tokio_tungstenite::tungstenite::{self, ClientRequestBuilder, Message};

use super::walk::Walker;
use crate::measure::Failure;
use crate::script::{Act, Judged, Script, Step, Template};
use crate::wire::Duplex;

/// What is said when a WebSocket is opened.
struct Said<'s> {
    path: &'s Template,
    headers: &'s [(String, Template)],
    bearer: Option<&'s Template>,
}

/// A WebSocket that is open.
pub(super) struct Talk(WebSocketStream<Box<dyn Duplex>>);

impl Walker {
    /// Does a step over a WebSocket.
    pub(super) async fn talk(
        &mut self,
        script: &Script,
        step: &Step,
        moved: &mut (u64, u64),
    ) -> Result<(), Failure> {
        let limit = Duration::from_millis(step.within_ms);
        let until_cut = cut(self);
        tokio::select! {
            done = tokio::time::timeout(limit, self.act(script, step, moved)) => done.unwrap_or(Err(Failure::Timeout)),
            () = until_cut => Err(Failure::CutOff),
        }
    }

    async fn act(&mut self, script: &Script, step: &Step, moved: &mut (u64, u64)) -> Result<(), Failure> {
        match &step.act {
            Act::Open { socket, target, path, headers, bearer } => {
                let said = Said { path, headers, bearer: bearer.as_ref() };
                let opened = self.open(*target, said, step.within_ms).await?;
                let (_, talks) = self.parts();
                if talks.len() < script.sockets {
                    talks.resize_with(script.sockets, || None);
                }
                talks[*socket] = Some(Box::new(opened));
                Ok(())
            }
            Act::Send { socket, text } => {
                let (memory, talks) = self.parts();
                let text = filled(text, memory)?;
                moved.0 = text.len() as u64;
                let talk = talks.get_mut(*socket).and_then(Option::as_mut).ok_or(Failure::Generator)?;
                talk.0.send(Message::text(text)).await.map_err(failed)
            }
            Act::Receive { socket } => self.receive(script, step, *socket, moved).await,
            Act::Close { socket } => {
                let (_, talks) = self.parts();
                let talk = talks.get_mut(*socket).and_then(Option::take);
                talk.ok_or(Failure::Generator)?.0.close(None).await.map_err(failed)
            }
            Act::Request(_) | Act::Wait { .. } => Err(Failure::Generator),
        }
    }

    async fn receive(
        &mut self,
        script: &Script,
        step: &Step,
        socket: usize,
        moved: &mut (u64, u64),
    ) -> Result<(), Failure> {
        let (memory, talks) = self.parts();
        let talk = talks.get_mut(socket).and_then(Option::as_mut).ok_or(Failure::Generator)?;
        loop {
            let message = talk.0.next().await.ok_or(Failure::Reset)?.map_err(failed)?;
            let body = match &message {
                Message::Text(text) => text.as_bytes(),
                Message::Binary(bytes) => bytes.as_ref(),
                Message::Close(_) => return Err(Failure::Reset),
                _ => continue,
            };
            moved.1 += body.len() as u64;
            let heard = Judged { status: None, body, headers: &[], ms: &|| 0 };
            if step.answered.judge(heard, &script.names, memory).is_ok() {
                return Ok(());
            }
        }
    }

    async fn open(
        &mut self,
        target: usize,
        Said { path, headers, bearer }: Said<'_>,
        within_ms: u64,
    ) -> Result<Talk, Failure> {
        let stream = self.opened_stream(target, Duration::from_millis(within_ms)).await?;
        let cookies = self.cookies(target).map(|jar| jar.value()).filter(|value| !value.is_empty());
        let ready = std::sync::Arc::clone(&self.thread().task.ready);
        let (memory, _) = self.parts();
        let host = ready.order.targets.get(target).map_or("", |target| &target.host);
        let address = format!("ws://{host}{}", filled(path, memory)?);
        let mut request = ClientRequestBuilder::new(address.parse().map_err(|_| Failure::Generator)?);
        for (name, value) in headers {
            request = request.with_header(name, filled(value, memory)?);
        }
        // Who has no token yet shows none.
        if let Some(token) = bearer.and_then(|bearer| filled(bearer, memory).ok()) {
            request = request.with_header("Authorization", token);
        }
        if let Some(cookies) = cookies {
            request = request.with_header("Cookie", cookies);
        }
        let agreed = tokio_tungstenite::client_async(request, stream).await;
        let (socket, _) = agreed.map_err(failed)?;
        Ok(Talk(socket))
    }
}

/// Comes when what is under way is cut off.
fn cut(walker: &Walker) -> impl Future<Output = ()> + use<> {
    let thread = std::rc::Rc::clone(walker.thread());
    async move {
        while thread.phase.get() < super::stop::Phase::Cut {
            // The end of a run is looked for, not waited for.
            tokio::time::sleep(Duration::from_millis(50)).await;
        }
    }
}

fn filled(template: &Template, memory: &crate::script::Memory) -> Result<String, Failure> {
    let mut out = Vec::new();
    template.fill(memory, &mut out).map_err(|_| Failure::Generator)?;
    String::from_utf8(out).map_err(|_| Failure::Generator)
}

fn failed(error: tungstenite::Error) -> Failure {
    match error {
        tungstenite::Error::Http(answer) => {
            Failure::of_status(answer.status().as_u16()).unwrap_or(Failure::Protocol)
        }
        tungstenite::Error::Io(_)
        | tungstenite::Error::ConnectionClosed
        | tungstenite::Error::AlreadyClosed => Failure::Reset,
        _ => Failure::Protocol,
    }
}
