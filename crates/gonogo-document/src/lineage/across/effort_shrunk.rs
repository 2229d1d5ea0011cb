//! All that is left takes less time than one open part of it took before.

use gonogo_model::lineage::document::State;

use super::{Both, Found, places};
use crate::element::{Effort, EffortKind};
use crate::lineage::entry::Pair;
use crate::lineage::figures::quote;
use crate::value::{Duration, Exact};

/// Hours of a day of work.
const DAY: u32 = 8;

pub(super) fn find(both: &Both<'_>) -> Vec<Found> {
    let efforts = both.after.report.elements.efforts.iter();
    efforts
        .filter(|effort| effort.kind == EffortKind::Total || effort.severity.is_some())
        .filter_map(|effort| check(both, effort))
        .collect()
}

fn check(both: &Both<'_>, whole: &Effort) -> Option<Found> {
    let parts = both.pairs.iter().filter(|pair| pair.state() == State::Open && is_part(pair, whole));
    let parts = parts.filter_map(|pair| Some((pair, pair.before?.effort()?)));
    let longer = parts.filter(|(_, (part, _))| {
        let (all, one) = (hours(&whole.duration), hours(part));
        all.0 < one.0 && all.1 < one.1
    });
    let (pair, (_, said)) = longer.max_by_key(|(_, (part, _))| hours(part))?;
    let title = &pair.before?.first.title;
    Some(Found {
        is_certain: false,
        message: format!(
            "the work, «{title}» among it, is to take {}; that alone took {said} before",
            whole.text.plain.trim()
        ),
        before: places([pair], true),
        after: vec![quote(&whole.text.plain, whole.source.span)],
    })
}

/// Whether a thing is among what an effort is for, and has none of its own any more.
fn is_part(pair: &Pair<'_>, whole: &Effort) -> bool {
    let Some(now) = pair.after.filter(|thing| thing.effort().is_none()) else { return false };
    match whole.severity {
        Some(severity) => now.severity().is_some_and(|own| own.rank() == severity.rank()),
        None => true,
    }
}

fn hours(duration: &Duration) -> (Exact, Exact) {
    (duration.low_hours(DAY), duration.high_hours(DAY))
}

#[cfg(test)]
mod tests {
    use crate::lineage::across::trial::found;

    #[test]
    fn a_part_takes_no_longer_than_all_of_it() {
        let old =
            "# Review\n\n### F-1: Polls are missing (BLOCKER)\n\n- Impact: no polls\n- Effort: 3-5 days\n";
        let new = |all: &str| {
            format!(
                "# Review\n\n### F-1: Polls are missing (BLOCKER)\n\n- Impact: no polls\n\n## Effort\n\n| Priority | Issues | Estimated time |\n|---|---|---|\n| Blockers | 6 | {all} |\n"
            )
        };
        assert_eq!(found("effort-shrunk", old, &new("1-2 days")), ["likely 3/11"]);
        assert!(found("effort-shrunk", old, &new("5-9 days")).is_empty());
    }
}
