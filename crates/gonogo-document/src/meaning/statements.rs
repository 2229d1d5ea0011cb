//! What single lines say: facts about the document, scores, efforts, verdicts, and what a section
//! says about its category or phase.

use std::collections::BTreeSet;
use std::ops::Range;

use crate::element::{
    Call, Category, Confidence, Effort, EffortKind, Elements, Metadata, MetadataKey, Phase, Role, Score,
    ScoreKind, Source, Verdict, VerdictKind,
};
use crate::name::Name;
use crate::outline::{Block, Field, ListItem, Outline, Section, SectionId, Text};
use crate::value::{self, State};
use crate::words::call::calls;
use crate::words::metadata;
use crate::words::role::role;
use crate::words::topic::{Topic, topics};
use crate::words::{Word, words};

use super::context::Contexts;

const OVERALL: [&str; 20] = [
    "overall",
    "total",
    "final",
    "readiness",
    "gesamt",
    "global",
    "globale",
    "totale",
    "general",
    "totaal",
    "score",
    "bereitschaft",
    "gesamtergebnis",
    "préparation",
    "preparación",
    "algemeen",
    "complessivo",
    "geral",
    "aggregate",
    "gesamtscore",
];

/// Adds what a field says. Gives back whether it was understood.
pub(super) fn field(
    field: &Field,
    section: SectionId,
    contexts: &Contexts,
    outline: &Outline,
    elements: &mut Elements,
) -> bool {
    if field.value.is_empty() {
        return false;
    }
    let source = Source {
        span: field.key.span.to(field.value.span),
        section,
        confidence: if field.is_bold { Confidence::Certain } else { Confidence::Likely },
    };
    let label = Label { words: words(&field.key.plain), role: role(&field.key.plain).0 };
    let before = elements.count();
    elements.metadata.extend(fact(field, contexts.get(section).is_top(), source));
    elements.scores.extend(score(field, &label, section, contexts, source));
    if let Some(effort) = effort(field, &label, section, contexts, source) {
        let subject = outline.path(section).find(|section| (1..=Section::BOLD).contains(&section.level));
        elements.efforts.push(Effort { subject: subject.map(|section| section.title.clone()), ..effort });
    }
    elements.verdicts.extend(verdict(field, &label, section, contexts, source));
    elements.count() > before
}

/// What the key of a field says.
struct Label<'a> {
    words: Vec<Word<'a>>,
    role: Role,
}

impl Label<'_> {
    fn has_one_of(&self, words: &[&str]) -> bool {
        self.words.iter().any(|word| word.is_one_of(words))
    }
}

fn fact(field: &Field, is_top: bool, source: Source) -> Option<Metadata> {
    let key = metadata::key(&field.key.plain)?;
    let is_anywhere = matches!(
        key,
        MetadataKey::Date
            | MetadataKey::Author
            | MetadataKey::Approver
            | MetadataKey::Version
            | MetadataKey::Branch
            | MetadataKey::Load
    );
    let is_short = field.value.plain.len() <= 300;
    ((is_top || is_anywhere && field.is_bold) && is_short).then(|| Metadata {
        key,
        label: field.key.clone(),
        value: field.value.clone(),
        source,
    })
}

fn score(
    field: &Field,
    label: &Label<'_>,
    section: SectionId,
    contexts: &Contexts,
    source: Source,
) -> Option<Score> {
    let is_rate = label.has_one_of(&["pass", "passrate", "success", "erfolgsquote", "réussite", "éxito"]);
    let is_overall = label.has_one_of(&OVERALL) && !is_of_category(section, contexts) || is_rate;
    if !is_overall || label.role == Role::Confidence {
        return None;
    }
    let percent = value::percents(&field.value.plain).into_iter().next();
    let fraction = value::fractions(&field.value.plain).into_iter().next();
    if percent.is_none() && !(fraction.is_some() && is_rate) {
        return None;
    }
    Some(Score {
        kind: if is_rate { ScoreKind::PassRate } else { ScoreKind::Overall },
        percent: percent.map(|found| (found.value, found.range)),
        fraction: fraction.map(|found| (found.value.part, found.value.whole)),
        text: field.value.clone(),
        source,
    })
}

fn effort(
    field: &Field,
    label: &Label<'_>,
    section: SectionId,
    contexts: &Contexts,
    source: Source,
) -> Option<Effort> {
    if label.role != Role::Effort || contexts.get(section).own.contains(&Topic::Evidence) {
        return None;
    }
    let found = value::durations(&field.value.plain).into_iter().next()?;
    const TOTAL: [&str; 22] = [
        "total",
        "overall",
        "ready",
        "green",
        "completion",
        "all",
        "gesamt",
        "insgesamt",
        "launch",
        "live",
        "total estimated",
        "bis",
        "totaal",
        "totale",
        "unblock",
        "production",
        "eta",
        "global",
        "sum",
        "remaining",
        "summe",
        "until",
    ];
    let is_total = label.has_one_of(&TOTAL);
    let whole = format!("{} {}", field.key.plain, field.value.plain);
    let covers: Vec<value::IdRange> = value::id_ranges(&whole).into_iter().map(|found| found.value).collect();
    Some(Effort {
        subject: None,
        duration: found.value,
        kind: if is_total || !covers.is_empty() { EffortKind::Total } else { EffortKind::Part },
        count: None,
        severity: value::severities(&field.key.plain).into_iter().next().map(|found| found.value),
        covers,
        text: field.value.clone(),
        source,
    })
}

fn verdict(
    field: &Field,
    label: &Label<'_>,
    section: SectionId,
    contexts: &Contexts,
    source: Source,
) -> Option<Verdict> {
    let call = first_call(&field.value)?;
    let is_verdict = topics(&field.key.plain).contains(&Topic::Verdict);
    let is_status = matches!(label.role, Role::Status | Role::Decision);
    if !(is_verdict || is_status || label.has_one_of(&["readiness"])) {
        return None;
    }
    let of_part = !is_verdict
        && !contexts.get(section).is_top()
        && !contexts.has(section, Topic::Verdict)
        && !contexts.has(section, Topic::SignOff);
    let kind =
        if of_part || is_of_category(section, contexts) { VerdictKind::Part } else { VerdictKind::Overall };
    Some(Verdict { call, kind, mark: value::mark(&field.value.plain), text: field.value.clone(), source })
}

fn is_of_category(section: SectionId, contexts: &Contexts) -> bool {
    contexts.has(section, Topic::Category)
}

/// The verdict that a short text begins with.
fn first_call(text: &Text) -> Option<Call> {
    let words = words(&text.plain);
    let said = calls(&words);
    let first = said.first()?;
    let capitals = |at: usize| {
        words
            .get(at)
            .and_then(|word| text.plain.get(word.range.clone()))
            .is_some_and(|word| word.chars().all(char::is_uppercase))
    };
    let is_alone = words.len() <= first.words.len() + 2;
    (first.is_plain || first.words.start == 0 || capitals(first.words.start) || is_alone)
        .then_some(first.call)
}

/// The verdict that a heading or a line of its own says, in capitals or as a plain phrase.
pub(super) fn of_line(
    text: &Text,
    section: SectionId,
    contexts: &Contexts,
    is_heading: bool,
) -> Option<Verdict> {
    const OTHERS: [Topic; 8] = [
        Topic::Criteria,
        Topic::MayBeOpen,
        Topic::Stops,
        Topic::OpensPhase,
        Topic::Conditions,
        Topic::Definitions,
        Topic::Checklist,
        Topic::Actions,
    ];
    let words = words(&text.plain);
    let said = calls(&words).into_iter().next()?;
    // `Do NOT launch until:` is the heading of criteria.
    if text.plain.trim_end().ends_with([':', '：']) {
        let about = topics(&text.plain);
        if OTHERS.iter().any(|topic| about.contains(topic)) {
            return None;
        }
    }
    let shown = words
        .get(said.words.start)
        .zip(words.get(said.words.end.checked_sub(1)?))
        .and_then(|(first, last)| text.plain.get(first.range.start..last.range.end))?;
    let is_loud = !shown.chars().any(char::is_lowercase);
    let is_short = words.len() <= said.words.len() + if is_heading { 8 } else { 3 };
    if !is_short || !(is_loud || said.is_plain) {
        return None;
    }
    // `… BLOCKED` in a heading is a verdict only on the document, or under one that is about it.
    let is_weak = !said.is_plain && said.call != Call::Go;
    let context = contexts.get(section);
    if is_weak && !context.is_top() && !context.own.contains(&Topic::Verdict) {
        return None;
    }
    let kind = if is_of_category(section, contexts) { VerdictKind::Part } else { VerdictKind::Overall };
    let source = Source { span: text.span, section, confidence: Confidence::Certain };
    Some(Verdict { call: said.call, kind, mark: value::mark(&text.plain), text: text.clone(), source })
}

/// Verdicts that are said in passing, in prose.
pub(super) fn in_prose(text: &Text, sentence: Range<usize>, section: SectionId) -> Option<Verdict> {
    let words = words(text.plain.get(sentence.clone())?);
    let said = calls(&words).into_iter().find(|said| said.is_plain)?;
    let sentence = text.slice(sentence);
    let source = Source { span: sentence.span, section, confidence: Confidence::Likely };
    Some(Verdict { call: said.call, kind: VerdictKind::Prose, mark: None, text: sentence, source })
}

/// The category that a section is about: `Category 1: …`, `### 2. Reliability: ⚠️ PARTIAL (60%)`.
pub(super) fn category(
    outline: &Outline,
    id: SectionId,
    contexts: &Contexts,
    known: &BTreeSet<BTreeSet<String>>,
) -> Option<Category> {
    let section = outline.section(id)?;
    if !(2..=Section::BOLD).contains(&section.level) {
        return None;
    }
    let title = &section.title;
    let labelled = contexts.get(id).own.contains(&Topic::Category);
    if !labelled && known.is_empty() {
        return None;
    }
    let name = bare_name(title);
    if !(labelled || known.contains(&Name::of(&name.plain).words)) {
        return None;
    }
    let rest = title.slice(
        title.plain.find(name.plain.as_str()).map_or(0, |at| at + name.plain.len())..title.plain.len(),
    );
    let fields = fields_of(section);
    let of = |wanted: Role| {
        fields.iter().find(|field| role(&field.key.plain).0 == wanted && !field.value.is_empty())
    };
    let evidence =
        outline.children(id).filter(|(_, child)| topics(&child.title.plain).contains(&Topic::Evidence));
    let evidence =
        evidence.flat_map(|(_, child)| super::lists::in_blocks(&child.blocks)).flat_map(|list| &list.items);
    let status = value::mark(&rest.plain)
        .or_else(|| of(Role::Status).and_then(|field| value::mark(&field.value.plain)));
    let decision = of(Role::Decision).or(of(Role::Status)).and_then(|field| first_call(&field.value));
    Some(Category {
        status,
        score: value::percent(&rest.plain)
            .map(|_| rest.clone())
            .or_else(|| of(Role::Score).map(|field| field.value.clone())),
        question: of(Role::Question).map(|field| field.value.clone()),
        evidence: evidence.map(|item| item.text.clone()).collect(),
        decision,
        confidence: of(Role::Confidence).map(|field| field.value.clone()),
        is_heading: true,
        name,
        source: Source { span: title.span, section: id, confidence: Confidence::Certain },
        ..Category::default()
    })
}

fn fields_of(section: &Section) -> Vec<Field> {
    let mut fields = Vec::new();
    for block in &section.blocks {
        match block {
            Block::Paragraph(text) => fields.extend(text.fields()),
            Block::List(list) => fields.extend(list.items.iter().filter_map(ListItem::field)),
            _ => {}
        }
    }
    fields
}

/// A title without numbering, `Category 3:`, and what follows a colon when it is a mark or a score.
fn bare_name(title: &Text) -> Text {
    let plain = &title.plain;
    let label = value::ids(plain).into_iter().next().filter(|found| {
        plain.get(..found.range.start).is_some_and(|before| !before.chars().any(char::is_alphanumeric))
    });
    let mut start = label.map_or(0, |found| found.range.end);
    let rest = plain.get(start..).unwrap_or_default();
    start = plain.len() - rest.trim_start_matches(|c: char| !c.is_alphabetic()).len();
    let rest = plain.get(start..).unwrap_or_default();
    let cut = rest.char_indices().find(|(at, letter)| {
        let behind = rest.get(*at..).unwrap_or_default();
        value::sign_of(*letter).is_some()
            || matches!(letter, ':' | '–' | '—' | '(')
                && (value::mark(behind).is_some() || value::percent(behind).is_some())
    });
    title.slice(start..start + cut.map_or(rest.len(), |(at, _)| at))
}

/// The phase that a section is about: `Phase 26 (Cutover) Status`.
pub(super) fn phase(outline: &Outline, id: SectionId, contexts: &Contexts) -> Option<Phase> {
    const PHASES: [&str; 10] =
        ["PHASE", "STAGE", "GATE", "WAVE", "MILESTONE", "STEP", "PHASEN", "FASE", "ÉTAPE", "ETAPA"];
    let section = outline.section(id)?;
    let found = value::ids(&section.title.plain).into_iter().next()?;
    let is_start = section
        .title
        .plain
        .get(..found.range.start)
        .is_some_and(|before| !before.chars().any(char::is_alphabetic));
    if !PHASES.contains(&found.value.prefix.as_str()) || !is_start || section.level == Section::LABEL {
        return None;
    }
    let mut fields = fields_of(section);
    for block in &section.blocks {
        if let Block::Table(table) = block {
            let pairs = table.rows.iter().filter_map(|row| match row.cells.as_slice() {
                [key, value] => Some(Field { key: key.clone(), value: value.clone(), is_bold: false }),
                _ => None,
            });
            fields.extend(pairs);
        }
    }
    let of = |wanted: Role| {
        fields.iter().find(|field| role(&field.key.plain).0 == wanted && !field.value.is_empty())
    };
    let needs = of(Role::Needs);
    let met = needs.and_then(|field| value::mark(&field.value.plain)).and_then(|mark| match mark.state {
        Some(State::Yes | State::Pass) => Some(true),
        Some(State::No | State::Fail) => Some(false),
        _ => None,
    });
    let labels =
        outline.children(id).filter(|(child, _)| contexts.get(*child).own.contains(&Topic::OpensPhase));
    let listed =
        labels.flat_map(|(_, child)| super::lists::in_blocks(&child.blocks)).flat_map(|list| &list.items);
    let mut prerequisites: Vec<Text> = listed.map(|item| item.text.clone()).collect();
    prerequisites.extend(needs.filter(|_| met.is_none()).map(|field| field.value.clone()));
    let effort =
        of(Role::Effort).and_then(|field| Some((value::duration(&field.value.plain)?, field.value.clone())));
    Some(Phase {
        number: Some(found.value.number),
        name: section.title.clone(),
        status: of(Role::Status)
            .and_then(|field| value::mark(&field.value.plain))
            .or_else(|| value::mark(&section.title.plain)),
        prerequisites,
        prerequisites_met: met,
        effort,
        source: Source { span: section.title.span, section: id, confidence: Confidence::Certain },
    })
}
