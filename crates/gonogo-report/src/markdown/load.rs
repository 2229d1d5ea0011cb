//! Runs under load as Mermaid charts. Everything in them is a number or a word of ours.

use gonogo_model::load::{LoadRun, Moment};
use gonogo_model::verdict::Verdict;

use super::document::{Document, check_link, fenced, text};
/// Points of a chart; Mermaid draws more than this too close to read.
const POINTS: usize = 60;

/// Every run; nothing when nothing was under load.
pub(crate) fn runs(document: &mut Document, verdict: &Verdict) {
    if verdict.loads.is_empty() {
        return;
    }
    document.heading(2, "Under load");
    for run in &verdict.loads {
        let checks: Vec<String> = run.checks.iter().map(|check| check_link(check)).collect();
        document.block(&format!(
            "{}: at most {} asked for or answered in a second, and in no moment a p99 over {}. Of each stretch the worst moment is drawn: the fewest good answers, and the longest p99.",
            checks.join(", "),
            text(&run.fastest),
            text(&run.longest)
        ));
        for chart in charts(run) {
            document.block(&fenced(&chart, "mermaid", 0));
        }
    }
}

fn charts(run: &LoadRun) -> [String; 2] {
    let stretches: Vec<&[Moment]> = run.moments.chunks(run.moments.len().div_ceil(POINTS).max(1)).collect();
    let end = run.moments.last().map_or(0, |moment| moment.second);
    let chart = |title: &str, axis: &str, lines: &[Vec<String>]| {
        let lines: Vec<String> = lines.iter().map(|line| format!("  line [{}]", line.join(", "))).collect();
        format!(
            "xychart-beta\n  title \"{title}\"\n  x-axis \"seconds\" 0 --> {}\n  y-axis \"{axis}\"\n{}",
            end.max(1),
            lines.join("\n")
        )
    };
    let of = |value: &dyn Fn(&[Moment]) -> Option<u64>| -> Vec<String> {
        stretches.iter().map(|stretch| thousandths(value(stretch).unwrap_or(0))).collect()
    };
    let offered = of(&|stretch| stretch.iter().map(|moment| moment.offered_milli).max());
    let achieved = of(&|stretch| stretch.iter().map(|moment| moment.achieved_milli).min());
    let p99 = of(&|stretch| stretch.iter().filter_map(|moment| moment.p99_us).max());
    [
        chart("to be sent, and good answers", "in a second", &[offered, achieved]),
        chart("p99 of good answers", "ms", &[p99]),
    ]
}

fn thousandths(number: u64) -> String {
    format!("{}.{:03}", number / 1_000, number % 1_000)
}
