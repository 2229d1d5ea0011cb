//! The answer to "why?" for one check, in the order it came about:
//! what was seen, what had to hold, the status, the score, the verdict.

use std::collections::BTreeMap;

use gonogo_model::diagnostic::closest;
use gonogo_model::evidence::{Evidence, Outcome};
use gonogo_model::fact::Value;
use gonogo_model::verdict::{CheckResult, ItemResult, Verdict};

use crate::Style;
use crate::clean;
use crate::line::{Ink, Line};
use crate::page::Page;
use crate::words;

/// Where every text of this page starts.
const HANG: usize = 12;

/// Why a check could not be explained.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
pub enum ExplainError {
    /// No check has this name.
    #[error("there is no check `{check}` in this verdict{help}")]
    UnknownCheck {
        /// The name asked for.
        check: String,
        /// What was probably meant, or nothing.
        help: String,
    },
    /// The evidence is not the one that was judged.
    #[error("check `{check}` was judged by {judged}, not by the evidence `{given}`")]
    OtherEvidence {
        /// The check.
        check: String,
        /// What it was judged by.
        judged: String,
        /// The evidence that was passed.
        given: String,
    },
}

/// Fact, expression, status, score, verdict of the check with the id `check`, with the evidence
/// it was judged by when that is at hand. Fits `style.width` but for unbreakable words.
pub fn explain(
    verdict: &Verdict,
    check: &str,
    evidence: Option<&Evidence>,
    style: Style,
) -> Result<String, ExplainError> {
    let mut all = verdict.results.iter().chain(&verdict.hint_results);
    let result = all.find(|result| result.check == check);
    let result = result.ok_or_else(|| unknown(verdict, check))?;
    evidence.map_or(Ok(()), |evidence| belongs(result, evidence))?;
    let mut page = Page::new(style);
    headline(&mut page, result);
    looked(&mut page, result, evidence);
    facts(&mut page, result, evidence);
    status(&mut page, result);
    findings(&mut page, verdict, result);
    match verdict.hint_results.iter().any(|hint| hint.check == check) {
        true => hint(&mut page, verdict),
        false => {
            score(&mut page, verdict, result);
            answer(&mut page, verdict, result);
        }
    }
    Ok(page.finish())
}

fn unknown(verdict: &Verdict, check: &str) -> ExplainError {
    let all = verdict.results.iter().chain(&verdict.hint_results);
    let known: Vec<&str> = all.map(|result| result.check.as_str()).collect();
    let help = match closest(check, &known) {
        Some(near) => format!("; did you mean `{near}`?"),
        None => "; `gonogo plan` lists the checks".to_owned(),
    };
    ExplainError::UnknownCheck { check: clean::line(check), help: clean::line(&help) }
}

fn belongs(result: &CheckResult, evidence: &Evidence) -> Result<(), ExplainError> {
    if evidence.checks.contains(&result.check) && result.evidence.as_ref() == Some(&evidence.id) {
        return Ok(());
    }
    let judged = result.evidence.as_ref().map_or("no evidence".to_owned(), |id| format!("`{id}`"));
    let (check, judged) = (clean::line(&result.check), clean::line(&judged));
    Err(ExplainError::OtherEvidence { check, judged, given: clean::line(&evidence.id) })
}

fn headline(page: &mut Page, result: &CheckResult) {
    let severity = Line::new().severity(result.severity);
    let title = Line::new().strong(&result.check).plain(": ").status(result.status);
    page.put(0, &Line::joined([title, severity], ", "));
    page.put(0, &Line::from(&result.title));
    page.blank();
}

fn looked(page: &mut Page, result: &CheckResult, evidence: Option<&Evidence>) {
    match (evidence, &result.evidence) {
        (Some(evidence), _) => record(page, evidence),
        (None, Some(id)) => said(page, "evidence", Line::from(id)),
        (None, None) => said(page, "evidence", Line::from("none; nothing looked")),
    }
}

fn record(page: &mut Page, evidence: &Evidence) {
    let Evidence { id, probe, probe_version, address, started, ended, outcome, .. } = evidence;
    said(page, "evidence", Line::new().strong(id).plain(format!(" by {probe} version {probe_version}")));
    said(page, "address", Line::from(address.as_deref().unwrap_or("no target")));
    said(page, "looked", Line::from(format!("{started} to {ended}")));
    match outcome {
        Outcome::Unmeasured { why } => said(page, "no look", Line::new().ink(Ink::Bad, why)),
        Outcome::Looked { artefacts, .. } => {
            for artefact in artefacts {
                let about = format!(" ({}, {} bytes)", artefact.media_type, artefact.bytes);
                said(page, "artefact", Line::from(&artefact.name).plain(about));
                page.put(HANG, &Line::new().faint(format!("blobs/{}", artefact.digest)));
            }
        }
    }
}

fn facts(page: &mut Page, result: &CheckResult, evidence: Option<&Evidence>) {
    for item in &result.items {
        said(page, "item", Line::new().strong(&item.key).plain(": ").status(item.status));
        if let Some(location) = &item.location {
            page.put(HANG, &Line::new().faint(format!("read at {location}")));
        }
        item.facts.iter().for_each(|(name, value)| page.put(HANG + 2, &words::fact(name, value).into()));
        let rest = also_seen(item, evidence);
        if !rest.is_empty() {
            page.put(HANG, &Line::new().faint("also seen, not asserted:"));
            rest.iter().for_each(|(name, value)| page.put(HANG + 2, &words::fact(name, value).into()));
        }
        if let Some(why) = &item.why {
            page.put(HANG, &Line::from(why));
        }
    }
}

/// The facts of the evidence that the assertion does not name.
fn also_seen<'a>(item: &ItemResult, evidence: Option<&'a Evidence>) -> BTreeMap<&'a String, &'a Value> {
    let Some(Outcome::Looked { items, .. }) = evidence.map(|evidence| &evidence.outcome) else {
        return BTreeMap::new();
    };
    let seen = items.iter().filter(|seen| seen.key == item.key).flat_map(|seen| &seen.facts);
    seen.filter(|(name, _)| !item.facts.contains_key(*name)).collect()
}

fn status(page: &mut Page, result: &CheckResult) {
    if let Some(expect) = &result.expect {
        said(page, "expected", Line::new().ink(Ink::Command, expect));
    }
    said(page, "status", Line::new().status(result.status).plain(": ").plain(&result.why));
    said(page, "decided by", Line::from(result.origin.to_string()));
    if let Some(confidence) = &result.confidence {
        said(page, "samples", Line::from(words::samples(confidence)));
    }
}

fn findings(page: &mut Page, verdict: &Verdict, result: &CheckResult) {
    for finding in words::findings_of(verdict, &result.check) {
        let state = match (finding.accepted, verdict.hints.contains(finding)) {
            (_, true) => "worth a look",
            (true, _) => "accepted",
            _ => "open",
        };
        let line = Line::new().severity(finding.severity).plain(format!(" {state}: ")).plain(&finding.id);
        said(page, "finding", line);
    }
}

/// A hint ends here: nothing goes on to the verdict.
fn hint(page: &mut Page, verdict: &Verdict) {
    said(
        page,
        "weighs",
        Line::from("no: it is a hint (`certainty: likely`), so no score and no reason knows of it"),
    );
    said(page, "verdict", Line::new().call(verdict.call).plain(", with it and without it"));
}

fn score(page: &mut Page, verdict: &Verdict, result: &CheckResult) {
    for category in verdict.categories.iter().filter(|category| category.id == result.category) {
        let score = format!("{} ({})", category.score.percent, category.score.points);
        let floor = category.floor.map(|floor| match category.floor_met {
            true => format!(", floor {floor} met"),
            false => format!(", floor {floor} NOT MET"),
        });
        let about = format!(": {score}, weight {}{}", category.weight, floor.unwrap_or_default());
        said(page, "category", Line::new().strong(&category.id).plain(about));
    }
    let overall =
        format!("{} ({}), exactly {}", verdict.score.percent, verdict.score.points, verdict.score.exact);
    said(page, "score", Line::from(overall));
}

fn answer(page: &mut Page, verdict: &Verdict, result: &CheckResult) {
    said(page, "verdict", Line::new().call(verdict.call));
    let mut caused = verdict.reasons.iter().filter(|reason| reason.checks.contains(&result.check)).peekable();
    if caused.peek().is_none() {
        page.put(HANG, &Line::from("This check is not a cause of it."));
    }
    caused.for_each(|reason| page.put(HANG, &Line::from(format!("{}: {}", reason.rule.id(), reason.text))));
}

fn said(page: &mut Page, name: &str, line: Line) {
    page.item(0, &Line::new().faint(name), HANG, &line);
}
