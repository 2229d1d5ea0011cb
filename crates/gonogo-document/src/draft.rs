//! A spec drafted from what a document says. Nothing a document says is a proof: what it calls
//! done, passed or verified becomes a statement that nobody has signed, and the judge counts that
//! as NOT RUN. So the verdict that is computed can be laid beside the one that is asserted.

mod entries;
mod yaml;

use jiff::civil::Date;

use crate::Report;
use crate::element::{Call, MetadataKey, VerdictKind};
use crate::value;
use entries::Entries;

/// A spec as text, and what the document asserts.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Draft {
    /// The spec.
    pub text: String,
    /// The verdicts of the document on the whole, with the line of each, in its order.
    pub asserted: Vec<(u32, Call)>,
    /// What was left out because a spec needs more than the document says, as sentences.
    pub left_out: Vec<String>,
}

/// Drafts a spec from a document. `name` is what the file is called, `today` stands where the
/// document gives no date.
pub fn draft(report: &Report, name: &str, today: Date) -> Draft {
    let elements = &report.elements;
    let overall = elements.verdicts.iter().filter(|verdict| verdict.kind == VerdictKind::Overall);
    let asserted: Vec<(u32, Call)> =
        overall.map(|verdict| (verdict.source.span.line, verdict.call)).collect();
    let dates = elements.metadata.iter().filter(|fact| fact.key == MetadataKey::Date);
    let stated = dates.flat_map(|fact| value::dates(&fact.value.plain)).map(|found| found.value).next();
    let mut entries = Entries::new(name, stated.unwrap_or(today));
    entries.read(report);
    let system = fact(report, MetadataKey::System)
        .or_else(|| elements.title.as_ref().map(|title| title.plain.clone()))
        .unwrap_or_else(|| name.to_owned());
    let (body, left_out) = entries.finish(&system, fact(report, MetadataKey::Approver).as_deref());
    let text = format!("{}{body}", head(name, &asserted, &left_out));
    Draft { text, asserted, left_out }
}

fn fact(report: &Report, key: MetadataKey) -> Option<String> {
    let mut facts = report.elements.metadata.iter().filter(|fact| fact.key == key);
    facts.next().map(|fact| fact.value.plain.clone())
}

/// The comment at the top.
fn head(name: &str, asserted: &[(u32, Call)], left_out: &[String]) -> String {
    let mut text = yaml::comment(&format!("Drafted by `gonogo import` from {name}."));
    let said: Vec<String> =
        asserted.iter().map(|(line, call)| format!("{} in line {line}", call.words())).collect();
    text.push_str(&yaml::comment(&match said.is_empty() {
        true => "The document asserts no verdict.".to_owned(),
        false => format!("Asserted: {}.", said.join(", ")),
    }));
    text.push_str(&yaml::comment(
        "Nothing below is proven: each statement is NOT RUN until somebody signs it (`by`, `on`, `expires`), or better, until a `probe` takes its place.",
    ));
    for sentence in left_out {
        text.push_str(&yaml::comment(&format!("Left out: {sentence}.")));
    }
    text
}
