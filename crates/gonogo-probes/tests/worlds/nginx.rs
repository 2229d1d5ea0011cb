//! `nginx:` a real private nginx, whose `127.0.0.1:port` is `${NGINX}`; its port is `${NGINX_PORT}`.

use gonogo_model::yaml::{self, Node};
use serde::Deserialize;
use testbed_servers::{Nginx, NginxOptions};

use super::{World, papers};

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct Wanted {
    /// Over TLS only.
    tls: Option<papers::Wanted>,
    /// Lines of its server block.
    #[serde(default)]
    lines: Vec<String>,
}

/// `nginx: { tls: {}, lines: ["ssl_protocols TLSv1.2;"] }`
pub(crate) fn start(world: &mut World, node: &Node) -> Result<(), String> {
    let wanted: Wanted = yaml::read(node).map_err(|error| error.to_string())?;
    if Nginx::find().is_none() {
        world.missing = Some("no nginx on this machine (apt-get install nginx)".to_owned());
        return Ok(());
    }
    let tls = wanted.tls.map(|tls| papers::issue(world, "nginx", &tls)).transpose()?;
    let nginx = Nginx::start(&NginxOptions { tls, lines: wanted.lines, workers: None })
        .map_err(|error| error.to_string())?;
    world.places.insert("NGINX".to_owned(), format!("127.0.0.1:{}", nginx.port()));
    world.places.insert("NGINX_PORT".to_owned(), nginx.port().to_string());
    world.keep(nginx);
    Ok(())
}
