//! The document says what must all hold, one of it does not, and the verdict lets it pass.

mod band;

use std::collections::BTreeSet;

use super::facts::crowd::{Crowd, Member};
use super::facts::word::{self, says};
use super::facts::{Call, Facts, Launch, Place, Sentence};
use super::kind::{Findings, Kind, Rule, Said};
use crate::name::Name;
use crate::value::Polarity;

pub(super) const RULE: Rule = Rule {
    id: "rule-broken",
    kind: Kind::Verdict,
    why: "A rule that the document gives itself decides; a verdict that does not follow from it is no verdict.",
    find,
};

const ALL: &[&str] = &[
    "all",
    "every",
    "each",
    "alle",
    "sämtliche",
    "jede*",
    "tous",
    "toutes",
    "todos",
    "todas",
    "tutti",
    "tutte",
    "wszystkich",
    "wszystkie",
    "all three",
    "unanimous*",
];
const NEEDS: &[&str] = &[
    "if",
    "when",
    "only",
    "must",
    "requires",
    "require",
    "required",
    "needs",
    "need",
    "unless",
    "once",
    "wenn",
    "müssen",
    "muss",
    "erst",
    "setzt voraus",
    "nur",
    "si",
    "lorsque",
    "doivent",
    "con",
    "cuando",
    "deben",
    "se",
    "devono",
    "solo",
    "quando",
    "devem",
    "wymaga",
    "muszą",
    "jeśli",
    "gdy",
    "als",
    "moeten",
];
/// What a rule is about: the verdict, the launch, the gate.
const GATES: &[&str] = &[
    "go",
    "launch*",
    "go-live",
    "gate",
    "approv*",
    "accept*",
    "opens",
    "opened",
    "open",
    "outcome",
    "decision",
    "verdict",
    "passes",
    "positive",
    "traffic",
    "release*",
    "green",
    "puerta",
    "abre",
    "esito",
    "positivo",
    "réception",
    "prononcée",
    "mise en",
    "freigabe",
    "freigegeben",
    "abnahme",
    "decyzja",
    "uruchom*",
    "lançamento",
    "lanzamiento",
    "avvio",
    "livegang",
    "vrijgave",
    "satisfactory",
];
const STOPS: &[&str] = &[
    "blocks",
    "block",
    "stops",
    "stop",
    "forbids",
    "prevents",
    "verhindert",
    "blockiert",
    "bloque",
    "bloquent",
    "bloquea",
    "bloquean",
    "blocca",
    "bloccano",
    "impede",
    "impedem",
    "blokkeert",
];

fn find(facts: &Facts<'_>, findings: &mut Findings) {
    band::find(facts, findings);
    let Some(call) = passing(facts) else { return };
    for sentence in
        facts.sentences.iter().filter(|sentence| matches!(sentence.place, Place::Prose | Place::Item))
    {
        let lower = sentence.lower();
        let is_other = sentence.text.span != call.said.span
            && lower.split_whitespace().count() <= 30
            && !lower.contains('?');
        if !is_other {
            continue;
        }
        let all = says(&lower, ALL) && says(&lower, NEEDS) && says(&lower, GATES);
        let found = if all {
            short(facts, sentence, &lower)
        } else if says(&lower, STOPS) && says(&lower, GATES) {
            stopping(facts, sentence, &lower)
        } else {
            Vec::new()
        };
        if let Some(first) = found.first() {
            let message = format!(
                "«{}», the verdict is {}, and «{}» does not hold",
                sentence.text.plain.trim(),
                call.word.to_uppercase(),
                first.text
            );
            let places = [call.said.clone(), sentence.said()].into_iter().chain(found).collect();
            findings.certain(message, places);
            return;
        }
    }
}

/// A verdict that lets it pass without conditions.
fn passing<'a>(facts: &'a Facts<'_>) -> Option<&'a Call> {
    let overall = || facts.calls.iter().filter(|call| call.is_overall && !call.is_prose);
    let refuses = overall().any(|call| call.launch != Launch::Yes);
    overall().find(|call| call.launch == Launch::Yes && !refuses)
}

/// What is not as it should be of the criteria that the rule is about.
fn short(facts: &Facts<'_>, sentence: &Sentence, lower: &str) -> Vec<Said> {
    let near = nearest(facts, sentence, lower);
    let found =
        near.iter().flat_map(|crowd| crowd.members.iter()).filter(|member| member.stands == Polarity::Bad);
    found.map(|member| member.said.clone()).take(12).collect()
}

/// The crowd that the rule is about: the nearest that shares its words, else that of its section.
fn nearest<'f>(facts: &'f Facts<'_>, sentence: &Sentence, lower: &str) -> Option<&'f Crowd> {
    let words: BTreeSet<String> = Name::of(lower).words;
    let near =
        facts.crowds.iter().filter_map(|crowd| Some((crowd.distance(facts, sentence, &words, &[])?, crowd)));
    near.min_by_key(|(far, _)| *far).map(|(_, crowd)| crowd)
}

/// `A must that is not met blocks the launch`: rows with a cell of that word that are not met.
fn stopping(facts: &Facts<'_>, sentence: &Sentence, lower: &str) -> Vec<Said> {
    if !says(
        lower,
        &["not met", "open", "unmet", "failed", "that is not", "offen", "ouvert*", "abiert*", "apert*"],
    ) {
        return Vec::new();
    }
    let is_named = |member: &Member| {
        member.cells.iter().any(|cell| {
            let one = cell.split_whitespace().count() == 1
                && cell.chars().count() >= 3
                && cell.chars().all(char::is_alphabetic);
            let first = lower.split_whitespace().take(6).collect::<Vec<_>>().join(" ");
            one && word::find(&first, cell).is_some()
        })
    };
    let members = facts.crowds.iter().flat_map(|crowd| crowd.members.iter());
    let found = members.filter(|member| {
        member.stands == Polarity::Bad && is_named(member) && member.said.span != sentence.text.span
    });
    found.map(|member| member.said.clone()).take(12).collect()
}

#[cfg(test)]
mod tests {
    use super::RULE;
    use crate::contradiction::trial::found;

    fn text(state: &str, rule: &str, verdict: &str) -> String {
        format!(
            "**Decision: {verdict}**\n\n## Criteria\n\n| Criterion | Level | Answer |\n|---|---|---|\n| Tests | must | met |\n| Restore | must | {state} |\n| Cost | should | not met |\n\n{rule}\n"
        )
    }

    #[test]
    fn what_nobody_may_accept_is_not_accepted() {
        let text = |score: u32| {
            format!(
                "| Score | Who may accept |\n|---|---|\n| 1 to 11 | lead |\n| 15 and more | nobody: it must be reduced |\n\n| Id | Risk | Score | Accepted by |\n|---|---|---|---|\n| R-1 | Fog | {score} | board |\n| R-2 | Ice | 4 | lead |\n"
            )
        };
        assert_eq!(found(&RULE, &text(15)), ["certain 8,4"]);
        assert!(found(&RULE, &text(12)).is_empty());
    }

    #[test]
    fn a_verdict_against_its_own_rule_is_found() {
        let all = "GO requires that all criteria are met.";
        assert_eq!(found(&RULE, &text("not met", all, "GO")), ["certain 1,11,8,9"]);
        assert!(found(&RULE, &text("not met", all, "NO-GO")).is_empty());
        assert!(found(&RULE, &text("not met", all, "Conditional GO")).is_empty());
        let stop = "A must that is not met blocks the launch.";
        assert_eq!(found(&RULE, &text("not met", stop, "GO")), ["certain 1,11,8"]);
        assert!(found(&RULE, &text("met", stop, "GO")).is_empty());
    }
}
