//! The greeting of AMQP 0-9-1: the header, `start`, and the login up to `tune` when the address has
//! a user. No connection is opened for work.

use super::{Met, Stage, Trouble, at_login};
use crate::net::endpoint::Endpoint;
use crate::tools::talk::{Talk, TalkError};

const HEADER: &[u8; 8] = b"AMQP\0\0\x09\x01";
const METHOD: u8 = 1;
const END: u8 = 0xce;
const START: [u8; 4] = [0, 10, 0, 10];
const START_OK: [u8; 4] = [0, 10, 0, 11];
const TUNE: [u8; 4] = [0, 10, 0, 30];
const CLOSE: [u8; 4] = [0, 10, 0, 50];

/// The client speaks first.
pub(in crate::net) async fn greet(mut talk: Talk, endpoint: &Endpoint, met: &mut Met) -> Result<(), Trouble> {
    talk.say(HEADER).await?;
    let start = frame(&mut talk).await?;
    let start = start.map_err(|said| Trouble::stranger("AMQP", &said))?;
    if !start.starts_with(&START) {
        return Err(Trouble::stranger("AMQP", &start));
    }
    met.handshake = true;
    met.server = server(&start);
    let (Some(user), Some(password)) = (&endpoint.user, &endpoint.password) else { return Ok(()) };
    talk.say(&start_ok(user, password)).await.map_err(at_login)?;
    // RabbitMQ closes without a word when it knows no better.
    let answer = match frame(&mut talk).await {
        Err(TalkError::Closed) => {
            met.authenticated = Some(false);
            return Err(Trouble::refused("it closed the connection"));
        }
        answer => answer.map_err(at_login)?,
    };
    let answer = answer.map_err(|said| Trouble::stranger("AMQP", &said))?;
    met.authenticated = Some(answer.starts_with(&TUNE));
    if answer.starts_with(&CLOSE) {
        return Err(Trouble::refused(&super::shown(answer.get(7..).unwrap_or_default())));
    }
    match met.authenticated {
        Some(true) => Ok(()),
        _ => Err(Trouble::at(Stage::Login, "it answers the login with something else; look into its log")),
    }
}

/// The payload of the next frame; what it said instead when that is no frame.
async fn frame(talk: &mut Talk) -> Result<Result<Vec<u8>, Vec<u8>>, TalkError> {
    let head = talk.exactly(7).await?;
    if head[0] != METHOD {
        return Ok(Err(head));
    }
    let length = u32::from_be_bytes([head[3], head[4], head[5], head[6]]);
    let mut payload = talk.exactly(usize::try_from(length).unwrap_or(usize::MAX).saturating_add(1)).await?;
    Ok(match payload.pop() {
        Some(END) => Ok(payload),
        _ => Err(head),
    })
}

fn start_ok(user: &str, password: &str) -> Vec<u8> {
    let response = format!("\0{user}\0{password}");
    let mut payload = [&START_OK[..], &0_u32.to_be_bytes()].concat();
    payload.push(5);
    payload.extend(b"PLAIN");
    payload.extend(u32::try_from(response.len()).unwrap_or(u32::MAX).to_be_bytes());
    payload.extend(response.bytes());
    payload.push(5);
    payload.extend(b"en_US");
    let length = u32::try_from(payload.len()).unwrap_or(u32::MAX).to_be_bytes();
    [&[METHOD, 0, 0][..], &length, &payload, &[END]].concat()
}

/// `product` and `version` out of the table of properties, whose texts are long strings.
fn server(start: &[u8]) -> Option<String> {
    let text = |name: &[u8]| {
        let key = [&[u8::try_from(name.len()).ok()?], name, b"S"].concat();
        let at = start.windows(key.len()).position(|window| window == key)? + key.len();
        let length = start.get(at..at + 4)?.try_into().map(u32::from_be_bytes).ok()?;
        let value = start.get(at + 4..)?.get(..usize::try_from(length).ok()?)?;
        Some(super::shown(value))
    };
    match (text(b"product"), text(b"version")) {
        (Some(product), Some(version)) => Some(format!("{product} {version}")),
        (product, _) => product,
    }
}
