//! Two documents side by side: every element of both is in exactly one entry, nothing changes from a
//! document to itself, and which of two is the older one only turns the states round.
#![expect(clippy::panic, reason = "a test fails by panicking")]

use std::collections::BTreeMap;

use gonogo_document::lineage::lineage;
use gonogo_document::{Report, read};
use gonogo_model::lineage::document::{DocumentLineage, Entry, Kind, Standing, State, Statement};
use proptest::prelude::*;

fn told(before: &str, after: &str) -> DocumentLineage {
    lineage(("old.md", &read(before.as_bytes())), ("new.md", &read(after.as_bytes())))
}

fn states(lineage: &DocumentLineage) -> Vec<(State, &str)> {
    lineage.entries.iter().map(|entry| (entry.state, entry.title.as_str())).collect()
}

fn entry<'a>(lineage: &'a DocumentLineage, title: &str) -> &'a Entry {
    let mut found = lineage.entries.iter().filter(|entry| entry.title == title);
    found.next().unwrap_or_else(|| panic!("{title} is not in {:?}", states(lineage)))
}

const OLD: &str = "\
# Launch review v1

**Date:** 2026-03-02

| ID | Finding | Severity | Status | Owner |
|---|---|---|---|---|
| F-1 | Refunds are booked twice | Critical | Open | Ana |
| F-2 | Timetable has no cache | High | Open | Ben |
| F-3 | No alert on payment failures | High | In progress | Cem |
| F-4 | Backups were never restored | High | Open | Dora |
| F-5 | Passwords in the log of the gateway | Critical | Open | Eli |
| F-6 | Old browsers show no map | Low | Accepted | Ben |
| F-7 | Session cookie lacks SameSite | Medium | Closed | Ana |
| F-8 | Payments have one node | High | Open | Ana |

## Checklist

- [x] Contact list of the night shift
- [ ] Load test with 500 bookings per minute
- [ ] Rollback rehearsed
- [x] Domain ordered
";
const NEW: &str = "\
# Launch review v2

**Date:** 2026-03-22

F-5 was closed on Monday.

| ID | Finding | Severity | Status | Owner |
|---|---|---|---|---|
| F-1 | Refunds can be booked twice | Critical | Closed | Ana |
| F-2 | No cache for the timetable | Medium | Open | Finn |
| F-4 | The ticket printer has no spare | High | Open | Gil |
| F-6 | Old browsers show no map | Low | Open | Ben |
| F-7 | Session cookie without SameSite | Medium | Not fixed | Ana |
| F-8 | Payments have one node | High | Accepted | Ana |

## Checklist

- [x] Contact list of the night shift
- [x] Load test with 500 bookings per minute
- [ ] Domain ordered
";

#[test]
fn each_thing_is_told_what_became_of_it() {
    let told = told(OLD, NEW);
    assert_eq!(
        states(&told),
        [
            (State::Vanished, "No alert on payment failures"),
            (State::Vanished, "Backups were never restored"),
            (State::Vanished, "Rollback rehearsed"),
            (State::Regressed, "Session cookie without SameSite"),
            (State::Regressed, "Old browsers show no map"),
            (State::Regressed, "Domain ordered"),
            (State::New, "The ticket printer has no spare"),
            (State::Open, "No cache for the timetable"),
            (State::Accepted, "Payments have one node"),
            (State::ClaimedFixed, "Passwords in the log of the gateway"),
            (State::ClaimedFixed, "Refunds can be booked twice"),
            (State::ClaimedFixed, "Load test with 500 bookings per minute"),
            (State::Unchanged, "Contact list of the night shift"),
        ]
    );
    assert!(!told.is_clean());
    assert_eq!((told.counts.vanished, told.counts.claimed_fixed), (3, 3));
    let changed: Vec<(&str, Option<&str>, Option<&str>)> = entry(&told, "No cache for the timetable")
        .changes
        .iter()
        .map(|change| (change.what.as_str(), change.before.as_deref(), change.after.as_deref()))
        .collect();
    assert_eq!(changed, [("severity", Some("high"), Some("medium")), ("owner", Some("Ben"), Some("Finn"))]);
    let reused = entry(&told, "The ticket printer has no spare");
    assert!(reused.notes.iter().any(|note| note.contains("F-4 was reused")), "{:?}", reused.notes);
    let named = entry(&told, "Passwords in the log of the gateway");
    assert_eq!(named.mention.as_ref().map(|mention| mention.line), Some(5));
    assert_eq!((named.before[0].line, named.after.len()), (11, 0));
}

#[test]
fn what_a_document_says_several_times_is_one_thing() {
    let old = "# Launch readiness\n\n## Must fix before launch\n\n### BLOCKER-1: Gateway speaks no TLS\n\n- Cause: nobody ordered a certificate\n- Impact: everybody can read along\n- Fix: order one\n\n## Risks\n\n| Risk | Accepted | Mitigation |\n|---|---|---|\n| Gateway speaks no TLS | ❌ NO | none |\n\n## Next actions\n\n- [ ] **BLOCKER-1:** Order a certificate for the gateway\n";
    let told = told(old, old);
    assert_eq!(states(&told), [(State::Open, "Gateway speaks no TLS")]);
    let kinds: Vec<Kind> = told.entries[0].before.iter().map(|statement| statement.kind).collect();
    assert_eq!(kinds, [Kind::Finding, Kind::Risk, Kind::Task]);
}

#[test]
fn headings_close_what_stands_under_them_and_prose_is_read() {
    let old = "# Launch readiness\n\n## Open findings\n\n- Search has no limit on its queries\n- Nobody rehearsed the rollback plan\n- Mail relay drops messages\n";
    let new = "# Launch readiness\n\n## Fixed since the last review\n\n- Limit on the queries of the search\n\n## Notes\n\nThe rollback plan was rehearsed by nobody yet.\n";
    let told = told(old, new);
    let of = |title: &str| entry(&told, title).state;
    assert_eq!(of("Mail relay drops messages"), State::Vanished);
    assert_eq!(of("Search has no limit on its queries"), State::ClaimedFixed);
    assert_eq!(of("Nobody rehearsed the rollback plan"), State::Open);
}

#[test]
fn what_is_struck_out_is_closed() {
    let before = "# Readiness: NO-GO\n\n## Findings\n\n| ID | Finding | Severity | Status |\n|---|---|---|---|\n| F-1 | TLS is missing | high | open |\n| F-2 | Backups are missing | high | open |\n\n## Issues\n\n- Logs are lost\n- The queue is full\n- Alerts reach nobody\n\n## Checklist\n\n- [ ] Buy the certificates\n";
    let after = "# Readiness: NO-GO\n\n## Findings\n\n| ID | Finding | Severity | Status |\n|---|---|---|---|\n| F-1 | ~~TLS is missing~~ | high | |\n| F-2 | Backups are missing | ~~low~~ high | ~~open~~ fixed |\n\n## Issues\n\n- ~~Logs are lost~~ since the new agent\n- <del>The queue is full</del> still open\n- Alerts reach ~~few~~ nobody\n\n## Checklist\n\n- [ ] ~~Buy the certificates~~\n";
    let lineage = told(before, after);
    for title in ["TLS is missing", "Backups are missing", "Logs are lost", "Buy the certificates"] {
        assert_eq!(entry(&lineage, title).state, State::ClaimedFixed, "{title}");
    }
    for title in ["The queue is full", "Alerts reach few nobody"] {
        assert_eq!(entry(&lineage, title).state, State::Open, "{title}");
    }
}

#[test]
fn a_document_that_says_both_is_open_and_said_so() {
    let old = "# Launch readiness\n\n## Findings\n\n| ID | Finding | Severity | Status |\n|---|---|---|---|\n| F-1 | Gateway without TLS | High | Open |\n";
    let new = format!(
        "{}\n## Actions\n\n- [ ] F-1: Order a certificate for the gateway\n",
        old.replace("Open", "Closed")
    );
    let told = told(old, &new);
    assert_eq!(states(&told), [(State::Open, "Gateway without TLS")]);
    assert!(
        told.entries[0].notes[0].contains("says both: done in line 7, open in line 11"),
        "{:?}",
        told.entries[0].notes
    );
}

#[test]
fn verdicts_scores_and_counts_stand_side_by_side() {
    let document = |verdict: &str, score: &str, critical: &str| {
        format!(
            "# Launch readiness\n\n| Category | Status | Score | Critical |\n|---|---|---|---|\n| Security | ✅ GOOD | {score} | {critical} |\n| Load | ✅ GOOD | 80% | 0 |\n\n**Overall readiness:** {score}\n\n**Verdict:** {verdict}\n"
        )
    };
    let told = told(&document("NO-GO", "60%", "2"), &document("GO", "90%", "0"));
    let said: Vec<(&str, &str, &str)> = told
        .figures
        .iter()
        .map(|figure| (figure.what.as_str(), figure.before[0].text.as_str(), figure.after[0].text.as_str()))
        .collect();
    assert_eq!(
        said,
        [
            ("verdict", "NO-GO", "GO"),
            ("score", "60%", "90%"),
            ("Security: score", "60%", "90%"),
            ("Security: critical", "2", "0"),
        ]
    );
}

/// What a document lists, as lines that a generator puts together.
fn document() -> impl Strategy<Value = String> {
    let subject = prop::sample::select(vec![
        "gateway TLS",
        "payment alert",
        "backup restore",
        "query limit",
        "rollback plan",
        "load test",
        "token key",
        "second region",
        "pager rotation",
        "status page",
        "typing indicator",
        "disk quota",
    ]);
    let words = prop::sample::select(vec![
        "",
        "missing",
        "of the shop",
        "in the first region",
        "for bookings",
        "(HIGH)",
    ]);
    let state = prop::sample::select(vec!["Open", "Closed", "Accepted", "In progress", "N/A", ""]);
    let form = prop::sample::select(vec![
        "row",
        "task",
        "done",
        "list",
        "risk",
        "condition",
        "decision",
        "phase",
        "bold",
    ]);
    let line = (form, subject, words, state, 1..9_u32);
    prop::collection::vec(line, 0..14).prop_map(|lines| {
        let mut text = "# Launch review\n\n**Verdict:** NO-GO\n".to_owned();
        for (form, subject, words, state, number) in lines {
            let name = format!("{subject} {words}");
            let told = match form {
                "row" => format!("## Findings\n\n| ID | Finding | Severity | Status |\n|---|---|---|---|\n| F-{number} | {name} | High | {state} |\n"),
                "task" => format!("## Checklist\n\n- [ ] {name}\n- [ ] F-{number}: {name}\n"),
                "done" => format!("## Checklist\n\n- [x] {name}\n"),
                "list" => format!("## Issues\n\n- **HIGH-{number}:** {name}\n- {name} {state}\n"),
                "risk" => format!("## Risks\n\n| Risk | Accepted | Mitigation |\n|---|---|---|\n| {name} | {state} | none |\n"),
                "condition" => format!("## Conditions\n\n| Condition | Due | Status |\n|---|---|---|\n| {name} | 2026-02-0{number} | {state} |\n"),
                "decision" => format!("## Decisions\n\n| ID | Decision | Status | Chosen |\n|---|---|---|---|\n| D-{number} | {name} | {state} | |\n"),
                "phase" => format!("## Phases\n\n| Phase | Status |\n|---|---|\n| Phase {number}: {name} | {state} |\n"),
                _ => format!("### F-{number}: {name}\n\n- Cause: unknown\n- Impact: much\n- Fix: {subject}\n"),
            };
            text.push('\n');
            text.push_str(&told);
        }
        text
    })
}

fn count<'a>(statements: impl Iterator<Item = &'a Statement>) -> BTreeMap<(u32, u32, Kind), usize> {
    let mut found = BTreeMap::new();
    for statement in statements {
        *found.entry((statement.line, statement.column, statement.kind)).or_default() += 1;
    }
    found
}

/// The places of every element that is compared.
fn listed(report: &Report) -> BTreeMap<(u32, u32), usize> {
    let elements = &report.elements;
    let spans = elements
        .findings
        .iter()
        .map(|finding| finding.source.span)
        .chain(elements.checklist.iter().map(|task| task.source.span))
        .chain(elements.blockers.iter().map(|blocker| blocker.source.span))
        .chain(elements.conditions.iter().map(|condition| condition.source.span))
        .chain(elements.acceptances.iter().map(|risk| risk.source.span))
        .chain(elements.decisions.iter().map(|decision| decision.source.span))
        .chain(elements.phases.iter().map(|phase| phase.source.span));
    let mut found = BTreeMap::new();
    for span in spans {
        // A task with an id is read as a problem too, and is one element.
        found.insert((span.line, span.column), 1);
    }
    found
}

proptest! {
    #![proptest_config(ProptestConfig::with_cases(96))]

    #[test]
    fn every_element_is_in_exactly_one_entry(before in document(), after in document()) {
        let (old, new) = (read(before.as_bytes()), read(after.as_bytes()));
        let told = lineage(("old.md", &old), ("new.md", &new));
        for (report, is_old) in [(&old, true), (&new, false)] {
            let of = |entry: &'_ Entry| if is_old { entry.before.clone() } else { entry.after.clone() };
            let all: Vec<Statement> = told.entries.iter().flat_map(of).collect();
            let counted = count(all.iter());
            prop_assert!(counted.values().all(|number| *number == 1), "{counted:?}");
            let places: BTreeMap<(u32, u32), usize> = counted.keys().map(|(line, column, _)| ((*line, *column), 1)).collect();
            for place in listed(report).keys() {
                prop_assert!(places.contains_key(place), "{place:?} is in no entry");
            }
        }
        let total: u64 = State::ALL.iter().map(|state| told.counts.of(*state)).sum();
        prop_assert_eq!(total, told.entries.len() as u64);
    }

    #[test]
    fn nothing_changes_from_a_document_to_itself(text in document()) {
        let told = told(&text, &text);
        for entry in &told.entries {
            prop_assert!(matches!(entry.state, State::Open | State::Unchanged), "{entry:?}\n{text}");
            prop_assert!(entry.changes.is_empty(), "{:?}", entry);
            let lines = |all: &[Statement]| all.iter().map(|statement| statement.line).collect::<Vec<_>>();
            prop_assert_eq!(lines(&entry.before), lines(&entry.after));
        }
        prop_assert!(told.is_clean() && told.figures.is_empty());
    }

    #[test]
    fn the_other_way_round_new_is_vanished(before in document(), after in document()) {
        let (there, back) = (told(&before, &after), told(&after, &before));
        let (there, back) = (there.counts, back.counts);
        prop_assert_eq!((there.new, there.vanished), (back.vanished, back.new));
        prop_assert_eq!((there.untold, there.told_done), (back.told_done, back.untold));
        prop_assert_eq!((there.open, there.unchanged), (back.open, back.unchanged));
        prop_assert_eq!(there.regressed + there.claimed_fixed + there.accepted, back.regressed + back.claimed_fixed + back.accepted);
    }

    #[test]
    fn any_bytes_can_be_compared(before in prop::collection::vec(any::<u8>(), 0..200), after in document()) {
        let (old, new) = (read(&before), read(after.as_bytes()));
        let told = lineage(("old.md", &old), ("new.md", &new));
        prop_assert!(told.entries.iter().all(|entry| entry.was != Some(Standing::Open) || !entry.before.is_empty()));
    }
}
