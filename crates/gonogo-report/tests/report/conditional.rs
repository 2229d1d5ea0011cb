//! CONDITIONAL GO: a risk is accepted, a condition is open, one check rests on a word, one does
//! not apply, one is partly true and one is capped.

use gonogo_model::fact::Location;
use gonogo_model::status::{Severity, Status};
use gonogo_model::verdict::*;
use serde_json::json;

use crate::fixture::*;

pub(crate) fn verdict() -> Verdict {
    let mut verdict = empty(Call::ConditionalGo, "production", score("3199/3750", "85.31%", "85.31/100"));
    let gate = StageResult { gate: true, ..stage("pre-gate", "Secret verification", StageState::Passed) };
    let verify = StageResult {
        needs: vec!["pre-gate".into()],
        ..stage("verify", "Behaviour of the running system", StageState::NotPassed)
    };
    let later = StageResult {
        required: false,
        needs: vec!["verify".into()],
        ..stage("later", "After launch", StageState::NotPassed)
    };
    verdict.stages = vec![gate, verify, later];
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
        CategoryScore {
            floor: Some(percent("70%")),
            uncapped: Some(score("7/8", "87.5%", "3.5/4")),
            ..category(
                "runtime",
                "Does it start, answer and stop as it should?",
                70,
                score("79/100", "79%", "3.16/4"),
            )
        },
    ];
    verdict.results = results();
    verdict.findings = findings(&verdict.results);
    verdict.actions = vec![
        action(1, &verdict.findings[0], &[]),
        Action {
            severity: None,
            effort: None,
            run: Some("gonogo run --only backup-restored".into()),
            text: "Look again: the evidence of backup-restored is too old".into(),
            proven_by: vec!["backup-restored".into()],
            ..action(2, &verdict.findings[0], &["later"])
        },
    ];
    verdict.schedule = schedule();
    decide(&mut verdict);
    counted(verdict)
}

fn results() -> Vec<CheckResult> {
    let jwt = check(
        ("jwt-secret", "pre-gate", "secrets", 14),
        "The JWT signing secret is strong",
        Status::Pass,
        "All facts hold for 1 item.",
    );
    let rotated = check(
        ("secret-rotation", "pre-gate", "secrets", 20),
        "Every secret was rotated before launch",
        Status::Attested,
        "ana (security) states on 2026-11-01: \"rotated with the vault job\"; holds until 2027-02-01.",
    );
    let health = check(
        ("health", "verify", "runtime", 31),
        "The health route answers",
        Status::Pass,
        "All facts hold for 1 item.",
    );
    let slow = CheckResult {
        severity: Severity::High,
        ..check(
            ("latency", "verify", "runtime", 38),
            "The ninety-fifth percentile stays under the limit",
            Status::Partial,
            "GET /orders: `p95_ms` is 412.5, the partial condition holds.",
        )
    };
    let restarts = CheckResult {
        severity: Severity::Medium,
        accepted: true,
        ..check(
            ("minio-start", "verify", "runtime", 44),
            "Every container has a start period",
            Status::Fail,
            "minio: `start_period_s` is 0.",
        )
    };
    let gpu = check(
        ("gpu-driver", "verify", "runtime", 52),
        "The GPU driver matches the image",
        Status::NotApplicable,
        "This service has no GPU (signed by ben).",
    );
    let backup = CheckResult {
        severity: Severity::Medium,
        ..check(
            ("backup-restored", "later", "runtime", 60),
            "A backup was restored",
            Status::Stale,
            "The evidence is older than 30 days.",
        )
    };
    let mut restarts = looked(restarts, "minio", &[("start_period_s", json!(0))], "start_period_s > 0");
    restarts.items[0].location =
        Some(Location { source: "compose.yaml".into(), line: Some(186), column: Some(5) });
    let mut health = looked(health, "/health", &[("status", json!(200))], "status == 200");
    health.confidence = Some(Confidence { samples: 100, failures: 0, upper_95: Some("2.96%".into()) });
    vec![
        looked(jwt, "JWT_SECRET", &[("decoded_bytes", json!(48))], "decoded_bytes >= 48"),
        rotated,
        health,
        looked(slow, "GET /orders", &[("p95_ms", json!(412.5))], "p95_ms <= 300 || p95_ms <= 500"),
        restarts,
        gpu,
        backup,
    ]
}

fn findings(results: &[CheckResult]) -> Vec<Finding> {
    let slow = finding(
        &results[3],
        "`p95_ms` is 412.5 for GET /orders, the limit is 300.",
        fix("Add the missing index on orders (tenant_id, created_at)", None, Some("3h..1d"), "backend team"),
    );
    let start = finding(
        &results[4],
        "`start_period_s` is 0, so the container is marked unhealthy while it starts.",
        fix("Add start_period: 30s to the health check", None, Some("10m"), "platform"),
    );
    vec![Finding { impact: Some("Lists of orders feel slow to large tenants.".into()), ..slow }, start]
}

fn decide(verdict: &mut Verdict) {
    verdict.acceptances = vec![
        AcceptanceState {
            finding: "runtime/minio-start/minio".into(),
            reason: "Restarts were watched for a week; the window is under a minute.".into(),
            owner: "ana".into(),
            approved_by: "ben".into(),
            expires: "2027-01-31".parse().unwrap(),
            monitor: Some("health".into()),
            state: AcceptanceUse::InUse,
            origin: origin(80),
        },
        AcceptanceState {
            finding: "runtime/old/gone".into(),
            reason: "Was fixed since.".into(),
            owner: "ana".into(),
            approved_by: "ben".into(),
            expires: "2027-01-31".parse().unwrap(),
            monitor: None,
            state: AcceptanceUse::Unused,
            origin: origin(88),
        },
    ];
    verdict.conditions = vec![ConditionState {
        id: "index-orders".into(),
        text: "Bring the order list under its limit".into(),
        owner: "backend team".into(),
        due: "2026-11-20".parse().unwrap(),
        check: "latency".into(),
        overdue_action: Some("switch the order list off".into()),
        state: ConditionProgress::Open,
        origin: origin(95),
    }];
    let reason = |rule, text: &str, check: &str| Reason {
        rule,
        text: text.into(),
        checks: vec![check.into()],
        entries: vec![],
    };
    verdict.reasons = vec![
        reason(
            Rule::AcceptanceInUse,
            "The risk of runtime/minio-start/minio is accepted by ana until 2027-01-31.",
            "minio-start",
        ),
        reason(Rule::ConditionOpen, "The condition index-orders is open, due 2026-11-20.", "latency"),
        reason(Rule::PartlyProven, "secret-rotation is ATTESTED, not measured.", "secret-rotation"),
        reason(Rule::UnderGo, "The score 85.31% is under 90%.", "latency"),
    ];
}

/// One fix before launch, whose longest way is another at the least, and one after it.
fn schedule() -> Schedule {
    let fix = ScheduledTask {
        owner: Some("platform".into()),
        slack: ends("1h", "0m"),
        saves: ends("0m", "4h"),
        ..task("fix/1", "Add the missing headers", ["3h..1d", "0m", "3h..1d"], &[])
    };
    let other = ScheduledTask {
        slack: ends("0m", "4h"),
        saves: ends("1h", "0m"),
        ..task("fix/3", "Tell the on-call team", ["4h", "0m", "4h"], &[])
    };
    let later = ScheduledTask {
        due: Some("2026-12-01".parse().unwrap()),
        after_launch: true,
        slack: None,
        saves: None,
        ..task("fix/2", "Move the secrets", ["", "4h..1d", "4h..1d"], &[])
    };
    Schedule {
        tasks: vec![fix, other, later],
        effort: effort("7h..1d4h"),
        serial: effort("7h..1d4h"),
        parallel: effort("4h..1d"),
        floor: effort("4h..1d"),
        total: effort("4h..1d"),
        critical: Ends { at_least: vec!["fix/3".into()], at_most: vec!["fix/1".into()] },
        owners: vec![
            OwnerLoad { owner: Some("platform".into()), work: work(1, "3h..1d", 0) },
            OwnerLoad { owner: None, work: work(1, "4h", 0) },
        ],
        unblocks_most: vec!["fix/1".into()],
        later: work(1, "0m", 1),
        ..Schedule::default()
    }
}
