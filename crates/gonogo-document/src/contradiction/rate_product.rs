//! What comes of a rate or of an amount for a time: rate times time, rate times things, a month times
//! twelve.

mod each;
mod flow;
mod period;

use super::facts::Facts;
use super::kind::{Findings, Kind, Rule};

pub(super) const RULE: Rule = Rule {
    id: "rate-product",
    kind: Kind::Arithmetic,
    why: "A rate and how long or how often it holds give one number, which must be the one stated.",
    find,
};

fn find(facts: &Facts<'_>, findings: &mut Findings) {
    flow::check(facts, findings);
    period::check(facts, findings);
    each::check(facts, findings);
}
