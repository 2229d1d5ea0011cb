//! `mailer:` a service that sends a mail for every request, as `${MAILER}`: to the `email` of the JSON
//! body, over SMTP, to the address under `relay`. It answers 201 when the relay took the mail, and 503
//! when it did not.

use std::sync::Arc;

use gonogo_model::yaml::{self, Node};
use serde::Deserialize;
use tokio::io::{AsyncBufReadExt, AsyncReadExt, AsyncWriteExt, BufReader};
use tokio::net::{TcpListener, TcpStream};
use tokio::task::JoinHandle;

use super::World;

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct Wanted {
    /// `host:port` of the relay.
    relay: String,
    /// Headers and text of the mail, with an empty line between them.
    mail: String,
    /// How often it is sent.
    #[serde(default = "once")]
    times: usize,
}

fn once() -> usize {
    1
}

struct Running(JoinHandle<()>);

impl Drop for Running {
    fn drop(&mut self) {
        self.0.abort();
    }
}

/// `mailer: { relay: "${CLOSED}", mail: "Subject: Hi\n\ntext" }`
pub(crate) fn start(world: &mut World, node: &Node) -> Result<(), String> {
    let mut wanted: Wanted = yaml::read(node).map_err(|error| error.to_string())?;
    wanted.relay = world.fill(&wanted.relay)?;
    let listener = tokio::runtime::Handle::current().block_on(TcpListener::bind("127.0.0.1:0"));
    let listener = listener.map_err(|error| error.to_string())?;
    let address = listener.local_addr().map_err(|error| error.to_string())?;
    world.places.insert("MAILER".to_owned(), format!("http://{address}"));
    wanted.mail = wanted.mail.replace("MAILER", &format!("http://{address}"));
    let wanted = Arc::new(wanted);
    world.keep(Running(tokio::spawn(async move {
        while let Ok((stream, _)) = listener.accept().await {
            tokio::spawn(serve(stream, Arc::clone(&wanted)));
        }
    })));
    Ok(())
}

async fn serve(stream: TcpStream, wanted: Arc<Wanted>) -> Option<()> {
    let mut stream = BufReader::new(stream);
    let (mut line, mut length) = (String::new(), 0);
    loop {
        line.clear();
        stream.read_line(&mut line).await.ok().filter(|read| *read > 0)?;
        if let Some(value) = line.to_ascii_lowercase().strip_prefix("content-length:") {
            length = value.trim().parse().ok()?;
        }
        if line == "\r\n" {
            break;
        }
    }
    let mut body = vec![0; length];
    stream.read_exact(&mut body).await.ok()?;
    let asked: serde_json::Value = serde_json::from_slice(&body).ok()?;
    let mut sent = true;
    for _ in 0..wanted.times {
        sent &= send(&wanted, asked["email"].as_str().unwrap_or_default()).await.is_some();
    }
    let status = if sent { "201 Sent" } else { "503 Not sent" };
    let answer = format!("HTTP/1.1 {status}\r\nContent-Length: 0\r\nConnection: close\r\n\r\n");
    stream.get_mut().write_all(answer.as_bytes()).await.ok()
}

async fn send(wanted: &Wanted, to: &str) -> Option<()> {
    let mut relay = BufReader::new(TcpStream::connect(&wanted.relay).await.ok()?);
    let mail = wanted.mail.replace('\n', "\r\n");
    let lines = [
        String::new(),
        "EHLO mailer".to_owned(),
        "MAIL FROM:<a@mailer.test>".to_owned(),
        format!("RCPT TO:<{to}>"),
        "DATA".to_owned(),
        format!("{mail}\r\n."),
        "QUIT".to_owned(),
    ];
    for line in lines {
        if !line.is_empty() {
            relay.get_mut().write_all(format!("{line}\r\n").as_bytes()).await.ok()?;
        }
        let mut answer = String::new();
        relay.read_line(&mut answer).await.ok()?;
        answer.starts_with(['2', '3']).then_some(())?;
    }
    Some(())
}
