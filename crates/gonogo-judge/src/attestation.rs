//! Statements of people: unsigned, signed and in force, or over. Knows the day, never the evidence.

use gonogo_model::spec::Statement;
use gonogo_model::status::Status;
use jiff::civil::Date;

use crate::check::Decision;

/// The status of a check that a person states.
pub(crate) fn decide(statement: &Statement, today: Date) -> Decision {
    let Some(signature) = &statement.signed else {
        return Decision::plain(Status::NotRun, "nobody has signed".to_owned());
    };
    let (by, on, expires) = (&signature.by, signature.on, signature.expires);
    if on > today {
        Decision::plain(Status::NotRun, format!("the signature of {by} is dated {on}, in the future"))
    } else if expires < today {
        Decision::plain(Status::Stale, format!("the statement {by} signed on {on} expired on {expires}"))
    } else {
        Decision::plain(Status::Attested, format!("signed by {by} on {on}, holds until {expires}"))
    }
}
