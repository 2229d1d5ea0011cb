//! How much an attacker would have to guess: decoded size, repetition and an estimate of the
//! entropy. Pure; it knows no list of bad values.

use std::collections::BTreeMap;

use base64::Engine as _;
use base64::alphabet;
use base64::engine::{DecodePaddingMode, GeneralPurpose, GeneralPurposeConfig};

/// Shorter texts are taken as they are.
const LEAST_ENCODED: usize = 16;
/// Shorter texts of hex digits are words like `cafebabe`.
const LEAST_HEX: usize = 32;
/// A pattern longer than this is not called repeated.
const LONGEST_UNIT: usize = 32;

/// How bytes are written as text.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Encoding {
    Base64,
    Base64Url,
    Hex,
    Raw,
}

impl Encoding {
    pub(crate) fn name(self) -> &'static str {
        match self {
            Encoding::Base64 => "base64",
            Encoding::Base64Url => "base64url",
            Encoding::Hex => "hex",
            Encoding::Raw => "raw",
        }
    }
}

/// The encoding a value is most likely in, and how many bytes it decodes to. A text that could
/// be both is taken for the encoding, which never overstates its size.
pub(crate) fn decoded(value: &str) -> (Encoding, usize) {
    if value.len() >= LEAST_HEX && value.len().is_multiple_of(2) && is_hex(value) {
        return (Encoding::Hex, value.len() / 2);
    }
    if value.len() < LEAST_ENCODED || !is_mixed(value) {
        return (Encoding::Raw, value.len());
    }
    let is_url = value.contains(['-', '_']);
    let (encoding, alphabet) = match is_url {
        true => (Encoding::Base64Url, &alphabet::URL_SAFE),
        false => (Encoding::Base64, &alphabet::STANDARD),
    };
    let config = GeneralPurposeConfig::new().with_decode_padding_mode(DecodePaddingMode::Indifferent);
    match GeneralPurpose::new(alphabet, config).decode(value) {
        Ok(bytes) => (encoding, bytes.len()),
        Err(_) => (Encoding::Raw, value.len()),
    }
}

/// Hex digits of one case.
fn is_hex(value: &str) -> bool {
    let digits = |case: fn(&u8) -> bool| value.bytes().all(|byte| byte.is_ascii_digit() || case(&byte));
    digits(|byte| (b'a'..=b'f').contains(byte)) || digits(|byte| (b'A'..=b'F').contains(byte))
}

/// Upper and lower case, and a digit or sign: base64 of 12 bytes or more nearly always has them,
/// words seldom do.
fn is_mixed(value: &str) -> bool {
    value.contains(|c: char| c.is_ascii_uppercase())
        && value.contains(|c: char| c.is_ascii_lowercase())
        && value.contains(|c: char| c.is_ascii_digit() || "+/-_=".contains(c))
}

/// The shortest unit that the value repeats, at least twice; a cut-off last copy counts.
pub(crate) fn repeated_unit(value: &str) -> Option<String> {
    let characters: Vec<char> = value.chars().collect();
    let longest = LONGEST_UNIT.min(characters.len() / 2);
    let repeats = |unit: usize| characters.iter().zip(&characters[unit..]).all(|(a, b)| a == b);
    (1..=longest).find(|unit| repeats(*unit)).map(|unit| characters[..unit].iter().collect())
}

/// How many different characters.
pub(crate) fn distinct_characters(value: &str) -> usize {
    counts(value).len()
}

/// An estimate in whole bits, rather too low than too high: Shannon's entropy of the characters
/// times the number of characters that do not just continue a run (`aaaa`, `1234`, `edcba`), and
/// at most eight bits for each decoded byte. Of a repeated value only the unit counts.
pub(crate) fn entropy_bits(value: &str) -> u64 {
    let unit = repeated_unit(value);
    let counted = unit.as_deref().unwrap_or(value);
    let characters = counted.chars().count();
    if characters == 0 {
        return 0;
    }
    let total = characters as f64;
    let per_character: f64 =
        counts(counted).values().map(|count| *count as f64 / total).map(|share| -share * share.log2()).sum();
    let bits = per_character * surprising(counted) as f64;
    let (_, bytes) = decoded(counted);
    // A float that is not negative and far below 2^53.
    (bits.floor() as u64).min(bytes as u64 * 8)
}

/// What an estimate means: under 40 bits can be guessed at home, under 80 with money, and 128 is
/// what keys are asked to have.
pub(crate) fn class(bits: u64) -> &'static str {
    match bits {
        0..40 => "none",
        40..80 => "weak",
        80..128 => "fair",
        _ => "strong",
    }
}

fn counts(value: &str) -> BTreeMap<char, usize> {
    let mut counts = BTreeMap::new();
    value.chars().for_each(|c| *counts.entry(c).or_insert(0) += 1);
    counts
}

/// Characters that do not continue a run of the same step of -1, 0 or 1.
fn surprising(value: &str) -> usize {
    let codes: Vec<i64> = value.chars().map(|c| i64::from(u32::from(c))).collect();
    let runs = codes.windows(3).filter(|w| w[2] - w[1] == w[1] - w[0] && (w[1] - w[0]).abs() <= 1).count();
    codes.len() - runs
}

#[cfg(test)]
mod tests {
    use super::*;

    const STRONG: &str = "q3J9xZ0mKf7Lr2VtYw8BnHs5CdGe1PuAaXi6OoTjRkMvQzWbNyElUhSgDcFp4I+/";

    #[test]
    fn encodings_are_told_apart() {
        for (value, encoding, bytes) in [
            (STRONG, Encoding::Base64, 48),
            ("q3J9xZ0mKf7Lr2VtYw8Bn-s5CdGe1PuA", Encoding::Base64Url, 24),
            ("q3J9xZ0mKf7Lr2VtYw8BnHs5Cd==", Encoding::Raw, 28),
            ("aGVsbG8gd29ybGQgMTIzNA==", Encoding::Base64, 16),
            ("aGVsbG8gd29ybGQgMTIzNA", Encoding::Base64, 16),
            ("0123456789abcdef0123456789abcdef", Encoding::Hex, 16),
            ("0123456789abcDEF0123456789abcdef", Encoding::Base64, 24),
            ("deadbeef", Encoding::Raw, 8),
            ("correct horse battery staple", Encoding::Raw, 28),
            ("correcthorsebatterystaple", Encoding::Raw, 25),
            ("ü", Encoding::Raw, 2),
            ("", Encoding::Raw, 0),
        ] {
            assert_eq!(decoded(value), (encoding, bytes), "{value}");
        }
    }

    #[test]
    fn repetition_is_seen() {
        assert_eq!(repeated_unit("aaaaaaa").as_deref(), Some("a"));
        assert_eq!(repeated_unit("abcabcab").as_deref(), Some("abc"));
        assert_eq!(repeated_unit("changeme-changeme-changeme").as_deref(), Some("changeme-"));
        for value in ["", "a", "ab", "abcab", STRONG] {
            assert_eq!(repeated_unit(value), None, "{value}");
        }
    }

    #[test]
    fn entropy_is_estimated_low() {
        assert!((256..=384).contains(&entropy_bits(STRONG)), "{}", entropy_bits(STRONG));
        assert!(class(entropy_bits(STRONG)) == "strong");
        for (value, most) in [
            ("", 0),
            ("aaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaa", 0),
            ("abcabcabcabcabcabcabcabcabcabcabcabc", 5),
            ("abcdefghijklmnopqrstuvwxyz0123456789", 25),
            ("hunter2", 20),
        ] {
            assert!(entropy_bits(value) <= most, "{value}: {}", entropy_bits(value));
        }
        assert_eq!([class(39), class(40), class(80), class(128)], ["none", "weak", "fair", "strong"]);
    }
}
