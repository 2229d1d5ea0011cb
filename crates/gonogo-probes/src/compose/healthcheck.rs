//! The health check of a service: whether there is one, in which form, and what it runs. Whether
//! it tells the truth is asked in the rooms below.

use super::declared::Service;
use super::image::Image;
use super::known_images;
use super::shell::{self, Command};
use super::tree::{Kind, Origin, Part, Spot, Text};

pub(super) mod contact;
pub(super) mod credentials;
pub(super) mod truth;

/// Whether a service has a health check.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum State {
    /// Compose says none, and neither does the image as far as it can be seen.
    None,
    /// It is switched off.
    Disabled,
    /// Compose has a test.
    Set,
    /// The image's Dockerfile has one.
    Image,
}

impl State {
    pub(super) fn name(self) -> &'static str {
        match self {
            State::None => "none",
            State::Disabled => "disabled",
            State::Set => "set",
            State::Image => "image",
        }
    }
}

/// How a test is run.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Form {
    /// `CMD`: these words, no shell.
    Exec,
    /// `CMD-SHELL`, a text, or `CMD sh -c`.
    Shell,
    /// A list that starts with none of the words compose knows.
    Invalid,
}

/// A health check.
#[derive(Debug)]
pub(super) struct Healthcheck {
    pub(super) state: State,
    /// Whether an image that cannot be seen may have one.
    pub(super) may_be_in_image: bool,
    pub(super) at: Option<Spot>,
    pub(super) has_start_period: bool,
    pub(super) form: Form,
    /// What is run, known variables replaced.
    pub(super) commands: Vec<Command>,
    /// The same as it is written.
    pub(super) written: Vec<Command>,
    /// The test as one line, as it is written.
    pub(super) line: String,
}

/// Images whose own Dockerfile has a health check.
const WITH_HEALTHCHECK: [&str; 8] = [
    "gcr.io/cadvisor/cadvisor",
    "google/cadvisor",
    "ghcr.io/google/cadvisor",
    "couchbase",
    "redis/redis-stack",
    "pihole/pihole",
    "mongo-express",
    "kong",
];

/// Images to start from, which have none.
const WITHOUT_HEALTHCHECK: [&str; 18] = [
    "alpine",
    "busybox",
    "debian",
    "ubuntu",
    "fedora",
    "rockylinux",
    "almalinux",
    "amazonlinux",
    "python",
    "node",
    "golang",
    "rust",
    "ruby",
    "php",
    "openjdk",
    "eclipse-temurin",
    "curlimages/curl",
    "minio/mc",
];

/// The health check of `service`.
pub(super) fn of(service: &Service<'_>) -> Healthcheck {
    let part = service.part.get("healthcheck");
    let (own, may_be_in_image) = in_image(service);
    let mut check = Healthcheck {
        state: own,
        may_be_in_image,
        at: service.part.entry("healthcheck").map(|entry| entry.at),
        has_start_period: false,
        form: Form::Shell,
        commands: Vec::new(),
        written: Vec::new(),
        line: String::new(),
    };
    let Some(part) = part.filter(|part| !part.is_null()) else { return check };
    check.has_start_period = part
        .get("start_period")
        .and_then(Part::value)
        .is_some_and(|value| value.contains("${") || value.contains(|c: char| ('1'..='9').contains(&c)));
    let test = part.get("test").filter(|test| !test.is_null());
    let is_off = part.get("disable").is_some_and(Part::is_true);
    match test {
        _ if is_off => check.state = State::Disabled,
        // Times alone: the test is the image's.
        None => check.may_be_in_image = check.state == State::None && check.may_be_in_image,
        Some(test) => read(test, &mut check),
    }
    check
}

fn in_image(service: &Service<'_>) -> (State, bool) {
    match (&service.build, &service.image) {
        (Some(build), _) => match build.dockerfile.as_ref().map(|file| (file.healthcheck, &file.base)) {
            Some((Some(true), _)) => (State::Image, false),
            Some((Some(false), _)) => (State::Disabled, false),
            Some((None, base)) => in_base(base.as_deref()),
            None => (State::None, true),
        },
        (None, Some(image)) if WITH_HEALTHCHECK.contains(&image.repository.as_str()) => (State::Image, false),
        (None, Some(image)) if WITHOUT_HEALTHCHECK.contains(&image.repository.as_str()) => {
            (State::None, false)
        }
        (None, Some(_)) => (State::None, !service.known.is_some_and(|(_, is_sure)| is_sure)),
        (None, None) => (State::None, true),
    }
}

/// What an image inherits: nothing from those that others are built on, and nobody knows what from
/// one of one's own.
fn in_base(base: Option<&str>) -> (State, bool) {
    const BARE: [&str; 6] = [
        "gcr.io/distroless/",
        "mcr.microsoft.com/",
        "registry.access.redhat.com/ubi",
        "cgr.dev/chainguard/",
        "public.ecr.aws/docker/library/",
        "nvidia/cuda",
    ];
    let Some(base) = base.filter(|base| !base.contains('$')) else { return (State::None, true) };
    let image = Image::of(&Text { raw: base.to_owned(), value: base.to_owned(), origin: Origin::Literal });
    let name = image.repository.as_str();
    if WITH_HEALTHCHECK.contains(&name) {
        return (State::Image, false);
    }
    let is_official = !name.contains('/');
    let is_bare = is_official
        || WITHOUT_HEALTHCHECK.contains(&name)
        || BARE.iter().any(|start| name.starts_with(start))
        || known_images::find(&image).is_some_and(|(_, is_sure)| is_sure);
    (State::None, !is_bare)
}

fn read(test: &Part, check: &mut Healthcheck) {
    let texts: Vec<Text> = test.each().iter().filter_map(Part::text).collect();
    check.state = State::Set;
    check.line = texts.iter().map(|text| text.raw.as_str()).collect::<Vec<_>>().join(" ");
    let is_list = matches!(test.kind, Kind::List(_));
    let (form, rest) = match texts.first().map(|text| text.value.as_str()) {
        Some("NONE") => {
            check.state = State::Disabled;
            (Form::Shell, &texts[..0])
        }
        Some("CMD-SHELL") if is_list => (Form::Shell, &texts[1..]),
        Some("CMD") if is_list => (Form::Exec, &texts[1..]),
        _ if !is_list => (Form::Shell, &texts[..]),
        _ => (Form::Invalid, &texts[..]),
    };
    let value: Vec<String> = rest.iter().map(|text| text.value.clone()).collect();
    let raw: Vec<String> = rest.iter().map(|text| text.raw.clone()).collect();
    check.form = form;
    (check.commands, check.written) = (commands(form, value.clone()), commands(form, raw));
    if form == Form::Exec && script(&value).is_some() {
        check.form = Form::Shell;
    }
}

fn commands(form: Form, words: Vec<String>) -> Vec<Command> {
    match form {
        Form::Shell => shell::commands(&words.join(" ")),
        Form::Exec | Form::Invalid => match script(&words) {
            Some(text) => shell::commands(text),
            None => vec![Command { words, then: shell::Then::End }],
        },
    }
}

/// The text behind `sh -c`.
fn script(words: &[String]) -> Option<&str> {
    let shell = words.first()?.rsplit('/').next()?;
    let is_shell = matches!(shell, "sh" | "bash" | "ash" | "dash");
    let at = words.iter().position(|word| word.starts_with('-') && word.ends_with('c'))?;
    words.get(at + 1).filter(|_| is_shell).map(String::as_str)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_an_image_inherits_is_known_of_well_known_bases_only() {
        for base in ["python:3.13-slim", "docker.io/library/node:22", "gcr.io/distroless/static", "scratch"] {
            assert_eq!(in_base(Some(base)), (State::None, false), "{base}");
        }
        for base in [Some("ghcr.io/shop/base:1"), Some("shop/voteapp:2"), Some("${BASE}"), None] {
            assert_eq!(in_base(base), (State::None, true), "{base:?}");
        }
        assert_eq!(in_base(Some("kong:3.7")), (State::Image, false));
    }
}
