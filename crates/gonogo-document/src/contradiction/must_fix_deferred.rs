//! One thing must be done before a launch and can wait.

use super::facts::{Facts, Topic};
use super::kind::{Findings, Kind, Rule, Said};
use crate::name::{Likeness, Name};

pub(super) const RULE: Rule = Rule {
    id: "must-fix-deferred",
    kind: Kind::Verdict,
    why: "What must be done before a launch cannot also wait until after it.",
    find,
};

fn find(facts: &Facts<'_>, findings: &mut Findings) {
    let must = things(facts, &[Topic::MustFix, Topic::Forbids], &[Topic::Deferred, Topic::Accepted]);
    let later = things(facts, &[Topic::Deferred], &[Topic::MustFix, Topic::Forbids]);
    for (name, said) in &must {
        for (other, place) in &later {
            let likeness = name.likeness(other);
            let is_one = likeness >= Likeness::Contained && name.words.len().min(other.words.len()) >= 2;
            if is_one && said.span != place.span {
                let message = format!(
                    "«{}» is to be done before the launch, and can wait as «{}»",
                    said.text, place.text
                );
                findings.say(likeness >= Likeness::Contained, message, vec![place.clone(), said.clone()]);
            }
        }
    }
}

/// Items and headings under sections that are for one of these, and for none of those.
fn things(facts: &Facts<'_>, topics: &[Topic], but: &[Topic]) -> Vec<(Name, Said)> {
    let is_for = |id| {
        let any = |list: &[Topic]| list.iter().any(|topic| facts.is_under(id, *topic));
        any(topics) && !any(but)
    };
    // What stands deeper are details: impacts, steps.
    let is_direct = |id| topics.iter().any(|topic| facts.is_directly_under(id, *topic));
    let items = facts.items.iter().filter(|item| is_for(item.section) && is_direct(item.section));
    let items = items.filter(|item| item.state().is_none_or(|state| !state.is_good()));
    let mut found: Vec<(Name, Said)> = items.map(|item| (item.name.clone(), item.said.clone())).collect();
    for id in facts.outline.ids() {
        let section = facts.section(id);
        let is_thing = section.parent.is_some_and(is_for) && section.level <= 6;
        if is_thing {
            found.push((Name::of(bare(&section.title.plain)), facts.heading(id)));
        }
    }
    found.truncate(500);
    found
}

/// `Item 1 - Title (HIGH)` without what only numbers it.
fn bare(title: &str) -> &str {
    let start = [": ", " - ", " – ", " — "].iter().find_map(|sign| title.split_once(sign));
    match start {
        Some((number, rest))
            if number.chars().any(|c| c.is_ascii_digit()) && number.split_whitespace().count() <= 2 =>
        {
            rest
        }
        _ => title,
    }
}

#[cfg(test)]
mod tests {
    use super::RULE;
    use crate::contradiction::trial::found;

    #[test]
    fn what_must_be_done_and_can_wait_is_found() {
        let text = "## Must fix\n\n### Item 1 - Second key for the vault (HIGH)\n\n## Later\n\n- Second key for the vault\n- Printer\n";
        assert_eq!(found(&RULE, text), ["certain 7,3"]);
    }

    #[test]
    fn different_things_are_silent() {
        let text =
            "## Must fix\n\n- Second key for the vault\n\n## Later\n\n- Second printer\n- Vault lamp\n";
        assert_eq!(found(&RULE, text), Vec::<String>::new());
    }
}
