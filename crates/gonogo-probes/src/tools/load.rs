//! The only place that sends load: it hands an order to the engine and listens while that goes on.
//! It does not know what the figures are wanted for.

use std::collections::BTreeMap;

use gonogo_load::engine::{Live, Measured, Order, Stop};
use gonogo_load::plan::Refused;
use gonogo_load::spread::{Crew, Spread, run};
use tokio::sync::watch;

use crate::probe::Unmeasured;

/// What came of an order.
pub(crate) struct Carried {
    /// What was measured.
    pub(crate) measured: Measured,
    /// Over how many processes of this machine it was spread.
    pub(crate) processes: u64,
    /// How many walks were under way at the end of a second, by second; of those that were heard of.
    pub(crate) under_way: BTreeMap<u32, u64>,
}

/// Carries an order out, over as many processes as it needs, and shows every second. When the future
/// is dropped, everything is cut off. What is measured by some of the processes only is no measurement.
pub(crate) async fn carry_out(order: Order, mut show: impl FnMut(&Live)) -> Result<Carried, Unmeasured> {
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
    let refused = |refused: Refused| Unmeasured::because(refused.to_string());
    let crew = Crew::of_this_program().map_err(refused)?;
    let (spread, under_way) = tokio::join!(run(order, &crew, Stop::default(), Some(tell)), listen);
    let Spread { measured, division, gaps } = spread.map_err(refused)?;
    match gaps.first() {
        None => Ok(Carried { measured, processes: division.processes, under_way }),
        Some(gap) => Err(Unmeasured::because(format!(
            "part of the load was never sent: {gap}; run the check again, and leave the machine to it"
        ))),
    }
}
