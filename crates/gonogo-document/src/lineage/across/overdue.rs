//! Something was to be done by a day that had passed when the newer document was written, and it is
//! open or not mentioned.

use gonogo_model::lineage::document::State;
use jiff::civil::Date;

use super::{Both, Found, places};
use crate::lineage::entry::Pair;
use crate::value;

pub(super) fn find(both: &Both<'_>) -> Vec<Found> {
    let Some(written) = both.after.date() else { return Vec::new() };
    let late = both.pairs.iter().filter_map(|pair| {
        let due = day(pair.before?.due()?)?;
        // Whoever moves the day has said so.
        let moved = pair.after.and_then(|thing| day(thing.due()?)).is_some_and(|now| now >= written);
        (due < written && !moved).then_some((pair, due))
    });
    late.filter_map(|(pair, due)| one(pair, due, written)).collect()
}

fn day(text: &str) -> Option<Date> {
    value::dates(text).first().map(|found| found.value)
}

fn one(pair: &Pair<'_>, due: Date, written: Date) -> Option<Found> {
    let title = &pair.before?.first.title;
    let (is_certain, stands) = match pair.state() {
        State::Open | State::Regressed => (true, "is open"),
        State::Vanished => (false, "is not mentioned"),
        _ => return None,
    };
    Some(Found {
        is_certain,
        message: format!("«{title}» was due on {due} and {stands} on {written}"),
        before: places([pair], true),
        after: places([pair], false),
    })
}

#[cfg(test)]
mod tests {
    use crate::lineage::across::trial::found;

    #[test]
    fn what_was_due_is_asked_for() {
        let document = |date: &str, due: &str, status: &str| {
            format!(
                "# Launch review\n\n**Date:** {date}\n\n## Conditions\n\n| Condition | Due | Status |\n|---|---|---|\n| Load test in the second region | {due} | {status} |\n"
            )
        };
        let old = document("2026-01-10", "2026-02-01", "open");
        let late = |status: &str| document("2026-02-10", "2026-02-01", status);
        assert_eq!(found("overdue", &old, &late("open")), ["certain 9/9"]);
        assert!(found("overdue", &old, &late("done")).is_empty());
        assert!(found("overdue", &old, &document("2026-01-20", "2026-02-01", "open")).is_empty());
        assert!(found("overdue", &old, &document("2026-02-10", "2026-03-01", "open")).is_empty());
        let silent = "# Launch review\n\n**Date:** 2026-02-10\n\n**Verdict:** GO\n";
        assert_eq!(found("overdue", &old, silent), ["likely 9/"]);
    }
}
