//! Mail over SMTP: plain, without a login, to a relay in the same network. It does not know what
//! the mails are about.

use std::sync::Arc;
use std::time::Duration;

use tokio::io::{AsyncBufReadExt, AsyncWriteExt, BufReader};
use tokio::net::TcpStream;
use tokio::time::timeout;

use crate::config::Config;
use crate::fault::{Behaviour, Faults};
use crate::metrics::Metrics;

const MAIL_LIMIT: Duration = Duration::from_secs(5);
/// No relay greets longer.
const MOST_LINES: usize = 64;

/// A mail could not be handed over.
#[derive(Debug, thiserror::Error)]
#[error("the mail server did not take the mail")]
pub(crate) struct MailError;

/// Hands mails over.
pub(crate) struct Mailer {
    address: Option<String>,
    from: String,
    swallows: bool,
    metrics: Arc<Metrics>,
}

impl Mailer {
    pub(crate) fn new(config: &Config, faults: &Faults, metrics: Arc<Metrics>) -> Mailer {
        let swallows = faults.on(Behaviour::MailSwallowed);
        Mailer { address: config.smtp.clone(), from: config.mail_from.clone(), swallows, metrics }
    }

    /// `HOST:PORT` of the relay.
    pub(crate) fn address(&self) -> Option<&str> {
        self.address.as_deref()
    }

    pub(super) fn can_send(&self) -> bool {
        self.address.is_some()
    }

    /// Hands one mail over. `to` is one address, checked before.
    pub(super) async fn send(&self, to: &str, subject: &str, text: &str) -> Result<(), MailError> {
        if self.swallows {
            return Ok(());
        }
        let sent = timeout(MAIL_LIMIT, self.talk(to, subject, text)).await;
        let sent = sent.ok().flatten().ok_or(MailError);
        match sent {
            Ok(()) => self.metrics.mails.inc(),
            Err(MailError) => self.metrics.mail_failures.inc(),
        };
        sent
    }

    async fn talk(&self, to: &str, subject: &str, text: &str) -> Option<()> {
        let stream = TcpStream::connect(self.address.as_deref()?).await.ok()?;
        let mut stream = BufReader::new(stream);
        expect(&mut stream, "220").await?;
        let envelope = [
            ("HELO secureconnect", "250"),
            (&format!("MAIL FROM:<{}>", self.from), "250"),
            (&format!("RCPT TO:<{to}>"), "250"),
            ("DATA", "354"),
        ];
        for (line, code) in envelope {
            say(&mut stream, line).await?;
            expect(&mut stream, code).await?;
        }
        let date = jiff::Zoned::now().strftime("%a, %d %b %Y %H:%M:%S %z");
        let head = format!("From: <{}>\r\nTo: <{to}>\r\nSubject: {subject}\r\nDate: {date}\r\n", self.from);
        say(&mut stream, &format!("{head}Content-Type: text/plain; charset=utf-8\r\n")).await?;
        for line in text.lines() {
            // A line that is a dot would end the mail.
            let dot = if line.starts_with('.') { "." } else { "" };
            say(&mut stream, &format!("{dot}{line}")).await?;
        }
        say(&mut stream, ".").await?;
        expect(&mut stream, "250").await?;
        say(&mut stream, "QUIT").await
    }
}

async fn say(stream: &mut BufReader<TcpStream>, line: &str) -> Option<()> {
    stream.write_all(format!("{line}\r\n").as_bytes()).await.ok()
}

/// Reads an answer, which may have several lines, and whether it has this code.
async fn expect(stream: &mut BufReader<TcpStream>, code: &str) -> Option<()> {
    for _ in 0..MOST_LINES {
        let mut line = String::new();
        stream.read_line(&mut line).await.ok()?;
        if line.as_bytes().get(3) != Some(&b'-') {
            return line.starts_with(code).then_some(());
        }
    }
    None
}
