//! Private keys as text: PEM, OpenSSH, PGP. Only the names of formats and one bit, encrypted or
//! not, come out.

use base64::Engine as _;
use base64::alphabet::STANDARD;
use base64::engine::{DecodePaddingMode, GeneralPurpose, GeneralPurposeConfig};

use super::scan::Spot;
use crate::credential::issuers::Sure;

/// How every key starts.
pub(super) const MARK: &str = "-----BEGIN ";
/// Bytes of a key with its first line.
const LONGEST: usize = 32 << 10;
/// Characters of the shortest: a key for Ed25519.
const SHORTEST: usize = 60;
/// Bytes before a key in which the rest of a service account stands.
const ACCOUNT: usize = 2_048;
const KINDS: [(&str, &str); 7] = [
    ("PRIVATE KEY-----", "private-key"),
    ("RSA PRIVATE KEY-----", "private-key"),
    ("EC PRIVATE KEY-----", "private-key"),
    ("DSA PRIVATE KEY-----", "private-key"),
    ("OPENSSH PRIVATE KEY-----", "private-key"),
    ("ENCRYPTED PRIVATE KEY-----", "encrypted-private-key"),
    ("PGP PRIVATE KEY BLOCK-----", "pgp-private-key"),
];

/// The key that starts at `start`, when there is a whole one: its name alone is only a text.
pub(super) fn read(bytes: &[u8], start: usize) -> Option<Spot> {
    let end = bytes.len().min(start.saturating_add(LONGEST));
    let rest = bytes.get(start..end)?;
    let named = rest.get(MARK.len()..)?;
    let (first, kind) = KINDS.iter().find(|(first, _)| named.starts_with(first.as_bytes()))?;
    let body = named.get(first.len()..)?;
    // To the next dashes only, however many keys are begun and never ended.
    let length = body.windows(5).position(|window| window == b"-----")?;
    if !body.get(length..)?.starts_with(b"-----END ") {
        return None;
    }
    let text = std::str::from_utf8(body.get(..length)?).ok()?;
    let is_encrypted = text.contains("ENCRYPTED");
    let key = decoded(text)?;
    let kind = match *kind {
        "pgp-private-key" => (key.first()? & 0x80 != 0).then_some("pgp-private-key")?,
        "private-key" if is_encrypted || is_locked(&key) => "encrypted-private-key",
        "private-key" if !is_der(&key) && !key.starts_with(b"openssh-key-v1\0") => return None,
        "private-key" if is_of_account(bytes, start) => "gcp-service-account",
        kind => kind,
    };
    // A passphrase may be weak, but it stands between.
    let sure =
        if kind == "encrypted-private-key" || kind == "pgp-private-key" { Sure::Not } else { Sure::Form };
    Some(Spot { kind, sure, range: start..start + MARK.len() + first.len() + length })
}

/// The bytes of the key, however its lines are written: also as `\n` in JSON or quoted code.
fn decoded(text: &str) -> Option<Vec<u8>> {
    let mut base64 = String::new();
    for line in text.replace("\\r", "").replace("\\n", "\n").lines() {
        let line = line.trim_matches(|c: char| c.is_whitespace() || "\"'+,;|#*>\\".contains(c));
        // Headers of old keys and of PGP, and the checksum of PGP.
        if line.contains(": ") || line.starts_with('=') {
            continue;
        }
        base64.push_str(line);
    }
    if base64.len() < SHORTEST {
        return None;
    }
    let config = GeneralPurposeConfig::new()
        .with_decode_padding_mode(DecodePaddingMode::Indifferent)
        .with_decode_allow_trailing_bits(true);
    GeneralPurpose::new(&STANDARD, config).decode(base64).ok()
}

/// A sequence whose length is that of the rest.
fn is_der(key: &[u8]) -> bool {
    let (length, start) = match key {
        [0x30, short @ ..=0x7f, ..] => (usize::from(*short), 2),
        [0x30, 0x81, length, ..] => (usize::from(*length), 3),
        [0x30, 0x82, high, low, ..] => (usize::from(*high) * 256 + usize::from(*low), 4),
        _ => return false,
    };
    let rest = key.len().saturating_sub(start);
    length >= 16 && rest.abs_diff(length) <= 4
}

/// An OpenSSH key with a cipher.
fn is_locked(key: &[u8]) -> bool {
    let Some(rest) = key.strip_prefix(b"openssh-key-v1\0") else { return false };
    !rest.starts_with(b"\0\0\0\x04none")
}

fn is_of_account(bytes: &[u8], start: usize) -> bool {
    let near = bytes.get(start.saturating_sub(ACCOUNT)..start).unwrap_or_default();
    near.windows(17).any(|window| window == b"\"service_account\"")
}

#[cfg(test)]
mod tests {
    use base64::engine::general_purpose::STANDARD;

    use super::*;

    fn kind(text: &str) -> Option<(&'static str, Sure)> {
        read(text.as_bytes(), text.find(MARK)?).map(|spot| (spot.kind, spot.sure))
    }

    fn pem(name: &str, key: &[u8]) -> String {
        let body: Vec<String> = STANDARD
            .encode(key)
            .as_bytes()
            .chunks(64)
            .map(|line| String::from_utf8_lossy(line).into())
            .collect();
        format!("{MARK}{name}-----\n{}\n-----END {name}-----\n", body.join("\n"))
    }

    fn der(length: u8) -> Vec<u8> {
        let bytes = (0..length).map(|at| at.wrapping_mul(37) ^ 0x5a);
        [0x30, 0x81, length].into_iter().chain(bytes).collect()
    }

    #[test]
    fn whole_keys_are_told_from_texts_about_them() {
        let key = pem("RSA PRIVATE KEY", &der(200));
        assert_eq!(kind(&key), Some(("private-key", Sure::Form)));
        assert_eq!(kind(&key.replace('\n', "\\n")), Some(("private-key", Sure::Form)));
        assert_eq!(kind(&key.replace('\n', "\\n\" +\n  \"")), Some(("private-key", Sure::Form)));
        let account =
            format!("{{\"type\": \"service_account\", \"private_key\": \"{}\"}}", key.replace('\n', "\\n"));
        assert_eq!(kind(&account), Some(("gcp-service-account", Sure::Form)));
        let locked = key.replacen('\n', "\nProc-Type: 4,ENCRYPTED\nDEK-Info: AES-128-CBC,0\n\n", 1);
        assert_eq!(kind(&locked), Some(("encrypted-private-key", Sure::Not)));
        assert_eq!(
            kind(&pem("ENCRYPTED PRIVATE KEY", &der(200))),
            Some(("encrypted-private-key", Sure::Not))
        );
        let ssh = |cipher: &[u8]| [b"openssh-key-v1\0\0\0\0".as_slice(), cipher, &der(99)].concat();
        assert_eq!(kind(&pem("OPENSSH PRIVATE KEY", &ssh(b"\x04none"))), Some(("private-key", Sure::Form)));
        let locked = pem("OPENSSH PRIVATE KEY", &ssh(b"\x0aaes256-ctr"));
        assert_eq!(kind(&locked), Some(("encrypted-private-key", Sure::Not)));
        for text in [
            "-----BEGIN PRIVATE KEY-----",
            "if text.contains(\"-----BEGIN PRIVATE KEY-----\") { -----END ",
            "-----BEGIN PRIVATE KEY-----\nMIIEv...\n-----END PRIVATE KEY-----",
            &pem("PRIVATE KEY", &[7; 200]),
            &pem("PUBLIC KEY", &der(200)),
            &pem("CERTIFICATE", &der(200)),
        ] {
            assert_eq!(kind(text), None, "{text}");
        }
    }
}
