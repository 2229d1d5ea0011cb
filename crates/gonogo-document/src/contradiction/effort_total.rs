//! A time for all the work that is shorter than its longest part, or is not what the parts give.

mod by_ids;
mod fields;
mod some;
mod summary;

use super::facts::figure::shown;
use super::facts::word::says;
use super::facts::{Facts, Grid, GridRow, Place, Role, RowKind, Sentence};
use super::kind::{Findings, Kind, Rule, Said};
use crate::value::{self, Duration, Exact, Id, IdRange, TimeUnit};

pub(super) const RULE: Rule = Rule {
    id: "effort-total",
    kind: Kind::Arithmetic,
    why: "Work takes at least as long as its longest part, however many people there are.",
    find,
};

const WHOLES: &[&str] = &[
    "total",
    "time to",
    "in all",
    "altogether",
    "work left",
    "whole",
    "insgesamt",
    "in totaal",
    "en tout",
    "en total",
    "estimated time",
    "time required",
    "overall",
    "eta to",
];
/// What adds up, and leaves no room for work that is done side by side.
const SUMS: &[&str] = &[
    "sum",
    "sum of",
    "add up",
    "adds up",
    "added up",
    "total",
    "in total",
    "in all",
    "altogether",
    "together",
    "insgesamt",
    "summe",
    "zusammen",
    "in summe",
    "gesamt*",
    "au total",
    "en tout",
    "somme",
    "ensemble",
    "en total",
    "suma*",
    "en conjunto",
    "in totale",
    "somma*",
    "in tutto",
    "complessiv*",
    "in totaal",
    "samen",
    "opgeteld",
    "no total",
    "ao todo",
    "soma*",
    "razem",
    "łącznie",
];
const PARTS: &[&str] = &["effort", "duration", "aufwand", "dauer", "takes", "take", "est", "estimate"];

/// A stated duration.
struct Stated {
    duration: Duration,
    said: Said,
    line: u32,
    text: String,
}

fn find(facts: &Facts<'_>, findings: &mut Findings) {
    let lines = || {
        facts
            .sentences
            .iter()
            .filter(|sentence| sentence.place != Place::Cell && sentence.place != Place::Code)
    };
    let wholes: Vec<Stated> = lines().filter(|sentence| is_whole(sentence)).filter_map(stated).collect();
    let parts: Vec<Stated> =
        lines().filter(|sentence| !is_whole(sentence) && is_part(sentence)).filter_map(stated).collect();
    for whole in &wholes {
        if some::check(facts, whole, findings) {
            longest(whole, &parts, facts, findings);
            continue;
        }
        let grid = nearest(facts, whole);
        if let Some((grid, column)) = grid {
            of_table(grid, column, whole, findings)
        }
        longest(whole, &parts, facts, findings);
    }
    fields::check(facts, &wholes, findings);
    summary::check(facts, findings);
    by_ids::check(facts, findings);
}

fn is_whole(sentence: &Sentence) -> bool {
    let lower = sentence.lower();
    let is_said = WHOLES.iter().any(|word| lower.contains(word)) || says(&lower, SUMS);
    is_said && sentence.text.plain.len() < 200
}

fn is_part(sentence: &Sentence) -> bool {
    let lower = sentence.lower();
    PARTS.iter().any(|word| lower.split(|c: char| !c.is_alphanumeric()).any(|own| own == *word))
}

/// The one duration of a sentence.
fn stated(sentence: &Sentence) -> Option<Stated> {
    let duration = by_ids::whole_time(&sentence.text.plain)?;
    let lower = sentence.lower();
    // The start and end of a window, a limit of an alert, a time that something was measured for.
    let other =
        ["every", "per ", "within", "after the", "timeout", "p95", "p99", "latency", "retention", "valid"]
            .iter()
            .any(|word| lower.contains(word));
    (!other).then(|| Stated {
        duration,
        said: sentence.said(),
        line: sentence.text.span.line,
        text: sentence.text.plain.clone(),
    })
}

/// A table of durations without a row of totals, within a few lines.
fn nearest<'f, 'a>(facts: &'f Facts<'a>, whole: &Stated) -> Option<(&'f Grid<'a>, usize)> {
    facts.grids.iter().find_map(|grid| {
        let near =
            grid.table.span.line.abs_diff(whole.line).min(grid.table.span.end_line.abs_diff(whole.line)) <= 4;
        if !near || grid.rows.iter().any(|row| row.kind != RowKind::Body) || grid.rows.len() < 2 {
            return None;
        }
        let is_time = |at: &usize| {
            let told = grid.body().all(|row| time(grid, row, *at).is_some());
            told && (grid.roles[*at] == Role::Duration || unit(grid, *at).is_some())
        };
        Some((grid, (0..grid.roles.len()).find(is_time)?))
    })
}

/// The time in a cell. A bare number is in the unit of its header.
fn time(grid: &Grid<'_>, row: &GridRow<'_>, column: usize) -> Option<Duration> {
    let cell = row.cell(column);
    value::duration(cell)
        .or_else(|| by_ids::whole_time(cell))
        .or_else(|| Some(Duration::exactly(value::number(cell)?, unit(grid, column)?)))
}

/// The unit of time that a header is or ends with: `Min`, `Effort (PD)`, `Dauer in Stunden`.
fn unit(grid: &Grid<'_>, column: usize) -> Option<TimeUnit> {
    let header = grid.header(column);
    // The least, beside the most.
    let is_range = (0..grid.roles.len()).any(|at| grid.header(at).starts_with("max"));
    let word = header.split(|c: char| !c.is_alphanumeric()).rfind(|word| !word.is_empty())?;
    let is_named = header.trim() == word || header.contains(['(', '[']) || header.contains(" in ");
    let known = grid.roles[column] == Role::Duration || !header.contains("per");
    let unit = value::duration(&format!("1 {word}"))?.unit;
    (is_named && known && !(is_range && header.starts_with("min"))).then_some(unit)
}

fn of_table(grid: &Grid<'_>, column: usize, whole: &Stated, findings: &mut Findings) {
    let parts: Vec<Duration> = grid.body().filter_map(|row| time(grid, row, column)).collect();
    let fits = |hours: u32| {
        let low: Exact = parts.iter().map(|part| part.low_hours(hours)).sum();
        let high: Exact = parts.iter().map(|part| part.high_hours(hours)).sum();
        let span = whole.duration.low_hours(hours)..=whole.duration.high_hours(hours);
        span.contains(&low) && span.contains(&high) || (low >= *span.start() && high <= *span.end())
    };
    let high: Exact = parts.iter().map(|part| part.high_hours(8)).sum();
    if fits(8) || fits(24) || whole.duration.is_about {
        return;
    }
    let serial = says(&whole.text.to_lowercase(), SUMS);
    let clock = grid.column(Role::Start).is_some();
    let clocked = clock.then(|| elapsed(grid)).flatten();
    if clocked.is_some_and(|hours| hours == whole.duration.high_hours(24)) {
        return;
    }
    let message = format!(
        "the whole is said to take “{}”, but the {} parts are {} hours together",
        first_duration(&whole.text),
        parts.len(),
        shown(&high)
    );
    let places: Vec<Said> =
        std::iter::once(whole.said.clone()).chain(grid.body().map(GridRow::said)).collect();
    findings.say(serial, message, places);
}

/// Hours from the first start to the last end, over midnight if need be.
fn elapsed(grid: &Grid<'_>) -> Option<Exact> {
    let (start, end) = (grid.column(Role::Start)?, grid.column(Role::End)?);
    let rows: Vec<&GridRow<'_>> = grid.body().collect();
    let from = super::clock_span::clock(rows.first()?.cell(start))?;
    let to = super::clock_span::clock(rows.last()?.cell(end))?;
    Some(Exact::new(((to + 1440 - from) % 1440).into(), 60.into()))
}

fn first_duration(text: &str) -> String {
    let found = value::durations(text);
    let range = found.first().zip(found.last()).map(|(first, last)| first.range.start..last.range.end);
    range.and_then(|range| text.get(range)).unwrap_or_default().to_owned()
}

/// No whole is shorter than its longest part.
fn longest(whole: &Stated, parts: &[Stated], facts: &Facts<'_>, findings: &mut Findings) {
    let range = value::id_ranges(&whole.text).into_iter().next().map(|found| found.value);
    let counted = |part: &&Stated| match &range {
        Some(range) => under_id(facts, part.line).is_some_and(|id| in_range(range, &id)),
        None => true,
    };
    let about_ready = ["ready", "total", "work left", "go-live", "green", "launch", "complet", "all"]
        .iter()
        .any(|word| whole.text.to_lowercase().contains(word));
    let part = parts.iter().filter(counted).max_by_key(|part| part.duration.high_hours(8));
    let Some(part) = part.filter(|_| about_ready) else { return };
    let longer = |hours: u32| {
        part.duration.low_hours(hours) > whole.duration.low_hours(hours)
            && part.duration.high_hours(hours) > whole.duration.high_hours(hours)
    };
    if longer(8) && longer(24) {
        let message = format!(
            "the whole is said to take “{}”, but one part of it alone takes “{}”",
            first_duration(&whole.text),
            first_duration(&part.text)
        );
        findings.certain(message, vec![whole.said.clone(), part.said.clone()]);
    }
}

/// The id in the heading that a line stands under.
fn under_id(facts: &Facts<'_>, line: u32) -> Option<Id> {
    let section = facts.outline.at_line(line);
    let path = facts.outline.path(section);
    path.filter_map(|section| value::ids(&section.title.plain).into_iter().next())
        .map(|found| found.value)
        .next()
}

fn in_range(range: &IdRange, id: &Id) -> bool {
    (range.first..=range.last).contains(&id.number)
        && (range.prefix == id.prefix || range.prefix.starts_with(&id.prefix))
}

#[cfg(test)]
mod tests {
    use super::RULE;
    use crate::contradiction::trial::found;

    #[test]
    fn a_column_of_times_is_added_up_whatever_its_unit_stands_in() {
        let table = |header: &str, unit: &str| {
            format!(
                "| Step | {header} |\n|---|---|\n| Stop | 30{unit} |\n| Load | 45{unit} |\n| Start | 20{unit} |\n\n"
            )
        };
        for (header, unit, sum) in [
            ("Min", "", "Sum of the steps: 85 minutes."),
            ("Effort", " PD", "Altogether 85 PD, to be done by 9 May."),
            ("Dauer (min)", "", "Zusammen sind das 85 Minuten."),
            ("Durée", " min", "En tout : 85 minutes."),
        ] {
            assert_eq!(found(&RULE, &(table(header, unit) + sum + "\n")), ["certain 7,3,4,5"], "{header}");
            let right = sum.replace("85", "95");
            assert!(found(&RULE, &(table(header, unit) + &right + "\n")).is_empty(), "{header}");
        }
    }

    #[test]
    fn least_and_most_are_no_parts() {
        let text = "| What | Min | Max |\n|---|---|---|\n| a | 3 | 9 |\n| b | 4 | 8 |\n\nThe total took 20 minutes.\n";
        assert!(found(&RULE, text).is_empty());
    }
}
