//! `gonogo plan`: what a run would do and touch.

use clap::{Args, ValueEnum};
use gonogo_model::exit::Exit;
use gonogo_model::plan::{Plan, PlannedProof};
use gonogo_model::spec::Template;

use super::screen::environment;
use super::{Screen, SpecArgs};
use crate::run::shown;

/// Arguments of `gonogo plan`.
#[derive(Debug, Args)]
pub(super) struct PlanArgs {
    #[command(flatten)]
    spec: SpecArgs,
    /// The form of the plan.
    #[arg(long, value_enum, default_value = "terminal")]
    format: PlanFormat,
}

#[derive(Debug, Clone, Copy, ValueEnum)]
enum PlanFormat {
    Terminal,
    Json,
}

pub(super) fn run(args: &PlanArgs, screen: &Screen) -> anyhow::Result<Exit> {
    let spec = args.spec.read()?;
    let mut plan = Plan::compile(&spec, &gonogo_probes::catalog());
    show_addresses(&mut plan);
    match args.format {
        PlanFormat::Terminal => screen.print(&gonogo_report::plan(&plan, screen.style(true))),
        PlanFormat::Json => screen.print(&format!("{}\n", serde_json::to_string_pretty(&plan)?)),
    }
    Ok(Exit::Go)
}

/// Shows the real address, without credentials, where its variables are set.
fn show_addresses(plan: &mut Plan) {
    let environment = environment();
    for check in plan.stages.iter_mut().flat_map(|stage| &mut stage.checks) {
        let PlannedProof::Probe { address, also, .. } = &mut check.by else { continue };
        for address in address.iter_mut().chain(also.iter_mut().map(|target| &mut target.address)) {
            let resolved = Template::parse(address)
                .ok()
                .and_then(|template| template.resolve(|name| environment.get(name).map(str::to_owned)).ok());
            *address = shown(resolved.as_ref().unwrap_or(address));
        }
    }
}
