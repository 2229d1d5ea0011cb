//! Two verdicts for one thing: GO at the top, NO-GO at the end.

use super::facts::verdict::Verdict;
use super::facts::{Facts, Place, Sentence};
use super::kind::{Findings, Kind, Rule, Said};

pub(super) const RULE: Rule = Rule {
    id: "verdict-twice",
    kind: Kind::Disagreement,
    why: "There is one launch and so one verdict; with two, everybody reads their own.",
    find,
};

/// Fields that give the verdict of the document.
const KEYS: &[&str] = &[
    "verdict",
    "decision",
    "final decision",
    "status",
    "outcome",
    "overall",
    "overall verdict",
    "overall decision",
    "entscheidung",
    "besluit",
    "décision",
    "decisión",
    "call",
    "go/no-go decision",
    "go-live status",
    "final verdict",
    "recommendation",
    "gate",
];
/// Headings above the verdict of the document.
const TITLES: &[&str] = &[
    "verdict",
    "decision",
    "approval",
    "authoris",
    "authoriz",
    "conclusion",
    "slot",
    "fazit",
    "entscheidung",
    "décision",
    "go / no-go",
    "go/no-go",
    "final",
];

fn find(facts: &Facts<'_>, findings: &mut Findings) {
    let mut all: Vec<(Verdict, Said)> = Vec::new();
    for sentence in &facts.sentences {
        if let Some(verdict) = stated(facts, sentence) {
            all.push((verdict, sentence.said()));
        }
    }
    let Some((first, said)) = all.first() else { return };
    for (other, place) in all.iter().skip(1).filter(|(other, _)| other != first) {
        let message = format!("the verdict is {} here and {} there", first.word(), other.word());
        findings.certain(message, vec![said.clone(), place.clone()]);
    }
    blocked(facts, &all, findings);
}

/// The verdict that a sentence gives for the whole document.
fn stated(facts: &Facts<'_>, sentence: &Sentence) -> Option<Verdict> {
    let plain = &sentence.text.plain;
    let lower = sentence.lower();
    if sentence.place == Place::Cell
        || sentence.place == Place::Code
        || plain.chars().count() > 140
        || of_a_part(facts, sentence)
    {
        return None;
    }
    // `n of m categories: GO` counts, `GO needs` and `GO – launch approved` define.
    let defines = !super::facts::share::shares(plain).is_empty()
        || lower.contains("needs")
        || lower.contains("was ")
        || lower.contains("option")
        || lower.contains(" if ")
        || lower.contains("previous");
    if defines {
        return None;
    }
    if let Some(field) = sentence.text.field() {
        let key = field.key.plain.to_lowercase();
        let known = KEYS.contains(&key.trim());
        return Verdict::of(&field.value.plain).filter(|_| known);
    }
    let titled = TITLES.iter().any(|title| {
        facts.section(facts.chapter(sentence.section)).title.plain.to_lowercase().contains(title)
    });
    let short = plain.split_whitespace().count() <= 6 && !matches!(sentence.place, Place::Item);
    let says =
        ["conclusion", "besluit", "the decision", "is passed", "is partially", "the test is", "vote is"]
            .iter()
            .any(|word| lower.contains(word));
    let heading = sentence.place == Place::Heading;
    let standing = short && titled && (!heading || is_verdict_line(&lower));
    (standing || (says && titled && plain.split_whitespace().count() <= 12))
        .then(|| Verdict::of(plain))
        .flatten()
}

/// A heading that is a verdict and not a title with the word in it: `### CONDITIONAL GO`.
fn is_verdict_line(lower: &str) -> bool {
    let bare: String = lower.chars().filter(|c| c.is_alphanumeric() || matches!(c, ' ' | '-')).collect();
    matches!(
        bare.trim(),
        "go" | "no-go"
            | "no go"
            | "conditional go"
            | "conditional no-go"
            | "approved"
            | "not approved"
            | "approved for launch"
            | "approved without conditions"
            | "approved with conditions"
    )
}

/// A category's or a question's own decision.
fn of_a_part(facts: &Facts<'_>, sentence: &Sentence) -> bool {
    let asked = facts.asks(sentence.section);
    let title = facts.section(facts.chapter(sentence.section)).title.plain.to_lowercase();
    let numbered =
        title.starts_with(|c: char| c.is_ascii_digit()) && !TITLES.iter().any(|word| title.contains(word));
    asked
        || title.starts_with("category")
        || (numbered && facts.section(facts.chapter(sentence.section)).level > 1)
        || title.contains("framework")
        || title.contains("option")
}

/// A title that says BLOCKED and a status that says NO-GO.
fn blocked(facts: &Facts<'_>, all: &[(Verdict, Said)], findings: &mut Findings) {
    let title = facts.sentences.iter().find(|sentence| sentence.place == Place::Heading);
    let Some(title) = title.filter(|title| title.lower().contains("blocked")) else { return };
    if let Some((verdict, said)) = all.iter().find(|(verdict, _)| *verdict == Verdict::NoGo) {
        findings.likely(
            format!(
                "the title says blocked and the status says {}: one verdict has two names",
                verdict.word()
            ),
            vec![title.said(), said.clone()],
        );
    }
}
