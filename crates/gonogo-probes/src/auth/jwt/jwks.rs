//! The public key that a service gives out, in the form in which a confused service would use it as
//! a shared secret: as PEM. It verifies nothing.

use base64::Engine;
use base64::engine::general_purpose::{STANDARD, URL_SAFE_NO_PAD};
use gonogo_model::fact::Value;
use reqwest::Method;
use reqwest::header::HeaderMap;
use url::Url;

use crate::tools::http::{HttpClient, Question};

/// The object identifier of RSA keys, with its empty parameters.
const RSA: [u8; 15] =
    [0x30, 0x0d, 0x06, 0x09, 0x2a, 0x86, 0x48, 0x86, 0xf7, 0x0d, 0x01, 0x01, 0x01, 0x05, 0x00];

/// The first RSA key as PEM, or why there is none.
pub(super) async fn public_key(client: &HttpClient, url: &Url) -> Result<String, String> {
    let question = Question {
        method: Method::GET,
        url: url.clone(),
        headers: HeaderMap::new(),
        body: None,
        follow: false,
    };
    let answer = client.ask(&question).await.0.map_err(|error| error.to_string())?;
    let keys: Value =
        serde_json::from_slice(&answer.body).map_err(|_| "`jwks_path` gives no JSON".to_owned())?;
    of_keys(&keys).ok_or_else(|| "`jwks_path` gives no RSA key".to_owned())
}

fn of_keys(keys: &Value) -> Option<String> {
    let keys = keys.get("keys")?.as_array()?;
    let key = keys.iter().find(|key| key.get("kty").and_then(Value::as_str) == Some("RSA"))?;
    let number = |name: &str| URL_SAFE_NO_PAD.decode(key.get(name)?.as_str()?).ok();
    Some(pem(&number("n")?, &number("e")?))
}

/// SubjectPublicKeyInfo of RFC 5280.
fn pem(modulus: &[u8], exponent: &[u8]) -> String {
    let key = block(0x30, &[integer(modulus), integer(exponent)].concat());
    let bits = block(0x03, &[vec![0], key].concat());
    let der = block(0x30, &[RSA.to_vec(), bits].concat());
    let text = STANDARD.encode(der);
    let lines: Vec<&str> =
        (0..text.len()).step_by(64).filter_map(|at| text.get(at..text.len().min(at + 64))).collect();
    format!("-----BEGIN PUBLIC KEY-----\n{}\n-----END PUBLIC KEY-----\n", lines.join("\n"))
}

fn integer(bytes: &[u8]) -> Vec<u8> {
    let sign = bytes.first().is_some_and(|first| *first >= 0x80);
    block(0x02, &[if sign { vec![0] } else { Vec::new() }, bytes.to_vec()].concat())
}

fn block(tag: u8, content: &[u8]) -> Vec<u8> {
    let length = content.len().to_be_bytes();
    let significant: Vec<u8> = length.into_iter().skip_while(|byte| *byte == 0).collect();
    let mut made = vec![tag];
    match content.len() {
        0..0x80 => made.push(significant.last().copied().unwrap_or(0)),
        _ => {
            made.push(0x80 | u8::try_from(significant.len()).unwrap_or(0));
            made.extend(significant);
        }
    }
    made.extend(content);
    made
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_key_is_written_as_openssl_writes_it() {
        // openssl rsa -pubin -modulus: 512 bits, exponent 65537.
        let modulus = [0xc5_u8; 64];
        let pem = pem(&modulus, &[1, 0, 1]);
        let text: String = pem.lines().filter(|line| !line.starts_with('-')).collect();
        let der = STANDARD.decode(text).unwrap();
        assert_eq!(der[..4], [0x30, 0x5c, 0x30, 0x0d]);
        assert_eq!(der[17..27], [0x03, 0x4b, 0x00, 0x30, 0x48, 0x02, 0x41, 0x00, 0xc5, 0xc5]);
        assert_eq!(der[der.len() - 5..], [0x02, 0x03, 1, 0, 1]);
    }
}
