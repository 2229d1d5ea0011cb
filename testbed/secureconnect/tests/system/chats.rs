//! A walk through conversations: messages, sockets, typing, presence, reactions, search, polls, the
//! model and notifications.

use std::time::Duration;

use serde_json::{Value, json};

use crate::world::{Person, Seen, Socket, World};

/// People of the walk: two who talk, and one who is no part of it.
pub(crate) struct People {
    pub(crate) ana: Person,
    pub(crate) ben: Person,
    pub(crate) eve: Person,
}

pub(crate) async fn walk(world: &World, people: &People, seen: &mut Seen) {
    let People { ana, ben, eve } = people;
    let new = json!({ "members": [ben.id], "title": "Trip", "group": true });
    let chat = world.post("/conversations", Some(&ana.token), new).await.text("id");
    let path = format!("/conversations/{chat}");
    let messages = format!("{path}/messages");
    seen.note(
        "group of one",
        world.post("/conversations", Some(&ana.token), json!({ "members": [] })).await.status,
    );
    seen.note("show", world.get(&path, Some(&ben.token)).await.status);
    seen.note("show to a stranger", world.get(&path, Some(&eve.token)).await.status);
    away(world, people, &messages, seen).await;

    let mut ears = world.socket("/chat/socket", &ben.token).await;
    let mut stranger = world.socket("/chat/socket", &eve.token).await;
    let sent = world.post(&messages, Some(&ana.token), json!({ "text": "<b>Fifty</b> 100% sure" })).await;
    seen.note("send", sent.status);
    let heard = ears.next("message").await;
    seen.note("message event", heard.map_or("none".into(), |event| event["message"]["text"].to_string()));
    let empty = world.post(&messages, Some(&ana.token), json!({ "text": "" })).await.status;
    seen.note("send nothing", empty);
    seen.note(
        "send as a stranger",
        world.post(&messages, Some(&eve.token), json!({ "text": "x" })).await.status,
    );
    history(world, people, &messages, seen).await;
    reactions(world, people, &messages, seen).await;
    searching(world, people, seen).await;
    typing(world, &ana.token, &path, &mut ears, &mut stranger, seen).await;
    waiting(world, people, &path, seen).await;
    polls(world, people, &path, &mut ears, seen).await;
    reconnecting(world, people, &chat, ears, seen).await;
    members(world, people, &path, seen).await;
    stranger.close().await;
    let answer = world.post("/ai/answers", Some(&ana.token), json!({ "prompt": "echo" })).await;
    seen.note("ask the model", format!("{} {}", answer.status, answer.text("text")));
}

/// Nobody is connected yet: a message becomes a notification.
async fn away(world: &World, people: &People, messages: &str, seen: &mut Seen) {
    let token = |token: &str| json!({ "token": token, "platform": "web" });
    let ben = Some(people.ben.token.as_str());
    seen.note("push token", world.post("/push/tokens", ben, token("device-one")).await.status);
    world.post("/push/tokens", ben, token("device-two")).await;
    seen.note("forget a device", world.send("DELETE", "/push/tokens/device-two", ben, None).await.status);
    let say = json!({ "text": "first" });
    world.post(messages, Some(&people.ana.token), say.clone()).await;
    pushed(world, 1).await;
    // Another device would be notified right after the first.
    tokio::time::sleep(Duration::from_millis(500)).await;
    let devices: Vec<String> = world.pushes.posted().iter().map(|push| push["token"].to_string()).collect();
    seen.note("notified", devices.join(" "));
    world.pushes.answers(410);
    world.post(messages, Some(&people.ana.token), say).await;
    pushed(world, devices.len() + 1).await;
    let mut left = String::new();
    for _ in 0..30 {
        left = world.get("/push/tokens", ben).await.body;
        if left == "[]" {
            break;
        }
        tokio::time::sleep(Duration::from_millis(50)).await;
    }
    seen.note("devices that are gone", left);
}

async fn pushed(world: &World, count: usize) {
    for _ in 0..40 {
        if world.pushes.posted().len() >= count {
            return;
        }
        tokio::time::sleep(Duration::from_millis(50)).await;
    }
}

async fn history(world: &World, people: &People, messages: &str, seen: &mut Seen) {
    let People { ana, ben, eve } = people;
    let page = world.get(&format!("{messages}?limit=2"), Some(&ben.token)).await;
    seen.note("type of a page", page.header("content-type"));
    let first = page.json()["messages"][0]["seq"].as_i64().unwrap_or(0);
    let before = world.get(&format!("{messages}?limit=2&before={first}"), Some(&ana.token)).await;
    let numbers = |page: &Value| -> Vec<i64> {
        page["messages"].as_array().into_iter().flatten().filter_map(|one| one["seq"].as_i64()).collect()
    };
    seen.note("pages", format!("{:?} {:?}", numbers(&page.json()), numbers(&before.json())));
    seen.note("too long a page", world.get(&format!("{messages}?limit=9999"), Some(&ana.token)).await.status);
    seen.note("read as a stranger", world.get(messages, Some(&eve.token)).await.status);
}

async fn reactions(world: &World, people: &People, messages: &str, seen: &mut Seen) {
    let ben = Some(people.ben.token.as_str());
    let last = world.get(&format!("{messages}?limit=1"), ben).await.json()["messages"][0]["id"].clone();
    let path = format!("/messages/{}/reactions", last.as_str().unwrap_or("none"));
    world.post(&path, ben, json!({ "emoji": "👍" })).await;
    let given = world.post(&path, Some(&people.ana.token), json!({ "emoji": "👍" })).await.status;
    let shown =
        world.get(&format!("{messages}?limit=1"), ben).await.json()["messages"][0]["reactions"].clone();
    let taken = world.send("DELETE", &format!("{path}/👍"), ben, None).await.status;
    seen.note("react", format!("{given} {shown} {taken}"));
    let stranger = world.post(&path, Some(&people.eve.token), json!({ "emoji": "👍" })).await.status;
    seen.note("react as a stranger", stranger);
}

async fn searching(world: &World, people: &People, seen: &mut Seen) {
    let count = async |token: &str, q: &str| {
        let found = world.get(&format!("/search?q={q}"), Some(token)).await;
        format!("{} {}", found.status, found.json()["messages"].as_array().map_or(0, Vec::len))
    };
    seen.note("search", count(&people.ben.token, "fifty").await);
    seen.note("search for a sign", count(&people.ben.token, "0%25").await);
    seen.note("search for any sign", count(&people.ben.token, "%25%25%25").await);
    seen.note("search with a quote", count(&people.ben.token, "'").await);
    seen.note("search as a stranger", count(&people.eve.token, "fifty").await);
}

async fn typing(
    world: &World,
    token: &str,
    path: &str,
    ears: &mut Socket,
    stranger: &mut Socket,
    seen: &mut Seen,
) {
    let posted = world.send("POST", &format!("{path}/typing"), Some(token), None).await.status;
    let active = |event: Option<Value>| event.map_or("none".into(), |event| event["active"].to_string());
    let begins = active(ears.next("typing").await);
    let ends = active(ears.next_within("typing", Duration::from_millis(4500)).await);
    seen.note("typing", format!("{posted} {begins}"));
    seen.note("typing ends", ends);
    let leaked = stranger.next_within("typing", Duration::from_millis(50)).await;
    seen.note("typing told to a stranger", leaked.is_some());
}

async fn waiting(world: &World, people: &People, path: &str, seen: &mut Seen) {
    let ben = Some(people.ben.token.as_str());
    let newest = world.get(&format!("{path}/messages?limit=1"), ben).await.json();
    let last = newest["messages"][0]["seq"].as_i64().unwrap_or(0);
    let wait = format!("{path}/updates?after={last}&wait_ms=3000");
    let send = async {
        tokio::time::sleep(Duration::from_millis(200)).await;
        world.post(&format!("{path}/messages"), Some(&people.ana.token), json!({ "text": "woken" })).await
    };
    let start = std::time::Instant::now();
    let updates = async { (world.get(&wait, ben).await, start.elapsed()) };
    let ((updates, took), _) = tokio::join!(updates, send);
    let count = updates.json()["messages"].as_array().map_or(0, Vec::len);
    seen.note("wait for updates", format!("{} {count} {}", updates.status, took.as_millis() < 2800));
}

async fn polls(world: &World, people: &People, path: &str, ears: &mut Socket, seen: &mut Seen) {
    let People { ana, ben, eve } = people;
    let new = json!({ "question": "Where to?", "options": ["Sea", "Hills"] });
    let poll = world.post(&format!("{path}/polls"), Some(&ana.token), new).await;
    seen.note("ask", poll.status);
    let poll = format!("/polls/{}", poll.text("id"));
    let vote = async |token: &str| {
        let vote = json!({ "position": 1 });
        world.post(&format!("{poll}/votes"), Some(token), vote).await.status
    };
    ears.next_within("poll", Duration::from_millis(1500)).await;
    let (first, second) = (vote(&ana.token).await, vote(&ana.token).await);
    seen.note("vote", first);
    seen.note("vote twice", second);
    let told = ears.next_within("poll", Duration::from_millis(1500)).await;
    seen.note(
        "vote event",
        told.map_or("none".into(), |event| event["poll"]["options"][1]["votes"].to_string()),
    );
    seen.note("vote as a stranger", vote(&eve.token).await);
    let close = format!("{poll}/close");
    seen.note("close another's poll", world.send("POST", &close, Some(&ben.token), None).await.status);
    seen.note("close", world.send("POST", &close, Some(&ana.token), None).await.status);
    seen.note("vote when closed", vote(&ben.token).await);
    let shown = world.get(&poll, Some(&ben.token)).await.json();
    seen.note("votes", &shown["options"][1]["votes"]);
}

/// Ben goes away and comes back.
async fn reconnecting(world: &World, people: &People, chat: &str, ears: Socket, seen: &mut Seen) {
    let (ana, ben) = (&people.ana, &people.ben);
    let presence = format!("/presence/{}", ben.id);
    seen.note("presence", world.get(&presence, Some(&ana.token)).await.text("status"));
    ears.close().await;
    seen.note("presence when gone", world.until(&presence, &ana.token, "status", "offline").await);
    let path = format!("/conversations/{chat}/messages");
    let missed = world.post(&path, Some(&ana.token), json!({ "text": "missed" })).await.json();
    let after = missed["seq"].as_i64().unwrap_or(1) - 1;
    let mut ears = world.socket("/chat/socket", &ben.token).await;
    seen.note("presence when back", world.until(&presence, &ana.token, "status", "online").await);
    ears.say(json!({ "type": "resume", "conversation": chat, "after": after })).await;
    ears.next("resumed").await;
    let missed = ears.next_within("message", Duration::from_millis(50)).await;
    seen.note("resume", missed.map_or("none".into(), |event| event["message"]["text"].to_string()));
    ears.close().await;
    let open = world.metric("websocket_connections{service=\"chat\"}");
    tokio::time::sleep(Duration::from_millis(300)).await;
    seen.note("open sockets", open.await);
}

async fn members(world: &World, people: &People, path: &str, seen: &mut Seen) {
    let People { ana, ben, eve } = people;
    let add = json!({ "user": eve.id });
    let added = world.post(&format!("{path}/members"), Some(&ana.token), add).await;
    seen.note("add a member", added.status);
    let remove = format!("{path}/members/{}", eve.id);
    seen.note("remove as another", world.send("DELETE", &remove, Some(&ben.token), None).await.status);
    seen.note("remove a member", world.send("DELETE", &remove, Some(&ana.token), None).await.status);
    let reads = world.get(&format!("{path}/messages"), Some(&eve.token)).await.status;
    seen.note("read when removed", reads);
}
