//! Where environment variables are read: gonogo's own environment, or that of a running process.
//! It does not know which of them are secrets.

use std::path::PathBuf;

use gonogo_model::fact::Location;

use super::files;
use super::process::Running;
use crate::context::{Context, Environment};
use crate::probe::Unmeasured;

/// Variables and the place they come from.
#[derive(Debug, Clone)]
pub(crate) struct Variables {
    /// The variables.
    pub(crate) environment: Environment,
    process: Option<Running>,
    source: String,
    folder: PathBuf,
}

impl Variables {
    /// Those of the target process, or of gonogo itself when there is no target. The secrets among
    /// them are made known.
    pub(crate) async fn read(context: &Context) -> Result<Variables, Unmeasured> {
        let variables = Variables::of(context).await?;
        context.secrets.learn_environment(&variables.environment);
        Ok(variables)
    }

    async fn of(context: &Context) -> Result<Variables, Unmeasured> {
        let folder = context.folder.clone();
        let Some(target) = context.target.clone() else {
            let (environment, source) = (context.environment.clone(), "environment".to_owned());
            return Ok(Variables { environment, process: None, source, folder });
        };
        files::off_thread(move || {
            let process = Running::of(&target.address, &folder)?;
            let environment = process.environment()?;
            let source = format!("environment of {}", target.name);
            Ok(Variables { environment, process: Some(process), source, folder })
        })
        .await?
    }

    /// Where they were read.
    pub(crate) fn location(&self) -> Location {
        Location::of(self.source.clone())
    }

    /// Where a path in one of their values is for us.
    pub(crate) fn path_of(&self, path: &str) -> PathBuf {
        self.process.map_or_else(|| self.folder.join(path), |process| process.path_of(path))
    }
}
