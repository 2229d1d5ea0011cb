//! What happens when something hangs, is lost for a moment, or is read too slowly.

use std::time::{Duration, Instant};

use serde_json::json;
use sqlx::{ConnectOptions, Connection, Executor, Row};

use crate::world::{PASSWORD, World};

/// Somebody holds a lock on the users. Skipped without Postgres.
#[tokio::test(flavor = "multi_thread")]
async fn a_query_that_hangs_ends_at_its_limit() {
    for (faults, status, least_ms, metric) in [
        (&[][..], 503, 1400, "db_query_timeout_total"),
        (&["no-query-timeout"], 503, 3900, "request_timeout_total{service=\"auth\"}"),
        (&["no-query-timeout", "no-request-timeout"], 504, 5900, "proxy_timeout_total"),
    ] {
        let world = World::full(faults, &[]).await;
        let Some(postgres) = world.running.postgres() else { return };
        let ana = world.person("ana").await;
        sqlx::any::install_default_drivers();
        let options: sqlx::any::AnyConnectOptions = postgres.dsn().parse().unwrap();
        let mut connection = options.connect().await.unwrap();
        let mut lock = connection.begin().await.unwrap();
        lock.execute("LOCK TABLE users IN ACCESS EXCLUSIVE MODE").await.unwrap();
        let start = Instant::now();
        let asked = world.get("/me", Some(&ana.token)).await.status;
        let took = start.elapsed();
        lock.rollback().await.unwrap();
        assert_eq!(asked, status, "{faults:?}");
        assert!(took >= Duration::from_millis(least_ms), "{faults:?} {took:?}");
        assert_ne!(world.metric(metric).await, "0", "{faults:?}");
        world.end().await;
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn an_object_store_that_is_lost_is_tried_again_and_then_left_alone() {
    for (fault, moment, open) in
        [(None, 200, "1"), (Some("no-object-retry"), 503, "1"), (Some("no-object-breaker"), 200, "0")]
    {
        let world = World::small(fault.as_slice(), &[]).await;
        let ana = world.person("ana").await;
        let new = json!({ "name": "a.txt", "type": "text/plain", "size": 2 });
        let new = world.post("/files", Some(&ana.token), new).await;
        world.answer(world.request("PUT", &new.text("upload_url"), None).body("hi")).await;
        let file = format!("/files/{}", new.text("id"));
        world.send("POST", &format!("{file}/complete"), Some(&ana.token), None).await;
        let url = world.get(&file, Some(&ana.token)).await.text("download_url");

        let (here, away) = (world.running.objects(), world.running.objects().with_extension("away"));
        std::fs::rename(&here, &away).unwrap();
        let back = async {
            tokio::time::sleep(Duration::from_millis(60)).await;
            std::fs::rename(&away, &here).unwrap();
        };
        let (got, ()) = tokio::join!(world.get(&url, None), back);
        assert_eq!(got.status, moment, "{fault:?}");

        std::fs::rename(&here, &away).unwrap();
        for _ in 0..4 {
            assert_eq!(world.get(&url, None).await.status, 503, "{fault:?}");
        }
        assert_eq!(world.metric("circuit_breaker_open{name=\"objects\"}").await, open, "{fault:?}");
        let storage = &world.running.services()["storage"];
        let health = world.answer(world.request("GET", &format!("{storage}/health"), None)).await;
        assert_eq!(health.json()["dependencies"]["objects"]["status"], "unreachable");
        std::fs::rename(&away, &here).unwrap();
        world.end().await;
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn a_reader_gets_all_that_it_missed_unless_buffers_are_small() {
    for (fault, all) in [(None, true), (Some("small-buffers"), false)] {
        let world = World::small(fault.as_slice(), &[]).await;
        let (ana, ben) = (world.person("ana").await, world.person("ben").await);
        let new = json!({ "members": [ben.id] });
        let chat = world.post("/conversations", Some(&ana.token), new).await.text("id");
        for number in 0..120 {
            let text = json!({ "text": format!("message {number}") });
            world.post(&format!("/conversations/{chat}/messages"), Some(&ana.token), text).await;
        }
        let mut ears = world.socket("/chat/socket", &ben.token).await;
        ears.say(json!({ "type": "resume", "conversation": chat, "after": 0 })).await;
        let mut heard = 0;
        while heard < 120 && ears.next_within("message", Duration::from_secs(1)).await.is_some() {
            heard += 1;
        }
        assert_eq!(heard == 120, all, "{fault:?}: {heard}");
        let dropped = world.metric("websocket_dropped_total{service=\"chat\"}").await;
        assert_eq!(dropped == "none" || dropped == "0", all, "{fault:?}: {dropped}");
        world.end().await;
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn connections_that_leak_are_seen_in_the_pool() {
    for (fault, last) in [(None, 200), (Some("connections-leak"), 503)] {
        let world =
            World::small(fault.as_slice(), &[("DATABASE_POOL", "4"), ("QUERY_TIMEOUT_MS", "700")]).await;
        let ana = world.person("ana").await;
        let mut status = 0;
        for _ in 0..5 {
            status = world.get("/me", Some(&ana.token)).await.status;
        }
        assert_eq!(status, last, "{fault:?}");
        let in_use = world.metric("db_connections_in_use").await;
        assert_eq!(in_use == "4", fault.is_some(), "{fault:?}: {in_use}");
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn hashes_and_secrets_are_as_strong_as_their_rows_and_variables_say() {
    for (fault, cost) in [(None, "m=19456,t=2,p=1"), (Some("weak-hash"), "m=8,t=1,p=1")] {
        let world = World::small(fault.as_slice(), &[]).await;
        let ana = world.person("ana").await;
        sqlx::any::install_default_drivers();
        let url = &world.running.environment()["DATABASE_URL"];
        let mut connection = sqlx::AnyConnection::connect(url).await.unwrap();
        let row = sqlx::query("SELECT password_hash FROM users WHERE id = $1").bind(ana.id.clone());
        let hash: String = row.fetch_one(&mut connection).await.unwrap().get("password_hash");
        assert!(hash.starts_with("$argon2id$v=19$") && hash.contains(cost), "{fault:?}: {hash}");
        let login = json!({ "email": ana.email, "password": PASSWORD });
        assert_eq!(world.post("/auth/login", None, login).await.status, 200);
    }
    let placeholders =
        World::small(&["weak-jwt-secret", "placeholder-turn-secret", "pool-too-small"], &[]).await;
    let environment = placeholders.running.environment();
    assert_eq!(environment["JWT_SECRET"].len(), 6);
    assert_eq!(environment["TURN_SECRET"], "change-me");
    assert_eq!(placeholders.metric("db_connections_max").await, "1");
}

#[tokio::test(flavor = "multi_thread")]
async fn an_error_tells_nothing_of_the_inside() {
    for (fault, tells) in [(None, false), (Some("errors-tell-internals"), true)] {
        let faults: Vec<&str> = fault.into_iter().chain(["sql-injection"]).collect();
        let world = World::small(&faults, &[]).await;
        let ana = world.person("ana").await;
        let error = world.get("/search?q='", Some(&ana.token)).await;
        assert_eq!(error.status, 503);
        assert_eq!(error.text("error").len() > "the database does not answer".len(), tells, "{}", error.body);
    }
}

/// Somebody cuts all connections to Redis once. Skipped without one.
#[tokio::test(flavor = "multi_thread")]
async fn one_lost_connection_to_redis_is_no_outage() {
    for (fault, expected) in [(None, false), (Some("no-redis-retry"), true)] {
        let world = World::full(fault.as_slice(), &[]).await;
        let Some(url) = world.running.environment().get("REDIS_URL") else { return };
        let ana = world.person("ana").await;
        let client = redis::Client::open(url.as_str()).unwrap();
        let mut connection = client.get_multiplexed_async_connection().await.unwrap();
        let kill = redis::cmd("CLIENT").arg("KILL").arg("TYPE").arg("normal").to_owned();
        let killed: i64 = kill.query_async(&mut connection).await.unwrap();
        assert!(killed >= 1);
        for _ in 0..20 {
            assert_eq!(world.get("/me", Some(&ana.token)).await.status, 200);
            tokio::time::sleep(Duration::from_millis(20)).await;
        }
        // The mode may be over before a metric is read.
        let log = world.running.log().unwrap();
        let turned: Vec<&str> = log.lines().filter(|line| line.contains("redis degraded mode")).collect();
        assert_eq!(!turned.is_empty(), expected, "{fault:?} {turned:?}");
        world.end().await;
    }
}
