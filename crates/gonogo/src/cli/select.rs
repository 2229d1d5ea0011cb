//! `--only` and `--skip`: which checks a run leaves out.

use std::collections::BTreeSet;

use gonogo_model::diagnostic::Diagnostic;
use gonogo_model::place::Place;
use gonogo_model::spec::{Check, Proof, Spec};

/// The checks that are left out. `--only` keeps the gates before what it selects: a check
/// behind a gate that was not looked at could not start.
///
/// # Errors
/// A sentence for a name that selects nothing.
pub(super) fn left_out(spec: &Spec, only: &[String], skip: &[String]) -> Result<BTreeSet<String>, String> {
    let mut kept: BTreeSet<&str> = spec.checks.iter().map(|check| check.id.as_str()).collect();
    if !only.is_empty() {
        kept = selected(spec, only)?;
        let gates = gates_before(spec, &kept);
        kept.extend(
            spec.checks
                .iter()
                .filter(|check| gates.contains(check.stage.as_str()))
                .map(|check| check.id.as_str()),
        );
    }
    for name in selected(spec, skip)? {
        kept.remove(name);
    }
    Ok(spec
        .checks
        .iter()
        .filter(|check| !kept.contains(check.id.as_str()))
        .map(|check| check.id.clone())
        .collect())
}

fn selected<'s>(spec: &'s Spec, names: &[String]) -> Result<BTreeSet<&'s str>, String> {
    let mut found = BTreeSet::new();
    for name in names {
        let matching: Vec<&str> =
            spec.checks.iter().filter(|check| matches(check, name)).map(|check| check.id.as_str()).collect();
        if matching.is_empty() {
            return Err(nothing(spec, name));
        }
        found.extend(matching);
    }
    Ok(found)
}

fn matches(check: &Check, name: &str) -> bool {
    let probe = match &check.proof {
        Proof::Probe(look) => look.probe.as_str(),
        Proof::Attested(_) => "",
    };
    match name.split_once(':') {
        Some(("stage", stage)) => check.stage == stage,
        Some(("category", category)) => check.category == category,
        Some(("probe", id)) => probe == id || probe.split('/').next() == Some(id),
        _ => check.id == name,
    }
}

fn nothing(spec: &Spec, name: &str) -> String {
    let checks = spec.checks.iter().map(|check| check.id.clone());
    let stages = spec.stages.iter().map(|stage| format!("stage:{}", stage.id));
    let categories = spec.categories.iter().map(|category| format!("category:{}", category.id));
    let known: Vec<String> = checks.chain(stages).chain(categories).collect();
    let diagnostic = Diagnostic::at(Place::START, format!("nothing in the plan is called `{name}`"))
        .did_you_mean(name, known.iter().map(String::as_str));
    diagnostic.help.map_or(diagnostic.message.clone(), |help| format!("{}; {help}", diagnostic.message))
}

/// The gate stages that come, directly or not, before the stages of the kept checks.
fn gates_before<'s>(spec: &'s Spec, kept: &BTreeSet<&str>) -> BTreeSet<&'s str> {
    let mut before: BTreeSet<&str> = BTreeSet::new();
    // Stages are in order, so going backwards reaches every need after what needs it.
    for stage in spec.stages.iter().rev() {
        let wanted =
            spec.checks.iter().any(|check| check.stage == stage.id && kept.contains(check.id.as_str()));
        if wanted || before.contains(stage.id.as_str()) {
            before.extend(stage.needs.iter().map(String::as_str));
        }
    }
    before.into_iter().filter(|id| spec.stage(id).is_some_and(|stage| stage.gate)).collect()
}
