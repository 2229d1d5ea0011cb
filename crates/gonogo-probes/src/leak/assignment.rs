//! Values that only their names call secrets: `db_password = "…"`. Never certain: names are made
//! by people, and so are most values behind them.

use std::ops::Range;
use std::sync::LazyLock;

use regex::bytes::Regex;

use super::chance::{is_hex, is_random};
use super::scan::Spot;
use crate::credential::issuers::Sure;
use crate::credential::variable::says_value_is_secret;

/// What a name has that says a secret; in small letters.
pub(super) const MARKS: [&str; 10] = [
    "passw",
    "pwd",
    "passphrase",
    "secret",
    "token",
    "api_key",
    "apikey",
    "api-key",
    "access_key",
    "private_key",
];

const NAME: &str = r"(?P<n>[\w.-]{0,60}(?:passw(?:or)?d|pwd|passphrase|secret|token|api[_-]?key|access_key|private_key)[\w.-]{0,40})";
/// Words of a line that is about something else than a credential.
const ABOUT: [&str; 16] = [
    "sha256",
    "sha512",
    "sha1",
    "integrity",
    "checksum",
    "digest",
    "hash",
    "example",
    "fixture",
    "dummy",
    "fake",
    "mock",
    "fingerprint",
    "public",
    "regex",
    "csrf",
];

static QUOTED: LazyLock<Option<Regex>> = LazyLock::new(|| {
    let value = r#"["'\]]{0,3}\s{0,8}(?::\s?&?(?:'static )?(?:str|string)\s{0,4}=|=>|:=|==?=?|:)\s{0,8}[bfrLu@]{0,2}["'`](?P<s>[^"'`\r\n]{8,200})["'`]"#;
    Regex::new(&format!("(?i-u){NAME}{value}")).ok()
});
static BARE: LazyLock<Option<Regex>> = LazyLock::new(|| {
    let value = r#"["']?\s{0,8}[:=]\s{0,8}(?P<s>[^\s"'`,;#]{8,200})\s*(?:#.*)?\r?$"#;
    Regex::new(&format!(r#"(?i-u)^\s*(?:export\s+|-\s+|set\s+|ENV\s+)?["']?{NAME}{value}"#)).ok()
});

/// The values of one line that look like secrets.
pub(super) fn read(bytes: &[u8], place: Range<usize>, is_settings: bool, spots: &mut Vec<Spot>) {
    let start = place.start;
    let Some(line) = bytes.get(place) else { return };
    let bare = BARE.iter().filter(|_| is_settings);
    for found in QUOTED.iter().chain(bare).flat_map(|pattern| pattern.captures_iter(line)) {
        let (Some(name), Some(value)) = (found.name("n"), found.name("s")) else { continue };
        // A web token says itself what it is worth.
        if value.as_bytes().starts_with(b"eyJ") {
            continue;
        }
        if is_secret(name.as_bytes(), value.as_bytes()) && !is_about_something_else(line) {
            let range = start + value.start()..start + value.end();
            spots.push(Spot { kind: "named-secret", sure: Sure::Not, range });
        }
    }
}

fn is_secret(name: &[u8], value: &[u8]) -> bool {
    let (Ok(name), Ok(value)) = (std::str::from_utf8(name), std::str::from_utf8(value)) else { return false };
    // A key of 32 hex digits may be an MD5 of anything; a password never is one.
    let is_hash = is_hex(value) && !name.to_ascii_lowercase().contains("secret") && value.len() <= 40;
    // What is for logging in is no type of it here: the value decides.
    let name = spelled(name).to_ascii_uppercase().replace("AUTH", "");
    says_value_is_secret(&name) && is_random(value) && !is_hash
}

/// `dbPassword` as `db_Password`: each word of the name apart.
fn spelled(name: &str) -> String {
    let mut spelled = String::with_capacity(name.len() + 4);
    let mut was_small = false;
    for letter in name.chars() {
        if was_small && letter.is_ascii_uppercase() {
            spelled.push('_');
        }
        was_small = letter.is_ascii_lowercase() || letter.is_ascii_digit();
        spelled.push(letter);
    }
    spelled
}

fn is_about_something_else(line: &[u8]) -> bool {
    let lower = String::from_utf8_lossy(line).to_ascii_lowercase();
    ABOUT.iter().any(|word| lower.contains(word))
}

#[cfg(test)]
mod tests {
    use super::*;

    fn found(line: &str) -> usize {
        let mut spots = Vec::new();
        read(line.as_bytes(), 0..line.len(), true, &mut spots);
        spots.len()
    }

    #[test]
    fn a_name_and_chance_make_a_secret() {
        let value = "q3J9xZ0mKf7Lr2VtYw8BnHs5";
        for line in [
            format!("db_password = \"{value}\""),
            format!("const apiKey: &str = \"{value}\";"),
            format!("\"clientSecret\": '{value}',"),
            format!("PGPASSWORD={value}"),
            format!("  jwt-secret: {value}"),
            format!("export AUTH_TOKEN={value}  # for the api"),
        ] {
            assert_eq!(found(&line), 1, "{line}");
        }
        for line in [
            format!("name = \"{value}\""),
            format!("password_file = \"{value}\""),
            format!("token_type: {value}"),
            format!("public_token = \"{value}\""),
            format!("secret = \"{value}\" # example"),
            "password = \"correct horse battery\"".to_owned(),
            "password: ${DB_PASSWORD}".to_owned(),
            "api_key = \"YOUR_API_KEY_HERE_12345\"".to_owned(),
            "token = \"d41d8cd98f00b204e9800998ecf8427e\"".to_owned(),
            "secret: process.env.SECRET".to_owned(),
            "token: 0f8fad5b-d9cb-469f-a165-70867728950e".to_owned(),
        ] {
            assert_eq!(found(&line), 0, "{line}");
        }
    }
}
