//! Who may write, by the document: operations that ask callers who they are, those that strangers
//! must be able to call, by their names, and the rest, which may be open by mistake.

use super::library::Spot;
use super::operations::{Authentication, Operation};

/// Operations that write, without those that strangers must be able to call.
#[derive(Debug, Clone, Copy, Default)]
pub(super) struct Writes {
    /// They ask callers who they are.
    pub(super) guarded: usize,
    /// They do not, and do not say that this is meant.
    pub(super) open: usize,
}

impl Writes {
    pub(super) fn of(root: Spot<'_>, operations: &[Operation<'_>]) -> Writes {
        let mut writes = Writes::default();
        for operation in operations.iter().filter(|one| one.writes() && !is_public(one)) {
            match operation.authentication(root) {
                Authentication::None if operation.spot.get("security").is_some() => {}
                Authentication::None => writes.open = writes.open.saturating_add(1),
                _ => writes.guarded = writes.guarded.saturating_add(1),
            }
        }
        writes
    }

    /// Whether asking is the rule, so that not asking is an exception.
    pub(super) fn are_guarded(self) -> bool {
        self.guarded > 0 && self.guarded >= self.open
    }
}

const WORDS: [&str; 62] = [
    "login",
    "logins",
    "logout",
    "signin",
    "signup",
    "signout",
    "log",
    "sign",
    "register",
    "registration",
    "registrations",
    "token",
    "tokens",
    "oauth",
    "oauth2",
    "oidc",
    "openid",
    "auth",
    "authn",
    "authenticate",
    "authentication",
    "authorize",
    "authorization",
    "session",
    "sessions",
    "sso",
    "saml",
    "saml2",
    "otp",
    "mfa",
    "webhook",
    "webhooks",
    "hook",
    "hooks",
    "callback",
    "callbacks",
    "health",
    "healthz",
    "ping",
    "password",
    "passwords",
    "reset",
    "forgot",
    "recover",
    "recovery",
    "verify",
    "verification",
    "confirm",
    "activate",
    "activation",
    "refresh",
    "contact",
    "subscribe",
    "unsubscribe",
    "newsletter",
    "feedback",
    "public",
    "anonymous",
    "guest",
    "captcha",
    "consent",
    "invitation",
];

/// Whether a word of its path, id or tags says so.
pub(super) fn is_public(operation: &Operation<'_>) -> bool {
    let id = operation.spot.text("operationId").unwrap_or_default();
    let tags = operation.spot.get("tags").into_iter().flat_map(Spot::items).filter_map(|tag| tag.node.text());
    let path = operation.path.split('/').filter(|part| !part.starts_with('{'));
    path.chain([id]).chain(tags).any(|name| words(name).iter().any(|word| WORDS.contains(&word.as_str())))
}

/// `createUser_session` is `create`, `user`, `session`.
fn words(name: &str) -> Vec<String> {
    let mut words = vec![String::new()];
    let mut was_lower = false;
    for character in name.chars() {
        let starts = character.is_uppercase() && was_lower || !character.is_alphanumeric();
        was_lower = character.is_lowercase() || character.is_ascii_digit();
        if starts {
            words.push(String::new());
        }
        if let Some(word) = words.last_mut().filter(|_| character.is_alphanumeric()) {
            word.extend(character.to_lowercase());
        }
    }
    words
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn words_are_told_apart() {
        assert_eq!(words("createUserSession").join(" "), "create user session");
        assert_eq!(words("oauth2/token_v2").join(" "), "oauth2 token v2");
    }
}
