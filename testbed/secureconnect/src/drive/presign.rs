//! Presigned addresses: whoever has one may do one thing with one object until its end.

use base64::Engine;
use base64::engine::general_purpose::URL_SAFE_NO_PAD;
use hmac::{Hmac, KeyInit, Mac};
use serde::Deserialize;
use sha2::Sha256;

use crate::answer::{Answer, BROKEN, Refusal, refuse};
use crate::fault::Behaviour;
use crate::node::{Node, now_s};

const NOT_SIGNED: Refusal =
    refuse(axum::http::StatusCode::FORBIDDEN, "the address is not signed for this, or it is too old");

/// What may be done.
#[derive(Debug, Clone, Copy)]
pub(super) enum Right {
    Get,
    Put,
}

/// The end and the signature in an address.
#[derive(Debug, Deserialize)]
pub(super) struct Signed {
    expires: i64,
    signature: String,
}

/// The path of an object that may be used in this way from now on, and its end in seconds.
pub(super) fn address(node: &Node, right: Right, key: &str) -> Answer<(String, i64)> {
    let end = now_s().saturating_add_unsigned(node.config.times.presigned.as_secs());
    let signature = URL_SAFE_NO_PAD.encode(mac(node, right, key, end)?.finalize().into_bytes());
    Ok((format!("/objects/{key}?expires={end}&signature={signature}"), end))
}

/// Refuses an address that is not signed for this, or too old.
pub(super) fn check(node: &Node, right: Right, key: &str, signed: &Signed) -> Answer<()> {
    let signature = URL_SAFE_NO_PAD.decode(&signed.signature).map_err(|_| NOT_SIGNED)?;
    mac(node, right, key, signed.expires)?.verify_slice(&signature).map_err(|_| NOT_SIGNED)?;
    match signed.expires < now_s() && !node.has(Behaviour::PresignedNeverExpires) {
        true => Err(NOT_SIGNED),
        false => Ok(()),
    }
}

fn mac(node: &Node, right: Right, key: &str, end: i64) -> Answer<Hmac<Sha256>> {
    let mut mac =
        Hmac::<Sha256>::new_from_slice(node.config.objects_secret.as_bytes()).map_err(|_| BROKEN)?;
    // The fault signs the right and the end only.
    let key = if node.has(Behaviour::PresignedForAnyObject) { "" } else { key };
    mac.update(format!("{right:?}\n{key}\n{end}").as_bytes());
    Ok(mac)
}
