//! How many processes a plan needs, said beforehand, and the run over them.

use std::num::NonZeroUsize;
use std::sync::Arc;
use std::time::Duration;

use tokio::sync::{mpsc, watch};
use tokio::task::JoinSet;
use tokio::time::timeout;

use super::gap::Gap;
use super::lead::{Lead, Link};
use super::pipe::{Crew, attend};
use crate::engine::{self, Live, Machine, Measured, Order, Stop};
use crate::plan::Refused;

/// How long processes that have done all may take to end.
const TO_END: Duration = Duration::from_secs(2);

/// Over how many processes an order is spread.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Division {
    /// How many.
    pub processes: u64,
    /// Why one is not enough, in a sentence.
    pub why: Option<String>,
}

/// What was measured by all of them, and what is missing.
#[derive(Debug, Clone, PartialEq)]
pub struct Spread {
    /// What was measured, together.
    pub measured: Measured,
    /// Over how many processes, and why.
    pub division: Division,
    /// What is missing; nothing, when all went well.
    pub gaps: Vec<Gap>,
    /// How far the clocks of several workers may have been apart from that of who leads.
    pub clocks_apart: Option<Duration>,
}

impl Division {
    /// How many processes of this machine an order needs.
    ///
    /// # Errors
    /// [`Refused`] when the machine is too small for it, however many there are.
    pub fn of(order: &Order, machine: Machine) -> Result<Division, Refused> {
        let users = order.users();
        machine.bears(users, &order.targets)?;
        let most = machine.users(order.targets.len() as u64);
        if users <= most {
            machine.means(users, order.shard, &order.targets)?;
            return Ok(Division { processes: 1, why: None });
        }
        let processes = users.div_ceil(most.max(1));
        for index in 0..processes {
            let shard = order.shard.part(index, processes);
            machine.means(shard.count(order.plan.most_users()), shard, &order.targets)?;
        }
        let why = format!(
            "{users} users need {} file descriptors, and a process has {} here",
            users * order.targets.len() as u64,
            machine.descriptors
        );
        Ok(Division { processes, why: Some(why) })
    }
}

/// Carries an order out, over as many processes of this machine as it needs. `live` is told of each
/// second; dropping the future ends all of them.
///
/// # Errors
/// [`Refused`] when the flows cannot be walked, the machine is too small, or a process cannot begin;
/// nothing was sent then.
pub async fn run(
    order: Order,
    crew: &Crew,
    stop: Stop,
    live: Option<watch::Sender<Live>>,
) -> Result<Spread, Refused> {
    let division = Division::of(&order, crew.machine)?;
    if division.processes == 1 {
        let measured = engine::run(order, stop, live).await?;
        return Ok(Spread { measured, division, gaps: Vec::new(), clocks_apart: None });
    }
    let (_, layout) = order.compile()?;
    let (hear, ears) = mpsc::unbounded_channel();
    let mut attended = JoinSet::new();
    let mut links = Vec::new();
    for index in 0..division.processes {
        let (to, said) = mpsc::unbounded_channel();
        attended.spawn(attend(links.len(), crew.start()?, said, hear.clone()));
        let name = format!("process {} of {}", index + 1, division.processes);
        links.push(Link { name, shard: order.shard.part(index, division.processes), to });
    }
    drop(hear);
    let threads = order.threads() / usize::try_from(division.processes).unwrap_or(usize::MAX);
    let order = Order { threads: NonZeroUsize::new(threads.max(1)), ..order };
    let led = Lead::new(order, links, ears, stop, crew.silence).run(Arc::new(layout), live).await?;
    // Those that still live are killed with what is dropped here.
    let _ = timeout(TO_END, async { while attended.join_next().await.is_some() {} }).await;
    Ok(Spread { measured: led.measured, division, gaps: led.gaps, clocks_apart: led.clocks_apart })
}
