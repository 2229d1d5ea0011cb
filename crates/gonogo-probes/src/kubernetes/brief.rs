//! Containers in short, for families that cross from another file to them: which image runs, and
//! the names of the variables it is given. It has no facts and no rules of its own.

use std::collections::BTreeSet;

use gonogo_model::yaml::Node;

use super::object::{Cluster, cluster, list, pairs, text};
use super::workload::Container;
use crate::compose;
use crate::repository::Repository;

/// One container of one workload.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) struct Given {
    pub(crate) path: String,
    /// As `Deployment/api:web`.
    pub(crate) label: String,
    /// Its own name, that of its workload, and the last part of its image.
    pub(crate) names: BTreeSet<String>,
    /// Names of variables, each with the line that gives it.
    pub(crate) variables: Vec<(String, u32)>,
    /// Whether variables also come from somewhere that is not in the repository.
    pub(crate) is_partial: bool,
    pub(crate) is_for_development: bool,
}

/// Every container that stays or ends, in the order of the files.
pub(crate) fn given(repository: &Repository) -> Vec<Given> {
    let cluster = cluster(repository);
    let containers = cluster.workloads().flat_map(super::workload::Workload::containers);
    containers.map(|container| of(&cluster, &container)).collect()
}

fn of(cluster: &Cluster, container: &Container<'_>) -> Given {
    let object = container.workload.object;
    let image = text(container.node.get("image")).map(|image| compose::about(&image).repository);
    let image = image.and_then(|image| image.rsplit('/').next().map(str::to_owned));
    let own = list(container.node.get("env")).iter();
    let mut variables: Vec<(String, u32)> =
        own.filter_map(|one| Some((text(one.get("name"))?, one.place.line))).collect();
    let mut is_partial = cluster.is_patched(object);
    for source in list(container.node.get("envFrom")) {
        match bundle(cluster, container, source) {
            Some(names) => variables.extend(names.into_iter().map(|name| (name, source.place.line))),
            None => is_partial = true,
        }
    }
    Given {
        path: object.path.clone(),
        label: format!("{}:{}", object.label(), container.name),
        names: [Some(container.name.to_owned()), Some(object.name.clone()), image]
            .into_iter()
            .flatten()
            .collect(),
        variables,
        is_partial,
        is_for_development: object.is_for_development(),
    }
}

/// The names that an entry of `envFrom` gives; `None` when what it names is not in the repository.
fn bundle(cluster: &Cluster, container: &Container<'_>, source: &Node) -> Option<Vec<String>> {
    let prefix = text(source.get("prefix")).unwrap_or_default();
    let (kind, named) = match (source.get("configMapRef"), source.get("secretRef")) {
        (Some(named), _) => ("ConfigMap", named),
        (None, Some(named)) => ("Secret", named),
        (None, None) => return None,
    };
    let name = text(named.get("name"))?;
    let namespace = &container.workload.object.namespace;
    let object = cluster.objects.iter().find(|object| {
        object.kind == kind && object.name == name && object.namespace == *namespace && !object.is_patch
    })?;
    let keys = ["data", "stringData"].into_iter().flat_map(|key| pairs(object.at(&[key])).into_keys());
    Some(keys.map(|key| format!("{prefix}{key}")).collect())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn variables_of_maps_in_the_repository_are_known() {
        let pod = |from: &str| {
            format!(
                "apiVersion: v1\nkind: Pod\nmetadata: {{name: api}}\nspec:\n  containers:\n  - name: web\n    image: ghcr.io/shop/shop-api:1\n    env: [{{name: A, value: x}}]\n    envFrom: [{from}]\n---\napiVersion: v1\nkind: ConfigMap\nmetadata: {{name: settings}}\ndata: {{B: y}}\n"
            )
        };
        let look = |text: &str| given(&Repository::of(&[("k8s/api.yaml", text)])).remove(0);
        let known = look(&pod("{prefix: X_, configMapRef: {name: settings}}"));
        let names: Vec<&str> = known.variables.iter().map(|(name, _)| name.as_str()).collect();
        assert_eq!((names, known.is_partial), (vec!["A", "X_B"], false));
        assert!(known.names.contains("shop-api") && known.names.contains("api"), "{:?}", known.names);
        assert!(look(&pod("{secretRef: {name: elsewhere}}")).is_partial);
    }
}
