//! Rule files as Prometheus reads them: groups of alerts and recordings, and what Prometheus would
//! refuse. It does not judge what an expression says.

use std::collections::BTreeSet;
use std::sync::Arc;
use std::time::Duration;

use gonogo_model::yaml::{Kind as Yaml, Node};

use super::document::{Document, FILE, Problem, START, Spot, documents, duration, list, scalar};
use super::expression::{self, Read};
use crate::repository::purpose::is_for_development;
use crate::repository::{Kind, Repository};

/// One rule file.
#[derive(Debug, Clone, Default)]
pub(super) struct RuleFile {
    pub(super) path: String,
    pub(super) is_for_development: bool,
    /// Why it was not looked at.
    pub(super) skipped: Option<String>,
    pub(super) problems: Vec<Problem>,
    pub(super) groups: usize,
    pub(super) duplicate_groups: Vec<String>,
    pub(super) unknown_keys: Vec<(String, u32)>,
    pub(super) rules: Vec<Rule>,
}

/// One alert or recording.
#[derive(Debug, Clone)]
pub(super) struct Rule {
    pub(super) at: Spot,
    pub(super) group: String,
    pub(super) name: String,
    pub(super) is_alert: bool,
    pub(super) expr: Read,
    /// How long it must hold, as written.
    pub(super) hold: Option<String>,
    pub(super) labels: Vec<(String, String)>,
    pub(super) annotations: Vec<(String, String)>,
}

impl Rule {
    pub(super) fn hold(&self) -> Duration {
        self.hold.as_deref().and_then(duration).unwrap_or_default()
    }

    pub(super) fn label(&self, name: &str) -> Option<&str> {
        self.labels.iter().find(|(key, _)| key == name).map(|(_, value)| value.as_str())
    }

    pub(super) fn annotation(&self, names: &[&str]) -> bool {
        self.annotations.iter().any(|(key, value)| names.contains(&key.as_str()) && !value.trim().is_empty())
    }
}

/// Every rule file of a repository, read once.
pub(super) fn files(repository: &Repository) -> Arc<Vec<RuleFile>> {
    repository.once(read_all)
}

fn read_all(repository: &Repository) -> Vec<RuleFile> {
    let paths = repository.of_kind(Kind::PrometheusRules);
    paths.into_iter().map(|path| file(repository, path)).collect()
}

fn file(repository: &Repository, path: &str) -> RuleFile {
    let mut found = RuleFile {
        path: path.to_owned(),
        is_for_development: is_for_development(path),
        ..RuleFile::default()
    };
    match repository.text(path, FILE) {
        Ok(text) => read(&text, &mut found),
        Err(why) => found.problems.push(Problem::new(START, format!("the file {why}"))),
    }
    found
}

/// Reads the text of a rule file.
fn read(text: &str, file: &mut RuleFile) {
    let documents = match documents(text) {
        Ok(documents) => documents,
        Err(_) if is_template(text) => {
            file.skipped = Some("is a template that is filled in before Prometheus reads it".to_owned());
            return;
        }
        Err(problem) => return file.problems.push(problem),
    };
    let is_grafana = documents.iter().any(|one| any_rule(&one.node, &["uid", "data", "grafana_alert"]));
    if is_grafana {
        file.skipped = Some("holds alerts of Grafana, which are not rules of Prometheus".to_owned());
        return;
    }
    let holders: Vec<(&Document, &Node)> =
        documents.iter().filter_map(|one| Some((one, holder(&one.node)?))).collect();
    if holders.is_empty() {
        file.skipped = Some("has no `groups` with `rules`, so it is no rule file of Prometheus".to_owned());
        return;
    }
    for (document, node) in holders {
        Reading { document, file }.groups(node);
    }
}

/// Helm, Jinja and Go templates have marks outside quotes.
fn is_template(text: &str) -> bool {
    let marks =
        ["{{-", "{{ .Values", "{{ include", "{{ template", "{{ if", "{{ range", "{%", "{{ .Release", "<%"];
    marks.iter().any(|mark| text.contains(mark))
}

fn any_rule(node: &Node, keys: &[&str]) -> bool {
    let rules = list(node.get("groups")).iter().flat_map(|group| list(group.get("rules")));
    let mut entries = rules.flat_map(Node::entries);
    entries.any(|(key, _)| keys.contains(&key.name.as_str()))
}

/// The mapping with `groups`: the file itself, or the `spec` of a Kubernetes object.
fn holder(node: &Node) -> Option<&Node> {
    let is_object = node.get("kind").and_then(Node::text) == Some("PrometheusRule");
    let holder = if is_object { node.get("spec")? } else { node };
    let groups = holder.get("groups")?;
    let is_some = list(Some(groups)).iter().any(|group| group.get("rules").is_some());
    is_some.then_some(holder)
}

struct Reading<'r> {
    document: &'r Document,
    file: &'r mut RuleFile,
}

const FILE_KEYS: [&str; 4] = ["groups", "namespace", "labels", "annotations"];
const GROUP_KEYS: [&str; 20] = [
    "name",
    "interval",
    "query_offset",
    "limit",
    "labels",
    "rules",
    "partial_response_strategy",
    "source_tenants",
    "evaluation_delay",
    "align_evaluation_time_on_interval",
    "remote_write",
    "concurrency",
    "type",
    "tenant",
    "headers",
    "notifier_headers",
    "params",
    "debug",
    "eval_offset",
    "eval_delay",
];
const RULE_KEYS: [&str; 9] = [
    "record",
    "alert",
    "expr",
    "for",
    "keep_firing_for",
    "labels",
    "annotations",
    "debug",
    "update_entries_limit",
];

impl Reading<'_> {
    fn problem(&mut self, at: Spot, what: impl Into<String>) {
        self.file.problems.push(Problem::new(at, what));
    }

    fn keys(&mut self, node: &Node, known: &[&str]) {
        for (key, _) in node.entries() {
            let is_known = known.contains(&key.name.as_str()) || key.name.starts_with("x-");
            if !is_known {
                self.file.unknown_keys.push((key.name.clone(), self.document.spot(key.place).line));
            }
        }
    }

    fn groups(&mut self, node: &Node) {
        self.keys(node, &FILE_KEYS);
        let mut names = BTreeSet::new();
        for group in list(node.get("groups")) {
            self.file.groups = self.file.groups.saturating_add(1);
            let at = self.document.spot(group.place);
            let name = group.get("name").and_then(scalar).unwrap_or_default();
            if name.is_empty() {
                self.problem(at, "the group has no name");
            } else if !names.insert(name.clone()) {
                self.file.duplicate_groups.push(name.clone());
            }
            self.keys(group, &GROUP_KEYS);
            self.duration(group, "interval");
            for rule in list(group.get("rules")) {
                self.rule(&name, rule);
            }
        }
    }

    fn duration(&mut self, node: &Node, key: &str) {
        let written = node.get(key).and_then(scalar);
        if written.is_some_and(|written| duration(&written).is_none() && !written.contains("{{")) {
            let at = self.document.key(node, key);
            self.problem(at, format!("`{key}` is no duration; write it as `5m`"));
        }
    }

    fn rule(&mut self, group: &str, node: &Node) {
        let at = self.document.spot(node.place);
        self.keys(node, &RULE_KEYS);
        let name = |key: &str| node.get(key).and_then(scalar).filter(|name| !name.is_empty());
        let (name, is_alert) = match (name("alert"), name("record")) {
            (Some(alert), None) => (alert, true),
            (None, Some(record)) => (record, false),
            (Some(_), Some(_)) => return self.problem(at, "the rule has both `alert` and `record`"),
            (None, None) => return self.problem(at, "the rule has neither `alert` nor `record`"),
        };
        self.duration(node, "for");
        self.duration(node, "keep_firing_for");
        if !is_alert {
            self.recording(node, &name);
        }
        let expr = node.get("expr").and_then(scalar).unwrap_or_default();
        let texts = |key: &str| -> Vec<(String, String)> {
            let entries = node.get(key).map(Node::entries).unwrap_or_default();
            entries.iter().filter_map(|(key, node)| Some((key.name.clone(), scalar(node)?))).collect()
        };
        let (labels, annotations) = (texts("labels"), texts("annotations"));
        for (key, value) in labels.iter().chain(&annotations) {
            if value.matches("{{").count() != value.matches("}}").count() {
                self.problem(at, format!("the template of `{key}` has `{{{{` without `}}}}`"));
            }
        }
        let key = if is_alert { "alert" } else { "record" };
        self.file.rules.push(Rule {
            at: self.document.key(node, key),
            group: group.to_owned(),
            name,
            is_alert,
            expr: expression::read(&expr),
            hold: node.get("for").and_then(scalar),
            labels,
            annotations,
        });
    }

    fn recording(&mut self, node: &Node, name: &str) {
        for key in ["for", "keep_firing_for", "annotations"] {
            let has_one = node.get(key).is_some_and(|node| node.kind != Yaml::Null);
            if has_one {
                let at = self.document.key(node, key);
                self.problem(at, format!("a recording rule cannot have `{key}`"));
            }
        }
        let is_name = name.chars().all(|c| c.is_alphanumeric() || matches!(c, '_' | ':' | '.' | '{'));
        if !is_name || name.starts_with(|c: char| c.is_ascii_digit()) {
            let at = self.document.key(node, "record");
            self.problem(at, "`record` is no name of a metric");
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn of(path: &str, text: &str) -> RuleFile {
        let repository = Repository::of(&[(path, text)]);
        files(&repository).first().cloned().unwrap()
    }

    #[test]
    fn rules_are_read_with_their_place() {
        let file = of(
            "rules.yml",
            "groups:\n- name: a\n  rules:\n  - alert: Down\n    expr: up == 0\n    for: 5m\n    labels: { severity: critical }\n  - record: job:up:sum\n    expr: sum by (job) (up)\n",
        );
        assert_eq!((file.problems.len(), file.groups, file.rules.len()), (0, 1, 2));
        let rule = &file.rules[0];
        assert_eq!((rule.at, rule.hold()), (Spot { line: 4, column: 5 }, Duration::from_secs(300)));
        assert_eq!(rule.label("severity"), Some("critical"));
    }

    #[test]
    fn objects_of_kubernetes_hold_rules() {
        let file = of(
            "k8s/rules.yaml",
            "apiVersion: v1\nkind: ConfigMap\n---\napiVersion: monitoring.coreos.com/v1\nkind: PrometheusRule\nspec:\n  groups:\n  - name: a\n    rules:\n    - { alert: Down, expr: up == 0 }\n",
        );
        assert_eq!((file.skipped.as_deref(), file.rules.len()), (None, 1));
        assert_eq!(file.rules[0].at.line, 10);
    }

    #[test]
    fn what_prometheus_refuses_is_a_problem() {
        let file = of(
            "rules.yml",
            "groups:\n- name: a\n  interval: 5\n  rules:\n  - { alert: A, record: b, expr: up }\n  - { expr: up }\n  - { record: a b, expr: up, for: 5m }\n  - { alert: C, expr: up, fro: 5m, annotations: { summary: '{{ $labels.job }' } }\n- name: a\n  rules: []\n- rules: []\n",
        );
        let what: Vec<&str> = file.problems.iter().map(|one| one.what.as_str()).collect();
        assert_eq!(what.len(), 7, "{what:?}");
        assert_eq!((file.duplicate_groups.len(), &file.unknown_keys[..]), (1, &[("fro".to_owned(), 8)][..]));
    }

    #[test]
    fn other_files_are_passed_with_the_reason() {
        for (text, part) in [
            ("groups:\n- name: {{ .Values.name }}\n  rules:\n  - expr: {{- if x }}\n", "template"),
            ("groups:\n- name: a\n  rules:\n  - { uid: a, data: [{ model: { expr: up } }] }\n", "Grafana"),
            ("groups:\n- name: a\n  services: [{ rules: [{ expr: up }] }]\n", "no rule file"),
        ] {
            let file = of("a.yml", text);
            assert!(file.skipped.as_deref().is_some_and(|why| why.contains(part)), "{file:?}");
        }
    }
}
