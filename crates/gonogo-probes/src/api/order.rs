//! In which order operations are asked, so that one does not take away what the next one needs.

use crate::openapi::served::Operation;

/// Last words of paths that end something.
const ENDING: [&str; 10] =
    ["end", "close", "leave", "cancel", "finish", "archive", "remove", "delete", "revoke", "deactivate"];

/// Last words of paths at which a session begins or goes on; one that is used wrongly may end it.
const SESSION: [&str; 8] =
    ["login", "signin", "refresh", "token", "session", "sessions", "register", "password"];

/// What reads comes first, then what makes and changes, what ends, what deletes, what a session
/// depends on, and at last what ends the session of whoever asks. Within these the order is that of
/// the document.
pub(crate) fn safest_first(operations: &[Operation]) -> Vec<&Operation> {
    let mut ordered: Vec<&Operation> = operations.iter().collect();
    ordered.sort_by_key(|operation| rank(operation));
    ordered
}

/// Whether it ends the session of whoever asks.
pub(crate) fn ends_session(operation: &Operation) -> bool {
    let path = operation.path.to_lowercase().replace(['-', '_'], "");
    ["logout", "signout", "logoff"].iter().any(|word| path.contains(word))
}

fn rank(operation: &Operation) -> u8 {
    let last = operation.path.rsplit('/').next().unwrap_or_default().to_lowercase();
    match operation.method.as_str() {
        _ if ends_session(operation) => 5,
        "DELETE" => 3,
        "POST" | "PUT" | "PATCH" if SESSION.contains(&last.as_str()) => 4,
        "GET" | "HEAD" | "OPTIONS" | "TRACE" | "QUERY" => 0,
        _ if ENDING.contains(&last.as_str()) => 2,
        _ => 1,
    }
}
