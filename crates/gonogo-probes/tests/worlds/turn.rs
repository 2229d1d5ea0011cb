//! `turn:` a real private coturn as `${TURN}`, which is `127.0.0.1:port`.

use gonogo_model::yaml::{self, Node};
use serde::Deserialize;
use testbed_servers::Coturn;

use super::{World, papers};

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct Wanted {
    /// Over TLS only.
    tls: Option<papers::Wanted>,
}

/// `turn: { tls: {} }`
pub(crate) fn start(world: &mut World, node: &Node) -> Result<(), String> {
    let wanted: Wanted = yaml::read(node).map_err(|error| error.to_string())?;
    if Coturn::find().is_none() {
        world.missing = Some("no turnserver on this machine (apt-get install coturn)".to_owned());
        return Ok(());
    }
    let tls = wanted.tls.map(|tls| papers::issue(world, "turn", &tls)).transpose()?;
    let coturn = Coturn::start_with(tls.as_ref(), &[]).map_err(|error| error.to_string())?;
    world.places.insert("TURN".to_owned(), format!("127.0.0.1:{}", coturn.port()));
    world.keep(coturn);
    Ok(())
}
