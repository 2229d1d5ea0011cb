//! Verdicts: where the document says whether there will be a launch, and whether it says so of the
//! whole or of a part of it.

mod words;

use super::grid::Grid;
use super::sentence::{Place, Sentence};
use super::word;
use crate::contradiction::kind::Said;
use crate::element::{self as read, Confidence, Verdict, VerdictKind};
use crate::outline::{Outline, SectionId};
use words::{CALLS, HEDGES, KEYS, NO_KEYS, PROPERTIES, RECOMMENDS};

/// Whether a verdict lets a launch happen.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub(crate) enum Launch {
    /// It does.
    Yes,
    /// It does, with conditions.
    Conditional,
    /// It does not.
    No,
}

/// A verdict.
#[derive(Debug, Clone)]
pub(crate) struct Call {
    pub(crate) launch: Launch,
    /// Its words, as in [`CALLS`].
    pub(crate) word: &'static str,
    /// What stands before it: `final decision`; empty when it stands alone.
    pub(crate) key: String,
    /// It is on the whole.
    pub(crate) is_overall: bool,
    /// It stands in the middle of a sentence.
    pub(crate) is_prose: bool,
    pub(crate) section: SectionId,
    pub(crate) said: Said,
}

/// The verdict that a text in small letters begins with, and how many bytes it is long.
fn at_start(lower: &str) -> Option<(Launch, &'static str)> {
    let fits = CALLS.iter().flat_map(|(launch, words)| {
        words.iter().filter(|word| word::find(lower, word) == Some(0)).map(move |word| (*launch, *word))
    });
    let longest = fits.max_by_key(|(_, word)| word.len())?;
    // `go-live on Monday` and `go/no-go` are no verdict.
    let behind = lower.get(longest.1.len()..).unwrap_or_default();
    let is_name = longest.1 == "go" && behind.starts_with(['-', '/', '‑', '\'']);
    (!is_name && !behind.trim_start().starts_with("/ no")).then_some(longest)
}

fn bare(text: &str) -> &str {
    text.trim_start_matches(|c: char| !c.is_alphanumeric())
}

/// All verdicts in document order.
pub(crate) fn all(outline: &Outline, grids: &[Grid<'_>], sentences: &[Sentence]) -> Vec<Call> {
    let mut found: Vec<Call> = sentences.iter().filter_map(of_sentence).collect();
    found.extend(grids.iter().filter(|grid| grid.table.header.len() == 2).flat_map(of_properties));
    found.sort_by_key(|call| call.said.span);
    let is_part: Vec<bool> = found.iter().map(|call| has_siblings(outline, &found, call)).collect();
    for (call, is_part) in found.iter_mut().zip(is_part) {
        call.is_overall = !is_part;
    }
    found
}

/// Adds the verdicts that the reader is sure of, where none is known in their line.
pub(crate) fn add_read(calls: &mut Vec<Call>, verdicts: &[Verdict]) {
    for verdict in verdicts.iter().filter(|verdict| {
        verdict.kind == VerdictKind::Overall && verdict.source.confidence == Confidence::Certain
    }) {
        let line = verdict.source.span.line;
        if calls.iter().any(|call| call.said.span.line <= line && line <= call.said.span.end_line) {
            continue;
        }
        let (launch, word) = match verdict.call {
            read::Call::Go => (Launch::Yes, "go"),
            read::Call::Approved => (Launch::Yes, "approved"),
            read::Call::ConditionalGo => (Launch::Conditional, "conditional go"),
            read::Call::ApprovedWithConditions => (Launch::Conditional, "approved with conditions"),
            read::Call::ConditionalNoGo => (Launch::No, "conditional no-go"),
            read::Call::NoGo => (Launch::No, "no-go"),
            read::Call::NotReady => (Launch::No, "not ready"),
            read::Call::Blocked => (Launch::No, "blocked"),
            read::Call::Rejected => (Launch::No, "rejected"),
        };
        let said = Said::at(verdict.source.span, &verdict.text.plain);
        calls.push(Call {
            launch,
            word,
            key: String::new(),
            is_overall: true,
            is_prose: false,
            section: verdict.source.section,
            said,
        });
    }
    calls.sort_by_key(|call| call.said.span);
}

/// Rows such as `Verdict | GO` of a table of two columns that lists properties.
fn of_properties(grid: &Grid<'_>) -> Vec<Call> {
    let header = grid.header(0);
    let is_of_many = word::says(
        &header,
        &[
            "voter", "member", "role", "area", "category", "check", "question", "test", "scenario", "stream",
            "name",
        ],
    );
    let rows = grid.rows.iter().filter(|_| !is_of_many);
    rows.filter_map(|row| {
        let key = row.cell(0).to_lowercase();
        let (launch, word) = at_start(bare(&row.cell(1).to_lowercase()))?;
        let is_label = word::says(&key, PROPERTIES) && key.split_whitespace().count() <= 3;
        let is_strong = !matches!(word, "blocked" | "release" | "launch" | "accepted" | "stop" | "proceed");
        (is_label && is_strong).then(|| Call {
            launch,
            word,
            key,
            is_overall: true,
            is_prose: false,
            section: grid.section,
            said: row.said(),
        })
    })
    .collect()
}

fn of_sentence(sentence: &Sentence) -> Option<Call> {
    if matches!(sentence.place, Place::Cell | Place::Code) {
        return None;
    }
    let lower = sentence.lower();
    let line = lower.lines().next()?.trim();
    let made = |(launch, word): (Launch, &'static str), key: &str, is_prose: bool| Call {
        launch,
        word,
        key: key.trim().to_owned(),
        is_overall: true,
        is_prose,
        section: sentence.section,
        said: sentence.said(),
    };
    if let Some((key, value)) =
        line.split_once(": ").or_else(|| line.split_once(" - ").filter(|_| sentence.place == Place::Heading))
    {
        let key = bare(key).trim_end_matches(['*', ' ']);
        let is_label =
            key.split_whitespace().count() <= 8 && word::says(key, KEYS) && !word::says(key, NO_KEYS);
        if is_label && !key.starts_with(|c: char| c.is_ascii_digit()) {
            return at_start(bare(value)).map(|call| made(call, key, false));
        }
    }
    if let Some((_, word)) = word::first(line, RECOMMENDS)
        .filter(|_| sentence.place != Place::Heading && !word::says(line, HEDGES))
    {
        let launch = if word::denies(line) { Launch::No } else { Launch::Yes };
        return (!word::says(line, &["if", "when", "once"]))
            .then(|| made((launch, word), "recommendation", false));
    }
    let Some(alone) = at_start(bare(line)) else {
        return in_capitals(sentence, &lower).map(|call| made(call, "", true));
    };
    let rest = bare(line).get(alone.1.len()..).unwrap_or_default().trim();
    let stands_alone =
        !rest.chars().any(char::is_alphabetic) || rest.starts_with(',') || rest.starts_with("**");
    let is_plain = matches!(
        alone.1,
        "ready"
            | "bereit"
            | "prêt"
            | "passed"
            | "failed"
            | "blocked"
            | "bestanden"
            | "freigegeben"
            | "release"
            | "released"
            | "launch"
            | "stop"
            | "accepted"
            | "proceed"
            | "carried"
            | "favorable"
            | "declined"
            | "on hold"
            | "postponed"
    );
    match sentence.place {
        Place::Heading | Place::Prose if stands_alone && !is_plain => Some(made(alone, "", false)),
        Place::Prose if !is_plain && alone.1.contains(' ') && alone.1.contains("go") => {
            Some(made(alone, "", true))
        }
        _ => None,
    }
}

/// `The drill is PARTIALLY PASSED`: in capitals behind a verb.
fn in_capitals(sentence: &Sentence, lower: &str) -> Option<(Launch, &'static str)> {
    let verbs = [" is ", " ist ", " est ", " está ", " è ", " are "];
    let behind = verbs.iter().find_map(|verb| lower.find(verb).map(|at| at + verb.len()))?;
    let call = at_start(lower.get(behind..)?.trim_start_matches(['*', '_']))?;
    let written = sentence.text.plain.get(behind..)?.split_whitespace().next()?;
    let is_loud = written.len() > 1 && written.chars().filter(|c| c.is_alphabetic()).all(char::is_uppercase);
    (is_loud && sentence.place == Place::Prose).then_some(call)
}

/// Whether there are verdicts under the same label in sections beside its own.
fn has_siblings(outline: &Outline, all: &[Call], call: &Call) -> bool {
    let home = |call: &Call| {
        let chapter = outline.path(call.section).find(|section| section.level <= 6)?;
        Some((chapter.parent?, chapter.span.line))
    };
    let Some((parent, line)) = home(call) else { return false };
    let beside = all.iter().take(2_000).filter(|other| other.key == call.key && !other.key.is_empty());
    beside.filter_map(home).any(|(other, at)| other == parent && at != line)
}

#[cfg(test)]
mod tests {
    use crate::contradiction::facts::Facts;
    use crate::read;

    fn calls(text: &str) -> Vec<(String, bool)> {
        let report = read(text.as_bytes());
        Facts::of(&report).calls.iter().map(|call| (call.word.to_owned(), call.is_overall)).collect()
    }

    #[test]
    fn verdicts_are_read_where_they_are_given() {
        for (text, word) in [
            ("## DECISION: NO-GO", "no-go"),
            ("**GO**, effective 24 March.", "go"),
            ("# Go/No-Go gate - BLOCKED", "blocked"),
            ("The committee decided: GO.", "go"),
            ("Entscheidung: **Freigabe erteilt**", "freigabe erteilt"),
            ("Conditional go with one condition: x.", "conditional go"),
            ("**Go-live:** 3 May", ""),
            ("- 🟢 **GO** - no conditions", ""),
            ("- 9 of 10 categories: GO", ""),
        ] {
            let found = calls(text);
            assert_eq!(found.first().map_or("", |call| call.0.as_str()), word, "{text}: {found:?}");
        }
    }

    #[test]
    fn verdicts_on_parts_are_told_from_those_on_the_whole() {
        let found = calls(
            "# R\n## A\n**Decision:** GO\n\n## B\n**Decision:** NO-GO\n\n## End\n**Final decision:** NO-GO\n",
        );
        assert_eq!(found, [("go".into(), false), ("no-go".into(), false), ("no-go".into(), true)]);
    }
}
