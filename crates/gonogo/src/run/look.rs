//! One look: from a planned check to what the probe saw, or why it could not look.

use std::path::PathBuf;
use std::sync::Arc;

use gonogo_model::spec::{Look, Spec};
use gonogo_probes::{Context, Environment, Looked, Reach, Redactor, Repositories, Unmeasured};

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
        let target = match &look.target {
            None => None,
            Some(name) => {
                let declared = self
                    .spec
                    .targets
                    .get(name)
                    .ok_or_else(|| Unmeasured::because(format!("there is no target `{name}`")))?;
                Some(
                    variables::target(name, declared, &self.environment, &self.secrets)
                        .map_err(Unmeasured::because)?,
                )
            }
        };
        *address = target.as_ref().map(|target| variables::shown(&target.address));
        let params = variables::parameters(&look.with, &self.environment, &self.secrets)
            .map_err(Unmeasured::because)?;
        let context = Context {
            target,
            environment: self.environment.clone(),
            folder: self.folder.clone(),
            reach: Reach::new(self.spec.consent.hosts.clone()),
            secrets: Arc::clone(&self.secrets),
            repositories: Arc::clone(&self.repositories),
        };
        let limit = look.time_limit;
        match tokio::time::timeout(limit.0, probe.look(&context, params)).await {
            Ok(seen) => seen,
            Err(_) => Err(Unmeasured::because(format!(
                "it did not answer within {limit}; raise `time_limit` if it may take longer"
            ))),
        }
    }
}
