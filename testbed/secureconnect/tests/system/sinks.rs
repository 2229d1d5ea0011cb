//! What the system talks to in a test: a mail server, a push provider and a model.

use std::sync::atomic::{AtomicU16, Ordering};
use std::sync::{Arc, Mutex};
use std::time::Duration;

use axum::extract::State;
use axum::http::StatusCode;
use axum::routing::post;
use axum::{Json, Router};
use serde_json::{Value, json};
use tokio::io::{AsyncBufReadExt, AsyncWriteExt, BufReader};
use tokio::net::{TcpListener, TcpStream};
use tokio::time::sleep;

/// A mail server that keeps what it is given.
#[derive(Clone, Default)]
pub(crate) struct Mails(Arc<Mutex<Vec<String>>>);

impl Mails {
    /// Starts one and gives its address too.
    pub(crate) async fn start() -> (Mails, String) {
        let mails = Mails::default();
        let listener = TcpListener::bind("127.0.0.1:0").await.unwrap();
        let url = format!("smtp://{}", listener.local_addr().unwrap());
        let kept = mails.clone();
        tokio::spawn(async move {
            while let Ok((stream, _)) = listener.accept().await {
                tokio::spawn(take(stream, kept.clone()));
            }
        });
        (mails, url)
    }

    pub(crate) fn all(&self) -> Vec<String> {
        self.0.lock().unwrap().clone()
    }

    /// The token in the newest mail to an address.
    pub(crate) fn token(&self, address: &str) -> Option<String> {
        let mails = self.all();
        let mail = mails.iter().rev().find(|mail| mail.contains(&format!("To: <{address}>")))?;
        Some(mail.split_once("/auth/verify?token=")?.1.split_whitespace().next()?.to_owned())
    }
}

async fn take(stream: TcpStream, mails: Mails) {
    let mut stream = BufReader::new(stream);
    stream.write_all(b"220 sink\r\n").await.unwrap();
    let (mut data, mut mail, mut line) = (false, String::new(), String::new());
    loop {
        line.clear();
        if stream.read_line(&mut line).await.unwrap_or(0) == 0 {
            return;
        }
        let answer: &[u8] = match line.trim_end() {
            "." if data => {
                mails.0.lock().unwrap().push(std::mem::take(&mut mail));
                data = false;
                b"250 taken\r\n"
            }
            _ if data => {
                mail.push_str(&line);
                continue;
            }
            "DATA" => {
                data = true;
                b"354 go on\r\n"
            }
            "QUIT" => b"221 bye\r\n",
            _ => b"250 fine\r\n",
        };
        stream.write_all(answer).await.unwrap();
    }
}

/// An HTTP server that keeps what is posted, and answers with a status that a test sets; 0 is never.
#[derive(Clone)]
pub(crate) struct Sink {
    posted: Arc<Mutex<Vec<Value>>>,
    status: Arc<AtomicU16>,
}

impl Sink {
    pub(crate) async fn start() -> (Sink, String) {
        let sink = Sink { posted: Arc::default(), status: Arc::new(AtomicU16::new(200)) };
        let listener = TcpListener::bind("127.0.0.1:0").await.unwrap();
        let url = format!("http://{}", listener.local_addr().unwrap());
        let app = Router::new().fallback(post(keep)).with_state(sink.clone());
        tokio::spawn(async move { axum::serve(listener, app).await });
        (sink, url)
    }

    pub(crate) fn answers(&self, status: u16) {
        self.status.store(status, Ordering::Relaxed);
    }

    pub(crate) fn posted(&self) -> Vec<Value> {
        self.posted.lock().unwrap().clone()
    }
}

async fn keep(State(sink): State<Sink>, Json(body): Json<Value>) -> (StatusCode, Json<Value>) {
    sink.posted.lock().unwrap().push(body.clone());
    let status = sink.status.load(Ordering::Relaxed);
    if status == 0 {
        sleep(Duration::from_secs(3600)).await;
    }
    // Both a model's answer and a provider's.
    let prompt = body.pointer("/messages/0/content").cloned().unwrap_or_default();
    let said = json!({ "choices": [{ "message": { "role": "assistant", "content": prompt } }] });
    (StatusCode::from_u16(status).unwrap(), Json(said))
}
