//! Broken and hostile manifests: whatever the bytes are, the analyser answers, soon. No file is
//! touched.

use proptest::prelude::*;

use super::object::cluster;
use super::{container, manifest, resource};
use crate::repository::Repository;
use crate::repository::fuzz::{change, changed, soon};
use crate::repository::memory::Memory;

const SEED: &str = include_str!("../../tests/rules/kubernetes/kubernetes-readiness/good.yaml");
const KUSTOMIZATION: &str =
    "apiVersion: kustomize.config.k8s.io/v1beta1\nkind: Kustomization\npatches: [{path: a.yaml}]\n";
const WORDS: &[&str] = &[
    "---\n",
    "&a ",
    "*a",
    "kind: List\n",
    "kind: CronJob\n",
    "kind: Service\n",
    "kind: Secret\n",
    "items: ",
    "spec: ",
    "containers: ",
    "env: ",
    "data: ",
    "{{ .Values.a }}",
];

fn answers(files: &[(&str, &[u8])]) -> usize {
    soon(|| {
        let repository = Repository::new(Box::new(Memory::of_bytes(files.iter().copied())), None);
        let cluster = cluster(&repository);
        container::items(&cluster).len() + manifest::items(&cluster).len() + resource::items(&cluster).len()
    })
}

proptest! {
    #![proptest_config(ProptestConfig { cases: 300, failure_persistence: None, ..ProptestConfig::default() })]

    #[test]
    fn mutated_manifests_are_answered(changes in prop::collection::vec(change(WORDS), 0..12)) {
        let bytes = changed(SEED, &changes);
        answers(&[("a.yaml", &bytes), ("kustomization.yaml", KUSTOMIZATION.as_bytes())]);
    }

    #[test]
    fn any_bytes_are_answered(bytes in prop::collection::vec(any::<u8>(), 0..2_000)) {
        let mut manifest = b"apiVersion: v1\nkind: Pod\n".to_vec();
        manifest.extend(bytes);
        prop_assert!(answers(&[("a.yaml", &manifest)]) >= 1);
    }
}

#[test]
fn huge_and_many_documents_are_answered_soon() {
    let many = SEED.repeat(400);
    assert!(answers(&[("a.yaml", many.as_bytes())]) > 400);
    let borders = "---\n".repeat(200_000) + SEED;
    assert!(answers(&[("a.yaml", borders.as_bytes())]) >= 1);
    let deep = "apiVersion: v1\nkind: Pod\nspec: ".to_owned() + &"[".repeat(100_000);
    assert!(answers(&[("a.yaml", deep.as_bytes())]) >= 1);
}
