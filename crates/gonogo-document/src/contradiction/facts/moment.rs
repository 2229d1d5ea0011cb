//! Dates with what they are of: the report, the launch, the end of something.

use jiff::civil::Date;

use super::word::says;
use super::{Calendar, Facts, Place, Sentence};
use crate::contradiction::kind::Said;

/// A date and where it stands.
#[derive(Debug, Clone)]
pub(crate) struct Moment {
    pub(crate) date: Date,
    pub(crate) said: Said,
}

const LAUNCH: &[&str] = &[
    "go-live",
    "golive",
    "go live",
    "launch date",
    "launch",
    "doors open",
    "opening day",
    "cutover date",
    "release date",
    "inbetriebnahme",
    "mise en production",
    "mise en service",
    "start of operation",
    "first day",
    "switch-over",
    "switchover",
    "produktivstart",
    "ingebruikname",
    "lanzamiento",
    "lancement",
    "lancio",
    "opening",
    "open to the public",
    "rollout",
    "roll-out",
    "starts service",
    "puesta en marcha",
    "livegang",
    "goes live",
    "effective",
    "opens",
    "umschaltung",
    "umstellung",
    "eröffnung",
    "uruchomienie",
    "lançamento",
    "entrada em produção",
    "puesta en servicio",
    "puesta en producción",
    "requested launch",
    "messa in esercizio",
    "avvio",
    "ouverture",
    "apertura",
    "decision: go",
    "start of service",
    "lansering",
    "cut-over",
    "cutover",
];
const REPORT: &[&str] = &[
    "issued",
    "établi le",
    "fait le",
    "rédigé le",
    "date du rapport",
    "fecha de emisión",
    "elaborado el",
    "redatto il",
    "data del rapporto",
    "relazione",
    "opgesteld op",
    "datum verslag",
    "elaborado em",
    "data do relatório",
    "sporządzono",
    "gate date",
    "checkpoint date",
    "plan_date",
    "plan date",
    "document date",
    "fecha del documento",
    "émis le",
    "data",
    "data raportu",
    "fecha de la reunión",
    "réunion",
    "review date",
    "exercise",
    "published",
    "dated",
    "date",
    "report date",
    "review of",
    "report",
    "report from",
    "bericht vom",
    "rapport du",
    "informe del",
    "verslag van",
    "report of",
    "as of",
    "audit date",
    "assessment",
    "assessed",
    "reviewed on",
    "reviewed",
    "held",
    "stand",
    "datum",
    "orr held",
    "fecha",
    "au",
    "prepared",
    "erstellt",
    "stichtag",
    "datum des berichts",
    "written",
    "report generated",
    "fecha del informe",
];
/// Dates of something else.
const OTHER: &[&str] = &[
    "next",
    "coming",
    "upcoming",
    "due",
    "until",
    "target",
    "planned",
    "by",
    "expires",
    "last",
    "previous",
    "freigabe",
    "window",
    "release",
    "nächste*",
    "prochain*",
    "próxim*",
    "volgende",
    "deadline",
    "from",
];

impl Facts<'_> {
    /// The date that the document is of, if its first lines say so.
    pub(crate) fn report_date(&self) -> Option<Moment> {
        let head = self
            .sentences
            .iter()
            .filter(|sentence| sentence.text.span.line <= 10 && sentence.place != Place::Code);
        let mut cells =
            self.grids.iter().filter(|grid| grid.table.span.line <= 10 && grid.table.header.len() == 2);
        let of_sentence = head.filter_map(|sentence| {
            let lower = sentence.lower();
            let (at, date) = self
                .calendar
                .dates(&sentence.text.plain)
                .into_iter()
                .next()
                .map(|found| (found.range.start, found.value))?;
            let before = lower.get(..at)?;
            let is_it = says(before, REPORT) && !says(before, OTHER) && !says(before, LAUNCH);
            is_it.then(|| Moment { date, said: sentence.said() })
        });
        let of_row = cells.find_map(|grid| {
            grid.rows.iter().find_map(|row| {
                let key = row.cell(0).to_lowercase();
                let date = self.calendar.dates(row.cell(1)).first().map(|found| found.value)?;
                (says(&key, REPORT) && !says(&key, OTHER) && !says(&key, LAUNCH))
                    .then(|| Moment { date, said: row.said() })
            })
        });
        let mut of_sentence = of_sentence;
        of_sentence.next().or(of_row)
    }

    /// The date of the launch, where a line or a row of two cells gives it.
    pub(crate) fn launch_date(&self) -> Option<Moment> {
        let of_sentence = self
            .sentences
            .iter()
            .filter(|sentence| !matches!(sentence.place, Place::Cell | Place::Code))
            .filter_map(|sentence| launch_of(self.calendar, sentence));
        let mut of_row = self
            .grids
            .iter()
            .filter(|grid| grid.table.header.len() == 2)
            .flat_map(|grid| grid.rows.iter())
            .filter_map(|row| {
                let cells = [row.cell(0), row.cell(1)];
                let (key, date) =
                    match (self.calendar.dates(cells[0]).first(), self.calendar.dates(cells[1]).first()) {
                        (None, Some(found)) => (cells[0], found.value),
                        (Some(found), None) => (cells[1], found.value),
                        _ => return None,
                    };
                let key = key.trim().to_lowercase();
                (says(&key, LAUNCH) && key.split_whitespace().count() <= 3)
                    .then(|| Moment { date, said: row.said() })
            });
        let mut of_sentence = of_sentence;
        of_sentence.next().or_else(|| of_row.next())
    }
}

/// `Target go-live 3 February 2026.`, also between other facts of its line.
fn launch_of(calendar: Calendar, sentence: &Sentence) -> Option<Moment> {
    let lower = sentence.lower();
    let dates = calendar.dates(&sentence.text.plain);
    let is_before = [
        "before", "after", "until", "window", "previous", "last", "days", "team", "newest", "as of", "vor",
        "avant", "antes",
    ];
    let mut from = 0;
    for found in &dates {
        let head = lower.get(from..found.range.start)?;
        from = found.range.end;
        let before = head.rsplit(['·', '|', ';']).next().unwrap_or_default();
        let is_alone = dates.len() == 1 || head.contains(['·', '|', ';']) || head.trim_end().ends_with(':');
        if is_alone
            && says(before, LAUNCH)
            && !says(before, &is_before)
            && before.split_whitespace().count() <= 8
        {
            return Some(Moment { date: found.value, said: sentence.said() });
        }
    }
    None
}
