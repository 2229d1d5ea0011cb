//! What Redis and its clients say to each other (RESP 2), within limits. It does not know what is
//! asked.

use crate::tools::talk::{Talk, TalkError};

const DEEPEST: usize = 8;
const MOST_PARTS: usize = 10_000;

/// An answer.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) enum Reply {
    Text(String),
    Number(i64),
    Nothing,
    List(Vec<Reply>),
    /// What the server refuses, in its words.
    Error(String),
    /// No answer of Redis.
    Strange(String),
}

impl Reply {
    /// For a sentence.
    pub(crate) fn brief(&self) -> String {
        match self {
            Reply::Text(text) | Reply::Error(text) | Reply::Strange(text) => text.clone(),
            Reply::Number(number) => number.to_string(),
            Reply::Nothing => "nothing".to_owned(),
            Reply::List(parts) => format!("a list of {}", parts.len()),
        }
    }
}

/// A connection to Redis.
pub(crate) struct Wire {
    talk: Talk,
}

impl Wire {
    pub(crate) fn over(talk: Talk) -> Wire {
        Wire { talk }
    }

    /// Sends a command and reads its answer.
    pub(crate) async fn ask(&mut self, words: &[&str]) -> Result<Reply, TalkError> {
        let mut command = format!("*{}\r\n", words.len());
        for word in words {
            command.push_str(&format!("${}\r\n{word}\r\n", word.len()));
        }
        self.talk.say(command.as_bytes()).await?;
        Box::pin(self.reply(DEEPEST)).await
    }

    async fn reply(&mut self, deeper: usize) -> Result<Reply, TalkError> {
        let line = self.talk.line().await?;
        let strange = || Ok(Reply::Strange(line.clone()));
        let (kind, rest) = (line.get(..1).unwrap_or_default(), line.get(1..).unwrap_or_default());
        let length = || rest.parse::<i64>().ok();
        match kind {
            "+" => Ok(Reply::Text(rest.to_owned())),
            "-" => Ok(Reply::Error(rest.to_owned())),
            ":" => length().map_or_else(strange, |number| Ok(Reply::Number(number))),
            "$" => match length().map(usize::try_from) {
                Some(Ok(length)) => {
                    let bytes = self.talk.exactly(length.saturating_add(2)).await?;
                    Ok(Reply::Text(String::from_utf8_lossy(&bytes[..length]).into_owned()))
                }
                Some(Err(_)) => Ok(Reply::Nothing),
                None => strange(),
            },
            "*" => match length().map(usize::try_from) {
                Some(Ok(count)) if count <= MOST_PARTS && deeper > 0 => {
                    let mut parts = Vec::new();
                    for _ in 0..count {
                        parts.push(Box::pin(self.reply(deeper - 1)).await?);
                    }
                    Ok(Reply::List(parts))
                }
                Some(Ok(_)) => Err(TalkError::TooLong),
                Some(Err(_)) => Ok(Reply::Nothing),
                None => strange(),
            },
            _ => strange(),
        }
    }
}
