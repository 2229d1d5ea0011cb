//! The plan of the launch and the roles that must sign, made valid.

use super::raw::{RawLaunch, RawRole, RawSignOff, RawStep, RawTrigger, RawWatch};
use super::{Authorisation, Launch, Names, Role, SignOff, Step, Trigger, TriggerOn, Watch};
use crate::amount::Percent;
use crate::diagnostic::Diagnostic;
use crate::digest::Digest;
use crate::place::Place;
use crate::spec::decisions;
use crate::spec::read::Reader;
use crate::yaml::At;

/// The launch; what is wrong with it is reported.
pub(super) fn launch(reader: &mut Reader<'_>, raw: &At<RawLaunch>, names: &Names<'_>) -> Option<Launch> {
    let (place, raw) = (raw.place, &raw.value);
    let date = match &raw.date {
        Some(date) => Some(decisions::date(reader, date)?),
        None => None,
    };
    let steps: Vec<(Place, RawStep)> = reader.list(&raw.steps);
    let rollback: Vec<(Place, RawTrigger)> = reader.list(&raw.rollback);
    let monitoring: Vec<(Place, RawWatch)> = reader.list(&raw.monitoring);
    reader.unique("step", steps.iter().map(|(_, step)| &step.id));
    reader.unique("trigger", rollback.iter().map(|(_, trigger)| &trigger.id));
    let ids = steps.iter().map(|(_, step)| &step.id).chain(rollback.iter().map(|(_, trigger)| &trigger.id));
    ids.for_each(|id| reader.check_id(id));
    shares(reader, &steps);
    Some(Launch {
        date,
        strategy: raw.strategy.clone(),
        steps: steps.into_iter().map(|(_, raw)| step(reader, raw, names)).collect(),
        rollback: rollback.into_iter().filter_map(|(_, raw)| trigger(reader, raw, names)).collect(),
        monitoring: monitoring.into_iter().map(|(_, raw)| watch(reader, raw, names)).collect(),
        origin: reader.origin(place),
    })
}

/// Shares grow from step to step, and the last one is everybody.
fn shares(reader: &mut Reader<'_>, steps: &[(Place, RawStep)]) {
    let shares: Vec<&At<Percent>> = steps.iter().filter_map(|(_, step)| step.share.as_ref()).collect();
    for pair in shares.windows(2) {
        let [before, after] = pair else { continue };
        if after.value <= before.value {
            reader.report(
                Diagnostic::at(
                    after.place,
                    format!("the share goes from {} to {}", before.value, after.value),
                )
                .help("shares grow from step to step; going back is a rollback"),
            );
        }
    }
    if let Some(last) = shares.last().filter(|last| last.value != Percent::WHOLE) {
        reader.report(
            Diagnostic::at(last.place, format!("the last step ends at {}", last.value))
                .help("a launch is over at 100%; add the last step"),
        );
    }
}

fn step(reader: &mut Reader<'_>, raw: RawStep, names: &Names<'_>) -> Step {
    Step {
        title: raw.title.unwrap_or_else(|| raw.id.value.replace(['-', '_'], " ")),
        id: raw.id.value,
        share: raw.share.map(|at| at.value),
        lasts: raw.lasts,
        enter: names.all_checks(reader, "a step", raw.enter),
        exit: names.all_checks(reader, "a step", raw.exit),
    }
}

fn trigger(reader: &mut Reader<'_>, raw: RawTrigger, names: &Names<'_>) -> Option<Trigger> {
    decisions::filled(reader, "what is done", &raw.text);
    let on = match (raw.check, raw.metric, raw.threshold) {
        (Some(check), None, None) => {
            names.check(reader, "a trigger", &check);
            TriggerOn::Check(check.value)
        }
        (None, Some(metric), Some(threshold)) => {
            decisions::filled(reader, "the metric", &metric);
            decisions::filled(reader, "the threshold", &threshold);
            TriggerOn::Metric { metric: metric.value, threshold: threshold.value }
        }
        _ => {
            reader.report(
                Diagnostic::at(
                    raw.id.place,
                    format!("nothing says when the trigger `{}` trips", raw.id.value),
                )
                .help("name a `check`, or a `metric` with its `threshold`; not both"),
            );
            return None;
        }
    };
    Some(Trigger { id: raw.id.value, on, text: raw.text.value, owner: raw.owner, within: raw.within })
}

fn watch(reader: &mut Reader<'_>, raw: RawWatch, names: &Names<'_>) -> Watch {
    for (what, text) in [("what is watched", &raw.what), ("when", &raw.when), ("who watches", &raw.who)] {
        decisions::filled(reader, what, text);
    }
    raw.check.iter().for_each(|check| names.check(reader, "monitoring", check));
    Watch {
        what: raw.what.value,
        when: raw.when.value,
        who: raw.who.value,
        check: raw.check.map(|at| at.value),
    }
}

/// The roles that must sign; what is wrong with them is reported.
pub(super) fn sign_off(reader: &mut Reader<'_>, raw: &At<RawSignOff>) -> Option<SignOff> {
    let (place, raw) = (raw.place, &raw.value);
    let roles: Vec<(Place, RawRole)> = reader.list(&raw.roles);
    if raw.roles.is_empty() {
        let message = "nobody has to sign";
        reader.report(Diagnostic::at(place, message).help("list the roles, or remove `sign_off`"));
    }
    reader.unique("role", roles.iter().map(|(_, role)| &role.role));
    let author = raw.prepared_by.as_deref();
    let roles = roles.into_iter().filter_map(|(_, raw)| role(reader, raw, author)).collect();
    Some(SignOff { prepared_by: raw.prepared_by.clone(), roles, origin: reader.origin(place) })
}

fn role(reader: &mut Reader<'_>, raw: RawRole, author: Option<&str>) -> Option<Role> {
    decisions::filled(reader, "the role", &raw.role);
    let signed = match (&raw.by, &raw.on, &raw.verdict) {
        (None, None, None) => None,
        (Some(by), Some(on), Some(verdict)) => {
            decisions::filled(reader, "the name of who signs", by);
            if author.is_some_and(|author| author.trim().eq_ignore_ascii_case(by.value.trim())) {
                reader.report(
                    Diagnostic::at(by.place, "who prepared the evidence cannot sign it off")
                        .help("let another person sign, or correct `prepared_by`"),
                );
            }
            let Some(digest) = Digest::read(&verdict.value) else {
                reader.report(
                    Diagnostic::at(verdict.place, format!("`{}` is not a digest", verdict.value)).help(
                        "copy the 64 digits under \"Launch authorisation\" of the report that was read",
                    ),
                );
                return None;
            };
            Some(Authorisation { by: by.value.clone(), on: decisions::date(reader, on)?, verdict: digest })
        }
        _ => {
            reader.report(
                Diagnostic::at(raw.role.place, "a signature needs `by`, `on` and `verdict`")
                    .help("give all three, or none while nobody has signed"),
            );
            return None;
        }
    };
    Some(Role { role: raw.role.value, signed })
}
