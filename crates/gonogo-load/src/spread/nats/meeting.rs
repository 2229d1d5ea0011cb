//! The NATS server: how it is entered, and the stream that keeps what is said until it is read. It
//! does not know what is said.

use std::str::FromStr as _;
use std::sync::Arc;
use std::time::Duration;

use async_nats::jetstream::consumer::DeliverPolicy;
use async_nats::jetstream::consumer::pull::OrderedConfig;
use async_nats::jetstream::stream::{Config, DiscardPolicy, StorageType, Stream};
use async_nats::jetstream::{self, Context};
use async_nats::{ConnectOptions, ServerAddr};
use serde::de::DeserializeOwned;

use super::key::Key;
use super::post::{Broken, Inbox, Outbox, opened};
use crate::plan::Refused;
use crate::wire::{Tls, Trust};

/// The stream that all runs share; each has subjects of its own in it.
const STREAM: &str = "gonogo-load";
/// Whatever is older was read, or nobody is there to read it.
const KEPT: Duration = Duration::from_secs(120);
/// How long the server may take to answer.
const SOON: Duration = Duration::from_secs(5);

/// A NATS server with JetStream at which workers wait for work, and the key to what is said there.
#[derive(Clone)]
pub struct Meeting {
    address: ServerAddr,
    /// Certificates to trust besides Mozilla's roots, as PEM; mostly nothing.
    and: String,
    key: Arc<Key>,
}

impl std::fmt::Debug for Meeting {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        write!(f, "Meeting({self})")
    }
}

/// Without user and password.
impl std::fmt::Display for Meeting {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        write!(f, "{}://{}:{}", self.address.scheme(), self.address.host(), self.address.port())
    }
}

/// A server that was entered.
#[derive(Clone)]
pub(super) struct Place {
    jetstream: Context,
    stream: Stream,
    pub(super) key: Arc<Key>,
}

impl Meeting {
    /// A server such as `nats://user:password@host:4222`, or `tls://…`; `and` are certificates to trust
    /// besides Mozilla's roots.
    ///
    /// # Errors
    /// [`Refused`] when the address is none, without showing it.
    pub fn new(address: &str, and: String, key: Key) -> Result<Meeting, Refused> {
        let wrong = |_| Refused("the address of NATS is none; write it as nats://host:4222".to_owned());
        let address = ServerAddr::from_str(address).map_err(wrong)?;
        if !["nats", "tls"].contains(&address.scheme()) {
            return Err(Refused(format!(
                "workers meet at nats:// or tls:// and not at {}://",
                address.scheme()
            )));
        }
        Ok(Meeting { address, and, key: Arc::new(key) })
    }

    /// Enters it.
    pub(super) async fn enter(&self) -> Result<Place, Refused> {
        let refused = |error: String| Refused(format!("NATS at {self}: {error}"));
        let options = self.options().map_err(refused)?;
        let client = options.connect(self.address.clone()).await;
        let client = client.map_err(|error| refused(error.to_string()))?;
        let mut jetstream = jetstream::new(client);
        jetstream.set_timeout(SOON);
        let stream = jetstream.get_or_create_stream(stream()).await.map_err(|error| {
            refused(format!("{error}; JetStream is needed, as `nats-server -js` or `jetstream {{}}` has it"))
        })?;
        Ok(Place { jetstream, stream, key: Arc::clone(&self.key) })
    }

    fn options(&self) -> Result<ConnectOptions, String> {
        let tls =
            Tls { name: self.address.host().to_owned(), trust: Trust::Public { and: self.and.clone() } };
        let config = tls.agreement()?.settings(false);
        // A server may name others; nobody has permitted those.
        let options =
            ConnectOptions::new().name("gonogo").connection_timeout(SOON).ignore_discovered_servers();
        let options = options.tls_client_config((*config).clone());
        let options = options.require_tls(self.address.scheme() == "tls");
        Ok(match (self.address.username(), self.address.password()) {
            (Some(user), Some(password)) => options.user_and_password(user.to_owned(), password.to_owned()),
            (Some(token), None) => options.token(token.to_owned()),
            (None, _) => options,
        })
    }
}

/// In memory: what is closed with a key is on no disk either.
fn stream() -> Config {
    Config {
        name: STREAM.to_owned(),
        subjects: vec!["gonogo.load.>".to_owned()],
        storage: StorageType::Memory,
        discard: DiscardPolicy::Old,
        max_age: KEPT,
        duplicate_window: KEPT,
        description: Some("what gonogo and its workers say to each other during a run".to_owned()),
        ..Config::default()
    }
}

impl Place {
    /// Where messages to a subject are put.
    pub(super) fn outbox(&self, subject: String) -> Outbox {
        Outbox::new(self.jetstream.clone(), subject, Arc::clone(&self.key))
    }

    /// Messages to a subject, from the first that is kept.
    pub(super) async fn inbox(&self, subject: &str) -> Result<Inbox, Refused> {
        Ok(Inbox::new(self.listen(subject, DeliverPolicy::All).await?, Arc::clone(&self.key)))
    }

    /// What comes to subjects, as it comes.
    pub(super) async fn listen(&self, subject: &str, from: DeliverPolicy) -> Result<Ordered, Refused> {
        let config =
            OrderedConfig { filter_subject: subject.to_owned(), deliver_policy: from, ..Default::default() };
        let refused = |error: &dyn std::fmt::Display| Refused(format!("NATS lets nobody listen: {error}"));
        let consumer = self.stream.create_consumer(config).await.map_err(|error| refused(&error))?;
        consumer.messages().await.map_err(|error| refused(&error))
    }

    /// The next of many that write on subjects of their own; nothing when it cannot be opened.
    pub(super) async fn next_of<M: DeserializeOwned>(
        &self,
        messages: &mut Ordered,
    ) -> Result<Option<M>, Broken> {
        opened(&self.key, messages).await
    }

    /// Lets go of all that was said during a run.
    pub(super) async fn forget(&self, subjects: &str) {
        // What stays is closed, and goes by itself.
        let _ = self.stream.purge().filter(subjects.to_owned()).await;
    }
}

/// Messages in their order.
pub(super) type Ordered = jetstream::consumer::pull::Ordered;

#[cfg(test)]
mod tests {
    use super::*;

    fn meeting(address: &str) -> Result<Meeting, Refused> {
        Meeting::new(address, String::new(), Key::new(&"k".repeat(32)).unwrap())
    }

    #[test]
    fn an_address_is_shown_without_who_enters() {
        let shown = meeting("nats://app:canary-7f3a@127.0.0.1:4333").unwrap();
        assert_eq!(format!("{shown} {shown:?}"), "nats://127.0.0.1:4333 Meeting(nats://127.0.0.1:4333)");
        assert_eq!(meeting("tls://nats.example").unwrap().to_string(), "tls://nats.example:4222");
        for wrong in ["http://canary-7f3a.example", "nats://canary-7f3a:x:y"] {
            let why = meeting(wrong).unwrap_err().to_string();
            assert!(why.contains("nats://") && !why.contains("canary"), "{why}");
        }
    }

    #[tokio::test]
    async fn nobody_at_the_address_is_said() {
        let why = meeting("nats://app:canary-7f3a@127.0.0.1:1").unwrap().enter().await.err().unwrap();
        assert!(why.to_string().starts_with("NATS at nats://127.0.0.1:1: "), "{why}");
        assert!(!why.to_string().contains("canary"), "{why}");
    }
}
