//! The parameters of `postgres/pool`: as written, and as checked.

use std::time::Duration;

use gonogo_model::amount::{Percent, Wait};
use schemars::JsonSchema;
use serde::Deserialize;

/// More instances, or connections in one pool, are a slip of the pen.
pub(super) const MOST: u32 = 1_000_000;
const MOST_SERVICES: usize = 1_000;
const LONGEST_WAIT: Duration = Duration::from_secs(60);

/// Checked parameters.
#[derive(Debug, Deserialize, JsonSchema)]
#[serde(try_from = "Written")]
pub(crate) struct Params {
    /// Never empty.
    #[schemars(skip)]
    pub(super) services: Vec<Service>,
    pub(super) is_fleet: bool,
    pub(super) headroom: Percent,
    pub(super) other_connections: u32,
    pub(super) timeout: Wait,
}

/// A service with a pool in each of its instances.
#[derive(Debug)]
pub(super) struct Service {
    pub(super) instances: Amount,
    pub(super) pool: Amount,
}

/// A number, or the environment variable that holds it.
#[derive(Debug)]
pub(super) enum Amount {
    Given(u32),
    Variable(String),
}

#[derive(Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
#[schemars(rename = "PostgresPool")]
struct Written {
    /// How many instances of the service run.
    instances: Option<u32>,
    /// The environment variable that says so.
    instances_env: Option<String>,
    /// How many connections the pool of one instance may open.
    pool_size: Option<u32>,
    /// The environment variable that configures it.
    pool_env: Option<String>,
    /// Several services on this server: each has a `name`, and `instances`, `instances_env`,
    /// `pool_size` and `pool_env` of its own instead of those beside `fleet`.
    fleet: Option<Vec<WrittenService>>,
    /// How much of what is available the pools may use.
    #[serde(default = "four_fifths")]
    headroom: Percent,
    /// Connections of people and jobs that have no pool.
    #[serde(default)]
    other_connections: u32,
    /// The longest one step may take: to connect, to log in, to answer; at most 60s.
    #[serde(default = "five_seconds")]
    timeout: Wait,
}

#[derive(Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
#[schemars(rename = "PostgresPoolService")]
struct WrittenService {
    /// The name of the service.
    name: String,
    /// How many instances of it run.
    instances: Option<u32>,
    /// The environment variable that says so.
    instances_env: Option<String>,
    /// How many connections the pool of one instance may open.
    pool_size: Option<u32>,
    /// The environment variable that configures it.
    pool_env: Option<String>,
}

fn four_fifths() -> Percent {
    Percent::from_hundredths(8_000).unwrap_or(Percent::WHOLE)
}

fn five_seconds() -> Wait {
    Wait::seconds(5)
}

impl TryFrom<Written> for Params {
    type Error = String;

    fn try_from(written: Written) -> Result<Params, String> {
        if written.timeout.0.is_zero() || written.timeout.0 > LONGEST_WAIT {
            return Err("`timeout` is a time span over 0 and at most 60s".to_owned());
        }
        if written.headroom == Percent::ZERO {
            return Err("`headroom` is 0%, with which no pool fits; write such as 80%".to_owned());
        }
        let single = (written.instances, written.instances_env, written.pool_size, written.pool_env);
        let is_fleet = written.fleet.is_some();
        let services = match (written.fleet, &single) {
            (Some(fleet), (None, None, None, None)) => several(fleet)?,
            (Some(_), _) => {
                return Err("`fleet` excludes `instances` and `pool_…` beside it; \
                            write them for each service"
                    .to_owned());
            }
            (None, _) => vec![service(single.0, single.1, single.2, single.3)?],
        };
        let Written { headroom, other_connections, timeout, .. } = written;
        Ok(Params { services, is_fleet, headroom, other_connections, timeout })
    }
}

fn several(fleet: Vec<WrittenService>) -> Result<Vec<Service>, String> {
    if fleet.is_empty() || fleet.len() > MOST_SERVICES {
        return Err(format!("`fleet` names 1 to {MOST_SERVICES} services, not {}", fleet.len()));
    }
    let mut services = Vec::new();
    for (index, written) in fleet.iter().enumerate() {
        if fleet[..index].iter().any(|other| other.name == written.name) {
            return Err(format!("the service `{}` is named twice; remove one", written.name));
        }
        let WrittenService { instances, instances_env, pool_size, pool_env, .. } = written;
        let read = service(*instances, instances_env.clone(), *pool_size, pool_env.clone());
        services.push(read.map_err(|why| format!("service `{}`: {why}", written.name))?);
    }
    Ok(services)
}

fn service(
    instances: Option<u32>,
    instances_env: Option<String>,
    pool_size: Option<u32>,
    pool_env: Option<String>,
) -> Result<Service, String> {
    Ok(Service {
        instances: amount(["instances", "instances_env"], instances, instances_env)?,
        pool: amount(["pool_size", "pool_env"], pool_size, pool_env)?,
    })
}

fn amount(names: [&str; 2], given: Option<u32>, variable: Option<String>) -> Result<Amount, String> {
    let [number, name] = names;
    match (given, variable) {
        (Some(0), _) => Err(format!("`{number}` is 0; write a whole number of at least 1")),
        (Some(given), _) if given > MOST => Err(format!("`{number}` is {given}, more than {MOST}")),
        (Some(given), None) => Ok(Amount::Given(given)),
        (None, Some(variable)) if !variable.is_empty() => Ok(Amount::Variable(variable)),
        (None, Some(_)) => Err(format!("`{name}` is empty; name an environment variable")),
        (Some(_), Some(_)) => Err(format!("`{number}` and `{name}` exclude each other; keep one")),
        (None, None) => Err(format!("write `{number}`, or `{name}` with an environment variable")),
    }
}

#[cfg(test)]
mod tests {
    use serde_json::{Value, json};

    use super::*;

    fn read(params: Value) -> Result<Params, String> {
        serde_json::from_value(params).map_err(|error| error.to_string())
    }

    #[test]
    fn one_service_or_a_fleet_is_read() {
        let one = read(json!({"instances": 1, "pool_env": "POOL"})).unwrap();
        assert_eq!((one.services.len(), one.is_fleet, one.headroom.hundredths()), (1, false, 8_000));
        let fleet = read(json!({"fleet": [
            {"name": "api", "instances": 4, "pool_size": 10},
            {"name": "jobs", "instances_env": "JOBS", "pool_env": "POOL"},
        ]}));
        assert_eq!(fleet.unwrap().services.len(), 2);
    }

    #[test]
    fn what_does_not_add_up_is_refused_with_the_reason() {
        let api = json!({"name": "api", "instances": 1, "pool_size": 1});
        for (wrong, said) in [
            (json!({}), "`instances`"),
            (json!({"instances": 1}), "`pool_size`"),
            (json!({"instances": 0, "pool_size": 1}), "at least 1"),
            (json!({"instances": 1, "instances_env": "N", "pool_size": 1}), "exclude"),
            (json!({"instances": 1, "pool_size": 1_000_001}), "more than"),
            (json!({"instances": 1, "pool_env": ""}), "empty"),
            (json!({"fleet": []}), "1 to 1000"),
            (json!({"fleet": [api, api]}), "twice"),
            (json!({"fleet": [api], "instances": 2}), "excludes"),
            (json!({"fleet": [{"name": "api", "instances": 1}]}), "service `api`"),
            (json!({"instances": 1, "pool_size": 1, "headroom": "0%"}), "headroom"),
            (json!({"instances": 1, "pool_size": 1, "headroom": "120%"}), "percentage"),
            (json!({"instances": 1, "pool_size": 1, "timeout": "0s"}), "timeout"),
        ] {
            let error = read(wrong.clone()).unwrap_err();
            assert!(error.contains(said), "{wrong}: {error}");
        }
    }
}
