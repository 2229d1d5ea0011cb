//! `load/recorded`: what k6, wrk, oha, vegeta or JMeter recorded of a run, in the words of the other
//! load probes. It reads a file and sends nothing.

use std::path::Path;
use std::time::SystemTime;

use gonogo_model::catalog::{Class, FactInfo, FactType, TargetKind, TargetNeed, fact};
use gonogo_model::fact::{Item, Location};
use jiff::Timestamp;
use schemars::JsonSchema;
use serde::Deserialize;
use serde_json::{Value, json};

use crate::context::Context;
use crate::probe::{Looked, Probe, Unmeasured};
use crate::tools::files;

mod account;
mod jtl;
mod k6;
mod oha;
mod vegeta;
mod wrk;

use account::Account;

/// A summary is some kilobytes.
const LIMIT: u64 = 16 << 20;
/// What is read of a file to know its tool.
const HEAD: u64 = 4 << 10;
const SECONDS_OF_A_DAY: i64 = 86_400;

/// Reads what was recorded.
pub(crate) struct Recorded;

/// Parameters of `load/recorded`.
#[derive(Debug, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub(crate) struct Params {
    /// The file that the tool wrote, relative to the target, or to the spec when there is no target.
    path: String,
    /// The parts of the run to tell: `all`, `checks` of k6, a label of JMeter, or `*` for each of them.
    #[serde(default = "only_all")]
    parts: Vec<String>,
}

fn only_all() -> Vec<String> {
    vec!["all".to_owned()]
}

/// A tool whose files can be read.
struct Tool {
    name: &'static str,
    is: fn(&Value) -> bool,
    read: fn(&Value) -> Result<Account, String>,
}

/// Those that write one JSON document.
const OF_JSON: [Tool; 3] = [
    Tool { name: "k6", is: k6::is, read: k6::read },
    Tool { name: "oha", is: oha::is, read: oha::read },
    Tool { name: "vegeta", is: vegeta::is, read: vegeta::read },
];

impl Probe for Recorded {
    const ID: &'static str = "load/recorded";
    const TITLE: &'static str = "What k6, wrk, oha, vegeta or JMeter recorded of a run under load";
    const CLASS: Class = Class::Passive;
    const TARGET: TargetNeed = TargetNeed::Optional(&[TargetKind::Path]);
    const FACTS: &'static [FactInfo] = FACTS;
    type Params = Params;

    async fn look(context: &Context, params: Params) -> Result<Looked, Unmeasured> {
        let root = context.target.as_ref().map(|target| context.folder.join(&target.address));
        let root = root.unwrap_or_else(|| context.folder.clone());
        files::off_thread(move || {
            let root = files::folder_of(root)?;
            let (tool, account, changed) = recorded(&root, &params.path)?;
            let items = items(tool, &account, &params.path, changed, Timestamp::now());
            Ok(Looked { items: chosen(items, &params)?, artefacts: Vec::new() })
        })
        .await?
    }
}

const FACTS: &[FactInfo] = &[
    fact("tool", FactType::Text, "", "`jmeter`, `k6`, `oha`, `vegeta` or `wrk`."),
    fact("role", FactType::Text, "", "What the item is: `all`, or a `step`, such as a label of JMeter."),
    fact("requests", FactType::Int, "", "How many were sent, those that failed among them."),
    fact("good", FactType::Int, "", "How many of them went well, as far as the tool looks."),
    fact(
        "failed",
        FactType::Int,
        "",
        "How many failed: no answer, a status from 400 on, or what the script says.",
    ),
    fact("error_share", FactType::Number, "", "`failed` of `requests`, from 0 to 1."),
    fact(
        "error_share_upper",
        FactType::Number,
        "",
        "What the share does not exceed with 95 % confidence (Clopper-Pearson); absent beyond 100,000 failures.",
    ),
    fact("failures", FactType::Map, "", "How many failed in each way that the tool tells apart."),
    fact(
        "dropped",
        FactType::Int,
        "",
        "How many journeys were to begin and did not, since no user was free (k6).",
    ),
    fact("took_s", FactType::Number, "s", "How long it ran."),
    fact("users", FactType::Int, "", "Users or connections at most."),
    fact(
        "offered_per_s",
        FactType::Number,
        "1/s",
        "How many were sent in a second, on average, where the tool sends by the clock (vegeta).",
    ),
    fact("achieved_per_s", FactType::Number, "1/s", "How many went well in a second, on average."),
    fact("achieved_of_offered", FactType::Number, "", "`achieved_per_s` of `offered_per_s`."),
    fact("sent_bytes", FactType::Int, "bytes", "Bytes sent."),
    fact("received_bytes", FactType::Int, "bytes", "Bytes received; wrk rounds them."),
    fact("mean_ms", FactType::Number, "ms", "The mean time of a request."),
    fact(
        "p50_ms",
        FactType::Number,
        "ms",
        "Half took no longer. As all percentiles, absent when the tool does not say it, or when fewer than ten requests took longer.",
    ),
    fact("p90_ms", FactType::Number, "ms", "90 % took no longer."),
    fact("p95_ms", FactType::Number, "ms", "95 % took no longer."),
    fact("p99_ms", FactType::Number, "ms", "99 % took no longer."),
    fact("p999_ms", FactType::Number, "ms", "99.9 % took no longer."),
    fact("max_ms", FactType::Number, "ms", "None took longer."),
    fact(
        "from_intended",
        FactType::Bool,
        "",
        "Whether times count from when a request was to be sent. Where they count from when it was sent, a server that stalls hides what it holds up. Absent where the file does not tell.",
    ),
    fact(
        "over_time",
        FactType::List,
        "",
        "At most 240 points in time, where every request is known (JMeter), as in `load/steady`.",
    ),
    fact("distribution", FactType::List, "", "How the good ones are spread, as in `load/steady`."),
    fact(
        "thresholds_crossed",
        FactType::List,
        "",
        "Thresholds of the tool's own that were crossed, as `metric: expression`; absent where it has none (all but k6).",
    ),
    fact("started", FactType::Text, "", "When it began, where the file says so."),
    fact(
        "age_days",
        FactType::Int,
        "days",
        "Whole days since it began, or since the file was changed; 0 for a date in the future.",
    ),
    fact(
        "age_from",
        FactType::Text,
        "",
        "What `age_days` counts from: `run`, or `file` (a fresh checkout is always young).",
    ),
];

/// The tool that wrote a file, what it says, and when the file was changed last.
fn recorded(root: &Path, path: &str) -> Result<(&'static str, Account, Option<Timestamp>), Unmeasured> {
    let said = |why: String| Unmeasured::because(format!("{path}: {why}"));
    let head = files::head_below(root, path.as_ref(), HEAD).map_err(|error| error.of(path))?;
    let head = String::from_utf8_lossy(&head);
    let at = |modified: Option<SystemTime>| modified.and_then(|at| Timestamp::try_from(at).ok());
    if jtl::is(&head) {
        let (file, modified) = files::open_below(root, path.as_ref()).map_err(|error| error.of(path))?;
        return Ok(("jmeter", jtl::read(file, &head).map_err(said)?, at(modified)));
    }
    let found = files::read_below(root, path.as_ref(), LIMIT).map_err(|error| error.of(path))?;
    let (tool, account) = read(found.text().map_err(|error| error.of(path))?).map_err(said)?;
    Ok((tool, account, at(found.modified)))
}

/// The tool that wrote a text, and what it says.
fn read(text: &str) -> Result<(&'static str, Account), String> {
    if wrk::is(text) {
        return Ok(("wrk", wrk::read(text)?));
    }
    let unknown = "it is not the summary of k6, the JSON of oha, the JSON report of vegeta, the output of wrk or a JTL of JMeter";
    let document: Value = serde_json::from_str(text).map_err(|error| format!("{unknown}: {error}"))?;
    let tool = OF_JSON.iter().find(|tool| (tool.is)(&document)).ok_or(unknown)?;
    Ok((tool.name, (tool.read)(&document)?))
}

/// The items of the parts that are asked for.
fn chosen(items: Vec<Item>, params: &Params) -> Result<Vec<Item>, Unmeasured> {
    let known: Vec<String> = items.iter().map(|item| item.key.clone()).collect();
    let is_wanted = |key: &str| params.parts.iter().any(|part| part == key || part == "*");
    match params.parts.iter().find(|part| *part != "*" && !known.contains(part)) {
        Some(part) => Err(Unmeasured::because(format!(
            "{} has no part `{part}`; it has {}",
            params.path,
            known.join(", ")
        ))),
        None => Ok(items.into_iter().filter(|item| is_wanted(&item.key)).collect()),
    }
}

fn items(tool: &str, account: &Account, path: &str, changed: Option<Timestamp>, now: Timestamp) -> Vec<Item> {
    let since = account.started.map(|at| (at, "run")).or(changed.map(|at| (at, "file")));
    let days = |at: Timestamp| now.duration_since(at).as_secs().max(0) / SECONDS_OF_A_DAY;
    let mut items: Vec<Item> = account
        .parts
        .iter()
        .map(|part| part.item(part.key.clone()).fact("tool", tool).read_at(Location::of(path)))
        .collect();
    if let Some(all) = items.first_mut() {
        *all = std::mem::replace(all, Item::new(""))
            .fact_if_known("thresholds_crossed", account.crossed.as_ref().map(|crossed| json!(crossed)))
            .fact_if_known("started", account.started.map(|at| at.to_string()))
            .fact_if_known("age_days", since.map(|(at, _)| days(at)))
            .fact_if_known("age_from", since.map(|(_, from)| from));
    }
    items
}
