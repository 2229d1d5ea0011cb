//! The score rose, and nothing that was open is said to be done.

use gonogo_model::lineage::document::{Kind, State};

use super::{Both, Found};
use crate::Report;
use crate::element::ScoreKind;
use crate::lineage::figures::scores;
use crate::value::Exact;

pub(super) fn find(both: &Both<'_>) -> Vec<Found> {
    let (Some(was), Some(is)) = (score(both.before.report), score(both.after.report)) else {
        return Vec::new();
    };
    let is_better = |state: State| matches!(state, State::ClaimedFixed | State::Accepted);
    let better = both.pairs.iter().any(|pair| is_better(pair.state()));
    let is_problem = |kind: Kind| !matches!(kind, Kind::Item | Kind::Decision | Kind::Phase);
    let left = both.pairs.iter().filter(|pair| {
        matches!(pair.state(), State::Vanished | State::Open)
            && pair.thing().is_some_and(|thing| is_problem(thing.kind()))
    });
    let left = left.count();
    if is <= was || better || left == 0 {
        return Vec::new();
    }
    let message =
        "the score rose, and nothing that was open before is said to be done or accepted".to_owned();
    vec![Found {
        is_certain: false,
        message,
        before: scores(both.before.report),
        after: scores(both.after.report),
    }]
}

/// The score of the whole, if it states one only.
fn score(report: &Report) -> Option<Exact> {
    let overall = report.elements.scores.iter().filter(|score| score.kind != ScoreKind::PassRate);
    let all: std::collections::BTreeSet<Exact> =
        overall.filter_map(|score| Some(score.percent.as_ref()?.0.clone())).collect();
    if all.len() == 1 { all.into_iter().next() } else { None }
}

#[cfg(test)]
mod tests {
    use crate::lineage::across::trial::found;

    #[test]
    fn a_score_rises_by_something() {
        let old = "# Review\n\n**Overall readiness:** 70%\n\n## Findings\n\n| Finding | Severity | Status |\n|---|---|---|\n| Gateway without TLS | High | Open |\n";
        let better = old.replace("70%", "90%");
        assert_eq!(found("score-risen", old, &better), ["likely 3/3"]);
        assert!(found("score-risen", old, &better.replace("Open", "Closed")).is_empty());
        assert!(found("score-risen", &better, old).is_empty());
    }
}
