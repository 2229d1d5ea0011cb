//! Runs every case file in `tests/cases/<family>/<probe>.md`: starts its world, lets the probe
//! look as a run would, and compares what it saw. Each case is one test, named by its file.

mod casefile;
mod worlds;

use std::collections::{BTreeMap, BTreeSet};
use std::fs;
use std::io::Write;
use std::path::{Path, PathBuf};
use std::process::ExitCode;
use std::sync::Arc;
use std::time::Duration;

use casefile::{Case, Expected, ExpectedItem};
use gonogo_model::catalog::{FactType, TargetKind, TargetNeed, kind_names};
use gonogo_model::expression::Expression;
use gonogo_model::fact::{Item, Value};
use gonogo_model::spec::Template;
use gonogo_model::yaml::{self, Limits, Node};
use gonogo_probes::{Context, Environment, Looked, Reach, Redactor, Registered, Target, Unmeasured};
use libtest_mimic::{Arguments, Trial};
use worlds::World;

/// A look that takes longer than this hangs.
const LIMIT: Duration = Duration::from_secs(60);

fn main() -> ExitCode {
    let arguments: Vec<String> = std::env::args().skip(1).collect();
    // Load that is too much for one process starts this program again.
    if arguments == ["worker", "--pipe"] {
        return if gonogo_load::spread::serve_pipe().is_ok() { ExitCode::SUCCESS } else { ExitCode::FAILURE };
    }
    if arguments.first().map(String::as_str) == Some(worlds::loaded::SERVE) {
        return if worlds::loaded::serve().is_some() { ExitCode::SUCCESS } else { ExitCode::FAILURE };
    }
    if let Some((worlds::service::SERVE, rest)) = arguments.split_first().map(|(a, b)| (a.as_str(), b)) {
        return if worlds::service::serve(rest).is_some() { ExitCode::SUCCESS } else { ExitCode::FAILURE };
    }
    let mut trials = Vec::new();
    for file in case_files(&Path::new(env!("CARGO_MANIFEST_DIR")).join("tests/cases")) {
        let id = id_of(&file);
        match fs::read_to_string(&file).map_err(|error| error.to_string()).and_then(|t| casefile::parse(&t)) {
            Ok(cases) => trials.extend(cases.into_iter().map(|case| {
                let id = id.clone();
                Trial::test(format!("{id} {}", case.title), move || Ok(run(&id, &case)?))
            })),
            Err(why) => trials.push(Trial::test(format!("{id} can be read"), move || Err(why.into()))),
        }
    }
    libtest_mimic::run(&Arguments::from_args(), trials).exit_code()
}

/// `tests/cases/<family>/<probe>.md`, in order.
fn case_files(folder: &Path) -> Vec<PathBuf> {
    let children = |folder: &Path| -> BTreeSet<PathBuf> {
        fs::read_dir(folder).into_iter().flatten().flatten().map(|entry| entry.path()).collect()
    };
    children(folder).iter().flat_map(|family| children(family)).collect()
}

fn id_of(file: &Path) -> String {
    let name = |path: Option<&Path>| {
        path.and_then(Path::file_stem).and_then(|stem| stem.to_str()).unwrap_or("?").to_owned()
    };
    format!("{}/{}", name(file.parent()), name(Some(file)))
}

fn run(id: &str, case: &Case) -> Result<(), String> {
    let probe = gonogo_probes::find(id).ok_or_else(|| format!("there is no probe `{id}`"))?;
    let expected =
        case.expected.as_ref().ok_or("the case expects nothing: add `yaml items` or `yaml unmeasured`")?;
    let runtime = tokio::runtime::Builder::new_multi_thread().worker_threads(2).enable_all().build();
    let runtime = runtime.map_err(|error| error.to_string())?;
    let _entered = runtime.enter();
    let world = World::start(&case.world)?;
    if let Some(missing) = &world.missing {
        // Past the capture of the test harness.
        writeln!(std::io::stderr(), "SKIPPED: {id} {}: {missing}", case.title).map_err(|e| e.to_string())?;
        return Ok(());
    }
    let (context, params) = prepare(&world, probe, &case.with)?;
    let look = async { tokio::time::timeout(LIMIT, probe.look(&context, params)).await };
    let seen = runtime.block_on(look).map_err(|_| format!("the look took longer than {LIMIT:?}"))?;
    no_secret_remains(&world, &context.secrets, &seen)?;
    match (expected, seen) {
        (Expected::Items(text), Ok(looked)) => {
            facts_are_declared(probe, &looked)?;
            compare(&world, text, &looked)
        }
        (Expected::Unmeasured(text), Err(unmeasured)) => reason_has(&world, text, &unmeasured),
        (Expected::Items(_), Err(Unmeasured { why })) => Err(format!("it could not look: {why}")),
        (Expected::Unmeasured(_), Ok(looked)) => Err(format!("it looked:\n{}", show(&looked.items))),
    }
}

/// What a run does before a look: checks the parameters, fills in variables, makes secrets known.
fn prepare(world: &World, probe: &Registered, text: &str) -> Result<(Context, Value), String> {
    let mut with = yaml::parse(text, Limits::SPEC).map_err(|error| error.render("with", text))?;
    let target = take_target(world, probe, &mut with)?;
    let others = take_others(world, &mut with)?;
    (probe.info.accepts)(&with).map_err(|error| error.diagnostic().render("with", text))?;
    let secrets = Arc::new(Redactor::default());
    let environment = Environment::new(world.environment.clone());
    secrets.learn_environment(&environment);
    with.each_text("", &mut |_, _, text| {
        let named =
            Template::parse(text).map(|t| t.variables().into_iter().map(str::to_owned).collect::<Vec<_>>());
        for name in named.unwrap_or_default() {
            if let Some(value) = environment.get(&name) {
                secrets.learn(&name, value);
            }
        }
    });
    let params = filled(world, with.to_json())?;
    let folder = world.folder.path().to_owned();
    Ok((
        Context {
            target,
            others,
            environment,
            folder,
            reach: Reach::default(),
            secrets,
            repositories: Arc::default(),
            sinks: Arc::default(),
            afterwards: Arc::default(),
            live: gonogo_probes::Live::default(),
        },
        params,
    ))
}

/// Takes `target: { kind: address }` out of the parameters.
fn take_target(world: &World, probe: &Registered, with: &mut Node) -> Result<Option<Target>, String> {
    let found = with.get("target").cloned();
    if let yaml::Kind::Map(entries) = &mut with.kind {
        entries.retain(|(key, _)| key.name != "target");
    } else if with.kind == yaml::Kind::Null {
        with.kind = yaml::Kind::Map(Vec::new());
    }
    let Some(node) = found else {
        return match probe.info.target {
            TargetNeed::Required(kinds) => {
                Err(format!("`with` needs a `target` of kind {}", kind_names(kinds)))
            }
            _ => Ok(None),
        };
    };
    let (TargetNeed::Required(kinds) | TargetNeed::Optional(kinds)) = probe.info.target else {
        return Err("this probe takes no target".to_owned());
    };
    target(world, "it", &node, kinds).map(Some)
}

/// Takes `targets: { name: { kind: address } }` out of the parameters: those that other parameters
/// name.
fn take_others(world: &World, with: &mut Node) -> Result<BTreeMap<String, Target>, String> {
    let found = with.get("targets").cloned();
    if let yaml::Kind::Map(entries) = &mut with.kind {
        entries.retain(|(key, _)| key.name != "targets");
    }
    let found = found.iter().flat_map(Node::entries);
    let named =
        found.map(|(key, node)| Ok((key.name.clone(), target(world, &key.name, node, &TargetKind::ALL)?)));
    named.collect()
}

fn target(world: &World, name: &str, node: &Node, kinds: &[TargetKind]) -> Result<Target, String> {
    let given = kinds.iter().find_map(|kind| Some((*kind, node.get(kind.name())?.text()?)));
    let (kind, address) = given
        .ok_or_else(|| format!("the target must be `{{ kind: address }}` of kind {}", kind_names(kinds)))?;
    Ok(Target { name: name.to_owned(), kind, address: world.fill(address)? })
}

fn filled(world: &World, value: Value) -> Result<Value, String> {
    Ok(match value {
        Value::String(text) => Value::String(world.fill(&text)?),
        Value::Array(values) => {
            Value::Array(values.into_iter().map(|value| filled(world, value)).collect::<Result<_, _>>()?)
        }
        Value::Object(entries) => Value::Object(
            entries
                .into_iter()
                .map(|(key, value)| Ok((key, filled(world, value)?)))
                .collect::<Result<_, String>>()?,
        ),
        other => other,
    })
}

/// The canary: nothing that leaves the probe holds a secret once it is redacted.
fn no_secret_remains(
    world: &World,
    redactor: &Redactor,
    seen: &Result<Looked, Unmeasured>,
) -> Result<(), String> {
    let mut texts = Vec::new();
    match seen {
        Err(unmeasured) => texts.push(("reason", redactor.redact(&unmeasured.why).into_owned())),
        Ok(looked) => {
            for item in &looked.items {
                let mut json = serde_json::to_value(item).map_err(|error| error.to_string())?;
                redactor.redact_json(&mut json);
                texts.push(("item", json.to_string()));
            }
            for artefact in &looked.artefacts {
                texts.push(("artefact", redactor.redact(&artefact.text).into_owned()));
            }
        }
    }
    for (what, text) in &texts {
        if let Some(at) = world.secrets.iter().position(|secret| text.contains(secret.as_str())) {
            return Err(format!("the {what} shows secret number {} of the world", at + 1));
        }
    }
    Ok(())
}

fn facts_are_declared(probe: &Registered, looked: &Looked) -> Result<(), String> {
    let mut keys = BTreeSet::new();
    for item in &looked.items {
        if !keys.insert(&item.key) {
            return Err(format!("two items have the key `{}`", item.key));
        }
        for (name, value) in &item.facts {
            let info = probe.info.facts.iter().find(|fact| fact.name == name);
            let info = info.ok_or_else(|| format!("the fact `{name}` of `{}` is not in FACTS", item.key))?;
            if !fits(info.kind, value) {
                return Err(format!("the fact `{name}` of `{}` is {value}, not {:?}", item.key, info.kind));
            }
        }
    }
    Ok(())
}

fn fits(kind: FactType, value: &Value) -> bool {
    match kind {
        FactType::Bool => value.is_boolean(),
        FactType::Int => value.is_i64() || value.is_u64(),
        FactType::Number => value.is_number(),
        FactType::Text => value.is_string(),
        FactType::List => value.is_array(),
        FactType::Map => value.is_object(),
        FactType::Any => true,
    }
}

fn compare(world: &World, text: &str, looked: &Looked) -> Result<(), String> {
    let node = yaml::parse(text, Limits::SPEC).map_err(|error| error.render("items", text))?;
    let expected: Vec<ExpectedItem> =
        yaml::read(&node).map_err(|error| error.diagnostic().render("items", text))?;
    let keys: Vec<String> = expected.iter().map(|item| world.fill(&item.key)).collect::<Result<_, _>>()?;
    let seen: Vec<&str> = looked.items.iter().map(|item| item.key.as_str()).collect();
    if keys != seen {
        return Err(format!("expected the items {keys:?}, saw {seen:?}\n{}", show(&looked.items)));
    }
    let wrong: Vec<String> = expected
        .iter()
        .zip(&looked.items)
        .map(|(expected, item)| differences(world, expected, item))
        .collect::<Result<Vec<_>, _>>()?
        .concat();
    if wrong.is_empty() {
        Ok(())
    } else {
        Err(format!("{}\nseen:\n{}", wrong.join("\n"), show(&looked.items)))
    }
}

fn differences(world: &World, expected: &ExpectedItem, item: &Item) -> Result<Vec<String>, String> {
    let mut wrong = Vec::new();
    for (name, node) in &expected.facts {
        let wanted = filled(world, node.to_json())?;
        match item.facts.get(name) {
            Some(value) if *value == wanted => {}
            Some(value) => wrong.push(format!("{}: {name} is {value}, expected {wanted}", item.key)),
            None => wrong.push(format!("{}: {name} is absent, expected {wanted}", item.key)),
        }
    }
    for name in expected.absent.iter().filter(|name| item.facts.contains_key(*name)) {
        wrong.push(format!("{}: {name} is {}, expected to be absent", item.key, item.facts[name]));
    }
    for text in &expected.holds {
        match Expression::parse(text).map_err(|error| format!("{text}: {error}"))?.holds(item) {
            Ok(true) => {}
            Ok(false) => wrong.push(format!("{}: `{text}` does not hold", item.key)),
            Err(error) => wrong.push(format!("{}: `{text}`: {error}", item.key)),
        }
    }
    if let Some(wanted) = &expected.location {
        let (wanted, seen) = (world.fill(wanted)?, item.location.as_ref().map(ToString::to_string));
        if seen.as_ref() != Some(&wanted) {
            wrong.push(format!("{}: read at {seen:?}, expected {wanted}", item.key));
        }
    }
    Ok(wrong)
}

fn reason_has(world: &World, text: &str, unmeasured: &Unmeasured) -> Result<(), String> {
    for line in text.lines().map(str::trim).filter(|line| !line.is_empty()) {
        let line = world.fill(line)?;
        if !unmeasured.why.contains(&line) {
            return Err(format!("the reason does not say `{line}`: {}", unmeasured.why));
        }
    }
    Ok(())
}

fn show(items: &[Item]) -> String {
    serde_json::to_string_pretty(items).unwrap_or_default()
}
