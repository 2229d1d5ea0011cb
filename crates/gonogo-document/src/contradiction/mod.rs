//! Where a document contradicts itself: one rule a file, and this registry. A rule looks at facts
//! and says which two places cannot both be right; it knows no particular document.
//!
//! One more rule is one more file and one more line in [`RULES`].

mod absolute_claim;
mod alert_ratio;
mod all_have;
mod all_passed;
mod availability_outage;
mod band_label;
mod bare_claim;
mod cannot_start;
mod claim_open;
mod clock_order;
mod clock_span;
mod column_total;
mod condition_dropped;
mod count_above;
mod counted_twice;
mod date_order;
mod effort_total;
mod estimate_actual;
mod eta_of_part;
mod evidence_empty;
mod facts;
mod fail_mode;
mod field_twice;
mod figure_twice;
mod finding_dropped;
mod fraction_percent;
mod group_heading;
mod id_dropped;
mod id_range;
mod kind;
mod label_of_score;
mod launch_order;
mod left_out;
mod list_count;
mod list_short;
mod mark_word;
mod matrix_rows;
mod mean_outside;
mod missing_metric;
mod must_fix_deferred;
mod must_fix_unknown;
mod no_return;
mod no_threshold;
mod none_open;
mod noun_twice;
mod overall_score;
mod owner_twice;
mod parts_sum;
mod pass_unverified;
mod percent_range;
mod percentile_order;
mod phase_open;
mod phase_order;
mod phase_unknown;
mod port_differs;
mod quorum;
mod range_part;
mod rate_product;
mod rate_volume;
mod refused_signature;
mod remainder;
mod result_not_run;
mod resume_rule;
mod rounded_twice;
mod row_total;
mod row_unproven;
mod row_without_finding;
mod rows_total;
mod rule_broken;
mod run_up_order;
mod same_finding;
mod same_id;
mod scope_row;
mod score_floor;
mod score_from_rows;
mod score_twice;
mod self_approval;
mod serial_parallel;
mod severity_total;
mod severity_twice;
mod sign_off_missing;
mod stale_date;
mod state_tally;
mod status_count;
mod status_twice;
mod summary_cell;
mod threshold_missed;
mod tick_count;
mod ticked_open;
#[cfg(test)]
mod trial;
mod twin_alerts;
mod undefined_id;
mod undefined_rule;
mod value_twice;
mod verdict_criteria;
mod verdict_twice;
mod verdict_word;
mod version_twice;
mod weighted_total;
mod weights_whole;
mod whole_count;
mod zero_blockers;

pub use kind::{Certainty, Contradiction, Kind, MOST_OF_A_RULE, Rule, Said};
pub use left_out::LeftOut;

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
    rate_product::RULE,
    availability_outage::RULE,
    list_count::RULE,
    severity_total::RULE,
    summary_cell::RULE,
    tick_count::RULE,
    state_tally::RULE,
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
    field_twice::RULE,
    value_twice::RULE,
    all_passed::RULE,
    eta_of_part::RULE,
    must_fix_deferred::RULE,
    no_threshold::RULE,
    none_open::RULE,
    phase_open::RULE,
    quorum::RULE,
    refused_signature::RULE,
    resume_rule::RULE,
    rule_broken::RULE,
    score_floor::RULE,
    self_approval::RULE,
    threshold_missed::RULE,
    ticked_open::RULE,
    verdict_criteria::RULE,
    verdict_word::RULE,
    zero_blockers::RULE,
    absolute_claim::RULE,
    bare_claim::RULE,
    claim_open::RULE,
    estimate_actual::RULE,
    evidence_empty::RULE,
    missing_metric::RULE,
    pass_unverified::RULE,
    result_not_run::RULE,
    row_unproven::RULE,
    undefined_rule::RULE,
    alert_ratio::RULE,
    cannot_start::RULE,
    date_order::RULE,
    clock_order::RULE,
    fail_mode::RULE,
    launch_order::RULE,
    no_return::RULE,
    percentile_order::RULE,
    phase_order::RULE,
    port_differs::RULE,
    run_up_order::RULE,
    serial_parallel::RULE,
    stale_date::RULE,
    twin_alerts::RULE,
    all_have::RULE,
    condition_dropped::RULE,
    finding_dropped::RULE,
    id_dropped::RULE,
    must_fix_unknown::RULE,
    phase_unknown::RULE,
    range_part::RULE,
    row_without_finding::RULE,
    scope_row::RULE,
    sign_off_missing::RULE,
    undefined_id::RULE,
];

/// What was found in a document, and what of it no rule looked at.
#[derive(Debug, Clone, PartialEq, Eq, Default)]
pub struct Search {
    /// Every contradiction, in the order of the places where they show.
    pub found: Vec<Contradiction>,
    /// What was too much to compare; empty for documents of the size that people write.
    pub left_out: Vec<LeftOut>,
}

/// Every contradiction of a document, in the order of the places where they show.
pub fn contradictions(report: &Report) -> Vec<Contradiction> {
    search(report).found
}

/// Looks for contradictions, and says what was not compared.
pub fn search(report: &Report) -> Search {
    let facts = Facts::of(report);
    let mut search = Search { found: Vec::new(), left_out: left_out::of(&facts) };
    for rule in RULES {
        let mut findings = Findings::of(rule);
        (rule.find)(&facts, &mut findings);
        if findings.is_full() {
            search.left_out.push(left_out::of_rule(rule.id, MOST_OF_A_RULE));
        }
        search.found.extend(findings.into_found());
    }
    search.found.sort_by_key(|found| found.places.first().map(|said| said.span));
    search
}
