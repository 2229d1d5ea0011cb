//! One advisory in the form of the OSV schema, as JSON.

use serde::Deserialize;

use super::{Advisory, Affected, Event, Parsed, Severity, Spans, cvss};
use crate::supply::document;
use crate::supply::inventory::Ecosystem;

#[derive(Deserialize)]
struct Written {
    id: Option<String>,
    modified: Option<String>,
    withdrawn: Option<String>,
    #[serde(default)]
    aliases: Vec<String>,
    summary: Option<String>,
    #[serde(default)]
    severity: Vec<Rated>,
    #[serde(default)]
    affected: Vec<WrittenAffected>,
    #[serde(default)]
    database_specific: Option<serde_json::Value>,
}

#[derive(Deserialize)]
struct Rated {
    #[serde(default)]
    score: serde_json::Value,
}

#[derive(Deserialize)]
struct WrittenAffected {
    package: Option<WrittenPackage>,
    #[serde(default)]
    ranges: Vec<WrittenRange>,
    #[serde(default)]
    versions: Vec<String>,
    #[serde(default)]
    severity: Vec<Rated>,
    #[serde(default)]
    database_specific: Option<serde_json::Value>,
}

#[derive(Deserialize)]
struct WrittenPackage {
    ecosystem: String,
    name: String,
}

#[derive(Deserialize)]
struct WrittenRange {
    #[serde(rename = "type")]
    kind: String,
    #[serde(default)]
    events: Vec<WrittenEvent>,
}

#[derive(Deserialize)]
struct WrittenEvent {
    introduced: Option<String>,
    fixed: Option<String>,
    last_affected: Option<String>,
    limit: Option<String>,
}

pub(super) fn parse(bytes: &[u8]) -> Parsed {
    let written: Written = match serde_json::from_slice(bytes) {
        Ok(written) => written,
        Err(error) => {
            return Parsed::Broken(format!("is not an OSV advisory: wrong at line {}", error.line()));
        }
    };
    advisory(written)
}

/// The same in YAML, as PyPA's database has it.
pub(super) fn parse_yaml(bytes: &[u8]) -> Parsed {
    let Ok(text) = std::str::from_utf8(bytes) else { return Parsed::NotForUs };
    let tree = match document::yaml(text) {
        Ok(tree) if tree.get("affected").is_some() => tree,
        Ok(_) => return Parsed::NotForUs,
        Err(problem) => {
            return Parsed::Broken(format!("is not an OSV advisory: wrong at line {}", problem.line));
        }
    };
    match serde_json::from_value(tree.to_json()) {
        Ok(written) => advisory(written),
        Err(_) => Parsed::Broken("is not an OSV advisory: a key has a value of the wrong kind".to_owned()),
    }
}

fn advisory(written: Written) -> Parsed {
    let (Some(id), None) = (written.id.clone(), &written.withdrawn) else { return Parsed::NotForUs };
    let affected: Vec<Affected> = written.affected.iter().filter_map(affected).collect();
    if affected.is_empty() {
        return Parsed::NotForUs;
    }
    let ratings = written.severity.iter().chain(written.affected.iter().flat_map(|one| &one.severity));
    let scores = ratings.filter_map(|rated| cvss::base_score(rated.score.as_str()?));
    let score =
        scores.fold(None, |worst: Option<f64>, score| Some(worst.map_or(score, |worst| worst.max(score))));
    let malicious = id.starts_with("MAL-");
    let severity = match malicious {
        true => Severity::Critical,
        false => severity(&written, score),
    };
    Parsed::Advisory(Box::new(Advisory {
        aliases: written.aliases.into_iter().collect(),
        summary: written.summary.unwrap_or_default(),
        severity,
        score,
        malicious,
        modified: written.modified.and_then(|moment| moment.parse().ok()),
        affected,
        id,
    }))
}

/// From the score, else what the database says itself.
fn severity(written: &Written, score: Option<f64>) -> Severity {
    if let Some(score) = score {
        return Severity::of_score(score);
    }
    let of_package = written.affected.iter().filter_map(|one| one.database_specific.as_ref());
    let informational =
        of_package.clone().any(|own| own.get("informational").is_some_and(serde_json::Value::is_string));
    let own = written.database_specific.iter().chain(of_package);
    let word = own.filter_map(|own| Severity::of_word(own.get("severity")?.as_str()?)).max();
    word.unwrap_or(if informational { Severity::Informational } else { Severity::Unknown })
}

fn affected(written: &WrittenAffected) -> Option<Affected> {
    let package = written.package.as_ref()?;
    let ecosystem = Ecosystem::of(package.ecosystem.split(':').next()?)?;
    // Commits of git say nothing of versions.
    let of_versions =
        written.ranges.iter().filter(|range| matches!(range.kind.as_str(), "SEMVER" | "ECOSYSTEM"));
    let ranges = of_versions.map(|range| range.events.iter().flat_map(events).collect()).collect();
    let spans = Spans::Listed { versions: written.versions.clone(), ranges };
    Some(Affected { ecosystem, name: ecosystem.normal(&package.name), spans })
}

fn events(written: &WrittenEvent) -> Vec<Event> {
    let introduced = written.introduced.clone().map(Event::Introduced);
    let fixed = written.fixed.clone().map(Event::Fixed);
    let last = written.last_affected.clone().map(Event::LastAffected);
    let limit = written.limit.clone().map(Event::Limit);
    [introduced, fixed, last, limit].into_iter().flatten().collect()
}

#[cfg(test)]
mod tests {
    use super::super::Said;
    use super::*;

    fn of_json(text: &str) -> Option<Advisory> {
        match parse(text.as_bytes()) {
            Parsed::Advisory(advisory) => Some(*advisory),
            _ => None,
        }
    }

    #[test]
    fn an_advisory_is_read() {
        let text = r#"{"id": "GHSA-1", "modified": "2026-11-01T00:00:00Z", "aliases": ["CVE-1"], "summary": "s",
            "severity": [{"type": "CVSS_V4", "score": "CVSS:4.0/AV:N"}, {"type": "CVSS_V3", "score": "CVSS:3.1/AV:N/AC:L/PR:N/UI:N/S:U/C:H/I:H/A:H"}],
            "affected": [{"package": {"ecosystem": "PyPI", "name": "Foo.Bar"}, "ranges": [{"type": "GIT", "events": [{"introduced": "0"}]}, {"type": "ECOSYSTEM", "events": [{"introduced": "1.0"}, {"fixed": "1.5"}]}]},
                         {"package": {"ecosystem": "Debian:12", "name": "foo"}}]}"#;
        let found = of_json(text).unwrap();
        assert_eq!((found.severity, found.score), (Severity::Critical, Some(9.8)));
        assert_eq!(
            found.says(Ecosystem::Python, "foo-bar", "1.4"),
            Said::Affected { fixed: Some("1.5".into()) }
        );
        assert_eq!(found.says(Ecosystem::Python, "foo-bar", "0.9"), Said::NotAffected);
        assert_eq!(found.says(Ecosystem::Npm, "foo-bar", "1.4"), Said::NotAffected);
    }

    #[test]
    fn the_database_rates_where_there_is_no_vector() {
        let of = |own: &str| {
            let text = format!(
                r#"{{"id": "A", "affected": [{{"package": {{"ecosystem": "npm", "name": "a"}}}}], "database_specific": {own}}}"#
            );
            of_json(&text).map(|found| found.severity)
        };
        assert_eq!(of(r#"{"severity": "MODERATE"}"#), Some(Severity::Medium));
        assert_eq!(of("{}"), Some(Severity::Unknown));
        let text = r#"{"id": "RUSTSEC-1", "affected": [{"package": {"ecosystem": "crates.io", "name": "a"}, "database_specific": {"informational": "unmaintained"}}]}"#;
        assert_eq!(of_json(text).map(|found| found.severity), Some(Severity::Informational));
        let text = r#"{"id": "MAL-1", "affected": [{"package": {"ecosystem": "npm", "name": "a"}, "versions": ["1.0.0"]}]}"#;
        assert!(of_json(text).is_some_and(|found| found.malicious && found.severity == Severity::Critical));
    }

    #[test]
    fn yaml_is_read_too() {
        let text = "id: PYSEC-1\naffected:\n- package: {name: flask, ecosystem: PyPI}\n  ranges:\n  - type: ECOSYSTEM\n    events:\n    - introduced: \"0\"\n    - fixed: 2.2.5\n  versions:\n  - \"0.1\"\nmodified: \"2023-06-05T01:12:52.229549Z\"\n";
        let Parsed::Advisory(found) = parse_yaml(text.as_bytes()) else { panic!("not read") };
        assert_eq!(
            found.says(Ecosystem::Python, "flask", "2.2.4"),
            Said::Affected { fixed: Some("2.2.5".into()) }
        );
        assert!(found.modified.is_some());
        assert!(matches!(parse_yaml(b"a: 1\n"), Parsed::NotForUs));
        assert!(matches!(parse_yaml(b"affected: [1]\n"), Parsed::Broken(_)));
    }

    #[test]
    fn what_is_withdrawn_or_something_else_is_left_out() {
        let withdrawn = r#"{"id": "A", "withdrawn": "2026-01-01T00:00:00Z", "affected": [{"package": {"ecosystem": "npm", "name": "a"}}]}"#;
        assert!(matches!(parse(withdrawn.as_bytes()), Parsed::NotForUs));
        assert!(matches!(parse(b"{\"name\": \"package\"}"), Parsed::NotForUs));
        assert!(matches!(parse(b"{"), Parsed::Broken(_)));
    }
}
