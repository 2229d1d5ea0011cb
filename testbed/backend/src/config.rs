//! The backend's configuration, read from an environment. It starts without `JWT_SECRET` and
//! without `CONNECTION_POOL_SIZE`: that is what the assessment of S0 found.

use std::collections::BTreeMap;
use std::fmt;

use crate::fault::Fault;

/// A variable of the environment is missing or cannot be read. Texts never carry a value.
#[derive(Debug, thiserror::Error)]
pub enum ConfigError {
    /// There is no database to use.
    #[error(
        "DATABASE_URL is not set; set it to postgres://user:password@host:port/name or to sqlite://path/of/a/file"
    )]
    NoDatabaseUrl,
    /// The database is of no kind we know.
    #[error("DATABASE_URL must begin with postgres:// or sqlite://")]
    UnknownDatabase,
    /// A number was expected.
    #[error("{name} must be a whole number from {least} to {most}")]
    NotANumber {
        /// The variable.
        name: &'static str,
        /// The least it may be.
        least: u32,
        /// The most it may be.
        most: u32,
    },
}

/// The user that exists after start, from `SEED_USER_EMAIL` and `SEED_USER_PASSWORD`.
#[derive(Clone)]
pub(crate) struct SeedUser {
    pub(crate) email: String,
    pub(crate) password: String,
}

/// What the backend runs with.
#[derive(Clone)]
pub struct Config {
    pub(crate) port: u16,
    pub(crate) database_url: String,
    pub(crate) jwt_secret: Option<String>,
    pub(crate) pool_size: Option<u32>,
    pub(crate) seed_user: Option<SeedUser>,
    pub(crate) health_lies: bool,
    pub(crate) slow_answers: bool,
}

impl fmt::Debug for Config {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        formatter.debug_struct("Config").field("port", &self.port).finish_non_exhaustive()
    }
}

impl Config {
    /// Reads the configuration from an environment in which the given faults are switched on.
    pub fn from_environment(
        mut environment: BTreeMap<String, String>,
        faults: &[Fault],
    ) -> Result<Config, ConfigError> {
        for fault in faults {
            fault.environment(&mut environment);
        }
        let get = |name: &str| environment.get(name).filter(|value| !value.is_empty()).cloned();
        let seed_user = get("SEED_USER_EMAIL").zip(get("SEED_USER_PASSWORD"));
        let port = number("PORT", get("PORT"), 0, u32::from(u16::MAX))?;
        Ok(Config {
            port: port.and_then(|port| u16::try_from(port).ok()).unwrap_or(0),
            database_url: database_url(get("DATABASE_URL"))?,
            jwt_secret: get("JWT_SECRET"),
            pool_size: number("CONNECTION_POOL_SIZE", get("CONNECTION_POOL_SIZE"), 1, 10_000)?,
            seed_user: seed_user.map(|(email, password)| SeedUser { email, password }),
            health_lies: faults.contains(&Fault::HealthLies),
            slow_answers: faults.contains(&Fault::SlowAnswers),
        })
    }
}

/// A missing SQLite file is created, unless the address says otherwise.
fn database_url(url: Option<String>) -> Result<String, ConfigError> {
    let url = url.ok_or(ConfigError::NoDatabaseUrl)?;
    match url.split_once("://") {
        Some(("postgres" | "postgresql", _)) => Ok(url),
        Some(("sqlite", _)) if url.contains('?') => Ok(url),
        Some(("sqlite", _)) => Ok(format!("{url}?mode=rwc")),
        _ => Err(ConfigError::UnknownDatabase),
    }
}

fn number(
    name: &'static str,
    value: Option<String>,
    least: u32,
    most: u32,
) -> Result<Option<u32>, ConfigError> {
    let Some(value) = value else { return Ok(None) };
    match value.parse() {
        Ok(number) if (least..=most).contains(&number) => Ok(Some(number)),
        _ => Err(ConfigError::NotANumber { name, least, most }),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn refused(pairs: &[(&str, &str)]) -> String {
        let environment = pairs.iter().map(|(name, value)| ((*name).into(), (*value).into())).collect();
        Config::from_environment(environment, &[]).unwrap_err().to_string()
    }

    #[test]
    fn a_refusal_says_what_to_set_and_shows_no_value() {
        assert!(refused(&[]).starts_with("DATABASE_URL is not set; set it to postgres://"));
        assert!(refused(&[("DATABASE_URL", "")]).starts_with("DATABASE_URL is not set"));
        let unknown = refused(&[("DATABASE_URL", "mysql://u:canary@h/d")]);
        assert_eq!(unknown, "DATABASE_URL must begin with postgres:// or sqlite://");
        let url = ("DATABASE_URL", "sqlite://x");
        let pool = refused(&[url, ("CONNECTION_POOL_SIZE", "0")]);
        assert_eq!(pool, "CONNECTION_POOL_SIZE must be a whole number from 1 to 10000");
        assert!(refused(&[url, ("PORT", "70000")]).starts_with("PORT must be"));
    }
}
