//! Objects of a cluster as manifests declare them, each with its place. It reads files and knows
//! the envelope of an object; what is inside is for others.

use std::collections::BTreeMap;
use std::sync::Arc;

use gonogo_model::yaml::{self, Kind as Shape, Limits, Node};

use crate::repository::purpose::is_for_development;
use crate::repository::{Kind, Repository, folder_of, name_of};

/// How large a manifest may be; files that tools render are long.
const LIMITS: Limits = Limits { bytes: 4 << 20, nodes: 200_000, depth: 64 };
/// Manifests that are read.
const MOST_FILES: usize = 5_000;

/// Files of tools that put the tag of what they built into the manifests they apply.
const FILLERS: [&str; 4] = ["skaffold.yaml", "skaffold.yml", "Tiltfile", "garden.yml"];

/// One object.
#[derive(Debug, Clone, PartialEq)]
pub(super) struct Object {
    pub(super) path: String,
    pub(super) version: String,
    pub(super) kind: String,
    pub(super) namespace: String,
    pub(super) name: String,
    pub(super) node: Node,
    /// Whether it only changes another object, as a kustomization says.
    pub(super) is_patch: bool,
}

/// A manifest that was read.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub(super) struct Manifest {
    pub(super) path: String,
    pub(super) objects: usize,
    /// Line and what is wrong there.
    pub(super) problems: Vec<(u32, String)>,
    /// Why it was not read at all.
    pub(super) skipped: Option<String>,
}

/// Everything that a repository declares for a cluster.
#[derive(Debug, Default)]
pub(super) struct Cluster {
    pub(super) objects: Vec<Object>,
    pub(super) manifests: Vec<Manifest>,
    /// Whether a tool of the repository puts the tags into the manifests.
    pub(super) is_filled: bool,
}

impl Object {
    pub(super) fn is_for_development(&self) -> bool {
        is_for_development(&self.path)
    }

    /// `Deployment/api`, the way people name it.
    pub(super) fn label(&self) -> String {
        format!("{}/{}", self.kind, self.name)
    }

    /// The node below these keys.
    pub(super) fn at(&self, keys: &[&str]) -> Option<&Node> {
        at(&self.node, keys)
    }
}

/// Every manifest, read once.
pub(super) fn cluster(repository: &Repository) -> Arc<Cluster> {
    repository.once(read_all)
}

fn read_all(repository: &Repository) -> Cluster {
    let is_filled = repository.files().iter().any(|file| FILLERS.contains(&name_of(&file.path)));
    let mut cluster = Cluster { is_filled, ..Cluster::default() };
    let paths = repository.of_kind(Kind::Kubernetes);
    for (number, path) in paths.iter().enumerate() {
        let mut manifest = Manifest { path: (*path).to_owned(), ..Manifest::default() };
        match repository.text(path, LIMITS.bytes as u64) {
            _ if number >= MOST_FILES => {
                manifest.skipped = Some(format!("was not read: there are over {MOST_FILES} manifests"));
            }
            Err(why) => manifest.problems.push((1, format!("the file {why}"))),
            Ok(text) if is_template(path, &text) => {
                let why = "is a template; render it, such as with `helm template`, and audit what comes out";
                manifest.skipped = Some(why.to_owned());
            }
            Ok(text) => read(&text, &mut manifest, &mut cluster.objects),
        }
        cluster.manifests.push(manifest);
    }
    let patches = patches(&cluster.objects);
    for object in &mut cluster.objects {
        object.is_patch = patches.contains(&object.path);
    }
    cluster
}

/// Whether it is text for Helm rather than YAML.
fn is_template(path: &str, text: &str) -> bool {
    text.contains("{{")
        && (folder_of(path).split('/').any(|part| part == "templates") || text.contains("{{-"))
}

fn read(text: &str, manifest: &mut Manifest, objects: &mut Vec<Object>) {
    for document in yaml::parse_all(text, LIMITS) {
        match document {
            Ok(node) => {
                for node in flat(node) {
                    match object(&manifest.path, node) {
                        Ok(object) => {
                            manifest.objects += 1;
                            objects.push(object);
                        }
                        Err(problem) => manifest.problems.push(problem),
                    }
                }
            }
            Err(error) => {
                manifest.problems.push((error.place.map_or(1, |place| place.line), error.message));
            }
        }
    }
}

/// The objects of a `List`, or the object itself.
fn flat(node: Node) -> Vec<Node> {
    let is_list = text(node.get("kind")).is_some_and(|kind| kind == "List");
    match node.get("items") {
        Some(items) if is_list => list(Some(items)).to_vec(),
        _ => vec![node],
    }
}

fn object(path: &str, node: Node) -> Result<Object, (u32, String)> {
    let line = node.place.line;
    let needed = |key: &str| {
        text(node.get(key)).ok_or_else(|| (line, format!("a document has no `{key}`, so it is no object")))
    };
    let (version, kind) = (needed("apiVersion")?, needed("kind")?);
    let metadata = |key: &str| text(at(&node, &["metadata", key])).unwrap_or_default();
    let (name, namespace) = (metadata("name"), metadata("namespace"));
    let name = if name.is_empty() { metadata("generateName") } else { name };
    Ok(Object { path: path.to_owned(), version, kind, namespace, name, node, is_patch: false })
}

/// Files that a kustomization lays over others.
fn patches(objects: &[Object]) -> Vec<String> {
    let mut found = Vec::new();
    for object in objects.iter().filter(|object| name_of(&object.path).starts_with("kustomization.")) {
        let folder = folder_of(&object.path);
        for key in ["patches", "patchesStrategicMerge", "patchesJson6902"] {
            for patch in list(object.node.get(key)) {
                let named = text(patch.get("path")).or_else(|| text(Some(patch)));
                found.extend(named.and_then(|path| crate::repository::joined(folder, &path)));
            }
        }
    }
    found
}

/// The node below these keys.
pub(super) fn at<'n>(node: &'n Node, keys: &[&str]) -> Option<&'n Node> {
    keys.iter().try_fold(node, |node, key| node.get(key))
}

/// A scalar as text.
pub(super) fn text(node: Option<&Node>) -> Option<String> {
    match &node?.kind {
        Shape::Text(text) => Some(text.clone()),
        Shape::Int(number) => Some(number.to_string()),
        Shape::Float(number) => Some(number.to_string()),
        Shape::Bool(value) => Some(value.to_string()),
        _ => None,
    }
}

/// The nodes of a list; empty for everything else.
pub(super) fn list(node: Option<&Node>) -> &[Node] {
    match node.map(|node| &node.kind) {
        Some(Shape::List(nodes)) => nodes,
        _ => &[],
    }
}

pub(super) fn is_true(node: Option<&Node>) -> bool {
    matches!(node.map(|node| &node.kind), Some(Shape::Bool(true)))
}

pub(super) fn is_false(node: Option<&Node>) -> bool {
    matches!(node.map(|node| &node.kind), Some(Shape::Bool(false)))
}

/// A whole number, also one that is written as text.
pub(super) fn number(node: Option<&Node>) -> Option<i64> {
    match &node?.kind {
        Shape::Int(number) => Some(*number),
        Shape::Text(text) => text.parse().ok(),
        _ => None,
    }
}

/// Labels or a selector as pairs.
pub(super) fn pairs(node: Option<&Node>) -> BTreeMap<String, String> {
    let entries = node.map(Node::entries).unwrap_or_default();
    entries.iter().filter_map(|(key, value)| Some((key.name.clone(), text(Some(value))?))).collect()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn objects_lists_patches_and_templates_are_told_apart() {
        let repository = Repository::of(&[
            (
                "a.yaml",
                "apiVersion: v1\nkind: List\nitems:\n- {apiVersion: v1, kind: Service, metadata: {name: a}}\n- {kind: X}\n",
            ),
            (
                "k/kustomization.yaml",
                "apiVersion: kustomize.config.k8s.io/v1beta1\nkind: Kustomization\npatches: [{path: p.yaml}]\n",
            ),
            ("k/p.yaml", "apiVersion: apps/v1\nkind: Deployment\nmetadata: {name: d}\n"),
            (
                "c/templates/d.yaml",
                "apiVersion: apps/v1\nkind: Deployment\nmetadata:\n  name: {{ .Values.name }}\n",
            ),
        ]);
        let cluster = cluster(&repository);
        let labels: Vec<(String, bool)> =
            cluster.objects.iter().map(|object| (object.label(), object.is_patch)).collect();
        let named = |name: &str, is_patch| (name.to_owned(), is_patch);
        assert_eq!(
            labels,
            [named("Service/a", false), named("Kustomization/", false), named("Deployment/d", true)]
        );
        assert_eq!(cluster.manifests[0].problems.len(), 1);
        assert!(cluster.manifests[1].skipped.is_some(), "{:?}", cluster.manifests);
    }
}
