//! The report as a Markdown document: what a release manager files and signs.
//! Each part is a room; this one only knows their order.

mod actions;
mod coverage;
mod decisions;
pub(crate) mod document;
mod findings;
mod gantt;
mod gates;
mod load;
mod matrix;
mod schedule;
mod sections;
mod sign_off;
pub(crate) mod summary;
pub(crate) mod symbols;

use gonogo_model::verdict::Verdict;

use crate::section;
use document::Document;

/// The whole document.
pub(crate) fn render(verdict: &Verdict) -> String {
    let mut document = Document::default();
    summary::title(&mut document, verdict);
    summary::categories(&mut document, verdict);
    summary::answer(&mut document, verdict);
    sections::section(&mut document, section::categories(verdict));
    sections::section(&mut document, section::dispositions(verdict));
    gates::results(&mut document, verdict);
    gates::halted(&mut document, verdict);
    findings::detailed(&mut document, verdict);
    findings::hints(&mut document, verdict);
    matrix::stages(&mut document, verdict);
    matrix::categories(&mut document, verdict);
    matrix::checks(&mut document, verdict);
    sections::section(&mut document, section::seen(verdict));
    load::runs(&mut document, verdict);
    sections::section(&mut document, section::scenarios(verdict));
    sections::section(&mut document, section::glance(verdict));
    for section in section::tracked(verdict) {
        sections::section(&mut document, Some(section));
    }
    decisions::conditions(&mut document, verdict);
    decisions::acceptances(&mut document, verdict);
    decisions::statements(&mut document, verdict);
    decisions::not_applicable(&mut document, verdict);
    actions::checklist(&mut document, verdict);
    sections::section(&mut document, section::efforts(verdict));
    schedule::critical_path(&mut document, verdict);
    sections::section(&mut document, section::plan(verdict));
    coverage::coverage(&mut document, verdict);
    coverage::samples(&mut document, verdict);
    sections::section(&mut document, section::conclusion(verdict));
    match section::authorisation(verdict) {
        Some(section) => sections::section(&mut document, Some(section)),
        None => sign_off::block(&mut document, verdict),
    }
    sign_off::footer(&mut document);
    document.finish()
}
