//! Whether a text with an issuer's form can have been issued: checksums are right, dates are not
//! over, and it is no example.

use base64::Engine as _;
use base64::engine::general_purpose::{STANDARD_NO_PAD, URL_SAFE_NO_PAD};
use serde_json::Value;

use super::chance::{is_hex, is_issued};
use super::scan::Spot;
use crate::credential::issuers::{Issued, Sure};

/// A token that lives no longer was over before anybody read the file.
const SHORT: i64 = 24 * 60 * 60;
/// The key of the storage emulator, which Microsoft documents: its first characters.
const EMULATOR: &str = "Eby8vdM02xNOcqFlqUwJPLlmEtlCDXJ1OUzFT50uSRZ6IFsuFq2UVErCz4I6tq";

/// The match, when the text can be one.
pub(super) fn proven(issued: &Issued, text: &[u8], start: usize, now: i64) -> Option<Spot> {
    let text = std::str::from_utf8(text).ok()?;
    let spot = |kind, sure| Some(Spot { kind, sure, range: start..start + text.len() });
    if issued.kind == "jwt" {
        let (kind, sure) = jwt(text, now)?;
        return spot(kind, sure);
    }
    let is_one = is_issued(text)
        && match issued.kind {
            "aws-secret-key" => !is_hex(text) && is_of_three_classes(text),
            "crates-token" | "npm-token" => is_of_three_classes(text),
            "discord-bot-token" => is_of_discord(text),
            "azure-storage-key" => !text.starts_with(EMULATOR),
            _ => true,
        }
        && match issued.sure {
            Sure::Checksum if issued.kind == "age-secret-key" => is_bech32(text),
            Sure::Checksum => has_checksum(text),
            Sure::Form | Sure::Not => true,
        };
    if is_one { spot(issued.kind, issued.sure) } else { None }
}

/// `prefix_` with 30 random characters and the CRC-32 of these in base 62, as GitHub and npm
/// write it.
fn has_checksum(token: &str) -> bool {
    let Some((_, body)) = token.rsplit_once('_') else { return false };
    let Some((random, sum)) = body.len().checked_sub(6).and_then(|at| body.split_at_checked(at)) else {
        return false;
    };
    base62(crc32(random.as_bytes())) == sum.as_bytes()
}

/// The token with the checksum that it should have, for tests.
#[cfg(test)]
pub(super) fn with_checksum(token: &str) -> String {
    let (prefix, body) = token.rsplit_once('_').unwrap_or(("", token));
    let random = &body[..body.len() - 6];
    format!("{prefix}_{random}{}", String::from_utf8_lossy(&base62(crc32(random.as_bytes()))))
}

fn base62(mut number: u32) -> [u8; 6] {
    const DIGITS: &[u8; 62] = b"0123456789ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz";
    let mut digits = [b'0'; 6];
    for digit in digits.iter_mut().rev() {
        *digit = DIGITS.get((number % 62) as usize).copied().unwrap_or(b'0');
        number /= 62;
    }
    digits
}

/// The CRC-32 of zip and Ethernet.
fn crc32(bytes: &[u8]) -> u32 {
    let mut sum = u32::MAX;
    for byte in bytes {
        sum ^= u32::from(*byte);
        for _ in 0..8 {
            sum = if sum & 1 == 1 { (sum >> 1) ^ 0xedb8_8320 } else { sum >> 1 };
        }
    }
    !sum
}

/// The name, `1`, and digits of which the last six are a checksum of all before: BIP 173.
fn is_bech32(text: &str) -> bool {
    const DIGITS: &[u8] = b"qpzry9x8gf2tvdw0s3jn54khce6mua7l";
    const STEPS: [u32; 5] = [0x3b6a_57b2, 0x2650_8e6d, 0x1ea1_19fa, 0x3d42_33dd, 0x2a14_62b3];
    let lower = text.to_ascii_lowercase();
    let Some((name, digits)) = lower.rsplit_once('1') else { return false };
    let value =
        |digit: u8| DIGITS.iter().position(|known| *known == digit).and_then(|at| u32::try_from(at).ok());
    let high = name.bytes().map(|byte| Some(u32::from(byte >> 5)));
    let low = name.bytes().map(|byte| Some(u32::from(byte & 31)));
    let mut sum = 1_u32;
    for number in high.chain([Some(0)]).chain(low).chain(digits.bytes().map(value)) {
        let Some(number) = number else { return false };
        let top = sum >> 25;
        sum = ((sum & 0x01ff_ffff) << 5) ^ number;
        let steps = STEPS.iter().enumerate().filter(|(bit, _)| (top >> bit) & 1 == 1);
        sum = steps.fold(sum, |sum, (_, step)| sum ^ step);
    }
    sum == 1
}

fn is_of_three_classes(text: &str) -> bool {
    let count = |test: fn(&u8) -> bool| text.bytes().filter(test).count();
    count(u8::is_ascii_lowercase) >= 3 && count(u8::is_ascii_uppercase) >= 3 && count(u8::is_ascii_digit) >= 2
}

/// The first part is the number of the bot, in base64.
fn is_of_discord(text: &str) -> bool {
    let first = text.split('.').next().unwrap_or_default();
    let number = STANDARD_NO_PAD.decode(first).unwrap_or_default();
    (17..=20).contains(&number.len()) && number.iter().all(u8::is_ascii_digit)
}

/// What a JSON Web Token is worth: nothing when it is no token, is over, is public or is the
/// example of every tutorial.
fn jwt(text: &str, now: i64) -> Option<(&'static str, Sure)> {
    let mut parts = text.split('.');
    let mut json =
        || -> Option<Value> { serde_json::from_slice(&URL_SAFE_NO_PAD.decode(parts.next()?).ok()?).ok() };
    let (head, claims) = (json()?, json()?);
    head.get("alg")?;
    let is = |key: &str, value: &str| claims.get(key).and_then(Value::as_str) == Some(value);
    let seconds = |key: &str| claims.get(key).and_then(Value::as_f64).map(|seconds| seconds as i64);
    let expires = seconds("exp");
    let lives = expires.zip(seconds("iat").or(seconds("nbf"))).map(|(end, start)| end.saturating_sub(start));
    let is_over = expires.is_some_and(|end| end <= now) || lives.is_some_and(|lives| lives <= SHORT);
    let is_example = is("sub", "1234567890") || is("name", "John Doe") || is("iss", "supabase-demo");
    match () {
        () if is_over || is_example || is("role", "anon") => None,
        () if is("role", "service_role") => Some(("supabase-service-key", Sure::Form)),
        () => Some(("jwt", Sure::Not)),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_checksum_of_a_token_is_that_of_its_issuer() {
        // From an article about the form; it was never valid.
        let random = "zQWBuTSOoRi4A9spHcVY5ncnsDkxkJ";
        assert!(has_checksum(&format!("ghp_{random}0mLq17")));
        assert!(!has_checksum(&format!("ghp_{random}0mLq18")));
        assert!(!has_checksum("ghp_") && !has_checksum("") && !has_checksum("ghp_éééééé"));
        assert_eq!(crc32(b"123456789"), 0xcbf4_3926);
    }

    #[test]
    fn an_age_key_ends_with_the_checksum_of_its_format() {
        // From the specification of age, and BIP 173.
        assert!(is_bech32(concat!(
            "AGE-SECRET-KEY-1GFPYYSJZGFPYYSJZGFPYYSJZGF",
            "PYYSJZGFPYYSJZGFPYYSJZGFPQ4EGAEX"
        )));
        assert!(is_bech32("abcdef1qpzry9x8gf2tvdw0s3jn54khce6mua7lmqqqxw"));
        assert!(!is_bech32("abcdef1qpzry9x8gf2tvdw0s3jn54khce6mua7lmqqqxx"));
        assert!(!is_bech32("") && !is_bech32("1") && !is_bech32("abé1qqqqqq"));
    }

    #[test]
    fn a_web_token_is_worth_what_its_claims_say() {
        let token = |claims: &str| {
            let part = |text: &str| URL_SAFE_NO_PAD.encode(text);
            format!("{}.{}.{}", part(r#"{"alg":"HS256"}"#), part(claims), "s".repeat(43))
        };
        let worth = |claims: &str| jwt(&token(claims), 1_000_000).map(|(kind, _)| kind);
        assert_eq!(worth(r#"{"sub":"7"}"#), Some("jwt"));
        assert_eq!(worth(r#"{"sub":"7","exp":1000001,"iat":1}"#), Some("jwt"));
        assert_eq!(worth(r#"{"role":"service_role","exp":2000000}"#), Some("supabase-service-key"));
        for claims in [
            r#"{"sub":"7","exp":999999}"#,
            r#"{"sub":"7","exp":2000000,"iat":1999000}"#,
            r#"{"sub":"1234567890","name":"Jane"}"#,
            r#"{"role":"anon"}"#,
            "[1",
        ] {
            assert_eq!(worth(claims), None, "{claims}");
        }
        assert_eq!(jwt("eyJ.eyJ.x", 0), None);
    }
}
