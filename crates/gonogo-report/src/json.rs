//! A verdict or another noun as JSON for scripts: all of it, in the order of its fields.

use serde::Serialize;

use crate::RenderError;
use crate::clean::is_dangerous;

/// Pretty JSON with a newline at the end. Reading it gives the same value.
pub(crate) fn pretty(value: &impl Serialize) -> Result<String, RenderError> {
    let mut text = escaped(&serde_json::to_string_pretty(value)?);
    text.push('\n');
    Ok(text)
}

/// Characters that are allowed in JSON but could drive a terminal, as `\u` escapes.
/// They can only stand inside a JSON string, so the value stays the same.
fn escaped(json: &str) -> String {
    let mut text = String::with_capacity(json.len());
    for c in json.chars() {
        if c != '\n' && is_dangerous(c) {
            c.encode_utf16(&mut [0; 2]).iter().for_each(|unit| text.push_str(&format!("\\u{unit:04x}")));
        } else {
            text.push(c);
        }
    }
    text
}
