//! Who is overdue. It knows no connection and no clock.

use std::cell::{Cell, RefCell};
use std::task::{Context, Waker};

use crate::measure::Failure;

/// The watch over one user's exchanges: somebody looks from time to time whether one is overdue.
/// That costs nothing for each, where a timer would.
#[derive(Debug, Default)]
pub(crate) struct Watch {
    /// When the exchange is overdue, in microseconds since the start of the run; 0 when none is under
    /// way.
    due_us: Cell<u64>,
    overdue: Cell<Option<Failure>>,
    waker: RefCell<Option<Waker>>,
}

impl Watch {
    /// An exchange begins, and must end by then.
    pub(super) fn begin(&self, due_us: u64) {
        self.due_us.set(due_us);
        self.overdue.set(None);
    }

    pub(super) fn end(&self) {
        self.due_us.set(0);
    }

    /// Ends what is overdue by now.
    pub(crate) fn look(&self, now_us: u64) {
        if self.due_us.get() > 0 && now_us >= self.due_us.get() {
            self.cut(Failure::Timeout);
        }
    }

    /// Ends what is under way.
    pub(crate) fn cut(&self, failure: Failure) {
        if self.due_us.get() > 0 && self.overdue.get().is_none() {
            self.overdue.set(Some(failure));
            if let Some(waker) = self.waker.borrow().as_ref() {
                waker.wake_by_ref();
            }
        }
    }

    pub(super) fn poll(&self, context: &Context<'_>) -> Option<Failure> {
        let mut waker = self.waker.borrow_mut();
        if waker.as_ref().is_none_or(|waker| !waker.will_wake(context.waker())) {
            *waker = Some(context.waker().clone());
        }
        self.overdue.get()
    }
}
