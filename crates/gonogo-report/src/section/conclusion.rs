//! What holds, what does not and what nobody knows, category by category: each claim with the
//! checks or findings that make it.

use gonogo_model::status::Status;
use gonogo_model::verdict::{CategoryScore, CheckResult, Verdict};

use super::{Cell, Mood, Section, part};

pub(super) fn section(verdict: &Verdict) -> Option<Section> {
    let rows: Vec<Vec<Cell>> =
        verdict.categories.iter().flat_map(|category| claims(verdict, category)).collect();
    if rows.is_empty() {
        return None;
    }
    let notes = vec![format!("The verdict is {}.", verdict.call)];
    let parts =
        vec![part("What may be said of each category", &["Category", "What may be said", "Shown by"], rows)];
    Some(Section { id: "conclusion", title: "Conclusion", notes, parts })
}

fn claims(verdict: &Verdict, category: &CategoryScore) -> Vec<Vec<Cell>> {
    let results = || verdict.results.iter().filter(|result| result.category == category.id);
    let applies = |result: &&CheckResult| result.status != Status::NotApplicable;
    let shown = |wanted: fn(Status) -> bool| -> Vec<(String, Option<Status>)> {
        let these = results().filter(applies).filter(|result| wanted(result.status));
        these.map(|result| (result.check.clone(), Some(result.status))).collect()
    };
    let row = |mood, said: &str, shown: Cell| {
        vec![Cell::Code(category.id.clone()), Cell::Word(mood, said.to_owned()), shown]
    };
    let holds = |result: &CheckResult| result.status == Status::Pass;
    if results().any(|result| applies(&result)) && results().filter(applies).all(holds) {
        return vec![row(Mood::Good, "holds", Cell::Checks(shown(|status| status == Status::Pass)))];
    }
    let broken = shown(|status| matches!(status, Status::Fail | Status::Partial));
    let attested = shown(|status| status == Status::Attested);
    let unknown = shown(Status::is_unproven);
    let said = [
        (Mood::Bad, "does not hold", broken),
        (Mood::Warn, "rests on a person's word", attested),
        (Mood::Warn, "is not known", unknown),
    ];
    let said = said.into_iter().filter(|(.., checks)| !checks.is_empty());
    said.map(|(mood, said, checks)| row(mood, said, Cell::Checks(checks))).collect()
}
