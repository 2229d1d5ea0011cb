//! The calls of this process: who was invited, who is in, and the signals that each has not fetched
//! yet. A call lives in one process and ends with it; so do the connections of its peers.

use std::collections::{BTreeMap, BTreeSet};
use std::sync::{Arc, Mutex, MutexGuard};
use std::time::Instant;

use axum::http::StatusCode;
use serde_json::{Value, json};
use tokio::sync::Notify;
use tokio::sync::mpsc::Receiver;

use crate::answer::{Answer, BROKEN, Refusal, refuse};
use crate::fault::{Behaviour, Faults};
use crate::metrics::Metrics;
use crate::random;
use crate::socket::Outbox;

const NO_CALL: Refusal = refuse(StatusCode::FORBIDDEN, "there is no such call that you are invited to");
const NOT_IN: Refusal = refuse(StatusCode::CONFLICT, "join the call first");
const OVER: Refusal = refuse(StatusCode::GONE, "the call is over");
const FULL: Refusal = refuse(StatusCode::CONFLICT, "the call is full");
/// Signals that are kept for those who fetch them; a client that is further behind joins again.
const KEPT: usize = 1_000;

/// All calls.
pub(crate) struct Calls {
    faults: Faults,
    metrics: Arc<Metrics>,
    state: Mutex<State>,
    pub(super) news: Notify,
}

#[derive(Default)]
struct State {
    calls: BTreeMap<String, Call>,
    outboxes: BTreeMap<String, Vec<Outbox>>,
}

struct Call {
    invited: BTreeSet<String>,
    inside: BTreeSet<String>,
    since: Instant,
    over: bool,
    /// Signals in order, each with its number and who it is for.
    signals: Vec<(u64, String, Value)>,
    last: u64,
}

impl Call {
    fn keep(&mut self, to: &str, event: &Value) {
        self.last = self.last.saturating_add(1);
        self.signals.push((self.last, to.to_owned(), event.clone()));
        if self.signals.len() > KEPT {
            self.signals.remove(0);
        }
    }
}

impl Calls {
    pub(crate) fn new(faults: &Faults, metrics: Arc<Metrics>) -> Calls {
        Calls { faults: faults.clone(), metrics, state: Mutex::default(), news: Notify::new() }
    }

    fn state(&self) -> Answer<MutexGuard<'_, State>> {
        self.state.lock().map_err(|_| BROKEN)
    }

    /// Adds a socket of a user.
    pub(super) fn connect(&self, user: &str) -> (Outbox, Receiver<String>) {
        let (outbox, events) = Outbox::new("call", &self.faults, Arc::clone(&self.metrics));
        if let Ok(mut state) = self.state.lock() {
            state.outboxes.entry(user.to_owned()).or_default().push(outbox.clone());
        }
        (outbox, events)
    }

    /// Takes a socket away. With their last one a user leaves all calls.
    pub(super) fn disconnect(&self, user: &str, outbox: &Outbox) {
        let Ok(mut state) = self.state.lock() else { return };
        let Some(of_user) = state.outboxes.get_mut(user) else { return };
        of_user.retain(|other| other != outbox);
        if !of_user.is_empty() {
            return;
        }
        state.outboxes.remove(user);
        let inside = |(id, call): (&String, &Call)| call.inside.contains(user).then(|| id.clone());
        let left: Vec<String> = state.calls.iter().filter_map(inside).collect();
        drop(state);
        for id in left {
            // It may be over meanwhile.
            let _ = self.leave(&id, user);
        }
    }

    pub(super) fn is_connected(&self, user: &str) -> bool {
        self.state.lock().is_ok_and(|state| state.outboxes.contains_key(user))
    }

    /// Begins a call in which the caller is, and gives its id.
    pub(super) fn begin(&self, caller: &str, others: &[String]) -> Answer<String> {
        let id = random::id()?;
        let invited = others.iter().cloned().chain([caller.to_owned()]).collect();
        let call = Call {
            invited,
            inside: BTreeSet::from([caller.to_owned()]),
            since: Instant::now(),
            over: false,
            signals: Vec::new(),
            last: 0,
        };
        self.state()?.calls.insert(id.clone(), call);
        self.metrics.calls.inc();
        self.metrics.calls_active.inc();
        Ok(id)
    }

    /// A call as one of the invited sees it.
    pub(super) fn show(&self, id: &str, user: &str) -> Answer<Value> {
        let state = self.state()?;
        let call = state.calls.get(id).ok_or(NO_CALL)?;
        self.may(call, user)?;
        Ok(json!({ "id": id, "invited": call.invited, "inside": call.inside, "over": call.over }))
    }

    fn may(&self, call: &Call, user: &str) -> Answer<()> {
        let open = self.faults.on(Behaviour::CallOpenToStrangers);
        if open || call.invited.contains(user) { Ok(()) } else { Err(NO_CALL) }
    }

    /// Lets an invited user in, and tells the others.
    pub(super) fn join(&self, id: &str, user: &str) -> Answer<()> {
        let mut state = self.state()?;
        let call = state.calls.get_mut(id).ok_or(NO_CALL)?;
        self.may(call, user)?;
        if call.over {
            return Err(OVER);
        }
        let others = call.inside.iter().filter(|inside| *inside != user).count();
        if others >= 2 && self.faults.on(Behaviour::NoGroupCalls) {
            return Err(FULL);
        }
        call.inside.insert(user.to_owned());
        drop(state);
        self.tell(id, user, &json!({ "type": "joined", "call": id, "user": user }));
        Ok(())
    }

    /// Takes a user out; the last one ends the call.
    pub(super) fn leave(&self, id: &str, user: &str) -> Answer<()> {
        let mut state = self.state()?;
        let call = state.calls.get_mut(id).ok_or(NO_CALL)?;
        if !call.inside.remove(user) {
            return Err(NOT_IN);
        }
        let empty = call.inside.is_empty();
        drop(state);
        self.tell(id, user, &json!({ "type": "left", "call": id, "user": user }));
        if empty { self.finish(id, user) } else { Ok(()) }
    }

    /// Ends a call for everybody; whoever is in it may.
    pub(super) fn end(&self, id: &str, user: &str) -> Answer<()> {
        let state = self.state()?;
        let call = state.calls.get(id).ok_or(NO_CALL)?;
        let inside = call.inside.contains(user);
        drop(state);
        if inside { self.finish(id, user) } else { Err(NOT_IN) }
    }

    fn finish(&self, id: &str, user: &str) -> Answer<()> {
        let mut state = self.state()?;
        let call = state.calls.get_mut(id).ok_or(NO_CALL)?;
        if call.over {
            return Ok(());
        }
        call.over = true;
        call.inside.clear();
        self.metrics.calls_active.dec();
        self.metrics.call_seconds.observe(call.since.elapsed().as_secs_f64());
        drop(state);
        if !self.faults.on(Behaviour::CallEndUnsaid) {
            self.tell(id, user, &json!({ "type": "ended", "call": id, "user": user }));
        }
        Ok(())
    }

    /// Passes a signal from one who is in the call to another who is.
    pub(super) fn pass(&self, id: &str, from: &str, to: &str, event: &Value) -> Answer<()> {
        let mut state = self.state()?;
        let call = state.calls.get_mut(id).ok_or(NO_CALL)?;
        if !call.inside.contains(from) || !call.inside.contains(to) {
            return Err(NOT_IN);
        }
        call.keep(to, event);
        state.outboxes.get(to).into_iter().flatten().for_each(|outbox| outbox.put(event));
        drop(state);
        self.news.notify_waiters();
        Ok(())
    }

    /// Tells something to all who were invited, but to whoever did it.
    pub(super) fn tell(&self, id: &str, by: &str, event: &Value) {
        let Ok(mut state) = self.state.lock() else { return };
        let State { calls, outboxes } = &mut *state;
        let Some(call) = calls.get_mut(id) else { return };
        let others: Vec<String> = call.invited.iter().filter(|user| *user != by).cloned().collect();
        for user in others {
            call.keep(&user, event);
            outboxes.get(&user).into_iter().flatten().for_each(|outbox| outbox.put(event));
        }
        drop(state);
        self.news.notify_waiters();
    }

    /// What was said to a user after a number.
    pub(super) fn after(&self, id: &str, user: &str, after: u64) -> Answer<Vec<Value>> {
        let state = self.state()?;
        let call = state.calls.get(id).ok_or(NO_CALL)?;
        self.may(call, user)?;
        let news = call.signals.iter().filter(|(number, to, _)| *number > after && to == user);
        Ok(news.map(|(number, _, event)| json!({ "number": number, "event": event })).collect())
    }
}
