//! `api:` a small API of notes with real accounts and signed tokens, as `${API}`; what it keeps is
//! in the process. Each fault is one word in `faults`. `secret` signs its tokens (HS256). Its OpenAPI
//! document is `${FOLDER}/notes.yaml`.

mod faulty;
mod token;

use std::collections::{BTreeMap, BTreeSet};
use std::sync::{Arc, Mutex, PoisonError};

use gonogo_model::yaml::{self, Node};
use serde::Deserialize;
use serde_json::{Value, json};
use tokio::io::{AsyncBufReadExt, AsyncReadExt, AsyncWriteExt, BufReader};
use tokio::net::{TcpListener, TcpStream};
use tokio::task::JoinHandle;

use super::World;

/// Wrong logins until an account is locked.
const MOST_FAILURES: u32 = 3;

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct Wanted {
    secret: String,
    #[serde(default)]
    faults: Vec<String>,
}

/// Ends the server with the case.
struct Running(JoinHandle<()>);

impl Drop for Running {
    fn drop(&mut self) {
        self.0.abort();
    }
}

/// `api: { secret: "…", faults: [none-accepted] }`
pub(crate) fn start(world: &mut World, node: &Node) -> Result<(), String> {
    let wanted: Wanted = yaml::read(node).map_err(|error| error.to_string())?;
    let document = world.folder.path().join("notes.yaml");
    std::fs::write(document, include_str!("api/notes.yaml")).map_err(|error| error.to_string())?;
    let listener = tokio::runtime::Handle::current().block_on(TcpListener::bind("127.0.0.1:0"));
    let listener = listener.map_err(|error| error.to_string())?;
    let address = listener.local_addr().map_err(|error| error.to_string())?;
    world.places.insert("API".to_owned(), format!("http://{address}"));
    let api = Arc::new(Api {
        secret: wanted.secret,
        faults: wanted.faults.into_iter().collect(),
        kept: Mutex::default(),
    });
    world.keep(Running(tokio::spawn(async move {
        while let Ok((stream, _)) = listener.accept().await {
            tokio::spawn(answer_all(stream, Arc::clone(&api)));
        }
    })));
    Ok(())
}

struct Api {
    secret: String,
    faults: BTreeSet<String>,
    kept: Mutex<Kept>,
}

#[derive(Default)]
struct Kept {
    accounts: BTreeMap<String, Account>,
    /// Refresh token to account and session.
    refresh: BTreeMap<String, (String, String)>,
    ended: BTreeSet<String>,
    notes: Vec<(String, String, String)>,
    made: u32,
}

struct Account {
    id: String,
    password: String,
    failures: u32,
}

/// A request, as far as this API reads it.
struct Asked {
    method: String,
    path: String,
    query: BTreeMap<String, String>,
    headers: BTreeMap<String, String>,
    body: Option<Value>,
}

/// An answer: status, media type, body and one more header.
struct Said {
    status: u16,
    media: &'static str,
    body: String,
    header: Option<String>,
    /// How long it takes.
    ms: u64,
}

fn json_of(status: u16, body: Value) -> Said {
    let body = if body.is_null() { String::new() } else { body.to_string() };
    Said { status, media: "application/json", body, header: None, ms: 0 }
}

fn refused(status: u16) -> Said {
    json_of(status, json!({ "error": "no" }))
}

async fn answer_all(stream: TcpStream, api: Arc<Api>) -> Option<()> {
    let mut stream = BufReader::new(stream);
    loop {
        let asked = read(&mut stream).await?;
        let said = api.answer(&asked);
        // The slowness is what the case is about.
        tokio::time::sleep(std::time::Duration::from_millis(said.ms)).await;
        let media =
            if said.body.is_empty() { String::new() } else { format!("Content-Type: {}\r\n", said.media) };
        let header = said.header.map(|header| format!("{header}\r\n")).unwrap_or_default();
        let text = format!(
            "HTTP/1.1 {} Said\r\n{media}{header}Content-Length: {}\r\n\r\n{}",
            said.status,
            said.body.len(),
            said.body
        );
        stream.get_mut().write_all(text.as_bytes()).await.ok()?;
    }
}

async fn read(stream: &mut BufReader<TcpStream>) -> Option<Asked> {
    let mut head = String::new();
    while !head.ends_with("\r\n\r\n") {
        if stream.read_line(&mut head).await.ok()? == 0 {
            return None;
        }
    }
    let mut lines = head.lines();
    let mut words = lines.next()?.split(' ');
    let (method, target) = (words.next()?.to_owned(), words.next()?.to_owned());
    let headers: BTreeMap<String, String> = lines
        .filter_map(|line| line.split_once(':'))
        .map(|(name, value)| (name.to_lowercase(), value.trim().to_owned()))
        .collect();
    let length = headers.get("content-length").and_then(|length| length.parse().ok()).unwrap_or(0);
    let mut body = vec![0; length];
    stream.read_exact(&mut body).await.ok()?;
    let (path, query) = target.split_once('?').unwrap_or((&target, ""));
    let query = url::form_urlencoded::parse(query.as_bytes()).into_owned().collect();
    let path = percent_encoding::percent_decode_str(path).decode_utf8_lossy().into_owned();
    Some(Asked { method, path, query, headers, body: serde_json::from_slice(&body).ok() })
}

impl Api {
    fn has(&self, fault: &str) -> bool {
        self.faults.contains(fault)
    }

    fn answer(&self, asked: &Asked) -> Said {
        let mut kept = self.kept.lock().unwrap_or_else(PoisonError::into_inner);
        match (asked.method.as_str(), asked.path.as_str()) {
            ("POST", "/register") => register(&mut kept, asked),
            ("POST", "/login") => self.login(&mut kept, asked),
            ("POST", "/refresh") => self.refresh(&mut kept, asked),
            ("GET", "/page") => faulty::page(self, asked),
            ("GET", "/debug/config") if self.has("undocumented") => json_of(200, json!({ "debug": true })),
            (_, path) if ["/logout", "/me", "/search"].contains(&path) || path.starts_with("/notes") => {
                match self.caller(&kept, asked) {
                    Some((id, session)) => self.signed_in(&mut kept, asked, &id, &session),
                    None if path == "/me" && self.has("me-open") => json_of(200, json!({ "id": "nobody" })),
                    None => refused(401),
                }
            }
            _ => refused(404),
        }
    }

    /// The account and session of a token that is taken.
    fn caller(&self, kept: &Kept, asked: &Asked) -> Option<(String, String)> {
        let token = asked.headers.get("authorization")?.strip_prefix("Bearer ")?;
        let claims = token::read(token, &self.secret, &|fault| self.has(fault))?;
        let session = claims["sid"].as_str()?.to_owned();
        let ended = kept.ended.contains(&session) && !self.has("revocation-ignored");
        (!ended).then(|| (claims["sub"].as_str().unwrap_or_default().to_owned(), session))
    }

    fn login(&self, kept: &mut Kept, asked: &Asked) -> Said {
        let text = |key: &str| asked.body.as_ref().and_then(|body| body[key].as_str()).map(str::to_owned);
        let (Some(email), Some(password)) = (text("email"), text("password")) else { return refused(400) };
        let Some(account) = kept.accounts.get_mut(&email) else {
            return refused(if self.has("login-tells-accounts") { 404 } else { 401 });
        };
        if account.failures >= MOST_FAILURES && !self.has("lockout-off") {
            return Said { header: Some("Retry-After: 900".to_owned()), ..refused(423) };
        }
        if account.password != password {
            account.failures += 1;
            return refused(401);
        }
        account.failures = 0;
        let id = account.id.clone();
        kept.made += 1;
        let session = format!("s{}", kept.made);
        let cookie =
            format!("Set-Cookie: __Host-session={session}; Path=/; HttpOnly; Secure; SameSite=Strict");
        Said { header: Some(cookie), ..self.tokens(kept, &id, &session) }
    }

    fn tokens(&self, kept: &mut Kept, id: &str, session: &str) -> Said {
        kept.made += 1;
        let refresh = format!("refresh-{session}-{}", kept.made);
        kept.refresh.insert(refresh.clone(), (id.to_owned(), session.to_owned()));
        let token = token::issue(id, session, &self.secret);
        json_of(200, json!({ "token": token, "refresh": refresh, "id": id }))
    }

    fn refresh(&self, kept: &mut Kept, asked: &Asked) -> Said {
        let given = asked.body.as_ref().and_then(|body| body["refresh"].as_str()).unwrap_or_default();
        let Some((id, session)) = kept.refresh.get(given).cloned() else { return refused(401) };
        if kept.ended.contains(&session) && !self.has("refresh-outlives-logout") {
            return refused(401);
        }
        if !self.has("refresh-reused") {
            kept.refresh.remove(given);
        }
        self.tokens(kept, &id, &session)
    }

    fn signed_in(&self, kept: &mut Kept, asked: &Asked, id: &str, session: &str) -> Said {
        let note = asked.path.strip_prefix("/notes/");
        let sees = |owner: &str| owner == id || self.has("other-note-readable");
        match (asked.method.as_str(), asked.path.as_str(), note) {
            ("POST", "/logout", _) => {
                kept.ended.insert(session.to_owned());
                json_of(204, Value::Null)
            }
            ("GET", "/me", _) => match self.has("breaks-document") {
                true => json_of(200, json!({ "id": 7 })),
                false => json_of(200, json!({ "id": id })),
            },
            ("POST", "/notes", _) => self.make_note(kept, asked, id),
            ("GET", _, Some(note)) => faulty::broken(self, note).unwrap_or_else(|| {
                match kept.notes.iter().find(|(known, owner, _)| known == note && sees(owner)) {
                    Some((id, _, text)) => json_of(200, json!({ "id": id, "text": text })),
                    None => refused(404),
                }
            }),
            ("DELETE", _, Some(note)) => {
                let before = kept.notes.len();
                kept.notes.retain(|(known, owner, _)| known != note || owner != id);
                if kept.notes.len() < before { json_of(204, Value::Null) } else { refused(404) }
            }
            ("GET", "/search", _) => faulty::search(self, kept, asked, id),
            _ => refused(405),
        }
    }

    fn make_note(&self, kept: &mut Kept, asked: &Asked, id: &str) -> Said {
        let text = asked.body.as_ref().and_then(|body| body["text"].as_str());
        let Some(text) = text.filter(|text| text.chars().count() <= 100 || self.has("length-unchecked"))
        else {
            return refused(if self.has("bad-accepted") { 201 } else { 400 });
        };
        if let Some(said) = faulty::broken(self, text) {
            return said;
        }
        kept.made += 1;
        let note = format!("n{}", kept.made);
        kept.notes.push((note.clone(), id.to_owned(), text.to_owned()));
        json_of(201, json!({ "id": note, "text": text }))
    }
}

fn register(kept: &mut Kept, asked: &Asked) -> Said {
    let text = |key: &str| asked.body.as_ref().and_then(|body| body[key].as_str()).map(str::to_owned);
    let (Some(email), Some(password)) = (text("email"), text("password")) else { return refused(400) };
    kept.made += 1;
    let id = format!("u{}", kept.made);
    kept.accounts.insert(email, Account { id: id.clone(), password, failures: 0 });
    json_of(201, json!({ "id": id }))
}
