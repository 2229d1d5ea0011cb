//! What a `RUN` does, as far as its text says: packages, downloads, rights. Nothing is run.

use super::parse::Instruction;
use crate::compose::{Command, Then, commands};

/// Text of one instruction beyond which it is not taken apart.
const LONGEST: usize = 64 << 10;
const SHELLS: [&str; 8] = ["sh", "bash", "ash", "dash", "zsh", "python", "python3", "perl"];

/// The commands of a `RUN`.
#[derive(Debug, Clone, Default)]
pub(super) struct Run {
    commands: Vec<Command>,
    /// All of it, for what is only looked for.
    text: String,
    /// Folders that a cache of the builder is mounted on.
    caches: Vec<String>,
}

impl Run {
    pub(super) fn of(instruction: &Instruction) -> Run {
        let text = match instruction.exec() {
            Some(words) => match words.iter().position(|word| word == "-c") {
                Some(at) => words.get(at + 1).cloned().unwrap_or_default(),
                None => words.join(" "),
            },
            None if instruction.documents.is_empty() => instruction.rest.clone(),
            None => script(instruction),
        };
        if text.len() > LONGEST {
            return Run::default();
        }
        let mounts = instruction.flags.iter().filter(|(name, _)| name == "mount");
        let cache = mounts.filter(|(_, value)| value.split(',').any(|part| part == "type=cache"));
        let target = |value: &str| {
            value.split(',').find_map(|part| {
                let (key, target) = part.split_once('=')?;
                matches!(key, "target" | "dst" | "destination")
                    .then(|| target.trim_end_matches('/').to_owned())
            })
        };
        let caches = cache.filter_map(|(_, value)| target(value)).collect();
        Run { commands: commands(&text), text, caches }
    }

    fn has_cache(&self, folder: &str) -> bool {
        self.caches.iter().any(|cache| {
            folder == cache || folder.starts_with(&format!("{cache}/")) || cache.starts_with(folder)
        })
    }

    /// The words of each command that `tool` is called in with `action` among its first words.
    fn calls<'r>(&'r self, tools: &'r [&str], action: &'r str) -> impl Iterator<Item = &'r Command> {
        self.commands.iter().filter(move |command| {
            tools.contains(&command.tool()) && command.program().iter().skip(1).any(|word| word == action)
        })
    }

    /// The program it calls first, when that is a plain word.
    pub(super) fn first(&self) -> Option<&str> {
        let tool =
            self.commands.iter().map(Command::tool).find(|tool| !matches!(*tool, "set" | "cd" | ""))?;
        let is_plain =
            tool.len() <= 24 && tool.chars().all(|c| c.is_ascii_alphanumeric() || "-_.".contains(c));
        is_plain.then_some(tool)
    }

    pub(super) fn updates_apt(&self) -> bool {
        self.calls(&APT, "update").next().is_some()
    }

    pub(super) fn installs_with_apt(&self) -> bool {
        self.commands.iter().any(|command| {
            APT.contains(&command.tool())
                && command.program().iter().any(|word| {
                    matches!(
                        word.as_str(),
                        "install" | "upgrade" | "dist-upgrade" | "full-upgrade" | "build-dep"
                    )
                })
        })
    }

    /// Whether the package lists of an update stay in the layer.
    pub(super) fn keeps_apt_lists(&self) -> bool {
        self.updates_apt()
            && self.installs_with_apt()
            && !self.text.contains("/var/lib/apt")
            && !self.has_cache("/var/lib/apt")
    }

    /// Whether apt would ask before it installs.
    pub(super) fn asks(&self) -> bool {
        let asks = |command: &Command| {
            let words = command.program();
            let yes = |word: &String| {
                word.starts_with('$')
                    || matches!(
                        word.as_str(),
                        "--yes" | "--assume-yes" | "--force-yes" | "--dry-run" | "--download-only"
                    )
                    || word.starts_with("-q=")
                    || word.starts_with("-o")
                    || (word.starts_with('-')
                        && !word.starts_with("--")
                        && (word.contains('y')
                            || word.matches('q').count() > 1
                            || word.contains('s')
                            || word.contains('d')))
            };
            !words.iter().skip(1).any(yes)
        };
        let is_answered = self.commands.iter().any(|command| command.tool() == "yes")
            || self.text.to_lowercase().contains("assume-yes")
            || self.text.contains("90assumeyes");
        !is_answered && self.calls(&APT, "install").any(asks)
    }

    /// Whether apt installs what packages only recommend.
    pub(super) fn installs_recommended(&self) -> bool {
        let plain = |command: &Command| {
            let words = command.program();
            !words.iter().any(|word| {
                word == "--no-install-recommends" || word.starts_with('$') || word == "--reinstall"
            })
        };
        !self.text.to_lowercase().contains("install-recommends=")
            && !self.text.to_lowercase().contains("install-recommends \"")
            && self.calls(&APT, "install").any(plain)
    }

    /// Whether apk leaves its index in the layer.
    pub(super) fn keeps_apk_index(&self) -> bool {
        let keeps = |command: &Command| {
            !command.program().iter().any(|word| {
                word == "--no-cache"
                    || word.starts_with("--root")
                    || word.starts_with("--cache-dir")
                    || word == "-p"
            })
        };
        !self.text.contains("/var/cache/apk")
            && !self.has_cache("/var/cache/apk")
            && self.calls(&["apk"], "add").any(keeps)
    }

    /// Whether pip leaves what it downloaded in the layer.
    pub(super) fn keeps_pip_cache(&self) -> bool {
        let is_pip = |command: &&Command| {
            let words = command.program();
            let tool = command.tool();
            let is_module = tool.starts_with("python") && words.windows(2).any(|pair| pair == ["-m", "pip"]);
            (is_module || tool == "pip" || tool == "pip3" || tool.starts_with("pip3."))
                && words.iter().any(|word| word == "install")
        };
        let keeps = |command: &Command| {
            !command.program().iter().any(|word| {
                word == "--no-cache-dir" || word.starts_with("--cache-dir") || word.starts_with('$')
            })
        };
        let cleans = self.text.contains(".cache")
            || self.text.contains("cache purge")
            || self.text.contains("PIP_NO_CACHE_DIR");
        let mounts = self.caches.iter().any(|cache| cache.contains("cache") || cache.contains("pip"));
        !cleans && !mounts && self.commands.iter().filter(is_pip).any(keeps)
    }

    /// Whether a download goes straight into a shell.
    pub(super) fn downloads_into_shell(&self) -> bool {
        let fetches = |command: &Command| matches!(command.tool(), "curl" | "wget");
        let mut is_fetched = false;
        for command in &self.commands {
            if is_fetched && SHELLS.contains(&command.tool()) && !runs_own_text(command) {
                return true;
            }
            is_fetched = command.then == Then::Pipe && (is_fetched || fetches(command));
        }
        let substituted = |command: &Command| {
            SHELLS.contains(&command.tool())
                && command.program().iter().skip(1).any(|word| {
                    word.starts_with("$(curl")
                        || word.starts_with("$(wget")
                        || word.starts_with("<(curl")
                        || word.starts_with("<(wget")
                })
        };
        self.commands.iter().any(substituted)
    }

    pub(super) fn uses_sudo(&self) -> bool {
        self.commands.iter().any(|command| command.words.first().is_some_and(|word| word == "sudo"))
    }

    /// Whether it lets everybody change files.
    pub(super) fn opens_to_everybody(&self) -> bool {
        let mode = |command: &Command| {
            command
                .program()
                .iter()
                .skip(1)
                .find(|word| !word.starts_with('-'))
                .is_some_and(|word| is_open(word))
        };
        self.commands.iter().filter(|command| command.tool() == "chmod").any(mode)
    }
}

const APT: [&str; 2] = ["apt-get", "apt"];

/// Whether `word` stands in `text` with nothing around it that makes another word of it.
pub(super) fn mentions(text: &str, word: &str) -> bool {
    text.split(|c: char| !c.is_ascii_alphanumeric() && c != '-' && c != '_').any(|part| part == word)
}

/// A mode of chmod that lets everybody write.
pub(super) fn is_open(mode: &str) -> bool {
    matches!(
        mode,
        "777"
            | "0777"
            | "666"
            | "0666"
            | "a+rwx"
            | "ugo+rwx"
            | "a+w"
            | "o+w"
            | "o+rwx"
            | "a=rwx"
            | "+rwx"
            | "ugo+w"
            | "go+w"
            | "a+rw"
            | "a+rwX"
    )
}

/// `python -c '…'`, `perl -pe '…'`: what comes through the pipe is data.
fn runs_own_text(command: &Command) -> bool {
    let is_shell = matches!(command.tool(), "sh" | "bash" | "ash" | "dash" | "zsh");
    let mut options = command.program().iter().skip(1);
    match is_shell {
        true => options.any(|word| word == "-c"),
        false => options.any(|word| word != "-"),
    }
}

/// The text of here-documents, without comments, and what stands before them.
fn script(instruction: &Instruction) -> String {
    let mut text = String::new();
    let first = instruction.rest.split("<<").next().unwrap_or_default().trim();
    text.push_str(first);
    text.push('\n');
    for line in instruction.documents.iter().flat_map(|body| body.lines()) {
        let bare = line.trim();
        if bare.starts_with('#') {
            continue;
        }
        match bare.strip_suffix('\\') {
            Some(start) => {
                text.push_str(start);
                text.push(' ');
            }
            None => {
                text.push_str(bare);
                text.push('\n');
            }
        }
    }
    text
}

#[cfg(test)]
mod tests {
    use super::super::parse::parse;
    use super::*;

    fn run(text: &str) -> Run {
        Run::of(&parse(text)[0])
    }

    #[test]
    fn packages_are_told_apart() {
        for (text, lists, asks, recommended) in [
            ("RUN apt-get update && apt-get install -y a", true, false, true),
            (
                "RUN apt-get update && apt-get -qq install --no-install-recommends a && rm -rf /var/lib/apt/lists/*",
                false,
                false,
                false,
            ),
            ("RUN --mount=type=cache,target=/var/lib/apt apt-get update && apt install a", false, true, true),
            ("RUN <<EOF\napt-get update\n# don't\napt-get install --yes \\\n  a\nEOF", true, false, true),
            ("RUN set -eux; apt-get install $OPTIONS a", false, false, false),
            ("RUN echo apt-get install a", false, false, false),
        ] {
            let run = run(text);
            assert_eq!(
                (run.keeps_apt_lists(), run.asks(), run.installs_recommended()),
                (lists, asks, recommended),
                "{text}"
            );
        }
        assert!(run("RUN apk add a").keeps_apk_index());
        assert!(!run("RUN apk --no-cache add a && apk add --no-cache b").keeps_apk_index());
        assert!(
            run("RUN python -m pip install a").keeps_pip_cache()
                && run("RUN pip3 install a").keeps_pip_cache()
        );
        assert!(!run("RUN pip install --no-cache-dir a").keeps_pip_cache());
        assert!(!run("RUN --mount=type=cache,target=/root/.cache/pip pip install a").keeps_pip_cache());
    }

    #[test]
    fn downloads_that_are_run_are_seen() {
        for text in [
            "RUN curl -fsSL https://x | sh",
            "RUN wget -qO- https://x | sudo bash -s -- -y",
            "RUN curl https://x | gunzip | sh -",
            "RUN bash -c \"$(curl -fsSL https://x)\"",
            "RUN [\"sh\", \"-c\", \"curl https://x | sh\"]",
        ] {
            assert!(run(text).downloads_into_shell(), "{text}");
        }
        for text in [
            "RUN curl -o a https://x && sh a",
            "RUN curl x | tar xz",
            "RUN curl x | python3 -c 'import json'",
            "RUN cat x | sh",
        ] {
            assert!(!run(text).downloads_into_shell(), "{text}");
        }
    }

    #[test]
    fn rights_are_seen() {
        assert!(
            run("RUN chmod -R 777 /a").opens_to_everybody()
                && run("RUN x; chmod a+rwx b").opens_to_everybody()
        );
        assert!(!run("RUN chmod 1777 /tmp && chmod +x 777").opens_to_everybody());
        assert!(run("RUN sudo apt update").uses_sudo() && !run("RUN apt install sudo").uses_sudo());
    }
}
