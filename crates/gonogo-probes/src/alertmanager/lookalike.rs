//! Addresses and keys that nobody filled in: `ops@example.com`, `.../YOUR/SLACK/WEBHOOK`. Values go
//! in; no value comes out.

use crate::credential::lookalike::is_placeholder;
use crate::credential::variable::{is_blank, is_default};

/// Hosts that are reserved for documentation, or that only templates name.
const HOSTS: [&str; 7] = [
    "example.com",
    "example.org",
    "example.net",
    "company.com",
    "mycompany.com",
    "domain.com",
    "mydomain.com",
];
/// Last parts of names that are reserved.
const ENDS: [&str; 3] = ["example", "invalid", "test"];

/// Whether somebody fills the value in before Alertmanager reads it.
pub(super) fn is_filled_in(value: &str) -> bool {
    ["${", "{{", "{%", "$(", "<%"].iter().any(|mark| value.contains(mark))
        || value.strip_prefix('$').is_some_and(|rest| {
            rest.len() > 2 && rest.chars().all(|c| c.is_ascii_uppercase() || c.is_ascii_digit() || c == '_')
        })
}

/// Whether it is a word in capitals, as scripts replace them: `SMTP_HOST_PLACEHOLDER`.
pub(super) fn is_word_of_a_script(value: &str) -> bool {
    value.chars().all(|c| c.is_ascii_uppercase() || c.is_ascii_digit() || "_@%-".contains(c))
}

/// Whether a mail address, host or URL is one of templates.
pub(super) fn is_made_up_address(value: &str) -> bool {
    let lower = value.trim().to_lowercase();
    let blank = is_blank(&lower)
        || has_gap(&lower)
        || says_your(&lower)
        || ["changeme", "change-me", "placeholder"].iter().any(|word| lower.contains(word));
    blank || lower.split([',', ' ', '<', '>']).any(is_reserved) || has_crosses(&lower)
}

/// Whether a key or password is one of templates, or one that everybody knows.
pub(super) fn is_made_up_key(value: &str) -> bool {
    let lower = value.trim().to_lowercase();
    let counted = lower.trim_start_matches('-');
    let is_counted = counted.len() < 16 && counted.contains("123456789");
    is_blank(&lower)
        || has_gap(&lower)
        || says_your(&lower)
        || is_default(value)
        || is_placeholder(&lower)
        || has_crosses(&lower)
        || is_counted
}

/// `<webhook-id>` somewhere in it; a mail address may stand in angle brackets too.
fn has_gap(lower: &str) -> bool {
    let mut openings = lower.split('<').skip(1).filter_map(|rest| rest.split_once('>'));
    openings.any(|(inside, _)| {
        !inside.is_empty() && inside.chars().all(|c| c.is_alphanumeric() || "-_ ".contains(c))
    })
}

/// A word that starts with `your`; YOURLS is a program.
fn says_your(lower: &str) -> bool {
    let mut words = lower.split(|c: char| !c.is_ascii_alphanumeric());
    words.any(|word| word.starts_with("your") && word != "yourls")
}

/// `xxxx` as a part, or the part of Slack's manual that is only zeros.
fn has_crosses(lower: &str) -> bool {
    let mut parts = lower.split(['/', '-', '_', '.', ':', '=']);
    parts.any(|part| {
        let is_all = |wanted: char| part.len() >= 3 && part.chars().all(|c| c == wanted);
        let zeros = part.trim_start_matches(['t', 'b']);
        is_all('x') || (zeros.len() >= 6 && zeros.chars().all(|c| c == '0'))
    })
}

/// The host of `user@host`, `host:25` or `https://host/path`.
fn host(lower: &str) -> &str {
    let bare = lower.split_once("://").map_or(lower, |(_, rest)| rest);
    let bare = bare.split(['/', '?', '#']).next().unwrap_or(bare);
    let bare = bare.rsplit_once('@').map_or(bare, |(_, host)| host);
    bare.split(':').next().unwrap_or(bare)
}

fn is_reserved(lower: &str) -> bool {
    let host = host(lower);
    let below =
        |known: &&str| host.strip_suffix(*known).is_some_and(|rest| rest.is_empty() || rest.ends_with('.'));
    let last = host.rsplit_once('.').map(|(_, last)| last);
    HOSTS.iter().any(below) || last.is_some_and(|last| ENDS.contains(&last))
}

/// Whether the host is the container of Alertmanager itself.
pub(super) fn is_loopback(address: &str) -> bool {
    matches!(host(&address.to_lowercase()), "localhost" | "127.0.0.1" | "0.0.0.0")
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn addresses_of_templates_are_told_from_real_ones() {
        for made_up in [
            "ops@example.com",
            "a@shop.io, b@mail.example.org",
            "smtp.example.com:587",
            "https://hooks.slack.com/services/YOUR/SLACK/WEBHOOK",
            "https://hooks.slack.com/services/T00000000/B00000000/XXXXXXXXXXXXXXXXXXXXXXXX",
            "https://hooks.slack.com/services/xxx/yyy",
            "https://example.com/hook",
            "<your-webhook>",
            "https://hooks.slack.com/services/<workspace-id>/<hook>",
            "your@email.address",
            "ops@your-company.com",
            "alerts@yourdomain.io",
            "Ops <ops@example.com>",
            "http://hook.invalid/",
        ] {
            assert!(is_made_up_address(made_up), "{made_up}");
        }
        for real in [
            "ops@shop.io",
            "Ops <ops@shop.io>",
            "smtp.sendgrid.net:587",
            "https://hooks.slack.com/services/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",
            "http://yourls.shop.io/",
            "http://webhook:8080/api/test",
            "mail.counterexample.com:25",
            "http://alerts/v1/xx",
        ] {
            assert!(!is_made_up_address(real), "{real}");
        }
        assert!(is_loopback("http://127.0.0.1:5001/") && !is_loopback("http://hook:5001/"));
    }

    #[test]
    fn keys_of_templates_are_told_from_real_ones() {
        for made_up in
            ["YOUR_SENDGRID_API_KEY", "changeme", "password", "xoxb-xxxx-xxxx", "-1001234567890", "<secret>"]
        {
            assert!(is_made_up_key(made_up), "{made_up}");
        }
        for real in ["q8Zt2LkVw0RmYs5H", "1f0e9d8c7b6a5f4e3d2c1b0a99887766", "-100987612340"] {
            assert!(!is_made_up_key(real), "{real}");
        }
        assert!(is_filled_in("${A}") && is_filled_in("$SMTP_HOST") && !is_filled_in("pa$$word"));
    }
}
