//! Which tools an image surely does not carry, so that a health check with them can never pass.
//! Each line says why. What differs between releases in use is left out: no answer is no claim.

use super::image::Image;

/// Which tags of an image a line is about.
#[derive(Clone, Copy)]
enum Tags {
    All,
    Alpine,
    /// Debian's slim variants.
    Slim,
    /// Everything without `alpine` in its tag.
    NotAlpine,
    From(u32),
    Before(u32),
}

struct Lacks {
    images: &'static [&'static str],
    tags: Tags,
    tools: &'static [&'static str],
    why: &'static str,
}

const FETCHERS: &[&str] = &["curl", "wget"];
const CURL: &[&str] = &["curl"];
/// An image without a shell has none of these either.
const EVERYTHING: &[&str] =
    &["sh", "bash", "ash", "curl", "wget", "nc", "ncat", "pgrep", "ps", "test", "cat", "grep"];

const LACKS: &[Lacks] = &[
    Lacks {
        images: &[
            "prom/prometheus",
            "quay.io/prometheus/prometheus",
            "prom/alertmanager",
            "quay.io/prometheus/alertmanager",
            "prom/node-exporter",
            "quay.io/prometheus/node-exporter",
            "prom/pushgateway",
            "prom/blackbox-exporter",
            "prometheuscommunity/postgres-exporter",
            "quay.io/prometheuscommunity/postgres-exporter",
        ],
        tags: Tags::All,
        tools: &["curl", "bash"],
        why: "it is made from busybox, which has wget and no curl",
    },
    Lacks {
        images: &["alpine", "busybox", "traefik", "caddy", "registry"],
        tags: Tags::All,
        tools: CURL,
        why: "it has busybox's wget and no curl",
    },
    Lacks {
        images: &[
            "postgres",
            "redis",
            "memcached",
            "haproxy",
            "node",
            "python",
            "golang",
            "ruby",
            "php",
            "rabbitmq",
            "eclipse-temurin",
        ],
        tags: Tags::Alpine,
        tools: CURL,
        why: "Alpine has busybox's wget and no curl",
    },
    Lacks {
        images: &["node", "python", "ruby", "debian", "openjdk", "perl"],
        tags: Tags::Slim,
        tools: FETCHERS,
        why: "Debian's slim images have neither",
    },
    Lacks {
        images: &["postgres", "redis", "memcached", "haproxy", "rabbitmq", "valkey/valkey"],
        tags: Tags::NotAlpine,
        tools: FETCHERS,
        why: "it is made from Debian or Ubuntu without either",
    },
    Lacks {
        images: &["nginx"],
        tags: Tags::NotAlpine,
        tools: &["wget", "nc"],
        why: "it has curl and no wget",
    },
    Lacks { images: &["mongo"], tags: Tags::All, tools: FETCHERS, why: "it has mongosh and neither of them" },
    Lacks {
        images: &["mongo"],
        tags: Tags::From(6),
        tools: &["mongo"],
        why: "the old shell is gone since 6.0; it is called mongosh",
    },
    Lacks {
        images: &["mongo"],
        tags: Tags::Before(5),
        tools: &["mongosh"],
        why: "mongosh came with 5.0; here it is called mongo",
    },
    Lacks {
        images: &["mariadb"],
        tags: Tags::From(11),
        tools: &["mysqladmin", "mysql"],
        why: "since 11 the tools are called mariadb-admin and mariadb",
    },
    Lacks {
        images: &["minio/minio", "quay.io/minio/minio"],
        tags: Tags::All,
        tools: &["wget", "nc"],
        why: "it has mc, and no wget",
    },
    Lacks {
        images: &["cockroachdb/cockroach"],
        tags: Tags::All,
        tools: &["wget", "nc"],
        why: "it has curl and no wget",
    },
    Lacks {
        images: &["qdrant/qdrant"],
        tags: Tags::All,
        tools: FETCHERS,
        why: "it has neither; bash can open /dev/tcp",
    },
    Lacks {
        images: &["quay.io/keycloak/keycloak"],
        tags: Tags::From(17),
        tools: FETCHERS,
        why: "it has neither; bash can open /dev/tcp",
    },
    Lacks {
        images: &[
            "otel/opentelemetry-collector",
            "otel/opentelemetry-collector-contrib",
            "cloudflare/cloudflared",
            "postgrest/postgrest",
            "traefik/whoami",
            "gcr.io/google-containers/pause",
            "registry.k8s.io/pause",
        ],
        tags: Tags::All,
        tools: EVERYTHING,
        why: "it has no shell and no tools",
    },
    Lacks {
        images: &[
            "nats",
            "oliver006/redis_exporter",
            "portainer/portainer-ce",
            "portainer/portainer-ee",
            "portainer/portainer",
        ],
        tags: Tags::NotAlpine,
        tools: EVERYTHING,
        why: "without -alpine in its tag it has no shell and no tools",
    },
];

/// Why `image` surely does not carry `tool`; `None` when that is not known.
pub(super) fn lacks(image: &Image, tool: &str) -> Option<&'static str> {
    if !image.is_known {
        return None;
    }
    if image.repository.starts_with("gcr.io/distroless/") && !image.tag_says("debug") {
        return EVERYTHING.contains(&tool).then_some("distroless images have no shell and no tools");
    }
    let about = |line: &&Lacks| {
        line.images.contains(&image.repository.as_str())
            && line.tools.contains(&tool)
            && fits(line.tags, image)
    };
    LACKS.iter().find(about).map(|line| line.why)
}

fn fits(tags: Tags, image: &Image) -> bool {
    match tags {
        Tags::All => true,
        Tags::Alpine => image.tag_says("alpine"),
        Tags::Slim => image.tag_says("slim"),
        Tags::NotAlpine => !image.tag_says("alpine"),
        Tags::From(first) => image.major().is_some_and(|major| major >= first),
        Tags::Before(first) => image.major().is_some_and(|major| major < first),
    }
}

#[cfg(test)]
mod tests {
    use super::super::interpolate::{Variables, replace};
    use super::*;

    #[test]
    fn only_what_is_sure_is_said() {
        let lacking =
            |raw: &str, tool: &str| lacks(&Image::of(&replace(raw, &Variables::new()).text), tool).is_some();
        for (image, tool) in [
            ("prom/prometheus:v2.53.0", "curl"),
            ("postgres:16", "curl"),
            ("postgres:16-alpine", "curl"),
            ("gcr.io/distroless/static-debian12", "sh"),
            ("nats:2.10", "wget"),
            ("mongo:7", "mongo"),
            ("python:3.12-slim", "curl"),
            ("minio/minio:latest", "wget"),
        ] {
            assert!(lacking(image, tool), "{image} {tool}");
        }
        for (image, tool) in [
            ("prom/prometheus:v2.53.0", "wget"),
            ("postgres:16-alpine", "wget"),
            ("postgres:${TAG}", "curl"),
            ("minio/minio:latest", "curl"),
            ("python:3.12", "curl"),
            ("nginx:1.27", "curl"),
            ("nginx:1.27-alpine", "wget"),
            ("nats:2.10-alpine", "wget"),
            ("mongo:7", "mongosh"),
            ("acme/postgres:16", "curl"),
            ("gcr.io/distroless/base:debug", "sh"),
        ] {
            assert!(!lacking(image, tool), "{image} {tool}");
        }
    }
}
