//! Places as SARIF has them: files as percent-encoded relative URIs, addresses as logical ones.

use gonogo_model::fact;
use gonogo_model::verdict::Finding;
use percent_encoding::{AsciiSet, NON_ALPHANUMERIC, utf8_percent_encode};

use super::log::{Artifact, Location, Logical, Physical, Region};
use crate::clean;
use crate::place::{self, Results, Spot};

/// Everything but what a path may hold unencoded.
const ENCODED: &AsciiSet = &NON_ALPHANUMERIC.remove(b'/').remove(b'-').remove(b'.').remove(b'_').remove(b'~');

/// Where a finding is. An address stands beside the line of the spec that asks for it, because
/// GitHub refuses a whole file when one result has no place in a file.
pub(super) fn of(finding: &Finding, results: &Results<'_>) -> Vec<Location> {
    let physical = place::of(finding, results).map(physical);
    let logical_locations: Vec<Logical> = finding.location.iter().filter_map(logical).collect();
    if physical.is_none() && logical_locations.is_empty() {
        return Vec::new();
    }
    vec![Location { physical_location: physical, logical_locations, message: None }]
}

/// A place in a file.
pub(super) fn at(spot: Spot) -> Location {
    Location { physical_location: Some(physical(spot)), logical_locations: Vec::new(), message: None }
}

/// A location that is no file.
fn logical(location: &fact::Location) -> Option<Logical> {
    let name = clean::line(&location.to_string());
    (place::file(location).is_none() && !name.trim().is_empty())
        .then_some(Logical { fully_qualified_name: name })
}

fn physical(spot: Spot) -> Physical {
    let Spot { path, line, column } = spot;
    let region = line.map(|line| Region { start_line: line, start_column: column });
    Physical { artifact_location: Artifact { uri: uri(&path) }, region }
}

/// `deploy/my%20file.env`; absolute paths become `file:` URIs.
pub(super) fn uri(path: &str) -> String {
    let encoded = utf8_percent_encode(path, ENCODED).to_string();
    if place::is_drive(path) {
        return format!("file:///{}", encoded.replacen("%3A", ":", 1));
    }
    match path.strip_prefix('/') {
        Some(_) => format!("file:///{}", encoded.trim_start_matches('/')),
        None => encoded,
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_path_cannot_be_another_uri() {
        assert_eq!(uri("deploy/staging.env"), "deploy/staging.env");
        assert_eq!(uri("a b/ü?#%.env"), "a%20b/%C3%BC%3F%23%25.env");
        assert_eq!(uri("/etc/shop.env"), "file:///etc/shop.env");
        assert_eq!(uri("//evil.example/x"), "file:///evil.example/x");
        assert_eq!(uri("C:/shop/a.env"), "file:///C:/shop/a.env");
        assert_eq!(uri("javascript:alert(1)"), "javascript%3Aalert%281%29");
        assert_eq!(uri("../shop.env"), "../shop.env");
    }
}
