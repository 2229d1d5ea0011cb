//! What the section or paragraph of a thing says of it, and what its row says: owner, date, severity,
//! state. `**OTA-04.** … owner Greta, due 29 January` against the row of OTA-04.

mod words;

use std::collections::{BTreeMap, BTreeSet};

use jiff::civil::Date;

use super::super::facts::item::Source;
use super::super::facts::token;
use super::super::facts::word::{self, says};
use super::super::facts::{Facts, Grid, GridRow, Place, Role, Sentence};
use super::super::kind::{Findings, Said};
use super::super::owner_twice::steps::is_other;
use super::super::owner_twice::words::OTHER_DATE;
use words::{DUE, LINKS, OWNER, SEVERITY, STATUS, UNDONE};

use crate::name::Name;
use crate::value::{self, Polarity, Severity, State};

/// The most things and rows that are compared.
const MOST: usize = 400;

/// What the thing is called in tables: its id, or a word and a number.
struct Subject {
    key: String,
    /// The word before a number: `finding` of `Finding 10`.
    noun: Option<String>,
}

pub(super) fn find(facts: &Facts<'_>, findings: &mut Findings) {
    let called = called(facts);
    let items = facts.items.iter().filter(|item| item.source == Source::List);
    let starts: BTreeSet<u32> = items.map(|item| item.said.span.line).collect();
    let mut subject: Option<(Subject, &Sentence)> = None;
    for sentence in facts
        .sentences
        .iter()
        .filter(|sentence| matches!(sentence.place, Place::Heading | Place::Prose | Place::Item))
    {
        if let Some(own) = subject_of(facts, sentence) {
            subject = Some((own, sentence));
        } else if subject.as_ref().is_some_and(|(_, lead)| {
            let is_next = lead.place == Place::Item && starts.contains(&sentence.text.span.line);
            !goes_on(facts, lead, sentence) || is_next && sentence.text.span.line != lead.text.span.line
        }) {
            subject = None;
        }
        let Some((own, _)) = &subject else { continue };
        let rows = called.get(&own.key).into_iter().flatten();
        for (grid, row) in rows.filter(|(grid, _)| is_noun(facts, grid, own)).take(6) {
            compare(facts, grid, row, sentence, findings);
        }
    }
}

/// The thing that a heading or a paragraph begins with.
fn subject_of(facts: &Facts<'_>, sentence: &Sentence) -> Option<Subject> {
    let text = sentence.text.plain.trim_start_matches(|c: char| !c.is_alphanumeric());
    if let Some(token) = token::at_start(text) {
        return Some(Subject { key: token.to_string().to_lowercase(), noun: None })
            .filter(|own| is_long(own, text));
    }
    // `**Step 6.** Responsible is Ann.`
    let is_lead = sentence.place == Place::Prose
        && text.split_whitespace().nth(1).is_some_and(|word| word.ends_with(['.', ':']));
    let is_title = is_lead || sentence.place == Place::Heading && facts.section(sentence.section).level <= 6;
    let mut words = text.split_whitespace();
    let (noun, number) = (words.next()?, words.next()?.trim_end_matches([':', '.', ',']));
    let is_number = !number.is_empty() && number.bytes().all(|byte| byte.is_ascii_digit());
    (is_title && is_number && noun.chars().all(char::is_alphabetic))
        .then(|| Subject { key: number.to_owned(), noun: Some(noun.to_lowercase()) })
}

/// `F-1` and not only a chapter number, which every document has.
fn is_long(own: &Subject, text: &str) -> bool {
    own.key.starts_with(char::is_alphabetic) && text.split_whitespace().count() > 1 || own.key.contains('-')
}

/// Whether a sentence is still of the thing that a heading or a paragraph began with.
fn goes_on(facts: &Facts<'_>, lead: &Sentence, sentence: &Sentence) -> bool {
    let is_title = lead.place == Place::Heading && facts.section(lead.section).level <= 6;
    let in_title = is_title
        && facts.chapter(sentence.section) == facts.chapter(lead.section)
        && sentence.place != Place::Heading;
    let far = sentence.text.span.line.saturating_sub(lead.text.span.end_line);
    in_title
        || (!is_title && far <= 6 && sentence.place != Place::Heading && (sentence.section == lead.section))
}

/// The rows of all tables by what they are called.
fn called<'f>(facts: &'f Facts<'_>) -> Called<'f> {
    let rows = facts.grids.iter().flat_map(|grid| grid.body().map(move |row| (grid, row)));
    let mut found: Called<'f> = BTreeMap::new();
    for (grid, row) in rows.take(MOST * 5) {
        let id = grid.column(Role::Id).unwrap_or(0);
        let keys = [0, id].into_iter().flat_map(|at| {
            let token = token::at_start(row.cell(at)).map(|token| token.to_string().to_lowercase());
            [Some(row.cell(at).to_lowercase()), token].into_iter().flatten()
        });
        let fixes = [0, grid.label].into_iter().filter_map(|at| fix_of(row.cell(at)));
        for key in keys.chain(fixes).collect::<BTreeSet<String>>() {
            found.entry(key).or_default().push((grid, row));
        }
    }
    found
}

/// `Fix for D-7` is of D-7, and so are its owner and its day.
fn fix_of(cell: &str) -> Option<String> {
    const FIXES: &[&str] = &[
        "fix for",
        "fix of",
        "correction of",
        "behebung von",
        "korrektur von",
        "correctif pour",
        "correction de",
        "corrección de",
        "oplossing van",
        "correzione di",
        "correção de",
    ];
    let lower = cell.to_lowercase();
    let ids = value::ids(cell);
    let is_fix = FIXES.iter().any(|word| lower.starts_with(word)) && lower.split_whitespace().count() <= 4;
    let [id] = ids.as_slice() else { return None };
    is_fix.then(|| id.value.text.to_lowercase())
}

type Called<'f> = BTreeMap<String, Vec<(&'f Grid<'f>, &'f GridRow<'f>)>>;

/// Whether a table is of things with the word that stands before the number.
fn is_noun(facts: &Facts<'_>, grid: &Grid<'_>, own: &Subject) -> bool {
    own.noun.as_ref().is_none_or(|noun| {
        let stem: String = noun.chars().take(5).collect();
        let titles = format!("{} {}", facts.titles(grid.section), grid.headers.join(" "));
        titles.contains(&stem)
    })
}

fn compare(
    facts: &Facts<'_>,
    grid: &Grid<'_>,
    row: &GridRow<'_>,
    sentence: &Sentence,
    findings: &mut Findings,
) {
    let text = &sentence.text.plain;
    if row.said().span.line == sentence.text.span.line {
        return;
    }
    let mut say = |what: &str, told: String, listed: &str| {
        let message =
            format!("the {what} of {} is «{told}» where it is told and «{listed}» in the table", row.cell(0));
        findings.certain(message, vec![row.said(), sentence.said()]);
    };
    if let (Some(at), Some(told)) = (grid.column(Role::Owner), owner(text)) {
        let listed = row.cell(at);
        if listed.chars().any(char::is_alphabetic)
            && is_other(&told, listed)
            && value::mark(listed).is_none()
            && listed.split_whitespace().count() <= 4
        {
            say("owner", told, listed);
        }
    }
    // A sentence that names the thing is left to `owner-twice`.
    if let Some(told) = due(facts, text).filter(|_| value::ids(text).len() != 1) {
        let by_column = grid.column(Role::Due).map(|at| (at, facts.calendar.dates(row.cell(at))));
        let listed = by_column.and_then(|(at, dates)| match dates.as_slice() {
            [date] => Some((at, date.value)),
            _ => None,
        });
        // `open, due 9 May` has it in the cell of the state.
        let in_state = || grid.column(Role::Status).and_then(|at| Some((at, due(facts, row.cell(at))?)));
        if let Some((at, date)) = listed.or_else(in_state)
            && date != told
        {
            say("date", told.to_string(), row.cell(at));
        }
    }
    if let Some(at) = grid.column(Role::Status)
        && is_done(row.cell(at))
        && says(&text.to_lowercase(), UNDONE)
    {
        say("state", text.trim().to_owned(), row.cell(at));
    }
    if let Some(told) = severity(sentence).or_else(|| of_title(sentence))
        && let Some(listed) = grid.column(Role::Severity).and_then(|at| value::severity(row.cell(at)))
        && listed.rank() != told.rank()
    {
        say("severity", told.word().to_owned(), listed.word());
    }
    if let (Some(at), Some(told)) = (grid.column(Role::Status), field(text, STATUS)) {
        let (one, two) = (value::mark(&told), value::mark(row.cell(at)));
        let polarity = |mark: Option<value::Mark>| mark.map_or(Polarity::Neutral, |mark| mark.polarity());
        let (one, two) = (polarity(one), polarity(two));
        let is_clear = one != Polarity::Neutral && two != Polarity::Neutral;
        if is_clear && one != two && (one == Polarity::Good || two == Polarity::Good) {
            say("state", told, row.cell(at));
        }
    }
}

fn is_done(cell: &str) -> bool {
    let state = value::mark(cell).and_then(|mark| mark.state);
    matches!(state, Some(State::Done | State::Resolved)) && cell.split_whitespace().count() <= 3
}

/// The severity between the dots of a title: `F-3 · High · Map update`.
fn of_title(sentence: &Sentence) -> Option<Severity> {
    let text = sentence.text.plain.trim();
    if sentence.text.span.line != sentence.text.span.end_line || token::at_start(text).is_none() {
        return None;
    }
    let mut parts = text.split([" · ", " | "].iter().find(|sign| text.contains(**sign)).copied()?).skip(1);
    parts.find(|part| part.split_whitespace().count() <= 2).and_then(value::severity)
}

/// The name behind a word for who does it.
fn owner(text: &str) -> Option<String> {
    let told = behind(text, OWNER)?;
    let name: Vec<&str> = told
        .split_whitespace()
        .skip_while(|word| LINKS.contains(word))
        .take(3)
        .take_while(|word| word.chars().next().is_some_and(char::is_uppercase))
        .collect();
    (!name.is_empty()).then(|| name.join(" "))
}

/// The date behind a word for until when.
fn due(facts: &Facts<'_>, text: &str) -> Option<Date> {
    let lower = text.to_lowercase();
    if says(&lower, OTHER_DATE) || lower.len() != text.len() {
        return None;
    }
    let dates = facts.calendar.dates(text);
    let [date] = dates.as_slice() else { return None };
    let head = lower.get(..date.range.start)?;
    let last = head.trim_end().rsplit([',', ';', '.', '(']).next()?.trim();
    let is_due = DUE
        .iter()
        .any(|word| last == *word || last.ends_with(&format!(" {word}")) || last == format!("{word}:"));
    is_due.then_some(date.value)
}

/// `Severity: High`, `Rated Low, because`.
fn severity(sentence: &Sentence) -> Option<Severity> {
    let whole = sentence.lower();
    let moved = [
        "raised to",
        "lowered to",
        "rated down",
        "rated up",
        "in v1",
        "at first",
        "until",
        "previous*",
        "original*",
        "first rated",
        "herabgestuft",
        "hochgestuft",
        "abaissé*",
        "relevé*",
        "rebajad*",
    ];
    if says(&whole, &moved) {
        return None;
    }
    let told = field(&sentence.text.plain, SEVERITY).or_else(|| {
        let text = sentence.text.plain.trim();
        let lower = text.to_lowercase();
        let word = SEVERITY.iter().find(|word| lower.starts_with(&format!("{word} ")))?;
        Some(text.get(word.len()..)?.split([',', '.', ';']).next()?.to_owned())
    })?;
    value::severity(told.split(['(', ',', '.', '·', '|']).next().unwrap_or_default())
}

/// The value of `Key: value` within a sentence, up to its end.
fn field(text: &str, keys: &[&str]) -> Option<String> {
    let lower = text.to_lowercase();
    let at = keys.iter().find_map(|key| {
        let at = word::find(&lower, key)?;
        lower.get(at + key.len()..)?.starts_with(':').then_some(at + key.len() + 1)
    })?;
    let rest = text.get(at..)?;
    let until = rest.find(['.', ';', ',', '\n']).unwrap_or(rest.len());
    Some(rest.get(..until)?.trim().to_owned()).filter(|value| !value.is_empty())
}

/// What stands behind one of these words, with or without a colon, up to the next sign.
fn behind(text: &str, words: &[&str]) -> Option<String> {
    let lower = text.to_lowercase();
    let (at, found) = word::first(&lower, words)?;
    let rest = text.get(at + found.len()..)?.trim_start_matches([':', ' ', '*']);
    let until = rest.find([',', ';', ')', '\n']).unwrap_or(rest.len());
    rest.get(..until).map(|told| told.trim_end_matches('.').trim().to_owned()).filter(|told| !told.is_empty())
}

/// Rows that list the ids of one severity: `| Medium | Q-05, Q-06 |`.
pub(super) fn groups(facts: &Facts<'_>, findings: &mut Findings) {
    for grid in facts.grids.iter().filter(|grid| grid.rows.len() <= 8 && grid.roles.len() <= 4) {
        for row in grid.body() {
            let is_priority = grid.header(0).contains("prio") || value::ids(row.cell(0)).len() == 1;
            let Some(severity) = value::severity(row.cell(0)).filter(|_| !is_priority) else { continue };
            for id in (1..grid.roles.len()).flat_map(|at| value::ids(row.cell(at))).take(60) {
                let other =
                    facts.with_id(&id.value).filter(|item| item.said.span.line != row.said().span.line);
                let mut other = other;
                let other = other.find_map(|item| Some((item.severity?, item)));
                let told = other
                    .map(|(own, item)| (own, item.said.clone()))
                    .or_else(|| of_section(facts, &id.value));
                if let Some((own, said)) = told.filter(|(own, _)| own.rank() != severity.rank()) {
                    let message =
                        format!("{} is {} and listed as {}", id.value.text, own.word(), severity.word());
                    findings.certain(message, vec![said, row.said()]);
                }
            }
        }
    }
}

/// The severity that the section of an id gives in a field.
fn of_section(facts: &Facts<'_>, id: &value::Id) -> Option<(Severity, Said)> {
    let section = facts.outline.ids().find(|section| {
        value::ids(&facts.section(*section).title.plain).first().is_some_and(|found| found.value.is(id))
    })?;
    let inside = facts
        .sentences
        .iter()
        .filter(|sentence| sentence.section == section && !Name::of(&sentence.text.plain).is_empty());
    inside.take(40).find_map(|sentence| {
        Some((severity(sentence).filter(|_| sentence.place != Place::Heading)?, sentence.said()))
    })
}
