//! A private S3 store on 127.0.0.1 with one bucket and one user, in memory. The protocol and the
//! verification of signatures are those of `s3s`, so that a client is tried against signatures that
//! are none of its own. It does not know who uses it.

mod access;
mod store;

use std::collections::BTreeMap;
use std::fmt;
use std::net::{Ipv4Addr, TcpListener};
use std::sync::{Arc, Mutex, PoisonError};
use std::thread::{self, JoinHandle};
use std::time::Duration;

use hyper::service::service_fn;
use hyper::{Request, body::Incoming};
use hyper_util::rt::TokioIo;
use rustls::ServerConfig;
use rustls::pki_types::pem::PemObject as _;
use rustls::pki_types::{CertificateDer, PrivateKeyDer};
use s3s::service::{S3Service, S3ServiceBuilder};
use tokio::io::{AsyncRead, AsyncWrite};
use tokio::sync::oneshot;
use tokio_rustls::TlsAcceptor;

use crate::authority::Paper;
use crate::error::{ServerError, While};
use crate::launch;

/// The name of the only bucket.
const BUCKET: &str = "files";
const ACCESS_KEY: &str = "TESTBEDACCESSKEY";

/// What a store does wrong.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum S3Fault {
    /// It says that it took an object and keeps nothing.
    LosesWrites,
    /// It keeps other bytes than it was given.
    ChangesBytes,
    /// It gives another ETag for what is read than for what was written.
    ChangesEtag,
    /// Its lists are empty.
    ListsNothing,
    /// The user may not write.
    RefusesWrites,
    /// The user may not delete.
    RefusesDeletes,
    /// It says that it deleted an object and keeps it.
    KeepsDeleted,
    /// The user may delete, but no versions.
    KeepsVersions,
    /// Signatures in addresses are refused, as a policy on `s3:authType` does.
    RefusesPresigned,
    /// Something before it throws signatures in addresses away.
    DropsPresigned,
    /// The user may not read how the bucket is set up.
    HidesSettings,
}

/// What everybody may do without signature.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum S3Public {
    /// Read objects.
    Read,
    /// List objects.
    List,
    /// Write objects.
    Write,
}

/// How a private store is started.
#[derive(Debug, Clone, Default)]
pub struct S3Options {
    /// Over TLS only, with this certificate.
    pub tls: Option<Paper>,
    /// `Enabled` or `Suspended`; without it the bucket never had versions.
    pub versioning: Option<String>,
    /// The algorithm with which objects are encrypted, such as `AES256`.
    pub encryption: Option<String>,
    /// All four blocks of public access are on.
    pub blocked: bool,
    /// How many rules move or remove old objects.
    pub lifecycle_rules: usize,
    /// The only region that it takes signatures for.
    pub region: Option<String>,
    /// What everybody may do.
    pub public: Vec<S3Public>,
    /// What it does wrong.
    pub faults: Vec<S3Fault>,
    /// How long it takes before it looks at a request.
    pub delay: Duration,
}

/// An object as it was at one time; none when it was deleted then.
#[derive(Debug, Clone)]
struct Version {
    id: String,
    bytes: Option<Vec<u8>>,
}

/// Every version of every object, the newest last.
type Objects = Arc<Mutex<BTreeMap<String, Vec<Version>>>>;

/// A running private store. Dropping it stops it.
pub struct S3 {
    objects: Objects,
    port: u16,
    secret: String,
    secure: bool,
    stop: Option<oneshot::Sender<()>>,
    thread: Option<JoinHandle<()>>,
}

impl fmt::Debug for S3 {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        formatter.debug_struct("S3").field("port", &self.port).finish_non_exhaustive()
    }
}

impl S3 {
    /// Starts a store, which takes connections when this returns.
    pub fn start(options: S3Options) -> Result<S3, ServerError> {
        let secret = launch::password()?;
        let listener = TcpListener::bind((Ipv4Addr::LOCALHOST, 0)).while_doing("listen for the store")?;
        let port = listener.local_addr().while_doing("read the port of the store")?.port();
        listener.set_nonblocking(true).while_doing("listen for the store")?;
        let tls = options.tls.as_ref().map(acceptor).transpose()?;
        let secure = tls.is_some();
        let objects = Objects::default();
        let options = Arc::new(options);
        let service = service(&options, &objects, &secret);
        let runtime = tokio::runtime::Builder::new_current_thread().enable_all().build();
        let runtime = runtime.while_doing("start the store")?;
        let (stop, stopped) = oneshot::channel();
        let thread = thread::spawn(move || {
            runtime.block_on(async {
                tokio::select! {
                    () = serve(listener, service, tls, options) => {}
                    _ = stopped => {}
                }
            });
        });
        Ok(S3 { objects, port, secret, secure, stop: Some(stop), thread: Some(thread) })
    }

    /// Endpoint and bucket: `http://127.0.0.1:PORT/files`; `https://` over TLS.
    pub fn url(&self) -> String {
        let scheme = if self.secure { "https" } else { "http" };
        format!("{scheme}://127.0.0.1:{}/{BUCKET}", self.port)
    }

    /// The TCP port on 127.0.0.1.
    pub fn port(&self) -> u16 {
        self.port
    }

    /// The id of the user's key.
    pub fn access_key(&self) -> &'static str {
        ACCESS_KEY
    }

    /// The user's key.
    pub fn secret_key(&self) -> &str {
        &self.secret
    }

    /// The keys of which it keeps anything, be it an old version or the mark of a deletion.
    pub fn kept(&self) -> Vec<String> {
        let objects = self.objects.lock().unwrap_or_else(PoisonError::into_inner);
        objects.iter().filter(|(_, versions)| !versions.is_empty()).map(|(key, _)| key.clone()).collect()
    }
}

impl Drop for S3 {
    fn drop(&mut self) {
        drop(self.stop.take());
        if let Some(thread) = self.thread.take() {
            // It ends at once; should it have panicked, the test has failed already.
            let _ = thread.join();
        }
    }
}

fn service(options: &Arc<S3Options>, objects: &Objects, secret: &str) -> S3Service {
    let mut builder = S3ServiceBuilder::new(store::Store::new(options, objects));
    builder.set_auth(access::User::new(ACCESS_KEY, secret));
    builder.set_access(access::Policy::of(options));
    builder.build()
}

fn acceptor(paper: &Paper) -> Result<TlsAcceptor, ServerError> {
    let unusable = |error: &dyn fmt::Display| std::io::Error::other(error.to_string());
    let read = || -> std::io::Result<ServerConfig> {
        let chain: Result<Vec<_>, _> =
            CertificateDer::pem_file_iter(&paper.chain).map_err(|error| unusable(&error))?.collect();
        let chain = chain.map_err(|error| unusable(&error))?;
        let key = PrivateKeyDer::from_pem_file(&paper.key).map_err(|error| unusable(&error))?;
        let provider = Arc::new(rustls::crypto::aws_lc_rs::default_provider());
        let versions = ServerConfig::builder_with_provider(provider).with_safe_default_protocol_versions();
        let config = versions.map_err(|error| unusable(&error))?.with_no_client_auth();
        config.with_single_cert(chain, key).map_err(|error| unusable(&error))
    };
    Ok(TlsAcceptor::from(Arc::new(read().while_doing("read the certificate of the store")?)))
}

async fn serve(listener: TcpListener, service: S3Service, tls: Option<TlsAcceptor>, options: Arc<S3Options>) {
    let Ok(listener) = tokio::net::TcpListener::from_std(listener) else { return };
    while let Ok((stream, _)) = listener.accept().await {
        let (service, options, tls) = (service.clone(), Arc::clone(&options), tls.clone());
        tokio::spawn(async move {
            match tls {
                None => answer(stream, service, options).await,
                Some(tls) => {
                    if let Ok(stream) = tls.accept(stream).await {
                        answer(stream, service, options).await;
                    }
                }
            }
        });
    }
}

async fn answer<T>(stream: T, service: S3Service, options: Arc<S3Options>)
where
    T: AsyncRead + AsyncWrite + Unpin + Send + 'static,
{
    let all = service_fn(move |request: Request<Incoming>| {
        let (service, options) = (service.clone(), Arc::clone(&options));
        async move {
            tokio::time::sleep(options.delay).await;
            let mut request = request.map(s3s::Body::from);
            if options.faults.contains(&S3Fault::DropsPresigned) {
                drop_signature(&mut request);
            }
            service.call(request).await
        }
    });
    // A client that leaves is no reason to fail.
    let _ = hyper::server::conn::http1::Builder::new().serve_connection(TokioIo::new(stream), all).await;
}

fn drop_signature<B>(request: &mut Request<B>) {
    let signed = request.uri().query().is_some_and(|query| query.contains("X-Amz-Signature"));
    if let (true, Ok(plain)) = (signed, request.uri().path().parse()) {
        *request.uri_mut() = plain;
    }
}
