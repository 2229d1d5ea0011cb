//! The facts about one secret. The value is made known to the redactor before anything is
//! measured, and no fact holds it.

use std::sync::OnceLock;

use gonogo_model::catalog::{FactInfo, FactType, fact};
use gonogo_model::fact::Item;
use sha2::{Digest as _, Sha256};

use crate::credential::lookalike::{is_placeholder, is_well_known};
use crate::credential::strength::{class, decoded, distinct_characters, entropy_bits, repeated_unit};
use crate::redact::{Redactor, says_secret};

/// Whether there is a value at all.
pub(super) const PRESENT: FactInfo = fact(
    "present",
    FactType::Bool,
    "",
    "Whether there is a value that is not empty or white space. All other facts about the value are absent without one.",
);
/// Facts about the value.
pub(super) const VALUE: [FactInfo; 11] = [
    fact(
        "length",
        FactType::Int,
        "bytes",
        "Size of the value as it is written, without a line break at its end.",
    ),
    fact(
        "decoded_bytes",
        FactType::Int,
        "bytes",
        "Size after decoding from `encoding`; the length when that is `raw`.",
    ),
    fact(
        "encoding",
        FactType::Text,
        "",
        "`hex` (32 or more digits of one case), `base64` or `base64url` (16 or more characters with upper case, lower case and a digit or sign, with or without padding), else `raw`.",
    ),
    fact(
        "entropy_bits",
        FactType::Int,
        "bits",
        "Estimate, rather too low: Shannon's entropy of the characters times those that do not continue a run, at most 8 bits for a decoded byte, only one copy of a repeated pattern; 0 for placeholders and well-known values.",
    ),
    fact(
        "entropy_class",
        FactType::Text,
        "",
        "`none` under 40 bits, `weak` under 80, `fair` under 128, else `strong`.",
    ),
    fact("distinct_characters", FactType::Int, "", "How many different characters the value has."),
    fact(
        "placeholder",
        FactType::Bool,
        "",
        "Whether it is a blank to fill in (`changeme`, `<secret>`, an unexpanded `${NAME}`) or made of template words only (`my-super-secret-key`).",
    ),
    fact(
        "well_known",
        FactType::Bool,
        "",
        "Whether it is a default or example that everybody knows, such as `postgres` or `minioadmin`.",
    ),
    fact(
        "repeated",
        FactType::Bool,
        "",
        "Whether it is one pattern of at most 32 characters written again and again.",
    ),
    fact(
        "fingerprint",
        FactType::Text,
        "",
        "16 hex digits of a salted SHA-256; equal values have equal fingerprints within one process, and nowhere else.",
    ),
    fact(
        "white_space",
        FactType::Bool,
        "",
        "Whether white space stands around the value; a service may take it as part of the secret.",
    ),
];

/// Measures a secret, if there is one.
pub(super) fn measured(item: Item, name: &str, value: Option<&str>, secrets: &Redactor) -> Item {
    let Some(value) = value.and_then(meant) else { return item.fact("present", false) };
    secrets.learn(name, value);
    with_value(item, value)
}

/// Measures a value that stands among secrets, if there is one. It is made known as a secret only
/// when its name or its strength says so: else `LOG_LEVEL=info` would take `info` out of every text.
pub(super) fn measured_among(item: Item, name: &str, value: Option<&str>, secrets: &Redactor) -> Item {
    let Some(value) = value.and_then(meant) else { return item.fact("present", false) };
    match says_secret(name) || class(entropy_bits(value)) != "none" {
        true => secrets.learn(name, value),
        false => secrets.learn_url(name, value),
    }
    with_value(item, value)
}

fn with_value(item: Item, value: &str) -> Item {
    let (placeholder, well_known) = (is_placeholder(value), is_well_known(value));
    let (encoding, bytes) = decoded(value);
    let bits = if placeholder || well_known { 0 } else { entropy_bits(value) };
    item.fact("present", true)
        .fact("length", value.len())
        .fact("decoded_bytes", bytes)
        .fact("encoding", encoding.name())
        .fact("entropy_bits", bits)
        .fact("entropy_class", class(bits))
        .fact("distinct_characters", distinct_characters(value))
        .fact("placeholder", placeholder)
        .fact("well_known", well_known)
        .fact("repeated", repeated_unit(value).is_some())
        .fact("white_space", value.trim() != value)
        .fact_if_known("fingerprint", fingerprint(value))
}

/// The value that is meant, if any: editors and `echo` end a file with a line break.
fn meant(value: &str) -> Option<&str> {
    let value = value.strip_suffix('\n').map_or(value, |value| value.strip_suffix('\r').unwrap_or(value));
    (!value.trim().is_empty()).then_some(value)
}

/// Absent where the system has no randomness to salt with.
fn fingerprint(value: &str) -> Option<String> {
    static SALT: OnceLock<Option<[u8; 32]>> = OnceLock::new();
    let salt = SALT.get_or_init(|| {
        let mut salt = [0; 32];
        getrandom::fill(&mut salt).ok().map(|()| salt)
    });
    let digest = Sha256::new().chain_update((*salt)?).chain_update(value).finalize();
    Some(digest.iter().take(8).map(|byte| format!("{byte:02x}")).collect())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_value_is_known_and_not_shown() {
        let secrets = Redactor::default();
        let item = measured(Item::new("X"), "X", Some("plain-value-77\n"), &secrets);
        assert_eq!(secrets.redact("plain-value-77"), "[redacted:X]");
        assert!(!serde_json::to_string(&item).unwrap().contains("plain-value"));
        assert_eq!(item.facts["length"], 14);
        let named: Vec<&str> = VALUE.iter().chain([&PRESENT]).map(|fact| fact.name).collect();
        assert!(
            item.facts.keys().all(|name| named.contains(&name.as_str())) && item.facts.len() == named.len()
        );
    }

    #[test]
    fn ordinary_settings_among_secrets_stay_readable() {
        let secrets = Redactor::default();
        for (name, value) in [
            ("LOG_LEVEL", "info"),
            ("KEY", "info2"),
            ("CACHE", "redis://:hunter2@cache"),
            ("PLAIN", "q3J9xZ0mKf7Lr2VtYw8B"),
        ] {
            measured_among(Item::new(name), name, Some(value), &secrets);
        }
        assert_eq!(
            secrets.redact("info info2 hunter2 q3J9xZ0mKf7Lr2VtYw8B"),
            "info [redacted:KEY] [redacted:CACHE] [redacted:PLAIN]"
        );
    }

    #[test]
    fn fingerprints_tell_equality_only() {
        let print = |value| fingerprint(value).unwrap();
        assert_eq!(print("a"), print("a"));
        assert_ne!(print("a"), print("b"));
        let unsalted: String = Sha256::digest("a").iter().take(8).map(|byte| format!("{byte:02x}")).collect();
        assert_ne!(print("a"), unsalted);
    }

    #[test]
    fn nothing_is_not_a_value() {
        for value in [None, Some(""), Some("  \n")] {
            let item = measured(Item::new("X"), "X", value, &Redactor::default());
            assert_eq!(item, Item::new("X").fact("present", false));
        }
    }
}
