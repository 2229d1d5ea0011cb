//! `kubernetes/container`: what manifests declare for each container. Facts that mean the same as
//! in a compose file have the same name as in `compose/service`.

use gonogo_model::catalog::{Class, FactInfo, FactType, TargetKind, TargetNeed, fact};
use gonogo_model::fact::{Item, Location};
use schemars::JsonSchema;
use serde::Deserialize;

use super::health::Health;
use super::object::{Cluster, at, cluster, list, text};
use super::workload::Container;
use super::{given, hardening};
use crate::compose;
use crate::context::Context;
use crate::probe::{Looked, Probe, Unmeasured};
use crate::repository::{Kind, Place, Repository};

/// Looks at containers.
pub(crate) struct ContainerProbe;

/// `kubernetes/container` has no parameters.
#[derive(Debug, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub(crate) struct Params {}

impl Probe for ContainerProbe {
    const ID: &'static str = "kubernetes/container";
    const TITLE: &'static str = "What manifests declare for each container";
    const CLASS: Class = Class::Passive;
    const TARGET: TargetNeed = TargetNeed::Optional(&[TargetKind::Path]);
    const FACTS: &'static [FactInfo] = FACTS;
    type Params = Params;

    async fn look(context: &Context, _: Params) -> Result<Looked, Unmeasured> {
        let look = |repository: &Repository| {
            repository.some_of_kind(Kind::Kubernetes)?;
            let items = items(&cluster(repository));
            match items.is_empty() {
                true => Err(Unmeasured::because("no manifest declares a container that can be read")),
                false => Ok(Looked { items, artefacts: Vec::new() }),
            }
        };
        Place::of(context).look(look).await
    }
}

const FACTS: &[FactInfo] = &[
    fact("workload", FactType::Text, "", "The object it belongs to, as `Deployment/api`."),
    fact(
        "for_development",
        FactType::Bool,
        "",
        "Whether names of files or folders say development, test or example.",
    ),
    fact(
        "patched",
        FactType::Bool,
        "",
        "Whether a kustomization lays something over its workload, so that what is missing here may be there.",
    ),
    fact("one_shot", FactType::Bool, "", "Whether it does its work and ends: a job, or an init container."),
    fact("replicas", FactType::Int, "", "How many pods its workload asks for; absent when it does not say."),
    fact("image", FactType::Text, "", "The image as written; absent without one."),
    fact("image_tag", FactType::Text, "", "The tag; absent when none is written."),
    fact("image_digest", FactType::Bool, "", "Whether the image is pinned by a digest."),
    fact(
        "image_floating",
        FactType::Bool,
        "",
        "Whether the image has no tag, or one that moves. False when a kustomization, Skaffold or Tilt sets it, or a variable stands there.",
    ),
    fact(
        "role",
        FactType::Text,
        "",
        "What a well-known image is for: `database`, `cache`, `monitoring` and so on; `unknown` for every other.",
    ),
    fact("database", FactType::Bool, "", "Whether the image is a well-known database."),
    fact("serves", FactType::Bool, "", "Whether it declares a port, or a service sends traffic to its pod."),
    fact("readiness", FactType::Bool, "", "Whether it has a readiness probe."),
    fact("liveness", FactType::Bool, "", "Whether it has a liveness probe."),
    fact(
        "healthcheck_start_period",
        FactType::Bool,
        "",
        "Whether its liveness probe waits for the start: by a startup probe or `initialDelaySeconds`. True without a liveness probe.",
    ),
    fact(
        "healthcheck_same",
        FactType::Bool,
        "",
        "Whether liveness asks exactly what readiness asks, no later.",
    ),
    fact(
        "healthcheck_port_wrong",
        FactType::List,
        "",
        "Named ports of its probes that it does not declare, as `{probe, port, line}`.",
    ),
    fact(
        "healthcheck_port_undeclared",
        FactType::List,
        "",
        "Numbers of ports of its probes that are not among those it declares, as `{probe, port, line}`; empty when it declares none.",
    ),
    fact("has_memory_limit", FactType::Bool, "", "Whether `resources.limits.memory` is set."),
    fact("has_cpu_limit", FactType::Bool, "", "Whether `resources.limits.cpu` is set."),
    fact(
        "has_memory_request",
        FactType::Bool,
        "",
        "Whether `resources.requests.memory` is set, or a limit that stands for it.",
    ),
    fact(
        "has_cpu_request",
        FactType::Bool,
        "",
        "Whether `resources.requests.cpu` is set, or a limit that stands for it.",
    ),
    fact("privileged", FactType::Bool, "", "Whether it is privileged."),
    fact("docker_socket", FactType::Bool, "", "Whether the socket of Docker or containerd is mounted."),
    fact("capabilities_added", FactType::List, "", "Capabilities that are added, without `CAP_`."),
    fact("capabilities_dropped", FactType::Bool, "", "Whether all capabilities are dropped."),
    fact(
        "host_namespaces",
        FactType::List,
        "",
        "Namespaces it shares with the machine: `network`, `pid`, `ipc`.",
    ),
    fact(
        "sensitive_mounts",
        FactType::List,
        "",
        "Folders of the machine such as `/`, `/etc` or `/var` that it may change.",
    ),
    fact("unconfined", FactType::List, "", "What switches seccomp or AppArmor off."),
    fact("read_only", FactType::Bool, "", "Whether its root file system is read-only."),
    fact("no_new_privileges", FactType::Bool, "", "Whether `allowPrivilegeEscalation` is false."),
    fact("user_root", FactType::Bool, "", "Whether `runAsUser` says root."),
    fact("user_set", FactType::Bool, "", "Whether `runAsNonRoot` or a `runAsUser` other than root is set."),
    fact(
        "plain_secrets",
        FactType::List,
        "",
        "Variables whose secret stands in the manifest. Names, never values.",
    ),
    fact(
        "default_passwords",
        FactType::List,
        "",
        "Variables whose password stands in the manifest and is a default that everybody knows. Names only.",
    ),
    fact("secret_variables", FactType::List, "", "Variables that are taken from a Secret."),
    fact(
        "stateful_without_volume",
        FactType::List,
        "",
        "Where a well-known database keeps data, when no lasting volume is mounted there.",
    ),
];

/// One item for each container, in the order of the files.
pub(super) fn items(cluster: &Cluster) -> Vec<Item> {
    let mut items: Vec<Item> = Vec::new();
    let mut keys = std::collections::BTreeMap::new();
    for container in cluster.workloads().flat_map(super::workload::Workload::containers) {
        let object = container.workload.object;
        let key = format!("{}:{}:{}", object.path, object.label(), container.name);
        let times: &mut u32 = keys.entry(key.clone()).or_default();
        *times += 1;
        let key = if *times == 1 { key } else { format!("{key}#{times}") };
        items.push(item(cluster, &container, key));
    }
    items
}

fn item(cluster: &Cluster, container: &Container<'_>, key: String) -> Item {
    let workload = container.workload;
    let object = workload.object;
    let place = container.node.place;
    let location =
        Location { source: object.path.clone(), line: Some(place.line), column: Some(place.column) };
    let is_patched = cluster.is_patched(object);
    let item = Item::new(key)
        .read_at(location)
        .fact("workload", object.label())
        .fact("for_development", object.is_for_development())
        .fact("patched", is_patched)
        .fact("one_shot", container.is_init || !workload.is_lasting())
        .fact_if_known("replicas", workload.replicas());
    let item = image(item, cluster, container);
    let item = health(item, cluster, container);
    let item = resources(item, container);
    let item = hardening::measured(item, container);
    given::measured(item, container)
}

fn image(item: Item, cluster: &Cluster, container: &Container<'_>) -> Item {
    let reference = text(container.node.get("image")).filter(|image| !image.is_empty());
    let about = reference.as_deref().map(compose::about);
    // Tools put the tag in place of these.
    let is_filled = reference.as_deref().is_some_and(|image| {
        image.contains(['$', '{', '<']) || cluster.is_filled || is_set_by_kustomization(cluster, image)
    });
    let item = item
        .fact("image_floating", about.as_ref().is_some_and(|about| about.is_floating) && !is_filled)
        .fact("image_digest", about.as_ref().is_some_and(|about| about.has_digest))
        .fact("role", about.as_ref().map_or("unknown".to_owned(), |about| about.role.clone()))
        .fact("database", about.as_ref().is_some_and(|about| about.is_database))
        .fact_if_known("image_tag", about.and_then(|about| about.tag));
    item.fact_if_known("image", reference)
}

/// Whether a kustomization lists the image under `images`.
fn is_set_by_kustomization(cluster: &Cluster, image: &str) -> bool {
    let name = compose::about(image).repository;
    let kustomizations = cluster.objects.iter().filter(|object| object.kind == "Kustomization");
    let mut listed = kustomizations.flat_map(|object| list(object.node.get("images")));
    listed.any(|one| text(one.get("name")).is_some_and(|listed| listed == name))
}

fn health(item: Item, cluster: &Cluster, container: &Container<'_>) -> Item {
    let declares_port = !list(container.node.get("ports")).is_empty();
    let is_only = container.workload.containers().filter(|other| !other.is_init).count() == 1;
    let has_service = is_only && cluster.services_of(container.workload).next().is_some();
    Health::of(container).measured(item.fact("serves", declares_port || has_service))
}

fn resources(item: Item, container: &Container<'_>) -> Item {
    let has = |kind: &str, name: &str| at(container.node, &["resources", kind, name]).is_some();
    item.fact("has_memory_limit", has("limits", "memory"))
        .fact("has_cpu_limit", has("limits", "cpu"))
        .fact("has_memory_request", has("requests", "memory") || has("limits", "memory"))
        .fact("has_cpu_request", has("requests", "cpu") || has("limits", "cpu"))
}
