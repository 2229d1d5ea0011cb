//! Checks: from includes and from the spec itself, with the environment's changes, each bound
//! to a probe that exists and to facts that this probe has.

use std::collections::BTreeMap;

use serde_json::json;

use super::environment::change_check;
use super::raw::{RawAttest, RawChange, RawCheck, RawInclude, RawSigned, RawSpec};
use super::read::Reader;
use super::{
    Category, Check, Fix, Look, PackSource, Proof, Signature, Signed, Stage, Statement, Target, Template,
    decisions,
};
use crate::amount::Wait;
use crate::catalog::{Catalog, FactType, ProbeInfo, TargetNeed};
use crate::diagnostic::Diagnostic;
use crate::digest::Digest;
use crate::expression::Expression;
use crate::place::{Origin, Place};
use crate::yaml::{At, Key, Kind, Node};

/// What checks may refer to, and what they fall back on.
pub(super) struct Checks<'a> {
    pub(super) catalog: &'a Catalog,
    pub(super) targets: &'a BTreeMap<String, Target>,
    pub(super) stages: &'a [Stage],
    pub(super) categories: &'a [Category],
    pub(super) max_age: Wait,
    pub(super) look: Wait,
}

/// A check as written, with where it came from. `place` is where this spec can change it.
struct Written {
    raw: RawCheck,
    place: Place,
    origin: Origin,
}

impl Checks<'_> {
    /// Every check in the order of the stages; what is wrong is reported.
    pub(super) fn read(
        &self,
        reader: &mut Reader<'_>,
        raw: &RawSpec,
        changes: &BTreeMap<String, At<RawChange>>,
        packs: &[PackSource],
    ) -> Vec<Check> {
        let mut written = self.included(reader, &raw.include, packs);
        let own = reader.list::<RawCheck>(&raw.checks);
        written.extend(own.into_iter().map(|(place, raw)| Written {
            origin: reader.origin(place),
            place,
            raw,
        }));
        reader.unique("check", written.iter().map(|check| &check.raw.id));
        self.change(reader, &mut written, changes);
        let mut checks: Vec<Check> =
            written.into_iter().filter_map(|check| self.valid(reader, check)).collect();
        let order = |stage: &str| self.stages.iter().position(|known| known.id == stage);
        checks.sort_by_key(|check| order(&check.stage));
        self.nothing_is_empty(reader, &checks);
        checks
    }

    fn included(&self, reader: &mut Reader<'_>, nodes: &[Node], packs: &[PackSource]) -> Vec<Written> {
        let includes = reader.list::<RawInclude>(nodes);
        includes.into_iter().flat_map(|(_, include)| self.include(reader, include, packs)).collect()
    }

    fn include(&self, reader: &mut Reader<'_>, include: RawInclude, packs: &[PackSource]) -> Vec<Written> {
        let place = include.pack.place;
        let Some(source) = packs.iter().find(|source| source.name == include.pack.value) else {
            let known = packs.iter().map(|source| source.name);
            reader.report(
                Diagnostic::at(place, format!("there is no pack `{}`", include.pack.value))
                    .did_you_mean(&include.pack.value, known),
            );
            return Vec::new();
        };
        let pack = match source.read() {
            Ok(pack) => pack,
            Err(error) => {
                reader.report(Diagnostic::at(
                    place,
                    format!("the pack `{}` cannot be read: {error}", source.name),
                ));
                return Vec::new();
            }
        };
        let mut checks: Vec<(Place, RawCheck)> = reader.list(&pack.raw.checks);
        let known: Vec<String> = checks.iter().map(|(_, check)| check.id.value.clone()).collect();
        let named = include
            .disable
            .iter()
            .map(|disable| (&disable.check.value, disable.check.place))
            .chain(include.change.keys().map(|id| (id, place)));
        for (id, place) in named.filter(|(id, _)| !known.contains(id)) {
            reader.report(
                Diagnostic::at(place, format!("the pack `{}` has no check `{id}`", source.name))
                    .did_you_mean(id, known.iter().map(String::as_str)),
            );
        }
        for (_, check) in &mut checks {
            adapt(check, &include);
        }
        let origin = |at: Place| Origin::new(source.file, at);
        checks.into_iter().map(|(at, raw)| Written { raw, place, origin: origin(at) }).collect()
    }

    fn change(
        &self,
        reader: &mut Reader<'_>,
        written: &mut [Written],
        changes: &BTreeMap<String, At<RawChange>>,
    ) {
        for (id, change) in changes {
            match written.iter_mut().find(|check| check.raw.id.value == *id) {
                Some(check) => change_check(&mut check.raw, change.value.clone()),
                None => {
                    let known: Vec<&str> = written.iter().map(|check| check.raw.id.value.as_str()).collect();
                    reader.report(
                        Diagnostic::at(change.place, format!("there is no check `{id}` to change"))
                            .did_you_mean(id, known),
                    );
                }
            }
        }
    }

    fn valid(&self, reader: &mut Reader<'_>, Written { raw, place, origin }: Written) -> Option<Check> {
        reader.check_id(&raw.id);
        let stages = self.stages.iter().map(|stage| stage.id.as_str());
        let stage = one_of(reader, "stage", raw.stage.as_ref(), place, &stages.collect::<Vec<_>>());
        let categories = self.categories.iter().map(|category| category.id.as_str());
        let category =
            one_of(reader, "category", raw.category.as_ref(), place, &categories.collect::<Vec<_>>());
        let proof = self.proof(reader, &raw, place);
        if let Some(root_cause) = &raw.root_cause {
            reader.check_id(root_cause);
        }
        Some(Check {
            title: raw.title.unwrap_or_else(|| raw.id.value.replace(['-', '_'], " ")),
            stage: stage?,
            category: category?,
            severity: raw.severity.value,
            proof: proof?,
            waivable: raw.waivable,
            root_cause: raw.root_cause.map(|at| at.value),
            impact: raw.impact,
            fix: raw.fix.map(|fix| Fix {
                text: fix.text,
                run: fix.run,
                effort: fix.effort,
                owner: fix.owner,
            }),
            max_age: raw.max_age.unwrap_or(self.max_age),
            not_applicable: raw.not_applicable.map(|signed| sign(reader, signed)),
            id: raw.id.value,
            origin,
        })
    }

    fn proof(&self, reader: &mut Reader<'_>, raw: &RawCheck, place: Place) -> Option<Proof> {
        match (&raw.probe, &raw.attest) {
            (Some(probe), None) => self.look(reader, raw, probe).map(Proof::Probe),
            (None, Some(attest)) => Some(Proof::Attested(statement(reader, attest)?)),
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
        let with = with.to_json();
        let address = target.as_ref().and_then(|name| self.targets.get(name)).map(|target| &target.address);
        let subject =
            Digest::of(&json!({"probe": info.id, "version": info.version, "target": address, "with": with}));
        Some(Look {
            probe: info.id.to_owned(),
            target,
            with,
            expect: expect.value.clone(),
            partial: raw.partial.as_ref().map(|at| at.value.clone()),
            time_limit: raw.time_limit.unwrap_or(self.look),
            subject,
        })
    }

    /// Takes `target` out of the parameters; it is the same for every probe.
    fn target(
        &self,
        reader: &mut Reader<'_>,
        probe: &ProbeInfo,
        with: &mut Node,
        place: Place,
    ) -> Option<String> {
        let given = match &mut with.kind {
            Kind::Map(entries) => {
                entries.iter().position(|(key, _)| key.name == "target").map(|at| entries.remove(at))
            }
            _ => None,
        };
        let (needed, kind) = match probe.target {
            TargetNeed::Never => {
                if let Some((key, _)) = given {
                    reader.report(
                        Diagnostic::at(key.place, format!("the probe `{}` takes no target", probe.id))
                            .help("remove this key"),
                    );
                }
                return None;
            }
            TargetNeed::Optional(kind) => (false, kind),
            TargetNeed::Required(kind) => (true, kind),
        };
        let of_kind =
            self.targets.iter().filter(|(_, target)| target.kind == kind).map(|(name, _)| name.as_str());
        let Some((_, node)) = given else {
            if needed {
                let known: Vec<&str> = of_kind.collect();
                reader.report(
                    Diagnostic::at(
                        place,
                        format!("the probe `{}` needs a target of kind `{}`", probe.id, kind.name()),
                    )
                    .help(match known.first() {
                        Some(name) => format!("add `target: {name}` to `with`"),
                        None => {
                            format!("declare one under `targets:`, such as `name: {{ {}: … }}`", kind.name())
                        }
                    }),
                );
            }
            return None;
        };
        let name = node.text().unwrap_or_default().to_owned();
        match self.targets.get(&name) {
            Some(target) if target.kind == kind => Some(name),
            Some(target) => {
                reader.report(Diagnostic::at(
                    node.place,
                    format!(
                        "the target `{name}` is of kind `{}`; `{}` needs `{}`",
                        target.kind.name(),
                        probe.id,
                        kind.name()
                    ),
                ));
                None
            }
            None => {
                reader.report(
                    Diagnostic::at(node.place, format!("there is no target `{name}`"))
                        .did_you_mean(&name, of_kind),
                );
                None
            }
        }
    }

    /// Silence is never GO: nothing that the verdict asks for may be without a check.
    fn nothing_is_empty(&self, reader: &mut Reader<'_>, checks: &[Check]) {
        if checks.is_empty() {
            reader.report(
                Diagnostic::at(Place::START, "the plan is empty: the spec has no check that can be read")
                    .help("add at least one check; silence is never GO"),
            );
            return;
        }
        for stage in self.stages.iter().filter(|stage| !checks.iter().any(|check| check.stage == stage.id)) {
            reader.report(
                Diagnostic::at(Place::START, format!("the stage `{}` has no check", stage.id))
                    .help("add a check to it or remove it; silence is never GO"),
            );
        }
        for category in self
            .categories
            .iter()
            .filter(|category| !checks.iter().any(|check| check.category == category.id))
        {
            reader.report(
                Diagnostic::at(Place::START, format!("the category `{}` has no check", category.id))
                    .help("add a check to it or remove it; silence is never GO"),
            );
        }
    }
}

/// Lays an include over one check of its pack.
fn adapt(check: &mut RawCheck, include: &RawInclude) {
    if let Some(change) = include.change.get(&check.id.value) {
        change_check(check, change.clone());
    }
    if let Some(disable) = include.disable.iter().find(|disable| disable.check.value == check.id.value) {
        let at = |value: &String| At { place: disable.check.place, value: value.clone() };
        check.not_applicable = Some(RawSigned { reason: at(&disable.reason), by: at(&disable.by) });
    }
    if let Some(prefix) = &include.prefix {
        check.id.value.insert_str(0, prefix);
    }
    check.stage.clone_from(&include.stage);
    check.category.clone_from(&include.category);
    let Some(target) = &include.target else { return };
    let node = Node { place: target.place, kind: Kind::Text(target.value.clone()) };
    let key = Key { name: "target".to_owned(), place: target.place };
    match check.with.as_mut().map(|with| &mut with.kind) {
        Some(Kind::Map(entries)) if !entries.iter().any(|(key, _)| key.name == "target") => {
            entries.push((key, node))
        }
        Some(_) => {}
        None => check.with = Some(Node { place: target.place, kind: Kind::Map(vec![(key, node)]) }),
    }
}

/// The named stage or category, or the only one there is.
fn one_of(
    reader: &mut Reader<'_>,
    noun: &str,
    given: Option<&At<String>>,
    place: Place,
    known: &[&str],
) -> Option<String> {
    match (given, known) {
        (Some(name), known) if known.contains(&name.value.as_str()) => Some(name.value.clone()),
        (Some(name), known) => {
            reader.report(
                Diagnostic::at(name.place, format!("there is no {noun} `{}`", name.value))
                    .did_you_mean(&name.value, known.iter().copied()),
            );
            None
        }
        (None, [only]) => Some((*only).to_owned()),
        (None, known) => {
            reader.report(
                Diagnostic::at(place, format!("this check names no {noun}"))
                    .help(format!("add `{noun}:`, one of {}", known.join(", "))),
            );
            None
        }
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

fn sign(reader: &mut Reader<'_>, signed: RawSigned) -> Signed {
    decisions::filled(reader, "the reason", &signed.reason);
    decisions::filled(reader, "the name of who says so", &signed.by);
    Signed { reason: signed.reason.value, by: signed.by.value }
}

fn statement(reader: &mut Reader<'_>, raw: &RawAttest) -> Option<Statement> {
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
