//! Parameters of paths: those in braces and those that are declared are the same.

use gonogo_model::fact::Value;
use serde_json::json;

use super::super::library::Library;
use super::super::operations::{Operation, template_names};

#[derive(Debug, Default)]
pub(super) struct Parameters {
    pub(super) undeclared: Vec<Value>,
    pub(super) unknown: Vec<Value>,
}

pub(super) fn of(library: &Library, operations: &[Operation<'_>]) -> Parameters {
    let mut found = Parameters::default();
    for operation in operations {
        let Some(declared) = operation.parameters(library) else { continue };
        let declared: Vec<_> = declared.into_iter().filter(|parameter| parameter.place == "path").collect();
        let named = template_names(operation.path);
        for name in named.iter().filter(|name| !declared.iter().any(|one| one.name == **name)) {
            found
                .undeclared
                .push(json!({"operation": operation.name(), "name": name, "line": operation.location.line}));
        }
        for one in declared.iter().filter(|one| !named.contains(&one.name.trim_end_matches(['+', '*']))) {
            found
                .unknown
                .push(json!({"operation": operation.name(), "name": one.name, "line": one.spot.line()}));
        }
    }
    found
}
