//! Nothing but declared targets is contacted: a trap listens, and what is looked at does all it can to
//! lead there, by redirects, by addresses that it hands out, and by being somewhere else. Every probe
//! that goes over the network is sent.
#![expect(clippy::unwrap_used, clippy::panic, reason = "a test fails by panicking")]

mod errands;
mod trap;

use std::net::SocketAddr;
use std::process::{Child, Command};
use std::sync::Arc;
use std::time::Duration;

use errands::Errand;
use futures_util::future::join_all;
use gonogo_model::catalog::{TargetKind, TargetNeed};
use gonogo_probes::{Context, Environment, Looked, Reach, Redactor, Target, Unmeasured, all, find};
use serde_json::{Value, json};
use tempfile::TempDir;
use trap::{Lure, Trap};

/// No look may take longer.
const LIMIT: Duration = Duration::from_secs(60);

/// What errands need besides a lure.
struct Ground {
    folder: TempDir,
    child: Child,
    trap: SocketAddr,
}

impl Ground {
    fn at(trap: SocketAddr) -> Ground {
        let folder = TempDir::new().unwrap();
        let api = format!(
            "openapi: 3.0.0\ninfo: {{ title: Lure, version: '1' }}\nservers: [{{ url: 'http://{trap}/' }}]\n\
             paths:\n  /notes:\n    servers: [{{ url: 'http://{trap}/' }}]\n    get:\n      operationId: http://{trap}/\n      \
             externalDocs: {{ url: 'http://{trap}/' }}\n      responses: {{ '200': {{ description: ok }} }}\n"
        );
        std::fs::write(folder.path().join("api.yaml"), api).unwrap();
        std::fs::write(folder.path().join("log"), "{}\n").unwrap();
        Ground { folder, child: Command::new("sleep").arg("600").spawn().unwrap(), trap }
    }

    fn fill(&self, text: &str, lure: &str) -> String {
        let text = text.replace("LURE", lure).replace("TRAP", &self.trap.to_string());
        let text = text.replace("CHILD", &self.child.id().to_string());
        let text = text.replace("FOLDER", &self.folder.path().display().to_string());
        match text.contains("FREE") {
            true => text.replace("FREE", &testbed_servers::process::free_port().unwrap().to_string()),
            false => text,
        }
    }

    /// Sends one probe to where `lure` is.
    async fn send(&self, errand: &Errand, lure: &str) -> Result<Looked, Unmeasured> {
        let target = |name: &str, kind, address: &str| Target {
            name: name.to_owned(),
            kind,
            address: self.fill(address, lure),
        };
        let others = errand
            .others
            .iter()
            .map(|(name, kind, address)| ((*name).to_owned(), target(name, *kind, address)));
        let context = Context {
            target: Some(target("it", errand.kind, errand.address)),
            others: others.collect(),
            environment: Environment::default(),
            folder: self.folder.path().to_owned(),
            reach: Reach::default(),
            secrets: Arc::new(Redactor::default()),
            repositories: Arc::default(),
            sinks: Arc::default(),
            afterwards: Arc::default(),
            live: gonogo_probes::Live::default(),
        };
        let params: Value = serde_json::from_str(&self.fill(&errand.params.to_string(), lure)).unwrap();
        let probe = find(errand.probe).unwrap();
        let looked = tokio::time::timeout(LIMIT, probe.look(&context, params)).await;
        context.afterwards.done(Duration::from_secs(5)).await;
        looked.unwrap_or_else(|_| panic!("{} took longer than {LIMIT:?}", errand.probe))
    }
}

impl Drop for Ground {
    fn drop(&mut self) {
        let _ = self.child.kill();
        let _ = self.child.wait();
    }
}

/// The kinds of a target that are reached over the network.
fn kinds(need: TargetNeed) -> Vec<TargetKind> {
    let kinds = match need {
        TargetNeed::Never => &[][..],
        TargetNeed::Optional(kinds) | TargetNeed::Required(kinds) => kinds,
    };
    kinds.iter().copied().filter(|kind| TargetKind::NETWORK.contains(kind)).collect()
}

#[test]
fn every_probe_that_goes_over_the_network_is_sent() {
    let sent = errands::all();
    let mut missing = Vec::new();
    for probe in all() {
        let (id, own) = (probe.info.id, kinds(probe.info.target));
        let also = probe.info.also.iter().flat_map(|more| kinds(TargetNeed::Required(more.kinds)));
        if also.count() > 0 && !sent.iter().any(|errand| errand.probe == id) {
            missing.push(id.to_owned());
        }
        let untried = |kind: &TargetKind| !sent.iter().any(|one| one.probe == id && one.kind == *kind);
        missing.extend(own.into_iter().filter(untried).map(|kind| format!("{id} ({})", kind.name())));
    }
    assert!(
        missing.is_empty(),
        "these go over the network and are not sent to a lure; add them to tests/reach/errands.rs:\n{}",
        missing.join("\n")
    );
    let unknown = sent.iter().find(|errand| find(errand.probe).is_none());
    assert!(unknown.is_none(), "there is no probe {}", unknown.map_or("", |errand| errand.probe));
}

#[tokio::test]
async fn the_trap_catches_whoever_comes() {
    for trap in [Trap::set(), Trap::outside()] {
        tokio::net::TcpStream::connect(trap.address).await.unwrap();
        while trap.caught() == 0 {
            tokio::task::yield_now().await;
        }
    }
}

/// Sends everybody to a lure of their own.
async fn lured(lure: Lure) {
    let trap = Trap::set();
    let sent = join_all(errands::all().into_iter().map(|errand| async move {
        // Some stall the process that they are given, so each has one.
        let ground = Ground::at(trap.address);
        let laid = errand.says.filter(|_| matches!(lure, Lure::Says(_))).unwrap_or(lure);
        let laid = laid.lay(trap.address).await;
        let ended = ground.send(&errand, &laid.address.to_string()).await;
        (!laid.was_asked().await).then(|| format!("{errand} was not even lured: {}", said(&ended)))
    }));
    let idle: Vec<String> = sent.await.into_iter().flatten().collect();
    assert!(idle.is_empty(), "{}", idle.join("\n"));
    assert_eq!(trap.caught(), 0, "{lure:?} led one of them away; send them one by one");
}

#[tokio::test]
async fn redirects_lead_nobody_away() {
    join_all([301, 302, 303, 307, 308].map(|status| lured(Lure::Redirects(status)))).await;
}

#[tokio::test]
async fn addresses_that_are_handed_out_lead_nobody_away() {
    lured(Lure::HandsOut).await;
}

#[tokio::test]
async fn what_other_protocols_say_leads_nobody_away() {
    lured(Lure::Says("go to TRAP\r\n\r\n")).await;
}

#[tokio::test]
async fn a_journey_says_that_it_was_led_away() {
    let trap = Trap::set();
    let laid = Lure::Redirects(302).lay(trap.address).await;
    let steps = json!([
        { "get": "/", "expect": "status == 302", "capture": { "url": "/url", "place": { "header": "Location" } } },
        { "get": "{{url}}" },
    ]);
    let cleanup = json!([{ "delete": "{{place}}" }, { "open": "{{url}}", "socket": "one" }]);
    let errand = Errand {
        probe: "flow/journey",
        kind: TargetKind::Http,
        address: "http://LURE",
        params: json!({ "steps": steps, "cleanup": cleanup }),
        others: &[],
        says: None,
    };
    let walked = Ground::at(trap.address).send(&errand, &laid.address.to_string()).await.unwrap();
    let error = walked.items[0].facts["error"].as_str().unwrap().to_owned();
    assert!(error.contains("nothing was sent"), "{error}");
    assert_eq!(trap.caught(), 0);
}

/// All that was said of it.
fn said(ended: &Result<Looked, Unmeasured>) -> String {
    match ended {
        Ok(looked) => looked.items.iter().map(|item| format!("{:?} ", item.facts)).collect(),
        Err(unmeasured) => unmeasured.why.clone(),
    }
}

#[tokio::test]
async fn a_target_beyond_what_was_allowed_is_not_dialed() {
    let trap = Trap::outside();
    let port = trap.address.port();
    // An address, what is a name to most and resolves to it, and loopback as it must not be written.
    let places = [format!("0.0.0.0:{port}"), format!("0:{port}"), format!("[::ffff:127.0.0.1]:{port}")];
    let both = |place: String| errands::all().into_iter().map(move |errand| (errand, place.clone()));
    let sent = places.into_iter().flat_map(both).map(|(errand, place)| async move {
        let ended = Ground::at(([127, 0, 0, 1], port).into()).send(&errand, &place).await;
        let said = said(&ended);
        let told = said.contains("consent.hosts") && said.contains("nothing was sent");
        (!told).then(|| format!("{errand} at {place}: {said}"))
    });
    let silent: Vec<String> = join_all(sent).await.into_iter().flatten().collect();
    assert_eq!(trap.caught(), 0, "{}", silent.join("\n"));
    assert!(silent.is_empty(), "{}", silent.join("\n"));
}
