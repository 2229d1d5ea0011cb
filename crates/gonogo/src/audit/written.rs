//! The spec of an audit as YAML with comments, for a person to go on with.

use std::fmt::Write as _;

use gonogo_model::spec::PackSource;
use gonogo_model::yaml::Node;

use super::categories::{Category, weights};
use super::subjects::Subject;
use super::{Audit, counted};
use crate::packs::PACKS;

/// Paths of one kind that are named in a comment.
const NAMED: usize = 3;

pub(super) fn spec(audit: &Audit, subjects: &[&Subject]) -> String {
    let mut text = head(audit);
    let categories = categories(subjects);
    text.push_str(&questions(&categories));
    text.push_str(
        "\n# Ready-made checks for what was found. `gonogo packs NAME` shows one; any check of it can be\n",
    );
    text.push_str(
        "# changed under `override` or switched off, with a reason and a name, under `disable`.\ninclude:\n",
    );
    for subject in subjects {
        let category = subject.category.or(categories.first().copied());
        text.push_str(&include(audit, subject, category.map_or("", Category::id)));
    }
    text.push_str(NEXT);
    text
}

fn head(audit: &Audit) -> String {
    let files = counted(audit.discovery.files, "file");
    let mut text = format!("# What must be true before launch, from what is in {files}:\n");
    for (kind, paths) in &audit.discovery.kinds {
        let named: Vec<&str> = paths.iter().take(NAMED).map(|path| printable(path)).collect();
        let more = paths.len().saturating_sub(NAMED);
        let more = if more > 0 { format!(" and {more} more") } else { String::new() };
        let _ = writeln!(text, "#   {}: {}{more}", counted(paths.len(), kind.noun()), named.join(", "));
    }
    let (system, path) = (quoted(&audit.system), literal(&audit.path));
    let _ = write!(
        text,
        "# `gonogo plan` shows what a run would look at, `gonogo run` looks and judges.\n\
         version: 1\nsystem: {system}\nenvironment: repository\n\n\
         targets:\n  repository: {{ path: {path} }}\n"
    );
    text
}

fn categories(subjects: &[&Subject]) -> Vec<Category> {
    let mut found: Vec<Category> = subjects.iter().filter_map(|subject| subject.category).collect();
    found.sort_unstable();
    found.dedup();
    found
}

fn questions(found: &[Category]) -> String {
    let mut text = "\n# Each category is a question; the weights sum to 100.\ncategories:\n".to_owned();
    for (category, weight) in found.iter().zip(weights(found)) {
        let (id, question) = (category.id(), quoted(category.question()));
        let _ = writeln!(text, "  - {{ id: {id}, question: {question}, weight: {weight} }}");
    }
    text
}

fn include(audit: &Audit, subject: &Subject, category: &str) -> String {
    let pack = subject.pack;
    let mut text = format!("  - pack: {pack}\n    target: repository\n    category: {category}\n");
    let checks = checks(pack);
    if let Some((name, value)) = subject.parameter(audit) {
        text.push_str("    override:\n");
        for (check, _) in &checks {
            let _ = writeln!(text, "      {check}: {{ with: {{ {name}: {} }} }}", literal(value));
        }
    }
    text.push_str(&idle(audit, &checks));
    text
}

/// The checks that have nothing to look at in this repository, each with what is not there.
fn idle(audit: &Audit, checks: &[(String, String)]) -> String {
    let mut text = String::new();
    for (check, probe) in checks {
        let Some(noun) = audit.discovery.idle.get(probe.as_str()) else { continue };
        if text.is_empty() {
            text.push_str("    # Take these lines away when there is one.\n    disable:\n");
        }
        let _ =
            writeln!(text, "      - {{ check: {check}, reason: \"there is no {noun}\", by: gonogo audit }}");
    }
    text
}

/// The ids of a pack's checks, each with its probe.
pub(super) fn checks(pack: &str) -> Vec<(String, String)> {
    let read =
        PACKS.iter().find(|source| source.name == pack).and_then(|source| PackSource::read(source).ok());
    let checks = read.map(|pack| pack.raw.checks).unwrap_or_default();
    let text = |check: &Node, key: &str| check.get(key).and_then(Node::text).map(str::to_owned);
    checks.iter().filter_map(|check| Some((text(check, "id")?, text(check, "probe")?))).collect()
}

/// A text as YAML can hold it on one line: JSON is YAML.
fn quoted(text: &str) -> String {
    // A text always has a JSON form.
    serde_json::to_string(text).unwrap_or_default()
}

/// The same where `${` would start a variable.
fn literal(text: &str) -> String {
    quoted(&text.replace("${", "$${"))
}

/// A path in a comment: one that would break the line is only said to be there.
fn printable(path: &str) -> &str {
    if path.chars().any(char::is_control) { "(a name that cannot be printed)" } else { path }
}

const NEXT: &str = "
# Files say what should be; only the running system says what is. Declare it and add checks:
#
# targets:
#   api: { http: \"http://127.0.0.1:8080\" }
#   database: { postgres: \"${DATABASE_URL}\" }
# include:
#   - { pack: http-service, target: api, category: ... }
#   - { pack: postgres-server, target: database, category: ... }
";
