//! One thing counted twice in the text with two numbers: `14 municipalities`, `Municipalities: 16`.

use super::facts::{Claim, Facts, Place};
use super::kind::{Findings, Kind, Rule};

pub(super) const RULE: Rule = Rule {
    id: "noun-twice",
    kind: Kind::Disagreement,
    why: "A number that is given twice must be one number.",
    find,
};

/// `15 more items`: beside those that were told already, and so many only there.
const MORE: &[&str] = &[
    "more",
    "further",
    "other",
    "others",
    "additional",
    "weitere",
    "andere",
    "autres",
    "más",
    "otros",
    "altri",
    "altre",
    "meer",
    "andere",
    "mais",
    "outros",
];

fn find(facts: &Facts<'_>, findings: &mut Findings) {
    things(facts, findings);
    sections(facts, findings);
    let claims: Vec<&Claim> = facts
        .claims
        .iter()
        .filter(|claim| {
            matches!(claim.place, Place::Prose | Place::Item)
                && !claim.is_about
                && claim.count > 1
                && claim.stems.len() <= 4
                && !claim.noun.first().is_some_and(|word| MORE.contains(&word.as_str()))
        })
        .take(400)
        .collect();
    for (at, one) in claims.iter().enumerate() {
        for other in claims
            .iter()
            .skip(at + 1)
            .filter(|other| other.sentence != one.sentence && other.count != one.count)
        {
            let same = one.stems == other.stems && one.severity == other.severity && one.state == other.state;
            let long = one.stems.len() >= 2 || one.is_behind || other.is_behind;
            let words: usize = one.stems.iter().map(|stem| stem.chars().count()).sum();
            let (Some(first), Some(second)) =
                (facts.sentences.get(one.sentence), facts.sentences.get(other.sentence))
            else {
                continue;
            };
            if same && words >= 5 && (long || capacity(&first.lower(), &second.lower())) {
                let message = format!("it says {} here and {} there", one.shown(), other.shown());
                findings.likely(message, vec![first.said(), second.said()]);
            }
        }
    }
}

/// `50,000 concurrent customers` and `50,000 users`: one number of two things.
fn things(facts: &Facts<'_>, findings: &mut Findings) {
    const AT_ONCE: &[&str] = &["concurrent ", "simultaneous ", "parallel "];
    let told = || facts.sentences.iter().filter(|sentence| sentence.place != Place::Code);
    let counted = |sentence: &super::facts::Sentence| -> Vec<(u64, bool, String)> {
        let lower = sentence.lower();
        let numbers = crate::value::numbers(&lower);
        let of = |end: usize| {
            let rest = lower.get(end..)?.trim_start();
            let bare = AT_ONCE.iter().find_map(|word| rest.strip_prefix(word));
            let noun: String = bare.unwrap_or(rest).chars().take_while(|c| c.is_alphabetic()).collect();
            let is_people =
                ["users", "customers", "sessions", "clients", "visitors", "players"].contains(&noun.as_str());
            is_people.then_some((bare.is_some(), noun))
        };
        let found = numbers.into_iter().filter_map(|number| {
            let count = number.value.is_integer().then(|| number.value.to_integer())?.try_into().ok()?;
            let (at_once, noun) = of(number.range.end)?;
            (count >= 1_000u64).then_some((count, at_once, noun))
        });
        found.collect()
    };
    let all: Vec<_> = told()
        .flat_map(|sentence| counted(sentence).into_iter().map(move |found| (found, sentence)))
        .take(100)
        .collect();
    for ((count, _, noun), first) in all.iter().filter(|((_, at_once, _), _)| *at_once) {
        let mut others =
            all.iter().filter(|((other, at_once, what), _)| other == count && !at_once && what != noun);
        if let Some(((_, _, what), second)) = others.next() {
            let message = format!("{count} are concurrent {noun} here and {what} there");
            findings.likely(message, vec![first.said(), second.said()]);
        }
    }
}

/// `8 external provisioning items`, and the section of that name that says it has five.
fn sections(facts: &Facts<'_>, findings: &mut Findings) {
    let of_things =
        |claim: &&Claim| matches!(claim.place, Place::Prose | Place::Item) && claim.stems.len() >= 3;
    for claim in facts.claims.iter().filter(of_things).take(100) {
        let Some(sentence) = facts.sentences.get(claim.sentence) else { continue };
        for other in
            facts.claims.iter().filter(|other| other.count != claim.count && other.stems.len() <= 2).take(400)
        {
            let Some(own) = facts.sentences.get(other.sentence) else { continue };
            let title = crate::name::Name::of(&facts.section(facts.chapter(own.section)).title.plain);
            let named = claim.stems.iter().filter(|stem| title.words.contains(*stem)).count();
            let shared = claim.stems.iter().any(|stem| other.stems.contains(stem));
            let first =
                own.text.span.line.saturating_sub(facts.section(facts.chapter(own.section)).title.span.line)
                    <= 3;
            if named >= 2 && shared && first && own.section != sentence.section {
                let message = format!(
                    "it says {} here and {} in the section of that name",
                    claim.shown(),
                    other.shown()
                );
                findings.likely(message, vec![sentence.said(), own.said()]);
            }
        }
    }
}

/// Both say how much was approved or asked for.
fn capacity(one: &str, other: &str) -> bool {
    let says = |text: &str| {
        ["approved", "capacity", "target", "scale", "handle"].iter().any(|word| text.contains(word))
    };
    says(one) && says(other)
}

#[cfg(test)]
mod tests {
    use super::RULE;
    use crate::contradiction::trial::found;

    #[test]
    fn one_number_given_twice_is_found_and_what_is_beside_others_is_not() {
        let text = "It serves 14 northern municipalities.\n\nThere are 16 northern municipalities.\n";
        assert_eq!(found(&RULE, text), ["likely 1,3"]);
        let more = "And 15 more items show it.\n\nAnd 9 more items show it.\n";
        assert!(found(&RULE, more).is_empty());
    }
}
