//! A question in SQL and its rows, as MySQL and its clients say them (COM_QUERY, rows of text),
//! within limits. It does not know what is asked.

use super::wire::{LoginError, Session, refused};
use crate::tools::talk::TalkError;

const QUERY: u8 = 3;
/// An answer of a few settings is small; a larger one is none of ours.
const MOST_COLUMNS: u64 = 16;
const MOST_ROWS: usize = 200;
const LONGEST_ROW: usize = 64 * 1024;

/// One row: its values as text, where they are not NULL.
pub(crate) type Row = Vec<Option<String>>;

/// Why there are no rows.
#[derive(Debug)]
pub(crate) enum QueryError {
    Talk(TalkError),
    /// What the server says.
    Refused {
        code: u16,
        why: String,
    },
    /// No answer of MySQL.
    Strange,
}

impl From<TalkError> for QueryError {
    fn from(error: TalkError) -> QueryError {
        QueryError::Talk(error)
    }
}

impl Session {
    /// Asks, and reads all rows. The question must not change anything.
    pub(crate) async fn rows(&mut self, question: &str) -> Result<Vec<Row>, QueryError> {
        self.begin();
        self.send(&[&[QUERY], question.as_bytes()].concat()).await?;
        let columns = columns(&self.part().await?)?;
        for _ in 0..columns {
            self.part().await?;
        }
        if !is_end(&self.part().await?) {
            return Err(QueryError::Strange);
        }
        let mut rows = Vec::new();
        loop {
            let packet = self.part().await?;
            if is_end(&packet) {
                return Ok(rows);
            }
            if rows.len() >= MOST_ROWS {
                return Err(QueryError::Strange);
            }
            rows.push(values(&packet, columns).ok_or(QueryError::Strange)?);
        }
    }

    /// A part of an answer that is no refusal and not too long.
    async fn part(&mut self) -> Result<Vec<u8>, QueryError> {
        let packet = self.receive().await?;
        match packet.first() {
            Some(0xff) => match refused(&packet) {
                LoginError::Refused { code, why } => Err(QueryError::Refused { code, why }),
                _ => Err(QueryError::Strange),
            },
            Some(_) if packet.len() <= LONGEST_ROW => Ok(packet),
            _ => Err(QueryError::Strange),
        }
    }
}

/// How many columns the answer has. A server that asks for a file of ours instead (0xfb) or has
/// no rows is not understood.
fn columns(packet: &[u8]) -> Result<u64, QueryError> {
    match number(packet) {
        Some((count @ 1..=MOST_COLUMNS, [])) => Ok(count),
        _ => Err(QueryError::Strange),
    }
}

fn is_end(packet: &[u8]) -> bool {
    packet.len() < 9 && packet.first() == Some(&0xfe)
}

fn values(mut packet: &[u8], columns: u64) -> Option<Row> {
    let mut row = Vec::new();
    for _ in 0..columns {
        if let [0xfb, rest @ ..] = packet {
            row.push(None);
            packet = rest;
            continue;
        }
        let (length, rest) = number(packet)?;
        let (value, rest) = rest.split_at_checked(usize::try_from(length).ok()?)?;
        row.push(Some(String::from_utf8_lossy(value).into_owned()));
        packet = rest;
    }
    packet.is_empty().then_some(row)
}

/// A number in as many bytes as it needs, and what follows.
fn number(packet: &[u8]) -> Option<(u64, &[u8])> {
    let (first, rest) = packet.split_first()?;
    let length = match first {
        0..=0xfa => return Some((u64::from(*first), rest)),
        0xfc => 2,
        0xfd => 3,
        0xfe => 8,
        _ => return None,
    };
    let (bytes, rest) = rest.split_at_checked(length)?;
    Some((bytes.iter().rev().fold(0, |sum, byte| sum << 8 | u64::from(*byte)), rest))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn numbers_and_rows_are_read_to_their_last_byte() {
        assert_eq!(number(&[0xfc, 1, 2, 9]), Some((0x0201, &[9][..])));
        assert_eq!(number(&[0xfd, 1, 2, 3]), Some((0x0003_0201, &[][..])));
        assert_eq!(values(b"\x02ab\xfb\x00", 3), Some(vec![Some("ab".into()), None, Some(String::new())]));
        for broken in [&b"\x05ab"[..], b"\x01a\x01bc", b"\xff", b"\xfe\xff\xff\xff\xff\xff\xff\xff\xff", b""]
        {
            assert_eq!(values(broken, 2), None, "{broken:?}");
        }
    }

    #[test]
    fn a_server_that_wants_a_file_or_has_no_rows_is_not_understood() {
        for packet in [&b"\xfb/etc/passwd"[..], b"\x00\x00\x00", b"\x11", b"\x02\x02", b""] {
            assert!(columns(packet).is_err(), "{packet:?}");
        }
        assert_eq!(columns(b"\x02").ok(), Some(2));
    }
}
