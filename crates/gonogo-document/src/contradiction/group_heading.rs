//! Things under a heading that says the opposite of them: `NOT ACCEPTED` under accepted risks.

mod kinds;

use super::facts::{Facts, Item};
use super::kind::{Findings, Kind, Rule, Said};
use crate::name::Likeness;
use crate::value::{self, Polarity, Severity, State};

pub(super) const RULE: Rule = Rule {
    id: "group-heading",
    kind: Kind::Disagreement,
    why: "People read the heading of a list; what stands under the wrong one is taken for the opposite.",
    find,
};

fn find(facts: &Facts<'_>, findings: &mut Findings) {
    for group in &facts.groups {
        let title = facts.section(group.section).title.plain.to_lowercase();
        let items: Vec<&Item> = group.items.iter().filter_map(|at| facts.items.get(*at)).collect();
        let accepted = title.contains("accepted") && !title.contains("not accepted");
        if accepted {
            let wrong: Vec<Said> = items
                .iter()
                .filter(|item| item.state() == Some(State::NotAccepted))
                .map(|item| item.said.clone())
                .collect();
            if !wrong.is_empty() {
                let mut places = vec![facts.heading(group.section)];
                places.extend(wrong.iter().cloned());
                findings.certain(
                    format!(
                        "{} rows under “{}” are not accepted",
                        wrong.len(),
                        facts.section(group.section).title.plain
                    ),
                    places,
                );
            }
        }
        unmet(facts, &title, group.section, &items, findings);
    }
    overall_risk(facts, findings);
    kinds::find(facts, findings);
}

/// Criteria that carry a sign of being met, while the thing itself is not done elsewhere.
fn unmet(
    facts: &Facts<'_>,
    title: &str,
    section: crate::SectionId,
    items: &[&Item],
    findings: &mut Findings,
) {
    let is_criteria =
        ["until", "criteria", "before", "required", "requirements", "pre-launch", "conditions", "must"]
            .iter()
            .any(|word| title.contains(word));
    if !is_criteria {
        return;
    }
    let mut places = Vec::new();
    for item in items.iter().filter(|item| {
        item.ticked.is_none()
            && item.mark.is_some_and(|mark| mark.sign.is_some_and(|sign| sign.polarity() == Polarity::Good))
    }) {
        let open = facts.items.iter().find(|other| {
            let same = other.said.span.line != item.said.span.line
                && (other.name.likeness(&item.name) >= Likeness::Contained || other.name.is_like(&item.name));
            let bad = other.mark.is_some_and(|mark| {
                matches!(mark.polarity(), Polarity::Bad | Polarity::Open)
                    || mark.state == Some(State::NotAccepted)
            });
            let wants = ["requires", "required", "must be", "needs"]
                .iter()
                .any(|word| other.said.text.to_lowercase().contains(word));
            same && (bad || other.ticked == Some(false) || wants)
        });
        if let Some(open) = open {
            places.push(item.said.clone());
            places.push(open.said.clone());
        }
    }
    if !places.is_empty() {
        let message = format!(
            "criteria under “{}” carry the sign of being met, but what they ask for is open",
            facts.section(section).title.plain
        );
        findings.certain(message, places);
    }
}

/// An overall risk that is milder than the worst of the findings that must be fixed.
fn overall_risk(facts: &Facts<'_>, findings: &mut Findings) {
    for sentence in &facts.sentences {
        let Some(field) = sentence.text.field() else { continue };
        let key = field.key.plain.to_lowercase();
        let overall =
            matches!(key.trim(), "risk level" | "overall risk" | "overall risk level" | "gesamtrisiko");
        let first = value::severities(&field.value.plain).into_iter().next().map(|found| found.value);
        let Some(stated) = first.filter(|_| overall) else { continue };
        let worst = facts
            .sentences
            .iter()
            .filter(|other| {
                other.text.field().is_some_and(|field| field.key.plain.to_lowercase().trim() == "risk")
            })
            .filter_map(|other| {
                Some((value::severities(&other.text.plain).into_iter().next()?.value, other.said()))
            })
            .chain(facts.items.iter().filter_map(|item| Some((item.severity?, item.said.clone()))))
            .filter(|(severity, _)| severity.rank() < stated.rank())
            .min_by_key(|(severity, _)| severity.rank());
        let required = facts.sentences.iter().find(|other| other.text.plain.contains("REQUIRED"));
        if let Some((severity, said)) = worst {
            findings.likely(
                format!(
                    "the overall risk is {}, but there are findings that are {}",
                    stated.word(),
                    severity.word()
                ),
                vec![sentence.said(), said],
            );
        } else if let (Some(required), Severity::Low) = (required, stated) {
            findings.likely(
                "the overall risk is low, but there is work that is required before launch".to_owned(),
                vec![sentence.said(), required.said()],
            );
        }
    }
}
