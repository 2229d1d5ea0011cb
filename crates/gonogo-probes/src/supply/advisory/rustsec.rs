//! One advisory of RustSec's own form: Markdown that starts with TOML between fences.

use std::collections::BTreeSet;

use gonogo_model::yaml::Node;
use jiff::Timestamp;

use super::{Advisory, Affected, Parsed, Severity, Spans, cvss};
use crate::supply::document::{each, text, toml};
use crate::supply::inventory::Ecosystem;

pub(super) fn parse(bytes: &[u8]) -> Parsed {
    let Ok(source) = std::str::from_utf8(bytes) else { return Parsed::NotForUs };
    let Some(rest) = source.trim_start().strip_prefix("```toml") else { return Parsed::NotForUs };
    let Some((front, body)) = rest.split_once("\n```") else {
        return Parsed::Broken("is not a RustSec advisory: its front matter does not end".to_owned());
    };
    match toml(front) {
        Ok(tree) => advisory(&tree, body),
        Err(problem) => Parsed::Broken(format!("is not a RustSec advisory: wrong at line {}", problem.line)),
    }
}

fn advisory(tree: &Node, body: &str) -> Parsed {
    let Some(about) = tree.get("advisory") else { return Parsed::NotForUs };
    let (Some(id), Some(package)) = (text(about, "id"), text(about, "package")) else {
        return Parsed::Broken("is not a RustSec advisory: it has no id or no package".to_owned());
    };
    if about.get("withdrawn").is_some() {
        return Parsed::NotForUs;
    }
    let score = text(about, "cvss").and_then(cvss::base_score);
    let severity = match (score, text(about, "informational")) {
        (Some(score), _) => Severity::of_score(score),
        (None, Some(_)) => Severity::Informational,
        (None, None) => Severity::Unknown,
    };
    let ranges = |key: &str| {
        let listed = each(tree.get("versions").and_then(|versions| versions.get(key)));
        listed.iter().filter_map(Node::text).map(str::to_owned).collect()
    };
    let spans = Spans::Except { patched: ranges("patched"), unaffected: ranges("unaffected") };
    let aliases: BTreeSet<String> =
        each(about.get("aliases")).iter().filter_map(Node::text).map(str::to_owned).collect();
    let title = body.lines().find_map(|line| line.trim().strip_prefix("# "));
    Parsed::Advisory(Box::new(Advisory {
        id: id.to_owned(),
        aliases,
        summary: title.unwrap_or_default().to_owned(),
        severity,
        score,
        malicious: false,
        modified: text(about, "date").and_then(midnight),
        affected: vec![Affected { ecosystem: Ecosystem::Cargo, name: package.to_owned(), spans }],
    }))
}

fn midnight(date: &str) -> Option<Timestamp> {
    format!("{date}T00:00:00Z").parse().ok()
}

#[cfg(test)]
mod tests {
    use super::super::Said;
    use super::*;

    const TEXT: &str = "```toml\n[advisory]\nid = \"RUSTSEC-2020-0071\"\npackage = \"time\"\ndate = \"2020-11-18\"\naliases = [\"CVE-2020-26235\"]\ncvss = \"CVSS:3.1/AV:L/AC:L/PR:L/UI:N/S:U/C:N/I:N/A:H\"\n\n[versions]\npatched = [\">= 0.2.23\"]\nunaffected = [\"=0.2.0\", \"= 0.2.1\"]\n```\n\n# Potential segfault in the time crate\n";

    #[test]
    fn front_matter_and_title_are_read() {
        let Parsed::Advisory(found) = parse(TEXT.as_bytes()) else { panic!("not read") };
        assert_eq!((found.severity, found.score), (Severity::Medium, Some(5.5)));
        assert_eq!(found.summary, "Potential segfault in the time crate");
        let fixed = Said::Affected { fixed: Some("0.2.23".into()) };
        assert_eq!(found.says(Ecosystem::Cargo, "time", "0.1.44"), fixed);
        assert_eq!(found.says(Ecosystem::Cargo, "time", "0.2.1"), Said::NotAffected);
        assert_eq!(found.says(Ecosystem::Cargo, "time", "0.3.0"), Said::NotAffected);
    }

    #[test]
    fn what_is_withdrawn_broken_or_something_else_is_told_apart() {
        let withdrawn = TEXT.replace("date =", "withdrawn = \"2021-01-01\"\ndate =");
        assert!(matches!(parse(withdrawn.as_bytes()), Parsed::NotForUs));
        assert!(matches!(parse(b"# Readme\n"), Parsed::NotForUs));
        assert!(matches!(parse(b"```toml\n[advisory"), Parsed::Broken(_)));
    }
}
