//! A step as people write it: one key says what is done, the others how and what must come of it.
//! A step that was read can be written so again, for whoever walks it elsewhere.

use std::collections::BTreeMap;

use schemars::JsonSchema;
use serde::{Deserialize, Serialize};
use serde_json::Value;

use crate::amount::Wait;

/// One step of a flow, as written.
#[derive(Debug, Clone, Default, PartialEq, Deserialize, Serialize, JsonSchema)]
#[serde(deny_unknown_fields, default)]
#[schemars(inline)]
pub struct RawStep {
    /// What is done, in words; without it the method and path.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub name: Option<String>,
    /// The user who acts.
    #[serde(rename = "as", skip_serializing_if = "Option::is_none")]
    pub user: Option<String>,
    /// Ask for this path.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub get: Option<String>,
    /// Ask for the headers of this path.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub head: Option<String>,
    /// Send to this path.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub post: Option<String>,
    /// Store at this path.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub put: Option<String>,
    /// Change at this path.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub patch: Option<String>,
    /// Remove at this path.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub delete: Option<String>,
    /// The target, among those that the check names, instead of its `target`.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub at: Option<String>,
    /// Headers to send.
    #[serde(skip_serializing_if = "BTreeMap::is_empty")]
    pub headers: BTreeMap<String, String>,
    /// A JSON body to send.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub body: Option<Value>,
    /// A body that is no JSON.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub text: Option<String>,
    /// A body of form fields.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub form: Option<BTreeMap<String, String>>,
    /// Open a WebSocket at this path.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub open: Option<String>,
    /// Send this over the WebSocket, as JSON.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub send: Option<Value>,
    /// Wait for an `event` on the WebSocket for which this CEL holds.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub receive: Option<String>,
    /// No `event` for which this CEL holds may come on the WebSocket until `within` is over.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub silent: Option<String>,
    /// Close this WebSocket.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub close: Option<String>,
    /// The name of the WebSocket.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub socket: Option<String>,
    /// Wait for something at the sink for which this CEL over `to`, `headers`, `body` and `text` holds.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub arrives: Option<String>,
    /// Nothing for which this CEL holds may come to the sink until `within` is over.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub quiet: Option<String>,
    /// From now on the sink answers so.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub answer: Option<RawAnswer>,
    /// The sink, among the targets that the check names.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub sink: Option<String>,
    /// Do nothing for this long.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub wait: Option<Wait>,
    /// Go on at once; a later step with `await` and this name has the answer.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub in_background: Option<String>,
    /// Wait for the answer of an earlier step.
    #[serde(rename = "await", skip_serializing_if = "Option::is_none")]
    pub awaited: Option<String>,
    /// What must hold, in CEL over `status`, `headers`, `body`, `text`, `ms` and `vars`. Without it a
    /// request must be answered with a status under 400.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub expect: Option<String>,
    /// What to keep: a name for each JSON pointer, `{ header: … }` or `{ pattern: … }` (first group).
    #[serde(skip_serializing_if = "BTreeMap::is_empty")]
    pub capture: BTreeMap<String, RawCapture>,
    /// How long it may take (default 10s; 2s for what must not come).
    #[serde(skip_serializing_if = "Option::is_none")]
    pub within: Option<Wait>,
    /// How often this is done, one after the other, 1 to 1,000; each time what is expected must hold.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub times: Option<u32>,
    /// Ask again until `expect` holds, but not for longer than this.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub eventually: Option<Wait>,
}

/// How a sink answers.
#[derive(Debug, Clone, PartialEq, Deserialize, Serialize, JsonSchema)]
#[serde(deny_unknown_fields)]
#[schemars(inline)]
pub struct RawAnswer {
    /// The status.
    #[serde(default = "ok")]
    pub status: u16,
    /// The JSON body.
    #[serde(default)]
    pub body: Value,
    /// How long it waits before.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub after: Option<Wait>,
}

fn ok() -> u16 {
    200
}

/// What is kept of an answer.
#[derive(Debug, Clone, PartialEq, Deserialize, Serialize, JsonSchema)]
#[serde(untagged)]
#[schemars(inline)]
pub enum RawCapture {
    /// A JSON pointer into the body.
    Pointer(String),
    /// A header.
    Header {
        /// Its name.
        header: String,
    },
    /// The first group of a regular expression over the text.
    Pattern {
        /// The expression.
        pattern: String,
    },
}
