//! `cargo xtask <command>`: parses the command line and hands over. It decides nothing.

mod demo;
mod matrix;
mod system;

use std::process::ExitCode;

use clap::{Parser, Subcommand};

#[derive(Debug, Parser)]
#[command(name = "cargo xtask", about = "The workspace's own commands", max_term_width = 100)]
struct Cli {
    #[command(subcommand)]
    command: Command,
}

#[derive(Debug, Subcommand)]
enum Command {
    /// Boot a system of the testbed and judge it; also `cargo demo`.
    Demo(demo::DemoArgs),
    /// Judge each system of the testbed with each fault switched on, and healthy; print what was found.
    Matrix(matrix::MatrixArgs),
    /// Run the contradiction rules over documents whose contradictions are known; print what was found.
    Contradictions {
        /// A folder with `seeds/` and the list of what is wrong in them.
        shared: Option<std::path::PathBuf>,
        /// Also print what was missed and what was a false alarm, but not of the held-out documents.
        #[arg(long)]
        verbose: bool,
    },
    /// Put services that leak and services that only warm up under load, and print which is taken for which.
    Leaks {
        /// How many of each kind, all at once; it takes three minutes.
        #[arg(long, default_value_t = 20)]
        seeds: u64,
        /// The first seed.
        #[arg(long, default_value_t = 1)]
        first: u64,
        /// Be one of the services.
        #[arg(long, hide = true, requires = "seed")]
        serve: Option<xtask::leaks::Kind>,
        /// What its chance is made of.
        #[arg(long, hide = true)]
        seed: Option<u64>,
    },
    /// Everything: format, lints, tests, documentation, generated files, detection matrix.
    Test,
    /// Make the generated files anew: schema/, docs/reference/, the tables of the probe pages.
    Gen {
        /// Write nothing; list the files that are stale and fail if there are any.
        #[arg(long)]
        check: bool,
    },
    /// Make the files of a new probe and register it.
    NewProbe {
        /// `family/name`, such as `http/redirects`.
        id: String,
    },
}

fn main() -> ExitCode {
    let done = match Cli::parse().command {
        Command::Demo(args) => demo::run(&args),
        Command::Matrix(args) => matrix::run(&args),
        Command::Contradictions { shared, verbose } => xtask::contradictions::run(shared.as_deref(), verbose),
        Command::Leaks { serve: Some(kind), seed, .. } => {
            xtask::leaks::serve(kind, seed.unwrap_or(0)).map(|()| ExitCode::SUCCESS)
        }
        Command::Leaks { seeds, first, .. } => xtask::leaks::run(first, seeds),
        Command::Test => xtask::test::run(),
        Command::Gen { check } => xtask::generate::run(check),
        Command::NewProbe { id } => xtask::new_probe::run(&id),
    };
    done.unwrap_or_else(|error| {
        xtask::say::line(&format!("error: {error:#}"));
        ExitCode::FAILURE
    })
}
