//! Text to spec, in the order a reader of the file would check it. Collects every diagnostic
//! it can, so that one run of `gonogo plan` shows all that is wrong.

use std::collections::BTreeMap;

use serde::de::DeserializeOwned;

use super::checks::Checks;
use super::raw::{RawBudget, RawCategory, RawConsent, RawPolicy, RawSpec, RawTarget};
use super::{
    Budget, Category, Consent, FORMAT, PackSource, Policy, Spec, Target, Template, decisions, environment,
    inline_secret, register, stages,
};
use crate::amount::{Percent, Wait};
use crate::catalog::{Catalog, Class, TargetKind};
use crate::diagnostic::Diagnostic;
use crate::digest::Digest;
use crate::place::{Origin, Place};
use crate::yaml::{self, At, Kind, Limits, Node};

/// Everything that is wrong with a spec. Nothing was run.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct SpecError {
    /// The file.
    pub file: String,
    /// Its text, with everything that looks like a secret masked.
    pub text: String,
    /// What is wrong, by place; never empty.
    pub diagnostics: Vec<Diagnostic>,
}

impl SpecError {
    fn new(file: &str, text: &str, mut diagnostics: Vec<Diagnostic>) -> SpecError {
        diagnostics.sort_by_key(|diagnostic| diagnostic.place);
        SpecError { file: file.to_owned(), text: inline_secret::mask(text), diagnostics }
    }
}

impl std::fmt::Display for SpecError {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        const SHOWN: usize = 20;
        for diagnostic in self.diagnostics.iter().take(SHOWN) {
            writeln!(f, "{}\n", diagnostic.render(&self.file, &self.text))?;
        }
        match self.diagnostics.len() {
            1 => write!(f, "1 error in {}; nothing was run", self.file),
            n => write!(f, "{n} errors in {}; nothing was run", self.file),
        }
    }
}

impl std::error::Error for SpecError {}

/// Reads and validates a spec for one environment.
///
/// # Errors
/// [`SpecError`] with everything that is wrong; a spec that is returned can be planned.
pub fn read(
    file: &str,
    text: &str,
    environment: Option<&str>,
    catalog: &Catalog,
    packs: &[PackSource],
) -> Result<Spec, SpecError> {
    let mut reader = Reader { file, diagnostics: Vec::new() };
    let spec = reader.spec(text, environment, catalog, packs);
    match spec {
        Some(spec) if reader.diagnostics.is_empty() => Ok(spec),
        _ => Err(SpecError::new(file, text, reader.diagnostics)),
    }
}

/// Collects diagnostics while the parts of a spec are read.
#[derive(Debug)]
pub(super) struct Reader<'a> {
    /// The file, for origins.
    pub(super) file: &'a str,
    diagnostics: Vec<Diagnostic>,
}

impl Reader<'_> {
    /// Notes something that is wrong.
    pub(super) fn report(&mut self, diagnostic: Diagnostic) {
        self.diagnostics.push(diagnostic);
    }

    /// Reads each node of a list as `T`; what does not fit is reported and left out.
    pub(super) fn list<T: DeserializeOwned>(&mut self, nodes: &[Node]) -> Vec<(Place, T)> {
        nodes.iter().filter_map(|node| self.typed(node).map(|value| (node.place, value))).collect()
    }

    /// Reads one node as `T`; reports what does not fit.
    pub(super) fn typed<T: DeserializeOwned>(&mut self, node: &Node) -> Option<T> {
        yaml::read(node).map_err(|error| self.report(error.diagnostic())).ok()
    }

    /// The origin of a place in this file.
    pub(super) fn origin(&self, place: Place) -> Origin {
        Origin::new(self.file, place)
    }

    /// Reports an id that cannot be used in file names and evidence ids.
    pub(super) fn check_id(&mut self, id: &At<String>) {
        let allowed = |c: char| c.is_ascii_alphanumeric() || matches!(c, '-' | '_' | '.');
        if id.value.is_empty() || id.value.len() > 80 || !id.value.chars().all(allowed) {
            self.report(
                Diagnostic::at(id.place, format!("`{}` cannot be an id", id.value))
                    .help("use letters, digits, `-`, `_` and `.`, at most 80"),
            );
        }
    }

    /// Reports every id that was seen before.
    pub(super) fn unique<'i>(&mut self, noun: &str, ids: impl IntoIterator<Item = &'i At<String>>) {
        let mut seen: BTreeMap<&str, Place> = BTreeMap::new();
        for id in ids {
            if let Some(first) = seen.insert(&id.value, id.place) {
                self.report(
                    Diagnostic::at(
                        id.place,
                        format!("the {noun} `{}` exists already, at line {}", id.value, first.line),
                    )
                    .help("ids are unique; rename one of the two"),
                );
            }
        }
    }

    fn spec(
        &mut self,
        text: &str,
        wanted: Option<&str>,
        catalog: &Catalog,
        packs: &[PackSource],
    ) -> Option<Spec> {
        let node = yaml::parse(text, Limits::SPEC).map_err(|error| self.report(error)).ok()?;
        if node.kind == Kind::Null {
            self.report(
                Diagnostic::at(Place::START, "the spec is empty")
                    .help("start with `version: 1`, `system: <name>` and a list of `checks`"),
            );
            return None;
        }
        inline_secret::find(&node).into_iter().for_each(|found| self.report(found));
        let mut raw: RawSpec = self.typed(&node)?;
        if raw.version.value != 1 {
            self.report(
                Diagnostic::at(raw.version.place, format!("version {} is not known", raw.version.value))
                    .help("this gonogo reads `version: 1`"),
            );
        }
        if raw.system.value.trim().is_empty() {
            self.report(Diagnostic::at(raw.system.place, "the system has no name"));
        }
        let environment = environment::lay_over(self, &mut raw, wanted)?;
        let targets = self.targets(&raw.targets);
        let stages = stages::read(self, &raw.stages)?;
        let categories = self.categories(&raw.categories);
        let policy = self.policy(raw.policy.as_ref());
        let defaults = Checks {
            catalog,
            targets: &targets,
            stages: &stages,
            categories: &categories,
            max_age: raw
                .policy
                .as_ref()
                .and_then(|policy| policy.max_age)
                .unwrap_or(Wait::seconds(24 * 3600)),
            look: raw.budget.as_ref().and_then(|budget| budget.look).unwrap_or(Wait::seconds(30)),
        };
        let checks = defaults.read(self, &raw, &environment.changes, packs);
        let consent = self.consent(raw.consent.as_ref(), catalog);
        let acceptances = decisions::acceptances(self, &raw.acceptances, &checks);
        let conditions = decisions::conditions(self, &raw.conditions, &checks);
        let registers = register::registers(self, &raw, &checks, &stages);
        let spec = Spec {
            format: FORMAT,
            system: raw.system.value.clone(),
            environment: environment.name,
            source: Digest::of_bytes(text.as_bytes()),
            targets,
            stages,
            categories,
            checks,
            acceptances,
            conditions,
            registers,
            policy,
            budget: self.budget(raw.budget.as_ref()),
            consent,
        };
        self.allowed(&spec, catalog);
        Some(spec)
    }

    fn targets(&mut self, raw: &BTreeMap<String, At<RawTarget>>) -> BTreeMap<String, Target> {
        raw.iter().map(|(name, target)| (name.clone(), self.target(target))).collect()
    }

    fn target(&mut self, target: &At<RawTarget>) -> Target {
        let (kind, address) = match &target.value {
            RawTarget::Http(address) => (TargetKind::Http, address),
            RawTarget::Postgres(address) => (TargetKind::Postgres, address),
            RawTarget::Mysql(address) => (TargetKind::Mysql, address),
            RawTarget::Redis(address) => (TargetKind::Redis, address),
            RawTarget::Nats(address) => (TargetKind::Nats, address),
            RawTarget::Amqp(address) => (TargetKind::Amqp, address),
            RawTarget::S3(address) => (TargetKind::S3, address),
            RawTarget::Smtp(address) => (TargetKind::Smtp, address),
            RawTarget::Turn(address) => (TargetKind::Turn, address),
            RawTarget::Tcp(address) => (TargetKind::Tcp, address),
            RawTarget::Path(address) => (TargetKind::Path, address),
            RawTarget::Process(address) => (TargetKind::Process, address),
            RawTarget::Sink(address) => (TargetKind::Sink, address),
        };
        let form = kind.starts();
        let given = address.value.as_str();
        let fits =
            form.is_empty() || given.starts_with("${") || form.iter().any(|start| given.starts_with(start));
        if given.trim().is_empty() || !fits {
            let help = if form.is_empty() {
                "give a path".to_owned()
            } else {
                format!("start it with {}", form.join(" or "))
            };
            self.report(
                Diagnostic::at(address.place, format!("this is not an address of kind `{}`", kind.name()))
                    .help(help),
            );
        }
        if let Err(why) = Template::parse(given) {
            self.report(Diagnostic::at(address.place, why));
        }
        Target { kind, address: given.to_owned() }
    }

    fn categories(&mut self, nodes: &[Node]) -> Vec<Category> {
        if nodes.is_empty() {
            let question = "Is the system ready?".to_owned();
            return vec![Category { id: "readiness".to_owned(), question, weight: 100, floor: None }];
        }
        let raw = self.list::<RawCategory>(nodes);
        self.unique("category", raw.iter().map(|(_, category)| &category.id));
        raw.iter().for_each(|(_, category)| self.check_id(&category.id));
        let sum: u64 = raw.iter().map(|(_, category)| u64::from(category.weight.value)).sum();
        if let Some((_, last)) = raw.last().filter(|_| sum != 100 && raw.len() == nodes.len()) {
            self.report(
                Diagnostic::at(
                    last.weight.place,
                    format!("the weights of the categories sum to {sum}, not 100"),
                )
                .help("change the weights so that they sum to exactly 100"),
            );
        }
        raw.into_iter()
            .map(|(_, c)| Category {
                id: c.id.value,
                question: c.question,
                weight: c.weight.value,
                floor: c.floor,
            })
            .collect()
    }

    fn policy(&mut self, raw: Option<&RawPolicy>) -> Policy {
        let percent = |hundredths| Percent::from_hundredths(hundredths).unwrap_or(Percent::WHOLE);
        let raw = raw.cloned().unwrap_or_default();
        let value =
            |given: &Option<At<Percent>>, default| given.as_ref().map_or(percent(default), |at| at.value);
        let (go_at, conditional_at) = (value(&raw.go_at, 9_000), value(&raw.conditional_at, 7_500));
        if let Some(at) =
            raw.conditional_at.as_ref().or(raw.go_at.as_ref()).filter(|_| conditional_at > go_at)
        {
            self.report(
                Diagnostic::at(
                    at.place,
                    format!("`conditional_at` ({conditional_at}) is above `go_at` ({go_at})"),
                )
                .help("a CONDITIONAL GO needs less than a GO"),
            );
        }
        if let Some(at) = raw.go_at.as_ref().filter(|at| at.value == Percent::ZERO) {
            self.report(
                Diagnostic::at(at.place, "`go_at: 0%` would let everything pass")
                    .help("give the score from which it is a GO, such as 90%"),
            );
        }
        let attested_counts = value(&raw.attested_counts, 5_000);
        if let Some(at) = raw.attested_counts.as_ref().filter(|at| at.value > percent(5_000)) {
            self.report(
                Diagnostic::at(at.place, "a statement counts at most half of a proof")
                    .help("write at most 50%"),
            );
        }
        let high_cap = raw.high_cap.unwrap_or(percent(7_500));
        Policy {
            go_at,
            conditional_at,
            high_cap,
            attested_counts,
            accept_blockers: raw.accept_blockers.unwrap_or(false),
        }
    }

    fn budget(&mut self, raw: Option<&RawBudget>) -> Budget {
        let raw = raw.cloned().unwrap_or_default();
        if let Some(at) = raw.parallel.as_ref().filter(|at| !(1..=256).contains(&at.value)) {
            self.report(
                Diagnostic::at(at.place, format!("{} looks at the same time is not possible", at.value))
                    .help("write 1 to 256"),
            );
        }
        Budget { run: raw.run.unwrap_or(Wait::seconds(600)), parallel: raw.parallel.map_or(8, |at| at.value) }
    }

    fn consent(&mut self, raw: Option<&RawConsent>, catalog: &Catalog) -> Consent {
        let raw = raw.cloned().unwrap_or_default();
        for probe in raw.probes.iter().filter(|probe| catalog.find(&probe.value).is_none()) {
            let known = catalog.probes().iter().map(|probe| probe.id);
            self.report(
                Diagnostic::at(probe.place, format!("there is no probe `{}`", probe.value))
                    .did_you_mean(&probe.value, known),
            );
        }
        Consent { hosts: raw.hosts, probes: raw.probes.into_iter().map(|probe| probe.value).collect() }
    }

    /// Destructive probes everywhere, and active ones in production, need consent by name.
    fn allowed(&mut self, spec: &Spec, catalog: &Catalog) {
        for check in &spec.checks {
            let super::Proof::Probe(look) = &check.proof else { continue };
            let Some(probe) = catalog.find(&look.probe) else { continue };
            let refused = match probe.class {
                Class::Passive => false,
                Class::Active => spec.is_production(),
                Class::Destructive => true,
            };
            if refused && check.not_applicable.is_none() && !spec.consent.probes.contains(&look.probe) {
                let place = Place { line: check.origin.line, column: check.origin.column, width: 1 };
                let message = format!(
                    "the {} probe `{}` is not allowed in `{}`",
                    probe.class, probe.id, spec.environment
                );
                self.report(
                    Diagnostic::at(place, message)
                        .help(format!("allow it by name: `consent: {{ probes: [{}] }}`", probe.id)),
                );
            }
        }
    }
}
