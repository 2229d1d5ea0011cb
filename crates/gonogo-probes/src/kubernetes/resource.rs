//! `kubernetes/resource`: what manifests declare for each object besides its containers: who it
//! lets in, what it grants, what it rests on.

use std::collections::BTreeMap;

use base64::Engine as _;
use base64::engine::general_purpose::STANDARD;
use gonogo_model::catalog::{Class, FactInfo, FactType, TargetKind, TargetNeed, fact};
use gonogo_model::fact::{Item, Location};
use gonogo_model::yaml::Node;
use schemars::JsonSchema;
use serde::Deserialize;

use super::object::{Cluster, Object, cluster, list, number, text};
use super::reference;
use super::workload::{Workload, selects};
use crate::compose;
use crate::context::Context;
use crate::credential::variable::{self, Kind as Password};
use crate::probe::{Looked, Probe, Unmeasured};
use crate::repository::{Kind, Place, Repository};

/// Looks at objects.
pub(crate) struct ResourceProbe;

/// `kubernetes/resource` has no parameters.
#[derive(Debug, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub(crate) struct Params {}

impl Probe for ResourceProbe {
    const ID: &'static str = "kubernetes/resource";
    const TITLE: &'static str = "What manifests declare for each object: who it lets in, grants and rests on";
    const CLASS: Class = Class::Passive;
    const TARGET: TargetNeed = TargetNeed::Optional(&[TargetKind::Path]);
    const FACTS: &'static [FactInfo] = FACTS;
    type Params = Params;

    async fn look(context: &Context, _: Params) -> Result<Looked, Unmeasured> {
        let look = |repository: &Repository| {
            repository.some_of_kind(Kind::Kubernetes)?;
            let items = items(&cluster(repository));
            match items.is_empty() {
                true => Err(Unmeasured::because("no manifest declares an object that can be read")),
                false => Ok(Looked { items, artefacts: Vec::new() }),
            }
        };
        Place::of(context).look(look).await
    }
}

const FACTS: &[FactInfo] = &[
    fact("kind", FactType::Text, "", "The kind of the object, such as `Service`."),
    fact(
        "for_development",
        FactType::Bool,
        "",
        "Whether names of files or folders say development, test or example.",
    ),
    fact(
        "selects_nothing",
        FactType::Bool,
        "",
        "Whether it is a service whose selector no workload of the repository matches, though there are workloads.",
    ),
    fact(
        "target_port_unknown",
        FactType::List,
        "",
        "Named target ports of a service that no container it selects declares; empty when it selects none here.",
    ),
    fact(
        "database_public",
        FactType::Bool,
        "",
        "Whether it is a service that lets the outside reach a well-known database, by `LoadBalancer` or `NodePort`.",
    ),
    fact("tls", FactType::Bool, "", "Whether an ingress has certificates; true for every other kind."),
    fact(
        "literal_secrets",
        FactType::List,
        "",
        "Keys of a Secret whose value stands in the file, not encrypted and not a blank to fill in. Names, never values.",
    ),
    fact(
        "grants_everything",
        FactType::Bool,
        "",
        "Whether a role allows every verb on every resource, or a binding gives `cluster-admin`.",
    ),
    fact(
        "missing_references",
        FactType::List,
        "",
        "Objects it names that the repository does not declare, as `Secret/name`. They may be in the cluster.",
    ),
    fact(
        "disruption_unlimited",
        FactType::Bool,
        "",
        "Whether it is a Deployment or StatefulSet of several pods without a PodDisruptionBudget.",
    ),
];

/// One item for each object, in the order of the files.
pub(super) fn items(cluster: &Cluster) -> Vec<Item> {
    let workloads: BTreeMap<(&str, &str, &str), Workload<'_>> =
        cluster.workloads().map(|workload| (identity(workload.object), workload)).collect();
    let mut keys: BTreeMap<String, u32> = BTreeMap::new();
    let mut items = Vec::new();
    for object in cluster.objects.iter().filter(|object| !object.is_patch) {
        let key = format!("{}:{}", object.path, object.label());
        let times = keys.entry(key.clone()).or_default();
        *times += 1;
        let key = if *times == 1 { key } else { format!("{key}#{times}") };
        items.push(item(cluster, object, workloads.get(&identity(object)).copied(), key));
    }
    items
}

fn identity(object: &Object) -> (&str, &str, &str) {
    (&object.path, &object.kind, &object.name)
}

fn item(cluster: &Cluster, object: &Object, workload: Option<Workload<'_>>, key: String) -> Item {
    let place = object.node.place;
    let selected = selected(cluster, object);
    let is_service = object.kind == "Service";
    let has_selector = object.at(&["spec", "selector"]).is_some_and(|node| !node.entries().is_empty());
    let there_are_workloads = cluster.workloads().next().is_some();
    Item::new(key)
        .read_at(Location { source: object.path.clone(), line: Some(place.line), column: Some(place.column) })
        .fact("kind", object.kind.as_str())
        .fact("for_development", object.is_for_development())
        .fact("selects_nothing", is_service && has_selector && there_are_workloads && selected.is_empty())
        .fact("target_port_unknown", unknown_ports(object, &selected))
        .fact("database_public", is_outside(object) && selected.iter().any(runs_database))
        .fact("tls", object.kind != "Ingress" || has_tls(object))
        .fact("literal_secrets", literal_secrets(object))
        .fact("grants_everything", grants_everything(object))
        .fact("missing_references", reference::missing(cluster, object, workload))
        .fact("disruption_unlimited", workload.is_some_and(|workload| is_unlimited(cluster, workload)))
}

/// The workloads that a service sends traffic to.
fn selected<'c>(cluster: &'c Cluster, object: &Object) -> Vec<Workload<'c>> {
    if object.kind != "Service" {
        return Vec::new();
    }
    let same = |workload: &Workload<'_>| workload.object.namespace == object.namespace;
    cluster.workloads().filter(|workload| same(workload) && selects(object, &workload.labels())).collect()
}

fn unknown_ports(service: &Object, selected: &[Workload<'_>]) -> Vec<String> {
    if selected.is_empty() {
        return Vec::new();
    }
    let ports = list(service.at(&["spec", "ports"])).iter();
    let named = ports.filter_map(|port| port.get("targetPort").and_then(Node::text));
    let is_known = |name: &str| {
        selected.iter().any(|workload| workload.ports().iter().any(|(own, _)| own.as_deref() == Some(name)))
    };
    named.filter(|name| name.parse::<u16>().is_err() && !is_known(name)).map(str::to_owned).collect()
}

fn is_outside(service: &Object) -> bool {
    let kind = text(service.at(&["spec", "type"]));
    kind.is_some_and(|kind| kind == "LoadBalancer" || kind == "NodePort")
}

fn runs_database(workload: &Workload<'_>) -> bool {
    let images = workload.containers().filter_map(|container| text(container.node.get("image")));
    images.into_iter().any(|image| compose::about(&image).is_database)
}

fn has_tls(ingress: &Object) -> bool {
    let annotated = ingress.at(&["metadata", "annotations"]).map(Node::entries).unwrap_or_default();
    // Some controllers take the certificate from an annotation, or end TLS before the cluster.
    let is_elsewhere = annotated.iter().any(|(key, _)| {
        let key = key.name.to_lowercase();
        ["certificate", "ssl", "tls", "cert-manager", "listen-ports", "redirect"]
            .iter()
            .any(|word| key.contains(word))
    });
    is_elsewhere || !list(ingress.at(&["spec", "tls"])).is_empty()
}

fn literal_secrets(object: &Object) -> Vec<String> {
    let is_encrypted = object.node.get("sops").is_some();
    if object.kind != "Secret" || object.version != "v1" || is_encrypted {
        return Vec::new();
    }
    let decoded = |value: &str| {
        let bytes = STANDARD.decode(value.split_whitespace().collect::<String>()).unwrap_or_default();
        String::from_utf8(bytes).unwrap_or_else(|_| "bytes".to_owned())
    };
    let of = |key: &str| object.node.get(key).map(Node::entries).unwrap_or_default().iter();
    let data = of("data").filter_map(|(key, value)| Some((&key.name, decoded(&text(Some(value))?))));
    let plain = of("stringData").filter_map(|(key, value)| Some((&key.name, text(Some(value))?)));
    let secret = data.chain(plain).filter(|(key, value)| is_secret(value) && !is_open_file(key, value));
    secret.map(|(key, _)| key.clone()).collect()
}

/// Neither empty, nor encrypted, nor a blank that somebody fills in.
fn is_secret(value: &str) -> bool {
    let value = value.trim();
    let blank = ["${", "{{", "<", "ENC[", "$(", "REPLACE", "CHANGE", "YOUR", "TODO", "xxx"];
    let upper = value.to_uppercase();
    !value.is_empty() && !blank.iter().any(|start| upper.starts_with(&start.to_uppercase()))
}

/// Whether it is a configuration file that only travels in a Secret: no line of it sets what says
/// that it is one.
fn is_open_file(key: &str, value: &str) -> bool {
    const ENDS: [&str; 8] = [".yaml", ".yml", ".json", ".toml", ".ini", ".conf", ".cfg", ".properties"];
    const SIGNS: [&str; 3] = ["-----BEGIN", "hooks.slack.com/services/", "Bearer "];
    let sets_secret = |part: &str| {
        let (name, value) = part.split_once([':', '=']).unwrap_or(("", part));
        let clean = |text: &str| text.trim().trim_matches(['"', '\'', '-', ' ']).to_owned();
        variable::kind(&clean(name), &clean(value)) != Password::Nothing
            || variable::password_in_url(part).is_some()
    };
    ENDS.iter().any(|end| key.ends_with(end))
        && !SIGNS.iter().any(|sign| value.contains(sign))
        && !value.split(['\n', ',', '{', '}', '[', ']']).any(sets_secret)
}

fn grants_everything(object: &Object) -> bool {
    let has_all = |rule: &Node, key: &str| list(rule.get(key)).iter().any(|one| one.text() == Some("*"));
    match object.kind.as_str() {
        "Role" | "ClusterRole" => list(object.node.get("rules"))
            .iter()
            .any(|rule| has_all(rule, "verbs") && has_all(rule, "resources") && has_all(rule, "apiGroups")),
        "ClusterRoleBinding" | "RoleBinding" => {
            text(object.at(&["roleRef", "name"])).is_some_and(|name| name == "cluster-admin")
        }
        _ => false,
    }
}

fn is_unlimited(cluster: &Cluster, workload: Workload<'_>) -> bool {
    let object = workload.object;
    let several = number(object.at(&["spec", "replicas"])).is_some_and(|replicas| replicas > 1);
    let labels = workload.labels();
    let protects = |budget: &Object| {
        let wanted = super::object::pairs(budget.at(&["spec", "selector", "matchLabels"]));
        budget.kind == "PodDisruptionBudget"
            && wanted.iter().all(|(key, value)| labels.get(key) == Some(value))
    };
    let kind = matches!(object.kind.as_str(), "Deployment" | "StatefulSet");
    kind && several && !cluster.objects.iter().any(protects)
}
