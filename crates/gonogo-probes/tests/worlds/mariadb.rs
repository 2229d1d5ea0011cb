//! `mariadb:` a real private MariaDB as `${MARIADB}`, with `${MARIADB_PASSWORD}` and
//! `${MARIADB_PORT}`.

use gonogo_model::yaml::{self, Node};
use serde::Deserialize;
use testbed_servers::{Mariadb, MariadbOptions};

use super::{World, papers};

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct Wanted {
    /// Offers TLS.
    tls: Option<papers::Wanted>,
    /// Settings such as `max_connections=77`.
    #[serde(default)]
    settings: Vec<String>,
    /// Statements that run as it starts.
    #[serde(default)]
    sql: Vec<String>,
}

/// `mariadb: { settings: ["max_connections=77"] }`
pub(crate) fn start(world: &mut World, node: &Node) -> Result<(), String> {
    let wanted: Wanted = yaml::read(node).map_err(|error| error.to_string())?;
    if Mariadb::find().is_none() {
        world.missing = Some("no mariadbd on this machine (apt-get install mariadb-server)".to_owned());
        return Ok(());
    }
    let tls = wanted.tls.map(|tls| papers::issue(world, "mariadb", &tls)).transpose()?;
    let options = MariadbOptions { tls, settings: wanted.settings, sql: wanted.sql };
    let mariadb = Mariadb::start(&options).map_err(|error| error.to_string())?;
    let (port, password) = (mariadb.port(), mariadb.password().to_owned());
    world.places.insert("MARIADB".to_owned(), format!("mysql://app:{password}@127.0.0.1:{port}/app"));
    world.places.insert("MARIADB_PORT".to_owned(), port.to_string());
    world.places.insert("MARIADB_PASSWORD".to_owned(), password.clone());
    world.secrets.push(password);
    world.keep(mariadb);
    Ok(())
}
