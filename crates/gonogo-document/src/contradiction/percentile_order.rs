//! A higher percentile that is lower than a lower one.

use super::facts::{Facts, Grid, Place, Sentence};
use super::kind::{Findings, Kind, Rule};
use crate::value::{self, Exact};

pub(super) const RULE: Rule = Rule {
    id: "percentile-order",
    kind: Kind::Impossible,
    why: "Of the same measurements p95 is at least p50.",
    find,
};

const MEDIANS: &[&str] = &["median", "mediana", "médiane", "mediaan"];

fn find(facts: &Facts<'_>, findings: &mut Findings) {
    for sentence in
        facts.sentences.iter().filter(|sentence| matches!(sentence.place, Place::Prose | Place::Item))
    {
        in_sentence(sentence, findings);
    }
    for grid in &facts.grids {
        let mut columns: Vec<(u32, usize)> =
            (0..grid.roles.len()).filter_map(|at| Some((percentile(&grid.header(at))?, at))).collect();
        columns.sort_unstable();
        for row in grid.body() {
            let values: Vec<(u32, Exact, &str)> = columns
                .iter()
                .filter_map(|(rank, at)| Some((*rank, amount(grid, *at, row.cell(*at))?, row.cell(*at))))
                .collect();
            for (low, high) in values.iter().zip(values.iter().skip(1)) {
                if high.1 < low.1 && low.0 < high.0 {
                    let message = format!(
                        "«{}»: p{} is {}, less than p{} with {}",
                        row.cell(grid.label),
                        shown(high.0),
                        high.2,
                        shown(low.0),
                        low.2
                    );
                    findings.certain(message, vec![row.said()]);
                }
            }
        }
    }
}

/// `p50 120 ms, p95 310 ms`, each directly behind its name.
fn in_sentence(sentence: &Sentence, findings: &mut Findings) {
    let lower = sentence.lower();
    let times = value::durations(&lower);
    let mut values: Vec<(u32, Exact)> = Vec::new();
    let mut from = 0;
    for word in lower
        .split(|c: char| !(c.is_alphanumeric() || c == '.'))
        .filter(|word| word.starts_with('p') || MEDIANS.contains(word))
    {
        let Some(at) = lower.get(from..).and_then(|rest| rest.find(word)).map(|at| at + from) else {
            continue;
        };
        from = at + word.len();
        let next = times.iter().find(|time| time.range.start >= from && time.range.start <= from + 12);
        if let (Some(rank), Some(time)) = (percentile(word.trim_end_matches('.')), next) {
            values.push((rank, time.value.low_hours(24)));
        }
    }
    values.sort_by_key(|(rank, _)| *rank);
    let mut pairs = values.iter().zip(values.iter().skip(1));
    if let Some((low, high)) = pairs.find(|(low, high)| low.0 < high.0 && high.1 < low.1) {
        findings.certain(format!("p{} is less than p{}", shown(high.0), shown(low.0)), vec![sentence.said()]);
    }
}

/// `p95`, `P99.9`, `95th percentile`, `median`, in tenths.
fn percentile(header: &str) -> Option<u32> {
    let lower = header.trim();
    let first = lower.split([' ', '(']).next()?;
    match first {
        median if MEDIANS.contains(&median) => return Some(500),
        "min" | "minimum" => return Some(0),
        "max" | "maximum" => return Some(1000),
        _ => {}
    }
    let number = first
        .strip_prefix('p')
        .or_else(|| first.strip_suffix("th").filter(|_| lower.contains("percentile")))?;
    let (whole, part) = number.split_once('.').unwrap_or((number, "0"));
    let tenths =
        whole.parse::<u32>().ok()?.checked_mul(10)?.checked_add(part.get(..1)?.parse::<u32>().ok()?)?;
    (10..=1000).contains(&tenths).then_some(tenths)
}

fn shown(tenths: u32) -> String {
    if tenths.is_multiple_of(10) {
        (tenths / 10).to_string()
    } else {
        format!("{}.{}", tenths / 10, tenths % 10)
    }
}

/// A time in seconds, or a plain number where all are plain.
fn amount(grid: &Grid<'_>, column: usize, cell: &str) -> Option<Exact> {
    let unit = |cell: &str| cell.trim_start_matches(|c: char| !c.is_alphabetic()).trim().to_lowercase();
    let number = value::numbers(cell).into_iter().next().filter(|_| value::numbers(cell).len() == 1)?.value;
    let thousand = || Exact::from_integer(1_000.into());
    match unit(cell).as_str() {
        "ms" => Some(number / thousand()),
        "s" | "sec" | "seconds" => Some(number),
        "min" => Some(number * Exact::from_integer(60.into())),
        // A bare number beside times has a unit that is not written.
        "" => grid.body().all(|row| unit(row.cell(column)).is_empty()).then_some(number),
        _ => None,
    }
}

#[cfg(test)]
mod tests {
    use super::RULE;
    use crate::contradiction::trial::found;

    #[test]
    fn percentiles_out_of_order_are_found() {
        let row = |cells: &str| {
            found(&RULE, &format!("| Service | p50 | p95 | p99 |\n|---|---|---|---|\n| Pay | {cells} |\n"))
        };
        assert_eq!(row("260 ms | 190 ms | 700 ms"), ["certain 3"]);
        assert!(row("120 ms | 310 ms | 640 ms").is_empty());
        assert!(row("0.31 s | 1.2 s | 2 s").is_empty());
        assert_eq!(row("900 ms | 0.4 s | 2 s"), ["certain 3"]);
        assert_eq!(found(&RULE, "Login took p50 220 ms, p95 180 ms.\n"), ["certain 1"]);
        assert!(found(&RULE, "Login took p50 120 ms, p95 180 ms.\n").is_empty());
    }
}
