//! `cargo xtask contradictions`: how well the contradiction rules see. They run over the documents
//! of `testbed/documents/`, and over the seeds when their folder is named, and what they report is
//! laid beside what is known to be wrong.

pub mod score;
pub mod seeds;
pub mod truth;

use std::path::Path;
use std::process::ExitCode;

use gonogo_document::contradiction::{Certainty, Kind};

use crate::say;
use score::{Score, Scored};

/// Prints the score of both corpora, and of the seeds when `shared` names their folder.
///
/// # Errors
/// A file that cannot be read, or a truth that cannot be understood.
pub fn run(shared: Option<&Path>, verbose: bool) -> anyhow::Result<ExitCode> {
    let documents = crate::root().join("testbed/documents");
    for (folder, may_look) in [("known", true), ("wide", true), ("held-out", false)] {
        let corpus = truth::corpus(&documents.join(folder))?;
        let scored: Vec<Scored> = corpus.iter().map(score::document).collect();
        print(&format!("testbed/documents/{folder}"), &scored, verbose && may_look);
    }
    if let Some(shared) = shared {
        let corpus = seeds::corpus(shared, &documents.join("seeds.yaml"))?;
        let scored: Vec<Scored> = corpus.iter().map(score::document).collect();
        print(&shared.display().to_string(), &scored, verbose);
        alarms(&scored);
    }
    Ok(ExitCode::SUCCESS)
}

fn print(title: &str, scored: &[Scored], verbose: bool) {
    let score = Score::of(scored);
    say::line(&format!("\n{title}: {} documents", scored.len()));
    say::line("kind               planted  found (certain / with hints)  lines only  recall");
    let kinds = Kind::ALL.into_iter().map(|kind| (kind.word(), score.kind(kind)));
    for (word, row) in kinds.chain([("all", score.all())]).filter(|(_, row)| row.planted > 0) {
        say::line(&format!(
            "{word:<18} {:>7}  {:>12} / {:<14}  {:>10}  {:>5} %",
            row.planted,
            row.certain,
            row.strict,
            row.by_lines,
            percent(row.strict, row.planted)
        ));
    }
    say::line(&format!(
        "reported as certain: {}, of them false alarms: {} ({} %); of another kind than planted: {}",
        score.reported,
        score.false_alarms,
        percent(score.false_alarms, score.reported),
        score.other_kind
    ));
    say::line(&format!("hints: {}, of them on nothing that is known: {}", score.hints, score.false_hints));
    if verbose {
        details(scored);
    }
}

fn percent(part: usize, whole: usize) -> String {
    match (part * 1000).checked_div(whole) {
        Some(tenths) => format!("{}.{}", tenths / 10, tenths % 10),
        None => "–".to_owned(),
    }
}

/// What was missed and what was reported on nothing, document by document.
fn details(scored: &[Scored]) {
    for document in scored {
        let missed: Vec<&str> = document.missed().collect();
        let alarms: Vec<String> = document.alarms().collect();
        if missed.is_empty() && alarms.is_empty() {
            continue;
        }
        say::line(&format!("\n  {}", document.name));
        missed.iter().for_each(|name| say::line(&format!("    missed   {name}")));
        alarms.iter().for_each(|alarm| say::line(&format!("    alarm    {alarm}")));
    }
}

/// Every certain report that matches no entry, for a person to judge.
fn alarms(scored: &[Scored]) {
    say::line("\ncertain reports that match no entry of the list:");
    for document in scored {
        for report in document.reports.iter().filter(|report| report.certainty == Certainty::Certain) {
            if !report.matches_lines {
                let reviewed = if report.reviewed { "true, reviewed" } else { "NOT REVIEWED" };
                let lines: Vec<String> = report.lines.iter().map(|(first, _)| first.to_string()).collect();
                say::line(&format!(
                    "  {} {} at {} ({reviewed}): {}",
                    document.name,
                    report.rule,
                    lines.join(", "),
                    report.message
                ));
            }
        }
    }
}
