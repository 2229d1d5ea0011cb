//! A running system with its sinks, and people who use it.

use std::collections::BTreeMap;
use std::sync::Mutex;
use std::time::Duration;

use futures_util::{SinkExt, StreamExt};
use reqwest::header::HeaderMap;
use serde_json::{Value, json};
use testbed_secureconnect::{Launch, Running, launch, named};
use tokio::net::TcpStream;
use tokio::time::timeout;
use tokio_tungstenite::tungstenite::Message;
use tokio_tungstenite::tungstenite::client::IntoClientRequest;
use tokio_tungstenite::{MaybeTlsStream, WebSocketStream, connect_async};

use crate::document::Document;
use crate::sinks::{Mails, Sink};

pub(crate) const PROGRAM: &str = env!("CARGO_BIN_EXE_secureconnect");
pub(crate) const PASSWORD: &str = "correct horse battery";

/// The system and all around it.
pub(crate) struct World {
    pub(crate) running: Running,
    pub(crate) mails: Mails,
    pub(crate) pushes: Sink,
    pub(crate) model: Sink,
    http: reqwest::Client,
    document: Mutex<Document>,
    /// Answers that the document does not describe.
    pub(crate) wrong: Mutex<Vec<String>>,
}

/// What was answered.
pub(crate) struct Reply {
    pub(crate) status: u16,
    pub(crate) headers: HeaderMap,
    pub(crate) body: String,
}

impl Reply {
    pub(crate) fn json(&self) -> Value {
        serde_json::from_str(&self.body).unwrap_or_default()
    }

    pub(crate) fn text(&self, field: &str) -> String {
        self.json()[field].as_str().unwrap_or_default().to_owned()
    }

    pub(crate) fn header(&self, name: &str) -> String {
        self.headers.get(name).and_then(|value| value.to_str().ok()).unwrap_or_default().to_owned()
    }
}

/// Somebody with an account.
pub(crate) struct Person {
    pub(crate) id: String,
    pub(crate) email: String,
    pub(crate) token: String,
}

impl World {
    /// The system with faults, rows in a file and short-lived values in the process.
    pub(crate) async fn small(faults: &[&str], variables: &[(&str, &str)]) -> World {
        World::start(faults, variables, false, false).await
    }

    /// With Redis, and each service in a process of its own.
    pub(crate) async fn apart(faults: &[&str]) -> World {
        World::start(faults, &[("DATABASE_POOL", "8")], true, true).await
    }

    /// With Postgres and Redis, as far as they are on this machine.
    pub(crate) async fn full(faults: &[&str], variables: &[(&str, &str)]) -> World {
        World::start(faults, variables, true, false).await
    }

    async fn start(faults: &[&str], variables: &[(&str, &str)], servers: bool, apart: bool) -> World {
        let _ = rustls::crypto::aws_lc_rs::default_provider().install_default();
        let (mails, smtp) = Mails::start().await;
        let ((pushes, push_url), (model, ai_url)) = (Sink::start().await, Sink::start().await);
        let healthy = Launch::healthy(PROGRAM).set("SMTP_URL", smtp).set("PUSH_URL", push_url);
        let mut wanted = healthy.set("AI_URL", ai_url).set("AI_KEY", "key-of-the-model");
        wanted.faults = faults.iter().map(|name| named(name).unwrap()).collect();
        wanted.postgres &= servers;
        wanted.redis &= servers;
        wanted.apart = apart;
        let wanted = variables.iter().fold(wanted, |wanted, (name, value)| wanted.set(name, value));
        let running = tokio::task::spawn_blocking(move || launch(&wanted).unwrap()).await.unwrap();
        let http = reqwest::Client::builder().no_proxy().timeout(Duration::from_secs(20)).build().unwrap();
        let (document, wrong) = (Mutex::new(Document::read()), Mutex::default());
        World { running, mails, pushes, model, http, document, wrong }
    }

    /// Stops the system off the threads that others of the test need.
    pub(crate) async fn end(self) {
        tokio::task::spawn_blocking(move || drop(self)).await.unwrap();
    }

    /// Sends a request to the gateway.
    pub(crate) async fn send(
        &self,
        method: &str,
        path: &str,
        token: Option<&str>,
        body: Option<Value>,
    ) -> Reply {
        let mut request = self.request(method, path, token);
        if let Some(body) = body {
            request = request.json(&body);
        }
        let reply = self.answer(request).await;
        let wrong = self.document.lock().unwrap().wrong(method, path, reply.status, &reply.body);
        self.wrong.lock().unwrap().extend(wrong);
        reply
    }

    pub(crate) fn request(&self, method: &str, path: &str, token: Option<&str>) -> reqwest::RequestBuilder {
        let url = match path.starts_with("http") {
            true => path.to_owned(),
            false => format!("{}{path}", self.running.base_url()),
        };
        let request = self.http.request(method.parse().unwrap(), url);
        match token {
            Some(token) => request.bearer_auth(token),
            None => request,
        }
    }

    /// The answer; status 0 when there is none.
    pub(crate) async fn answer(&self, request: reqwest::RequestBuilder) -> Reply {
        let Ok(answer) = request.send().await else {
            return Reply { status: 0, headers: HeaderMap::new(), body: String::new() };
        };
        let (status, headers) = (answer.status().as_u16(), answer.headers().clone());
        Reply { status, headers, body: answer.text().await.unwrap_or_default() }
    }

    pub(crate) async fn get(&self, path: &str, token: Option<&str>) -> Reply {
        self.send("GET", path, token, None).await
    }

    pub(crate) async fn post(&self, path: &str, token: Option<&str>, body: Value) -> Reply {
        self.send("POST", path, token, Some(body)).await
    }

    /// Registers somebody, follows the link in the mail and logs in.
    pub(crate) async fn person(&self, name: &str) -> Person {
        let email = format!("{name}@example.test");
        let new = json!({ "email": email, "password": PASSWORD, "name": name });
        let id = self.post("/auth/register", None, new).await.text("id");
        if let Some(token) = self.mails.token(&email) {
            self.get(&format!("/auth/verify?token={token}"), None).await;
        }
        let (token, _) = self.log_in(&email).await;
        Person { id, email, token }
    }

    /// The access and the refresh token of a new session.
    pub(crate) async fn log_in(&self, email: &str) -> (String, String) {
        let login = self.post("/auth/login", None, json!({ "email": email, "password": PASSWORD })).await;
        (login.text("access_token"), login.text("refresh_token"))
    }

    /// Opens a WebSocket.
    pub(crate) async fn socket(&self, path: &str, token: &str) -> Socket {
        let url = format!("{}{path}", self.running.base_url().replace("http://", "ws://"));
        let mut request = url.into_client_request().unwrap();
        request.headers_mut().insert("authorization", format!("Bearer {token}").parse().unwrap());
        let (stream, _) = connect_async(request).await.unwrap();
        let mut socket = Socket { stream, heard: Vec::new() };
        socket.next("ready").await.unwrap();
        socket
    }

    /// Asks until the answer is this, for two seconds; gives the last one.
    pub(crate) async fn until(&self, path: &str, token: &str, field: &str, value: &str) -> String {
        let mut last = String::new();
        for _ in 0..40 {
            last = self.get(path, Some(token)).await.text(field);
            if last == value {
                break;
            }
            tokio::time::sleep(Duration::from_millis(50)).await;
        }
        last
    }

    /// The value of a metric, `none` without one.
    pub(crate) async fn metric(&self, name: &str) -> String {
        let body = self.get("/metrics", None).await.body;
        let line = body.lines().find_map(|line| line.strip_prefix(name)?.strip_prefix(' '));
        line.unwrap_or("none").to_owned()
    }
}

/// An open WebSocket.
pub(crate) struct Socket {
    stream: WebSocketStream<MaybeTlsStream<TcpStream>>,
    /// Events that came and were not asked for yet.
    heard: Vec<Value>,
}

impl Socket {
    /// The next event of a type that comes within three seconds and was not asked for before.
    pub(crate) async fn next(&mut self, kind: &str) -> Option<Value> {
        self.next_within(kind, Duration::from_secs(3)).await
    }

    pub(crate) async fn next_within(&mut self, kind: &str, limit: Duration) -> Option<Value> {
        if let Some(at) = self.heard.iter().position(|event| event["type"] == kind) {
            return Some(self.heard.remove(at));
        }
        timeout(limit, async {
            loop {
                let Some(Ok(message)) = self.stream.next().await else { return None };
                let Message::Text(text) = message else { continue };
                let event: Value = serde_json::from_str(&text).unwrap();
                if event["type"] == kind {
                    return Some(event);
                }
                self.heard.push(event);
            }
        })
        .await
        .ok()
        .flatten()
    }

    pub(crate) async fn say(&mut self, said: Value) {
        self.stream.send(Message::Text(said.to_string().into())).await.unwrap();
    }

    pub(crate) async fn close(mut self) {
        let _ = self.stream.close(None).await;
        let ended = async { while self.stream.next().await.is_some_and(|message| message.is_ok()) {} };
        // A server that leaks sockets never ends them.
        let _ = timeout(Duration::from_secs(1), ended).await;
    }
}

/// What was seen, by the name of what was looked at.
#[derive(Default)]
pub(crate) struct Seen(pub(crate) BTreeMap<&'static str, String>);

impl Seen {
    pub(crate) fn note(&mut self, what: &'static str, seen: impl ToString) {
        assert!(self.0.insert(what, seen.to_string()).is_none(), "{what} is looked at twice");
    }
}
