//! What MySQL and its clients say to each other: the greeting and the login, within limits.
//! It does not know what is asked afterwards.

use sha1::Sha1;
use sha2::{Digest, Sha256};

use crate::net::endpoint::Endpoint;
use crate::tools::talk::{Talk, TalkError};
use crate::tools::tls::{Trust, VERSIONS};

/// CLIENT_PROTOCOL_41, CLIENT_TRANSACTIONS, CLIENT_SECURE_CONNECTION and CLIENT_PLUGIN_AUTH.
const ABILITIES: u32 = 0x0200 | 0x2000 | 0x8000 | 0x0008_0000;
const WITH_DATABASE: u32 = 0x0008;
const TLS: u32 = 0x0800;
/// utf8mb4.
const CHARACTERS: u8 = 45;
const LARGEST_PACKET: u32 = 1024 * 1024;
/// A greeting is short; a larger one is none.
const LONGEST_GREETING: usize = 4096;
const MOST_STEPS: usize = 5;

/// What a server says first.
#[derive(Debug)]
pub(crate) struct Greeting {
    version: String,
    abilities: u32,
    salt: Vec<u8>,
    method: String,
}

/// Why nobody was let in.
#[derive(Debug)]
pub(crate) enum LoginError {
    Talk(TalkError),
    /// No TLS, or none that may be trusted.
    Tls(String),
    /// What the server says.
    Refused {
        code: u16,
        why: String,
    },
    /// It wants to be logged in to in a way that is not known here, or not safe.
    Method(String),
}

impl From<TalkError> for LoginError {
    fn from(error: TalkError) -> LoginError {
        LoginError::Talk(error)
    }
}

impl Greeting {
    /// Such as `MariaDB 10.11.19` or `MySQL 8.0.36`.
    pub(crate) fn server(&self) -> String {
        let version = self.version.strip_prefix("5.5.5-").unwrap_or(&self.version);
        match version.split_once("-MariaDB") {
            Some((number, _)) => format!("MariaDB {number}"),
            None => format!("MySQL {version}"),
        }
    }

    /// Whether it says that it is MariaDB.
    pub(crate) fn is_mariadb(&self) -> bool {
        self.version.contains("MariaDB")
    }

    /// Whether it offers TLS.
    pub(crate) fn offers_tls(&self) -> bool {
        self.abilities & TLS != 0
    }
}

/// Reads what the server says first; what it said instead when that is no greeting.
pub(crate) async fn greeting(talk: &mut Talk) -> Result<Result<Greeting, String>, TalkError> {
    let head = talk.exactly(4).await?;
    let length = length_of(&head);
    if length > LONGEST_GREETING {
        return Ok(Err(String::from_utf8_lossy(&head).into_owned()));
    }
    let packet = talk.exactly(length).await?;
    if let [0xff, _, _, why @ ..] = packet.as_slice() {
        return Ok(Err(String::from_utf8_lossy(why).into_owned()));
    }
    Ok(understood(&packet).ok_or_else(|| String::from_utf8_lossy(&packet).into_owned()))
}

fn understood(packet: &[u8]) -> Option<Greeting> {
    let rest = packet.strip_prefix(&[10])?;
    let end = rest.iter().position(|byte| *byte == 0)?;
    let (version, rest) = (String::from_utf8_lossy(&rest[..end]).into_owned(), &rest[end + 1..]);
    let first = rest.get(4..12)?;
    let low = u16::from_le_bytes([*rest.get(13)?, *rest.get(14)?]);
    let high = u16::from_le_bytes([*rest.get(18)?, *rest.get(19)?]);
    let length = usize::from(*rest.get(20)?).saturating_sub(8).max(13);
    let second = rest.get(31..31 + length)?;
    let method = rest.get(31 + length..).map(text_to_zero).unwrap_or_default();
    let salt = [first, second].concat().into_iter().take(20).collect();
    Some(Greeting { version, abilities: u32::from(high) << 16 | u32::from(low), salt, method })
}

fn text_to_zero(bytes: &[u8]) -> String {
    let end = bytes.iter().position(|byte| *byte == 0).unwrap_or(bytes.len());
    String::from_utf8_lossy(&bytes[..end]).into_owned()
}

fn length_of(head: &[u8]) -> usize {
    usize::from(head[0]) | usize::from(head[1]) << 8 | usize::from(head[2]) << 16
}

/// A connection that is logged in.
pub(crate) struct Session {
    talk: Talk,
    number: u8,
    pub(crate) tls: bool,
    /// Whether nobody else can have answered.
    trusted: bool,
}

/// Logs in as the user of the address.
pub(crate) async fn log_in(
    talk: Talk,
    greeting: &Greeting,
    endpoint: &Endpoint,
    trust: &Trust,
) -> Result<Session, LoginError> {
    let mode = endpoint.ssl_mode.as_deref().unwrap_or_default().replace('-', "_");
    let mut session = Session { talk, number: 1, tls: false, trusted: false };
    if matches!(mode.as_str(), "required" | "require" | "verify_ca" | "verify_identity" | "verify_full") {
        session = session.secured(greeting, endpoint, trust, &mode).await?;
    }
    let password = endpoint.password.as_deref().unwrap_or_default();
    let database = endpoint.path.trim_matches('/');
    let with = if database.is_empty() { 0 } else { WITH_DATABASE };
    let tls = if session.tls { TLS } else { 0 };
    let mut packet = opening(ABILITIES | with | tls);
    packet.extend(endpoint.user.as_deref().unwrap_or_default().bytes());
    packet.push(0);
    let answer = answer(&greeting.method, password, &greeting.salt).unwrap_or_default();
    packet.push(u8::try_from(answer.len()).unwrap_or(0));
    packet.extend(answer);
    if !database.is_empty() {
        packet.extend(database.bytes());
        packet.push(0);
    }
    packet.extend(greeting.method.bytes());
    packet.push(0);
    session.send(&packet).await?;
    session.let_in(password).await?;
    Ok(session)
}

/// The start of the login, and all of the question for TLS.
fn opening(abilities: u32) -> Vec<u8> {
    let mut packet = [abilities.to_le_bytes(), LARGEST_PACKET.to_le_bytes()].concat();
    packet.push(CHARACTERS);
    packet.extend([0; 23]);
    packet
}

impl Session {
    async fn secured(
        mut self,
        greeting: &Greeting,
        endpoint: &Endpoint,
        trust: &Trust,
        mode: &str,
    ) -> Result<Session, LoginError> {
        if !greeting.offers_tls() {
            let why = "it offers no TLS and the address demands it; turn it on, or correct `ssl-mode`";
            return Err(LoginError::Tls(why.to_owned()));
        }
        self.send(&opening(ABILITIES | TLS)).await?;
        let (talk, shown) = self.talk.secure(trust, &endpoint.host, VERSIONS, &[]).await?;
        let doubt = match mode {
            "verify_ca" => shown.untrusted.clone(),
            "verify_identity" | "verify_full" => shown.doubt(),
            _ => None,
        };
        if let Some(doubt) = doubt {
            return Err(LoginError::Tls(format!(
                "{doubt}; name the file of its authority with `ca`, or mend it"
            )));
        }
        Ok(Session { talk, number: self.number, tls: true, trusted: shown.doubt().is_none() })
    }

    async fn let_in(&mut self, password: &str) -> Result<(), LoginError> {
        for _ in 0..MOST_STEPS {
            let packet = self.receive().await?;
            match packet.as_slice() {
                [0x00, ..] => return Ok(()),
                [0xff, ..] => return Err(refused(&packet)),
                [0xfe, rest @ ..] => {
                    let method = text_to_zero(rest);
                    let salt: Vec<u8> = rest.iter().skip(method.len() + 1).take(20).copied().collect();
                    let said = answer(&method, password, &salt).ok_or_else(|| unknown(&method))?;
                    self.send(&said).await?;
                }
                [0x01, 0x03, ..] => {}
                [0x01, 0x04, ..] if self.trusted => self.send(&[password.as_bytes(), &[0]].concat()).await?,
                [0x01, 0x04, ..] => {
                    let why = "it wants the password itself, which is sent only over TLS with a trusted certificate; \
                               add `?ssl-mode=verify_identity` to the address, and `ca`";
                    return Err(LoginError::Method(why.to_owned()));
                }
                _ => return Err(unknown("none that is known")),
            }
        }
        Err(unknown("one that never ends"))
    }

    /// Says goodbye; whoever does not hear it is left all the same.
    pub(crate) async fn close(mut self) {
        self.begin();
        let _ = self.send(&[1]).await;
    }

    /// The next packet is the first of a new question.
    pub(super) fn begin(&mut self) {
        self.number = 0;
    }

    pub(super) async fn send(&mut self, payload: &[u8]) -> Result<(), TalkError> {
        let length = u32::try_from(payload.len()).unwrap_or(u32::MAX).to_le_bytes();
        let head = [length[0], length[1], length[2], self.number];
        self.number = self.number.wrapping_add(1);
        self.talk.say(&[&head[..], payload].concat()).await
    }

    pub(super) async fn receive(&mut self) -> Result<Vec<u8>, TalkError> {
        let head = self.talk.exactly(4).await?;
        self.number = head[3].wrapping_add(1);
        self.talk.exactly(length_of(&head)).await
    }
}

fn unknown(method: &str) -> LoginError {
    LoginError::Method(format!(
        "it wants a way to log in that is not known here ({method}); use a user with a password"
    ))
}

/// What an error packet says.
pub(super) fn refused(packet: &[u8]) -> LoginError {
    let code = packet.get(1..3).map_or(0, |code| u16::from_le_bytes([code[0], code[1]]));
    let words = packet.get(3..).unwrap_or_default();
    // The marker and five letters of SQLSTATE.
    let words = if words.first() == Some(&b'#') { words.get(6..).unwrap_or_default() } else { words };
    LoginError::Refused { code, why: String::from_utf8_lossy(words).into_owned() }
}

/// The proof that the password is known; `None` for a method that is not.
fn answer(method: &str, password: &str, salt: &[u8]) -> Option<Vec<u8>> {
    let mixed = |a: &[u8], b: &[u8]| a.iter().zip(b).map(|(a, b)| a ^ b).collect::<Vec<u8>>();
    if password.is_empty() {
        return matches!(method, "mysql_native_password" | "caching_sha2_password").then(Vec::new);
    }
    match method {
        "mysql_native_password" => {
            let once = Sha1::digest(password.as_bytes());
            let twice = Sha1::digest(once);
            Some(mixed(&once, &Sha1::digest([salt, &twice].concat())))
        }
        "caching_sha2_password" => {
            let once = Sha256::digest(password.as_bytes());
            let twice = Sha256::digest(once);
            Some(mixed(&once, &Sha256::digest([&twice[..], salt].concat())))
        }
        _ => None,
    }
}
