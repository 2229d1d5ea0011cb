//! The open problems, worst first, and apart from them what is only worth a look. The terminal
//! alone is short: of a rule with many places it shows a few.

use gonogo_model::status::Status;
use gonogo_model::verdict::{CheckResult, Finding, StageState, Verdict};

use crate::group::{Group, Place, by_rule};
use crate::line::{Ink, Line};
use crate::page::Page;
use crate::place::{self, Results};
use crate::words;

/// Where the text of a finding starts.
const HANG: usize = 10;
/// Where the values of a finding start.
const VALUE: usize = HANG + 8;
/// Places of one rule that are shown.
const PLACES: usize = 8;

/// Each rule with findings, its places, cause and fix; nothing when there is none.
pub(crate) fn open(page: &mut Page, verdict: &Verdict) {
    if verdict.findings.is_empty() {
        return;
    }
    page.heading("Findings", Line::new());
    all(page, verdict, &verdict.findings, |finding| Line::new().status_word(finding.status));
}

/// What hints found, and those about which nothing is known; nothing when there is neither.
pub(crate) fn hints(page: &mut Page, verdict: &Verdict) {
    let unseen: Vec<&CheckResult> =
        verdict.hint_results.iter().filter(|hint| is_unseen(verdict, hint)).collect();
    if verdict.hints.is_empty() && unseen.is_empty() {
        return;
    }
    page.heading("Worth a look", Line::new());
    page.put(1, &Line::new().faint(words::HINTS));
    // A hint does not cry: its words have no colour.
    all(page, verdict, &verdict.hints, |hint| Line::from(hint.status.word()));
    let row = |hint: &&CheckResult| {
        vec![Line::from(hint.status.word()), Line::from(&hint.check), Line::from(&hint.why)]
    };
    page.table(1, &unseen.iter().map(row).collect::<Vec<_>>());
}

/// Nothing is known about it; what is behind a gate, its stage tells.
fn is_unseen(verdict: &Verdict, hint: &CheckResult) -> bool {
    let is_held = || {
        let mut stages = verdict.stages.iter();
        stages.any(|stage| stage.id == hint.stage && stage.state == StageState::Blocked)
    };
    hint.status.is_unproven() && !(hint.status == Status::Blocked && is_held())
}

fn all(page: &mut Page, verdict: &Verdict, findings: &[Finding], status: fn(&Finding) -> Line) {
    let results = place::results(verdict);
    for group in by_rule(findings) {
        let is_one = group.others.is_empty();
        let beside = if is_one { accepted(group.first) } else { Line::new() };
        let title = status(group.first).plain(": ").strong(&group.first.title).then(beside);
        page.item(1, &Line::new().severity(group.first.severity), HANG, &title);
        match is_one {
            true => one(page, verdict, group.first),
            false => many(page, verdict, &group, &results),
        }
    }
}

fn one(page: &mut Page, verdict: &Verdict, finding: &Finding) {
    let said = [
        ("at", finding.location.as_ref().map(ToString::to_string)),
        ("cause", Some(finding.cause.clone())),
        ("impact", finding.impact.clone()),
        ("fix", fix(verdict, finding)),
        ("id", Some(finding.id.clone())),
    ];
    said.into_iter().for_each(|(name, value)| tell(page, name, value));
}

fn many(page: &mut Page, verdict: &Verdict, group: &Group<'_>, results: &Results<'_>) {
    let (cause, places) = group.places(results);
    let said =
        [("cause", Some(cause)), ("impact", group.first.impact.clone()), ("fix", fix(verdict, group.first))];
    said.into_iter().for_each(|(name, value)| tell(page, name, value));
    for (at, place) in places.iter().take(PLACES).enumerate() {
        let label = if at == 0 { Line::new().faint("at:") } else { Line::new() };
        page.item(HANG, &label, VALUE, &of_place(place));
    }
    if let Some(more) = places.len().checked_sub(PLACES).filter(|more| *more > 0) {
        page.put(VALUE, &Line::new().faint(format!("and {more} more; `--format json` has all")));
    }
    tell(page, "id", places.first().map(|place| format!("{}, and so on", place.finding.id)));
}

fn accepted(finding: &Finding) -> Line {
    match finding.accepted {
        true => Line::new().ink(Ink::Warn, " (ACCEPTED)"),
        false => Line::new(),
    }
}

fn tell(page: &mut Page, name: &str, value: Option<String>) {
    if let Some(value) = value.filter(|value| !value.is_empty()) {
        page.item(HANG, &Line::new().faint(format!("{name}:")), VALUE, &Line::from(value));
    }
}

/// `compose.yaml:14:3 api: limit_mib = 0`.
fn of_place(place: &Place<'_>) -> Line {
    let location = place.finding.location.as_ref().map(ToString::to_string);
    let item = place.item.map(str::to_owned);
    let name = Line::joined(location.into_iter().chain(item).map(Line::from), " ");
    let cut = |fact: &String| if place.is_said { fact.clone() } else { words::cut(fact) };
    let measured: Vec<String> = place.measured.iter().map(cut).collect();
    let named = Line::joined([name, Line::new().faint(measured.join(", "))], ": ");
    named.then(accepted(place.finding))
}

/// What to do; the action that does it has the command.
fn fix(verdict: &Verdict, finding: &Finding) -> Option<String> {
    let fix = finding.fix.as_ref().map(|fix| fix.text.clone());
    match (words::action_for(verdict, finding), fix) {
        (Some(action), Some(fix)) => Some(format!("{fix} (action {})", action.number)),
        (Some(action), None) => Some(format!("see action {}", action.number)),
        (None, fix) => fix,
    }
}
