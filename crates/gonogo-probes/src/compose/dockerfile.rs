//! What compose needs to know of a Dockerfile: whether its last stage has a health check, which
//! ports it says, who it runs as. It does not build anything.

use std::collections::BTreeMap;

/// What the last stage says.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub(super) struct Dockerfile {
    /// `Some(false)` for `HEALTHCHECK NONE`, `None` when nothing is said.
    pub(super) healthcheck: Option<bool>,
    /// Ports of `EXPOSE` that are plain numbers.
    pub(super) ports: Vec<u16>,
    /// Who `USER` says.
    pub(super) user: Option<String>,
    /// The image the last stage starts from.
    pub(super) base: Option<String>,
}

/// Reads the text of a Dockerfile. With `stage`, up to the end of that stage. A stage starts with
/// what the stage it is built on says.
pub(super) fn read(text: &str, stage: Option<&str>) -> Dockerfile {
    let mut last = Dockerfile::default();
    let mut is_wanted = false;
    let mut name: Option<String> = None;
    let mut stages: BTreeMap<String, Dockerfile> = BTreeMap::new();
    let mut arguments: BTreeMap<String, String> = BTreeMap::new();
    for line in instructions(text) {
        let (word, rest) = line.split_once(char::is_whitespace).unwrap_or((&line, ""));
        let rest = rest.trim();
        match word.to_ascii_uppercase().as_str() {
            "FROM" if is_wanted => break,
            "FROM" => {
                let words: Vec<&str> =
                    rest.split_whitespace().filter(|word| !word.starts_with("--")).collect();
                is_wanted = stage.is_some() && words.get(2).copied() == stage;
                if let Some(name) = name.take() {
                    stages.insert(name, std::mem::take(&mut last));
                }
                name = words.get(2).map(|name| name.to_lowercase());
                let base = words.first().map(|base| with_arguments(base, &arguments));
                let below = base.as_ref().and_then(|base| stages.get(&base.to_lowercase())).cloned();
                last = below.unwrap_or(Dockerfile { base, ..Dockerfile::default() });
            }
            // Before the first stage, arguments name bases.
            "ARG" if last == Dockerfile::default() && name.is_none() => {
                arguments.extend(rest.split_once('=').map(|(name, value)| {
                    (name.trim().to_owned(), value.trim().trim_matches(['"', '\'']).to_owned())
                }));
            }
            "HEALTHCHECK" => last.healthcheck = Some(!rest.eq_ignore_ascii_case("none")),
            "USER" => last.user = Some(rest.to_owned()),
            "EXPOSE" => {
                let numbers =
                    rest.split_whitespace().filter_map(|port| port.split("/").next()?.parse::<u16>().ok());
                last.ports.extend(numbers);
            }
            _ => {}
        }
    }
    last
}

/// A base with the defaults of arguments in it; what has none stays.
fn with_arguments(base: &str, arguments: &BTreeMap<String, String>) -> String {
    arguments.iter().fold(base.to_owned(), |base, (name, value)| {
        let base = base.replace(&format!("${{{name}}}"), value);
        if base == format!("${name}") { value.clone() } else { base }
    })
}

/// Lines without comments, those that end in `\` joined.
fn instructions(text: &str) -> Vec<String> {
    let mut found = Vec::new();
    let mut open = String::new();
    for line in text.lines().map(str::trim).filter(|line| !line.is_empty() && !line.starts_with('#')) {
        match line.strip_suffix('\\') {
            Some(start) => {
                open.push_str(start);
                open.push(' ');
            }
            None => found.push(std::mem::take(&mut open) + line),
        }
    }
    if !open.is_empty() {
        found.push(open);
    }
    found
}

#[cfg(test)]
mod tests {
    use super::*;

    const TEXT: &str = "FROM a AS build\nHEALTHCHECK CMD x\nEXPOSE 1\nFROM --platform=x b:1\n# c\nEXPOSE 80 81/udp $P\nuser app\nHEALTHCHECK --interval=1s \\\n  CMD x\n";

    #[test]
    fn the_last_or_the_wanted_stage_counts() {
        let last = read(TEXT, None);
        assert_eq!((last.healthcheck, last.ports.as_slice()), (Some(true), [80, 81].as_slice()));
        assert_eq!((last.user.as_deref(), last.base.as_deref()), (Some("app"), Some("b:1")));
        assert_eq!(read(TEXT, Some("build")).ports, [1]);
        assert_eq!(read("FROM x\nHEALTHCHECK NONE", None).healthcheck, Some(false));
        assert_eq!(read("", None), Dockerfile::default());
    }

    #[test]
    fn a_stage_has_what_the_stage_below_it_has() {
        let text = "ARG V=3\nARG OTHER\nFROM python:${V} AS Base\nHEALTHCHECK CMD x\nUSER app\nFROM base\nEXPOSE 1\n";
        let last = read(text, None);
        assert_eq!((last.base.as_deref(), last.healthcheck), (Some("python:3"), Some(true)));
        assert_eq!((last.user.as_deref(), last.ports.as_slice()), (Some("app"), [1].as_slice()));
        let open = read("ARG BASE\nFROM ${BASE}\nARG X=y\nFROM $BASE AS a", None);
        assert_eq!(open.base.as_deref(), Some("$BASE"));
    }

    #[test]
    fn empty_stages_are_told_from_none() {
        assert_eq!(read("FROM scratch", None).base.as_deref(), Some("scratch"));
    }
}
