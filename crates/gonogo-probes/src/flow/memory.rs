//! What a walk knows: the people it made, and what was captured. It knows no network.

use std::collections::BTreeMap;

use gonogo_model::fact::Value;
use serde_json::{Map, json};

use crate::redact::{Redactor, says_secret};

/// What each user knows, and what nobody in particular does.
#[derive(Debug, Clone, Default)]
pub(crate) struct Memory {
    shared: Map<String, Value>,
    of_users: BTreeMap<String, Map<String, Value>>,
}

impl Memory {
    /// Makes up a user that nobody else can be: `mark` is different at every look.
    pub(super) fn invent(
        &mut self,
        user: &str,
        mark: &str,
        secrets: &Redactor,
    ) -> Result<(), getrandom::Error> {
        let password = format!("Go-{}-9z", random_text(12)?);
        secrets.learn(&format!("password of {user}"), &password);
        let known = json!({
            "name": format!("{user} {mark}"),
            "email": format!("{user}.{mark}@gonogo.test"),
            "password": password,
            "unique": format!("{user}{mark}"),
        });
        if let Value::Object(known) = known {
            self.of_users.insert(user.to_owned(), known);
        }
        Ok(())
    }

    /// Keeps a value, for a user or for all.
    pub(crate) fn keep(&mut self, user: Option<&str>, name: &str, value: Value, secrets: &Redactor) {
        if let Some(text) = value.as_str().filter(|_| says_secret(name)) {
            secrets.learn(name, text);
        }
        let known = match user {
            Some(user) => self.of_users.entry(user.to_owned()).or_default(),
            None => &mut self.shared,
        };
        known.insert(name.to_owned(), value);
    }

    /// The value of a name as a user says it: its own, then everybody's; `ana.id` is ana's.
    pub(crate) fn find(&self, user: Option<&str>, name: &str) -> Option<Value> {
        if let Some((of, name)) = name.split_once('.') {
            return self.of_users.get(of)?.get(name).cloned();
        }
        let own = user.and_then(|user| self.of_users.get(user)?.get(name));
        own.or_else(|| self.shared.get(name)).cloned()
    }

    /// All of it as `vars` in an assertion.
    pub(super) fn vars(&self, user: Option<&str>) -> Value {
        let mut vars = self.shared.clone();
        vars.extend(
            user.and_then(|user| self.of_users.get(user))
                .into_iter()
                .flatten()
                .map(|(k, v)| (k.clone(), v.clone())),
        );
        vars.extend(self.of_users.iter().map(|(user, known)| (user.clone(), Value::Object(known.clone()))));
        Value::Object(vars)
    }
}

/// Text of this many random bytes, in hex.
pub(crate) fn random_text(bytes: usize) -> Result<String, getrandom::Error> {
    let mut random = vec![0_u8; bytes];
    getrandom::fill(&mut random)?;
    Ok(random.iter().map(|byte| format!("{byte:02x}")).collect())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_user_finds_its_own_first_and_those_of_others_by_name() {
        let (mut memory, secrets) = (Memory::default(), Redactor::default());
        memory.invent("ana", "1", &secrets).unwrap();
        memory.keep(None, "id", json!(1), &secrets);
        memory.keep(Some("ana"), "id", json!(2), &secrets);
        assert_eq!(memory.find(Some("ana"), "id"), Some(json!(2)));
        assert_eq!(
            (memory.find(None, "id"), memory.find(Some("ben"), "ana.id")),
            (Some(json!(1)), Some(json!(2)))
        );
        assert_eq!(memory.vars(Some("ana"))["id"], 2);
        assert_eq!(memory.vars(None)["ana"]["email"], "ana.1@gonogo.test");
    }

    #[test]
    fn passwords_and_tokens_are_not_seen_again() {
        let (mut memory, secrets) = (Memory::default(), Redactor::default());
        memory.invent("ana", "1", &secrets).unwrap();
        memory.keep(Some("ana"), "token", json!("kestrel-meadow"), &secrets);
        let password = memory.find(Some("ana"), "password").unwrap();
        let said = format!("{} kestrel-meadow", password.as_str().unwrap());
        let shown = secrets.redact(&said);
        assert!(!shown.contains("kestrel") && !shown.contains("Go-"), "{shown}");
    }
}
