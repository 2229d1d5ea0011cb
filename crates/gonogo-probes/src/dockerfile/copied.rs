//! What `COPY` and `ADD` bring into an image, and from where.

use super::parse::Instruction;
use super::run::is_open;
use super::stages::Stages;
use crate::repository::purpose::is_for_development;
use crate::repository::{Kind, Repository, folder_of, joined, name_of};

/// Archives that `ADD` unpacks.
const ARCHIVES: [&str; 12] = [
    ".tar", ".tar.gz", ".tgz", ".tar.bz2", ".tbz2", ".tbz", ".tar.xz", ".txz", ".tar.zst", ".gz", ".xz",
    ".bz2",
];

/// What is copied, without where to.
fn sources(instruction: &Instruction) -> Vec<String> {
    let mut words = instruction
        .exec()
        .unwrap_or_else(|| instruction.rest.split_whitespace().map(str::to_owned).collect());
    words.pop();
    words.retain(|word| !word.starts_with("<<"));
    words
}

fn is_remote(source: &str) -> bool {
    ["http://", "https://", "ftp://"].iter().any(|scheme| source.starts_with(scheme))
}

fn is_git(source: &str) -> bool {
    source.starts_with("git@") || source.split(['#', '?']).next().is_some_and(|path| path.ends_with(".git"))
}

/// Whether `ADD` downloads a file that nothing checks.
pub(super) fn adds_unchecked(instruction: &Instruction) -> bool {
    instruction.word == "ADD"
        && instruction.flag("checksum").is_none()
        && sources(instruction).iter().any(|source| is_remote(source) && !is_git(source))
}

/// Whether `COPY` would do what this `ADD` does.
pub(super) fn copy_is_enough(instruction: &Instruction) -> bool {
    let is_plain = |source: &String| {
        let lower = source.to_lowercase();
        !is_remote(source)
            && !is_git(source)
            && !lower.contains(['$', '*', '?', '['])
            && !ARCHIVES.iter().any(|end| lower.ends_with(end))
    };
    let sources = sources(instruction);
    instruction.word == "ADD" && !sources.is_empty() && sources.iter().all(is_plain)
}

/// Whether the mode that is given lets everybody write.
pub(super) fn opens_to_everybody(instruction: &Instruction) -> bool {
    matches!(instruction.word.as_str(), "COPY" | "ADD") && instruction.flag("chmod").is_some_and(is_open)
}

/// Whether the whole context is copied.
fn copies_context(instruction: &Instruction) -> bool {
    matches!(instruction.word.as_str(), "COPY" | "ADD")
        && instruction.flag("from").is_none()
        && !instruction.flags.iter().any(|(name, _)| name == "exclude")
        && sources(instruction).iter().any(|source| matches!(source.as_str(), "." | "./" | "/" | "./." | "*"))
}

/// What is in the context of a build and must not be in an image, where nothing keeps it out:
/// `.git` and files of variables.
pub(super) fn leaks(instruction: &Instruction, path: &str, repository: &Repository) -> Vec<String> {
    if !copies_context(instruction) {
        return Vec::new();
    }
    let folder = folder_of(path);
    let source = repository.source();
    let is_there = |path: &str| match source.read(path, 1 << 20) {
        Ok(_) => true,
        Err(why) => why != "does not exist",
    };
    let own = joined(folder, &format!("{}.dockerignore", name_of(path)));
    let folders =
        std::iter::successors(Some(folder), |folder| (!folder.is_empty()).then(|| folder_of(folder)));
    // The context may be any folder above: one file is enough to stay silent.
    let mut files = folders.filter_map(|folder| joined(folder, ".dockerignore")).chain(own);
    if files.any(|file| is_there(&file)) {
        return Vec::new();
    }
    let mut found: Vec<String> = Vec::new();
    if joined(folder, ".git/HEAD").is_some_and(|head| source.read(&head, 4096).is_ok()) {
        found.push(".git".to_owned());
    }
    let below = if folder.is_empty() { String::new() } else { format!("{folder}/") };
    let secret =
        |path: &&str| path.starts_with(&below) && !is_for_development(path) && !is_template(name_of(path));
    if repository.only().is_none() {
        found.extend(repository.of_kind(Kind::Dotenv).into_iter().filter(secret).map(str::to_owned));
    }
    found.truncate(5);
    found
}

/// `.env.example` and its like.
fn is_template(name: &str) -> bool {
    name.split('.')
        .any(|part| matches!(part, "example" | "sample" | "template" | "dist" | "defaults" | "schema"))
}

/// The stage that is copied from and is no earlier one: a number that is too high, or a name.
pub(super) fn unknown_stage(
    instruction: &Instruction,
    number: usize,
    stages: &Stages<'_>,
) -> Option<Unknown> {
    let name = match instruction.word.as_str() {
        "COPY" => instruction.flag("from")?,
        "RUN" => instruction
            .flags
            .iter()
            .filter(|(name, _)| name == "mount")
            .find_map(|(_, value)| value.split(',').find_map(|part| part.strip_prefix("from=")))?,
        _ => return None,
    };
    if let Ok(wanted) = name.parse::<usize>() {
        return (wanted >= number).then(|| Unknown::Stage(name.to_owned()));
    }
    let named = stages.named(name);
    // A name may be that of an image or of a context that is given to the build.
    let is_image = name.contains(['/', ':', '$', '.', '@']) || IMAGES.contains(&name);
    match named {
        Some(at) if at >= number => Some(Unknown::Stage(name.to_owned())),
        Some(_) => None,
        None => (!is_image && !name.is_empty()).then(|| Unknown::Name(name.to_owned())),
    }
}

/// A stage that is copied from and does not exist.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(super) enum Unknown {
    /// It would have to be a stage.
    Stage(String),
    /// It may be an image or context.
    Name(String),
}

const IMAGES: [&str; 20] = [
    "alpine",
    "busybox",
    "debian",
    "ubuntu",
    "node",
    "golang",
    "python",
    "composer",
    "php",
    "ruby",
    "rust",
    "nginx",
    "docker",
    "caddy",
    "redis",
    "postgres",
    "maven",
    "gradle",
    "hashicorp",
    "traefik",
];

#[cfg(test)]
mod tests {
    use super::super::parse::parse;
    use super::*;

    #[test]
    fn what_add_does_is_told() {
        for (text, unchecked, enough) in [
            ("ADD https://x/a /a", true, false),
            ("ADD --checksum=sha256:00 https://x/a /a", false, false),
            ("ADD https://github.com/a/b.git#v1 /a", false, false),
            ("ADD a.tar.gz /a", false, false),
            ("ADD [\"a b\", \"/c\"]", false, true),
            ("ADD app.jar x.jar /a/", false, true),
            ("ADD ${FILE} /a", false, false),
            ("COPY a b", false, false),
        ] {
            let one = &parse(text)[0];
            assert_eq!((adds_unchecked(one), copy_is_enough(one)), (unchecked, enough), "{text}");
        }
    }

    #[test]
    fn what_leaks_is_named() {
        let leaks = |files: &[(&str, &str)], path: &str| {
            super::leaks(&parse("COPY . .")[0], path, &Repository::of(files))
        };
        let env = ("a/.env", "A=1");
        assert_eq!(leaks(&[env, ("a/.env.example", "")], "a/Dockerfile"), ["a/.env"]);
        assert_eq!(leaks(&[(".git/HEAD", "x"), env], "Dockerfile"), [".git", "a/.env"]);
        assert_eq!(leaks(&[env], "b/Dockerfile"), [""; 0]);
        for ignore in [".dockerignore", "a/.dockerignore", "a/Dockerfile.dockerignore"] {
            assert_eq!(leaks(&[env, (ignore, "")], "a/Dockerfile"), [""; 0], "{ignore}");
        }
    }
}
