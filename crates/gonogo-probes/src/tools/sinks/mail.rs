//! The mail server of a sink: as much of SMTP (RFC 5321) as handing mails over needs.

use std::collections::BTreeMap;
use std::sync::Arc;
use std::time::Duration;

use tokio::io::{AsyncBufReadExt, AsyncReadExt, AsyncWriteExt, BufReader};
use tokio::net::{TcpListener, TcpStream};

use super::{Kept, LARGEST};

/// A client that says nothing for so long is let go.
const PATIENCE: Duration = Duration::from_secs(60);
/// RFC 5321 allows 1,000 bytes in a line of text.
const LONGEST_LINE: u64 = 64 * 1024;

pub(super) async fn serve(listener: TcpListener, kept: Arc<Kept>) {
    while let Ok((stream, _)) = listener.accept().await {
        // A client that hangs up in the middle has handed nothing over.
        tokio::spawn(talk(stream, Arc::clone(&kept)));
    }
}

async fn talk(stream: TcpStream, kept: Arc<Kept>) -> Option<()> {
    let mut stream = BufReader::new(stream);
    say(&mut stream, "220 gonogo sink").await?;
    let mut to: Vec<String> = Vec::new();
    loop {
        let line = line(&mut stream).await?;
        let command = line.trim_end().to_ascii_uppercase();
        let answer = match command.as_str() {
            _ if command.starts_with("EHLO") || command.starts_with("HELO") => "250 gonogo",
            _ if command.starts_with("MAIL FROM") => {
                to.clear();
                "250 fine"
            }
            _ if command.starts_with("RCPT TO") => {
                to.push(address(&line).to_owned());
                "250 fine"
            }
            "DATA" => {
                say(&mut stream, "354 go on").await?;
                let text = text(&mut stream).await?;
                take(&kept, std::mem::take(&mut to), &text)
            }
            "QUIT" => return say(&mut stream, "221 bye").await,
            "RSET" | "NOOP" => "250 fine",
            _ => "502 not known",
        };
        say(&mut stream, answer).await?;
    }
}

/// Keeps a mail, unless the sink was told to refuse.
fn take(kept: &Kept, to: Vec<String>, text: &str) -> &'static str {
    if kept.reply().status >= 400 {
        return "451 not now";
    }
    let (head, body) = text.split_once("\n\n").unwrap_or((text, ""));
    let headers: BTreeMap<String, String> = head
        .lines()
        .filter_map(|line| line.split_once(':'))
        .map(|(name, value)| (name.trim().to_ascii_lowercase(), value.trim().to_owned()))
        .collect();
    kept.take(to, headers, body.to_owned());
    "250 taken"
}

/// What stands between the angle brackets.
fn address(line: &str) -> &str {
    let after = line.split_once('<').map_or(line, |(_, after)| after);
    after.split_once('>').map_or(after, |(before, _)| before).trim()
}

/// The mail up to the line with one dot, with `\n` at the end of each line.
async fn text(stream: &mut BufReader<TcpStream>) -> Option<String> {
    let mut text = String::new();
    loop {
        let line = line(stream).await?;
        let line = line.trim_end_matches(['\r', '\n']);
        if line == "." {
            return Some(text);
        }
        if text.len() < LARGEST {
            text.push_str(line.strip_prefix('.').unwrap_or(line));
            text.push('\n');
        }
    }
}

async fn line(stream: &mut BufReader<TcpStream>) -> Option<String> {
    let mut bytes = Vec::new();
    let mut limited = stream.take(LONGEST_LINE);
    let read = tokio::time::timeout(PATIENCE, limited.read_until(b'\n', &mut bytes)).await;
    read.ok()?.ok().filter(|read| *read > 0)?;
    Some(String::from_utf8_lossy(&bytes).into_owned())
}

async fn say(stream: &mut BufReader<TcpStream>, line: &str) -> Option<()> {
    stream.write_all(format!("{line}\r\n").as_bytes()).await.ok()
}
