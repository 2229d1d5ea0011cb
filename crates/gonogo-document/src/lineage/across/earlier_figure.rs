//! «The score rose from 60 % to 80 %», «the last verdict was NO-GO», and the older document never
//! said so.

use super::earlier::Names;
use super::{Both, Found};
use crate::element::VerdictKind;
use crate::lineage::figures::{quote, scores, verdicts};
use crate::place::Span;
use crate::value::{self, Exact};
use crate::words::call::calls;
use crate::words::words;

const SCORES: &[&str] =
    &["score", "readiness", "rating", "punktzahl", "bewertung", "bereitschaft", "note", "puntuación"];
const VERDICTS: &[&str] =
    &["verdict", "decision", "recommendation", "entscheidung", "décision", "decisión", "urteil"];

pub(super) fn find(both: &Both<'_>) -> Vec<Found> {
    let names = Names::of(both.before, both.after);
    let said: Vec<(&str, Span)> = both.after.mentions.sentences().collect();
    let has = |text: &str, all: &[&str]| {
        words(text).iter().any(|word| all.iter().any(|start| word.text.starts_with(start)))
    };
    let score = said.iter().filter(|(text, _)| has(text, SCORES)).filter_map(|(text, span)| {
        let told = earlier_score(text).or_else(|| only(text).filter(|_| names.are_in(text)))?;
        score(both, text, *span, &told)
    });
    let verdict = said.iter().filter(|(text, _)| has(text, VERDICTS) && names.are_in(text));
    let verdict = verdict.filter_map(|(text, span)| verdict_of(both, text, *span));
    score.chain(verdict).collect()
}

/// The percentage behind `from`, of two: `from 60 % to 80 %`, `80 %, up from 60 %`.
fn earlier_score(text: &str) -> Option<Exact> {
    const FROM: &[&str] = &["from", "von", "de", "van", "da"];
    let found = value::percents(text);
    let is_earlier = |range: &std::ops::Range<usize>| {
        let before = text.get(..range.start).map(words).unwrap_or_default();
        before.last().is_some_and(|word| FROM.contains(&word.text.as_ref()))
    };
    let earlier = found.iter().find(|found| is_earlier(&found.range)).filter(|_| found.len() == 2)?;
    Some(earlier.value.clone())
}

fn only(text: &str) -> Option<Exact> {
    value::percent(text)
}

fn score(both: &Both<'_>, text: &str, span: Span, told: &Exact) -> Option<Found> {
    let before = both.before.report;
    let known: Vec<Exact> =
        before.elements.scores.iter().filter_map(|score| Some(score.percent.as_ref()?.0.clone())).collect();
    let of_part = before
        .elements
        .categories
        .iter()
        .filter_map(|category| value::percent(&category.score.as_ref()?.plain));
    if known.is_empty() || known.contains(told) || of_part.into_iter().any(|other| other == *told) {
        return None;
    }
    Some(Found {
        is_certain: true,
        message: format!("it says «{}», and the older document states another score", text.trim()),
        before: scores(before),
        after: vec![quote(text, span)],
    })
}

fn verdict_of(both: &Both<'_>, text: &str, span: Span) -> Option<Found> {
    let found = calls(&words(text));
    let [said] = found.as_slice() else { return None };
    let overall =
        both.before.report.elements.verdicts.iter().filter(|verdict| verdict.kind == VerdictKind::Overall);
    let known: Vec<_> = overall.map(|verdict| verdict.call.launches()).collect();
    if known.is_empty() || known.contains(&said.call.launches()) {
        return None;
    }
    Some(Found {
        is_certain: true,
        message: format!("it says «{}», and the older document states another verdict", text.trim()),
        before: verdicts(both.before.report),
        after: vec![quote(text, span)],
    })
}

#[cfg(test)]
mod tests {
    use crate::lineage::across::trial::found;

    #[test]
    fn what_is_said_of_an_earlier_figure_is_looked_up() {
        let old = "# Review v1\n\n**Overall readiness:** 72%\n\n**Verdict:** NO-GO\n";
        let new =
            |said: &str| format!("# Review v2\n\n{said}\n\n**Overall readiness:** 80%\n\n**Verdict:** GO\n");
        let tried = |said: &str| found("earlier-figure", old, &new(said));
        assert_eq!(tried("The score rose from 60% to 80%."), ["certain 3/3"]);
        assert_eq!(tried("The previous verdict was CONDITIONAL GO."), ["certain 5/3"]);
        for right in
            ["The score rose from 72% to 80%.", "The previous verdict was NO-GO.", "The score is 80%."]
        {
            assert!(tried(right).is_empty(), "{right}");
        }
    }
}
