//! Credentials that stand literally in a health check. The values are for masking and for making
//! them known to the redactor; no fact may hold one.

use super::super::shell::Command;
use super::contact::after;
use crate::credential::variable::password_in_url;

/// The credentials in commands as they are written: passwords first, then users that stand with
/// them in one word.
pub(in super::super) fn literal(commands: &[Command]) -> Vec<String> {
    let mut found: Vec<String> = commands.iter().flat_map(of_command).collect();
    found.retain(|value| !value.is_empty() && !value.contains(['$', '`']));
    found.dedup();
    found
}

fn of_command(command: &Command) -> Vec<String> {
    let words = command.program();
    let mut found: Vec<String> = Vec::new();
    let mut take = |value: Option<&str>| found.extend(value.map(str::to_owned));
    match command.tool() {
        "curl" => {
            take(
                after(words, &["-u", "--user"])
                    .and_then(|pair| pair.split_once(':'))
                    .map(|(_, password)| password),
            );
            take(words.iter().find_map(|word| authorization(word)));
        }
        "wget" => {
            take(after(words, &["--password", "--http-password"]));
            take(words.iter().find_map(|word| authorization(word.strip_prefix("--header=").unwrap_or(word))));
        }
        "redis-cli" | "valkey-cli" => take(after(words, &["-a", "--pass"])),
        "mysql" | "mysqladmin" | "mariadb" | "mariadb-admin" => {
            take(after(words, &["--password"]).filter(|value| !value.starts_with('-')));
            take(words.iter().find_map(|word| word.strip_prefix("-p").filter(|rest| !rest.is_empty())));
        }
        "cqlsh" | "mongosh" | "mongo" | "rabbitmqadmin" => take(after(words, &["-p", "--password"])),
        "turnutils_uclient" => take(after(words, &["-w"])),
        "clickhouse-client" | "cypher-shell" | "etcdctl" | "sqlcmd" => {
            take(after(words, &["-p", "-P", "--password"]))
        }
        _ => {}
    }
    found.extend(words.iter().filter_map(|word| password_in_url(word)).map(str::to_owned));
    found.extend(assigned(&command.words));
    found
}

/// `Authorization: Bearer …` behind `-H`.
fn authorization(word: &str) -> Option<&str> {
    let (name, value) = word.split_once(':')?;
    let is_secret =
        ["authorization", "x-api-key", "x-auth-token"].contains(&name.trim().to_lowercase().as_str());
    let value = value.trim();
    is_secret.then(|| value.rsplit(' ').next().unwrap_or(value))
}

/// `PGPASSWORD=…` before the program.
fn assigned(words: &[String]) -> Vec<String> {
    let known = ["PGPASSWORD", "REDISCLI_AUTH", "MYSQL_PWD"];
    let pairs = words.iter().filter_map(|word| word.split_once('='));
    pairs.filter(|(name, _)| known.contains(name)).map(|(_, value)| value.to_owned()).collect()
}

/// `line` with every value replaced by `***`.
pub(in super::super) fn masked(line: &str, values: &[String]) -> String {
    let mut line = line.to_owned();
    for value in values {
        line = line
            .split(' ')
            .map(|word| {
                match word.contains(value.as_str())
                    && (word.len() <= value.len() + 40 || word.contains("://"))
                {
                    true => word.replace(value.as_str(), "***"),
                    false => word.to_owned(),
                }
            })
            .collect::<Vec<_>>()
            .join(" ");
    }
    line
}

#[cfg(test)]
mod tests {
    use super::super::super::shell::commands;
    use super::*;

    #[test]
    fn literal_credentials_are_found() {
        for (text, expected) in [
            ("turnutils_uclient -u test -w hunter2 127.0.0.1", "hunter2"),
            ("curl -f -u elastic:hunter2 http://localhost:9200", "hunter2"),
            ("curl -H 'Authorization: Bearer hunter2' http://x", "hunter2"),
            ("redis-cli -a hunter2 ping", "hunter2"),
            ("mysqladmin ping -phunter2", "hunter2"),
            ("PGPASSWORD=hunter2 psql -c 'select 1'", "hunter2"),
            ("wget -q http://a:hunter2@localhost/", "hunter2"),
            ("cqlsh -u cassandra -p hunter2 -e 'x'", "hunter2"),
        ] {
            assert_eq!(literal(&commands(text)), [expected], "{text}");
            assert!(!masked(text, &literal(&commands(text))).contains("hunter2"), "{text}");
        }
        for text in [
            "redis-cli -a $$REDIS_PASSWORD ping",
            "turnutils_uclient -u $$(cat /run/secrets/u) -w $$(cat /run/secrets/p) 127.0.0.1",
            "mysqladmin ping -h localhost -p",
            "mysqladmin ping -p$$MYSQL_ROOT_PASSWORD",
            "curl -f -u ${USER}:${PASS} http://localhost",
            "curl -f http://localhost:8080/health",
            "pg_isready -U postgres",
        ] {
            assert_eq!(literal(&commands(text)), [""; 0], "{text}");
        }
    }
}
