//! The services in processes of their own, behind a gateway: they share what was logged out, and one
//! that hangs holds nobody up. Skipped without Redis.

use std::collections::BTreeMap;
use std::path::Path;
use std::time::{Duration, Instant};

use serde_json::{Value, json};
use testbed_servers::{Redis, Service, ServiceOptions};

use crate::sinks::Mails;
use crate::world::{PASSWORD, PROGRAM};

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
