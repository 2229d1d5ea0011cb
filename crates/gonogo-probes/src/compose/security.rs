//! Switches that turn protection off, default passwords, secrets written into the file, and
//! secrets that do not arrive. Names come out, never values.

use super::declared::{Service, Variable};
use super::known_images::Role;
use super::project::Project;
use super::tree::{Origin, Part, Text};
use crate::credential::variable::{self, Kind};

/// Variables that turn protection off with one of these values. Several values: `|`.
const VARIABLES: [(&str, &str); 22] = [
    ("POSTGRES_HOST_AUTH_METHOD", "trust"),
    ("ALLOW_EMPTY_PASSWORD", "yes|true|1"),
    ("MYSQL_ALLOW_EMPTY_PASSWORD", "*"),
    ("MARIADB_ALLOW_EMPTY_ROOT_PASSWORD", "*"),
    ("MARIADB_ALLOW_EMPTY_PASSWORD", "*"),
    ("ALLOW_ANONYMOUS_LOGIN", "yes|true|1"),
    ("ALLOW_PLAINTEXT_LISTENER", "yes|true|1"),
    ("xpack.security.enabled", "false"),
    ("plugins.security.disabled", "true"),
    ("DISABLE_SECURITY_PLUGIN", "true"),
    ("NODE_TLS_REJECT_UNAUTHORIZED", "0"),
    ("PYTHONHTTPSVERIFY", "0"),
    ("GIT_SSL_NO_VERIFY", "true|1"),
    ("GF_AUTH_ANONYMOUS_ORG_ROLE", "Admin|Editor"),
    ("NEO4J_AUTH", "none"),
    ("AUTHENTICATION_ANONYMOUS_ACCESS_ENABLED", "true"),
    ("ETCD_CLIENT_CERT_AUTH", "false"),
    ("COUCHDB_NO_AUTH", "true|1"),
    ("ME_CONFIG_BASICAUTH", "false"),
    ("DOCKER_TLS_VERIFY", "0"),
    ("PGSSLMODE", "disable|allow"),
    ("VAULT_SKIP_VERIFY", "true|1"),
];
/// Words of a command that turn protection off.
const FLAGS: [&str; 12] = [
    "--insecure",
    "--insecure=true",
    "--insecure-skip-tls-verify",
    "--api.insecure=true",
    "--api.insecure",
    "--noauth",
    "--skip-grant-tables",
    "--no-auth",
    "ssl=off",
    "--ssl=off",
    "-dev",
    "--disable-auth",
];

/// The switches of a service that turn protection off.
pub(super) fn insecure_flags(service: &Service<'_>) -> Vec<String> {
    let mut found: Vec<String> = Vec::new();
    for (at, word) in service.command.iter().enumerate() {
        // `-dev` means something for Vault and Consul only.
        if FLAGS.contains(&word.as_str())
            && (word != "-dev"
                || service.is_image(&["hashicorp/vault", "vault", "hashicorp/consul", "consul"]))
        {
            found.push(word.clone());
        }
        let next = service.command.get(at + 1).map(String::as_str);
        if word == "--protected-mode" && next == Some("no") {
            found.push("--protected-mode no".to_owned());
        }
    }
    for variable in &service.environment {
        let Some(text) = variable.value.as_ref().filter(|text| text.origin == Origin::Literal) else {
            continue;
        };
        let turned = VARIABLES.iter().any(|(name, values)| {
            variable.name.eq_ignore_ascii_case(name)
                && !text.value.is_empty()
                && match *values {
                    "*" => !matches!(text.value.to_lowercase().as_str(), "no" | "false" | "0"),
                    values => values.split('|').any(|value| text.value.eq_ignore_ascii_case(value)),
                }
        });
        if turned {
            found.push(format!("{}={}", variable.name, text.value));
        }
    }
    found.dedup();
    found
}

/// Variables whose value is a default that everybody knows, and those that an image falls back on.
pub(super) fn default_passwords(service: &Service<'_>) -> Vec<String> {
    let mut found = written(service, Kind::Default);
    let is_minio = service.is_image(&["minio/minio", "quay.io/minio/minio"]);
    let names = [
        "MINIO_ROOT_PASSWORD",
        "MINIO_ROOT_PASSWORD_FILE",
        "MINIO_SECRET_KEY",
        "MINIO_SECRET_KEY_FILE",
        "MINIO_CONFIG_ENV_FILE",
    ];
    let serves = service.command.iter().any(|word| word == "server");
    if is_minio
        && serves
        && !service.environment_is_partial
        && !names.iter().any(|name| service.has_variable(name))
    {
        found.push("MINIO_ROOT_PASSWORD".to_owned());
    }
    found
}

/// Variables with a secret that stands in the compose file.
pub(super) fn plain_secrets(service: &Service<'_>) -> Vec<String> {
    written(service, Kind::Secret)
}

/// Variables with a secret that falls back on a value of the compose file.
pub(super) fn fallback_secrets(service: &Service<'_>) -> Vec<String> {
    let is_fallback = |variable: &&Variable| {
        let text = variable.value.as_ref().filter(|text| text.origin == Origin::Default);
        text.is_some_and(|text| {
            variable::kind(&variable.name, &text.value) != Kind::Nothing && !variable::is_blank(&text.value)
        })
    };
    service.environment.iter().filter(is_fallback).map(|variable| variable.name.clone()).collect()
}

/// What a variable holds. A password that is the name of the service, or of its user or database,
/// is the first that a stranger tries, so it counts as a default.
fn kind(service: &Service<'_>, name: &str, value: &str) -> Kind {
    let kind = variable::kind(name, value);
    let password = variable::password_in_url(value).unwrap_or(value).trim();
    let is_a_name = || {
        let names = service.environment.iter().filter(|other| variable::says_name(&other.name));
        let values = names.filter_map(|other| other.value.as_ref()).map(|text| text.value.as_str());
        let own = std::iter::once(service.name).chain(variable::user_in_url(value));
        own.chain(values).any(|other| other.eq_ignore_ascii_case(password))
    };
    if kind == Kind::Secret && is_a_name() { Kind::Default } else { kind }
}

fn written(service: &Service<'_>, wanted: Kind) -> Vec<String> {
    // Secrets in a file of variables are a matter of that file.
    let is_seen = |origin: Origin| {
        origin == Origin::Literal || (origin == Origin::Committed && wanted == Kind::Default)
    };
    let is_wanted = |variable: &&Variable| {
        let text = variable.value.as_ref().filter(|text| is_seen(text.origin));
        text.is_some_and(|text| kind(service, &variable.name, &text.value) == wanted)
    };
    service.environment.iter().filter(is_wanted).map(|variable| variable.name.clone()).collect()
}

/// Every value that must not be seen: what stands in the file, and what env files hold.
pub(super) fn values<'s>(service: &'s Service<'_>) -> impl Iterator<Item = (&'s str, &'s Text)> {
    service.environment.iter().filter_map(|variable| {
        let text = variable.value.as_ref()?;
        (kind(service, &variable.name, &text.value) == Kind::Secret).then_some((variable.name.as_str(), text))
    })
}

/// What it uses of `kind` and the project does not declare.
pub(super) fn undeclared(service: &Service<'_>, project: &Project, kind: &str) -> Vec<String> {
    let declared = project.declared(kind);
    let lost =
        service.uses(kind).into_iter().filter(|name| !declared.iter().any(|entry| entry.name == *name));
    lost.filter(|name| kind != "networks" || name != "default").collect()
}

/// Variables that name a file under `/run/secrets` that is not there, as `NAME: file`.
pub(super) fn secrets_not_mounted(service: &Service<'_>) -> Vec<String> {
    let granted = service.part.get("secrets").map(Part::each).unwrap_or_default();
    let mut names: Vec<String> = Vec::new();
    for one in granted {
        let target = one.get("target").and_then(Part::value);
        let source = one.get("source").unwrap_or(one).value();
        names.extend(target.or(source).map(|name| name.rsplit('/').next().unwrap_or_default().to_owned()));
    }
    let missing = service.environment.iter().filter_map(|variable| {
        let text = variable.value.as_ref().filter(|text| text.is_written())?;
        let file = text.value.strip_prefix("/run/secrets/")?;
        let is_mounted = service.mounts.iter().any(|mount| mount.holds(&text.value));
        (!is_mounted && !names.iter().any(|name| name == file)).then(|| format!("{}: {file}", variable.name))
    });
    missing.collect()
}

/// Variables with a database URL that asks for no encryption.
pub(super) fn unencrypted(service: &Service<'_>) -> Vec<String> {
    let off = ["sslmode=disable", "sslmode=allow", "tls=false", "ssl=false", "useSSL=false"];
    let found = service.environment.iter().filter(|variable| {
        variable.value.as_ref().is_some_and(|text| {
            text.origin == Origin::Literal
                && text.value.contains("://")
                && off.iter().any(|word| text.value.contains(word))
        })
    });
    found.map(|variable| variable.name.clone()).collect()
}

/// Whether credentials of a health check are a well-known default that the service itself, which
/// gets its credentials elsewhere, does not have.
pub(super) fn are_foreign(service: &Service<'_>, credentials: &[String]) -> bool {
    let gets_secrets = service.part.get("secrets").is_some_and(|part| !part.each().is_empty())
        || service.environment.iter().any(|variable| variable.name.ends_with("_FILE"));
    let has = |value: &str| {
        service.command.iter().any(|word| word.contains(value))
            || service
                .environment
                .iter()
                .filter_map(|variable| variable.value.as_ref())
                .any(|text| text.value == value)
    };
    gets_secrets
        && !credentials.is_empty()
        && credentials.iter().all(|value| variable::is_default(value) && !has(value))
}

/// Whether what it holds must not be lost.
pub(super) fn is_database(service: &Service<'_>) -> bool {
    matches!(service.role(), Some(Role::Database))
}
