//! `gonogo packs`: the ready-made checks there are.

use clap::{Args, ValueEnum};
use gonogo_model::diagnostic::closest;
use gonogo_model::exit::Exit;
use serde_json::json;

use super::{Screen, UsageError};
use crate::packs::PACKS;

/// Arguments of `gonogo packs`.
#[derive(Debug, Args)]
pub(super) struct PacksArgs {
    /// Show the YAML of this pack.
    pack: Option<String>,
    /// The form of the list.
    #[arg(long, value_enum, default_value = "terminal")]
    format: PacksFormat,
}

#[derive(Debug, Clone, Copy, ValueEnum)]
enum PacksFormat {
    Terminal,
    Json,
}

pub(super) fn run(args: &PacksArgs, screen: &Screen) -> anyhow::Result<Exit> {
    if let Some(name) = &args.pack {
        let Some(source) = PACKS.iter().find(|source| source.name == name) else {
            let known: Vec<&str> = PACKS.iter().map(|source| source.name).collect();
            let hint = closest(name, &known).map_or_else(
                || format!("known are {}", known.join(", ")),
                |near| format!("did you mean `{near}`?"),
            );
            return Err(UsageError(format!("there is no pack `{name}`; {hint}")).into());
        };
        screen.print_known(source.text);
        return Ok(Exit::Go);
    }
    let packs = PACKS.iter().map(|source| source.read()).collect::<Result<Vec<_>, _>>()?;
    match args.format {
        PacksFormat::Json => {
            let list: Vec<_> = packs.iter().map(|pack| json!({"pack": pack.raw.pack.value, "title": pack.raw.title, "checks": pack.raw.checks.len(), "file": pack.file})).collect();
            screen.print_known(&format!("{:#}\n", json!(list)));
        }
        PacksFormat::Terminal => {
            for pack in &packs {
                screen.print_known(&format!(
                    "{:<20} {:>3} checks  {}\n",
                    pack.raw.pack.value,
                    pack.raw.checks.len(),
                    pack.raw.title
                ));
            }
        }
    }
    Ok(Exit::Go)
}
