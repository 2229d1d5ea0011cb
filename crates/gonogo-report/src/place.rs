//! Where a finding is, for tools that show files: a path with line and column, never an address.

use std::collections::BTreeMap;

use gonogo_model::fact::Location;
use gonogo_model::place::Origin;
use gonogo_model::verdict::{CheckResult, Finding, Verdict};

use crate::clean;

/// A place in a file. Lines and columns count from 1.
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord)]
pub(crate) struct Spot {
    /// With forward slashes, without `./` before it.
    pub(crate) path: String,
    pub(crate) line: Option<u32>,
    pub(crate) column: Option<u32>,
}

/// The results of a verdict by check id, those of hints too.
pub(crate) type Results<'a> = BTreeMap<&'a str, &'a CheckResult>;

pub(crate) fn results(verdict: &Verdict) -> Results<'_> {
    let results = verdict.results.iter().chain(&verdict.hint_results);
    results.map(|result| (result.check.as_str(), result)).collect()
}

/// The file a location names; none when it is an address or another place without a file.
pub(crate) fn file(location: &Location) -> Option<Spot> {
    is_file(location).then(|| spot(&location.source, location.line, location.column))
}

/// The line of the spec that decided; none when a pack did, because that is no file of the reader.
pub(crate) fn spec(origin: &Origin) -> Option<Spot> {
    let is_file = !origin.file.is_empty() && !origin.file.starts_with("pack ");
    is_file.then(|| spot(&origin.file, Some(origin.line), Some(origin.column)))
}

/// The file a finding is in, else the line of the spec that asks for it.
pub(crate) fn of(finding: &Finding, results: &Results<'_>) -> Option<Spot> {
    let asked = || finding.checks.iter().find_map(|check| spec(&results.get(check.as_str())?.origin));
    finding.location.as_ref().and_then(file).or_else(asked)
}

fn spot(path: &str, line: Option<u32>, column: Option<u32>) -> Spot {
    let path = clean::line(path).replace('\\', "/");
    let path = path.strip_prefix("./").unwrap_or(&path).to_owned();
    let line = line.filter(|line| *line > 0);
    Spot { path, line, column: column.filter(|column| line.is_some() && *column > 0) }
}

/// Addresses have a scheme or a port; `environment of backend` has neither a folder nor an ending.
fn is_file(location: &Location) -> bool {
    let source = location.source.trim();
    if source.is_empty() || source.contains("://") {
        return false;
    }
    if location.line.is_some() {
        return true;
    }
    let after_drive = source.get(2..).filter(|_| is_drive(source)).unwrap_or(source);
    let is_words = source == "environment" || source.starts_with("environment of ");
    !after_drive.contains(':') && !is_words
}

/// `C:\shop` or `C:/shop`.
pub(crate) fn is_drive(path: &str) -> bool {
    matches!(path.as_bytes(), [letter, b':', b'/' | b'\\', ..] if letter.is_ascii_alphabetic())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn files_are_told_from_addresses() {
        let is = |source: &str| file(&Location::of(source)).map(|spot| spot.path);
        assert_eq!(is("./deploy/staging.env"), Some("deploy/staging.env".into()));
        assert_eq!(is(r"deploy\a.env"), Some("deploy/a.env".into()));
        assert_eq!(is("Dockerfile"), Some("Dockerfile".into()));
        assert_eq!(is(r"C:\shop\a.env"), Some("C:/shop/a.env".into()));
        for address in [
            "postgres://db/shop",
            "http://127.0.0.1:80/a.txt",
            "127.0.0.1:5432/shop",
            "pid:12",
            "environment",
            "environment of backend",
            "",
        ] {
            assert_eq!(is(address), None, "{address}");
        }
        let lined = Location { source: "a:b".into(), line: Some(0), column: Some(3) };
        assert_eq!(file(&lined), Some(Spot { path: "a:b".into(), line: None, column: None }));
    }
}
