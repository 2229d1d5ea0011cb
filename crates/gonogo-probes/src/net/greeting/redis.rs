//! The greeting of Redis: PING, and AUTH when the address has a password.

use super::{Met, Stage, Trouble, at_login};
use crate::net::endpoint::Endpoint;
use crate::redis::wire::{Reply, Wire};
use crate::tools::talk::Talk;

/// A server that asks for a password speaks Redis too.
pub(in crate::net) async fn greet(talk: Talk, endpoint: &Endpoint, met: &mut Met) -> Result<(), Trouble> {
    let mut wire = Wire::over(talk);
    let first = wire.ask(&["PING"]).await?;
    met.handshake = match &first {
        Reply::Text(text) => text == "PONG",
        Reply::Error(why) => {
            ["NOAUTH", "DENIED", "MASTERDOWN", "LOADING", "MISCONF"].iter().any(|code| why.contains(code))
        }
        _ => false,
    };
    if !met.handshake {
        return Err(Trouble::stranger("Redis", first.brief().as_bytes()));
    }
    if let Some(password) = &endpoint.password {
        let answer = match &endpoint.user {
            Some(user) => wire.ask(&["AUTH", user, password]).await,
            None => wire.ask(&["AUTH", password]).await,
        };
        if let Reply::Error(why) = answer.map_err(at_login)? {
            // A server without a password says so when it is given one.
            met.authenticated = Some(false);
            return Err(Trouble::refused(&why));
        }
        met.authenticated = Some(true);
    } else if let Reply::Error(why) = first {
        return Err(Trouble::at(Stage::Login, format!("it says `{why}`, and the address has no password")));
    }
    if let Reply::Text(info) = wire.ask(&["INFO", "server"]).await.map_err(at_login)? {
        let version = info.lines().find_map(|line| line.strip_prefix("redis_version:"));
        met.server = version.map(|version| format!("Redis {version}"));
    }
    Ok(())
}
