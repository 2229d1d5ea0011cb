//! Checks: from includes and from the spec itself, with the environment's changes, each in a
//! stage and a category that exist.

use std::collections::BTreeMap;

use super::environment::change_check;
use super::include::included;
use super::raw::{RawChange, RawCheck, RawScenario, RawSigned, RawSpec};
use super::read::Reader;
use super::{Category, Check, Fix, PackSource, Scenario, Signed, Stage, Target, decisions, hint};
use crate::amount::Wait;
use crate::catalog::Catalog;
use crate::diagnostic::Diagnostic;
use crate::place::{Origin, Place};
use crate::yaml::At;

/// What checks may refer to, and what they fall back on.
pub(super) struct Checks<'a> {
    pub(super) catalog: &'a Catalog,
    pub(super) targets: &'a BTreeMap<String, Target>,
    pub(super) stages: &'a [Stage],
    pub(super) categories: &'a [Category],
    pub(super) max_age: Wait,
    pub(super) look: Wait,
}

/// A check as written, with where it came from. `place` is where this spec can change it.
pub(super) struct Written {
    pub(super) raw: RawCheck,
    pub(super) place: Place,
    pub(super) origin: Origin,
}

impl Checks<'_> {
    /// Every check in the order of the stages; what is wrong is reported.
    pub(super) fn read(
        &self,
        reader: &mut Reader<'_>,
        raw: &RawSpec,
        changes: &BTreeMap<String, At<RawChange>>,
        packs: &[PackSource],
    ) -> Vec<Check> {
        let mut written = included(reader, &raw.include, packs);
        let own = reader.list::<RawCheck>(&raw.checks);
        written.extend(own.into_iter().map(|(place, raw)| Written {
            origin: reader.origin(place),
            place,
            raw,
        }));
        reader.unique("check", written.iter().map(|check| &check.raw.id));
        self.change(reader, &mut written, changes);
        let mut checks: Vec<Check> =
            written.into_iter().filter_map(|check| self.valid(reader, check)).collect();
        let order = |stage: &str| self.stages.iter().position(|known| known.id == stage);
        // Hints look last, so that the time they take is never that of a check that weighs.
        checks.sort_by_key(|check| (order(&check.stage), check.certainty));
        self.nothing_is_empty(reader, &checks);
        checks
    }

    fn change(
        &self,
        reader: &mut Reader<'_>,
        written: &mut [Written],
        changes: &BTreeMap<String, At<RawChange>>,
    ) {
        for (id, change) in changes {
            match written.iter_mut().find(|check| check.raw.id.value == *id) {
                Some(check) => change_check(&mut check.raw, change.value.clone()),
                None => {
                    let known: Vec<&str> = written.iter().map(|check| check.raw.id.value.as_str()).collect();
                    reader.report(
                        Diagnostic::at(change.place, format!("there is no check `{id}` to change"))
                            .did_you_mean(id, known),
                    );
                }
            }
        }
    }

    fn valid(&self, reader: &mut Reader<'_>, Written { raw, place, origin }: Written) -> Option<Check> {
        reader.check_id(&raw.id);
        let stages = self.stages.iter().map(|stage| stage.id.as_str());
        let stage = one_of(reader, "stage", raw.stage.as_ref(), place, &stages.collect::<Vec<_>>());
        let categories = self.categories.iter().map(|category| category.id.as_str());
        let category =
            one_of(reader, "category", raw.category.as_ref(), place, &categories.collect::<Vec<_>>());
        let proof = self.proof(reader, &raw, place);
        if let Some(root_cause) = &raw.root_cause {
            reader.check_id(root_cause);
        }
        hint::refuse(reader, &raw);
        Some(Check {
            title: raw.title.unwrap_or_else(|| raw.id.value.replace(['-', '_'], " ")),
            stage: stage?,
            category: category?,
            severity: raw.severity.value,
            certainty: raw.certainty.map(|at| at.value).unwrap_or_default(),
            proof: proof?,
            waivable: raw.waivable,
            root_cause: raw.root_cause.map(|at| at.value),
            impact: raw.impact,
            fix: raw.fix.map(|fix| Fix {
                text: fix.text,
                run: fix.run,
                effort: fix.effort,
                owner: fix.owner,
            }),
            max_age: raw.max_age.unwrap_or(self.max_age),
            not_applicable: raw.not_applicable.map(|signed| sign(reader, signed)),
            scenario: raw.scenario.map(|scenario| placed(reader, scenario)),
            id: raw.id.value,
            origin,
        })
    }

    /// Silence is never GO: nothing that the verdict asks for may be without a check that weighs.
    fn nothing_is_empty(&self, reader: &mut Reader<'_>, checks: &[Check]) {
        if !checks.iter().any(|check| !check.is_hint()) {
            let message = match checks.is_empty() {
                true => "the plan is empty: the spec has no check that can be read",
                false => "the plan is empty: every check is only likely, and a hint is no proof",
            };
            reader.report(
                Diagnostic::at(Place::START, message)
                    .help("add at least one check that is certain; silence is never GO"),
            );
            return;
        }
        let stages = self.stages.iter().map(|stage| ("stage", stage.id.as_str()));
        let categories = self.categories.iter().map(|category| ("category", category.id.as_str()));
        for (noun, id) in stages.chain(categories) {
            let is_in =
                |check: &Check| if noun == "stage" { check.stage == id } else { check.category == id };
            if checks.iter().any(|check| !check.is_hint() && is_in(check)) {
                continue;
            }
            let message = match checks.iter().any(is_in) {
                true => format!("the {noun} `{id}` has only hints (`certainty: likely`), which are no proof"),
                false => format!("the {noun} `{id}` has no check"),
            };
            reader.report(
                Diagnostic::at(Place::START, message)
                    .help("add a check that is certain to it or remove it; silence is never GO"),
            );
        }
    }
}

/// The named stage or category, or the only one there is.
fn one_of(
    reader: &mut Reader<'_>,
    noun: &str,
    given: Option<&At<String>>,
    place: Place,
    known: &[&str],
) -> Option<String> {
    match (given, known) {
        (Some(name), known) if known.contains(&name.value.as_str()) => Some(name.value.clone()),
        (Some(name), known) => {
            reader.report(
                Diagnostic::at(name.place, format!("there is no {noun} `{}`", name.value))
                    .did_you_mean(&name.value, known.iter().copied()),
            );
            None
        }
        (None, [only]) => Some((*only).to_owned()),
        (None, known) => {
            reader.report(
                Diagnostic::at(place, format!("this check names no {noun}"))
                    .help(format!("add `{noun}:`, one of {}", known.join(", "))),
            );
            None
        }
    }
}

fn placed(reader: &mut Reader<'_>, raw: RawScenario) -> Scenario {
    decisions::filled(reader, "what goes wrong", &raw.fault);
    decisions::filled(reader, "what must hold then", &raw.aspect);
    Scenario { fault: raw.fault.value, aspect: raw.aspect.value }
}

fn sign(reader: &mut Reader<'_>, signed: RawSigned) -> Signed {
    decisions::filled(reader, "the reason", &signed.reason);
    decisions::filled(reader, "the name of who says so", &signed.by);
    Signed { reason: signed.reason.value, by: signed.by.value }
}
