//! The parameters of `logs/structured`: as written, and as checked.

use std::collections::BTreeMap;
use std::time::Duration;

use gonogo_model::amount::Wait;
use gonogo_model::flow::Text;
use schemars::JsonSchema;
use serde::{Deserialize, Serialize};

use crate::context::{Context, Target};
use crate::flow::errand::Errand;
use crate::probe::Unmeasured;

/// Checked parameters.
#[derive(Debug, Clone, Deserialize, JsonSchema)]
#[serde(try_from = "Written")]
#[schemars(with = "Written")]
pub(crate) struct Params {
    pub(super) fields: BTreeMap<String, Kind>,
    to: Option<String>,
    pub(super) stimulus: Option<Errand>,
    /// `None`: the marker itself.
    pub(super) marker: Option<Text>,
    pub(super) within: Wait,
    pub(super) canaries: BTreeMap<String, Text>,
    pub(super) secrets: Vec<String>,
}

#[derive(Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
#[schemars(rename = "LogsStructured")]
struct Written {
    /// The fields that each line must have, and what each holds. `a.b` is the field `b` in `a`.
    #[serde(default)]
    fields: BTreeMap<String, Kind>,
    /// The http target that the stimulus is given to.
    to: Option<String>,
    /// Further targets that steps of the stimulus name.
    #[serde(default)]
    #[expect(dead_code, reason = "the context has them; here they are only allowed")]
    others: Vec<String>,
    /// What is done before the log is read, so that it is seen to arrive.
    stimulus: Option<Errand>,
    /// The text that must come to the log then: `{{trace}}` where a step sends that, or a value that a
    /// step captures; `{{marker}}` without it.
    #[schemars(with = "Option<String>")]
    marker: Option<Text>,
    /// How long after the stimulus the marker may take; at most 1m.
    #[serde(default = "five_seconds")]
    within: Wait,
    /// What the stimulus sends or is given and must not be in the log, by a name of your choice, such
    /// as `password: "{{ana.password}}"`.
    #[schemars(with = "BTreeMap<String, String>")]
    #[serde(default)]
    canaries: BTreeMap<String, Text>,
    /// Environment variables whose values must not be in the log.
    #[serde(default)]
    secrets: Vec<String>,
}

/// What a field holds.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
#[serde(rename_all = "lowercase")]
#[schemars(inline)]
pub(crate) enum Kind {
    /// Anything but null.
    Any,
    /// A text that is not empty.
    Text,
    /// A number.
    Number,
    /// true or false.
    Bool,
    /// A moment: RFC 3339, or seconds, milli-, micro- or nanoseconds since 1970.
    Time,
    /// A level that is known, such as `info` or `ERROR`, or a number of 10 to 60.
    Level,
}

fn five_seconds() -> Wait {
    Wait::seconds(5)
}

impl TryFrom<Written> for Params {
    type Error = String;

    fn try_from(written: Written) -> Result<Params, String> {
        if written.stimulus.is_some() != written.to.is_some() {
            return Err(
                "`stimulus` and `to` belong together: what is done, and to which http target".to_owned()
            );
        }
        if written.stimulus.is_none() && !written.canaries.is_empty() {
            return Err(
                "`canaries` are of a `stimulus`; for values of the environment write `secrets`".to_owned()
            );
        }
        if written.within.0.is_zero() || written.within.0 > Duration::from_secs(60) {
            return Err("`within` is a time span over 0 and at most 1m".to_owned());
        }
        let Written { fields, to, stimulus, marker, within, canaries, secrets, .. } = written;
        Ok(Params { fields, to, stimulus, marker, within, canaries, secrets })
    }
}

impl Params {
    /// The target of the stimulus.
    pub(super) fn to<'c>(&self, context: &'c Context) -> Result<&'c Target, Unmeasured> {
        let named = self.to.as_ref().and_then(|name| context.others.get(name));
        named.ok_or_else(|| Unmeasured::because("`to` names no target; name one of kind http"))
    }
}

#[cfg(test)]
mod tests {
    use serde_json::{Value, json};

    use super::*;

    #[test]
    fn what_does_not_fit_together_is_refused_with_the_reason() {
        let read =
            |params: Value| serde_json::from_value::<Params>(params).map_err(|error| error.to_string());
        assert!(read(json!({"fields": {"time": "time"}})).is_ok());
        let steps = json!({"steps": [{"get": "/"}]});
        for (wrong, said) in [
            (json!({"stimulus": steps}), "belong together"),
            (json!({"to": "api"}), "belong together"),
            (json!({"canaries": {"a": "{{a}}"}}), "secrets"),
            (json!({"within": "0s"}), "within"),
            (json!({"fields": {"time": "date"}}), "date"),
            (json!({"marker": "{{"}), "never closed"),
        ] {
            let error = read(wrong.clone()).unwrap_err();
            assert!(error.contains(said), "{wrong}: {error}");
        }
    }
}
