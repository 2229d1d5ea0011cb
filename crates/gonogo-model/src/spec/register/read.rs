//! Registers made valid: blockers, decisions and phases. What an entry names exists, what it rests
//! on is a proof, and nothing waits for itself.

use std::collections::{BTreeMap, BTreeSet};

use super::raw::{RawBlocker, RawChoice, RawDecision, RawPhase};
use super::{Blocker, Bond, Choice, Decision, Made, Phase, Ref, Registers, checklist, launch, order};
use crate::diagnostic::Diagnostic;
use crate::place::Place;
use crate::spec::raw::{RawAttest, RawSpec};
use crate::spec::read::Reader;
use crate::spec::{Check, Stage, decisions, hint, proof};
use crate::yaml::At;

/// What entries can name.
pub(super) struct Names<'a> {
    pub(super) checks: &'a [Check],
    by_id: BTreeMap<String, Ref>,
    checks_by_id: BTreeSet<&'a str>,
}

/// The registers of a spec; what is wrong with them is reported.
pub(in crate::spec) fn registers(
    reader: &mut Reader<'_>,
    raw: &RawSpec,
    checks: &[Check],
    stages: &[Stage],
) -> Registers {
    let lists = [&raw.blockers, &raw.decisions, &raw.checklists, &raw.phases];
    if lists.iter().all(|list| list.is_empty()) && raw.launch.is_none() && raw.sign_off.is_none() {
        return Registers::default();
    }
    let blockers: Vec<(Place, RawBlocker)> = reader.list(&raw.blockers);
    let decisions: Vec<(Place, RawDecision)> = reader.list(&raw.decisions);
    let phases: Vec<(Place, RawPhase)> = reader.list(&raw.phases);
    let written = checklist::written(reader, &raw.checklists);
    let mut names = Names::of(checks, stages);
    blockers.iter().for_each(|(_, raw)| names.add(reader, &raw.id, Ref::Blocker(raw.id.value.clone())));
    decisions.iter().for_each(|(_, raw)| names.add(reader, &raw.id, Ref::Decision(raw.id.value.clone())));
    phases.iter().for_each(|(_, raw)| names.add(reader, &raw.id, Ref::Phase(raw.id.value.clone())));
    checklist::name(reader, &written, &mut names);
    let registers = Registers {
        blockers: blockers.into_iter().filter_map(|(at, raw)| names.blocker(reader, at, raw)).collect(),
        decisions: decisions.into_iter().filter_map(|(at, raw)| names.decision(reader, at, raw)).collect(),
        checklists: checklist::checklists(reader, written, &names),
        phases: phases.into_iter().filter_map(|(at, raw)| names.phase(reader, at, raw)).collect(),
        launch: raw.launch.as_ref().and_then(|raw| launch::launch(reader, raw, &names)),
        sign_off: raw.sign_off.as_ref().and_then(|raw| launch::sign_off(reader, raw)),
    };
    order::refuse_circles(reader, &registers, checks, stages);
    registers
}

impl<'a> Names<'a> {
    fn of(checks: &'a [Check], stages: &[Stage]) -> Names<'a> {
        let mut by_id = BTreeMap::from([("launch".to_owned(), Ref::Launch)]);
        by_id.extend(stages.iter().map(|stage| (stage.id.clone(), Ref::Stage(stage.id.clone()))));
        by_id.extend(checks.iter().map(|check| (check.id.clone(), Ref::Check(check.id.clone()))));
        Names { checks, by_id, checks_by_id: checks.iter().map(|check| check.id.as_str()).collect() }
    }

    /// Makes an entry known by its id, which nothing else may have.
    pub(super) fn add(&mut self, reader: &mut Reader<'_>, id: &At<String>, entry: Ref) {
        reader.check_id(id);
        if let Some(known) = self.by_id.get(&id.value) {
            reader.report(
                Diagnostic::at(id.place, format!("the id `{}` is taken: it names {}", id.value, noun(known)))
                    .help("ids of registers, stages and checks are one list, so that entries can name each other; rename one"),
            );
            return;
        }
        self.by_id.insert(id.value.clone(), entry);
    }

    /// The check a register rests on: it exists, and it is no hint.
    pub(super) fn check(&self, reader: &mut Reader<'_>, what: &str, name: &At<String>) {
        if self.checks_by_id.contains(name.value.as_str()) {
            return hint::refuse_as_proof(reader, what, name, self.checks);
        }
        reader.report(
            Diagnostic::at(name.place, format!("there is no check `{}`", name.value))
                .did_you_mean(&name.value, self.checks_by_id.iter().copied()),
        );
    }

    /// The checks a part of the launch names.
    pub(super) fn all_checks(
        &self,
        reader: &mut Reader<'_>,
        what: &str,
        names: Vec<At<String>>,
    ) -> Vec<String> {
        names.iter().for_each(|name| self.check(reader, what, name));
        names.into_iter().map(|name| name.value).collect()
    }

    /// What proves an entry: one of the two, or nothing.
    pub(super) fn bond(
        &self,
        reader: &mut Reader<'_>,
        what: &str,
        check: Option<&At<String>>,
        attest: Option<&RawAttest>,
    ) -> Option<Bond> {
        match (check, attest) {
            (None, None) => None,
            (Some(check), None) => {
                self.check(reader, what, check);
                Some(Bond::Check(check.value.clone()))
            }
            (None, Some(attest)) => proof::statement(reader, attest).map(Bond::Attested),
            (Some(check), Some(_)) => {
                reader.report(
                    Diagnostic::at(check.place, format!("{what} has both `check` and `attest`"))
                        .help("keep the check; a statement is for what no check can show"),
                );
                None
            }
        }
    }

    /// What an entry names, each thing once.
    fn refs(&self, reader: &mut Reader<'_>, names: &[At<String>], allowed: fn(&Ref) -> bool) -> Vec<Ref> {
        let mut refs: Vec<Ref> = Vec::new();
        for name in names {
            let Some(found) = self.find(&name.value) else {
                let known = self.by_id.keys().map(String::as_str);
                reader.report(
                    Diagnostic::at(name.place, format!("there is nothing with the id `{}`", name.value))
                        .did_you_mean(&name.value, known),
                );
                continue;
            };
            if !allowed(&found) {
                let message = format!("{} cannot be named here", noun(&found));
                let help = "`needs` names checks and entries of registers, and in a phase stages too";
                reader.report(Diagnostic::at(name.place, message).help(help));
            } else if refs.contains(&found) {
                reader.report(Diagnostic::at(name.place, format!("`{}` is named twice", name.value)));
            } else if let Ref::Check(_) = found {
                hint::refuse_as_proof(reader, "a register", name, self.checks);
                refs.push(found);
            } else {
                refs.push(found);
            }
        }
        refs
    }

    /// A thing by its id, a section by `checklist/section`.
    fn find(&self, name: &str) -> Option<Ref> {
        if let Some(found) = self.by_id.get(name) {
            return Some(found.clone());
        }
        // Only a checklist that is in a file can have sections that are not known yet.
        let (checklist, section) = name.split_once('/')?;
        let has_file = self.by_id.contains_key(&format!("{checklist}/*"));
        (has_file && !section.is_empty() && section != "*")
            .then(|| Ref::Section { checklist: checklist.to_owned(), section: section.to_owned() })
    }

    /// Makes a section known, or with `*` that a checklist has sections nobody knows before the look.
    pub(super) fn add_section(&mut self, checklist: &str, section: &str) {
        let found = Ref::Section { checklist: checklist.to_owned(), section: section.to_owned() };
        self.by_id.insert(found.to_string(), found);
    }

    fn blocker(&self, reader: &mut Reader<'_>, place: Place, raw: RawBlocker) -> Option<Blocker> {
        decisions::filled(reader, "the title", &raw.title);
        decisions::filled(reader, "the owner", &raw.owner);
        raw.kind.iter().for_each(|kind| decisions::filled(reader, "the kind", kind));
        let bond = self.bond(reader, "a blocker", raw.check.as_ref(), raw.attest.as_ref());
        let due = match &raw.due {
            Some(due) => Some(decisions::date(reader, due)?),
            None => None,
        };
        Some(Blocker {
            needs: self.refs(reader, &raw.needs, comes_before),
            blocks: raw
                .blocks
                .map_or_else(|| vec![Ref::Launch], |blocks| self.refs(reader, &blocks, |_| true)),
            id: raw.id.value,
            title: raw.title.value,
            kind: raw.kind.map_or_else(|| "external".to_owned(), |kind| kind.value),
            owner: raw.owner.value,
            impact: raw.impact,
            text: raw.text,
            bond,
            effort: raw.effort,
            lead: raw.lead,
            due,
            origin: reader.origin(place),
        })
    }

    fn decision(&self, reader: &mut Reader<'_>, place: Place, raw: RawDecision) -> Option<Decision> {
        decisions::filled(reader, "the question", &raw.question);
        decisions::filled(reader, "the owner", &raw.owner);
        reader.unique("option", raw.options.iter().map(|option| &option.id));
        if raw.options.is_empty() {
            let message = format!("the decision `{}` has no options", raw.id.value);
            reader.report(Diagnostic::at(raw.question.place, message).help("list what can be chosen"));
        }
        let made = made(reader, &raw);
        let due = raw.due.as_ref().and_then(|due| decisions::date(reader, due));
        if raw.choice.is_none() && raw.due.is_none() {
            reader.report(
                Diagnostic::at(raw.id.place, format!("nobody has made the decision `{}`", raw.id.value))
                    .help("give `choice` and `on`, or `due`: the last day to choose"),
            );
        }
        Some(Decision {
            bond: self.bond(reader, "a decision", raw.check.as_ref(), raw.attest.as_ref()),
            needs: self.refs(reader, &raw.needs, comes_before),
            blocks: self.refs(reader, &raw.blocks, |_| true),
            id: raw.id.value,
            question: raw.question.value,
            options: raw
                .options
                .into_iter()
                .map(|RawChoice { id, text }| Choice { id: id.value, text })
                .collect(),
            owner: raw.owner.value,
            made,
            due,
            reason: raw.reason,
            effort: raw.effort,
            origin: reader.origin(place),
        })
    }

    fn phase(&self, reader: &mut Reader<'_>, place: Place, raw: RawPhase) -> Option<Phase> {
        let may_be = |found: &Ref| comes_before(found) || matches!(found, Ref::Stage(_));
        if raw.needs.is_empty() && raw.check.is_none() && raw.attest.is_none() {
            let message = format!("the phase `{}` needs nothing and nothing proves it", raw.id.value);
            reader.report(Diagnostic::at(raw.id.place, message).help(
                "say in `needs` what must hold before it opens, or in `check` what proves that it is done",
            ));
        }
        Some(Phase {
            bond: self.bond(reader, "a phase", raw.check.as_ref(), raw.attest.as_ref()),
            needs: self.refs(reader, &raw.needs, may_be),
            title: raw.title.unwrap_or_else(|| raw.id.value.replace(['-', '_'], " ")),
            id: raw.id.value,
            required: raw.required,
            owner: raw.owner,
            effort: raw.effort,
            origin: reader.origin(place),
        })
    }
}

/// What can come before an entry: everything that has a standing of its own.
fn comes_before(found: &Ref) -> bool {
    !matches!(found, Ref::Launch | Ref::Stage(_))
}

fn made(reader: &mut Reader<'_>, raw: &RawDecision) -> Option<Made> {
    match (&raw.choice, &raw.on) {
        (Some(choice), Some(on)) => {
            if !raw.options.iter().any(|option| option.id.value == choice.value) {
                let known = raw.options.iter().map(|option| option.id.value.as_str());
                let message = format!("`{}` is none of the options", choice.value);
                reader.report(Diagnostic::at(choice.place, message).did_you_mean(&choice.value, known));
            }
            Some(Made { choice: choice.value.clone(), on: decisions::date(reader, on)? })
        }
        (None, None) => None,
        (Some(at), None) | (None, Some(at)) => {
            reader.report(
                Diagnostic::at(at.place, "a decision that was made needs `choice` and `on`")
                    .help("give both, or neither while nobody has decided"),
            );
            None
        }
    }
}

fn noun(found: &Ref) -> String {
    let noun = match found {
        Ref::Launch => return "the launch".to_owned(),
        Ref::Stage(_) => "stage",
        Ref::Check(_) => "check",
        Ref::Blocker(_) => "blocker",
        Ref::Decision(_) => "decision",
        Ref::Checklist(_) => "checklist",
        Ref::Section { .. } => "section",
        Ref::Phase(_) => "phase",
    };
    format!("the {noun} `{found}`")
}
