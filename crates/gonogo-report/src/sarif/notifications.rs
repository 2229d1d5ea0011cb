//! What a reader of results alone would miss: checks about which nothing is known, and what the
//! limits cut away.

use gonogo_model::status::Status;
use gonogo_model::verdict::{CheckResult, Verdict};

use super::log::{Configuration, Kind, Message, Named, Notification};
use super::results::has_more_places;
use super::rules::Rules;
use super::{RESULTS, locations, message};
use crate::clean;
use crate::place::{self, Results};

const CUT: &str = "cut";

/// The kinds of notification a run may have.
pub(super) fn kinds() -> Vec<Kind> {
    let kind = |id, level, text: &str| Kind {
        id,
        short_description: Message { text: text.to_owned() },
        default_configuration: Configuration { level },
    };
    vec![
        kind("error", "error", "Could not look, or there was no data."),
        kind("not-run", "warning", "Selected and not started."),
        kind("blocked", "warning", "A gate before it did not pass, so it was not started."),
        kind("stale", "warning", "The evidence is too old, or of another subject."),
        kind(CUT, "warning", "This file holds less than the verdict."),
    ]
}

/// One for each check about which nothing is known.
pub(super) fn unproven(verdict: &Verdict) -> Vec<Notification> {
    let weighs = verdict.results.iter().filter_map(|result| Some(silent(result, kind_of(result.status)?)));
    let hints = verdict.hint_results.iter();
    let hints = hints.filter_map(|hint| Some(silent(hint, (kind_of(hint.status)?.0, "note"))));
    weighs.chain(hints).collect()
}

/// One for everything that the limits of GitHub cut away.
pub(super) fn cut(verdict: &Verdict, rules: &Rules, results: &Results<'_>) -> Vec<Notification> {
    let whole = "The whole verdict is in the JSON report.";
    let all = || verdict.findings.iter().chain(&verdict.hints);
    let shown = all().take(RESULTS);
    let places = shown.filter(|finding| has_more_places(finding, results)).map(|finding| {
        format!("Not every place of the finding {} is listed. {whole}", clean::line(&finding.id))
    });
    let said = [
        (all().nth(RESULTS).is_some())
            .then(|| format!("Only the worst findings are results here, as many as GitHub takes. {whole}")),
        rules.is_cut.then(|| format!("Not every rule with its tags is listed. {whole}")),
    ];
    let notification = |text: String| Notification {
        descriptor: Named { id: CUT.to_owned() },
        level: "warning",
        message: message(&text),
        associated_rule: None,
        locations: Vec::new(),
    };
    said.into_iter().flatten().chain(places).map(notification).collect()
}

fn kind_of(status: Status) -> Option<(&'static str, &'static str)> {
    match status {
        Status::Error => Some(("error", "error")),
        Status::NotRun => Some(("not-run", "warning")),
        Status::Blocked => Some(("blocked", "warning")),
        Status::Stale => Some(("stale", "warning")),
        Status::Pass | Status::Partial | Status::Fail | Status::Attested | Status::NotApplicable => None,
    }
}

fn silent(result: &CheckResult, (kind, level): (&str, &'static str)) -> Notification {
    let CheckResult { check, title, status, why, origin, .. } = result;
    Notification {
        descriptor: Named { id: kind.to_owned() },
        level,
        message: message(&format!("{check} is {status}, so nothing is known about it: {title}\n{why}")),
        associated_rule: Some(Named { id: clean::line(check) }),
        locations: place::spec(origin).map(locations::at).into_iter().collect(),
    }
}
