//! The reference pages that are made whole from the code: command line, exit codes, probes, packs.

use anyhow::Context as _;
use clap::{Command, CommandFactory as _};
use gonogo::cli::Cli;
use gonogo::packs::PACKS;
use gonogo_model::catalog::{ProbeInfo, TargetNeed};
use gonogo_model::exit::Exit;
use gonogo_model::spec::raw::RawCheck;
use gonogo_model::yaml;

use super::Generated;

/// Every reference page.
pub(super) fn pages() -> anyhow::Result<Vec<Generated>> {
    let page = |name: &str, text: String| Generated { path: format!("docs/reference/{name}.md"), text };
    Ok(vec![
        page("cli", command_line()),
        page("exit-codes", exit_codes()),
        page("probes", probes()),
        page("packs", packs()?),
    ])
}

fn command_line() -> String {
    // Neither the terminal's width nor the variables of whoever generates may show in the page.
    let mut root = Cli::command().term_width(100).mut_args(|arg| arg.hide_env_values(true));
    root.build();
    let mut text = "# Command line\n\nThe same text as `gonogo help COMMAND`.\n".to_owned();
    text.push_str(&help("gonogo", &root));
    for command in root.get_subcommands().filter(|command| command.get_name() != "help") {
        text.push_str(&help(&format!("gonogo {}", command.get_name()), command));
    }
    text
}

fn help(name: &str, command: &Command) -> String {
    let mut command = command.clone().term_width(100).mut_args(|arg| arg.hide_env_values(true));
    let help = command.render_long_help().to_string();
    let lines: Vec<&str> = help.trim_end().lines().map(str::trim_end).collect();
    format!("\n## {name}\n\n```text\n{}\n```\n", lines.join("\n"))
}

fn exit_codes() -> String {
    let rows = Exit::ALL.iter().map(|(exit, meaning)| format!("| {} | {meaning} |\n", exit.code()));
    let rows: String = rows.collect();
    format!(
        "# Exit codes\n\nEvery command uses these and no others.\n\n| Code | Meaning |\n| --- | --- |\n{rows}"
    )
}

fn probes() -> String {
    let catalog = gonogo_probes::catalog();
    let rows: String = catalog.probes().iter().map(probe).collect();
    format!(
        "# Probes\n\nA probe looks and returns facts; it never says pass or fail. Passive probes read files and the environment. Active probes send requests, log in or run a command. Destructive probes inject faults, load or input.\n\n| Probe | What it looks at | Class | Target |\n| --- | --- | --- | --- |\n{rows}"
    )
}

fn probe(probe: &ProbeInfo) -> String {
    let target = match probe.target {
        TargetNeed::Never => "none".to_owned(),
        TargetNeed::Optional(kind) => format!("`{}` or none", kind.name()),
        TargetNeed::Required(kind) => format!("`{}`", kind.name()),
    };
    let (id, title, class) = (probe.id, probe.title, probe.class);
    format!("| [`{id}`](../probes/{id}.md) | {} | {class} | {target} |\n", cell(title))
}

fn packs() -> anyhow::Result<String> {
    let mut text = "# Packs\n\nA pack is a set of ready-made checks. A spec includes it, and may change or disable any of its checks. `gonogo packs NAME` prints one.\n".to_owned();
    let mut sources: Vec<_> = PACKS.iter().collect();
    sources.sort_by_key(|source| source.name);
    for source in sources {
        let pack = source.read()?;
        text.push_str(&format!("\n## {}\n\n{}.\n\n", source.name, pack.raw.title));
        text.push_str(
            "| Check | What must be true | Severity | Probe | Expected |\n| --- | --- | --- | --- | --- |\n",
        );
        for node in &pack.raw.checks {
            let check: RawCheck = yaml::read(node).with_context(|| format!("a check of {}", source.file))?;
            text.push_str(&check_row(&check));
        }
    }
    Ok(text)
}

fn check_row(check: &RawCheck) -> String {
    let probe = check
        .probe
        .as_ref()
        .map_or_else(String::new, |probe| format!("[`{0}`](../probes/{0}.md)", probe.value));
    let expect =
        check.expect.as_ref().map_or_else(String::new, |expect| format!("`{}`", cell(&expect.value)));
    format!(
        "| `{}` | {} | {} | {probe} | {expect} |\n",
        check.id.value,
        cell(check.title.as_deref().unwrap_or_default()),
        severity(check),
    )
}

/// A hint says so beside its severity.
fn severity(check: &RawCheck) -> String {
    let word = check.severity.value.word();
    match &check.certainty {
        Some(certainty) if !certainty.value.is_certain() => format!("{word}, {}", certainty.value.word()),
        _ => word.to_owned(),
    }
}

/// Text that stays in its cell.
fn cell(text: &str) -> String {
    text.split_whitespace().collect::<Vec<_>>().join(" ").replace('|', "\\|")
}
