//! What the gates found, and what they hold back.

use gonogo_model::status::Status;
use gonogo_model::verdict::{CheckResult, ItemResult, StageResult, StageState, Verdict};

use super::document::{Document, Table, cell_code, check_link, check_links, code, text};
use super::symbols;
use crate::words;

/// A table of facts for each gate.
pub(crate) fn results(document: &mut Document, verdict: &Verdict) {
    let gates: Vec<&StageResult> = verdict.stages.iter().filter(|stage| stage.gate).collect();
    if gates.is_empty() {
        return;
    }
    document.heading(2, "Gate results");
    for gate in gates {
        document.heading(3, &format!("{}: {}", text(&gate.title), symbols::stage(gate.state)));
        let mut table = Table::new(["Item", "Status", "Facts", "Check"]);
        for result in words::checks_of(verdict, gate) {
            rows(result).into_iter().for_each(|row| table.row(row));
        }
        document.table(&table);
    }
}

/// The stages that were not started, each with what holds it.
pub(crate) fn halted(document: &mut Document, verdict: &Verdict) {
    let mut table = Table::new(["Stage", "State", "Held by", "Checks not started"]);
    for stage in verdict.stages.iter().filter(|stage| stage.state == StageState::Blocked) {
        let held: Vec<String> = stage.blocked_by.iter().map(|gate| code(gate)).collect();
        let waiting = words::checks_of(verdict, stage).filter(|result| result.status == Status::Blocked);
        let checks: Vec<String> = waiting.map(|result| result.check.clone()).collect();
        table.row([text(&stage.title), symbols::stage(stage.state), held.join(", "), check_links(&checks)]);
    }
    if verdict.stages.iter().any(|stage| stage.state == StageState::Blocked) {
        document.heading(2, "Halted stages");
        document.block("Nothing in these stages was started. BLOCKED means: not looked at, so not known.");
        document.table(&table);
    }
}

/// A row for each item; a check without items has one row that says why.
fn rows(result: &CheckResult) -> Vec<[String; 4]> {
    if result.items.is_empty() {
        let row = [
            text(&result.title),
            symbols::status(result.status),
            text(&result.why),
            check_link(&result.check),
        ];
        return vec![row];
    }
    let row = |item: &ItemResult| {
        [code(&item.key), symbols::status(item.status), facts(item), check_link(&result.check)]
    };
    result.items.iter().map(row).collect()
}

/// The measured facts, else why there are none.
pub(crate) fn facts(item: &ItemResult) -> String {
    let facts = item.facts.iter().map(|(name, value)| cell_code(&words::fact(name, value)));
    let why = item.why.iter().map(|why| text(why));
    facts.chain(why).collect::<Vec<_>>().join(", ")
}
