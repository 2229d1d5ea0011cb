//! A look at what surrounds every answer: headers, pages of other origins, health, metrics, the log.

use serde_json::{Value, json};

use crate::chats::People;
use crate::world::{PASSWORD, Reply, Seen, World};

const HEADERS: [&str; 6] = [
    "content-security-policy",
    "permissions-policy",
    "x-content-type-options",
    "x-frame-options",
    "referrer-policy",
    "strict-transport-security",
];

pub(crate) async fn look(world: &World, people: &People, seen: &mut Seen) {
    let token = Some(people.ana.token.as_str());
    let (good, error) = (world.get("/me", token).await, world.get("/me", None).await);
    let headers = |reply: &Reply| {
        let has = |name: &&str| !reply.header(name).is_empty();
        HEADERS.into_iter().filter(has).map(|name| &name[..2]).collect::<Vec<_>>().join(" ")
    };
    seen.note("headers", headers(&good));
    seen.note("headers of an error", headers(&error));
    seen.note("headers of nothing", headers(&world.get("/nowhere", None).await));
    seen.note("camera", good.header("permissions-policy").contains("camera=(self)"));
    seen.note("sockets", good.header("content-security-policy").contains("wss:"));
    let trace = good.header("x-trace-id");
    seen.note("trace", trace.len());
    origins(world, seen).await;
    health(world, seen).await;
    let metrics = world.get("/metrics", None).await;
    seen.note("metrics", metrics.status);
    seen.note("families", families(&metrics.body));
    let raw = metrics.body.contains(&format!("route=\"/presence/{}\"", people.ben.id));
    seen.note("raw paths", raw);
    let debug = world.answer(world.request("GET", "/debug/config", None)).await;
    seen.note("debug", debug.status);
    log(world, people, &trace, seen);
    let wrong = world.wrong.lock().unwrap().join("; ");
    seen.note("against the document", wrong);
}

async fn origins(world: &World, seen: &mut Seen) {
    let from = async |origin: &str| {
        let reply = world.answer(world.request("GET", "/me", None).header("origin", origin)).await;
        reply.header("access-control-allow-origin")
    };
    seen.note("own origin", from("https://app.secureconnect.test").await);
    seen.note("foreign origin", from("https://evil.test").await);
}

async fn health(world: &World, seen: &mut Seen) {
    seen.note("health", world.get("/health", None).await.text("status"));
    seen.note("ready", world.get("/ready", None).await.status);
    let mut all = Vec::new();
    for (service, url) in world.running.services() {
        let health = world.answer(world.request("GET", &format!("{url}/health"), None)).await;
        let names = health.json()["dependencies"].as_object().cloned().unwrap_or_default();
        all.push(format!("{service}: {}", names.keys().cloned().collect::<Vec<_>>().join(" ")));
    }
    seen.note("dependencies", all.join("; "));
    let health = world.get("/health", None).await.body;
    seen.note("addresses in health", health.contains(&world.running.environment()["DATABASE_URL"]));
}

/// Those that the alert rules lean on and that are there.
fn families(metrics: &str) -> String {
    let names = [
        "http_requests_total{",
        "http_request_duration_seconds_bucket{",
        "request_timeout",
        "proxy_timeout",
        "db_query_timeout",
        "circuit_breaker_open{name=\"database\"}",
        "redis_degraded_mode",
        "poll_votes_total",
        "ai_requests_total",
    ];
    let has = |name: &&str| {
        metrics.lines().any(|line| line.starts_with(*name) || line.starts_with(&format!("# TYPE {name}")))
    };
    let short = |name: &str| name.split(['{', '_']).next().unwrap_or_default().to_owned();
    names.into_iter().filter(has).map(short).collect::<Vec<_>>().join(" ")
}

fn log(world: &World, people: &People, trace: &str, seen: &mut Seen) {
    let log = world.running.log().unwrap();
    seen.note("log", !log.is_empty());
    let json = log.lines().all(|line| serde_json::from_str::<Value>(line).is_ok());
    seen.note("log of JSON", json);
    seen.note("trace in the log", log.contains(trace));
    seen.note("token in the log", log.contains(&people.ana.token));
    seen.note("address in the log", log.contains(&people.ana.email));
    seen.note("password in the log", log.contains(PASSWORD));
    let secrets = ["JWT_SECRET", "OBJECTS_SECRET", "TURN_SECRET", "DATABASE_URL"];
    let leaked = secrets.iter().any(|name| log.contains(&world.running.environment()[*name]));
    seen.note("secrets in the log", leaked);
    let lost = json!(people.ben.id).as_str().is_some_and(|id| log.contains(id));
    seen.note("addresses asked for in the log", lost);
}
