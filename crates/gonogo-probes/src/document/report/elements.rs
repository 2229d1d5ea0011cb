//! What documents say as items, one for each thing that is said. It reads nothing.

use gonogo_document::element::{
    Call, Confidence, Disposition, Elements, Form, Item as Named, Source, Timing, VerdictKind,
};
use gonogo_document::outline::Outline;
use gonogo_document::value::{Id, Mark, Polarity, Severity};
use gonogo_document::{Report, Text};
use gonogo_model::fact::{Item, Location, Value};
use serde_json::json;

use super::survey::Survey;
use crate::redact::Redactor;

/// Entries of a list, and elements of one document that are listed.
const MOST: usize = 20;
const MOST_ELEMENTS: usize = 400;
/// Characters of a text that are kept.
const LONGEST: usize = 300;

/// One item for the folder, one for each document, one for each thing it says.
pub(super) fn items(survey: &Survey, secrets: &Redactor) -> Vec<Item> {
    let unread = survey.unread.iter().take(MOST).map(|(path, why)| json!({"path": path, "why": why}));
    let top = Item::new(".")
        .fact("kind", "folder")
        .fact("documents", survey.documents)
        .fact("reports", survey.reports.len())
        .fact("unread", unread.collect::<Vec<Value>>());
    let mut items = vec![top];
    for (path, report) in &survey.reports {
        let writer = Writer { path, outline: &report.outline, secrets };
        let mut said = writer.all(&report.elements);
        said.sort_by_key(|(source, _)| (source.span.line, source.span.column));
        said.truncate(MOST_ELEMENTS);
        items.push(writer.document(report, said.len()));
        let mut last = (String::new(), 1);
        for (_, mut item) in said {
            // Two things of a kind can begin at one place, such as the parts of a row.
            match item.key == last.0 {
                true => {
                    last.1 += 1;
                    item.key = format!("{} ({})", item.key, last.1);
                }
                false => last = (item.key.clone(), 1),
            }
            items.push(item);
        }
    }
    items
}

struct Writer<'a> {
    path: &'a str,
    outline: &'a Outline,
    secrets: &'a Redactor,
}

type Said = (Source, Item);

impl Writer<'_> {
    fn document(&self, report: &Report, listed: usize) -> Item {
        let elements = &report.elements;
        let unread = elements.not_understood.iter().take(MOST).map(|unread| {
            json!({"line": unread.source.span.line, "text": self.clean(&unread.text), "why": unread.why})
        });
        let skipped = report.outline.skipped.iter();
        let skipped = skipped.map(|skipped| json!({"line": skipped.at.line, "why": skipped.why}));
        let item = Item::new(self.path)
            .read_at(Location::of(self.path))
            .fact("kind", "document")
            .fact("signs", elements.signs_of_readiness())
            .fact("elements", elements.count())
            .fact("listed", listed)
            .fact("not_understood", unread.collect::<Vec<Value>>())
            .fact("not_understood_count", elements.not_understood.len())
            .fact("repaired", report.decoded.repaired)
            .fact("broken", report.decoded.broken)
            .fact("skipped", skipped.collect::<Vec<Value>>());
        self.text(item, "name", elements.title.as_ref())
    }

    fn all(&self, elements: &Elements) -> Vec<Said> {
        let mut said = self.judged(elements);
        said.extend(self.planned(elements));
        said
    }

    /// Problems, categories, scores and verdicts.
    fn judged(&self, elements: &Elements) -> Vec<Said> {
        let mut said = Vec::new();
        for finding in elements.findings.iter().filter(|finding| finding.form != Form::Task) {
            let item = self.item("finding", finding.source, Some(&finding.title));
            let item = self.id(item, finding.id.as_ref());
            let item = self.text(severity(item, finding.severity), "owner", finding.owner.as_ref());
            let item = item.fact_if_known("disposition", finding.disposition.map(disposition));
            let item = self.text(item, "says", finding.effort.as_ref().map(|(_, text)| text));
            said.push((finding.source, status(item, finding.status)));
        }
        for category in &elements.categories {
            let item = self.item("category", category.source, Some(&category.name));
            let item = item.fact_if_known("call", category.decision.map(Call::words));
            let item = self.text(item, "says", category.score.as_ref());
            said.push((category.source, status(item, category.status)));
        }
        for Named { name, status: mark, severity: bad, source, .. } in &elements.items {
            let item = self.item("item", *source, Some(name));
            said.push((*source, status(severity(item, *bad), *mark)));
        }
        for score in &elements.scores {
            said.push((
                score.source,
                self.text(self.item("score", score.source, None), "says", Some(&score.text)),
            ));
        }
        for verdict in &elements.verdicts {
            let item = self.item("verdict", verdict.source, Some(&verdict.text));
            let item = item.fact("call", verdict.call.words());
            said.push((verdict.source, item.fact("overall", verdict.kind == VerdictKind::Overall)));
        }
        said
    }

    /// What is to be done, decided or waited for.
    fn planned(&self, elements: &Elements) -> Vec<Said> {
        let mut said = Vec::new();
        for task in &elements.checklist {
            let item = self.id(self.item("task", task.source, Some(&task.text)), task.id.as_ref());
            let item = severity(item, task.severity).fact_if_known("ticked", task.ticked);
            let item = self.text(item, "owner", task.owner.as_ref());
            said.push((task.source, item.fact_if_known("timing", timing(task.timing))));
        }
        for blocker in &elements.blockers {
            let item =
                self.id(self.item("blocker", blocker.source, Some(&blocker.name)), blocker.id.as_ref());
            let item = self.text(item, "owner", blocker.owner.as_ref());
            let item = self.text(item, "says", blocker.blocks.as_ref());
            said.push((blocker.source, status(item, blocker.status)));
        }
        for decision in &elements.decisions {
            let item =
                self.id(self.item("decision", decision.source, Some(&decision.name)), decision.id.as_ref());
            let item = self.text(item, "owner", decision.owner.as_ref());
            let item = self.text(item, "says", decision.choice.as_ref());
            said.push((decision.source, status(item, decision.status)));
        }
        for phase in &elements.phases {
            let item = self.item("phase", phase.source, Some(&phase.name));
            said.push((phase.source, status(item, phase.status)));
        }
        for risk in &elements.acceptances {
            let item = self.item("acceptance", risk.source, Some(&risk.risk));
            let item = self.text(item, "owner", risk.owner.as_ref());
            let item = self.text(item, "says", risk.mitigation.as_ref());
            said.push((risk.source, item.fact_if_known("accepted", risk.accepted)));
        }
        for condition in &elements.conditions {
            let item = self.item("condition", condition.source, Some(&condition.text));
            let item = self.text(item, "owner", condition.owner.as_ref());
            let item = self.text(item, "says", condition.due.as_ref());
            let item = item.fact_if_known("timing", timing(condition.timing));
            said.push((condition.source, status(item, condition.mark)));
        }
        for criterion in &elements.criteria {
            let item = self.item("criterion", criterion.source, Some(&criterion.text));
            said.push((
                criterion.source,
                status(item.fact_if_known("ticked", criterion.ticked), criterion.mark),
            ));
        }
        for effort in &elements.efforts {
            let item = self.item("effort", effort.source, effort.subject.as_ref());
            said.push((effort.source, self.text(item, "says", Some(&effort.text))));
        }
        said
    }

    fn item(&self, kind: &str, source: Source, name: Option<&Text>) -> Item {
        let span = source.span;
        let section = self.outline.section(source.section).map(|section| &section.title);
        let place =
            Location { source: self.path.to_owned(), line: Some(span.line), column: Some(span.column) };
        let item = Item::new(format!("{}:{}:{} {kind}", self.path, span.line, span.column))
            .read_at(place)
            .fact("kind", kind)
            // So that an `expect` need not ask which kinds of things have them.
            .fact("severity", "none")
            .fact("status", "none")
            .fact("sure", source.confidence == Confidence::Certain);
        self.text(self.text(item, "name", name), "section", section)
    }

    fn id(&self, item: Item, id: Option<&Id>) -> Item {
        item.fact_if_known("id", id.map(|id| self.clean(&id.text)))
    }

    /// A text as a fact, if it says anything.
    fn text(&self, item: Item, fact: &str, text: Option<&Text>) -> Item {
        let text = text.map(|text| self.clean(&text.plain)).filter(|text| !text.is_empty());
        item.fact_if_known(fact, text)
    }

    fn clean(&self, text: &str) -> String {
        let text: String = text.trim().replace('\n', " ").chars().take(LONGEST).collect();
        self.secrets.redact(&text).into_owned()
    }
}

fn status(item: Item, mark: Option<Mark>) -> Item {
    let word = mark.map(|mark| match mark.polarity() {
        Polarity::Good => "good",
        Polarity::Middling => "middling",
        Polarity::Bad => "bad",
        Polarity::Open => "open",
        Polarity::Neutral => "neutral",
    });
    item.fact_if_known("status", word)
}

fn severity(item: Item, severity: Option<Severity>) -> Item {
    item.fact_if_known("severity", severity.map(Severity::word))
}

fn disposition(disposition: Disposition) -> &'static str {
    match disposition {
        Disposition::MustFix => "must fix",
        Disposition::ShouldFix => "should fix",
        Disposition::Deferred => "deferred",
        Disposition::Accepted => "accepted",
    }
}

fn timing(timing: Timing) -> Option<&'static str> {
    match timing {
        Timing::BeforeLaunch => Some("before launch"),
        Timing::AtLaunch => Some("at launch"),
        Timing::AfterLaunch => Some("after launch"),
        Timing::Unsaid => None,
    }
}
