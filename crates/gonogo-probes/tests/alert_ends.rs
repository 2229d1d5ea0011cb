//! An alert that was posted ends, also when the look that posted it is cut off.
#![expect(clippy::unwrap_used, reason = "a test fails by panicking")]

use std::collections::BTreeMap;
use std::io::Write as _;
use std::sync::Arc;
use std::time::{Duration, Instant};

use gonogo_model::catalog::TargetKind;
use gonogo_probes::{Context, Environment, Reach, Redactor, Target, find};
use serde_json::{Value, json};
use testbed_servers::{Alertmanager, process};
use tokio::io::{AsyncReadExt, AsyncWriteExt};
use tokio::net::TcpStream;

const LIMIT: Duration = Duration::from_secs(20);
const NOBODY: &str = "route: { receiver: nobody }\nreceivers: [{ name: nobody }]\n";

/// The labels of the alerts that fire.
async fn firing(port: u16) -> Vec<Value> {
    let mut stream = TcpStream::connect(("127.0.0.1", port)).await.unwrap();
    let request = "GET /api/v2/alerts HTTP/1.0\r\nHost: 127.0.0.1\r\n\r\n";
    stream.write_all(request.as_bytes()).await.unwrap();
    let mut answer = String::new();
    stream.read_to_string(&mut answer).await.unwrap();
    let (_, body) = answer.split_once("\r\n\r\n").unwrap();
    let alerts: Vec<Value> = serde_json::from_str(body).unwrap();
    alerts.into_iter().map(|alert| alert["labels"].clone()).collect()
}

#[tokio::test(flavor = "multi_thread")]
async fn an_alert_ends_when_its_look_is_cut_off() {
    if Alertmanager::find().is_none() {
        writeln!(std::io::stderr(), "SKIPPED: no Alertmanager on this machine").unwrap();
        return;
    }
    let alertmanager = Alertmanager::start(NOBODY).unwrap();
    let port = alertmanager.port();
    let target = |name: &str, kind, address| Target { name: name.to_owned(), kind, address };
    let sink = format!("http://127.0.0.1:{}", process::free_port().unwrap());
    let context = Context {
        target: Some(target("it", TargetKind::Http, format!("http://127.0.0.1:{port}"))),
        others: BTreeMap::from([("hook".to_owned(), target("hook", TargetKind::Sink, sink))]),
        environment: Environment::default(),
        folder: std::env::temp_dir(),
        reach: Reach::default(),
        secrets: Arc::new(Redactor::default()),
        repositories: Arc::default(),
        sinks: Arc::default(),
        afterwards: Arc::default(),
        live: gonogo_probes::Live::default(),
    };
    let until = Instant::now() + LIMIT;
    let fires = async {
        while firing(port).await.is_empty() {
            assert!(Instant::now() < until, "the alert was not posted");
        }
    };
    let look = find("alerts/delivery").unwrap().look(&context, json!({ "sink": "hook", "within": "60s" }));
    // The look is dropped as soon as its alert fires.
    tokio::select! {
        looked = look => panic!("it did not wait: {looked:?}"),
        () = fires => {}
    }
    context.afterwards.done(LIMIT).await;
    assert_eq!(firing(port).await, Vec::<Value>::new());
}
