//! A talk with a Redis server as the user of its address: connected, secured and logged in. It does
//! not know what is asked then.

use std::path::PathBuf;
use std::time::Duration;

use super::wire::{Reply, Wire};
use crate::context::Context;
use crate::net::endpoint::Endpoint;
use crate::net::trust;
use crate::probe::Unmeasured;
use crate::tools::talk::{Talk, TalkError};
use crate::tools::tls::VERSIONS;

/// A server that let us in.
pub(crate) struct Session {
    pub(crate) wire: Wire,
    /// Whether it lets in who shows no password; `None` when that could not be seen.
    pub(crate) open_to_all: Option<bool>,
}

impl Session {
    /// Connects to it and logs in.
    ///
    /// # Errors
    /// When it cannot be reached, is not Redis, or does not let the user of the address in.
    pub(crate) async fn open(
        context: &Context,
        endpoint: &Endpoint,
        ca: Option<PathBuf>,
        limit: Duration,
    ) -> Result<Session, Unmeasured> {
        let mut wire = connect(context, endpoint, ca, limit).await?;
        let open_to_all = log_in(&mut wire, endpoint).await?;
        Ok(Session { wire, open_to_all })
    }

    /// Sends a command that the server must not refuse.
    pub(crate) async fn order(&mut self, endpoint: &Endpoint, words: &[&str]) -> Result<Reply, Unmeasured> {
        match self.wire.ask(words).await.map_err(|error| unmeasured(endpoint, &error))? {
            Reply::Error(why) => Err(Unmeasured::because(format!(
                "{} refuses {} ({why}); allow it to the user of the address",
                endpoint.at(),
                words.first().copied().unwrap_or_default()
            ))),
            reply => Ok(reply),
        }
    }
}

async fn connect(
    context: &Context,
    endpoint: &Endpoint,
    ca: Option<PathBuf>,
    limit: Duration,
) -> Result<Wire, Unmeasured> {
    let trust = trust(context, ca)?;
    let talk = Talk::open(&context.reach, &endpoint.host, endpoint.port, limit).await;
    let mut talk = talk.map_err(|error| Unmeasured::because(error.to_string()))?;
    if endpoint.secure {
        let (secured, shown) = talk
            .secure(&trust, &endpoint.host, VERSIONS, &[])
            .await
            .map_err(|error| unmeasured(endpoint, &error))?;
        if let Some(doubt) = shown.doubt() {
            let why =
                format!("{}: {doubt}; name the file of its authority with `ca`, or mend it", endpoint.at());
            return Err(Unmeasured::because(why));
        }
        talk = secured;
    }
    Ok(Wire::over(talk))
}

/// Logs in, and says whether one gets in without.
async fn log_in(wire: &mut Wire, endpoint: &Endpoint) -> Result<Option<bool>, Unmeasured> {
    let at = endpoint.at();
    let first = wire.ask(&["PING"]).await.map_err(|error| unmeasured(endpoint, &error))?;
    let open = match &first {
        Reply::Text(text) if text == "PONG" => Some(true),
        Reply::Error(why) if why.starts_with("NOAUTH") => Some(false),
        Reply::Error(_) => None,
        other => {
            let why = format!(
                "{at} does not answer as Redis does, it says `{}`; check host and port",
                brief(other)
            );
            return Err(Unmeasured::because(why));
        }
    };
    let Some(password) = &endpoint.password else {
        return match open {
            Some(false) => Err(Unmeasured::because(format!(
                "{at} asks for a password, and the address has none; put it into the environment and the address"
            ))),
            _ => Ok(open),
        };
    };
    let words: Vec<&str> = match &endpoint.user {
        Some(user) => vec!["AUTH", user, password],
        None => vec!["AUTH", password],
    };
    match wire.ask(&words).await.map_err(|error| unmeasured(endpoint, &error))? {
        Reply::Error(why) => Err(Unmeasured::because(format!(
            "{at} refuses the user of the address ({why}); correct the credentials in the environment"
        ))),
        _ => Ok(open),
    }
}

fn brief(reply: &Reply) -> String {
    reply.brief().chars().filter(|letter| !letter.is_control()).take(60).collect()
}

/// Why a talk that broke tells nothing.
pub(super) fn unmeasured(endpoint: &Endpoint, error: &TalkError) -> Unmeasured {
    Unmeasured::because(format!(
        "{}: {error}; check that it is Redis, whether it wants TLS (`rediss://`), and its log",
        endpoint.at()
    ))
}
