//! Exit codes: the one list that code, help and documentation share.

use crate::verdict::Call;

/// What the process says to the shell.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
#[repr(u8)]
pub enum Exit {
    /// GO.
    Go = 0,
    /// NO-GO.
    NoGo = 1,
    /// CONDITIONAL GO (0 with `--accept-conditional`).
    Conditional = 2,
    /// There was nothing to judge, or something outside the spec stopped the judging.
    CouldNotJudge = 3,
    /// A stored run was changed, or cannot be proven unchanged.
    Integrity = 4,
    /// The command line or the spec is wrong; nothing was run.
    Usage = 64,
}

impl Exit {
    /// Every code with its meaning, for help and documentation.
    pub const ALL: [(Exit, &'static str); 6] = [
        (Exit::Go, "GO"),
        (Exit::NoGo, "NO-GO"),
        (Exit::Conditional, "CONDITIONAL GO (0 with --accept-conditional)"),
        (Exit::CouldNotJudge, "could not judge"),
        (Exit::Integrity, "a stored run does not verify"),
        (Exit::Usage, "wrong usage or a wrong spec; nothing was run"),
    ];

    /// The code for a verdict.
    pub fn of(call: Call, accept_conditional: bool) -> Exit {
        match call {
            Call::Go => Exit::Go,
            Call::ConditionalGo if accept_conditional => Exit::Go,
            Call::ConditionalGo => Exit::Conditional,
            Call::NoGo => Exit::NoGo,
        }
    }

    /// The number.
    pub const fn code(self) -> u8 {
        self as u8
    }
}
