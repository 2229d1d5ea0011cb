//! How a check is established: by a probe that exists and assertions over facts that it has, or
//! by a person's statement.

use super::checks::Checks;
use super::raw::{RawAttest, RawCheck};
use super::read::Reader;
use super::{Look, Proof, Signature, Statement, Template, decisions};
use crate::catalog::{FactType, ProbeInfo};
use crate::diagnostic::Diagnostic;
use crate::expression::Expression;
use crate::place::Place;
use crate::yaml::{At, Kind, Node};

impl Checks<'_> {
    /// How the check is established; what is wrong with it is reported.
    pub(super) fn proof(&self, reader: &mut Reader<'_>, raw: &RawCheck, place: Place) -> Option<Proof> {
        match (&raw.probe, &raw.attest) {
            (Some(probe), None) => self.look(reader, raw, probe).map(Proof::Probe),
            (None, Some(attest)) => {
                if let Some(cause) = &raw.cause {
                    let message = "a statement has no facts that could say the cause";
                    reader.report(Diagnostic::at(cause.place, message).help("remove this key"));
                }
                Some(Proof::Attested(statement(reader, attest)?))
            }
            (Some(_), Some(_)) => {
                reader.report(
                    Diagnostic::at(
                        place,
                        format!("the check `{}` has both `probe` and `attest`", raw.id.value),
                    )
                    .help("keep the probe; a statement is for what no probe can see"),
                );
                None
            }
            (None, None) => {
                reader.report(
                    Diagnostic::at(
                        place,
                        format!("the check `{}` has neither `probe` nor `attest`", raw.id.value),
                    )
                    .help("name a probe (see `gonogo probes`), or `attest` what no probe can see"),
                );
                None
            }
        }
    }

    fn look(&self, reader: &mut Reader<'_>, raw: &RawCheck, probe: &At<String>) -> Option<Look> {
        let Some(info) = self.catalog.find(&probe.value) else {
            let known = self.catalog.probes().iter().map(|probe| probe.id);
            reader.report(
                Diagnostic::at(probe.place, format!("there is no probe `{}`", probe.value))
                    .did_you_mean(&probe.value, known),
            );
            return None;
        };
        let empty = Node { place: probe.place, kind: Kind::Map(Vec::new()) };
        let mut with = raw.with.clone().unwrap_or(empty);
        let target = self.target(reader, info, &mut with, probe.place);
        let also = self.also(reader, info, &with);
        templates(reader, &with);
        if let Err(error) = (info.accepts)(&with) {
            reader.report(error.diagnostic());
        }
        let Some(expect) = &raw.expect else {
            reader.report(
                Diagnostic::at(probe.place, format!("the check `{}` expects nothing", raw.id.value))
                    .help(format!("add `expect:`, over the facts {}", fact_names(info).join(", "))),
            );
            return None;
        };
        assertion(reader, info, expect);
        if let Some(partial) = &raw.partial {
            assertion(reader, info, partial);
        }
        if let Some(cause) = &raw.cause {
            cause_fact(reader, info, cause);
        }
        let with = with.to_json();
        let subject = self.subject(info, target.as_deref(), &also, &with);
        Some(Look {
            probe: info.id.to_owned(),
            target,
            also,
            with,
            expect: expect.value.clone(),
            partial: raw.partial.as_ref().map(|at| at.value.clone()),
            cause: raw.cause.as_ref().map(|at| at.value.clone()),
            time_limit: raw.time_limit.unwrap_or(self.look),
            subject,
        })
    }
}

fn fact_names(probe: &ProbeInfo) -> Vec<&'static str> {
    probe.facts.iter().map(|fact| fact.name).collect()
}

fn assertion(reader: &mut Reader<'_>, probe: &ProbeInfo, text: &At<String>) {
    match Expression::parse(&text.value) {
        Err(error) => {
            let place = error.offset.map_or(text.place, |offset| inside(text, offset, 1));
            reader.report(
                Diagnostic::at(place, error.message)
                    .help("assertions are CEL, such as `present && length >= 48`"),
            );
        }
        Ok(expression) => {
            let known = fact_names(probe);
            for fact in probe
                .facts
                .iter()
                .filter(|fact| expression.listed().contains(fact.name) && fact.kind != FactType::List)
            {
                let message = format!("`map` and `filter` go over lists; the fact `{}` is none", fact.name);
                reader.report(Diagnostic::at(text.place, message).help("ask with `all` or `exists`"));
            }
            for name in expression.names().iter().filter(|name| !known.contains(&name.as_str())) {
                let before = text.value.split(name.as_str()).next().unwrap_or_default();
                let place = inside(text, characters(before), characters(name));
                let message = format!("the probe `{}` has no fact `{name}`", probe.id);
                reader.report(Diagnostic::at(place, message).did_you_mean(name, known.iter().copied()));
            }
        }
    }
}

/// The cause must be a fact of the probe, and a text.
fn cause_fact(reader: &mut Reader<'_>, probe: &ProbeInfo, cause: &At<String>) {
    let texts = || probe.facts.iter().filter(|fact| fact.kind == FactType::Text).map(|fact| fact.name);
    if !texts().any(|name| name == cause.value) {
        let message = format!("the probe `{}` has no fact `{}` that is a text", probe.id, cause.value);
        reader.report(Diagnostic::at(cause.place, message).did_you_mean(&cause.value, texts()));
    }
}

/// A place inside a scalar of one line. A quoted scalar is wider than its text and starts with
/// the quote.
fn inside(text: &At<String>, offset: u32, width: u32) -> Place {
    let quote = u32::from(text.place.width > characters(&text.value));
    Place { width: width.max(1), ..text.place.shifted(offset.saturating_add(quote)) }
}

fn characters(text: &str) -> u32 {
    u32::try_from(text.chars().count()).unwrap_or(u32::MAX)
}

fn templates(reader: &mut Reader<'_>, with: &Node) {
    let mut wrong = Vec::new();
    with.each_text("", &mut |_, node, text| {
        if let Err(why) = Template::parse(text) {
            wrong.push(Diagnostic::at(node.place, why));
        }
    });
    wrong.into_iter().for_each(|diagnostic| reader.report(diagnostic));
}

/// A person's statement, signed whole or not at all.
pub(super) fn statement(reader: &mut Reader<'_>, raw: &RawAttest) -> Option<Statement> {
    let signed = match (&raw.by, &raw.on, &raw.expires) {
        (None, None, None) => None,
        (Some(by), Some(on), Some(expires)) if !by.trim().is_empty() => {
            let signature = Signature {
                by: by.clone(),
                on: decisions::date(reader, on)?,
                expires: decisions::date(reader, expires)?,
            };
            if signature.expires < signature.on {
                reader.report(Diagnostic::at(expires.place, "the statement ends before it was made"));
            }
            Some(signature)
        }
        _ => {
            let place = raw.on.as_ref().or(raw.expires.as_ref()).map_or(Place::START, |at| at.place);
            reader.report(
                Diagnostic::at(place, "a signed statement needs `by`, `on` and `expires`")
                    .help("give all three, or none while nobody has signed"),
            );
            return None;
        }
    };
    Some(Statement { statement: raw.statement.clone(), signed })
}
