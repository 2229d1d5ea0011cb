//! `rabbitmq:` a real private RabbitMQ as `${RABBITMQ}`, with `${RABBITMQ_PORT}`.

use gonogo_model::yaml::{self, Node};
use serde::Deserialize;
use testbed_servers::Rabbitmq;

use super::{World, papers};

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct Wanted {
    /// Over TLS only.
    tls: Option<papers::Wanted>,
}

/// `rabbitmq: { tls: {} }`
pub(crate) fn start(world: &mut World, node: &Node) -> Result<(), String> {
    let wanted: Wanted = yaml::read(node).map_err(|error| error.to_string())?;
    if Rabbitmq::find().is_none() {
        world.missing =
            Some("no rabbitmq-server on this machine (apt-get install rabbitmq-server)".to_owned());
        return Ok(());
    }
    let tls = wanted.tls.map(|tls| papers::issue(world, "rabbitmq", &tls)).transpose()?;
    let rabbitmq = Rabbitmq::start_with(tls.as_ref()).map_err(|error| error.to_string())?;
    let scheme = if tls.is_some() { "amqps" } else { "amqp" };
    let (port, password) = (rabbitmq.port(), rabbitmq.password().to_owned());
    world.places.insert("RABBITMQ".to_owned(), format!("{scheme}://app:{password}@127.0.0.1:{port}/"));
    world.places.insert("RABBITMQ_PORT".to_owned(), port.to_string());
    world.secrets.push(password);
    world.keep(rabbitmq);
    Ok(())
}
