//! The WebSockets of a walk. An event is heard once: a step takes the first that fits, and leaves
//! the others for later steps.

use std::collections::{BTreeMap, VecDeque};
use std::time::Duration;

use gonogo_model::amount::Wait;
use gonogo_model::expression::Expression;
use gonogo_model::fact::Value;
use gonogo_model::flow::Text;
use tokio::time::Instant;

use super::answer::Heard;
use super::request::filled;
use super::walk::{Outcome, Trouble, Walk};
use crate::tools::socket::Socket;

/// Events that nobody asked for; more are dropped, the oldest first.
const MOST: usize = 1_000;

/// An open WebSocket with the events that no step has taken yet.
pub(super) struct Talk {
    socket: Socket,
    left: VecDeque<Heard>,
}

impl Walk {
    pub(super) async fn open(
        &mut self,
        at: Option<&str>,
        socket: &str,
        path: &Text,
        headers: &BTreeMap<String, Text>,
        user: Option<&str>,
        limit: Duration,
    ) -> Outcome {
        let url = self.address(at, path, user)?;
        let headers = self.headers(headers, user)?;
        let opened = Socket::open(&self.ground.reach, &url, &headers, limit).await;
        let opened = opened.map_err(|error| error.to_string())?;
        self.sockets.insert(socket.to_owned(), Talk { socket: opened, left: VecDeque::new() });
        Ok(None)
    }

    pub(super) async fn send(
        &mut self,
        socket: &str,
        value: &Value,
        user: Option<&str>,
        limit: Duration,
    ) -> Outcome {
        let text = {
            let memory = self.memory();
            filled(value, &|name: &str| memory.find(user, name)).map_err(|unknown| unknown.to_string())?
        };
        let text = text.to_string();
        self.talk(socket)?.socket.send(&text, limit).await.map_err(|error| error.to_string())?;
        Ok(None)
    }

    pub(super) async fn close(&mut self, socket: &str, limit: Duration) -> Outcome {
        let open = self.sockets.remove(socket);
        let open = open.ok_or_else(|| format!("no WebSocket `{socket}` is open"))?;
        open.socket.close(limit).await;
        Ok(None)
    }

    pub(super) fn talk(&mut self, socket: &str) -> Result<&mut Talk, Trouble> {
        self.sockets.get_mut(socket).ok_or_else(|| format!("no WebSocket `{socket}` is open").into())
    }
}

impl Talk {
    /// The first event that fits.
    pub(super) async fn receive(
        &mut self,
        which: &Expression,
        vars: &Value,
        limit: Duration,
    ) -> Result<Heard, Trouble> {
        match self.first(which, vars, Instant::now() + limit).await? {
            Some(event) => Ok(event),
            None => Err(format!(
                "no event for which `{}` holds came within {}{}",
                which.text(),
                Wait(limit),
                self.others()
            )
            .into()),
        }
    }

    /// Watches that no event fits.
    pub(super) async fn silent(&mut self, which: &Expression, vars: &Value, limit: Duration) -> Outcome {
        match self.first(which, vars, Instant::now() + limit).await? {
            None => Ok(None),
            Some(event) => Err(format!("an event came that must not: {}", event.shown()).into()),
        }
    }

    async fn first(
        &mut self,
        which: &Expression,
        vars: &Value,
        until: Instant,
    ) -> Result<Option<Heard>, Trouble> {
        let fits = |event: &Heard| event.holds(which, vars.clone()).is_ok();
        if let Some(at) = self.left.iter().position(fits) {
            return Ok(self.left.remove(at));
        }
        loop {
            let next = self.socket.next(until).await.map_err(|error| error.to_string())?;
            let Some(event) = next.map(Heard::of_event) else { return Ok(None) };
            if fits(&event) {
                return Ok(Some(event));
            }
            if self.left.len() >= MOST {
                self.left.pop_front();
            }
            self.left.push_back(event);
        }
    }

    /// What came instead.
    fn others(&self) -> String {
        match self.left.back() {
            None => "; nothing came at all".to_owned(),
            Some(last) => format!("; {} others came, the last: {}", self.left.len(), last.shown()),
        }
    }
}
