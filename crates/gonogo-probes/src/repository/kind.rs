//! What kind of file each file is, by its name and, for YAML and JSON, by the keys it starts
//! its lines with. A guess that is cheap: the family's analyser reads the file for good.

use std::collections::BTreeMap;

use super::purpose::is_made_up;
use super::source::{Source, folder_of, name_of};
use crate::tools::tree::Listed;

/// Bytes of a YAML or JSON file that is looked into.
const LARGEST: u64 = 4 << 20;

/// A kind of file that a family knows how to read.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub enum Kind {
    /// `compose*.yml`, `docker-compose*.yaml`.
    Compose,
    /// `Dockerfile`, `Containerfile`, `*.Dockerfile`.
    Dockerfile,
    /// Objects for a Kubernetes cluster.
    Kubernetes,
    /// Rule files of Prometheus: `groups` of rules with `expr`.
    PrometheusRules,
    /// The configuration of Prometheus: `scrape_configs`.
    PrometheusConfig,
    /// The configuration of Alertmanager: `route` and `receivers`.
    Alertmanager,
    /// Dashboards of Grafana, as JSON.
    GrafanaDashboard,
    /// Data sources of Grafana, as provisioned.
    GrafanaDatasources,
    /// The configuration of Promtail: `clients` and `scrape_configs`.
    Promtail,
    /// An OpenAPI document.
    OpenApi,
    /// A database migration in SQL.
    Migration,
    /// The exact dependencies of a build.
    Lockfile,
    /// What a build asks for: `Cargo.toml`, `package.json`.
    Manifest,
    /// Variables as `NAME=value` lines.
    Dotenv,
    /// Source code.
    Code,
    /// Markdown.
    Document,
}

impl Kind {
    /// What a person calls one such file.
    pub fn noun(self) -> &'static str {
        match self {
            Kind::Compose => "compose file",
            Kind::Dockerfile => "Dockerfile",
            Kind::Kubernetes => "Kubernetes manifest",
            Kind::PrometheusRules => "Prometheus rule file",
            Kind::PrometheusConfig => "Prometheus configuration",
            Kind::Alertmanager => "Alertmanager configuration",
            Kind::GrafanaDashboard => "Grafana dashboard",
            Kind::GrafanaDatasources => "Grafana data source file",
            Kind::Promtail => "Promtail configuration",
            Kind::OpenApi => "OpenAPI document",
            Kind::Migration => "database migration",
            Kind::Lockfile => "lockfile",
            Kind::Manifest => "package manifest",
            Kind::Dotenv => ".env file",
            Kind::Code => "source file",
            Kind::Document => "Markdown document",
        }
    }
}

/// Every file by kind but those made up for tests, in the order of the paths; with `only`, that file alone.
pub(super) fn by_kind(source: &dyn Source, only: Option<&str>) -> BTreeMap<Kind, Vec<String>> {
    let mut found: BTreeMap<Kind, Vec<String>> = BTreeMap::new();
    for file in source.files().iter().filter(|file| only.is_none_or(|only| file.path == only)) {
        for kind in kinds_of(source, file) {
            found.entry(kind).or_default().push(file.path.clone());
        }
    }
    found
}

fn kinds_of(source: &dyn Source, file: &Listed) -> Vec<Kind> {
    let mut kinds = by_name(&file.path);
    if matches!(ending(&file.path), "yml" | "yaml" | "json")
        && file.bytes <= LARGEST
        && let Ok(bytes) = source.read(&file.path, LARGEST)
    {
        kinds.extend(by_content(&String::from_utf8_lossy(&bytes)));
    }
    kinds.retain(|kind| matches!(kind, Kind::Code | Kind::Document) || !is_made_up(&file.path));
    kinds.sort_unstable();
    kinds.dedup();
    kinds
}

fn ending(path: &str) -> &str {
    name_of(path).rsplit_once('.').map_or("", |(_, ending)| ending)
}

/// What the path alone says.
pub(super) fn by_name(path: &str) -> Vec<Kind> {
    let name = name_of(path);
    let lower = name.to_lowercase();
    let mut kinds = Vec::new();
    if is_compose(&lower) {
        kinds.push(Kind::Compose);
    }
    if is_dockerfile(&lower) {
        kinds.push(Kind::Dockerfile);
    }
    if lower == ".env" || lower.starts_with(".env.") || lower.ends_with(".env") {
        kinds.push(Kind::Dotenv);
    }
    if LOCKFILES.contains(&name) || lower.starts_with("requirements") && lower.ends_with(".txt") {
        kinds.push(Kind::Lockfile);
    }
    if MANIFESTS.contains(&name) {
        kinds.push(Kind::Manifest);
    }
    if is_migration(path) {
        kinds.push(Kind::Migration);
    }
    if CODE.contains(&ending(path)) {
        kinds.push(Kind::Code);
    }
    if matches!(ending(&lower), "md" | "markdown") {
        kinds.push(Kind::Document);
    }
    kinds
}

const LOCKFILES: [&str; 12] = [
    "Cargo.lock",
    "package-lock.json",
    "npm-shrinkwrap.json",
    "pnpm-lock.yaml",
    "yarn.lock",
    "poetry.lock",
    "uv.lock",
    "Pipfile.lock",
    "go.sum",
    "go.mod",
    "Gemfile.lock",
    "composer.lock",
];
const MANIFESTS: [&str; 7] =
    ["Cargo.toml", "package.json", "pyproject.toml", "go.mod", "Pipfile", "Gemfile", "composer.json"];
const CODE: [&str; 27] = [
    "rs", "go", "js", "mjs", "cjs", "ts", "mts", "cts", "jsx", "tsx", "py", "java", "kt", "scala", "cs",
    "rb", "php", "ex", "exs", "swift", "c", "h", "cc", "cpp", "hpp", "vue", "svelte",
];

/// `compose*.yml`, `docker-compose*.yaml`, `prod.compose.yml`; in lower case.
fn is_compose(name: &str) -> bool {
    let Some((stem, "yml" | "yaml")) = name.rsplit_once('.') else { return false };
    let mut parts = stem.split(['.', '-', '_']);
    stem.starts_with("docker-compose")
        || stem.starts_with("docker_compose")
        || parts.any(|part| part == "compose")
}

/// In lower case. `dockerfile.rs` is code.
fn is_dockerfile(name: &str) -> bool {
    let named = |word: &str| {
        name == word
            || name.strip_suffix(word).is_some_and(|stem| stem.ends_with('.'))
            || name.strip_prefix(word).is_some_and(|rest| {
                rest.starts_with(['.', '-'])
                    && !CODE.contains(&ending(name))
                    && !matches!(ending(name), "md" | "txt" | "dockerignore" | "yml" | "yaml" | "json")
            })
    };
    named("dockerfile") || named("containerfile")
}

/// SQL in a folder of migrations, or named like one; or a program that a framework runs as one.
fn is_migration(path: &str) -> bool {
    let name = name_of(path);
    if ending(path) != "sql" {
        return is_program_of_migrations(path);
    }
    let in_folder = folder_of(path).split('/').any(|part| {
        matches!(part.to_lowercase().as_str(), "migrations" | "migration" | "migrate" | "flyway")
    });
    let versioned = name
        .strip_prefix(['V', 'U'])
        .is_some_and(|rest| rest.starts_with(|c: char| c.is_ascii_digit()) && rest.contains("__"));
    in_folder || versioned || name.starts_with("R__")
}

/// Migrations of Django (`migrations/0001_initial.py`), Alembic (`versions/4f1a_users.py`) and
/// Rails (`db/migrate/20240101000000_users.rb`).
fn is_program_of_migrations(path: &str) -> bool {
    let (folder, name) = (folder_of(path), name_of(path));
    let digits = name.len() - name.trim_start_matches(|c: char| c.is_ascii_digit()).len();
    let follows = name.get(digits..).is_some_and(|rest| rest.starts_with('_'));
    match ending(path) {
        "py" => {
            let of_django = name_of(folder) == "migrations" && digits == 4 && follows;
            let of_alembic = name_of(folder) == "versions"
                && folder.split('/').any(|part| matches!(part, "alembic" | "migrations"))
                && name != "__init__.py";
            of_django || of_alembic
        }
        "rb" => {
            digits == 14 && follows && (folder.ends_with("db/migrate") || folder.ends_with("db/post_migrate"))
        }
        _ => false,
    }
}

/// What the keys at the start of lines, or of a JSON document, say.
fn by_content(text: &str) -> Vec<Kind> {
    let has = |key: &str| has_key(text, key);
    let is_json = text.trim_start_matches('\u{feff}').trim_start().starts_with('{');
    let mut kinds = Vec::new();
    if has("openapi") || has("swagger") {
        kinds.push(Kind::OpenApi);
    }
    if has("groups") && text.contains("expr") && text.contains("rules") {
        kinds.push(Kind::PrometheusRules);
    }
    if has("kind") && text.contains("kind: PrometheusRule") {
        kinds.push(Kind::PrometheusRules);
    }
    if has("scrape_configs") {
        let is_promtail = has("clients") || has("positions");
        kinds.push(if is_promtail { Kind::Promtail } else { Kind::PrometheusConfig });
    }
    if has("receivers") && has("route") {
        kinds.push(Kind::Alertmanager);
    }
    if is_json && has("panels") && (has("schemaVersion") || has("templating")) {
        kinds.push(Kind::GrafanaDashboard);
    }
    if has("datasources") && has("apiVersion") && !has("kind") {
        kinds.push(Kind::GrafanaDatasources);
    }
    if has("apiVersion") && has("kind") {
        kinds.push(Kind::Kubernetes);
    }
    kinds
}

/// Whether a line starts with the key; in JSON, whether the key is quoted anywhere.
fn has_key(text: &str, key: &str) -> bool {
    let is_json = text.trim_start_matches('\u{feff}').trim_start().starts_with('{');
    if is_json {
        return text.contains(&format!("\"{key}\""));
    }
    text.lines().any(|line| {
        let line = line.trim_start_matches('\u{feff}').trim_start_matches(['"', '\'']);
        line.strip_prefix(key).is_some_and(|rest| rest.trim_start_matches(['"', '\'', ' ']).starts_with(':'))
    })
}

#[cfg(test)]
mod tests {
    use super::super::memory::Memory;
    use super::*;

    fn kinds(path: &str, text: &str) -> Vec<Kind> {
        by_kind(&Memory::of(&[(path, text)]), None).into_keys().collect()
    }

    #[test]
    fn files_are_known_by_name() {
        for (path, kind) in [
            ("compose.yaml", Kind::Compose),
            ("deploy/docker-compose.prod.yml", Kind::Compose),
            ("prod.compose.yml", Kind::Compose),
            ("Dockerfile", Kind::Dockerfile),
            ("docker/api.Dockerfile", Kind::Dockerfile),
            ("Dockerfile.prod", Kind::Dockerfile),
            (".env.production", Kind::Dotenv),
            ("Cargo.lock", Kind::Lockfile),
            ("requirements-dev.txt", Kind::Lockfile),
            ("db/migrations/0001_init.up.sql", Kind::Migration),
            ("sql/V2__users.sql", Kind::Migration),
            ("src/main.rs", Kind::Code),
            ("dockerfile.md", Kind::Document),
        ] {
            assert_eq!(kinds(path, ""), [kind], "{path}");
        }
        for path in [
            "shop/migrations/0001_initial.py",
            "alembic/versions/4f1a_users.py",
            "db/migrate/20240101000000_users.rb",
        ] {
            assert_eq!(kinds(path, ""), [Kind::Migration, Kind::Code], "{path}");
        }
        for path in ["shop/migrations/__init__.py", "api/versions/one.py", "lib/20240101000000_users.rb"] {
            assert_eq!(kinds(path, ""), [Kind::Code], "{path}");
        }
        for path in ["compose.rs.txt", "decompose.yml", "compose", "composer.yml", "a.sql"] {
            assert_eq!(kinds(path, ""), [], "{path}");
        }
    }

    #[test]
    fn yaml_and_json_are_known_by_their_keys() {
        for (path, text, kind) in [
            ("a.yml", "openapi: 3.0.0\n", Kind::OpenApi),
            ("a.json", "{\"openapi\": \"3.1.0\"}", Kind::OpenApi),
            ("a.yml", "groups:\n- name: a\n  rules:\n  - expr: up\n", Kind::PrometheusRules),
            ("a.yml", "global: {}\nscrape_configs:\n", Kind::PrometheusConfig),
            ("a.yml", "clients: []\nscrape_configs:\n", Kind::Promtail),
            ("a.yml", "route: {}\nreceivers: []\n", Kind::Alertmanager),
            ("a.json", "{\"panels\": [], \"schemaVersion\": 39}", Kind::GrafanaDashboard),
            ("a.yml", "apiVersion: 1\ndatasources: []\n", Kind::GrafanaDatasources),
            ("a.yml", "---\napiVersion: v1\nkind: Service\n", Kind::Kubernetes),
        ] {
            assert_eq!(kinds(path, text), [kind], "{text}");
        }
        assert_eq!(kinds("a.yml", "other: { openapi: 1 }\n"), []);
    }
}
