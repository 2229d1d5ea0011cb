//! The systems of the testbed as the demo and the matrix need them: their faults, what each one must
//! be found as, and how one is booted. One file a system; nothing else knows which there are.

mod backend;
mod ignition;
mod scale;
mod secureconnect;

use std::collections::BTreeMap;
use std::path::{Path, PathBuf};
use std::process::{Command, Stdio};

use anyhow::{Context as _, bail};

/// Variables of this process that the judged system and gonogo may see; nothing else leaks in.
const PASSED_ON: [&str; 10] = [
    "PATH",
    "HOME",
    "TERM",
    "LANG",
    "NO_COLOR",
    "COLUMNS",
    "CARGO_HOME",
    "RUSTUP_HOME",
    "RUSTUP_TOOLCHAIN",
    "CARGO_TARGET_DIR",
];

/// One fault of a system.
#[derive(Debug, Clone)]
pub(crate) struct Fault {
    /// The name on the command line.
    pub(crate) name: &'static str,
    /// What is wrong, in one line.
    pub(crate) description: &'static str,
    /// The findings that it must make: one, unless what is wrong can be seen from several sides.
    pub(crate) findings: Vec<&'static str>,
    /// Faults with the same name here do not touch each other, and are judged in one run.
    pub(crate) together: Option<&'static str>,
}

/// A system that runs, and stops when this value is dropped.
pub(crate) trait Running: Send {
    /// Where it answers.
    fn base_url(&self) -> &str;
    /// What whoever judges it is given.
    fn environment(&self) -> &BTreeMap<String, String>;
}

/// Boots a system with the faults of these names.
type Start = fn(&Programs, &[&str]) -> anyhow::Result<Box<dyn Running>>;

/// A system of the testbed.
pub(crate) struct System {
    /// The name on the command line.
    pub(crate) name: &'static str,
    /// What a demo says it boots.
    pub(crate) title: String,
    /// Its spec, from the root of the workspace.
    spec: &'static str,
    /// The environment of the spec that fits this machine.
    environment: &'static str,
    /// All its faults that this machine can show.
    pub(crate) faults: Vec<Fault>,
    /// How many more there are.
    pub(crate) left_out: usize,
    /// What it needs and this machine does not have; it is not booted then.
    pub(crate) missing: Vec<&'static str>,
    /// Whether it is judged by how fast it answers: then nothing else may run beside it.
    pub(crate) timed: bool,
    /// The faults of its seed.
    seed: Vec<&'static str>,
    /// The exact score that its seed's state must come out as.
    pub(crate) seed_score: &'static str,
    start: Start,
}

/// All systems whose faults the matrix judges.
pub(crate) fn all() -> [System; 6] {
    [
        backend::system(),
        ignition::system(),
        secureconnect::system(),
        secureconnect::limits(),
        secureconnect::apart(),
        secureconnect::attacked(),
    ]
}

/// The system of this name.
pub(crate) fn named(name: &str) -> anyhow::Result<System> {
    let mut known: Vec<System> = all().into();
    // Too large for the machines that run the matrix.
    known.push(scale::system());
    let names = known.iter().map(|system| system.name).collect::<Vec<_>>().join(", ");
    let found = known.into_iter().find(|system| system.name == name);
    found.with_context(|| format!("there is no system `{name}`; there are {names}"))
}

impl System {
    /// The fault of this name.
    pub(crate) fn fault(&self, name: &str) -> anyhow::Result<Fault> {
        match self.faults.iter().find(|fault| fault.name == name) {
            Some(fault) => Ok(fault.clone()),
            None => {
                let names: Vec<&str> = self.faults.iter().map(|fault| fault.name).collect();
                bail!("there is no fault `{name}` of {}; there are {}", self.name, names.join(", "))
            }
        }
    }

    /// The faults of its seed.
    pub(crate) fn seed(&self) -> anyhow::Result<Vec<Fault>> {
        self.seed.iter().map(|name| self.fault(name)).collect()
    }

    /// Its faults in the groups that are judged together.
    pub(crate) fn groups(&self) -> Vec<Vec<&Fault>> {
        let mut groups: Vec<Vec<&Fault>> = Vec::new();
        for fault in &self.faults {
            let same = |group: &&mut Vec<&Fault>| {
                fault.together.is_some() && group.iter().all(|other| other.together == fault.together)
            };
            match groups.iter_mut().find(same) {
                Some(group) => group.push(fault),
                None => groups.push(vec![fault]),
            }
        }
        groups
    }

    /// Starts it with these faults.
    pub(crate) fn boot(&self, programs: &Programs, faults: &[Fault]) -> anyhow::Result<Box<dyn Running>> {
        if !self.missing.is_empty() {
            bail!(
                "{} needs {}, which this machine does not have; install it",
                self.name,
                self.missing.join(", ")
            );
        }
        let names: Vec<&str> = faults.iter().map(|fault| fault.name).collect();
        (self.start)(programs, &names)
    }

    /// `gonogo run` over its spec, in the environment it runs in.
    pub(crate) fn gonogo(&self, programs: &Programs, running: &dyn Running, more: &[&str]) -> Command {
        let mut command = Command::new(&programs.gonogo);
        command.args(["run", "--spec", self.spec, "--env", self.environment]).args(more);
        command.current_dir(workspace()).stdin(Stdio::null()).env_clear();
        command.envs(std::env::vars_os().filter(|(name, _)| PASSED_ON.iter().any(|passed| name == *passed)));
        command.envs(running.environment());
        command
    }
}

/// The programs that are run, built in this workspace.
pub(crate) struct Programs {
    /// The gate.
    gonogo: PathBuf,
    folder: PathBuf,
}

impl Programs {
    /// Builds all of them, with cargo's own progress.
    pub(crate) fn build() -> anyhow::Result<Programs> {
        let cargo = std::env::var_os("CARGO").unwrap_or_else(|| "cargo".into());
        let mut build = Command::new(cargo);
        // With xtask, so that the features are those it was built with itself.
        let packages = ["xtask", "gonogo", "testbed-backend", "testbed-ignition", "testbed-secureconnect"];
        build.arg("build").args(packages.iter().flat_map(|name| ["--package", name]));
        if !build.current_dir(workspace()).status().context("failed to start cargo")?.success() {
            bail!("the build failed; the errors are above");
        }
        let folder = std::env::var_os("CARGO_TARGET_DIR")
            .map_or_else(|| workspace().join("target"), PathBuf::from)
            .join("debug");
        Ok(Programs { gonogo: folder.join("gonogo"), folder })
    }

    fn of(&self, name: &str) -> PathBuf {
        self.folder.join(name)
    }
}

/// The root of the workspace.
pub(crate) fn workspace() -> &'static Path {
    Path::new(env!("CARGO_MANIFEST_DIR")).parent().unwrap_or(Path::new("."))
}
