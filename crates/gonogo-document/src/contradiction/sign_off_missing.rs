//! A role that has to sign and has no line.

use super::facts::word::says;
use super::facts::{Facts, Place};
use super::kind::{Findings, Kind, Rule};
use crate::name::Name;

pub(super) const RULE: Rule = Rule {
    id: "sign-off-missing",
    kind: Kind::Omission,
    why: "A signature that is asked for and not there is no approval.",
    find,
};

const ASKS: &[&str] = &[
    "required roles",
    "sign-off is required from",
    "sign-off required from",
    "to be signed by",
    "must be signed by",
    "signatures required",
    "required signatures",
    "required approvers",
    "approval is required from",
    "must sign",
    "signatories",
    "zu unterschreiben von",
    "unterschriften",
    "freigabe durch",
    "à signer par",
    "signatures requises",
    "debe firmar",
    "firmas requeridas",
    "te tekenen door",
    "da firmare",
    "required approvals",
    "sign-off from",
];
const HEADERS: &[&str] = &["role", "rolle", "rôle", "rol", "ruolo", "function", "funktion", "signatory"];

fn find(facts: &Facts<'_>, findings: &mut Findings) {
    let tables: Vec<_> = facts.grids.iter().filter(|grid| says(&grid.header(0), HEADERS)).collect();
    let signed: Vec<Name> =
        tables.iter().flat_map(|grid| grid.rows.iter()).map(|row| Name::of(row.cell(0))).collect();
    let Some(table) = tables.first() else { return };
    for sentence in
        facts.sentences.iter().filter(|sentence| matches!(sentence.place, Place::Prose | Place::Item))
    {
        let Some((key, list)) = sentence.text.plain.split_once(':') else { continue };
        if !says(&key.to_lowercase(), ASKS) {
            continue;
        }
        let roles: Vec<&str> = list
            .split([',', ';'])
            .flat_map(|part| part.split(" and "))
            .map(|part| part.trim().trim_end_matches('.'))
            .filter(|part| !part.is_empty())
            .collect();
        let missing: Vec<&str> = roles
            .iter()
            .copied()
            .filter(|role| !signed.iter().any(|name| is_one(name, &Name::of(role))))
            .collect();
        if !missing.is_empty() && missing.len() < roles.len() {
            let message = format!(
                "{} roles have to sign, and «{}» {} no line",
                roles.len(),
                missing.join("», «"),
                if missing.len() == 1 { "has" } else { "have" }
            );
            findings.certain(message, vec![sentence.said(), table.head()]);
        }
    }
}

fn is_one(name: &Name, role: &Name) -> bool {
    name.plain == role.plain
        || (!role.is_empty()
            && (role.words.is_subset(&name.words)
                || (name.words.len() >= 2 && name.words.is_subset(&role.words))))
}

#[cfg(test)]
mod tests {
    use super::RULE;
    use crate::contradiction::trial::found;

    #[test]
    fn a_role_without_a_line_is_found() {
        let text = |roles: &str| {
            format!(
                "Required roles: {roles}.\n\n| Role | Name |\n|---|---|\n| Owner | A. B. |\n| Operations | C. D. |\n"
            )
        };
        assert_eq!(found(&RULE, &text("Owner, Operations, Security")), ["certain 1,3"]);
        assert!(found(&RULE, &text("Owner and Operations")).is_empty());
    }
}
