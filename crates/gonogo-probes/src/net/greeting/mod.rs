//! Greetings of protocols: as far as one gets without credentials, and with those of the address.
//! One room a protocol; none changes anything at the server.

pub(super) mod amqp;
pub(super) mod http;
pub(super) mod mysql;
pub(super) mod nats;
pub(super) mod postgres;
pub(super) mod redis;
pub(super) mod smtp;
pub(super) mod stun;

use crate::tools::talk::TalkError;

/// What was learnt of a server, as it was learnt.
#[derive(Debug, Default)]
pub(super) struct Met {
    pub(super) handshake: bool,
    pub(super) authenticated: Option<bool>,
    pub(super) server: Option<String>,
    pub(super) tls: Option<bool>,
}

/// How far it went.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Stage {
    Resolve,
    Connect,
    Tls,
    Handshake,
    Login,
}

impl Stage {
    pub(super) fn name(self) -> &'static str {
        match self {
            Stage::Resolve => "resolve",
            Stage::Connect => "connect",
            Stage::Tls => "tls",
            Stage::Handshake => "handshake",
            Stage::Login => "login",
        }
    }
}

/// Where it ended and why.
#[derive(Debug)]
pub(super) struct Trouble {
    pub(super) stage: Stage,
    pub(super) why: String,
}

impl Trouble {
    pub(super) fn at(stage: Stage, why: impl Into<String>) -> Trouble {
        Trouble { stage, why: why.into() }
    }

    /// It does not speak as its kind does. `said` is shown short and harmless.
    pub(super) fn stranger(protocol: &str, said: &[u8]) -> Trouble {
        let why =
            format!("does not answer as {protocol} does, it says `{}`; check host and port", shown(said));
        Trouble::at(Stage::Handshake, why)
    }

    pub(super) fn tls(error: &TalkError) -> Trouble {
        let why = format!("{error}; check whether it speaks TLS at this port, and its certificate");
        Trouble::at(Stage::Tls, why)
    }

    pub(super) fn untrusted(doubt: &str) -> Trouble {
        let why =
            format!("{doubt}; nothing more was said. Name the file of its authority with `ca`, or mend it");
        Trouble::at(Stage::Tls, why)
    }

    /// The credentials of the address were refused.
    pub(super) fn refused(why: &str) -> Trouble {
        let why =
            format!("refuses the user of the address ({why}); correct the credentials in the environment");
        Trouble::at(Stage::Login, why)
    }
}

/// A talk that ends before the handshake is done.
impl From<TalkError> for Trouble {
    fn from(error: TalkError) -> Trouble {
        let why =
            format!("{error}; check that it is the service that is meant, whether it wants TLS, and its log");
        Trouble::at(Stage::Handshake, why)
    }
}

/// The same during the login.
pub(super) fn at_login(error: TalkError) -> Trouble {
    Trouble::at(Stage::Login, format!("{error}; look into the log of the service"))
}

/// The first characters, without what a terminal would obey.
pub(super) fn shown(said: &[u8]) -> String {
    let text = String::from_utf8_lossy(&said[..said.len().min(60)]).into_owned();
    text.chars().map(|letter| if letter.is_control() { '.' } else { letter }).collect()
}
