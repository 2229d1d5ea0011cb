//! What happens when something is down, hangs or is too much, and what each fault changes about it.

use std::time::{Duration, Instant};

use serde_json::json;

use crate::world::{PASSWORD, Person, World};

/// Short windows and small amounts.
const LIMITED: [(&str, &str); 3] = [("RATE_ADDRESS", "60"), ("RATE_USER", "20"), ("RATE_WINDOW_S", "3")];

/// How many of so many requests are refused, and what the last refusal says of coming back.
async fn refused(world: &World, count: usize, token: Option<&str>, header: bool) -> (usize, String) {
    let mut asked = tokio::task::JoinSet::new();
    for number in 0..count {
        let mut request = world.request("GET", "/me", token);
        if header {
            request = request.header("x-forwarded-for", format!("10.0.0.{number}"));
        }
        // At once, so that all fall into one window.
        asked.spawn(request.send());
    }
    let answers = asked.join_all().await.into_iter().map(Result::unwrap);
    let refusals: Vec<_> = answers.filter(|answer| answer.status() == 429).collect();
    let after = refusals.first().and_then(|answer| answer.headers().get("retry-after"));
    (refusals.len(), after.map_or("", |value| value.to_str().unwrap()).to_owned())
}

async fn wait_for_a_fresh_window() {
    tokio::time::sleep(Duration::from_millis(3100)).await;
}

#[tokio::test(flavor = "multi_thread")]
async fn users_and_addresses_are_limited_until_the_window_is_over() {
    for fault in
        [None, Some("rate-limit-not-per-user"), Some("rate-limit-never-resets"), Some("rate-limit-off")]
    {
        let world = World::small(fault.as_slice(), &LIMITED).await;
        let ana = world.person("ana").await;
        wait_for_a_fresh_window().await;
        let (of_user, after) = refused(&world, 25, Some(&ana.token), false).await;
        let (of_address, _) = refused(&world, 45, None, false).await;
        wait_for_a_fresh_window().await;
        let (again, _) = refused(&world, 1, Some(&ana.token), false).await;
        let seen = (of_user > 0, of_address > 0, again > 0);
        let expected = match fault {
            None => (true, true, false),
            Some("rate-limit-not-per-user") => (false, true, false),
            Some("rate-limit-never-resets") => (true, true, true),
            _ => (false, false, false),
        };
        assert_eq!(seen, expected, "{fault:?}");
        assert_eq!(after, if seen.0 { "3" } else { "" }, "{fault:?}");
        world.end().await;
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn what_a_header_says_changes_no_limit() {
    for (fault, limited) in [(None, true), (Some("forwarded-for-trusted"), false)] {
        let world = World::small(fault.as_slice(), &LIMITED).await;
        assert_eq!(refused(&world, 70, None, true).await.0 > 0, limited, "{fault:?}");
        world.end().await;
    }
    let silent = World::small(&["rate-limit-no-retry-after"], &LIMITED).await;
    let (count, after) = refused(&silent, 70, None, false).await;
    assert!(count > 0 && after.is_empty());
}

#[tokio::test(flavor = "multi_thread")]
async fn a_model_that_fails_is_left_alone_and_one_that_hangs_is_not_waited_for() {
    let world = World::small(&[], &[]).await;
    let ana = world.person("ana").await;
    let ask = async || world.post("/ai/answers", Some(&ana.token), json!({ "prompt": "x" })).await.status;
    world.model.answers(0);
    let start = Instant::now();
    assert_eq!(ask().await, 504);
    assert!(start.elapsed() < Duration::from_millis(3500));
    world.model.answers(500);
    assert_eq!((ask().await, ask().await), (502, 502));
    assert_eq!(ask().await, 503, "it is left alone");
    assert_eq!(
        (world.metric("circuit_breaker_open{name=\"ai\"}").await.as_str(), world.model.posted().len()),
        ("1", 3)
    );
    world.model.answers(200);
    tokio::time::sleep(Duration::from_millis(2100)).await;
    assert_eq!(ask().await, 200);
    assert_eq!(world.metric("circuit_breaker_open{name=\"ai\"}").await, "0");
    world.end().await;

    let stubborn = World::small(&["no-ai-breaker"], &[]).await;
    let ana = stubborn.person("ana").await;
    stubborn.model.answers(500);
    for _ in 0..5 {
        let asked = stubborn.post("/ai/answers", Some(&ana.token), json!({ "prompt": "x" })).await;
        assert_eq!(asked.status, 502);
    }
    assert_eq!(stubborn.model.posted().len(), 5);
    stubborn.end().await;

    let patient = World::small(&["no-ai-timeout"], &[]).await;
    let ana = patient.person("ana").await;
    patient.model.answers(0);
    let start = Instant::now();
    let asked = patient.post("/ai/answers", Some(&ana.token), json!({ "prompt": "x" })).await;
    assert_eq!(asked.status, 503);
    assert!(start.elapsed() > Duration::from_millis(3500), "the limit of the request");
}

#[tokio::test(flavor = "multi_thread")]
async fn what_must_be_configured_says_that_it_is_not() {
    let world = World::small(&["smtp-unset", "ai-unset"], &[]).await;
    let new = json!({ "email": "ana@example.test", "password": PASSWORD, "name": "Ana" });
    assert_eq!(world.post("/auth/register", None, new).await.status, 503);
    let auth = &world.running.services()["auth"];
    let health = world.answer(world.request("GET", &format!("{auth}/health"), None)).await;
    assert_eq!(health.status, 503);
    assert_eq!(health.json()["dependencies"]["mail"]["status"], "unconfigured");
    let chat = &world.running.services()["chat"];
    let health = world.answer(world.request("GET", &format!("{chat}/health"), None)).await;
    assert_eq!((health.status, health.text("status")), (200, "degraded".to_owned()));
    let swallowed = World::small(&["mail-swallowed"], &[]).await;
    let new = json!({ "email": "ana@example.test", "password": PASSWORD, "name": "Ana" });
    assert_eq!(swallowed.post("/auth/register", None, new).await.status, 201);
    assert!(swallowed.mails.all().is_empty());
}

#[tokio::test(flavor = "multi_thread")]
async fn a_stop_waits_for_what_is_under_way() {
    for (fault, answered) in [(None, true), (Some("no-graceful-shutdown"), false)] {
        let world = World::small(fault.as_slice(), &[]).await;
        let ana = world.person("ana").await;
        world.model.answers(0);
        let request = world.request("POST", "/ai/answers", Some(&ana.token)).json(&json!({ "prompt": "x" }));
        let asked =
            tokio::spawn(async move { request.send().await.map(|answer| answer.status().as_u16()).ok() });
        while world.model.posted().is_empty() {
            tokio::time::sleep(Duration::from_millis(10)).await;
        }
        let World { running, .. } = world;
        let ended = tokio::task::spawn_blocking(move || running.stop().unwrap().unwrap()).await.unwrap();
        assert!(ended.success());
        assert_eq!(asked.await.unwrap().is_some(), answered, "{fault:?}");
    }
}

/// Redis goes and comes back under the running system. Skipped without one.
#[tokio::test(flavor = "multi_thread")]
async fn without_redis_people_go_on_and_presence_says_that_it_is_unknown() {
    for fault in [None, Some("no-redis-fallback"), Some("presence-lies"), Some("presence-not-resynced")] {
        let mut world = World::full(fault.as_slice(), &[]).await;
        if !world.running.environment().contains_key("REDIS_URL") {
            return;
        }
        let (ana, ben) = (world.person("ana").await, world.person("ben").await);
        let (old, _) = world.log_in(&ana.email).await;
        let ears = world.socket("/chat/socket", &ben.token).await;
        world.send("POST", "/auth/logout", Some(&old), None).await;
        world.running.stop_redis().unwrap();
        degraded(&world, "1").await;
        outage(&world, &ana, &ben, &old, fault).await;
        world.running.return_redis().unwrap();
        degraded(&world, "0").await;
        let back = if fault == Some("presence-not-resynced") { "offline" } else { "online" };
        assert_eq!(world.until(&format!("/presence/{}", ben.id), &ana.token, "status", back).await, back);
        ears.close().await;
        world.end().await;
    }
}

async fn degraded(world: &World, value: &str) {
    for _ in 0..200 {
        if world.metric("redis_degraded_mode").await == value {
            return;
        }
        tokio::time::sleep(Duration::from_millis(50)).await;
    }
    panic!("redis_degraded_mode does not become {value}");
}

async fn outage(world: &World, ana: &Person, ben: &Person, old: &str, fault: Option<&str>) {
    let login = json!({ "email": ana.email, "password": PASSWORD });
    let login = world.post("/auth/login", None, login).await.status;
    if fault == Some("no-redis-fallback") {
        assert_eq!((login, world.get("/me", Some(&ana.token)).await.status), (503, 503));
        return;
    }
    assert_eq!((login, world.get("/me", Some(&ana.token)).await.status), (200, 200), "{fault:?}");
    assert_eq!(world.get("/me", Some(old)).await.status, 401, "a token that was logged out stays so");
    let presence = world.get(&format!("/presence/{}", ben.id), Some(&ana.token)).await.json();
    let (status, said) = if fault == Some("presence-lies") { ("offline", false) } else { ("unknown", true) };
    assert_eq!((presence["status"].as_str(), presence["degraded"].as_bool()), (Some(status), Some(said)));
    let health = world.get("/health", None).await;
    assert_eq!((health.status, health.text("status")), (200, "degraded".to_owned()));
}

/// With the faults of the limiter, without Redis.
#[tokio::test(flavor = "multi_thread")]
async fn without_redis_limits_are_kept_in_the_process() {
    for (fault, first, last) in
        [(None, 401, 429), (Some("limiter-fails-open"), 401, 401), (Some("limiter-fails-closed"), 429, 429)]
    {
        let limited = [("RATE_ADDRESS", "30"), ("RATE_WINDOW_S", "30")];
        let mut world = World::full(fault.as_slice(), &limited).await;
        if !world.running.environment().contains_key("REDIS_URL") {
            return;
        }
        world.running.stop_redis().unwrap();
        degraded(&world, "1").await;
        let mut answers = Vec::new();
        for _ in 0..40 {
            answers.push(world.get("/me", None).await.status);
        }
        assert_eq!((answers[0], answers[39]), (first, last), "{fault:?}");
        world.end().await;
    }
}

/// Postgres goes under the running system. Skipped without one.
#[tokio::test(flavor = "multi_thread")]
async fn without_the_database_health_says_so_and_the_breaker_opens() {
    for fault in [None, Some("health-lies"), Some("ready-at-once"), Some("no-database-breaker")] {
        let mut world = World::full(fault.as_slice(), &[]).await;
        let ana = world.person("ana").await;
        if world.running.postgres().is_none() {
            return;
        }
        world.running.stop_postgres().unwrap();
        for _ in 0..4 {
            assert_eq!(world.get("/me", Some(&ana.token)).await.status, 503);
        }
        let open = world.metric("circuit_breaker_open{name=\"database\"}").await;
        let (health, ready) =
            (world.get("/health", None).await.status, world.get("/ready", None).await.status);
        let expected = match fault {
            Some("health-lies") => (200, 200, "1"),
            Some("ready-at-once") => (503, 200, "1"),
            Some("no-database-breaker") => (503, 503, "0"),
            _ => (503, 503, "1"),
        };
        assert_eq!((health, ready, open.as_str()), expected, "{fault:?}");
        world.end().await;
    }
}
