//! Where gonogo listens in place of what a system calls: a mail server, or an HTTP service such as
//! a push provider or a model. A sink keeps what it is sent, and answers as it was told last. It is
//! opened once in a run, whatever number of looks uses it, and closed with the run.

mod http;
mod mail;

use std::collections::BTreeMap;
use std::net::SocketAddr;
use std::sync::{Arc, Mutex, PoisonError};
use std::time::Duration;

use tokio::net::TcpListener;
use tokio::sync::Notify;
use tokio::task::JoinHandle;
use tokio::time::Instant;
use url::Url;

use super::net;
use crate::context::Reach;
use crate::probe::Unmeasured;

/// More is not kept of one thing that arrives.
const LARGEST: usize = 256 * 1024;
/// More things are not kept; the oldest go first.
const MOST: usize = 10_000;

/// The sinks that are open.
#[derive(Debug, Default)]
pub struct Sinks(tokio::sync::Mutex<BTreeMap<String, Arc<Sink>>>);

impl Sinks {
    /// The sink at an address such as `smtp://127.0.0.1:2525`; it is opened if it is not.
    pub(crate) async fn open(&self, address: &str) -> Result<Arc<Sink>, Unmeasured> {
        let mut open = self.0.lock().await;
        if let Some(sink) = open.get(address) {
            return Ok(Arc::clone(sink));
        }
        let sink = Arc::new(Sink::listen(address).await?);
        open.insert(address.to_owned(), Arc::clone(&sink));
        Ok(sink)
    }
}

/// One sink. It stops listening when it is dropped.
#[derive(Debug)]
pub(crate) struct Sink {
    kept: Arc<Kept>,
    listening: JoinHandle<()>,
}

/// What arrived at a sink, and how it answers.
#[derive(Debug, Default)]
struct Kept {
    arrived: Mutex<Vec<Arrived>>,
    news: Notify,
    answer: Mutex<Reply>,
}

/// Something that arrived.
#[derive(Debug, Clone)]
pub(crate) struct Arrived {
    /// Which one it is, from 0, of all that ever arrived here.
    pub(crate) number: u64,
    /// When.
    pub(crate) at: Instant,
    /// Whom a mail is for; the path that a request asked for.
    pub(crate) to: Vec<String>,
    /// Headers by lower-case name; of several with one name the last.
    pub(crate) headers: BTreeMap<String, String>,
    /// The text of the mail or the body of the request.
    pub(crate) body: String,
}

/// How an HTTP sink answers, or whether a mail server takes mails.
#[derive(Debug, Clone)]
pub(crate) struct Reply {
    pub(crate) status: u16,
    pub(crate) body: String,
    pub(crate) after: Duration,
}

impl Default for Reply {
    fn default() -> Reply {
        Reply { status: 200, body: "{}".to_owned(), after: Duration::ZERO }
    }
}

impl Sink {
    async fn listen(address: &str) -> Result<Sink, Unmeasured> {
        let form =
            || Unmeasured::because("a sink is written `smtp://127.0.0.1:2525` or `http://127.0.0.1:9099`");
        let url = Url::parse(address).map_err(|_| form())?;
        let (Some(host), Some(port)) = (url.host_str(), url.port_or_known_default()) else {
            return Err(form());
        };
        // Whoever may not be called may not be listened for either: a sink is on this machine.
        let found = net::resolve(&Reach::default(), host, port, Duration::from_secs(5)).await;
        let addresses: Vec<SocketAddr> = found.map_err(|error| Unmeasured::because(error.to_string()))?;
        let listener = TcpListener::bind(addresses.as_slice()).await.map_err(|error| {
            Unmeasured::because(format!(
                "gonogo cannot listen on {host} port {port} ({error}); stop what listens there, or \
                 give the sink and the system another port"
            ))
        })?;
        let kept = Arc::<Kept>::default();
        let listening = match url.scheme() {
            "smtp" => tokio::spawn(mail::serve(listener, Arc::clone(&kept))),
            "http" => tokio::spawn(http::serve(listener, Arc::clone(&kept))),
            _ => return Err(form()),
        };
        Ok(Sink { kept, listening })
    }

    /// From now on it answers so.
    pub(crate) fn answer(&self, reply: Reply) {
        *self.kept.answer.lock().unwrap_or_else(PoisonError::into_inner) = reply;
    }

    /// What arrived with this number or a later one.
    pub(crate) fn since(&self, number: u64) -> Vec<Arrived> {
        let arrived = self.kept.arrived.lock().unwrap_or_else(PoisonError::into_inner);
        arrived.iter().filter(|one| one.number >= number).cloned().collect()
    }

    /// The number that the next to arrive will have.
    pub(crate) fn next(&self) -> u64 {
        let arrived = self.kept.arrived.lock().unwrap_or_else(PoisonError::into_inner);
        arrived.last().map_or(0, |last| last.number + 1)
    }

    /// The first thing from number `since` on that fits, as soon as it is there, but not after `until`.
    pub(crate) async fn first(
        &self,
        since: u64,
        until: Instant,
        mut fits: impl FnMut(&Arrived) -> bool,
    ) -> Option<Arrived> {
        let mut seen = since;
        loop {
            // Whoever arrives between the look and the wait still wakes it.
            let news = self.kept.news.notified();
            for arrived in self.since(seen) {
                seen = arrived.number + 1;
                if fits(&arrived) {
                    return Some(arrived);
                }
            }
            tokio::time::timeout_at(until, news).await.ok()?;
        }
    }
}

impl Drop for Sink {
    fn drop(&mut self) {
        self.listening.abort();
    }
}

impl Kept {
    fn take(&self, to: Vec<String>, headers: BTreeMap<String, String>, body: String) {
        let mut arrived = self.arrived.lock().unwrap_or_else(PoisonError::into_inner);
        let number = arrived.last().map_or(0, |last| last.number + 1);
        if arrived.len() >= MOST {
            arrived.remove(0);
        }
        arrived.push(Arrived { number, at: Instant::now(), to, headers, body });
        drop(arrived);
        self.news.notify_waiters();
    }

    fn reply(&self) -> Reply {
        self.answer.lock().unwrap_or_else(PoisonError::into_inner).clone()
    }
}

#[cfg(test)]
mod tests {
    use tokio::io::{AsyncReadExt, AsyncWriteExt};
    use tokio::net::TcpStream;

    use super::*;

    const LIMIT: Duration = Duration::from_secs(10);

    async fn free(scheme: &str) -> String {
        let listener = TcpListener::bind("127.0.0.1:0").await.unwrap();
        format!("{scheme}://{}", listener.local_addr().unwrap())
    }

    async fn say(address: &str, text: &str) -> String {
        let (_, place) = address.split_once("://").unwrap();
        let mut stream = TcpStream::connect(place).await.unwrap();
        stream.write_all(text.as_bytes()).await.unwrap();
        let mut heard = String::new();
        tokio::time::timeout(LIMIT, stream.read_to_string(&mut heard)).await.unwrap().unwrap();
        heard
    }

    #[tokio::test]
    async fn a_mail_is_kept_with_whom_it_is_for() {
        let sinks = Sinks::default();
        let address = free("smtp").await;
        let sink = sinks.open(&address).await.unwrap();
        let mail = "HELO x\r\nMAIL FROM:<a@x.test>\r\nRCPT TO:<b@x.test>\r\nDATA\r\nSubject: Hi\r\n\r\n..dot\r\nlink\r\n.\r\nQUIT\r\n";
        let heard = say(&address, mail).await;
        assert!(heard.starts_with("220 ") && heard.ends_with("221 bye\r\n"), "{heard}");
        let found = sink.first(0, Instant::now() + LIMIT, |one| one.body.contains("link")).await.unwrap();
        assert_eq!(found.to, ["b@x.test"]);
        assert_eq!((found.headers["subject"].as_str(), found.body.as_str()), ("Hi", ".dot\nlink\n"));
        assert!(Arc::ptr_eq(&sink, &sinks.open(&address).await.unwrap()));
    }

    #[tokio::test]
    async fn a_request_is_kept_and_answered_as_told() {
        let sinks = Sinks::default();
        let address = free("http").await;
        let sink = sinks.open(&address).await.unwrap();
        sink.answer(Reply { status: 410, body: "gone".to_owned(), after: Duration::ZERO });
        let request = "POST /push?a=b HTTP/1.1\r\nHost: x\r\nX-Kind: k\r\nConnection: close\r\nContent-Length: 4\r\n\r\nbody";
        let heard = say(&address, request).await;
        assert!(heard.starts_with("HTTP/1.1 410 ") && heard.ends_with("gone"), "{heard}");
        let found = &sink.since(0)[0];
        assert_eq!((found.to.as_slice(), found.body.as_str()), (&["/push?a=b".to_owned()][..], "body"));
        assert_eq!(found.headers["x-kind"], "k");
        let late = sink.first(sink.next(), Instant::now() + Duration::from_millis(20), |_| true).await;
        assert!(late.is_none());
    }

    #[tokio::test]
    async fn a_port_that_is_taken_is_said() {
        let listener = TcpListener::bind("127.0.0.1:0").await.unwrap();
        let address = format!("http://{}", listener.local_addr().unwrap());
        let why = Sinks::default().open(&address).await.unwrap_err().why;
        assert!(why.contains("cannot listen") && why.contains("another port"), "{why}");
        let why = Sinks::default().open("http://192.0.2.1:9").await.unwrap_err().why;
        assert!(why.contains("192.0.2.1"), "{why}");
    }
}
