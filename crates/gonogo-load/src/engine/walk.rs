//! One user: what it knows, its connections, and its way through the script, again and again.

use std::net::IpAddr;
use std::rc::Rc;
use std::time::Duration;

use serde_json::Value;

use super::stop::Phase;
use super::talk::Talk;
use super::thread::Thread;
use crate::measure::{Failure, Timing};
use crate::plan::{Pace, User};
use crate::script::{Act, Jar, Judged, Memory, Request, Script, Step};
use crate::wire::{Agreement, Connection, Duplex, Target, Watch};

/// How long nobody looks whether all is cut off, who waits after the plan is over.
const LONGEST_NAP: Duration = Duration::from_millis(20);

/// A target with what is agreed upon with it, which of its addresses, and from which of ours.
type WayTo<'t> = ((&'t Target, Option<&'t Agreement>), u64, Option<IpAddr>);

/// A user on its way.
pub(super) struct Walker {
    thread: Rc<Thread>,
    tier: usize,
    /// Its number within the tier, or that of its slot.
    number: u64,
    memory: Memory,
    /// For each target its connection and its cookies.
    ways: Vec<Way>,
    talks: Vec<Option<Box<Talk>>>,
    watch: Rc<Watch>,
    /// Whether what is done once was done.
    signed_up: bool,
    /// When its last journey ended.
    ended_us: u64,
}

#[derive(Default)]
struct Way {
    connection: Option<Connection>,
    jar: Jar,
}

/// A slot of an open plan: it takes start after start, each when it is due or, when the slot was
/// still busy then, at once.
pub(super) async fn open_slot(thread: Rc<Thread>, number: u64) {
    let tiers = thread.task.ready.order.plan.tiers().len();
    let mut walkers: Vec<Option<Walker>> = (0..tiers).map(|_| None).collect();
    while let Some(start) = thread.next_start() {
        let (intended_us, taken_ns) = (start.at_ns / 1_000, thread.alarm.now_ns());
        thread.alarm.until(start.at_ns).await;
        let permit = thread.permitted().await;
        if !thread.comes_about(start.at_ns, permit) {
            thread.undone(start.tier, start.at_ns, thread.now_us());
            return;
        }
        let late_us = thread.now_us().saturating_sub(intended_us);
        let queued_us = (taken_ns / 1_000).saturating_sub(intended_us);
        {
            let mut recording = thread.recording.borrow_mut();
            recording.queued(start.tier, intended_us, queued_us);
            recording.lagged(start.tier, intended_us, late_us.saturating_sub(queued_us));
        }
        let new = || Walker::new(Rc::clone(&thread), start.tier, number);
        let Some(walker) = walkers.get_mut(start.tier) else { return };
        walker.get_or_insert_with(new).journey(intended_us).await;
    }
}

/// A user of a closed plan, for as long as the plan has it.
pub(super) async fn closed_user(thread: Rc<Thread>, user: User) {
    let plan = &thread.task.ready.order.plan;
    let Some(pace) = plan.tiers().get(user.tier).map(|tier| tier.pace) else { return };
    let mut walker = Walker::new(Rc::clone(&thread), user.tier, user.number);
    for (from_ns, to_ns) in user.spans {
        let mut due_ns = from_ns + pace.first_ns(plan.seed(), user.number);
        let mut turn = 1;
        while due_ns < to_ns {
            thread.alarm.until(due_ns).await;
            let permit = thread.permitted().await;
            let now_ns = permit.now_ns;
            let was_busy = walker.ended_us * 1_000 > due_ns;
            let is_over = thread.phase.get() != Phase::Running || now_ns >= to_ns;
            if is_over && (was_busy || permit.was_held || !thread.comes_about(due_ns, permit)) {
                thread.turns_undone(user.tier, pace, (due_ns, to_ns));
                break;
            }
            let ended_us = walker.turn(pace, due_ns, now_ns).await;
            due_ns = match pace.think_ns(plan.seed(), user.number, turn) {
                None => due_ns + pace.every_ns().unwrap_or(u64::MAX),
                Some(think_ns) => ended_us * 1_000 + think_ns,
            };
            turn += 1;
        }
        // Who has nothing more to do stays nevertheless, with its connections.
        thread.alarm.until(to_ns).await;
        walker.leave();
    }
}

impl Walker {
    fn new(thread: Rc<Thread>, tier: usize, number: u64) -> Walker {
        let watch = thread.watch();
        let targets = thread.task.ready.order.targets.len();
        let ways = (0..targets).map(|_| Way::default()).collect();
        let mut walker = Walker {
            thread,
            tier,
            number,
            memory: Memory::new(),
            ways,
            talks: Vec::new(),
            watch,
            signed_up: false,
            ended_us: 0,
        };
        walker.become_somebody();
        walker
    }

    pub(super) fn tier(&self) -> usize {
        self.tier
    }

    /// The names and passwords that nobody else has.
    fn become_somebody(&mut self) {
        let scripts = Rc::clone(&self.thread);
        let script = &scripts.task.ready.scripts[self.tier];
        let mark = format!("{}t{}n{}", scripts.task.ready.order.mark, self.tier, self.number);
        let text = |text: String| move || Value::String(text);
        self.memory.know(&script.names, "unique", text(mark.clone()));
        for person in &script.people {
            for (name, value) in [
                ("name", format!("{person} {mark}")),
                ("email", format!("{person}.{mark}@gonogo.test")),
                ("password", format!("Go-{mark}{person}-9z")),
                ("unique", format!("{person}{mark}")),
            ] {
                self.memory.know(&script.names, &format!("{person}.{name}"), text(value));
            }
        }
        let rows = script.data.rows.len();
        let row = usize::try_from(self.number).unwrap_or(0).checked_rem(rows).map(|at| &script.data.rows[at]);
        for (column, value) in script.data.columns.iter().zip(row.into_iter().flatten()) {
            self.memory.know(&script.names, &format!("data.{column}"), || value.clone());
        }
    }

    /// One turn of a closed plan. Who goes by the clock is late when it was busy; who thinks is late
    /// only when the generator is.
    async fn turn(&mut self, pace: Pace, due_ns: u64, now_ns: u64) -> u64 {
        let by_clock = pace.every_ns().is_some();
        let is_late_by_itself = by_clock && self.ended_us * 1_000 > due_ns;
        let lag_us = now_ns.saturating_sub(due_ns) / 1_000;
        if !is_late_by_itself {
            self.thread.recording.borrow_mut().lagged(self.tier, due_ns / 1_000, lag_us);
        }
        self.journey(if by_clock { due_ns } else { now_ns } / 1_000).await;
        self.ended_us
    }

    /// From the first step to the last, or to the first that fails.
    async fn journey(&mut self, intended_us: u64) {
        let thread = Rc::clone(&self.thread);
        let script = &thread.task.ready.scripts[self.tier];
        thread.under_way.set(thread.under_way.get() + 1);
        let first = if self.signed_up { script.once } else { 0 };
        let mut failed = None;
        let mut ended_us = intended_us;
        'steps: for (at, step) in script.steps.iter().enumerate().skip(first) {
            for time in 0..step.times {
                let is_first = at == first && time == 0;
                let begun_us = if is_first { intended_us } else { ended_us };
                let (outcome, moved) = self.step(script, step, begun_us).await;
                ended_us = thread.now_us();
                failed = outcome.err();
                let timing = Timing { intended_us: begun_us, ended_us };
                thread.recording.borrow_mut().step((self.tier, at), timing, failed, moved);
                if failed.is_some() {
                    break 'steps;
                }
            }
            self.signed_up |= at + 1 == script.once;
        }
        thread.under_way.set(thread.under_way.get().saturating_sub(1));
        self.ended_us = ended_us;
        thread.ended(self, Timing { intended_us, ended_us }, failed);
    }

    /// Does a step; gives the bytes that were sent and received.
    async fn step(
        &mut self,
        script: &Script,
        step: &Step,
        begun_us: u64,
    ) -> (Result<(), Failure>, (u64, u64)) {
        let mut moved = (0, 0);
        let done = match &step.act {
            Act::Request(request) => self.request(script, step, request, begun_us, &mut moved).await,
            Act::Wait { ns } => self.wait(*ns).await,
            _ => Box::pin(self.talk(script, step, &mut moved)).await,
        };
        (done, moved)
    }

    /// Waits. Whoever is under way when the plan is over may do so too, until all is cut off.
    async fn wait(&self, ns: u64) -> Result<(), Failure> {
        let thread = &self.thread;
        let due_ns = thread.alarm.now_ns().saturating_add(ns);
        thread.alarm.until(due_ns).await;
        // The alarm wakes everybody when the plan is over.
        while thread.phase.get() != Phase::Cut && thread.alarm.now_ns() < due_ns {
            let left = Duration::from_nanos(due_ns.saturating_sub(thread.alarm.now_ns()));
            tokio::time::sleep(left.min(LONGEST_NAP)).await;
        }
        if thread.phase.get() == Phase::Cut { Err(Failure::CutOff) } else { Ok(()) }
    }

    async fn request(
        &mut self,
        script: &Script,
        step: &Step,
        request: &Request,
        begun_us: u64,
        moved: &mut (u64, u64),
    ) -> Result<(), Failure> {
        let thread = Rc::clone(&self.thread);
        let mut answer = thread.answers.borrow_mut().pop().unwrap_or_default();
        let mut written = thread.requests.borrow_mut().pop().unwrap_or_default();
        answer.clear();
        let asked_us = thread.now_us();
        let asked = self.exchange(request, &mut written, &mut answer, step.within_ms, asked_us, moved).await;
        let way = self.ways.get_mut(request.target);
        if let Some(way) = way.filter(|_| !answer.headers.is_empty()) {
            answer
                .headers
                .iter()
                .filter(|(name, _)| name == "set-cookie")
                .for_each(|(_, value)| way.jar.learn(value));
        }
        let judged = asked.and_then(|()| {
            let ms = || thread.now_us().saturating_sub(begun_us) / 1_000;
            let heard =
                Judged { status: Some(answer.status), body: &answer.body, headers: &answer.headers, ms: &ms };
            step.answered.judge(heard, &script.names, &mut self.memory)
        });
        let judged = judged.map_err(|failure| match failure {
            Failure::Status4xx | Failure::Status5xx if answer.sheds() => Failure::Shed,
            failure => failure,
        });
        thread.answers.borrow_mut().push(answer);
        thread.requests.borrow_mut().push(written);
        judged
    }

    async fn exchange(
        &mut self,
        request: &Request,
        written: &mut Vec<u8>,
        answer: &mut crate::wire::Answer,
        within_ms: u64,
        asked_us: u64,
        moved: &mut (u64, u64),
    ) -> Result<(), Failure> {
        let thread = Rc::clone(&self.thread);
        self.connect(request.target, within_ms, asked_us).await?;
        let way = self.ways.get_mut(request.target).ok_or(Failure::Generator)?;
        let bytes = request.bytes(&self.memory, &way.jar, written).map_err(|_| Failure::Generator)?;
        let mut connection = way.connection.take().ok_or(Failure::Generator)?;
        let due_us = asked_us.saturating_add(within_ms.saturating_mul(1_000));
        let asked = connection
            .exchange(bytes, answer, request.keep, &thread.room, &self.watch, (asked_us, due_us))
            .await;
        *moved = (bytes.len() as u64, answer.received);
        match &asked {
            Ok(()) if answer.reusable && !request.closes => way.connection = Some(connection),
            Ok(()) => connection.drop_at_once(),
            Err(_) => drop(connection),
        }
        asked
    }

    /// Makes sure that there is a connection to a target.
    async fn connect(&mut self, target: usize, within_ms: u64, now_us: u64) -> Result<(), Failure> {
        let thread = Rc::clone(&self.thread);
        if thread.phase.get() == Phase::Cut {
            return Err(Failure::CutOff);
        }
        let way = self.ways.get_mut(target).ok_or(Failure::Generator)?;
        let is_kept = |connection: &mut Connection| !connection.is_closed_by(now_us);
        if way.connection.as_mut().is_some_and(is_kept) {
            return Ok(());
        }
        way.connection = None;
        let limit = Duration::from_millis(within_ms);
        let opened = Box::pin(self.opened(target, limit)).await?;
        self.ways.get_mut(target).ok_or(Failure::Generator)?.connection = Some(opened);
        Ok(())
    }

    /// A new connection to a target, from the source address that is this user's.
    async fn opened(&self, target: usize, limit: Duration) -> Result<Connection, Failure> {
        let (target, number, source) = self.way_to(target)?;
        Connection::open(target, number, source, limit).await
    }

    /// The same for a WebSocket.
    pub(super) async fn opened_stream(
        &self,
        target: usize,
        limit: Duration,
    ) -> Result<Box<dyn Duplex>, Failure> {
        let (target, number, source) = self.way_to(target)?;
        Connection::open_stream(target, number, source, limit).await
    }

    /// How this user gets to a target.
    fn way_to(&self, target: usize) -> Result<WayTo<'_>, Failure> {
        let ready = &self.thread.task.ready;
        let agreement = ready.agreements.get(target).and_then(Option::as_ref);
        let target: &Target = ready.order.targets.get(target).ok_or(Failure::Generator)?;
        // Counted within the shard: of the even numbers alone, one source in two would have none.
        let number = self.number / ready.order.shard.of.max(1);
        let source = usize::try_from(number).unwrap_or(0).checked_rem(ready.sources.len());
        Ok(((target, agreement), number, source.map(|at| ready.sources[at])))
    }

    pub(super) fn thread(&self) -> &Rc<Thread> {
        &self.thread
    }

    pub(super) fn parts(&mut self) -> (&mut Memory, &mut Vec<Option<Box<Talk>>>) {
        (&mut self.memory, &mut self.talks)
    }

    pub(super) fn cookies(&self, target: usize) -> Option<&Jar> {
        self.ways.get(target).map(|way| &way.jar)
    }

    /// Closes everything until it is wanted again.
    fn leave(&mut self) {
        self.talks.clear();
        self.ways.iter_mut().for_each(|way| way.connection = None);
    }
}
