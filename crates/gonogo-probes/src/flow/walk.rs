//! One walk through the steps of a flow, for as long as nothing stumbles. What a step does is in
//! `request.rs`, `talk.rs` and `arrival.rs`.

use std::collections::{BTreeMap, BTreeSet};
use std::sync::{Arc, Mutex, MutexGuard, PoisonError};
use std::time::{Duration, Instant};

use gonogo_model::fact::Value;
use gonogo_model::flow::{Action, Identities, Step, Text};
use tokio::task::JoinHandle;

use super::answer::Heard;
use super::ground::Ground;
use super::memory::{Memory, random_text};
use super::talk::Talk;
use crate::probe::Unmeasured;

/// Between two tries of a step that is to hold eventually.
const PAUSE: Duration = Duration::from_millis(50);

/// Why a walk ended early.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) struct Stumble {
    /// The step, in words.
    pub(crate) step: String,
    /// What happened.
    pub(crate) why: String,
    /// Nothing answered at all: the system could not be looked at.
    pub(crate) unreachable: bool,
}

/// What came of one action, or why it failed.
pub(super) type Outcome = Result<Option<Heard>, Trouble>;

/// Why an action failed.
#[derive(Debug)]
pub(super) struct Trouble {
    pub(super) why: String,
    pub(super) unreachable: bool,
}

impl From<String> for Trouble {
    fn from(why: String) -> Trouble {
        Trouble { why, unreachable: false }
    }
}

/// A walk: where it goes, what it knows, and what it has open.
pub(crate) struct Walk {
    pub(super) ground: Arc<Ground>,
    memory: Arc<Mutex<Memory>>,
    bearer: Option<Text>,
    pub(super) sockets: BTreeMap<String, Talk>,
    pub(super) in_background: BTreeMap<String, JoinHandle<Outcome>>,
    /// The number from which on things at a sink belong to this walk.
    pub(super) arrivals: BTreeMap<String, u64>,
    /// Which of those a step has taken.
    pub(super) taken: BTreeMap<String, BTreeSet<u64>>,
    /// Steps that were done.
    pub(crate) done: usize,
    /// How long the slowest step took, and which it was.
    pub(crate) slowest: Option<(Duration, String)>,
    /// The status of the last answer.
    pub(crate) status: Option<u16>,
}

impl Walk {
    /// A walk on this ground, with people that nobody else has.
    pub(crate) fn new(ground: Arc<Ground>, identities: &Identities) -> Result<Walk, Unmeasured> {
        let no_chance = |error: getrandom::Error| Unmeasured::because(format!("no randomness: {error}"));
        let mark = random_text(5).map_err(no_chance)?;
        let mut memory = Memory::default();
        memory.keep(None, "unique", Value::String(mark.clone()), &ground.secrets);
        for user in &identities.users {
            memory.invent(user, &mark, &ground.secrets).map_err(no_chance)?;
        }
        Ok(Walk::on(ground, Arc::new(Mutex::new(memory)), identities.bearer.clone()))
    }

    /// A walk that goes on with what another one knows.
    pub(super) fn on(ground: Arc<Ground>, memory: Arc<Mutex<Memory>>, bearer: Option<Text>) -> Walk {
        let arrivals = ground.arrivals();
        Walk {
            ground,
            memory,
            bearer,
            sockets: BTreeMap::new(),
            in_background: BTreeMap::new(),
            arrivals,
            taken: BTreeMap::new(),
            done: 0,
            slowest: None,
            status: None,
        }
    }

    /// What it knows.
    pub(crate) fn memory(&self) -> MutexGuard<'_, Memory> {
        self.memory.lock().unwrap_or_else(PoisonError::into_inner)
    }

    pub(super) fn shared_memory(&self) -> Arc<Mutex<Memory>> {
        Arc::clone(&self.memory)
    }

    /// The token of a user, when it has one by now.
    pub(crate) fn bearer(&self, user: &str) -> Option<String> {
        let bearer = self.bearer.as_ref()?;
        let memory = self.memory();
        bearer.fill(|name| memory.find(Some(user), name), str::to_owned).ok()
    }

    /// Every user does what makes it one.
    pub(crate) async fn sign_up(&mut self, identities: &Identities) -> Result<(), Stumble> {
        for user in &identities.users {
            for step in &identities.sign_up {
                self.step(step, Some(user)).await.map_err(|stumble| Stumble {
                    step: format!("{} (as {user})", stumble.step),
                    ..stumble
                })?;
            }
        }
        Ok(())
    }

    /// Walks these steps in order.
    pub(crate) async fn steps(&mut self, steps: &[Step]) -> Result<(), Stumble> {
        for step in steps {
            self.step(step, step.user.as_deref()).await?;
        }
        Ok(())
    }

    async fn step(&mut self, step: &Step, user: Option<&str>) -> Result<(), Stumble> {
        let started = Instant::now();
        let mut walked = Ok(());
        for _ in 0..step.times {
            walked = self.until_it_holds(step, user).await;
            if walked.is_err() {
                break;
            }
        }
        let took = started.elapsed();
        if self.slowest.as_ref().is_none_or(|(slowest, _)| took > *slowest) {
            self.slowest = Some((took, step.name.clone()));
        }
        match walked {
            Ok(()) => {
                self.done += 1;
                Ok(())
            }
            Err(Trouble { why, unreachable }) => Err(Stumble { step: step.name.clone(), why, unreachable }),
        }
    }

    /// Once, or again and again where the step says `eventually`.
    async fn until_it_holds(&mut self, step: &Step, user: Option<&str>) -> Result<(), Trouble> {
        let until = Instant::now() + step.eventually.map_or(Duration::ZERO, |wait| wait.0);
        loop {
            let tried = match self.act(step, user).await {
                Ok(heard) => {
                    self.status = heard.as_ref().and_then(|heard| heard.status).or(self.status);
                    self.judge(step, user, heard)
                }
                Err(trouble) => Err(trouble),
            };
            match (tried, step.eventually) {
                (Ok(()), _) => return Ok(()),
                (Err(trouble), None) => return Err(trouble),
                (Err(trouble), Some(wait)) if Instant::now() + PAUSE >= until => {
                    let why = format!("not within {wait}: {}", trouble.why);
                    return Err(Trouble { why, ..trouble });
                }
                // Waiting is what was asked for.
                (Err(_), Some(_)) => tokio::time::sleep(PAUSE).await,
            }
        }
    }

    async fn act(&mut self, step: &Step, user: Option<&str>) -> Outcome {
        match &step.action {
            Action::Request { .. } => self.request(step, user).await,
            Action::Await(name) => self.awaited(name, step.within.0).await,
            Action::Open { at, socket, path, headers } => {
                self.open(at.as_deref(), socket, path, headers, user, step.within.0).await
            }
            Action::Send { socket, value } => self.send(socket, value, user, step.within.0).await,
            Action::Receive { socket, which } => {
                let vars = self.memory().vars(user);
                self.talk(socket)?.receive(which, &vars, step.within.0).await.map(Some)
            }
            Action::Silent { socket, which } => {
                let vars = self.memory().vars(user);
                self.talk(socket)?.silent(which, &vars, step.within.0).await
            }
            Action::Close { socket } => self.close(socket, step.within.0).await,
            Action::Arrives { sink, which } => self.arrives(sink, which, user, step.within.0).await,
            Action::Quiet { sink, which } => self.quiet(sink, which, user, step.within.0).await,
            Action::Answer { sink, reply } => self.answer(sink, reply),
            Action::Wait(wait) => {
                // Waiting is what was asked for.
                tokio::time::sleep(wait.0).await;
                Ok(None)
            }
        }
    }

    /// Whether what was heard is what was asked for; keeps what is captured.
    fn judge(&self, step: &Step, user: Option<&str>, heard: Option<Heard>) -> Result<(), Trouble> {
        let Some(heard) = heard else { return Ok(()) };
        self.ground.secrets.learn_json(heard.body());
        let vars = self.memory().vars(user);
        match (&step.expect, heard.status) {
            (Some(expect), _) => {
                heard.holds(expect, vars).map_err(|why| format!("{why}; {}", heard.shown()))?;
            }
            (None, Some(status)) if status >= 400 => return Err(heard.shown().into()),
            (None, _) => {}
        }
        for (name, capture) in &step.capture {
            let value = heard.take(capture).map_err(|why| format!("{why}; {}", heard.shown()))?;
            self.memory().keep(user, name, value, &self.ground.secrets);
        }
        Ok(())
    }
}

impl Drop for Walk {
    fn drop(&mut self) {
        self.in_background.values().for_each(JoinHandle::abort);
    }
}
