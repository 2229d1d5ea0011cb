//! Waking at a moment, to some ten microseconds. The timers of the runtime go by milliseconds; a
//! start that is a millisecond late would be told as latency of the target.

use std::cell::{Cell, RefCell};
use std::cmp::Reverse;
use std::collections::BinaryHeap;
use std::io;
use std::task::{Poll, Waker};
use std::time::{Duration, Instant};

/// Wakes whoever waits for a moment. Moments are nanoseconds since the start of the run.
pub(super) struct Alarm {
    began: Instant,
    bell: Bell,
    sleepers: RefCell<BinaryHeap<Reverse<Sleeper>>>,
    /// The moment the bell is set for.
    set_for: Cell<u64>,
    /// Everybody is awake from now on.
    off: Cell<bool>,
}

struct Sleeper {
    at_ns: u64,
    waker: Waker,
}

impl PartialEq for Sleeper {
    fn eq(&self, other: &Sleeper) -> bool {
        self.at_ns == other.at_ns
    }
}

impl Eq for Sleeper {}

impl PartialOrd for Sleeper {
    fn partial_cmp(&self, other: &Sleeper) -> Option<std::cmp::Ordering> {
        Some(self.cmp(other))
    }
}

impl Ord for Sleeper {
    fn cmp(&self, other: &Sleeper) -> std::cmp::Ordering {
        self.at_ns.cmp(&other.at_ns)
    }
}

impl Alarm {
    /// One for a run that began then. It must be made within a runtime.
    pub(super) fn new(began: Instant) -> io::Result<Alarm> {
        let sleepers = RefCell::new(BinaryHeap::new());
        Ok(Alarm { began, bell: Bell::new()?, sleepers, set_for: Cell::new(u64::MAX), off: Cell::new(false) })
    }

    /// Nanoseconds since the start of the run; 0 before it.
    pub(super) fn now_ns(&self) -> u64 {
        u64::try_from(Instant::now().saturating_duration_since(self.began).as_nanos()).unwrap_or(u64::MAX)
    }

    /// Waits for a moment, or until nobody is to sleep any more.
    pub(super) async fn until(&self, at_ns: u64) {
        let mut asleep = false;
        std::future::poll_fn(|context| {
            if self.off.get() || self.has_come(at_ns) {
                return Poll::Ready(());
            }
            if !asleep {
                asleep = true;
                self.sleepers.borrow_mut().push(Reverse(Sleeper { at_ns, waker: context.waker().clone() }));
                self.set(at_ns);
            }
            Poll::Pending
        })
        .await;
    }

    /// Whether a moment has come. The start of the run must have come too.
    fn has_come(&self, at_ns: u64) -> bool {
        Instant::now() >= self.began + Duration::from_nanos(at_ns)
    }

    /// Wakes everybody, and lets nobody sleep again.
    pub(super) fn switch_off(&self) {
        self.off.set(true);
        self.sleepers.borrow_mut().drain().for_each(|Reverse(sleeper)| sleeper.waker.wake());
    }

    /// Rings for as long as it is polled.
    pub(super) async fn ring(&self) -> io::Result<()> {
        loop {
            self.bell.rung().await?;
            self.set_for.set(u64::MAX);
            let mut sleepers = self.sleepers.borrow_mut();
            while let Some(Reverse(next)) = sleepers.peek() {
                let at_ns = next.at_ns;
                if !self.has_come(at_ns) {
                    self.set(at_ns);
                    break;
                }
                if let Some(Reverse(sleeper)) = sleepers.pop() {
                    sleeper.waker.wake();
                }
            }
        }
    }

    fn set(&self, at_ns: u64) {
        if at_ns < self.set_for.get() {
            self.set_for.set(at_ns);
            let left = (self.began + Duration::from_nanos(at_ns)).saturating_duration_since(Instant::now());
            // A bell that cannot be set is one that never rings; the run ends by its own clock then.
            let _ = self.bell.set(left.max(Duration::from_nanos(1)));
        }
    }
}

#[cfg(target_os = "linux")]
use exact::Bell;

#[cfg(target_os = "linux")]
mod exact {
    use std::io;
    use std::os::fd::OwnedFd;
    use std::time::Duration;

    use rustix::time::{Itimerspec, TimerfdClockId, TimerfdFlags, TimerfdTimerFlags, Timespec};
    use rustix::time::{timerfd_create, timerfd_settime};
    use tokio::io::Interest;
    use tokio::io::unix::AsyncFd;

    /// A timer of the kernel, which wakes the runtime as a socket does.
    pub(super) struct Bell(AsyncFd<OwnedFd>);

    impl Bell {
        #[expect(
            deprecated,
            reason = "an `OwnedFd` keeps its descriptor as long as it lives, which is all it is unsound without"
        )]
        pub(super) fn new() -> io::Result<Bell> {
            let flags = TimerfdFlags::NONBLOCK | TimerfdFlags::CLOEXEC;
            let timer = timerfd_create(TimerfdClockId::Monotonic, flags)?;
            Ok(Bell(AsyncFd::with_interest(timer, Interest::READABLE)?))
        }

        pub(super) fn set(&self, left: Duration) -> io::Result<()> {
            let seconds = i64::try_from(left.as_secs()).unwrap_or(i64::MAX);
            let it_value = Timespec { tv_sec: seconds, tv_nsec: i64::from(left.subsec_nanos()) };
            let it_interval = Timespec { tv_sec: 0, tv_nsec: 0 };
            timerfd_settime(
                self.0.get_ref(),
                TimerfdTimerFlags::empty(),
                &Itimerspec { it_interval, it_value },
            )?;
            Ok(())
        }

        pub(super) async fn rung(&self) -> io::Result<()> {
            let mut times = [0; 8];
            self.0.async_io(Interest::READABLE, |timer| Ok(rustix::io::read(timer, &mut times)?)).await?;
            Ok(())
        }
    }
}

#[cfg(not(target_os = "linux"))]
use coarse::Bell;

#[cfg(not(target_os = "linux"))]
mod coarse {
    use std::cell::Cell;
    use std::io;
    use std::time::{Duration, Instant};

    use tokio::sync::Notify;

    /// A timer of the runtime, which goes by milliseconds.
    pub(super) struct Bell {
        at: Cell<Option<Instant>>,
        changed: Notify,
    }

    impl Bell {
        #[expect(clippy::unnecessary_wraps, reason = "that of Linux can fail")]
        pub(super) fn new() -> io::Result<Bell> {
            Ok(Bell { at: Cell::new(None), changed: Notify::new() })
        }

        #[expect(clippy::unnecessary_wraps, reason = "that of Linux can fail")]
        pub(super) fn set(&self, left: Duration) -> io::Result<()> {
            self.at.set(Some(Instant::now() + left));
            self.changed.notify_one();
            Ok(())
        }

        pub(super) async fn rung(&self) -> io::Result<()> {
            loop {
                match self.at.get() {
                    None => self.changed.notified().await,
                    Some(at) => {
                        tokio::select! {
                            () = tokio::time::sleep_until(at.into()) => {
                                self.at.set(None);
                                return Ok(());
                            }
                            () = self.changed.notified() => {}
                        }
                    }
                }
            }
        }
    }
}
