//! Hints: checks that are only likely. A guess cannot veto, so what would make it one is refused.

use super::Check;
use super::raw::RawCheck;
use super::read::Reader;
use crate::diagnostic::Diagnostic;
use crate::status::{Certainty, Severity};
use crate::yaml::At;

/// Reports a check that is only likely and asks for more than a hint may.
pub(super) fn refuse(reader: &mut Reader<'_>, raw: &RawCheck) {
    let Some(likely) = raw.certainty.as_ref().filter(|at| at.value == Certainty::Likely) else { return };
    let id = &raw.id.value;
    let (place, message, help) = if raw.severity.value >= Severity::High {
        (
            // The later of the two is what was added: by an override, or by an environment.
            likely.place.max(raw.severity.place),
            format!("the check `{id}` is only likely, so it cannot be `severity: {}`", raw.severity.value),
            "a guess cannot veto; write `severity: medium` or lower, or `certainty: certain`",
        )
    } else if !raw.waivable {
        (
            likely.place,
            format!("the check `{id}` is only likely, so it cannot be `waivable: false`"),
            "a hint never weighs, so there is nothing to waive; remove one of the two",
        )
    } else if raw.attest.is_some() {
        (
            likely.place,
            format!("the check `{id}` is a statement, so it cannot be `certainty: likely`"),
            "who is not sure should not sign; remove `certainty`",
        )
    } else {
        return;
    };
    reader.report(Diagnostic::at(place, message).help(help));
}

/// Reports a decision that rests on a hint.
pub(super) fn refuse_as_proof(reader: &mut Reader<'_>, what: &str, name: &At<String>, checks: &[Check]) {
    if checks.iter().any(|check| check.id == name.value && check.is_hint()) {
        let message = format!("{what} cannot rest on `{}`, which is only likely", name.value);
        let help = "name a check that is certain; a hint is no proof";
        reader.report(Diagnostic::at(name.place, message).help(help));
    }
}

/// Whether a hint makes this finding.
pub(super) fn makes(checks: &[Check], finding: &At<String>) -> bool {
    let may_make = |check: &Check| {
        let rest = finding.value.strip_prefix(&format!("{}/", check.category));
        rest.is_some_and(|rest| match &check.root_cause {
            Some(root_cause) => rest == root_cause,
            None => rest.strip_prefix(&check.id).is_some_and(|item| item.starts_with('/')),
        })
    };
    checks.iter().any(|check| check.is_hint() && may_make(check))
}

/// Reports an acceptance of what only a hint finds.
pub(super) fn refuse_acceptance(reader: &mut Reader<'_>, finding: &At<String>) {
    let message = format!("only a hint makes the finding `{}`, so there is nothing to accept", finding.value);
    let help = "a hint never weighs; remove the acceptance, or say `not_applicable` in the check";
    reader.report(Diagnostic::at(finding.place, message).help(help));
}
