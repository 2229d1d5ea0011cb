//! Prometheus' own engine, by way of `promtool test rules`. It does not know how series are made up.

use std::collections::BTreeMap;
use std::time::Duration;

use promql_parser::parser::Expr;
use serde_json::{Value, json};

use super::scenario::{Scenario, Scenarios};
use crate::context::Context;
use crate::probe::Unmeasured;
use crate::prometheus::Written;
use crate::tools::process::{self, Ended, Wanted};
use crate::tools::scratch::Scratch;

/// One batch takes no longer.
const LIMIT: Duration = Duration::from_secs(60);
const KEEP: usize = 1024 * 1024;

/// The engine, and where its files are.
pub(super) struct Engine {
    program: String,
    environment: BTreeMap<String, String>,
    scratch: Scratch,
}

/// What the engine said of a batch.
pub(super) enum Fires {
    /// Of each scenario, whether the alert fires.
    Said(Vec<bool>),
    /// It does not take the rule.
    Refused(String),
}

impl Engine {
    /// # Errors
    /// When there is no promtool.
    pub(super) async fn new(context: &Context, program: &str) -> Result<Engine, Unmeasured> {
        let path = context.environment.get("PATH").unwrap_or_default().to_owned();
        let engine = Engine {
            program: program.to_owned(),
            environment: BTreeMap::from([("PATH".to_owned(), path)]),
            scratch: Scratch::new()?,
        };
        let ended = engine.run(&["--version"]).await.map_err(|unmeasured| {
            Unmeasured::because(format!(
                "alerts are tried with Prometheus' promtool: {}; on Debian it is in the package `prometheus`",
                unmeasured.why
            ))
        })?;
        match ended.code {
            Some(0) => Ok(engine),
            _ => Err(Unmeasured::because(format!(
                "`{program} --version` fails, so it is no promtool; name it with `promtool`"
            ))),
        }
    }

    async fn run(&self, arguments: &[&str]) -> Result<Ended, Unmeasured> {
        let arguments: Vec<String> = arguments.iter().map(|argument| (*argument).to_owned()).collect();
        let wanted = Wanted {
            program: &self.program,
            arguments: &arguments,
            folder: self.scratch.path(),
            environment: self.environment.clone(),
            input: None,
            keep: KEEP,
        };
        let ended = tokio::time::timeout(LIMIT, process::run(wanted)).await;
        ended.unwrap_or_else(|_| {
            Err(Unmeasured::because(format!(
                "promtool did not end within {LIMIT:?}; say `only` for fewer alerts"
            )))
        })
    }

    /// Whether the alert fires at the end of each scenario.
    pub(super) async fn evaluate(
        &self,
        alert: &Written,
        tree: &Expr,
        scenarios: &Scenarios,
        batch: &[Scenario],
    ) -> Result<Fires, Unmeasured> {
        let step = seconds(scenarios.step);
        let rule = json!({ "alert": "Tried", "expr": tree.to_string(), "for": seconds(alert.hold) });
        let rules = json!({ "groups": [{ "name": "tried", "interval": step, "rules": [rule] }] });
        let tests: Vec<Value> = batch.iter().map(|scenario| test(scenarios, scenario)).collect();
        let tests = json!({ "rule_files": ["rules.yml"], "evaluation_interval": step, "tests": tests });
        // JSON is YAML too.
        self.scratch.write("rules.yml", &rules.to_string())?;
        self.scratch.write("tests.yml", &tests.to_string())?;
        let ended = self.run(&["test", "rules", "tests.yml"]).await?;
        let said = format!("{}\n{}", ended.stdout.text(), ended.stderr.text());
        let fires: Vec<bool> = said.lines().filter_map(got).collect();
        match fires.len() == batch.len() {
            true => Ok(Fires::Said(fires)),
            false => Ok(Fires::Refused(refusal(&said))),
        }
    }
}

fn seconds(span: Duration) -> String {
    format!("{}s", span.as_secs())
}

/// What no engine answers is asked for, so that it says what it has instead.
fn test(scenarios: &Scenarios, scenario: &Scenario) -> Value {
    let firing = r#"count(ALERTS{alertname="Tried",alertstate="firing"}) or vector(0)"#;
    let series: Vec<Value> = scenario
        .series
        .iter()
        .map(|(series, values)| json!({ "series": series, "values": values }))
        .collect();
    json!({
        "interval": seconds(scenarios.step),
        "input_series": series,
        "promql_expr_test": [{
            "expr": firing,
            "eval_time": seconds(scenarios.end),
            "exp_samples": [{ "labels": "{}", "value": -1 }],
        }],
    })
}

/// `got: {} 1E+00`, as promtool writes what it has.
fn got(line: &str) -> Option<bool> {
    let value = line.trim().strip_prefix("got:")?.split_whitespace().last()?;
    value.parse::<f64>().ok().map(|count| count > 0.0)
}

fn refusal(said: &str) -> String {
    let line = said.lines().map(str::trim).find(|line| line.contains("rror") || line.contains("rules.yml"));
    line.unwrap_or("it says nothing of what was asked").chars().take(200).collect()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_promtool_has_is_read() {
        assert_eq!(got("        got: {} 1E+00"), Some(true));
        assert_eq!(got("got: {} 0E+00"), Some(false));
        assert_eq!(got("exp: {} -1E+00"), None);
    }
}
