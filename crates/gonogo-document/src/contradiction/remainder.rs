//! `33 of 40 are done; 9 remain`: what is done and what is left is not all there is.

mod across;

use super::facts::figure::shown;
use super::facts::word::says;
use super::facts::{Claim, Facts, Sentence};
use super::kind::{Findings, Kind, Rule, Said};
use crate::value::{self, Exact, Fraction};

pub(super) const RULE: Rule = Rule {
    id: "remainder",
    kind: Kind::Arithmetic,
    why: "What is done and what is left are all there is, no more and no less.",
    find,
};

/// What says that something is the rest.
const REST: &[&str] = &[
    "remain",
    "remains",
    "remaining",
    "left",
    "open",
    "not",
    "others",
    "other",
    "verbleiben",
    "übrig",
    "offen",
    "restent",
    "restants",
    "restantes",
    "quedan",
    "resterend",
    "failed",
    "failing",
    "outstanding",
    "rest",
];

fn find(facts: &Facts<'_>, findings: &mut Findings) {
    across::check(facts, findings);
    for (at, sentence) in facts.sentences.iter().enumerate() {
        let text = &sentence.text.plain;
        let next = facts
            .sentences
            .get(at + 1)
            .filter(|next| next.section == sentence.section && next.place == sentence.place);
        let fractions = value::fractions(text);
        if let [one] = fractions.as_slice() {
            let Fraction { part, whole } = &one.value;
            let own = rest_claim(facts, at, one.range.end);
            let found =
                own.map(|claim| (claim, sentence)).or_else(|| Some((rest_claim(facts, at + 1, 0)?, next?)));
            if let Some((claim, place)) = found.filter(|_| part.is_integer() && part <= whole) {
                check(part, whole, claim, sentence, place, findings);
            }
        } else if fractions.is_empty() {
            enumerated(facts, at, sentence, findings);
        }
    }
}

/// The first number of a sentence behind `from` that is said to be the rest.
fn rest_claim<'f>(facts: &'f Facts<'_>, sentence: usize, from: usize) -> Option<&'f Claim> {
    facts.claims.iter().filter(|claim| claim.sentence == sentence && claim.range.start >= from).find(
        |claim| {
            let text = facts.sentences.get(sentence).map(Sentence::lower).unwrap_or_default();
            let behind = text.get(claim.range.end..).unwrap_or_default();
            let until = behind.find([',', ';', '.', ':']).unwrap_or(behind.len());
            let near = behind.get(..until).unwrap_or_default();
            let mut words =
                near.split(|c: char| !c.is_alphanumeric()).filter(|word| !word.is_empty()).take(4);
            words.any(|word| {
                matches!(
                    word,
                    "remain"
                        | "remains"
                        | "remaining"
                        | "left"
                        | "verbleiben"
                        | "restent"
                        | "quedan"
                        | "übrig"
                )
            })
        },
    )
}

fn check(
    part: &Exact,
    whole: &Exact,
    claim: &Claim,
    at: &Sentence,
    other: &Sentence,
    findings: &mut Findings,
) {
    let rest = whole - part;
    if claim.value() != rest && &claim.value() != whole {
        let message = format!(
            "{} of {} leave {}, but {} are said to remain",
            shown(part),
            shown(whole),
            shown(&rest),
            claim.count
        );
        findings.certain(message, vec![at.said(), other.said()]);
    }
}

/// `48 controls were assessed, 41 are effective, 6 are not`: three numbers of one thing in one
/// sentence, the last of them the rest.
fn enumerated(facts: &Facts<'_>, at: usize, sentence: &Sentence, findings: &mut Findings) {
    let claims: Vec<u64> = numbers(&sentence.text.plain);
    let [all, part, rest] = claims.as_slice() else { return };
    let lower = sentence.lower();
    let last = lower.rsplit([',', ';']).next().unwrap_or_default();
    let is_rest = last.split(|c: char| !c.is_alphanumeric()).any(|word| REST.contains(&word));
    let alone = !last.contains("deferred") && !last.contains("critical") && !last.contains("high");
    let comma_separated = lower.matches([',', ';']).count() == 2 && !lower.contains(':');
    let is_told = comma_separated && is_rest || is_of_all(&lower);
    if is_told && alone && part <= all && rest <= all && part + rest != *all {
        let message = format!("{part} of {all} leave {}, but {rest} are said to be the rest", all - part);
        findings.certain(message, vec![Said { ..facts.sentences[at].said() }]);
    }
}

/// `Of the 24 courts, 19 are connected and 6 are still to come`.
fn is_of_all(lower: &str) -> bool {
    const OF: &[&str] = &[
        "of the ",
        "von den ",
        "von ",
        "sur les ",
        "des ",
        "de los ",
        "de las ",
        "dei ",
        "delle ",
        "van de ",
        "dos ",
        "das ",
        "spośród ",
    ];
    const TO_COME: &[&str] = &[
        "still to",
        "to come",
        "missing",
        "remain*",
        "outstanding",
        "fehlen",
        "stehen noch aus",
        "ausstehend*",
        "manquent",
        "restent",
        "à venir",
        "faltan",
        "quedan",
        "mancano",
        "restano",
        "ontbreken",
        "volgen nog",
        "faltam",
        "restam",
        "brakuje",
    ];
    let last = [" and ", " und ", " et ", " y ", " e ", " en ", " i "];
    let last = last.iter().filter_map(|and| Some(lower.rsplit_once(and)?.1)).min_by_key(|last| last.len());
    let starts = OF
        .iter()
        .any(|of| lower.strip_prefix(of).is_some_and(|rest| rest.starts_with(|c: char| c.is_ascii_digit())));
    let is_rest =
        last.is_some_and(|last| says(last, TO_COME) && last.starts_with(|c: char| c.is_ascii_digit()));
    starts && is_rest && lower.matches([',', ';', ':']).count() == 1
}

fn numbers(text: &str) -> Vec<u64> {
    super::facts::figure::figures(text)
        .iter()
        .map(|figure| figure.count().filter(|_| !figure.is_about))
        .collect::<Option<Vec<u64>>>()
        .unwrap_or_default()
}

#[cfg(test)]
mod tests {
    use super::RULE;
    use crate::contradiction::trial::found;

    #[test]
    fn what_is_still_to_come_is_the_rest() {
        let text = |rest: u32| format!("Of the 24 courts, 19 are connected and {rest} are still to come.\n");
        assert_eq!(found(&RULE, &text(6)), ["certain 1"]);
        assert!(found(&RULE, &text(5)).is_empty());
        assert!(found(&RULE, "Of the 24 courts, 19 are connected and 6 use them daily.\n").is_empty());
    }
}
