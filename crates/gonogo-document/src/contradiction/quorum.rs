//! A vote that passed without the votes it needs.

use super::facts::word::says;
use super::facts::{Facts, Place};
use super::kind::{Findings, Kind, Rule, Said};

pub(super) const RULE: Rule = Rule {
    id: "quorum",
    kind: Kind::Verdict,
    why: "The document says how many votes are needed, and there are fewer.",
    find,
};

const PASSED: &[&str] = &[
    "carried",
    "is passed",
    "has passed",
    "passed",
    "approved",
    "accepted",
    "adopted",
    "angenommen",
    "adoptée",
    "aprobada",
    "aangenomen",
    "go",
];
const FOR: &[&str] = &[
    "for",
    "yes",
    "go",
    "approve",
    "approved",
    "in favour",
    "in favor",
    "ja",
    "oui",
    "pour",
    "sí",
    "a favor",
    "voor",
    "dafür",
];
const AGAINST: &[&str] = &[
    "against",
    "no",
    "no-go",
    "reject",
    "refuse",
    "nein",
    "dagegen",
    "non",
    "contre",
    "en contra",
    "tegen",
    "abstain",
    "abstained",
];

fn find(facts: &Facts<'_>, findings: &mut Findings) {
    let lines =
        || facts.sentences.iter().filter(|sentence| matches!(sentence.place, Place::Prose | Place::Item));
    let Some((rule, part, whole)) =
        lines().find_map(|sentence| needed(&sentence.lower()).map(|(part, whole)| (sentence, part, whole)))
    else {
        return;
    };
    let Some(passed) = lines().find(|sentence| {
        let lower = sentence.lower();
        says(&lower, PASSED)
            && says(
                &lower,
                &[
                    "vote",
                    "motion",
                    "proposal",
                    "decision",
                    "antrag",
                    "motie",
                    "propuesta",
                    "entscheidung",
                    "décision",
                    "decisión",
                    "decisione",
                ],
            )
            && sentence.text.span != rule.text.span
    }) else {
        return;
    };
    for grid in facts.grids.iter() {
        let Some(column) = (0..grid.roles.len())
            .find(|at| says(&grid.header(*at), &["vote", "stimme", "voix", "voto", "stem"]))
        else {
            continue;
        };
        let cells: Vec<String> = grid.body().map(|row| row.cell(column).to_lowercase()).collect();
        let against = cells.iter().filter(|cell| says(cell, AGAINST)).count();
        let votes = cells.iter().filter(|cell| says(cell, FOR) && !says(cell, AGAINST)).count();
        if votes + against >= 3 && votes * whole < cells.len() * part {
            let message =
                format!("{votes} of {} votes are for it, and «{}»", cells.len(), rule.text.plain.trim());
            let rows: Vec<Said> = grid.body().map(|row| row.said()).take(12).collect();
            findings.certain(message, [passed.said(), rule.said()].into_iter().chain(rows).collect());
        }
    }
}

/// The share of votes that is needed: two of three, one of one.
fn needed(lower: &str) -> Option<(usize, usize)> {
    let is_rule = says(
        lower,
        &[
            "needed",
            "needs",
            "required",
            "requires",
            "must",
            "at least",
            "nötig",
            "requis*",
            "necesari*",
            "nodig",
            "asks for",
            "calls for",
            "wants",
            "verlangt",
            "exige",
            "demande",
            "pide",
            "richiede",
        ],
    );
    let of_votes =
        says(lower, &["vote", "votes", "voters", "members", "stimmen", "voix", "votos", "stemmen"]);
    let shares: [(&[&str], (usize, usize)); 3] = [
        (
            &["two thirds", "2/3", "two-thirds", "zwei drittel", "deux tiers", "dos tercios", "twee derde"],
            (2, 3),
        ),
        (&["three quarters", "3/4", "drei viertel"], (3, 4)),
        (&["unanimous*", "all votes", "every vote", "einstimmig*", "unanime", "unánime"], (1, 1)),
    ];
    (is_rule && of_votes)
        .then(|| shares.iter().find(|(words, _)| says(lower, words)).map(|(_, share)| *share))
        .flatten()
}

#[cfg(test)]
mod tests {
    use super::RULE;
    use crate::contradiction::trial::found;

    #[test]
    fn a_vote_without_its_quorum_is_found() {
        let text = |third: &str| {
            format!(
                "Needed: two thirds of the votes.\n\n| Voter | Vote |\n|---|---|\n| A | for |\n| B | against |\n| C | {third} |\n\nThe motion is carried.\n"
            )
        };
        assert_eq!(found(&RULE, &text("against")), ["certain 9,1,5,6,7"]);
        assert!(found(&RULE, &text("for")).is_empty());
    }
}
