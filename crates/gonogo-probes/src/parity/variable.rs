//! `parity/variable`: each variable of what is deployed together: which files declare it, whether
//! the code reads it, and what production lacks or has from a developer's machine.

use std::collections::{BTreeMap, BTreeSet};

use gonogo_model::catalog::{Class, FactInfo, FactType, TargetKind, TargetNeed};
use gonogo_model::fact::{Item, Location};
use schemars::JsonSchema;
use serde::Deserialize;

use super::dotenv::Environment;
use super::near::is_near;
use super::scope::{Declared, Scope, scopes};
use super::value;
use crate::code::Said;
use crate::context::Context;
use crate::probe::{Looked, Probe, Unmeasured};
use crate::redact::says_secret;
use crate::repository::{Place, Repository};
use FactType::{Bool, List, Text};

/// Looks at the variables of each environment.
pub(crate) struct Variable;

/// Parameters of `parity/variable`.
#[derive(Debug, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub(crate) struct Params {}

impl Probe for Variable {
    const ID: &'static str = "parity/variable";
    const TITLE: &'static str = "Whether the environments and the code agree on variables";
    const CLASS: Class = Class::Passive;
    const TARGET: TargetNeed = TargetNeed::Optional(&[TargetKind::Path]);
    const FACTS: &'static [FactInfo] = FACTS;
    type Params = Params;

    async fn look(context: &Context, Params {}: Params) -> Result<Looked, Unmeasured> {
        let look = |repository: &Repository| Ok(Looked { items: items(repository)?, artefacts: Vec::new() });
        Place::of(context).look(look).await
    }
}

const FACTS: &[FactInfo] = &[
    fact("variable", Text, "The name of the variable."),
    fact("secret", Bool, "Whether its name says that its value is a secret."),
    fact(
        "declared_in",
        List,
        "Files that set it, by path; compose files only when their name says production, manifests of a cluster only when no name says otherwise and the folder they are built from is certain.",
    ),
    fact("read_in", List, "The first places of the code that read it, as `path:line`; at most three."),
    fact("read_by_code", Bool, "Whether the code reads it by its name."),
    fact("has_default", Bool, "Whether every place that reads it has a default or can do without it."),
    fact("required", Bool, "Whether some place of the code stops without it, and none has a default."),
    fact("in_example", Bool, "Whether a file such as `.env.example` lists it, switched off too."),
    fact(
        "missing_in_example",
        Bool,
        "Whether the code stops without it, and no file here sets it though there is an example.",
    ),
    fact(
        "production_known",
        Bool,
        "Whether a file says which variables production gets, and names them all.",
    ),
    fact(
        "missing_in_production",
        Bool,
        "Whether the code needs it, another environment sets it or the code stops without it, and production does not set it; false unless `production_known`.",
    ),
    fact(
        "only_in_production",
        Bool,
        "Whether production alone sets it, beside files of other environments, and the code, which reads others, does not read it.",
    ),
    fact(
        "perhaps_meant",
        List,
        "Names that differ from this one by a letter, which the code reads and production does not set; empty unless only production sets this one.",
    ),
    fact(
        "production_debug",
        Bool,
        "Whether a file of production switches debugging on with it, or says development.",
    ),
    fact(
        "production_placeholder",
        Bool,
        "Whether its value in a file of production is a blank, an example domain or a password that everybody knows.",
    ),
    fact(
        "production_loopback",
        Bool,
        "Whether its value in a file of production names a server on the same machine.",
    ),
    fact(
        "production_secret_shared",
        List,
        "Files of other environments that give it the same secret as production.",
    ),
    fact("set_twice", List, "Files that set it twice, to different values, as `path:line` of the later."),
];

const fn fact(name: &'static str, kind: FactType, about: &'static str) -> FactInfo {
    FactInfo { name, kind, unit: "", about }
}

/// One item for each variable of each scope.
pub(super) fn items(repository: &Repository) -> Result<Vec<Item>, Unmeasured> {
    let (scopes, unread) = scopes(repository);
    let mut found = Vec::new();
    for scope in &scopes {
        let by_name = Names::of(scope);
        found.extend(scope.names().into_iter().map(|name| of_variable(scope, &by_name, name)));
    }
    match (found.is_empty(), unread.first()) {
        (false, _) => Ok(found),
        (true, Some((path, why))) => Err(Unmeasured::because(format!("{path} {why}"))),
        (true, None) => Err(Unmeasured::because(
            "there is no .env file, and no compose file for production or manifest that is built from this folder; name the folder with `target`",
        )),
    }
}

/// A scope by name.
struct Names<'s> {
    declared: BTreeMap<&'s str, Vec<&'s Declared>>,
    read: BTreeMap<&'s str, Vec<&'s Said>>,
    /// What the code reads and production does not set.
    wanted: BTreeSet<&'s str>,
    production_known: bool,
}

impl<'s> Names<'s> {
    fn of(scope: &'s Scope<'_>) -> Names<'s> {
        let mut declared: BTreeMap<&str, Vec<&Declared>> = BTreeMap::new();
        for one in &scope.declared {
            declared.entry(&one.name).or_default().push(one);
        }
        let reaches =
            |name: &str| declared.get(name).is_some_and(|all| all.iter().any(|one| reaches_production(one)));
        let mut read: BTreeMap<&str, Vec<&Said>> = BTreeMap::new();
        for said in &scope.read {
            read.entry(&said.name).or_default().push(said);
        }
        let wanted = read.keys().copied().filter(|name| !reaches(name)).collect();
        Names { read, wanted, production_known: scope.knows_production(), declared }
    }

    /// Names that this one of production was perhaps meant to be.
    fn meant(&self, name: &str) -> Vec<&'s str> {
        self.wanted.iter().filter(|wanted| is_near(name, wanted)).copied().collect()
    }
}

/// Files for every environment reach production too.
fn reaches_production(one: &Declared) -> bool {
    !one.is_comment && matches!(one.environment, Environment::Production | Environment::Plain)
}

fn of_variable(scope: &Scope<'_>, names: &Names<'_>, name: &str) -> Item {
    let all: &[&Declared] = names.declared.get(name).map(Vec::as_slice).unwrap_or_default();
    let set: Vec<&Declared> = all.iter().copied().filter(|one| !one.is_comment).collect();
    let read: &[&Said] = names.read.get(name).map(Vec::as_slice).unwrap_or_default();
    let required = read.iter().any(|said| said.is_required()) && !read.iter().any(|said| said.has_default());
    let has_default = !read.is_empty() && read.iter().all(|said| said.has_default());
    let places: Vec<String> =
        read.iter().take(3).map(|said| format!("{}:{}", said.path, said.line)).collect();
    let in_example = all.iter().any(|one| one.environment == Environment::Example);
    let is_alone = is_only_in_production(scope, &set, all) && read.is_empty();
    let meant = if is_alone { names.meant(name) } else { Vec::new() };
    let production: Vec<&Declared> =
        set.iter().copied().filter(|one| one.environment == Environment::Production).collect();
    let says = |is: fn(&str, &str) -> bool| {
        production.iter().any(|one| one.value.as_ref().is_some_and(|value| is(name, value)))
    };
    let missing_in_example = scope.environments.contains(&Environment::Example) && required && all.is_empty();
    Item::new(format!("{}:{name}", scope.anchor))
        .read_at(location(scope, &set, all, read))
        .fact("variable", name)
        .fact("secret", says_secret(name))
        .fact(
            "declared_in",
            set.iter().map(|one| one.path.clone()).collect::<BTreeSet<_>>().into_iter().collect::<Vec<_>>(),
        )
        .fact("read_in", places)
        .fact("read_by_code", !read.is_empty())
        .fact("has_default", has_default)
        .fact("required", required)
        .fact("in_example", in_example)
        .fact("missing_in_example", missing_in_example)
        .fact("production_known", names.production_known)
        .fact("missing_in_production", is_missing(scope, names, name, required, &set))
        .fact("only_in_production", is_alone)
        .fact("perhaps_meant", meant.into_iter().map(str::to_owned).collect::<Vec<_>>())
        .fact("production_debug", says(value::is_debug))
        .fact("production_placeholder", says(value::is_placeholder))
        .fact("production_loopback", says(value::is_loopback))
        .fact("production_secret_shared", shared(name, &set, &production))
        .fact("set_twice", twice(&set))
}

/// Where production sets it, else where another file does, else where the code reads it.
fn location(scope: &Scope<'_>, set: &[&Declared], all: &[&Declared], read: &[&Said]) -> Location {
    let mut by_environment: Vec<&&Declared> = set.iter().chain(all).collect();
    by_environment.sort_by_key(|one| (one.environment, one.is_comment));
    let declared = by_environment.first().map(|one| (one.path.clone(), one.line, 1));
    let read = read.first().map(|said| (said.path.clone(), said.line, said.column));
    let (source, line, column) = declared.or(read).unwrap_or_else(|| (scope.anchor.clone(), 1, 1));
    Location { source, line: Some(line), column: Some(column) }
}

fn is_missing(scope: &Scope<'_>, names: &Names<'_>, name: &str, required: bool, set: &[&Declared]) -> bool {
    let read: &[&Said] = names.read.get(name).map(Vec::as_slice).unwrap_or_default();
    let is_needed =
        required || (!set.is_empty() && !read.is_empty() && read.iter().all(|said| !said.has_default()));
    // Another name of production that was meant for it is said there.
    let is_mistyped = || {
        names.declared.iter().any(|(other, all)| {
            let set: Vec<&Declared> = all.iter().copied().filter(|one| !one.is_comment).collect();
            is_near(other, name) && is_only_in_production(scope, &set, all) && !names.read.contains_key(other)
        })
    };
    names.production_known && is_needed && names.wanted.contains(name) && !is_mistyped()
}

/// Whether production alone sets it, while there are files of other environments to compare with.
fn is_only_in_production(scope: &Scope<'_>, set: &[&Declared], all: &[&Declared]) -> bool {
    !set.is_empty()
        && all.iter().all(|one| one.environment == Environment::Production)
        && scope.environments.iter().any(|one| !matches!(one, Environment::Production | Environment::Staging))
        && !scope.read.is_empty()
}

/// Files of other environments with the secret of production.
fn shared(name: &str, set: &[&Declared], production: &[&Declared]) -> Vec<String> {
    let secrets: BTreeSet<&str> = production
        .iter()
        .filter_map(|one| one.value.as_deref())
        .filter(|value| value::is_secret(name, value))
        .collect();
    let others =
        set.iter().filter(|one| !matches!(one.environment, Environment::Production | Environment::Plain));
    let same = others.filter(|one| one.value.as_deref().is_some_and(|value| secrets.contains(value)));
    let paths: BTreeSet<&str> = same.map(|one| one.path.as_str()).collect();
    paths.into_iter().map(str::to_owned).collect()
}

/// Files that set it to two values; the last counts, and nobody sees that.
fn twice(set: &[&Declared]) -> Vec<String> {
    let mut last: BTreeMap<&str, &Declared> = BTreeMap::new();
    let mut found = Vec::new();
    for one in set.iter().filter(|one| one.value.is_some()) {
        if let Some(before) = last.insert(&one.path, one)
            && before.value != one.value
        {
            found.push(format!("{}:{}", one.path, one.line));
        }
    }
    found
}
