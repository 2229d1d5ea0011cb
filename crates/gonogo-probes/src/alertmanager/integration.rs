//! What each kind of integration needs to tell anybody, and which of its settings are addresses or
//! secrets. It knows no files.

/// A kind of integration, and groups of settings of which each needs one.
struct Needs {
    kind: &'static str,
    /// Own settings, settings under `global`.
    groups: &'static [(&'static [&'static str], &'static [&'static str])],
}

const NEEDS: &[Needs] = &[
    Needs {
        kind: "email",
        groups: &[(&["to"], &[]), (&["smarthost"], &["smtp_smarthost"]), (&["from"], &["smtp_from"])],
    },
    Needs {
        kind: "slack",
        groups: &[(
            &["api_url", "api_url_file", "app_token", "app_token_file"],
            &["slack_api_url", "slack_api_url_file", "slack_app_token", "slack_app_token_file"],
        )],
    },
    Needs {
        kind: "pagerduty",
        groups: &[(&["routing_key", "routing_key_file", "service_key", "service_key_file"], &[])],
    },
    Needs {
        kind: "opsgenie",
        groups: &[(&["api_key", "api_key_file"], &["opsgenie_api_key", "opsgenie_api_key_file"])],
    },
    Needs { kind: "webhook", groups: &[(&["url", "url_file"], &[])] },
    Needs {
        kind: "victorops",
        groups: &[
            (&["routing_key"], &[]),
            (&["api_key", "api_key_file"], &["victorops_api_key", "victorops_api_key_file"]),
        ],
    },
    Needs {
        kind: "pushover",
        groups: &[(&["user_key", "user_key_file"], &[]), (&["token", "token_file"], &[])],
    },
    Needs {
        kind: "telegram",
        groups: &[
            (&["bot_token", "bot_token_file"], &["telegram_bot_token", "telegram_bot_token_file"]),
            (&["chat_id", "chat_id_file"], &[]),
        ],
    },
    Needs { kind: "discord", groups: &[(&["webhook_url", "webhook_url_file"], &[])] },
    Needs { kind: "msteams", groups: &[(&["webhook_url", "webhook_url_file"], &[])] },
    Needs { kind: "msteamsv2", groups: &[(&["webhook_url", "webhook_url_file"], &[])] },
    Needs { kind: "sns", groups: &[(&["target_arn", "topic_arn", "phone_number"], &[])] },
    Needs { kind: "webex", groups: &[(&["room_id"], &[])] },
];

/// Groups of which one setting is needed: own ones, ones under `global`.
pub(super) fn needs(kind: &str) -> impl Iterator<Item = (&'static [&'static str], &'static [&'static str])> {
    let found = NEEDS.iter().filter(move |needs| needs.kind == kind);
    found.flat_map(|needs| needs.groups.iter().copied())
}

/// Kinds of integration that rest on a setting under `global`, with the own settings that replace it.
pub(super) fn users(global: &str) -> Vec<(&'static str, &'static [&'static str])> {
    const MAIL: [&str; 4] =
        ["smtp_auth_username", "smtp_auth_password", "smtp_auth_secret", "smtp_auth_identity"];
    if MAIL.contains(&global) {
        return vec![("email", &[])];
    }
    let of = |needs: &Needs| {
        let group = needs.groups.iter().find(|(_, globals)| globals.contains(&global))?;
        Some((needs.kind, group.0))
    };
    NEEDS.iter().filter_map(of).collect()
}

/// What a setting is, by the last part of its name.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Nature {
    Address,
    Secret,
    /// An address that whoever knows it can send messages to.
    SecretAddress,
    /// Who is meant at a service: no address and no secret.
    Name,
    Other,
}

/// What the setting `key` of an integration of `kind` is; `global` is a kind too.
pub(super) fn nature(kind: &str, key: &str) -> Nature {
    let last = key.rsplit('.').next().unwrap_or(key);
    match (kind, last) {
        ("slack", "api_url")
        | ("global", "slack_api_url")
        | ("discord" | "msteams" | "msteamsv2", "webhook_url") => Nature::SecretAddress,
        ("email", "to" | "from" | "smarthost")
        | ("webhook", "url")
        | ("global", "smtp_smarthost" | "smtp_from") => Nature::Address,
        ("victorops", "routing_key") | ("telegram", "chat_id") | ("pushover", "user_key") => Nature::Name,
        (
            _,
            "auth_password" | "auth_secret" | "api_key" | "routing_key" | "service_key" | "bot_token"
            | "token" | "app_token" | "api_secret" | "password" | "credentials" | "bearer_token"
            | "client_secret" | "secret_key" | "smtp_auth_password" | "smtp_auth_secret" | "opsgenie_api_key"
            | "victorops_api_key" | "wechat_api_secret" | "telegram_bot_token" | "slack_app_token",
        ) => Nature::Secret,
        _ => Nature::Other,
    }
}

/// Keys that people write into an integration and that Alertmanager refuses, with what to write.
const REFUSED: [(&str, &str, &str); 7] = [
    ("email", "subject", "headers: { Subject: ... }"),
    ("email", "body", "`text` or `html`"),
    ("email", "message", "`text` or `html`"),
    ("email", "password", "auth_password_file"),
    ("email", "username", "auth_username"),
    ("slack", "webhook_url", "api_url"),
    ("discord", "url", "webhook_url"),
];

/// What to write instead of a key that Alertmanager refuses.
pub(super) fn refused(kind: &str, key: &str) -> Option<&'static str> {
    REFUSED.iter().find(|(known, name, _)| *known == kind && *name == key).map(|(_, _, instead)| *instead)
}
