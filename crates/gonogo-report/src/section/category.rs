//! The go/no-go register by category, and the matrix of failures.

use gonogo_model::verdict::{CategoryScore, ScenarioRow, Verdict};

use super::{Cell, Part, Section, part};
use crate::words;

pub(super) fn section(verdict: &Verdict) -> Option<Section> {
    if verdict.categories.is_empty() {
        return None;
    }
    let heading = ["Category", "Question", "Evidence", "Decision", "Confidence"];
    let rows = verdict.categories.iter().map(row).collect();
    Some(Section {
        id: "register",
        title: "Go/no-go register",
        notes: vec![
            "The decision of a category is the worst that a rule says about a check of it. The confidence is that \
             of the check whose samples prove least."
                .to_owned(),
        ],
        parts: vec![part("The answer to each question", &heading, rows)],
    })
}

fn row(category: &CategoryScore) -> Vec<Cell> {
    let coverage = &category.coverage;
    let score = format!("{} ({})", category.score.percent, category.score.points);
    let confidence = match &category.weakest {
        Some(weakest) => format!("{}: {}", weakest.check, words::samples(&weakest.confidence)),
        None => "nothing was sampled".to_owned(),
    };
    vec![
        Cell::Code(category.id.clone()),
        Cell::text(&category.question),
        Cell::text(format!("looked at {} of {} checks; score {score}", coverage.looked, coverage.planned)),
        Cell::Call(category.decision),
        Cell::Text(confidence),
    ]
}

pub(super) fn scenarios(verdict: &Verdict) -> Option<Section> {
    if verdict.scenarios.is_empty() {
        return None;
    }
    let mut aspects: Vec<&str> = Vec::new();
    for cell in verdict.scenarios.iter().flat_map(|row| &row.cells) {
        if !aspects.contains(&cell.aspect.as_str()) {
            aspects.push(&cell.aspect);
        }
    }
    let heading = ["What goes wrong"].into_iter().chain(aspects.iter().copied()).chain(["Score"]);
    let heading = heading.map(str::to_owned).collect();
    let rows = verdict.scenarios.iter().map(|row| scenario(row, &aspects)).collect();
    let parts = vec![Part { title: None, caption: "What holds while something goes wrong", heading, rows }];
    Some(Section { id: "scenarios", title: "Failure scenarios", notes: Vec::new(), parts })
}

fn scenario(row: &ScenarioRow, aspects: &[&str]) -> Vec<Cell> {
    let cell = |aspect: &&str| {
        let looked = row.cells.iter().filter(|cell| cell.aspect == **aspect);
        let checks: Vec<_> = looked.map(|cell| (cell.check.clone(), Some(cell.status))).collect();
        if checks.is_empty() { Cell::text("not looked at") } else { Cell::Checks(checks) }
    };
    let score = format!("{} ({})", row.score.percent, row.score.points);
    [Cell::text(&row.fault)].into_iter().chain(aspects.iter().map(cell)).chain([Cell::Text(score)]).collect()
}
