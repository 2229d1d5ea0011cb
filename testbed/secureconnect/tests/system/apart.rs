//! The services in processes of their own, behind a gateway: they share what was logged out, and one
//! that hangs holds nobody up. Skipped without Redis.

use std::collections::BTreeMap;
use std::path::Path;
use std::time::{Duration, Instant};

use serde_json::{Value, json};
use testbed_servers::{Redis, Service, ServiceOptions};

use crate::sinks::Mails;
use crate::world::{PASSWORD, PROGRAM, World};

/// Starts one service.
fn start(name: &'static str, fault: Option<&str>, environment: &BTreeMap<String, String>) -> Service {
    let mut arguments = vec!["--service".to_owned(), name.to_owned()];
    arguments.extend(fault.into_iter().flat_map(|fault| ["--fault".to_owned(), fault.to_owned()]));
    let program = Path::new(PROGRAM);
    let options = ServiceOptions { name, program, arguments, environment, limit: Duration::from_secs(30) };
    Service::start(&options, Service::folder(name).unwrap()).unwrap()
}

async fn environment(redis: &Redis, folder: &Path) -> (Mails, BTreeMap<String, String>) {
    let (mails, smtp) = Mails::start().await;
    let path = |name: &str| folder.join(name).display().to_string();
    let pairs = [
        ("DATABASE_URL", format!("sqlite://{}", path("rows.db"))),
        ("REDIS_URL", redis.url()),
        ("OBJECTS_DIR", path("objects")),
        ("OBJECTS_SECRET", "objects of a test".to_owned()),
        ("JWT_SECRET", "tokens of a test".to_owned()),
        ("TURN_SECRET", "turn of a test".to_owned()),
        ("SMTP_URL", smtp),
        ("PROXY_TIMEOUT_MS", "700".to_owned()),
    ];
    (mails, pairs.into_iter().map(|(name, value)| (name.to_owned(), value)).collect())
}

#[tokio::test(flavor = "multi_thread")]
async fn the_services_work_apart_and_one_that_hangs_holds_nobody_up() {
    if Redis::find().is_none() {
        return;
    }
    let _ = rustls::crypto::aws_lc_rs::default_provider().install_default();
    let (redis, folder) = (Redis::start().unwrap(), tempfile::tempdir().unwrap());
    let (mails, mut environment) = environment(&redis, folder.path()).await;
    let services = ["auth", "chat", "storage"].map(|name| (name, start(name, None, &environment)));
    for (name, service) in &services {
        environment.insert(format!("{}_URL", name.to_uppercase()), service.base_url().to_owned());
    }
    // It takes connections and never says a word.
    let silent = std::net::TcpListener::bind("127.0.0.1:0").unwrap();
    environment.insert("CALL_URL".to_owned(), format!("http://{}", silent.local_addr().unwrap()));

    let gateway = start("gateway", None, &environment);
    let http = reqwest::Client::builder().no_proxy().timeout(Duration::from_secs(3)).build().unwrap();
    let url = |path: &str| format!("{}{path}", gateway.base_url());
    let account = json!({ "email": "ana@example.test", "password": PASSWORD, "name": "Ana" });
    let made = http.post(url("/auth/register")).json(&account).send().await.unwrap();
    assert_eq!(made.status(), 201);
    let link = format!("/auth/verify?token={}", mails.token("ana@example.test").unwrap());
    assert_eq!(http.get(url(&link)).send().await.unwrap().status(), 200);
    let login: Value =
        http.post(url("/auth/login")).json(&account).send().await.unwrap().json().await.unwrap();
    let token = login["access_token"].as_str().unwrap();
    let status =
        async |path: &str| http.get(url(path)).bearer_auth(token).send().await.unwrap().status().as_u16();
    assert_eq!(
        (status("/conversations").await, status("/quota").await, status("/nowhere").await),
        (200, 200, 404)
    );

    let asked = Instant::now();
    assert_eq!(status("/turn").await, 504);
    assert!(asked.elapsed() < Duration::from_secs(2));
    let patient = start("gateway", Some("no-proxy-timeout"), &environment);
    let hangs = http.get(format!("{}/turn", patient.base_url())).bearer_auth(token).send().await;
    assert!(hangs.unwrap_err().is_timeout());

    let out = http.post(url("/auth/logout")).bearer_auth(token).send().await.unwrap();
    assert_eq!(out.status(), 204);
    assert_eq!((status("/me").await, status("/conversations").await), (401, 401));
    let [(_, auth), ..] = services;
    auth.stop().unwrap();
    assert_eq!(status("/me").await, 502);
}

/// The whole of it as it is launched, each service under its supervisor. Skipped without Redis.
#[tokio::test(flavor = "multi_thread")]
async fn a_service_that_is_killed_comes_back_at_its_place_and_files_are_in_the_store() {
    if Redis::find().is_none() {
        return;
    }
    let world = World::apart(&[]).await;
    let ana = world.person("ana").await;
    let token = Some(ana.token.as_str());
    let new = json!({ "name": "a.txt", "type": "text/plain", "size": 2 });
    let new = world.post("/files", token, new).await;
    let file = format!("/files/{}", new.text("id"));
    assert_eq!(world.send("POST", &format!("{file}/complete"), token, None).await.status, 409);
    world.answer(world.request("PUT", &new.text("upload_url"), None).body("hi")).await;
    assert_eq!(world.send("POST", &format!("{file}/complete"), token, None).await.status, 200);
    let stored = || std::fs::read_dir(world.running.objects()).is_ok();
    assert!(!stored(), "the file is in a folder and not in the store");

    let pid_file = &world.running.environment()["SECURECONNECT_STORAGE_PIDFILE"];
    for _ in 0..2 {
        let before = std::fs::read_to_string(pid_file).unwrap();
        let killed = std::process::Command::new("kill").args(["-KILL", before.trim()]).status();
        assert!(killed.unwrap().success());
        let until = Instant::now() + Duration::from_secs(60);
        let health = format!("{}/health", world.running.services()["storage"]);
        while std::fs::read_to_string(pid_file).unwrap() == before
            || world.answer(world.request("GET", &health, None)).await.status != 200
        {
            assert!(Instant::now() < until, "it did not come back");
            tokio::time::sleep(Duration::from_millis(10)).await;
        }
        let url = world.get(&file, token).await.text("download_url");
        assert_eq!(world.get(&url, None).await.body, "hi");
    }
    assert_eq!(world.send("DELETE", &file, token, None).await.status, 204);
    let log = world.running.log().unwrap();
    assert!(log.contains("\"listener\":\"gateway\"") && log.matches("\"listener\":\"storage\"").count() == 3);
    world.end().await;
}

/// A store and a cache that hiccup, and the faults that do not bear it. Skipped without Redis.
#[tokio::test(flavor = "multi_thread")]
async fn one_failure_of_store_or_cache_is_borne() {
    if Redis::find().is_none() {
        return;
    }
    for (faults, download, degraded) in
        [(&[][..], 200, false), (&["no-object-retry"], 503, false), (&["no-redis-retry"], 200, true)]
    {
        let world = World::apart(faults).await;
        let ana = world.person("ana").await;
        let token = Some(ana.token.as_str());
        let new = json!({ "name": "a.txt", "type": "text/plain", "size": 2 });
        let new = world.post("/files", token, new).await;
        world.answer(world.request("PUT", &new.text("upload_url"), None).body("hi")).await;
        let file = format!("/files/{}", new.text("id"));
        world.send("POST", &format!("{file}/complete"), token, None).await;
        let url = world.get(&file, token).await.text("download_url");
        let cut = async |proxy: &str, text: &str| {
            let at = &world.running.environment()[proxy];
            world.answer(world.request("POST", &format!("{at}/cut?text={text}"), None)).await.status
        };
        assert_eq!(cut("SECURECONNECT_OBJECTS_PROXY", "X-Amz-Signature").await, 200);
        assert_eq!(world.get(&url, None).await.status, download, "{faults:?}");
        assert_eq!(cut("SECURECONNECT_CACHE_PROXY", &format!("presence:{}", ana.id)).await, 200);
        let presence = world.get(&format!("/presence/{}", ana.id), token).await.json();
        assert_eq!(presence["degraded"], degraded, "{faults:?}");
        world.end().await;
    }
}
