//! Whether a health check can tell the truth: checks that pass although the service refuses, and
//! checks that can never pass. Only what is certain from the files is said.

use super::super::declared::Service;
use super::super::image_tools::lacks;
use super::super::shell::{Command, Then};
use super::contact::{self, Contact};
use super::{Form, Healthcheck, State};

/// Why the check passes although the service is not well.
pub(in super::super) fn lies(service: &Service<'_>, check: &Healthcheck) -> Vec<String> {
    if check.state != State::Set || has_control_flow(&check.commands) {
        return Vec::new();
    }
    let mut found = Vec::new();
    if always_passes(&check.commands) {
        found.push("it passes whatever happens: it ends in a command that always succeeds".to_owned());
    }
    if check.commands.iter().any(is_curl_without_fail) {
        found.push("curl without -f exits 0 when the answer is an error such as 503".to_owned());
    }
    if check.commands.iter().any(|command| passes_without_password(service, command)) {
        found.push("redis-cli without a password exits 0 when the server answers NOAUTH".to_owned());
    }
    if check.form == Form::Exec && check.commands.iter().any(has_unexpanded_password) {
        found.push(
            "CMD expands no variables: redis-cli gets the name instead of the password and exits 0"
                .to_owned(),
        );
    }
    if contact::of(&check.commands).is_some_and(|contact| is_http_on_tls(service, &contact)) {
        found.push("it asks with http on a port that speaks TLS only".to_owned());
    }
    found
}

/// Why the check can never pass.
pub(in super::super) fn never(service: &Service<'_>, check: &Healthcheck) -> Vec<String> {
    let mut found = Vec::new();
    if check.state != State::Set {
        return found;
    }
    if check.form == Form::Invalid {
        found.push("the test is a list that starts with none of CMD, CMD-SHELL and NONE".to_owned());
    }
    let operators = ["||", "&&", "|"];
    let strict = ["curl", "wget", "pg_isready", "nc"];
    if check.form == Form::Exec
        && check.commands.iter().any(|command| {
            strict.contains(&command.tool())
                && command.words.iter().any(|word| operators.contains(&word.as_str()))
        })
    {
        found.push("CMD runs no shell, so `||` and what follows are arguments; use CMD-SHELL".to_owned());
    }
    if check.commands.iter().any(|command| fails_without_password(service, command)) {
        found.push("redis-cli without a password is refused by this server".to_owned());
    }
    found
}

/// The tools the check needs and its image surely does not carry, with the reason.
pub(in super::super) fn missing_tools(service: &Service<'_>, check: &Healthcheck) -> Vec<String> {
    let Some(image) = service.image.as_ref().filter(|_| service.build.is_none() && check.state == State::Set)
    else {
        return Vec::new();
    };
    let brings = |tool: &str| {
        service
            .command
            .iter()
            .any(|word| word == tool || word == "apk" || word == "apt-get" || word == "microdnf")
            || service.mounts.iter().any(|mount| mount.target.ends_with(&format!("/{tool}")))
    };
    let reason = |tool: &str| lacks(image, tool).map(|why| format!("{tool}: {why}"));
    if check.form == Form::Shell
        && !brings("sh")
        && let Some(reason) = reason("sh")
    {
        return vec![reason];
    }
    let builtin = ["exit", "true", "echo", "test", "[", "grep", "cat", ":", "false"];
    let tools: Vec<&str> = check
        .commands
        .iter()
        .map(Command::tool)
        .filter(|tool| !tool.is_empty() && !builtin.contains(tool))
        .collect();
    let missing: Vec<String> =
        tools.iter().filter(|tool| !brings(tool)).filter_map(|tool| reason(tool)).collect();
    // One of several alternatives may be there.
    if missing.len() == tools.len() { missing } else { Vec::new() }
}

/// Whether the service listens on the port that the check contacts; `None` when nobody can tell.
pub(in super::super) fn port_listens(service: &Service<'_>, check: &Healthcheck) -> Option<bool> {
    let contact = contact::of(&check.commands).filter(Contact::is_local)?;
    let port = contact.port?;
    if check.state != State::Set || service.part.get("network_mode").is_some() {
        return None;
    }
    let dockerfile = service.build.as_ref().and_then(|build| build.dockerfile.as_ref());
    let said_by_image = dockerfile.map(|file| file.ports.as_slice()).unwrap_or_default();
    let known = service.server().map(|(known, _)| known.ports).unwrap_or_default();
    let published = service.ports.iter().any(|entry| entry.leads_to(port));
    if published || service.exposed.contains(&port) || said_by_image.contains(&port) || known.contains(&port)
    {
        return Some(true);
    }
    if mentions(service, port) || service.environment_is_partial {
        return None;
    }
    let is_whole = service
        .server()
        .is_some_and(|(known, is_sure)| is_sure && !known.is_configured && !known.ports.is_empty())
        && service.mounts.iter().all(|mount| !mount.target.contains("etc") && !mount.target.contains("conf"))
        && service.part.get("configs").is_none();
    let is_told = ["PORT", "LISTEN_PORT", "HTTP_PORT", "SERVER_PORT", "APP_PORT", "API_PORT"]
        .iter()
        .any(|name| service.variable(name).is_some_and(|value| value.parse::<u16>().is_ok()));
    let says_ports = !service.ports.is_empty() || !service.exposed.is_empty();
    let agree = says_ports && !said_by_image.is_empty();
    (is_whole || is_told || agree).then_some(false)
}

/// Whether the number stands anywhere in the command or the variables.
fn mentions(service: &Service<'_>, port: u16) -> bool {
    let port = port.to_string();
    let says = |text: &str| text.split(|c: char| !c.is_ascii_digit()).any(|number| number == port);
    service.command.iter().any(|word| says(word) || word.contains("${"))
        || service.environment.iter().any(|variable| {
            variable.value.as_ref().is_some_and(|text| says(&text.value))
                || (variable.name.to_uppercase().ends_with("PORT")
                    && variable.value.as_ref().is_none_or(|text| text.value.contains("${")))
        })
}

fn has_control_flow(commands: &[Command]) -> bool {
    let words = ["if", "then", "else", "fi", "while", "for", "case", "do", "["];
    commands.iter().any(|command| command.words.first().is_some_and(|word| words.contains(&word.as_str())))
}

fn always_passes(commands: &[Command]) -> bool {
    let Some((last, before)) = commands.split_last() else { return false };
    let words: Vec<&str> = last.words.iter().map(String::as_str).collect();
    let succeeds = matches!(words[..], ["true" | ":" | "/bin/true"] | ["exit", "0"] | ["echo", ..]);
    // `a && echo ok` fails with `a`; `a || true` and `a; true` do not.
    succeeds && before.last().is_none_or(|command| matches!(command.then, Then::Or | Then::Next))
}

fn is_curl_without_fail(command: &Command) -> bool {
    let words = command.program();
    let is_http = words.iter().any(|word| word.starts_with("http://") || word.starts_with("https://"));
    let fails = words.iter().any(|word| match word.strip_prefix("--") {
        Some(long) => long == "fail" || long == "fail-with-body" || long == "config",
        None => word
            .strip_prefix('-')
            .is_some_and(|flags| flags.contains('f') && !flags.starts_with(['o', 'H', 'w', 'u'])),
    });
    command.tool() == "curl" && is_http && !fails && command.then != Then::Pipe
}

/// A question without a password to a server that asks for one, and whether `-e` makes it strict.
fn unauthenticated_ping(service: &Service<'_>, command: &Command) -> Option<bool> {
    let words = command.program();
    let is_ping = matches!(command.tool(), "redis-cli" | "valkey-cli");
    let sends = words.iter().any(|word| {
        ["-a", "--pass", "--askpass", "--user", "-u"].contains(&word.as_str()) || word.starts_with("--pass=")
    }) || command.words.iter().any(|word| word.starts_with("REDISCLI_AUTH="))
        || service.has_variable("REDISCLI_AUTH");
    let contact = contact::of(std::slice::from_ref(command));
    (is_ping && !sends && contact.is_some_and(|contact| contact.is_local()) && requires_password(service))
        .then(|| words.iter().any(|word| word == "-e"))
}

fn passes_without_password(service: &Service<'_>, command: &Command) -> bool {
    unauthenticated_ping(service, command) == Some(false) && command.then != Then::Pipe
}

fn fails_without_password(service: &Service<'_>, command: &Command) -> bool {
    match unauthenticated_ping(service, command) {
        Some(strict) => strict || command.then == Then::Pipe,
        None => false,
    }
}

fn has_unexpanded_password(command: &Command) -> bool {
    let words = command.program();
    let value = contact::after(words, &["-a", "--pass"]);
    matches!(command.tool(), "redis-cli" | "valkey-cli")
        && value.is_some_and(|value| value.starts_with('$') && !value.starts_with("${"))
}

/// Whether the server is started with a password, as far as command and variables say it.
fn requires_password(service: &Service<'_>) -> bool {
    let mut words = service.command.iter();
    let by_flag =
        words.any(|word| word.trim_start_matches('-') == "requirepass" || word.starts_with("--requirepass="));
    let is_bitnami = service.is_image(&["bitnami/redis", "bitnami/valkey"]);
    let by_image = is_bitnami
        && ["REDIS_PASSWORD", "REDIS_PASSWORD_FILE", "VALKEY_PASSWORD", "VALKEY_PASSWORD_FILE"]
            .iter()
            .any(|name| service.has_variable(name));
    by_flag || by_image || service.variable("REDIS_ARGS").is_some_and(|value| value.contains("--requirepass"))
}

fn is_http_on_tls(service: &Service<'_>, contact: &Contact) -> bool {
    if contact.scheme.as_deref() != Some("http") || !contact.is_local() {
        return false;
    }
    let is_cockroach = service.is_image(&["cockroachdb/cockroach"])
        && service.command.iter().any(|word| word.starts_with("--certs-dir"))
        && !service.has_flag("--insecure");
    let is_elastic = service.variable("xpack.security.http.ssl.enabled") == Some("true");
    contact.port == Some(443)
        || (is_cockroach && contact.port == Some(8080))
        || (is_elastic && contact.port == Some(9200))
}
