//! What was watched during a soak, as items: what the process holds, how long answers took, and how
//! full pools and queues were.

use gonogo_load::measure::Window;
use gonogo_model::fact::Item;

use crate::load::chart::tally;
use crate::load::gauges::Gauge;
use crate::load::series::Series;
use crate::load::setup::Run;
use crate::load::trend::{Block, Course, Point};
use crate::load::watch::{Held, Watch, Watched};

/// Answers of a block whose p95 is told.
const SAMPLES: u64 = 200;
const MOST_BLOCKS: u64 = 40;

/// What was watched, in items: what the process holds, how long answers took, and the gauges.
pub(super) fn gathered(run: &Run, watch: &Watch, watched: &Watched, gauges: &[Gauge]) -> Vec<Item> {
    let within = |points: &[Point]| -> Vec<Point> { inside(points, run.window) };
    let mut items = Vec::new();
    for (held, points) in Held::ALL.iter().zip(&watched.held) {
        let points = within(points);
        // What nobody tells of is not there; what was told of once and then no more is.
        if watch.process.is_some() || !points.is_empty() {
            items.push(of_process(*held, &points));
        }
    }
    items.push(of_latency(run));
    let mut seen = watched.asked.iter().map(|points| within(points));
    for gauge in gauges {
        let own: Vec<Vec<Point>> = gauge.asked().filter_map(|_| seen.next()).collect();
        items.push(gauge.item(&own.iter().map(Vec::as_slice).collect::<Vec<_>>()));
    }
    items
}

fn inside(points: &[Point], window: Window) -> Vec<Point> {
    let within = |point: &&Point| (f64::from(window.from_s)..f64::from(window.to_s)).contains(&point.at_s);
    points.iter().filter(within).copied().collect()
}

fn of_process(held: Held, points: &[Point]) -> Item {
    let unit = (held == Held::Rss).then_some("bytes");
    let series = Series { unit, points, block: Block::Floor };
    let leaks = series.course().map(|course| course == Course::Rises);
    series
        .facts(Item::new(format!("process/{}", held.word())).fact("role", "series"))
        .fact_if_known("leaks", leaks)
}

/// The p95 of as many stretches as there are enough answers for.
fn of_latency(run: &Run) -> Item {
    let (recording, window) = (run.recording(), run.window);
    let grain_s = recording.layout().grain_s;
    let grains = u64::from((window.to_s - window.from_s).div_ceil(grain_s));
    let good = tally(recording, window).good.count();
    let count = (good / SAMPLES).min(MOST_BLOCKS).min(grains);
    let edge = |at: u64| {
        let grains = u32::try_from(at * grains / count.max(1)).unwrap_or(u32::MAX);
        window.from_s.saturating_add(grains.saturating_mul(grain_s)).min(window.to_s)
    };
    let point = |at: u64| {
        let part = Window { from_s: edge(at), to_s: edge(at + 1) };
        let us = tally(recording, part).good.quantile_us(0.95)?;
        Some(Point { at_s: f64::from(part.from_s + part.to_s) / 2.0, value: us as f64 / 1_000.0 })
    };
    let points: Vec<Point> = (0..count).filter_map(point).collect();
    let series = Series { unit: Some("ms"), points: &points, block: Block::Middle };
    series.facts(Item::new("latency/p95").fact("role", "series"))
}
