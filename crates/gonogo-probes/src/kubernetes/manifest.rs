//! `kubernetes/manifest`: each manifest for itself: whether it can be read, and whether a cluster
//! would take it.

use std::collections::BTreeMap;

use gonogo_model::catalog::{Class, FactInfo, FactType, TargetKind, TargetNeed, fact};
use gonogo_model::fact::{Item, Location, Value};
use schemars::JsonSchema;
use serde::Deserialize;
use serde_json::json;

use super::object::{Cluster, Manifest, Object, cluster};
use crate::context::Context;
use crate::probe::{Looked, Probe, Unmeasured};
use crate::repository::purpose::is_for_development;
use crate::repository::{Kind, Place, Repository};

/// Looks at manifests.
pub(crate) struct ManifestProbe;

/// `kubernetes/manifest` has no parameters.
#[derive(Debug, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub(crate) struct Params {}

impl Probe for ManifestProbe {
    const ID: &'static str = "kubernetes/manifest";
    const TITLE: &'static str = "Whether manifests can be read, and whether a cluster would take them";
    const CLASS: Class = Class::Passive;
    const TARGET: TargetNeed = TargetNeed::Optional(&[TargetKind::Path]);
    const FACTS: &'static [FactInfo] = FACTS;
    type Params = Params;

    async fn look(context: &Context, _: Params) -> Result<Looked, Unmeasured> {
        let look = |repository: &Repository| {
            repository.some_of_kind(Kind::Kubernetes)?;
            Ok(Looked { items: items(&cluster(repository)), artefacts: Vec::new() })
        };
        Place::of(context).look(look).await
    }
}

const FACTS: &[FactInfo] = &[
    fact(
        "readable",
        FactType::Bool,
        "",
        "Whether every document in it is an object; true for what is skipped.",
    ),
    fact("problems", FactType::List, "", "What is wrong with it, as `{line, what}`."),
    fact(
        "skipped",
        FactType::Text,
        "",
        "Why it was not read: a template for Helm. Absent for what was read.",
    ),
    fact("objects", FactType::Int, "", "Objects in it."),
    fact(
        "for_development",
        FactType::Bool,
        "",
        "Whether names of files or folders say development, test or example.",
    ),
    fact(
        "removed_versions",
        FactType::List,
        "",
        "Objects of a version that clusters do not take any more, as `{object, version, since, use, line}`.",
    ),
    fact("duplicates", FactType::List, "", "Objects that are declared twice in it, as `{object, line}`."),
    fact(
        "selector_mismatches",
        FactType::List,
        "",
        "Workloads whose selector does not match the labels of their own pods, as `{object, line}`.",
    ),
];

/// `apiVersion`, kind or nothing for all kinds, the release that dropped it, what to use.
const REMOVED: [(&str, &str, &str, &str); 18] = [
    ("extensions/v1beta1", "Ingress", "1.22", "networking.k8s.io/v1"),
    ("extensions/v1beta1", "", "1.16", "apps/v1 or networking.k8s.io/v1"),
    ("apps/v1beta1", "", "1.16", "apps/v1"),
    ("apps/v1beta2", "", "1.16", "apps/v1"),
    ("networking.k8s.io/v1beta1", "Ingress", "1.22", "networking.k8s.io/v1"),
    ("networking.k8s.io/v1beta1", "IngressClass", "1.22", "networking.k8s.io/v1"),
    ("rbac.authorization.k8s.io/v1beta1", "", "1.22", "rbac.authorization.k8s.io/v1"),
    ("apiextensions.k8s.io/v1beta1", "", "1.22", "apiextensions.k8s.io/v1"),
    (
        "admissionregistration.k8s.io/v1beta1",
        "MutatingWebhookConfiguration",
        "1.22",
        "admissionregistration.k8s.io/v1",
    ),
    (
        "admissionregistration.k8s.io/v1beta1",
        "ValidatingWebhookConfiguration",
        "1.22",
        "admissionregistration.k8s.io/v1",
    ),
    ("scheduling.k8s.io/v1beta1", "", "1.22", "scheduling.k8s.io/v1"),
    ("storage.k8s.io/v1beta1", "StorageClass", "1.22", "storage.k8s.io/v1"),
    ("coordination.k8s.io/v1beta1", "Lease", "1.22", "coordination.k8s.io/v1"),
    ("batch/v1beta1", "CronJob", "1.25", "batch/v1"),
    ("policy/v1beta1", "PodDisruptionBudget", "1.25", "policy/v1"),
    ("policy/v1beta1", "PodSecurityPolicy", "1.25", "pod security admission"),
    ("autoscaling/v2beta1", "", "1.25", "autoscaling/v2"),
    ("autoscaling/v2beta2", "", "1.26", "autoscaling/v2"),
];

/// One item for each manifest.
pub(super) fn items(cluster: &Cluster) -> Vec<Item> {
    let mut by_path: BTreeMap<&str, Vec<&Object>> = BTreeMap::new();
    for object in &cluster.objects {
        by_path.entry(&object.path).or_default().push(object);
    }
    let of = |manifest: &Manifest| {
        let objects = by_path.get(manifest.path.as_str()).map(Vec::as_slice).unwrap_or_default();
        item(cluster, manifest, objects)
    };
    cluster.manifests.iter().map(of).collect()
}

fn item(cluster: &Cluster, manifest: &Manifest, objects: &[&Object]) -> Item {
    let problems: Vec<Value> =
        manifest.problems.iter().map(|(line, what)| json!({"line": line, "what": what})).collect();
    let line = manifest.problems.first().map_or(1, |(line, _)| *line);
    Item::new(&manifest.path)
        .read_at(Location { source: manifest.path.clone(), line: Some(line), column: Some(1) })
        .fact("readable", problems.is_empty())
        .fact("problems", problems)
        .fact_if_known("skipped", manifest.skipped.clone())
        .fact("objects", objects.len())
        .fact("for_development", is_for_development(&manifest.path))
        .fact("removed_versions", objects.iter().filter_map(|object| removed(object)).collect::<Vec<_>>())
        .fact("duplicates", duplicates(objects))
        .fact("selector_mismatches", mismatches(cluster, &manifest.path))
}

fn removed(object: &Object) -> Option<Value> {
    let fits = |(version, kind, _, _): &&(&str, &str, &str, &str)| {
        object.version == *version && (kind.is_empty() || object.kind == *kind)
    };
    let (version, _, since, instead) = REMOVED.iter().find(fits)?;
    let line = object.node.place.line;
    Some(json!({
        "object": object.label(), "version": version, "since": since, "use": instead, "line": line,
    }))
}

fn duplicates(objects: &[&Object]) -> Vec<Value> {
    let mut seen: BTreeMap<(&str, &str, &str, &str), u32> = BTreeMap::new();
    let mut found = Vec::new();
    for object in objects.iter().filter(|object| !object.name.is_empty()) {
        let group = object.version.split('/').next().unwrap_or_default();
        let times = seen.entry((group, &object.kind, &object.namespace, &object.name)).or_default();
        *times += 1;
        if *times == 2 {
            found.push(json!({"object": object.label(), "line": object.node.place.line}));
        }
    }
    found
}

/// A cluster refuses a workload whose selector its own pods do not match.
fn mismatches(cluster: &Cluster, path: &str) -> Vec<Value> {
    let own = cluster.workloads().filter(|workload| workload.object.path == path);
    let wrong = own.filter(|workload| {
        let labels = workload.labels();
        let wanted = super::object::pairs(workload.object.at(&["spec", "selector", "matchLabels"]));
        workload.object.kind != "Job"
            && wanted.iter().any(|(key, value)| labels.get(key) != Some(value))
            && !cluster.is_patched(workload.object)
    });
    wrong
        .map(|workload| json!({"object": workload.object.label(), "line": workload.object.node.place.line}))
        .collect()
}
