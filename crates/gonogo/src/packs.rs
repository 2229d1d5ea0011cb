//! The packs that are shipped in the binary. A test proves that every file is listed.

use gonogo_model::spec::PackSource;

macro_rules! pack {
    ($family:literal, $name:literal) => {
        PackSource {
            name: $name,
            file: concat!("packs/", $family, "/", $name, ".yaml"),
            text: include_str!(concat!("../../../packs/", $family, "/", $name, ".yaml")),
        }
    };
}

/// Every shipped pack, by name.
pub const PACKS: &[PackSource] = &[
    pack!("alertmanager", "alertmanager"),
    pack!("promtail", "promtail"),
    pack!("grafana", "grafana"),
    pack!("compose", "compose"),
    pack!("http", "http-service"),
    pack!("http", "http-headers"),
    pack!("leak", "leak"),
    pack!("leak", "leak-history"),
    pack!("postgres", "postgres-server"),
    pack!("document", "readiness-document"),
    pack!("document", "runbook"),
    pack!("dockerfile", "dockerfile"),
    pack!("kubernetes", "kubernetes"),
    pack!("prometheus", "prometheus-rules"),
    pack!("prometheus", "prometheus-scrape"),
    pack!("repository", "repository"),
    pack!("migration", "migration"),
    pack!("migration", "migration-history"),
    pack!("supply", "supply"),
    pack!("openapi", "openapi"),
    pack!("openapi", "openapi-change"),
    pack!("parity", "parity"),
    pack!("unfinished", "unfinished"),
    pack!("supply", "supply-advisories"),
];
