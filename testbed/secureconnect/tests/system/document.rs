//! The document of the API as the tests need it: which operations it has, and whether an answer is
//! one that it describes.

use std::collections::{BTreeMap, BTreeSet};

use serde_json::Value;

const TEXT: &str = include_str!("../../repository/openapi.yaml");

/// The document.
pub(crate) struct Document {
    root: Value,
    /// Validators by the path of their schema, made when they are needed first.
    validators: BTreeMap<String, jsonschema::Validator>,
}

impl Document {
    pub(crate) fn read() -> Document {
        let root = serde_saphyr::from_str(TEXT).unwrap();
        Document { root, validators: BTreeMap::new() }
    }

    /// All operations: path and method.
    pub(crate) fn operations(&self) -> BTreeSet<(String, String)> {
        let methods = ["get", "put", "post", "delete", "patch"];
        let paths = self.root["paths"].as_object().unwrap().iter();
        let of = |(path, item): (&String, &Value)| {
            let has = methods.into_iter().filter(|method| item.get(*method).is_some());
            has.map(|method| (path.clone(), method.to_owned())).collect::<Vec<_>>()
        };
        paths.flat_map(of).collect()
    }

    /// What is wrong with an answer, by the document.
    pub(crate) fn wrong(&mut self, method: &str, path: &str, status: u16, body: &str) -> Option<String> {
        let path = path.split('?').next().unwrap();
        let place = format!("{method} {path} {status}");
        let Some(template) = self.template(path) else {
            return (status != 404).then(|| format!("{place}: no such path"));
        };
        let pointer = |text: &str| text.replace('~', "~0").replace('/', "~1");
        let operation = format!("/paths/{}/{}", pointer(&template), method.to_lowercase());
        let mut answer = format!("{operation}/responses/{status}");
        let Some(found) = self.root.pointer(&answer) else { return Some(format!("{place}: no such status")) };
        if let Some(reference) = found.get("$ref").and_then(Value::as_str) {
            answer = reference.trim_start_matches('#').to_owned();
        }
        let schema = format!("{answer}/content/application~1json/schema");
        if self.root.pointer(&schema).is_none() {
            let json = serde_json::from_str::<Value>(body).is_ok();
            return (json && self.root.pointer(&format!("{answer}/content")).is_none())
                .then(|| format!("{place}: a body where none is"));
        }
        let Ok(body) = serde_json::from_str::<Value>(body) else { return Some(format!("{place}: no JSON")) };
        let errors: Vec<String> =
            self.validator(&schema).iter_errors(&body).map(|error| error.to_string()).collect();
        (!errors.is_empty()).then(|| format!("{place}: {}", errors.join(", ")))
    }

    /// The path with its parameters in braces; a path without any goes first.
    fn template(&self, path: &str) -> Option<String> {
        let fits = |template: &&String| {
            let (theirs, ours): (Vec<&str>, Vec<&str>) =
                (template.split('/').collect(), path.split('/').collect());
            theirs.len() == ours.len()
                && theirs.iter().zip(&ours).all(|(theirs, ours)| theirs.starts_with('{') || theirs == ours)
        };
        let paths = self.root["paths"].as_object().unwrap();
        paths.contains_key(path).then(|| path.to_owned()).or_else(|| paths.keys().find(fits).cloned())
    }

    fn validator(&mut self, schema: &str) -> &jsonschema::Validator {
        let root = &self.root;
        self.validators.entry(schema.to_owned()).or_insert_with(|| {
            let mut whole = root.pointer(schema).unwrap().clone();
            whole["components"] = root["components"].clone();
            jsonschema::validator_for(&whole).unwrap()
        })
    }
}
