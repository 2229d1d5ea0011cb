//! Approved on the whole, and refused by somebody who has to sign.

use super::facts::word::says;
use super::facts::{Facts, Grid, Launch, Role};
use super::kind::{Findings, Kind, Rule, Said};

pub(super) const RULE: Rule = Rule {
    id: "refused-signature",
    kind: Kind::Verdict,
    why: "A signature that is refused or missing is no approval.",
    find,
};

const REFUSED: &[&str] = &[
    "refuse*",
    "rejected",
    "reject",
    "declined",
    "denied",
    "not approved",
    "no-go",
    "no go",
    "abgelehnt",
    "nicht freigegeben",
    "refusé*",
    "rejeté*",
    "rechazad*",
    "afgewezen",
    "geweigerd",
    "rifiutat*",
    "withheld",
    "veto",
    "against",
    "objects",
];

const MISSING: &[&str] =
    &["pending", "outstanding", "ausstehend", "en attente", "pendiente", "not signed", "unsigned"];

fn find(facts: &Facts<'_>, findings: &mut Findings) {
    let overall = facts.calls.iter().filter(|call| call.is_overall && !call.is_prose);
    let Some(call) = overall.min_by_key(|call| call.launch).filter(|call| call.launch == Launch::Yes) else {
        return;
    };
    for grid in facts.grids.iter().filter(|grid| is_sign_off(&grid.header(grid.label), &grid.header(0))) {
        let columns = (0..grid.roles.len()).filter(|at| {
            matches!(grid.roles[*at], Role::Decision | Role::Status | Role::Approver | Role::Approved)
                || says(
                    &grid.header(*at),
                    &["signature", "signed", "vote", "unterschrift", "firma", "handtekening", "approval"],
                )
        });
        let columns: Vec<usize> = columns.collect();
        let held = is_held(facts, grid);
        let refuses = |cell: &str| says(cell, REFUSED) || !held && says(cell, MISSING);
        let refused: Vec<Said> = grid
            .body()
            .filter(|row| columns.iter().any(|at| refuses(&row.cell(*at).to_lowercase())))
            .map(|row| row.said())
            .collect();
        if !refused.is_empty() {
            let message = format!(
                "the verdict is {}, and {} of those who sign {}",
                call.word.to_uppercase(),
                refused.len(),
                if refused.len() == 1 { "refuses" } else { "refuse" }
            );
            findings.certain(message, std::iter::once(call.said.clone()).chain(refused).collect());
        }
    }
}

fn is_sign_off(label: &str, first: &str) -> bool {
    [label, first].iter().any(|header| {
        says(
            header,
            &[
                "role",
                "rolle",
                "rôle",
                "rol",
                "ruolo",
                "signatory",
                "approver",
                "member",
                "signer",
                "function",
                "funktion",
                "party",
                "department",
                "sign-off",
            ],
        )
    })
}

/// The section says itself that the launch waits for its signatures.
fn is_held(facts: &Facts<'_>, grid: &Grid<'_>) -> bool {
    let mut sentences = facts.sentences.iter().filter(|sentence| sentence.section == grid.section);
    sentences.any(|sentence| says(&sentence.lower(), &["not authorised", "not authorized"]))
}

#[cfg(test)]
mod tests {
    use super::RULE;
    use crate::contradiction::trial::found;

    #[test]
    fn a_refused_signature_is_found() {
        let text = |decision: &str| {
            format!(
                "| Role | Name | Decision |\n|---|---|---|\n| Owner | A. B. | Approve |\n| Security | C. D. | {decision} |\n\nOverall: **APPROVED**\n"
            )
        };
        assert_eq!(found(&RULE, &text("Refuse")), ["certain 6,4"]);
        assert!(found(&RULE, &text("Approve")).is_empty());
    }
}
