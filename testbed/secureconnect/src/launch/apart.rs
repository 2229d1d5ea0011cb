//! The services as processes of their own, each under a supervisor, with an S3 store for the objects.
//! Cache and store are reached through proxies, so that either can be made to hiccup on demand.

use std::collections::BTreeMap;
use std::fmt;

use testbed_servers::{Proxy, Redis, S3, S3Options, ServerError, Service, ServiceOptions, Supervised};

use crate::services::BEHIND;

/// What runs, besides the private servers.
pub(super) struct Apart {
    // The order matters: whoever asks others stops first.
    gateway: Supervised,
    behind: BTreeMap<&'static str, Supervised>,
    _around: Around,
}

/// What the services reach before they are there.
pub(super) struct Around {
    cache: Proxy,
    redis_url: String,
    objects: Proxy,
    store: S3,
}

impl Around {
    /// Starts the store, and what stands before it and before the cache.
    pub(super) fn start(redis: &Redis) -> Result<Around, ServerError> {
        let versioned = S3Options { versioning: Some("Enabled".to_owned()), ..S3Options::default() };
        let options = S3Options { encryption: Some("AES256".to_owned()), blocked: true, ..versioned };
        let store = S3::start(options)?;
        let (cache, objects) = (Proxy::start(redis.port())?, Proxy::start(store.port())?);
        let redis_url = through(&redis.url(), redis.port(), &cache);
        Ok(Around { cache, redis_url, objects, store })
    }

    /// What the services are told of it, and where whoever judges them makes it hiccup.
    pub(super) fn environment(&self) -> BTreeMap<String, String> {
        let pairs = [
            ("REDIS_URL", self.redis_url.clone()),
            ("OBJECTS_URL", through(&self.store.url(), self.store.port(), &self.objects)),
            ("OBJECTS_KEY_ID", self.store.access_key().to_owned()),
            ("OBJECTS_KEY", self.store.secret_key().to_owned()),
            ("SECURECONNECT_CACHE_PROXY", self.cache.control()),
            ("SECURECONNECT_OBJECTS_PROXY", self.objects.control()),
        ];
        pairs.into_iter().map(|(name, value)| (name.to_owned(), value)).collect()
    }
}

impl fmt::Debug for Apart {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        formatter.debug_set().entries(self.services()).finish()
    }
}

impl Apart {
    /// Starts each service, the gateway last, with these options but for the service it is.
    pub(super) fn start(options: &ServiceOptions<'_>, around: Around) -> Result<Apart, ServerError> {
        let mut environment = options.environment.clone();
        // Each would write itself into it.
        environment.remove("SERVICES_FILE");
        let mut behind = BTreeMap::new();
        for name in BEHIND {
            let service = one(name, options, &environment)?;
            environment.insert(format!("{}_URL", name.to_uppercase()), service.base_url().to_owned());
            behind.insert(name, service);
        }
        let gateway = one("gateway", options, &environment)?;
        Ok(Apart { gateway, behind, _around: around })
    }

    pub(super) fn gateway(&self) -> &Supervised {
        &self.gateway
    }

    /// All of them, by name.
    pub(super) fn services(&self) -> impl Iterator<Item = (&'static str, &Supervised)> {
        let behind = self.behind.iter().map(|(name, service)| (*name, service));
        behind.chain([("gateway", &self.gateway)])
    }
}

/// The address of a server as it is through its proxy.
fn through(address: &str, port: u16, proxy: &Proxy) -> String {
    address.replace(&format!(":{port}/"), &format!(":{}/", proxy.port()))
}

fn one(
    name: &'static str,
    options: &ServiceOptions<'_>,
    environment: &BTreeMap<String, String>,
) -> Result<Supervised, ServerError> {
    let mut arguments = vec!["--service".to_owned(), name.to_owned()];
    arguments.extend(options.arguments.iter().cloned());
    let (program, limit) = (options.program, options.limit);
    let folder = Service::folder(name)?;
    Supervised::start(&ServiceOptions { name, program, arguments, environment, limit }, folder)
}
