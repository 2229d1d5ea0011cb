//! A bill of materials is CycloneDX 1.6 by the schema of the standard, refers to what it has, says
//! what it lacks, and is the same for the same lockfiles.
#![expect(clippy::unwrap_used, clippy::panic, reason = "a test fails by panicking")]

use std::collections::{BTreeMap, BTreeSet};
use std::fs;
use std::path::Path;
use std::sync::LazyLock;

use gonogo_probes::{Bill, Making, bill_of_materials};
use jsonschema::Validator;
use serde_json::{Value, json};
use tempfile::TempDir;

/// The schema of the standard; where it came from is in `schema/README.md`.
const SCHEMA: &str = include_str!("schema/bom-1.6.schema.json");

static VALIDATOR: LazyLock<Validator> = LazyLock::new(|| {
    let others = ["spdx.SNAPSHOT.schema.json", "jsf-0.82.SNAPSHOT.schema.json#/definitions/signature"];
    let mut text = SCHEMA.to_owned();
    for other in others {
        let reference = format!("\"$ref\": \"{other}\"");
        assert!(text.contains(&reference), "{other}");
        text = text.replace(&reference, "\"$comment\": \"of another schema\"");
    }
    let schema: Value = serde_json::from_str(&text).unwrap();
    jsonschema::options().should_validate_formats(true).build(&schema).unwrap()
});

const CARGO: &str = r#"version = 4

[[package]]
name = "app"
version = "0.1.0"
dependencies = ["a", "b"]

[[package]]
name = "a"
version = "1.0.0"
source = "registry+https://github.com/rust-lang/crates.io-index"
checksum = "e3b0c44298fc1c149afbf4c8996fb92427ae41e4649b934ca495991b7852b855"

[[package]]
name = "b"
version = "2.0.0+x"
source = "git+https://example.com/b#0123"
dependencies = ["a"]
"#;
const NPM: &str = r#"{"lockfileVersion": 3, "packages": {"": {"name": "web", "devDependencies": {"@s/c": "1"}},
  "node_modules/@s/c": {"version": "1.0.0", "dev": true, "integrity": "sha512-z4PhNX7vuL3xVChQ1m2AB9Yg5AULVxXcg/SpIdNs6c5H0NE8XYXysP+DGNKHfuwvY7kxvUdBeoGlODJ6+SfaPg=="}}}"#;

fn folder(files: &[(&str, &str)]) -> TempDir {
    let folder = tempfile::tempdir().unwrap();
    for (path, text) in files {
        let path = folder.path().join(path);
        fs::create_dir_all(path.parent().unwrap()).unwrap();
        fs::write(path, text).unwrap();
    }
    folder
}

fn bill(path: &Path) -> Bill {
    let making = Making { name: "shop", version: "0.1.0", moment: None };
    let bill = bill_of_materials(path, &making).unwrap_or_else(|error| panic!("{}", error.why));
    assert_valid(&bill.document);
    bill
}

fn assert_valid(document: &Value) {
    let errors = VALIDATOR.iter_errors(document);
    let errors: Vec<String> = errors.map(|error| format!("{}: {error}", error.instance_path())).collect();
    assert!(errors.is_empty(), "{}\n{document:#}", errors.join("\n"));
    let components = document["components"].as_array().unwrap();
    let own: BTreeSet<&str> = components.iter().map(|one| one["bom-ref"].as_str().unwrap()).collect();
    assert_eq!(own.len(), components.len(), "a reference is there twice");
    for dependency in document["dependencies"].as_array().unwrap() {
        let reference = dependency["ref"].as_str().unwrap();
        assert!(reference == "repository" || own.contains(reference), "{reference}");
        for need in dependency["dependsOn"].as_array().unwrap() {
            assert!(own.contains(need.as_str().unwrap()), "{need}");
        }
    }
}

fn by_reference(document: &Value, list: &str, key: &str) -> BTreeMap<String, Value> {
    let all = document[list].as_array().unwrap().iter();
    all.map(|one| (one[key].as_str().unwrap().to_owned(), one.clone())).collect()
}

#[test]
fn a_bill_of_several_lockfiles_is_valid_and_whole() {
    let files = folder(&[
        ("Cargo.lock", CARGO),
        ("web/package-lock.json", NPM),
        ("jobs/requirements.txt", "Django==4.2\n"),
        ("cmd/go.mod", "module x.y/z\nrequire github.com/A/b v1.0.0+incompatible\n"),
        ("cmd/go.sum", "github.com/other/c v1.0.0 h1:x=\n"),
        ("site/Gemfile.lock", "GEM\n  specs:\n    rails (7.0)\n\nDEPENDENCIES\n  rails\n"),
        ("php/composer.lock", "{\"packages\": [{\"name\": \"A/b\", \"version\": \"v1\"}]}"),
    ]);
    let document = bill(files.path()).document;
    let components = by_reference(&document, "components", "bom-ref");
    let expected = [
        "Cargo.lock#app@0.1.0",
        "pkg:cargo/a@1.0.0",
        "pkg:cargo/b@2.0.0%2Bx#git",
        "pkg:composer/a/b@1",
        "pkg:gem/rails@7.0",
        "pkg:golang/github.com/a/b@v1.0.0%2Bincompatible",
        "pkg:npm/%40s/c@1.0.0",
        "pkg:pypi/django@4.2",
        "web/package-lock.json#web@",
    ];
    assert_eq!(components.keys().collect::<Vec<_>>(), expected);
    let a = &components["pkg:cargo/a@1.0.0"];
    assert_eq!(a["hashes"][0]["alg"], "SHA-256");
    assert_eq!(a["evidence"]["occurrences"], json!([{"location": "Cargo.lock", "line": 8}]));
    let c = &components["pkg:npm/%40s/c@1.0.0"];
    assert_eq!((c["scope"].as_str(), c["hashes"][0]["alg"].as_str()), (Some("excluded"), Some("SHA-512")));
    let needs = by_reference(&document, "dependencies", "ref");
    assert_eq!(
        needs["Cargo.lock#app@0.1.0"]["dependsOn"],
        json!(["pkg:cargo/a@1.0.0", "pkg:cargo/b@2.0.0%2Bx#git"])
    );
    assert_eq!(needs["web/package-lock.json#web@"]["dependsOn"], json!(["pkg:npm/%40s/c@1.0.0"]));
    assert_eq!(document["metadata"].get("timestamp"), None);
}

#[test]
fn the_same_lockfiles_give_the_same_bytes_and_others_another_serial() {
    let (one, two) = (folder(&[("Cargo.lock", CARGO)]), folder(&[("Cargo.lock", CARGO)]));
    let first = bill(one.path()).document;
    assert_eq!(first.to_string(), bill(two.path()).document.to_string());
    let other = folder(&[("Cargo.lock", &CARGO.replace("2.0.0", "2.0.1"))]);
    assert_ne!(first["serialNumber"], bill(other.path()).document["serialNumber"]);
    let making = Making { name: "shop", version: "0.1.0", moment: Some("2026-11-24T00:00:00Z".into()) };
    let dated = bill_of_materials(one.path(), &making).unwrap().document;
    assert_valid(&dated);
    assert_eq!(dated["serialNumber"], first["serialNumber"]);
}

#[test]
fn what_cannot_be_read_is_said() {
    let files = folder(&[("Cargo.lock", CARGO), ("web/package-lock.json", "{"), ("bun.lock", "{}")]);
    let found = bill(files.path());
    assert_eq!(found.missing.len(), 2, "{:?}", found.missing);
    assert_eq!(found.document["metadata"]["properties"].as_array().unwrap().len(), 2);
    let making = Making { name: "shop", version: "0.1.0", moment: None };
    let broken = folder(&[("package-lock.json", "{")]);
    assert!(bill_of_materials(broken.path(), &making).unwrap_err().why.contains("package-lock.json:1"));
    let empty = folder(&[]);
    assert!(bill_of_materials(empty.path(), &making).unwrap_err().why.contains("there is no lockfile"));
    assert!(bill_of_materials(&empty.path().join("x"), &making).is_err());
}

#[test]
fn the_bill_of_this_workspace_is_valid() {
    let root = Path::new(env!("CARGO_MANIFEST_DIR")).join("../../Cargo.lock");
    let document = bill(&root).document;
    let components = by_reference(&document, "components", "bom-ref");
    assert!(components.len() > 200);
    assert!(components.values().all(|one| one["version"].is_string()));
}
