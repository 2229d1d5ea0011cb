//! Who asks: nobody, whoever the given headers say, or synthetic users that a flow made. What the
//! flow made is cleaned up at the end, also when the look is cut off. It asks no operation itself.

use std::collections::BTreeMap;
use std::sync::Arc;

use gonogo_model::fact::Value;
use gonogo_model::flow::{Identities, Step};
use reqwest::header::{AUTHORIZATION, HeaderMap, HeaderName, HeaderValue};

use crate::afterwards::Afterwards;
use crate::context::Context;
use crate::flow::ground::Ground;
use crate::flow::request::filled;
use crate::flow::walk::{Stumble, Walk};
use crate::probe::Unmeasured;

/// The people of a look, and what they did before it.
#[derive(Debug, Clone, Default)]
pub(crate) struct Script {
    pub(crate) identities: Identities,
    pub(crate) steps: Vec<Step>,
    pub(crate) cleanup: Vec<Step>,
    /// Sent by whoever is no user of the flow, and beside the token of those who are.
    pub(crate) headers: HeaderMap,
    /// Everybody has the password of the first.
    pub(crate) one_password: bool,
}

impl Script {
    /// Checks what people wrote.
    pub(crate) fn new(
        identities: Identities,
        steps: Vec<Step>,
        cleanup: Vec<Step>,
        headers: &BTreeMap<String, String>,
    ) -> Result<Script, String> {
        identities.check(&steps)?;
        identities.check(&cleanup)?;
        Ok(Script { identities, steps, cleanup, headers: read(headers)?, one_password: false })
    }

    /// Whether there is such a user.
    pub(crate) fn knows(&self, user: &str) -> Result<(), String> {
        match self.identities.users.iter().any(|one| one == user) {
            true => Ok(()),
            false => Err(format!("there is no user `{user}` among the `users` of `identities`")),
        }
    }
}

/// A wrong value is not repeated: it may hold a secret.
fn read(written: &BTreeMap<String, String>) -> Result<HeaderMap, String> {
    let mut headers = HeaderMap::new();
    for (name, value) in written {
        let wrong = |what| format!("the header `{name}` has a {what} that HTTP does not allow");
        let header: HeaderName = name.parse().map_err(|_| wrong("name"))?;
        headers.append(header, HeaderValue::from_str(value).map_err(|_| wrong("value"))?);
    }
    Ok(headers)
}

/// The people, ready to ask.
pub(crate) struct Cast {
    walk: Option<Walk>,
    cleanup: Vec<Step>,
    headers: HeaderMap,
    afterwards: Arc<Afterwards>,
    /// The first of the steps that failed, and why.
    pub(crate) stumbled: Option<String>,
}

/// Values with what the flow knows filled in.
#[derive(Debug, Clone, Default)]
pub(crate) struct Values {
    pub(crate) known: BTreeMap<String, Value>,
    /// Names whose value nothing was captured for, and why.
    pub(crate) missing: BTreeMap<String, String>,
}

impl Cast {
    /// Makes the users and walks their steps. Without either nothing is asked. A step that fails
    /// keeps the others from nothing: what it would have made is missed where it is needed.
    pub(crate) async fn of(context: &Context, script: &Script) -> Result<Cast, Unmeasured> {
        crate::http::get::headers::learn_sent(&context.secrets, &script.headers);
        let walk = Walk::new(Arc::new(Ground::of(context).await?), &script.identities)?;
        if script.one_password {
            share_password(&walk, &script.identities.users, context);
        }
        let mut cast = Cast {
            walk: Some(walk),
            cleanup: script.cleanup.clone(),
            headers: script.headers.clone(),
            afterwards: Arc::clone(&context.afterwards),
            stumbled: None,
        };
        let walk = cast.walk.as_mut().ok_or_else(gone)?;
        walk.sign_up(&script.identities).await.map_err(stumbled)?;
        for step in &script.steps {
            match walk.steps(std::slice::from_ref(step)).await {
                Err(stumble) if stumble.unreachable => return Err(stumbled(stumble)),
                Err(stumble) => {
                    cast.stumbled.get_or_insert(format!("{}: {}", stumble.step, stumble.why));
                }
                Ok(()) => {}
            }
        }
        Ok(cast)
    }

    /// More steps, such as a login with a wrong password.
    pub(crate) async fn walk(&mut self, steps: &[Step]) -> Result<(), Stumble> {
        match &mut self.walk {
            Some(walk) => walk.steps(steps).await,
            None => Ok(()),
        }
    }

    /// The token of a user.
    pub(crate) fn token(&self, user: &str) -> Option<String> {
        self.walk.as_ref()?.bearer(user)
    }

    /// A value that the flow knows.
    pub(crate) fn find(&self, user: Option<&str>, name: &str) -> Option<Value> {
        self.walk.as_ref()?.memory().find(user, name)
    }

    /// What whoever asks shows: the given headers, and the token of a user.
    pub(crate) fn headers(&self, user: Option<&str>) -> HeaderMap {
        let mut headers = self.headers.clone();
        let token = user.and_then(|user| self.token(user));
        if let Some(Ok(value)) = token.map(|token| HeaderValue::from_str(&format!("Bearer {token}"))) {
            headers.insert(AUTHORIZATION, value);
        }
        headers
    }

    /// The given headers without anything that says who asks.
    pub(crate) fn without_credentials(&self) -> HeaderMap {
        let mut headers = self.headers.clone();
        let shown: Vec<HeaderName> = headers
            .keys()
            .filter(|name| crate::http::get::headers::is_credential(name.as_str()))
            .cloned()
            .collect();
        shown.iter().for_each(|name| drop(headers.remove(name)));
        headers
    }

    /// The values as a user says them.
    pub(crate) fn values(&self, user: Option<&str>, written: &BTreeMap<String, Value>) -> Values {
        let mut values = Values::default();
        for (name, value) in written {
            match filled(value, &|name: &str| self.find(user, name)) {
                Ok(value) => drop(values.known.insert(name.clone(), value)),
                Err(unknown) => drop(values.missing.insert(name.clone(), unknown.to_string())),
            }
        }
        values
    }

    /// Cleans up, and says what could not be.
    pub(crate) async fn clean(mut self) -> Option<String> {
        let cleanup = self.cleanup.clone();
        let left = clean(self.walk.as_mut()?, &cleanup).await;
        // Cut off before this line, all of it is tried again afterwards.
        self.walk = None;
        left
    }
}

impl Drop for Cast {
    fn drop(&mut self) {
        let cleanup = std::mem::take(&mut self.cleanup);
        if let Some(mut walk) = self.walk.take().filter(|_| !cleanup.is_empty()) {
            self.afterwards.start(async move { drop(clean(&mut walk, &cleanup).await) });
        }
    }
}

/// A step that fails does not keep the next from being tried; what was never made needs no removing.
async fn clean(walk: &mut Walk, steps: &[Step]) -> Option<String> {
    let mut left = None;
    for step in steps {
        if let Err(stumble) = walk.steps(std::slice::from_ref(step)).await
            && !stumble.why.starts_with("nothing was captured")
        {
            left.get_or_insert(format!("{}: {}", stumble.step, stumble.why));
        }
    }
    left
}

fn share_password(walk: &Walk, users: &[String], context: &Context) {
    let mut memory = walk.memory();
    let Some((first, others)) = users.split_first() else { return };
    let Some(password) = memory.find(Some(first), "password") else { return };
    for user in others {
        memory.keep(Some(user), "password", password.clone(), &context.secrets);
    }
}

fn stumbled(stumble: Stumble) -> Unmeasured {
    match stumble.unreachable {
        true => Unmeasured::because(stumble.why),
        false => Unmeasured::because(format!(
            "the users could not get ready: {}: {}; correct `identities` and `steps`",
            stumble.step, stumble.why
        )),
    }
}

fn gone() -> Unmeasured {
    Unmeasured::because("the walk of the users is over")
}
