//! The entries of a drafted spec, collected element by element. Ids are unique, and what is said
//! several times is one entry.

use std::collections::{BTreeMap, BTreeSet};

use jiff::civil::Date;
use num_traits::ToPrimitive as _;

use super::yaml::{comment, quoted, slug};
use crate::Report;
use crate::element::{Category, ChecklistItem, Disposition, Finding, Form, Item, Moment, Timing};
use crate::name::Name;
use crate::outline::{Outline, Section, SectionId, Text};
use crate::value::{Duration, Severity, TimeUnit};

/// Entries of one kind that are written; a spec with more is nobody's.
const MOST: usize = 400;
/// More have no share of 100 that says anything.
const MOST_CATEGORIES: usize = 40;
/// Statements about single things; what stands for a whole category comes before them.
const MOST_ITEMS: usize = 300;
/// Who has what nobody is named for.
const NOBODY: &str = "nobody named";

/// A spec that grows.
#[derive(Debug)]
pub(super) struct Entries<'a> {
    file: &'a str,
    date: Date,
    ids: BTreeSet<String>,
    categories: Vec<(String, String, u32)>,
    checks: Vec<String>,
    blockers: Vec<String>,
    known: Vec<Name>,
    decisions: Vec<String>,
    checklists: Vec<String>,
    phases: Vec<String>,
    steps: Vec<String>,
    left_out: Vec<String>,
}

impl<'a> Entries<'a> {
    pub(super) fn new(file: &'a str, date: Date) -> Entries<'a> {
        // Words that mean something in `needs` and `blocks`.
        let ids = BTreeSet::from(["launch".to_owned(), "imported".to_owned()]);
        Entries {
            file,
            date,
            ids,
            categories: Vec::new(),
            checks: Vec::new(),
            blockers: Vec::new(),
            known: Vec::new(),
            decisions: Vec::new(),
            checklists: Vec::new(),
            phases: Vec::new(),
            steps: Vec::new(),
            left_out: Vec::new(),
        }
    }

    pub(super) fn read(&mut self, report: &Report) {
        self.statements(report);
        self.criteria(report);
        self.external(report);
        self.problems(report);
        self.risks(report);
        self.decide(report);
        self.tasks(report);
        self.ways(report);
    }

    /// The spec, without the comment at its top, and what is not in it.
    pub(super) fn finish(mut self, system: &str, approver: Option<&str>) -> (String, Vec<String>) {
        if self.checks.is_empty() {
            // A spec of registers alone would have nothing to score.
            let category = self.category("document", 1);
            self.check("document", &category, "The document is true", "low", 1);
        }
        let mut text = format!("version: 1\nsystem: {}\n", quoted(system));
        text.push_str("stages:\n  - { id: imported, gate: true }\n");
        text.push_str("categories:\n");
        let weights = weights(&self.categories);
        for ((id, question, _), weight) in self.categories.iter().zip(weights) {
            text.push_str(&format!("  - {{ id: {id}, question: {}, weight: {weight} }}\n", quoted(question)));
        }
        for (key, entries) in [
            ("checks", &self.checks),
            ("blockers", &self.blockers),
            ("decisions", &self.decisions),
            ("checklists", &self.checklists),
            ("phases", &self.phases),
        ] {
            if !entries.is_empty() {
                text.push_str(&format!("{key}:\n{}", entries.concat()));
            }
        }
        if !self.steps.is_empty() {
            text.push_str(&format!("launch:\n  steps:\n{}", self.steps.concat()));
        }
        if let Some(approver) = approver {
            text.push_str(&format!("sign_off:\n  roles:\n    - {{ role: {} }}\n", quoted(approver)));
        }
        (text, self.left_out)
    }

    fn id(&mut self, text: &str) -> String {
        let base = slug(text);
        let mut id = base.clone();
        let mut next = 2;
        while !self.ids.insert(id.clone()) {
            id = format!("{base}-{next}");
            next += 1;
        }
        id
    }

    fn category(&mut self, question: &str, weight: u32) -> String {
        if let Some((id, ..)) = self.categories.last().filter(|_| self.categories.len() >= MOST_CATEGORIES) {
            return id.clone();
        }
        let id = self.id(question);
        self.categories.push((id.clone(), question.to_owned(), weight));
        id
    }

    /// A check that is a statement nobody has signed.
    fn check(&mut self, name: &str, category: &str, title: &str, severity: &str, line: u32) {
        if self.checks.len() == MOST {
            self.leave_out(format!("checks after the first {MOST}"));
        }
        if self.checks.len() >= MOST {
            return;
        }
        let id = self.id(name);
        let statement = quoted(&format!("{title} ({}, line {line})", self.file));
        self.checks.push(format!(
            "  - id: {id}\n    title: {}\n    category: {category}\n    attest: {{ statement: {statement} }}\n    severity: {severity}\n",
            quoted(title)
        ));
    }

    fn leave_out(&mut self, sentence: String) {
        if !self.left_out.contains(&sentence) {
            self.left_out.push(sentence);
        }
    }

    /// Categories, and in each the things with a state that stand under its heading.
    fn statements(&mut self, report: &Report) {
        let mut seen: BTreeMap<BTreeSet<String>, String> = BTreeMap::new();
        let named = |category: &&Category| !category.name.is_empty() && category.source.span.line > 0;
        let mut sections: BTreeMap<SectionId, String> = BTreeMap::new();
        for category in report.elements.categories.iter().filter(named).take(MOST) {
            let words = Name::of(&category.name.plain).words;
            let weight = weight_of(category);
            // A row of counts is no category.
            let is_scored = category.score.is_some() || category.decision.is_some() || category.is_heading;
            if words.is_empty() || !is_scored {
                continue;
            }
            let known = seen.get(&words).cloned();
            let id = known.unwrap_or_else(|| {
                let id = self.category(&category.name.plain, weight);
                let title = said(category);
                self.check(&format!("{id} as stated"), &id, &title, "high", category.source.span.line);
                id
            });
            seen.insert(words, id.clone());
            if category.is_heading {
                sections.insert(category.source.section, id);
            }
        }
        for item in report.elements.items.iter().take(MOST_ITEMS) {
            let mut path = report.outline.ids_above(item.source.section);
            if let Some(category) = path.find_map(|id| sections.get(&id)).cloned() {
                self.item(item, &category);
            }
        }
    }

    fn item(&mut self, item: &Item, category: &str) {
        let severity = word_of(item.severity.unwrap_or(Severity::Medium));
        self.check(&item.name.plain, category, &item.name.plain, severity, item.source.span.line);
    }

    fn criteria(&mut self, report: &Report) {
        let must = report
            .elements
            .criteria
            .iter()
            .filter(|criterion| criterion.kind == crate::element::CriterionKind::MustHold);
        let must: Vec<_> = must.take(MOST).collect();
        if must.is_empty() {
            return;
        }
        let category = self.category("go-live criteria", 1);
        for criterion in must {
            self.check(
                &criterion.text.plain,
                &category,
                &criterion.text.plain,
                "blocker",
                criterion.source.span.line,
            );
        }
    }

    fn external(&mut self, report: &Report) {
        for blocker in report.elements.blockers.iter().take(MOST) {
            let id = blocker.id.as_ref().map_or(blocker.name.plain.as_str(), |id| id.text.as_str());
            let (id, name) = (id.to_owned(), blocker.name.clone());
            let impact = blocker.blocks.as_ref().map(|blocks| format!("blocks {}", blocks.plain));
            let mut entry = Blocker::of(&name, "external", blocker.owner.as_ref());
            entry.impact = impact;
            entry.effort = blocker.effort.as_ref().and_then(|(duration, _)| effort(duration));
            self.blocker(&id, entry);
        }
    }

    /// Problems hold the launch up when they are blockers or must be fixed before it.
    fn problems(&mut self, report: &Report) {
        // Written-out problems first: they say most.
        let (detailed, others): (Vec<&Finding>, Vec<&Finding>) =
            report.elements.findings.iter().take(MOST).partition(|finding| finding.form == Form::Detailed);
        for finding in detailed.into_iter().chain(others) {
            if finding.form == Form::Task {
                continue;
            }
            let severe = finding.severity.is_some_and(|severity| severity.rank() == 0);
            let holds = finding.disposition == Some(Disposition::MustFix)
                || severe
                    && finding.disposition != Some(Disposition::Deferred)
                    && finding.disposition != Some(Disposition::Accepted);
            let mut entry = Blocker::of(&finding.title, "finding", finding.owner.as_ref());
            entry.impact = finding.impacts.first().map(|text| text.plain.clone());
            entry.text = finding.fixes.first().map(|text| text.plain.clone());
            entry.effort = finding.effort.as_ref().and_then(|(duration, _)| effort(duration));
            entry.holds = holds;
            let id = finding.id.as_ref().map_or(finding.title.plain.clone(), |id| id.text.clone());
            self.blocker(&id, entry);
        }
    }

    /// Risks that are not accepted, and conditions: both need more to be entries of their own.
    fn risks(&mut self, report: &Report) {
        for risk in report.elements.acceptances.iter().take(MOST) {
            let mut entry = Blocker::of(&risk.risk, "risk", risk.owner.as_ref());
            entry.text = risk.mitigation.as_ref().map(|text| text.plain.clone());
            entry.holds = risk.accepted == Some(false);
            self.blocker(&risk.risk.plain, entry);
        }
        if report.elements.acceptances.iter().any(|risk| risk.accepted == Some(true)) {
            self.leave_out(
                "acceptances, which need a finding, an approver who is not the owner, and a last day"
                    .to_owned(),
            );
        }
        for condition in report.elements.conditions.iter().take(MOST) {
            let mut entry = Blocker::of(&condition.text, "condition", condition.owner.as_ref());
            entry.effort = condition.effort.as_ref().and_then(|(duration, _)| effort(duration));
            entry.impact = condition.due.as_ref().map(|due| format!("due: {}", due.plain));
            entry.holds = condition.timing != Timing::AfterLaunch && condition.required != Some(false);
            self.blocker(&condition.text.plain, entry);
        }
        if !report.elements.conditions.is_empty() {
            self.leave_out("conditions after launch, which need a check and a last day".to_owned());
        }
    }

    fn blocker(&mut self, id: &str, entry: Blocker<'_>) {
        let name = Name::of(&entry.title.plain);
        // One thing under several ids is one blocker.
        let is_known = self.known.iter().any(|known| known.is_like(&name));
        if name.is_empty() || is_known || self.blockers.len() >= MOST {
            return;
        }
        self.known.push(name);
        let id = self.id(id);
        let mut text = format!(
            "  - id: {id}\n    title: {}\n    kind: {}\n    owner: {}\n",
            quoted(&entry.title.plain),
            entry.kind,
            quoted(entry.owner)
        );
        for (key, value) in [("impact", &entry.impact), ("do", &entry.text)] {
            if let Some(value) = value.as_ref().filter(|value| !value.trim().is_empty()) {
                text.push_str(&format!("    {key}: {}\n", quoted(value)));
            }
        }
        if let Some(effort) = entry.effort {
            text.push_str(&format!("    effort: {effort}\n"));
        }
        if !entry.holds {
            text.push_str("    blocks: []\n");
        }
        self.blockers.push(text);
    }

    fn decide(&mut self, report: &Report) {
        for decision in report.elements.decisions.iter().take(MOST) {
            let id = decision.id.as_ref().map_or(decision.name.plain.clone(), |id| id.text.clone());
            let id = self.id(&id);
            let open = decision.status.and_then(|mark| mark.state).is_some_and(|state| state.is_open());
            let choice = decision.choice.as_ref().filter(|choice| !open && !choice.is_empty());
            let options = decision
                .options
                .iter()
                .enumerate()
                .map(|(at, option)| (format!("option-{}", at + 1), option));
            let options: Vec<(String, &Text)> =
                options.chain(choice.map(|choice| ("chosen".to_owned(), choice))).collect();
            let listed: Vec<String> = match options.is_empty() {
                true => vec!["{ id: unknown, text: \"the document names no option\" }".to_owned()],
                false => options
                    .iter()
                    .map(|(id, text)| format!("{{ id: {id}, text: {} }}", quoted(&text.plain)))
                    .collect(),
            };
            let owner = decision.owner.as_ref().map_or(NOBODY, |owner| owner.plain.as_str());
            let made = match choice {
                Some(_) => format!("    choice: chosen\n    on: {}\n", self.date),
                None => format!("    due: {}\n", self.date),
            };
            self.decisions.push(format!(
                "  - id: {id}\n    question: {}\n    options: [{}]\n    owner: {}\n{made}",
                quoted(&decision.name.plain),
                listed.join(", "),
                quoted(owner)
            ));
        }
    }

    /// One checklist, with a section for each heading that has tasks.
    fn tasks(&mut self, report: &Report) {
        let mut sections: BTreeMap<SectionId, Vec<&ChecklistItem>> = BTreeMap::new();
        for task in report.elements.checklist.iter().filter(|task| !task.text.is_empty()).take(MOST) {
            sections.entry(task.source.section).or_default().push(task);
        }
        if sections.is_empty() {
            return;
        }
        let id = self.id("checklist");
        let mut text = format!("  - id: {id}\n    sections:\n");
        for (section, tasks) in sections {
            let title = report.outline.section(section).map(heading_of).unwrap_or_default();
            let id = self.id(&format!("section {title}"));
            text.push_str(&format!("      - id: {id}\n        title: {}\n", quoted(&title)));
            if let Some(at) = tasks.first().and_then(|task| offset(task.moment, task.timing)) {
                text.push_str(&format!("        at: {at}\n"));
            }
            text.push_str("        items:\n");
            for task in tasks {
                text.push_str(&self.task(task));
            }
        }
        self.checklists.push(text);
    }

    fn task(&mut self, task: &ChecklistItem) -> String {
        let id = self.id(&format!("task {}", task.text.plain));
        let mut text = format!("          - id: {id}\n            do: {}\n", quoted(&task.text.plain));
        if let Some(owner) = &task.owner {
            text.push_str(&format!("            owner: {}\n", quoted(&owner.plain)));
        }
        // A tick is no proof.
        if task.ticked == Some(true) {
            let statement = format!("ticked in {}, line {}", self.file, task.source.span.line);
            text.push_str(&format!("            attest: {{ statement: {} }}\n", quoted(&statement)));
        }
        text
    }

    /// Phases under headings, and the steps of a launch in lists.
    fn ways(&mut self, report: &Report) {
        for phase in report.elements.phases.iter().take(MOST) {
            let name = &phase.name.plain;
            let is_heading = report
                .outline
                .section(phase.source.section)
                .is_some_and(|section| section.title.span == phase.name.span);
            if !is_heading && phase.status.is_none() {
                let id = self.id(&format!("step {name}"));
                self.steps.push(format!("    - {{ id: {id}, title: {} }}\n", quoted(name)));
                continue;
            }
            let id = self.id(name);
            let prerequisites: String = phase
                .prerequisites
                .iter()
                .map(|text| format!("    {}", comment(&format!("needs: {}", text.plain))))
                .collect();
            let statement = format!("{name} is done ({}, line {})", self.file, phase.source.span.line);
            self.phases.push(format!(
                "  - id: {id}\n    title: {}\n{prerequisites}    attest: {{ statement: {} }}\n",
                quoted(name),
                quoted(&statement)
            ));
        }
    }
}

/// A blocker that is written.
struct Blocker<'a> {
    title: &'a Text,
    kind: &'static str,
    owner: &'a str,
    impact: Option<String>,
    text: Option<String>,
    effort: Option<String>,
    /// Whether the launch waits for it.
    holds: bool,
}

impl<'a> Blocker<'a> {
    fn of(title: &'a Text, kind: &'static str, owner: Option<&'a Text>) -> Blocker<'a> {
        let owner = owner.map(|owner| owner.plain.as_str()).filter(|owner| !owner.trim().is_empty());
        Blocker {
            title,
            kind,
            owner: owner.unwrap_or(NOBODY),
            impact: None,
            text: None,
            effort: None,
            holds: true,
        }
    }
}

/// What a category is said to be.
fn said(category: &Category) -> String {
    let score = category.score.as_ref().map(|score| score.plain.trim_start_matches([':', ' ']).to_owned());
    let call = category.decision.map(|call| call.words().to_owned());
    let said: Vec<String> = [score, call].into_iter().flatten().collect();
    match said.is_empty() {
        true => format!("{} is as it should be", category.name.plain),
        false => format!("{} is stated as {}", category.name.plain, said.join(", ")),
    }
}

fn heading_of(section: &Section) -> String {
    let title = section.title.plain.trim().trim_end_matches(':').to_owned();
    if title.is_empty() { "tasks".to_owned() } else { title }
}

fn weight_of(category: &Category) -> u32 {
    let weight = category.weight.as_ref().and_then(|weight| crate::value::percent(&weight.plain));
    weight.and_then(|weight| weight.to_integer().to_u32()).unwrap_or(1).clamp(1, 100)
}

/// Whole weights with the sum 100, in the proportion that is wanted. Each is at least 1 while
/// there are at most 100.
fn weights(categories: &[(String, String, u32)]) -> Vec<u32> {
    let sum: u32 = categories.iter().map(|(.., weight)| weight).sum::<u32>().max(1);
    let mut weights: Vec<u32> = categories.iter().map(|(.., weight)| (weight * 100 / sum).max(1)).collect();
    let mut at = 0;
    loop {
        let total: u32 = weights.iter().sum();
        let count = weights.len().max(1);
        let Some(weight) = weights.get_mut(at % count) else { return weights };
        match total.cmp(&100) {
            std::cmp::Ordering::Equal => return weights,
            std::cmp::Ordering::Less => *weight += 1,
            std::cmp::Ordering::Greater if *weight > 1 => *weight -= 1,
            // More categories than points.
            std::cmp::Ordering::Greater if at > count * 100 => return weights,
            std::cmp::Ordering::Greater => {}
        }
        at += 1;
    }
}

fn word_of(severity: Severity) -> &'static str {
    match severity {
        Severity::Blocker | Severity::Critical => "blocker",
        Severity::High => "high",
        Severity::Medium => "medium",
        Severity::Low | Severity::Info => "low",
    }
}

/// `18d..28d`; none when it is no work that can be written so.
fn effort(duration: &Duration) -> Option<String> {
    let unit = match duration.unit {
        TimeUnit::Minute => "m",
        TimeUnit::Hour => "h",
        TimeUnit::Day => "d",
        TimeUnit::Week => "w",
        _ => return None,
    };
    let whole = |value: &crate::value::Exact| {
        value.is_integer().then(|| value.to_integer().to_u32()).flatten().filter(|n| *n < 5_000)
    };
    let (low, high) = (whole(&duration.low)?, whole(&duration.high)?);
    (low <= high && high > 0).then(|| format!("{low}{unit}..{high}{unit}"))
}

/// `T-7d`
fn offset(moment: Option<Moment>, timing: Timing) -> Option<String> {
    match moment {
        Some(Moment { hours: 0 }) => Some("T-0".to_owned()),
        Some(Moment { hours }) if hours.abs() < 80_000 => {
            let sign = if hours < 0 { '-' } else { '+' };
            Some(format!("T{sign}{}h", hours.abs()))
        }
        _ => matches!(timing, Timing::AtLaunch | Timing::AfterLaunch).then(|| "T-0".to_owned()),
    }
}

impl Outline {
    /// A section and those it is in, by number, the innermost first.
    fn ids_above(&self, id: SectionId) -> impl Iterator<Item = SectionId> {
        std::iter::successors(Some(id), |id| self.section(*id)?.parent)
    }
}
