//! A drafted spec can be read without error, whatever the document says.
#![expect(clippy::panic, reason = "a test fails by panicking")]

use gonogo_document::draft::{Draft, draft};
use gonogo_document::read;
use gonogo_model::catalog::Catalog;
use gonogo_model::spec::{self, Spec};
use jiff::civil::{Date, date};
use proptest::prelude::*;

const TODAY: Date = date(2026, 2, 1);

/// The draft of a document, and the spec that it is.
fn drafted(text: &str) -> (Draft, Spec) {
    let drafted = draft(&read(text.as_bytes()), "report.md", TODAY);
    let spec = spec::read("drafted.yaml", &drafted.text, None, &Catalog::new([]), &[]);
    let spec = spec.unwrap_or_else(|error| panic!("{error}\n{}", drafted.text));
    (drafted, spec)
}

const REPORT: &str = "\
# Bereitschaft: Laden \"Mitte\"

**Datum:** 31.01.2026

| Area | Weight | Score | Weighted |
|---|---|---|---|
| Payments | 30% | 100% | 30% |
| Search: ${HOME} | 70% | 50% | 35% |
| Total | 100% | | 65% |

### 1. Payments: ✅ PASS (100%)

| Component | Status |
|---|---|
| Card \\| PayPal | ✅ PASS |

## Blockers

| ID | Item | Owner | Blocks |
|---|---|---|---|
| EXT-1 | Domain | Net | API |
| EXT-2 | Domain | Net | API |

## Must fix before launch

1. **BLOCKER-1:** No TLS certificate
2. TLS certificate missing (BLOCKER-1)

## Decisions

| ID | Decision | Status | Chosen |
|---|---|---|---|
| D-1 | Database | resolved | Postgres |
| D-2 | Sessions | open | |

## Pre-Cutover (T-7 days)

- [x] Restore tested @ana
- [ ] Pages loaded

## Phase 2: Pilot

| Aspect | Status |
|---|---|
| Gate status | Blocked |

**Approved by:** Board
**Verdict:** CONDITIONAL GO
";

#[test]
fn a_report_becomes_registers_in_which_nothing_is_proven() {
    let (draft, spec) = drafted(REPORT);
    assert_eq!(draft.asserted.len(), 1);
    assert!(draft.text.contains("# Asserted: conditional go in line"), "{}", draft.text);
    // Nobody signed anything.
    assert!(!draft.text.contains("by:"), "{}", draft.text);
    assert!(spec.checks.iter().any(|check| check.title.contains("Card | PayPal")));
    assert_eq!(spec.categories.iter().map(|category| category.weight).collect::<Vec<_>>(), [30, 70]);
    assert!(!draft.text.contains("${"));
    assert_eq!(draft.text.matches("TLS certificate").count(), 1, "one thing is one blocker");
}

#[test]
fn a_document_that_says_little_becomes_a_spec_too() {
    let (draft, spec) = drafted("# Nothing\n");
    assert_eq!((draft.asserted.len(), spec.checks.len()), (0, 1));
}

#[test]
fn more_than_a_spec_can_hold_is_left_out() {
    let rows: String =
        (0..2_000).map(|at| format!("| Area number {at} | ✅ PASS | 9{}% |\n", at % 10)).collect();
    let (_, spec) = drafted(&format!("# Readiness\n\n| Category | Status | Score |\n|---|---|---|\n{rows}"));
    assert!(
        spec.checks.len() <= 400
            && spec.categories.iter().map(|category| category.weight).sum::<u32>() == 100
    );
}

proptest! {
    #[test]
    fn any_document_becomes_a_spec(parts in proptest::collection::vec(
        proptest::sample::select(vec![
            "# Go-live: \"x\"\n", "## Must fix\n", "- [x] a: ${B}\n", "- [ ] 'q' # no\n", "| ID | Decision | Status | Chosen |\n|---|---|---|---|\n",
            "| D-1 | a | open | b |\n", "| Risk | Accepted |\n|---|---|\n", "| r \\ s | no |\n", "1. **P0-1:** z\n", "\n", "**Verdict:** GO\n",
            "## Phase 2: {x}\n", "- : -\n", "| Category | Score | Status |\n|---|---|---|\n", "| ☠ \u{202e} | 5% | ok |\n", "### Conditions\n", "1. x within 3 days\n",
            "password: hunter2\n", "Effort: 3-5 days\n", "\u{0}\u{85}\u{2028}",
        ]), 0..40,
    )) {
        drafted(&parts.concat());
    }
}
