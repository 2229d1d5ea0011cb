//! Symbols beside the words of a document. The word always stands there too.

use gonogo_model::status::{Severity, Status};
use gonogo_model::verdict::{Call, StageState};

/// `❌ FAIL`
pub(crate) fn status(status: Status) -> String {
    let symbol = match status {
        Status::Pass => "✅",
        Status::Fail | Status::Error => "❌",
        Status::Blocked => "🚫",
        Status::Partial | Status::Stale | Status::Attested => "⚠️",
        Status::NotRun | Status::NotApplicable => "➖",
    };
    format!("{symbol} {status}")
}

/// `🚫 NO-GO`
pub(crate) fn call(call: Call) -> String {
    let symbol = match call {
        Call::Go => "✅",
        Call::ConditionalGo => "⚠️",
        Call::NoGo => "🚫",
    };
    format!("{symbol} {call}")
}

/// `🚫 BLOCKED`
pub(crate) fn stage(state: StageState) -> String {
    let symbol = match state {
        StageState::Passed => "✅",
        StageState::NotPassed => "❌",
        StageState::Blocked => "🚫",
    };
    format!("{symbol} {}", state.word())
}

/// `BLOCKER`
pub(crate) fn severity(severity: Severity) -> String {
    severity.word().to_uppercase()
}
