//! The parameters of `auth/jwt`: as written, and as checked.

use std::collections::BTreeMap;

use gonogo_model::flow::{Identities, Step};
use schemars::JsonSchema;
use serde::Deserialize;

use crate::api::cast::Script;

/// Checked parameters.
#[derive(Debug, Clone, Deserialize, JsonSchema)]
#[serde(try_from = "Written")]
pub(crate) struct Params {
    #[schemars(skip)]
    pub(super) script: Script,
    pub(super) user: String,
    pub(super) opens: String,
    pub(super) key_env: Option<String>,
    pub(super) jwks_path: Option<String>,
    #[schemars(skip)]
    pub(super) login: Vec<Step>,
    #[schemars(skip)]
    pub(super) logout: Vec<Step>,
    #[schemars(skip)]
    pub(super) refresh: Option<Step>,
}

#[derive(Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
#[schemars(rename = "AuthJwt")]
struct Written {
    /// Further targets that steps name: services with `at`, sinks with `sink`.
    #[serde(default)]
    #[expect(dead_code, reason = "the context has them; here they are only allowed")]
    others: Vec<String>,
    /// Headers of every request, beside the token.
    #[serde(default)]
    headers: BTreeMap<String, String>,
    /// The synthetic people; `bearer` says which of what they captured is the token.
    identities: Identities,
    /// What is done at the end, whatever happened.
    #[serde(default)]
    cleanup: Vec<Step>,
    /// Whose token it is; the first of `users` when nothing is said.
    #[serde(rename = "as")]
    user: Option<String>,
    /// A path that only a good token opens, asked with GET.
    opens: String,
    /// The environment variable with the secret that signs the tokens (HS256, HS384, HS512). Without
    /// it tokens that are genuine but wrong cannot be made, and those variants are not tried.
    key_env: Option<String>,
    /// The path at which the service gives out its public keys, such as `/.well-known/jwks.json`.
    jwks_path: Option<String>,
    /// Steps that log the user in again, for a fresh session; they capture the token anew.
    #[serde(default)]
    login: Vec<Step>,
    /// Steps that log the user out.
    #[serde(default)]
    logout: Vec<Step>,
    /// The step that uses the refresh token. It captures nothing, so that the same token is used again.
    refresh: Option<Step>,
}

impl TryFrom<Written> for Params {
    type Error = String;

    fn try_from(written: Written) -> Result<Params, String> {
        let first = written.identities.users.first().cloned();
        let user = written.user.or(first).ok_or("`identities` has no `users`; name one, such as `ana`")?;
        let acting = |steps: Vec<Step>| -> Vec<Step> {
            let of_user = |step: Step| Step { user: step.user.or_else(|| Some(user.clone())), ..step };
            steps.into_iter().map(of_user).collect()
        };
        let (login, logout) = (acting(written.login), acting(written.logout));
        let refresh = acting(written.refresh.into_iter().collect()).pop();
        for steps in [&login, &logout, &refresh.clone().into_iter().collect()] {
            written.identities.check(steps)?;
        }
        for path in std::iter::once(&written.opens).chain(&written.jwks_path) {
            if !path.starts_with('/') {
                return Err(format!("the path `{path}` does not start with a slash; write `/{path}`"));
            }
        }
        let script = Script::new(written.identities, Vec::new(), written.cleanup, &written.headers)?;
        script.knows(&user)?;
        if script.identities.bearer.is_none() {
            return Err(
                "`identities` has no `bearer`; write which capture is the token, such as \"{{token}}\""
                    .to_owned(),
            );
        }
        Ok(Params {
            script,
            user,
            opens: written.opens,
            key_env: written.key_env,
            jwks_path: written.jwks_path,
            login,
            logout,
            refresh,
        })
    }
}
