//! A category that counted nothing severe has a blocker now, and its score is what it was.

use gonogo_model::lineage::document::State;

use super::{Both, Found, places};
use crate::lineage::entry::Pair;
use crate::lineage::figures::{Stated, same, stated};
use crate::outline::SectionId;
use crate::value::Severity;

pub(super) fn find(both: &Both<'_>) -> Vec<Found> {
    let (before, after) = (stated(both.before.report), stated(both.after.report));
    let mut found = Vec::new();
    for (was, is) in same(&before, &after) {
        let (old, new) = (was.scores(), is.scores());
        let first = |quotes: &[super::Quote]| quotes.first().map(|quote| quote.text.clone());
        if old.is_empty() || first(&old) != first(&new) || was.has(Severity::Critical) != Some(false) {
            continue;
        }
        let severe: Vec<&Pair<'_>> =
            both.pairs.iter().filter(|pair| is_severe_news(pair) && is_in(both, pair, is)).collect();
        if severe.is_empty() {
            continue;
        }
        let message = format!(
            "«{}» counted nothing severe and has a blocker now, and its score is {} as before",
            is.name.plain.trim(),
            first(&new).unwrap_or_default()
        );
        let after = new.into_iter().take(1).chain(places(severe, false)).collect();
        found.push(Found { is_certain: false, message, before: old.into_iter().take(1).collect(), after });
    }
    found
}

fn is_severe_news(pair: &Pair<'_>) -> bool {
    matches!(pair.state(), State::New | State::Regressed)
        && pair.severity().is_some_and(|severity| severity.rank() == 0)
}

/// Whether any statement about it stands under the heading of the category.
fn is_in(both: &Both<'_>, pair: &Pair<'_>, category: &Stated<'_>) -> bool {
    let headings: Vec<SectionId> =
        category.all.iter().filter(|stated| stated.is_heading).map(|stated| stated.source.section).collect();
    let outline = &both.after.report.outline;
    let mut sections =
        pair.after.into_iter().flat_map(|thing| &thing.statements).map(|statement| statement.list.2);
    let above = |id: &SectionId| outline.section(*id).and_then(|section| section.parent);
    sections.any(|section| std::iter::successors(Some(section), above).any(|id| headings.contains(&id)))
}

#[cfg(test)]
mod tests {
    use crate::lineage::across::trial::found;

    #[test]
    fn a_new_blocker_moves_the_score_of_its_category() {
        let table = |score: &str| {
            format!(
                "# Review\n\n| Category | Status | Score | Critical |\n|---|---|---|---|\n| Security | ✅ GOOD | {score} | 0 |\n| Load | ✅ GOOD | 80% | 0 |\n"
            )
        };
        let new = |score: &str| {
            format!(
                "{}\n### 1. Security: ✅ GOOD ({score})\n\n#### Blocker issues\n\n- **Gateway without TLS**\n",
                table(score)
            )
        };
        assert_eq!(found("score-unmoved", &table("85%"), &new("85%")), ["likely 5/5,12"]);
        assert!(found("score-unmoved", &table("85%"), &new("40%")).is_empty());
        assert!(found("score-unmoved", &new("85%"), &new("85%")).is_empty());
    }
}
