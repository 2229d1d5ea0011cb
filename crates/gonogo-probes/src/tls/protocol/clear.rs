//! Talks to the port of a target in the clear, to see whether it lets that happen. It says nothing
//! that is secret and asks for nothing that changes anything.

use std::time::Duration;

use gonogo_model::catalog::TargetKind;

use super::super::knock::last_line;
use crate::context::Context;
use crate::net::endpoint::Endpoint;
use crate::probe::Unmeasured;
use crate::tools::talk::{Talk, TalkError};

/// What came of it.
#[derive(Debug, Default)]
pub(super) struct Clear {
    pub(super) refused: Option<bool>,
    pub(super) said: Option<String>,
}

/// Asks as the protocol of the target asks.
pub(super) async fn ask(
    context: &Context,
    endpoint: &Endpoint,
    limit: Duration,
) -> Result<Clear, Unmeasured> {
    let talk = Talk::open(&context.reach, &endpoint.host, endpoint.port, limit).await;
    let talk = talk.map_err(|error| Unmeasured::because(error.to_string()))?;
    let said = match endpoint.kind {
        TargetKind::Http | TargetKind::S3 => web(talk, endpoint).await,
        TargetKind::Postgres => postgres(talk).await,
        TargetKind::Redis => redis(talk).await,
        TargetKind::Smtp if !endpoint.secure => mail(talk).await,
        _ => return Ok(Clear::default()),
    };
    Ok(match said {
        Ok((refused, said)) => {
            Clear { refused: Some(refused), said: Some(said).filter(|said| !said.is_empty()) }
        }
        Err(TalkError::Closed) => Clear { refused: Some(true), said: None },
        Err(_) => Clear::default(),
    })
}

/// Many servers answer 400 in the clear, and some send people to https: neither serves anything.
async fn web(mut talk: Talk, endpoint: &Endpoint) -> Result<(bool, String), TalkError> {
    let request =
        format!("HEAD / HTTP/1.1\r\nHost: {}:{}\r\nConnection: close\r\n\r\n", endpoint.host, endpoint.port);
    talk.say(request.as_bytes()).await?;
    let first = talk.line().await;
    let first = first?;
    let status: Option<u16> = first.strip_prefix("HTTP/1.").and_then(|rest| rest.get(2..5)?.parse().ok());
    let Some(status) = status else { return Ok((true, printable(&first))) };
    let mut secure = false;
    while let Ok(line) = talk.line().await {
        if line.is_empty() {
            break;
        }
        secure |= line.to_lowercase().starts_with("location: https://");
    }
    let refused = matches!(status, 400 | 426) || (matches!(status, 301 | 302 | 307 | 308) && secure);
    Ok((refused, printable(&first)))
}

/// The start of a login without TLS: an error is a refusal, anything else asks who we are.
async fn postgres(mut talk: Talk) -> Result<(bool, String), TalkError> {
    let names = b"user\0gonogo\0database\0gonogo\0\0";
    let length = u32::try_from(names.len() + 8).unwrap_or(u32::MAX).to_be_bytes();
    talk.say(&[&length[..], &[0, 3, 0, 0], names].concat()).await?;
    let head = talk.exactly(5).await?;
    let rest =
        usize::try_from(u32::from_be_bytes([head[1], head[2], head[3], head[4]])).unwrap_or(usize::MAX);
    let words = talk.exactly(rest.saturating_sub(4)).await?;
    Ok(match head[0] {
        b'E' => (true, message(&words)),
        _ => (false, "it asks for a password, without TLS".to_owned()),
    })
}

/// The field `M` of an error of Postgres.
fn message(fields: &[u8]) -> String {
    let message = fields.split(|byte| *byte == 0).find_map(|field| field.strip_prefix(b"M"));
    printable(&String::from_utf8_lossy(message.unwrap_or_default()))
}

async fn redis(mut talk: Talk) -> Result<(bool, String), TalkError> {
    talk.say(b"*1\r\n$4\r\nPING\r\n").await?;
    let line = talk.line().await?;
    Ok((!(line.starts_with('+') || line.starts_with('-')), printable(&line)))
}

/// A server that wants TLS lets nobody send before it.
async fn mail(mut talk: Talk) -> Result<(bool, String), TalkError> {
    last_line(&mut talk).await?;
    talk.say(b"EHLO gonogo.invalid\r\n").await?;
    last_line(&mut talk).await?;
    talk.say(b"MAIL FROM:<>\r\n").await?;
    let line = last_line(&mut talk).await?;
    let _ = talk.say(b"RSET\r\nQUIT\r\n").await;
    Ok((!line.starts_with("250"), printable(&line)))
}

fn printable(text: &str) -> String {
    text.chars().take(200).map(|letter| if letter.is_control() { '.' } else { letter }).collect()
}
