//! One spec, several environments: the chosen environment's changes laid over the rest.

use std::collections::BTreeMap;

use super::raw::{RawChange, RawCheck, RawEnvironment, RawPolicy, RawSpec};
use super::read::Reader;
use crate::diagnostic::Diagnostic;
use crate::place::Place;
use crate::yaml::{At, Kind, Node};

/// The chosen environment.
pub(super) struct Chosen {
    /// Its name.
    pub(super) name: String,
    /// Its changes to checks, by id.
    pub(super) changes: BTreeMap<String, At<RawChange>>,
}

/// Chooses the environment `wanted`, or the one the spec names, and lays its targets, policy,
/// budget and consent over the spec. `None` when there is no such environment.
pub(super) fn lay_over(reader: &mut Reader<'_>, raw: &mut RawSpec, wanted: Option<&str>) -> Option<Chosen> {
    let stated = raw.environment.as_ref().map(|at| at.value.clone());
    let name = wanted.map(str::to_owned).or(stated.clone()).unwrap_or_else(|| "default".to_owned());
    let known = stated.as_deref() == Some(&name) || raw.environments.contains_key(&name);
    if wanted.is_some() && !known {
        let names = raw.environments.keys().map(String::as_str).chain(stated.as_deref());
        let place = raw.environment.as_ref().map_or(Place::START, |at| at.place);
        let names: Vec<&str> = names.collect();
        reader.report(
            Diagnostic::at(place, format!("there is no environment `{name}`")).did_you_mean(&name, names),
        );
        return None;
    }
    let here = raw.environments.get(&name).cloned().unwrap_or_default();
    let RawEnvironment { targets, checks, policy, budget, consent } = here;
    raw.targets.extend(targets);
    raw.policy = lay_policy(raw.policy.take(), policy);
    if let Some(budget) = budget {
        let below = raw.budget.take().unwrap_or_default();
        raw.budget = Some(super::raw::RawBudget {
            run: budget.run.or(below.run),
            look: budget.look.or(below.look),
            parallel: budget.parallel.or(below.parallel),
        });
    }
    if consent.is_some() {
        raw.consent = consent;
    }
    Some(Chosen { name, changes: checks })
}

fn lay_policy(below: Option<RawPolicy>, above: Option<RawPolicy>) -> Option<RawPolicy> {
    let Some(above) = above else { return below };
    let below = below.unwrap_or_default();
    Some(RawPolicy {
        go_at: above.go_at.or(below.go_at),
        conditional_at: above.conditional_at.or(below.conditional_at),
        high_cap: above.high_cap.or(below.high_cap),
        attested_counts: above.attested_counts.or(below.attested_counts),
        accept_blockers: above.accept_blockers.or(below.accept_blockers),
        max_age: above.max_age.or(below.max_age),
    })
}

/// Lays a change over a check. Parameters are merged key by key, unless the probe changes too.
pub(super) fn change_check(check: &mut RawCheck, change: RawChange) {
    let RawChange {
        title,
        probe,
        with,
        expect,
        partial,
        severity,
        certainty,
        max_age,
        time_limit,
        not_applicable,
    } = change;
    if probe.is_some() {
        check.with = with;
        check.partial = None;
        check.attest = None;
    } else if let Some(with) = with {
        check.with = Some(merged(check.with.take(), with));
    }
    replace(&mut check.title, title);
    replace(&mut check.probe, probe);
    replace(&mut check.expect, expect);
    replace(&mut check.partial, partial);
    replace(&mut check.certainty, certainty);
    replace(&mut check.max_age, max_age);
    replace(&mut check.time_limit, time_limit);
    replace(&mut check.not_applicable, not_applicable);
    if let Some(severity) = severity {
        check.severity = severity;
    }
}

fn replace<T>(old: &mut Option<T>, new: Option<T>) {
    if new.is_some() {
        *old = new;
    }
}

fn merged(below: Option<Node>, above: Node) -> Node {
    let (Some(Node { kind: Kind::Map(mut entries), place }), Kind::Map(changes)) = (below, &above.kind)
    else {
        return above;
    };
    for (key, value) in changes {
        match entries.iter_mut().find(|(known, _)| known.name == key.name) {
            Some(entry) => *entry = (key.clone(), value.clone()),
            None => entries.push((key.clone(), value.clone())),
        }
    }
    Node { place, kind: Kind::Map(entries) }
}
