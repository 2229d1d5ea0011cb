//! OpenAPI documents: what an interface promises, and what became of the promise since. Nothing
//! is executed, no address is contacted and nothing is read outside the target's folder.

mod bundle;
mod change;
mod document;
#[cfg(test)]
mod fuzz;
mod library;
mod operation;
mod operations;
mod public;
mod reference;
mod schema;
pub(crate) mod served;
mod survey;
mod values;

use crate::probe::{Registered, register};

/// The probes of this family.
pub(crate) const PROBES: &[Registered] = &[
    register::<document::Document>(), //
    register::<operation::Operations>(),
    register::<change::Changes>(),
];

use gonogo_model::fact::Location;

use crate::repository::Repository;

/// An operation that a document promises.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) struct Promise {
    /// In capitals.
    pub(crate) method: String,
    /// As written, without the path of a server.
    pub(crate) path: String,
    pub(crate) location: Location,
}

/// What every document that can be read promises, by the path of the document. Those for
/// development, tests and examples promise nothing.
pub(crate) fn promises(repository: &Repository) -> Vec<(String, Vec<Promise>)> {
    let survey = survey::survey(repository);
    let Ok(survey) = &*survey else { return Vec::new() };
    let documents = survey.documents.iter().filter(|document| !document.is_for_development);
    let promised = documents.filter_map(|document| {
        let operations = operations::of(&survey.library, document.root(&survey.library)?);
        let promises = operations.into_iter().map(|operation| Promise {
            path: operation.path.to_owned(),
            location: operation.location,
            method: operation.method,
        });
        Some((document.path.clone(), promises.collect()))
    });
    promised.collect()
}
