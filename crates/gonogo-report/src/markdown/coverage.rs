//! How much was really looked at, and what the samples prove: bounds, never certainty.

use gonogo_model::verdict::{Confidence, Verdict};

use super::document::{Document, Table, check_link, text};
use super::symbols;
use crate::words;

/// Looked at, of planned, and every status that occurs.
pub(crate) fn coverage(document: &mut Document, verdict: &Verdict) {
    document.heading(2, "Coverage and confidence");
    let coverage = &verdict.coverage;
    document.block(&format!(
        "gonogo looked at {} of {} applicable checks. What it did not look at counts as not holding; the number \
         of planned checks was fixed by the spec before the run.",
        coverage.looked, coverage.planned
    ));
    let mut table = Table::new(["Status", "Checks"]);
    words::by_status(&verdict.counts)
        .for_each(|(status, number)| table.row([symbols::status(status), number.to_string()]));
    document.table(&table);
}

/// A row for each check that sampled.
pub(crate) fn samples(document: &mut Document, verdict: &Verdict) {
    let mut table = Table::new(["Check", "Samples", "Failures", "What that proves"]);
    let sampled = verdict.results.iter().filter_map(|result| Some((result, result.confidence.as_ref()?)));
    let mut any = false;
    for (result, confidence) in sampled {
        any = true;
        let Confidence { samples, failures, .. } = confidence;
        table.row([check_link(&result.check), samples.to_string(), failures.to_string(), bound(confidence)]);
    }
    match any {
        true => document.table(&table),
        false => document.block("No check took samples, so there is no bound on any failure rate."),
    }
}

fn bound(confidence: &Confidence) -> String {
    match &confidence.upper_95 {
        Some(bound) if bound == "100%" => "that bounds nothing".to_owned(),
        Some(bound) => format!("failure rate at most {} at 95% confidence", text(bound)),
        None => "no bound was computed".to_owned(),
    }
}
