//! Hints are told apart in every form and never as something that failed; many places of one rule
//! are told once.

use gonogo_model::fact::Location;
use gonogo_model::status::{Severity, Status};
use gonogo_model::verdict::*;
use gonogo_report::{Format, RenderError, explain, render};
use serde_json::{Value, json};

use crate::fixture::*;
use crate::{github, junit};

const SERVICES: [&str; 10] =
    ["api", "auth", "cache", "db", "jobs", "mail", "proxy", "search", "web", "worker"];

/// A check over the services of a Compose file, with what it found in them.
fn over_services(of: CheckResult, how_many: usize) -> (CheckResult, Vec<Finding>) {
    let mut result = CheckResult { expect: Some("limit_mib > 0".into()), ..of };
    result.evidence = Some(format!("{}#1", result.check));
    let mut findings = Vec::new();
    for (at, service) in SERVICES.iter().take(how_many).enumerate() {
        let mut one = looked(
            result.clone(),
            &format!("compose.yaml/{service}"),
            &[("kind", json!("service")), ("limit_mib", json!(0)), ("replicas", json!(at % 3))],
            "limit_mib > 0",
        );
        let line = u32::try_from(10 * at + 4).unwrap();
        one.items[0].location =
            Some(Location { source: "compose.yaml".into(), line: Some(line), column: Some(3) });
        let cause = format!("expected `limit_mib > 0`; measured replicas = {}", at % 3);
        let advice = fix("Set `mem_limit` for the service", None, Some("5m"), "platform");
        let impact = Some("One service can take the memory of all.".into());
        findings.push(Finding { impact, ..finding(&one, &cause, advice) });
        result.items.push(one.items.remove(0));
    }
    (result, findings)
}

/// GO, with three hints that found something, one of them in three places, one that could not
/// look and one that has nothing to say.
pub(crate) fn verdict() -> Verdict {
    let mut verdict = crate::go::verdict();
    let hint = |id: &str, line, title: &str, status, why: &str| CheckResult {
        severity: Severity::Low,
        ..check((id, "verify", "runtime", line), title, status, why)
    };
    let (limits, found) = over_services(
        hint("limits", 60, "Every service has a memory limit", Status::Fail, "fails for 3 items"),
        3,
    );
    let retry =
        hint("retries", 66, "A failed start is tried again", Status::Partial, "holds in part for api");
    let mut retry = looked(retry, "api", &[("restart", json!("on-failure"))], "restart == 'always'");
    retry.items[0].location =
        Some(Location { source: "compose.yaml".into(), line: Some(7), column: Some(5) });
    let advice = fix("Set `restart: unless-stopped`", None, None, "platform");
    verdict.hints = found;
    verdict.hints.push(finding(
        &retry,
        "expected `restart == 'always'`; measured restart = on-failure",
        advice,
    ));
    verdict.hint_results = vec![
        limits,
        retry,
        hint("log-paths", 70, "Logs are collected", Status::Error, "promtail.yaml cannot be read"),
        hint("names", 74, "Services have names", Status::Pass, "the assertion holds for 3 items"),
    ];
    verdict
}

/// NO-GO by one rule in ten places, one of them accepted.
pub(crate) fn crowd() -> Verdict {
    let mut verdict = Verdict { call: Call::NoGo, ..crate::go::verdict() };
    let limits = check(
        ("limits", "verify", "runtime", 60),
        "Every service has a memory limit",
        Status::Fail,
        "fails for 10 items",
    );
    let (limits, mut findings) = over_services(limits, SERVICES.len());
    findings[1].accepted = true;
    verdict.stages[1].state = StageState::NotPassed;
    verdict.reasons = vec![Reason {
        rule: Rule::BlockerOpen,
        text: "9 blockers are open".into(),
        checks: vec!["limits".into()],
        entries: vec![],
    }];
    verdict.actions = vec![action(1, &findings[0], &[])];
    verdict.results.push(limits);
    verdict.findings = findings;
    let clean = |counts: &mut Counts, open: &mut SeverityCounts| {
        *counts = Counts::default();
        *open = SeverityCounts::default();
    };
    verdict.coverage = Coverage { planned: 0, looked: 0 };
    clean(&mut verdict.counts, &mut verdict.open);
    verdict.categories.iter_mut().for_each(|category| clean(&mut category.counts, &mut category.open));
    verdict.stages.iter_mut().for_each(|stage| stage.counts = Counts::default());
    counted(verdict)
}

/// The lines from `start` to before `end`.
fn part<'a>(text: &'a str, start: &str, end: &str) -> &'a str {
    let from = text.find(start).unwrap_or_else(|| panic!("no {start} in {text}"));
    let rest = &text[from..];
    rest[start.len()..].find(end).map_or(rest, |to| &rest[..start.len() + to]).trim_end()
}

#[test]
fn worth_a_look() {
    let verdict = verdict();
    let text = render(&verdict, Format::Terminal, PLAIN).unwrap();
    insta::assert_snapshot!("hints_terminal", part(&text, "WORTH A LOOK", "\n\n"));
    let text = render(&verdict, Format::Markdown, PLAIN).unwrap();
    insta::assert_snapshot!("hints_markdown", part(&text, "## Worth a look", "\n## "));
    let text = render(&verdict, Format::Junit, PLAIN).unwrap();
    insta::assert_snapshot!(
        "hints_junit",
        part(&text, "    <testsuite name=\"worth a look\"", "\n</testsuites>")
    );
    let text = render(&verdict, Format::GithubSummary, PLAIN).unwrap();
    insta::assert_snapshot!("hints_github_summary", part(&text, "### Worth a look", "\n### "));
    insta::assert_snapshot!("hints_explain", explain(&verdict, "limits", None, PLAIN).unwrap());
}

#[test]
fn a_rule_with_many_places_is_told_once() {
    let text = render(&crowd(), Format::Terminal, PLAIN).unwrap();
    insta::assert_snapshot!("crowd_terminal", part(&text, "FINDINGS", "\n\n"));
    let text = render(&crowd(), Format::Markdown, PLAIN).unwrap();
    insta::assert_snapshot!("crowd_markdown", part(&text, "#### ", "\n## "));
}

/// The only number that a report counts itself is how many lines it left out, and it is right.
#[test]
fn what_the_terminal_leaves_out_is_counted_and_only_there() {
    for places in 1..=SERVICES.len() {
        let mut verdict = crowd();
        verdict.findings.truncate(places);
        let seen = |format| {
            let text = render(&verdict, format, PLAIN).unwrap();
            verdict
                .findings
                .iter()
                .filter(|f| text.contains(&f.location.as_ref().unwrap().to_string()))
                .count()
        };
        let text = render(&verdict, Format::Terminal, PLAIN).unwrap();
        let told = text.lines().find_map(|line| line.trim().strip_prefix("and ")?.split_once(" more;"));
        let left_out: usize = told.map_or(0, |(number, _)| number.parse().unwrap());
        assert_eq!(left_out, places.saturating_sub(8));
        assert_eq!(seen(Format::Terminal) + left_out, places, "{text}");
        assert_eq!(text.contains("`--format json` has all"), left_out > 0);
        for format in [Format::Markdown, Format::Html] {
            assert_eq!(seen(format), places, "{format} holds all");
        }
    }
}

#[test]
fn what_is_the_same_everywhere_is_told_once_and_what_differs_at_its_place() {
    let text = render(&crowd(), Format::Terminal, PLAIN).unwrap();
    assert_eq!(text.matches("limit_mib = 0").count(), 1, "{text}");
    assert!(text.contains("compose.yaml:24:3 cache: replicas = 2"), "{text}");
    assert!(text.contains("compose.yaml:14:3 auth: replicas = 1 (ACCEPTED)"), "{text}");
    assert_eq!(text.matches("Every service has a memory limit").count(), 1, "{text}");
    // Places are in the order of the file, whatever their names.
    let mut mixed = crowd();
    mixed.findings.reverse();
    let mixed = render(&mixed, Format::Terminal, PLAIN).unwrap();
    assert_eq!(part(&mixed, "FINDINGS", "\n\n"), part(&text, "FINDINGS", "\n\n"));
    // A finding with another severity or another fix is another rule.
    let mut other = crowd();
    other.findings[3].severity = Severity::Low;
    other.findings[4].fix = Some(fix("Stop it", None, None, "platform"));
    let text = render(&other, Format::Terminal, PLAIN).unwrap();
    assert_eq!(text.matches("Every service has a memory limit").count(), 3, "{text}");
}

#[test]
fn a_cause_that_a_fact_says_is_whole_at_its_place() {
    let mut verdict = crowd();
    let limits = verdict.results.iter_mut().find(|result| result.check == "limits").unwrap();
    for (item, finding) in limits.items.iter_mut().zip(&mut verdict.findings) {
        finding.cause =
            format!("{} takes more memory than the machine has, and the machine has little", item.key);
        item.facts.insert("wrong".into(), finding.cause.clone().into());
    }
    let text = render(&verdict, Format::Terminal, PLAIN).unwrap();
    let words: Vec<&str> = text.split_whitespace().collect();
    assert!(
        words.join(" ").contains("takes more memory than the machine has, and the machine has little"),
        "{text}"
    );
    assert!(!text.contains("limit_mib"), "{text}");
}

#[test]
fn hints_change_nothing_else_in_a_report() {
    let (with, without) = (verdict(), crate::go::verdict());
    let said = |verdict: &Verdict, format| render(verdict, format, PLAIN).unwrap();
    let cut = |text: &str, start: &str, end: &str| {
        let hints = part(text, start, end).to_owned();
        text.replacen(&format!("{hints}\n\n"), "", 1)
    };
    let terminal = cut(&said(&with, Format::Terminal), "WORTH A LOOK", "\n\n");
    assert_eq!(terminal, said(&without, Format::Terminal));
    let markdown = cut(&said(&with, Format::Markdown), "## Worth a look", "\n## ");
    assert_eq!(markdown, said(&without, Format::Markdown));
    for format in Format::ALL.into_iter().filter(|format| *format != Format::Json) {
        assert!(!said(&without, format).to_lowercase().contains("worth a look"), "{format}");
        assert!(said(&with, format).contains("memory limit"), "{format}");
    }
}

#[test]
fn nothing_fails_in_junit_because_of_a_hint() {
    let seen = junit::assert_agrees(&verdict());
    let ended = |name: &str| seen.cases.iter().find(|case| case.0 == name).unwrap().1.clone();
    for hint in ["limits", "retries", "log-paths"] {
        assert_eq!(ended(hint).as_deref(), Some("skipped"), "{hint}");
    }
    assert_eq!(ended("names"), None);
}

#[test]
fn in_sarif_a_hint_is_a_note_that_says_so() {
    let mut verdict = verdict();
    verdict.hints.iter_mut().for_each(|hint| hint.severity = Severity::Medium);
    verdict.hint_results.iter_mut().for_each(|hint| hint.severity = Severity::Medium);
    let text = render(&verdict, Format::Sarif, PLAIN).unwrap();
    crate::sarif::assert_valid(&text);
    let log: Value = serde_json::from_str(&text).unwrap();
    let run = &log["runs"][0];
    let results = run["results"].as_array().unwrap();
    assert_eq!(results.len(), verdict.hints.len());
    for (result, hint) in results.iter().zip(&verdict.hints) {
        assert_eq!((&result["level"], &result["kind"]), (&json!("note"), &json!("fail")));
        assert_eq!(result["properties"]["certainty"], "likely");
        assert_eq!(result["partialFingerprints"], json!({"gonogo/v1": hint.fingerprint.as_str()}));
        let rule = &run["tool"]["driver"]["rules"][result["ruleIndex"].as_u64().unwrap() as usize];
        assert_eq!((&rule["id"], &rule["properties"]["precision"]), (&result["ruleId"], &json!("low")));
        assert_eq!(rule["defaultConfiguration"]["level"], "note");
    }
    let told = &run["invocations"][0];
    assert_eq!(told["executionSuccessful"], true, "a hint that could not look fails nothing");
    assert_eq!(told["toolConfigurationNotifications"][0]["level"], "note");
}

#[test]
fn on_github_a_hint_is_a_notice_after_the_others() {
    let mut verdict = verdict();
    verdict.hints.iter_mut().for_each(|hint| hint.severity = Severity::Medium);
    let commands = github::commands(&verdict);
    assert_eq!(commands.len(), verdict.hints.len() + 1);
    assert!(commands.iter().all(|command| command.level == "notice"));
    assert_eq!(commands[0].properties["title"], "worth a look: Every service has a memory limit");
    assert_eq!(commands[0].properties["line"], "4");
    let mut crowded = crowd();
    crowded.hint_results = vec![CheckResult { check: "maybe".into(), ..crowded.results[0].clone() }];
    crowded.hints = vec![Finding {
        checks: vec!["maybe".into()],
        title: "A guess".into(),
        ..crowded.findings[2].clone()
    }];
    crowded.findings.iter_mut().for_each(|finding| finding.severity = Severity::Low);
    let crowded = github::commands(&crowded);
    assert!(
        crowded.iter().all(|command| !command.properties["title"].contains("A guess")),
        "findings come first"
    );
}

#[test]
fn a_verdict_in_which_a_hint_weighs_is_not_printed() {
    let refused = |change: fn(&mut Verdict)| {
        let mut verdict = verdict();
        change(&mut verdict);
        match render(&verdict, Format::Json, PLAIN) {
            Err(RenderError::Inconsistent(why)) => why,
            other => panic!("{other:?}"),
        }
    };
    let twice = refused(|verdict| verdict.results.push(verdict.hint_results[0].clone()));
    assert_eq!(twice, "check `limits` is a hint and weighs");
    let finding = refused(|verdict| verdict.findings.push(verdict.hints[0].clone()));
    assert!(finding.contains("names the check `limits`"), "{finding}");
    let hint = refused(|verdict| verdict.hints[0].checks = vec!["health".into()]);
    assert!(hint.contains("names the check `health`"), "{hint}");
    let stage = refused(|verdict| verdict.hint_results[1].stage = "nowhere".into());
    assert!(stage.contains("names the stage `nowhere`"), "{stage}");
}

#[test]
fn a_hint_with_a_wrong_name_is_helped() {
    let error = explain(&verdict(), "retrys", None, PLAIN).unwrap_err().to_string();
    assert!(error.contains("did you mean `retries`?"), "{error}");
}
