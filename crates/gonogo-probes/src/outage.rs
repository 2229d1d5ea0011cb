//! A dependency that is taken away for a while: its process is stalled, its folder is moved aside, or
//! commands stop and start it. An outage shows that it is active, and ends whatever happens to the look. It does not know
//! what is measured meanwhile.

use std::time::Duration;

use gonogo_model::catalog::TargetKind;
use tokio::time::{Instant, sleep};
use url::Url;

use crate::context::{Context, Target};
use crate::probe::Unmeasured;
use crate::tools::moved::Moved;
use crate::tools::net;
use crate::tools::process::{self, Running, Wanted};
use crate::tools::stall::{self, Stalled};

/// What can be taken away and shown to be away.
pub(crate) const KINDS: &[TargetKind] = &[
    TargetKind::Process,
    TargetKind::Tcp,
    TargetKind::Http,
    TargetKind::Postgres,
    TargetKind::Mysql,
    TargetKind::Redis,
    TargetKind::Nats,
    TargetKind::Amqp,
    TargetKind::S3,
    TargetKind::Smtp,
];
/// How long a command may take until what it stops is away.
const LIMIT: Duration = Duration::from_secs(10);
const EVERY: Duration = Duration::from_millis(50);
/// Of what a command that failed wrote.
const LONGEST_SAID: usize = 200;

/// How it is taken away. Each is a program with its arguments.
#[derive(Debug, Clone)]
pub(crate) struct Commands {
    stop: Vec<String>,
    start: Vec<String>,
}

impl Commands {
    /// Both, or none.
    pub(crate) fn read(
        stop: Option<Vec<String>>,
        start: Option<Vec<String>>,
    ) -> Result<Option<Commands>, String> {
        match (stop, start) {
            (None, None) => Ok(None),
            (Some(stop), Some(start)) if !stop.is_empty() && !start.is_empty() => {
                Ok(Some(Commands { stop, start }))
            }
            _ => Err("`stop` and `start` belong together: what is taken away must come back; each is \
                      written `[program, argument, …]`"
                .to_owned()),
        }
    }
}

/// A dependency that is away until [`Outage::end`], or until this is dropped.
pub(crate) struct Outage<'c> {
    context: &'c Context,
    target: &'c Target,
    stalled: Option<Stalled>,
    moved: Option<Moved>,
    /// What starts it again; none when that is not needed or was done.
    start: Option<Vec<String>>,
    /// The process as it was, when the target is one.
    before: Option<Running>,
}

impl<'c> Outage<'c> {
    /// Takes a dependency away, and shows that it is.
    ///
    /// # Errors
    /// When that cannot be done or shown; it is put back then.
    pub(crate) async fn begin(
        context: &'c Context,
        target: &'c Target,
        commands: Option<&Commands>,
    ) -> Result<Outage<'c>, Unmeasured> {
        context.secrets.learn_url(&format!("address of target {}", target.name), &target.address);
        let before = match target.kind {
            TargetKind::Process => Some(Running::of(&target.address, &context.folder)?),
            _ => None,
        };
        let mut outage = Outage { context, target, stalled: None, moved: None, start: None, before };
        match (commands, before) {
            (Some(commands), _) => outage.stop(commands).await?,
            (None, Some(process)) => outage.stalled = Some(Stalled::begin(process).await?),
            (None, None) if target.kind == TargetKind::Path => {
                let place = context.folder.join(&target.address);
                if context.folder.starts_with(&place) {
                    let why = format!("{} holds the spec itself; it is left where it is", place.display());
                    return Err(Unmeasured::because(why));
                }
                outage.moved = Some(Moved::aside(&place)?);
            }
            (None, None) => {
                return Err(Unmeasured::because(format!(
                    "the target `{}` is of kind {}, and only a process can be stalled; name its process, or \
                     give the commands `stop` and `start`",
                    target.name,
                    target.kind.name()
                )));
            }
        }
        Ok(outage)
    }

    async fn stop(&mut self, commands: &Commands) -> Result<(), Unmeasured> {
        if !self.answers().await {
            return Err(Unmeasured::because(format!(
                "the target `{}` is away already, so nothing can be said of what happens when it goes; \
                 start it first",
                self.target.name
            )));
        }
        // Also a stop that fails may have stopped something.
        self.start = Some(commands.start.clone());
        run(self.context, "stop", &commands.stop).await?;
        let until = Instant::now() + LIMIT;
        while !self.is_active().await {
            if Instant::now() > until {
                return Err(Unmeasured::because(format!(
                    "`stop` ended well and the target `{}` still answers, so the fault is not active; \
                     correct the command",
                    self.target.name
                )));
            }
            sleep(EVERY).await;
        }
        Ok(())
    }

    /// How it was taken away, for people.
    pub(crate) fn name(&self) -> &'static str {
        match (&self.stalled, &self.moved) {
            (Some(_), _) => "stalled",
            (_, Some(_)) => "moved",
            _ => "stopped",
        }
    }

    /// Whether it is away right now: it stands still, is gone, or takes no connection.
    pub(crate) async fn is_active(&self) -> bool {
        match (&self.stalled, &self.moved) {
            (Some(stalled), _) => stalled.is_still(),
            (_, Some(moved)) => moved.is_away(),
            _ => !self.answers().await,
        }
    }

    /// The same, or why what was seen proves nothing.
    pub(crate) async fn must_be_active(&self) -> Result<(), Unmeasured> {
        match self.is_active().await {
            true => Ok(()),
            false => Err(Unmeasured::because(format!(
                "the target `{}` came back while it should be away, so what was seen proves nothing; \
                 something restarts it",
                self.target.name
            ))),
        }
    }

    async fn answers(&self) -> bool {
        match self.before {
            Some(process) => stall::state(process.id()).is_some_and(|state| !"TZX".contains(state)),
            None => match place(self.target) {
                Some((host, port)) => net::dial(&self.context.reach, &host, port, LIMIT).await.is_ok(),
                None => false,
            },
        }
    }

    /// Puts it back.
    ///
    /// # Errors
    /// When `start` fails: it stays away then, and somebody must know.
    pub(crate) async fn end(mut self) -> Result<(), Unmeasured> {
        drop(self.stalled.take());
        if let Some(moved) = self.moved.take() {
            moved.back()?;
        }
        match self.start.take() {
            Some(start) => run(self.context, "start", &start).await,
            None => Ok(()),
        }
    }
}

impl Drop for Outage<'_> {
    fn drop(&mut self) {
        // What is stalled or moved comes back by itself.
        let Some(start) = self.start.take() else { return };
        let (folder, environment) = (self.context.folder.clone(), self.context.environment.clone());
        self.context.afterwards.start(async move {
            let environment = environment.iter().map(|(name, value)| (name.to_owned(), value.to_owned()));
            if let Some((program, arguments)) = start.split_first() {
                let environment = environment.collect();
                let wanted =
                    Wanted { program, arguments, folder: &folder, environment, input: None, keep: 0 };
                // Nobody is left who could be told.
                let _ = process::run(wanted).await;
            }
        });
    }
}

async fn run(context: &Context, name: &str, command: &[String]) -> Result<(), Unmeasured> {
    context.secrets.learn_environment(&context.environment);
    let (program, arguments) =
        command.split_first().ok_or_else(|| Unmeasured::because(format!("`{name}` names no program")))?;
    let environment = context.environment.iter();
    let ended = process::run(Wanted {
        program,
        arguments,
        folder: &context.folder,
        environment: environment.map(|(name, value)| (name.to_owned(), value.to_owned())).collect(),
        input: None,
        keep: LONGEST_SAID,
    })
    .await?;
    match ended.code {
        Some(0) => Ok(()),
        code => Err(Unmeasured::because(format!(
            "`{name}` failed ({}): {}; correct the command",
            code.map_or_else(|| "by a signal".to_owned(), |code| format!("exit code {code}")),
            ended.stderr.text().trim()
        ))),
    }
}

/// Where a target of the network listens.
fn place(target: &Target) -> Option<(String, u16)> {
    let url = Url::parse(&target.address).ok()?;
    let usual = match target.kind {
        TargetKind::Postgres => Some(5432),
        TargetKind::Mysql => Some(3306),
        TargetKind::Redis => Some(6379),
        TargetKind::Nats => Some(4222),
        TargetKind::Amqp => Some(if url.scheme() == "amqps" { 5671 } else { 5672 }),
        TargetKind::Smtp => Some(if url.scheme() == "smtps" { 465 } else { 25 }),
        _ => None,
    };
    Some((url.host_str()?.to_owned(), url.port_or_known_default().or(usual)?))
}
