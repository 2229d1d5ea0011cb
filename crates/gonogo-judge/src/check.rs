//! One check: from its evidence to a status with a reason, or to nothing when nobody looked.
//! Knows no other check, no gate and no acceptance.

use std::collections::{BTreeMap, BTreeSet};
use std::time::Duration;

use gonogo_model::amount::Wait;
use gonogo_model::evidence::{Evidence, Outcome};
use gonogo_model::expression::Expression;
use gonogo_model::fact::Item;
use gonogo_model::spec::{Check, Look, Proof};
use gonogo_model::status::Status;
use gonogo_model::verdict::{Confidence, ItemResult};
use jiff::tz::TimeZone;
use jiff::{SignedDuration, Timestamp};

use crate::{attestation, confidence, wording};

/// Clocks may differ by so much before evidence is from the future.
const CLOCK_SKEW: SignedDuration = SignedDuration::from_secs(300);

/// Items that pass and whose facts a verdict repeats, of one check.
const MOST_TOLD: usize = 20;

/// What is known about one check by itself.
#[derive(Debug, Clone)]
pub(crate) struct Decision {
    pub(crate) status: Status,
    pub(crate) why: String,
    pub(crate) items: Vec<ItemResult>,
    pub(crate) evidence: Option<String>,
    pub(crate) confidence: Option<Confidence>,
}

impl Decision {
    pub(crate) fn plain(status: Status, why: String) -> Decision {
        Decision { status, why, items: Vec::new(), evidence: None, confidence: None }
    }

    /// Nobody could look at one of its items, or at all of it.
    pub(crate) fn has_error(&self) -> bool {
        self.status == Status::Error || self.items.iter().any(|item| item.status == Status::Error)
    }
}

/// The status of `check`; `None` when a probe should have looked and did not.
pub(crate) fn decide(check: &Check, evidence: Option<&Evidence>, now: Timestamp) -> Option<Decision> {
    if let Some(signed) = &check.not_applicable {
        let why = format!("does not apply: {} (says {})", signed.reason, signed.by);
        return Some(Decision::plain(Status::NotApplicable, why));
    }
    match &check.proof {
        Proof::Attested(statement) => {
            Some(attestation::decide(statement, now.to_zoned(TimeZone::UTC).date()))
        }
        Proof::Probe(look) => {
            let evidence = evidence?;
            let decision = by_evidence(look, check.max_age, evidence, now);
            Some(Decision { evidence: Some(evidence.id.clone()), ..decision })
        }
    }
}

fn by_evidence(look: &Look, max_age: Wait, evidence: &Evidence, now: Timestamp) -> Decision {
    if evidence.subject != look.subject {
        return Decision::plain(Status::Stale, "the evidence is of another subject".to_owned());
    }
    if let Some(why) = wrong_time(max_age, evidence, now) {
        return Decision::plain(Status::Stale, why);
    }
    match &evidence.outcome {
        Outcome::Unmeasured { why } => Decision::plain(Status::Error, why.clone()),
        Outcome::Looked { items, .. } => by_items(look, items),
    }
}

fn wrong_time(max_age: Wait, evidence: &Evidence, now: Timestamp) -> Option<String> {
    let ahead = evidence.started.max(evidence.ended).duration_since(now);
    if ahead > CLOCK_SKEW {
        return Some(format!("the evidence is from the future, by {}", say(ahead)));
    }
    let age = now.duration_since(evidence.ended);
    let limit = SignedDuration::try_from(max_age.0).unwrap_or(SignedDuration::MAX);
    (age > limit).then(|| format!("the evidence is {} old, and may be {max_age} old", say(age)))
}

/// Whole seconds, as a spec would write them.
fn say(span: SignedDuration) -> String {
    Wait(Duration::from_secs(span.as_secs().unsigned_abs())).to_string()
}

fn by_items(look: &Look, items: &[Item]) -> Decision {
    let error = |why: String| Decision::plain(Status::Error, why);
    if items.is_empty() {
        return error("looked and found nothing to judge".to_owned());
    }
    let mut keys = BTreeSet::new();
    if let Some(twice) = items.iter().find(|item| !keys.insert(item.key.as_str())) {
        return error(format!("the look saw `{}` twice, so its facts cannot be told apart", twice.key));
    }
    let assertion = match Assertion::parse(look) {
        Ok(assertion) => assertion,
        Err(why) => return error(why),
    };
    let mut items_judged: Vec<ItemResult> = items.iter().map(|item| assertion.judge(item)).collect();
    name_only(&mut items_judged);
    let status = worst(&items_judged);
    Decision {
        why: explain(status, &items_judged),
        status,
        items: items_judged,
        evidence: None,
        confidence: confidence::of(items),
    }
}

/// `expect` and `partial` of a check, parsed once.
struct Assertion {
    expect: Expression,
    partial: Option<Expression>,
    /// The fact that says in words what is wrong.
    cause: Option<String>,
}

impl Assertion {
    fn parse(look: &Look) -> Result<Assertion, String> {
        let parse = |noun: &str, text: &str| {
            Expression::parse(text).map_err(|error| format!("`{noun}` cannot be read: {error}"))
        };
        let partial = look.partial.as_ref().map(|text| parse("partial", text)).transpose()?;
        Ok(Assertion { expect: parse("expect", &look.expect)?, partial, cause: look.cause.clone() })
    }

    fn judge(&self, item: &Item) -> ItemResult {
        let (status, why) = self.status(item);
        let names = self.expect.names().iter().chain(self.partial.iter().flat_map(Expression::names));
        let facts: BTreeMap<_, _> = names
            .chain(&self.cause)
            .filter_map(|name| item.facts.get(name).map(|value| (name.clone(), value.clone())))
            .collect();
        ItemResult { key: item.key.clone(), status, facts, location: item.location.clone(), why }
    }

    fn status(&self, item: &Item) -> (Status, Option<String>) {
        if item.sampled.is_some_and(|sampled| sampled.samples == 0) {
            return (Status::Error, Some("no samples were taken".to_owned()));
        }
        match self.expect.holds(item) {
            Ok(true) => (Status::Pass, None),
            Ok(false) if self.is_partly_met(item) => (Status::Partial, None),
            Ok(false) => (Status::Fail, None),
            Err(error) => (Status::Error, Some(error.to_string())),
        }
    }

    fn is_partly_met(&self, item: &Item) -> bool {
        self.partial.as_ref().is_some_and(|partial| partial.holds(item) == Ok(true))
    }
}

/// Of many items that pass only the names stay: their facts are in the evidence, and a verdict
/// over thousands of items would hold little else.
fn name_only(items: &mut [ItemResult]) {
    if items.iter().filter(|item| item.status == Status::Pass).count() <= MOST_TOLD {
        return;
    }
    for item in items.iter_mut().filter(|item| item.status == Status::Pass) {
        item.facts = BTreeMap::new();
        item.location = None;
    }
}

/// FAIL, then ERROR, then PARTIAL, then PASS.
fn worst(items: &[ItemResult]) -> Status {
    [Status::Fail, Status::Error, Status::Partial]
        .into_iter()
        .find(|status| items.iter().any(|item| item.status == *status))
        .unwrap_or(Status::Pass)
}

fn explain(status: Status, items: &[ItemResult]) -> String {
    let all = wording::count(items.len(), "item", "items");
    if status == Status::Pass {
        return format!("the assertion holds for {all}");
    }
    let part = |status: Status, what: &str| {
        let of: Vec<&ItemResult> = items.iter().filter(|item| item.status == status).collect();
        let name = |item: &&ItemResult| match &item.why {
            Some(why) => format!("{} ({why})", item.key),
            None => item.key.clone(),
        };
        let share = if items.len() > 1 { format!(" ({} of {all})", of.len()) } else { String::new() };
        (!of.is_empty()).then(|| format!("{what} for {}{share}", wording::list(&of, name)))
    };
    let parts = [
        part(Status::Fail, "fails"),
        part(Status::Error, "could not be judged"),
        part(Status::Partial, "holds in part"),
    ];
    parts.into_iter().flatten().collect::<Vec<_>>().join("; ")
}
