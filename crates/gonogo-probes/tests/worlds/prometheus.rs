//! `prometheus:` a real private Prometheus, as `${PROMETHEUS}`, that scrapes itself every second and
//! sends what its rules say to an Alertmanager.

use gonogo_model::yaml::{self, Node};
use serde::Deserialize;
use testbed_servers::{Prometheus, PrometheusOptions};

use super::World;

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct Wanted {
    /// A file of rules, in YAML.
    rules: String,
    /// `host:port` of the Alertmanager.
    alertmanager: Option<String>,
}

/// `prometheus: { alertmanager: "127.0.0.1:${ALERTMANAGER_PORT}", rules: "groups: []" }`
pub(crate) fn start(world: &mut World, node: &Node) -> Result<(), String> {
    let wanted: Wanted = yaml::read(node).map_err(|error| error.to_string())?;
    if Prometheus::find().is_none() {
        world.missing = Some("no Prometheus on this machine (apt-get install prometheus)".to_owned());
    }
    // An Alertmanager that is missing has no address to fill in.
    if world.missing.is_some() {
        return Ok(());
    }
    let alertmanager = wanted.alertmanager.map(|address| world.fill(&address)).transpose()?;
    let options = PrometheusOptions { rules: wanted.rules, alertmanager };
    let prometheus = Prometheus::start(&options).map_err(|error| error.to_string())?;
    world.places.insert("PROMETHEUS".to_owned(), format!("http://127.0.0.1:{}", prometheus.port()));
    world.keep(prometheus);
    Ok(())
}
