//! One JSON object a line on stderr. Callers pass names, numbers and routes, never a body, a
//! header, a query or an address.

use std::io::Write;

use serde_json::{Value, json};

/// Writes one line; `fields` must be an object.
pub(crate) fn line(level: &str, message: &str, fields: Value) {
    let mut line = json!({ "time": jiff::Timestamp::now().to_string(), "level": level, "message": message });
    if let (Some(line), Value::Object(fields)) = (line.as_object_mut(), fields) {
        line.extend(fields);
    }
    // A closed stderr must not stop the service.
    let _ = writeln!(std::io::stderr().lock(), "{line}");
}
