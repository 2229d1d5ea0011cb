//! Secrets written into a spec. They are refused, and no message may show them.

use crate::diagnostic::Diagnostic;
use crate::yaml::{Kind, Node};

/// Words that, as the last part of a key, say that its value is a secret.
const SECRET_KEYS: [&str; 16] = [
    "password",
    "passwd",
    "pwd",
    "secret",
    "token",
    "apikey",
    "api_key",
    "access_key",
    "secret_key",
    "private_key",
    "authorization",
    "cookie",
    "client_secret",
    "credential",
    "credentials",
    "passphrase",
];

/// How tokens of well-known issuers start, and how long they are at least.
const TOKEN_STARTS: [(&str, usize); 12] = [
    ("AKIA", 20),
    ("ASIA", 20),
    ("ghp_", 30),
    ("gho_", 30),
    ("ghs_", 30),
    ("github_pat_", 40),
    ("glpat-", 20),
    ("sk_live_", 20),
    ("rk_live_", 20),
    ("xoxb-", 20),
    ("xoxp-", 20),
    ("eyJhbGciOi", 30),
];

/// Every secret written literally below `node`.
pub(super) fn find(node: &Node) -> Vec<Diagnostic> {
    let mut found = Vec::new();
    each(node, "", "", &mut |key, node, text| {
        if let Some(what) = secret_in(key, text) {
            found.push(
                Diagnostic::at(node.place, format!("{what} is written into the spec"))
                    .help("take it from the environment: \"${VARIABLE}\""),
            );
        }
    });
    found
}

/// Keys below which names of our own lead to places, not to secrets.
const POINTERS: [&str; 2] = ["json", "capture"];

/// Calls `visit` on every text. Below `json` and `capture` stand names of our own and JSON pointers: there a key
/// such as `token` says where a value is, and no secret follows.
fn each<'a>(node: &'a Node, key: &'a str, above: &str, visit: &mut impl FnMut(&'a str, &'a Node, &'a str)) {
    match &node.kind {
        Kind::Text(text) => visit(if POINTERS.contains(&above) { "" } else { key }, node, text),
        Kind::List(nodes) => nodes.iter().for_each(|node| each(node, key, above, visit)),
        Kind::Map(entries) => entries.iter().for_each(|(inner, node)| each(node, &inner.name, key, visit)),
        _ => {}
    }
}

fn secret_in(key: &str, text: &str) -> Option<&'static str> {
    if password_in_url(text).is_some() {
        return Some("a password in a URL");
    }
    if token_in(text).is_some() {
        return Some("a token or private key");
    }
    (is_secret_key(key) && !text.is_empty() && !text.contains("${") && !text.contains("{{"))
        .then_some("a secret")
}

/// Whether one of the words is the key, or its last part: `db_password`, `X-Api-Key`.
fn is_secret_key(key: &str) -> bool {
    SECRET_KEYS.iter().any(|word| ends_with_word(key.as_bytes(), word.as_bytes()))
}

fn ends_with_word(key: &[u8], word: &[u8]) -> bool {
    let plain = |byte: u8| if byte == b'-' { b'_' } else { byte.to_ascii_lowercase() };
    let Some(before) = key.len().checked_sub(word.len()) else { return false };
    let (before, end) = key.split_at(before);
    let same = end.iter().rev().zip(word.iter().rev()).all(|(a, b)| plain(*a) == *b);
    same && before.last().is_none_or(|byte| plain(*byte) == b'_')
}

/// The byte range of a literal password in `scheme://user:password@host`.
fn password_in_url(text: &str) -> Option<std::ops::Range<usize>> {
    let start = text.find("://")? + 3;
    let authority = text[start..].split(['/', '?', '#', '"', '\'', ' ', '\n']).next()?;
    let (user_info, _) = authority.rsplit_once('@')?;
    let colon = user_info.find(':')?;
    let password = &user_info[colon + 1..];
    let literal = !password.is_empty() && !password.starts_with("${");
    literal.then_some(start + colon + 1..start + user_info.len())
}

/// The byte range of a well-known token or of a private key.
fn token_in(text: &str) -> Option<std::ops::Range<usize>> {
    if let Some(at) = text.find("-----BEGIN ").filter(|at| text[*at..].contains("PRIVATE KEY-----")) {
        return Some(at..text.len());
    }
    let mut start = 0;
    for word in text.split_inclusive(|c: char| !(c.is_ascii_alphanumeric() || "_-./+".contains(c))) {
        let length =
            word.trim_end_matches(|c: char| !(c.is_ascii_alphanumeric() || "_-./+".contains(c))).len();
        if TOKEN_STARTS.iter().any(|(token, least)| length >= *least && word.starts_with(token)) {
            return Some(start..start + length);
        }
        start += word.len();
    }
    None
}

/// The text with everything that looks like a secret replaced by dots of the same width, so
/// that a message can show the line. Rather too much than too little; long lines are cut.
pub fn mask(text: &str) -> String {
    let mut in_private_key = false;
    let lines = text.split('\n').map(shortened).map(|line| {
        let was_inside = in_private_key;
        in_private_key = (was_inside || line.contains("-----BEGIN ")) && !line.contains("-----END ");
        if was_inside { dots(line, 0..line.len()) } else { mask_line(line) }
    });
    lines.collect::<Vec<_>>().join("\n")
}

/// The start of a line: nobody reads more than this in a message.
fn shortened(line: &str) -> &str {
    const SHOWN: usize = 400;
    line.char_indices().nth(SHOWN).map_or(line, |(at, _)| &line[..at])
}

fn mask_line(line: &str) -> String {
    let mut line = line.to_owned();
    if let Some(range) = password_in_url(&line) {
        line = dots(&line, range);
    }
    if let Some(range) = token_in(&line) {
        line = dots(&line, range);
    }
    if let Some(range) = value_of_secret_key(&line) {
        line = dots(&line, range);
    }
    line
}

/// The value behind the first `secret-key:` or `secret-key=` of a line, when it is a literal.
fn value_of_secret_key(line: &str) -> Option<std::ops::Range<usize>> {
    let at =
        line.match_indices([':', '=']).map(|(at, _)| at).find(|at| is_secret_key(key_before(line, *at)))?;
    let value = &line[at + 1..];
    let from = at + 1 + (value.len() - value.trim_start().len());
    let literal = !value.trim().is_empty() && !value.contains("${");
    literal.then_some(from..line.len())
}

/// The word that ends at `end`, without quotes.
fn key_before(line: &str, end: usize) -> &str {
    let key = line[..end].trim_end_matches(['"', '\'', ' ']);
    key.rsplit(|c: char| !(c.is_ascii_alphanumeric() || c == '_' || c == '-')).next().unwrap_or_default()
}

fn dots(line: &str, range: std::ops::Range<usize>) -> String {
    let hidden = "•".repeat(line[range.clone()].chars().count());
    format!("{}{hidden}{}", &line[..range.start], &line[range.end..])
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::yaml::{Limits, parse};

    const INLINE: [&str; 7] = [
        "db: { postgres: 'postgres://app:hunter2CANARY@db/x' }",
        "with: { password: hunter2CANARY }",
        "headers: { Authorization: 'Bearer hunter2CANARY' }",
        "headers: { X-Api-Key: hunter2CANARY }",
        "a: ghp_hunter2CANARYhunter2CANARYhunter2",
        "a: |\n  -----BEGIN RSA PRIVATE KEY-----\n  hunter2CANARY\n  -----END RSA PRIVATE KEY-----",
        "client_secret: \"hunter2CANARY\"",
    ];

    #[test]
    fn inline_secrets_are_found_and_masked() {
        for text in INLINE {
            assert_eq!(find(&parse(text, Limits::SPEC).unwrap()).len(), 1, "{text}");
            let masked = mask(text);
            assert!(!masked.contains("CANARY"), "{masked}");
            assert_eq!(masked.chars().count(), text.chars().count());
        }
    }

    #[test]
    fn references_and_names_are_not_secrets() {
        for text in [
            "db: { postgres: '${DATABASE_URL}' }",
            "db: { postgres: 'postgres://app:${PGPASSWORD}@db/x' }",
            "headers: { Authorization: 'Bearer ${API_TOKEN}' }",
            "with: { name: JWT_SECRET, token_env: API_TOKEN, password_file: /run/secrets/db }",
            "url: http://127.0.0.1:8080/a:b@c",
            "with: { json: { token: /token, password: /user/password } }",
        ] {
            assert_eq!(find(&parse(text, Limits::SPEC).unwrap()), [], "{text}");
        }
    }
}
