//! Over TLS and in HTTP/2 to a real nginx. Without nginx on the machine that is left out.

use gonogo_load::measure::{Failure, Part};
use gonogo_load::{Flow, Target, Tls, Trust};
use serde_json::json;
use testbed_servers::{Authority, Leaf, Nginx, NginxOptions};

use super::server::{Server, target};
use super::{ALL, done, flow, open, order, whole};

#[tokio::test(flavor = "multi_thread")]
async fn tls_is_spoken_with_whom_is_trusted() {
    if Nginx::find().is_none() {
        return;
    }
    let folder = tempfile::tempdir().unwrap();
    let names = vec!["localhost".to_owned()];
    let paper = Authority::new().unwrap().issue(&Leaf { names, ..Leaf::default() }, folder.path()).unwrap();
    let pem = std::fs::read_to_string(&paper.authority).unwrap();
    let nginx = Nginx::start(&NginxOptions { tls: Some(paper), ..NginxOptions::default() }).unwrap();
    let server = Server::start(None).await;
    let run = async |name: &str, trust| {
        let mut order = order(open(100, 300, 5), &server, Flow::of_path("/").unwrap());
        let tls = Some(Tls { name: name.to_owned(), trust });
        order.targets = vec![Target { tls, ..target(nginx.port()) }];
        let all = whole(&done(order).await);
        (all.started, all.good, all.failures)
    };
    let (good, bad) = ((30, 30, [].into()), (30, 0, [(Failure::Tls, 30)].into()));
    assert_eq!(run("localhost", Trust::Only { pem: pem.clone() }).await, good);
    assert_eq!(run("localhost", Trust::Public { and: pem.clone() }).await, good);
    assert_eq!(run("localhost", Trust::Public { and: String::new() }).await, bad);
    assert_eq!(run("other.test", Trust::Only { pem }).await, bad);
    assert_eq!(run("other.test", Trust::Anybody).await, good);
}

#[tokio::test(flavor = "multi_thread")]
async fn http_2_is_spoken_over_tls_and_in_the_clear() {
    if Nginx::find().is_none() {
        return;
    }
    let folder = tempfile::tempdir().unwrap();
    let paper = Authority::new().unwrap().issue(&Leaf::default(), folder.path()).unwrap();
    let pem = std::fs::read_to_string(&paper.authority).unwrap();
    let large = folder.path().join("large");
    std::fs::write(&large, "x".repeat(100_000)).unwrap();
    let lines = vec![
        "location /proto { default_type application/json; return 200 '{\"said\":\"$server_protocol $request_method $http_x_a\"}'; }".to_owned(),
        format!("location = /large {{ alias {}; }}", large.display()),
        "location /closed { return 404; }".to_owned(),
    ];
    let nginx = Nginx::start(&NginxOptions { tls: Some(paper), lines, ..NginxOptions::default() }).unwrap();
    let server = Server::start(None).await;
    let run = async |http2, steps| {
        let mut order = order(open(100, 300, 5), &server, flow(steps));
        let tls = Some(Tls { name: "localhost".to_owned(), trust: Trust::Only { pem: pem.clone() } });
        order.targets = vec![Target { tls, http2, ..target(nginx.port()) }];
        let measured = done(order).await;
        let all = whole(&measured);
        (all.started, all.good, all.failures, measured.recording.summary(Part::Step(0, 0), ALL).received)
    };
    let says = |protocol: &str| {
        let said = format!(
            "status == 200 && body.said == '{protocol} POST 1' && headers['content-type'] == 'application/json'"
        );
        json!([{"post": "/proto", "headers": {"X-A": "1"}, "body": {"a": 1}, "expect": said}])
    };
    let (started, good, failures, _) = run(true, says("HTTP/2.0")).await;
    assert_eq!((started, good, failures), (30, 30, [].into()));
    let (_, good, ..) = run(false, says("HTTP/1.1")).await;
    assert_eq!(good, 30);
    let (_, good, failures, received) = run(true, json!([{"get": "/large"}, {"get": "/closed"}])).await;
    assert_eq!((good, failures), (0, [(Failure::Status4xx, 30)].into()));
    assert!(received > 30 * 100_000, "{received}");
}

#[tokio::test(flavor = "multi_thread")]
async fn whoever_does_not_speak_http_2_is_no_answer() {
    let server = Server::start(None).await;
    let mut order = order(open(50, 200, 3), &server, Flow::of_path("/x").unwrap());
    order.targets[0].http2 = true;
    let all = whole(&done(order).await);
    assert_eq!((all.started, all.good), (10, 0), "{:?}", all.failures);
    let is_refusal = |failure: &Failure| matches!(failure, Failure::Protocol | Failure::Reset);
    assert!(all.failures.keys().any(is_refusal), "{:?}", all.failures);
    // What a machine that stands still did not begin in time is cut off; nothing else may come of it.
    let is_known = |failure: &Failure| is_refusal(failure) || *failure == Failure::CutOff;
    assert!(all.failures.keys().all(is_known), "{:?}", all.failures);
}
