//! `It fell from 3.1 % to 0.9 %, an improvement of 2.4 percentage points`: a difference beside its two
//! values.

use crate::contradiction::facts::figure::{figures, shown};
use crate::contradiction::facts::word::{find, says};
use crate::contradiction::facts::{Figure, Sentence};
use crate::contradiction::kind::Findings;
use crate::value::Exact;

/// Words that make two values a change.
const CHANGES: &[&str] = &[
    "fell",
    "rose",
    "dropped",
    "grew",
    "increased",
    "decreased",
    "improved",
    "went",
    "down",
    "up",
    "reduced",
    "cut",
    "sank",
    "stieg",
    "gesunken",
    "gestiegen",
    "verbesser*",
    "passé*",
    "passe",
    "baissé",
    "augmenté",
    "bajó",
    "subió",
    "pasó",
    "sceso",
    "scesa",
    "salito",
    "salita",
    "passat*",
    "daalde",
    "steeg",
    "gedaald",
    "gestegen",
    "caiu",
    "subiu",
    "passou",
    "spadł*",
    "wzrósł",
];
/// What says that a number is in points of percent.
const POINTS: &[&str] = &[
    "percentage point*",
    "percent point*",
    "points",
    "prozentpunkt*",
    "point*de pourcentage",
    "punto*",
    "puntos",
    "punti",
    "procentpunt*",
    "pontos",
    "punkt*",
    "pp",
];

pub(super) fn check(sentence: &Sentence, findings: &mut Findings) {
    let lower = sentence.lower();
    if !says(&lower, CHANGES) && !says(&lower, POINTS) {
        return;
    }
    let all: Vec<Figure> = figures(&lower).into_iter().filter(|figure| !figure.is_about).collect();
    let [from, to, by] = all.as_slice() else { return };
    let text = |from: usize, to: usize| lower.get(from..to).unwrap_or_default();
    let behind = text(by.range.end, lower.len());
    let near: String = behind.trim_start_matches(['%', ' ']).chars().take(24).collect();
    let is_points = find(&near, "percentage").is_some_and(|at| at == 0)
        || POINTS.iter().any(|word| find(&near, word) == Some(0));
    let is_pair = from.is_percent && to.is_percent && is_points;
    let links = [" to ", " auf ", " à ", " a ", " naar ", " para ", " do ", " na "];
    let between = text(from.range.end, to.range.start);
    let is_change = links.iter().any(|link| format!("{between} ").contains(link));
    if !is_pair || !is_change {
        return;
    }
    let exact: Exact = if from.value > to.value { &from.value - &to.value } else { &to.value - &from.value };
    let off = if exact > by.value { &exact - &by.value } else { &by.value - &exact };
    // Each of the three may be rounded.
    let slack = if by.decimals == 0 && from.decimals == 0 && to.decimals == 0 {
        crate::contradiction::facts::figure::whole(1)
    } else if from.decimals == to.decimals && by.decimals == from.decimals {
        by.slack() * crate::contradiction::facts::figure::whole(2)
    } else {
        from.slack() + to.slack() + by.slack()
    };
    if off > slack {
        let message = format!(
            "from {} to {} are {} points, but it says {}",
            from.shown(),
            to.shown(),
            shown(&exact),
            shown(&by.value)
        );
        findings.certain(message, vec![sentence.said()]);
    }
}

#[cfg(test)]
mod tests {
    use super::super::RULE;
    use crate::contradiction::trial::found;

    #[test]
    fn a_difference_is_that_of_its_values() {
        let text = |by: &str| {
            format!(
                "The share fell from 3.1% with the old one to 0.9%, an improvement of {by} percentage points.\n"
            )
        };
        assert_eq!(found(&RULE, &text("2.4")), ["certain 1"]);
        assert!(found(&RULE, &text("2.2")).is_empty());
        assert_eq!(
            found(&RULE, "Die Quote stieg von 70 % auf 82 %, also um 15 Prozentpunkte.\n"),
            ["certain 1"]
        );
        assert!(found(&RULE, "Die Quote stieg von 70 % auf 82 %, also um 12 Prozentpunkte.\n").is_empty());
    }
}
