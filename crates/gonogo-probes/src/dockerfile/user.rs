//! Who the processes of an image run as, as far as that can be known without the base image.

use super::run::mentions;
use super::stages::{Base, Stages};
use crate::compose::about;

/// Images of systems and languages: they start as root what is put into them.
const ROOTS: [&str; 46] = [
    "alpine",
    "debian",
    "ubuntu",
    "busybox",
    "fedora",
    "centos",
    "rockylinux",
    "almalinux",
    "amazonlinux",
    "oraclelinux",
    "archlinux",
    "opensuse/leap",
    "photon",
    "buildpack-deps",
    "node",
    "python",
    "pypy",
    "ruby",
    "golang",
    "rust",
    "php",
    "perl",
    "openjdk",
    "eclipse-temurin",
    "amazoncorretto",
    "ibmjava",
    "sapmachine",
    "maven",
    "gradle",
    "clojure",
    "erlang",
    "elixir",
    "haskell",
    "swift",
    "dart",
    "julia",
    "r-base",
    "gcc",
    "oven/bun",
    "denoland/deno",
    "mcr.microsoft.com/dotnet/aspnet",
    "mcr.microsoft.com/dotnet/sdk",
    "mcr.microsoft.com/dotnet/runtime",
    "mcr.microsoft.com/dotnet/runtime-deps",
    "tomcat",
    "caddy",
];
/// Start a server of their own as root.
const SERVERS: [&str; 2] = ["tomcat", "caddy"];
/// Start as root and give it up by themselves.
const DROP: [&str; 24] = [
    "nginx",
    "httpd",
    "postgres",
    "mysql",
    "mariadb",
    "mongo",
    "redis",
    "valkey/valkey",
    "rabbitmq",
    "memcached",
    "haproxy",
    "cassandra",
    "wordpress",
    "nextcloud",
    "ghost",
    "mongo-express",
    "neo4j",
    "influxdb",
    "postgis/postgis",
    "timescale/timescaledb",
    "pgvector/pgvector",
    "openresty/openresty",
    "elasticsearch",
    "kibana",
];
/// Tools with which an entrypoint gives up being root.
const TOOLS: [&str; 6] = ["gosu", "su-exec", "setpriv", "runuser", "s6-setuidgid", "s6-overlay"];

/// Who it is.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Runs {
    /// Root, for all that is known.
    Root,
    /// Root at first, and there is something that gives it up.
    Drops,
    /// Somebody else.
    User,
    /// The base image says it, and is not known here.
    Unknown,
    /// It starts nothing by itself.
    Nothing,
}

impl Runs {
    pub(super) fn name(self) -> &'static str {
        match self {
            Runs::Root => "root",
            Runs::Drops => "drops",
            Runs::User => "user",
            Runs::Unknown => "unknown",
            Runs::Nothing => "nothing",
        }
    }
}

/// Who the last stage runs as, and the line that says so.
pub(super) fn runs_as(stages: &Stages<'_>) -> (Runs, Option<u32>) {
    let Some(last) = stages.all.len().checked_sub(1) else { return (Runs::Unknown, None) };
    let said = stages.backwards(last);
    let starts = said.iter().any(|one| matches!(one.word.as_str(), "CMD" | "ENTRYPOINT"));
    let drops = said.iter().any(|one| {
        TOOLS
            .iter()
            .any(|tool| mentions(&one.rest, tool) || one.documents.iter().any(|body| mentions(body, tool)))
    });
    let user = said.iter().find(|one| one.word == "USER");
    let runs = match user.map(|one| one.rest.split(':').next().unwrap_or_default().trim().trim_matches('"')) {
        Some("root" | "0") if drops => Runs::Drops,
        Some("root" | "0") => Runs::Root,
        Some(_) => Runs::User,
        None if drops => Runs::Drops,
        None => by_base(stages.root(last), starts),
    };
    (runs, user.map(|one| one.line))
}

fn by_base(base: &Base, starts: bool) -> Runs {
    match base {
        Base::Image { reference, .. } => by_image(reference, starts),
        Base::Scratch if starts => Runs::Root,
        Base::Scratch => Runs::Nothing,
        Base::Unknown | Base::Stage(_) => Runs::Unknown,
    }
}

fn by_image(reference: &str, starts: bool) -> Runs {
    let image = about(reference);
    let name = image.repository.as_str();
    let is_distroless = name.starts_with("gcr.io/distroless/");
    if image.tag.as_deref().is_some_and(|tag| tag.contains("nonroot"))
        || name.contains("nonroot")
        || name.contains("unprivileged")
    {
        return Runs::User;
    }
    if DROP.contains(&name) {
        return Runs::Drops;
    }
    match (ROOTS.contains(&name) || is_distroless, starts || SERVERS.contains(&name)) {
        (true, true) => Runs::Root,
        (true, false) => Runs::Nothing,
        _ => Runs::Unknown,
    }
}

#[cfg(test)]
mod tests {
    use super::super::parse::parse;
    use super::*;

    #[test]
    fn who_it_runs_as_is_told() {
        for (text, expected) in [
            ("FROM node:22\nCMD [\"x\"]", Runs::Root),
            ("FROM node:22", Runs::Nothing),
            ("FROM node:22\nUSER node\nCMD x", Runs::User),
            ("FROM node:22\nUSER node\nUSER root\nCMD x", Runs::Root),
            ("FROM debian:12 AS a\nUSER 1000:1000\nFROM a\nCMD x", Runs::User),
            ("FROM debian:12\nRUN apt-get install -y gosu\nCMD x", Runs::Drops),
            ("FROM nginx:1.27\nCOPY a b", Runs::Drops),
            ("FROM gcr.io/distroless/static:nonroot\nCMD [\"x\"]", Runs::User),
            ("FROM gcr.io/distroless/static-debian12\nCMD [\"x\"]", Runs::Root),
            ("FROM scratch\nENTRYPOINT [\"/x\"]", Runs::Root),
            ("FROM acme/base:1\nCMD x", Runs::Unknown),
            ("ARG B\nFROM $B\nUSER 0\nCMD x", Runs::Root),
        ] {
            let instructions = parse(text);
            assert_eq!(runs_as(&Stages::of(&instructions)).0, expected, "{text}");
        }
    }
}
