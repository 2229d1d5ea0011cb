//! Flows under load: people sign up once, what is captured is theirs, cookies go back, data is dealt
//! out, and WebSockets talk.

use futures_util::{SinkExt as _, StreamExt as _};
use gonogo_load::measure::{Failure, Part};
use gonogo_load::plan::Pace;
use gonogo_load::{Data, Flow};
use serde_json::json;
use tokio::net::TcpListener;
use tokio_tungstenite::tungstenite::handshake::server::{Request, Response};
use tokio_tungstenite::tungstenite::http::{HeaderMap, HeaderValue};

use super::server::{Server, target};
use super::{ALL, closed, done, flow, open, order, whole};

#[tokio::test(flavor = "multi_thread")]
async fn people_sign_up_once_and_are_who_they_are() {
    let server = Server::start(None).await;
    let flow = Flow {
        identities: serde_json::from_value(json!({
            "users": ["ana"], "bearer": "{{token}}",
            "sign_up": [{"post": "/login", "body": {"email": "{{email}}"}, "capture": {"token": "/token"}}]
        }))
        .unwrap(),
        steps: serde_json::from_value(json!([
            {"as": "ana", "get": "/x", "capture": {"id": "/id", "h": {"header": "x-id"}}, "expect": "vars.token.startsWith('t-ana.m')"},
            {"as": "ana", "put": "/m/{{id}}/{{h}}", "body": {"n": "{{id}}"}, "times": 2},
        ]))
        .unwrap(),
        data: Data::default(),
    };
    let measured = done(order(closed(3, 500, Pace::Every { ms: 100 }), &server, flow)).await;
    let all = whole(&measured);
    assert_eq!((all.good, all.started), (15, 15), "{:?}", all.failures);
    assert_eq!(server.asked("POST /login"), 3);
    assert_eq!((server.asked("GET /x"), server.asked("PUT /m/12345/h7")), (15, 30));
    assert_eq!(measured.recording.summary(Part::Step(0, 2), ALL).good, 30);
    let texts = server.seen.lock().unwrap().texts.clone();
    let puts: Vec<&String> = texts.iter().filter(|text| text.starts_with("PUT")).collect();
    for number in 0..3 {
        let token = format!("Authorization: Bearer t-ana.mt0n{number}@gonogo.test\r\n");
        assert_eq!(puts.iter().filter(|text| text.contains(&token)).count(), 10, "{}", puts[0]);
    }
    assert!(
        puts.iter().all(|text| text.contains("Cookie: session=s3\r\n") && text.ends_with("{\"n\":12345}"))
    );
}

#[tokio::test(flavor = "multi_thread")]
async fn rows_of_data_are_dealt_out() {
    let server = Server::start(None).await;
    let mut flow = flow(json!([{"get": "/{{data.city}}"}]));
    flow.data = Data { columns: vec!["city".to_owned()], rows: vec![vec![json!("a b")], vec![json!("ü")]] };
    done(order(closed(4, 300, Pace::Every { ms: 100 }), &server, flow)).await;
    assert_eq!((server.asked("GET /a%20b"), server.asked("GET /%C3%BC")), (6, 6));
}

#[tokio::test(flavor = "multi_thread")]
async fn a_journey_ends_at_the_step_that_fails() {
    let server = Server::start(None).await;
    let steps = json!([{"get": "/x"}, {"wait": "1ms"}, {"get": "/404"}, {"get": "/never"}]);
    let measured = done(order(open(100, 200, 4), &server, flow(steps))).await;
    assert_eq!(whole(&measured).failures, [(Failure::Status4xx, 20)].into());
    assert_eq!((server.asked("GET /x"), server.asked("GET /never")), (20, 0));
    assert_eq!(measured.recording.summary(Part::Step(0, 3), ALL).started, 0);
}

#[tokio::test(flavor = "multi_thread")]
async fn websockets_talk() {
    let port = talker(|_| true).await;
    let server = Server::start(None).await;
    let steps = json!([
        {"open": "/ws", "socket": "s"},
        {"send": {"hello": "{{unique}}"}, "socket": "s"},
        {"receive": "has(event.hello) && event.hello == vars.unique", "socket": "s", "capture": {"said": "/hello"}},
        {"close": "s"},
    ]);
    let mut order = order(open(50, 200, 4), &server, flow(steps));
    order.targets = vec![target(port)];
    let measured = done(order).await;
    let all = whole(&measured);
    assert_eq!((all.started, all.good), (10, 10), "{:?}", all.failures);
    assert!(measured.recording.summary(Part::Step(0, 2), ALL).received > 100);
}

#[tokio::test(flavor = "multi_thread")]
async fn a_websocket_shows_the_token_of_its_user_and_a_header_that_is_empty_shows_none() {
    let shown = |value: &HeaderValue| value.as_bytes().starts_with(b"Bearer t-ana.m");
    let port = talker(move |headers| headers.get("authorization").is_some_and(shown)).await;
    let server = Server::start(None).await;
    let run = async |headers: serde_json::Value| {
        let mut flow =
            flow(json!([{"as": "ana", "open": "/ws", "at": "talker", "socket": "s", "headers": headers}]));
        flow.identities = serde_json::from_value(json!({
            "users": ["ana"],
            "sign_up": [{"post": "/login", "body": {"email": "{{email}}"}, "capture": {"token": "/token"}}],
            "bearer": "{{token}}",
        }))
        .unwrap();
        let mut order = order(open(50, 200, 4), &server, flow);
        order.targets.push(gonogo_load::Target { name: "talker".to_owned(), ..target(port) });
        let all = whole(&done(order).await);
        (all.good, all.failures)
    };
    assert_eq!(run(json!({})).await, (10, [].into()));
    assert_eq!(run(json!({"Authorization": ""})).await, (0, [(Failure::Status4xx, 10)].into()));
}

#[tokio::test(flavor = "multi_thread")]
async fn what_cannot_be_done_under_load_is_refused_before_anything_is_sent() {
    let server = Server::start(None).await;
    for (steps, said) in [
        (json!([{"get": "/x", "in_background": "b"}]), "`in_background`"),
        (json!([{"arrives": "true", "sink": "s"}]), "sinks"),
        (json!([{"get": "/x", "at": "elsewhere"}]), "no target `elsewhere`"),
        (json!([{"get": "/x", "headers": {"a b": "c"}}]), "the header `a b`"),
        (json!([]), "no steps"),
    ] {
        let refused = gonogo_load::engine::run(
            order(open(10, 100, 1), &server, flow(steps.clone())),
            Default::default(),
            None,
        )
        .await;
        let error = refused.unwrap_err().to_string();
        assert!(error.contains(said), "{steps}: {error}");
    }
    assert_eq!(server.all(), 0);
}

/// A server of WebSockets that says everything twice; it lets in whom `admits` does, else it answers 401.
async fn talker(admits: impl Fn(&HeaderMap) -> bool + Copy + Send + Sync + 'static) -> u16 {
    let listener = TcpListener::bind("127.0.0.1:0").await.unwrap();
    let port = listener.local_addr().unwrap().port();
    tokio::spawn(async move {
        loop {
            let (stream, _) = listener.accept().await.unwrap();
            tokio::spawn(async move {
                #[expect(
                    clippy::result_large_err,
                    reason = "tungstenite wants a whole answer as the refusal"
                )]
                let agree = |request: &Request, response: Response| match admits(request.headers()) {
                    true => Ok(response),
                    false => Err(Response::builder().status(401).body(None).unwrap()),
                };
                let Ok(mut socket) = tokio_tungstenite::accept_hdr_async(stream, agree).await else { return };
                while let Some(Ok(message)) = socket.next().await {
                    if message.is_text() {
                        let _ = socket.send("{\"noise\": 1}".into()).await;
                        let _ = socket.send(message).await;
                    }
                }
            });
        }
    });
    port
}
