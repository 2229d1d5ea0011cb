//! Flows: what people do with a system, step by step, as a spec writes it. A flow is only read and
//! checked here; who walks it, once or ten thousand times, is for others to say.

mod raw;
mod step;
mod text;
mod written;

use schemars::JsonSchema;
use serde::{Deserialize, Serialize};

pub use raw::RawStep;
pub use step::{Action, Body, Capture, Method, Reply, Step, arrival};
pub use text::{Piece, Text, Unknown};

/// The synthetic people of a flow: who there is, and how each becomes a user of the system.
#[derive(Debug, Clone, Default, Deserialize, Serialize, JsonSchema)]
#[serde(deny_unknown_fields)]
#[schemars(inline)]
pub struct Identities {
    /// Their names in the flow. Each has `{{name}}`, `{{email}}` and `{{password}}` of its own, made
    /// anew at every look; others write `{{ana.email}}`.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub users: Vec<String>,
    /// What each of them does first: register, confirm, log in. What is captured here is its own.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub sign_up: Vec<Step>,
    /// The token that a user's requests carry as `Authorization: Bearer`, such as "{{token}}".
    #[schemars(with = "Option<String>")]
    #[serde(skip_serializing_if = "Option::is_none")]
    pub bearer: Option<Text>,
}

impl Identities {
    /// What is wrong with the names that `steps` use, beside what each step says of itself.
    ///
    /// # Errors
    /// A sentence that names the step and the user.
    pub fn check(&self, steps: &[Step]) -> Result<(), String> {
        for (at, name) in self.users.iter().enumerate() {
            if !text::is_name(name) {
                return Err(format!("`{name}` is no name of a user; write a word such as `ana`"));
            }
            if self.users[..at].contains(name) {
                return Err(format!("there are two users `{name}`"));
            }
        }
        let unknown = |step: &&Step| step.user.as_ref().is_some_and(|user| !self.users.contains(user));
        if let Some(step) = self.sign_up.iter().find(|step| step.user.is_some()) {
            let why = "in `sign_up` every user acts for itself; remove `as`";
            return Err(format!("`{}`: {why}", step.name));
        }
        match steps.iter().find(unknown) {
            Some(step) => {
                let user = step.user.as_deref().unwrap_or_default();
                let known = self.users.join(", ");
                Err(format!("`{}`: there is no user `{user}` among `users` ({known})", step.name))
            }
            None => Ok(()),
        }
    }
}

#[cfg(test)]
mod tests {
    use serde_json::{Value, json};

    use super::*;

    fn step(written: Value) -> Result<Step, String> {
        serde_json::from_value(written).map_err(|error| error.to_string())
    }

    #[test]
    fn a_step_says_what_it_does_and_what_must_come_of_it() {
        let step = step(json!({
            "as": "ana", "post": "/messages", "body": {"text": "hi {{unique}}"},
            "expect": "status == 201 && body.id != ''", "capture": {"id": "/id"}
        }))
        .unwrap();
        assert_eq!((step.name.as_str(), step.user.as_deref()), ("POST /messages", Some("ana")));
        assert!(matches!(step.action, Action::Request { method: Method::Post, .. }));
        assert_eq!(step.capture.len(), 1);
    }

    #[test]
    fn what_cannot_be_walked_is_refused_with_the_reason() {
        for (wrong, said) in [
            (json!({}), "does nothing"),
            (json!({"get": "/a", "post": "/b"}), "one step does one thing"),
            (json!({"get": "a"}), "slash"),
            (json!({"get": "/a", "expect": "stat == 200"}), "`stat`"),
            (json!({"get": "/a", "expect": "status =="}), "cannot be read"),
            (json!({"get": "/a", "capture": {"id": "id"}}), "JSON pointer"),
            (json!({"get": "/a", "capture": {"a b": "/id"}}), "a b"),
            (json!({"get": "/a", "body": {}, "text": "x"}), "one body"),
            (json!({"receive": "event.a == 1"}), "socket"),
            (json!({"socket": "s", "receive": "status == 1"}), "`status`"),
            (json!({"arrives": "true"}), "sink"),
            (json!({"get": "/{{a"}), "never closed"),
            (json!({"get": "/{{a b}}"}), "a b"),
            (json!({"wait": "2m"}), "wait"),
            (json!({"get": "/a", "eventually": "10m"}), "eventually"),
            (json!({"get": "/a", "times": 0}), "times"),
            (json!({"get": "/a", "sleep": "1s"}), "sleep"),
            (json!({"send": {}, "socket": "s", "expect": "true"}), "expect"),
        ] {
            let error = step(wrong.clone()).unwrap_err();
            assert!(error.contains(said), "{wrong}: {error}");
        }
    }

    #[test]
    fn users_are_known() {
        let people = Identities { users: vec!["ana".to_owned()], ..Identities::default() };
        let walk = |user: &str| step(json!({"as": user, "get": "/"})).unwrap();
        assert!(people.check(&[walk("ana")]).is_ok());
        assert!(people.check(&[walk("ben")]).unwrap_err().contains("`ben`"));
        let twice = Identities { users: vec!["a".into(), "a".into()], ..Identities::default() };
        assert!(twice.check(&[]).unwrap_err().contains("two users"));
        let named = Identities { sign_up: vec![walk("ana")], ..people };
        assert!(named.check(&[]).unwrap_err().contains("remove `as`"));
    }
}
