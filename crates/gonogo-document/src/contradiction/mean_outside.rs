//! An average that is less than the least or more than the most of the values beside it.

mod column;

use super::facts::figure::{figures, shown};
use super::facts::{Facts, Place};
use super::kind::{Findings, Kind, Rule};
use super::overall_score::MEAN;
use crate::value::{self, Duration, Exact, Found};

pub(super) const RULE: Rule = Rule {
    id: "mean-outside",
    kind: Kind::Arithmetic,
    why: "A mean lies between the least and the most of its values.",
    find,
};

fn find(facts: &Facts<'_>, findings: &mut Findings) {
    column::check(facts, findings);
    for sentence in
        facts.sentences.iter().filter(|sentence| matches!(sentence.place, Place::Prose | Place::Item))
    {
        let lower = sentence.lower();
        let Some(at) = MEAN.iter().filter_map(|word| lower.find(word)).min() else { continue };
        let times: Vec<(usize, Exact)> = value::durations(&lower)
            .into_iter()
            .map(|found: Found<Duration>| (found.range.start, found.value.low_hours(24)))
            .collect();
        let numbers = figures(&lower).into_iter().map(|figure| (figure.range.start, figure.value)).collect();
        let values = if times.len() >= 4 { times } else { numbers };
        let before: Vec<&(usize, Exact)> = values.iter().filter(|(start, _)| *start < at).collect();
        let Some((_, mean)) = values.iter().find(|(start, _)| *start > at) else { continue };
        let (least, most) =
            (before.iter().map(|(_, value)| value).min(), before.iter().map(|(_, value)| value).max());
        if let (Some(least), Some(most), 3..) = (least, most, before.len())
            && (mean < least || mean > most)
        {
            let message = format!(
                "the average is outside the {} values it is of ({} of them are {} the same side)",
                before.len(),
                shown(&crate::contradiction::facts::figure::whole(before.len() as u64)),
                if mean < least { "above it, on" } else { "below it, on" }
            );
            findings.certain(message, vec![sentence.said()]);
        }
    }
}
