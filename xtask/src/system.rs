//! The systems of the testbed as the demo and the matrix need them: their faults, what each one must
//! be found as, and how one is booted. One file a system; nothing else knows which there are.

mod backend;
mod ignition;

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
#[derive(Debug, Clone, Copy)]
pub(crate) struct Fault {
    /// The name on the command line.
    pub(crate) name: &'static str,
    /// What is wrong, in one line.
    pub(crate) description: &'static str,
    /// The one finding that it must make.
    pub(crate) finding: &'static str,
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
    /// Whether it is judged by how fast it answers: then nothing else may run beside it.
    pub(crate) timed: bool,
    /// The faults of its seed.
    seed: Vec<&'static str>,
    /// The exact score that its seed's state must come out as.
    pub(crate) seed_score: &'static str,
    start: Start,
}

/// All systems.
pub(crate) fn all() -> [System; 2] {
    [backend::system(), ignition::system()]
}

/// The system of this name.
pub(crate) fn named(name: &str) -> anyhow::Result<System> {
    let names = all().map(|system| system.name).join(", ");
    let found = all().into_iter().find(|system| system.name == name);
    found.with_context(|| format!("there is no system `{name}`; there are {names}"))
}

impl System {
    /// The fault of this name.
    pub(crate) fn fault(&self, name: &str) -> anyhow::Result<Fault> {
        match self.faults.iter().find(|fault| fault.name == name) {
            Some(fault) => Ok(*fault),
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

    /// Starts it with these faults.
    pub(crate) fn boot(&self, programs: &Programs, faults: &[Fault]) -> anyhow::Result<Box<dyn Running>> {
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
        let packages = ["gonogo", "testbed-backend", "testbed-ignition"];
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
