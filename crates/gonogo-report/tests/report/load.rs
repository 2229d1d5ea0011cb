//! Runs under load: the figures of the verdict, drawn in every form.

use gonogo_model::load::{Band, LoadRun, Moment, rate, time};
use gonogo_model::verdict::Verdict;
use gonogo_report::Format;

use crate::fixture;

/// A GO with a run of half a minute that stalls once.
pub(crate) fn verdict() -> Verdict {
    let mut verdict = crate::go::verdict();
    let moment = |second: u64| {
        let is_stalled = second == 17;
        Moment {
            second,
            offered_milli: 500_000,
            achieved_milli: if is_stalled { 0 } else { 498_000 + second * 20 },
            failed: u64::from(is_stalled) * 12,
            p50_us: (!is_stalled).then_some(21_000 + second * 40),
            p95_us: (!is_stalled).then_some(48_000 + second * 90),
            p99_us: (!is_stalled).then_some(if second == 18 { 1_204_000 } else { 90_000 + second * 200 }),
        }
    };
    let band = |(at, requests): (u64, u64)| {
        let up_to_us = 1_000 << at;
        Band { up_to_us, up_to: time(up_to_us), requests }
    };
    let bands = (1..).zip([900, 31_000, 2_400, 2]).map(band);
    verdict.loads = vec![LoadRun {
        evidence: "steady#1".to_owned(),
        item: "all".to_owned(),
        checks: vec!["health".to_owned()],
        moments: (0..30).map(moment).collect(),
        bands: bands.collect(),
        longest_us: 1_204_000,
        longest: time(1_204_000),
        fastest_milli: 500_400,
        fastest: rate(500_400),
        fullest: 31_000,
    }];
    verdict
}

#[test]
fn terminal_and_markdown() {
    let part = |text: String, from: &str| text.split_once(from).unwrap().1.to_owned();
    let terminal = part(fixture::render(&verdict(), Format::Terminal), "UNDER LOAD");
    insta::assert_snapshot!("load_terminal", terminal.split("Ask why").next().unwrap());
    let markdown = part(fixture::render(&verdict(), Format::Markdown), "## Under load");
    insta::assert_snapshot!("load_markdown", markdown.split("\n## ").next().unwrap());
}

#[test]
fn a_stall_breaks_the_lines_and_the_highest_figure_is_at_the_top() {
    let html = fixture::render(&verdict(), Format::Html);
    let paths = |class: &str| -> Vec<&str> {
        let start = format!("<path class=\"{class}\" d=\"");
        html.split(&start).skip(1).map(|rest| rest.split('"').next().unwrap()).collect()
    };
    assert_eq!(paths("p99").len(), 1);
    assert_eq!(paths("p99")[0].matches("M ").count(), 2);
    assert!(paths("p99")[0].contains(" 14 L "), "the longest time is not at the top: {}", paths("p99")[0]);
    assert_eq!(paths("achieved")[0].matches("M ").count(), 1);
    assert!(paths("achieved")[0].contains(" 164 L "), "no good answer is not at the bottom");
    assert_eq!(html.matches("class=\"failed\"").count(), 1);
    assert_eq!(html.matches("class=\"band\"").count(), 4);
    for said in ["1.20 s", "500/s", "29 s", "31000", "href=\"#load\""] {
        assert!(html.contains(said), "{said}");
    }
    assert!(!fixture::render(&crate::go::verdict(), Format::Html).contains("id=\"load\""));
}

#[test]
fn a_run_of_one_moment_is_dots_and_one_without_times_has_no_such_drawing() {
    let mut verdict = verdict();
    verdict.loads[0].moments.truncate(1);
    assert!(fixture::render(&verdict, Format::Html).contains("<circle class=\"p99\""));
    let run = &mut verdict.loads[0];
    run.longest_us = 0;
    run.bands.clear();
    run.moments
        .iter_mut()
        .for_each(|moment| (moment.p50_us, moment.p95_us, moment.p99_us) = (None, None, None));
    let html = fixture::render(&verdict, Format::Html);
    assert!(html.contains("Requests a second over time") && !html.contains("Latency over time"));
}
