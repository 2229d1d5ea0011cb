//! `4 of 5 areas passed`, where three did; `7 out of 8 categories: GO`, where six are.

use super::facts::figure::{shown, whole};
use super::facts::share::{Share, shares};
use super::facts::verdict::Verdict;
use super::facts::{Facts, Grid, Place, Role, Sentence};
use super::kind::{Findings, Kind, Rule, Said};
use crate::outline::SectionId;
use crate::value::{self, Polarity};

pub(super) const RULE: Rule = Rule {
    id: "status-count",
    kind: Kind::Count,
    why: "How many passed can be counted in the table that says which did.",
    find,
};

/// Things that are counted, each with what was said of it.
struct Counted {
    all: Vec<(Option<Verdict>, Polarity, Said)>,
    line: u32,
    /// Where a sentence must stand to be about it: a column of signs has no header that says what it is.
    only_in: Option<SectionId>,
}

fn find(facts: &Facts<'_>, findings: &mut Findings) {
    let counted = all(facts);
    for sentence in facts
        .sentences
        .iter()
        .filter(|sentence| sentence.place != Place::Cell && sentence.place != Place::Code)
    {
        let shares = shares(&sentence.text.plain);
        let [share] = shares.as_slice() else { continue };
        let behind = sentence.text.plain.get(share.range.end..).unwrap_or_default();
        let head = sentence.text.plain.get(..share.range.start).unwrap_or_default();
        // `Accepted: 6 of 7`.
        let is_label = head.trim_end().ends_with(':') && head.split_whitespace().count() <= 4;
        // `Result: 8 of 9 controls are met` says it behind.
        let is_label = is_label && (value::mark(head).is_some() || Verdict::of(head).is_some());
        let behind = if is_label { head } else { behind };
        // The nearest collection of that size.
        let sized = counted.iter().filter(|counted| {
            let is_own = counted.only_in.is_none_or(|section| section == sentence.section);
            is_own && whole(counted.all.len() as u64) == share.whole
        });
        let Some(nearest) = sized.min_by_key(|counted| counted.line.abs_diff(sentence.text.span.line)) else {
            continue;
        };
        check(sentence, share, behind, nearest, findings);
    }
    words(facts, &counted, findings);
    verdicts(facts, findings);
}

fn check(sentence: &Sentence, share: &Share, behind: &str, counted: &Counted, findings: &mut Findings) {
    let until = behind.find([';', '.', '(', ',']).unwrap_or(behind.len());
    let said = behind.get(..until).unwrap_or_default();
    let has_verdicts = counted.all.iter().all(|(verdict, _, _)| verdict.is_some());
    let (fits, word): (Vec<&Said>, String) = match Verdict::of(said).filter(|_| has_verdicts) {
        Some(verdict) => (
            counted.all.iter().filter(|(own, _, _)| *own == Some(verdict)).map(|(_, _, said)| said).collect(),
            verdict.word().to_owned(),
        ),
        None => {
            let Some(wanted) = value::mark(said).map(|mark| mark.polarity()).or_else(|| extra(said)) else {
                return;
            };
            if !matches!(wanted, Polarity::Good | Polarity::Bad | Polarity::Middling) {
                return;
            }
            (
                counted.all.iter().filter(|(_, own, _)| *own == wanted).map(|(_, _, said)| said).collect(),
                "like that".to_owned(),
            )
        }
    };
    if whole(fits.len() as u64) != share.part {
        let message = format!(
            "{} of {} are said to be {word}, but {} are",
            shown(&share.part),
            shown(&share.whole),
            fits.len()
        );
        let places: Vec<Said> = std::iter::once(sentence.said())
            .chain(counted.all.iter().map(|(_, _, said)| said.clone()))
            .collect();
        findings.certain(message, places);
    }
}

/// Words of success that are no marks.
fn extra(text: &str) -> Option<Polarity> {
    let lower = text.to_lowercase();
    ["succeeded", "succeed", "successful", "live", "passed", "réussis", "geslaagd"]
        .iter()
        .any(|word| lower.contains(word))
        .then_some(Polarity::Good)
}

/// Tables with a state a row, and sections with a decision each.
fn all(facts: &Facts<'_>) -> Vec<Counted> {
    let mut found = Vec::new();
    for grid in &facts.grids {
        let column = grid.column(Role::Status).or_else(|| grid.column(Role::Decision));
        let only_in = column.is_none().then_some(grid.section);
        let Some(column) = column.or_else(|| of_marks(grid)) else { continue };
        let all: Vec<(Option<Verdict>, Polarity, Said)> =
            grid.body().map(|row| stated(row.cell(column), row.said())).collect();
        if all
            .iter()
            .filter(|(verdict, polarity, _)| verdict.is_some() || *polarity != Polarity::Neutral)
            .count()
            == all.len()
        {
            found.push(Counted { all, line: grid.table.span.line, only_in });
        }
    }
    let decisions: Vec<(Option<Verdict>, Polarity, Said)> = decisions(facts)
        .into_iter()
        .map(|(verdict, said)| (Some(verdict), Polarity::Neutral, said))
        .collect();
    if decisions.len() >= 2 {
        let line = decisions.first().map_or(1, |(_, _, said)| said.span.line);
        found.push(Counted { all: decisions, line, only_in: None });
    }
    found
}

/// The last column, when each of its cells is a state and nothing more.
fn of_marks(grid: &Grid<'_>) -> Option<usize> {
    let last = grid.roles.len().checked_sub(1).filter(|at| *at > 0)?;
    let is_state = |cell: &str| {
        let words = cell.split_whitespace().count();
        words <= 3 && value::mark(cell).is_some_and(|mark| mark.polarity() != Polarity::Neutral)
    };
    (grid.body().count() >= 3 && grid.body().all(|row| is_state(row.cell(last)))).then_some(last)
}

fn stated(cell: &str, said: Said) -> (Option<Verdict>, Polarity, Said) {
    let polarity =
        value::mark(cell).map(|mark| mark.polarity()).filter(|polarity| *polarity != Polarity::Neutral);
    let polarity = polarity.or_else(|| extra(cell)).or_else(|| yes(cell)).unwrap_or(Polarity::Neutral);
    (Verdict::of(cell), polarity, said)
}

fn yes(cell: &str) -> Option<Polarity> {
    match value::mark(cell).and_then(|mark| mark.state) {
        Some(value::State::Yes) => Some(Polarity::Good),
        Some(value::State::No) => Some(Polarity::Bad),
        _ => None,
    }
}

/// `Decision: GO` of sections that are numbered or have a question.
pub(super) fn decisions(facts: &Facts<'_>) -> Vec<(Verdict, Said)> {
    let mut found = Vec::new();
    for sentence in
        facts.sentences.iter().filter(|sentence| matches!(sentence.place, Place::Prose | Place::Item))
    {
        let Some(field) = sentence.text.field() else { continue };
        let key = field.key.plain.to_lowercase();
        let is_decision = matches!(
            key.trim(),
            "decision" | "entscheidung" | "décision" | "decisión" | "besluit" | "verdict"
        );
        let has_question = facts.asks(sentence.section);
        if let (true, Some(verdict)) = (is_decision && has_question, Verdict::of(&field.value.plain)) {
            found.push((verdict, sentence.said()));
        }
    }
    found
}

/// `Twee gemalen zijn gezakt`: a number of those in one state, right beside the table.
fn words(facts: &Facts<'_>, counted: &[Counted], findings: &mut Findings) {
    for claim in facts
        .claims
        .iter()
        .filter(|claim| claim.place == Place::Prose && !claim.is_about && claim.severity.is_none())
    {
        let Some(sentence) = facts.sentences.get(claim.sentence) else { continue };
        let Some(state) = claim.state.filter(|state| matches!(state.polarity(), Polarity::Bad)) else {
            continue;
        };
        let near = |counted: &&Counted| {
            let end = counted.all.last().map_or(0, |(_, _, said)| said.span.line);
            sentence.text.span.line > end && sentence.text.span.line - end <= 3
        };
        let Some(table) = counted.iter().find(near) else { continue };
        let only = facts.claims.iter().filter(|other| other.sentence == claim.sentence).count() == 1;
        let fits: Vec<&Said> = table
            .all
            .iter()
            .filter(|(_, own, _)| *own == state.polarity())
            .map(|(_, _, said)| said)
            .collect();
        if only
            && fits.len() as u64 != claim.count
            && !fits.is_empty()
            && super::facts::share::shares(&sentence.text.plain).is_empty()
        {
            let message = format!("{} are said to be like that, the table has {}", claim.count, fits.len());
            let places: Vec<Said> =
                std::iter::once(sentence.said()).chain(fits.into_iter().cloned()).collect();
            findings.certain(message, places);
        }
    }
}

/// `The vote is 6 for and 3 against`.
fn verdicts(facts: &Facts<'_>, findings: &mut Findings) {
    for grid in &facts.grids {
        let Some(column) = grid.column(Role::Decision) else { continue };
        let count = |word: &str| {
            grid.body()
                .filter(|row| super::facts::verdict::has_phrase(&row.cell(column).to_lowercase(), word))
                .count() as u64
        };
        let (yes, no) = (count("for"), count("against"));
        if yes + no < 3 || (yes + no) as usize != grid.body().count() {
            continue;
        }
        for sentence in facts.sentences.iter().filter(|sentence| sentence.place == Place::Prose) {
            let lower = sentence.lower();
            let said = |word: &str| {
                let at = lower.find(word)?;

                lower.get(..at)?.split_whitespace().last()?.parse::<u64>().ok()
            };
            let (Some(for_it), Some(against)) = (said(" for"), said(" against")) else { continue };
            if (for_it, against) != (yes, no) {
                let places: Vec<Said> =
                    std::iter::once(sentence.said()).chain(grid.body().map(|row| row.said())).collect();
                findings.certain(
                    format!("{for_it} for and {against} against are given, the table has {yes} and {no}"),
                    places,
                );
            }
        }
    }
}

#[cfg(test)]
mod tests {
    use super::RULE;
    use crate::contradiction::trial::found;

    #[test]
    fn results_that_are_counted_wrong_are_found() {
        let table = |behind: &str| {
            format!(
                "## Controls\n\n| Ctrl | Control | Result |\n|---|---|---|\n| C1 | Model | met |\n| C2 | Pin | not met |\n| C3 | Wipe | met |\n\n{behind}"
            )
        };
        assert_eq!(found(&RULE, &table("Result: 3 of 3 controls are met.\n")).len(), 1);
        assert!(found(&RULE, &table("Result: 2 of 3 controls are met.\n")).is_empty());
        assert!(
            found(
                &RULE,
                &table("## Other\n\n- [x] a\n\nThree of three are met.\n").replace("| Result |", "| xy |")
            )
            .is_empty()
        );
    }
}
