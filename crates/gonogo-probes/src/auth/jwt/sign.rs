//! Signatures of tokens with a shared secret: HMAC (RFC 2104) over SHA-2. It knows no tokens.

use sha2::{Digest, Sha256, Sha384, Sha512};

/// The signature of `text` by the algorithm's name; `None` for one without a shared secret.
pub(super) fn hmac(algorithm: &str, key: &[u8], text: &[u8]) -> Option<Vec<u8>> {
    match algorithm {
        "HS256" => Some(of::<Sha256>(64, key, text)),
        "HS384" => Some(of::<Sha384>(128, key, text)),
        "HS512" => Some(of::<Sha512>(128, key, text)),
        _ => None,
    }
}

fn of<D: Digest>(block: usize, key: &[u8], text: &[u8]) -> Vec<u8> {
    let mut padded = if key.len() > block { D::digest(key).to_vec() } else { key.to_vec() };
    padded.resize(block, 0);
    let with = |byte: u8| -> Vec<u8> { padded.iter().map(|one| one ^ byte).collect() };
    let inner = D::new().chain_update(with(0x36)).chain_update(text).finalize();
    D::new().chain_update(with(0x5c)).chain_update(inner).finalize().to_vec()
}

#[cfg(test)]
mod tests {
    use super::*;

    fn hex(bytes: &[u8]) -> String {
        bytes.iter().map(|byte| format!("{byte:02x}")).collect()
    }

    #[test]
    fn signatures_are_those_of_rfc_4231() {
        let (key, text) = (b"Jefe".as_slice(), b"what do ya want for nothing?".as_slice());
        assert_eq!(
            hex(&hmac("HS256", key, text).unwrap()),
            "5bdcc146bf60754e6a042426089575c75a003f089d2739839dec58b964ec3843"
        );
        let long = [0xaa_u8; 131];
        let text = b"Test Using Larger Than Block-Size Key - Hash Key First";
        assert_eq!(hex(&hmac("HS512", &long, text).unwrap())[..32], *"80b24263c7c1a3ebb71493c1dd7be8b4");
        assert_eq!(hmac("RS256", key, text), None);
    }
}
