//! One id with its beginning in one table and its end in another, and the end is first.

use std::collections::BTreeMap;

use jiff::civil::Date;

use crate::contradiction::facts::word::says;
use crate::contradiction::facts::{Facts, Role};
use crate::contradiction::kind::{Findings, Said};
use crate::value;

/// Headers of when a thing came up.
const BEGUN: &[&str] = &[
    "identified",
    "raised",
    "opened",
    "found",
    "found on",
    "detected",
    "reported",
    "created",
    "logged",
    "discovered",
    "erkannt*",
    "gemeldet*",
    "eröffnet*",
    "gefunden*",
    "erfasst*",
    "identifié*",
    "ouvert le",
    "détecté*",
    "signalé*",
    "detectado*",
    "identificado*",
    "abierto*",
    "rilevato*",
    "identificato*",
    "aperto*",
    "gemeld*",
    "gevonden*",
    "aberto em",
    "zgłoszono",
    "wykryto",
];
/// Headers of when it was over.
const ENDED: &[&str] = &[
    "closed",
    "closed on",
    "fixed",
    "fixed on",
    "resolved",
    "resolved on",
    "done on",
    "completed on",
    "retested",
    "geschlossen*",
    "behoben*",
    "erledigt*",
    "clos",
    "clos le",
    "fermé*",
    "corrigé*",
    "cerrado*",
    "resuelto*",
    "chiuso*",
    "risolto*",
    "gesloten*",
    "opgelost*",
    "fechado*",
    "resolvido*",
    "zamknięto",
    "usunięto",
];

type Moments = BTreeMap<(String, u64), Vec<(usize, Date, Said)>>;

pub(super) fn check(facts: &Facts<'_>, findings: &mut Findings) {
    let begun = moments(facts, BEGUN);
    let ended = moments(facts, ENDED);
    for (id, ends) in &ended {
        let ([begin], [end]) = (begun.get(id).map(Vec::as_slice).unwrap_or_default(), ends.as_slice()) else {
            continue;
        };
        if end.1 < begin.1 && end.0 != begin.0 {
            let message = format!("{}-{} ended on {}, before it came up on {}", id.0, id.1, end.1, begin.1);
            findings.certain(message, vec![end.2.clone(), begin.2.clone()]);
        }
    }
}

/// The dates of columns with these headers, by the id of their row.
fn moments(facts: &Facts<'_>, headers: &[&str]) -> Moments {
    let mut found = Moments::new();
    for (table, grid) in facts.grids.iter().enumerate() {
        let Some(column) = (0..grid.roles.len()).find(|at| says(grid.header(*at).trim(), headers)) else {
            continue;
        };
        let id = grid.column(Role::Id).unwrap_or(0);
        for row in grid.body() {
            let ids = value::ids(row.cell(id));
            let dates = facts.calendar.dates(row.cell(column));
            if let ([id], [date]) = (ids.as_slice(), dates.as_slice()) {
                let key = (id.value.prefix.clone(), id.value.number);
                found.entry(key).or_default().push((table, date.value, row.said()));
            }
        }
    }
    found
}

#[cfg(test)]
mod tests {
    use super::super::RULE;
    use crate::contradiction::trial::found;

    #[test]
    fn what_ended_had_begun() {
        let text = |closed: &str| {
            format!(
                "As of 2026-04-01.\n\n| No. | Risk | Identified |\n|---|---|---|\n| R-1 | Wire | 12 Jan |\n| R-10 | Codes unknown | 23 Mar |\n\n| No. | Closed on | Reason |\n|---|---|---|\n| R-10 | {closed} | table came |\n"
            )
        };
        assert_eq!(found(&RULE, &text("16 March")), ["certain 10,6"]);
        assert!(found(&RULE, &text("26 March")).is_empty());
    }
}
