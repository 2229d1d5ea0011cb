//! TLS handshakes that write down what they saw and refuse nothing: whether a certificate is good
//! enough is for who asked. It does not know what is said over the connection afterwards.

use std::sync::{Arc, Mutex, PoisonError};

use rustls::client::danger::{HandshakeSignatureValid, ServerCertVerified, ServerCertVerifier};
use rustls::client::{WebPkiServerVerifier, verify_server_name};
use rustls::pki_types::pem::PemObject as _;
use rustls::pki_types::{CertificateDer, ServerName, UnixTime};
use rustls::server::ParsedCertificate;
use rustls::{
    CertificateError, ClientConfig, DigitallySignedStruct, Error, RootCertStore, SignatureScheme,
    SupportedProtocolVersion,
};

/// Whom we trust.
#[derive(Debug, Clone)]
pub(crate) struct Trust(Arc<RootCertStore>);

/// The versions that are offered unless somebody wants to know about one.
pub(crate) const VERSIONS: &[&SupportedProtocolVersion] = &[&rustls::version::TLS12, &rustls::version::TLS13];

/// What a server showed of itself.
#[derive(Debug, Clone, Default)]
pub(crate) struct Shown {
    /// Its certificates as sent, in DER; its own first.
    pub(crate) chain: Vec<Vec<u8>>,
    /// Why the chain does not lead to whom we trust, or is not in its time.
    pub(crate) untrusted: Option<String>,
    /// Whether its own certificate is for the name or address that was dialed.
    pub(crate) for_host: bool,
    /// Such as `TLSv1.3`.
    pub(crate) version: Option<String>,
    /// Such as `TLS13_AES_256_GCM_SHA384`.
    pub(crate) cipher: Option<String>,
    /// What it chose of the protocols that were offered.
    pub(crate) alpn: Option<String>,
}

impl Shown {
    /// Why no secret should be said over this connection; none when all is well.
    pub(crate) fn doubt(&self) -> Option<String> {
        match (&self.untrusted, self.for_host) {
            (Some(why), _) => Some(format!("its certificate is not trusted: {why}")),
            (None, false) => Some("its certificate is for another name".to_owned()),
            (None, true) => None,
        }
    }
}

impl Trust {
    /// Mozilla's roots, and those of a PEM file.
    pub(crate) fn with(pem: Option<&[u8]>) -> Result<Trust, String> {
        let mut roots = RootCertStore { roots: webpki_roots::TLS_SERVER_ROOTS.to_vec() };
        if let Some(pem) = pem {
            let read: Result<Vec<_>, _> = CertificateDer::pem_slice_iter(pem).collect();
            let read = read.map_err(|error| format!("is not PEM ({error})"))?;
            if read.is_empty() {
                return Err("holds no certificate in PEM".to_owned());
            }
            for certificate in read {
                roots
                    .add(certificate)
                    .map_err(|error| format!("holds a certificate that cannot be used ({error})"))?;
            }
        }
        Ok(Trust(Arc::new(roots)))
    }

    /// Their certificates.
    pub(crate) fn roots(&self) -> Arc<RootCertStore> {
        self.0.clone()
    }
}

/// The settings of one handshake, and where it writes down what it saw.
pub(crate) fn observing(
    trust: &Trust,
    versions: &[&'static SupportedProtocolVersion],
    alpn: &[&str],
) -> Result<(ClientConfig, Arc<Observer>), Error> {
    let provider = Arc::new(rustls::crypto::aws_lc_rs::default_provider());
    let strict = WebPkiServerVerifier::builder_with_provider(trust.0.clone(), provider.clone())
        .build()
        .map_err(|error| Error::General(error.to_string()))?;
    let observer = Arc::new(Observer { strict, seen: Mutex::default() });
    let mut config = ClientConfig::builder_with_provider(provider)
        .with_protocol_versions(versions)?
        .dangerous()
        .with_custom_certificate_verifier(observer.clone())
        .with_no_client_auth();
    config.alpn_protocols = alpn.iter().map(|name| name.as_bytes().to_vec()).collect();
    Ok((config, observer))
}

/// Looks at certificates and lets all of them pass.
#[derive(Debug)]
pub(crate) struct Observer {
    strict: Arc<WebPkiServerVerifier>,
    seen: Mutex<Shown>,
}

impl Observer {
    /// What it saw so far.
    pub(crate) fn seen(&self) -> Shown {
        self.seen.lock().unwrap_or_else(PoisonError::into_inner).clone()
    }
}

impl ServerCertVerifier for Observer {
    fn verify_server_cert(
        &self,
        own: &CertificateDer<'_>,
        others: &[CertificateDer<'_>],
        name: &ServerName<'_>,
        ocsp: &[u8],
        now: UnixTime,
    ) -> Result<ServerCertVerified, Error> {
        let chain = std::iter::once(own).chain(others).map(|certificate| certificate.to_vec()).collect();
        let untrusted = match self.strict.verify_server_cert(own, others, name, ocsp, now) {
            Ok(_) => None,
            // The name is looked at last, so the chain was good.
            Err(Error::InvalidCertificate(
                CertificateError::NotValidForName | CertificateError::NotValidForNameContext { .. },
            )) => None,
            Err(error) => Some(reason(&error)),
        };
        let parsed = ParsedCertificate::try_from(own);
        let for_host = parsed.is_ok_and(|parsed| verify_server_name(&parsed, name).is_ok());
        let mut seen = self.seen.lock().unwrap_or_else(PoisonError::into_inner);
        *seen = Shown { chain, untrusted, for_host, ..Shown::default() };
        Ok(ServerCertVerified::assertion())
    }

    fn verify_tls12_signature(
        &self,
        message: &[u8],
        own: &CertificateDer<'_>,
        signed: &DigitallySignedStruct,
    ) -> Result<HandshakeSignatureValid, Error> {
        self.strict.verify_tls12_signature(message, own, signed)
    }

    fn verify_tls13_signature(
        &self,
        message: &[u8],
        own: &CertificateDer<'_>,
        signed: &DigitallySignedStruct,
    ) -> Result<HandshakeSignatureValid, Error> {
        self.strict.verify_tls13_signature(message, own, signed)
    }

    fn supported_verify_schemes(&self) -> Vec<SignatureScheme> {
        self.strict.supported_verify_schemes()
    }
}

fn reason(error: &Error) -> String {
    match error {
        Error::InvalidCertificate(CertificateError::UnknownIssuer) => {
            "nobody who is trusted signed it".to_owned()
        }
        Error::InvalidCertificate(CertificateError::Expired | CertificateError::ExpiredContext { .. }) => {
            "it has expired".to_owned()
        }
        Error::InvalidCertificate(
            CertificateError::NotValidYet | CertificateError::NotValidYetContext { .. },
        ) => "it is not valid yet".to_owned(),
        other => other.to_string(),
    }
}
