//! Where load goes: addresses that somebody else has found and permitted. The engine connects to
//! nothing else, and asks no name server. A target is described in full by what is written here, so
//! that another process or machine reaches it in the same way.

use std::net::SocketAddr;
use std::sync::Arc;

use rustls::client::WebPkiServerVerifier;
use rustls::client::danger::{HandshakeSignatureValid, ServerCertVerified, ServerCertVerifier};
use rustls::crypto::{CryptoProvider, aws_lc_rs, verify_tls12_signature, verify_tls13_signature};
use rustls::pki_types::pem::PemObject as _;
use rustls::pki_types::{CertificateDer, ServerName, UnixTime};
use rustls::{ClientConfig, DigitallySignedStruct, Error, RootCertStore, SignatureScheme};
use serde::{Deserialize, Serialize};

use crate::plan::Refused;

/// A target.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Target {
    /// Its name in flows; the first target of an order is the one that steps without `at` mean.
    pub name: String,
    /// Its addresses; connections are dealt out among them.
    pub addresses: Vec<SocketAddr>,
    /// What the `Host` header says.
    pub host: String,
    /// What is put before every path, without a slash at its end; mostly nothing.
    pub base: String,
    /// How it is reached over TLS.
    pub tls: Option<Tls>,
    /// Whether it is asked in HTTP/2; WebSockets are opened in HTTP/1.1 nevertheless.
    #[serde(default)]
    pub http2: bool,
}

/// TLS to a target.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Tls {
    /// The name or address that the certificate must have.
    pub name: String,
    /// Whom to trust.
    pub trust: Trust,
}

/// Whose certificates are accepted.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case", deny_unknown_fields)]
pub enum Trust {
    /// Those that lead to one of Mozilla's roots, or to a certificate of this PEM.
    Public {
        /// Further roots; mostly nothing.
        and: String,
    },
    /// Those that lead to a certificate of this PEM, and no others.
    Only {
        /// The roots.
        pem: String,
    },
    /// Anybody's.
    Anybody,
}

/// TLS to a target, ready to be agreed upon.
#[derive(Debug, Clone)]
pub(crate) struct Agreement {
    http1: Arc<ClientConfig>,
    /// The same, and HTTP/2 is asked for.
    http2: Arc<ClientConfig>,
    pub(super) name: ServerName<'static>,
}

impl Agreement {
    pub(crate) fn settings(&self, http2: bool) -> Arc<ClientConfig> {
        Arc::clone(if http2 { &self.http2 } else { &self.http1 })
    }
}

impl Target {
    /// What is agreed upon with it, when it is reached over TLS.
    ///
    /// # Errors
    /// [`Refused`] when the name or the roots are none.
    pub(crate) fn agreement(&self) -> Result<Option<Agreement>, Refused> {
        let agreement = self.tls.as_ref().map(Tls::agreement).transpose();
        agreement.map_err(|why| Refused(format!("TLS to `{}`: {why}", self.name)))
    }
}

impl Tls {
    pub(crate) fn agreement(&self) -> Result<Agreement, String> {
        let name = ServerName::try_from(self.name.clone());
        let name = name.map_err(|_| format!("`{}` is no name of a host", self.name))?;
        let provider = Arc::new(aws_lc_rs::default_provider());
        let config = ClientConfig::builder_with_provider(Arc::clone(&provider));
        let config = config.with_safe_default_protocol_versions().map_err(|error| error.to_string())?;
        let config = match &self.trust {
            Trust::Anybody => config
                .dangerous()
                .with_custom_certificate_verifier(Arc::new(Unseen(provider)))
                .with_no_client_auth(),
            Trust::Public { and } => {
                let roots = RootCertStore { roots: webpki_roots::TLS_SERVER_ROOTS.to_vec() };
                config.with_webpki_verifier(verifier(roots, and, provider)?).with_no_client_auth()
            }
            Trust::Only { pem } => {
                let roots = RootCertStore::empty();
                config.with_webpki_verifier(verifier(roots, pem, provider)?).with_no_client_auth()
            }
        };
        let mut http2 = config.clone();
        http2.alpn_protocols = vec![b"h2".to_vec()];
        Ok(Agreement { http1: Arc::new(config), http2: Arc::new(http2), name })
    }
}

fn verifier(
    mut roots: RootCertStore,
    pem: &str,
    provider: Arc<CryptoProvider>,
) -> Result<Arc<WebPkiServerVerifier>, String> {
    for certificate in CertificateDer::pem_slice_iter(pem.as_bytes()) {
        let certificate = certificate.map_err(|error| format!("the roots are not PEM ({error})"))?;
        roots.add(certificate).map_err(|error| format!("a root cannot be used ({error})"))?;
    }
    if roots.is_empty() {
        return Err("there is no root to trust".to_owned());
    }
    let verifier = WebPkiServerVerifier::builder_with_provider(Arc::new(roots), provider).build();
    verifier.map_err(|error| error.to_string())
}

/// Looks at no certificate. Whoever shows one must still have its key.
#[derive(Debug)]
struct Unseen(Arc<CryptoProvider>);

impl ServerCertVerifier for Unseen {
    fn verify_server_cert(
        &self,
        _: &CertificateDer<'_>,
        _: &[CertificateDer<'_>],
        _: &ServerName<'_>,
        _: &[u8],
        _: UnixTime,
    ) -> Result<ServerCertVerified, Error> {
        Ok(ServerCertVerified::assertion())
    }

    fn verify_tls12_signature(
        &self,
        message: &[u8],
        own: &CertificateDer<'_>,
        signed: &DigitallySignedStruct,
    ) -> Result<HandshakeSignatureValid, Error> {
        verify_tls12_signature(message, own, signed, &self.0.signature_verification_algorithms)
    }

    fn verify_tls13_signature(
        &self,
        message: &[u8],
        own: &CertificateDer<'_>,
        signed: &DigitallySignedStruct,
    ) -> Result<HandshakeSignatureValid, Error> {
        verify_tls13_signature(message, own, signed, &self.0.signature_verification_algorithms)
    }

    fn supported_verify_schemes(&self) -> Vec<SignatureScheme> {
        self.0.signature_verification_algorithms.supported_schemes()
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn refused(name: &str, trust: Trust) -> String {
        let tls = Some(Tls { name: name.to_owned(), trust });
        let target = Target {
            name: "t".to_owned(),
            addresses: Vec::new(),
            host: String::new(),
            base: String::new(),
            tls,
            http2: false,
        };
        target.agreement().map_or_else(|error| error.to_string(), |_| String::new())
    }

    #[test]
    fn what_cannot_be_trusted_is_refused_with_the_reason() {
        let public = |and: &str| Trust::Public { and: and.to_owned() };
        assert_eq!(refused("localhost", public("")), "");
        assert_eq!(refused("127.0.0.1", Trust::Anybody), "");
        assert_eq!(refused("a b", public("")), "TLS to `t`: `a b` is no name of a host");
        assert!(refused("a", Trust::Only { pem: "x".to_owned() }).contains("no root to trust"));
        let broken = "-----BEGIN CERTIFICATE-----\nAAAA\n-----END CERTIFICATE-----\n";
        assert!(refused("a", public(broken)).contains("a root cannot be used"));
    }
}
