//! The greeting of STUN and TURN (RFC 8489, RFC 8656): a binding request, over UDP or a stream.

use std::time::Duration;

use super::{Met, Stage, Trouble};
use crate::context::Reach;
use crate::net::endpoint::Endpoint;
use crate::tools::datagram;
use crate::tools::talk::Talk;

const BINDING: [u8; 2] = [0x00, 0x01];
const BOUND: [u8; 2] = [0x01, 0x01];
const COOKIE: [u8; 4] = [0x21, 0x12, 0xa4, 0x42];
const SOFTWARE: u16 = 0x8022;

/// Over UDP there is no connection: silence may be anything.
pub(in crate::net) async fn ask(reach: &Reach, endpoint: &Endpoint, limit: Duration) -> Result<Met, Trouble> {
    let question = question()?;
    let answer = datagram::ask(reach, &endpoint.host, endpoint.port, &question, limit).await;
    let answer = answer.map_err(|error| Trouble::at(Stage::Connect, error.to_string()))?;
    let Some(answer) = answer else {
        let why = format!(
            "{} does not answer over UDP within {limit:?}; start the service, or look at the firewall",
            endpoint.at()
        );
        return Err(Trouble::at(Stage::Connect, why));
    };
    let mut met = Met::default();
    understood(&question, &answer, &mut met)?;
    Ok(met)
}

/// The same over TCP or TLS.
pub(in crate::net) async fn over(mut talk: Talk, _: &Endpoint, met: &mut Met) -> Result<(), Trouble> {
    let question = question()?;
    talk.say(&question).await?;
    let mut answer = talk.exactly(20).await?;
    if answer[4..8] != COOKIE {
        return Err(Trouble::stranger("STUN", &answer));
    }
    let rest = usize::from(u16::from_be_bytes([answer[2], answer[3]]));
    answer.extend(talk.exactly(rest).await?);
    understood(&question, &answer, met)
}

fn question() -> Result<Vec<u8>, Trouble> {
    let mut id = [0_u8; 12];
    getrandom::fill(&mut id).map_err(|error| Trouble::at(Stage::Handshake, error.to_string()))?;
    Ok([&BINDING[..], &[0, 0], &COOKIE, &id].concat())
}

fn understood(question: &[u8], answer: &[u8], met: &mut Met) -> Result<(), Trouble> {
    if answer.len() < 20 || answer[4..20] != question[4..20] {
        return Err(Trouble::stranger("STUN", answer));
    }
    met.server = software(&answer[20..]);
    met.handshake = answer[..2] == BOUND;
    match met.handshake {
        true => Ok(()),
        false => Err(Trouble::at(Stage::Handshake, "it refuses a binding request; allow STUN at the server")),
    }
}

fn software(mut attributes: &[u8]) -> Option<String> {
    while let [a, b, c, d, rest @ ..] = attributes {
        let (kind, length) = (u16::from_be_bytes([*a, *b]), usize::from(u16::from_be_bytes([*c, *d])));
        let value = rest.get(..length)?;
        if kind == SOFTWARE {
            return Some(super::shown(value));
        }
        attributes = rest.get(length.next_multiple_of(4)..)?;
    }
    None
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn attributes_that_lie_about_their_length_are_left() {
        assert_eq!(software(&[0x80, 0x22, 0, 3, b'a', b'b', b'c', 0]).as_deref(), Some("abc"));
        assert_eq!(software(&[0x80, 0x22, 0xff, 0xff, b'a']), None);
        assert_eq!(software(&[0, 1, 0, 1, 0]), None);
    }
}
