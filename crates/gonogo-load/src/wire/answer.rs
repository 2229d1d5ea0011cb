//! An answer of HTTP/1.1, read from bytes as they come. Mostly all of it comes at once, and then
//! nothing is copied but what a step asks for.

use super::chunks::Chunks;
use crate::measure::Failure;

/// A longer head is refused.
const LONGEST_HEAD: usize = 64 * 1024;
const MOST_HEADERS: usize = 64;
/// What is kept of a body at most; the rest is read and counted.
const MOST_KEPT: usize = 1024 * 1024;

/// What of an answer is kept.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq)]
pub(crate) struct Keep {
    /// Its body.
    pub(crate) body: bool,
    /// Its headers.
    pub(crate) headers: bool,
    /// It has no body, whatever its headers say: it answers a HEAD.
    pub(crate) bodiless: bool,
}

/// What came back.
#[derive(Debug, Default)]
pub(crate) struct Answer {
    /// Its status; 0 before it came.
    pub(crate) status: u16,
    /// The body, where it is kept.
    pub(crate) body: Vec<u8>,
    /// The headers where they are kept, and each `Set-Cookie`: names in lower case.
    pub(crate) headers: Vec<(String, String)>,
    /// Bytes that were received for it.
    pub(crate) received: u64,
    /// Whether the connection can be used again.
    pub(crate) reusable: bool,
    /// Whether it says when to come back.
    retry_after: bool,
    state: State,
    /// The start of a head of which the rest has not come.
    partial: Vec<u8>,
}

#[derive(Debug, Default, Clone, Copy, PartialEq, Eq)]
enum State {
    #[default]
    Head,
    Sized(u64),
    Chunked(Chunks),
    UntilClose,
    Done,
}

impl Answer {
    /// Forgets everything, and keeps its memory.
    pub(crate) fn clear(&mut self) {
        self.status = 0;
        self.body.clear();
        self.headers.clear();
        self.received = 0;
        self.reusable = false;
        self.retry_after = false;
        self.state = State::Head;
        self.partial.clear();
    }

    /// Whether somebody who was too busy refused properly: with the status for it, and when to come
    /// back.
    pub(crate) fn sheds(&self) -> bool {
        matches!(self.status, 429 | 503) && self.retry_after
    }

    /// Begins with a head that somebody else has read. Its bytes are counted as HTTP/1.1 would write them.
    pub(super) fn begin<'h>(
        &mut self,
        status: u16,
        headers: impl Iterator<Item = (&'h str, &'h [u8])>,
        keep: Keep,
    ) {
        (self.status, self.reusable) = (status, true);
        for (name, value) in headers {
            self.received += (name.len() + value.len() + 4) as u64;
            self.retry_after |= name == "retry-after" && !value.trim_ascii().is_empty();
            if keep.headers || name == "set-cookie" {
                self.headers.push((name.to_owned(), String::from_utf8_lossy(value).into_owned()));
            }
        }
    }

    /// More of its body.
    pub(super) fn more(&mut self, data: &[u8], keep: Keep) {
        self.received += data.len() as u64;
        if keep.body {
            keep_data(&mut self.body, data);
        }
    }

    /// It is whole.
    pub(super) fn end(&mut self) {
        self.state = State::Done;
    }

    /// Reads on; `true` when the answer is whole.
    pub(super) fn read(&mut self, bytes: &[u8], keep: Keep) -> Result<bool, Failure> {
        self.received += bytes.len() as u64;
        if self.state != State::Head {
            return self.read_body(bytes, keep);
        }
        if self.partial.is_empty() {
            return self.read_head(bytes, keep);
        }
        let mut whole = std::mem::take(&mut self.partial);
        whole.extend_from_slice(bytes);
        self.read_head(&whole, keep)
    }

    /// The connection was closed; whether the answer is whole.
    pub(super) fn closed(&self) -> bool {
        matches!(self.state, State::UntilClose | State::Done)
    }

    fn read_head(&mut self, bytes: &[u8], keep: Keep) -> Result<bool, Failure> {
        let mut rest = bytes;
        loop {
            let mut headers = [httparse::EMPTY_HEADER; MOST_HEADERS];
            let mut head = httparse::Response::new(&mut headers);
            match head.parse(rest) {
                Ok(httparse::Status::Complete(length)) => {
                    self.status = head.code.unwrap_or(0);
                    // 100 and 103 come before the answer itself; 101 is one.
                    if !(100..200).contains(&self.status) || self.status == 101 {
                        self.frame(&head, keep)?;
                        return self.read_body(&rest[length..], keep);
                    }
                    rest = &rest[length..];
                }
                Ok(httparse::Status::Partial) if rest.len() < LONGEST_HEAD => {
                    self.partial.extend_from_slice(rest);
                    return Ok(false);
                }
                _ => return Err(Failure::Protocol),
            }
        }
    }

    /// How the body ends, and whether the connection goes on after it.
    fn frame(&mut self, head: &httparse::Response<'_, '_>, keep: Keep) -> Result<(), Failure> {
        self.reusable = head.version == Some(1);
        let (mut length, mut chunked) = (None, false);
        for header in head.headers.iter() {
            let is = |name: &str| header.name.eq_ignore_ascii_case(name);
            // By length first: most headers are none of these.
            match header.name.len() {
                14 if is("content-length") => length = Some(number(header.value).ok_or(Failure::Protocol)?),
                17 if is("transfer-encoding") => chunked = has_word(header.value, "chunked"),
                10 if is("connection") && has_word(header.value, "close") => self.reusable = false,
                10 if is("connection") && has_word(header.value, "keep-alive") => self.reusable = true,
                10 if is("set-cookie") && !keep.headers => self.keep_header(header),
                11 if is("retry-after") => self.retry_after = !header.value.trim_ascii().is_empty(),
                _ => {}
            }
            if keep.headers {
                self.keep_header(header);
            }
        }
        self.state = match (self.status, chunked, length) {
            (204 | 304 | 101, ..) => State::Done,
            _ if keep.bodiless => State::Done,
            (_, true, _) => State::Chunked(Chunks::start()),
            (_, false, Some(0)) => State::Done,
            (_, false, Some(length)) => State::Sized(length),
            (_, false, None) => State::UntilClose,
        };
        Ok(())
    }

    fn keep_header(&mut self, header: &httparse::Header<'_>) {
        let value = String::from_utf8_lossy(header.value).into_owned();
        self.headers.push((header.name.to_ascii_lowercase(), value));
    }

    fn read_body(&mut self, bytes: &[u8], keep: Keep) -> Result<bool, Failure> {
        let body = &mut self.body;
        let mut kept = |data: &[u8]| {
            if keep.body {
                keep_data(body, data);
            }
        };
        let used = match &mut self.state {
            State::Head | State::Done => 0,
            State::UntilClose => {
                kept(bytes);
                bytes.len()
            }
            State::Sized(left) => {
                let part = usize::try_from(*left).map_or(bytes.len(), |left| left.min(bytes.len()));
                kept(&bytes[..part]);
                *left -= part as u64;
                if *left == 0 {
                    self.state = State::Done;
                }
                part
            }
            State::Chunked(chunks) => {
                let used = chunks.read(bytes, kept).map_err(|_| Failure::Protocol)?;
                if *chunks == Chunks::End {
                    self.state = State::Done;
                }
                used
            }
        };
        // Nothing was asked for that could be answered by what follows.
        if used < bytes.len() {
            self.reusable = false;
        }
        if self.state == State::UntilClose {
            self.reusable = false;
        }
        Ok(self.state == State::Done)
    }
}

fn keep_data(body: &mut Vec<u8>, data: &[u8]) {
    let room = MOST_KEPT - body.len().min(MOST_KEPT);
    body.extend_from_slice(&data[..data.len().min(room)]);
}

fn number(value: &[u8]) -> Option<u64> {
    let text = std::str::from_utf8(value).ok()?.trim();
    text.bytes().all(|byte| byte.is_ascii_digit()).then(|| text.parse().ok())?
}

/// Whether a list such as `keep-alive, Upgrade` has this word.
fn has_word(value: &[u8], word: &str) -> bool {
    value.split(|byte| *byte == b',').any(|part| part.trim_ascii().eq_ignore_ascii_case(word.as_bytes()))
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;

    const ALL: Keep = Keep { body: true, headers: true, bodiless: false };

    fn read(pieces: &[&[u8]], keep: Keep) -> Result<(bool, Answer), Failure> {
        let mut answer = Answer::default();
        let mut whole = false;
        for piece in pieces.iter().filter(|piece| !piece.is_empty()) {
            whole = answer.read(piece, keep)?;
        }
        Ok((whole, answer))
    }

    const ANSWERS: [(&str, u16, &str, bool); 8] = [
        ("HTTP/1.1 200 OK\r\nContent-Length: 5\r\n\r\nhello", 200, "hello", true),
        ("HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\n5\r\nhello\r\n0\r\n\r\n", 200, "hello", true),
        ("HTTP/1.1 100 Continue\r\n\r\nHTTP/1.1 201 Created\r\nContent-Length: 0\r\n\r\n", 201, "", true),
        ("HTTP/1.1 204 No Content\r\n\r\n", 204, "", true),
        ("HTTP/1.1 500 Oh\r\nContent-Length: 2\r\nConnection: close\r\n\r\nno", 500, "no", false),
        ("HTTP/1.0 200 OK\r\nContent-Length: 1\r\n\r\nx", 200, "x", false),
        ("HTTP/1.0 200 OK\r\nContent-Length: 1\r\nConnection: keep-alive\r\n\r\nx", 200, "x", true),
        ("HTTP/1.1 200 OK\r\nContent-Length: 1\r\n\r\nxy", 200, "x", false),
    ];

    proptest! {
        #[test]
        fn cuts_do_not_matter(which in 0..ANSWERS.len(), a in 0_usize..90, b in 0_usize..90) {
            let (text, status, body, reusable) = ANSWERS[which];
            let (a, b) = (a.min(b).min(text.len()), b.max(a).min(text.len()));
            let text = text.as_bytes();
            let (whole, answer) = read(&[&text[..a], &text[a..b], &text[b..]], ALL).unwrap();
            prop_assert_eq!((whole, answer.status, answer.body.as_slice()), (true, status, body.as_bytes()));
            // Bytes that follow are seen when they come with the end.
            prop_assert!(answer.reusable == reusable || b >= text.len() - 1);
            prop_assert_eq!(answer.received, text.len() as u64);
        }
    }

    #[test]
    fn a_body_without_length_ends_with_the_connection() {
        let (whole, answer) = read(&[b"HTTP/1.1 200 OK\r\n\r\nhel", b"lo"], ALL).unwrap();
        assert!(!whole && answer.closed() && !answer.reusable && answer.body == b"hello");
        let (_, cut) = read(&[b"HTTP/1.1 200 OK\r\nContent-Length: 9\r\n\r\nhel"], ALL).unwrap();
        assert!(!cut.closed());
    }

    #[test]
    fn only_what_is_asked_for_is_kept_and_cookies_always() {
        let text = b"HTTP/1.1 200 OK\r\nSet-Cookie: a=b; Path=/\r\nX: y\r\nContent-Length: 2\r\n\r\nhi";
        let (_, answer) = read(&[text], Keep::default()).unwrap();
        assert!(answer.body.is_empty());
        assert_eq!(answer.headers, [("set-cookie".to_owned(), "a=b; Path=/".to_owned())]);
        assert_eq!(read(&[text], ALL).unwrap().1.headers.len(), 3);
        let head = Keep { bodiless: true, ..ALL };
        assert!(read(&[b"HTTP/1.1 200 OK\r\nContent-Length: 900\r\n\r\n"], head).unwrap().0);
    }

    #[test]
    fn what_is_no_http_is_refused() {
        for bad in [
            "SSH-2.0-x\r\n",
            "HTTP/1.1 200 OK\r\nContent-Length: -1\r\n\r\n",
            "HTTP/1.1 200 OK\r\nContent-Length: 1x\r\n\r\n",
        ] {
            assert_eq!(read(&[bad.as_bytes()], ALL).err(), Some(Failure::Protocol), "{bad}");
        }
        let long = vec![b'a'; 70_000];
        assert_eq!(read(&[b"HTTP/1.1 200 OK\r\nX: ", &long, &long], ALL).err(), Some(Failure::Protocol));
    }
}
