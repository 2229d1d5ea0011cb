//! Entries of registers that hold the launch up, as results at the line of the spec that has them.
//! One without a line in a file is left out: GitHub refuses a whole file for one such result.

use gonogo_model::verdict::Verdict;

use super::log::{Configuration, Message, Rule, RuleProperties, SarifResult};
use super::{locations, message};
use crate::clean;
use crate::entry::{Entry, Outcome, registers};
use crate::place;

/// The registers that have a result, each as a rule.
pub(super) fn rules(verdict: &Verdict) -> Vec<Rule> {
    let held = registers(verdict).into_iter().filter(|(_, entries)| entries.iter().any(holds));
    held.map(|(register, _)| rule(register)).collect()
}

/// A result for each entry that holds the launch up. `index_of` is where its rule is in the list.
pub(super) fn results(verdict: &Verdict, index_of: impl Fn(&str) -> Option<usize>) -> Vec<SarifResult> {
    let all = registers(verdict).into_iter().flat_map(|(register, entries)| {
        let id = id_of(register);
        let index = index_of(&id);
        let held = entries.into_iter().filter(holds);
        held.filter_map(|entry| result(register, &entry, id.clone(), index)).collect::<Vec<_>>()
    });
    all.collect()
}

fn holds(entry: &Entry<'_>) -> bool {
    matches!(entry.outcome, Outcome::Held | Outcome::Unknown) && place::spec(entry.origin).is_some()
}

/// A name that no check can have.
fn id_of(register: &str) -> String {
    format!("register/{register}")
}

fn rule(register: &str) -> Rule {
    let about = Message { text: format!("What launch waits for in `{register}` holds.") };
    Rule {
        id: id_of(register),
        short_description: about.clone(),
        full_description: about.clone(),
        help: about,
        default_configuration: Configuration { level: "error" },
        properties: RuleProperties { tags: vec![register.to_owned()], severity: "high", precision: None },
    }
}

fn result(register: &str, entry: &Entry<'_>, rule_id: String, index: Option<usize>) -> Option<SarifResult> {
    let spot = place::spec(entry.origin)?;
    let said = [("register", register), ("entry", &entry.id), ("state", entry.state)];
    let name = clean::line(&format!("{register}/{}", entry.id));
    Some(SarifResult {
        rule_id,
        rule_index: index,
        kind: "fail",
        level: "error",
        message: message(&format!("{} is {}: {}\n{}", entry.id, entry.state, entry.title, entry.why)),
        locations: vec![locations::at(spot)],
        related_locations: Vec::new(),
        partial_fingerprints: [("gonogoRegister/v1", name)].into(),
        suppressions: Vec::new(),
        properties: said.into_iter().map(|(name, value)| (name, clean::line(value))).collect(),
    })
}
