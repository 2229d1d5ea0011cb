//! Runs under load as drawings: rates over time, latency over time, and how many requests took how
//! long. Places are those of the verdict's figures; the highest stands at each axis.

use gonogo_model::load::{LoadRun, Moment};
use gonogo_model::verdict::Verdict;

use super::charts::svg;
use super::markup::{Element, check_links, element};
use super::parts::{scroll, section};

/// Where the drawing begins and how far it goes.
const LEFT: u64 = 76;
const WIDE: u64 = 440;
const TOP: u64 = 14;
const HIGH: u64 = 150;
/// Moments of which each is a dot as well: a line through few says little.
const DOTTED: usize = 3;

/// Every run; nothing when nothing was under load.
pub(crate) fn runs(verdict: &Verdict) -> Option<Element> {
    let note = "Times count from when a request was to be sent. Moments in which nothing came have no time.";
    let part = section("load", "Under load").child(element("p").class("note").text(note));
    (!verdict.loads.is_empty()).then(|| part.children(verdict.loads.iter().map(run)))
}

fn run(run: &LoadRun) -> Element {
    let heading = element("h3").child(check_links(&run.checks));
    let charts = [Some(rates(run)), latency(run), distribution(run)].into_iter().flatten();
    element("div").class("load").child(heading).children(charts)
}

fn rates(run: &LoadRun) -> Element {
    let place = |milli: u64| height(milli, run.fastest_milli);
    let offered = line(run, "offered", |moment| Some(place(moment.offered_milli)));
    let achieved = line(run, "achieved", |moment| Some(place(moment.achieved_milli)));
    let failed = run.moments.iter().filter(|moment| moment.failed > 0).map(|moment| {
        let x = across(run, moment).to_string();
        let mark = element("line").class("failed").attr("x1", &x).attr("x2", &x);
        mark.attr("y1", (TOP + HIGH).to_string()).attr("y2", (TOP + HIGH - 10).to_string())
    });
    let failed: Vec<Element> = failed.collect();
    let drawing = axes(run, "Requests a second over time", &run.fastest)
        .children(offered)
        .children(achieved)
        .children(failed);
    let names = [("offered", "to be sent"), ("achieved", "good answers"), ("failed", "some failed")];
    figure("Requests a second", &names, drawing)
}

fn latency(run: &LoadRun) -> Option<Element> {
    let place = |us: Option<u64>| us.map(|us| height(us, run.longest_us));
    let drawing = axes(run, "Latency over time", &run.longest)
        .children(line(run, "p99", |moment| place(moment.p99_us)))
        .children(line(run, "p95", |moment| place(moment.p95_us)))
        .children(line(run, "p50", |moment| place(moment.p50_us)));
    let names = [("p50", "p50"), ("p95", "p95"), ("p99", "p99")];
    (run.longest_us > 0).then(|| figure("Latency of good answers", &names, drawing))
}

fn distribution(run: &LoadRun) -> Option<Element> {
    let (first, last) = (run.bands.first()?, run.bands.last()?);
    let count = u64::try_from(run.bands.len()).unwrap_or(1);
    let bars = (0_u64..).zip(&run.bands).map(|(at, band)| {
        let (from, to) = (LEFT + at * WIDE / count, LEFT + (at + 1) * WIDE / count);
        // What is rare still must be seen.
        let high =
            TOP + HIGH - height(band.requests, run.fullest).min(TOP + HIGH - u64::from(band.requests > 0));
        let said = format!("{} up to {}", band.requests, band.up_to);
        element("rect")
            .class("band")
            .attr("x", from.to_string())
            .attr("y", (TOP + HIGH - high).to_string())
            .attr("width", to.saturating_sub(from + 1).max(1).to_string())
            .attr("height", high.to_string())
            .child(element("title").label(said))
    });
    let ends = [(LEFT, "axis", first.up_to.clone()), (LEFT + WIDE, "axis end", last.up_to.clone())];
    let drawing = frame("How many requests took how long", &run.fullest.to_string())
        .children(ends.map(|(x, class, text)| write(class, x, TOP + HIGH + 16, text)))
        .children(bars);
    Some(figure("How many took how long", &[], drawing))
}

/// A drawing with its name and what its lines are.
fn figure(title: &str, names: &[(&str, &str)], drawing: Element) -> Element {
    let name = |(class, name): &(&str, &str)| element("span").class(&format!("key {class}")).text(name);
    let caption = element("p").class("keys").child(element("b").text(title)).children(names.iter().map(name));
    element("div").class("course").child(caption).child(scroll("Drawing", drawing))
}

fn frame(label: &str, most: &str) -> Element {
    let (right, bottom) = (LEFT + WIDE, TOP + HIGH);
    let path = format!("M {LEFT} {TOP} V {bottom} H {right}");
    svg(&format!("0 0 {} {}", right + 12, bottom + 24), label)
        .attr("width", (right + 12).to_string())
        .attr("height", (bottom + 24).to_string())
        .child(element("path").class("axes").attr("d", path))
        .child(write("axis end", LEFT - 8, TOP + 8, most.to_owned()))
        .child(write("axis end", LEFT - 8, bottom, "0".to_owned()))
}

fn axes(run: &LoadRun, label: &str, most: &str) -> Element {
    let end = run.moments.last().map_or(0, |moment| moment.second);
    frame(label, most).child(write("axis", LEFT, TOP + HIGH + 16, "0 s".to_owned())).child(write(
        "axis end",
        LEFT + WIDE,
        TOP + HIGH + 16,
        format!("{end} s"),
    ))
}

/// A line through the moments; where one has no place, it is broken.
fn line(run: &LoadRun, class: &str, place: impl Fn(&Moment) -> Option<u64>) -> Vec<Element> {
    let mut drawn = String::new();
    let mut dots = Vec::new();
    let mut is_broken = true;
    for moment in &run.moments {
        let Some(y) = place(moment) else {
            is_broken = true;
            continue;
        };
        let x = across(run, moment);
        drawn.push_str(&format!("{}{x} {y} ", if is_broken { "M " } else { "L " }));
        is_broken = false;
        let dot = element("circle").class(class).attr("cx", x.to_string()).attr("cy", y.to_string());
        dots.push(dot.attr("r", "3"));
    }
    dots.truncate(if run.moments.len() > DOTTED { 0 } else { DOTTED });
    let path = element("path").class(class).attr("d", drawn.trim_end());
    std::iter::once(path).filter(|_| !drawn.is_empty()).chain(dots).collect()
}

fn across(run: &LoadRun, moment: &Moment) -> u64 {
    let last = run.moments.last().map_or(1, |moment| moment.second).max(1);
    LEFT + part(moment.second, last, WIDE)
}

/// Where a figure stands: the highest one at the top.
fn height(figure: u64, most: u64) -> u64 {
    TOP + HIGH - part(figure, most, HIGH)
}

fn part(figure: u64, most: u64, of: u64) -> u64 {
    let exact = u128::from(figure.min(most)) * u128::from(of) / u128::from(most.max(1));
    u64::try_from(exact).unwrap_or(of)
}

fn write(class: &str, x: u64, y: u64, text: String) -> Element {
    element("text").class(class).attr("x", x.to_string()).attr("y", y.to_string()).label(text)
}
