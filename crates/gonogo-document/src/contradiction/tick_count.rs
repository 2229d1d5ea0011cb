//! `9/12 done` at a list in which eight are ticked.

use super::facts::figure::{shown, whole};
use super::facts::share::shares;
use super::facts::{Facts, Group, Item, Place};
use super::kind::{Findings, Kind, Rule};

pub(super) const RULE: Rule = Rule {
    id: "tick-count",
    kind: Kind::Count,
    why: "How far a checklist is can be seen at its boxes.",
    find,
};

fn find(facts: &Facts<'_>, findings: &mut Findings) {
    for group in facts.groups.iter().filter(|group| group.has_boxes) {
        let items: Vec<&Item> = group
            .items
            .iter()
            .filter_map(|at| facts.items.get(*at))
            .filter(|item| item.ticked.is_some())
            .collect();
        let ticked = items.iter().filter(|item| item.ticked == Some(true)).count() as u64;
        for sentence in facts.sentences.iter().filter(|sentence| introduces(facts, sentence, group)) {
            let Some(share) = shares(&sentence.text.plain).into_iter().next() else { continue };
            let (all, done) = (whole(items.len() as u64), whole(ticked));
            let open = &all - &done;
            let says_open = [
                "open", "left", "remain", "pending", "to do", "offen", "ouvert", "restant", "abiert",
                "pendient", "apert", "da fare", "abert", "otwart", "not done", "unticked",
            ]
            .iter()
            .any(|word| sentence.lower().contains(word));
            if share.part == done && share.whole == all || says_open && share.part == open {
                continue;
            }
            if share.whole == all || group.span.line - sentence.text.span.end_line <= 3 {
                let message = format!(
                    "it says {} of {}, but {ticked} of {} are ticked",
                    shown(&share.part),
                    shown(&share.whole),
                    items.len()
                );
                let mut places = vec![sentence.said()];
                places.extend(items.iter().map(|item| item.said.clone()));
                // A number of those that are open is wrong whatever the whole is.
                let is_near = group.span.line - sentence.text.span.end_line <= 2;
                findings.say(
                    share.whole == all || says_open && is_near && share.part != open,
                    message,
                    places,
                );
            }
        }
    }
}

/// A heading or a line above the list, with nothing else of its kind between.
fn introduces(facts: &Facts<'_>, sentence: &super::facts::Sentence, group: &Group) -> bool {
    let line = sentence.text.span.end_line;
    let before = line < group.span.line && group.span.line - line <= 6;
    if !before || !matches!(sentence.place, Place::Heading | Place::Prose) {
        return false;
    }
    let between =
        facts.groups.iter().any(|other| other.span.line > line && other.span.line < group.span.line);
    !between && facts.chapter(sentence.section) == facts.chapter(group.section)
}
