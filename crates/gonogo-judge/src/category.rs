//! The answer to a category's question: what the rules say about its checks, and how sure the
//! samples behind them are.

use gonogo_model::verdict::{Call, CategoryScore, CheckResult, Confidence, Weakest};

use crate::mark::Mark;

/// Fills in the answer of every category.
pub(crate) fn answer(
    categories: &mut [CategoryScore],
    calls: &[Call],
    marks: &[Mark],
    results: &[CheckResult],
) {
    for (category, call) in categories.iter_mut().zip(calls) {
        category.decision = *call;
    }
    for (mark, result) in marks.iter().zip(results) {
        let Some(confidence) = &result.confidence else { continue };
        let Some(category) = mark.category.and_then(|at| categories.get_mut(at)) else { continue };
        let proves_less =
            category.weakest.as_ref().is_none_or(|known| is_weaker(confidence, &known.confidence));
        if proves_less {
            category.weakest = Some(Weakest { check: result.check.clone(), confidence: confidence.clone() });
        }
    }
}

/// Whether samples prove less than others, by the rule of three: with n samples and k failures the
/// rate is hardly above (k + 3) / n. Whole numbers only, so it is the same on every machine.
fn is_weaker(a: &Confidence, b: &Confidence) -> bool {
    let above = |confidence: &Confidence| u128::from(confidence.failures) + 3;
    above(a) * u128::from(b.samples.max(1)) > above(b) * u128::from(a.samples.max(1))
}
