//! NO-GO: two secrets are missing at the gate, and eight stages wait behind it.

use gonogo_model::fact::Location;
use gonogo_model::status::Status;
use gonogo_model::verdict::*;
use serde_json::json;

use crate::fixture::*;

const HELD: [(&str, &str, &str); 8] = [
    ("pool", "Pool configuration", "The pool fits the database"),
    ("security", "Security hardening", "Every response carries the security headers"),
    ("contract", "Contract validation", "The API answers as its contract says"),
    ("observability", "Observability", "Metrics, logs and alerts tell the truth"),
    ("performance", "Performance", "It keeps its latency under the launch load"),
    ("migration", "Database migration", "Every migration runs forward and back"),
    ("supply-chain", "Supply chain", "No dependency has a known hole"),
    ("parity", "Dev and prod parity", "Staging and production run the same settings"),
];

pub(crate) fn verdict() -> Verdict {
    let mut verdict = empty(Call::NoGo, "staging", score("3/20", "15%", "15/100"));
    verdict.stages = stages();
    verdict.categories = vec![
        CategoryScore {
            floor: Some(percent("100%")),
            floor_met: false,
            ..category(
                "secrets",
                "Is every secret present, strong and loaded?",
                30,
                score("1/2", "50%", "2/4"),
            )
        },
        category("runtime", "Does it start, answer and stop as it should?", 70, score("0", "0%", "0/8")),
    ];
    verdict.results = gate();
    verdict.results.extend(HELD.iter().zip(40..).map(|((stage, _, title), line)| {
        let id = format!("{stage}-holds");
        check(
            (&id, stage, "runtime", line),
            title,
            Status::Blocked,
            "The gate `pre-gate` did not pass, so it was not started.",
        )
    }));
    verdict.findings = findings(&verdict.results);
    let unblocks: Vec<&str> = HELD.iter().map(|held| held.0).collect();
    verdict.actions = verdict
        .findings
        .iter()
        .zip(1..)
        .map(|(finding, number)| action(number, finding, &unblocks))
        .collect();
    verdict.actions.push(Action {
        text: "Run the assessment again: 8 checks in 8 stages have not been looked at".into(),
        run: None,
        owner: None,
        effort: None,
        severity: None,
        proven_by: verdict.results.iter().skip(4).map(|result| result.check.clone()).collect(),
        ..action(3, &verdict.findings[0], &[])
    });
    verdict.reasons = reasons();
    verdict.schedule = schedule();
    counted(verdict)
}

fn stages() -> Vec<StageResult> {
    let gate = StageResult { gate: true, ..stage("pre-gate", "Secret verification", StageState::NotPassed) };
    let held = HELD.iter().map(|(id, title, _)| StageResult {
        needs: vec!["pre-gate".into()],
        blocked_by: vec!["pre-gate".into()],
        ..stage(id, title, StageState::Blocked)
    });
    std::iter::once(gate).chain(held).collect()
}

fn gate() -> Vec<CheckResult> {
    let jwt = check(
        ("jwt-secret", "pre-gate", "secrets", 14),
        "The JWT signing secret is present and strong",
        Status::Fail,
        "JWT_SECRET: `present` is false.",
    );
    let pool = check(
        ("pool-size", "pre-gate", "secrets", 22),
        "The connection pool has a size",
        Status::Fail,
        "CONNECTION_POOL_SIZE: `present` is false.",
    );
    let limit = check(
        ("database-limit", "pre-gate", "secrets", 29),
        "The database allows enough connections",
        Status::Pass,
        "All facts hold for 1 item.",
    );
    let sum = check(
        ("pool-arithmetic", "pre-gate", "secrets", 34),
        "All instances together fit the database",
        Status::Pass,
        "All facts hold for 1 item.",
    );
    let mut pool =
        looked(pool, "CONNECTION_POOL_SIZE", &[("present", json!(false))], "present && value >= 1");
    pool.items[0].location =
        Some(Location { source: "deploy/staging.env".into(), line: Some(7), column: None });
    vec![
        looked(
            jwt,
            "JWT_SECRET",
            &[("decoded_bytes", json!(0)), ("placeholder", json!(false)), ("present", json!(false))],
            "present && decoded_bytes >= 48 && !placeholder",
        ),
        pool,
        looked(limit, "max_connections", &[("value", json!(450))], "value >= 100"),
        looked(
            sum,
            "fleet",
            &[("instances", json!(2)), ("recommended", json!(20))],
            "instances * recommended <= 450",
        ),
    ]
}

fn findings(results: &[CheckResult]) -> Vec<Finding> {
    let jwt = Finding {
        impact: Some("Anybody can forge a session token.".into()),
        ..finding(
            &results[0],
            "JWT_SECRET is not set in the environment of the process (`present` is false).",
            fix(
                "Generate a secret of at least 48 bytes and add it to the secret store",
                Some("openssl rand -base64 48 | tr -d '\\n'"),
                Some("2m..3m"),
                "platform",
            ),
        )
    };
    let pool = Finding {
        impact: Some("Under load the service waits for connections that never come free.".into()),
        ..finding(
            &results[1],
            "CONNECTION_POOL_SIZE is not set; the recommended size for 450 connections is 20.",
            fix("Set CONNECTION_POOL_SIZE to 20 and restart the backend", None, Some("1m..2m"), "platform"),
        )
    };
    vec![jwt, pool]
}

fn reasons() -> Vec<Reason> {
    let two = || vec!["jwt-secret".to_owned(), "pool-size".to_owned()];
    let reason = |rule, text: &str, checks| Reason { rule, text: text.into(), checks, entries: vec![] };
    let held = HELD.iter().map(|held| format!("{}-holds", held.0)).collect();
    vec![
        reason(
            Rule::GateFailed,
            "The gate `pre-gate` did not pass: jwt-secret and pool-size are FAIL.",
            two(),
        ),
        reason(Rule::BlockerOpen, "2 blockers are open: jwt-secret, pool-size.", two()),
        reason(Rule::RequiredUnproven, "8 checks of required stages are BLOCKED.", held),
        reason(Rule::UnderFloor, "Category `secrets` is at 50%, under its floor of 100%.", two()),
        reason(Rule::UnderConditional, "The score 15% is under 75%.", two()),
    ]
}

fn schedule() -> Schedule {
    let share = |samples, percent: &str| Some(Share { samples, percent: percent.into() });
    let held = Reach { checks: 8, stages: 9, entries: 0 };
    let fix = |number, title: &str, times| ScheduledTask {
        owner: Some("platform".into()),
        holds: Some(held),
        criticality: share(1000, "100%"),
        ..task(&format!("fix/{number}"), title, times, &[])
    };
    let jwt = ScheduledTask {
        saves: ends("2m", "3m"),
        ..fix(
            1,
            "Generate a secret of at least 48 bytes and add it to the secret store",
            ["2m..3m", "0m", "2m..3m"],
        )
    };
    let pool = ScheduledTask {
        saves: ends("1m", "2m"),
        after: Some("fix/1".into()),
        ..fix(2, "Set CONNECTION_POOL_SIZE to 20 and restart the backend", ["1m..2m", "2m..3m", "3m..5m"])
    };
    let gate = ScheduledTask {
        frees: Reach { stages: 8, ..held },
        holds: Some(Reach { stages: 8, ..held }),
        saves: ends("1m", "1m"),
        criticality: share(1000, "100%"),
        ..task("stage/pre-gate", "Secret verification", ["1m", "3m..5m", "4m..6m"], &["fix/1", "fix/2"])
    };
    let stage = |(id, title, _): &(&str, &str, &str)| {
        let (times, slack, samples) = match *id {
            "performance" => (["30m..45m", "4m..6m", "34m..51m"], ends("0m", "0m"), 1000),
            _ => (["", "4m..6m", "4m..6m"], ends("30m", "45m"), 0),
        };
        let percent = if samples == 0 { "0%" } else { "100%" };
        let id = format!("stage/{id}");
        let criticality = share(samples, percent);
        ScheduledTask { slack, criticality, ..task(&id, title, times, &["stage/pre-gate"]) }
    };
    let way = ["fix/1", "fix/2", "stage/pre-gate", "stage/performance"].map(str::to_owned).to_vec();
    Schedule {
        tasks: [jwt, pool, gate].into_iter().chain(HELD.iter().map(stage)).collect(),
        effort: effort("3m..5m"),
        serial: effort("34m..51m"),
        parallel: effort("33m..49m"),
        floor: effort("34m..51m"),
        total: effort("34m..51m"),
        without_estimate: 7,
        critical: Ends { at_least: way.clone(), at_most: way },
        also_critical: Ends::default(),
        owners: vec![OwnerLoad { owner: Some("platform".into()), work: work(2, "3m..5m", 0) }],
        unblocks_most: vec!["fix/1".into(), "fix/2".into()],
        simulation: Some(Simulation {
            seed: "d4f02eaafd1a9e9d".into(),
            samples: 1000,
            p50: "43m".parse().unwrap(),
            p90: "47m".parse().unwrap(),
        }),
        later: WorkSum::default(),
        unproven: work(8, "2h..1d4h", 3),
        ..Schedule::default()
    }
}
