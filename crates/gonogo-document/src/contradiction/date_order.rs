//! Something ends before it begins.

mod across;

use jiff::civil::Date;

use super::clock_span::clocks;
use super::facts::word::says;
use super::facts::{Facts, Grid, GridRow, Place, Role};
use super::kind::{Findings, Kind, Rule};

pub(super) const RULE: Rule =
    Rule { id: "date-order", kind: Kind::Impossible, why: "The end is not before the beginning.", find };

fn find(facts: &Facts<'_>, findings: &mut Findings) {
    for grid in &facts.grids {
        for (first, last) in
            [(Role::Start, Role::End), (Role::Approved, Role::Expires), (Role::Start, Role::Expires)]
        {
            let (Some(from), Some(to)) = (grid.column(first), grid.column(last)) else { continue };
            for row in grid.body() {
                if let (Some(start), Some(end)) = (date(facts, row, from), date(facts, row, to))
                    && end < start
                {
                    let message = format!(
                        "«{}»: {} is {end}, before {} on {start}",
                        row.cell(grid.label),
                        grid.header(to),
                        grid.header(from)
                    );
                    findings.certain(message, vec![row.said()]);
                } else if ends_earlier(row.cell(from), row.cell(to)) {
                    let message = format!(
                        "«{}» begins at {} and ends at {}",
                        row.cell(grid.label),
                        row.cell(from).trim(),
                        row.cell(to).trim()
                    );
                    findings.certain(message, vec![row.said()]);
                }
            }
        }
        stages(facts, grid, findings);
    }
    across::check(facts, findings);
    for sentence in
        facts.sentences.iter().filter(|sentence| matches!(sentence.place, Place::Prose | Place::Item))
    {
        let text = &sentence.text.plain;
        let dates = facts.calendar.dates(text);
        let [from, to] = dates.as_slice() else { continue };
        let between = text.get(from.range.end..to.range.start).unwrap_or_default().trim().to_lowercase();
        let is_span = matches!(
            between.as_str(),
            "to" | "–" | "-" | "until" | "bis" | "au" | "al" | "tot" | "till" | "through" | "hasta"
        );
        let head = text.get(..from.range.start).unwrap_or_default().to_lowercase();
        let is_span = is_span
            || (matches!(between.as_str(), "and" | "und" | "et" | "y" | "en")
                && says(&head, &["between", "zwischen", "entre", "tussen"]));
        if is_span && to.value < from.value {
            findings.certain(
                format!("it ends on {} and begins on {}", to.value, from.value),
                vec![sentence.said()],
            );
        }
    }
}

/// Two times of one day, which both cells name: `Sat 22:30` and `Sat 21:30`.
fn ends_earlier(start: &str, end: &str) -> bool {
    let day = |cell: &str| {
        let times = clocks(cell);
        let [(minutes, range)] = times.as_slice() else { return None };
        let named = cell.get(..range.start)?.trim().trim_end_matches(',').to_lowercase();
        named.chars().any(char::is_alphanumeric).then_some((named, *minutes))
    };
    day(start).zip(day(end)).is_some_and(|(start, end)| start.0 == end.0 && end.1 < start.1)
}

fn date(facts: &Facts<'_>, row: &GridRow<'_>, column: usize) -> Option<Date> {
    facts.calendar.dates(row.cell(column)).first().map(|found| found.value)
}

/// Numbered stages of which a later one begins before an earlier one.
fn stages(facts: &Facts<'_>, grid: &Grid<'_>, findings: &mut Findings) {
    let names = ["stage", "phase", "step", "wave", "stufe", "étape", "etapa", "fase", "ring"];
    let Some(start) = grid.column(Role::Start).filter(|_| says(&grid.header(0), &names)) else { return };
    let number = |row: &GridRow<'_>| {
        row.cell(0).split_whitespace().next()?.trim_end_matches(['.', ')', ':']).parse::<u32>().ok()
    };
    let rows: Vec<_> =
        grid.body().filter_map(|row| Some((row, number(row)?, date(facts, row, start)?))).collect();
    for (one, two) in rows.iter().zip(rows.iter().skip(1)) {
        if one.1 < two.1 && two.2 < one.2 {
            let message =
                format!("{} {} begins on {}, before {} on {}", grid.header(0), two.1, two.2, one.1, one.2);
            findings.certain(message, vec![two.0.said(), one.0.said()]);
        }
    }
}

#[cfg(test)]
mod tests {
    use super::RULE;
    use crate::contradiction::trial::found;

    #[test]
    fn ends_before_beginnings_are_found() {
        for (text, line) in [
            ("| Work | Start | End |\n|---|---|---|\n| A | 2025-05-20 | 2025-05-12 |\n", "certain 3"),
            (
                "| Waiver | Granted | Valid until |\n|---|---|---|\n| W-1 | 2025-07-10 | 2025-07-01 |\n",
                "certain 3",
            ),
            ("The trial runs from 2025-05-20 to 2025-05-12.\n", "certain 1"),
            (
                "| Stage | From | To |\n|---|---|---|\n| 1 | 2025-04-07 | 2025-04-09 |\n| 2 | 2025-04-03 | 2025-04-06 |\n",
                "certain 4,3",
            ),
        ] {
            assert_eq!(found(&RULE, text), [line], "{text}");
        }
    }

    #[test]
    fn a_step_that_ends_earlier_on_its_day_is_found() {
        let plan = |end: &str| {
            format!("| Step | What | Start | End |\n|---|---|---|---|\n| 5 | Count | Sat 22:30 | {end} |\n")
        };
        assert_eq!(found(&RULE, &plan("Sat 21:30")), ["certain 3"]);
        assert!(found(&RULE, &plan("Sat 23:30")).is_empty());
        assert!(found(&RULE, &plan("Sun 01:30")).is_empty());
        assert!(found(&RULE, &plan("01:30")).is_empty());
    }

    #[test]
    fn dates_in_order_are_silent() {
        assert!(
            found(&RULE, "| Work | Start | End |\n|---|---|---|\n| A | 2025-05-12 | 2025-05-20 |\n")
                .is_empty()
        );
        assert!(found(&RULE, "Found on 2025-05-20, introduced on 2025-05-12.\n").is_empty());
    }
}
