//! What an entry rests on: the status of its check, a signature in force, or nothing.

use std::collections::BTreeMap;

use gonogo_model::register::{Basis, Criterion, Standing};
use gonogo_model::spec::Statement;
use gonogo_model::spec::register::Bond;
use gonogo_model::status::Status;
use gonogo_model::verdict::CheckResult;
use jiff::civil::Date;

use super::Ground;
use crate::attestation;

/// The checks by id, and the day.
pub(super) struct Bases<'a> {
    results: BTreeMap<&'a str, &'a CheckResult>,
    today: Date,
}

impl<'a> Bases<'a> {
    pub(super) fn of(ground: &Ground<'a>) -> Bases<'a> {
        let results = ground.results.iter().map(|result| (result.check.as_str(), result)).collect();
        Bases { results, today: ground.today }
    }

    /// How something with this bond stands.
    pub(super) fn of_bond(&self, bond: Option<&Bond>) -> Basis {
        match bond {
            Some(Bond::Check(check)) => self.of_check(check),
            Some(Bond::Attested(statement)) => self.of_statement(statement),
            None => Basis {
                standing: Standing::Unproven,
                why: "neither a check nor a statement shows it".to_owned(),
                check: None,
            },
        }
    }

    /// How something stands that this check proves.
    pub(super) fn of_check(&self, check: &str) -> Basis {
        let why = match self.results.get(check) {
            Some(result) => format!("`{check}` is {}: {}", result.status, result.why),
            None => format!("there is no check `{check}`"),
        };
        Basis { standing: standing(self.status(check)), why, check: Some(check.to_owned()) }
    }

    /// How something stands that a person states.
    pub(super) fn of_statement(&self, statement: &Statement) -> Basis {
        let decision = attestation::decide(statement, self.today);
        Basis { standing: standing(decision.status), why: decision.why, check: None }
    }

    /// The status of a check; NOT RUN when there is no such check.
    pub(super) fn status(&self, check: &str) -> Status {
        self.results.get(check).map_or(Status::NotRun, |result| result.status)
    }

    /// The checks with their statuses.
    pub(super) fn criteria(&self, checks: &[String]) -> Vec<Criterion> {
        checks.iter().map(|check| Criterion { check: check.clone(), status: self.status(check) }).collect()
    }

    /// Whether the look of a check gave something to judge.
    pub(super) fn has_looked(&self, check: &str) -> bool {
        self.results.get(check).is_some_and(|result| !result.items.is_empty())
    }
}

/// An acceptance changes nothing here: a risk that is taken is still there.
pub(super) fn standing(status: Status) -> Standing {
    match status {
        Status::Pass | Status::NotApplicable => Standing::Proven,
        Status::Attested => Standing::Attested,
        Status::Fail | Status::Partial => Standing::Open,
        Status::Blocked | Status::NotRun | Status::Error | Status::Stale => Standing::Unproven,
    }
}
