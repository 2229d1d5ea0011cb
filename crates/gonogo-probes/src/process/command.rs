//! `process/command`: runs a program without a shell and returns how it ended and what it wrote.
//! The scheduler's deadline ends it by dropping the look.

use std::collections::BTreeMap;

use gonogo_model::catalog::{Class, FactInfo, FactType, TargetKind, TargetNeed, fact};
use gonogo_model::fact::{Item, Value};
use schemars::JsonSchema;
use serde::{Deserialize, Serialize};

use crate::context::Context;
use crate::probe::{Looked, Probe, RawArtefact, Unmeasured};
use crate::redact::Redactor;
use crate::tools::process::{self, Ended, Wanted};

/// What is kept of each output.
const KEEP: usize = 64 << 10;

/// Runs a program.
pub(crate) struct Command;

/// Parameters of `process/command`.
#[derive(Debug, Deserialize, JsonSchema)]
#[serde(try_from = "Written")]
#[schemars(with = "Written")]
pub(crate) struct Params(Written);

/// Parameters of `process/command`.
#[derive(Debug, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
struct Written {
    /// The program and its arguments. No shell reads them; for pipes write `[sh, -c, "…"]`.
    run: Vec<String>,
    /// Text it reads from its standard input; without it, nothing.
    stdin: Option<String>,
    /// Where it runs, relative to the target, or to the spec when there is no target.
    directory: Option<String>,
    /// Variables that are added to the environment gonogo itself runs in.
    #[serde(default)]
    environment: BTreeMap<String, String>,
    /// What its standard output is.
    #[serde(default)]
    parse: Parse,
    /// Values to take out of JSON output, by name: a JSON Pointer such as `/db/status`.
    /// Implies `parse: json`.
    #[serde(default)]
    json: BTreeMap<String, String>,
}

/// What a standard output is.
#[derive(Debug, Default, Clone, Copy, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
#[serde(rename_all = "lowercase")]
enum Parse {
    /// Text.
    #[default]
    Text,
    /// One JSON document; when it is none, the look fails.
    Json,
}

impl TryFrom<Written> for Params {
    type Error = String;

    fn try_from(written: Written) -> Result<Params, String> {
        if written.run.first().is_none_or(|program| program.trim().is_empty()) {
            return Err("`run` names no program; write `run: [program, argument, …]`".to_owned());
        }
        if let Some((name, pointer)) = written.json.iter().find(|(_, p)| !p.is_empty() && !p.starts_with('/'))
        {
            return Err(format!(
                "`{name}: {pointer}` is no JSON Pointer; it starts with `/`, such as `/db/status`"
            ));
        }
        Ok(Params(written))
    }
}

impl Probe for Command {
    const ID: &'static str = "process/command";
    const TITLE: &'static str = "How a program ends and what it writes";
    const CLASS: Class = Class::Active;
    const TARGET: TargetNeed = TargetNeed::Optional(&[TargetKind::Path]);
    const FACTS: &'static [FactInfo] = FACTS;
    type Params = Params;

    async fn look(context: &Context, Params(params): Params) -> Result<Looked, Unmeasured> {
        context.secrets.learn_environment(&context.environment);
        for (name, value) in params.environment.iter().filter(|(name, _)| crate::redact::says_secret(name)) {
            context.secrets.learn(name, value);
        }
        let (program, arguments) =
            params.run.split_first().ok_or_else(|| Unmeasured::because("no program"))?;
        let base = context.target.as_ref().map(|target| context.folder.join(&target.address));
        let base = base.unwrap_or_else(|| context.folder.clone());
        let folder = params.directory.as_ref().map_or(base.clone(), |directory| base.join(directory));
        let own = context.environment.iter().map(|(name, value)| (name.to_owned(), value.to_owned()));
        let ended = process::run(Wanted {
            program,
            arguments,
            folder: &folder,
            environment: own.chain(params.environment.clone()).collect(),
            input: params.stdin.as_deref(),
            keep: KEEP,
        })
        .await?;
        let captured = captured(&params, &ended, &context.secrets)?;
        let item = facts(Item::new(program), &ended).fact_if_known("json", captured.clone().map(named));
        let item = item.fact_if_known("output", captured.and_then(whole));
        Ok(Looked::item(item).keeping(artefact(&params, &ended)))
    }
}

const FACTS: &[FactInfo] = &[
    fact("exit_code", FactType::Int, "", "The exit code; absent when a signal ended the program."),
    fact(
        "signal",
        FactType::Text,
        "",
        "The signal that ended it, such as `SIGKILL`; absent when it ended by itself.",
    ),
    fact(
        "stdout",
        FactType::Text,
        "",
        "The first 64 KiB of its standard output without white space around it; what is not UTF-8 becomes U+FFFD.",
    ),
    fact("stdout_lines", FactType::Int, "", "Lines in `stdout`."),
    fact("stderr", FactType::Text, "", "The same of its standard error."),
    fact("truncated", FactType::Bool, "", "Whether one of the two was longer and the rest was dropped."),
    fact("duration_ms", FactType::Int, "ms", "How long it ran."),
    fact(
        "json",
        FactType::Map,
        "",
        "The values captured by the parameter `json`; a value that is not in the output is absent. Only with `json` or `parse: json`.",
    ),
    fact("output", FactType::Any, "", "The whole standard output as JSON. Only with `parse: json`."),
];

fn facts(item: Item, ended: &Ended) -> Item {
    let (stdout, stderr) = (ended.stdout.text(), ended.stderr.text());
    item.fact_if_known("exit_code", ended.code)
        .fact_if_known("signal", ended.signal.map(process::signal_name))
        .fact("stdout", stdout.trim())
        .fact("stdout_lines", stdout.trim().lines().count())
        .fact("stderr", stderr.trim())
        .fact("truncated", ended.stdout.truncated || ended.stderr.truncated)
        .fact("duration_ms", u64::try_from(ended.took.as_millis()).unwrap_or(u64::MAX))
}

fn artefact(params: &Written, ended: &Ended) -> RawArtefact {
    let media_type = if wants_json(params) { "application/json" } else { "text/plain" };
    RawArtefact { name: "stdout".to_owned(), media_type: media_type.to_owned(), text: ended.stdout.text() }
}

fn wants_json(params: &Written) -> bool {
    params.parse == Parse::Json || !params.json.is_empty()
}

/// JSON output and what was to be taken out of it.
#[derive(Clone)]
struct Captured {
    named: BTreeMap<String, Value>,
    whole: Option<Value>,
}

fn named(captured: Captured) -> Value {
    captured.named.into_iter().collect::<serde_json::Map<_, _>>().into()
}

fn whole(captured: Captured) -> Option<Value> {
    captured.whole
}

fn captured(params: &Written, ended: &Ended, secrets: &Redactor) -> Result<Option<Captured>, Unmeasured> {
    if !wants_json(params) {
        return Ok(None);
    }
    if ended.stdout.truncated {
        return Err(Unmeasured::because(
            "the output is longer than 64 KiB and cannot be read as JSON; print less",
        ));
    }
    let parsed: Value = serde_json::from_slice(&ended.stdout.bytes).map_err(|error| {
        let how = match (ended.code, ended.signal) {
            (Some(code), _) => format!("it ended with exit code {code}"),
            (_, Some(signal)) => format!("{} ended it", process::signal_name(signal)),
            _ => "it ended".to_owned(),
        };
        Unmeasured::because(format!(
            "the output is not JSON (line {}, column {}); {how}. Correct the command, or say `parse: text`",
            error.line(),
            error.column()
        ))
    })?;
    secrets.learn_json(&parsed);
    let named = params
        .json
        .iter()
        .filter_map(|(name, pointer)| Some((name.clone(), parsed.pointer(pointer)?.clone())))
        .collect();
    Ok(Some(Captured { named, whole: (params.parse == Parse::Json).then_some(parsed) }))
}
