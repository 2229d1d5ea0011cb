//! The checks that no other part shows: what is not proven, what rests on a word, and, in one
//! line, what passed. And what the samples prove.

use gonogo_model::status::Status;
use gonogo_model::verdict::{CheckResult, StageState, Verdict};

use crate::line::Line;
use crate::page::Page;
use crate::words;

/// Passing checks are named when they are this few.
const FEW: usize = 6;

/// Checks that are neither in a finding nor behind a gate, then the passing ones as a number.
pub(crate) fn others(page: &mut Page, verdict: &Verdict) {
    page.heading("Checks", Line::new());
    let shown = verdict.results.iter().filter(|result| is_untold(verdict, result));
    let mut rows: Vec<Vec<Line>> = shown.map(row).collect();
    rows.extend(passed(verdict));
    if rows.is_empty() {
        rows.push(vec![Line::from("none passed; see findings and stages")]);
    }
    page.table(1, &rows);
}

/// What the samples of each check prove.
pub(crate) fn samples(page: &mut Page, verdict: &Verdict) {
    let sampled = verdict.results.iter().filter_map(|result| Some((result, result.confidence.as_ref()?)));
    // What a single sample proves is next to nothing; the Markdown report lists it for the record.
    let sampled = sampled.filter(|(_, confidence)| confidence.samples > 1);
    let rows: Vec<Vec<Line>> = sampled
        .map(|(result, confidence)| vec![Line::from(&result.check), Line::from(words::samples(confidence))])
        .collect();
    if !rows.is_empty() {
        page.heading("Samples", Line::new());
        page.table(1, &rows);
    }
}

fn is_untold(verdict: &Verdict, result: &CheckResult) -> bool {
    let behind_a_gate = || {
        let mut stages = verdict.stages.iter();
        stages.any(|stage| stage.id == result.stage && stage.state == StageState::Blocked)
    };
    match result.status {
        Status::Pass => false,
        Status::Blocked => !behind_a_gate(),
        Status::Fail | Status::Partial => words::findings_of(verdict, &result.check).next().is_none(),
        _ => true,
    }
}

fn row(result: &CheckResult) -> Vec<Line> {
    vec![Line::new().status(result.status), Line::from(&result.check), Line::from(&result.why)]
}

fn passed(verdict: &Verdict) -> Option<Vec<Line>> {
    if verdict.counts.pass == 0 {
        return None;
    }
    let names: Vec<&str> = verdict
        .results
        .iter()
        .filter(|result| result.status == Status::Pass)
        .map(|result| result.check.as_str())
        .collect();
    let number = Line::from(format!("{} passed", verdict.counts.pass));
    let names = if names.len() <= FEW { names.join(", ") } else { "all their facts hold".to_owned() };
    Some(vec![Line::new().status(Status::Pass), number, Line::from(names)])
}
