//! Data sources as files provision them. It does not know who asks them.

use gonogo_model::place::Place;
use gonogo_model::yaml::{self, Kind as Yaml, Limits, Node};
use sha2::{Digest, Sha256};

use crate::credential::variable::password_in_url;
use crate::repository::purpose::is_for_development;
use crate::repository::{Kind, Repository};

const LIMITS: Limits = Limits { bytes: 1 << 20, nodes: 50_000, depth: 40 };

/// One file. Its sources may hold passwords, so it has no `Debug`.
#[derive(Clone, Default)]
pub(super) struct Provisioned {
    pub(super) path: String,
    pub(super) is_for_development: bool,
    pub(super) problems: Vec<(u32, String)>,
    pub(super) sources: Vec<Source>,
}

/// One data source.
#[derive(Clone)]
pub(super) struct Source {
    pub(super) name: String,
    pub(super) at: Place,
    pub(super) uid: String,
    pub(super) url: Option<String>,
    /// Whether Grafana itself asks it, and not the browser.
    pub(super) is_asked_by_grafana: bool,
    /// Settings with a secret that is written out, by name and line.
    pub(super) secrets: Vec<(String, u32)>,
}

/// Every file of data sources.
pub(super) fn files(repository: &Repository) -> Vec<Provisioned> {
    repository.of_kind(Kind::GrafanaDatasources).into_iter().map(|path| file(repository, path)).collect()
}

fn file(repository: &Repository, path: &str) -> Provisioned {
    let mut found = Provisioned {
        path: path.to_owned(),
        is_for_development: is_for_development(path),
        ..Provisioned::default()
    };
    let text = match repository.text(path, LIMITS.bytes as u64) {
        Ok(text) => text,
        Err(why) => {
            found.problems.push((1, format!("the file {why}")));
            return found;
        }
    };
    for document in yaml::parse_all(&text, LIMITS) {
        match document {
            Ok(node) => fill(&node, &mut found),
            // What is filled in before Grafana reads it is no YAML yet.
            Err(_) if text.contains("{{") || text.contains("{%") => {}
            Err(error) => {
                let line = error.place.map_or(1, |place| place.line);
                found.problems.push((line, error.message));
            }
        }
    }
    found
}

fn fill(node: &Node, file: &mut Provisioned) {
    let Some(Yaml::List(nodes)) = node.get("datasources").map(|node| &node.kind) else { return };
    for node in nodes {
        let text = |key: &str| node.get(key).and_then(Node::text).filter(|text| !text.is_empty());
        let Some(name) = text("name") else {
            file.problems.push((node.place.line, "a data source has no `name`".to_owned()));
            continue;
        };
        let at = node.get("name").map_or(node.place, |named| named.place);
        file.sources.push(Source {
            name: name.to_owned(),
            at,
            uid: text("uid").map_or_else(|| uid_of(name), str::to_owned),
            url: text("url").map(str::to_owned),
            is_asked_by_grafana: !matches!(text("access"), Some("direct" | "browser")),
            secrets: secrets(node),
        });
    }
}

/// The uid that Grafana makes from a name.
fn uid_of(name: &str) -> String {
    let digest = Sha256::digest(name.as_bytes());
    let bytes = digest.iter().take(8).map(|byte| format!("{byte:02X}"));
    std::iter::once("P".to_owned()).chain(bytes).collect()
}

fn secrets(node: &Node) -> Vec<(String, u32)> {
    let is_literal = |node: &&Node| {
        node.text()
            .is_some_and(|text| !text.trim().is_empty() && !text.contains(['$', '<']) && !text.contains("{{"))
    };
    let secure = node.get("secureJsonData").map(Node::entries).unwrap_or_default().iter();
    let named =
        secure.filter(|(key, _)| key.name != "tlsCACert").map(|(key, node)| (key.name.as_str(), node));
    let plain = ["password", "basicAuthPassword"].into_iter().filter_map(|key| Some((key, node.get(key)?)));
    let mut found: Vec<(String, u32)> = named
        .chain(plain)
        .filter(|(_, node)| is_literal(node))
        .map(|(key, node)| (key.to_owned(), node.place.line))
        .collect();
    let url = node.get("url").filter(|url| url.text().is_some_and(|text| password_in_url(text).is_some()));
    found.extend(url.map(|url| ("url".to_owned(), url.place.line)));
    found
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn sources_without_uid_get_that_of_their_name() {
        let text = "apiVersion: 1\ndatasources:\n- name: Prometheus\n  url: http://p:9090\n- name: Loki\n  uid: loki\n  access: direct\n  secureJsonData: { httpHeaderValue1: abc, password: $PASSWORD }\n- type: x\n";
        let found = files(&Repository::of(&[("ds.yml", text)])).pop().unwrap();
        let uids: Vec<&str> = found.sources.iter().map(|one| one.uid.as_str()).collect();
        assert_eq!(uids, ["PBFA97CFB590B2093", "loki"]);
        assert_eq!(found.sources[1].secrets, [("httpHeaderValue1".to_owned(), 8)]);
        assert_eq!(found.problems, [(9, "a data source has no `name`".to_owned())]);
    }
}
