//! Which pack is about which kind of file, and which question it helps to answer. One line a pack.

use gonogo_probes::Kind;

use super::Audit;
use super::categories::Category;

/// A pack, and when it has something to say.
#[derive(Debug)]
pub(super) struct Subject {
    pub(super) pack: &'static str,
    /// The question it helps to answer; without one it only gives hints, and stands with the first.
    pub(super) category: Option<Category>,
    /// It speaks where there is a file of any of these kinds; without kinds, about every folder.
    pub(super) kinds: &'static [Kind],
    /// What must be asked for, besides.
    pub(super) asked: Asked,
}

/// What a subject waits for.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Asked {
    /// Nothing: what was found is enough.
    Always,
    /// A folder of advisories.
    Advisories,
    /// A search of the git history.
    History,
    /// API documents as they were.
    Against,
}

/// Every subject, in the order in which a person would read the report.
pub(super) const SUBJECTS: &[Subject] = &[
    on("leak", Category::Secrets, ALL),
    asked("leak-history", Category::Secrets, ALL, Asked::History),
    on("compose", Category::Containers, &[Kind::Compose]),
    on("dockerfile", Category::Containers, &[Kind::Dockerfile]),
    on("kubernetes", Category::Containers, &[Kind::Kubernetes]),
    on("prometheus-rules", Category::Monitoring, &[Kind::PrometheusRules]),
    on("prometheus-scrape", Category::Monitoring, &[Kind::PrometheusConfig]),
    on("alertmanager", Category::Monitoring, &[Kind::Alertmanager]),
    on("promtail", Category::Monitoring, &[Kind::Promtail]),
    on("grafana", Category::Monitoring, &[Kind::GrafanaDashboard, Kind::GrafanaDatasources]),
    on("migration", Category::Data, &[Kind::Migration]),
    asked("migration-history", Category::Data, &[Kind::Migration], Asked::History),
    on("openapi", Category::Interface, &[Kind::OpenApi]),
    asked("openapi-change", Category::Interface, &[Kind::OpenApi], Asked::Against),
    on("supply", Category::Dependencies, &[Kind::Lockfile, Kind::Manifest]),
    asked("supply-advisories", Category::Dependencies, &[Kind::Lockfile], Asked::Advisories),
    on("parity", Category::Configuration, &[Kind::Dotenv, Kind::Compose, Kind::Kubernetes]),
    on("unfinished", Category::Completeness, &[Kind::Code]),
    on("readiness-document", Category::Documents, &[Kind::Document]),
    hints("repository", &[]),
];

/// A pack whose checks are all hints: they do not weigh, so they need no question of their own.
const fn hints(pack: &'static str, kinds: &'static [Kind]) -> Subject {
    Subject { pack, category: None, kinds, asked: Asked::Always }
}

/// About every folder in which anything was found.
const ALL: &[Kind] = &[];

/// A pack that somebody has to ask for.
const fn asked(pack: &'static str, category: Category, kinds: &'static [Kind], asked: Asked) -> Subject {
    Subject { pack, category: Some(category), kinds, asked }
}

const fn on(pack: &'static str, category: Category, kinds: &'static [Kind]) -> Subject {
    Subject { pack, category: Some(category), kinds, asked: Asked::Always }
}

impl Subject {
    pub(super) fn applies(&self, audit: &Audit) -> bool {
        let is_found = |kind: &Kind| audit.discovery.kinds.contains_key(kind);
        let is_asked = match self.asked {
            Asked::Always => true,
            Asked::Advisories => audit.wishes.advisories.is_some(),
            Asked::History => audit.wishes.history,
            Asked::Against => audit.wishes.against.is_some(),
        };
        is_asked && (self.kinds.is_empty() || self.kinds.iter().any(is_found))
    }

    /// The parameter that each of its checks needs, as name and value.
    pub(super) fn parameter<'a>(&self, audit: &'a Audit) -> Option<(&'static str, &'a str)> {
        match self.asked {
            Asked::Advisories => Some(("advisories", audit.wishes.advisories.as_deref()?)),
            Asked::Against => Some(("against", audit.wishes.against.as_deref()?)),
            Asked::Always | Asked::History => None,
        }
    }
}
