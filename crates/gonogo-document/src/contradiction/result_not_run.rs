//! A result of something that did not run.

pub(super) mod undone;
mod words;

use super::facts::word::says;
use super::facts::{Facts, Grid, GridRow, Place, Role, Sentence};
use super::kind::{Findings, Kind, Rule, Said};
use crate::name::Name;
use crate::outline::Block;
use crate::value::{self, Polarity, State};

pub(super) const RULE: Rule = Rule {
    id: "result-not-run",
    kind: Kind::Evidence,
    why: "What was not run has no result, good or bad.",
    find,
};

const HALTED: &[&str] = &[
    "testing halted",
    "tests halted",
    "testing stopped",
    "testing was halted",
    "tests were stopped",
    "tests blocked",
    "testing blocked",
    "tests abgebrochen",
    "essais interrompus",
    "pruebas detenidas",
    "no tests were run",
    "testing was stopped",
];
const NOT_RUN: &[&str] = &[
    "has not been held",
    "was not held",
    "never ran",
    "was never run",
    "was never tested",
    "were never tested",
    "was never tried",
    "was cancelled",
    "was canceled",
    "was skipped",
    "were skipped",
    "could not be run",
    "could not be tested",
    "has not been tested",
    "fand nicht statt",
    "wurde nicht getestet",
    "wurde abgebrochen",
    "n'a pas eu lieu",
    "n'a pas été testé*",
    "no se probó",
    "no se ejecutó",
    "is niet getest",
    "vond niet plaats",
    "has not been run",
    "was not run",
    "were not run",
    "not been tested",
    "was not tested",
    "has not run",
    "not yet run",
    "did not run",
    "was not executed",
    "have not been run",
    "wurde nicht durchgeführt",
    "n'a pas été fait*",
    "no se ha realizado",
    "is niet uitgevoerd",
    "has not taken place",
    "not yet been tested",
];

/// Values of a field that says so.
const FIELD: &[&str] = &[
    "not run",
    "not executed",
    "not tested",
    "cancelled",
    "skipped",
    "not held",
    "nicht durchgeführt",
    "non exécuté",
    "no ejecutad",
    "niet uitgevoerd",
];

fn find(facts: &Facts<'_>, findings: &mut Findings) {
    halted(facts, findings);
    not_run_rows(facts, findings);
    undone::find(facts, findings);
    for sentence in
        facts.sentences.iter().filter(|sentence| matches!(sentence.place, Place::Prose | Place::Item))
    {
        let lower = sentence.lower();
        let as_field = || {
            lower
                .split_once(": ")
                .filter(|(_, value)| FIELD.iter().any(|word| value.starts_with(word)))
                .map(|(key, _)| key.len())
        };
        let Some(at) = super::facts::word::first(&lower, NOT_RUN).map(|(at, _)| at).or_else(as_field) else {
            continue;
        };
        let subject = Name::of(lower.get(..at).unwrap_or_default());
        if subject.is_empty() || subject.words.len() > 8 {
            continue;
        }
        let rated: Vec<Said> = rated(facts, &subject).chain(told(facts, sentence, &subject)).collect();
        if !rated.is_empty() {
            let message = format!("«{}», and it has a result", sentence.text.plain.trim());
            findings.certain(message, std::iter::once(sentence.said()).chain(rated).collect());
        }
    }
}

/// What is said of something that went well.
const WELL: &[&str] = &[
    "passed",
    "succeeded",
    "successful*",
    "was good",
    "works",
    "worked",
    "took",
    "held",
    "showed",
    "without error*",
    "no errors",
    "sustained",
    "handled",
    "bestanden",
    "erfolgreich",
    "réussi*",
    "superó",
    "geslaagd",
    "is proven",
    "proved",
    "within",
    "completed",
    "reached",
    "met",
];
/// It did not run to its end.
const BROKEN: &[&str] = &[
    "aborted",
    "broken off",
    "broke off",
    "stopped after",
    "cut short",
    "abgebrochen",
    "interrompu",
    "interrumpid",
    "abortad",
    "afgebroken",
    "interrott",
    "interrompid",
    "przerwan",
];
const UNREAL: &[&str] =
    &["will", "must", "should", "once", "if", "when", "needs", "after", "planned", "is to be"];
/// Columns with what came out.
const OUTCOMES: &[&str] =
    &["result", "outcome", "measured", "errors", "actual", "ergebnis", "résultat", "resultado"];
/// The most rows and sentences that are compared.
const MOST: usize = 300;

/// A row says that it did not run, and a sentence or its own row that it went well.
fn not_run_rows(facts: &Facts<'_>, findings: &mut Findings) {
    let praises = facts.sentences.iter().filter(|sentence| {
        let lower = sentence.lower();
        let is_told = matches!(sentence.place, Place::Prose | Place::Item) && says(&lower, WELL);
        let rest =
            lower.replace("without error", "").replace("no errors", "").replace("showed no ", "showed ");
        is_told && !says(&lower, BROKEN) && !super::facts::word::denies(&rest) && !says(&lower, UNREAL)
    });
    let praises: Vec<(&Sentence, Name)> =
        praises.take(MOST).map(|sentence| (sentence, Name::of(&sentence.lower()))).collect();
    let rows = facts.grids.iter().flat_map(|grid| grid.body().map(move |row| (grid, row)));
    let idle = rows.filter_map(|(grid, row)| {
        let state = |at: usize| value::mark(row.cell(at)).and_then(|mark| mark.state);
        let is_broken = |at: &usize| BROKEN.iter().any(|word| row.cell(*at).to_lowercase().starts_with(word));
        let is_idle = |at: &usize| {
            matches!(state(*at), Some(State::NotRun | State::Blocked | State::NotStarted)) || is_broken(at)
        };
        let at = (0..grid.roles.len()).find(|at| *at != grid.label && is_idle(at))?;
        Some((grid, row, at, state(at)))
    });
    for (grid, row, at, state) in idle.take(MOST) {
        let name = Name::of(row.cell(grid.label));
        if state == Some(State::NotRun) && has_outcome(grid, row, at) {
            let message = format!("«{}» is {}, and its row has a figure", row.cell(grid.label), row.cell(at));
            findings.likely(message, vec![row.said()]);
        } else if let Some((sentence, _)) = praises.iter().find(|(_, words)| is_of(words, &name)) {
            let told = sentence.text.plain.trim();
            let message = format!("«{}» is {}, and «{told}»", row.cell(grid.label), row.cell(at));
            findings.say(state != Some(State::Blocked), message, vec![sentence.said(), row.said()]);
        }
    }
}

/// Whether another cell of the row has a figure for what came out.
fn has_outcome(grid: &Grid<'_>, row: &GridRow<'_>, state: usize) -> bool {
    (0..grid.roles.len()).filter(|at| *at != state && *at != grid.label).any(|at| {
        let cell = row.cell(at).to_lowercase();
        let has_figure = cell.chars().any(|c| c.is_ascii_digit()) && value::dates(&cell).is_empty();
        has_figure && says(&grid.header(at), OUTCOMES)
    })
}

/// Whether a sentence is about a thing: it has its words, and begins with a short name.
fn is_of(words: &Name, name: &Name) -> bool {
    let begins = words.plain.trim_start_matches("the ").starts_with(&name.plain);
    !name.is_empty() && name.words.is_subset(&words.words) && (name.words.len() >= 2 || begins)
}

/// Everything was halted, and marked lines of the same document give results.
fn halted(facts: &Facts<'_>, findings: &mut Findings) {
    let Some(stop) = facts
        .sentences
        .iter()
        .find(|sentence| sentence.place != Place::Cell && says(&sentence.lower(), HALTED))
    else {
        return;
    };
    let mut results = Vec::new();
    for (_, block) in facts.outline.blocks() {
        let Block::Code(code) = block else { continue };
        for field in code.fields() {
            let state = value::mark(&field.value.plain).and_then(|mark| mark.state);
            let measured =
                ["performance", "load", "users", "latency", "throughput", "concurrent", "errors", "response"];
            let is_result = matches!(state, Some(State::Fail | State::Pass | State::Partial | State::Good));
            if is_result && says(&field.key.plain.to_lowercase(), &measured) {
                results
                    .push(Said::at(field.key.span, &format!("{}: {}", field.key.plain, field.value.plain)));
            }
        }
    }
    if let Some(first) = results.first() {
        let message = format!("«{}», and «{}» is a result", stop.text.plain.trim(), first.text);
        findings.likely(message, std::iter::once(stop.said()).chain(results).collect());
    }
}

/// Rows with a good state, or a result measured, on the same thing.
fn rated<'a>(facts: &'a Facts<'_>, subject: &'a Name) -> impl Iterator<Item = Said> + 'a {
    let rows = facts.grids.iter().flat_map(|grid| grid.body().map(move |row| (grid, row)));
    rows.filter(|(grid, row)| {
        let name = Name::of(row.cell(grid.label));
        let state = grid.column(Role::Status).and_then(|at| value::mark(row.cell(at)));
        let is_good = state.is_some_and(|mark| mark.polarity() == Polarity::Good);
        is_good
            && !name.is_empty()
            && (name.words.is_subset(&subject.words) || subject.words.is_subset(&name.words))
    })
    .map(|(_, row)| row.said())
}

/// The same section tells how it went.
fn told<'a>(
    facts: &'a Facts<'_>,
    sentence: &'a Sentence,
    subject: &'a Name,
) -> impl Iterator<Item = Said> + 'a {
    let beside = facts
        .sentences
        .iter()
        .filter(move |other| other.section == sentence.section && other.text.span != sentence.text.span);
    beside
        .filter(move |other| {
            let lower = other.lower();
            if is_result(other, sentence) {
                return true;
            }
            let words = Name::of(&lower).words;
            subject.words.iter().any(|word| words.contains(word))
                && says(
                    &lower,
                    &[
                        "took",
                        "shows",
                        "showed",
                        "reached",
                        "held",
                        "confirmed",
                        "is good",
                        "passed",
                        "was good",
                        "succeeded",
                        "dauerte",
                        "a duré",
                    ],
                )
        })
        .map(|other| other.said())
}

/// `Result: fixed.` in the same paragraph.
fn is_result(other: &Sentence, sentence: &Sentence) -> bool {
    const KEYS: &[&str] =
        &["result", "outcome", "ergebnis", "résultat", "resultado", "resultaat", "esito", "wynik"];
    let Some((key, value)) = other.text.plain.split_once(':') else { return false };
    let is_key = KEYS.contains(&key.trim().to_lowercase().as_str());
    let is_good = value::mark(value).is_some_and(|mark| mark.polarity() == Polarity::Good);
    is_key && is_good && other.text.span.line.abs_diff(sentence.text.span.line) <= 1
}

#[cfg(test)]
mod tests {
    use super::RULE;
    use crate::contradiction::trial::found;

    #[test]
    fn results_of_what_did_not_run_are_found() {
        let text =
            "| Part | State |\n|---|---|\n| Failover | Good |\n\nThe failover exercise has not been held.\n";
        assert_eq!(found(&RULE, text), ["certain 5,3"]);
        let text = "## Testing halted\n\n```yaml\nLoad: FAILING\nKey: MISSING\n```\n";
        assert_eq!(found(&RULE, text), ["likely 1,4"]);
    }

    #[test]
    fn a_row_that_did_not_run_has_no_success() {
        let text = |told: &str| format!("| Test | Result |\n|---|---|\n| Soak test | not run |\n\n{told}\n");
        assert_eq!(found(&RULE, &text("The soak test passed without errors.")), ["certain 5,3"]);
        assert!(found(&RULE, &text("The soak test must have passed before launch.")).is_empty());
        let aborted =
            text("The soak test showed no growth.").replace("not run", "aborted after 40 min, disk full");
        assert_eq!(found(&RULE, &aborted), ["certain 5,3"]);
        let ticked = "- [x] Restore test from the backup\n\n## Left\n\n- Restore test: no slot, so it has not been done yet.\n";
        assert_eq!(found(&RULE, ticked), ["certain 1,5"]);
        let titled =
            "Red-team exercise completed with no hit.\n\n### M-5 Red-team exercise outstanding\n\nLater.\n";
        assert_eq!(found(&RULE, titled), ["certain 1,3"]);
    }

    #[test]
    fn what_was_put_off_or_broken_off_is_not_verified() {
        for (claim, told) in [
            (
                "- [x] Backup set up, restoration of backups verified",
                "- Restoration of backups: not carried out so far for lack of space",
            ),
            (
                "Grounds: the dress rehearsal with guests was completed.",
                "The dress rehearsal with guests was postponed to 24 July.",
            ),
            (
                "La restauration complète a été vérifiée.",
                "La restauration complète n'a pas été réalisée faute de temps.",
            ),
            (
                "La integridad quedó verificada con sumas de control.",
                "El cálculo de las sumas de control se omitió.",
            ),
            (
                "Die Notstromprobe wurde erfolgreich durchgeführt.",
                "Die Notstromprobe: wegen Sturm abgebrochen.",
            ),
        ] {
            let text = format!("# A\n\n{claim}\n\n# B\n\n{told}\n");
            assert_eq!(found(&RULE, &text), ["certain 3,7"], "{text}");
        }
    }

    #[test]
    fn what_was_repeated_or_is_another_is_silent() {
        for (claim, told) in [
            ("The dress rehearsal was completed.", "The first rehearsal of the dress was aborted."),
            (
                "The failover of the ledger was verified.",
                "The failover of the mail server was postponed to May.",
            ),
            ("The dress rehearsal must be completed.", "The dress rehearsal was postponed."),
        ] {
            let text = format!("# A\n\n{claim}\n\n# B\n\n{told}\n");
            assert_eq!(found(&RULE, &text), Vec::<String>::new(), "{text}");
        }
    }

    #[test]
    fn open_rows_are_silent() {
        let text = "| Part | State |\n|---|---|\n| Failover | Blocked |\n\nThe failover exercise has not been held.\n";
        assert!(found(&RULE, text).is_empty());
    }
}
