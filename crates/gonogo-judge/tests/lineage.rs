//! What becomes of findings between two verdicts: laws over generated pairs, and each state by name.

mod world;

use std::collections::BTreeSet;

use gonogo_judge::lineage;
use gonogo_model::lineage::{Entry, Lineage, LineageCounts, State};
use gonogo_model::spec::Signed;
use gonogo_model::status::{Severity, Status};
use gonogo_model::verdict::Verdict;
use proptest::prelude::*;
use world::{Known, Sight, World, acceptance, check, world};

/// Two worlds that are alike: the later one sees some checks otherwise, or lost some of them.
fn pairs() -> impl Strategy<Value = (World, World)> {
    let bytes = || proptest::collection::vec(any::<u8>(), 0..160);
    let choices = proptest::collection::vec(0..5_u8, 12);
    (bytes(), bytes(), choices).prop_map(|(before, after, choices)| {
        let (before, other) = (world(&before), world(&after));
        let mut after = before.clone();
        for (at, choice) in choices.iter().enumerate().take(after.known.len()) {
            if let Some(known) = other.known.get(at).filter(|_| *choice == 1) {
                after.known[at] = known.clone();
            }
            if *choice == 2 {
                after.spec.checks[at].root_cause = None;
            }
        }
        let dropped = choices.last().is_some_and(|choice| *choice == 3) && after.known.len() > 1;
        if dropped {
            after.spec.checks.remove(0);
            after.known.remove(0);
        }
        (before, after)
    })
}

fn fingerprints(verdict: &Verdict) -> BTreeSet<&str> {
    verdict.findings.iter().map(|finding| finding.fingerprint.as_str()).collect()
}

fn status(verdict: &Verdict, check: &str) -> Option<Status> {
    verdict.results.iter().find(|result| result.check == check).map(|result| result.status)
}

fn is_looked(status: Option<Status>) -> bool {
    matches!(status, Some(Status::Pass | Status::Partial | Status::Fail))
}

proptest! {
    #![proptest_config(ProptestConfig { cases: 1024, failure_persistence: None, ..ProptestConfig::default() })]

    #[test]
    fn every_finding_of_both_sides_is_in_exactly_one_entry((before, after) in pairs()) {
        let (old, new) = (before.judge(), after.judge());
        let told = lineage(&old, &new);
        let entries: BTreeSet<&str> = told.entries.iter().map(|entry| entry.fingerprint.as_str()).collect();
        prop_assert_eq!(entries.len(), told.entries.len());
        prop_assert_eq!(&entries, &fingerprints(&old).union(&fingerprints(&new)).copied().collect());
        for entry in &told.entries {
            let at = entry.fingerprint.as_str();
            prop_assert_eq!(entry.before.is_some(), fingerprints(&old).contains(at));
            prop_assert_eq!(entry.after.is_some(), fingerprints(&new).contains(at));
            let sides = match entry.state {
                State::Open => (true, true),
                State::Fixed | State::Vanished => (true, false),
                State::New | State::Regressed => (false, true),
            };
            prop_assert_eq!((entry.before.is_some(), entry.after.is_some()), sides);
            prop_assert!(!entry.why.is_empty());
        }
    }

    #[test]
    fn the_same_verdict_twice_is_only_open(bytes in proptest::collection::vec(any::<u8>(), 0..160)) {
        let verdict = world(&bytes).judge();
        let told = lineage(&verdict, &verdict);
        prop_assert!(told.entries.iter().all(|entry| entry.state == State::Open));
        prop_assert_eq!(told.counts.open, verdict.findings.len() as u64);
        prop_assert!(told.is_clean() && told.lost.is_empty() && !told.spec_changed);
    }

    #[test]
    fn nothing_is_fixed_that_nobody_looked_at((before, after) in pairs()) {
        let (old, new) = (before.judge(), after.judge());
        for entry in lineage(&old, &new).entries.iter().filter(|entry| entry.state == State::Fixed) {
            for check in &entry.checks {
                prop_assert!(is_looked(status(&new, check)), "{check} in {entry:?}");
            }
        }
    }

    #[test]
    fn what_regressed_was_shown_to_hold((before, after) in pairs()) {
        let (old, new) = (before.judge(), after.judge());
        for entry in lineage(&old, &new).entries.iter().filter(|entry| entry.state == State::Regressed) {
            let held = |check: &String| {
                let result = old.results.iter().find(|result| result.check == *check);
                result.is_some_and(|r| r.status == Status::Pass || r.items.iter().any(|i| i.status == Status::Pass))
            };
            prop_assert!(entry.checks.iter().any(held), "{entry:?}");
        }
    }

    #[test]
    fn what_went_dark_is_told((before, after) in pairs()) {
        let (old, new) = (before.judge(), after.judge());
        let told = lineage(&old, &new);
        let passed = old.results.iter().filter(|result| result.status == Status::Pass);
        let dark = passed.filter(|result| !is_looked(status(&new, &result.check)));
        let dark: Vec<&str> = dark.map(|result| result.check.as_str()).collect();
        prop_assert_eq!(told.lost.iter().map(|lost| lost.check.as_str()).collect::<Vec<_>>(), dark);
    }

    #[test]
    fn counts_order_and_form_agree((before, after) in pairs()) {
        let told = lineage(&before.judge(), &after.judge());
        let mut counts = LineageCounts::default();
        told.entries.iter().for_each(|entry| counts.add(entry.state));
        prop_assert_eq!(told.counts, counts);
        prop_assert!(told.entries.is_sorted_by_key(|entry| entry.state));
        let asks = told.entries.iter().any(|entry| !matches!(entry.state, State::Open | State::Fixed));
        prop_assert_eq!(told.is_clean(), !asks && told.lost.is_empty());
        let text = serde_json::to_string(&told).unwrap();
        prop_assert_eq!(serde_json::from_str::<Lineage>(&text).unwrap(), told);
    }
}

/// One check `c0` with these items before and after.
fn told(before: Known, after: Known) -> Lineage {
    let with = |known: Known| World { known: vec![known], ..World::healthy() };
    lineage(&with(before).judge(), &with(after).judge())
}

fn items(sights: &[Sight]) -> Known {
    Known::Items(sights.to_vec())
}

fn states(told: &Lineage) -> Vec<(State, &str)> {
    told.entries.iter().map(|entry| (entry.state, entry.finding.as_str())).collect()
}

const I0: &str = "runtime/c0/i0";
const I1: &str = "runtime/c0/i1";

#[test]
fn a_check_that_looks_and_holds_fixes() {
    let told = told(items(&[Sight::Fail]), items(&[Sight::Pass]));
    assert_eq!(states(&told), [(State::Fixed, I0)]);
    assert_eq!(told.entries[0].why, "`c0` looked, and it holds now");
    assert!(told.is_clean());
}

#[test]
fn a_look_that_failed_does_not_fix() {
    for dark in [Known::Unmeasured, Known::Empty, Known::Old, Known::Other, Known::Never(None)] {
        let told = told(items(&[Sight::Fail]), dark);
        assert_eq!(states(&told), [(State::Vanished, I0)]);
        assert!(!told.is_clean() && told.lost.is_empty());
    }
}

#[test]
fn each_item_is_asked_by_itself() {
    let told = told(items(&[Sight::Fail, Sight::Fail]), items(&[Sight::Pass, Sight::Fail]));
    assert_eq!(states(&told), [(State::Open, I1), (State::Fixed, I0)]);
}

#[test]
fn an_item_that_could_not_be_judged_is_not_fixed() {
    let told = told(items(&[Sight::Fail, Sight::Fail]), items(&[Sight::NoSamples, Sight::Fail]));
    assert_eq!(states(&told), [(State::Vanished, I0), (State::Open, I1)]);
    assert_eq!(told.entries[0].why, "i0 is ERROR in `c0` now, not shown to hold");
}

#[test]
fn an_item_that_is_gone_is_fixed_and_said_to_be_gone() {
    let gone = told(items(&[Sight::Pass, Sight::Fail]), items(&[Sight::Pass]));
    assert_eq!(gone.entries[0].state, State::Fixed);
    assert_eq!(gone.entries[0].why, "`c0` looked, and i1 is no longer there");
    let half_seen = told(items(&[Sight::Fail, Sight::Fail]), items(&[Sight::Fail]));
    assert_eq!(states(&half_seen), [(State::Open, I0), (State::Fixed, I1)]);
}

#[test]
fn what_passed_before_regresses_and_what_nobody_knew_is_new() {
    let regressed = told(items(&[Sight::Pass]), items(&[Sight::Fail]));
    assert_eq!(states(&regressed), [(State::Regressed, I0)]);
    assert_eq!(regressed.entries[0].why, "`c0` was PASS before");
    let by_item = told(items(&[Sight::Fail, Sight::Pass]), items(&[Sight::Fail, Sight::Fail]));
    assert_eq!(states(&by_item), [(State::Regressed, I1), (State::Open, I0)]);
    assert_eq!(by_item.entries[0].why, "i1 was PASS in `c0` before");
    let new = told(Known::Unmeasured, items(&[Sight::Fail]));
    assert_eq!(states(&new), [(State::New, I0)]);
    let more = told(items(&[Sight::Fail]), items(&[Sight::Fail, Sight::Fail]));
    assert_eq!(states(&more), [(State::New, I1), (State::Open, I0)]);
}

#[test]
fn a_check_that_left_the_spec_takes_its_proof_with_it() {
    let extra =
        |sight| World::healthy().with(check("c1", "verify", "runtime", Severity::High), items(&[sight]));
    let failed = lineage(&extra(Sight::Fail).judge(), &World::healthy().judge());
    assert_eq!(states(&failed), [(State::Vanished, "runtime/c1/i0")]);
    assert_eq!(failed.entries[0].why, "the spec no longer has `c1`");
    assert!(failed.spec_changed);
    let passed = lineage(&extra(Sight::Pass).judge(), &World::healthy().judge());
    assert!(passed.entries.is_empty() && !passed.is_clean());
    assert_eq!((passed.lost[0].check.as_str(), passed.lost[0].status), ("c1", None));
}

#[test]
fn not_applicable_is_not_fixed() {
    let failing = World { known: vec![items(&[Sight::Fail])], ..World::healthy() };
    let mut excused = failing.clone();
    excused.spec.checks[0].not_applicable = Some(Signed { reason: "no".into(), by: "ana".into() });
    let told = lineage(&failing.judge(), &excused.judge());
    assert_eq!(states(&told), [(State::Vanished, I0)]);
    assert_eq!(told.entries[0].why, "`c0` is N/A now, so nobody looked");
}

#[test]
fn a_root_cause_needs_all_of_its_checks() {
    let rooted = |id: &str| {
        let mut check = check(id, "verify", "runtime", Severity::High);
        check.root_cause = Some("pool".into());
        check
    };
    let both = |first, second| World::healthy().with(rooted("c1"), first).with(rooted("c2"), second).judge();
    let before = both(items(&[Sight::Fail]), items(&[Sight::Fail]));
    let state = |after: Verdict| -> Entry { lineage(&before, &after).entries[0].clone() };
    assert_eq!(state(both(items(&[Sight::Pass]), items(&[Sight::Pass]))).state, State::Fixed);
    let dark = state(both(items(&[Sight::Pass]), Known::Unmeasured));
    assert_eq!((dark.state, dark.why.as_str()), (State::Vanished, "`c2` is ERROR now, so nobody looked"));
    assert_eq!(state(both(items(&[Sight::Pass]), items(&[Sight::Fail]))).state, State::Open);
}

#[test]
fn an_acceptance_is_told_and_fixes_nothing() {
    let failing = World { known: vec![items(&[Sight::Fail])], ..World::healthy() };
    let mut accepted = failing.clone();
    accepted.spec.acceptances = vec![acceptance(I0)];
    let told = lineage(&failing.judge(), &accepted.judge());
    assert_eq!(states(&told), [(State::Open, I0)]);
    assert_eq!(told.entries[0].why, "was not accepted, is accepted");
}
