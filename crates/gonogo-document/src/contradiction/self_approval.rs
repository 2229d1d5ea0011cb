//! Who wrote it approves it.

use super::facts::grid::is_blank;
use super::facts::word::says;
use super::facts::{Facts, Place, Role};
use super::kind::{Findings, Kind, Rule, Said};
use crate::name::Name;

pub(super) const RULE: Rule = Rule {
    id: "self-approval",
    kind: Kind::Verdict,
    why: "Nobody can approve their own work: the second pair of eyes is missing.",
    find,
};

const AUTHORS: &[&str] = &[
    "author",
    "auditor",
    "authority",
    "prepared by",
    "written by",
    "assessor",
    "reviewer",
    "autor",
    "auteur",
    "verfasser",
    "prüfer",
    "auditeur",
    "lead reviewer",
    "opgesteld door",
    "preparado por",
    "assessed by",
];
const APPROVERS: &[&str] = &[
    "approved by",
    "authorized by",
    "authorised by",
    "approver",
    "signed by",
    "signature",
    "genehmigt von",
    "freigegeben von",
    "approuvé par",
    "aprobado por",
    "goedgekeurd door",
    "approvato da",
    "sign-off by",
    "released by",
    "accepted by",
    "autorisé par",
];

const OWNERS: &[&str] = &[
    "owner",
    "model owner",
    "service owner",
    "product owner",
    "system owner",
    "developer",
    "implementer",
    "entwickler",
];
const REVIEWERS: &[&str] = &[
    "reviewer",
    "independent reviewer",
    "second reviewer",
    "reviewed by",
    "geprüft von",
    "relecteur",
    "revisor",
];

fn find(facts: &Facts<'_>, findings: &mut Findings) {
    let (mut authors, mut approvers) = (Vec::new(), Vec::new());
    let (mut owners, mut reviewers) = (Vec::new(), Vec::new());
    for sentence in
        facts.sentences.iter().filter(|sentence| matches!(sentence.place, Place::Prose | Place::Item))
    {
        for field in sentence.text.fields() {
            let key = field.key.plain.trim().to_lowercase();
            let value = field.value.plain.trim().to_owned();
            if OWNERS.contains(&key.as_str()) {
                owners.push((value, sentence.said()));
                continue;
            }
            if REVIEWERS.contains(&key.as_str()) {
                reviewers.push((value.clone(), sentence.said()));
            }
            let list = if APPROVERS.contains(&key.as_str()) {
                &mut approvers
            } else if AUTHORS.contains(&key.as_str()) {
                &mut authors
            } else {
                continue;
            };
            list.push((value, sentence.said()));
        }
    }
    for grid in &facts.grids {
        for row in grid.rows.iter().filter(|_| grid.table.header.len() == 2) {
            let key = row.cell(0).to_lowercase();
            if says(&key, APPROVERS) {
                approvers.push((row.cell(1).to_owned(), row.said()));
            } else if AUTHORS.contains(&key.as_str()) {
                authors.push((row.cell(1).to_owned(), row.said()));
            }
        }
        in_rows(grid, findings);
    }
    for (owner, place) in &owners {
        if let Some((_, said)) = reviewers.iter().find(|(reviewer, _)| is_one(owner, reviewer)) {
            findings.certain(format!("«{owner}» owns it and reviews it"), vec![said.clone(), place.clone()]);
            return;
        }
    }
    for (author, place) in &authors {
        let same: Vec<Said> = approvers
            .iter()
            .filter(|(approver, _)| is_one(author, approver))
            .map(|(_, said)| said.clone())
            .collect();
        if !same.is_empty() {
            let places = same.into_iter().chain([place.clone()]).collect();
            findings.certain(format!("«{author}» assesses, and approves its own assessment"), places);
            return;
        }
    }
}

/// Rows whose owner approves.
fn in_rows(grid: &super::facts::Grid<'_>, findings: &mut Findings) {
    let (Some(owner), Some(approver)) = (grid.column(Role::Owner), grid.column(Role::Approver)) else {
        return;
    };
    for row in grid.body().filter(|row| !is_blank(row.cell(owner)) && row.cell(owner) == row.cell(approver)) {
        findings.certain(format!("«{}» owns it and approves it", row.cell(owner)), vec![row.said()]);
    }
}

fn is_one(author: &str, approver: &str) -> bool {
    let (one, two) = (Name::of(author), Name::of(approver));
    let same = one.plain == two.plain || (one.words.len() >= 3 && one.words.is_subset(&two.words));
    !one.is_empty() && same
}

#[cfg(test)]
mod tests {
    use super::RULE;
    use crate::contradiction::trial::found;

    #[test]
    fn who_approves_their_own_work_is_found() {
        assert_eq!(
            found(&RULE, "**Authority**: Audit Office\n\nx\n\n**Authorised by**: Audit Office\n"),
            ["certain 5,1"]
        );
        let table =
            "| Risk | Owner | Approver |\n|---|---|---|\n| Key | A. B. | A. B. |\n| Lock | A. B. | C. D. |\n";
        assert_eq!(found(&RULE, table), ["certain 3"]);
    }

    #[test]
    fn two_people_are_silent() {
        assert!(found(&RULE, "**Author**: Audit Office\n\n**Approved by**: Board\n").is_empty());
        assert!(found(&RULE, "**Author**: Audit Office\n\n**Auditor**: Audit Office\n").is_empty());
    }
}
