//! A walk through calls, and through the drive.

use std::time::Duration;

use serde_json::{Value, json};

use crate::chats::People;
use crate::world::{Person, Seen, World};

pub(crate) async fn walk(world: &World, people: &People, kim: &Person, seen: &mut Seen) {
    let People { ana, ben, eve } = people;
    let (caller, callee) = (Some(ana.token.as_str()), Some(ben.token.as_str()));
    let mut ears = world.socket("/call/socket", &ben.token).await;
    let call = world.post("/calls", caller, json!({ "members": [ben.id, kim.id] })).await.text("id");
    let path = format!("/calls/{call}");
    seen.note("ring", ears.next("ringing").await.is_some());
    ears.say(json!({ "type": "join", "call": call })).await;
    let inside = async || world.get(&path, caller).await.json()["inside"].as_array().map_or(0, Vec::len);
    for _ in 0..20 {
        if inside().await == 2 {
            break;
        }
        tokio::time::sleep(Duration::from_millis(20)).await;
    }
    let third = world.send("POST", &format!("{path}/join"), Some(&kim.token), None).await.status;
    seen.note("join", inside().await.min(2));
    seen.note("join as the third", third);
    let stranger = world.send("POST", &format!("{path}/join"), Some(&eve.token), None).await.status;
    seen.note("join as a stranger", stranger);
    let offer = json!({ "kind": "offer", "to": ben.id, "data": { "sdp": "v=0" } });
    seen.note("offer", world.post(&format!("{path}/signals"), caller, offer).await.status);
    let offered = ears.next("offer").await;
    seen.note("offer event", offered.map_or("none".into(), |event| event["data"]["sdp"].to_string()));
    ears.say(json!({ "type": "answer", "call": call, "to": ana.id, "data": { "sdp": "v=1" } })).await;
    ears.say(json!({ "type": "candidate", "call": call, "to": ana.id, "data": {} })).await;
    seen.note("signals", fetch(world, &path, &ana.token).await);
    seen.note("active calls", world.metric("calls_active").await);
    seen.note("leave", world.send("POST", &format!("{path}/leave"), callee, None).await.status);
    seen.note("end", world.send("POST", &format!("{path}/end"), caller, None).await.status);
    let ended = ears.next_within("ended", Duration::from_millis(1500)).await;
    seen.note("end event", ended.is_some());
    let over = world.send("POST", &format!("{path}/join"), callee, None).await.status;
    seen.note("join when over", over);
    seen.note("active calls after", world.metric("calls_active").await);
    ears.close().await;
    turn(world, &ana.token, seen).await;
}

/// What kinds of signals Ana fetches, without a WebSocket.
async fn fetch(world: &World, path: &str, token: &str) -> String {
    let mut kinds: Vec<String> = Vec::new();
    for _ in 0..20 {
        let reply = world.get(&format!("{path}/signals?wait_ms=100"), Some(token)).await;
        if reply.status != 200 {
            return reply.status.to_string();
        }
        let signals = reply.json()["signals"].clone();
        let of = |signal: &Value| signal["event"]["type"].as_str().unwrap_or_default().to_owned();
        kinds = signals.as_array().into_iter().flatten().map(of).collect();
        if kinds.iter().any(|kind| kind == "candidate") {
            break;
        }
    }
    kinds.retain(|kind| kind == "answer" || kind == "candidate");
    kinds.join(" ")
}

async fn turn(world: &World, token: &str, seen: &mut Seen) {
    let turn = world.get("/turn", Some(token)).await;
    let username = turn.text("username");
    let end: i64 = username.split(':').next().and_then(|end| end.parse().ok()).unwrap_or(0);
    let left = end - jiff::Timestamp::now().as_second();
    seen.note("user of TURN", if end == 0 { username } else { "made for the user".to_owned() });
    seen.note("TURN ends in an hour", (3500..=3600).contains(&left));
}

/// The drive, with a quota of 1000 bytes and addresses that are good for five seconds.
pub(crate) async fn drive(world: &World, people: &People, seen: &mut Seen) {
    let (ana, eve) = (Some(people.ana.token.as_str()), Some(people.eve.token.as_str()));
    let new = |name: &str, kind: &str, size: i64| json!({ "name": name, "type": kind, "size": size });
    let text = |size| new("notes.txt", "text/plain", size);
    let announced = world.post("/files", ana, text(5)).await;
    seen.note("announce", announced.status);
    let (file, url) = (format!("/files/{}", announced.text("id")), announced.text("upload_url"));
    let complete = format!("{file}/complete");
    seen.note("complete too early", world.send("POST", &complete, ana, None).await.status);
    let put =
        async |bytes: &'static str| world.answer(world.request("PUT", &url, None).body(bytes)).await.status;
    seen.note("put too much", put("far too much").await);
    seen.note("put", put("hello").await);
    seen.note("complete", world.send("POST", &complete, ana, None).await.status);
    let other = world.post("/files", ana, text(10)).await;
    let shown = world.get(&file, ana).await.text("download_url");
    let got = world.get(&shown, None).await;
    seen.note("get", format!("{} {} {}", got.status, got.body, got.header("content-disposition")));
    let (key, query) = (other.text("upload_url"), url.split_once('?').map_or("", |(_, query)| query));
    let foreign = format!("{}?{query}", key.split('?').next().unwrap_or_default());
    let foreign = world.answer(world.request("PUT", &foreign, None).body("0123456789")).await.status;
    seen.note("put with a signature of another", foreign);
    seen.note("show to another", world.get(&file, eve).await.status);
    let deletable = world.post("/files", ana, text(1)).await.text("id");
    let by_eve = world.send("DELETE", &format!("/files/{deletable}"), eve, None).await.status;
    seen.note("delete another's file", by_eve);
    world.send("DELETE", &format!("/files/{deletable}"), ana, None).await;
    seen.note("announce over the quota", world.post("/files", ana, text(990)).await.status);
    seen.note("announce a page", world.post("/files", ana, new("a.html", "text/html", 1)).await.status);
    let away = new("../../etc/passwd", "text/plain", 1);
    seen.note("announce a way out", world.post("/files", ana, away).await.status);
    let used = async || world.get("/quota", ana).await.json()["used"].clone();
    let before = used().await;
    tokio::time::sleep(Duration::from_millis(6100)).await;
    seen.note("get too late", world.get(&shown, None).await.status);
    let fresh = world.get(&file, ana).await.text("download_url");
    let deleted = world.send("DELETE", &file, ana, None).await.status;
    seen.note("delete", deleted);
    seen.note("get when deleted", world.get(&fresh, None).await.status);
    seen.note("quota before", before);
    seen.note("quota after", used().await);
}
