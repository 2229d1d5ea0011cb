//! A launch is allowed although the document's own criteria refuse it.

mod asked;
mod policy;
mod words;

use super::facts::item::Source;
use super::facts::word::says;
use super::facts::{Call, Facts, Item, Launch, Openness, Place, Sentence, Topic};
use super::kind::{Findings, Kind, Rule, Said};
use crate::place::Span;
use crate::value::{self, Severity};

pub(super) const RULE: Rule = Rule {
    id: "verdict-criteria",
    kind: Kind::Verdict,
    why: "What must be done before a launch and is open makes the verdict NO-GO, whatever it is called.",
    find,
};

fn find(facts: &Facts<'_>, findings: &mut Findings) {
    policy::find(facts, launching(facts), findings);
    let told = launching(facts).and_then(|call| by_criterion(facts, call, findings));
    asked::find(facts, launching(facts), told, findings);
    let Some(call) = launching(facts) else { return };
    let is_clear = call.launch == Launch::Yes;
    let open = facts.open();
    let worst: Vec<&Item> =
        open.iter().filter(|(item, how)| is_open_blocker(item, *how)).map(|(item, _)| *item).collect();
    if let (Some(first), true) = (worst.first(), is_clear) {
        let message = format!(
            "the verdict is {}, and {} with the worst severity {} open, such as «{}»",
            call.word.to_uppercase(),
            worst.len(),
            if worst.len() == 1 { "is" } else { "are" },
            first.title
        );
        findings.certain(message, places(call, &worst));
    }
    let refused: Vec<&Item> =
        open.iter().filter(|(_, how)| *how == Openness::NotAccepted).map(|(item, _)| *item).collect();
    if !refused.is_empty() {
        let message = format!(
            "the verdict is {}, and {} of its risks are not accepted and still open",
            call.word.to_uppercase(),
            refused.len()
        );
        let mut all = places(call, &refused);
        all.extend(forbidding(facts));
        findings.certain(message, all);
    }
    let needed = facts.items.iter().filter(|item| is_needed_and_open(facts, item, is_clear));
    let needed: Vec<&Item> = needed.collect();
    if let Some(first) = needed.first() {
        let message = format!(
            "the verdict is {}, and «{}» is required before the launch and open",
            call.word.to_uppercase(),
            first.title
        );
        findings.say(is_clear, message, places(call, &needed));
    }
}

/// `No high finding may be open`, and one is; the place of the criterion that was said.
fn by_criterion(facts: &Facts<'_>, call: &Call, findings: &mut Findings) -> Option<Span> {
    let open = facts.open();
    for sentence in
        facts.sentences.iter().filter(|sentence| matches!(sentence.place, Place::Prose | Place::Item))
    {
        let lower = sentence.lower();
        let is_rule = facts.is_under(sentence.section, Topic::Criteria)
            || says(
                &lower,
                &[
                    "go needs",
                    "go requires",
                    "only if",
                    "criterion",
                    "criteria",
                    "rule*",
                    "condition*",
                    "voraussetzung",
                    "regel*",
                    "prérequis",
                    "règle*",
                    "regla*",
                    "requisito*",
                    "voorwaarde",
                    "condizione",
                    "block*",
                    "must be closed",
                    "may be open",
                    "kriterium",
                    "critère",
                    "criterio",
                    "launch needs",
                    "needs",
                ],
            );
        let denies = says(
            &lower,
            &[
                "no", "zero", "none", "keine", "kein", "keinen", "aucun", "aucune", "ningún", "ninguna",
                "geen", "nessun", "all", "every",
            ],
        );
        let is_of_now = says(&lower, &["there are no", "we have no", "was found"]);
        let severities = value::severities(&lower);
        let [severity] = severities.as_slice() else { continue };
        if !is_rule
            || is_conceded(facts, call, sentence)
            || !denies
            || is_of_now
            || call.said.span == sentence.text.span
            || severity.value.rank() == 0
        {
            continue;
        }
        let against: Vec<&Item> = open
            .iter()
            .filter(|(item, how)| {
                item.any_severity() == Some(severity.value)
                    && (*how == Openness::Row
                        || (*how == Openness::Problem
                            && (item.id.is_some() || item.source == Source::Heading)))
            })
            .map(|(item, _)| *item)
            .collect();
        if let Some(first) = against.first() {
            let message = format!(
                "«{}», the verdict is {}, and «{}» is open",
                sentence.text.plain.trim(),
                call.word.to_uppercase(),
                first.title
            );
            let mut all = places(call, &against);
            all.insert(1, sentence.said());
            findings.certain(message, all);
            return Some(sentence.text.span);
        }
    }
    None
}

/// A box that is left open under a conditional verdict says that it is the condition.
fn is_conceded(facts: &Facts<'_>, call: &Call, sentence: &Sentence) -> bool {
    let line = sentence.text.span.line;
    call.launch == Launch::Conditional
        && facts.items.iter().any(|item| item.ticked == Some(false) && item.said.span.line == line)
}

/// The verdict on the whole that lets a launch happen, the clearest first.
fn launching<'a>(facts: &'a Facts<'_>) -> Option<&'a Call> {
    let overall = || facts.calls.iter().filter(|call| call.is_overall && !call.is_prose);
    let refuses = overall().any(|call| call.launch == Launch::No);
    overall().filter(|call| call.launch != Launch::No && !refuses).min_by_key(|call| call.launch)
}

fn is_open_blocker(item: &Item, how: Openness) -> bool {
    let is_worst = matches!(item.any_severity(), Some(Severity::Blocker | Severity::Critical));
    is_worst && matches!(how, Openness::Row | Openness::Unticked)
        || is_worst && how == Openness::Problem && item.id.is_some()
}

fn is_needed_and_open(facts: &Facts<'_>, item: &Item, is_clear: bool) -> bool {
    let lower = item.said.text.to_lowercase();
    let is_needed = says(&lower, &["required before", "mandatory before", "must be done before", "required"])
        && says(
            &lower,
            &["before launch", "before go-live", "before the launch", "before going live", "before release"],
        );
    let is_open = says(&lower, &["status open", "open", "not done", "pending", "not started"]);
    // A conditional verdict has conditions that are still open.
    let is_condition =
        is_clear && item.ticked == Some(false) && facts.is_directly_under(item.section, Topic::Conditions);
    (is_needed && is_open)
        || is_condition
        || (item.ticked == Some(false) && facts.is_directly_under(item.section, Topic::MustFix))
}

/// The headings that refuse a launch.
fn forbidding(facts: &Facts<'_>) -> Vec<Said> {
    let ids = facts.outline.ids().filter(|id| facts.is_directly_under(*id, Topic::Forbids));
    ids.map(|id| facts.heading(id)).collect()
}

fn places(call: &Call, items: &[&Item]) -> Vec<Said> {
    std::iter::once(call.said.clone()).chain(items.iter().map(|item| item.said.clone())).collect()
}

#[cfg(test)]
mod tests {
    use super::RULE;
    use crate::contradiction::trial::found;

    const TABLE: &str =
        "| Id | Severity | What | State |\n|---|---|---|---|\n| A-1 | Blocker | Loses data | Open |\n";

    #[test]
    fn a_go_with_an_open_blocker_is_found() {
        assert_eq!(found(&RULE, &format!("{TABLE}\n## Decision\n\n**GO**\n")), ["certain 7,3"]);
        assert_eq!(found(&RULE, &format!("{TABLE}\nDecision: NO-GO\n")), Vec::<String>::new());
        let closed = TABLE.replace("Open", "Closed");
        assert_eq!(found(&RULE, &format!("{closed}\nDecision: GO\n")), Vec::<String>::new());
    }

    #[test]
    fn a_go_against_a_criterion_is_found() {
        let text = TABLE.replace("Blocker", "High");
        assert_eq!(
            found(&RULE, &format!("{text}\n## Criteria\n\n- No high finding is open\n\nDecision: GO\n")),
            ["certain 9,7,3"]
        );
        assert!(found(&RULE, &format!("{text}\nDecision: GO\n")).is_empty());
    }

    #[test]
    fn a_listed_criterion_that_does_not_hold_is_found() {
        for (criterion, rest) in [
            (
                "all points classed «must» are GREEN",
                "| P | Class | State |\n|---|---|---|\n| A | must | GREEN |\n| B | must | ORANGE |\n",
            ),
            ("no area below 70 %", "| Area | Score |\n|---|---|\n| Data | 80 % |\n| Net | 65 % |\n"),
            ("a failed share below 0.8%", "- Failed: 18, i.e. 0.9%\n"),
            (
                "no open defect of severity 1",
                "Still open:\n\n| What | Severity |\n|---|---|\n| Sound | 1 |\n",
            ),
        ] {
            let text = |rest: &str| {
                format!("GO only if\n\n1. {criterion}\n\n## Facts\n\n{rest}\n## End\n\nDecision: GO\n")
            };
            assert_eq!(found(&RULE, &text(rest)).len(), 1, "{criterion}");
            let kept = rest
                .replace("ORANGE", "GREEN")
                .replace("65", "75")
                .replace("0.9", "0.7")
                .replace("| 1", "| 2");
            assert_eq!(found(&RULE, &text(&kept)), Vec::<String>::new(), "{criterion}");
        }
        let text = "GO only if\n\n- [x] data is moved\n- [ ] standby is active\n\n## End\n\nDecision: GO\n";
        assert_eq!(found(&RULE, text), ["certain 8,4"]);
    }

    #[test]
    fn what_must_be_fixed_and_comes_later_is_found() {
        let text = |fix: &str| {
            format!(
                "**Public release:** 1 July 2025\n\n1. A P0 has to be fixed before the release.\n\n## P0\n\n### B-02 Wrong turn\n\n- Proposal: {fix}\n"
            )
        };
        assert_eq!(found(&RULE, &text("ship with a known-issue note")), ["certain 3,7,9"]);
        assert!(found(&RULE, &text("fixed in the build of Friday")).is_empty());
        let text = |due: &str| {
            format!(
                "Planned launch: 2025-03-24\n\nNo finding of severity high may be open on the day of the launch.\n\n| Id | Severity | Finding | Due |\n|---|---|---|---|\n| F-1 | high | Tokens | {due} |\n"
            )
        };
        assert_eq!(found(&RULE, &text("2025-04-04")), ["certain 3,7,1"]);
        assert!(found(&RULE, &text("2025-03-19")).is_empty());
    }

    #[test]
    fn a_conditional_go_with_refused_risks_is_found() {
        let text = "Verdict: CONDITIONAL GO\n\n| Risk | Acceptance |\n|---|---|\n| No backup | NOT ACCEPTED |\n| Old theme | ACCEPTED |\n";
        assert_eq!(found(&RULE, text), ["certain 1,5"]);
    }
}
