//! What is to be done, and what has to be worked out before it can begin. Everything that can be
//! refused is refused here, before anything is sent. An order can be stored, so that another process
//! carries a part of it out; it may hold secrets, and is never shown.

use std::net::IpAddr;
use std::num::NonZeroUsize;
use std::sync::Arc;
use std::time::{Duration, Instant};

use serde::{Deserialize, Serialize};

use super::means::Machine;
use crate::measure::{Layout, TierLayout};
use crate::plan::{Plan, Refused, Shard};
use crate::script::{Flow, Script};
use crate::wire::{Agreement, Target};

/// What is to be done.
#[derive(Debug, Clone, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Order {
    /// When who starts what.
    pub plan: Plan,
    /// The part of the plan that is carried out.
    pub shard: Shard,
    /// Where it goes. The caller has found the addresses and may touch them.
    pub targets: Vec<Target>,
    /// What each tier does, in the order of the plan's tiers.
    pub flows: Vec<Flow>,
    /// A word that no other run has: the names of users are made of it.
    pub mark: String,
    /// How many threads; as many as there are processors when absent.
    pub threads: Option<NonZeroUsize>,
    /// Each request has a connection of its own.
    pub connection_per_request: bool,
    /// How long what is under way at the end may take before it is cut off.
    pub grace: Duration,
    /// The run ends when more than this share of the journeys of two seconds fail through the
    /// target, of which there must be at least 100. `None`: it never does.
    pub abort_above: Option<f64>,
    /// How many seconds are counted together.
    pub grain_s: u32,
    /// The moment at which all shards begin. `None`: as soon as it can. It is not stored: the clock of
    /// another machine is another one.
    #[serde(skip)]
    pub begin: Option<Instant>,
}

/// An order that can begin at any moment.
#[derive(Debug)]
pub(crate) struct Ready {
    pub(super) order: Order,
    pub(super) scripts: Vec<Script>,
    pub(super) layout: Arc<Layout>,
    /// How each target is reached over TLS.
    pub(super) agreements: Vec<Option<Agreement>>,
    /// The addresses that connections come from; empty when the kernel chooses.
    pub(super) sources: Vec<IpAddr>,
}

impl Order {
    /// What is usual: threads for all processors, kept connections, ten seconds of grace, an end when
    /// more than half of all fail.
    pub fn new(plan: Plan, targets: Vec<Target>, flows: Vec<Flow>, mark: String) -> Order {
        Order {
            plan,
            shard: Shard::WHOLE,
            targets,
            flows,
            mark,
            threads: None,
            connection_per_request: false,
            grace: Duration::from_secs(10),
            abort_above: Some(0.5),
            grain_s: 1,
            begin: None,
        }
    }

    /// How many users or connections there are at most.
    pub(crate) fn users(&self) -> u64 {
        self.shard.count(self.plan.most_users())
    }

    pub(crate) fn threads(&self) -> usize {
        let threads = self.threads.or_else(|| std::thread::available_parallelism().ok());
        // A thread without a user has nothing to do.
        let users = usize::try_from(self.users()).unwrap_or(usize::MAX);
        threads.map_or(1, NonZeroUsize::get).min(users).max(1)
    }

    /// Works everything out that is needed to begin.
    ///
    /// # Errors
    /// [`Refused`] when the flows cannot be walked, or the machine is too small.
    pub(crate) fn ready(self, machine: Machine) -> Result<Ready, Refused> {
        let (scripts, layout) = self.compile()?;
        let agreements = self.targets.iter().map(Target::agreement).collect::<Result<_, _>>()?;
        let sources = machine.means(self.users(), self.shard, &self.targets)?.sources;
        Ok(Ready { order: self, scripts, layout: Arc::new(layout), agreements, sources })
    }

    /// Works the flows out, and gives what will be recorded of them.
    pub(crate) fn compile(&self) -> Result<(Vec<Script>, Layout), Refused> {
        let tiers = self.plan.tiers();
        if self.flows.len() != tiers.len() {
            return Err(Refused(format!("there are {} tiers and {} flows", tiers.len(), self.flows.len())));
        }
        if self.targets.iter().any(|target| target.addresses.is_empty()) {
            return Err(Refused("a target has no address".to_owned()));
        }
        let compile = |flow: &Flow| flow.compile(&self.targets, self.connection_per_request);
        let scripts: Vec<Script> = self.flows.iter().map(compile).collect::<Result<_, _>>()?;
        let named = tiers.iter().zip(&scripts);
        let tiers =
            named.map(|(tier, script)| TierLayout { name: tier.name.clone(), steps: Flow::of_steps(script) });
        let layout = Layout { tiers: tiers.collect(), grain_s: self.grain_s.max(1) };
        Ok((scripts, layout))
    }
}
