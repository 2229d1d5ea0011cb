//! The migration of seed S2: a service, and the repository of the people who carry it over.

use std::collections::BTreeMap;
use std::time::Duration;

use anyhow::Context as _;
use testbed_ignition::{FAULTS, Launch, Running as Launched, launch, named};

use super::{Fault, Programs, Running, System};

/// What S2 found.
const SEED: [&str; 12] = [
    "unserved-routes",
    "d1-scripts",
    "frontend-on-old-api",
    "contacts-placeholder",
    "no-database",
    "no-vault",
    "no-object-store",
    "no-login-redirects",
    "no-containers",
    "no-api-domain",
    "no-admin-domain",
    "no-certificates",
];

/// The finding each fault must make.
const FINDINGS: &[(&str, &str)] = &[
    ("unserved-routes", "production/feature-routes"),
    ("no-database", "provisioning/later-001//console/database"),
    ("no-vault", "provisioning/later-002//console/vault"),
    ("no-object-store", "provisioning/later-003//console/object-store"),
    ("no-login-redirects", "provisioning/later-004//console/login-redirects"),
    ("no-containers", "provisioning/later-005//console/containers"),
    ("no-api-domain", "provisioning/later-009//console/api-domain"),
    ("no-admin-domain", "provisioning/later-010//console/admin-domain"),
    ("no-certificates", "provisioning/later-011//console/certificates"),
    ("old-session-accepted", "decisions/old-session-ends//session"),
    ("foreign-page-accepted", "decisions/foreign-page-refused//api/account/profile"),
    ("former-admin-accepted", "decisions/former-admin-refused//admin"),
    ("load-test-failed", "local/load-test//records/load-test"),
    ("backup-restored-failed", "local/backup-restored//records/backup-restored"),
    ("lint-before-migration", "decisions/lint-waits/frontend/eslint.config.mjs"),
    ("contacts-placeholder", "production/contacts-filled-in/docs/go_live_checklist.md"),
    ("undecided", "decisions/decisions-made/docs/decisions.md"),
    ("no-session-plan", "documentation/supporting-documents/docs/session_cutover_plan.md"),
    ("dead-link", "documentation/gate-document/docs/phase_gate.md"),
    ("section-dropped", "documentation/checklist-whole/docs/go_live_checklist.md"),
    ("rollback-not-rehearsed", "documentation/rollback-checklist/docs/rollback_checklist.md"),
    (
        "wrong-count",
        "documentation/documents-agree/docs/checkpoint.md: Items of the checklist | 52 | written",
    ),
    (
        "rounded-twice",
        "documentation/documents-agree/docs/history/checkpoint_1.md: Feature routes | 25% | 19% | 4.8%",
    ),
    (
        "id-vanished",
        "documentation/blockers-known/blockers.md: The container platform (LATER-005) takes its secrets from the key vault (LATER-002).",
    ),
    ("mojibake", "documentation/documents-legible/docs/checkpoint.md"),
    ("box-unticked", "documentation/boxes-ticked/A backup of the new database was restored"),
    (
        "phase-marked-open",
        "documentation/documents-agree/docs/phase_gate.md: 26 | Cutover | phase 25, all of blockers.md, ACTION-038, ACTION-040 and ACTION-041 of gaps.md, the decisions | open",
    ),
    ("d1-scripts", "production/old-scripts-gone/find"),
    ("frontend-on-old-api", "production/frontend-on-new-api/grep"),
    ("route-not-declared", "local/routes-declared/openapi.yaml"),
];

/// The system.
pub(super) fn system() -> System {
    let finding = |name: &str| FINDINGS.iter().find(|(of, _)| *of == name).map_or("", |(_, finding)| finding);
    let faults = FAULTS.iter().map(|of| Fault {
        name: of.name,
        description: of.description,
        findings: vec![finding(of.name)],
        together: None,
    });
    System {
        name: "ignition",
        title: "the migration with its repository".to_owned(),
        spec: "testbed/ignition/gonogo.yaml",
        environment: "staging",
        faults: faults.collect(),
        left_out: 0,
        missing: Vec::new(),
        timed: false,
        seed: SEED.to_vec(),
        // 44.6875 %; whoever rounds twice gets 44.8.
        seed_score: "143/320",
        start,
    }
}

fn start(programs: &Programs, faults: &[&str]) -> anyhow::Result<Box<dyn Running>> {
    let known = |name: &&str| named(name).with_context(|| format!("there is no fault `{name}`"));
    let faults = faults.iter().map(known).collect::<anyhow::Result<_>>()?;
    let limit = Duration::from_secs(60);
    Ok(Box::new(launch(&Launch { faults, limit, program: programs.of("ignition") })?))
}

impl Running for Launched {
    fn base_url(&self) -> &str {
        self.base_url()
    }

    fn environment(&self) -> &BTreeMap<String, String> {
        self.environment()
    }
}
