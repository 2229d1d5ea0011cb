//! A measured availability that the outages of the same time do not leave room for.

use std::collections::BTreeMap;

use num_traits::Zero as _;

use super::facts::bound::time;
use super::facts::figure::{figures, shown, whole};
use super::facts::word::says;
use super::facts::{Facts, Figure, Place, Sentence};
use super::kind::{Findings, Kind, Rule, Said};
use crate::outline::SectionId;
use crate::value::{self, Exact, TimeUnit};

pub(super) const RULE: Rule = Rule {
    id: "availability-outage",
    kind: Kind::Arithmetic,
    why: "An availability is what the outages leave of the time; it cannot be higher.",
    find,
};

const AVAILABLE: &[&str] = &[
    "availability*",
    "uptime",
    "available",
    "verfügbar*",
    "disponibilité*",
    "disponible",
    "disponibilidad*",
    "disponibilità*",
    "beschikbaar*",
    "disponibilidade*",
    "dostępność*",
    "tillgänglighet*",
];
/// What is asked for, and not what was.
const ASKED: &[&str] = &[
    "target*",
    "goal",
    "slo",
    "sla",
    "objective",
    "required",
    "requires",
    "agreed",
    "at least",
    "must",
    "should",
    "promise*",
    "ziel*",
    "soll",
    "mindestens",
    "gefordert",
    "zugesagt",
    "objectif",
    "cible",
    "au moins",
    "objetivo",
    "exigid*",
    "al menos",
    "mínim*",
    "obiettivo",
    "almeno",
    "richiest*",
    "doel",
    "minstens",
    "meta",
    "pelo menos",
    "cel",
];
const OUTAGES: &[&str] = &[
    "outage*",
    "downtime*",
    "down for",
    "was down",
    "were down",
    "unavailable",
    "interruption*",
    "ausfall",
    "ausfälle*",
    "ausfallzeit*",
    "störung*",
    "panne*",
    "coupure*",
    "indisponib*",
    "caída*",
    "corte",
    "cortes",
    "interrup*",
    "interruzion*",
    "fermo",
    "disservizi*",
    "storing*",
    "uitval",
    "onbeschikbaar*",
    "falha*",
    "paragem",
    "awari*",
    "przestój*",
    "avbrott*",
    "incident*",
    "could be started",
    "vorfall",
    "incidente*",
];
/// Times of something else in a line about outages.
const OTHER: &[&str] =
    &["planned", "drill", "exercise", "within", "would", "geplant", "übung", "limit", "allowed", "budget"];

/// What says that a whole month is meant.
const MONTH: &[&str] = &[
    "whole of",
    "whole month",
    "throughout",
    "all of",
    "entire",
    "month of",
    "im ganzen",
    "den ganzen",
    "gesamten",
    "monat",
    "tout le mois",
    "mois de",
    "todo el mes",
    "mes de",
    "tutto il mese",
    "mese di",
    "hele maand",
    "maand",
    "mês de",
    "in",
    "im",
    "en",
    "for",
];

/// What one section says.
#[derive(Default)]
struct Told {
    measured: Vec<(Figure, Said)>,
    days: Vec<(Exact, Said)>,
    /// Months that are named, which count where no days are.
    months: Vec<(Exact, Said)>,
    outages: Vec<(Exact, Said)>,
}

fn find(facts: &Facts<'_>, findings: &mut Findings) {
    let mut by_section: BTreeMap<SectionId, Told> = BTreeMap::new();
    let mut under_outages = None;
    for sentence in &facts.sentences {
        let lower = sentence.lower().replace('_', " ");
        let told = by_section.entry(facts.chapter(sentence.section)).or_default();
        if sentence.place == Place::Code {
            code(sentence, &lower, &mut under_outages, told);
        } else {
            under_outages = None;
            if sentence.place != Place::Cell && value::has_digit(&lower) {
                prose(sentence, &lower, told);
            }
        }
    }
    by_section.values().for_each(|told| compare(told, findings));
}

/// A line of data: `availability_measured: 99.9`, `days: 31`, and under `outages:` the times of each.
fn code(sentence: &Sentence, lower: &str, under: &mut Option<usize>, told: &mut Told) {
    let plain = &sentence.text.plain;
    let indent = plain.len() - plain.trim_start().len();
    if under.is_some_and(|outer| indent <= outer && !plain.trim_start().starts_with('-')) {
        *under = None;
    }
    if says(lower, OUTAGES) && lower.trim_end().ends_with(':') {
        *under = Some(indent);
    }
    let field = lower.split_once([':', '=']);
    if let Some((key, value)) = field.filter(|(key, _)| says(key, AVAILABLE) && !says(key, ASKED)) {
        let all = figures(value.split('#').next().unwrap_or_default());
        if let ([one], true) = (all.as_slice(), key.split_whitespace().count() <= 4) {
            told.measured.push((one.clone(), sentence.said()));
        }
    } else if let Some((key, value)) = field
        .filter(|(key, _)| says(key.trim(), &["days", "tage", "jours", "días", "giorni", "dagen", "dias"]))
    {
        let days = value::number(value.split('#').next().unwrap_or_default());
        told.days
            .extend(days.filter(|_| key.split_whitespace().count() <= 2).map(|days| (days, sentence.said())));
    }
    if under.is_some() || says(lower, OUTAGES) {
        told.outages.extend(minutes(lower).map(|minutes| (minutes, sentence.said())));
    }
}

/// `minutes: 130`, `duration: 1 h 20 min`, in minutes.
fn minutes(lower: &str) -> Option<Exact> {
    let keyed = ["minutes:", "minuten:", "min:", "minutos:", "minuti:"].iter().find_map(|key| {
        let rest = lower.split(key).nth(1)?;
        value::number(rest.split([',', '}', '#']).next().unwrap_or_default())
    });
    keyed.or_else(|| outage(lower))
}

/// The time of an outage in a line that has one only.
fn outage(lower: &str) -> Option<Exact> {
    let all = value::durations(lower);
    let short: Vec<_> = all
        .iter()
        .filter(|found| {
            matches!(found.value.unit, TimeUnit::Minute | TimeUnit::Hour) && !found.value.is_about
        })
        .collect();
    let (first, last) = (short.first()?, short.last()?);
    let hours = time(lower.get(first.range.start..last.range.end)?)?;
    Some(hours * whole(60))
}

fn prose(sentence: &Sentence, lower: &str, told: &mut Told) {
    if says(lower, AVAILABLE) && !says(lower, ASKED) {
        let all: Vec<Figure> = figures(lower).into_iter().filter(|figure| figure.is_percent).collect();
        if let [one] = all.as_slice() {
            told.measured.push((one.clone(), sentence.said()));
        }
    }
    let days = value::durations(lower)
        .into_iter()
        .filter(|found| !found.value.is_about)
        // A span of a week or more may be told in hours.
        .filter(|found| match found.value.unit {
            TimeUnit::Day | TimeUnit::Week => true,
            TimeUnit::Hour => found.value.low_hours(24) >= whole(168) && !says(lower, OUTAGES),
            _ => false,
        });
    told.days.extend(days.map(|found| (found.value.high_hours(24) / whole(24), sentence.said())));
    if says(lower, MONTH) {
        told.months.extend(month(lower).map(|days| (days, sentence.said())));
    }
    if says(lower, OUTAGES) && !says(lower, OTHER) {
        told.outages.extend(outage(lower).map(|minutes| (minutes, sentence.said())));
    }
}

/// The days of the longest month that a sentence names without a day before it.
fn month(lower: &str) -> Option<Exact> {
    let words: Vec<&str> =
        lower.split(|c: char| !c.is_alphanumeric()).filter(|word| !word.is_empty()).collect();
    let named = words.iter().enumerate().filter(|(at, word)| {
        let is_day = at
            .checked_sub(1)
            .and_then(|before| words.get(before))
            .is_some_and(|before| before.parse::<u8>().is_ok());
        word.chars().count() >= 3 && !is_day && !super::facts::calendar::days(&format!("1 {word}")).is_empty()
    });
    let days = named.filter_map(|(_, word)| {
        let date = value::dates(&format!("1 {word} 2024")).into_iter().next()?.value;
        u64::try_from(date.days_in_month()).ok()
    });
    days.max().map(whole)
}

/// Compares what one section says, when it has one availability and one time.
fn compare(told: &Told, findings: &mut Findings) {
    let ([(stated, at)], false) = (told.measured.as_slice(), told.outages.is_empty()) else { return };
    let spans = if told.days.is_empty() { &told.months } else { &told.days };
    let same = |first: &&(Exact, Said)| spans.iter().all(|(days, _)| *days == first.0);
    let Some((days, of)) = spans.first().filter(same) else { return };
    let down: Exact = told.outages.iter().map(|(minutes, _)| minutes.clone()).sum();
    if days.is_zero() || stated.value < whole(50) || stated.is_about {
        return;
    }
    let most = whole(100) - down * whole(100) / (days * whole(1_440));
    if stated.value > most && !stated.could_be(&most) {
        let message = format!(
            "{} is given as available, but the outages leave {} % of {} days",
            stated.shown(),
            shown(&most),
            shown(days)
        );
        let outages = told.outages.iter().map(|(_, said)| said.clone());
        findings.certain(message, std::iter::once(at.clone()).chain(outages).chain([of.clone()]).collect());
    }
}

#[cfg(test)]
mod tests {
    use super::RULE;
    use crate::contradiction::trial::found;

    #[test]
    fn outages_take_from_availability() {
        let data = |stated: &str| {
            format!(
                "```yaml\nrun:\n  days: 31\n  availability_target_pct: 99.5\n  availability_measured_pct: {stated}\n  outages:\n    - {{date: 2025-08-27, minutes: 130}}\n    - {{date: 2025-09-09, minutes: 60}}\n  rows: 12\n```\n"
            )
        };
        assert_eq!(found(&RULE, &data("99.9")), ["certain 5,7,8,3"]);
        assert!(found(&RULE, &data("99.57")).is_empty());
        let prose = |stated: &str| {
            format!(
                "The pilot ran for 14 days. Availability was {stated}. There were two outages.\n\n- 3 May: outage of 1 h 30 min\n- 9 May: outage of 45 minutes\n"
            )
        };
        assert_eq!(found(&RULE, &prose("99.9 %")), ["certain 1,3,4"]);
        assert!(found(&RULE, &prose("99.3 %")).is_empty());
        assert!(found(&RULE, &prose("at least 99.9 %")).is_empty());
        let month = "The beta ran through the whole of March 2026. There was a single incident: on 17 March no visit could be started for 47 minutes. Availability for the month was 99.98%.\n";
        assert_eq!(found(&RULE, month), ["certain 1"]);
        assert!(found(&RULE, &month.replace("99.98", "99.89")).is_empty());
        let hours = |stated: &str| {
            format!(
                "Im Probebetrieb lief es rund um die Uhr (720 Stunden). Es gab zwei Störungen. Das ergibt 9 Stunden Ausfall. Die Verfügbarkeit lag bei {stated} %.\n"
            )
        };
        assert_eq!(found(&RULE, &hours("99,75")), ["certain 1"]);
        assert!(found(&RULE, &hours("98,75")).is_empty());
    }
}
