//! Where a walk goes: the declared targets, the sinks, and one client. Everything a flow contacts
//! is one of these.

use std::collections::BTreeMap;
use std::net::{IpAddr, Ipv4Addr};
use std::sync::Arc;
use std::time::Duration;

use gonogo_model::catalog::TargetKind;
use url::Url;

use crate::context::{Context, Reach, Target};
use crate::http::address::{base_of, joined};
use crate::probe::Unmeasured;
use crate::redact::Redactor;
use crate::tools::http::HttpClient;
use crate::tools::sinks::Sink;

/// No step is longer.
const LONGEST: Duration = Duration::from_secs(60);

/// What a walk can reach.
pub(crate) struct Ground {
    pub(super) client: HttpClient,
    pub(super) reach: Reach,
    pub(super) secrets: Arc<Redactor>,
    base: Url,
    others: BTreeMap<String, Url>,
    sinks: BTreeMap<String, Arc<Sink>>,
}

impl Ground {
    /// The targets of a look; its sinks are opened.
    pub(crate) async fn of(context: &Context) -> Result<Ground, Unmeasured> {
        let target = context.target.as_ref();
        let target =
            target.ok_or_else(|| Unmeasured::because("no target is given; name one with `target:`"))?;
        Ground::around(context, target).await
    }

    /// The same around another target than the look's own: what is looked at need not be what is
    /// talked to.
    pub(crate) async fn around(context: &Context, target: &Target) -> Result<Ground, Unmeasured> {
        let base = base_of(context, target)?;
        let mut ground = Ground {
            client: HttpClient::from_address(&context.reach, LONGEST, visitor(&base))
                .map_err(|error| Unmeasured::because(error.to_string()))?,
            reach: context.reach.clone(),
            secrets: Arc::clone(&context.secrets),
            base,
            others: BTreeMap::new(),
            sinks: BTreeMap::new(),
        };
        for (name, other) in &context.others {
            match other.kind {
                TargetKind::Http => drop(ground.others.insert(name.clone(), base_of(context, other)?)),
                TargetKind::Sink => {
                    drop(ground.sinks.insert(name.clone(), context.sinks.open(&other.address).await?));
                }
                _ => {}
            }
        }
        Ok(ground)
    }

    /// The address of a path at a target; a whole address only where it leads to a declared one.
    pub(super) fn url(&self, at: Option<&str>, path: &str) -> Result<Url, String> {
        let base = match at {
            None => &self.base,
            Some(name) => self
                .others
                .get(name)
                .ok_or_else(|| format!("the check names no http target `{name}`; add it to `others`"))?,
        };
        if path.starts_with('/') {
            return joined(base, path).map_err(|unmeasured| unmeasured.why);
        }
        let url =
            Url::parse(path).map_err(|_| "what was captured is neither a path nor an address".to_owned())?;
        let mut declared = std::iter::once(&self.base).chain(self.others.values());
        match declared.any(|base| base.origin() == url.origin()) {
            true => Ok(url),
            false => Err(format!(
                "the address leads to {}, which is no target of this check; nothing was sent",
                url.origin().ascii_serialization()
            )),
        }
    }

    pub(super) fn sink(&self, name: &str) -> Result<&Arc<Sink>, String> {
        self.sinks.get(name).ok_or_else(|| format!("the check names no sink `{name}`; add it to `others`"))
    }

    /// The number that the next thing at each sink will have.
    pub(super) fn arrivals(&self) -> BTreeMap<String, u64> {
        self.sinks.iter().map(|(name, sink)| (name.clone(), sink.next())).collect()
    }
}

/// On this machine each walk comes from an address of its own, as visitors do, so that none uses up
/// what a service allows to one of them.
fn visitor(base: &Url) -> Option<IpAddr> {
    if base.host_str() != Some("127.0.0.1") {
        return None;
    }
    let mut random = [0_u8; 3];
    getrandom::fill(&mut random).ok()?;
    let [a, b, c] = random;
    Some(Ipv4Addr::new(127, a | 1, b, c | 1).into())
}
