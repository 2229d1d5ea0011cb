//! Stages and categories, one line each.

use gonogo_model::verdict::{CategoryScore, Counts, StageResult, Verdict};

use crate::line::{Ink, Line};
use crate::page::Page;
use crate::words;

/// Each stage with its state; a blocked one with what holds it.
pub(crate) fn stages(page: &mut Page, verdict: &Verdict) {
    page.heading("Stages", Line::new());
    let rows: Vec<Vec<Line>> = verdict
        .stages
        .iter()
        .map(|stage| vec![Line::new().stage(stage.state), Line::from(&stage.id), about(stage)])
        .collect();
    page.table(1, &rows);
}

/// Each category with its worst status, its score as a fraction and its floor.
pub(crate) fn categories(page: &mut Page, verdict: &Verdict) {
    let thresholds = &verdict.thresholds;
    let needed = format!("GO from {}, CONDITIONAL GO from {}", thresholds.go_at, thresholds.conditional_at);
    page.heading("Categories", Line::new().faint(needed));
    let rows: Vec<Vec<Line>> = verdict
        .categories
        .iter()
        .map(|category| {
            let status = words::worst(&category.counts).map(|worst| Line::new().status(worst));
            let score = format!("{} ({})", category.score.percent, category.score.points);
            let weight = Line::new().faint(format!("weight {}", category.weight));
            let name = Line::from(&category.id);
            vec![status.unwrap_or_default(), name, Line::from(score), weight, floor_and_open(category)]
        })
        .collect();
    page.table(1, &rows);
}

fn about(stage: &StageResult) -> Line {
    let held = (!stage.blocked_by.is_empty())
        .then(|| Line::new().ink(Ink::Warn, format!("held by {}", stage.blocked_by.join(", "))));
    let kind = match (stage.gate, stage.required) {
        (true, _) => Line::new().strong("gate"),
        (false, true) => Line::new(),
        (false, false) => Line::new().faint("not required"),
    };
    Line::joined([kind, held.unwrap_or_default(), tally(&stage.counts)], "; ")
}

/// `FAIL 2, PASS 4`, worst first.
fn tally(counts: &Counts) -> Line {
    let said = words::by_status(counts)
        .map(|(status, number)| Line::new().status_word(status).plain(format!(" {number}")));
    Line::joined(said, ", ")
}

fn floor_and_open(category: &CategoryScore) -> Line {
    let floor = category.floor.map(|floor| match category.floor_met {
        true => Line::from(format!("floor {floor} met")),
        false => Line::new().ink(Ink::Bad, format!("floor {floor} NOT MET")),
    });
    let capped = category.uncapped.as_ref().map(|measured| {
        Line::from(format!("capped by an open high, measured {} ({})", measured.percent, measured.points))
    });
    let open = words::open(&category.open).map(|open| Line::from(format!("open: {open}")));
    Line::joined([floor, open, capped].into_iter().flatten(), "; ")
}
