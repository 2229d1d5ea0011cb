//! A certificate authority of our own, and what it signs. It does not know which server shows a
//! certificate, nor who trusts the authority.

use std::fs;
use std::os::unix::fs::PermissionsExt as _;
use std::path::{Path, PathBuf};

use jiff::tz::TimeZone;
use jiff::{Span, Timestamp};
use rcgen::{
    BasicConstraints, CertificateParams, CertifiedIssuer, DistinguishedName, DnType, IsCa, KeyPair,
    date_time_ymd,
};

use crate::error::{ServerError, While};

/// An authority that nobody knows but who is given its certificate.
pub struct Authority {
    issuer: CertifiedIssuer<'static, KeyPair>,
}

impl std::fmt::Debug for Authority {
    fn fmt(&self, formatter: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        formatter.debug_struct("Authority").finish_non_exhaustive()
    }
}

/// What a certificate says.
#[derive(Debug, Clone)]
pub struct Leaf {
    /// The names and addresses that it is for; the first is its common name too.
    pub names: Vec<String>,
    /// From this many days after today; negative is before.
    pub from_days: i32,
    /// Until this many days after today.
    pub until_days: i32,
}

impl Default for Leaf {
    fn default() -> Leaf {
        Leaf { names: vec!["localhost".to_owned(), "127.0.0.1".to_owned()], from_days: -1, until_days: 90 }
    }
}

/// A certificate and its key, in files.
#[derive(Debug, Clone)]
pub struct Paper {
    /// The certificate, then that of who signed it.
    pub chain: PathBuf,
    /// Its private key.
    pub key: PathBuf,
    /// The certificate of who signed it, for those who trust it.
    pub authority: PathBuf,
}

impl Authority {
    /// A new one.
    pub fn new() -> Result<Authority, ServerError> {
        let mut params = CertificateParams::default();
        params.is_ca = IsCa::Ca(BasicConstraints::Unconstrained);
        params.distinguished_name = named("Testbed Authority");
        Ok(Authority { issuer: CertifiedIssuer::self_signed(params, KeyPair::generate()?)? })
    }

    /// Signs a certificate and writes it into a folder.
    pub fn issue(&self, leaf: &Leaf, folder: &Path) -> Result<Paper, ServerError> {
        let mut params = CertificateParams::new(leaf.names.clone())?;
        params.distinguished_name = named(leaf.names.first().map_or("nobody", String::as_str));
        let ((y, m, d), (to_y, to_m, to_d)) = (day(leaf.from_days)?, day(leaf.until_days)?);
        (params.not_before, params.not_after) = (date_time_ymd(y, m, d), date_time_ymd(to_y, to_m, to_d));
        let key = KeyPair::generate()?;
        let signed = params.signed_by(&key, &self.issuer)?;
        let paper = Paper {
            chain: folder.join("chain.pem"),
            key: folder.join("key.pem"),
            authority: folder.join("authority.pem"),
        };
        let authority = self.issuer.pem();
        write(&paper.chain, &format!("{}{authority}", signed.pem()))?;
        write(&paper.key, &key.serialize_pem())?;
        write(&paper.authority, &authority)?;
        Ok(paper)
    }
}

fn named(name: &str) -> DistinguishedName {
    let mut distinguished = DistinguishedName::new();
    distinguished.push(DnType::CommonName, name);
    distinguished
}

/// Year, month and day in UTC; certificates begin and end at midnight.
fn day(from_today: i32) -> Result<(i32, u8, u8), ServerError> {
    let today = Timestamp::now().to_zoned(TimeZone::UTC).date();
    let date = today.checked_add(Span::new().days(from_today)).map_err(std::io::Error::other);
    let date = date.while_doing("find the day of a certificate")?;
    Ok((date.year().into(), date.month().unsigned_abs(), date.day().unsigned_abs()))
}

fn write(path: &Path, text: &str) -> Result<(), ServerError> {
    fs::write(path, text).while_doing(format!("write {}", path.display()))?;
    let closed = fs::set_permissions(path, fs::Permissions::from_mode(0o600));
    closed.while_doing(format!("close {}", path.display()))
}
