//! What became of each finding, as text. Like every report it computes no number.

mod document;
mod markdown;
mod terminal;

use gonogo_model::lineage::Lineage;

pub use document::document_lineage;

use crate::{RenderError, Style, json};

/// The forms a lineage can be written in.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum LineageFormat {
    /// For a person at a terminal.
    Terminal,
    /// For a pull request.
    Markdown,
    /// For scripts: the whole lineage.
    Json,
}

/// The report of a lineage. `style` is used by [`LineageFormat::Terminal`] only.
/// The text ends with a newline, and the same input always gives the same bytes.
pub fn lineage(lineage: &Lineage, format: LineageFormat, style: Style) -> Result<String, RenderError> {
    match format {
        LineageFormat::Terminal => Ok(terminal::render(lineage, style)),
        LineageFormat::Markdown => Ok(markdown::render(lineage)),
        LineageFormat::Json => json::pretty(lineage),
    }
}

/// Which two were compared is said when they are not the same.
fn doubts(lineage: &Lineage) -> Vec<&'static str> {
    let (before, after) = (&lineage.before, &lineage.after);
    let said = [
        (before.system != after.system).then_some("These are two systems."),
        (before.environment != after.environment).then_some("These are two environments."),
        lineage.spec_changed.then_some("The spec changed between the two, so they were not asked the same."),
        (before.judged_at > after.judged_at).then_some("The second was judged before the first."),
    ];
    said.into_iter().flatten().collect()
}

/// What the states come to.
fn conclusion(lineage: &Lineage) -> &'static str {
    match lineage.is_clean() {
        true => "Nothing is new, regressed, vanished or lost.",
        false => "Something is new, regressed, vanished or lost.",
    }
}
