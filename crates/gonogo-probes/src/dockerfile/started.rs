//! How an image starts and tells its health: `CMD`, `ENTRYPOINT`, `HEALTHCHECK`, `EXPOSE`.

use super::parse::Instruction;
use super::run::mentions;
use super::stages::{Base, Stages};
use crate::compose::{commands, lacking};

/// Whether a shell stands between the engine and the program, so that the signal to stop may not
/// arrive.
pub(super) fn is_behind_shell(instruction: &Instruction) -> bool {
    let is_start = matches!(instruction.word.as_str(), "CMD" | "ENTRYPOINT");
    if !is_start
        || instruction.rest.is_empty()
        || instruction.rest.starts_with("exec ")
        || instruction.exec().is_some()
    {
        return false;
    }
    let commands = commands(&instruction.rest);
    let last = commands.last().map_or("", |command| command.tool());
    // A shell of somebody who looks around gets its signals from the keyboard.
    let is_shell = matches!(last, "sh" | "bash" | "ash" | "zsh" | "true" | "echo" | "");
    let execs = commands.iter().any(|command| command.words.first().is_some_and(|word| word == "exec"));
    !is_shell && !execs
}

/// Whether a later one of the same stage makes it void.
pub(super) fn is_overridden(at: usize, instructions: &[&Instruction]) -> bool {
    let Some(instruction) = instructions.get(at) else { return false };
    let counts_once = matches!(instruction.word.as_str(), "CMD" | "ENTRYPOINT" | "HEALTHCHECK");
    let mut later = instructions.iter().skip(at.saturating_add(1));
    counts_once && later.any(|other| other.word == instruction.word)
}

/// Ports that are none.
pub(super) fn wrong_ports(instruction: &Instruction) -> Vec<String> {
    if instruction.word != "EXPOSE" {
        return Vec::new();
    }
    let words = instruction.rest.split_whitespace().take_while(|word| !word.starts_with('#'));
    let wrong = words.filter(|word| !word.contains('$') && !word.contains(':') && !is_port(word));
    wrong.map(str::to_owned).collect()
}

fn is_port(word: &str) -> bool {
    let (ports, protocol) = word.trim_matches('"').split_once('/').unwrap_or((word, "tcp"));
    let number = |port: &str| port.trim_matches('"').parse::<u16>().ok().filter(|port| *port > 0);
    let (first, last) = ports.split_once('-').unwrap_or((ports, ports));
    let in_order = number(first).zip(number(last)).is_some_and(|(first, last)| first <= last);
    in_order && matches!(protocol.trim_matches('"').to_lowercase().as_str(), "tcp" | "udp" | "sctp")
}

/// Tools of a health check that the image surely does not have.
pub(super) fn missing_tools(instruction: &Instruction, number: usize, stages: &Stages<'_>) -> Vec<String> {
    let Some(test) = test(instruction) else { return Vec::new() };
    let Base::Image { reference, sure: true } = stages.root(number) else { return Vec::new() };
    let said = stages.backwards(number);
    let is_added = |tool: &str| {
        let named = |text: &str| mentions(text, tool);
        said.iter()
            .filter(|one| one.word != "HEALTHCHECK")
            .any(|one| named(&one.rest) || one.documents.iter().any(|body| named(body)))
    };
    let mut lost: Vec<String> = Vec::new();
    for command in commands(&test) {
        let tool = command.tool();
        if lacking(reference, tool).is_some() && !is_added(tool) && !lost.iter().any(|one| one == tool) {
            lost.push(tool.to_owned());
        }
    }
    // `curl … || wget …`: one of them is enough.
    let calls = commands(&test)
        .iter()
        .filter(|command| !matches!(command.tool(), "exit" | "test" | "[" | ""))
        .count();
    if calls > lost.len() { Vec::new() } else { lost }
}

/// What a health check runs, as a shell would read it.
fn test(instruction: &Instruction) -> Option<String> {
    if instruction.word != "HEALTHCHECK" {
        return None;
    }
    let test = instruction.rest.strip_prefix("CMD")?.trim();
    match serde_json::from_str::<Vec<String>>(test) {
        Ok(words) => match words.iter().position(|word| word == "-c") {
            Some(at) => words.get(at.saturating_add(1)).cloned(),
            None => Some(words.join(" ")),
        },
        Err(_) => Some(test.to_owned()),
    }
}

#[cfg(test)]
mod tests {
    use super::super::parse::parse;
    use super::*;

    #[test]
    fn shells_in_between_are_seen() {
        for text in ["CMD node a.js", "ENTRYPOINT java -jar $A", "CMD a && b"] {
            assert!(is_behind_shell(&parse(text)[0]), "{text}");
        }
        for text in
            ["CMD [\"node\", \"a.js\"]", "CMD exec node a.js", "CMD bash", "CMD a && exec b", "CMD", "RUN a"]
        {
            assert!(!is_behind_shell(&parse(text)[0]), "{text}");
        }
    }

    #[test]
    fn ports_are_checked() {
        for (text, wrong) in [("EXPOSE 80 443/tcp 1-2/UDP $P", 0), ("EXPOSE 0 65536 http 9-8 80/x", 5)] {
            assert_eq!(wrong_ports(&parse(text)[0]).len(), wrong, "{text}");
        }
    }

    #[test]
    fn tools_of_a_health_check_are_looked_for() {
        let missing = |text: &str| {
            let instructions = parse(text);
            let stages = Stages::of(&instructions);
            stages.all[0]
                .instructions
                .iter()
                .flat_map(|one| missing_tools(one, 0, &stages))
                .collect::<Vec<_>>()
        };
        assert_eq!(
            missing("FROM python:3.12-slim\nHEALTHCHECK --interval=1s CMD curl -f x || exit 1"),
            ["curl"]
        );
        assert_eq!(missing("FROM alpine:3.20\nHEALTHCHECK CMD [\"curl\", \"x\"]"), ["curl"]);
        for text in [
            "FROM python:3.12-slim\nRUN apt-get install -y curl\nHEALTHCHECK CMD curl x",
            "FROM python:3.12-slim\nCOPY --from=a /usr/bin/curl /usr/bin/curl\nHEALTHCHECK CMD curl x",
            "FROM alpine:3.20\nHEALTHCHECK CMD wget -q x",
            "FROM alpine:3.20\nHEALTHCHECK CMD curl x || wget x",
            "FROM alpine:3.20\nHEALTHCHECK NONE",
            "FROM acme/x:1\nHEALTHCHECK CMD curl x",
        ] {
            assert_eq!(missing(text), [""; 0], "{text}");
        }
    }
}
