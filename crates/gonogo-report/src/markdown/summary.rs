//! The first page: what was judged, the categories, the answer and its reasons.

use gonogo_model::amount::Percent;
use gonogo_model::status::Severity;
use gonogo_model::verdict::{CategoryScore, Score, Verdict};

use super::document::{Document, Table, check_links, code, text};
use super::symbols;
use crate::words;

/// The answer as title, and what it is about.
pub(crate) fn title(document: &mut Document, verdict: &Verdict) {
    let (system, environment) = (text(&verdict.system), text(&verdict.environment));
    document.heading(1, &format!("{}: {system} ({environment})", symbols::call(verdict.call)));
    let coverage = &verdict.coverage;
    let open = words::open(&verdict.open).unwrap_or_else(|| "none".to_owned());
    let mut table = Table::new(["Production readiness", ""]);
    table.row(["System", &system]);
    table.row(["Environment", &environment]);
    table.row(["Verdict", verdict.call.word()]);
    table.row(["Score", &score(&verdict.score)]);
    table.row(["Coverage", &format!("looked at {} of {} checks", coverage.looked, coverage.planned)]);
    table.row(["Open findings", &open]);
    table.row(["Judged at", &verdict.judged_at.to_string()]);
    table.row(["Spec digest", &code(verdict.spec.as_str())]);
    table.row(["Verdict format", &verdict.format.to_string()]);
    document.table(&table);
}

/// One row for each category.
pub(crate) fn categories(document: &mut Document, verdict: &Verdict) {
    document.heading(2, "Executive summary");
    let mut table =
        Table::new(["Category", "Status", "Score", "Floor", "Weighted", "Blocker", "High", "Medium", "Low"]);
    verdict.categories.iter().for_each(|category| table.row(row(category)));
    table.row(all(verdict));
    document.table(&table);
    document.block(&format!(
        "**Overall: {}**, exactly {}.",
        score(&verdict.score),
        text(&verdict.score.exact)
    ));
    document.block(
        "The status of a category is the worst status of its checks. Weighted is what it adds to the points of the \
         whole, of its weight. The numbers by severity are its open findings; accepted ones are not counted. Every \
         percentage stands beside its points.",
    );
}

/// The answer, every rule that applied, and the thresholds.
pub(crate) fn answer(document: &mut Document, verdict: &Verdict) {
    document.heading(2, "Final verdict");
    document.heading(3, &symbols::call(verdict.call));
    if verdict.reasons.is_empty() {
        document.block("No rule against GO applied.");
    }
    let mut table = Table::new(["Rule", "Leads to", "Reason", "Checks"]);
    for reason in &verdict.reasons {
        table.row([
            code(reason.rule.id()),
            reason.rule.call().word().to_owned(),
            text(&reason.text),
            check_links(&reason.checks),
        ]);
    }
    document.table(&table);
    let thresholds = &verdict.thresholds;
    document.block(&format!(
        "Thresholds: GO from {}, CONDITIONAL GO from {}. The score is {}. A score alone never makes a GO: \
         failed gates, open blockers and unproven checks come first.",
        thresholds.go_at,
        thresholds.conditional_at,
        score(&verdict.score)
    ));
}

/// `50% (2/4)`
pub(crate) fn score(score: &Score) -> String {
    format!("{} ({})", text(&score.percent), text(&score.points))
}

fn row(category: &CategoryScore) -> Vec<String> {
    let measured =
        category.uncapped.as_ref().map(|uncapped| format!("; capped from {}", self::score(uncapped)));
    let mut cells = vec![
        format!("**{}** {}", text(&category.id), text(&category.question)),
        words::worst(&category.counts).map_or("nothing planned".to_owned(), symbols::status),
        format!("{}{}", score(&category.score), measured.unwrap_or_default()),
        category.floor.map_or("none".to_owned(), |floor| self::floor(floor, category.floor_met)),
        text(&category.weighted),
    ];
    cells.extend(Severity::ALL.map(|severity| category.open.of(severity).to_string()));
    cells
}

/// The row of all categories together.
fn all(verdict: &Verdict) -> Vec<String> {
    let status = words::worst(&verdict.counts).map_or("nothing planned".to_owned(), symbols::status);
    let mut cells = vec![
        "**All**".to_owned(),
        status,
        self::score(&verdict.score),
        String::new(),
        text(&verdict.score.points),
    ];
    cells.extend(Severity::ALL.map(|severity| verdict.open.of(severity).to_string()));
    cells
}

/// `80% NOT MET`
pub(crate) fn floor(floor: Percent, met: bool) -> String {
    if met { format!("{floor} met") } else { format!("{floor} **NOT MET**") }
}
