//! A severity that must be repaired before a launch, and a thing of it that will not be.

use super::super::facts::word::{self, says};
use super::super::facts::{Call, Facts, Item, Place};
use super::super::kind::{Findings, Said};
use crate::value::{self, Severity};

/// What makes it a rule that nothing of a severity is put off.
const MUST: &[&str] = &[
    "has to be fixed",
    "have to be fixed",
    "must be fixed",
    "must be closed",
    "must be resolved",
    "must be treated",
    "always fixed",
    "no waiver*",
    "may not be deferred",
    "must not be deferred",
    "cannot be deferred",
    "never deferred",
    "blocks go-live",
    "block go-live",
    "blocks the launch",
    "block the launch",
    "blocks the release",
    "müssen vor",
    "muss vor",
    "dürfen nicht verschoben",
    "doivent être corrigé*",
    "doit être corrigé*",
    "deben corregirse",
    "debe corregirse",
    "moeten zijn opgelost",
    "moet zijn opgelost",
    "devono essere",
    "devem ser corrigid*",
];
/// It will not be there for the launch.
const LATER: &[&str] = &[
    "ship with",
    "ships with",
    "shipped with",
    "known-issue",
    "known issue",
    "next release",
    "later release",
    "follow-up release",
    "hotfix after",
    "fix after",
    "fixed after",
    "after go-live",
    "after launch",
    "after the launch",
    "post-launch",
    "deferred",
    "waived",
    "moved to",
    "postponed to",
    "next train",
    "next version",
    "nach dem start",
    "nach go-live",
    "nächste version",
    "verschoben",
    "après la mise en production",
    "prochaine version",
    "reporté*",
    "tras el lanzamiento",
    "próxima versión",
    "aplazad*",
    "na livegang",
    "volgende versie",
    "uitgesteld",
    "dopo il lancio",
    "prossima versione",
    "rinviat*",
    "após o lançamento",
    "adiad*",
];

pub(super) fn find(facts: &Facts<'_>, call: Option<&Call>, findings: &mut Findings) {
    for sentence in
        facts.sentences.iter().filter(|sentence| matches!(sentence.place, Place::Prose | Place::Item))
    {
        let lower = sentence.lower();
        let forbids = says(&lower, MUST) && !lower.contains('?');
        let open = says(
            &lower,
            &["open", "offen", "ouvert*", "abiert*", "openstaand*", "apert*", "abert*", "unresolved"],
        ) && word::denies(&lower)
            && says(
                &lower,
                &[
                    "may",
                    "day",
                    "go-live",
                    "launch",
                    "release",
                    "darf",
                    "must",
                    "freigabe",
                    "mise en",
                    "lanzamiento",
                    "livegang",
                    "avvio",
                ],
            );
        if !forbids && !open {
            continue;
        }
        let Some(severity) = of_rule(&sentence.text.plain) else { continue };
        let late = late(facts, severity, sentence.text.span.line);
        let Some((first, _)) = late.first() else { continue };
        let message = format!("«{}», and «{}» is to come later", sentence.text.plain.trim(), first.text);
        let mut places = vec![sentence.said()];
        places.extend(call.map(|call| call.said.clone()));
        places.extend(late.into_iter().flat_map(|(said, other)| [Some(said), other]).flatten());
        findings.certain(message, places);
        return;
    }
}

/// The one severity of a rule: its word, or a class such as `P0`.
fn of_rule(text: &str) -> Option<Severity> {
    let found: Vec<Severity> = value::severities(text).into_iter().map(|found| found.value).collect();
    let first = *found.first()?;
    (found.iter().all(|other| other.rank() == first.rank()) && first.rank() <= 1).then_some(first)
}

/// Things of this severity with a date after the launch, or that are said to come later, each with
/// the place that says so.
fn late(facts: &Facts<'_>, severity: Severity, rule: u32) -> Vec<(Said, Option<Said>)> {
    let launch = facts.launch_date();
    let is_one = |item: &&Item| {
        item.any_severity().is_some_and(|own| own.rank() == severity.rank())
            && item.said.span.line != rule
            && item.id.as_ref().is_some_and(|id| value::severity(&id.text).is_none())
            && !item.state().is_some_and(|state| state.is_good())
    };
    let mut found = Vec::new();
    for item in facts.items.iter().filter(is_one).take(200) {
        let is_after = matches!((item.due, &launch), (Some(due), Some(launch)) if due > launch.date);
        if is_after {
            found.push((item.said.clone(), launch.as_ref().map(|launch| launch.said.clone())));
        } else if let Some(said) = put_off(facts, item) {
            found.push((item.said.clone(), Some(said)));
        }
    }
    found.truncate(12);
    found
}

/// A line of the section of a thing, or one with its id, that puts it off.
fn put_off(facts: &Facts<'_>, item: &Item) -> Option<Said> {
    let id = item.id.as_ref()?;
    let is_own = item.source == super::super::facts::item::Source::Heading;
    let told = facts.sentences.iter().filter(|sentence| matches!(sentence.place, Place::Prose | Place::Item));
    let mut about = told.filter(|sentence| {
        let ids = value::ids(&sentence.text.plain);
        let named = ids.iter().any(|found| found.value.is(id)) && ids.len() == 1;
        named || (is_own && sentence.section == item.section && ids.is_empty())
    });
    about
        .find(|sentence| {
            let lower = sentence.lower();
            says(&lower, LATER) && !word::denies(&lower)
        })
        .map(|sentence| sentence.said())
}
