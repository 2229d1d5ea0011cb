//! An amount a month and the same amount a year: `2,590 € a month`, `that is 28,490 € a year`.

use crate::contradiction::facts::figure::{figure, shown, whole};
use crate::contradiction::facts::word::{find, says};
use crate::contradiction::facts::{Facts, Figure, Grid, GridRow, Place, RowKind, Sentence};
use crate::contradiction::kind::{Findings, Said};
use crate::value;

/// Ways to say for which time an amount is, each with its months.
const PERIODS: &[(&[&str], u64)] = &[
    (
        &[
            "a month",
            "per month",
            "monthly",
            "/month",
            "pro monat",
            "im monat",
            "monatlich*",
            "par mois",
            "mensuel*",
            "al mes",
            "por mes",
            "mensual*",
            "al mese",
            "mensil*",
            "per maand",
            "maandelijks*",
            "por mês",
            "mensal*",
            "miesięcznie",
        ],
        1,
    ),
    (
        &[
            "a quarter",
            "per quarter",
            "quarterly",
            "pro quartal",
            "im quartal",
            "par trimestre",
            "por trimestre",
            "per kwartaal",
        ],
        3,
    ),
    (
        &[
            "a year",
            "per year",
            "yearly",
            "annual*",
            "/year",
            "per annum",
            "pro jahr",
            "im jahr",
            "jährlich*",
            "par an",
            "annuel*",
            "al año",
            "por año",
            "anual*",
            "all'anno",
            "annuo",
            "per jaar",
            "jaarlijks*",
            "por ano",
            "rocznie",
        ],
        12,
    ),
];
/// Words at the start of a sentence that point back at what was just said.
const THAT: &[&str] = &[
    "that", "this", "it", "these", "das", "dies", "damit", "cela", "soit", "ce qui", "eso", "esto", "son",
    "questo", "sono", "dat", "dit", "isso", "são", "to", "which", "so",
];
/// Lines between the two.
const NEAR: u32 = 6;

/// An amount for a time.
struct Amount {
    figure: Figure,
    currency: String,
    months: u64,
    said: Said,
    line: u32,
}

pub(super) fn check(facts: &Facts<'_>, findings: &mut Findings) {
    let lines =
        facts.sentences.iter().filter(|sentence| matches!(sentence.place, Place::Prose | Place::Item));
    let told: Vec<(&Sentence, Vec<Amount>)> = lines
        .map(|sentence| (sentence, amounts(sentence)))
        .filter(|(_, all)| !all.is_empty())
        .take(500)
        .collect();
    if told.is_empty() {
        return;
    }
    let sums: Vec<Amount> = facts.grids.iter().filter_map(of_table).collect();
    for (at, (sentence, all)) in told.iter().enumerate() {
        let Some(stated) = all.first() else { continue };
        let before = at.checked_sub(1).and_then(|before| told.get(before)).map(|(_, all)| all.as_slice());
        let near = sums.iter().chain(before.unwrap_or_default()).filter(|other| {
            other.line < stated.line && stated.line - other.line <= NEAR && other.currency == stated.currency
        });
        let Some(other) = near.max_by_key(|other| other.line) else { continue };
        let points = says(sentence.lower().split([' ', ',']).next().unwrap_or_default(), THAT);
        compare(stated, other, points, findings);
    }
}

fn compare(stated: &Amount, other: &Amount, points: bool, findings: &mut Findings) {
    if !points || stated.months == other.months || stated.figure.is_about || other.figure.is_about {
        return;
    }
    let exact = &other.figure.value * whole(stated.months) / whole(other.months);
    let slack = other.figure.slack() * whole(stated.months) / whole(other.months);
    let fits = other.figure.readings().iter().any(|base| {
        let exact = base * whole(stated.months) / whole(other.months);
        [&exact - &slack, exact.clone(), &exact + &slack].iter().any(|exact| stated.figure.may_be(exact))
    });
    if !fits {
        let message = format!(
            "{} for {} months are {} for {}, but it says {}",
            other.figure.shown(),
            other.months,
            shown(&exact),
            stated.months,
            stated.figure.shown()
        );
        findings.certain(message, vec![stated.said.clone(), other.said.clone()]);
    }
}

/// The amounts of money of a sentence that are for a time, in order.
fn amounts(sentence: &Sentence) -> Vec<Amount> {
    let lower = sentence.lower();
    if months(&lower).is_none() {
        return Vec::new();
    }
    let money = value::money(&lower);
    let made = money.iter().enumerate().filter_map(|(at, found)| {
        let end = money.get(at + 1).map_or(lower.len(), |next| next.range.start);
        let behind = lower.get(found.range.end..end)?;
        let head: String = behind.chars().take(16).collect();
        let months = months(&head)?;
        let written = lower.get(found.range.clone())?;
        let figure = figure(written)?;
        Some(Amount {
            figure,
            currency: found.value.currency.clone(),
            months,
            said: sentence.said(),
            line: sentence.text.span.line,
        })
    });
    made.collect()
}

/// The months of the first period that is named.
fn months(text: &str) -> Option<u64> {
    let all = PERIODS.iter().flat_map(|(words, months)| words.iter().map(move |word| (word, months)));
    let found = all.filter_map(|(word, months)| Some((find(text, word)?, *months)));
    found.min_by_key(|(at, _)| *at).map(|(_, months)| months)
}

/// The total of a table with a column of amounts for a time.
fn of_table(grid: &Grid<'_>) -> Option<Amount> {
    let column = (0..grid.roles.len()).find(|at| months(&grid.header(*at)).is_some())?;
    let row: &GridRow<'_> = grid.rows.iter().rfind(|row| row.kind == RowKind::Total)?;
    let money = value::money(row.cell(column));
    let [found] = money.as_slice() else { return None };
    Some(Amount {
        figure: figure(row.cell(column))?,
        currency: found.value.currency.to_lowercase(),
        months: months(&grid.header(column))?,
        said: row.said(),
        line: grid.table.span.end_line,
    })
}

#[cfg(test)]
mod tests {
    use super::super::RULE;
    use crate::contradiction::trial::found;

    #[test]
    fn a_year_has_twelve_months() {
        let table =
            "| Item | Per month |\n|---|---|\n| Disk | 460 € |\n| Help | 900 € |\n| Sum | 1,360 € |\n\n";
        assert_eq!(found(&RULE, &format!("{table}That is 14,960 € a year.\n")), ["certain 7,5"]);
        assert!(found(&RULE, &format!("{table}That is 16,320 € a year.\n")).is_empty());
        assert!(found(&RULE, &format!("{table}The old one was 14,960 € a year.\n")).is_empty());
        let german = "Der Dienst kostet 250 € pro Monat. Das sind 2.750 € im Jahr.\n";
        assert_eq!(found(&RULE, german).len(), 0, "one line has no order of lines");
        let lines = "Der Dienst kostet 250 € pro Monat.\n\nDas sind 2.750 € im Jahr.\n";
        assert_eq!(found(&RULE, lines), ["certain 3,1"]);
        assert!(found(&RULE, &lines.replace("2.750", "3.000")).is_empty());
    }
}
