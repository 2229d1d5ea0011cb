//! What people decided: acceptances and conditions, each bound to something that exists.

use jiff::civil::Date;

use super::raw::{RawAcceptance, RawCondition};
use super::read::Reader;
use super::{Acceptance, Check, Condition, hint};
use crate::diagnostic::Diagnostic;
use crate::yaml::{At, Node};

/// A calendar day, or a diagnostic that says how to write one.
pub(super) fn date(reader: &mut Reader<'_>, text: &At<String>) -> Option<Date> {
    let read = text.value.parse::<Date>();
    read.map_err(|_| {
        reader.report(
            Diagnostic::at(text.place, format!("`{}` is not a day", text.value))
                .help("write YYYY-MM-DD, such as 2027-01-31"),
        )
    })
    .ok()
}

/// Reports a text that a person had to fill in and did not.
pub(super) fn filled(reader: &mut Reader<'_>, what: &str, text: &At<String>) {
    if text.value.trim().is_empty() {
        reader.report(
            Diagnostic::at(text.place, format!("{what} is empty"))
                .help("this is what an auditor will read; fill it in"),
        );
    }
}

fn known_check(reader: &mut Reader<'_>, name: &At<String>, checks: &[Check]) {
    if !checks.iter().any(|check| check.id == name.value) {
        let known = checks.iter().map(|check| check.id.as_str());
        reader.report(
            Diagnostic::at(name.place, format!("there is no check `{}`", name.value))
                .did_you_mean(&name.value, known),
        );
    }
}

/// Reads the acceptances.
pub(super) fn acceptances(reader: &mut Reader<'_>, nodes: &[Node], checks: &[Check]) -> Vec<Acceptance> {
    let raw = reader.list::<RawAcceptance>(nodes);
    reader.unique("acceptance of", raw.iter().map(|(_, acceptance)| &acceptance.finding));
    raw.into_iter()
        .filter_map(|(place, raw)| {
            filled(reader, "the reason", &raw.reason);
            filled(reader, "the owner", &raw.owner);
            filled(reader, "the approver", &raw.approved_by);
            if raw.owner.value.trim().eq_ignore_ascii_case(raw.approved_by.value.trim()) {
                reader.report(
                    Diagnostic::at(raw.approved_by.place, "the owner of a risk cannot approve it")
                        .help("name another person in `approved_by`"),
                );
            }
            known_finding(reader, &raw.finding, checks);
            if let Some(monitor) = &raw.monitor {
                known_check(reader, monitor, checks);
                hint::refuse_as_proof(reader, "an acceptance", monitor, checks);
            }
            Some(Acceptance {
                expires: date(reader, &raw.expires)?,
                finding: raw.finding.value,
                reason: raw.reason.value,
                owner: raw.owner.value,
                approved_by: raw.approved_by.value,
                monitor: raw.monitor.map(|at| at.value),
                origin: reader.origin(place),
            })
        })
        .collect()
}

/// A finding is `category/check/item`, or `category/root_cause` where checks share one; which
/// of these can exist is known before anything is run. What a hint finds is not one of them.
fn known_finding(reader: &mut Reader<'_>, finding: &At<String>, checks: &[Check]) {
    let weigh = || checks.iter().filter(|check| !check.is_hint());
    let first_with = |cause: &str| weigh().find(|check| check.root_cause.as_deref() == Some(cause));
    let may_make = |check: &Check| match &check.root_cause {
        // The category is that of the first check that names the cause.
        Some(cause) => {
            first_with(cause).is_some_and(|first| finding.value == format!("{}/{cause}", first.category))
        }
        None => finding
            .value
            .strip_prefix(&format!("{}/{}/", check.category, check.id))
            .is_some_and(|item| !item.is_empty()),
    };
    let Some(check) = weigh().find(|check| may_make(check)) else {
        if hint::makes(checks, finding) {
            hint::refuse_acceptance(reader, finding);
            return;
        }
        let known: Vec<String> = weigh().map(finding_form).collect();
        let diagnostic =
            Diagnostic::at(finding.place, format!("no check can make the finding `{}`", finding.value));
        reader.report(diagnostic.did_you_mean(&finding.value, known.iter().map(String::as_str)));
        return;
    };
    if !check.waivable {
        let message =
            format!("the check `{}` says `waivable: false`, so its findings cannot be accepted", check.id);
        reader.report(Diagnostic::at(finding.place, message));
    }
}

fn finding_form(check: &Check) -> String {
    match &check.root_cause {
        Some(root_cause) => format!("{}/{root_cause}", check.category),
        None => format!("{}/{}/<item>", check.category, check.id),
    }
}

/// Reads the conditions.
pub(super) fn conditions(reader: &mut Reader<'_>, nodes: &[Node], checks: &[Check]) -> Vec<Condition> {
    let raw = reader.list::<RawCondition>(nodes);
    reader.unique("condition", raw.iter().map(|(_, condition)| &condition.id));
    raw.into_iter()
        .filter_map(|(place, raw)| {
            reader.check_id(&raw.id);
            filled(reader, "the owner", &raw.owner);
            known_check(reader, &raw.check, checks);
            hint::refuse_as_proof(reader, "a condition", &raw.check, checks);
            Some(Condition {
                due: date(reader, &raw.due)?,
                id: raw.id.value,
                text: raw.text,
                owner: raw.owner.value,
                check: raw.check.value,
                overdue: raw.overdue,
                origin: reader.origin(place),
            })
        })
        .collect()
}
