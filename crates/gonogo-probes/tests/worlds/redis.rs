//! `redis:` a real private Redis as `${REDIS}`, with `${REDIS_PASSWORD}` and `${REDIS_PORT}`.

use gonogo_model::yaml::{self, Node};
use serde::Deserialize;
use testbed_servers::{Redis, RedisOptions};

use super::{World, papers};

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct Wanted {
    /// Over TLS only.
    tls: Option<papers::Wanted>,
    /// Without a password.
    #[serde(default)]
    open: bool,
    /// Lines of its settings.
    #[serde(default)]
    settings: Vec<String>,
}

/// `redis: { settings: ["maxmemory 8mb"] }`
pub(crate) fn start(world: &mut World, node: &Node) -> Result<(), String> {
    let wanted: Wanted = yaml::read(node).map_err(|error| error.to_string())?;
    if Redis::find().is_none() {
        world.missing = Some("no redis-server on this machine (apt-get install redis-server)".to_owned());
        return Ok(());
    }
    let tls = wanted.tls.map(|tls| papers::issue(world, "redis", &tls)).transpose()?;
    let options = RedisOptions { tls, open: wanted.open, settings: wanted.settings };
    let redis = Redis::start_with(options).map_err(|error| error.to_string())?;
    world.places.insert("REDIS".to_owned(), redis.url());
    world.places.insert("REDIS_PORT".to_owned(), redis.port().to_string());
    world.places.insert("REDIS_PASSWORD".to_owned(), redis.password().to_owned());
    world.secrets.push(redis.password().to_owned());
    world.keep(redis);
    Ok(())
}
