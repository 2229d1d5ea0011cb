//! The reference pages that are made whole from the code: command line, exit codes, probes.

use clap::{Command, CommandFactory as _};
use gonogo::cli::Cli;
use gonogo_model::catalog::{ProbeInfo, TargetNeed, kind_names};
use gonogo_model::exit::Exit;

use super::Generated;

/// Every reference page.
pub(super) fn pages() -> Vec<Generated> {
    let page = |name: &str, text: String| Generated { path: format!("docs/reference/{name}.md"), text };
    vec![page("cli", command_line()), page("exit-codes", exit_codes()), page("probes", probes())]
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
        TargetNeed::Optional(kinds) => format!("{} or none", kind_names(kinds)),
        TargetNeed::Required(kinds) => kind_names(kinds),
    };
    let (id, title, class) = (probe.id, probe.title, probe.class);
    format!("| [`{id}`](../probes/{id}.md) | {} | {class} | {target} |\n", cell(title))
}

/// Text that stays in its cell.
pub(super) fn cell(text: &str) -> String {
    text.split_whitespace().collect::<Vec<_>>().join(" ").replace('|', "\\|")
}
