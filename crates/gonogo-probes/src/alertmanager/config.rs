//! Configurations of Alertmanager as Alertmanager reads them: routes, receivers and what it would
//! refuse. It does not know what is deployed, and does not judge values.

use std::collections::BTreeSet;

use gonogo_model::place::Place;
use gonogo_model::yaml::{self, Kind as Yaml, Limits, Node};

use super::integration;
use super::tree::{self, Route};
use crate::repository::purpose::is_for_development;
use crate::repository::{Kind, Repository};

/// How large a configuration may be.
const LIMITS: Limits = Limits { bytes: 2 << 20, nodes: 100_000, depth: 40 };

/// Something that Alertmanager refuses, without any value that could be a secret.
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord)]
pub(super) struct Problem {
    pub(super) line: u32,
    pub(super) what: String,
}

/// One configuration. Its settings may be secrets, so it has no `Debug`.
#[derive(Clone, Default)]
pub(super) struct Config {
    pub(super) path: String,
    pub(super) is_for_development: bool,
    /// Why it was not looked at.
    pub(super) skipped: Option<String>,
    pub(super) problems: Vec<Problem>,
    /// The root first, then each before those below it.
    pub(super) routes: Vec<Route>,
    pub(super) receivers: Vec<Receiver>,
    pub(super) globals: Vec<Setting>,
    /// `${NAME}` in values, by name and line.
    pub(super) variables: Vec<(String, u32)>,
    /// Keys that newer releases do without, by name and line.
    pub(super) old_keys: Vec<(String, u32)>,
}

/// One receiver.
#[derive(Clone)]
pub(super) struct Receiver {
    pub(super) name: String,
    pub(super) at: Place,
    pub(super) integrations: Vec<Integration>,
}

/// One way in which a receiver is told.
#[derive(Clone)]
pub(super) struct Integration {
    /// `email`, `slack`.
    pub(super) kind: String,
    pub(super) at: Place,
    pub(super) settings: Vec<Setting>,
}

/// A setting that is not empty, with the keys to it: `http_config.basic_auth.password`.
#[derive(Clone)]
pub(super) struct Setting {
    pub(super) key: String,
    pub(super) value: String,
    pub(super) line: u32,
}

impl Integration {
    pub(super) fn has(&self, keys: &[&str]) -> bool {
        self.settings.iter().any(|setting| keys.contains(&setting.key.as_str()))
    }

    /// What must be said and is neither here nor under `global`.
    pub(super) fn missing(&self, globals: &[Setting]) -> Vec<&'static str> {
        let given = |keys: &[&str]| globals.iter().any(|setting| keys.contains(&setting.key.as_str()));
        let groups = integration::needs(&self.kind).filter(|(own, global)| !self.has(own) && !given(global));
        groups.filter_map(|(own, _)| own.first().copied()).collect()
    }
}

/// Every configuration of a repository.
pub(super) fn configs(repository: &Repository) -> Vec<Config> {
    repository.of_kind(Kind::Alertmanager).into_iter().map(|path| config(repository, path)).collect()
}

fn config(repository: &Repository, path: &str) -> Config {
    let mut found =
        Config { path: path.to_owned(), is_for_development: is_for_development(path), ..Config::default() };
    match repository.text(path, LIMITS.bytes as u64) {
        Ok(text) => read(&text, &mut found),
        Err(why) => found.problem(1, format!("the file {why}")),
    }
    found
}

fn read(text: &str, config: &mut Config) {
    let mut documents = Vec::new();
    for document in yaml::parse_all(text, LIMITS) {
        match document {
            Ok(node) => documents.push(node),
            Err(_) if is_template(text) => {
                config.skipped =
                    Some("is a template that is filled in before Alertmanager reads it".to_owned());
                return;
            }
            Err(error) => config.problem(error.place.map_or(1, |place| place.line), error.message),
        }
    }
    let is_config = |node: &&Node| node.get("route").is_some() || node.get("receivers").is_some();
    match documents.iter().find(is_config) {
        Some(node) => fill(node, config),
        None if config.problems.is_empty() => {
            config.skipped = Some("has no `route`, so it is no configuration of Alertmanager".to_owned());
        }
        None => {}
    }
}

/// Helm, Jinja and Go templates have marks outside quotes.
fn is_template(text: &str) -> bool {
    let marks = ["{{-", "{{ ", "{{.", "{%", "<%"];
    marks.iter().any(|mark| text.contains(mark))
}

impl Config {
    pub(super) fn problem(&mut self, line: u32, what: impl Into<String>) {
        self.problems.push(Problem { line, what: what.into() });
    }

    pub(super) fn receiver(&self, name: &str) -> Option<&Receiver> {
        self.receivers.iter().find(|receiver| receiver.name == name)
    }
}

fn fill(node: &Node, config: &mut Config) {
    if let Some(global) = node.get("global") {
        settings(global, "", &mut config.globals);
    }
    receivers(node, config);
    let intervals = interval_names(node);
    match node.get("route") {
        Some(route) if !route.entries().is_empty() => tree::fill(route, &intervals, config),
        _ => config.problem(node.place.line, "there is no `route`, or it is not a mapping"),
    }
    inhibitions(node, config);
    variables(node, &mut config.variables);
}

fn receivers(node: &Node, config: &mut Config) {
    let Some(Yaml::List(nodes)) = node.get("receivers").map(|node| &node.kind) else {
        return config.problem(node.place.line, "there are no `receivers`, or they are not a list");
    };
    let mut names = BTreeSet::new();
    for node in nodes {
        let named = node.get("name");
        let Some(name) = named.and_then(scalar).filter(|name| !name.is_empty()) else {
            let what = match named.map(|name| &name.kind) {
                Some(Yaml::Null) => "the name of a receiver is `null`, which is no text; put it in quotes",
                _ => "a receiver has no `name`",
            };
            config.problem(node.place.line, what);
            continue;
        };
        if !names.insert(name.clone()) {
            config.problem(node.place.line, format!("there are two receivers `{name}`"));
            continue;
        }
        let at = named.map_or(node.place, |named| named.place);
        config.receivers.push(Receiver { name, at, integrations: integrations(node, &mut config.problems) });
    }
}

fn integrations(node: &Node, problems: &mut Vec<Problem>) -> Vec<Integration> {
    let mut found = Vec::new();
    for (key, value) in node.entries() {
        let (Some(kind), Yaml::List(nodes)) = (key.name.strip_suffix("_configs"), &value.kind) else {
            continue;
        };
        for node in nodes {
            for (key, _) in node.entries() {
                if let Some(instead) = integration::refused(kind, &key.name) {
                    let what = format!("`{kind}_configs` has no key `{}`; write {instead}", key.name);
                    problems.push(Problem { line: key.place.line, what });
                }
            }
            let mut own = Vec::new();
            settings(node, "", &mut own);
            found.push(Integration { kind: kind.to_owned(), at: node.place, settings: own });
        }
    }
    found
}

/// Every scalar that is not empty; what a message says is no setting. Recursion is bounded by the
/// depth of the YAML.
fn settings(node: &Node, above: &str, found: &mut Vec<Setting>) {
    const MESSAGE: [&str; 12] = [
        "headers",
        "html",
        "text",
        "title",
        "details",
        "fields",
        "actions",
        "description",
        "message",
        "body",
        "images",
        "links",
    ];
    for (key, value) in node.entries() {
        if MESSAGE.contains(&key.name.as_str()) {
            continue;
        }
        let name = if above.is_empty() { key.name.clone() } else { format!("{above}.{}", key.name) };
        match scalar(value) {
            Some(text) if !text.trim().is_empty() => {
                found.push(Setting { key: name, value: text, line: value.place.line });
            }
            Some(_) => {}
            None => settings(value, &name, found),
        }
    }
}

/// Names under `time_intervals`, and under the older `mute_time_intervals`.
fn interval_names(node: &Node) -> BTreeSet<String> {
    let lists = ["time_intervals", "mute_time_intervals"].into_iter().filter_map(|key| node.get(key));
    lists.flat_map(list).filter_map(|one| one.get("name").and_then(scalar)).collect()
}

fn inhibitions(node: &Node, config: &mut Config) {
    const OLD: [&str; 4] = ["source_match", "source_match_re", "target_match", "target_match_re"];
    for rule in node.get("inhibit_rules").map(list).unwrap_or_default() {
        let old = rule.entries().iter().filter(|(key, _)| OLD.contains(&key.name.as_str()));
        config.old_keys.extend(old.map(|(key, _)| (key.name.clone(), key.place.line)));
    }
}

/// Every `${NAME}` in a value, in the order of the file.
fn variables(node: &Node, found: &mut Vec<(String, u32)>) {
    match &node.kind {
        Yaml::Text(text) => {
            for rest in text.split("${").skip(1) {
                let name: String =
                    rest.chars().take_while(|c| c.is_ascii_alphanumeric() || *c == '_').collect();
                let is_name = name.starts_with(|c: char| c.is_ascii_alphabetic() || c == '_');
                let closes =
                    rest.get(name.len()..).is_some_and(|rest| rest.starts_with(['}', ':', '-', '?']));
                if is_name && closes && rest.contains('}') {
                    found.push((name, node.place.line));
                }
            }
        }
        Yaml::List(nodes) => nodes.iter().for_each(|node| variables(node, found)),
        Yaml::Map(entries) => entries.iter().for_each(|(_, node)| variables(node, found)),
        _ => {}
    }
}

/// A scalar as text.
pub(super) fn scalar(node: &Node) -> Option<String> {
    match &node.kind {
        Yaml::Text(text) => Some(text.clone()),
        Yaml::Int(value) => Some(value.to_string()),
        Yaml::Float(value) => Some(value.to_string()),
        Yaml::Bool(value) => Some(value.to_string()),
        _ => None,
    }
}

/// The nodes of a list; nothing of anything else.
pub(super) fn list(node: &Node) -> &[Node] {
    match &node.kind {
        Yaml::List(nodes) => nodes,
        _ => &[],
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn of(text: &str) -> Config {
        let mut config = Config::default();
        read(text, &mut config);
        config
    }

    #[test]
    fn settings_and_variables_keep_their_lines() {
        let found = of(
            "global: { smtp_from: a@b.io }\nroute: { receiver: a }\nreceivers:\n- name: a\n  email_configs:\n  - to: '${TO:-x}'\n    html: '${NOT_ASKED}'\n    tls_config: { insecure_skip_verify: true }\n    auth_username: ''\n",
        );
        let email = &found.receivers[0].integrations[0];
        let keys: Vec<(&str, u32)> = email.settings.iter().map(|one| (one.key.as_str(), one.line)).collect();
        assert_eq!(keys, [("to", 6), ("tls_config.insecure_skip_verify", 8)]);
        assert_eq!(email.missing(&found.globals), ["smarthost"]);
        assert_eq!(found.variables, [("TO".to_owned(), 6), ("NOT_ASKED".to_owned(), 7)]);
        assert!(found.problems.is_empty());
    }

    #[test]
    fn what_alertmanager_refuses_is_a_problem() {
        for (text, line) in [
            ("route: { receiver: a }\n", 1),
            ("receivers: [{ name: a }]\n", 1),
            ("route: { receiver: a }\nreceivers:\n- name: a\n- name: a\n", 4),
            ("route: { receiver: a }\nreceivers:\n- name: null\n- name: a\n", 3),
            ("receivers: [{ name: a }]\nroute:\n  group_by: [a]\n", 3),
            ("receivers: [{ name: a }]\nroute:\n  receiver: a\n  matchers: [a=b]\n", 4),
            ("receivers: [{ name: a }]\nroute:\n  receiver: a\n  group_wait: 5\n", 4),
            ("receivers: [{ name: a }]\nroute:\n  receiver: a\n  reciever: b\n", 4),
            ("receivers: [{ name: a }]\nroute:\n  receiver: a\n  routes:\n  - matchers: ['a=~(b']\n", 5),
            (
                "receivers: [{ name: a }]\nroute:\n  receiver: a\n  routes:\n  - mute_time_intervals: [night]\n",
                5,
            ),
            (
                "route: { receiver: a }\nreceivers:\n- name: a\n  email_configs:\n  - to: a@b.io\n    subject: A\n",
                6,
            ),
            ("route: [\n", 1),
        ] {
            let lines: Vec<u32> = of(text).problems.iter().map(|problem| problem.line).collect();
            assert_eq!(lines, [line], "{text}");
        }
        assert!(of("receivers: {{ .Values.a }}\nroute: {{- b }}\n").skipped.is_some());
    }
}
