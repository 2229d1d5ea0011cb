//! With what each probe that goes over the network is sent to a lure. A probe that is not here fails
//! the test, as does a kind of target that it may look at and is not tried with.

use gonogo_model::catalog::TargetKind;
use serde_json::{Value, json};

use crate::trap::Lure;

/// One probe, one kind of target.
pub(crate) struct Errand {
    pub(crate) probe: &'static str,
    pub(crate) kind: TargetKind,
    /// `LURE` is host and port of the lure.
    pub(crate) address: &'static str,
    pub(crate) params: Value,
    /// Further targets by name. `FREE` is a free port, `CHILD` a process, `FOLDER` holds a `log` and
    /// `api.yaml`, which names servers at the trap.
    pub(crate) others: &'static [(&'static str, TargetKind, &'static str)],
    /// How a lure for this protocol leads away, where that is not HTTP.
    pub(crate) says: Option<Lure>,
}

fn http(probe: &'static str, params: Value) -> Errand {
    let (kind, address) = (TargetKind::Http, "http://LURE");
    Errand { probe, kind, address, params, others: &[], says: None }
}

impl Errand {
    fn with(self, others: &'static [(&'static str, TargetKind, &'static str)]) -> Errand {
        Errand { others, ..self }
    }
}

impl std::fmt::Display for Errand {
    fn fmt(&self, formatter: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        write!(formatter, "{} ({})", self.probe, self.kind.name())
    }
}

/// A NATS that names another one.
const NATS: &str = "INFO {\"server_id\":\"x\",\"version\":\"2.10.0\",\"max_payload\":1048576,\
                    \"connect_urls\":[\"TRAP\"],\"ldm\":true}\r\n";
const DOCUMENT: &[(&str, TargetKind, &str)] = &[("doc", TargetKind::Path, "FOLDER/api.yaml")];
const CHILD: &[(&str, TargetKind, &str)] = &[("leans", TargetKind::Process, "pid:CHILD")];

/// Everybody.
pub(crate) fn all() -> Vec<Errand> {
    let mut all = over_http();
    all.extend(flows());
    for probe in ["net/connect", "tls/certificate", "tls/protocol"] {
        all.extend(of_every_kind(probe));
    }
    let limit = json!({ "timeout": "500ms" });
    let own = ["postgres/settings", "mysql/settings", "redis/settings", "s3/bucket"];
    for probe in own {
        let family = probe.split('/').next().unwrap_or_default();
        all.extend(protocols(probe, &limit).into_iter().filter(|errand| errand.kind.name() == family));
    }
    let pool = json!({ "pool_size": 5, "instances": 1, "timeout": "500ms" });
    let postgres = protocols("postgres/pool", &pool).into_iter();
    all.extend(postgres.filter(|errand| errand.kind == TargetKind::Postgres));
    all
}

fn over_http() -> Vec<Errand> {
    let asked = json!([{ "method": "post", "path": "/login" }, { "path": "//TRAP/" }, { "path": "/@TRAP" }]);
    // The child is killed, and nobody brings it back.
    let restart = json!({ "healthy": "api", "within": "300ms" });
    let shutdown = json!({
        "healthy": "api", "in_flight": { "steps": [{ "get": "/" }] }, "after": "50ms", "grace": "1s", "back": { "within": "300ms" },
    });
    vec![
        http("http/get", json!({ "paths": ["/", "//TRAP/", "/@TRAP"], "follow": true })),
        http("http/headers", json!({ "paths": ["/"], "redirects": ["/old"], "private": ["/me"] })),
        http("http/health", json!({ "lists": ["database"] })),
        http("http/health-truth", json!({ "dependency": "leans", "within": "1s", "recovers_within": "1s" }))
            .with(CHILD),
        http("http/cookies", json!({ "requests": asked })),
        http("http/cors", json!({ "allowed": ["https://app.example"] })),
        http(
            "http/timeouts",
            json!({ "upstream": "leans", "requests": [{ "path": "/" }], "budget": "300ms", "recovers_within": "1s" }),
        )
        .with(CHILD),
        http(
            "http/rate-limit",
            json!({ "request": { "path": "/" }, "most": 20, "users": [{ "X-User": "ana" }, { "X-User": "ben" }], "resets_within": "1s" }),
        ),
        Errand { kind: TargetKind::Process, address: "pid:CHILD", ..http("process/restart", restart) }
            .with(&[("api", TargetKind::Http, "http://LURE")]),
        Errand { kind: TargetKind::Process, address: "pid:CHILD", ..http("process/shutdown", shutdown) }
            .with(&[("api", TargetKind::Http, "http://LURE")]),
        under_load("load/steady", json!({ "rate": "20/s", "for": "1s" })),
        Errand {
            says: Some(Lure::Says(NATS)),
            ..under_load(
                "load/steady",
                json!({
                    "rate": "20/s", "for": "1s",
                    "fleet": "bus", "workers": 1, "fleet_secret": "0123456789abcdef0123456789abcdef", "fleet_wait": "1s",
                }),
            )
            .with(&[("bus", TargetKind::Nats, "nats://app:pw@LURE")])
        },
        under_load(
            "load/spike",
            json!({ "rate": "20/s", "times": 2, "before": "1s", "spike": "1s", "after": "1s", "objective": "p50_ms > 0" }),
        ),
        under_load("load/ramp", json!({ "rates": ["20/s", "30/s"], "each": "1s", "objective": "p50_ms > 0" })),
        under_load(
            "load/capacity",
            json!({ "from": "20/s", "each": "1s", "warm_up": "0s", "rest": "0s", "objective": "p50_ms > 0" }),
        ),
        under_load("load/soak", json!({ "rate": "20/s", "for": "2s", "every": "200ms", "metrics": "api" }))
            .with(&[("api", TargetKind::Http, "http://LURE")]),
        http("metrics/scrape", json!({ "families": ["up"], "stimulus": { "steps": [{ "get": "/" }] } })),
    ]
}

/// Those that do it many times.
fn under_load(probe: &'static str, how: Value) -> Errand {
    let mut params = json!({
        "cap": { "rate": "100/s", "for": "9s" }, "grace": "0s", "generator": { "lag": "1m", "busy": "100%" },
        "tiers": [{
            "identities": { "users": ["ana"], "sign_up": [{ "post": "/login", "body": {}, "capture": { "url": "/url" } }] },
            "steps": [{ "get": "//TRAP/" }, { "get": "/@TRAP" }, { "as": "ana", "get": "{{url}}", "expect": "true" }],
        }],
    });
    let how = how.as_object().cloned().unwrap_or_default();
    params.as_object_mut().into_iter().for_each(|params| params.extend(how.clone()));
    http(probe, params)
}

/// Those that walk: they take what they are given, and would go there.
fn flows() -> Vec<Errand> {
    let ana = json!({
        "users": ["ana"],
        "sign_up": [{ "post": "/login", "body": { "email": "{{email}}" }, "capture": { "token": "/token", "url": "/url" } }],
        "bearer": "{{token}}",
    });
    let mut both = ana.clone();
    both["users"] = json!(["ana", "ben"]);
    let two = json!({ "users": ["ana", "ben"], "sign_up": [{ "post": "/register", "body": {} }] });
    let away = json!([{ "as": "ana", "get": "{{url}}" }]);
    let walk = json!({ "identities": ana, "steps": away, "cleanup": away });
    let with = |more: Value| -> Value {
        let mut all = walk.clone();
        let entries = more.as_object().cloned().unwrap_or_default();
        all.as_object_mut().into_iter().for_each(|all| all.extend(entries.clone()));
        all
    };
    let asks = with(json!({ "document": "doc", "as": "ana" }));
    let log = json!({ "to": "api", "stimulus": { "identities": ana, "steps": away }, "within": "300ms" });
    let query = "SELECT 'x' WHERE $1 = ''";
    vec![
        http("flow/journey", walk.clone()),
        http(
            "flow/outage",
            json!({ "identities": ana, "dependency": "leans", "before": away, "during": away, "after": away, "cleanup": away }),
        )
        .with(CHILD),
        http("auth/jwt", json!({ "identities": ana, "opens": "/me", "jwks_path": "/keys" })),
        http("auth/lockout", json!({ "identities": two, "login": "/login", "attempts": 2 })),
        http("auth/password-hash", json!({ "database": "db", "identities": two, "query": query }))
            .with(&[("db", TargetKind::Postgres, "postgres://app:pw@LURE/app")]),
        http(
            "auth/matrix",
            with(json!({ "document": "doc", "identities": both, "owner": "ana", "actors": ["ben"] })),
        )
        .with(DOCUMENT),
        http("contract/openapi", asks.clone()).with(DOCUMENT),
        http("inject/input", asks).with(DOCUMENT),
        http("alerts/delivery", json!({ "sink": "pager", "within": "300ms", "timeout": "500ms" }))
            .with(&[("pager", TargetKind::Sink, "http://127.0.0.1:FREE")]),
        Errand { kind: TargetKind::Path, address: "FOLDER/log", ..http("logs/structured", log) }
            .with(&[("api", TargetKind::Http, "http://LURE")]),
        http("mail/delivery", json!({ "sink": "mail", "which": "true", "steps": [{ "get": "/" }], "within": "300ms", "after": "50ms" }))
            .with(&[("mail", TargetKind::Sink, "smtp://127.0.0.1:FREE")]),
        http("push/delivery", json!({ "sink": "push", "which": "true", "steps": [{ "get": "/" }], "within": "300ms", "after": "50ms" }))
            .with(&[("push", TargetKind::Sink, "http://127.0.0.1:FREE")]),
    ]
}

fn of_every_kind(probe: &'static str) -> Vec<Errand> {
    let limit = json!({ "timeout": "500ms" });
    let takes = |kind: TargetKind| {
        let info = gonogo_probes::find(probe).map(|probe| probe.info.target);
        info.is_some_and(|need| crate::kinds(need).contains(&kind))
    };
    let mut all = protocols(probe, &limit);
    all.push(http(probe, limit));
    all.retain(|errand| takes(errand.kind));
    all
}

/// Protocols have ways of their own to send somebody elsewhere.
fn protocols(probe: &'static str, params: &Value) -> Vec<Errand> {
    let smtp = "220 lure ESMTP\r\n251 user not local; will forward to <a@TRAP>\r\n221 go to TRAP\r\n";
    let table = [
        (TargetKind::Postgres, "postgres://app:pw@LURE/app", Some(Lure::Says("N"))),
        (TargetKind::Mysql, "mysql://app:pw@LURE/app", Some(Lure::Says("\u{1}\0\0\0\u{a}TRAP\0"))),
        (TargetKind::Redis, "redis://:pw@LURE", Some(Lure::Says("-MOVED 3999 TRAP\r\n"))),
        (TargetKind::Nats, "nats://app:pw@LURE", Some(Lure::Says(NATS))),
        (TargetKind::Amqp, "amqp://app:pw@LURE", Some(Lure::Says("AMQP\0\0\u{9}\u{1}"))),
        (TargetKind::S3, "http://id:key@LURE/files", None),
        (TargetKind::Smtp, "smtp://app:pw@LURE", Some(Lure::Says(smtp))),
        (TargetKind::Turn, "turn:LURE?transport=tcp", Some(Lure::Says("TRAP"))),
        (TargetKind::Tcp, "tcp://LURE", None),
    ];
    let errand =
        |(kind, address, says)| Errand { probe, kind, address, params: params.clone(), others: &[], says };
    table.into_iter().map(errand).collect()
}
