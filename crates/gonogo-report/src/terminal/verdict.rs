//! The answer in five seconds, and the rules that gave it.

use gonogo_model::verdict::{Call, Verdict};

use crate::line::{Ink, Line, of_call};
use crate::page::Page;
use crate::words;

/// The answer for which system, then score, coverage and open findings on one line.
pub(crate) fn headline(page: &mut Page, verdict: &Verdict) {
    let ink = of_call(verdict.call);
    let answer = Line::new().ink(ink, mark(verdict.call)).plain(" ").call(verdict.call);
    let subject = Line::new().strong(format!("{} ({})", verdict.system, verdict.environment));
    page.rule(ink);
    page.item(1, &answer, answer.width() + 5, &subject);
    page.rule(ink);
    page.put(1, &figures(verdict));
    let judged = verdict.judged_at.strftime("%Y-%m-%d %H:%M:%S UTC");
    page.put(1, &Line::new().faint(format!("judged {judged}, spec {}", verdict.spec.short())));
}

/// The rules that applied; nothing for a GO.
pub(crate) fn why(page: &mut Page, verdict: &Verdict) {
    if verdict.reasons.is_empty() {
        return;
    }
    page.heading("Why", Line::new());
    let rows: Vec<Vec<Line>> = verdict
        .reasons
        .iter()
        .map(|reason| {
            let rule = Line::new().ink(of_call(reason.rule.call()), reason.rule.id());
            vec![rule, Line::from(&reason.text)]
        })
        .collect();
    page.table(1, &rows);
}

fn figures(verdict: &Verdict) -> Line {
    let open = match words::open(&verdict.open) {
        Some(open) => Line::new().ink(Ink::Bad, format!("open: {open}")),
        None => Line::from("nothing open"),
    };
    let score =
        Line::from("score ").strong(&verdict.score.percent).plain(format!(" ({})", verdict.score.points));
    let coverage = &verdict.coverage;
    let looked = Line::from(format!("looked at {} of {} checks", coverage.looked, coverage.planned));
    Line::joined([score, looked, open], " | ")
}

fn mark(call: Call) -> &'static str {
    match call {
        Call::Go => "✓",
        Call::ConditionalGo => "◐",
        Call::NoGo => "✗",
    }
}
