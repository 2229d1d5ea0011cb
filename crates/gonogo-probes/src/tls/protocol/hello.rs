//! The first words of TLS 1.0 and 1.1, which our own TLS cannot speak any more, and what the
//! answer means. It never goes on after that.

/// A version that is out of use.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Old {
    Tls10,
    Tls11,
}

impl Old {
    pub(super) fn name(self) -> &'static str {
        match self {
            Old::Tls10 => "TLSv1.0",
            Old::Tls11 => "TLSv1.1",
        }
    }

    fn code(self) -> [u8; 2] {
        match self {
            Old::Tls10 => [3, 1],
            Old::Tls11 => [3, 2],
        }
    }
}

/// Suites of that time: ECDHE and RSA with AES and SHA-1, and 3DES.
const SUITES: [[u8; 2]; 10] = [
    [0xc0, 0x0a],
    [0xc0, 0x09],
    [0xc0, 0x14],
    [0xc0, 0x13],
    [0x00, 0x39],
    [0x00, 0x33],
    [0x00, 0x35],
    [0x00, 0x2f],
    [0xc0, 0x12],
    [0x00, 0x0a],
];
const HANDSHAKE: u8 = 22;
const SERVER_HELLO: u8 = 2;
const ALERT: u8 = 21;

/// A ClientHello that offers this version at most; `None` without randomness.
pub(super) fn of(version: Old, host: &str) -> Option<Vec<u8>> {
    let mut random = [0_u8; 32];
    getrandom::fill(&mut random).ok()?;
    let mut body = [&version.code()[..], &random, &[0]].concat();
    body.extend(sized(SUITES.concat())?);
    body.extend([1, 0]);
    // The curves P-256 and P-384, points uncompressed.
    let mut extensions = vec![0, 10, 0, 6, 0, 4, 0, 23, 0, 24, 0, 11, 0, 2, 1, 0];
    if host.parse::<std::net::IpAddr>().is_err() && !host.starts_with('[') {
        let name = sized([&[0][..], &sized(host.as_bytes().to_vec())?].concat())?;
        extensions.extend([&[0, 0][..], &sized(name)?].concat());
    }
    body.extend(sized(extensions)?);
    let length = u32::try_from(body.len()).ok()?.to_be_bytes();
    let message = [&[1, length[1], length[2], length[3]][..], &body].concat();
    Some([&[HANDSHAKE, 3, 1][..], &sized(message)?].concat())
}

/// Two bytes of length, then the bytes.
fn sized(bytes: Vec<u8>) -> Option<Vec<u8>> {
    Some([&u16::try_from(bytes.len()).ok()?.to_be_bytes()[..], &bytes].concat())
}

/// Whether the start of an answer agrees; `None` when it is not TLS.
pub(super) fn agreed(version: Old, answer: &[u8]) -> Option<bool> {
    match answer {
        [HANDSHAKE, 3, _, _, _, SERVER_HELLO, _, _, _, chosen @ ..] => {
            Some(chosen.starts_with(&version.code()))
        }
        [ALERT, 3, ..] => Some(false),
        _ => None,
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn only_the_version_that_was_offered_is_agreement() {
        let server_hello = [22, 3, 1, 0, 90, 2, 0, 0, 86, 3, 1];
        assert_eq!(agreed(Old::Tls10, &server_hello), Some(true));
        assert_eq!(agreed(Old::Tls11, &server_hello), Some(false));
        assert_eq!(agreed(Old::Tls11, &[21, 3, 1, 0, 2, 2, 70]), Some(false));
        assert_eq!(agreed(Old::Tls10, b"HTTP/1.1 400"), None);
    }

    #[test]
    fn lengths_in_the_hello_fit() {
        let hello = of(Old::Tls11, "shop.example").unwrap();
        assert_eq!(usize::from(u16::from_be_bytes([hello[3], hello[4]])), hello.len() - 5);
        assert_eq!(usize::from(u16::from_be_bytes([hello[7], hello[8]])), hello.len() - 9);
    }
}
