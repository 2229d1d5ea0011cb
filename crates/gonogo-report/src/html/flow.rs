//! The stages as boxes with arrows: a column holds the stages that wait for the column before.

use std::collections::BTreeMap;

use gonogo_model::verdict::{StageResult, Verdict};

use super::charts::svg;
use super::markup::{Element, element};
use super::parts::{of_stage, scroll, section, stage_mark};
use crate::words;

const WIDTH: usize = 190;
const HEIGHT: usize = 62;
/// Space between columns, and between rows.
const GAPS: (usize, usize) = (54, 14);
/// More stages than this are told by the matrix alone.
const MOST: usize = 60;
/// Characters that fit a box.
const FITS: usize = 22;

/// A box with its place.
struct Node<'a> {
    stage: &'a StageResult,
    x: usize,
    y: usize,
}

/// The drawing; nothing when there is nothing to see, or too much.
pub(crate) fn stages(verdict: &Verdict) -> Option<Element> {
    if verdict.stages.is_empty() || verdict.stages.len() > MOST {
        return None;
    }
    let nodes = placed(&verdict.stages);
    let places: BTreeMap<&str, (usize, usize)> =
        nodes.iter().map(|node| (node.stage.id.as_str(), (node.x, node.y))).collect();
    let right = nodes.iter().map(|node| node.x + WIDTH).max().unwrap_or(0) + 2;
    let bottom = nodes.iter().map(|node| node.y + HEIGHT).max().unwrap_or(0) + 2;
    let edges = nodes.iter().flat_map(|node| {
        let needs = node.stage.needs.iter().filter_map(|need| places.get(need.as_str()));
        needs.filter(|from| from.0 < node.x).map(|from| edge(*from, (node.x, node.y)))
    });
    let drawing = svg(
        &format!("0 0 {right} {bottom}"),
        "Stages and what they wait for; the matrix has the same as a table",
    )
    .class("flow")
    .attr("width", right.to_string())
    .attr("height", bottom.to_string())
    .children(edges)
    .children(nodes.iter().map(boxed));
    let note = "An arrow leads from a stage to the stages that need it. When a gate does not pass, what needs it is \
                BLOCKED and is not started.";
    let frame = element("div").class("flow-frame").child(scroll("Stages", drawing));
    Some(section("stages", "Stages").child(frame).child(element("p").class("note").text(note)))
}

/// Stages come in the order they run, so each need has its column before.
fn placed(stages: &[StageResult]) -> Vec<Node<'_>> {
    let mut columns: BTreeMap<&str, usize> = BTreeMap::new();
    let mut filled: BTreeMap<usize, usize> = BTreeMap::new();
    let mut nodes = Vec::new();
    for stage in stages {
        let needs = stage.needs.iter().filter_map(|need| columns.get(need.as_str()));
        let column = needs.map(|need| need + 1).max().unwrap_or(0);
        columns.insert(&stage.id, column);
        let row = filled.entry(column).or_default();
        nodes.push(Node { stage, x: column * (WIDTH + GAPS.0) + 1, y: *row * (HEIGHT + GAPS.1) + 1 });
        *row += 1;
    }
    nodes
}

fn edge(from: (usize, usize), to: (usize, usize)) -> Element {
    let (x1, y1, x2, y2) = (from.0 + WIDTH, from.1 + HEIGHT / 2, to.0, to.1 + HEIGHT / 2);
    let bend = x1 + (x2 - x1) / 2;
    let line = format!("M {x1} {y1} C {bend} {y1} {bend} {y2} {x2} {y2}");
    let (back, up, down) = (x2.saturating_sub(7), y2.saturating_sub(4), y2 + 4);
    let head = format!("M {back} {up} L {x2} {y2} L {back} {down}");
    element("path").class("edge").attr("d", format!("{line} {head}"))
}

fn boxed(node: &Node<'_>) -> Element {
    let Node { stage, x, y } = node;
    let (x, y) = (*x, *y);
    let write = |dy: usize, class: &str, text: String| {
        let at = element("text").attr("x", (x + 14).to_string()).attr("y", (y + dy).to_string());
        at.class(class).label(text)
    };
    let gate = if stage.gate { ", gate" } else { "" };
    let outline = element("rect").attr("x", x.to_string()).attr("y", y.to_string());
    let outline = outline.attr("width", WIDTH.to_string()).attr("height", HEIGHT.to_string()).attr("rx", "8");
    element("g")
        .class(&format!("node {}{}", of_stage(stage.state).class(), if stage.gate { " gate" } else { "" }))
        .child(element("title").label(&stage.title))
        .child(outline)
        .child(write(20, "name", cut(&stage.id)))
        .child(write(37, "state", format!("{} {}{gate}", stage_mark(stage.state), stage.state.word())))
        .child(write(53, "counts", counts(stage)))
}

/// Worst first, as many as fit; a number is never cut.
fn counts(stage: &StageResult) -> String {
    let mut text = String::new();
    for (status, number) in words::by_status(&stage.counts) {
        let between = if text.is_empty() { "" } else { ", " };
        let more = format!("{between}{status} {number}");
        if !text.is_empty() && text.chars().count() + more.chars().count() > FITS {
            return text + "…";
        }
        text.push_str(&more);
    }
    text
}

fn cut(text: &str) -> String {
    match text.char_indices().nth(FITS + 2) {
        Some(_) => text.chars().take(FITS).chain(['…']).collect(),
        None => text.to_owned(),
    }
}
