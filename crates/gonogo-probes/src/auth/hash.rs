//! What the text of a password's hash says of itself. It cannot tell whether it is a good one.

use base64::Engine;
use base64::engine::general_purpose::{STANDARD_NO_PAD, URL_SAFE_NO_PAD};

/// What is known of a hash.
#[derive(Debug, Default, PartialEq, Eq)]
pub(super) struct Hash {
    pub(super) algorithm: String,
    pub(super) salt_bytes: Option<u64>,
    pub(super) length: usize,
    pub(super) memory_kib: Option<u64>,
    pub(super) passes: Option<u64>,
    pub(super) parallelism: Option<u64>,
    pub(super) cost: Option<u64>,
    pub(super) iterations: Option<u64>,
}

impl Hash {
    /// Reads what is kept for a password.
    pub(super) fn read(text: &str, password: &str) -> Hash {
        let length = text.chars().count();
        let known = if text.contains(password) && !password.is_empty() {
            Hash { algorithm: "plain".to_owned(), ..Hash::default() }
        } else {
            modular(text).or_else(|| django(text)).unwrap_or_else(|| bare(text))
        };
        Hash { length, ..known }
    }
}

/// `$name$parameters$salt$hash`, also with `v=19` between.
fn modular(text: &str) -> Option<Hash> {
    let parts: Vec<&str> = text.strip_prefix('$')?.split('$').collect();
    let name = *parts.first()?;
    let parameters = parts.iter().find(|part| part.contains('=') && !part.starts_with("v=")).copied();
    let parameter = |key: &str| {
        let pairs = parameters?.split(',').filter_map(|pair| pair.split_once('='));
        pairs.filter(|(name, _)| *name == key).find_map(|(_, value)| value.parse::<u64>().ok())
    };
    let salt = parts.len().checked_sub(2).and_then(|at| parts.get(at)).and_then(|salt| bytes(salt));
    let named =
        |algorithm: &str| Hash { algorithm: algorithm.to_owned(), salt_bytes: salt, ..Hash::default() };
    Some(match name {
        "argon2id" | "argon2i" | "argon2d" => Hash {
            memory_kib: parameter("m"),
            passes: parameter("t"),
            parallelism: parameter("p"),
            ..named(name)
        },
        "2" | "2a" | "2b" | "2x" | "2y" => {
            Hash { cost: parts.get(1)?.parse().ok(), salt_bytes: Some(16), ..named("bcrypt") }
        }
        "scrypt" => {
            let n = parameter("ln").and_then(|exponent| 1_u64.checked_shl(u32::try_from(exponent).ok()?));
            let memory = n.zip(parameter("r")).map(|(n, r)| n.saturating_mul(r).saturating_mul(128) / 1024);
            Hash { memory_kib: memory, parallelism: parameter("p"), ..named("scrypt") }
        }
        _ if name.starts_with("pbkdf2") => {
            let rounds = parameter("i").or_else(|| parts.get(1)?.parse().ok());
            Hash { iterations: rounds, ..named(name) }
        }
        "6" => Hash { iterations: parameter("rounds").or(Some(5_000)), ..named("sha512-crypt") },
        "5" => Hash { iterations: parameter("rounds").or(Some(5_000)), ..named("sha256-crypt") },
        "1" => named("md5-crypt"),
        _ => return None,
    })
}

/// `pbkdf2_sha256$600000$salt$hash`.
fn django(text: &str) -> Option<Hash> {
    let mut parts = text.split('$');
    let (name, rounds, salt) = (parts.next()?, parts.next()?, parts.next()?);
    let digest = name.strip_prefix("pbkdf2_")?;
    let salt_bytes = u64::try_from(salt.len()).ok();
    Some(Hash {
        algorithm: format!("pbkdf2-{digest}"),
        iterations: rounds.parse().ok(),
        salt_bytes,
        ..Hash::default()
    })
}

/// What has the form of a digest and nothing beside it.
fn bare(text: &str) -> Hash {
    let is_hex = text.bytes().all(|byte| byte.is_ascii_hexdigit());
    let algorithm = match text.len() {
        32 if is_hex => "md5",
        40 if is_hex => "sha1",
        64 if is_hex => "sha256",
        128 if is_hex => "sha512",
        _ => "unknown",
    };
    Hash { algorithm: algorithm.to_owned(), ..Hash::default() }
}

fn bytes(salt: &str) -> Option<u64> {
    let decoded = STANDARD_NO_PAD.decode(salt).or_else(|_| URL_SAFE_NO_PAD.decode(salt)).ok()?;
    u64::try_from(decoded.len()).ok()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn well_known_forms_say_what_they_cost() {
        let read = |text: &str| Hash::read(text, "right-password");
        let argon = read("$argon2id$v=19$m=19456,t=2,p=1$c29tZXNhbHQxMjM0NTY3OA$aGFzaA");
        assert_eq!((argon.memory_kib, argon.passes, argon.parallelism), (Some(19456), Some(2), Some(1)));
        assert_eq!((argon.algorithm.as_str(), argon.salt_bytes), ("argon2id", Some(16)));
        let bcrypt = read("$2b$12$abcdefghijklmnopqrstuuLVeyTL0Lr3nSBt3TJBdD3ZbGrYbLhKi");
        assert_eq!((bcrypt.algorithm.as_str(), bcrypt.cost), ("bcrypt", Some(12)));
        let scrypt = read("$scrypt$ln=17,r=8,p=1$c2FsdHNhbHQ$aGFzaA");
        assert_eq!((scrypt.memory_kib, scrypt.parallelism), (Some(131_072), Some(1)));
        let django = read("pbkdf2_sha256$600000$saltsalt$aGFzaA=");
        assert_eq!((django.algorithm.as_str(), django.iterations), ("pbkdf2-sha256", Some(600_000)));
        assert_eq!(read("$6$rounds=9000$salt$hash").iterations, Some(9_000));
        assert_eq!(read("5f4dcc3b5aa765d61d8327deb882cf99").algorithm, "md5");
        assert_eq!(read("x:right-password").algorithm, "plain");
        for other in ["", "$", "$$$", "$2b$", "kestrel", "$unknown$a$b"] {
            assert!(matches!(read(other).algorithm.as_str(), "unknown" | "bcrypt"), "{other}");
        }
    }
}
