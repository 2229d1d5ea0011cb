//! The tables in the documentation are true: each row is tried.
#![expect(clippy::panic, reason = "a table that is missing fails the test")]

mod world;

use gonogo_judge::{Signals, call, upper_95};
use gonogo_model::spec::Signed;
use gonogo_model::status::Severity;
use gonogo_model::verdict::Rule;
use world::{Known, Sight, World, check, statement};

const VERDICT: &str = include_str!("../../../docs/concepts/verdict.md");
const JUDGING: &str = include_str!("../../../docs/concepts/judging.md");

/// The rows of the table that starts with this header, as cells.
fn table<'a>(text: &'a str, header: &str) -> Vec<Vec<&'a str>> {
    let start = text.find(header).unwrap_or_else(|| panic!("no table `{header}`"));
    let rows = text[start..].lines().skip(2).take_while(|line| line.starts_with('|'));
    rows.map(|row| row.trim_matches('|').split('|').map(|cell| cell.trim().trim_matches('`')).collect())
        .collect()
}

#[test]
fn every_combination_fits_exactly_one_row_of_the_truth_table() {
    let header = Rule::ALL.map(|rule| format!("`{}`", rule.id())).join(" | ");
    let rows = table(VERDICT, &format!("| # | {header} | verdict |"));
    assert_eq!(rows.len(), Rule::ALL.len() + 1);
    for bits in 0..1_u32 << Rule::ALL.len() {
        let applies = |at: usize| bits >> at & 1 == 1;
        let fits = |row: &&Vec<&str>| {
            (0..Rule::ALL.len()).all(|at| match row[at + 1] {
                "1" => applies(at),
                "0" => !applies(at),
                "–" => true,
                other => panic!("`{other}` is not a cell"),
            })
        };
        let fitting: Vec<_> = rows.iter().filter(fits).collect();
        assert_eq!(fitting.len(), 1, "{bits:015b}");
        let rules = Rule::ALL.into_iter().enumerate().filter(|(at, _)| applies(*at)).map(|(_, rule)| rule);
        assert_eq!(fitting[0][Rule::ALL.len() + 1], call(&Signals::of(rules)).word(), "{bits:015b}");
    }
}

#[test]
fn every_rule_is_described_in_order() {
    let rows = table(VERDICT, "| # | Rule | Applies when | Says |");
    let said: Vec<_> = rows.iter().map(|row| (row[1], row[3])).collect();
    assert_eq!(said, Rule::ALL.map(|rule| (rule.id(), rule.call().word())));
}

#[test]
fn the_worked_scores_are_right() {
    let rows = table(JUDGING, "| PASS | PARTIAL | FAIL | NOT RUN | ATTESTED | N/A |");
    assert!(rows.len() >= 6);
    for row in rows {
        let mut world = World::healthy();
        world.spec.checks.clear();
        world.known.clear();
        for (kind, number) in row[..6].iter().enumerate() {
            for at in 0..number.parse::<usize>().unwrap() {
                let mut check = check(&format!("c{kind}-{at}"), "verify", "runtime", Severity::Medium);
                let known = match kind {
                    0 | 5 => Known::Items(vec![Sight::Pass]),
                    1 => Known::Items(vec![Sight::Pass, Sight::Partial]),
                    2 => Known::Items(vec![Sight::Partial, Sight::Fail]),
                    _ => Known::Never(None),
                };
                if kind == 4 {
                    check.proof = statement("2026-11-01", "2026-12-01");
                }
                check.not_applicable =
                    (kind == 5).then(|| Signed { reason: "no such part".into(), by: "ana".into() });
                world = world.with(check, known);
            }
        }
        let verdict = world.judge();
        let score = &verdict.categories[0].score;
        assert_eq!((&*score.points, &*score.exact, &*score.percent), (row[6], row[7], row[8]), "{row:?}");
        assert_eq!((&verdict.score.exact, &verdict.score.percent), (&score.exact, &score.percent));
    }
}

#[test]
fn the_worked_cap_is_right() {
    assert!(JUDGING.contains("nine PASS and one high FAIL of ten measure 9/10 and score 3/4"));
    let mut world = World::healthy();
    for at in 1..10 {
        let sight = if at == 9 { Sight::Fail } else { Sight::Pass };
        world = world
            .with(check(&format!("c{at}"), "verify", "runtime", Severity::High), Known::Items(vec![sight]));
    }
    let category = &world.judge().categories[0];
    assert_eq!((&*category.score.exact, &*category.score.points), ("3/4", "7.5/10"));
    assert_eq!(category.uncapped.as_ref().map(|score| &*score.exact), Some("9/10"));
}

#[test]
fn the_bounds_are_right() {
    let rows = table(JUDGING, "| samples | failures | failure rate at most |");
    assert!(rows.len() >= 8);
    for row in rows {
        let bound = upper_95(row[0].parse().unwrap(), row[1].parse().unwrap());
        assert_eq!(bound.as_deref(), Some(row[2]));
    }
}
