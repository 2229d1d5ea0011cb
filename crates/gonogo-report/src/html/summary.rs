//! The first screen: the answer in colour and words, the charts, the reasons, the categories.

use gonogo_model::status::Severity;
use gonogo_model::verdict::{CategoryScore, Score, Verdict};

use super::charts;
use super::markup::{Element, check_links, code, element};
use super::parts::{Table, call_mark, of_call, pill, section, span, status};
use crate::words;

/// The band with the answer.
pub(crate) fn header(verdict: &Verdict) -> Element {
    let answer = element("h1")
        .child(element("span").class("mark").attr("aria-hidden", "true").text(call_mark(verdict.call)))
        .child(span(verdict.call.word()));
    let subject = element("p").class("subject").text(format!("{} ({})", verdict.system, verdict.environment));
    let open = words::open(&verdict.open).map_or("nothing open".to_owned(), |open| format!("open: {open}"));
    let coverage = &verdict.coverage;
    let said = [
        format!("score {}", score(&verdict.score)),
        format!("looked at {} of {} checks", coverage.looked, coverage.planned),
        open,
    ];
    let facts = element("ul").class("facts").children(said.map(|fact| element("li").text(fact)));
    let judged = verdict.judged_at.strftime("%Y-%m-%d %H:%M:%S UTC");
    let spec = element("p")
        .class("judged")
        .text(format!("judged {judged}, spec "))
        .child(code(verdict.spec.short()));
    let inside = element("div").class("inside").child(answer).child(subject).child(facts).child(spec);
    element("header").class(&format!("verdict {}", of_call(verdict.call).class())).child(inside)
}

/// The three charts.
pub(crate) fn overview(verdict: &Verdict) -> Element {
    let cards = element("div").class("cards");
    let cards = cards
        .child(charts::gauge(verdict))
        .child(charts::categories(verdict))
        .child(charts::severities(verdict));
    section("overview", "At a glance").child(cards)
}

/// Every rule that applied.
pub(crate) fn reasons(verdict: &Verdict) -> Element {
    let part = section("why", "Why");
    if verdict.reasons.is_empty() {
        return part.child(element("p").text("No rule against GO applied."));
    }
    let mut table = Table::new("The rules that applied", ["Rule", "Leads to", "Reason", "Checks"]);
    for reason in &verdict.reasons {
        table.row(
            element("tr"),
            [
                code(reason.rule.id()),
                pill(of_call(reason.rule.call()), reason.rule.call().word()),
                span(&reason.text),
                check_links(&reason.checks),
            ],
        );
    }
    let note = "A score alone never makes a GO: failed gates, open blockers and unproven checks come first.";
    part.child(table.finish()).child(element("p").class("note").text(note))
}

/// A row for each category.
pub(crate) fn categories(verdict: &Verdict) -> Element {
    let heading = ["Category", "Status", "Score", "Floor", "Weighted", "Blocker", "High", "Medium", "Low"];
    let mut table = Table::new("Score, floor, weight and open findings of each category", heading);
    verdict.categories.iter().for_each(|category| table.row(element("tr"), row(category)));
    table.row(element("tr").class("total"), all(verdict));
    let note = "The status of a category is the worst status of its checks. Weighted is what it adds to the points of \
                the whole, of its weight.";
    section("categories", "Categories").child(table.finish()).child(element("p").class("note").text(note))
}

fn row(category: &CategoryScore) -> Vec<Element> {
    let capped =
        category.uncapped.as_ref().map(|measured| span(format!(", capped from {}", score(measured))));
    let floor = category.floor.map_or_else(
        || span("none"),
        |floor| match category.floor_met {
            true => span(format!("{floor} met")),
            false => element("strong").class("bad-text").text(format!("{floor} NOT MET")),
        },
    );
    let name = element("span")
        .child(element("b").text(&category.id))
        .child(element("small").text(&category.question));
    let mut cells = vec![
        name,
        words::worst(&category.counts).map_or_else(|| span("nothing planned"), status),
        span(score(&category.score)).children(capped),
        floor,
        span(&category.weighted),
    ];
    cells.extend(Severity::ALL.map(|severity| span(category.open.of(severity).to_string())));
    cells
}

/// The row of all categories together.
fn all(verdict: &Verdict) -> Vec<Element> {
    let mut cells = vec![
        element("b").text("All"),
        words::worst(&verdict.counts).map_or_else(|| span("nothing planned"), status),
        span(score(&verdict.score)),
        span(""),
        span(&verdict.score.points),
    ];
    cells.extend(Severity::ALL.map(|severity| span(verdict.open.of(severity).to_string())));
    cells
}

/// `50% (2/4)`
fn score(score: &Score) -> String {
    format!("{} ({})", score.percent, score.points)
}
