//! `.env` files: which environment the name of a file says, and what its lines declare.

use crate::repository::name_of;

/// An environment that a file is for.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub(super) enum Environment {
    Production,
    Staging,
    /// A list of what there is to set; its values are made up.
    Example,
    Development,
    /// `.env`: for every environment, or for the one it lies in.
    Plain,
}

/// Words of a file's name, the first that fits counts: `.env.production.example` is an example.
const WORDS: [(Environment, &[&str]); 4] = [
    (
        Environment::Example,
        &["example", "sample", "template", "tpl", "tmpl", "dist", "default", "defaults", "schema", "docs"],
    ),
    (
        Environment::Development,
        &["dev", "devel", "development", "local", "test", "testing", "ci", "e2e", "docker", "debug", "demo"],
    ),
    (Environment::Staging, &["staging", "stage", "stg", "preprod", "preview", "uat", "qa"]),
    (Environment::Production, &["production", "prod", "live"]),
];
/// Files that hold no plain values.
const CLOSED: [&str; 7] = ["vault", "enc", "encrypted", "gpg", "age", "keys", "sops"];

/// The environment of a file; `None` when its values cannot be read.
pub(super) fn environment(path: &str) -> Option<Environment> {
    let name = name_of(path).to_lowercase();
    let parts: Vec<&str> = name.split(|c: char| !c.is_ascii_alphanumeric()).collect();
    let says = |words: &[&str]| parts.iter().any(|part| words.contains(part));
    if says(&CLOSED) {
        return None;
    }
    let found = WORDS.iter().find(|(_, words)| says(words));
    Some(found.map_or(Environment::Plain, |(environment, _)| *environment))
}

/// One line that sets a variable. The value may be a secret and is never shown, so it has no
/// `Debug`.
#[derive(Clone, PartialEq, Eq)]
pub(super) struct Line {
    pub(super) name: String,
    pub(super) value: String,
    pub(super) line: u32,
    /// Whether it is switched off by a `#`: it says that the variable is there, and sets nothing.
    pub(super) is_comment: bool,
}

/// The variables of a file, in the order of its lines.
pub(super) fn lines(text: &str) -> Vec<Line> {
    let mut found = Vec::new();
    let mut open: Option<char> = None;
    for (number, line) in (1_u32..).zip(text.lines()) {
        // The inside of a value of several lines.
        if let Some(quote) = open {
            if ends_with_quote(line, quote) {
                open = None;
            }
            continue;
        }
        let trimmed = line.trim();
        let is_comment = trimmed.starts_with('#');
        let plain = trimmed.trim_start_matches(['#', ' ']);
        let plain = plain.strip_prefix("export ").unwrap_or(plain);
        let Some((name, value)) = plain.split_once('=') else { continue };
        let name = name.trim_end();
        if !is_name(name) || (is_comment && !is_capital(name)) {
            continue;
        }
        let value = value.trim();
        let quote = value.chars().next().filter(|c| matches!(c, '"' | '\''));
        if let Some(quote) = quote.filter(|quote| !is_comment && !closes(value, *quote)) {
            open = Some(quote);
        }
        found.push(Line {
            name: name.to_owned(),
            value: unquoted(value).to_owned(),
            line: number,
            is_comment,
        });
    }
    found
}

fn closes(value: &str, quote: char) -> bool {
    value.chars().skip(1).any(|c| c == quote)
}

fn ends_with_quote(line: &str, quote: char) -> bool {
    line.trim_end().ends_with(quote)
}

fn unquoted(value: &str) -> &str {
    match value.chars().next() {
        Some(quote @ ('"' | '\'')) => {
            value.get(1..).unwrap_or_default().split(quote).next().unwrap_or_default()
        }
        _ => value.split(" #").next().unwrap_or_default().trim_end(),
    }
}

fn is_name(name: &str) -> bool {
    name.starts_with(|c: char| c.is_ascii_alphabetic() || c == '_')
        && name.len() <= 120
        && name.chars().all(|c| c.is_ascii_alphanumeric() || c == '_')
}

fn is_capital(name: &str) -> bool {
    name.len() > 1 && !name.contains(|c: char| c.is_ascii_lowercase())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_name_says_the_environment() {
        for (path, expected) in [
            (".env", Some(Environment::Plain)),
            ("a/.env.production", Some(Environment::Production)),
            ("env/prod.env", Some(Environment::Production)),
            (".env.production.example", Some(Environment::Example)),
            (".env.production.local", Some(Environment::Development)),
            (".env.staging", Some(Environment::Staging)),
            (".env.vault", None),
            (".env.production.enc", None),
            ("product.env", Some(Environment::Plain)),
        ] {
            assert_eq!(environment(path), expected, "{path}");
        }
    }

    #[test]
    fn lines_are_read() {
        let text = "# A comment = no\nA=1 # b\nexport B=\"x # y\"\n#CC=2\n# DD = 3\nKEY=\"-----BEGIN\nE=4\n-----END\"\nF=\nnonsense\n9=1\n";
        let found = lines(text);
        let found: Vec<(&str, &str, u32, bool)> = found
            .iter()
            .map(|line| (line.name.as_str(), line.value.as_str(), line.line, line.is_comment))
            .collect();
        assert_eq!(
            found,
            [
                ("A", "1", 2, false),
                ("B", "x # y", 3, false),
                ("CC", "2", 4, true),
                ("DD", "3", 5, true),
                ("KEY", "-----BEGIN", 6, false),
                ("F", "", 9, false),
            ]
        );
    }
}
