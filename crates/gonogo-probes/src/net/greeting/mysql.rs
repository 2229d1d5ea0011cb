//! The greeting of MySQL and MariaDB: what it says of itself, and a login when the address has a
//! user.

use super::{Met, Stage, Trouble, at_login};
use crate::mysql::wire::{self, LoginError};
use crate::net::endpoint::Endpoint;
use crate::tools::talk::Talk;
use crate::tools::tls::Trust;

/// The server speaks first.
pub(in crate::net) async fn greet(
    mut talk: Talk,
    endpoint: &Endpoint,
    trust: &Trust,
    met: &mut Met,
) -> Result<(), Trouble> {
    let greeting = wire::greeting(&mut talk).await?;
    let greeting = greeting.map_err(|said| Trouble::stranger("MySQL", said.as_bytes()))?;
    met.handshake = true;
    met.server = Some(greeting.server());
    if endpoint.user.is_none() {
        return Ok(());
    }
    match wire::log_in(talk, &greeting, endpoint, trust).await {
        Ok(session) => {
            (met.authenticated, met.tls) = (Some(true), Some(session.tls));
            session.close().await;
            Ok(())
        }
        Err(LoginError::Talk(error)) => Err(at_login(error)),
        Err(LoginError::Tls(why)) => Err(Trouble::at(Stage::Tls, why)),
        Err(LoginError::Refused { code, why }) => {
            // 1044, 1045, 1698: user or password; anything else says nothing of them.
            let credentials = matches!(code, 1044 | 1045 | 1698);
            met.authenticated = credentials.then_some(false);
            // MariaDB that demands TLS says no more than that access is denied.
            let hint = if greeting.offers_tls() && endpoint.ssl_mode.is_none() {
                "; if it demands TLS, add `?ssl-mode=required` to the address"
            } else {
                ""
            };
            Err(match credentials {
                true => Trouble::refused(&format!("{why}{hint}")),
                false => Trouble::at(Stage::Login, format!("it says: {why} ({code}){hint}")),
            })
        }
        Err(LoginError::Method(why)) => Err(Trouble::at(Stage::Login, why)),
    }
}
