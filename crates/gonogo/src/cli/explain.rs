//! `gonogo explain`: why one check has its status.

use std::path::PathBuf;

use clap::{Args, ValueEnum};
use gonogo_model::exit::Exit;
use serde_json::json;

use super::{Screen, UsageError, verified};

/// Arguments of `gonogo explain`.
#[derive(Debug, Args)]
pub(super) struct ExplainArgs {
    /// The run folder.
    run: PathBuf,
    /// The check.
    check: String,
    /// The form of the answer.
    #[arg(long, value_enum, default_value = "terminal")]
    format: ExplainFormat,
}

#[derive(Debug, Clone, Copy, ValueEnum)]
enum ExplainFormat {
    Terminal,
    Json,
}

pub(super) fn run(args: &ExplainArgs, screen: &Screen) -> anyhow::Result<Exit> {
    let (stored, verdict) = verified(&args.run)?;
    let mut all = verdict.results.iter().chain(&verdict.hint_results);
    let result = all.find(|result| result.check == args.check);
    let used = result.and_then(|result| result.evidence.as_ref());
    let evidence = stored.evidence.iter().find(|evidence| Some(&evidence.id) == used);
    match args.format {
        ExplainFormat::Terminal => {
            let text = gonogo_report::explain(&verdict, &args.check, evidence, screen.style(true))
                .map_err(|error| UsageError(error.to_string()))?;
            screen.print(&text);
        }
        ExplainFormat::Json => {
            let result =
                result.ok_or_else(|| UsageError(format!("the run has no check `{}`", args.check)))?;
            let reasons: Vec<_> =
                verdict.reasons.iter().filter(|reason| reason.checks.contains(&args.check)).collect();
            let answer =
                json!({"result": result, "evidence": evidence, "reasons": reasons, "verdict": verdict.call});
            screen.print(&format!("{}\n", serde_json::to_string_pretty(&answer)?));
        }
    }
    Ok(Exit::Go)
}
