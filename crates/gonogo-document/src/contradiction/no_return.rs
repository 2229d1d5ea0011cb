//! A way back that is planned for a time after the point of no return.

use super::clock_span::clocks;
use super::facts::word::{denies, find as find_word, says};
use super::facts::{Facts, Place};
use super::kind::{Findings, Kind, Rule, Said};

pub(super) const RULE: Rule = Rule {
    id: "no-return",
    kind: Kind::Impossible,
    why: "After the point of no return there is no way back, so a plan must not count on one.",
    find,
};

/// Where there is no way back any more.
const NO_RETURN: &[&str] = &[
    "point of no return",
    "no way back",
    "no return",
    "no rollback possible",
    "cannot be rolled back",
    "cannot be undone",
    "irreversible",
    "kein zurück",
    "kein weg zurück",
    "kein rückweg",
    "punkt ohne wiederkehr",
    "unumkehrbar",
    "point de non-retour",
    "point de non retour",
    "aucun retour",
    "irréversible",
    "punto de no retorno",
    "sin vuelta atrás",
    "no hay vuelta atrás",
    "punto di non ritorno",
    "irreversibile",
    "geen weg terug",
    "onomkeerbaar",
    "ponto de não retorno",
    "ponto sem retorno",
    "irreversível",
    "bez powrotu",
];
/// What goes back.
const BACK: &[&str] = &[
    "roll back",
    "rolled back",
    "rollback",
    "back out",
    "back-out",
    "fall back",
    "go back to",
    "switch back",
    "return to the old",
    "restore",
    "revert",
    "zurück",
    "zurückschalten",
    "zurückgeschaltet",
    "rückfall",
    "rückbau",
    "wiederherstell*",
    "retour arrière",
    "revenir",
    "retour à",
    "restaurer",
    "volver a",
    "vuelta a",
    "restaurar",
    "revertir",
    "ritorno",
    "ripristin*",
    "tornare",
    "terug naar",
    "terugdraaien",
    "terugzetten",
    "voltar a",
    "reverter",
    "przywróc*",
    "wycofa*",
];
/// Words before the number of a step.
const STEPS: &[&str] = &[
    "step",
    "steps",
    "schritt",
    "schritten",
    "étape",
    "paso",
    "passo",
    "fase",
    "stap",
    "krok",
    "kroku",
    "nr.",
    "#",
    "phase",
];

/// A place in a plan.
struct Point {
    step: Option<u64>,
    /// Minutes since midnight.
    clock: Option<u64>,
    said: Said,
}

fn find(facts: &Facts<'_>, findings: &mut Findings) {
    let Some(point) = of_table(facts).or_else(|| of_sentence(facts)) else { return };
    // A row of the plan is the step of its number.
    let number =
        |row: &super::facts::GridRow<'_>| row.cell(0).trim().trim_end_matches('.').parse::<u64>().ok();
    let of_grid = |grid: &super::facts::Grid<'_>| (grid.table.span.line, grid.table.span.end_line);
    let rows = facts
        .grids
        .iter()
        .flat_map(|grid| grid.rows.iter().map(move |row| (row.said(), number(row), Some(of_grid(grid)))));
    let lines =
        facts.sentences.iter().filter(|sentence| matches!(sentence.place, Place::Prose | Place::Item));
    for (said, number, plan) in rows.chain(lines.map(|sentence| (sentence.said(), None, None))) {
        let lower = said.text.to_lowercase();
        if !says(&lower, BACK) || says(&lower, NO_RETURN) || denies(&lower.replace("until", "")) {
            continue;
        }
        let step = last_step(&lower).or(number);
        let later = step.zip(point.step).is_some_and(|(step, last)| step > last);
        let ends = clocks(&lower).last().map(|(minutes, _)| *minutes);
        let until = says(
            &lower,
            &[
                "until",
                "till",
                "latest",
                "last moment",
                "last chance",
                "last point",
                "bis",
                "spätestens",
                "letzter zeitpunkt",
                "letzte möglichkeit",
                "letzter moment",
                "jusqu'à",
                "dernier moment",
                "au plus tard",
                "hasta",
                "último momento",
                "a más tardar",
                "fino alle",
                "ultimo momento",
                "al più tardi",
                "tot",
                "laatste moment",
                "uiterlijk",
                "até",
                "o mais tardar",
                "najpóźniej",
            ],
        );
        let is_late = |(ends, last): (u64, u64)| (1..=6 * 60).contains(&((ends + 1440 - last) % 1440));
        let by_clock = until && last_step(&lower).is_none() && ends.zip(point.clock).is_some_and(is_late);
        if later || by_clock {
            let message = "a way back is planned for a time when there is none any more".to_owned();
            // Two rows of one plan are of one day.
            let line = point.said.span.line;
            let one_plan = plan.is_some_and(|(first, last)| (first..=last).contains(&line));
            findings.say(later || one_plan, message, vec![said, point.said.clone()]);
        }
    }
}

/// The row of a plan that says so of itself.
fn of_table(facts: &Facts<'_>) -> Option<Point> {
    let rows = facts.grids.iter().flat_map(|grid| grid.rows.iter());
    let mut found = rows.filter_map(|row| {
        let said = row.said();
        let lower = said.text.to_lowercase();
        let step = row
            .cell(0)
            .trim()
            .trim_end_matches('.')
            .parse()
            .ok()
            .or_else(|| last_step(&row.cell(0).to_lowercase()));
        let clock = clocks(&lower).first().map(|(minutes, _)| *minutes);
        (says(&lower, NO_RETURN) && (step.is_some() || clock.is_some())).then_some(Point {
            step,
            clock,
            said,
        })
    });
    let first = found.next();
    first.filter(|_| found.next().is_none())
}

/// `After step 13 there is no way back`.
fn of_sentence(facts: &Facts<'_>) -> Option<Point> {
    let lines =
        facts.sentences.iter().filter(|sentence| matches!(sentence.place, Place::Prose | Place::Item));
    let mut found = lines.filter(|sentence| says(&sentence.lower(), NO_RETURN)).filter_map(|sentence| {
        let lower = sentence.lower();
        let step = last_step(&lower);
        let clock = clocks(&lower).first().map(|(minutes, _)| *minutes);
        (step.is_some() || clock.is_some()).then(|| Point { step, clock, said: sentence.said() })
    });
    let first = found.next();
    first.filter(|_| found.next().is_none())
}

/// The last number behind a word for a step.
fn last_step(lower: &str) -> Option<u64> {
    let steps = STEPS.iter().filter_map(|word| {
        let at = find_word(lower, word)? + word.len();
        let digits: String = lower.get(at..)?.trim_start().chars().take_while(char::is_ascii_digit).collect();
        digits.parse::<u64>().ok()
    });
    steps.max()
}

#[cfg(test)]
mod tests {
    use super::RULE;
    use crate::contradiction::trial::found;

    const PLAN: &str = "| # | Start | Step |\n|---|---|---|\n| 12 | 01:50 | Switch |\n| 13 | 02:20 | Release numbers (point of no return) |\n| 14 | 02:30 | Tests |\n\n";

    #[test]
    fn rows_of_one_plan_are_told_by_the_clock() {
        let plan = |time: &str| {
            format!(
                "| Time | What |\n|---|---|\n| 06:00 | switch |\n| 08:00 | old database is wiped, no way back from here |\n| {time} | last moment to decide for rollback to the old system |\n"
            )
        };
        assert_eq!(found(&RULE, &plan("09:30")), ["certain 5,4"]);
        assert!(found(&RULE, &plan("07:30")).is_empty());
    }

    #[test]
    fn a_step_of_the_plan_goes_back_too_late() {
        let plan = |step: u64| {
            format!(
                "* **Point of no return: step 14**, the first order.\n\n| # | Start | Step |\n|---|---|---|\n| {step} | 16:00 | Stock compared; on a difference restore of the snapshot |\n"
            )
        };
        assert_eq!(found(&RULE, &plan(16)), ["certain 5,1"]);
        assert!(found(&RULE, &plan(13)).is_empty());
    }

    #[test]
    fn a_way_back_after_the_point_of_no_return_is_found() {
        let back = |step: u64| {
            format!(
                "{PLAN}| Case | Until | Action |\n|---|---|---|\n| Pilot fails | step {step} | restore the old system |\n"
            )
        };
        assert_eq!(found(&RULE, &back(17)), ["certain 9,4"]);
        assert!(found(&RULE, &back(11)).is_empty());
        let german = "Nach Schritt 5 gibt es kein Zurück.\n\nBis Schritt 8 kann auf das alte System zurückgeschaltet werden.\n";
        assert_eq!(found(&RULE, german), ["certain 3,1"]);
        assert_eq!(found(&RULE, &format!("{PLAN}A rollback can be started until 04:00.\n")), ["likely 7,4"]);
        assert!(found(&RULE, &format!("{PLAN}After step 14 a rollback is not possible.\n")).is_empty());
    }
}
