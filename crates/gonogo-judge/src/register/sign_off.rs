//! Sign-off: who must sign, who did, and whether they signed this. It comes after the verdict and
//! changes nothing of it.

use std::collections::{BTreeMap, BTreeSet};

use gonogo_model::digest::Digest;
use gonogo_model::register::{RegisterStates, RoleState, SignOffState, SignatureState};
use gonogo_model::spec::register::{Bond, Role, SignOff, TaskSource};
use gonogo_model::spec::{Proof, Spec, Statement};
use gonogo_model::verdict::{Call, Verdict};
use jiff::civil::Date;

use crate::wording::list;

/// Who signed `verdict`, when somebody has to.
pub(crate) fn sign_off(spec: &Spec, verdict: &Verdict, today: Date) -> Option<SignOffState> {
    let wanted = spec.registers.sign_off.as_ref()?;
    let digest = signed_digest(verdict);
    let authors = authors(spec);
    let roles: Vec<RoleState> =
        wanted.roles.iter().map(|role| self::role(role, wanted, &digest, &authors, today)).collect();
    let signed = roles.iter().filter(|role| role.state == SignatureState::Signed).count();
    let authorised = verdict.call != Call::NoGo && !roles.is_empty() && signed == roles.len();
    Some(SignOffState {
        why: why(verdict.call, &roles, authorised),
        digest,
        prepared_by: wanted.prepared_by.clone(),
        signed: number(signed),
        required: number(roles.len()),
        roles,
        authorised,
        origin: wanted.origin.clone(),
    })
}

/// The digest of what was decided: not of the moment, and not of the text of the spec, because both
/// change when somebody signs.
fn signed_digest(verdict: &Verdict) -> Digest {
    let checks = verdict.results.iter().map(|r| (&r.check, &r.title, r.status, r.accepted));
    let findings = verdict.findings.iter().map(|f| (&f.fingerprint, f.severity, f.accepted));
    let categories = verdict.categories.iter().map(|c| (&c.id, c.weight, &c.score.exact));
    let acceptances =
        verdict.acceptances.iter().map(|a| (&a.finding, &a.owner, &a.approved_by, a.expires, a.state));
    let conditions = verdict.conditions.iter().map(|c| (&c.id, c.due, &c.check, c.state));
    Digest::of(&(
        (&verdict.system, &verdict.environment, verdict.call, &verdict.score.exact, verdict.thresholds),
        categories.collect::<Vec<_>>(),
        checks.collect::<Vec<_>>(),
        findings.collect::<Vec<_>>(),
        acceptances.collect::<Vec<_>>(),
        conditions.collect::<Vec<_>>(),
        of_registers(&verdict.registers),
    ))
}

/// The digest of how the registers stand.
fn of_registers(registers: &RegisterStates) -> Digest {
    let blockers = registers.blockers.iter().map(|b| (&b.id, b.state, b.holds_launch));
    let decisions = registers.decisions.iter().map(|d| (&d.id, &d.made, d.state));
    let sections =
        registers.checklists.iter().flat_map(|list| list.sections.iter().map(move |s| (&list.id, s)));
    let tasks = sections.map(|(list, section)| {
        let tasks = section.tasks.iter().map(|task| (&task.id, task.basis.standing));
        (list, &section.id, section.counts, tasks.collect::<Vec<_>>())
    });
    let phases = registers.phases.iter().map(|phase| (&phase.id, phase.state));
    let launch =
        registers.launch.as_ref().map(|l| (l.date, &l.strategy, &l.steps, &l.rollback, &l.monitoring));
    Digest::of(&(
        blockers.collect::<Vec<_>>(),
        decisions.collect::<Vec<_>>(),
        tasks.collect::<Vec<_>>(),
        phases.collect::<Vec<_>>(),
        launch,
    ))
}

/// Who made a part of the evidence, by signing a statement, with what they signed.
fn authors(spec: &Spec) -> BTreeMap<String, BTreeSet<String>> {
    let mut authors: BTreeMap<String, BTreeSet<String>> = BTreeMap::new();
    let mut add = |what: &str, statement: &Statement| {
        if let Some(signed) = &statement.signed {
            authors.entry(name(&signed.by)).or_default().insert(what.to_owned());
        }
    };
    for check in spec.checks.iter().filter(|check| check.not_applicable.is_none()) {
        if let Proof::Attested(statement) = &check.proof {
            add(&check.id, statement);
        }
    }
    let registers = &spec.registers;
    let blockers = registers.blockers.iter().map(|blocker| (blocker.id.as_str(), blocker.bond.as_ref()));
    let decisions = registers.decisions.iter().map(|decision| (decision.id.as_str(), decision.bond.as_ref()));
    let phases = registers.phases.iter().map(|phase| (phase.id.as_str(), phase.bond.as_ref()));
    for (id, bond) in blockers.chain(decisions).chain(phases) {
        if let Some(Bond::Attested(statement)) = bond {
            add(id, statement);
        }
    }
    for checklist in &registers.checklists {
        match &checklist.tasks {
            TaskSource::Sections(sections) => {
                for task in sections.iter().flat_map(|section| &section.items) {
                    if let Some(Bond::Attested(statement)) = &task.bond {
                        add(&task.id, statement);
                    }
                }
            }
            TaskSource::File(file) => {
                file.ticks.iter().for_each(|ticks| add(&checklist.id, ticks));
                for task in &file.bind {
                    if let Bond::Attested(statement) = &task.bond {
                        add(&task.task, statement);
                    }
                }
            }
        }
    }
    authors
}

fn role(
    role: &Role,
    wanted: &SignOff,
    digest: &Digest,
    authors: &BTreeMap<String, BTreeSet<String>>,
    today: Date,
) -> RoleState {
    let blank = RoleState {
        role: role.role.clone(),
        by: None,
        on: None,
        verdict: None,
        state: SignatureState::Unsigned,
        own_evidence: Vec::new(),
    };
    let Some(signed) = &role.signed else { return blank };
    let own = authors.get(&name(&signed.by)).into_iter().flatten().cloned();
    let own: Vec<String> = own.collect();
    let is_author = wanted.prepared_by.as_ref().is_some_and(|author| name(author) == name(&signed.by));
    let state = if signed.on > today {
        SignatureState::Future
    } else if is_author || !own.is_empty() {
        SignatureState::OwnEvidence
    } else if signed.verdict != *digest {
        SignatureState::OtherVerdict
    } else {
        SignatureState::Signed
    };
    RoleState {
        by: Some(signed.by.clone()),
        on: Some(signed.on),
        verdict: Some(signed.verdict.clone()),
        own_evidence: if state == SignatureState::OwnEvidence { own } else { Vec::new() },
        state,
        ..blank
    }
}

fn why(call: Call, roles: &[RoleState], authorised: bool) -> String {
    if authorised {
        return format!("the verdict is {call} and every role has signed it");
    }
    let left: Vec<&RoleState> = roles.iter().filter(|role| role.state != SignatureState::Signed).collect();
    let names = list(&left, |role| format!("{} ({})", role.role, role.state.word()));
    match (call, left.is_empty()) {
        (Call::NoGo, true) => "the verdict is NO-GO, which no signature changes".to_owned(),
        (Call::NoGo, false) => {
            format!("the verdict is NO-GO, which no signature changes; not signed: {names}")
        }
        (_, true) => "nobody has to sign".to_owned(),
        (_, false) => format!("not signed: {names}"),
    }
}

/// A name as it is compared.
fn name(name: &str) -> String {
    name.trim().to_lowercase()
}

fn number(number: usize) -> u64 {
    u64::try_from(number).unwrap_or(u64::MAX)
}
