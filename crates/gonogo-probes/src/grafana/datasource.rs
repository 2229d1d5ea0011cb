//! `grafana/datasource`: each file of data sources and each source: whether Grafana can ask it.

use std::collections::BTreeMap;

use gonogo_model::catalog::{Class, FactInfo, FactType, TargetKind, TargetNeed, fact};
use gonogo_model::fact::{Item, Location, Value};
use schemars::JsonSchema;
use serde::Deserialize;
use serde_json::json;

use super::provisioned::{Provisioned, Source, files};
use crate::compose::{self, Brief, Reached};
use crate::context::Context;
use crate::probe::{Looked, Probe, Unmeasured};
use crate::repository::{Kind, Place, Repository};

/// Looks at data sources.
pub(crate) struct Datasource;

/// `grafana/datasource` has no parameters.
#[derive(Debug, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub(crate) struct Params {}

impl Probe for Datasource {
    const ID: &'static str = "grafana/datasource";
    const TITLE: &'static str = "Whether Grafana can ask each data source that files provision";
    const CLASS: Class = Class::Passive;
    const TARGET: TargetNeed = TargetNeed::Optional(&[TargetKind::Path]);
    const FACTS: &'static [FactInfo] = FACTS;
    type Params = Params;

    async fn look(context: &Context, _: Params) -> Result<Looked, Unmeasured> {
        let look = |repository: &Repository| {
            repository.some_of_kind(Kind::GrafanaDatasources)?;
            Ok(Looked { items: items(repository), artefacts: Vec::new() })
        };
        Place::of(context).look(look).await
    }
}

const FACTS: &[FactInfo] = &[
    fact("kind", FactType::Text, "", "`file` or `source`."),
    fact(
        "for_development",
        FactType::Bool,
        "",
        "Whether names of files or folders say development, test or example.",
    ),
    fact(
        "problems",
        FactType::List,
        "",
        "What Grafana refuses about a file, as `{line, what}`; empty for sources.",
    ),
    fact("uid", FactType::Text, "", "Its uid, written or made from its name. Absent for files."),
    fact(
        "host_unknown",
        FactType::Bool,
        "",
        "Whether the host of its address is no service, where a compose file runs Grafana; false for files.",
    ),
    fact(
        "port_unknown",
        FactType::Bool,
        "",
        "Whether its service does not listen on the port of its address as far as its ports are known; false for files.",
    ),
    fact(
        "twins",
        FactType::List,
        "",
        "Lines of sources before it in the file with the same name or uid; empty for files.",
    ),
    fact(
        "secrets",
        FactType::List,
        "",
        "Settings with a secret that is written out, as `{setting, line}`; empty for files.",
    ),
];

/// One item for each file and each of its sources, with keys that are unique.
pub(super) fn items(repository: &Repository) -> Vec<Item> {
    let services = compose::services(repository);
    let mut found = Vec::new();
    for file in &files(repository) {
        found.push(of_file(file));
        let mut seen: BTreeMap<&str, usize> = BTreeMap::new();
        for (place, source) in file.sources.iter().enumerate() {
            let count = seen.entry(&source.name).or_default();
            *count = count.saturating_add(1);
            let key = match *count {
                1 => format!("{}:{}", file.path, source.name),
                nth => format!("{}:{}#{nth}", file.path, source.name),
            };
            found.push(of_source(key, file, place, source, &services));
        }
    }
    found
}

/// An item where every fact says that nothing is wrong.
fn sound(key: String, kind: &str, file: &Provisioned, line: u32, column: u32) -> Item {
    let none = Vec::<Value>::new;
    Item::new(key)
        .read_at(Location { source: file.path.clone(), line: Some(line), column: Some(column) })
        .fact("kind", kind)
        .fact("for_development", file.is_for_development)
        .fact("problems", none())
        .fact("host_unknown", false)
        .fact("port_unknown", false)
        .fact("twins", none())
        .fact("secrets", none())
}

fn of_file(file: &Provisioned) -> Item {
    let problems = file.problems.iter().map(|(line, what)| json!({"line": line, "what": what}));
    let line = file.problems.first().map_or(1, |(line, _)| *line);
    sound(file.path.clone(), "file", file, line, 1).fact("problems", problems.collect::<Vec<Value>>())
}

fn of_source(key: String, file: &Provisioned, place: usize, source: &Source, services: &[Brief]) -> Item {
    let is_grafana = |service: &Brief| {
        let image = service.image.as_deref().unwrap_or_default();
        ["grafana/grafana", "grafana-oss", "grafana-enterprise"].iter().any(|end| image.ends_with(end))
    };
    let is_there = source.is_asked_by_grafana && services.iter().any(is_grafana);
    let led = source.url.as_deref().map_or(Reached::Fine, |url| compose::reached(services, is_there, url));
    let before = file.sources.iter().take(place);
    let twins = before.filter(|other| other.name == source.name || other.uid == source.uid);
    let secrets = source.secrets.iter().map(|(name, line)| json!({"setting": name, "line": line}));
    sound(key, "source", file, source.at.line, source.at.column)
        .fact("uid", source.uid.clone())
        .fact("host_unknown", led == Reached::NoService)
        .fact("port_unknown", led == Reached::NoPort)
        .fact("twins", twins.map(|other| json!(other.at.line)).collect::<Vec<Value>>())
        .fact("secrets", secrets.collect::<Vec<Value>>())
}
