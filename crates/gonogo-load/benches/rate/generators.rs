//! Our generators, each run in a process of its own: the engine raw, the engine with captures and
//! asserts, and the plain client of hyper that the engine was measured against first.

use std::net::{Ipv4Addr, SocketAddr};
use std::num::NonZeroUsize;
use std::time::{Duration, Instant};

use gonogo_load::engine::{Measured, Order, Stop, run};
use gonogo_load::measure::{Part, Window};
use gonogo_load::plan::{Cap, Load, Pace, Plan, Profile, Segment, Tier};
use gonogo_load::{Flow, Target};
use http_body_util::{BodyExt as _, Empty};
use hyper::body::Bytes;
use hyper_util::rt::TokioIo;

use super::CONNECTIONS;

/// A generator: port and seconds to how many good answers came.
type Generator = fn(u16, u64) -> u64;

/// One of ours, by name.
pub(super) fn ours(name: &str) -> Option<Generator> {
    match name {
        "raw" => Some(|port, seconds| engine(port, seconds, Flow::of_path("/json").unwrap())),
        "flow" => Some(|port, seconds| engine(port, seconds, flow())),
        "hyper" => Some(hyper_client),
        _ => None,
    }
}

/// A capture and an assert over status and body, in each request.
fn flow() -> Flow {
    let step = serde_json::json!({
        "get": "/json", "expect": "status == 200 && body.state == 'ok' && body.n > 10", "capture": {"id": "/id"}
    });
    Flow { steps: vec![serde_json::from_value(step).unwrap()], ..Flow::default() }
}

fn engine(port: u16, seconds: u64, flow: Flow) -> u64 {
    let measured = measured(port, seconds, flow);
    let whole = measured.recording.summary(Part::All, Window { from_s: 0, to_s: u32::MAX });
    assert_eq!((whole.failed, whole.unmeasured), (0, 0), "{:?}", whole.failures);
    whole.good
}

fn measured(port: u16, seconds: u64, flow: Flow) -> Measured {
    let users = Profile::new(vec![Segment::steady(seconds * 1_000, u64::from(CONNECTIONS) * 1_000)]).unwrap();
    let pace = Pace::Think { least_ms: 0, most_ms: 0 };
    let tier = Tier { name: "all".to_owned(), share: 1, pace };
    let cap = Cap { starts_per_s: 1_000_000, lasts_ms: seconds * 1_000, users: u64::from(CONNECTIONS) };
    let plan = Plan::new(Load::Closed { users }, vec![tier], cap, 1).unwrap();
    carried_out(plan, port, flow, None)
}

/// A plan, carried out by one thread, that begins then.
pub(super) fn carried_out(plan: Plan, port: u16, flow: Flow, begin: Option<Instant>) -> Measured {
    let target = Target {
        name: "target".to_owned(),
        addresses: vec![SocketAddr::from((Ipv4Addr::LOCALHOST, port))],
        host: format!("127.0.0.1:{port}"),
        base: String::new(),
        tls: None,
        http2: false,
    };
    let mut order = Order::new(plan, vec![target], vec![flow], "bench".to_owned());
    order.threads = NonZeroUsize::new(1);
    order.begin = begin;
    let runtime = tokio::runtime::Builder::new_current_thread().enable_all().build().unwrap();
    runtime.block_on(run(order, Stop::default(), None)).unwrap()
}

/// hyper's own connections, one task each, as one would write it.
fn hyper_client(port: u16, seconds: u64) -> u64 {
    let runtime = tokio::runtime::Builder::new_current_thread().enable_all().build().unwrap();
    let local = tokio::task::LocalSet::new();
    let until = Instant::now() + Duration::from_secs(seconds);
    local.block_on(&runtime, async move {
        let tasks: Vec<_> =
            (0..CONNECTIONS).map(|_| tokio::task::spawn_local(hyper_connection(port, until))).collect();
        let mut all = 0;
        for task in tasks {
            all += task.await.unwrap();
        }
        all
    })
}

async fn hyper_connection(port: u16, until: Instant) -> u64 {
    let stream = tokio::net::TcpStream::connect((Ipv4Addr::LOCALHOST, port)).await.unwrap();
    stream.set_nodelay(true).unwrap();
    let (mut sender, connection) = hyper::client::conn::http1::handshake(TokioIo::new(stream)).await.unwrap();
    tokio::task::spawn_local(connection);
    let mut good = 0;
    while Instant::now() < until {
        let request =
            hyper::Request::get("/json").header("Host", "127.0.0.1").body(Empty::<Bytes>::new()).unwrap();
        let answer = sender.send_request(request).await.unwrap();
        good += u64::from(answer.status() == 200);
        let body = answer.into_body().collect().await.unwrap();
        assert_eq!(body.to_bytes().len(), super::BODY.len());
    }
    good
}
