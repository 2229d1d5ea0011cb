//! Random bytes of the operating system, as text. It does not know what they are for.

use std::io;

use base64::Engine;
use base64::engine::general_purpose::URL_SAFE_NO_PAD;

/// `N` random bytes as base64 that may stand in an address.
pub(crate) fn text<const N: usize>() -> io::Result<String> {
    Ok(URL_SAFE_NO_PAD.encode(bytes::<N>()?))
}

/// A new id: 16 random bytes as hexadecimal digits.
pub(crate) fn id() -> io::Result<String> {
    Ok(bytes::<16>()?.iter().map(|byte| format!("{byte:02x}")).collect())
}

/// A number below `limit`, for waiting a different time than the others do; 0 without randomness.
pub(crate) fn below(limit: u64) -> u64 {
    let bytes = bytes::<8>().unwrap_or_default();
    u64::from_le_bytes(bytes).checked_rem(limit).unwrap_or(0)
}

fn bytes<const N: usize>() -> io::Result<[u8; N]> {
    let mut bytes = [0_u8; N];
    getrandom::fill(&mut bytes).map_err(|error| io::Error::other(error.to_string()))?;
    Ok(bytes)
}
