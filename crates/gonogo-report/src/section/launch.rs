//! The plan of the launch, and who authorises it.

use gonogo_model::register::{
    Criterion, LaunchState, RoleState, SignatureState, StepState, TriggerState, WatchState,
};
use gonogo_model::verdict::Verdict;

use super::{Cell, Mood, Part, Section, part};

pub(super) fn plan(verdict: &Verdict) -> Option<Section> {
    let launch = verdict.registers.launch.as_ref()?;
    let named = |title: &str, part: Part| Part { title: Some(title.to_owned()), ..part };
    let steps =
        ["Step", "What is done", "Share", "Lasts", "May begin", "Before it begins", "Before the next one"];
    let triggers = ["Trigger", "When", "What is done", "Owner", "Within", "Now"];
    let watches = ["What", "When", "Who", "Check"];
    let parts = [
        named("Steps", part("Steps of the launch", &steps, launch.steps.iter().map(step).collect())),
        named("Rollback", part("When to go back", &triggers, launch.rollback.iter().map(trigger).collect())),
        named(
            "Monitoring",
            part("What is watched afterwards", &watches, launch.monitoring.iter().map(watch).collect()),
        ),
    ];
    let parts = parts.into_iter().filter(|part| !part.rows.is_empty()).collect();
    Some(Section { id: "launch", title: "Deployment recommendations", notes: notes(launch), parts })
}

fn notes(launch: &LaunchState) -> Vec<String> {
    let strategy = launch.strategy.as_ref().map(|strategy| format!("Strategy: {strategy}."));
    let date = launch.date.map(|date| format!("Day of the launch: {date}."));
    strategy.into_iter().chain(date).collect()
}

fn step(step: &StepState) -> Vec<Cell> {
    let (mood, word) = if step.may_begin { (Mood::Good, "yes") } else { (Mood::Bad, "not yet") };
    vec![
        Cell::Code(step.id.clone()),
        Cell::text(&step.title),
        Cell::or(step.share, "not said"),
        Cell::or(step.lasts, "not said"),
        Cell::Word(mood, word.to_owned()),
        criteria(&step.enter),
        criteria(&step.exit),
    ]
}

fn trigger(trigger: &TriggerState) -> Vec<Cell> {
    vec![
        Cell::Code(trigger.id.clone()),
        Cell::text(&trigger.when),
        Cell::text(&trigger.text),
        Cell::or(trigger.owner.as_ref(), "nobody"),
        Cell::or(trigger.within, "not said"),
        trigger.check.as_ref().map_or_else(|| Cell::text("a metric"), |check| Cell::Status(check.status)),
    ]
}

fn watch(watch: &WatchState) -> Vec<Cell> {
    let check = watch
        .check
        .as_ref()
        .map_or_else(|| Cell::text("none"), |check| criteria(std::slice::from_ref(check)));
    vec![Cell::text(&watch.what), Cell::text(&watch.when), Cell::text(&watch.who), check]
}

fn criteria(criteria: &[Criterion]) -> Cell {
    match criteria.is_empty() {
        true => Cell::text("nothing"),
        false => Cell::Checks(
            criteria.iter().map(|criterion| (criterion.check.clone(), Some(criterion.status))).collect(),
        ),
    }
}

pub(super) fn authorisation(verdict: &Verdict) -> Option<Section> {
    let sign_off = verdict.registers.sign_off.as_ref()?;
    let answer =
        if sign_off.authorised { "The launch is authorised" } else { "The launch is not authorised" };
    let mut notes = vec![
        format!("{answer}: {}.", sign_off.why),
        format!("Signed: {} of {} roles.", sign_off.signed, sign_off.required),
        format!("Digest to sign: `{}`.", sign_off.digest),
    ];
    notes.extend(sign_off.prepared_by.as_ref().map(|author| format!("Evidence prepared by {author}.")));
    let heading = ["Role", "State", "Name", "Date", "Signed digest", "Own evidence"];
    let rows = sign_off.roles.iter().map(role).collect();
    let parts = vec![part("Signatures", &heading, rows)];
    Some(Section { id: "sign-off", title: "Launch authorisation", notes, parts })
}

fn role(role: &RoleState) -> Vec<Cell> {
    let mood = match role.state {
        SignatureState::Signed => Mood::Good,
        SignatureState::Unsigned => Mood::Warn,
        SignatureState::OtherVerdict | SignatureState::OwnEvidence | SignatureState::Future => Mood::Bad,
    };
    vec![
        Cell::text(&role.role),
        Cell::Word(mood, role.state.word().to_owned()),
        Cell::or(role.by.as_ref(), ""),
        Cell::or(role.on, ""),
        role.verdict.as_ref().map_or_else(|| Cell::text(""), |digest| Cell::Code(digest.to_string())),
        Cell::Text(role.own_evidence.join(", ")),
    ]
}
