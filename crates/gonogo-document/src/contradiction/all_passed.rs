//! All of them are said to be good, and one is not.

mod crowd;

use super::facts::word::{self, says};
use super::facts::{Facts, GridRow, Place, Role, Sentence};
use super::kind::{Findings, Kind, Rule, Said};
use crate::name::Name;
use crate::value::{self, Polarity, State};

pub(super) const RULE: Rule = Rule {
    id: "all-passed",
    kind: Kind::Verdict,
    why: "One that failed is enough for «all passed» to be wrong.",
    find,
};

const ALL: &[&str] = &[
    "all",
    "every",
    "each",
    "everything",
    "alle",
    "jede*",
    "sämtliche",
    "tous",
    "toutes",
    "todos",
    "todas",
    "tutti",
    "tutte",
    "allemaal",
    "iedere",
    "elk",
    "toda*",
    "todo*",
    "ogni",
    "wszystk*",
    "każd*",
    "l'ensemble",
    "the whole",
    "samtliga",
];
const GOOD: &[&str] = &[
    "passed",
    "pass",
    "ready",
    "written",
    "documented",
    "covered",
    "in place",
    "set up",
    "configured",
    "running",
    "dokumentiert",
    "vorhanden",
    "documentés",
    "documentados",
    "gedocumenteerd",
    "with yes",
    "succeeded",
    "green",
    "met",
    "approved",
    "successful*",
    "completed",
    "complete",
    "resolved",
    "implemented",
    "healthy",
    "bestanden",
    "bereit",
    "erfüllt",
    "erfolgreich",
    "réussi*",
    "prêt*",
    "conformes",
    "aprobaron",
    "aprobad*",
    "superad*",
    "pasaron",
    "listos",
    "list*",
    "geslaagd",
    "gereed",
    "superati",
    "pronti",
    "aprovados",
    "done",
    "fixed",
    "closed",
    "signed",
    "trained",
    "answered with yes",
    "available",
    "tested",
    "executed",
    "live",
    "carried out",
    "installed",
    "migrated",
    "decided",
    "agreed",
    "exécuté*",
    "installé*",
    "installat*",
    "eseguit*",
    "ejecutad*",
    "executad*",
    "formad*",
    "formé*",
    "geschult",
    "installiert",
    "durchgeführt",
    "abgeschlossen",
    "superate",
    "spełnion*",
    "zaliczon*",
    "wykonan*",
    "cumplid*",
    "corrigé*",
    "chius*",
    "instalad*",
    "entregad*",
    "livré*",
    "geliefert",
];
/// Not all, but those that a rule is about.
const UNREAL: &[&str] = &[
    "must",
    "should",
    "if",
    "when",
    "until",
    "once",
    "only",
    "will",
    "needs",
    "need",
    "after",
    "has to",
    "have to",
    "because",
    "muss",
    "müssen",
    "wenn",
    "doivent",
    "si",
    "deben",
    "moeten",
    "except",
    "all executed",
    "that ran",
    "that were run",
    "that were executed",
    "all run tests",
    "alle ausgeführten",
    "tous les tests exécutés",
    "todas las pruebas ejecutadas",
    "but",
    "requires",
    "setzt voraus",
    "voraussetzung",
    "required",
    "applicable",
    "applicables",
    "aplicables",
    "anwendbar*",
    "still open",
    "noch offen*",
    "encore ouvert*",
    "requiere",
    "wymaga",
    "necessita",
    "suppose",
];

fn find(facts: &Facts<'_>, findings: &mut Findings) {
    for sentence in facts
        .sentences
        .iter()
        .filter(|sentence| matches!(sentence.place, Place::Prose | Place::Item | Place::Heading))
    {
        let lower = sentence.lower();
        let claims = says(&lower, ALL)
            && says(&lower, GOOD)
            && !says(&lower, UNREAL)
            && !word::denies(&lower)
            && !lower.contains('?');
        let none = [
            "none failed",
            "no test failed",
            "no tests failed",
            "nothing failed",
            "without a failure",
            "without failures",
            "no check failed",
            "keiner ist durchgefallen",
            "kein test ist fehlgeschlagen",
            "aucun échec",
            "ninguno falló",
            "geen enkele is gezakt",
            "no suite failed",
            "no case failed",
        ];
        let none = says(&lower, &none) && !says(&lower, UNREAL);
        let claims = claims || none;
        let claims = claims && !is_title_of_bad(sentence) && !lists_states(&lower);
        let ticked_off =
            facts.items.iter().any(|item| item.ticked == Some(false) && item.said.span == sentence.text.span);
        if !claims || ticked_off || lower.split_whitespace().count() > 24 {
            continue;
        }
        let against = rows(facts, sentence, &lower)
            .or_else(|| listed(facts, sentence))
            .or_else(|| crowd::of_crowd(facts, sentence, &lower))
            .or_else(|| crowd::of_columns(facts, &lower).filter(|_| !none));
        let Some(against) = against else { continue };
        let message = format!(
            "«{}», and {} of them {} not",
            sentence.text.plain.trim(),
            against.len(),
            if against.len() == 1 { "is" } else { "are" }
        );
        findings.certain(message, std::iter::once(sentence.said()).chain(against).collect());
    }
}

/// `All are trained: BLOCKED` as a heading: what must hold is its title, and it does not hold.
fn is_title_of_bad(sentence: &Sentence) -> bool {
    let said = sentence.text.plain.rsplit_once(':').and_then(|(_, state)| value::mark(state));
    sentence.place == Place::Heading && said.is_some_and(|mark| mark.polarity() != Polarity::Good)
}

/// `Every criterion has a state: met, open or n/a.` says which states there are, and not which one.
fn lists_states(lower: &str) -> bool {
    let Some((_, listed)) = lower.split_once(':') else { return false };
    let parts =
        listed.split([',', '/']).flat_map(|part| part.split(" or ")).flat_map(|part| part.split(" oder "));
    parts.filter(|part| value::mark(part.trim().trim_end_matches('.')).is_some()).count() > 1
}

/// The failed rows of the table that the sentence is about: its header names the same things.
fn rows(facts: &Facts<'_>, sentence: &Sentence, lower: &str) -> Option<Vec<Said>> {
    let words = Name::of(lower).words;
    let about = facts.grids.iter().filter(|grid| {
        let title = Name::of(&grid.header(grid.label));
        let near = facts.chapter(grid.section) == facts.chapter(sentence.section)
            || facts.outline.sections.len() < 6;
        let is_beside = grid.section == sentence.section && grid.table.span.line > sentence.text.span.line;
        (!title.is_empty() && title.words.iter().any(|word| words.contains(word)) && near)
            || (is_beside && words.len() < 3)
    });
    let failed = |row: &GridRow<'_>, columns: &[usize], counts: Option<usize>| {
        // A column of numbers has counts and no states.
        let states = columns.iter().map(|at| row.cell(*at)).filter(|cell| value::number(cell).is_none());
        let by_mark = states.filter_map(value::mark).any(|mark| {
            mark.polarity() == Polarity::Bad
                || mark.state == Some(State::No)
                || mark.polarity() == Polarity::Open
        });
        let by_count = counts.is_some_and(|at| {
            value::number(row.cell(at)).is_some_and(|number| number > value::Exact::from_integer(0.into()))
        });
        by_mark || by_count
    };
    for grid in about {
        let columns: Vec<usize> = (0..grid.roles.len())
            .filter(|at| matches!(grid.roles[*at], Role::Status | Role::Decision))
            .collect();
        let counts = (0..grid.roles.len()).find(|at| {
            says(&grid.header(*at), &["failed", "fail", "gezakt", "échoués", "fallidos", "fehlgeschlagen"])
        });
        let found: Vec<Said> =
            grid.body().filter(|row| failed(row, &columns, counts)).map(|row| row.said()).collect();
        if !found.is_empty() {
            return Some(found);
        }
    }
    None
}

/// The failed items of the list directly behind the sentence.
fn listed(facts: &Facts<'_>, sentence: &Sentence) -> Option<Vec<Said>> {
    let next = facts.groups.iter().filter(|group| group.grid.is_none() && group.section == sentence.section);
    let group =
        next.filter(|group| group.span.line > sentence.text.span.line).min_by_key(|group| group.span.line)?;
    let items = || group.items.iter().filter_map(|at| facts.items.get(*at));
    let marked = items().filter(|item| item.state().is_some()).count();
    let bad = items().filter(|item| item.mark.is_some_and(|mark| mark.polarity() == Polarity::Bad));
    let found: Vec<Said> = bad.map(|item| item.said.clone()).collect();
    (!found.is_empty() && marked * 2 > group.items.len()).then_some(found)
}

#[cfg(test)]
mod tests {
    use super::RULE;
    use crate::contradiction::trial::found;

    const TABLE: &str =
        "| Suite | Failed | Result |\n|---|---|---|\n| Import | 0 | pass |\n| Export | 2 | fail |\n";

    #[test]
    fn one_that_failed_is_found() {
        assert_eq!(found(&RULE, &format!("All suites have passed.\n\n{TABLE}")), ["certain 1,6"]);
        assert_eq!(
            found(&RULE, "All are ready.\n\n1. Net – ready\n2. Disk – not ready\n3. Power – ready\n"),
            ["certain 1,4"]
        );
    }

    #[test]
    fn a_title_is_no_claim_and_code_is_no_state() {
        let table = "| Item | Status | Facts |\n|---|---|---|\n| a | pass | `contradicts = false`, `b = not tested` |\n| b | pass | `passed = true` |\n";
        assert!(found(&RULE, &format!("# Report\n\n## All are there: PASSED\n\n{table}")).is_empty());
        let failed = table.replace("| b | pass", "| b | fail");
        assert!(found(&RULE, &format!("# Report\n\n## All are there: BLOCKED\n\n{failed}")).is_empty());
        assert_eq!(found(&RULE, &format!("# Report\n\n## All are there: PASSED\n\n{failed}")).len(), 1);
    }

    #[test]
    fn what_failed_is_not_what_was_left_out() {
        let table = "| Suite | Run | Passed | Failed | Skipped |\n|---|---|---|---|---|\n| Unit | 9 | 9 | 0 | 0 |\n| Import | 8 | 5 | 0 | 3 |\n";
        assert!(found(&RULE, &format!("{table}\nNo suite failed.\n")).is_empty());
        let failed = table.replace("| 5 | 0 | 3 |", "| 4 | 1 | 3 |");
        assert_eq!(found(&RULE, &format!("No suite failed.\n\n{failed}")), ["certain 1,6"]);
        let states = "Every suite has a state: passed, open or n/a.";
        assert!(found(&RULE, &format!("{states}\n\n{TABLE}")).is_empty());
        assert!(found(&RULE, &format!("All applicable suites passed.\n\n{TABLE}")).is_empty());
    }

    #[test]
    fn rules_and_true_claims_are_silent() {
        assert!(found(&RULE, &format!("All suites must have passed.\n\n{TABLE}")).is_empty());
        let good = TABLE.replace("| 2 | fail |", "| 0 | pass |");
        assert!(found(&RULE, &format!("All suites have passed.\n\n{good}")).is_empty());
        assert!(
            found(&RULE, &format!("# Doors\n\nAll doors are tested.\n\n# A\n\n# B\n\n# C\n\n# D\n\n{TABLE}"))
                .is_empty()
        );
    }
}
