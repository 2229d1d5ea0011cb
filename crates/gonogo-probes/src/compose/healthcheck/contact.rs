//! What a health check contacts: tool, scheme, host, port and path, as far as its words say it.

use super::super::shell::Command;

/// Whom a command talks to.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(in super::super) struct Contact {
    pub(in super::super) tool: String,
    /// `http` or `https` for a URL.
    pub(in super::super) scheme: Option<String>,
    pub(in super::super) host: String,
    pub(in super::super) port: Option<u16>,
    pub(in super::super) path: Option<String>,
}

impl Contact {
    /// Whether it is the container itself.
    pub(in super::super) fn is_local(&self) -> bool {
        matches!(self.host.as_str(), "localhost" | "127.0.0.1" | "0.0.0.0" | "::1" | "")
    }
}

/// The first contact of the commands.
pub(in super::super) fn of(commands: &[Command]) -> Option<Contact> {
    commands.iter().find_map(one)
}

fn one(command: &Command) -> Option<Contact> {
    let words = command.program();
    let tool = command.tool();
    let plain = |host: Option<&str>, port: Option<u16>| {
        let host = host.unwrap_or("localhost").to_owned();
        Some(Contact { tool: tool.to_owned(), scheme: None, host, port, path: None })
    };
    let (host, port) = (after(words, &["-h", "--host"]), number(words, &["-p", "--port"]));
    match tool {
        "curl" | "wget" | "http" | "xh" => {
            let url = words.iter().skip(1).find(|word| is_address(word))?;
            url_contact(tool, url)
        }
        "redis-cli" | "valkey-cli" => plain(host, port.or(Some(6379))),
        "pg_isready" | "psql" => plain(host, port.or(Some(5432))),
        "mysqladmin" | "mariadb-admin" | "mysql" | "mariadb" => {
            plain(host, number(words, &["-P", "--port"]).or(Some(3306)))
        }
        "mongosh" | "mongo" => plain(after(words, &["--host"]), number(words, &["--port"]).or(Some(27017))),
        "turnutils_uclient" | "turnutils_stunclient" => {
            plain(words.last().map(String::as_str).filter(|word| !word.starts_with('-')), port.or(Some(3478)))
        }
        "nc" | "ncat" => {
            let mut plain_words = words.iter().skip(1).filter(|word| !word.starts_with('-'));
            let found = plain_words.next().map(String::as_str);
            let port = plain_words.find_map(|word| word.parse().ok())?;
            plain(found, Some(port))
        }
        _ => {
            let socket = words.iter().find_map(|word| word.split("/dev/tcp/").nth(1))?;
            let (host, port) = socket.split_once('/')?;
            plain(Some(host), port.parse().ok())
        }
    }
}

fn is_address(word: &str) -> bool {
    word.contains("://")
        || word.starts_with("localhost")
        || word.starts_with("127.0.0.1")
        || word.starts_with("0.0.0.0")
}

fn url_contact(tool: &str, url: &str) -> Option<Contact> {
    let (scheme, rest) = url.split_once("://").unwrap_or(("http", url));
    let authority = rest.split(['/', '?', '#']).next()?;
    let path = &rest[authority.len()..];
    let host_port = authority.rsplit('@').next()?;
    let (host, port) = match host_port.strip_prefix('[').and_then(|rest| rest.split_once(']')) {
        Some((host, port)) => (host, port.strip_prefix(':')),
        None => match host_port.rsplit_once(':') {
            Some((host, port)) => (host, Some(port)),
            None => (host_port, None),
        },
    };
    let port = match port {
        Some(port) => port.parse().ok(),
        None if scheme == "https" => Some(443),
        None if scheme == "http" => Some(80),
        None => None,
    };
    Some(Contact {
        tool: tool.to_owned(),
        scheme: Some(scheme.to_owned()),
        host: host.to_owned(),
        port,
        path: Some(if path.is_empty() { "/" } else { path }.to_owned()),
    })
}

/// The word behind a flag, or behind its `=`.
pub(super) fn after<'w>(words: &'w [String], flags: &[&str]) -> Option<&'w str> {
    words.iter().enumerate().skip(1).find_map(|(at, word)| {
        if flags.contains(&word.as_str()) {
            return words.get(at + 1).map(String::as_str);
        }
        let (flag, value) = word.split_once('=')?;
        flags.contains(&flag).then_some(value)
    })
}

fn number(words: &[String], flags: &[&str]) -> Option<u16> {
    after(words, flags)?.parse().ok()
}

#[cfg(test)]
mod tests {
    use super::super::super::shell::commands;
    use super::*;

    #[test]
    fn contacts_are_found() {
        for (text, host, port, path) in [
            (
                "curl -f http://localhost:8080/health?ready=1",
                "localhost",
                Some(8080),
                Some("/health?ready=1"),
            ),
            ("wget -qO- localhost/health", "localhost", Some(80), Some("/health")),
            ("curl -k https://[::1]/x", "::1", Some(443), Some("/x")),
            ("redis-cli -p 6380 ping", "localhost", Some(6380), None),
            ("nc -z 127.0.0.1 9000", "127.0.0.1", Some(9000), None),
            ("bash -c x; echo > /dev/tcp/db/5432", "db", Some(5432), None),
            ("PGPASSWORD=x pg_isready -h db", "db", Some(5432), None),
            ("turnutils_uclient -u a -w b 127.0.0.1", "127.0.0.1", Some(3478), None),
        ] {
            let found = of(&commands(text)).unwrap_or_else(|| panic!("{text}"));
            assert_eq!(
                (found.host.as_str(), found.port, found.path.as_deref()),
                (host, port, path),
                "{text}"
            );
        }
        for text in ["true", "curl", "nc", "curl -f $URL", "", "http", "curl ://", "curl http://["] {
            let _ = of(&commands(text));
        }
    }
}
