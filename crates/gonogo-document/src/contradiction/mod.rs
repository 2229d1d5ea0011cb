//! Where a document contradicts itself: one rule a file, and this registry. A rule looks at facts
//! and says which two places cannot both be right; it knows no particular document.
//!
//! One more rule is one more file and one more line in [`RULES`].

mod band_label;
mod clock_span;
mod column_total;
mod count_above;
mod counted_twice;
mod effort_total;
mod facts;
mod figure_twice;
mod fraction_percent;
mod group_heading;
mod id_range;
mod kind;
mod label_of_score;
mod list_count;
mod list_short;
mod mark_word;
mod matrix_rows;
mod mean_outside;
mod noun_twice;
mod overall_score;
mod owner_twice;
mod parts_sum;
mod percent_range;
mod rate_volume;
mod remainder;
mod rounded_twice;
mod row_total;
mod rows_total;
mod same_finding;
mod same_id;
mod score_from_rows;
mod score_twice;
mod severity_total;
mod severity_twice;
mod status_count;
mod status_twice;
mod summary_cell;
mod tick_count;
mod verdict_twice;
mod version_twice;
mod weighted_total;
mod weights_whole;
mod whole_count;

pub use kind::{Certainty, Contradiction, Kind, MOST_OF_A_RULE, Rule, Said};

use crate::Report;
use facts::Facts;
use kind::Findings;

/// Every rule, by kind.
pub const RULES: &[Rule] = &[
    column_total::RULE,
    row_total::RULE,
    weighted_total::RULE,
    weights_whole::RULE,
    rounded_twice::RULE,
    overall_score::RULE,
    mean_outside::RULE,
    score_twice::RULE,
    score_from_rows::RULE,
    figure_twice::RULE,
    fraction_percent::RULE,
    percent_range::RULE,
    whole_count::RULE,
    remainder::RULE,
    parts_sum::RULE,
    effort_total::RULE,
    clock_span::RULE,
    rate_volume::RULE,
    list_count::RULE,
    severity_total::RULE,
    summary_cell::RULE,
    tick_count::RULE,
    status_count::RULE,
    matrix_rows::RULE,
    id_range::RULE,
    rows_total::RULE,
    count_above::RULE,
    list_short::RULE,
    same_finding::RULE,
    same_id::RULE,
    counted_twice::RULE,
    severity_twice::RULE,
    status_twice::RULE,
    mark_word::RULE,
    owner_twice::RULE,
    band_label::RULE,
    verdict_twice::RULE,
    group_heading::RULE,
    label_of_score::RULE,
    noun_twice::RULE,
    version_twice::RULE,
];

/// Every contradiction of a document, in the order of the places where they show.
pub fn contradictions(report: &Report) -> Vec<Contradiction> {
    let facts = Facts::of(report);
    let mut found: Vec<Contradiction> = RULES
        .iter()
        .flat_map(|rule| {
            let mut findings = Findings::of(rule);
            (rule.find)(&facts, &mut findings);
            findings.into_found()
        })
        .collect();
    found.sort_by_key(|found| found.places.first().map(|said| said.span));
    found
}
