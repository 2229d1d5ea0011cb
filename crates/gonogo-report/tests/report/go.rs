//! GO: everything was looked at and holds.

use gonogo_model::status::Status;
use gonogo_model::verdict::*;
use serde_json::json;

use crate::fixture::*;

pub(crate) fn verdict() -> Verdict {
    let mut verdict = empty(Call::Go, "staging", score("1", "100%", "100/100"));
    let gate = StageResult { gate: true, ..stage("pre-gate", "Secret verification", StageState::Passed) };
    let verify = StageResult {
        needs: vec!["pre-gate".into()],
        ..stage("verify", "Behaviour of the running system", StageState::Passed)
    };
    verdict.stages = vec![gate, verify];
    verdict.categories = vec![
        CategoryScore {
            floor: Some(percent("100%")),
            ..category(
                "secrets",
                "Is every secret present, strong and loaded?",
                30,
                score("1", "100%", "2/2"),
            )
        },
        category("runtime", "Does it start, answer and stop as it should?", 70, score("1", "100%", "2/2")),
    ];
    let passing = |id: &str, stage: &str, category: &str, line, title: &str, key: &str| {
        let passing = check((id, stage, category, line), title, Status::Pass, "All facts hold for 1 item.");
        looked(passing, key, &[("present", json!(true))], "present")
    };
    let mut health = passing("health", "verify", "runtime", 31, "The health route answers", "/health");
    health.confidence = Some(Confidence { samples: 50, failures: 0, upper_95: Some("5.82%".into()) });
    verdict.results = vec![
        passing("jwt-secret", "pre-gate", "secrets", 14, "The JWT signing secret is strong", "JWT_SECRET"),
        passing(
            "pool-size",
            "pre-gate",
            "secrets",
            22,
            "The connection pool has a size",
            "CONNECTION_POOL_SIZE",
        ),
        health,
        passing("metrics", "verify", "runtime", 40, "The metrics can be scraped", "/metrics"),
    ];
    counted(verdict)
}
