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
    pack!("compose", "compose"),
    pack!("http", "http-service"),
    pack!("postgres", "postgres-server"),
    pack!("document", "runbook"),
    pack!("supply", "supply"),
    pack!("supply", "supply-advisories"),
];
