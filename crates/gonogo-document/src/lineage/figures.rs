//! Verdicts, scores and counts as the two documents state them, side by side. All of them are
//! asserted; nothing is computed, and nothing is subtracted.

use std::collections::BTreeMap;

use gonogo_model::lineage::document::{Figure, Quote};

use super::statement::line;
use crate::Report;
use crate::element::{Category, ClaimKind, Score, ScoreKind, Setting, VerdictKind};
use crate::name::{Likeness, Name};
use crate::outline::Text;
use crate::place::Span;
use crate::value::{self, Exact, Severity};

/// Figures that are told.
const MOST: usize = 100;
/// Categories that are compared.
const MOST_CATEGORIES: usize = 200;

pub(super) fn quote(text: &str, span: Span) -> Quote {
    Quote { text: line(text), line: span.line, column: span.column }
}

/// The verdicts on the whole, each wording once.
pub(super) fn verdicts(report: &Report) -> Vec<Quote> {
    let overall = report.elements.verdicts.iter().filter(|verdict| verdict.kind == VerdictKind::Overall);
    distinct(overall.map(|verdict| quote(&verdict.call.words().to_uppercase(), verdict.source.span)))
}

/// The overall scores, each value once.
pub(super) fn scores(report: &Report) -> Vec<Quote> {
    let all = report.elements.scores.iter();
    distinct(all.filter(|score| score.kind != ScoreKind::PassRate).filter_map(score_text))
}

fn score_text(score: &Score) -> Option<Quote> {
    let percent = score.percent.as_ref().and_then(|(_, range)| score.text.plain.get(range.clone()));
    let fraction = || score.fraction.as_ref().map(|(part, whole)| format!("{part} of {whole}"));
    Some(quote(&percent.map(str::to_owned).or_else(fraction)?, score.source.span))
}

fn distinct(quotes: impl Iterator<Item = Quote>) -> Vec<Quote> {
    let mut found: Vec<Quote> = Vec::new();
    for quote in quotes {
        if !found.iter().any(|known| is_same(&known.text, &quote.text)) {
            found.push(quote);
        }
    }
    found
}

/// Whether two texts are the same figure: `85 %` and `85%`, `0` and `none`.
fn is_same(one: &str, other: &str) -> bool {
    match (value::percent(one), value::percent(other)) {
        (Some(one), Some(other)) => one == other,
        _ => one.to_lowercase() == other.to_lowercase(),
    }
}

/// Everything that the two state differently.
pub(super) fn changed(before: &Report, after: &Report) -> Vec<Figure> {
    let pass_rate = |report: &Report| {
        let all = report.elements.scores.iter().filter(|score| score.kind == ScoreKind::PassRate);
        distinct(all.filter_map(score_text))
    };
    let figure = |what: &str, before, after| Figure { what: what.to_owned(), before, after };
    let mut found = vec![
        figure("verdict", verdicts(before), verdicts(after)),
        figure("score", scores(before), scores(after)),
        figure("passed", pass_rate(before), pass_rate(after)),
    ];
    found.extend(counts(before, after));
    found.extend(categories(before, after));
    found.retain(|figure| !is_equal(&figure.before, &figure.after));
    found.truncate(MOST);
    found
}

fn is_equal(before: &[Quote], after: &[Quote]) -> bool {
    let within = |some: &[Quote], all: &[Quote]| {
        some.iter().all(|one| all.iter().any(|other| is_same(&one.text, &other.text)))
    };
    within(before, after) && within(after, before)
}

/// `6 blocker issues`, by severity or by noun, where both documents count the same.
fn counts(before: &Report, after: &Report) -> Vec<Figure> {
    let (before, after) = (counted(before), counted(after));
    let both = before.into_iter().filter_map(|(what, was)| {
        let is = after.get(&what)?;
        let differs = was.iter().any(|(number, _)| !is.contains_key(number))
            || is.iter().any(|(number, _)| !was.contains_key(number));
        differs.then(|| Figure {
            what: format!("{what}, counted"),
            before: was.into_values().collect(),
            after: is.values().cloned().collect(),
        })
    });
    both.collect()
}

/// Every number that a document gives of each kind of problem, with its first place.
fn counted(report: &Report) -> BTreeMap<String, BTreeMap<Exact, Quote>> {
    let mut found: BTreeMap<String, BTreeMap<Exact, Quote>> = BTreeMap::new();
    for claim in &report.elements.claims {
        if matches!(claim.setting, Setting::Asked | Setting::Demanded) {
            continue;
        }
        let (number, of, severity) = match &claim.kind {
            ClaimKind::Count { number, of, severity } => (number.clone(), of, *severity),
            ClaimKind::Zero { of } => (Exact::from_integer(0.into()), of, value::severity(of)),
            _ => continue,
        };
        let Some(what) = severity.map(|severity| severity.word().to_owned()).or_else(|| noun(of)) else {
            continue;
        };
        let text = claim.text.plain.get(claim.range.clone()).unwrap_or_default();
        found.entry(what).or_default().entry(number).or_insert_with(|| quote(text, claim.source.span));
    }
    found
}

/// What is counted, when it is a kind of problem or of work.
fn noun(of: &str) -> Option<String> {
    const NOUNS: [(&str, &str); 12] = [
        ("finding", "findings"),
        ("issue", "issues"),
        ("condition", "conditions"),
        ("decision", "decisions"),
        ("risk", "risks"),
        ("gap", "gaps"),
        ("must", "must-fix items"),
        ("task", "tasks"),
        ("befund", "findings"),
        ("auflage", "conditions"),
        ("mängel", "issues"),
        ("anomalie", "issues"),
    ];
    let lower = of.to_lowercase();
    let mut words = lower.split(|c: char| !c.is_alphanumeric()).take(3);
    words.find_map(|word| {
        NOUNS.iter().find(|(start, _)| word.starts_with(start)).map(|(_, noun)| (*noun).to_owned())
    })
}

/// What a document states of one category, all its places together.
pub(super) struct Stated<'a> {
    pub(super) name: &'a Text,
    pub(super) key: Name,
    pub(super) all: Vec<&'a Category>,
}

impl Stated<'_> {
    pub(super) fn scores(&self) -> Vec<Quote> {
        distinct(self.all.iter().filter_map(|category| {
            let score = category.score.as_ref()?;
            Some(quote(&score.plain, Span { line: category.source.span.line, ..score.span }))
        }))
    }

    fn decisions(&self) -> Vec<Quote> {
        distinct(self.all.iter().filter_map(|category| {
            Some(quote(&category.decision?.words().to_uppercase(), category.source.span))
        }))
    }

    /// The counts of one severity or under one heading.
    fn counts(&self) -> BTreeMap<String, Vec<Quote>> {
        let mut found: BTreeMap<String, Vec<Quote>> = BTreeMap::new();
        for tally in self.all.iter().flat_map(|category| &category.counts) {
            let label = tally
                .severity
                .map_or_else(|| line(&tally.label.plain).to_lowercase(), |it| it.word().to_owned());
            found.entry(label).or_default().push(quote(&tally.value.plain, tally.value.span));
        }
        found.into_iter().map(|(label, quotes)| (label, distinct(quotes.into_iter()))).collect()
    }

    /// Whether it counts something of a severity, other than none.
    pub(super) fn has(&self, severity: Severity) -> Option<bool> {
        let mut own = self.all.iter().flat_map(|category| &category.counts);
        let tally = own.find(|tally| tally.severity.is_some_and(|other| other.rank() == severity.rank()))?;
        Some(value::number(&tally.value.plain)? != Exact::from_integer(0.into()))
    }
}

/// The categories of a document, each once.
pub(super) fn stated(report: &Report) -> Vec<Stated<'_>> {
    let mut found: Vec<Stated<'_>> = Vec::new();
    for category in &report.elements.categories {
        let key = Name::of(&category.name.plain);
        if key.is_empty() {
            continue;
        }
        let is_full = found.len() >= MOST_CATEGORIES;
        match found.iter_mut().find(|known| known.key.likeness(&key) >= Likeness::SameWords) {
            Some(known) => known.all.push(category),
            None if !is_full => {
                found.push(Stated { name: &category.name, key, all: vec![category] });
            }
            None => {}
        }
    }
    found
}

/// Categories of both documents that are the same: by their names, or by a long word that no other
/// category of either has.
pub(super) fn same<'a, 'b>(
    before: &'b [Stated<'a>],
    after: &'b [Stated<'a>],
) -> Vec<(&'b Stated<'a>, &'b Stated<'a>)> {
    let is_only = |word: &String, all: &[Stated<'_>]| {
        word.chars().count() >= 6 && all.iter().filter(|stated| stated.key.words.contains(word)).count() == 1
    };
    let mut found: Vec<(Likeness, usize, usize)> = Vec::new();
    for (old, was) in before.iter().enumerate() {
        for (new, is) in after.iter().enumerate() {
            let likeness = was.key.likeness(&is.key);
            let mut shared = was.key.words.intersection(&is.key.words);
            let own = shared.any(|word| is_only(word, before) && is_only(word, after));
            if likeness > Likeness::Different || own {
                found.push((likeness, old, new));
            }
        }
    }
    found.sort_by_key(|(likeness, old, new)| (std::cmp::Reverse(*likeness), *old, *new));
    let (mut olds, mut news) = (std::collections::BTreeSet::new(), std::collections::BTreeSet::new());
    found.retain(|(_, old, new)| {
        !olds.contains(old) && !news.contains(new) && olds.insert(*old) && news.insert(*new)
    });
    found.sort_by_key(|(_, old, new)| (*new, *old));
    found.into_iter().filter_map(|(_, old, new)| Some((before.get(old)?, after.get(new)?))).collect()
}

fn categories(before: &Report, after: &Report) -> Vec<Figure> {
    let (before, after) = (stated(before), stated(after));
    let mut found = Vec::new();
    for (was, is) in same(&before, &after) {
        let name = line(&is.name.plain);
        let mut add = |what: &str, before: Vec<Quote>, after: Vec<Quote>| {
            if !before.is_empty() && !after.is_empty() {
                found.push(Figure { what: format!("{name}: {what}"), before, after });
            }
        };
        add("score", was.scores(), is.scores());
        add("verdict", was.decisions(), is.decisions());
        let counts = is.counts();
        for (label, quotes) in was.counts() {
            if let Some(now) = counts.get(&label) {
                add(&label, quotes, now.clone());
            }
        }
    }
    found
}
