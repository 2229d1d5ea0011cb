//! One file: where forms start is found in one pass over the bytes; only files with a form are
//! read closer, and only there.

use std::sync::LazyLock;

use aho_corasick::{AhoCorasick, AhoCorasickKind};

use super::form::{Form, Found, List};
use super::language::Language;
use super::site::Site;
use super::tests_in_code;
use super::text::Text;
use super::{Said, Survey, listens, logs, metrics, routes, variables};

/// Things of one file; a table of thousands is data, not code.
const MOST: usize = 4_000;

/// Every form, and the automaton that finds where each starts.
struct Forms {
    forms: Vec<&'static Form>,
    /// `None` cannot be: the words are ours. Nothing is found then.
    automaton: Option<AhoCorasick>,
}

static FORMS: LazyLock<Forms> = LazyLock::new(|| {
    let tables = [variables::FORMS, listens::FORMS, metrics::FORMS, routes::FORMS, logs::FORMS];
    let forms: Vec<&'static Form> = tables.into_iter().flatten().collect();
    let words = forms.iter().map(|form| form.words);
    let automaton = AhoCorasick::builder().kind(Some(AhoCorasickKind::DFA)).build(words).ok();
    Forms { forms, automaton }
});

/// Adds what one file says.
pub(super) fn file(path: &str, raw: &str, language: Language, survey: &mut Survey) {
    let Some(automaton) = &FORMS.automaton else { return };
    let mut starts = Vec::new();
    for place in automaton.find_overlapping_iter(raw) {
        let form = FORMS.forms.get(place.pattern().as_usize());
        if let Some(form) =
            form.filter(|form| form.languages.is_empty() || form.languages.contains(&language))
        {
            starts.push((place.start(), place.end(), *form));
        }
        if starts.len() >= MOST {
            break;
        }
    }
    if starts.is_empty() {
        return;
    }
    let text = Text::of(raw, language);
    let tests = tests_in_code::modules(&text);
    let is_of_tool = tests_in_code::is_of_tool(path);
    let mut found = Found::default();
    for (at, after, form) in starts {
        let site = Site { text: &text, at, after, is_of_tool };
        let is_there = match form.anywhere {
            true => !site.is_comment(),
            false => site.is_code(),
        };
        if is_there && !tests.iter().any(|range| range.contains(&at)) {
            (form.read)(&site, &mut found);
        }
    }
    add(path, raw, found, survey);
}

/// Gives each its line and column, each place once.
fn add(path: &str, raw: &str, found: Found, survey: &mut Survey) {
    let mut said = found.said;
    said.sort_by(|a, b| (a.1, a.0, &a.2, &a.3).cmp(&(b.1, b.0, &b.2, &b.3)));
    said.dedup_by(|a, b| (a.0, a.1, &a.2) == (b.0, b.1, &b.2));
    let (mut line, mut line_start, mut read) = (1_u32, 0_usize, 0_usize);
    for (list, at, name, detail) in said.into_iter().take(MOST) {
        for (place, _) in raw.get(read..at).unwrap_or_default().match_indices('\n') {
            line = line.saturating_add(1);
            line_start = read + place + 1;
        }
        read = at.max(read);
        let before = raw.get(line_start..at).unwrap_or_default();
        let column = u32::try_from(before.chars().count()).unwrap_or(u32::MAX).saturating_add(1);
        let said = Said { name, path: path.to_owned(), line, column, detail };
        match list {
            List::Variables => survey.variables.push(said),
            List::Listens => survey.listens.push(said),
            List::ListensElsewhere => survey.listens_elsewhere.push(said),
            List::Metrics => survey.metrics.push(said),
            List::Routes => survey.routes.push(said),
            List::Logs => survey.logs.push(said),
        }
    }
}
