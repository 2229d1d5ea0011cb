//! One look: from a planned check to what the probe saw, or why it could not look.

use std::path::PathBuf;
use std::sync::Arc;

use gonogo_model::catalog::Class;
use gonogo_model::spec::{Look, Spec};
use gonogo_probes::{
    Afterwards, Context, Environment, Live, Looked, Reach, Redactor, Repositories, Sinks, Target, Unmeasured,
};

use tokio::sync::{RwLock, RwLockReadGuard, RwLockWriteGuard};

use super::variables;

/// What every look of a run shares.
#[derive(Debug)]
pub struct Surroundings {
    /// What must be true.
    pub spec: Spec,
    /// The environment variables probes may read.
    pub environment: Environment,
    /// The folder relative paths start at.
    pub folder: PathBuf,
    /// What keeps secrets out of everything.
    pub secrets: Arc<Redactor>,
    /// The folders that were walked already.
    pub repositories: Arc<Repositories>,
    /// Where gonogo listens during the run.
    pub sinks: Arc<Sinks>,
    /// What looks leave to be done.
    pub afterwards: Arc<Afterwards>,
    /// What a long look says while it goes on.
    pub live: Live,
    /// Whoever breaks something is alone with the system.
    pub alone: RwLock<()>,
}

/// What came of a look.
#[derive(Debug)]
pub(super) struct Seen {
    /// The address looked at, without credentials.
    pub(super) address: Option<String>,
    /// What the probe saw.
    pub(super) outcome: Result<Looked, Unmeasured>,
}

impl Surroundings {
    /// Looks, within the check's time limit.
    pub(super) async fn look(&self, look: &Look) -> Seen {
        let mut address = None;
        let outcome = self.try_look(look, &mut address).await;
        Seen { address, outcome }
    }

    async fn try_look(&self, look: &Look, address: &mut Option<String>) -> Result<Looked, Unmeasured> {
        let probe = gonogo_probes::find(&look.probe)
            .ok_or_else(|| Unmeasured::because(format!("this gonogo has no probe `{}`", look.probe)))?;
        let target = look.target.as_ref().map(|name| self.target(name)).transpose()?;
        let named = |name: &String| Ok((name.clone(), self.target(name)?));
        let others = look.also.iter().map(named).collect::<Result<_, _>>()?;
        *address = target.as_ref().map(|target| variables::shown(&target.address));
        let params = variables::parameters(&look.with, &self.environment, &self.secrets)
            .map_err(Unmeasured::because)?;
        let context = Context {
            target,
            others,
            environment: self.environment.clone(),
            folder: self.folder.clone(),
            reach: Reach::new(self.spec.consent.hosts.clone()),
            secrets: Arc::clone(&self.secrets),
            repositories: Arc::clone(&self.repositories),
            sinks: Arc::clone(&self.sinks),
            afterwards: Arc::clone(&self.afterwards),
            live: self.live.clone(),
        };
        let _turn = self.turn(probe.info.class).await;
        let limit = look.time_limit;
        match tokio::time::timeout(limit.0, probe.look(&context, params)).await {
            Ok(seen) => seen,
            Err(_) => Err(Unmeasured::because(format!(
                "it did not answer within {limit}; raise `time_limit` if it may take longer"
            ))),
        }
    }

    /// Waits until nothing is under way that this look would spoil, or that would spoil it.
    async fn turn(&self, class: Class) -> Turn<'_> {
        match class {
            Class::Destructive => Turn::Alone(self.alone.write().await),
            Class::Active | Class::Passive => Turn::Together(self.alone.read().await),
        }
    }

    fn target(&self, name: &str) -> Result<Target, Unmeasured> {
        let declared = self.spec.targets.get(name);
        let declared = declared.ok_or_else(|| Unmeasured::because(format!("there is no target `{name}`")))?;
        variables::target(name, declared, &self.environment, &self.secrets).map_err(Unmeasured::because)
    }
}

/// Held while a look is under way.
#[expect(dead_code, reason = "it is held for what its end lets go")]
enum Turn<'a> {
    Alone(RwLockWriteGuard<'a, ()>),
    Together(RwLockReadGuard<'a, ()>),
}
