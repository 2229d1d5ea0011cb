//! `gonogo worker`: sends a part of a load that another gonogo leads.

use std::path::PathBuf;

use anyhow::Context as _;
use clap::Args;
use gonogo_load::plan::Shard;
use gonogo_load::spread::{Joining, Key, Meeting, News, join, serve_pipe};
use gonogo_model::exit::Exit;

use super::UsageError;
use super::screen::{Screen, environment};

/// The variable with what only the workers and whoever leads them know.
const SECRET: &str = "GONOGO_WORKER_SECRET";

/// Arguments of `gonogo worker`.
#[derive(Debug, Args)]
#[command(after_help = "What is said over NATS is closed with the secret in the variable \
GONOGO_WORKER_SECRET, of at least 32 characters; a check gives the same as `fleet_secret`.")]
pub(super) struct WorkerArgs {
    /// Wait for work at this NATS server with JetStream, such as nats://user:password@host:4222; the
    /// variable keeps the password out of the list of processes.
    #[arg(long, value_name = "URL", env = "GONOGO_WORKER_NATS", hide_env_values = true)]
    nats: Option<String>,
    /// Send load to this host, too, as targets name it; loopback is always allowed.
    #[arg(long, value_name = "HOST")]
    allow: Vec<String>,
    /// What this worker is called; the name of the machine when absent.
    #[arg(long, value_name = "NAME")]
    name: Option<String>,
    /// A PEM file with certificates to trust besides Mozilla's roots.
    #[arg(long, value_name = "FILE")]
    ca: Option<PathBuf>,
    /// End after one run.
    #[arg(long)]
    once: bool,
    /// Take the order from standard input, and tell of it on standard output.
    #[arg(long, conflicts_with_all = ["nats", "allow", "name", "ca", "once"], hide = true)]
    pipe: bool,
}

pub(super) fn run(args: &WorkerArgs, screen: &Screen) -> anyhow::Result<Exit> {
    if args.pipe {
        serve_pipe().context("failed to start as a worker")?;
        return Ok(Exit::Go);
    }
    let joining = joining(args)?;
    let wait = format!("waiting at {} for a run", joining.meeting);
    let runtime = tokio::runtime::Runtime::new().context("failed to start the runtime")?;
    let done = runtime.block_on(async {
        tokio::select! {
            done = join(&joining, |news| screen.note(&told(news, &wait))) => done,
            _ = tokio::signal::ctrl_c() => Ok(()),
        }
    });
    runtime.shutdown_background();
    done.context("failed as a worker")?;
    Ok(Exit::Go)
}

fn joining(args: &WorkerArgs) -> anyhow::Result<Joining> {
    let nats = args.nats.as_deref();
    let nats =
        nats.ok_or_else(|| UsageError("say where to wait for work: --nats nats://host:4222".into()))?;
    let environment = environment();
    let secret = environment.get(SECRET).ok_or_else(|| {
        UsageError(format!("{SECRET} is not set; set it to what the check gives as `fleet_secret`"))
    })?;
    let and = match &args.ca {
        None => String::new(),
        Some(path) => {
            std::fs::read_to_string(path).with_context(|| format!("failed to read {}", path.display()))?
        }
    };
    let refused = |why: gonogo_load::plan::Refused| UsageError(why.to_string());
    let key = Key::new(secret).map_err(refused)?;
    let meeting = Meeting::new(nats, and, key).map_err(refused)?;
    let name = args.name.clone().unwrap_or_else(machine);
    Ok(Joining { meeting, name, allow: args.allow.clone(), once: args.once })
}

/// What the machine is called.
fn machine() -> String {
    let name = std::fs::read_to_string("/proc/sys/kernel/hostname").unwrap_or_default();
    if name.trim().is_empty() { "without a name".to_owned() } else { name.trim().to_owned() }
}

fn told(news: News, wait: &str) -> String {
    match news {
        News::Waits => wait.to_owned(),
        News::Strange(why) => why,
        News::Begins { shard: Shard { index, of }, users, hosts } => {
            format!("part {} of {of}: {users} users, to {}", index + 1, hosts.join(", "))
        }
        News::Refuses(why) => format!("refused: {why}"),
        News::Ends(None) => "this run is over".to_owned(),
        News::Ends(Some(why)) => format!("cut off: {why}"),
    }
}
