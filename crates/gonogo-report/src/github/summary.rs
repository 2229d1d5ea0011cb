//! Short Markdown for the summary of a step: the answer, why, what is open, what to do.
//! GitHub drops a summary over 1 MiB, so rows and texts have a limit.

use gonogo_model::status::Status;
use gonogo_model::verdict::{Action, Finding, Verdict};

use crate::markdown::document::{Document, Table, code, text};
use crate::markdown::{summary as answer, symbols};
use crate::words;

/// Rows of findings, and actions.
const ROWS: usize = 50;
/// Characters of one text.
const LONGEST: usize = 400;

pub(crate) fn summary(verdict: &Verdict) -> String {
    let mut document = Document::default();
    title(&mut document, verdict);
    reasons(&mut document, verdict);
    findings(&mut document, verdict);
    hints(&mut document, verdict);
    actions(&mut document, verdict);
    document.block("The whole report: `gonogo report RUN --format markdown` or `--format html`.");
    document.finish()
}

fn title(document: &mut Document, verdict: &Verdict) {
    let subject = format!("{} ({})", short(&verdict.system), short(&verdict.environment));
    document.heading(2, &format!("{}: {subject}", symbols::call(verdict.call)));
    let open = words::open(&verdict.open).map_or("nothing open".to_owned(), |open| format!("open: {open}"));
    let coverage = &verdict.coverage;
    document.block(&format!(
        "Score **{}**, looked at {} of {} checks, {open}.",
        answer::score(&verdict.score),
        coverage.looked,
        coverage.planned
    ));
    let silent: Vec<String> = words::by_status(&verdict.counts)
        .filter(|(status, _)| status.is_unproven())
        .map(|(status, number)| format!("{} {number}", symbols::status(status)))
        .collect();
    if !silent.is_empty() {
        document.block(&format!("Nothing is known about some checks: {}.", silent.join(", ")));
    }
}

fn reasons(document: &mut Document, verdict: &Verdict) {
    let lines =
        verdict.reasons.iter().map(|reason| format!("- {}: {}", code(reason.rule.id()), short(&reason.text)));
    let lines: Vec<String> = lines.collect();
    if !lines.is_empty() {
        document.heading(3, "Why");
        document.block(&lines.join("\n"));
    }
}

fn findings(document: &mut Document, verdict: &Verdict) {
    if verdict.findings.is_empty() {
        return;
    }
    document.heading(3, "Findings");
    let mut table = Table::new(["Severity", "Status", "What must be true and is not", "Cause", "Where"]);
    verdict.findings.iter().take(ROWS).for_each(|finding| table.row(row(finding)));
    document.table(&table);
    if verdict.findings.len() > ROWS {
        document.block("The table shows the worst findings only.");
    }
}

fn hints(document: &mut Document, verdict: &Verdict) {
    let unseen: Vec<String> = verdict
        .hint_results
        .iter()
        .filter(|hint| hint.status == Status::Error)
        .take(ROWS)
        .map(|hint| code(&cut(&hint.check)))
        .collect();
    if verdict.hints.is_empty() && unseen.is_empty() {
        return;
    }
    document.heading(3, "Worth a look");
    document.block(words::HINTS);
    let mut table = Table::new(["Severity", "Status", "What may not be as it must", "Cause", "Where"]);
    verdict.hints.iter().take(ROWS).for_each(|hint| table.row(row(hint)));
    document.table(&table);
    if verdict.hints.len() > ROWS {
        document.block("More hints follow in the whole report.");
    }
    if !unseen.is_empty() {
        document.block(&format!("Could not be looked at: {}.", unseen.join(", ")));
    }
}

fn row(finding: &Finding) -> [String; 5] {
    let accepted = if finding.accepted { ", accepted" } else { "" };
    let place = finding.location.as_ref().map(|location| code(&cut(&location.to_string())));
    [
        symbols::severity(finding.severity),
        format!("{}{accepted}", symbols::status(finding.status)),
        short(&finding.title),
        short(&finding.cause),
        place.unwrap_or_default(),
    ]
}

fn actions(document: &mut Document, verdict: &Verdict) {
    if verdict.actions.is_empty() {
        return;
    }
    document.heading(3, "Next actions");
    let lines: Vec<String> = verdict.actions.iter().take(ROWS).map(action).collect();
    document.block(&lines.join("\n"));
    if verdict.actions.len() > ROWS {
        document.block("More actions follow in the whole report.");
    }
}

fn action(action: &Action) -> String {
    let said = [
        action.run.as_ref().map(|run| format!("run {}", code(&cut(run)))),
        action.owner.as_ref().map(|owner| format!("owner {}", short(owner))),
        action.effort.map(|effort| format!("effort {effort}")),
    ];
    let said: Vec<String> = said.into_iter().flatten().collect();
    let about = if said.is_empty() { String::new() } else { format!(" ({})", said.join(", ")) };
    format!("- **{}.** {}{about}", action.number, short(&action.text))
}

/// Data as Markdown, cut when nobody would read it to its end.
fn short(data: &str) -> String {
    text(&cut(data))
}

fn cut(data: &str) -> String {
    match data.char_indices().nth(LONGEST) {
        Some((end, _)) => format!("{}…", data.get(..end).unwrap_or_default()),
        None => data.to_owned(),
    }
}
