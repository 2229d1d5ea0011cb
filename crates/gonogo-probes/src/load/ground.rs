//! Where load goes: the declared targets, each at the addresses that answer and are within reach. The
//! engine connects to nothing else.

use std::time::Duration;

use gonogo_load::{Target, Tls, Trust};
use gonogo_model::catalog::TargetKind;
use url::Url;

use crate::context::{self, Context};
use crate::http::address::base_of;
use crate::probe::Unmeasured;
use crate::tools::net;

/// How long it may take until somebody answers at all.
const LIMIT: Duration = Duration::from_secs(10);

/// The target of the look, then the others that its flows name.
pub(super) async fn targets(context: &Context, others: &[String]) -> Result<Vec<Target>, Unmeasured> {
    let own = context.target.as_ref();
    let own = own.ok_or_else(|| Unmeasured::because("no target is given; name one with `target:`"))?;
    let mut targets = vec![target(context, own).await?];
    for name in others {
        let other = context.others.get(name).filter(|other| other.kind == TargetKind::Http);
        let other = other
            .ok_or_else(|| Unmeasured::because(format!("there is no http target `{name}`; declare it")))?;
        targets.push(target(context, other).await?);
    }
    Ok(targets)
}

async fn target(context: &Context, declared: &context::Target) -> Result<Target, Unmeasured> {
    let wrong =
        |why: &str| Unmeasured::because(format!("the address of the target `{}` {why}", declared.name));
    let url = base_of(context, declared)?;
    if !url.username().is_empty() || url.password().is_some() {
        return Err(wrong("holds a user; under load it goes into the header `Authorization` of the steps"));
    }
    let (host, port) = url.host_str().zip(url.port_or_known_default()).ok_or_else(|| wrong("has no host"))?;
    let found = net::answering(&context.reach, host, port, LIMIT).await;
    let addresses = found.map_err(|error| Unmeasured::because(error.to_string()))?;
    Ok(Target {
        name: declared.name.clone(),
        addresses,
        host: url.port().map_or_else(|| host.to_owned(), |port| format!("{host}:{port}")),
        base: url.path().trim_end_matches('/').to_owned(),
        tls: (url.scheme() == "https").then(|| tls(&url)),
    })
}

/// Certificates must lead to one of Mozilla's roots, as for every probe.
fn tls(url: &Url) -> Tls {
    let name = url.host_str().unwrap_or_default().trim_matches(['[', ']']).to_owned();
    Tls { name, trust: Trust::Public { and: String::new() } }
}
