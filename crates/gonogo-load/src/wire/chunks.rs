//! A body in chunks, as bytes come in. It keeps nothing but where it is.

/// Digits of a chunk's size; more is no size.
const MOST_DIGITS: u8 = 15;
/// Bytes of extensions and trailers that are read over.
const MOST_BESIDE: u32 = 64 * 1024;

/// Where in a chunked body the next byte is.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Chunks {
    /// In the size of a chunk, of which so many digits were read.
    Size { size: u64, digits: u8 },
    /// After the size, before the end of the line.
    Extension { size: u64, read: u32 },
    /// In the data of a chunk, of which so much is left.
    Data { left: u64 },
    /// After the data of a chunk: a line end.
    AfterData { carriage: bool },
    /// In the trailers: how much of a line, and of all of them, was read.
    Trailer { line: u32, read: u32 },
    /// After the end.
    End,
}

/// What is no chunked body.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) struct NoChunks;

impl Chunks {
    /// Before the first byte.
    pub(super) fn start() -> Chunks {
        Chunks::Size { size: 0, digits: 0 }
    }

    /// Reads on until the bytes or the body are at an end; gives what was read. `data` is called with
    /// each piece of the body.
    pub(super) fn read(&mut self, bytes: &[u8], mut data: impl FnMut(&[u8])) -> Result<usize, NoChunks> {
        let mut at = 0;
        while let Some(byte) = bytes.get(at).copied().filter(|_| *self != Chunks::End) {
            if let Chunks::Data { left } = self {
                let here = bytes.len() - at;
                let part = usize::try_from(*left).map_or(here, |left| left.min(here));
                data(&bytes[at..at + part]);
                *left -= part as u64;
                at += part;
                if *left == 0 {
                    *self = Chunks::AfterData { carriage: false };
                }
                continue;
            }
            *self = self.after(byte)?;
            at += 1;
        }
        Ok(at)
    }

    fn after(self, byte: u8) -> Result<Chunks, NoChunks> {
        Ok(match (self, byte) {
            (Chunks::Size { size, digits: 1.. }, b'\n') => Chunks::data(size),
            (Chunks::Size { size, digits: 1.. }, b'\r' | b';' | b' ' | b'\t') => {
                Chunks::Extension { size, read: 0 }
            }
            (Chunks::Size { size, digits: digits @ 0..MOST_DIGITS }, _) => {
                let digit = char::from(byte).to_digit(16).ok_or(NoChunks)?;
                Chunks::Size { size: size * 16 + u64::from(digit), digits: digits + 1 }
            }
            (Chunks::Extension { size, .. }, b'\n') => Chunks::data(size),
            (Chunks::Extension { size, read: read @ 0..MOST_BESIDE }, _) => {
                Chunks::Extension { size, read: read + 1 }
            }
            (Chunks::AfterData { carriage: false }, b'\r') => Chunks::AfterData { carriage: true },
            (Chunks::AfterData { .. }, b'\n') => Chunks::start(),
            (Chunks::Trailer { line: 0, .. }, b'\n') => Chunks::End,
            (Chunks::Trailer { read, .. }, b'\n') => Chunks::Trailer { line: 0, read },
            (trailer @ Chunks::Trailer { .. }, b'\r') => trailer,
            (Chunks::Trailer { line, read: read @ 0..MOST_BESIDE }, _) => {
                Chunks::Trailer { line: line + 1, read: read + 1 }
            }
            _ => return Err(NoChunks),
        })
    }

    fn data(size: u64) -> Chunks {
        match size {
            0 => Chunks::Trailer { line: 0, read: 0 },
            left => Chunks::Data { left },
        }
    }
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;

    fn read(pieces: &[&[u8]]) -> Result<(Vec<u8>, usize, Chunks), NoChunks> {
        let (mut body, mut used, mut chunks) = (Vec::new(), 0, Chunks::start());
        for piece in pieces {
            used += chunks.read(piece, |data| body.extend_from_slice(data))?;
        }
        Ok((body, used, chunks))
    }

    proptest! {
        #[test]
        fn cuts_do_not_matter(at in 0_usize..52) {
            let text = b"5;a=b\r\nhello\r\n006\r\n world\r\n0\r\nTrailer: x\r\n\r\nHTTP/1.1 ";
            let at = at.min(text.len());
            let (body, used, chunks) = read(&[&text[..at], &text[at..]]).unwrap();
            prop_assert_eq!((body.as_slice(), chunks), (&b"hello world"[..], Chunks::End));
            prop_assert!(used <= text.len() - 9 || at > text.len() - 9);
        }
    }

    #[test]
    fn what_is_no_chunk_is_refused() {
        for bad in [&b"x\r\n"[..], b"\r\n", b"1\r\naX", b"fffffffffffffffff\r\n", b"-1\r\n"] {
            assert_eq!(read(&[bad]).err(), Some(NoChunks), "{}", String::from_utf8_lossy(bad));
        }
    }
}
