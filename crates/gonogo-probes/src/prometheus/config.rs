//! Configurations of Prometheus: what is scraped, how often, which rules are loaded and who is told.
//! It does not know what is deployed.

use std::collections::BTreeSet;
use std::time::Duration;

use gonogo_model::yaml::Node;

use super::document::{Document, FILE, Problem, START, Spot, documents, duration, list, scalar};
use crate::repository::purpose::is_for_development;
use crate::repository::{Kind, Repository};

/// One configuration.
#[derive(Debug, Clone, Default)]
pub(super) struct Config {
    pub(super) path: String,
    pub(super) is_for_development: bool,
    pub(super) problems: Vec<Problem>,
    pub(super) jobs: Vec<Job>,
    /// Names of jobs that are given twice.
    pub(super) duplicate_jobs: Vec<String>,
    /// Patterns of rule files.
    pub(super) rule_files: Vec<(String, Spot)>,
    pub(super) alertmanagers: Vec<(String, Spot)>,
    /// Whether alerts may go to somebody who is discovered elsewhere.
    pub(super) discovers_alertmanagers: bool,
    /// Whether jobs also stand in other files.
    pub(super) has_job_files: bool,
}

/// One scrape job.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(super) struct Job {
    pub(super) at: Spot,
    pub(super) name: String,
    pub(super) interval: Duration,
    pub(super) timeout: Duration,
    pub(super) path: String,
    pub(super) targets: Vec<(String, Spot)>,
    /// Whether targets are found by service discovery.
    pub(super) discovers: bool,
    /// Whether relabelling replaces the address, as for a blackbox exporter.
    pub(super) replaces_address: bool,
    /// The address that relabelling sets.
    pub(super) replacements: Vec<(String, Spot)>,
}

/// What Prometheus takes when nothing is said.
const INTERVAL: Duration = Duration::from_secs(60);
const TIMEOUT: Duration = Duration::from_secs(10);

/// Every configuration of a repository.
pub(super) fn configs(repository: &Repository) -> Vec<Config> {
    repository.of_kind(Kind::PrometheusConfig).into_iter().map(|path| config(repository, path)).collect()
}

fn config(repository: &Repository, path: &str) -> Config {
    let mut found =
        Config { path: path.to_owned(), is_for_development: is_for_development(path), ..Config::default() };
    let read = match repository.text(path, FILE) {
        Ok(text) => documents(&text),
        Err(why) => Err(Problem::new(START, format!("the file {why}"))),
    };
    match read {
        Ok(documents) => documents.iter().for_each(|document| fill(&mut found, document)),
        Err(problem) => found.problems.push(problem),
    }
    found
}

fn fill(config: &mut Config, document: &Document) {
    let node = &document.node;
    if !list(node.get("scrape_configs")).iter().all(|job| !job.entries().is_empty()) {
        config.problems.push(Problem::new(START, "a job under `scrape_configs` is not a mapping"));
    }
    let global = node.get("global");
    let given = |key: &str| global.and_then(|global| global.get(key)).and_then(scalar);
    let interval = given("scrape_interval").and_then(|text| duration(&text)).unwrap_or(INTERVAL);
    let timeout = given("scrape_timeout").and_then(|text| duration(&text)).unwrap_or(TIMEOUT.min(interval));
    let mut names = BTreeSet::new();
    for job in list(node.get("scrape_configs")).iter().filter(|job| !job.entries().is_empty()) {
        let job = read_job(document, job, interval, timeout, &mut config.problems);
        if !job.name.is_empty() && !names.insert(job.name.clone()) {
            config.duplicate_jobs.push(job.name.clone());
        }
        config.jobs.push(job);
    }
    let patterns = list(node.get("rule_files")).iter();
    config.rule_files.extend(patterns.filter_map(|one| Some((scalar(one)?, document.spot(one.place)))));
    config.has_job_files |= node.get("scrape_config_files").is_some();
    let alerting = node.get("alerting");
    for manager in list(alerting.and_then(|alerting| alerting.get("alertmanagers"))) {
        config.alertmanagers.extend(static_targets(document, manager));
        config.discovers_alertmanagers |= discovers(manager);
    }
}

fn read_job(
    document: &Document,
    node: &Node,
    interval: Duration,
    timeout: Duration,
    problems: &mut Vec<Problem>,
) -> Job {
    let at = document.key(node, "job_name");
    let name = node.get("job_name").and_then(scalar).unwrap_or_default();
    if name.is_empty() {
        problems.push(Problem::new(at, "a job has no `job_name`"));
    }
    let mut own = |key: &str| {
        let written = node.get(key).and_then(scalar)?;
        let read = duration(&written);
        if read.is_none() && !written.contains(['$', '{']) {
            problems.push(Problem::new(
                document.key(node, key),
                format!("`{key}` is no duration; write it as `15s`"),
            ));
        }
        read
    };
    let interval = own("scrape_interval").unwrap_or(interval);
    let timeout = own("scrape_timeout").unwrap_or(timeout.min(interval));
    let relabels = list(node.get("relabel_configs"));
    let sets_address = |one: &&Node| one.get("target_label").and_then(Node::text) == Some("__address__");
    let address: Vec<&Node> = relabels.iter().filter(sets_address).collect();
    let replacement = |one: &&Node| {
        let place = one.get("replacement")?;
        Some((scalar(place)?, document.spot(place.place)))
    };
    Job {
        at,
        name,
        interval,
        timeout,
        path: node.get("metrics_path").and_then(scalar).unwrap_or_else(|| "/metrics".to_owned()),
        targets: static_targets(document, node),
        discovers: discovers(node),
        replaces_address: !address.is_empty(),
        replacements: address.iter().filter_map(replacement).collect(),
    }
}

fn static_targets(document: &Document, node: &Node) -> Vec<(String, Spot)> {
    let groups = list(node.get("static_configs")).iter();
    let targets = groups.flat_map(|group| list(group.get("targets")));
    targets.filter_map(|target| Some((scalar(target)?, document.spot(target.place)))).collect()
}

/// Whether it has `dns_sd_configs`, `file_sd_configs` and the like.
fn discovers(node: &Node) -> bool {
    node.entries().iter().any(|(key, _)| key.name.ends_with("_sd_configs"))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn jobs_are_read_with_what_they_inherit() {
        let text = "global: { scrape_interval: 15s }\nrule_files: [alerts.yml]\nalerting:\n  alertmanagers:\n  - static_configs: [{ targets: ['alertmanager:9093'] }]\nscrape_configs:\n- job_name: api\n  static_configs:\n  - targets: ['api:8080', 'b:1']\n- job_name: slow\n  scrape_interval: 5m\n  scrape_timeout: 1m\n  dns_sd_configs: []\n- job_name: api\n";
        let repository = Repository::of(&[("prometheus.yml", text)]);
        let found = configs(&repository).pop().unwrap();
        let (first, second) = (&found.jobs[0], &found.jobs[1]);
        assert_eq!((first.at.line, first.interval, first.targets.len()), (7, Duration::from_secs(15), 2));
        assert_eq!((second.interval.as_secs(), second.timeout.as_secs(), second.discovers), (300, 60, true));
        assert_eq!(found.duplicate_jobs, ["api"]);
        assert_eq!((found.rule_files.len(), found.alertmanagers.len()), (1, 1));
    }
}
