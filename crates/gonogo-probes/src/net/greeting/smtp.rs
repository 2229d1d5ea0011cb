//! The greeting of mail servers: EHLO, STARTTLS where it is offered, AUTH PLAIN when the address
//! has a password. No mail is sent.

use base64::Engine as _;
use base64::engine::general_purpose::STANDARD;

use super::{Met, Stage, Trouble, at_login};
use crate::net::endpoint::Endpoint;
use crate::tools::talk::{Talk, TalkError};
use crate::tools::tls::{Trust, VERSIONS};

const MOST_LINES: usize = 100;

/// The server speaks first.
pub(in crate::net) async fn greet(
    mut talk: Talk,
    endpoint: &Endpoint,
    trust: &Trust,
    met: &mut Met,
) -> Result<(), Trouble> {
    let (code, greeting) = answer(&mut talk).await?;
    if code != 220 {
        return Err(Trouble::stranger("a mail server", greeting.join(" ").as_bytes()));
    }
    let mut offers = hello(&mut talk).await?;
    met.handshake = true;
    met.server = greeting.first().cloned();
    if offers.iter().any(|offer| offer == "STARTTLS") && !endpoint.secure {
        talk.say(b"STARTTLS\r\n").await?;
        let (code, said) = answer(&mut talk).await?;
        if code != 220 {
            let why = format!("it offers STARTTLS and refuses it ({})", said.join(" "));
            return Err(Trouble::at(Stage::Tls, why));
        }
        let shaken = talk.secure(trust, &endpoint.host, VERSIONS, &[]).await;
        let (secured, shown) = shaken.map_err(|error| Trouble::tls(&error))?;
        met.tls = Some(true);
        if let Some(doubt) = shown.doubt() {
            return Err(Trouble::untrusted(&doubt));
        }
        talk = secured;
        offers = hello(&mut talk).await?;
    }
    log_in(&mut talk, endpoint, &offers, met).await?;
    // Whoever does not answer the goodbye is left all the same.
    let _ = talk.say(b"QUIT\r\n").await;
    Ok(())
}

async fn log_in(
    talk: &mut Talk,
    endpoint: &Endpoint,
    offers: &[String],
    met: &mut Met,
) -> Result<(), Trouble> {
    let (Some(user), Some(password)) = (&endpoint.user, &endpoint.password) else { return Ok(()) };
    if !offers.iter().any(|offer| offer.starts_with("AUTH") && offer.contains("PLAIN")) {
        let why = "it offers no AUTH PLAIN here, so nobody can log in; turn it on, or remove the user from the address";
        return Err(Trouble::at(Stage::Login, why));
    }
    let said = STANDARD.encode(format!("\0{user}\0{password}"));
    talk.say(format!("AUTH PLAIN {said}\r\n").as_bytes()).await.map_err(at_login)?;
    let (code, said) = answer(talk).await.map_err(at_login)?;
    met.authenticated = Some(code == 235);
    match code {
        235 => Ok(()),
        _ => Err(Trouble::refused(&format!("{code} {}", said.join(" ")))),
    }
}

async fn hello(talk: &mut Talk) -> Result<Vec<String>, Trouble> {
    talk.say(b"EHLO gonogo.invalid\r\n").await?;
    let (code, offers) = answer(talk).await?;
    match code {
        250 => Ok(offers.into_iter().map(|offer| offer.to_uppercase()).collect()),
        _ => Err(Trouble::stranger("a mail server", offers.join(" ").as_bytes())),
    }
}

/// The code and the lines of one answer; 0 when it is none.
async fn answer(talk: &mut Talk) -> Result<(u16, Vec<String>), TalkError> {
    let mut lines = Vec::new();
    for _ in 0..MOST_LINES {
        let line = talk.line().await?;
        let code = line.get(..3).and_then(|code| code.parse().ok());
        let (Some(code), last) = (code, line.get(3..4) != Some("-")) else { return Ok((0, vec![line])) };
        lines.push(line.get(4..).unwrap_or_default().to_owned());
        if last {
            return Ok((code, lines));
        }
    }
    Err(TalkError::TooLong)
}
