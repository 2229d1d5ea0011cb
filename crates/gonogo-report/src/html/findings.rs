//! The open problems, worst first: cause, impact, place and fix of each. After them, apart, what
//! is only worth a look.

use gonogo_model::spec::Fix;
use gonogo_model::status::Status;
use gonogo_model::verdict::{Finding, Verdict};

use super::checks;
use super::markup::{Element, check_links, code, element};
use super::parts::{Table, Tone, of_severity, pill, section, severity, span, status, values};
use crate::group::{Group, Place, by_rule};
use crate::place::{self, Results};
use crate::words;

pub(crate) fn all(verdict: &Verdict) -> Element {
    let part = section("findings", "Findings");
    if verdict.findings.is_empty() {
        return part.child(element("p").text("Nothing is open."));
    }
    let results = place::results(verdict);
    part.children(by_rule(&verdict.findings).iter().map(|group| one_rule(verdict, group, &results, status)))
}

/// What hints found, then every hint with its status; nothing without hints.
pub(crate) fn hints(verdict: &Verdict) -> Option<Element> {
    if verdict.hint_results.is_empty() {
        return None;
    }
    let note = element("p").class("note").text(words::HINTS);
    let results = place::results(verdict);
    let found = by_rule(&verdict.hints).into_iter().map(|group| one_rule(verdict, &group, &results, quiet));
    let part = section("hints", "Worth a look").child(note).children(found);
    Some(
        part.child(element("h3").class("apart").text("Every hint"))
            .children(checks::each(&verdict.hint_results)),
    )
}

/// How a status is shown.
type Pill = fn(Status) -> Element;

/// A hint does not cry: its status has no colour.
fn quiet(status: Status) -> Element {
    pill(Tone::Calm, status.word())
}

/// All findings of one rule: what they share, then each place.
fn one_rule(verdict: &Verdict, group: &Group<'_>, results: &Results<'_>, status: Pill) -> Element {
    if group.others.is_empty() {
        return one(verdict, group.first, status);
    }
    let first = group.first;
    let (cause, places) = group.places(results);
    let heading = element("h3")
        .child(severity(first.severity))
        .child(status(first.status))
        .child(element("span").class("title").text(&first.title));
    let mut table = Table::new("Places", ["Location", "Item", "Measured", "Finding"]);
    places.iter().for_each(|place| table.row(element("tr").place("finding", &place.finding.id), row(place)));
    element("article")
        .class(&format!("finding {}", of_severity(first.severity).class()))
        .child(heading)
        .child(values([
            ("Cause", Some(span(cause))),
            ("Impact", first.impact.as_ref().map(span)),
            ("Fix", first.fix.as_ref().map(|fix| told(verdict, first, fix))),
            ("Seen by", Some(check_links(&first.checks))),
        ]))
        .child(table.finish())
}

fn row(place: &Place<'_>) -> [Element; 4] {
    let finding = place.finding;
    let location = finding.location.as_ref().map(|location| code(location.to_string()));
    let accepted = finding.accepted.then(|| pill(Tone::Warn, "accepted"));
    [
        element("span").children(location),
        element("span").children(place.item.map(code)),
        element("span").children(accepted).text(place.measured.join(", ")),
        named(finding),
    ]
}

/// The id and the fingerprint.
fn named(finding: &Finding) -> Element {
    let id = code(&finding.id);
    element("span").child(id).text(", fingerprint ").child(code(finding.fingerprint.short()))
}

fn one(verdict: &Verdict, finding: &Finding, status: Pill) -> Element {
    let accepted = finding.accepted.then(|| pill(Tone::Warn, "accepted"));
    let heading = element("h3")
        .child(severity(finding.severity))
        .child(status(finding.status))
        .children(accepted)
        .child(element("span").class("title").text(&finding.title));
    let location = finding.location.as_ref().map(|location| code(location.to_string()));
    element("article")
        .class(&format!("finding {}", of_severity(finding.severity).class()))
        .place("finding", &finding.id)
        .child(heading)
        .child(values([
            ("Location", location),
            ("Cause", Some(span(&finding.cause))),
            ("Impact", finding.impact.as_ref().map(span)),
            ("Fix", finding.fix.as_ref().map(|fix| told(verdict, finding, fix))),
            ("Seen by", Some(check_links(&finding.checks))),
            ("Finding", Some(named(finding))),
        ]))
}

/// The fix with action, owner, effort and command.
fn told(verdict: &Verdict, finding: &Finding, fix: &Fix) -> Element {
    let about = [
        words::action_for(verdict, finding)
            .map(|action| format!("no. {} of the next actions", action.number)),
        fix.owner.as_ref().map(|owner| format!("owner {owner}")),
        fix.effort.map(|effort| format!("effort {effort}")),
    ];
    let about: Vec<String> = about.into_iter().flatten().collect();
    let about = (!about.is_empty()).then(|| element("small").text(about.join(", ")));
    let command = fix.run.as_ref().map(|run| element("pre").child(element("code").lines(run)));
    element("div").text(&fix.text).children(about).children(command)
}
