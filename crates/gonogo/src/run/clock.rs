//! The one clock. Pinned, it makes two runs over the same facts the same bytes.

use jiff::Timestamp;

/// Where "now" comes from.
#[derive(Debug, Clone, Copy)]
pub enum Clock {
    /// The machine's clock.
    System,
    /// Always this moment.
    Pinned(Timestamp),
}

impl Clock {
    /// The machine's clock, unless a moment is pinned.
    pub fn new(pinned: Option<Timestamp>) -> Clock {
        pinned.map_or(Clock::System, Clock::Pinned)
    }

    /// This moment, to the second: nothing a gate decides depends on less.
    pub fn now(self) -> Timestamp {
        let now = match self {
            Clock::System => Timestamp::now(),
            Clock::Pinned(moment) => moment,
        };
        Timestamp::from_second(now.as_second()).unwrap_or(now)
    }
}
