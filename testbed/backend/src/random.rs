//! Random bytes of the operating system, as text. It does not know what they are for.

use std::io;

use base64::Engine;
use base64::engine::general_purpose::STANDARD;

/// `N` random bytes as base64, as `openssl rand -base64 N` prints them.
pub(crate) fn base64<const N: usize>() -> io::Result<String> {
    Ok(STANDARD.encode(bytes::<N>()?))
}

/// A new id: 16 random bytes as hexadecimal digits.
pub(crate) fn id() -> io::Result<String> {
    Ok(bytes::<16>()?.iter().map(|byte| format!("{byte:02x}")).collect())
}

fn bytes<const N: usize>() -> io::Result<[u8; N]> {
    let mut bytes = [0_u8; N];
    getrandom::fill(&mut bytes).map_err(|error| io::Error::other(error.to_string()))?;
    Ok(bytes)
}
