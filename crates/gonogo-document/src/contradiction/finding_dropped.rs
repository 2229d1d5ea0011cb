//! Problems that are found and then in none of the lists of what is to be done.

use super::facts::item::Source;
use super::facts::word::says;
use super::facts::{Facts, Item, Launch, Topic};
use super::kind::{Findings, Kind, Rule};
use crate::name::{Likeness, Name};
use crate::value::Polarity;

pub(super) const RULE: Rule = Rule {
    id: "finding-dropped",
    kind: Kind::Omission,
    why: "A problem that nobody fixes, defers or accepts is forgotten.",
    find,
};

const LATER: [Topic; 5] =
    [Topic::MustFix, Topic::Deferred, Topic::Accepted, Topic::Actions, Topic::Checklist];

fn find(facts: &Facts<'_>, findings: &mut Findings) {
    let later = later(facts, &LATER);
    let Some(first) = later.iter().map(|(_, line)| *line).min() else {
        rows(facts, findings);
        return;
    };
    let problems: Vec<&Item> = facts
        .items
        .iter()
        .filter(|item| is_problem(facts, item) && item.said.span.line < first)
        .take(300)
        .collect();
    let has_id_later = |item: &Item| {
        let same = item.id.iter().flat_map(|id| facts.with_id(id));
        same.into_iter().any(|other| other.said.span.line >= first)
    };
    let is_dropped = |item: &&&Item| !has_id_later(item) && !is_in(&item.name, &later);
    let dropped: Vec<&&Item> = problems.iter().filter(is_dropped).collect();
    // When most of them are not found again, the lists are written in other words.
    if dropped.is_empty() || dropped.len() * 5 > problems.len() * 3 {
        return;
    }
    let names: Vec<&str> = dropped.iter().map(|item| item.title.as_str()).take(4).collect();
    let message = format!(
        "{} of {} problems are in no later list: «{}»",
        dropped.len(),
        problems.len(),
        names.join("», «")
    );
    findings.likely(message, dropped.iter().map(|item| item.said.clone()).collect());
}

/// A problem in a list under a heading for problems.
fn is_problem(facts: &Facts<'_>, item: &Item) -> bool {
    let is_listed = item.source == Source::List && item.ticked.is_none() && item.name.words.len() >= 2;
    is_listed
        && facts.is_directly_under(item.section, Topic::Problems)
        && item.mark.is_none_or(|mark| mark.polarity() != Polarity::Good)
}

/// Everything under headings for these, with its line.
fn later(facts: &Facts<'_>, topics: &[Topic]) -> Vec<(Name, u32)> {
    let is_for = |id| {
        topics.iter().any(|topic| facts.is_under(id, *topic)) && !facts.is_directly_under(id, Topic::Problems)
    };
    let sentences = facts.sentences.iter().filter(|sentence| is_for(sentence.section));
    sentences.map(|sentence| (Name::of(&sentence.text.plain), sentence.text.span.line)).take(3_000).collect()
}

/// Whether at least half of the words of a name are together in one of them.
fn is_in(name: &Name, later: &[(Name, u32)]) -> bool {
    later.iter().any(|(other, _)| {
        let shared = name.words.intersection(&other.words).count();
        name.likeness(other) >= Likeness::Contained || (shared >= 2 && shared * 2 >= name.words.len())
    })
}

/// Without such lists: open rows of a table, of which some have a condition and some have none.
fn rows(facts: &Facts<'_>, findings: &mut Findings) {
    let conditions = later(facts, &[Topic::Conditions]);
    if !facts.calls.iter().any(|call| call.is_overall && call.launch != Launch::No) {
        return;
    }
    for group in facts
        .groups
        .iter()
        .filter(|group| group.grid.is_some() && !facts.is_under(group.section, Topic::Conditions))
    {
        let items = group.items.iter().filter_map(|at| facts.items.get(*at));
        let open: Vec<&Item> = items
            .filter(|item| item.state().is_some_and(|state| state.is_open()) && item.severity.is_none())
            .collect();
        let has = |item: &&&Item| {
            conditions.iter().any(|(other, _)| item.name.words.iter().any(|word| other.words.contains(word)))
        };
        let dropped: Vec<&&Item> = open.iter().filter(|item| !has(item)).collect();
        let title = facts.section(group.section).title.plain.to_lowercase();
        let is_of_work = says(&title, &["plan", "schedule", "calendar", "phases", "roadmap", "tasks"]);
        if !is_of_work && !dropped.is_empty() && dropped.len() * 2 <= open.len() {
            let names: Vec<&str> = dropped.iter().map(|item| item.title.as_str()).collect();
            let message = format!(
                "open and without a condition: «{}»; the other open ones have one",
                names.join("», «")
            );
            findings.likely(message, dropped.iter().map(|item| item.said.clone()).collect());
        }
    }
}

#[cfg(test)]
mod tests {
    use super::RULE;
    use crate::contradiction::trial::found;

    #[test]
    fn a_problem_that_is_in_no_later_list_is_found() {
        let text = "## A\n\n**Issues:**\n- Backups were never restored\n- Login has no lockout\n- Traces miss the mobile client\n\n\
                    ## Must fix\n\n- Restore backups once\n- Add a lockout to the login\n";
        assert_eq!(found(&RULE, text), ["likely 6"]);
        let all = format!("{text}- Traces for the mobile client\n");
        assert!(found(&RULE, &all).is_empty());
    }

    #[test]
    fn the_same_id_later_on_is_the_same_problem() {
        let list = |last: &str| {
            format!(
                "## Findings\n\n1. **HIGH-1:** Queue loses orders\n2. **HIGH-2:** Till has no clock\n3. **HIGH-3:** Printer jams daily\n\n\
                 ## Next actions\n\n- [ ] **HIGH-1:** Keep orders in the queue\n- [ ] **HIGH-3:** Stop the daily jams of the printer\n- [ ] {last}\n"
            )
        };
        assert_eq!(found(&RULE, &list("Buy a screen")), ["likely 4"]);
        assert!(found(&RULE, &list("**HIGH-2:** Wind it up")).is_empty());
    }

    #[test]
    fn lists_in_other_words_are_silent() {
        let text = "## Issues\n\n- Slow start of the depot screen\n- Noise in the yard radio\n\n## Actions\n\n1. Buy memory\n";
        assert!(found(&RULE, text).is_empty());
    }
}
