//! The only place that sends load: it hands an order to the engine and listens while that goes on.
//! It does not know what the figures are wanted for.

use std::collections::BTreeMap;
use std::time::Duration;

use gonogo_load::engine::{Live, Measured, Order, Stop};
use gonogo_load::plan::Refused;
use gonogo_load::spread::{Crew, Fleet, Spread, run, run_over};
use tokio::sync::watch;

use crate::afterwards::Afterwards;
use crate::probe::Unmeasured;

/// What came of an order.
pub(crate) struct Carried {
    /// What was measured.
    pub(crate) measured: Measured,
    /// Over what it was spread.
    pub(crate) over: Over,
    /// How far the clocks of those who sent it may have been apart.
    pub(crate) clocks_apart: Option<Duration>,
    /// How many walks were under way at the end of a second, by second; of those that were heard of.
    pub(crate) under_way: BTreeMap<u32, u64>,
}

/// Over what a load is spread.
#[derive(Debug, Clone, Copy)]
pub(crate) enum Over {
    /// So many processes of this machine.
    Processes(u64),
    /// So many workers of a fleet.
    Workers(u64),
}

impl Over {
    pub(crate) fn processes(self) -> Option<u64> {
        if let Over::Processes(count) = self { Some(count) } else { None }
    }

    pub(crate) fn workers(self) -> Option<u64> {
        if let Over::Workers(count) = self { Some(count) } else { None }
    }
}

/// Carries an order out, over a fleet or over as many processes as it needs, and shows every second.
/// When the future is dropped, everything is cut off; what must be said to workers for that is said
/// afterwards. What is measured by some of them only is no measurement.
pub(crate) async fn carry_out(
    order: Order,
    fleet: Option<Fleet>,
    afterwards: &Afterwards,
    mut show: impl FnMut(&Live),
) -> Result<Carried, Unmeasured> {
    let (tell, mut told) = watch::channel(Live::default());
    let listen = async {
        let mut under_way = BTreeMap::new();
        while told.changed().await.is_ok() {
            let live = told.borrow_and_update();
            show(&live);
            under_way.insert(live.second, live.users);
        }
        under_way
    };
    let send = async {
        match &fleet {
            Some(fleet) => {
                let hand_over = |parting| afterwards.start(parting);
                run_over(order, fleet, Stop::default(), Some(tell), hand_over).await
            }
            None => run(order, &Crew::of_this_program()?, Stop::default(), Some(tell)).await,
        }
    };
    let (spread, under_way) = tokio::join!(send, listen);
    let refused = |refused: Refused| Unmeasured::because(refused.to_string());
    let Spread { measured, division, gaps, clocks_apart } = spread.map_err(refused)?;
    let over = if fleet.is_some() { Over::Workers } else { Over::Processes }(division.processes);
    match gaps.first() {
        None => Ok(Carried { measured, over, clocks_apart, under_way }),
        Some(gap) => Err(Unmeasured::because(format!(
            "part of the load was never sent: {gap}; run the check again, and leave the machine to it"
        ))),
    }
}
