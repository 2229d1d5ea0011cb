//! From a connection to the first word of TLS: some protocols ask for it in the clear before. It
//! does not know what the handshake is for.

use std::time::Duration;

use gonogo_model::catalog::TargetKind;

use crate::context::Context;
use crate::net::endpoint::Endpoint;
use crate::probe::Unmeasured;
use crate::tools::talk::{Talk, TalkError};

const POSTGRES_REQUEST: [u8; 8] = [0, 0, 0, 8, 4, 210, 22, 47];
const MOST_LINES: usize = 100;

/// The kinds that may speak TLS over a stream. Postgres and mail are asked first in the clear.
pub(super) const KINDS: &[TargetKind] = &[
    TargetKind::Http,
    TargetKind::Postgres,
    TargetKind::Redis,
    TargetKind::Amqp,
    TargetKind::S3,
    TargetKind::Smtp,
    TargetKind::Turn,
    TargetKind::Tcp,
];

/// A connection on which the next word may be TLS.
pub(super) enum Door {
    Open(Talk),
    /// It offers no TLS, and says so.
    Without(String),
}

/// The only target.
pub(super) fn endpoint(context: &Context) -> Result<Endpoint, Unmeasured> {
    let target = context.target.as_ref();
    let target = target.ok_or_else(|| Unmeasured::because("no target is given; name one with `target:`"))?;
    Endpoint::of(target, &context.secrets)
}

/// Connects and asks for TLS as the protocol wants it asked for.
pub(super) async fn knock(
    context: &Context,
    endpoint: &Endpoint,
    limit: Duration,
) -> Result<Door, Unmeasured> {
    let talk = Talk::open(&context.reach, &endpoint.host, endpoint.port, limit).await;
    let talk = talk.map_err(|error| Unmeasured::because(error.to_string()))?;
    let asked = match endpoint.kind {
        TargetKind::Postgres => postgres(talk).await,
        TargetKind::Smtp if !endpoint.secure => mail(talk).await,
        _ => Ok(Door::Open(talk)),
    };
    asked.map_err(|error| unmeasured(endpoint, &error))
}

/// Why a talk told nothing.
pub(super) fn unmeasured(endpoint: &Endpoint, error: &TalkError) -> Unmeasured {
    let at = endpoint.at();
    Unmeasured::because(format!(
        "{at}: {error}; check host and port of the target, and the log of the service"
    ))
}

async fn postgres(mut talk: Talk) -> Result<Door, TalkError> {
    talk.say(&POSTGRES_REQUEST).await?;
    Ok(match talk.exactly(1).await?.as_slice() {
        b"S" => Door::Open(talk),
        b"N" => Door::Without("Postgres has TLS turned off (`ssl = off`)".to_owned()),
        _ => return Err(TalkError::Broken("it does not answer as Postgres does".to_owned())),
    })
}

async fn mail(mut talk: Talk) -> Result<Door, TalkError> {
    last_line(&mut talk).await?;
    talk.say(b"EHLO gonogo.invalid\r\n").await?;
    last_line(&mut talk).await?;
    talk.say(b"STARTTLS\r\n").await?;
    let line = last_line(&mut talk).await?;
    Ok(match line.starts_with("220") {
        true => Door::Open(talk),
        false => Door::Without(format!("the mail server refuses STARTTLS ({line})")),
    })
}

/// The last line of an answer of a mail server.
pub(super) async fn last_line(talk: &mut Talk) -> Result<String, TalkError> {
    for _ in 0..MOST_LINES {
        let line = talk.line().await?;
        if line.get(3..4) != Some("-") {
            return Ok(line);
        }
    }
    Err(TalkError::TooLong)
}
