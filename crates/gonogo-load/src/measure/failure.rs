//! Why a request came to nothing, in classes that tell whose fault it was.

use serde::{Deserialize, Serialize};

/// Why a request, or a whole journey, failed.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Failure {
    /// Nobody listened.
    Refused,
    /// No connection came about in time.
    ConnectTimeout,
    /// The connection was reset or closed before the answer was whole.
    Reset,
    /// TLS could not be agreed upon.
    Tls,
    /// No whole answer came in time.
    Timeout,
    /// What came was no HTTP, or more than is read.
    Protocol,
    /// A status of 429 or 503 with `Retry-After`: the target was busy, and said when to come back.
    Shed,
    /// A status of 400 to 499 that was not asked for.
    Status4xx,
    /// A status of 500 to 599 that was not asked for.
    Status5xx,
    /// An answer came, and was not what `expect` says or had nothing to capture.
    Assertion,
    /// The run ended first. It says nothing of the target.
    CutOff,
    /// The generator itself had no port, no file descriptor or no value for a name. It says nothing
    /// of the target.
    Generator,
}

impl Failure {
    /// All of them, in the order of their numbers.
    pub const ALL: [Failure; 12] = [
        Failure::Refused,
        Failure::ConnectTimeout,
        Failure::Reset,
        Failure::Tls,
        Failure::Timeout,
        Failure::Protocol,
        Failure::Shed,
        Failure::Status4xx,
        Failure::Status5xx,
        Failure::Assertion,
        Failure::CutOff,
        Failure::Generator,
    ];

    /// Whether the target is to blame.
    pub fn is_of_target(self) -> bool {
        !matches!(self, Failure::CutOff | Failure::Generator)
    }

    /// What a status is when nothing else was asked for.
    pub fn of_status(status: u16) -> Option<Failure> {
        match status {
            400..=499 => Some(Failure::Status4xx),
            500.. => Some(Failure::Status5xx),
            _ => None,
        }
    }
}

impl std::fmt::Display for Failure {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.write_str(match self {
            Failure::Refused => "connection refused",
            Failure::ConnectTimeout => "no connection in time",
            Failure::Reset => "connection reset",
            Failure::Tls => "TLS failed",
            Failure::Timeout => "no answer in time",
            Failure::Protocol => "no HTTP",
            Failure::Shed => "told to come back later",
            Failure::Status4xx => "status 4xx",
            Failure::Status5xx => "status 5xx",
            Failure::Assertion => "not as expected",
            Failure::CutOff => "cut off by the end of the run",
            Failure::Generator => "not sent by the generator",
        })
    }
}
