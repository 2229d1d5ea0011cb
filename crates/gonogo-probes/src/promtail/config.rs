//! Configurations of Promtail: what each job reads, where lines go, and where the places are kept.
//! It does not know what is deployed.

use gonogo_model::place::Place;
use gonogo_model::yaml::{self, Kind as Yaml, Limits, Node};

use crate::repository::purpose::is_for_development;
use crate::repository::{Kind, Repository};

/// How large a configuration may be.
const LIMITS: Limits = Limits { bytes: 1 << 20, nodes: 50_000, depth: 40 };
/// Where Promtail keeps its places when nothing is said.
const POSITIONS: &str = "/var/log/positions.yaml";

/// One configuration. Its clients may hold passwords, so it has no `Debug`.
#[derive(Clone, Default)]
pub(super) struct Config {
    pub(super) path: String,
    pub(super) is_for_development: bool,
    /// What Promtail refuses, by line.
    pub(super) problems: Vec<(u32, String)>,
    /// Addresses that lines go to.
    pub(super) clients: Vec<(String, Place)>,
    /// The file that says how far each file was read.
    pub(super) positions: String,
    pub(super) jobs: Vec<Job>,
}

/// One job.
#[derive(Clone)]
pub(super) struct Job {
    pub(super) name: String,
    pub(super) at: Place,
    /// Patterns of the files it reads.
    pub(super) paths: Vec<(String, Place)>,
    /// Whether it also reads what is no file, or what it discovers.
    pub(super) discovers: bool,
}

/// Every configuration of a repository.
pub(super) fn configs(repository: &Repository) -> Vec<Config> {
    repository.of_kind(Kind::Promtail).into_iter().map(|path| config(repository, path)).collect()
}

fn config(repository: &Repository, path: &str) -> Config {
    let mut found = Config {
        path: path.to_owned(),
        is_for_development: is_for_development(path),
        positions: POSITIONS.to_owned(),
        ..Config::default()
    };
    match repository.text(path, LIMITS.bytes as u64) {
        Ok(text) => read(&text, &mut found),
        Err(why) => found.problems.push((1, format!("the file {why}"))),
    }
    found
}

fn read(text: &str, config: &mut Config) {
    let mut documents = Vec::new();
    for document in yaml::parse_all(text, LIMITS) {
        match document {
            Ok(node) => documents.push(node),
            // What is filled in before Promtail reads it is no YAML yet.
            Err(_) if ["{{", "{%", "<%"].iter().any(|mark| text.contains(mark)) => return,
            Err(error) => {
                let line = error.place.map_or(1, |place| place.line);
                config.problems.push((line, error.message));
            }
        }
    }
    if let Some(node) = documents.iter().find(|node| node.get("scrape_configs").is_some()) {
        fill(node, config);
    }
}

fn fill(node: &Node, config: &mut Config) {
    if let Some(name) = node.get("positions").and_then(|one| one.get("filename")).and_then(scalar) {
        config.positions = name;
    }
    let clients = list(node.get("clients")).iter().chain(node.get("client"));
    for client in clients {
        match client.get("url").filter(|url| scalar(url).is_some_and(|url| !url.is_empty())) {
            Some(url) => config.clients.extend(scalar(url).map(|text| (text, url.place))),
            None => config.problems.push((client.place.line, "a client has no `url`".to_owned())),
        }
    }
    for job in list(node.get("scrape_configs")) {
        let named = node_named(job);
        let name = named.and_then(scalar).unwrap_or_default();
        let at = named.map_or(job.place, |named| named.place);
        config.jobs.push(Job { name, at, paths: paths(job), discovers: discovers(job) });
    }
}

fn node_named(job: &Node) -> Option<&Node> {
    job.get("job_name")
}

/// What `__path__` says in labels, with the place of each.
fn paths(job: &Node) -> Vec<(String, Place)> {
    let groups = list(job.get("static_configs")).iter().filter_map(|group| group.get("labels"));
    let said = groups.filter_map(|labels| labels.get("__path__"));
    said.filter_map(|path| Some((scalar(path)?, path.place))).collect()
}

/// Whether anything but labels of files says what is read: discovery, the journal, syslog.
fn discovers(job: &Node) -> bool {
    const NO_SOURCE: [&str; 8] = [
        "job_name",
        "static_configs",
        "pipeline_stages",
        "relabel_configs",
        "encoding",
        "decompression",
        "entry_parser",
        "limit_config",
    ];
    job.entries().iter().any(|(key, _)| !NO_SOURCE.contains(&key.name.as_str()))
}

fn scalar(node: &Node) -> Option<String> {
    match &node.kind {
        Yaml::Text(text) => Some(text.clone()),
        Yaml::Int(value) => Some(value.to_string()),
        _ => None,
    }
}

fn list(node: Option<&Node>) -> &[Node] {
    match node.map(|node| &node.kind) {
        Some(Yaml::List(nodes)) => nodes,
        _ => &[],
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn jobs_are_read_with_their_files() {
        let text = "positions: { filename: /p/a.yaml }\nclients:\n- url: http://loki:3100/push\n- {}\nscrape_configs:\n- job_name: app\n  static_configs:\n  - labels:\n      __path__: /var/log/app/*.log\n- job_name: docker\n  docker_sd_configs: []\n- job_name: none\n  static_configs: [{ labels: { job: a } }]\n";
        let found = configs(&Repository::of(&[("promtail.yml", text)])).pop().unwrap();
        assert_eq!((found.positions.as_str(), found.clients.len()), ("/p/a.yaml", 1));
        assert_eq!(found.problems, [(4, "a client has no `url`".to_owned())]);
        let jobs: Vec<(u32, usize, bool)> =
            found.jobs.iter().map(|job| (job.at.line, job.paths.len(), job.discovers)).collect();
        assert_eq!(jobs, [(6, 1, false), (10, 0, true), (12, 0, false)]);
    }
}
