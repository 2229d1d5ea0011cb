//! Lists, by what the headings above them say they list.

use crate::element::{
    Acceptance, Blocker, Category, ChecklistItem, Condition, Confidence, Criterion, CriterionKind, Decision,
    Definition, Elements, Form, Item, Phase, Role, Setting, Source, Timing,
};
use crate::outline::{Block, List, ListItem, SectionId, Text};
use crate::value::{self, Mark, Polarity};
use crate::words::call::calls;
use crate::words::role::role;
use crate::words::topic::{Topic, topics};
use crate::words::words;

use super::context::{Contexts, timing_of};
use super::{findings, rows};

/// What lists can be of. In one heading the first of these counts.
const ORDER: [Topic; 26] = [
    Topic::Definitions,
    Topic::Acceptances,
    Topic::MayBeOpen,
    Topic::Stops,
    Topic::Criteria,
    Topic::OpensPhase,
    Topic::Monitoring,
    Topic::Confidence,
    Topic::Conditions,
    Topic::Evidence,
    Topic::Strengths,
    Topic::Weaknesses,
    Topic::Impact,
    Topic::Cause,
    Topic::Fix,
    Topic::Reason,
    Topic::Phases,
    Topic::Decisions,
    Topic::Actions,
    Topic::MustFix,
    Topic::ShouldFix,
    Topic::Defer,
    Topic::Findings,
    Topic::Blockers,
    Topic::Checklist,
    Topic::References,
];

/// Adds what a list says. Gives back whether it was understood.
pub(super) fn read(list: &List, section: SectionId, contexts: &Contexts, elements: &mut Elements) -> bool {
    let topic = topic_above(section, contexts);
    read_as(list, topic, section, contexts, elements)
}

/// What a list is of that is introduced by a line of text, in a quotation or an item.
pub(super) fn topic_of(label: &Text) -> Option<Topic> {
    let last = label.lines().into_iter().next_back()?;
    let own = if last.plain.trim_end().ends_with([':', '：']) { topics(&last.plain) } else { return None };
    ORDER.into_iter().find(|topic| own.contains(topic))
}

/// Adds what a list about `topic` says. Gives back whether it was understood.
pub(super) fn read_as(
    list: &List,
    topic: Option<Topic>,
    section: SectionId,
    contexts: &Contexts,
    elements: &mut Elements,
) -> bool {
    let mut understood = false;
    for item in &list.items {
        understood |= match item.ticked {
            Some(_) => {
                tasks(item, section, contexts, elements);
                true
            }
            None => {
                topic.is_some_and(|topic| one(item, topic, section, contexts, elements))
                    || marked(item, section, elements)
            }
        };
    }
    understood
}

/// In what setting the items of a list are said.
pub(super) fn setting(topic: Option<Topic>) -> Setting {
    match topic {
        Some(
            Topic::Weaknesses
            | Topic::MustFix
            | Topic::ShouldFix
            | Topic::Defer
            | Topic::Findings
            | Topic::Impact
            | Topic::Cause,
        ) => Setting::Lacking,
        Some(
            Topic::Criteria
            | Topic::MayBeOpen
            | Topic::Stops
            | Topic::OpensPhase
            | Topic::Conditions
            | Topic::Actions
            | Topic::Checklist
            | Topic::Fix
            | Topic::Monitoring
            | Topic::Phases
            | Topic::Blockers,
        ) => Setting::Demanded,
        _ => Setting::Stated,
    }
}

/// What a list in a section is of, by the headings above it.
pub(super) fn topic_above(section: SectionId, contexts: &Contexts) -> Option<Topic> {
    // `High Issues`: problems by their severity alone.
    contexts.nearest(section, &ORDER).or_else(|| contexts.get(section).severity.map(|_| Topic::Findings))
}

/// Reads one item of a list about `topic`.
fn one(
    item: &ListItem,
    topic: Topic,
    section: SectionId,
    contexts: &Contexts,
    elements: &mut Elements,
) -> bool {
    let source = Source { span: item.text.span, section, confidence: Confidence::Certain };
    match topic {
        Topic::Definitions => {
            let found = definition(item, source);
            let is_definition = found.is_some();
            elements.definitions.extend(found);
            return is_definition;
        }
        Topic::Acceptances => elements.acceptances.push(acceptance(item, source)),
        Topic::Criteria => elements.criteria.push(criterion(item, CriterionKind::MustHold, source)),
        Topic::MayBeOpen => elements.criteria.push(criterion(item, CriterionKind::MayBeOpen, source)),
        Topic::Stops => elements.criteria.push(criterion(item, CriterionKind::Stops, source)),
        Topic::OpensPhase => elements.criteria.push(criterion(item, CriterionKind::OpensPhase, source)),
        Topic::Conditions => elements.conditions.push(condition(item, contexts, source)),
        Topic::Confidence => elements.categories.extend(confidence(item, source)),
        Topic::Evidence | Topic::Strengths => {
            marked(item, section, elements);
        }
        Topic::Phases => {
            let labelled = value::ids(&item.text.plain).first().is_some_and(|found| found.range.start <= 4);
            if item.number.is_none() && !labelled {
                return false;
            }
            elements.phases.push(phase(item, source));
        }
        Topic::Decisions => elements.decisions.push(decision(item, source)),
        Topic::Blockers if is_detail(item) => {}
        Topic::Blockers => elements.blockers.push(blocker(item, source)),
        Topic::MustFix | Topic::ShouldFix | Topic::Defer | Topic::Findings | Topic::Weaknesses => {
            // Details of a problem that is written out are read with it.
            if is_detail(item) {
                return true;
            }
            elements.findings.push(findings::of_item(item, section, contexts, Form::Listed));
            marked(item, section, elements);
        }
        Topic::Actions | Topic::Checklist => {
            elements.checklist.push(task(item, section, contexts));
            marked(item, section, elements);
        }
        // These belong to what they are said about.
        Topic::Impact | Topic::Cause | Topic::Fix | Topic::Reason | Topic::Monitoring | Topic::References => {
        }
        _ => return false,
    }
    true
}

/// `Root cause: …` in a list under the heading of a problem.
fn is_detail(item: &ListItem) -> bool {
    item.field().is_some_and(|field| {
        let (role, _, is_exact) = role(&field.key.plain);
        is_exact
            && matches!(
                role,
                Role::Cause
                    | Role::Impact
                    | Role::Fix
                    | Role::File
                    | Role::Effort
                    | Role::Owner
                    | Role::Evidence
                    | Role::Severity
                    | Role::Status
                    | Role::Mitigation
                    | Role::Notes
                    | Role::Priority
                    | Role::Reason
                    | Role::Due
            )
    })
}

/// A box, and the boxes in it.
fn tasks(item: &ListItem, section: SectionId, contexts: &Contexts, elements: &mut Elements) {
    for (_, inner) in item.with_inner().into_iter().filter(|(_, inner)| inner.ticked.is_some()) {
        let task = task(inner, section, contexts);
        let is_problem = |id: &value::Id| !findings::NO_PROBLEMS.contains(&id.prefix.as_str());
        if task.severity.is_some() || task.id.as_ref().is_some_and(is_problem) {
            elements.findings.push(findings::of_item(inner, section, contexts, Form::Task));
        }
        elements.checklist.push(task);
    }
}

fn task(item: &ListItem, section: SectionId, contexts: &Contexts) -> ChecklistItem {
    let context = contexts.get(section);
    let id = value::ids(&item.text.plain).into_iter().next().filter(|found| {
        item.text
            .plain
            .get(..found.range.start)
            .is_some_and(|before| !before.chars().any(char::is_alphabetic))
    });
    let own = findings::severity_of(&item.text, id.as_ref());
    let said = timing_of(&item.text.plain);
    ChecklistItem {
        text: item.text.clone(),
        ticked: item.ticked,
        severity: own.or(context.severity),
        id: id.map(|found| found.value),
        moment: context.moment,
        timing: if said == Timing::Unsaid { context.timing } else { said },
        owner: field_of(item, Role::Owner).or_else(|| at_sign(&item.text)),
        source: Source { span: item.text.span, section, confidence: Confidence::Certain },
    }
}

/// `@ana` in a text.
fn at_sign(text: &Text) -> Option<Text> {
    let at = text
        .plain
        .find('@')
        .filter(|at| *at == 0 || text.plain.get(..*at).is_some_and(|before| before.ends_with([' ', '('])))?;
    let rest = text.plain.get(at + 1..)?;
    let length = rest.find(|c: char| !(c.is_alphanumeric() || c == '-' || c == '_')).unwrap_or(rest.len());
    (length > 0).then(|| text.slice(at..at + 1 + length))
}

/// A field in an item or in the items below it.
fn field_of(item: &ListItem, wanted: Role) -> Option<Text> {
    let inner = item.with_inner().into_iter().flat_map(|(_, inner)| inner.text.fields());
    let mut fields = inner.filter(|field| !field.value.is_empty() && role(&field.key.plain).0 == wanted);
    fields.next().map(|field| field.value)
}

/// The mark at the start of an item.
fn mark_of(text: &Text) -> Option<Mark> {
    let said = text.unstruck();
    let found = value::marks(&said);
    let first = found.first().filter(|found| found.range.start == 0 && found.value.sign.is_some());
    let Some(first) = first else {
        return text.state().filter(|_| text.is_closed());
    };
    // A word of state right behind the sign belongs to it.
    let rest = found.get(1).filter(|next| next.range.start <= first.range.end + 4);
    Some(Mark { state: rest.and_then(|next| next.value.state), ..first.value })
}

/// An item that begins with a sign, or whose value does, is a named thing with a state.
fn marked(item: &ListItem, section: SectionId, elements: &mut Elements) -> bool {
    let first = item.text.first_line();
    let own = mark_of(&first);
    let field = first.field().filter(|field| !field.value.is_empty());
    let status = own.or_else(|| field.as_ref().and_then(|field| mark_of(&field.value)));
    let Some(status) = status else { return false };
    let (name, notes) = match field {
        Some(field) => (field.key, vec![field.value]),
        None => (first, Vec::new()),
    };
    elements.items.push(Item {
        name,
        status: Some(status),
        notes,
        source: Source { span: item.text.span, section, confidence: Confidence::Likely },
        ..Item::default()
    });
    true
}

fn definition(item: &ListItem, source: Source) -> Option<Definition> {
    let words = words(&item.text.plain);
    let said = calls(&words).into_iter().next()?;
    let end = words.get(said.words.end.checked_sub(1)?)?.range.end;
    let rest = item.text.plain.get(end..)?;
    let start = item.text.plain.len() - rest.trim_start_matches(|c: char| !c.is_alphanumeric()).len();
    let meaning = item.text.slice(start..item.text.plain.len());
    (said.words.start <= 2 && !meaning.is_empty()).then_some(Definition { call: said.call, meaning, source })
}

fn acceptance(item: &ListItem, source: Source) -> Acceptance {
    let first = item.text.first_line();
    let field = first.field().filter(|field| !field.value.is_empty());
    let mark = first.state();
    Acceptance {
        accepted: mark.as_ref().and_then(rows::accepted),
        mark,
        mitigation: field_of(item, Role::Mitigation)
            .or_else(|| field_of(item, Role::Reason))
            .or_else(|| field.as_ref().map(|field| field.value.clone())),
        risk: field.map_or(first, |field| field.key),
        severity: None,
        owner: field_of(item, Role::Owner),
        expires: field_of(item, Role::Due),
        source,
    }
}

fn criterion(item: &ListItem, kind: CriterionKind, source: Source) -> Criterion {
    Criterion { text: item.text.clone(), kind, mark: mark_of(&item.text), ticked: item.ticked, source }
}

fn condition(item: &ListItem, contexts: &Contexts, source: Source) -> Condition {
    const REQUIRED: [&str; 9] = [
        "required",
        "must",
        "mandatory",
        "erforderlich",
        "muss",
        "obligatoire",
        "obligatorio",
        "verplicht",
        "obbligatorio",
    ];
    const ADVISED: [&str; 8] = [
        "recommended",
        "should",
        "optional",
        "empfohlen",
        "sollte",
        "recommandé",
        "recomendado",
        "aanbevolen",
    ];
    let first = item.text.first_line();
    let found = words(&first.plain);
    let has = |list: &[&str]| found.iter().any(|word| word.is_one_of(list));
    let required = if has(&REQUIRED) { Some(true) } else { has(&ADVISED).then_some(false) };
    let details: Vec<Text> =
        item.with_inner().into_iter().skip(1).map(|(_, inner)| inner.text.clone()).collect();
    let due = field_of(item, Role::Due).or_else(|| within(&first));
    let texts = std::iter::once(first.plain.as_str()).chain(due.iter().map(|due| due.plain.as_str()));
    let said = texts.map(timing_of).find(|timing| *timing != Timing::Unsaid);
    let inherited = contexts.get(source.section).timing;
    let is_label =
        |field: &crate::outline::Field| has_only(&field.key, &REQUIRED) || has_only(&field.key, &ADVISED);
    let text =
        first.field().filter(|field| !field.value.is_empty() && is_label(field)).map(|field| field.value);
    let own = Some(first.clone()).filter(|_| within(&first).is_none());
    let effort = field_of(item, Role::Effort).or(own).and_then(|text| {
        let duration = value::durations(&text.plain).into_iter().next()?;
        Some((duration.value, text))
    });
    Condition {
        text: text.unwrap_or(first.clone()),
        timing: said.unwrap_or(inherited),
        required,
        due,
        mark: mark_of(&first),
        effort: effort.filter(|_| said != Some(Timing::AfterLaunch)),
        owner: field_of(item, Role::Owner),
        details,
        source,
    }
}

/// `within 30 days`
fn within(text: &Text) -> Option<Text> {
    const WITHIN: [&str; 8] = ["within", "innerhalb", "binnen", "sous", "entro", "dentro", "by", "in"];
    value::durations(&text.plain).into_iter().find_map(|found| {
        let before = words(text.plain.get(..found.range.start)?);
        let start = before.iter().rev().take(2).find(|word| word.is_one_of(&WITHIN))?.range.start;
        Some(text.slice(start..found.range.end))
    })
}

fn has_only(text: &Text, list: &[&str]) -> bool {
    words(&text.plain).iter().all(|word| word.is_one_of(list))
}

/// `Tenant isolation (100%)` under `High confidence`.
fn confidence(item: &ListItem, source: Source) -> Option<Category> {
    let plain = &item.text.plain;
    let open = plain.find('(').unwrap_or(plain.len());
    let name = item.text.slice(0..open);
    (!name.is_empty()).then(|| Category {
        name,
        confidence: Some(item.text.slice(open..plain.len())),
        source,
        ..Category::default()
    })
}

fn phase(item: &ListItem, source: Source) -> Phase {
    let first = item.text.first_line();
    let field = first.field().filter(|field| !field.value.is_empty());
    let number = value::ids(&first.plain).into_iter().next().map(|found| found.value.number).or(item.number);
    let effort = value::durations(&first.plain)
        .into_iter()
        .next_back()
        .map(|found| (found.value, first.slice(found.range)));
    Phase {
        number,
        status: mark_of(&first),
        prerequisites: field_of(item, Role::Needs).into_iter().collect(),
        prerequisites_met: None,
        effort,
        name: field.map_or(first, |field| field.value),
        source,
    }
}

fn decision(item: &ListItem, source: Source) -> Decision {
    let first = item.text.first_line();
    let id = value::ids(&first.plain).into_iter().next().filter(|found| found.range.start <= 4);
    let field = first.field().filter(|field| !field.value.is_empty());
    let is_id = id.is_some() && field.as_ref().is_some_and(|field| field.key.plain.len() <= 16);
    let choice = field_of(item, Role::Choice)
        .or_else(|| field.as_ref().filter(|_| !is_id).map(|field| field.value.clone()));
    Decision {
        id: id.map(|found| found.value),
        name: match field {
            Some(field) if is_id => field.value,
            Some(field) => field.key,
            None => first.clone(),
        },
        options: field_of(item, Role::Options).into_iter().collect(),
        choice,
        status: first.state(),
        owner: field_of(item, Role::Owner),
        source,
    }
}

fn blocker(item: &ListItem, source: Source) -> Blocker {
    let first = item.text.first_line();
    let id = value::ids(&first.plain).into_iter().next().filter(|found| found.range.start <= 4);
    let field = first.field().filter(|field| !field.value.is_empty());
    let effort = field_of(item, Role::Effort).and_then(|text| Some((value::duration(&text.plain)?, text)));
    Blocker {
        id: id.clone().map(|found| found.value),
        name: match field {
            Some(field) if id.is_some() => field.value,
            _ => first.clone(),
        },
        owner: field_of(item, Role::Owner).or_else(|| at_sign(&first)),
        blocks: field_of(item, Role::Blocks),
        status: first.state().filter(|mark| mark.polarity() != Polarity::Neutral),
        effort,
        source,
    }
}

/// A fence without structure of its own as a list: each line an item.
pub(super) fn of_lines(lines: &[Text]) -> List {
    let items = lines.iter().filter(|line| line.plain.chars().any(char::is_alphabetic)).map(|line| {
        let plain = &line.plain;
        let start = plain.find(|c: char| !(c.is_whitespace() || "-*•├└│─┬┼>+".contains(c))).unwrap_or(0);
        let rest = plain.get(start..).unwrap_or_default();
        let digits = rest.bytes().take_while(u8::is_ascii_digit).count();
        let numbered = digits > 0 && rest.get(digits..).is_some_and(|rest| rest.starts_with(['.', ')']));
        let text = line.slice(if numbered { start + digits + 1 } else { start }..plain.len());
        let number = if numbered { rest.get(..digits).and_then(|digits| digits.parse().ok()) } else { None };
        ListItem { span: text.span, text, number, ..ListItem::default() }
    });
    let items: Vec<ListItem> = items.collect();
    let span = match (items.first(), items.last()) {
        (Some(first), Some(last)) => first.span.to(last.span),
        _ => crate::place::Span::START,
    };
    List { first: items.first().and_then(|item| item.number), items, span }
}

/// Lists that are directly in some blocks, and those in quotations.
pub(super) fn in_blocks(blocks: &[Block]) -> Vec<&List> {
    let mut found = Vec::new();
    for block in blocks {
        match block {
            Block::List(list) => found.push(list),
            Block::Quote(quote) => found.extend(quote.blocks.iter().filter_map(|block| match block {
                Block::List(list) => Some(list),
                _ => None,
            })),
            _ => {}
        }
    }
    found
}
