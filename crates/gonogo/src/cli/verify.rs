//! `gonogo verify`: prove that a stored run was not changed and that its verdict follows from it.

use std::path::PathBuf;

use clap::{Args, ValueEnum};
use gonogo_model::exit::Exit;
use serde_json::json;

use super::{Screen, UsageError};
use crate::store::{Problem, StoreError, Stored, verify};

/// Arguments of `gonogo verify`.
#[derive(Debug, Args)]
pub(super) struct VerifyArgs {
    /// The run folder.
    run: PathBuf,
    /// The head digest that `gonogo run` printed, kept elsewhere: proves that this is that run.
    #[arg(long, value_name = "DIGEST")]
    head: Option<String>,
    /// The form of the answer.
    #[arg(long, value_enum, default_value = "terminal")]
    format: VerifyFormat,
}

#[derive(Debug, Clone, Copy, ValueEnum)]
enum VerifyFormat {
    Terminal,
    Json,
}

pub(super) fn run(args: &VerifyArgs, screen: &Screen) -> anyhow::Result<Exit> {
    if !args.run.join("run.jsonl").exists() {
        return Err(StoreError::NotARun { path: args.run.clone() }.into());
    }
    if args.head.as_ref().is_some_and(|head| head.len() != 64) {
        return Err(UsageError("--head takes the 64 digits that `gonogo run` printed".to_owned()).into());
    }
    match verify(&args.run, args.head.as_deref()) {
        Ok((stored, verdict)) => {
            holds(args, &stored, verdict.call.word(), screen);
            Ok(Exit::Go)
        }
        Err(problems) => {
            broken(args, &problems, screen);
            Ok(Exit::Integrity)
        }
    }
}

fn holds(args: &VerifyArgs, stored: &Stored, call: &str, screen: &Screen) {
    let text = match args.format {
        VerifyFormat::Json => format!(
            "{}\n",
            json!({"verified": true, "verdict": call, "head": stored.head, "evidence": stored.evidence.len(), "problems": []})
        ),
        VerifyFormat::Terminal => format!(
            "VERIFIED  {}\nEvery record follows from the one before it, every artefact has its digest, and judging the\n{} pieces of evidence again gives the stored verdict, {call}, byte for byte.\nhead {}\n{}\n",
            args.run.display(),
            stored.evidence.len(),
            stored.head,
            match args.head {
                Some(_) => "This is the head you gave.",
                None =>
                    "Whoever could rewrite the whole folder could make another that verifies: compare the head with one\nkept elsewhere (--head).",
            },
        ),
    };
    screen.print(&text);
}

fn broken(args: &VerifyArgs, problems: &[Problem], screen: &Screen) {
    let text = match args.format {
        VerifyFormat::Json => {
            let problems: Vec<_> = problems
                .iter()
                .map(|problem| json!({"file": problem.file, "line": problem.line, "what": problem.what}))
                .collect();
            format!("{}\n", json!({"verified": false, "problems": problems}))
        }
        VerifyFormat::Terminal => {
            let lines: Vec<String> = problems.iter().map(|problem| format!("  {problem}")).collect();
            format!("NOT VERIFIED  {}\n{}\n", args.run.display(), lines.join("\n"))
        }
    };
    screen.print(&text);
}
