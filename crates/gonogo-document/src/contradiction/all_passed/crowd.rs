//! The table or list that «all passed» is about, and those of it that did not.

use crate::contradiction::facts::claim::number_word;
use crate::contradiction::facts::figure::{figure, figures};
use crate::contradiction::facts::word::says;
use crate::contradiction::facts::{Facts, Sentence};
use crate::contradiction::kind::Said;
use crate::name::Name;
use crate::value::{self, State};

/// The nearest crowd that the sentence is about, if one of it is not as it should be.
pub(super) fn of_crowd(facts: &Facts<'_>, sentence: &Sentence, lower: &str) -> Option<Vec<Said>> {
    let words = Name::of(lower).words;
    let numbers: Vec<u64> = numbers(facts, sentence);
    let near = facts
        .crowds
        .iter()
        .filter_map(|crowd| Some((crowd.distance(facts, sentence, &words, &numbers)?, crowd)));
    let (_, crowd) = near.min_by_key(|(far, _)| *far)?;
    // A number that is not its size is the number of other things.
    if !numbers.is_empty() && !numbers.contains(&(crowd.members.len() as u64)) {
        return None;
    }
    let tests = says(
        lower,
        &[
            "tested",
            "executed",
            "carried out",
            "passed",
            "met",
            "checked",
            "exécuté*",
            "eseguit*",
            "bestanden",
            "superat*",
            "zaliczon*",
        ],
    );
    // Where a row tells how it was on several days, the last one counts.
    let idle =
        |text: &str| value::marks(text).last().is_some_and(|found| found.value.state == Some(State::NotRun));
    let short = crowd.members.iter().filter(|member| member.is_short() || (tests && idle(&member.text)));
    let found: Vec<Said> = short.map(|member| member.said.clone()).collect();
    (!found.is_empty() && found.len() < crowd.members.len()).then_some(found)
}

/// The numbers of a sentence that are no part of a date.
fn numbers(facts: &Facts<'_>, sentence: &Sentence) -> Vec<u64> {
    let text = &sentence.text.plain;
    let dates: Vec<_> = facts.calendar.dates(text).into_iter().map(|found| found.range).collect();
    let lower = &sentence.lower();
    let by_word = lower.split(|c: char| !c.is_alphanumeric()).filter_map(number_word);
    let by_digit = figures(text)
        .into_iter()
        .filter(|figure| {
            !dates.iter().any(|date| date.start <= figure.range.start && figure.range.start < date.end)
        })
        .filter_map(|figure| figure.count());
    by_word.chain(by_digit).collect()
}

/// `All are installed` above the columns `planned` and `installed`: rows with fewer than planned.
pub(super) fn of_columns(facts: &Facts<'_>, lower: &str) -> Option<Vec<Said>> {
    // What failed at first may be done by now.
    if says(
        lower,
        &["then", "again", "later", "afterwards", "dann", "ensuite", "puis", "después", "poi", "depois"],
    ) {
        return None;
    }
    let said: Vec<String> = lower
        .split(|c: char| !c.is_alphabetic())
        .filter(|word| word.chars().count() >= 6)
        .map(start)
        .collect();
    for grid in &facts.grids {
        for done in 1..grid.roles.len() {
            let header = grid.header(done);
            let is_it = header
                .split(|c: char| !c.is_alphabetic())
                .filter(|word| word.chars().count() >= 6)
                .map(start)
                .any(|word| said.contains(&word));
            let planned = (0..done).rev().find(|at| *at != grid.label && grid.figures(*at).is_some());
            let (true, Some(planned)) = (is_it, planned) else { continue };
            let fewer = grid.body().filter(|row| {
                matches!((figure(row.cell(planned)), figure(row.cell(done))), (Some(all), Some(part)) if part.value < all.value)
            });
            let found: Vec<Said> = fewer.map(|row| row.said()).collect();
            if !found.is_empty() {
                return Some(found);
            }
        }
    }
    None
}

/// The start of a word, which its endings share.
fn start(word: &str) -> String {
    word.chars().take(6).collect()
}
