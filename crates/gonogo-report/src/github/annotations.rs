//! Workflow commands: one line each, beside the line of the file it is about. GitHub shows ten
//! of each level for a step, so the worst come first and the last one says what is missing.

use gonogo_model::status::Severity;
use gonogo_model::verdict::{CheckResult, Finding, Verdict};

use crate::clean;
use crate::place::{self, Results, Spot};
use crate::words;

/// Annotations of one level that GitHub shows for one step.
const SHOWN: usize = 10;

/// The levels, worst first.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
enum Level {
    Error,
    Warning,
    Notice,
}

struct Annotation {
    level: Level,
    spot: Option<Spot>,
    title: String,
    message: String,
}

/// Findings, then checks about which nothing is known, then hints, then the verdict.
pub(crate) fn annotations(verdict: &Verdict) -> String {
    let results = place::results(verdict);
    let findings = verdict.findings.iter().map(|finding| of_finding(finding, &results));
    let silent = verdict.results.iter().filter(|result| result.status.is_unproven()).map(of_check);
    let hints = verdict.hints.iter().map(|hint| of_hint(hint, &results));
    let mut all: Vec<Annotation> = findings.chain(silent).chain(hints).collect();
    all.sort_by_key(|annotation| annotation.level);
    let mut text = String::new();
    let mut is_cut = false;
    for level in [Level::Error, Level::Warning, Level::Notice] {
        // The verdict itself takes the last place among the notices.
        let room = if level == Level::Notice { SHOWN - 1 } else { SHOWN };
        let of_level = || all.iter().filter(|annotation| annotation.level == level);
        of_level().take(room).for_each(|annotation| text.push_str(&line(annotation)));
        is_cut |= of_level().nth(room).is_some();
    }
    text + &line(&answer(verdict, is_cut))
}

fn of_finding(finding: &Finding, results: &Results<'_>) -> Annotation {
    let accepted = if finding.accepted { " (accepted)" } else { "" };
    let place = finding.location.as_ref().map(|location| format!("\nAt: {location}"));
    let fix = finding.fix.as_ref().map(|fix| format!("\nFix: {}", fix.text));
    Annotation {
        level: if finding.accepted { Level::Notice } else { level(finding.severity) },
        spot: place::of(finding, results),
        title: format!("{}{accepted}: {}", finding.severity, finding.title),
        message: format!("{}{}{}", finding.cause, place.unwrap_or_default(), fix.unwrap_or_default()),
    }
}

/// A hint is a notice after all others.
fn of_hint(hint: &Finding, results: &Results<'_>) -> Annotation {
    let title = format!("worth a look: {}", hint.title);
    Annotation { level: Level::Notice, title, ..of_finding(hint, results) }
}

fn of_check(result: &CheckResult) -> Annotation {
    Annotation {
        level: Level::Warning,
        spot: place::spec(&result.origin),
        title: format!("{}: {}", result.status, result.check),
        message: format!("Nothing is known about it: {}\n{}", result.title, result.why),
    }
}

/// The verdict, and that there is more than is shown.
fn answer(verdict: &Verdict, is_cut: bool) -> Annotation {
    let (score, coverage) = (&verdict.score, &verdict.coverage);
    let open = words::open(&verdict.open).map_or("nothing open".to_owned(), |open| format!("open: {open}"));
    let more = "\nOnly the worst are annotated; the step summary and `gonogo report` show all.";
    Annotation {
        level: Level::Notice,
        spot: None,
        title: format!("{}: {} ({})", verdict.call, verdict.system, verdict.environment),
        message: format!(
            "score {} ({}), looked at {} of {} checks, {open}{}",
            score.percent,
            score.points,
            coverage.looked,
            coverage.planned,
            if is_cut { more } else { "" }
        ),
    }
}

fn level(severity: Severity) -> Level {
    match severity {
        Severity::Blocker | Severity::High => Level::Error,
        Severity::Medium => Level::Warning,
        Severity::Low => Level::Notice,
    }
}

/// `::error file=a.env,line=7,title=…::…`
fn line(annotation: &Annotation) -> String {
    let Annotation { level, spot, title, message } = annotation;
    let command = match level {
        Level::Error => "error",
        Level::Warning => "warning",
        Level::Notice => "notice",
    };
    let spot = spot.as_ref();
    let properties = [
        ("file", spot.map(|spot| spot.path.clone())),
        ("line", spot.and_then(|spot| spot.line).map(|line| line.to_string())),
        ("col", spot.and_then(|spot| spot.column).map(|column| column.to_string())),
        ("title", Some(title.clone())),
    ];
    let filled = properties.into_iter().filter_map(|(name, value)| Some((name, value?)));
    let properties: Vec<String> =
        filled.map(|(name, value)| format!("{name}={}", property(&value))).collect();
    format!("::{command} {}::{}\n", properties.join(","), data(message))
}

/// Data after the last `::`.
fn data(text: &str) -> String {
    let text = clean::lines(text).join("\n");
    text.replace('%', "%25").replace('\r', "%0D").replace('\n', "%0A")
}

/// Data in a property, where a colon or a comma would end it.
fn property(text: &str) -> String {
    data(text).replace(':', "%3A").replace(',', "%2C")
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn data_cannot_end_a_command_or_start_another() {
        assert_eq!(data("100%\r\n::error::x\ny"), "100%25%0A::error::x%0Ay");
        assert_eq!(property("a:b,c%\nd"), "a%3Ab%2Cc%25%0Ad");
    }
}
