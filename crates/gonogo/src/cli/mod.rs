//! The command line: one file a command. Commands parse, call the pipeline and print; they
//! decide nothing.

mod audit;
mod completions;
mod diff;
mod explain;
mod import;
mod init;
mod judge;
mod packs;
mod plan;
mod probes;
mod report;
mod run;
mod sbom;
mod schema;
mod screen;
mod select;
mod verify;
mod worker;

use std::path::{Path, PathBuf};
use std::process::ExitCode;

use anyhow::Context as _;
use clap::error::ErrorKind;
use clap::{Args, Parser, Subcommand, ValueEnum};
use gonogo_model::exit::Exit;
use gonogo_model::spec::{Spec, SpecError};
use gonogo_model::verdict::Verdict;

pub use schema::schemas;
pub use screen::Screen;

use crate::pipeline;
use crate::store::{StoreError, Stored, verify as verify_run};

/// A production-readiness gate: looks at a real system, keeps proof of what it saw, and computes
/// GO, CONDITIONAL GO or NO-GO.
#[derive(Debug, Parser)]
#[command(name = "gonogo", version, after_help = exit_codes(), max_term_width = 100)]
pub struct Cli {
    /// When to use colour.
    #[arg(long, alias = "color", value_enum, global = true, default_value = "auto", value_name = "WHEN")]
    colour: Colour,
    /// No progress on standard error.
    #[arg(long, short, global = true)]
    quiet: bool,
    #[command(subcommand)]
    command: Command,
}

#[derive(Debug, Clone, Copy, PartialEq, Eq, ValueEnum)]
enum Colour {
    Auto,
    Always,
    Never,
}

#[derive(Debug, Subcommand)]
enum Command {
    /// Judge a repository with the shipped packs; no spec is needed.
    Audit(audit::AuditArgs),
    /// Write a spec for a repository from what is in it.
    Init(init::InitArgs),
    /// Draft a spec from a readiness document, and say what follows from it.
    Import(import::ImportArgs),
    /// Show what a run would do and touch, without doing it.
    Plan(plan::PlanArgs),
    /// Look, judge, and keep the proof.
    Run(run::RunArgs),
    /// Judge a stored run again, at another moment if wanted.
    Judge(judge::JudgeArgs),
    /// Print the report of a stored run.
    Report(report::ReportArgs),
    /// Say what became of each finding from one stored run to another, or from one document to
    /// another.
    Diff(diff::DiffArgs),
    /// Prove that a stored run was not changed, and that its verdict follows from it.
    Verify(verify::VerifyArgs),
    /// Say why one check has its status.
    Explain(explain::ExplainArgs),
    /// Write down which packages are built in, as CycloneDX.
    Sbom(sbom::SbomArgs),
    /// List the probes, or show one.
    Probes(probes::ProbesArgs),
    /// List the packs, or show one.
    Packs(packs::PacksArgs),
    /// Print a JSON Schema.
    Schema(schema::SchemaArgs),
    /// Print a completion script for a shell.
    Completions(completions::CompletionsArgs),
    /// Send a part of a load that a gonogo on another machine leads.
    Worker(worker::WorkerArgs),
}

/// Where the spec is and for which environment it is read.
#[derive(Debug, Args)]
struct SpecArgs {
    /// The spec.
    #[arg(long, default_value = "gonogo.yaml", value_name = "FILE")]
    spec: PathBuf,
    /// The environment of the spec to use.
    #[arg(long, value_name = "NAME", env = "GONOGO_ENV")]
    env: Option<String>,
}

impl SpecArgs {
    /// Reads and validates the spec.
    fn read(&self) -> anyhow::Result<Spec> {
        let name = self.spec.display().to_string();
        let bytes = std::fs::read(&self.spec).map_err(|error| {
            UsageError(format!("failed to read the spec {name}: {error}; name it with --spec"))
        })?;
        let text =
            String::from_utf8(bytes).map_err(|_| UsageError(format!("the spec {name} is not UTF-8 text")))?;
        Ok(pipeline::read_spec(&name, &text, self.env.as_deref())?)
    }

    /// The folder relative paths of the spec start at, from the root: a run may be continued
    /// from elsewhere.
    fn folder(&self) -> anyhow::Result<PathBuf> {
        let parent = self.spec.parent().filter(|parent| !parent.as_os_str().is_empty());
        let parent = parent.unwrap_or(Path::new("."));
        std::path::absolute(parent).with_context(|| format!("failed to find the folder {}", parent.display()))
    }
}

/// How a verdict is printed.
#[derive(Debug, Args)]
struct OutputArgs {
    /// The form of the report.
    #[arg(long, value_enum, default_value = "terminal")]
    format: Format,
    /// Write the report to a file instead of standard output.
    #[arg(long, short, value_name = "FILE")]
    output: Option<PathBuf>,
    /// Exit with 0 for CONDITIONAL GO too.
    #[arg(long)]
    accept_conditional: bool,
}

#[derive(Debug, Clone, Copy, PartialEq, Eq, ValueEnum)]
enum Format {
    Terminal,
    Markdown,
    Json,
    Junit,
    Sarif,
    Github,
    GithubSummary,
    Html,
}

impl OutputArgs {
    /// Prints the verdict and gives the exit code for it.
    fn print(&self, verdict: &Verdict, screen: &Screen) -> anyhow::Result<Exit> {
        let format = match self.format {
            Format::Terminal => gonogo_report::Format::Terminal,
            Format::Markdown => gonogo_report::Format::Markdown,
            Format::Json => gonogo_report::Format::Json,
            Format::Junit => gonogo_report::Format::Junit,
            Format::Sarif => gonogo_report::Format::Sarif,
            Format::Github => gonogo_report::Format::Github,
            Format::GithubSummary => gonogo_report::Format::GithubSummary,
            Format::Html => gonogo_report::Format::Html,
        };
        let text = gonogo_report::render(verdict, format, screen.style(self.output.is_none()))?;
        match &self.output {
            Some(file) => std::fs::write(file, screen.clean(&text).as_bytes())
                .with_context(|| format!("failed to write {}", file.display()))?,
            None => screen.print(&text),
        }
        Ok(Exit::of(verdict.call, self.accept_conditional))
    }
}

/// A stored run that verifies, with its verdict.
fn verified(run: &Path) -> anyhow::Result<(Stored, Verdict)> {
    if !run.join("run.jsonl").exists() {
        return Err(StoreError::NotARun { path: run.to_owned() }.into());
    }
    verify_run(run, None).map_err(|problems| StoreError::Broken { path: run.to_owned(), problems }.into())
}

/// The command line or a file it names is wrong; nothing was run.
#[derive(Debug, thiserror::Error)]
#[error("{0}")]
struct UsageError(String);

/// Parses the command line, runs the command, and says how it went.
pub fn main() -> ExitCode {
    let cli = match Cli::try_parse() {
        Ok(cli) => cli,
        Err(error) => {
            let _ = error.print();
            let asked = matches!(error.kind(), ErrorKind::DisplayHelp | ErrorKind::DisplayVersion);
            return ExitCode::from(if asked { Exit::Go.code() } else { Exit::Usage.code() });
        }
    };
    let screen = Screen::new(cli.colour == Colour::Always, cli.colour == Colour::Never, cli.quiet);
    report_panics(&screen);
    let exit = run_command(cli.command, &screen).unwrap_or_else(|error| {
        screen.error(&format!("{error:#}"));
        exit_of(&error)
    });
    ExitCode::from(exit.code())
}

/// A panic is a bug of ours or of a library. What it says may hold a secret, so only its place
/// is shown; a probe that panics makes its check ERROR, and the run goes on.
fn report_panics(screen: &Screen) {
    let screen = screen.clone();
    std::panic::set_hook(Box::new(move |panic| {
        let place = panic.location().map_or_else(String::new, |place| format!(" at {place}"));
        screen.error(&format!("internal error{place}; please report it"));
    }));
}

fn run_command(command: Command, screen: &Screen) -> anyhow::Result<Exit> {
    match command {
        Command::Audit(args) => audit::run(&args, screen),
        Command::Init(args) => init::run(&args, screen),
        Command::Import(args) => import::run(&args, screen),
        Command::Plan(args) => plan::run(&args, screen),
        Command::Run(args) => run::run(&args, screen),
        Command::Judge(args) => judge::run(&args, screen),
        Command::Report(args) => report::run(&args, screen),
        Command::Diff(args) => diff::run(&args, screen),
        Command::Verify(args) => verify::run(&args, screen),
        Command::Explain(args) => explain::run(&args, screen),
        Command::Sbom(args) => sbom::run(&args, screen),
        Command::Probes(args) => probes::run(&args, screen),
        Command::Packs(args) => packs::run(&args, screen),
        Command::Schema(args) => schema::run(&args, screen),
        Command::Completions(args) => completions::run(&args, screen),
        Command::Worker(args) => worker::run(&args, screen),
    }
}

/// Which exit code an error means.
fn exit_of(error: &anyhow::Error) -> Exit {
    if error.is::<SpecError>() || error.is::<UsageError>() {
        return Exit::Usage;
    }
    match error.downcast_ref::<StoreError>() {
        Some(StoreError::Broken { .. }) => Exit::Integrity,
        Some(StoreError::NotARun { .. } | StoreError::NotBegun { .. } | StoreError::InTheWay { .. }) => {
            Exit::Usage
        }
        _ => Exit::CouldNotJudge,
    }
}

fn exit_codes() -> String {
    let lines = Exit::ALL.iter().map(|(exit, meaning)| format!("  {:>2}  {meaning}", exit.code()));
    format!("Exit codes:\n{}", lines.collect::<Vec<_>>().join("\n"))
}
