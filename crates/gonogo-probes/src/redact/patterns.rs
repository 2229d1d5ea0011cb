//! Texts that look like secrets although nobody made them known. It knows shapes, not values.

use std::ops::Range;
use std::sync::LazyLock;

use regex::{Regex, RegexSet};

/// The name for a value whose key says that it is a secret.
pub(super) const NAMED: &str = "named secret";

/// One shape. The group `s` is what must go; without it, all of the match.
struct Shape {
    name: &'static str,
    pattern: &'static str,
    /// What else the found text must be, for shapes that ordinary words have too.
    really: fn(&str) -> bool,
}

const KEY: &str = r"(?:[a-z0-9_.-]*(?:passwords?|passwd|pwd|passphrase|secret|token|api[_-]?key|access[_-]?key|private[_-]?key|secret[_-]?key|signing[_-]?key|encryption[_-]?key|credentials?|session[_-]?id|jwt))";

const SHAPES: [Shape; 13] = [
    Shape {
        name: "private key",
        pattern: r"(?s)-----BEGIN [A-Z0-9 ]*PRIVATE KEY(?: BLOCK)?-----.*?(?:-----END [A-Z0-9 ]*PRIVATE KEY(?: BLOCK)?-----|\z)",
        really: always,
    },
    Shape {
        name: "password in a URL",
        pattern: r#"(?i)\b[a-z][a-z0-9+.-]*://[^\s/?\#"'<>:@]*:(?P<s>[^\s/?\#"'<>]+)@"#,
        really: is_literal,
    },
    Shape {
        name: "token in a URL",
        pattern: r#"(?i)\b[a-z][a-z0-9+.-]*://(?P<s>[^\s/?\#"'<>:@]{20,})@"#,
        really: is_literal,
    },
    Shape {
        name: "authorization",
        pattern: r#"(?i)\b(?:proxy-)?authorization\\?["']?\s*[:=]\s*\\?["']?(?P<s>(?:(?:bearer|basic|digest|token|negotiate|apikey)\s+)?[^\s"'\\]+)"#,
        really: is_literal,
    },
    Shape {
        name: "authorization",
        pattern: r"(?i)\b(?:bearer|basic)\s+(?P<s>[a-z0-9._~+/-]{12,}=*)",
        really: is_mixed,
    },
    Shape {
        name: "cookie",
        pattern: r#"(?i)\bset-cookie\\?["']?\s*[:=]\s*\\?["']?[^\s=;,"']+=(?P<s>[^\s;"'\\]+)"#,
        really: is_literal,
    },
    Shape {
        name: "cookie",
        pattern: r#"(?i)(?:^|[^-\w])cookie\\?["']?\s*:\s*\\?["']?(?P<s>[^\s=;,"']+=[^\r\n"'\\]+)"#,
        really: is_literal,
    },
    Shape {
        name: NAMED,
        pattern: r#"(?i)KEY\\?["']?\s*(?:=|:|=>)\s*\\?(?:"(?P<s>[^"\\\r\n]+)|'(?P<t>[^'\\\r\n]+))"#,
        really: is_literal,
    },
    Shape {
        name: NAMED,
        pattern: r#"(?i)(?:KEY\\?["']?=|--KEY\s+)(?P<s>[^\s"'\\&;,<>(){}=-][^\s"'\\&;,<>(){}]*)"#,
        really: is_literal,
    },
    // A line of YAML or of a properties file: one word up to its end, for `token: not set` is prose.
    Shape {
        name: NAMED,
        pattern: r#"(?im)^[\s-]*["']?KEY["']?\s*[:=]\s*(?P<s>[^\s"'\\&;,<>(){}=-][^\s"'\\&;,<>(){}]*)[ \t]*,?(?:\#.*)?\r?$"#,
        really: is_literal,
    },
    Shape {
        name: "JWT",
        pattern: r"\beyJ[A-Za-z0-9_-]{5,}\.[A-Za-z0-9_-]{5,}(?:\.[A-Za-z0-9_-]*)?",
        really: always,
    },
    Shape {
        name: "issued token",
        pattern: r"\b(?:(?:AKIA|ASIA)[A-Z0-9]{16}|gh[pousr]_[A-Za-z0-9]{30,}|github_pat_[A-Za-z0-9_]{22,}|glpat-[A-Za-z0-9_-]{20,}|[sr]k_(?:live|test)_[A-Za-z0-9]{16,}|xox[abeoprs]-[A-Za-z0-9-]{10,}|AIza[A-Za-z0-9_-]{35}|npm_[A-Za-z0-9]{36}|hf_[A-Za-z0-9]{30,}|dop_v1_[a-f0-9]{64}|SG\.[A-Za-z0-9_-]{16,}\.[A-Za-z0-9_-]{16,})",
        really: always,
    },
    Shape { name: "issued token", pattern: r"\bsk-[A-Za-z0-9_-]{20,}", really: is_mixed },
];

struct Compiled {
    any: RegexSet,
    each: Vec<Regex>,
}

#[expect(clippy::expect_used, reason = "the patterns are constants; a test compiles them")]
static COMPILED: LazyLock<Compiled> = LazyLock::new(|| {
    let texts = SHAPES.map(|shape| shape.pattern.replace("KEY", KEY));
    // `PRIVATE KEY` of the first shape is text, not the placeholder.
    let texts = texts.map(|text| text.replace(&format!("PRIVATE {KEY}"), "PRIVATE KEY"));
    Compiled {
        any: RegexSet::new(&texts).expect("the patterns are valid"),
        each: texts.iter().map(|text| Regex::new(text).expect("the pattern is valid")).collect(),
    }
});

static WHOLE_KEY: LazyLock<Option<Regex>> = LazyLock::new(|| Regex::new(&format!("(?i)^{KEY}$")).ok());

/// The names that stand in the place of what shapes find.
pub(super) fn names() -> impl Iterator<Item = &'static str> {
    SHAPES.iter().map(|shape| shape.name)
}

/// Every stretch of the text that has the shape of a secret, with the shape's name.
pub(super) fn find(text: &str) -> Vec<(Range<usize>, &'static str)> {
    let mut found = Vec::new();
    for at in COMPILED.any.matches(text) {
        for hit in COMPILED.each[at].captures_iter(text) {
            let secret = hit.name("s").or_else(|| hit.name("t")).or_else(|| hit.get(0));
            if let Some(secret) = secret.filter(|secret| (SHAPES[at].really)(secret.as_str())) {
                found.push((secret.range(), SHAPES[at].name));
            }
        }
    }
    found
}

/// Whether a key says that its value is a secret.
pub(super) fn is_secret_key(key: &str) -> bool {
    WHOLE_KEY.as_ref().is_some_and(|pattern| pattern.is_match(key))
}

/// Whether a value behind a secret's key is one: not a reference to a variable, a blank to fill
/// in, a switch, a small number, or a word that people write about secrets.
pub(super) fn is_literal(value: &str) -> bool {
    const ABOUT: [&str; 34] = [
        "true",
        "false",
        "yes",
        "no",
        "on",
        "off",
        "null",
        "none",
        "nil",
        "undefined",
        "missing",
        "required",
        "optional",
        "unset",
        "set",
        "configured",
        "changed",
        "rotated",
        "valid",
        "invalid",
        "present",
        "absent",
        "expired",
        "wrong",
        "weak",
        "strong",
        "ok",
        "unknown",
        "default",
        "string",
        "text",
        "hidden",
        "redacted",
        "empty",
    ];
    let value = value.trim().trim_end_matches(['.', ',', ')']);
    let reference = ["$", "<", "{{", "%{", "env:", "env("].iter().any(|start| value.starts_with(start));
    let small = value.len() < super::LEAST && value.bytes().all(|byte| byte.is_ascii_digit());
    let masked = value.chars().all(|c| "*•x.…".contains(c));
    !(reference || small || masked || ABOUT.contains(&value.to_lowercase().as_str()))
}

fn always(_: &str) -> bool {
    true
}

/// Whether a text is a token rather than a word: digits or padding among letters.
fn is_mixed(text: &str) -> bool {
    let digits = text.chars().filter(char::is_ascii_digit).count();
    digits >= 2 || text.ends_with('=')
}
