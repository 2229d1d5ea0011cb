//! The report for a tired person at a terminal: the answer first, then why, then what to do,
//! then what it was made from. Each part is a room; this one only knows their order.

mod actions;
mod checks;
mod decisions;
mod findings;
mod load;
mod registers;
mod schedule;
mod tables;
mod verdict;

use gonogo_model::verdict::Verdict;

use crate::Style;
use crate::line::Line;
use crate::page::Page;

/// The whole report; fits `style.width` but for words and commands that cannot be broken.
pub(crate) fn render(judged: &Verdict, style: Style) -> String {
    let mut page = Page::new(style);
    verdict::headline(&mut page, judged);
    verdict::why(&mut page, judged);
    actions::next(&mut page, judged);
    schedule::longest(&mut page, judged);
    tables::stages(&mut page, judged);
    tables::categories(&mut page, judged);
    registers::brief(&mut page, judged);
    findings::open(&mut page, judged);
    findings::hints(&mut page, judged);
    decisions::conditions(&mut page, judged);
    decisions::acceptances(&mut page, judged);
    checks::others(&mut page, judged);
    checks::samples(&mut page, judged);
    load::runs(&mut page, judged);
    page.blank();
    page.put(0, &Line::new().faint("Ask why: gonogo explain RUN CHECK"));
    page.finish()
}
