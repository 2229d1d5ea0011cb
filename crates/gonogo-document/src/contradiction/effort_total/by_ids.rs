//! A row that names several ids and a time for all of them, where each id has a time of its own:
//! `P0 | Q-01, Q-02 | 13 h`.

use std::collections::BTreeMap;

use super::time;
use crate::contradiction::facts::bound;
use crate::contradiction::facts::figure::shown;
use crate::contradiction::facts::word::find;
use crate::contradiction::facts::{Facts, GridRow, Place, Role};
use crate::contradiction::kind::{Findings, Said};
use crate::value::{self, Duration, Exact, TimeUnit};

/// Words before a time of work.
const EFFORT: &[&str] = &[
    "effort",
    "estimate",
    "estimated",
    "aufwand",
    "charge",
    "durée",
    "esfuerzo",
    "estimación",
    "sforzo",
    "stima",
    "inspanning",
    "schatting",
    "esforço",
    "nakład",
];

/// Ids as they are compared.
type Ids = Vec<(String, u64)>;
/// A row, the ids it names, and the time for all of them.
type Sum<'g, 'a> = (&'g GridRow<'a>, Ids, Duration);
type Known = BTreeMap<(String, u64), (Duration, Said)>;

pub(super) fn check(facts: &Facts<'_>, findings: &mut Findings) {
    let sums: Vec<Sum<'_, '_>> = facts.grids.iter().flat_map(rows).take(300).collect();
    if sums.is_empty() {
        return;
    }
    let known = known(facts);
    for (row, ids, stated) in sums {
        let parts: Option<Vec<&(Duration, Said)>> = ids.iter().map(|id| known.get(id)).collect();
        let Some(parts) = parts else { continue };
        let sum = |hours: u32| -> Exact { parts.iter().map(|(part, _)| part.high_hours(hours)).sum() };
        let fits = [8, 24].iter().any(|hours| sum(*hours) == stated.high_hours(*hours));
        if !fits && !stated.is_about && parts.iter().all(|(part, _)| part.low == part.high && !part.is_about)
        {
            let message = format!(
                "{} are said to take {} hours together, but they take {}",
                ids.iter()
                    .map(|(prefix, number)| format!("{prefix}-{number}"))
                    .collect::<Vec<_>>()
                    .join(", "),
                shown(&stated.high_hours(8)),
                shown(&sum(8))
            );
            let places = parts.iter().map(|(_, said)| said.clone());
            findings.certain(message, std::iter::once(row.said()).chain(places).collect());
        }
    }
}

/// Rows with a cell of several ids and a cell with a time.
fn rows<'g, 'a>(grid: &'g crate::contradiction::facts::Grid<'a>) -> Vec<Sum<'g, 'a>> {
    let made = grid.rows.iter().take(100).filter_map(|row| {
        let cells = || (0..grid.roles.len()).filter(|at| grid.roles[*at] != Role::Needs);
        let ids = cells().find_map(|at| {
            let cell = row.cell(at);
            let found = value::ids(cell);
            let is_list = found.len() >= 2
                && value::id_ranges(cell).is_empty()
                && cell.split([',', ';', '+', '&', ' ']).filter(|part| !part.trim().is_empty()).count()
                    <= found.len() + 2;
            is_list.then(|| {
                found.into_iter().map(|found| (found.value.prefix, found.value.number)).collect::<Vec<_>>()
            })
        })?;
        let times: Vec<Duration> = cells().filter_map(|at| time(grid, row, at)).collect();
        let [stated] = times.as_slice() else { return None };
        Some((row, ids, stated.clone()))
    });
    made.collect()
}

/// The time of each id that has one only: in its row, or in the section under its heading.
fn known(facts: &Facts<'_>) -> Known {
    let mut found: BTreeMap<(String, u64), Vec<(Duration, Said)>> = BTreeMap::new();
    for grid in &facts.grids {
        let Some(column) = grid.column(Role::Duration) else { continue };
        for row in grid.body() {
            let ids = (0..grid.roles.len()).map(|at| value::ids(row.cell(at))).find(|ids| !ids.is_empty());
            if let (Some([id]), Some(duration)) = (ids.as_deref(), time(grid, row, column)) {
                let key = (id.value.prefix.clone(), id.value.number);
                found.entry(key).or_default().push((duration, row.said()));
            }
        }
    }
    let lines =
        facts.sentences.iter().filter(|sentence| matches!(sentence.place, Place::Prose | Place::Item));
    for sentence in lines.filter(|sentence| value::has_digit(&sentence.text.plain)) {
        let Some(duration) = effort(&sentence.lower()) else { continue };
        let title = &facts.section(sentence.section).title.plain;
        if let [id] = value::ids(title).as_slice() {
            let key = (id.value.prefix.clone(), id.value.number);
            found.entry(key).or_default().push((duration, sentence.said()));
        }
    }
    let single = found.into_iter().filter_map(|(id, all)| match all.as_slice() {
        [one] => Some((id, one.clone())),
        _ => None,
    });
    single.collect()
}

/// The time behind a word for work: `Effort: 4 h`.
fn effort(lower: &str) -> Option<Duration> {
    let at = EFFORT.iter().filter_map(|word| Some(find(lower, word)? + word.len())).min()?;
    let behind = lower.get(at..)?;
    let near: String = behind.chars().take(24).collect();
    let first = value::durations(&near).into_iter().next()?;
    let is_next = near.get(..first.range.start)?.chars().all(|c| !c.is_alphanumeric() || c == ':');
    is_next.then_some(first.value)
}

/// One time of a short text, also of several parts: `2 h 30 min`.
pub(super) fn whole_time(text: &str) -> Option<Duration> {
    let found = value::durations(text);
    match found.as_slice() {
        [one] => Some(one.value.clone()),
        [first, .., last] if !found.iter().any(|found| found.value.is_about) => {
            let hours = bound::time(text.get(first.range.start..last.range.end)?)?;
            Some(Duration::exactly(hours, TimeUnit::Hour))
        }
        _ => None,
    }
}

#[cfg(test)]
mod tests {
    use super::super::RULE;
    use crate::contradiction::trial::found;

    #[test]
    fn the_times_of_ids_are_added_up() {
        let text = |sum: &str| {
            format!(
                "### Q-01 Offsets\n\n- **Fix:** commit later. **Effort:** 4 h\n\n### Q-02 Backfill\n\n- **Fix:** compare. **Effort:** 16 h\n\n## Plan\n\n| Block | Items | Effort |\n|---|---|---|\n| P0 | Q-01, Q-02 | {sum} |\n"
            )
        };
        assert!(found(&RULE, &text("13 h")).contains(&"certain 13,3,7".to_owned()));
        assert!(found(&RULE, &text("20 h")).is_empty());
    }

    #[test]
    fn some_steps_of_a_table_are_added_up() {
        let table = "| # | Start | Takes | Step |\n|---|---|---|---|\n| 1 | 06:00 | 45 min | Drain |\n| 2 | 08:00 | 2 h 30 min | Export |\n| 3 | 10:30 | 4 h | Load |\n\n";
        assert_eq!(
            found(&RULE, &format!("{table}Steps 2 to 3 together take 5 h 30 min.\n")),
            ["certain 7,4,5"]
        );
        assert!(found(&RULE, &format!("{table}Steps 2 to 3 together take 6 h 30 min.\n")).is_empty());
    }
}
