//! The forms in which a secret's value can stand in a text. It knows encodings, not names.

use std::borrow::Cow;
use std::collections::BTreeSet;

use base64::Engine as _;
use base64::engine::general_purpose::{STANDARD_NO_PAD, URL_SAFE_NO_PAD};

/// Shorter lines of a secret with several lines say nothing: `}`, `-----`.
const LEAST_LINE: usize = 8;
/// Shorter stretches of base64 occur in ordinary text.
const LEAST_BASE64: usize = 8;

/// The name as it may stand in a marker.
pub(super) fn marker_name(name: &str) -> String {
    let allowed = |c: char| c.is_ascii_alphanumeric() || "_-. /".contains(c);
    let name: String = name.chars().take(60).map(|c| if allowed(c) { c } else { '_' }).collect();
    if name.trim().is_empty() { "secret".to_owned() } else { name }
}

/// The name in a text that is a marker and nothing else.
pub(super) fn marker(text: &str) -> Option<&str> {
    let name = text.strip_prefix("[redacted:")?.strip_suffix(']')?;
    (!name.contains(['[', ']', '\n'])).then_some(name)
}

/// What of a secret must go: all of it, without the space around it, each of its lines, and
/// the password of a URL.
pub(super) fn parts(value: &str) -> BTreeSet<Cow<'_, str>> {
    let mut parts: BTreeSet<Cow<'_, str>> = BTreeSet::from([value.into(), value.trim().into()]);
    if value.contains('\n') {
        parts.extend(value.lines().map(str::trim).filter(|line| line.len() >= LEAST_LINE).map(Cow::from));
    }
    if let Some(password) = url_password(value) {
        parts.insert(percent_encoding::percent_decode_str(password).decode_utf8_lossy());
        parts.insert(password.into());
    }
    parts.retain(|part| !part.trim().is_empty());
    parts
}

/// The password of `scheme://user:password@host`, as written.
pub(super) fn url_password(value: &str) -> Option<&str> {
    let (scheme, rest) = value.trim().split_once("://")?;
    let is_scheme = |c: char| c.is_ascii_alphanumeric() || "+.-".contains(c);
    if scheme.is_empty() || !scheme.chars().all(is_scheme) {
        return None;
    }
    // The last `@` before the path, but a password may hold `/` and `?` where nobody encoded it.
    let authority = rest.split(['/', '?', '#']).next().filter(|authority| authority.contains('@'));
    let (user_info, _) = authority.unwrap_or(rest).rsplit_once('@')?;
    let (_, password) = user_info.split_once(':')?;
    (!password.is_empty()).then_some(password)
}

/// Every form of one part.
pub(super) fn of(part: &str) -> BTreeSet<String> {
    let mut forms = BTreeSet::from([part.to_owned()]);
    if part.len() < super::LEAST {
        return forms;
    }
    forms.extend([json(part), json_ascii(part), html(part), part.replace('\'', "''")]);
    forms.extend(percent(part));
    let hex: String = part.bytes().map(|byte| format!("{byte:02x}")).collect();
    forms.insert(hex.to_uppercase());
    forms.insert(hex);
    forms.insert(STANDARD_NO_PAD.encode(part));
    forms.insert(URL_SAFE_NO_PAD.encode(part));
    forms.extend(inside_base64(part));
    forms
}

/// As a JSON string writes it, without the quotes.
fn json(part: &str) -> String {
    let quoted = serde_json::Value::from(part).to_string();
    quoted[1..quoted.len() - 1].to_owned()
}

/// As encoders write it that keep to ASCII and escape the slash.
fn json_ascii(part: &str) -> String {
    let mut text = String::new();
    for c in json(part).chars() {
        match c {
            '/' => text.push_str("\\/"),
            c if c.is_ascii() => text.push(c),
            c => c.encode_utf16(&mut [0; 2]).iter().for_each(|unit| text.push_str(&format!("\\u{unit:04x}"))),
        }
    }
    text
}

fn html(part: &str) -> String {
    let escaped = part.replace('&', "&amp;").replace('<', "&lt;").replace('>', "&gt;");
    escaped.replace('"', "&quot;").replace('\'', "&#39;")
}

/// Percent-encoded as the usual encoders do it: they differ in what they leave alone.
fn percent(part: &str) -> Vec<String> {
    let strict = percent_encoded(part, "-._~");
    let form = percent_encoded(part, "-._* ").replace(' ', "+");
    let component = percent_encoded(part, "-._~!'()*");
    let user_info = percent_encoded(part, "-._~!$&'()*+,%");
    let lower = lower_escapes(&strict);
    vec![strict, form, component, user_info, lower]
}

fn percent_encoded(part: &str, kept: &str) -> String {
    let mut text = String::new();
    for byte in part.bytes() {
        let c = char::from(byte);
        if c.is_ascii_alphanumeric() || (c.is_ascii() && kept.contains(c)) {
            text.push(c);
        } else {
            text.push_str(&format!("%{byte:02X}"));
        }
    }
    text
}

fn lower_escapes(encoded: &str) -> String {
    let mut escapes = encoded.split('%');
    let mut text = escapes.next().unwrap_or_default().to_owned();
    for escape in escapes {
        let (digits, rest) = escape.split_at(escape.len().min(2));
        text.push_str(&format!("%{}{rest}", digits.to_lowercase()));
    }
    text
}

/// The characters of base64 that depend on this part alone when it stands inside a longer
/// value, such as `user:password` of an `Authorization` header, at each of the three offsets.
fn inside_base64(part: &str) -> Vec<String> {
    let mut forms = Vec::new();
    for offset in 0..3 {
        let mut shifted = vec![0; offset];
        shifted.extend_from_slice(part.as_bytes());
        let first = (offset * 8).div_ceil(6);
        let end = shifted.len() * 8 / 6;
        for encoded in [STANDARD_NO_PAD.encode(&shifted), URL_SAFE_NO_PAD.encode(&shifted)] {
            if let Some(core) = encoded.get(first..end).filter(|core| core.len() >= LEAST_BASE64) {
                forms.push(core.to_owned());
            }
        }
    }
    forms
}
