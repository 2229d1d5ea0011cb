//! Commands as words, also out of a shell's text, as far as that can be done without running it.

/// One command of a shell's text, and what stands behind it.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) struct Command {
    pub(crate) words: Vec<String>,
    pub(crate) then: Then,
}

/// The operator behind a command.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Then {
    And,
    Or,
    Pipe,
    Next,
    End,
}

impl Command {
    /// The words from the program on: without `NAME=value`, `exec`, `timeout 5` and their like.
    pub(crate) fn program(&self) -> &[String] {
        let mut words = &self.words[..];
        while let [first, rest @ ..] = words {
            let skipped = match first.as_str() {
                "exec" | "command" | "!" | "if" | "then" | "do" | "(" | "{" | "sudo" | "nohup" => 1,
                "timeout" => 2,
                word if is_assignment(word) => 1,
                _ => break,
            };
            words = rest.get(skipped - 1..).unwrap_or_default();
        }
        words
    }

    /// The program without its folder.
    pub(crate) fn tool(&self) -> &str {
        self.program().first().map_or("", |word| word.rsplit('/').next().unwrap_or(word))
    }
}

fn is_assignment(word: &str) -> bool {
    word.split_once('=').is_some_and(|(name, _)| {
        !name.is_empty() && name.chars().all(|c| c.is_ascii_alphanumeric() || c == '_')
    })
}

/// The commands of a shell's text in order.
pub(crate) fn commands(text: &str) -> Vec<Command> {
    let mut found = Vec::new();
    let mut words = Vec::new();
    for token in tokens(text) {
        match token {
            Token::Word(word) => words.push(word),
            Token::Then(then) => found.push(Command { words: std::mem::take(&mut words), then }),
        }
    }
    found.push(Command { words, then: Then::End });
    found.retain(|command| !command.words.is_empty());
    found
}

/// The words of a text, without operators: for a command that no shell reads.
pub(crate) fn words(text: &str) -> Vec<String> {
    let words = tokens(text).into_iter().filter_map(|token| match token {
        Token::Word(word) => Some(word),
        Token::Then(_) => None,
    });
    words.collect()
}

enum Token {
    Word(String),
    Then(Then),
}

fn tokens(text: &str) -> Vec<Token> {
    let mut found = Vec::new();
    let mut word: Option<String> = None;
    let mut characters = text.chars().peekable();
    while let Some(c) = characters.next() {
        let then = match c {
            '\'' | '"' => {
                let word = word.get_or_insert_default();
                quoted(&mut characters, c, word);
                continue;
            }
            '\\' => {
                word.get_or_insert_default().extend(characters.next());
                continue;
            }
            '$' if characters.peek() == Some(&'(') => {
                substituted(&mut characters, word.get_or_insert_default());
                continue;
            }
            ' ' | '\t' => None,
            '&' if characters.next_if_eq(&'&').is_some() => Some(Then::And),
            '&' if word.as_deref().is_some_and(|word| word.ends_with('>')) => {
                word.get_or_insert_default().push(c);
                continue;
            }
            '|' if characters.next_if_eq(&'|').is_some() => Some(Then::Or),
            '|' => Some(Then::Pipe),
            ';' | '\n' | '&' => Some(Then::Next),
            c => {
                word.get_or_insert_default().push(c);
                continue;
            }
        };
        found.extend(word.take().map(Token::Word));
        found.extend(then.map(Token::Then));
    }
    found.extend(word.map(Token::Word));
    found
}

fn quoted(characters: &mut std::iter::Peekable<std::str::Chars<'_>>, quote: char, word: &mut String) {
    while let Some(c) = characters.next() {
        match c {
            c if c == quote => return,
            '\\' if quote == '"' => word.extend(characters.next()),
            c => word.push(c),
        }
    }
}

/// `$(…)` stays in its word as it is: nobody knows what comes of it.
fn substituted(characters: &mut std::iter::Peekable<std::str::Chars<'_>>, word: &mut String) {
    let mut open = 0_usize;
    word.push('$');
    for c in characters.by_ref() {
        word.push(c);
        match c {
            '(' => open += 1,
            ')' if open == 1 => return,
            ')' => open -= 1,
            _ => {}
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn shown(text: &str) -> Vec<String> {
        commands(text).iter().map(|command| format!("{:?} {:?}", command.words, command.then)).collect()
    }

    #[test]
    fn a_text_is_taken_apart() {
        assert_eq!(
            shown("curl -f 'http://x/?a=1&b=2' || exit 1"),
            [r#"["curl", "-f", "http://x/?a=1&b=2"] Or"#, r#"["exit", "1"] End"#]
        );
        assert_eq!(
            shown("a >/dev/null 2>&1; b | c && d"),
            [r#"["a", ">/dev/null", "2>&1"] Next"#, r#"["b"] Pipe"#, r#"["c"] And"#, r#"["d"] End"#,]
        );
        assert_eq!(shown("x $(cat /run/a | b) \"y z\""), [r#"["x", "$(cat /run/a | b)", "y z"] End"#]);
        assert_eq!(shown(""), [""; 0]);
        for text in ["'", "\"\\", "\\", "$(", "$((((", "|", "&&||;;"] {
            let _ = commands(text);
        }
    }

    #[test]
    fn the_program_is_behind_what_prepares_it() {
        let tool = |text: &str| commands(text)[0].tool().to_owned();
        assert_eq!(tool("PGPASSWORD=x timeout 5 /usr/bin/pg_isready -q"), "pg_isready");
        assert_eq!(tool("exec cockroach start"), "cockroach");
        assert_eq!(tool("timeout"), "");
    }
}
