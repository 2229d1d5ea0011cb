//! What a folder holds, for whoever wants to know before any probe looks: files by kind, what was
//! not walked, and which probes would find nothing of theirs there. The probes of the run that
//! follows use the same walk and the same reading.

use std::collections::{BTreeMap, BTreeSet};
use std::path::Path;
use std::sync::Arc;

use crate::probe::Unmeasured;
use crate::repository::{Kind, Place, Repositories, Repository};
use crate::{alertmanager, compose, document, kubernetes, migration, openapi, parity, prometheus};

/// What a folder holds.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Discovery {
    /// Files that belong to it.
    pub files: usize,
    /// Paths by kind; a file may be of several.
    pub kinds: BTreeMap<Kind, Vec<String>>,
    /// What was not walked, with the reason as it is said behind the path.
    pub passed: Vec<(String, String)>,
    /// Probes of files that have nothing to look at here, though others of their family have, with
    /// what is not there: `package manifest`. What is there and cannot be read is not among them:
    /// that has to be said.
    pub idle: BTreeMap<&'static str, &'static str>,
}

impl Repositories {
    /// Walks a folder, or takes one file. Blocks while it does.
    ///
    /// # Errors
    /// [`Unmeasured`] when there is no such folder or file.
    pub fn discover(self: &Arc<Repositories>, path: &Path) -> Result<Discovery, Unmeasured> {
        let repository = Place::at(path.to_owned(), Arc::clone(self)).open()?;
        Ok(Discovery {
            files: if repository.only().is_some() { 1 } else { repository.files().len() },
            kinds: repository.kinds().clone(),
            passed: repository.passed().to_vec(),
            idle: idle(&repository),
        })
    }
}

/// Probes that need a file of a kind that others of their family do without.
const NEEDS: [(&str, Kind); 6] = [
    ("grafana/dashboard", Kind::GrafanaDashboard),
    ("grafana/datasource", Kind::GrafanaDatasources),
    ("supply/lockfile", Kind::Lockfile),
    ("supply/manifest", Kind::Manifest),
    ("unfinished/marker", Kind::Code),
    ("unfinished/route", Kind::OpenApi),
];

/// What a kind of file must have in it for a probe: the probe, the kind, whether one has it, and
/// what a person calls it.
type Inside = (&'static str, Kind, fn(&Repository) -> bool, &'static str);

const INSIDE: [Inside; 15] = [
    ("alertmanager/receiver", Kind::Alertmanager, alertmanager::has_receivers, "receiver"),
    ("alertmanager/route", Kind::Alertmanager, alertmanager::has_routes, "route"),
    ("compose/service", Kind::Compose, compose::has_services, "compose service"),
    ("document/contradiction", Kind::Document, document::has_reports, "document about readiness"),
    ("kubernetes/container", Kind::Kubernetes, kubernetes::has_containers, "container in a manifest"),
    ("kubernetes/resource", Kind::Kubernetes, kubernetes::has_objects, "object in a manifest"),
    ("migration/statement", Kind::Migration, migration::has_statements, "migration in SQL"),
    ("migration/table", Kind::Migration, migration::has_tables, "table made by a migration in SQL"),
    ("openapi/operation", Kind::OpenApi, has_operations, "operation in an OpenAPI document"),
    ("prometheus/file", Kind::PrometheusRules, prometheus::has_files, "file with rules of Prometheus"),
    ("prometheus/rule", Kind::PrometheusRules, prometheus::has_rules, "rule of Prometheus"),
    ("prometheus/coverage", Kind::PrometheusRules, prometheus::has_alerts, "alert of Prometheus"),
    ("parity/variable", Kind::Compose, parity::has_variables, "variable of an environment"),
    ("parity/variable", Kind::Dotenv, parity::has_variables, "variable of an environment"),
    ("parity/variable", Kind::Kubernetes, parity::has_variables, "variable of an environment"),
];

fn idle(repository: &Repository) -> BTreeMap<&'static str, &'static str> {
    let is_there = |kind: Kind| repository.kinds().contains_key(&kind);
    let without_file = NEEDS.iter().filter(|(_, kind)| !is_there(*kind));
    let without_file = without_file.map(|(probe, kind)| (*probe, kind.noun()));
    let hollow = INSIDE.iter().filter(|(_, kind, has, _)| is_there(*kind) && !has(repository));
    without_file.chain(hollow.map(|(probe, _, _, noun)| (*probe, *noun))).collect()
}

/// A document that cannot be read has what nobody can see.
fn has_operations(repository: &Repository) -> bool {
    let promises = openapi::promises(repository);
    let read: BTreeSet<&str> = promises.iter().map(|(path, _)| path.as_str()).collect();
    let documents = repository.of_kind(Kind::OpenApi);
    documents.iter().any(|path| !read.contains(path)) || promises.iter().any(|(_, all)| !all.is_empty())
}
