//! The answer to "why?" for one check.

use gonogo_report::{ExplainError, explain};

use crate::fixture::PLAIN;
use crate::numbers::evidence;

#[test]
fn a_failed_check_with_its_evidence() {
    let verdict = crate::no_go::verdict();
    let text = explain(&verdict, "jwt-secret", Some(&evidence(&verdict)), PLAIN).unwrap();
    insta::assert_snapshot!("explain_failed", text);
}

#[test]
fn a_check_behind_a_gate_and_one_on_somebodys_word() {
    let text = explain(&crate::no_go::verdict(), "parity-holds", None, PLAIN).unwrap();
    insta::assert_snapshot!("explain_blocked", text);
    let text = explain(&crate::conditional::verdict(), "secret-rotation", None, PLAIN).unwrap();
    insta::assert_snapshot!("explain_attested", text);
}

#[test]
fn a_check_that_samples_is_no_cause_of_a_go() {
    let text = explain(&crate::go::verdict(), "health", None, PLAIN).unwrap();
    assert!(text.contains("0 of 50 samples failed; the failure rate is at most 5.82%"), "{text}");
    assert!(text.contains("This check is not a cause of it."), "{text}");
}

#[test]
fn an_unknown_check_is_an_error_that_helps() {
    let error = explain(&crate::no_go::verdict(), "jwt-secrt", None, PLAIN).unwrap_err();
    assert_eq!(
        error.to_string(),
        "there is no check `jwt-secrt` in this verdict; did you mean `jwt-secret`?"
    );
    let error = explain(&crate::no_go::verdict(), "\u{1b}[2Jzzz", None, PLAIN).unwrap_err().to_string();
    assert!(!error.contains('\u{1b}') && error.contains("gonogo plan"), "{error:?}");
}

#[test]
fn evidence_of_another_look_is_refused() {
    let verdict = crate::no_go::verdict();
    for check in ["pool-size", "parity-holds"] {
        let error = explain(&verdict, check, Some(&evidence(&verdict)), PLAIN).unwrap_err();
        assert!(matches!(error, ExplainError::OtherEvidence { .. }), "{error}");
    }
}
