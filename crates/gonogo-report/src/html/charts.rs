//! Charts as inline SVG. A length is the verdict's own percentage as an attribute, and the same
//! figure stands beside it as text.

use gonogo_model::status::Severity;
use gonogo_model::verdict::{CategoryScore, Verdict};

use super::markup::{Element, element};
use super::parts::{Tone, of_call, of_severity, severity, span};

/// The score on an arc with both thresholds.
pub(crate) fn gauge(verdict: &Verdict) -> Element {
    let score = &verdict.score;
    let label = format!("Score {} of 100%", score.percent);
    let arc = || element("path").attr("d", "M 12 66 A 54 54 0 0 1 120 66").attr("pathLength", "100");
    let filled = number(&score.percent).map(|length| {
        arc()
            .class(&format!("arc {}", of_call(verdict.call).class()))
            .attr("stroke-dasharray", format!("{length} 200"))
    });
    let thresholds = [verdict.thresholds.conditional_at, verdict.thresholds.go_at];
    let ticks = thresholds.into_iter().filter_map(|threshold| {
        let threshold = threshold.to_string();
        let at = number(&threshold)?;
        Some(
            arc()
                .class("tick")
                .attr("stroke-dasharray", "0.8 200")
                .attr("stroke-dashoffset", format!("-{at}")),
        )
    });
    let write = |y: &str, class: &str, text: &str| {
        element("text").attr("x", "66").attr("y", y).class(class).label(text)
    };
    let drawing = svg("0 0 132 84", &label)
        .class("gauge")
        .child(arc().class("arc rail"))
        .children(filled)
        .children(ticks)
        .child(write("60", "figure", &score.percent))
        .child(write("78", "points", &score.points));
    let needs = format!(
        "GO from {}, CONDITIONAL GO from {} (the two ticks). Exactly {}.",
        verdict.thresholds.go_at, verdict.thresholds.conditional_at, score.exact
    );
    card("Score").child(drawing).child(element("p").class("note").text(needs))
}

/// A bar for each category with its floor, and its weight under it.
pub(crate) fn categories(verdict: &Verdict) -> Element {
    let whole: u64 = verdict.categories.iter().map(|category| u64::from(category.weight)).sum();
    let rows = verdict.categories.iter().map(|category| of_category(category, whole));
    let legend = "Wide bar: score, pale where an open high finding caps it. Narrow bar: weight in the whole. \
                  Line: floor.";
    let list = element("ul").class("bars").children(rows);
    card("Score by category").child(list).child(element("p").class("note").text(legend))
}

fn of_category(category: &CategoryScore, whole: u64) -> Element {
    let tone = if category.floor_met { Tone::Calm } else { Tone::Bad };
    let bar = |percent: &str, class: &str| {
        let rect = element("rect").attr("y", "2").attr("height", "14").attr("width", percent).class(class);
        number(percent).map(|_| rect)
    };
    let uncapped = category.uncapped.as_ref().and_then(|score| bar(&score.percent, "bar pale"));
    let floor = category.floor.map(|floor| floor.to_string()).filter(|floor| number(floor).is_some());
    let floor_line = floor.as_ref().map(|at| {
        element("line").attr("x1", at).attr("x2", at).attr("y1", "0").attr("y2", "18").class("floor")
    });
    let weight = element("svg")
        .attr("viewBox", format!("0 0 {} 4", whole.max(1)))
        .attr("preserveAspectRatio", "none")
        .attr("y", "20")
        .attr("width", "100%")
        .attr("height", "4")
        .child(
            element("rect").attr("width", category.weight.to_string()).attr("height", "4").class("weight"),
        );
    let drawing = element("svg")
        .class("row")
        .attr("aria-hidden", "true")
        .child(element("rect").attr("y", "2").attr("height", "14").attr("width", "100%").class("bar rail"))
        .children(uncapped)
        .children(bar(&category.score.percent, &format!("bar {}", tone.class())))
        .children(floor_line)
        .child(weight);
    element("li").child(element("b").text(&category.id)).child(about(category)).child(drawing)
}

/// `50% (2/4), weight 30, floor 100% NOT MET`
fn about(category: &CategoryScore) -> Element {
    let floor = category.floor.map(|floor| match category.floor_met {
        true => span(format!(", floor {floor} met")),
        false => span(", ").child(element("strong").class("bad-text").text(format!("floor {floor} NOT MET"))),
    });
    let score = format!("{} ({}), weight {}", category.score.percent, category.score.points, category.weight);
    element("span").class("about").text(score).children(floor)
}

/// A bar for each severity.
pub(crate) fn severities(verdict: &Verdict) -> Element {
    let most = Severity::ALL.map(|severity| verdict.open.of(severity)).into_iter().max().unwrap_or_default();
    let rows = Severity::ALL.map(|severity| of_count(severity, verdict.open.of(severity), most));
    let note = "Open findings. Accepted ones are not counted.";
    let list = element("ul").class("bars counts").children(rows);
    card("Findings by severity").child(list).child(element("p").class("note").text(note))
}

fn of_count(severity_of: Severity, number: u64, most: u64) -> Element {
    let tone = of_severity(severity_of).class();
    let rect = element("rect").attr("width", number.to_string()).attr("height", "18");
    let drawing = element("svg")
        .class("row")
        .attr("aria-hidden", "true")
        .attr("viewBox", format!("0 0 {} 18", most.max(1)))
        .attr("preserveAspectRatio", "none")
        .child(element("rect").attr("width", most.max(1).to_string()).attr("height", "18").class("bar rail"))
        .child(rect.class(&format!("bar {tone}")));
    element("li").child(severity(severity_of)).child(element("b").text(number.to_string())).child(drawing)
}

fn card(title: &str) -> Element {
    element("div").class("card").child(element("h3").text(title))
}

/// A drawing with a name for those who do not see it.
pub(crate) fn svg(view_box: &str, label: &str) -> Element {
    element("svg").attr("viewBox", view_box).attr("role", "img").attr("aria-label", label)
}

/// `44.69` of `44.69%`: digits with at most one point, else nothing is drawn.
fn number(percent: &str) -> Option<&str> {
    let number = percent.strip_suffix('%')?;
    let parts: Vec<&str> = number.split('.').collect();
    let is_digits = |part: &&str| !part.is_empty() && part.chars().all(|c| c.is_ascii_digit());
    (parts.len() <= 2 && parts.iter().all(is_digits)).then_some(number)
}
