//! Everything of a repository that rules and scrapes rest on, read once for a look: rule files,
//! configurations, compose services, and which metrics somebody exposes.

use std::collections::BTreeSet;
use std::sync::Arc;
use std::time::Duration;

use super::config::{self, Config};
use super::exporters::{self, ALWAYS};
use super::registered::{self, Registered};
use super::rules::{self, RuleFile};
use crate::code::Said;
use crate::compose::{self, Brief};
use crate::repository::{Kind, Repository};

/// What a look sees. It holds values of services, so it has no `Debug`.
pub(super) struct World {
    pub(super) files: Arc<Vec<RuleFile>>,
    pub(super) configs: Vec<Config>,
    pub(super) services: Arc<Vec<Brief>>,
    /// Metrics that source code registers.
    pub(super) metrics: Vec<Said>,
    pub(super) registered: Registered,
    /// Whether it has objects for Kubernetes, which may deploy any exporter.
    pub(super) has_kubernetes: bool,
}

/// Whether somebody exposes a metric.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Standing {
    /// Somebody does, or nothing is known that could.
    Fine,
    /// The code has metrics of this family, and not this one.
    Missing,
    /// Nobody is known who does.
    Doubtful,
}

impl World {
    pub(super) fn of(repository: &Repository) -> World {
        let metrics = repository.code().metrics.clone();
        World {
            files: rules::files(repository),
            configs: config::configs(repository),
            services: compose::services(repository),
            registered: registered::registered(repository, &metrics),
            metrics,
            has_kubernetes: !repository.of_kind(Kind::Kubernetes).is_empty() && repository.only().is_none(),
        }
    }

    /// The shortest interval in which anything is scraped, when a configuration says so.
    pub(super) fn interval(&self) -> Option<Duration> {
        let configs = self.configs.iter().filter(|config| !config.is_for_development);
        configs.flat_map(|config| config.jobs.iter().map(|job| job.interval)).min()
    }

    /// Names of what rules record.
    pub(super) fn recorded(&self) -> BTreeSet<&str> {
        let rules = self.files.iter().flat_map(|file| &file.rules);
        rules.filter(|rule| !rule.is_alert).map(|rule| rule.name.as_str()).collect()
    }

    /// Services of what runs in production.
    pub(super) fn deployed(&self) -> impl Iterator<Item = &Brief> {
        self.services.iter().filter(|service| !service.is_for_development)
    }
}

/// Answers for one metric after the other.
#[derive(Debug)]
pub(super) struct Exposed<'w> {
    recorded: BTreeSet<&'w str>,
    code: BTreeSet<&'w str>,
    /// First words of the metrics of the code that are its own.
    families: BTreeSet<&'w str>,
    /// Names of exporters that run or are scraped.
    running: BTreeSet<&'static str>,
    /// Whether what runs is not all known.
    is_open: bool,
    has_services: bool,
}

/// First words that libraries use too.
const SHARED: [&str; 22] = [
    "http",
    "https",
    "grpc",
    "rpc",
    "db",
    "sql",
    "redis",
    "cache",
    "queue",
    "request",
    "requests",
    "response",
    "server",
    "client",
    "api",
    "app",
    "process",
    "job",
    "jobs",
    "kafka",
    "websocket",
    "ws",
];

impl<'w> Exposed<'w> {
    pub(super) fn of(world: &'w World) -> Exposed<'w> {
        let code: BTreeSet<&str> = world.metrics.iter().map(|said| base(&said.name)).collect();
        let words = code.iter().filter(|name| name.contains('_')).filter_map(|name| name.split('_').next());
        let images = world.services.iter().filter_map(|service| service.image.as_deref());
        let mut running: BTreeSet<&'static str> =
            images.clone().filter_map(exporters::of_image).map(|one| one.name).collect();
        let jobs = world.configs.iter().flat_map(|config| &config.jobs);
        for word in jobs.flat_map(|job| job.targets.iter().map(|(target, _)| target).chain([&job.name])) {
            running.extend(named_in(word));
        }
        let discovers = |config: &Config| config.has_job_files || config.jobs.iter().any(|job| job.discovers);
        Exposed {
            recorded: world.recorded(),
            families: words.filter(|word| !SHARED.contains(word)).collect(),
            is_open: world.has_kubernetes
                || world.configs.iter().any(discovers)
                || images.clone().any(exporters::forwards),
            has_services: world.deployed().next().is_some(),
            code,
            running,
        }
    }

    pub(super) fn standing(&self, metric: &str) -> Standing {
        let is_always = ALWAYS.iter().any(|prefix| metric.starts_with(prefix));
        if is_always || metric.contains(':') || self.recorded.contains(metric) || self.is_in_code(metric) {
            return Standing::Fine;
        }
        let exporters = exporters::of_metric(metric);
        let family = metric.split('_').next().unwrap_or_default();
        if exporters.is_empty() {
            return match (self.families.contains(family), self.code.is_empty()) {
                (true, _) => Standing::Missing,
                (false, false) if !self.is_open => Standing::Doubtful,
                _ => Standing::Fine,
            };
        }
        let is_running = exporters.iter().any(|exporter| self.running.contains(exporter.name));
        match is_running || self.is_open || !self.has_services {
            true => Standing::Fine,
            false => Standing::Doubtful,
        }
    }

    /// Libraries put a namespace before the name, and suffixes behind it.
    fn is_in_code(&self, metric: &str) -> bool {
        let metric = base(metric);
        self.code.contains(metric)
            || self.code.iter().any(|known| {
                metric
                    .strip_suffix(known)
                    .is_some_and(|namespace| namespace.ends_with('_') && known.contains('_'))
            })
    }
}

/// The name without what a library adds behind it.
pub(super) fn base(metric: &str) -> &str {
    let mut name = metric;
    for ending in ["_bucket", "_sum", "_count", "_created", "_total", "_info"] {
        name = name.strip_suffix(ending).unwrap_or(name);
    }
    name
}

/// Exporters that the name of a job or target tells of.
fn named_in(text: &str) -> Vec<&'static str> {
    let text = text.to_lowercase();
    let is = |exporter: &&exporters::Exporter| {
        let image = exporter.images.iter().any(|part| text.contains(part));
        let word = exporter.prefixes.iter().map(|prefix| prefix.trim_end_matches('_'));
        let mut words = word.filter(|word| word.len() > 3 && exporter.is_only_exporter);
        let port =
            exporter.port != 0 && exporter.port != 8080 && text.ends_with(&format!(":{}", exporter.port));
        image || port || words.any(|word| text == *word)
    };
    exporters::EXPORTERS.iter().filter(is).map(|exporter| exporter.name).collect()
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::code::Detail;

    fn world(files: &[(&str, &str)], metrics: &[&str]) -> World {
        let said = |name: &&str| Said {
            name: (*name).to_owned(),
            path: "m.go".into(),
            line: 1,
            column: 1,
            detail: Detail::None,
        };
        World { metrics: metrics.iter().map(said).collect(), ..World::of(&Repository::of(files)) }
    }

    const COMPOSE: (&str, &str) =
        ("compose.yml", "services: { r: { image: oliver006/redis_exporter }, a: { build: . } }\n");

    #[test]
    fn a_metric_is_missed_only_where_somebody_would_expose_it() {
        let rules = ("r.yml", "groups:\n- name: a\n  rules:\n  - { record: shop_x, expr: up }\n");
        let known = world(&[COMPOSE, rules], &["shop_orders_total", "orders_failed_total"]);
        let exposed = Exposed::of(&known);
        for (metric, expected) in [
            ("up", Standing::Fine),
            ("go_goroutines", Standing::Fine),
            ("shop_x", Standing::Fine),
            ("shop_orders_total", Standing::Fine),
            ("shop_orders_created", Standing::Fine),
            ("acme_orders_failed_total", Standing::Fine),
            ("redis_up", Standing::Fine),
            ("shop_payments_total", Standing::Missing),
            ("pg_up", Standing::Doubtful),
            ("http_requests_total", Standing::Doubtful),
        ] {
            assert_eq!(exposed.standing(metric), expected, "{metric}");
        }
        let nothing = world(&[rules], &[]);
        let exposed = Exposed::of(&nothing);
        for metric in ["pg_up", "http_requests_total", "shop_payments_total"] {
            assert_eq!(exposed.standing(metric), Standing::Fine, "{metric}");
        }
    }
}
