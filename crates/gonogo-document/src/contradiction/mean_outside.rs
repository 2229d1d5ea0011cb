//! An average that is less than the least or more than the most of the values beside it.

mod column;

use super::facts::figure::{figures, shown};
use super::facts::word::says;
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

/// Words before a limit.
const LIMITS: &[&str] = &[
    "below",
    "above",
    "under",
    "at least",
    "at most",
    "or more",
    "and above",
    "up to",
    "unter",
    "über",
    "ab",
    "mindestens",
    "höchstens",
    "en dessous",
    "au-dessous",
    "moins de",
    "plus de",
    "à partir de",
    "por debajo",
    "menos de",
    "a partir de",
    "sotto",
    "almeno",
    "oltre",
    "onder",
    "boven",
    "vanaf",
    "minstens",
    "abaixo",
    "poniżej",
    "powyżej",
    "co najmniej",
    "under",
    "över",
];

fn find(facts: &Facts<'_>, findings: &mut Findings) {
    column::check(facts, findings);
    for sentence in
        facts.sentences.iter().filter(|sentence| matches!(sentence.place, Place::Prose | Place::Item))
    {
        let lower = sentence.lower();
        let Some(at) = MEAN.iter().filter_map(|word| lower.find(word)).min() else { continue };
        // A full stop behind a number does not always end a sentence for the reader of them.
        let from = lower.get(..at).and_then(|head| head.rfind(". ")).unwrap_or(0);
        // A legend of bands has limits and no values.
        if says(lower.get(from..at).unwrap_or_default(), LIMITS) {
            continue;
        }
        let times: Vec<(usize, Exact)> = value::durations(&lower)
            .into_iter()
            .map(|found: Found<Duration>| (found.range.start, found.value.low_hours(24)))
            .collect();
        let numbers = figures(&lower).into_iter().map(|figure| (figure.range.start, figure.value)).collect();
        let values = if times.len() >= 4 { times } else { numbers };
        let before: Vec<&(usize, Exact)> =
            values.iter().filter(|(start, _)| (from..at).contains(start)).collect();
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

#[cfg(test)]
mod tests {
    use super::RULE;
    use crate::contradiction::trial::found;

    #[test]
    fn a_legend_of_bands_is_no_set_of_values() {
        assert_eq!(found(&RULE, "The runs took 12, 15 and 18 s, on average 21 s.\n"), ["certain 1"]);
        let legend = "Green from 80, amber from 60 to below 80, red below 60. The weighted mean is 80.2.\n";
        assert!(found(&RULE, legend).is_empty());
        assert!(found(&RULE, "Limits are 10, 20 and 30. The mean is 41.\n").is_empty());
    }
}
