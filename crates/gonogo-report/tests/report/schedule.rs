//! The schedule in every form: its figures, its charts, and that no name can draw anything.

use gonogo_model::verdict::{ScheduledTask, Verdict};
use gonogo_report::Format;

use crate::fixture::{self, task};
use crate::hostile::NASTY;

/// The lines of the chart in a Markdown report.
fn chart(verdict: &Verdict) -> Vec<String> {
    let markdown = fixture::render(verdict, Format::Markdown);
    let mut charts = markdown.split("```mermaid\n").skip(1);
    let chart = charts.next().map(|rest| rest.split_once("\n```\n").unwrap().0);
    assert!(charts.next().is_none());
    chart.map(|chart| chart.lines().map(str::to_owned).collect()).unwrap_or_default()
}

/// What one line draws: tags, id, what it waits for, minutes.
fn drawn(line: &str) -> (Vec<&str>, &str, Vec<&str>, u32) {
    let (name, what) = line.split_once(':').unwrap();
    assert!(name.starts_with("  fix ") || name.starts_with("  stage "), "{name}");
    let mut parts: Vec<&str> = what.split(',').map(str::trim).collect();
    let minutes = parts.pop().unwrap().strip_suffix('m').unwrap().parse().unwrap();
    let start = parts.pop().unwrap();
    let id = parts.pop().unwrap();
    let waits = start.strip_prefix("after ").map(|ids| ids.split(' ').collect());
    assert!(waits.is_some() || start == "2000-01-01 00:00", "{start}");
    (parts, id, waits.unwrap_or_default(), minutes)
}

#[test]
fn the_chart_draws_the_minutes_and_the_needs_of_the_verdict() {
    for (name, verdict) in fixture::answers() {
        let lines = chart(&verdict);
        let tasks: Vec<&ScheduledTask> =
            verdict.schedule.tasks.iter().filter(|task| !task.after_launch).collect();
        assert_eq!(lines.len(), if tasks.is_empty() { 0 } else { tasks.len() + 4 }, "{name}");
        for (at, (line, task)) in lines.iter().skip(4).zip(&tasks).enumerate() {
            let (tags, id, waits, minutes) = drawn(line);
            assert_eq!((id, minutes), (format!("t{at}").as_str(), task.effort.unwrap_or_default().most));
            let of = |id: &&String| format!("t{}", tasks.iter().position(|other| other.id == **id).unwrap());
            let needs: Vec<String> =
                task.needs.iter().chain(&task.after).collect::<Vec<_>>().iter().map(of).collect();
            assert_eq!(waits, needs, "{line}");
            assert_eq!(tags.contains(&"crit"), task.slack.unwrap().at_most.0 == 0);
            assert_eq!(tags.contains(&"milestone"), minutes == 0);
        }
    }
}

/// A name has no character that means anything to Mermaid, and no line begins with one.
#[test]
fn no_name_can_draw_or_end_the_chart() {
    let mermaid =
        ["x: crit, 1d", "a; click t0 href \"javascript:1\"", "section x", "%%{init: {}}%%", "#35;", "```"];
    for nasty in NASTY.into_iter().chain(mermaid) {
        let mut verdict = crate::no_go::verdict();
        let before = chart(&verdict).len();
        for task in &mut verdict.schedule.tasks {
            task.title = format!("{nasty}{}{nasty}", task.title);
            task.owner = Some(nasty.to_owned());
            task.id.push_str(nasty);
            task.needs.iter_mut().chain(&mut task.after).for_each(|id| id.push_str(nasty));
        }
        verdict.schedule.critical = Default::default();
        verdict.schedule.unblocks_most.clear();
        let lines = chart(&verdict);
        assert_eq!(lines.len(), before, "{nasty:?}");
        for line in lines.iter().skip(4) {
            drawn(line);
            let bad = |c: char| !c.is_alphanumeric() && !" .,_/-+=()…:".contains(c);
            assert_eq!(line.find(bad), None, "{line}");
            assert_eq!(line.replace("00:00", "").matches(':').count(), 1, "{line}");
        }
    }
}

/// The page draws a bar as long as the verdict says.
#[test]
fn the_page_draws_the_schedule() {
    let html = fixture::render(&crate::no_go::verdict(), Format::Html);
    let marks = ["P50 43m", "P90 47m", "at most 51m", "class=\"gantt beside\"", "class=\"task critical\""];
    marks.iter().for_each(|mark| assert!(html.contains(mark), "{mark}"));
    // Of 51 minutes on 640 points, `performance` takes the last 45.
    assert!(html.contains("class=\"whole\" x=\"475\""), "{html}");
    // On a phone the names stand above the bars, and the same is drawn on 300 points.
    assert!(html.contains("class=\"gantt above\"") && html.contains("class=\"whole\" x=\"43\""), "{html}");
    let mut longer = crate::no_go::verdict();
    longer.schedule.total = fixture::effort("34m..1h42m");
    assert!(fixture::render(&longer, Format::Html).contains("class=\"whole\" x=\"437\""));
    assert!(!fixture::render(&crate::go::verdict(), Format::Html).contains("class=\"gantt "));
}

/// A crowd is drawn by its critical tasks, and every task is in the table.
#[test]
fn a_crowd_is_drawn_in_part_and_told_in_full() {
    let mut verdict = crate::no_go::verdict();
    let more = (0..100).map(|at| ScheduledTask {
        slack: fixture::ends("1m", "1m"),
        ..task(&format!("fix/9{at:03}"), "More", ["1m", "0m", "1m"], &[])
    });
    verdict.schedule.tasks.extend(more);
    assert_eq!(chart(&verdict).len(), 4 + 4);
    let html = fixture::render(&verdict, Format::Html);
    let markdown = fixture::render(&verdict, Format::Markdown);
    assert!(
        html.contains("Not every task is drawn")
            && html.contains("fix/9099")
            && markdown.contains("fix/9099")
    );
}

#[test]
fn a_schedule_that_names_what_it_does_not_have_is_refused() {
    let mut verdict = crate::no_go::verdict();
    verdict.schedule.tasks.pop();
    verdict.schedule.critical.at_most.push("stage/parity".into());
    let error = gonogo_report::render(&verdict, Format::Html, fixture::PLAIN).unwrap_err().to_string();
    assert!(error.contains("the schedule names the task `stage/parity`"), "{error}");
}
