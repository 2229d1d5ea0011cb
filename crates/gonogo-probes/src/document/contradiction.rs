//! `document/contradiction`: where a readiness document contradicts itself, one item for each place.

use std::collections::BTreeMap;

use gonogo_document::Report;
use gonogo_document::contradiction::{Certainty, Contradiction, LeftOut, Said, search};
use gonogo_model::catalog::{Class, FactInfo, FactType, TargetKind, TargetNeed};
use gonogo_model::fact::{Item, Location};
use schemars::JsonSchema;
use serde::Deserialize;

use super::report::survey::{self, Survey};
use crate::context::Context;
use crate::probe::{Looked, Probe, Unmeasured};
use crate::redact::Redactor;
use crate::repository::purpose::is_made_up;
use crate::repository::{Kind, Place, Repository};

/// Looks at documents.
pub(crate) struct Contradictions;

/// Parameters of `document/contradiction`.
#[derive(Debug, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub(crate) struct Params {}

impl Probe for Contradictions {
    const ID: &'static str = "document/contradiction";
    const TITLE: &'static str = "Where readiness documents contradict themselves";
    const VERSION: u32 = 2;
    const CLASS: Class = Class::Passive;
    const TARGET: TargetNeed = TargetNeed::Optional(&[TargetKind::Path]);
    const FACTS: &'static [FactInfo] = FACTS;
    type Params = Params;

    async fn look(context: &Context, _: Params) -> Result<Looked, Unmeasured> {
        let secrets = std::sync::Arc::clone(&context.secrets);
        let look = move |repository: &Repository| {
            repository.some_of_kind(Kind::Document)?;
            let survey = survey::of(repository);
            let items =
                compared(repository, &survey).flat_map(|(path, report)| items(path, report, &secrets));
            let top = item(".").fact("documents", survey.documents).fact("reports", survey.reports.len());
            Ok(Looked { items: std::iter::once(top).chain(items).collect(), artefacts: Vec::new() })
        };
        Place::of(context).look(look).await
    }
}

/// Whether any document is about readiness.
pub(crate) fn has_reports(repository: &Repository) -> bool {
    compared(repository, &survey::of(repository)).next().is_some()
}

/// The documents about readiness. One that is made up for tests has its contradictions on purpose,
/// unless somebody names it.
fn compared<'a>(
    repository: &'a Repository,
    survey: &'a Survey,
) -> impl Iterator<Item = (&'a str, &'a Report)> {
    let is_named = repository.only().is_some();
    let reports = survey.reports.iter().map(|(path, report)| (path.as_str(), report));
    reports.filter(move |(path, _)| is_named || !is_made_up(path))
}

const fn fact(name: &'static str, kind: FactType, about: &'static str) -> FactInfo {
    FactInfo { name, kind, unit: "", about }
}

const FACTS: &[FactInfo] = &[
    fact("rule", FactType::Text, "The rule that is sure of it; empty when none is."),
    fact(
        "hint",
        FactType::Text,
        "The rule that is not sure of it; empty when one is. `too-long` of a document of more than 1 MiB, which is not compared.",
    ),
    fact("sort", FactType::Text, "`arithmetic`, `count`, `duplicate`, `disagreement` and so on."),
    fact("wrong", FactType::Text, "What contradicts what, with the computed value and the other places."),
    fact("says", FactType::Text, "What stands at the place."),
    fact("against", FactType::Text, "The other places, each as its line and what stands there; at most six."),
    fact(
        "left_out",
        FactType::Text,
        "What of the document was not compared, because it is more than people write; empty when nothing was left out.",
    ),
    fact("documents", FactType::Int, "Markdown files that were read. Only of the item `.`."),
    fact("reports", FactType::Int, "How many of them are about readiness. Only of the item `.`."),
];

/// Bytes of a document that is compared: rules look at pairs of places.
const LONGEST: usize = 1 << 20;
/// Contradictions of one document that are items, and other places that are written out of one.
const MOST: usize = 400;
const MOST_PLACES: usize = 6;

/// One for the document, and one for each of its contradictions.
fn items(path: &str, report: &Report, secrets: &Redactor) -> Vec<Item> {
    let document = item(path).read_at(Location::of(path));
    if report.decoded.text.len() > LONGEST {
        let why = "the document is larger than 1 MiB, so its places were not compared";
        return vec![document.fact("hint", "too-long").fact("wrong", why).fact("left_out", why)];
    }
    let search = search(report);
    let mut seen: BTreeMap<String, usize> = BTreeMap::new();
    let mut items = vec![document];
    items.extend(search.left_out.iter().map(|left_out| not_compared(path, left_out)));
    if search.found.len() > MOST {
        let what = format!("no more than {MOST} contradictions of a document are shown");
        items.push(not_compared(path, &LeftOut { what, at: None }));
    }
    for found in search.found.iter().take(MOST) {
        let Some((first, others)) = found.places.split_first() else { continue };
        let mut key = format!("{path}: {}", secrets.redact(&first.text));
        let times = seen.entry(key.clone()).or_default();
        *times = times.saturating_add(1);
        if *times > 1 {
            key = format!("{key} ({times})");
        }
        let at =
            Location { line: Some(first.span.line), column: Some(first.span.column), ..Location::of(path) };
        items.push(said(item(key).read_at(at), found, first, others, secrets));
    }
    items
}

/// What was not compared: no silence about it is soundness.
fn not_compared(path: &str, left_out: &LeftOut) -> Item {
    let at = Location {
        line: left_out.at.map(|span| span.line),
        column: left_out.at.map(|span| span.column),
        ..Location::of(path)
    };
    item(format!("{path}: left out: {}", left_out.what)).read_at(at).fact("left_out", left_out.what.as_str())
}

fn said(item: Item, found: &Contradiction, first: &Said, others: &[Said], secrets: &Redactor) -> Item {
    let certainty = if found.certainty == Certainty::Certain { "rule" } else { "hint" };
    let against = others.iter().take(MOST_PLACES);
    let against = against.map(|said| format!("line {}: {}", said.span.line, said.text));
    let against = against.collect::<Vec<_>>().join("; ");
    let wrong =
        if against.is_empty() { found.message.clone() } else { format!("{}; {against}", found.message) };
    item.fact(certainty, found.rule)
        .fact("sort", found.kind.word())
        .fact("wrong", secrets.redact(&wrong))
        .fact("says", secrets.redact(&first.text))
        .fact("against", secrets.redact(&against))
}

/// An item that says nothing is wrong.
fn item(key: impl Into<String>) -> Item {
    let texts = ["rule", "hint", "sort", "wrong", "says", "against", "left_out"];
    texts.into_iter().fold(Item::new(key), |item, name| item.fact(name, ""))
}

#[cfg(test)]
mod tests {
    use super::*;

    const SUM: &str = "# Go-live readiness\n\n**Verdict:** NO-GO\n\n| Suite | Cases |\n|---|---|\n| A | 4 |\n| B | 2 |\n| Total | 9 |\n";

    #[test]
    fn documents_that_are_made_up_for_tests_are_left_out() {
        let repository = Repository::of(&[("docs/go.md", SUM), ("tests/fixtures/go.md", SUM)]);
        let survey = survey::of(&repository);
        let paths: Vec<&str> = compared(&repository, &survey).map(|(path, _)| path).collect();
        assert_eq!(paths, ["docs/go.md"]);
        assert!(!has_reports(&Repository::of(&[("README.md", "# Shop\n\nSells things.\n")])));
    }

    #[test]
    fn a_document_that_is_too_long_is_said_to_be() {
        let hints = |text: &str| {
            let report = gonogo_document::read(text.as_bytes());
            let items = items("go.md", &report, &Redactor::default());
            items.iter().map(|item| item.facts["hint"].clone()).collect::<Vec<_>>()
        };
        assert_eq!(hints(SUM), ["", ""]);
        assert_eq!(hints(&format!("{SUM}\n{}", "word ".repeat(LONGEST / 5))), ["too-long"]);
    }

    #[test]
    fn what_is_too_much_to_compare_is_said() {
        let left_out = |text: &str| {
            let report = gonogo_document::read(text.as_bytes());
            let items = items("go.md", &report, &Redactor::default());
            let all = items.iter().map(|item| (item.facts["left_out"].to_string(), item.location.clone()));
            all.filter(|(left_out, _)| left_out != "\"\"")
                .map(|(_, at)| at.and_then(|at| at.line))
                .collect::<Vec<_>>()
        };
        assert_eq!(left_out(SUM), Vec::<Option<u32>>::new());
        let rows = "| step | done |\n".repeat(5_001);
        assert_eq!(left_out(&format!("{SUM}\n| Step | State |\n|---|---|\n{rows}")), [Some(5013), None]);
        let sums = (0..205).map(|at| SUM.replace("| 9 |", &format!("| {} |", at + 9)));
        let all: Vec<String> = sums.collect();
        assert!(left_out(&all.join("\n")).contains(&None));
    }
}
