//! Times of day and the time between them: `from 09:10 to 10:45, 85 minutes later`.

mod log;

use std::ops::Range;

use super::facts::figure::shown;
use super::facts::{Facts, Place, Role};
use super::kind::{Findings, Kind, Rule};
use crate::value::{self, Exact};

pub(super) const RULE: Rule = Rule {
    id: "clock-span",
    kind: Kind::Arithmetic,
    why: "Two times of day and the time between them are one statement; it must hold.",
    find,
};

fn find(facts: &Facts<'_>, findings: &mut Findings) {
    log::check(facts, findings);
    for sentence in
        facts.sentences.iter().filter(|sentence| matches!(sentence.place, Place::Prose | Place::Item))
    {
        let text = &sentence.text.plain;
        let clocks = clocks(text);
        let durations = value::durations(text);
        let [(from, first), (to, last)] = clocks.as_slice() else { continue };
        // The duration stands behind both, and is not of something else.
        let Some(stated) = durations.iter().find(|found| found.range.start >= last.end) else { continue };
        let between = text.get(last.end..stated.range.start).unwrap_or_default();
        let near = between.split_whitespace().count() <= 8 && !between.contains(". ");
        let minutes = (to + 1440 - from) % 1440;
        let hours = Exact::new(minutes.into(), 60.into());
        // `2 h 5 min` is one time.
        let last_part = durations.iter().rfind(|found| found.range.start >= stated.range.start);
        let parts = last_part.and_then(|last| text.get(stated.range.start..last.range.end));
        let exact = parts.and_then(super::facts::bound::time);
        let wide = match exact {
            Some(exact) => exact.clone()..=exact,
            None => stated.value.low_hours(24)..=stated.value.high_hours(24),
        };
        // Some days may lie between.
        let is_days =
            wide.end() > &hours && ((wide.end() - &hours) / Exact::from_integer(24.into())).is_integer();
        if is_days {
            continue;
        }
        if near && first.start < last.start && !stated.value.is_about && !wide.contains(&hours) {
            let message = format!(
                "from {} to {} it is {} minutes ({} hours), but it says “{}”",
                text.get(first.clone()).unwrap_or_default(),
                text.get(last.clone()).unwrap_or_default(),
                minutes,
                shown(&hours),
                text.get(stated.range.clone()).unwrap_or_default()
            );
            findings.certain(message, vec![sentence.said()]);
        }
    }
    for grid in &facts.grids {
        let columns = (grid.column(Role::Start), grid.column(Role::End), grid.column(Role::Duration));
        let (Some(start), Some(end), Some(duration)) = columns else { continue };
        for row in grid.body() {
            let times = (clock(row.cell(start)), clock(row.cell(end)), value::duration(row.cell(duration)));
            let (Some(from), Some(to), Some(stated)) = times else { continue };
            let hours = Exact::new(((to + 1440 - from) % 1440).into(), 60.into());
            if !(stated.low_hours(24)..=stated.high_hours(24)).contains(&hours) {
                let message = format!(
                    "from {} to {} it is {} hours, but the row says “{}”",
                    row.cell(start),
                    row.cell(end),
                    shown(&hours),
                    row.cell(duration)
                );
                findings.certain(message, vec![row.said()]);
            }
        }
    }
}

/// Minutes since midnight of a short text that is a time of day.
pub(super) fn clock(text: &str) -> Option<u64> {
    match clocks(text).as_slice() {
        [(minutes, range)] if range.len() + 4 >= text.trim().len() => Some(*minutes),
        _ => None,
    }
}

/// Every time of day: `09:10`, `9:10`.
pub(super) fn clocks(text: &str) -> Vec<(u64, Range<usize>)> {
    let bytes = text.as_bytes();
    let mut found = Vec::new();
    for (at, _) in text.match_indices(':') {
        let digits = |from: usize, to: usize| {
            text.get(from..to).filter(|part| !part.is_empty() && part.bytes().all(|b| b.is_ascii_digit()))
        };
        let start = (at.saturating_sub(2)..at).find(|from| digits(*from, at).is_some());
        let (Some(start), Some(minutes)) = (start, digits(at + 1, at + 3)) else { continue };
        let hour = digits(start, at).and_then(|hour| hour.parse::<u64>().ok());
        let alone = !bytes.get(at + 3).is_some_and(|b| b.is_ascii_digit() || *b == b':')
            && !start.checked_sub(1).and_then(|before| bytes.get(before)).is_some_and(|b| {
                b.is_ascii_digit() || matches!(b, b':' | b'T' | b'.' | b'-' | b'/') || b.is_ascii_alphabetic()
            });
        if let (Some(hour), Ok(minutes), true) = (hour, minutes.parse::<u64>(), alone)
            && hour < 25
            && minutes < 60
        {
            found.push((hour * 60 + minutes, start..at + 3));
        }
    }
    found
}
