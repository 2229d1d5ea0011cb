//! Workflow commands that GitHub reads as they were meant, within what it shows; a summary within
//! what it keeps.

use std::collections::BTreeMap;

use gonogo_model::status::Severity;
use gonogo_model::verdict::{Finding, Verdict};
use gonogo_report::Format;

use crate::fixture;

/// A command as the runner reads it: level, properties, message.
pub(crate) struct Command {
    pub(crate) level: String,
    pub(crate) properties: BTreeMap<String, String>,
    pub(crate) message: String,
}

/// Every line of the text is a command that GitHub would take as it is.
pub(crate) fn commands(verdict: &Verdict) -> Vec<Command> {
    let text = fixture::render(verdict, Format::Github);
    text.strip_suffix('\n').unwrap().split('\n').map(read).collect()
}

fn read(line: &str) -> Command {
    let rest = line.strip_prefix("::").unwrap_or_else(|| panic!("no command: {line}"));
    let (head, message) = rest.split_once("::").unwrap();
    let (level, properties) = head.split_once(' ').unwrap();
    assert!(["error", "warning", "notice"].contains(&level), "{line}");
    let properties = properties.split(',').map(|property| {
        let (name, value) = property.split_once('=').unwrap();
        assert!(["file", "line", "col", "title"].contains(&name), "{line}");
        (name.to_owned(), decoded(value))
    });
    Command { level: level.to_owned(), properties: properties.collect(), message: decoded(message) }
}

fn decoded(text: &str) -> String {
    let text = text.replace("%3A", ":").replace("%2C", ",").replace("%0D", "\r").replace("%0A", "\n");
    text.replace("%25", "%")
}

#[test]
fn a_finding_is_beside_its_line() {
    let commands = commands(&crate::no_go::verdict());
    let pool = &commands[1];
    assert_eq!(pool.level, "error");
    assert_eq!(pool.properties["file"], "deploy/staging.env");
    assert_eq!(pool.properties["line"], "7");
    assert_eq!(pool.properties["title"], "blocker: The connection pool has a size");
    assert!(pool.message.starts_with("CONNECTION_POOL_SIZE is not set"));
    assert_eq!(commands[0].properties["file"], "gonogo.yaml", "else beside the line that asks for it");
}

#[test]
fn what_is_not_known_is_a_warning_and_the_verdict_comes_last() {
    let commands = commands(&crate::no_go::verdict());
    assert_eq!(commands.iter().filter(|command| command.level == "warning").count(), 8);
    let last = commands.last().unwrap();
    assert_eq!(last.properties["title"], "NO-GO: backend (staging)");
    assert!(last.message.contains("15% (15/100)") && !last.message.contains("Only the worst"));
}

#[test]
fn an_accepted_finding_does_not_shout() {
    let commands = commands(&crate::conditional::verdict());
    let accepted =
        commands.iter().find(|command| command.properties["title"].contains("(accepted)")).unwrap();
    assert_eq!(accepted.level, "notice");
}

#[test]
fn never_more_than_github_shows_and_what_is_missing_is_said() {
    let mut verdict = crate::no_go::verdict();
    let template = verdict.findings.swap_remove(0);
    verdict.findings = Severity::ALL
        .iter()
        .flat_map(|severity| (0..30).map(move |at| (*severity, at)))
        .map(|(severity, at)| Finding { severity, title: format!("{severity} {at}"), ..template.clone() })
        .collect();
    let commands = commands(&verdict);
    for level in ["error", "warning", "notice"] {
        assert_eq!(commands.iter().filter(|command| command.level == level).count(), 10, "{level}");
    }
    assert!(commands[0].properties["title"].starts_with("blocker: blocker 0"));
    assert!(commands.last().unwrap().message.contains("Only the worst are annotated"));
}

#[test]
fn a_summary_is_under_a_mebibyte_whatever_it_holds() {
    let mut verdict = crate::no_go::verdict();
    let long = "*|`[".repeat(100_000);
    verdict.system = long.clone();
    verdict.reasons.iter_mut().for_each(|reason| reason.text = long.clone());
    let template = Finding { title: long.clone(), cause: long.clone(), ..verdict.findings.swap_remove(0) };
    verdict.findings = vec![template; 1_000];
    let mut action = verdict.actions.swap_remove(0);
    (action.text, action.run, action.owner) = (long.clone(), Some(long.clone()), Some(long));
    verdict.actions = vec![action; 1_000];
    let summary = fixture::render(&verdict, Format::GithubSummary);
    assert!(summary.len() < 1 << 20, "{}", summary.len());
    assert!(summary.contains("The table shows the worst findings only."));
    assert!(summary.contains("More actions follow in the whole report."));
}

#[test]
fn summary() {
    let text = fixture::render(&crate::conditional::verdict(), Format::GithubSummary);
    insta::assert_snapshot!("github_summary_conditional", text);
}
