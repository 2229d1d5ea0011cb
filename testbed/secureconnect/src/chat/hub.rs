//! Who is connected to this process, and how events reach them. It knows no conversation.

use std::collections::{BTreeMap, BTreeSet};
use std::sync::{Arc, Mutex};

use serde_json::Value;
use tokio::sync::Notify;
use tokio::sync::mpsc::Receiver;

use super::presence;
use crate::fault::{Behaviour, Faults};
use crate::metrics::Metrics;
use crate::node::Node;
use crate::socket::Outbox;

/// The sockets of all users, and what wakes those who wait without one.
pub(crate) struct Hub {
    faults: Faults,
    metrics: Arc<Metrics>,
    outboxes: Mutex<BTreeMap<String, Vec<Outbox>>>,
    /// Everybody who was ever connected: the fault `presence-not-restored` treats them differently.
    known: Mutex<BTreeSet<String>>,
    /// Who types where; the number tells the newest news of it from older ones.
    typing: Mutex<BTreeMap<(String, String), u64>>,
    pub(super) news: Notify,
}

impl Hub {
    pub(crate) fn new(faults: &Faults, metrics: Arc<Metrics>) -> Hub {
        Hub {
            faults: faults.clone(),
            metrics,
            outboxes: Mutex::default(),
            known: Mutex::default(),
            typing: Mutex::default(),
            news: Notify::new(),
        }
    }

    /// Adds a socket of a user, and says whether they were never here before.
    pub(super) fn join(&self, user: &str) -> (Outbox, Receiver<String>, bool) {
        let (outbox, events) = Outbox::new("chat", &self.faults, Arc::clone(&self.metrics));
        if let Ok(mut outboxes) = self.outboxes.lock() {
            outboxes.entry(user.to_owned()).or_default().push(outbox.clone());
        }
        let first = self.known.lock().is_ok_and(|mut known| known.insert(user.to_owned()));
        (outbox, events, first)
    }

    /// Takes a socket away, and says whether it was the user's last.
    pub(super) fn leave(&self, user: &str, outbox: &Outbox) -> bool {
        let Ok(mut outboxes) = self.outboxes.lock() else { return true };
        let Some(of_user) = outboxes.get_mut(user) else { return true };
        of_user.retain(|other| other != outbox);
        let last = of_user.is_empty();
        if last {
            outboxes.remove(user);
        }
        last
    }

    pub(super) fn is_connected(&self, user: &str) -> bool {
        self.outboxes.lock().is_ok_and(|outboxes| outboxes.contains_key(user))
    }

    fn connected(&self) -> Vec<String> {
        self.outboxes.lock().map(|outboxes| outboxes.keys().cloned().collect()).unwrap_or_default()
    }

    /// Puts an event to all sockets of these users.
    pub(crate) fn tell<'a>(&self, users: impl IntoIterator<Item = &'a String>, event: &Value) {
        let Ok(outboxes) = self.outboxes.lock() else { return };
        for user in users {
            outboxes.get(user).into_iter().flatten().for_each(|outbox| outbox.put(event));
        }
    }

    /// Puts an event to everybody who is connected: only a fault does that.
    pub(super) fn tell_everybody(&self, event: &Value) {
        self.tell(&self.connected(), event);
    }

    /// Notes that a user types, and gives the number of this news.
    pub(super) fn types(&self, conversation: &str, user: &str) -> u64 {
        let Ok(mut typing) = self.typing.lock() else { return 0 };
        let number = typing.entry((conversation.to_owned(), user.to_owned())).or_default();
        *number = number.saturating_add(1);
        *number
    }

    /// Whether the news of this number is the newest one; then the user types no more.
    pub(super) fn typed_last(&self, conversation: &str, user: &str, number: u64) -> bool {
        let Ok(mut typing) = self.typing.lock() else { return false };
        let key = (conversation.to_owned(), user.to_owned());
        let last = typing.get(&key) == Some(&number);
        if last {
            typing.remove(&key);
        }
        last
    }

    /// Says again who is here, after Redis returned without knowing it.
    pub(crate) async fn restore(&self, node: &Node) {
        if node.has(Behaviour::PresenceNotResynced) {
            return;
        }
        for user in self.connected() {
            presence::keep(node, &user).await;
        }
    }
}
