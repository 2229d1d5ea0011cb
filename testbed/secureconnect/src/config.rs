//! The configuration of a process, read from an environment. A secret may also stand in a file that
//! `NAME_FILE` names, as container platforms give it. Texts of errors never carry a value.

use std::cell::RefCell;
use std::collections::{BTreeMap, BTreeSet};
use std::fmt;
use std::net::{IpAddr, Ipv4Addr};
use std::path::PathBuf;
use std::time::Duration;

use clap::ValueEnum;

use crate::breaker::Limits;

/// Which services a process runs.
#[derive(Debug, Clone, Copy, PartialEq, Eq, ValueEnum)]
pub enum Role {
    /// All five, each on a port of its own.
    All,
    /// The edge: limits, headers, and the way to the others.
    Gateway,
    /// Accounts and tokens.
    Auth,
    /// Conversations, polls, presence and the model.
    Chat,
    /// Calls and push tokens.
    Call,
    /// Files.
    Storage,
}

impl Role {
    /// The name on the command line, in logs and metrics.
    pub fn name(self) -> &'static str {
        match self {
            Role::All => "all",
            Role::Gateway => "gateway",
            Role::Auth => "auth",
            Role::Chat => "chat",
            Role::Call => "call",
            Role::Storage => "storage",
        }
    }
}

/// A variable of the environment is missing or cannot be read.
#[derive(Debug, thiserror::Error)]
pub enum ConfigError {
    /// There must be a value.
    #[error("{name} is not set; set it to {to}")]
    Missing {
        /// The variable.
        name: String,
        /// What it may be.
        to: &'static str,
    },
    /// A value of another form was expected.
    #[error("{name} must be {form}")]
    Form {
        /// The variable.
        name: String,
        /// What it must be.
        form: &'static str,
    },
    /// A file with a secret could not be read.
    #[error("failed to read the file that {name}_FILE names")]
    SecretFile {
        /// The variable.
        name: String,
        /// The operating system's answer.
        source: std::io::Error,
    },
    /// Services that run apart share what they know of logged-out tokens.
    #[error("REDIS_URL is not set; services that run apart need one Redis, or run them with --service all")]
    NoSharedCache,
}

/// What a process runs with.
#[derive(Clone)]
pub struct Config {
    pub(crate) role: Role,
    pub(crate) host: IpAddr,
    pub(crate) port: u16,
    pub(crate) database_url: String,
    pub(crate) pool_size: u32,
    pub(crate) redis_url: Option<String>,
    pub(crate) objects: PathBuf,
    /// Where the objects are instead, when it is set.
    pub(crate) bucket: Option<Bucket>,
    pub(crate) objects_secret: String,
    pub(crate) jwt_secret: String,
    pub(crate) smtp: Option<String>,
    pub(crate) mail_from: String,
    pub(crate) public_url: String,
    pub(crate) push_url: Option<String>,
    pub(crate) ai: Option<Ai>,
    pub(crate) turn_secret: String,
    pub(crate) turn_uris: Vec<String>,
    pub(crate) origins: Vec<String>,
    pub(crate) log_folder: Option<PathBuf>,
    pub(crate) services_file: Option<PathBuf>,
    /// Where the gateway finds the others when they run apart, by name.
    pub(crate) upstreams: BTreeMap<&'static str, String>,
    pub(crate) times: Times,
    pub(crate) limits: Amounts,
    pub(crate) breaker: Limits,
}

/// A bucket of an S3 store.
#[derive(Clone)]
pub(crate) struct Bucket {
    /// Endpoint and bucket.
    pub(crate) url: String,
    pub(crate) region: String,
    pub(crate) key_id: String,
    pub(crate) key: String,
}

/// An OpenAI-compatible server.
#[derive(Clone)]
pub(crate) struct Ai {
    pub(crate) url: String,
    pub(crate) key: Option<String>,
    pub(crate) model: String,
}

/// All durations.
#[derive(Debug, Clone, Copy)]
pub(crate) struct Times {
    pub(crate) request: Duration,
    pub(crate) query: Duration,
    pub(crate) proxy: Duration,
    pub(crate) ai: Duration,
    pub(crate) access_token: Duration,
    pub(crate) session: Duration,
    pub(crate) presigned: Duration,
    pub(crate) turn: Duration,
    pub(crate) lockout: Duration,
    pub(crate) rate_window: Duration,
}

/// All amounts.
#[derive(Debug, Clone, Copy)]
pub(crate) struct Amounts {
    pub(crate) rate_address: u32,
    pub(crate) rate_user: u32,
    pub(crate) login_failures: u32,
    pub(crate) quota_bytes: u32,
}

impl fmt::Debug for Config {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        let mut shown = formatter.debug_struct("Config");
        shown.field("role", &self.role).field("port", &self.port).finish_non_exhaustive()
    }
}

/// The services behind the gateway, and the variables that say where they are.
const UPSTREAMS: [(&str, &str); 4] =
    [("auth", "AUTH_URL"), ("chat", "CHAT_URL"), ("call", "CALL_URL"), ("storage", "STORAGE_URL")];

impl Config {
    /// Reads the configuration of a process that runs these services.
    pub fn from_environment(
        role: Role,
        environment: BTreeMap<String, String>,
    ) -> Result<Config, ConfigError> {
        Config::read(role, &Reader { environment, asked: RefCell::default() })
    }

    fn read(role: Role, reader: &Reader) -> Result<Config, ConfigError> {
        let redis_url = reader.secret("REDIS_URL")?;
        if redis_url.is_none() && role != Role::All {
            return Err(ConfigError::NoSharedCache);
        }
        let origins = reader.text("ALLOWED_ORIGINS").unwrap_or_default();
        let turn_uris = reader.text("TURN_URIS").unwrap_or("turn:localhost:3478?transport=udp".to_owned());
        let list = |text: String| text.split(',').map(str::trim).map(str::to_owned).collect::<Vec<_>>();
        Ok(Config {
            role,
            host: host(reader)?,
            port: u16::try_from(reader.number("PORT", 0, 65_535)?).unwrap_or(0),
            database_url: database_url(reader)?,
            pool_size: reader.number("DATABASE_POOL", 20, 10_000)?.max(1),
            redis_url,
            objects: reader.text("OBJECTS_DIR").unwrap_or("objects".to_owned()).into(),
            bucket: bucket(reader)?,
            objects_secret: reader.needed("OBJECTS_SECRET")?,
            jwt_secret: reader.needed("JWT_SECRET")?,
            smtp: smtp(reader)?,
            mail_from: reader.text("MAIL_FROM").unwrap_or("no-reply@localhost".to_owned()),
            public_url: reader.text("PUBLIC_URL").unwrap_or("http://localhost:8080".to_owned()),
            push_url: reader.text("PUSH_URL"),
            ai: ai(reader)?,
            turn_secret: reader.needed("TURN_SECRET")?,
            turn_uris: list(turn_uris),
            origins: list(origins),
            log_folder: reader.text("LOG_DIR").map(PathBuf::from),
            services_file: reader.text("SERVICES_FILE").map(PathBuf::from),
            upstreams: upstreams(role, reader)?,
            times: times(reader)?,
            limits: amounts(reader)?,
            breaker: Limits {
                failures: reader.number("BREAKER_FAILURES", 5, 1000)?.max(1),
                open_for: reader.millis("BREAKER_OPEN_MS", 10_000)?,
            },
        })
    }

    /// All variables that are read, in order; a secret's `NAME_FILE` is not listed.
    pub fn variables() -> BTreeSet<String> {
        let needed = ["DATABASE_URL", "OBJECTS_SECRET", "JWT_SECRET", "TURN_SECRET", "REDIS_URL"];
        let urls = UPSTREAMS.map(|(_, name)| name);
        let given = needed.into_iter().chain(urls).map(|name| (name.to_owned(), "sqlite://x".to_owned()));
        let reader = Reader { environment: given.collect(), asked: RefCell::default() };
        // All of it is read whatever comes of it.
        let _ = Config::read(Role::Gateway, &reader);
        reader.asked.into_inner()
    }
}

struct Reader {
    environment: BTreeMap<String, String>,
    asked: RefCell<BTreeSet<String>>,
}

impl Reader {
    fn text(&self, name: &str) -> Option<String> {
        self.asked.borrow_mut().insert(name.to_owned());
        self.environment.get(name).filter(|value| !value.is_empty()).cloned()
    }

    fn secret(&self, name: &str) -> Result<Option<String>, ConfigError> {
        if let Some(value) = self.text(name) {
            return Ok(Some(value));
        }
        let Some(path) = self.environment.get(&format!("{name}_FILE")) else { return Ok(None) };
        match std::fs::read_to_string(path) {
            Ok(text) => Ok(Some(text.trim_end().to_owned())),
            Err(source) => Err(ConfigError::SecretFile { name: name.to_owned(), source }),
        }
    }

    fn needed(&self, name: &str) -> Result<String, ConfigError> {
        let to = "a random text of at least 32 bytes, e.g. of `openssl rand -base64 48`";
        self.secret(name)?.ok_or(ConfigError::Missing { name: name.to_owned(), to })
    }

    fn number(&self, name: &str, otherwise: u32, most: u32) -> Result<u32, ConfigError> {
        let Some(value) = self.text(name) else { return Ok(otherwise) };
        let number = value.parse().ok().filter(|number| *number <= most);
        number
            .ok_or(ConfigError::Form { name: name.to_owned(), form: "a whole number that is not too large" })
    }

    fn millis(&self, name: &str, otherwise: u32) -> Result<Duration, ConfigError> {
        Ok(Duration::from_millis(self.number(name, otherwise, u32::MAX)?.into()))
    }

    fn seconds(&self, name: &str, otherwise: u32) -> Result<Duration, ConfigError> {
        Ok(Duration::from_secs(self.number(name, otherwise, u32::MAX)?.into()))
    }
}

/// Where it listens: on loopback, unless somebody says otherwise.
fn host(reader: &Reader) -> Result<IpAddr, ConfigError> {
    let Some(host) = reader.text("HOST") else { return Ok(Ipv4Addr::LOCALHOST.into()) };
    host.parse()
        .map_err(|_| ConfigError::Form { name: "HOST".to_owned(), form: "an address such as 0.0.0.0" })
}

fn database_url(reader: &Reader) -> Result<String, ConfigError> {
    let to = "postgres://user:password@host:port/name or to sqlite://path/of/a/file";
    let name = "DATABASE_URL".to_owned();
    let url = reader.secret(&name)?.ok_or(ConfigError::Missing { name: name.clone(), to })?;
    match url.split_once("://") {
        Some(("postgres" | "postgresql", _)) => Ok(url),
        Some(("sqlite", _)) if url.contains('?') => Ok(url),
        Some(("sqlite", _)) => Ok(format!("{url}?mode=rwc")),
        _ => Err(ConfigError::Form { name, form: "an address that begins with postgres:// or sqlite://" }),
    }
}

/// `HOST:PORT` of the mail server.
fn smtp(reader: &Reader) -> Result<Option<String>, ConfigError> {
    let Some(url) = reader.text("SMTP_URL") else { return Ok(None) };
    let address = url.strip_prefix("smtp://").filter(|address| address.contains(':'));
    let form = "an address such as smtp://mail.internal:25";
    Ok(Some(address.ok_or(ConfigError::Form { name: "SMTP_URL".to_owned(), form })?.to_owned()))
}

fn bucket(reader: &Reader) -> Result<Option<Bucket>, ConfigError> {
    let region = reader.text("OBJECTS_REGION").unwrap_or("us-east-1".to_owned());
    let (url, key_id, key) =
        (reader.text("OBJECTS_URL"), reader.secret("OBJECTS_KEY_ID")?, reader.secret("OBJECTS_KEY")?);
    let Some(url) = url else { return Ok(None) };
    let missing = |name: &str| {
        let to = "what the store gave for this bucket, or take OBJECTS_URL away for a folder";
        ConfigError::Missing { name: name.to_owned(), to }
    };
    let key_id = key_id.ok_or_else(|| missing("OBJECTS_KEY_ID"))?;
    Ok(Some(Bucket { url, region, key_id, key: key.ok_or_else(|| missing("OBJECTS_KEY"))? }))
}

fn ai(reader: &Reader) -> Result<Option<Ai>, ConfigError> {
    let model = reader.text("AI_MODEL").unwrap_or("gpt-4o-mini".to_owned());
    let (url, key) = (reader.text("AI_URL"), reader.secret("AI_KEY")?);
    Ok(url.map(|url| Ai { url: url.trim_end_matches('/').to_owned(), key, model }))
}

fn upstreams(role: Role, reader: &Reader) -> Result<BTreeMap<&'static str, String>, ConfigError> {
    if role != Role::Gateway {
        return Ok(BTreeMap::new());
    }
    let read = UPSTREAMS.into_iter().map(|(service, name)| {
        let to = "the address of the service, such as http://auth:8081";
        let url = reader.text(name).ok_or(ConfigError::Missing { name: name.to_owned(), to })?;
        Ok((service, url.trim_end_matches('/').to_owned()))
    });
    read.collect()
}

fn times(reader: &Reader) -> Result<Times, ConfigError> {
    Ok(Times {
        request: reader.millis("REQUEST_TIMEOUT_MS", 30_000)?,
        query: reader.millis("QUERY_TIMEOUT_MS", 5_000)?,
        proxy: reader.millis("PROXY_TIMEOUT_MS", 30_000)?,
        ai: reader.millis("AI_TIMEOUT_MS", 20_000)?,
        access_token: reader.seconds("ACCESS_TOKEN_S", 900)?,
        session: reader.seconds("SESSION_S", 1_209_600)?,
        presigned: reader.seconds("PRESIGNED_S", 900)?,
        turn: reader.seconds("TURN_S", 3_600)?,
        lockout: reader.seconds("LOCKOUT_S", 900)?,
        rate_window: reader.seconds("RATE_WINDOW_S", 60)?,
    })
}

fn amounts(reader: &Reader) -> Result<Amounts, ConfigError> {
    Ok(Amounts {
        rate_address: reader.number("RATE_ADDRESS", 1_200, u32::MAX)?,
        rate_user: reader.number("RATE_USER", 600, u32::MAX)?,
        login_failures: reader.number("LOCKOUT_FAILURES", 5, 1_000)?,
        quota_bytes: reader.number("QUOTA_BYTES", 104_857_600, u32::MAX)?,
    })
}

#[cfg(test)]
mod tests {
    use super::*;

    fn refused(role: Role, pairs: &[(&str, &str)]) -> String {
        let environment = pairs.iter().map(|(name, value)| ((*name).into(), (*value).into())).collect();
        Config::from_environment(role, environment).unwrap_err().to_string()
    }

    #[test]
    fn a_refusal_says_what_to_set_and_shows_no_value() {
        assert!(refused(Role::All, &[]).starts_with("DATABASE_URL is not set; set it to postgres://"));
        assert!(refused(Role::Auth, &[]).starts_with("REDIS_URL is not set; services that run apart"));
        let canary = refused(Role::All, &[("DATABASE_URL", "mysql://u:canary@h/d")]);
        assert_eq!(canary, "DATABASE_URL must be an address that begins with postgres:// or sqlite://");
        let database = ("DATABASE_URL", "sqlite://x");
        assert!(refused(Role::All, &[database]).starts_with("OBJECTS_SECRET is not set; set it to a random"));
        let pool = refused(Role::All, &[database, ("DATABASE_POOL", "canary")]);
        assert_eq!(pool, "DATABASE_POOL must be a whole number that is not too large");
        let lost = refused(Role::All, &[database, ("OBJECTS_SECRET_FILE", "/nowhere")]);
        assert_eq!(lost, "failed to read the file that OBJECTS_SECRET_FILE names");
    }

    #[test]
    fn a_secret_may_be_in_a_file() {
        let path = std::env::temp_dir().join(format!("secureconnect-secret-{}", std::process::id()));
        std::fs::write(&path, "from a file\n").unwrap();
        let file = path.display().to_string();
        let pairs = [
            ("DATABASE_URL", "sqlite://x"),
            ("OBJECTS_SECRET_FILE", &file),
            ("JWT_SECRET", "direct"),
            ("TURN_SECRET_FILE", &file),
        ];
        let environment = pairs.iter().map(|(name, value)| ((*name).into(), (*value).into())).collect();
        let config = Config::from_environment(Role::All, environment).unwrap();
        std::fs::remove_file(path).unwrap();
        assert_eq!((config.objects_secret.as_str(), config.jwt_secret.as_str()), ("from a file", "direct"));
    }
}
