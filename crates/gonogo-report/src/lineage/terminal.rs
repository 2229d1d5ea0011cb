//! The lineage for a person at a terminal: both answers, the states, then what asks for a reader.

use gonogo_model::lineage::{Answer, Entry, Lineage, LostCheck, Standing, State};

use super::{conclusion, doubts};
use crate::Style;
use crate::line::{Ink, Line};
use crate::page::Page;

pub(super) fn render(lineage: &Lineage, style: Style) -> String {
    let mut page = Page::new(style);
    page.table(0, &[answer("before", &lineage.before), answer("after", &lineage.after)]);
    doubts(lineage).iter().for_each(|doubt| page.put(0, &Line::new().ink(Ink::Warn, doubt)));
    page.blank();
    page.put(0, &counts(lineage));
    page.put(0, &Line::new().ink(if lineage.is_clean() { Ink::Good } else { Ink::Bad }, conclusion(lineage)));
    for state in State::ALL {
        group(&mut page, lineage, state);
    }
    lost(&mut page, &lineage.lost);
    page.finish()
}

fn answer(name: &str, answer: &Answer) -> Vec<Line> {
    let score = format!("{} ({})", answer.score.percent, answer.score.points);
    let judged = answer.judged_at.strftime("%Y-%m-%d %H:%M:%S UTC");
    let coverage = format!("looked at {} of {} checks", answer.coverage.looked, answer.coverage.planned);
    vec![
        Line::new().faint(name),
        Line::new().call(answer.call),
        Line::new().strong(score),
        Line::from(format!("{} ({}), {coverage}, judged {judged}", answer.system, answer.environment)),
    ]
}

fn counts(lineage: &Lineage) -> Line {
    let said =
        State::ALL.map(|state| Line::new().ink(ink(state), format!("{state} {}", lineage.counts.of(state))));
    Line::joined(said, ", ")
}

fn group(page: &mut Page, lineage: &Lineage, state: State) {
    let mut entries = lineage.entries.iter().filter(|entry| entry.state == state).peekable();
    if entries.peek().is_some() {
        page.heading(state.word(), Line::new());
        entries.for_each(|entry| one(page, entry));
    }
}

fn one(page: &mut Page, entry: &Entry) {
    const HANG: usize = 10;
    let standing = entry.after.or(entry.before);
    let severity = standing.map_or_else(Line::new, |standing| Line::new().severity(standing.severity));
    page.item(1, &severity, HANG, &Line::new().strong(&entry.title).then(accepted(standing)));
    let location = entry.location.as_ref().map(|location| format!(", at {location}"));
    page.put(HANG, &Line::from(format!("{}{}", entry.finding, location.unwrap_or_default())));
    page.put(HANG, &Line::from(&entry.why));
}

fn accepted(standing: Option<Standing>) -> Line {
    match standing {
        Some(Standing { accepted: true, .. }) => Line::new().ink(Ink::Warn, " (ACCEPTED)"),
        _ => Line::new(),
    }
}

fn lost(page: &mut Page, lost: &[LostCheck]) {
    if lost.is_empty() {
        return;
    }
    page.heading("Lost checks", Line::new().faint("passed before, not looked at now"));
    let rows = lost.iter().map(|lost| {
        let status = lost.status.map_or_else(|| Line::from("gone"), |status| Line::new().status(status));
        vec![status, Line::from(&lost.check), Line::from(&lost.why)]
    });
    page.table(1, &rows.collect::<Vec<_>>());
}

fn ink(state: State) -> Ink {
    match state {
        State::Regressed | State::New => Ink::Bad,
        State::Vanished => Ink::Warn,
        State::Open => Ink::Plain,
        State::Fixed => Ink::Good,
    }
}
