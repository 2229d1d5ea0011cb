//! Runs under load in two lines each; the other forms draw them.

use gonogo_model::verdict::Verdict;

use crate::line::Line;
use crate::load;
use crate::page::Page;

/// How each run went; nothing when nothing was under load.
pub(crate) fn runs(page: &mut Page, verdict: &Verdict) {
    for run in &verdict.loads {
        page.heading("Under load", Line::from(run.checks.join(", ").as_str()));
        let row = |name: &str, drawn: String, most: String| {
            vec![Line::new().strong(name), Line::from(drawn.as_str()), Line::new().faint(most)]
        };
        let rows = [
            row("good answers", load::achieved(run), format!("at most {}", run.fastest)),
            row("p99", load::p99(run), format!("at most {}", run.longest)),
        ];
        page.table(1, &rows);
    }
}
