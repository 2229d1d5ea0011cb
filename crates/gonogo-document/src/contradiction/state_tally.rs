//! A sentence counts things by state or by severity, and the table or list it is about has others.

mod words;

use super::facts::claim::number_word;
use super::facts::crowd::{Crowd, Member};
use super::facts::word::says;
use super::facts::{Facts, Item, Place, Sentence};
use super::kind::{Findings, Kind, Rule, Said};
use crate::value::{self, Polarity, Severity};

pub(super) const RULE: Rule = Rule {
    id: "state-tally",
    kind: Kind::Count,
    why: "What a sentence counts by state or severity can be counted in the list it is about.",
    find,
};

/// How far the list may be, in lines.
const NEAR: u32 = 14;

fn find(facts: &Facts<'_>, findings: &mut Findings) {
    let columns = words::columns(facts);
    let said = facts
        .sentences
        .iter()
        .filter(|sentence| matches!(sentence.place, Place::Prose | Place::Item | Place::Heading));
    for sentence in said {
        let lower = sentence.lower();
        if says(
            &lower,
            &[
                "at most",
                "at least",
                "may",
                "must",
                "if",
                "when",
                "limit",
                "allowed",
                "last",
                "week",
                "since",
                "yesterday",
            ],
        ) || lower.contains('?')
        {
            continue;
        }
        let is_told = words::check(facts, &columns, sentence, &lower, findings);
        if sentence.place == Place::Prose && !is_told {
            by_state(facts, sentence, &lower, findings);
            by_severity(facts, sentence, &lower, findings);
        }
    }
}

/// `Of the eight, five are fixed and three are open`: all numbers together are the table.
fn by_state(facts: &Facts<'_>, sentence: &Sentence, lower: &str, findings: &mut Findings) {
    let told = states(lower);
    let sum: u64 = told.iter().map(|(_, count)| count).sum();
    if told.len() < 2 || sum == 0 {
        return;
    }
    let before = |crowd: &&Crowd| {
        let far = sentence.text.span.line.abs_diff(if crowd.lines.1 < sentence.text.span.line {
            crowd.lines.1
        } else {
            crowd.lines.0
        });
        far <= NEAR
            && crowd.members.len() as u64 == sum
            && crowd.members.iter().all(|member| member.stands != Polarity::Neutral)
    };
    let Some(crowd) = facts.crowds.iter().find(before) else { return };
    let count =
        |stands: Polarity| crowd.members.iter().filter(|member| member.stands == stands).count() as u64;
    let mut stated: Vec<(Polarity, u64)> = Vec::new();
    for (stands, number) in &told {
        match stated.iter_mut().find(|(known, _)| known == stands) {
            Some((_, sum)) => *sum += number,
            None => stated.push((*stands, *number)),
        }
    }
    // Open and failed are one thing to many people.
    let loose = |wanted: Polarity| match wanted {
        Polarity::Bad | Polarity::Open
            if !stated
                .iter()
                .any(|(other, _)| *other != wanted && matches!(other, Polarity::Bad | Polarity::Open)) =>
        {
            count(Polarity::Bad) + count(Polarity::Open)
        }
        other => count(other),
    };
    if let Some((stands, number)) = stated.iter().find(|(stands, number)| loose(*stands) != *number) {
        let message = format!(
            "«{}», and {} of the {} rows are {}, not {number}",
            sentence.text.plain.trim(),
            loose(*stands),
            crowd.members.len(),
            shown(*stands)
        );
        findings.certain(message, std::iter::once(sentence.said()).chain(places(&crowd.members)).collect());
    }
}

fn places(members: &[Member]) -> impl Iterator<Item = Said> + '_ {
    members.iter().take(20).map(|member| member.said.clone())
}

fn shown(stands: Polarity) -> &'static str {
    match stands {
        Polarity::Good => "good",
        Polarity::Middling => "between",
        Polarity::Bad => "bad",
        Polarity::Open => "open",
        Polarity::Neutral => "neither",
    }
}

/// Each state that is said with the number before it in its clause.
fn states(lower: &str) -> Vec<(Polarity, u64)> {
    let clauses = lower
        .replace(" and ", ", ")
        .replace(" und ", ", ")
        .replace(" et ", ", ")
        .replace(" y ", ", ")
        .replace(" e ", ", ")
        .replace(" i ", ", ");
    let mut found = Vec::new();
    for clause in clauses.split([',', ';', '.', ':']) {
        let marks = value::marks(clause);
        let (Some(last), Some(number)) = (marks.last(), number(clause)) else { continue };
        let stands = last.value.polarity();
        if stands != Polarity::Neutral && clause.split_whitespace().count() <= 9 {
            found.push((stands, number));
        }
    }
    found
}

/// The first number of a clause, in digits or as a word.
fn number(clause: &str) -> Option<u64> {
    clause.split(|c: char| !c.is_alphanumeric()).find_map(|word| match word {
        "one" | "ein" | "eine" | "einer" | "une" | "un" | "una" | "uno" | "um" | "uma" | "een" | "jedna"
        | "jeden" => Some(1),
        "none" | "keine" | "aucune" | "ninguna" | "nessuna" | "nenhuma" => Some(0),
        _ => number_word(word).or_else(|| word.parse().ok()),
    })
}

/// `In total: 2 high, 1 medium, 1 low` below a list in which each thing has a severity.
fn by_severity(facts: &Facts<'_>, sentence: &Sentence, lower: &str, findings: &mut Findings) {
    let told = severities(lower);
    // `Open are 2 high and 1 low` counts some of them.
    let is_some = says(
        lower,
        &[
            "open", "closed", "fixed", "remain*", "offen*", "behoben*", "ouvert*", "abiert*", "apert*",
            "abert*", "otwart*",
        ],
    );
    if told.len() < 2 || is_some {
        return;
    }
    let line = sentence.text.span.line;
    let graded = facts.groups.iter().filter_map(|group| {
        let items: Vec<&Item> = group.items.iter().filter_map(|at| facts.items.get(*at)).collect();
        let all = items.len() >= 2 && items.iter().all(|item| item.severity.is_some());
        let last = items.last()?.said.span.end_line;
        (all && last < line
            && line - last <= NEAR
            && facts.chapter(group.section) == facts.chapter(sentence.section))
        .then_some((last, items))
    });
    let Some((_, items)) = graded.max_by_key(|(last, _)| *last) else { return };
    for (severity, count) in told {
        let own = items
            .iter()
            .filter(|item| item.severity.is_some_and(|other| other.rank() == severity.rank()))
            .count() as u64;
        if own != count {
            let message = format!("it says {count} {}, and the list has {own}", severity.word());
            findings.certain(
                message,
                std::iter::once(sentence.said())
                    .chain(items.iter().take(20).map(|item| item.said.clone()))
                    .collect(),
            );
            return;
        }
    }
}

/// Severities with the number directly before or behind them; none when one has no number.
fn severities(lower: &str) -> Vec<(Severity, u64)> {
    let found = value::severities(lower);
    let digits = |text: &str| number_word(text).or_else(|| text.parse::<u64>().ok());
    let mut told = Vec::new();
    for severity in &found {
        let before = lower
            .get(..severity.range.start)
            .unwrap_or_default()
            .split_whitespace()
            .next_back()
            .and_then(digits);
        let behind = lower.get(severity.range.end..).unwrap_or_default().split_whitespace().next();
        let behind = behind.and_then(|word| digits(word.trim_end_matches([',', '.', ';'])));
        let Some(count) = before.or(behind) else { return Vec::new() };
        told.push((severity.value, count));
    }
    told
}

#[cfg(test)]
mod tests {
    use super::RULE;
    use crate::contradiction::trial::found;

    const TABLE: &str = "| Id | Fault | State |\n|---|---|---|\n| A-1 | x | fixed |\n| A-2 | y | open |\n| A-3 | z | open |\n\n";

    #[test]
    fn states_that_are_counted_wrong_are_found() {
        assert_eq!(
            found(&RULE, &format!("{TABLE}Of the faults, two are fixed and one is open.\n")),
            ["certain 7,3,4,5"]
        );
        assert!(found(&RULE, &format!("{TABLE}Of the faults, one is fixed and two are open.\n")).is_empty());
    }

    #[test]
    fn severities_that_are_counted_wrong_are_found() {
        let list = "1. Phone list wrong. (high)\n2. Old name. (medium)\n3. Tape unreadable. (high)\n\n";
        assert_eq!(found(&RULE, &format!("{list}In total: 1 high, 1 medium, 1 low.\n")).len(), 1);
        assert!(found(&RULE, &format!("{list}In total: 2 high, 1 medium.\n")).is_empty());
    }
}
