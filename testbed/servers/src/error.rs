//! Why a private server could not be started or stopped. Texts carry the server's own last log
//! lines, and never a password.

use std::io;
use std::time::Duration;

/// A private server could not be started or stopped.
#[derive(Debug, thiserror::Error)]
pub enum ServerError {
    /// The server is not installed on this machine.
    #[error("failed to find the {server} binaries in {searched}; install them (Debian: `{install}`)")]
    NoBinaries {
        /// Name of the server.
        server: &'static str,
        /// Where was looked.
        searched: &'static str,
        /// The command that installs them.
        install: &'static str,
    },
    /// A file, folder, port or process could not be used.
    #[error("failed to {action}")]
    Io {
        /// What was tried.
        action: String,
        /// The operating system's answer.
        source: io::Error,
    },
    /// We are root, the server refuses root, and there is no user to run it as.
    #[error("failed to find the user `postgres` or `nobody` in /etc/passwd; Postgres refuses to run as root")]
    NoUnprivilegedUser,
    /// A program ended with an error.
    #[error("failed to run {program}; its last lines:\n{log}")]
    Failed {
        /// The program.
        program: &'static str,
        /// Its last output.
        log: String,
    },
    /// A program did not finish, or a server did not become ready, in time.
    #[error("gave up waiting for {program} after {limit:?}; its last lines:\n{log}")]
    TooSlow {
        /// The program.
        program: &'static str,
        /// How long was waited.
        limit: Duration,
        /// Its last output.
        log: String,
    },
    /// Every port tried was taken by somebody else.
    #[error("failed to start {program}: {tries} free ports in a row were taken before it could bind them")]
    NoPort {
        /// The program.
        program: &'static str,
        /// How many were tried.
        tries: u32,
    },
    /// The self-signed certificate could not be made.
    #[error("failed to make a self-signed certificate")]
    Certificate(#[from] rcgen::Error),
}

/// Turns an I/O error into a [`ServerError`] that says what was tried.
pub(crate) trait While<T> {
    fn while_doing(self, action: impl Into<String>) -> Result<T, ServerError>;
}

impl<T> While<T> for io::Result<T> {
    fn while_doing(self, action: impl Into<String>) -> Result<T, ServerError> {
        self.map_err(|source| ServerError::Io { action: action.into(), source })
    }
}
