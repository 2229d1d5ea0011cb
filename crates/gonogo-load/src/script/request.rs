//! A request, worked out: bytes where nothing changes, a template where something does.

use super::jar::Jar;
use super::memory::Memory;
use super::template::{Template, Unfilled};
use crate::wire::Keep;

/// A request.
#[derive(Debug)]
pub(crate) struct Request {
    /// The target, by number.
    pub(crate) target: usize,
    /// What is kept of the answer.
    pub(crate) keep: Keep,
    /// Whether it was asked to close the connection afterwards.
    pub(crate) closes: bool,
    /// All of it, when nothing in it changes and the user has no cookies.
    pub(super) fixed: Option<Vec<u8>>,
    /// Method, address and headers.
    pub(super) head: Template,
    /// The value of `Authorization`, when the user has its token by now.
    pub(super) bearer: Option<Template>,
    /// What is sent.
    pub(super) body: Option<Template>,
}

impl Request {
    /// Its bytes for this user; `out` is where they are written when they are not there already.
    pub(crate) fn bytes<'b>(
        &'b self,
        memory: &Memory,
        jar: &Jar,
        out: &'b mut Vec<u8>,
    ) -> Result<&'b [u8], Unfilled> {
        if let Some(fixed) = self.fixed.as_ref().filter(|_| jar.is_empty()) {
            return Ok(fixed);
        }
        out.clear();
        self.head.fill(memory, out)?;
        if let Some(bearer) = &self.bearer {
            let before = out.len();
            out.extend_from_slice(b"Authorization: ");
            match bearer.fill(memory, out) {
                Ok(()) => out.extend_from_slice(b"\r\n"),
                Err(Unfilled) => out.truncate(before),
            }
        }
        jar.write(out);
        self.write_body(memory, out)?;
        Ok(out)
    }

    /// The length stands before the body, whose length is known after it: its digits are put in
    /// between.
    pub(super) fn write_body(&self, memory: &Memory, out: &mut Vec<u8>) -> Result<(), Unfilled> {
        let Some(body) = &self.body else {
            out.extend_from_slice(b"\r\n");
            return Ok(());
        };
        out.extend_from_slice(b"Content-Length: ");
        let digits = out.len();
        out.extend_from_slice(b"\r\n\r\n");
        let start = out.len();
        body.fill(memory, out)?;
        let length = (out.len() - start).to_string();
        out.splice(digits..digits, length.bytes());
        Ok(())
    }
}
