//! The faults of S2 that can be switched on. A fault is either in how the service behaves, or in
//! the repository that the people of the migration keep.

use testbed_servers::repository::Edit;

/// One fault of seed S2.
#[derive(Debug)]
pub struct Fault {
    /// The name on the command line.
    pub name: &'static str,
    /// What is wrong, in one line.
    pub description: &'static str,
    /// Where it is.
    pub change: Change,
}

/// Where a fault is.
#[derive(Debug)]
pub enum Change {
    /// In the service: a flag.
    Behaviour,
    /// In the repository.
    Repository(&'static [Edit]),
}

/// The fault of this name.
pub fn named(name: &str) -> Option<&'static Fault> {
    FAULTS.iter().find(|fault| fault.name == name)
}

const fn behaviour(name: &'static str, description: &'static str) -> Fault {
    Fault { name, description, change: Change::Behaviour }
}

const fn edited(name: &'static str, description: &'static str, edits: &'static [Edit]) -> Fault {
    Fault { name, description, change: Change::Repository(edits) }
}

const CHECKLIST: &str = "docs/go_live_checklist.md";
const CHECKPOINT: &str = "docs/checkpoint.md";
const FIRST_CHECKPOINT: &str = "docs/history/checkpoint_1.md";

/// All faults, in the order they are listed.
pub const FAULTS: &[Fault] = &[
    behaviour("unserved-routes", "52 of the 64 declared routes answer 404"),
    behaviour("no-database", "LATER-001: the database is requested, and not there"),
    behaviour("no-vault", "LATER-002: the key vault is requested, and not there"),
    behaviour("no-object-store", "LATER-003: the credentials of the object store are not there"),
    behaviour("no-login-redirects", "LATER-004: the new redirect addresses are not registered"),
    behaviour("no-containers", "LATER-005: the container platform is requested, and not there"),
    behaviour("no-api-domain", "LATER-009: the name of the API leads nowhere"),
    behaviour("no-admin-domain", "LATER-010: the name of the administration leads nowhere"),
    behaviour("no-certificates", "LATER-011: the certificates are requested, and not there"),
    behaviour("old-session-accepted", "DEC-001 says that everybody logs in again; old sessions go on"),
    behaviour("foreign-page-accepted", "DEC-002 says that the origin is verified; it is not"),
    behaviour("former-admin-accepted", "DEC-004 says that roles are in the rows; an old token is enough"),
    behaviour("load-test-failed", "the checklist ticks the load test, and its record says that it failed"),
    behaviour("backup-restored-failed", "the checklist ticks the restored backup, and the restore failed"),
    edited(
        "lint-before-migration",
        "DEC-003 says that lint rules come after the migration; they are there",
        &[Edit::Add {
            file: "frontend/eslint.config.mjs",
            text: "export default [{ rules: { eqeqeq: 'error' } }];\n",
        }],
    ),
    edited(
        "contacts-placeholder",
        "the emergency contacts still say (configure)",
        &[Edit::Replace { file: CHECKLIST, from: "+49 30 5550 0142", to: "(configure)" }],
    ),
    edited(
        "undecided",
        "DEC-004 is still to be decided",
        &[Edit::Replace {
            file: "docs/decisions.md",
            from: "| DEC-004 | Who is an administrator | A (a claim in the token), B (roles in the database) | B | 2026-10-08 |",
            to: "| DEC-004 | Who is an administrator | A (a claim in the token), B (roles in the database) | TBD | TBD |",
        }],
    ),
    edited(
        "no-session-plan",
        "the plan for the sessions at the cutover is not there",
        &[Edit::Remove { file: "docs/session_cutover_plan.md" }],
    ),
    edited(
        "dead-link",
        "the phase gate links to a file that was renamed",
        &[Edit::Replace {
            file: "docs/phase_gate.md",
            from: "](blockers.md)",
            to: "](external_blockers.md)",
        }],
    ),
    edited(
        "section-dropped",
        "the checklist lost what has to be done a week after the cutover",
        &[Edit::Cut { file: CHECKLIST, from: "## After the cutover (T+7 days)", to: "## Rollback triggers" }],
    ),
    edited(
        "rollback-not-rehearsed",
        "nobody has looked at the rollback checklist for more than a year",
        &[Edit::Replace { file: "docs/rollback_checklist.md", from: "{today}", to: "2025-06-30" }],
    ),
    edited(
        "wrong-count",
        "the checkpoint counts 52 items of the checklist, and lists 51",
        &[Edit::Replace {
            file: CHECKPOINT,
            from: "| Items of the checklist | 51 |",
            to: "| Items of the checklist | 52 |",
        }],
    ),
    edited(
        "rounded-twice",
        "the first checkpoint made 19 % of 18.75 %, and 44.8 % of 44.6875 %",
        &[
            Edit::Replace { file: FIRST_CHECKPOINT, from: "| 18.75% | 4.6875% |", to: "| 19% | 4.8% |" },
            Edit::Replace { file: FIRST_CHECKPOINT, from: "44.6875%", to: "44.8%" },
        ],
    ),
    edited(
        "id-vanished",
        "LATER-002 is no row any more, and LATER-005 still needs it",
        &[Edit::Cut { file: "docs/blockers.md", from: "| LATER-002 |", to: "| LATER-003 |" }],
    ),
    edited(
        "mojibake",
        "the checkpoint went through an editor that read UTF-8 as Windows-1252",
        &[Edit::Replace {
            file: CHECKPOINT,
            from: "| Decisions | 4 | made |",
            to: "| Decisions | 4 | \u{e2}\u{153}\u{2026} made |",
        }],
    ),
    edited(
        "box-unticked",
        "the backup is due before the cutover, and nobody ticked that it was restored",
        &[Edit::Replace {
            file: CHECKLIST,
            from: "- [x] A backup of the new database was restored",
            to: "- [ ] A backup of the new database was restored",
        }],
    ),
    edited(
        "phase-marked-open",
        "the phase gate calls the cutover open, and the rehearsal that it waits for blocked",
        &[Edit::Replace {
            file: "docs/phase_gate.md",
            from: "| phases 18 to 24 | done |",
            to: "| phases 18 to 24 | blocked |",
        }],
    ),
    edited(
        "d1-scripts",
        "scripts for the old database are left over",
        &[
            Edit::Add { file: "scripts/d1-export.sh", text: "#!/bin/sh\nwrangler d1 export ignition\n" },
            Edit::Add {
                file: "scripts/d1-migrate.sh",
                text: "#!/bin/sh\nwrangler d1 migrations apply ignition\n",
            },
        ],
    ),
    edited(
        "frontend-on-old-api",
        "the pages of the reference tracks still call the old interface",
        &[Edit::Replace {
            file: "frontend/src/reference/TrackList.ts",
            from: "import { referenceTracksApi } from '../lib/api/reference-tracks';",
            to: "import { legacyApi as referenceTracksApi } from '../lib/api/legacy';",
        }],
    ),
    edited(
        "route-not-declared",
        "the API document lost a route",
        &[Edit::Cut { file: "openapi.yaml", from: "  /api/market/balance:", to: "components:" }],
    ),
];
