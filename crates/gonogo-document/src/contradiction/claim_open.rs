//! Praised, and open elsewhere: «monitoring is in place» beside a box «set up alerting».

mod part;

use std::collections::BTreeSet;

use super::facts::domain::{self, Domain};
use super::facts::word::{self, says};
use super::facts::{Facts, Item, Openness, Place, Praise, Sentence, Topic};
use super::kind::{Findings, Kind, Rule};
use crate::name::{Likeness, Name};

pub(super) const RULE: Rule = Rule {
    id: "claim-open",
    kind: Kind::Evidence,
    why: "What is still to be set up, tested or repaired is not in place, ready or tested.",
    find,
};

/// Words that name no thing.
const GENERIC: &[&str] = &[
    "status", "stat", "state", "item", "document", "all", "blocker", "block", "issu", "go", "live", "launch",
    "verdict", "overall", "system", "new", "open", "phas", "categor", "step",
];

fn find(facts: &Facts<'_>, findings: &mut Findings) {
    let open: Vec<(&Item, Openness, Vec<Domain>)> = facts
        .open()
        .into_iter()
        .map(|(item, how)| (item, how, domain::of(&item.said.text.to_lowercase())))
        .collect();
    let denials = denials(facts);
    let praises = facts.praises();
    part::find(facts, &praises, findings);
    for praise in praises {
        let subject: BTreeSet<&String> =
            praise.subject.words.iter().filter(|word| !GENERIC.contains(&word.as_str())).collect();
        let same = |name: &Name| {
            !subject.is_empty()
                && (name.likeness(&praise.subject) >= Likeness::SameWords
                    || subject.iter().all(|word| name.words.contains(*word)))
        };
        let mut against: Vec<(&Item, Openness, bool)> = Vec::new();
        for (item, how, fields) in open.iter().filter(|(item, _, _)| item.said.span != praise.said.span) {
            let is_one = same(&item.name);
            let by_title = *how == Openness::Problem && is_in_title(facts, &subject, item);
            if is_one || by_title || is_about(facts, &praise, item, *how, fields) {
                against.push((item, *how, is_one));
            }
        }
        let denial = denial(&denials, &praise, &subject);
        // The clearest first: the same words, then what is only about the same.
        against.sort_by_key(|(_, _, is_one)| !is_one);
        let Some((item, how, is_one)) = against.first() else {
            if let Some(sentence) = denial {
                findings.likely(
                    format!("«{}», and «{}»", praise.said.text, sentence.text.plain.trim()),
                    vec![praise.said.clone(), sentence.said()],
                );
            }
            continue;
        };
        let message = format!("«{}», and «{}» {}", praise.said.text, item.title, how.said());
        let is_sure = *is_one && subject.len() >= 2 && *how != Openness::NotAccepted;
        let places = std::iter::once(praise.said.clone())
            .chain(against.iter().map(|(item, _, _)| item.said.clone()))
            .collect();
        findings.say(is_sure, message, places);
    }
}

/// What it is good to deny, and what is no denial.
const GOOD_DENIALS: &[&str] = &[
    "loss",
    "error*",
    "crash*",
    "leak*",
    "failure*",
    "blocker*",
    "defect*",
    "vulnerab*",
    "issue*",
    "incident*",
    "overdue",
    "open",
    "fault*",
    "only",
    "if",
    "until",
    "must",
    "fehler*",
    "verlust*",
];
/// The most denials that are compared with each praise.
const MOST_DENIALS: usize = 500;

/// Short sentences that deny something.
fn denials<'a>(facts: &'a Facts<'_>) -> Vec<(&'a Sentence, Name, Vec<Domain>)> {
    let said = facts.sentences.iter().filter(|sentence| {
        let lower = sentence.lower();
        matches!(sentence.place, Place::Prose | Place::Item | Place::Heading)
            && lower.split_whitespace().count() <= 16
            && word::denies(&lower)
            && !says(&lower, GOOD_DENIALS)
    });
    let read =
        |sentence: &'a Sentence| (sentence, Name::of(&sentence.lower()), domain::of(&sentence.lower()));
    said.take(MOST_DENIALS).map(read).collect()
}

/// A sentence elsewhere that denies what is praised of the same thing.
fn denial<'a>(
    denials: &[(&'a Sentence, Name, Vec<Domain>)],
    praise: &Praise,
    subject: &BTreeSet<&String>,
) -> Option<&'a Sentence> {
    let own = domain::of(&praise.subject.plain);
    let fits = |(sentence, name, fields): &&(&'a Sentence, Name, Vec<Domain>)| {
        let same_field = own.iter().any(|field| *field != Domain::Functions && fields.contains(field));
        let is_one = !subject.is_empty() && subject.iter().all(|word| name.words.contains(*word));
        let is_clear = subject.len() >= 2 || subject.iter().any(|word| word.len() >= 5);
        sentence.text.span != praise.said.span
            && ((is_one && is_clear) || (same_field && subject.iter().any(|word| name.words.contains(*word))))
    };
    denials.iter().find(fits).map(|(sentence, _, _)| *sentence)
}

/// Whether the heading of the problems names it: `Checklist gaps`.
fn is_in_title(facts: &Facts<'_>, subject: &BTreeSet<&String>, item: &Item) -> bool {
    let title = Name::of(&facts.section(item.section).title.plain);
    facts.is_directly_under(item.section, Topic::Problems)
        && subject.iter().any(|word| title.words.contains(*word) && word.len() >= 5)
}

/// Whether an open thing is about the same field of work, and of a kind that denies the praise.
fn is_about(facts: &Facts<'_>, praise: &Praise, item: &Item, how: Openness, fields: &[Domain]) -> bool {
    let lower = item.said.text.to_lowercase();
    let tests = praise.word.contains("tested") || praise.word.contains("getestet");
    let built = praise.word.contains("implemented") || praise.word.contains("built");
    let is_end_to_end = how == Openness::Unticked
        && says(&lower, &["end-to-end", "test all*", "all user flows", "all patient flows"]);
    let is_missing_row = how == Openness::Row && built && praise.is_of_all && is_feature_table(facts, item);
    let subject = praise.subject.plain.as_str();
    let is_core = says(subject, &["feature*", "functionalit*", "flow*", "core"]);
    if (tests && is_end_to_end)
        || is_missing_row
        || (is_core && built && how == Openness::Row && is_feature_table(facts, item))
    {
        return true;
    }
    let is_work = how == Openness::Unticked
        || facts.is_directly_under(item.section, Topic::Problems)
        || (how == Openness::Problem && item.id.is_some());
    let own = domain::of(subject);
    is_work && own.iter().any(|field| *field != Domain::Functions && fields.contains(field))
}

/// Whether a row that is not done stands among features.
fn is_feature_table(facts: &Facts<'_>, item: &Item) -> bool {
    let super::facts::item::Source::Row(grid) = item.source else { return false };
    facts.grids.get(grid).is_some_and(|grid| {
        says(&grid.header(0), &["feature*", "function*", "module*", "funktion*", "fonction*"])
    }) && item
        .state()
        .is_some_and(|state| matches!(state, crate::value::State::Missing | crate::value::State::Fail))
        || item.said.text.to_lowercase().contains("not built")
}

#[cfg(test)]
mod tests {
    use super::RULE;
    use crate::contradiction::trial::found;

    #[test]
    fn praise_of_what_is_open_is_found() {
        for (text, expected) in [
            ("- Alerting is in place\n\n## List\n\n- [ ] Set up alerting for all services\n", "likely 1,5"),
            ("Monitoring is in place.\n\n## Issues\n\n- Nobody gets the alerts\n", "likely 1,5"),
            ("Contact list is complete.\n\n- [ ] Contact list\n", "certain 1,3"),
            (
                "All features are implemented.\n\n| Feature | Status |\n|---|---|\n| Invoices | NOT IMPLEMENTED |\n",
                "likely 1,5",
            ),
        ] {
            assert_eq!(found(&RULE, text), [expected], "{text}");
        }
    }

    #[test]
    fn praise_of_a_part_or_beyond_what_was_reached_is_found() {
        let text = "Forms are complete.\n\n37 of 41 forms are finished, four remain.\n";
        assert_eq!(found(&RULE, text), ["certain 1,3"]);
        assert!(found(&RULE, &text.replace("37 of", "41 of")).is_empty());
        let text =
            "Capacity is proven for 1,500 orders a minute.\n\nThe rehearsal reached 1,150 orders a minute.\n";
        assert_eq!(found(&RULE, text), ["certain 1,3"]);
        assert!(found(&RULE, &text.replace("1,150", "1,600")).is_empty());
    }

    #[test]
    fn praise_of_something_else_is_silent() {
        for text in [
            "Alerting is in place.\n\n- [ ] Order the leaflets\n",
            "Alerting is in place.\n\n- [x] Set up alerting\n",
            "Alerting must be in place.\n\n- [ ] Set up alerting\n",
        ] {
            assert!(found(&RULE, text).is_empty(), "{text}");
        }
    }
}
