//! Where load goes: the declared targets, each at the addresses that answer and are within reach. The
//! engine connects to nothing else.

use std::path::Path;
use std::time::Duration;

use gonogo_load::{Target, Tls, Trust};
use gonogo_model::catalog::TargetKind;
use url::Url;

use crate::context::{self, Context};
use crate::http::address::base_of;
use crate::net::trust;
use crate::probe::Unmeasured;
use crate::tools::{files, net};

/// A file with certificates is not larger.
const LARGEST_FILE: u64 = 1024 * 1024;
/// How long it may take until somebody answers at all.
const LIMIT: Duration = Duration::from_secs(10);

/// The target of the look, then the others that its flows name.
/// `ca` is a file with further certificates to trust.
pub(super) async fn targets(
    context: &Context,
    others: &[String],
    ca: Option<&Path>,
) -> Result<Vec<Target>, Unmeasured> {
    let and = ca.map(|ca| certificates(context, ca)).transpose()?.unwrap_or_default();
    let own = context.target.as_ref();
    let own = own.ok_or_else(|| Unmeasured::because("no target is given; name one with `target:`"))?;
    let mut targets = vec![target(context, own, &and).await?];
    for name in others {
        let other = context.others.get(name).filter(|other| other.kind == TargetKind::Http);
        let other = other
            .ok_or_else(|| Unmeasured::because(format!("there is no http target `{name}`; declare it")))?;
        targets.push(target(context, other, &and).await?);
    }
    Ok(targets)
}

async fn target(context: &Context, declared: &context::Target, and: &str) -> Result<Target, Unmeasured> {
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
        tls: (url.scheme() == "https").then(|| tls(&url, and)),
        http2: false,
    })
}

/// Certificates must lead to one of Mozilla's roots or to one of `and`, as for every probe.
fn tls(url: &Url, and: &str) -> Tls {
    let name = url.host_str().unwrap_or_default().trim_matches(['[', ']']).to_owned();
    Tls { name, trust: Trust::Public { and: and.to_owned() } }
}

/// The text of a file with certificates; the engine reads them.
pub(super) fn certificates(context: &Context, ca: &Path) -> Result<String, Unmeasured> {
    trust(context, Some(ca.to_owned()))?;
    let path = context.folder.join(ca);
    let found = files::read(&path, LARGEST_FILE).map_err(|error| error.of(path.display()))?;
    Ok(String::from_utf8_lossy(&found.bytes).into_owned())
}
