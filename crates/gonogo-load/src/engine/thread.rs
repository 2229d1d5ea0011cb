//! One thread of the engine: its part of the plan, everything its users share, and its clock.

use std::cell::{Cell, RefCell};
use std::iter::Peekable;
use std::rc::Rc;
use std::sync::Arc;
use std::sync::atomic::{AtomicU64, Ordering};
use std::time::{Duration, Instant};

use rustix::time::{ClockId, clock_gettime};
use tokio::sync::mpsc::UnboundedSender;
use tokio::task::{JoinSet, LocalSet};

use super::alarm::Alarm;
use super::live::Beat;
use super::order::Ready;
use super::stop::{Phase, Stop};
use super::walk::{Walker, closed_user, open_slot};
use crate::measure::{Failure, Latencies, Recording, Timing};
use crate::plan::{Load, Pace, Plan, Shard, Start};
use crate::wire::{Answer, Room, Watch};

/// How often somebody looks for what is overdue, and for the end.
const LOOK: Duration = Duration::from_millis(20);
/// How long before the rate may run ahead of its cap, after it was behind.
const BURST_NS: u64 = 100_000_000;

/// What a thread is given.
pub(super) struct Task {
    pub(super) ready: Arc<Ready>,
    /// Its number among the threads of its process.
    pub(super) index: usize,
    pub(super) shard: Shard,
    pub(super) began: Instant,
    pub(super) stop: Stop,
    pub(super) counts: Arc<Counts>,
    pub(super) beats: UnboundedSender<Beat>,
}

/// What is seen of the target so far, for whoever watches the abort limit.
#[derive(Debug, Default)]
pub(super) struct Counts {
    pub(super) good: AtomicU64,
    pub(super) failed: AtomicU64,
}

/// What a thread has measured.
pub(super) struct Result {
    pub(super) cpu: Duration,
    /// How late the thread came to something that it does every 20 ms.
    pub(super) loop_lag: Latencies,
}

/// That the cap permits a start.
#[derive(Clone, Copy)]
pub(super) struct Permit {
    pub(super) now_ns: u64,
    /// It had to wait for it.
    pub(super) was_held: bool,
}

type Starts = Peekable<Box<dyn Iterator<Item = Start>>>;

/// Everything the users of a thread share.
pub(super) struct Thread {
    pub(super) task: Task,
    pub(super) alarm: Alarm,
    pub(super) room: Room,
    pub(super) recording: RefCell<Recording>,
    pub(super) phase: Cell<Phase>,
    /// Answers and requests that nobody uses at the moment, with their memory.
    pub(super) answers: RefCell<Vec<Answer>>,
    pub(super) requests: RefCell<Vec<Vec<u8>>>,
    pub(super) under_way: Cell<u64>,
    watches: RefCell<Vec<Rc<Watch>>>,
    starts: RefCell<Starts>,
    /// When the next start is allowed by the cap, as if all before had kept to it.
    allowed_ns: Cell<u64>,
    /// Nanoseconds between starts at the cap.
    apart_ns: u64,
    /// When nothing may start any more, in nanoseconds.
    end_ns: Cell<u64>,
    loop_lag: RefCell<Latencies>,
    /// The first second that was not told of.
    told: Cell<u32>,
}

/// Does a task from its start to its end.
pub(super) fn work(task: Task) -> std::io::Result<Result> {
    let runtime = tokio::runtime::Builder::new_current_thread().enable_all().build()?;
    let local = LocalSet::new();
    local.block_on(&runtime, async move {
        let thread = Rc::new(Thread::new(task)?);
        thread.go().await?;
        Ok(Result { cpu: cpu(), loop_lag: thread.loop_lag.take() })
    })
}

/// The processor time of this thread.
fn cpu() -> Duration {
    let time = clock_gettime(ClockId::ThreadCPUTime);
    let nanos = u32::try_from(time.tv_nsec).unwrap_or(0);
    Duration::new(u64::try_from(time.tv_sec).unwrap_or(0), nanos)
}

impl Thread {
    fn new(task: Task) -> std::io::Result<Thread> {
        let plan: &Plan = &task.ready.order.plan;
        let apart_ns = 1_000_000_000_u64.saturating_mul(task.shard.of) / plan.cap().starts_per_s;
        let starts: Box<dyn Iterator<Item = Start>> = Box::new(plan.starts(task.shard));
        Ok(Thread {
            alarm: Alarm::new(task.began)?,
            room: Room::new(),
            recording: RefCell::new(Recording::new(Arc::clone(&task.ready.layout))),
            phase: Cell::new(Phase::Running),
            answers: RefCell::default(),
            requests: RefCell::default(),
            under_way: Cell::new(0),
            watches: RefCell::default(),
            starts: RefCell::new(starts.peekable()),
            allowed_ns: Cell::new(0),
            apart_ns,
            end_ns: Cell::new(plan.lasts_ns()),
            loop_lag: RefCell::default(),
            told: Cell::new(0),
            task,
        })
    }

    async fn go(self: &Rc<Self>) -> std::io::Result<()> {
        let mut users = JoinSet::new();
        let plan = &self.task.ready.order.plan;
        match plan.load() {
            Load::Open { connections, .. } => {
                for slot in 0..self.task.shard.count(*connections).max(1) {
                    let number = self.task.shard.index + slot * self.task.shard.of;
                    users.spawn_local(open_slot(Rc::clone(self), number));
                }
            }
            Load::Closed { .. } => {
                for user in plan.users(self.task.shard) {
                    users.spawn_local(closed_user(Rc::clone(self), user));
                }
            }
        }
        let all_done = async { while users.join_next().await.is_some() {} };
        tokio::select! {
            () = all_done => {}
            rang = self.alarm.ring() => rang?,
            never = self.look() => match never {},
        }
        self.leave_undone();
        self.tell(self.now_second().saturating_add(1), true);
        Ok(())
    }

    /// Looks again and again for what is overdue, for the end, and for a second to tell of.
    async fn look(&self) -> std::convert::Infallible {
        let lasts_ns = self.end_ns.get();
        let grace_ns = u64::try_from(self.task.ready.order.grace.as_nanos()).unwrap_or(u64::MAX);
        let mut next_ns = 0;
        loop {
            self.alarm_or_tick(next_ns).await;
            let now_ns = self.alarm.now_ns();
            if self.phase.get() == Phase::Running {
                self.loop_lag.borrow_mut().record(now_ns.saturating_sub(next_ns) / 1_000);
            }
            next_ns = now_ns + LOOK.as_nanos() as u64;
            let wanted = match self.task.stop.phase() {
                Phase::Running if now_ns >= lasts_ns => Phase::Ending,
                phase => phase,
            };
            self.enter(wanted, now_ns);
            if self.phase.get() == Phase::Ending && now_ns >= self.end_ns.get().saturating_add(grace_ns) {
                self.enter(Phase::Cut, now_ns);
            }
            self.watches.borrow().iter().for_each(|watch| watch.look(now_ns / 1_000));
            if self.now_second() > self.told.get() {
                self.tell(self.now_second(), false);
            }
        }
    }

    /// Waits for a moment by the alarm, or by the runtime's clock when the alarm is off.
    async fn alarm_or_tick(&self, at_ns: u64) {
        match self.phase.get() {
            Phase::Running => self.alarm.until(at_ns).await,
            // Waiting is what was asked for.
            _ => tokio::time::sleep(LOOK).await,
        }
    }

    fn enter(&self, wanted: Phase, now_ns: u64) {
        if wanted <= self.phase.get() {
            return;
        }
        if self.phase.replace(wanted) == Phase::Running {
            self.end_ns.set(now_ns.min(self.end_ns.get()));
            self.alarm.switch_off();
        }
        if wanted == Phase::Cut {
            self.watches.borrow().iter().for_each(|watch| watch.cut(Failure::CutOff));
        }
    }

    fn now_second(&self) -> u32 {
        u32::try_from(self.alarm.now_ns() / 1_000_000_000).unwrap_or(u32::MAX)
    }

    /// Tells of the seconds up to this one, and hands over all that was counted meanwhile: whoever
    /// puts it together has time for that, and a run that is cut short loses little.
    fn tell(&self, to: u32, is_last: bool) {
        let seconds = (self.told.replace(to), to);
        let piece = self.recording.replace(Recording::new(Arc::clone(&self.task.ready.layout)));
        let (thread, users) = (self.task.index, self.under_way.get());
        let _ = self.task.beats.send(Beat { thread, seconds, users, piece, is_last });
    }

    /// What was to start before the end and found no free connection is counted, not forgotten.
    fn leave_undone(&self) {
        let now_us = self.alarm.now_ns() / 1_000;
        let end_ns = self.end_ns.get();
        while let Some(start) = self.starts.borrow_mut().next_if(|start| start.at_ns < end_ns) {
            self.undone(start.tier, start.at_ns, now_us);
        }
    }

    /// A start that was planned and did not come about.
    pub(super) fn undone(&self, tier: usize, at_ns: u64, now_us: u64) {
        if at_ns < self.end_ns.get() {
            let timing = Timing { intended_us: at_ns / 1_000, ended_us: now_us };
            self.recording.borrow_mut().journey(tier, timing, Some(Failure::CutOff));
        }
    }

    /// Turns by the clock that were to start in this time, and did not because the one before took too
    /// long or the generator was late.
    pub(super) fn turns_undone(&self, tier: usize, pace: Pace, (from_ns, to_ns): (u64, u64)) {
        let (to_ns, now_us) = (to_ns.min(self.end_ns.get()), self.now_us());
        let every_ns = pace.every_ns().and_then(|ns| usize::try_from(ns).ok()).filter(|ns| *ns > 0);
        if let Some(every_ns) = every_ns {
            (from_ns..to_ns).step_by(every_ns).for_each(|due_ns| self.undone(tier, due_ns, now_us));
        }
    }

    /// The next start of an open plan.
    pub(super) fn next_start(&self) -> Option<Start> {
        match self.phase.get() {
            Phase::Running => self.starts.borrow_mut().next(),
            _ => None,
        }
    }

    /// Waits until the cap permits one more start.
    pub(super) async fn permitted(&self) -> Permit {
        let now_ns = self.alarm.now_ns();
        let at_ns = self.allowed_ns.get().max(now_ns.saturating_sub(BURST_NS));
        self.allowed_ns.set(at_ns.saturating_add(self.apart_ns));
        if at_ns <= now_ns {
            return Permit { now_ns, was_held: false };
        }
        self.alarm.until(at_ns).await;
        Permit { now_ns: self.alarm.now_ns(), was_held: true }
    }

    /// Whether a start that was due then, with nobody busy, comes about. While the plan goes on it does.
    /// When that is over, what was due before it does too: the generator alone came late, and says so.
    pub(super) fn comes_about(&self, due_ns: u64, permit: Permit) -> bool {
        match self.phase.get() {
            Phase::Running => true,
            // Who was held back by the cap is let go all at once now.
            Phase::Ending => !permit.was_held && due_ns < self.end_ns.get(),
            Phase::Cut => false,
        }
    }

    /// A watch over a user's exchanges.
    pub(super) fn watch(&self) -> Rc<Watch> {
        let watch = Rc::new(Watch::default());
        self.watches.borrow_mut().push(Rc::clone(&watch));
        watch
    }

    pub(super) fn now_us(&self) -> u64 {
        self.alarm.now_ns() / 1_000
    }

    /// A journey of a user ended.
    pub(super) fn ended(&self, walker: &Walker, timing: Timing, failed: Option<Failure>) {
        let counts = &self.task.counts;
        match failed {
            None => drop(counts.good.fetch_add(1, Ordering::Relaxed)),
            Some(failure) if failure.is_of_target() => drop(counts.failed.fetch_add(1, Ordering::Relaxed)),
            Some(_) => {}
        }
        self.recording.borrow_mut().journey(walker.tier(), timing, failed);
    }
}
