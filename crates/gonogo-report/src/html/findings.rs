//! The open problems, worst first: cause, impact, place and fix of each.

use gonogo_model::spec::Fix;
use gonogo_model::verdict::{Finding, Verdict};

use super::markup::{Element, check_links, code, element};
use super::parts::{Tone, of_severity, pill, section, severity, span, status, values};
use crate::words;

pub(crate) fn all(verdict: &Verdict) -> Element {
    let part = section("findings", "Findings");
    if verdict.findings.is_empty() {
        return part.child(element("p").text("Nothing is open."));
    }
    part.children(verdict.findings.iter().map(|finding| one(verdict, finding)))
}

fn one(verdict: &Verdict, finding: &Finding) -> Element {
    let accepted = finding.accepted.then(|| pill(Tone::Warn, "accepted"));
    let heading = element("h3")
        .child(severity(finding.severity))
        .child(status(finding.status))
        .children(accepted)
        .child(element("span").class("title").text(&finding.title));
    let location = finding.location.as_ref().map(|location| code(location.to_string()));
    let id = code(&finding.id);
    let named = element("span").child(id).text(", fingerprint ").child(code(finding.fingerprint.short()));
    element("article")
        .class(&format!("finding {}", of_severity(finding.severity).class()))
        .place("finding", &finding.id)
        .child(heading)
        .child(values([
            ("Cause", Some(span(&finding.cause))),
            ("Impact", finding.impact.as_ref().map(span)),
            ("Location", location),
            ("Fix", finding.fix.as_ref().map(|fix| told(verdict, finding, fix))),
            ("Seen by", Some(check_links(&finding.checks))),
            ("Finding", Some(named)),
        ]))
}

/// The fix with action, owner, effort and command.
fn told(verdict: &Verdict, finding: &Finding, fix: &Fix) -> Element {
    let about = [
        words::action_for(verdict, finding).map(|action| format!("action {}", action.number)),
        fix.owner.as_ref().map(|owner| format!("owner {owner}")),
        fix.effort.map(|effort| format!("effort {effort}")),
    ];
    let about: Vec<String> = about.into_iter().flatten().collect();
    let about = (!about.is_empty()).then(|| element("small").text(about.join(", ")));
    let command = fix.run.as_ref().map(|run| element("pre").child(element("code").lines(run)));
    element("div").text(&fix.text).children(about).children(command)
}
