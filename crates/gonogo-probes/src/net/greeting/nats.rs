//! The greeting of NATS: INFO, CONNECT, PING. It goes over TLS when the server demands that.

use serde_json::{Value, json};

use super::{Met, Stage, Trouble, at_login};
use crate::net::endpoint::Endpoint;
use crate::tools::talk::Talk;
use crate::tools::tls::{Trust, VERSIONS};

const MOST_LINES: usize = 20;

/// The server speaks first.
pub(in crate::net) async fn greet(
    mut talk: Talk,
    endpoint: &Endpoint,
    trust: &Trust,
    met: &mut Met,
) -> Result<(), Trouble> {
    let line = talk.line().await?;
    let info = line.strip_prefix("INFO ").and_then(|text| serde_json::from_str::<Value>(text).ok());
    let info = info.ok_or_else(|| Trouble::stranger("NATS", line.as_bytes()))?;
    met.handshake = true;
    met.server = info["version"].as_str().map(|version| format!("NATS {version}"));
    if info["tls_required"] == true || endpoint.scheme == "tls" {
        let shaken = talk.secure(trust, &endpoint.host, VERSIONS, &[]).await;
        let (secured, shown) = shaken.map_err(|error| Trouble::tls(&error))?;
        met.tls = Some(true);
        if let Some(doubt) = shown.doubt() {
            return Err(Trouble::untrusted(&doubt));
        }
        talk = secured;
    }
    let given = endpoint.user.is_some();
    if info["auth_required"] == true && !given {
        let why = "it asks for credentials, and the address has none";
        return Err(Trouble::at(Stage::Login, why));
    }
    let mut hello =
        json!({ "verbose": false, "pedantic": false, "lang": "gonogo", "version": "1", "protocol": 1 });
    match (&endpoint.user, &endpoint.password) {
        (Some(user), Some(password)) => {
            hello["user"] = user.as_str().into();
            hello["pass"] = password.as_str().into();
        }
        (Some(token), None) => hello["auth_token"] = token.as_str().into(),
        _ => {}
    }
    talk.say(format!("CONNECT {hello}\r\nPING\r\n").as_bytes()).await.map_err(at_login)?;
    for _ in 0..MOST_LINES {
        let line = talk.line().await.map_err(at_login)?;
        if line == "PONG" {
            met.authenticated = given.then_some(true);
            return Ok(());
        }
        if let Some(why) = line.strip_prefix("-ERR ") {
            met.authenticated = given.then_some(false);
            return Err(Trouble::refused(why.trim_matches('\'')));
        }
    }
    Err(Trouble::at(Stage::Login, "it answers PING with other things; look into the log of the service"))
}
