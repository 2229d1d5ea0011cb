//! Whether a text is the work of chance, as credentials are, or of a person: words, counting,
//! repeating, a hash that stands for something public. It knows shapes, not names.

use crate::credential::lookalike::{is_placeholder, is_well_known};
use crate::credential::strength::entropy_bits;

/// Words that nobody's credential has, and every example does.
const TOLD: [&str; 15] = [
    "example",
    "sample",
    "dummy",
    "fake",
    "xxxx",
    "your",
    "placeholder",
    "redacted",
    "changeme",
    "foobar",
    "deadbeef",
    "abcdef",
    "123456789",
    "000000",
    "qwerty",
];
/// How encrypted and hashed values start; they may be seen.
const SEALED: [&str; 22] = [
    "$2a$", "$2b$", "$2y$", "$argon2", "$pbkdf2", "$scrypt", "$5$", "$6$", "$1$", "$apr1$", "{SHA", "{SSHA",
    "pbkdf2", "sha256", "sha384", "sha512", "sha1", "md5", "ENC[", "vault:v", "AgA", "age1",
];

/// Whether the text of an issuer is one that chance made: no example, no counting.
pub(super) fn is_issued(text: &str) -> bool {
    let lower = text.to_ascii_lowercase();
    let run = longest_run(text.as_bytes());
    !TOLD.iter().any(|word| lower.contains(word)) && run < 6 && distinct(text) >= 8
}

/// Whether a value that was only named a secret is one: long and mixed enough to be chance, or a
/// password with signs of every kind.
pub(super) fn is_random(value: &str) -> bool {
    let length = value.len();
    let is_plain =
        value.is_ascii() && !value.bytes().any(|byte| byte.is_ascii_whitespace() || byte.is_ascii_control());
    if !is_plain || length < 8 || !is_issued(value) || is_placeholder(value) || is_well_known(value) {
        return false;
    }
    if is_uuid(value) || is_sealed(value) || is_address(value) || is_counting_of_words(value) {
        return false;
    }
    // Dates and numbers have few letters.
    if value.bytes().filter(u8::is_ascii_alphabetic).count() < 4 {
        return false;
    }
    let classes = classes(value);
    let turns = turns(value);
    match length {
        // Turns in a hundred: words and names have under 20, chance over 40.
        8..16 => classes == 4 && turns >= 40 || classes == 3 && turns >= 50 && length >= 12,
        16..24 => classes >= 2 && turns >= 30 && entropy_bits(value) >= 48,
        _ => classes >= 2 && turns >= 25 && entropy_bits(value) >= 70,
    }
}

/// `0f8fad5b-d9cb-469f-a165-70867728950e` names things.
pub(super) fn is_uuid(value: &str) -> bool {
    let parts: Vec<&str> = value.trim_matches(['{', '}']).split('-').collect();
    let lengths = parts.iter().map(|part| part.len()).eq([8, 4, 4, 4, 12]);
    lengths && parts.iter().all(|part| part.bytes().all(|byte| byte.is_ascii_hexdigit()))
}

/// Whether the whole value is hex digits, as hashes are.
pub(super) fn is_hex(value: &str) -> bool {
    value.len() >= 16 && value.bytes().all(|byte| byte.is_ascii_hexdigit())
}

fn is_sealed(value: &str) -> bool {
    let start = value.trim_start_matches(['"', '\'']);
    SEALED.iter().any(|seal| start.starts_with(seal))
        || start.starts_with("AAAAB3Nza")
        || start.starts_with("ssh-")
}

/// A path, a host, a mail address, a name with dots or colons, code.
fn is_address(value: &str) -> bool {
    let has = |signs: &[char]| value.contains(signs);
    let parts: Vec<&str> =
        value.split(['/', '.', ':', '-', '_', ',']).filter(|part| !part.is_empty()).collect();
    let is_named = parts.len() >= 3 && parts.iter().all(|part| part.len() <= 12 && !is_mixed(part));
    value.contains("://")
        || has(&['(', ')', '{', '}', '<', '>', '[', ']', '`', ' ', ';', '|', '\\'])
        || is_named
}

/// Most of it is letters in runs: `user_password_field_2`, `OAuth2AccessToken`.
fn is_counting_of_words(value: &str) -> bool {
    let letters = value.split(|c: char| !c.is_ascii_alphabetic());
    let words = letters.filter(|part| part.len() >= 4 && is_worded(part)).map(str::len).sum::<usize>();
    words * 2 >= value.len()
}

/// Small letters, with a capital at the start of each of its words; or capitals only.
fn is_worded(part: &str) -> bool {
    let bytes = part.as_bytes();
    let upper = bytes.iter().filter(|byte| byte.is_ascii_uppercase()).count();
    let vowels = bytes.iter().filter(|byte| b"aeiouyAEIOUY".contains(byte)).count();
    let is_cased = upper == bytes.len() || upper * 4 <= bytes.len();
    is_cased && vowels * 5 >= bytes.len() && vowels * 4 <= bytes.len() * 3
}

/// Letters and digits among each other.
fn is_mixed(part: &str) -> bool {
    let digits = part.bytes().filter(u8::is_ascii_digit).count();
    digits >= 2 && digits < part.len()
}

/// How many of small letters, capitals, digits and signs it has.
fn classes(value: &str) -> usize {
    let has = |test: fn(&u8) -> bool| usize::from(value.bytes().any(|byte| test(&byte)));
    has(u8::is_ascii_lowercase)
        + has(u8::is_ascii_uppercase)
        + has(u8::is_ascii_digit)
        + has(u8::is_ascii_punctuation)
}

/// How often, in a hundred, a character is of another class than the one before.
fn turns(value: &str) -> usize {
    let class = |byte: u8| match byte {
        b'a'..=b'z' => 0,
        b'A'..=b'Z' => 1,
        b'0'..=b'9' => 2,
        _ => 3,
    };
    let bytes = value.as_bytes();
    let turned = bytes.iter().zip(bytes.iter().skip(1)).filter(|(a, b)| class(**a) != class(**b)).count();
    turned * 100 / bytes.len().saturating_sub(1).max(1)
}

/// The longest stretch that repeats a character, or counts up or down.
fn longest_run(bytes: &[u8]) -> usize {
    let step = |pair: (&u8, &u8)| i16::from(*pair.1) - i16::from(*pair.0);
    let (mut longest, mut run, mut last) = (0, 1, i16::MAX);
    for next in bytes.iter().zip(bytes.iter().skip(1)).map(step) {
        run = if next == last && next.abs() <= 1 { run + 1 } else { 2 };
        last = next;
        longest = longest.max(run);
    }
    longest
}

fn distinct(text: &str) -> usize {
    let mut seen = [false; 256];
    text.bytes().for_each(|byte| {
        if let Some(seen) = seen.get_mut(usize::from(byte)) {
            *seen = true;
        }
    });
    seen.iter().filter(|seen| **seen).count()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn chance_is_told_from_words() {
        for value in [
            "q3J9xZ0mKf7Lr2VtYw8BnHs5CdGe1PuA",
            "9f86d081884c7d659a2feaa0c55ad015a3bf4f1b",
            "k9!fQ2xPz#Lw",
            "V7dk2-Pq93mZ-x0Rt4w-La81bN",
            "hW4s/dQ9+zP2xVn8Yc1LkT5bRj7GmE3uAo6fXiS0",
        ] {
            assert!(is_random(value), "{value}");
        }
        for value in [
            "0f8fad5b-d9cb-469f-a165-70867728950e",
            "changeme",
            "my-super-secret-key",
            "AKIAIOSFODNN7EXAMPLE",
            "xxxxxxxxxxxxxxxxxxxx",
            "abcdefghijklmnop1234",
            "$2b$12$KIXQ4Z1vZ8yq3n5m7p9r1eN2c4v6b8n0m2q4w6e8r0t2y4u6i8o0p",
            "OAuth2AccessTokenProvider",
            "user_password_field_2",
            "/run/secrets/db_password",
            "com.example.service.v1.Token",
            "sha256-qUiQTy8PR5uPgZdpSzAYSw0u0cHNKh7A+4XSmaGSpEc=",
            "${PASSWORD}",
            "process.env.TOKEN",
            "hunter2",
            "",
            "aaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaa",
            "2024-01-02T03:04:05Z",
            "1234567890abcdef1234567890abcdef",
            "X-Requested-With",
            "é23k4jh5k2j3h45kj2h3",
        ] {
            assert!(!is_random(value), "{value}");
        }
    }
}
