//! Terminal text fits its width, but for what cannot be broken.

use gonogo_model::verdict::Verdict;
use gonogo_report::{Format, Style, explain, plan, render};
use unicode_width::UnicodeWidthStr;

use crate::fixture;

/// A line may only be too wide when its last word alone is too wide for the place it stands in
/// (at most half of the page is indent and label), or when it is a command.
fn assert_fits(text: &str, width: usize, commands: &[&str]) {
    for line in text.lines().filter(|line| line.width() > width) {
        let is_command =
            commands.iter().any(|command| command.lines().any(|part| line.trim() == part.trim()));
        let widest = line.split(' ').map(UnicodeWidthStr::width).max().unwrap_or(0);
        assert!(is_command || widest > width / 3, "wider than {width}: {line}");
    }
}

fn commands(verdict: &Verdict) -> Vec<&str> {
    verdict.actions.iter().filter_map(|action| action.run.as_deref()).collect()
}

#[test]
fn every_report_fits() {
    for width in [40, 60, 72, 80, 100, 132, 200] {
        let style = Style { colour: false, width };
        for (_, verdict) in fixture::all() {
            assert_fits(&render(&verdict, Format::Terminal, style).unwrap(), width, &commands(&verdict));
            for result in verdict.results.iter().chain(&verdict.hint_results) {
                assert_fits(&explain(&verdict, &result.check, None, style).unwrap(), width, &[]);
            }
        }
        assert_fits(&plan(&crate::plan::example(), style), width, &[]);
    }
}

#[test]
fn at_eighty_columns_no_line_of_ours_is_too_wide() {
    for (name, verdict) in fixture::all() {
        let text = fixture::render(&verdict, Format::Terminal);
        assert!(text.lines().all(|line| line.width() <= 80), "{name}");
        assert!(text.lines().all(|line| line.trim_end() == line), "{name} has spaces at the end of a line");
    }
}

#[test]
fn no_width_is_too_small() {
    for width in [0, 1, 39, usize::MAX / 4096] {
        let style = Style { colour: true, width: width.min(100_000) };
        for (_, verdict) in fixture::all() {
            assert!(!render(&verdict, Format::Terminal, style).unwrap().is_empty());
        }
    }
}
