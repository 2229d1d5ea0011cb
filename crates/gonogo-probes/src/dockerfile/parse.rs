//! The text of a Dockerfile as instructions, each with the place it starts at: continued lines
//! joined, comments gone, here-documents kept apart. It does not know what instructions mean.

use std::collections::HashMap;

/// How large a Dockerfile may be.
pub(super) const FILE: u64 = 1 << 20;
/// Instructions of one file; what is behind them is not read.
const MOST: usize = 2_000;

/// One instruction.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) struct Instruction {
    pub(crate) line: u32,
    pub(crate) column: u32,
    /// Its name in capitals: `RUN`.
    pub(crate) word: String,
    /// Its flags without `--`, with their values: `("from", "build")`.
    pub(crate) flags: Vec<(String, String)>,
    /// What is behind the flags, on one line.
    pub(crate) rest: String,
    /// The bodies of its here-documents.
    pub(crate) documents: Vec<String>,
}

impl Instruction {
    /// The words of the exec form, `["a", "b"]`; `None` for the shell form.
    pub(super) fn exec(&self) -> Option<Vec<String>> {
        serde_json::from_str(&self.rest).ok()
    }

    pub(super) fn flag(&self, name: &str) -> Option<&str> {
        self.flags.iter().find(|(flag, _)| flag == name).map(|(_, value)| value.as_str())
    }
}

/// The instructions of a text, in order.
pub(crate) fn parse(text: &str) -> Vec<Instruction> {
    let lines: Vec<&str> = text.lines().collect();
    let last_of: HashMap<&str, usize> =
        lines.iter().enumerate().map(|(at, line)| (line.trim(), at)).collect();
    let escape = escape(&lines);
    let mut found = Vec::new();
    let mut at = 0;
    while at < lines.len() && found.len() < MOST {
        let start = at;
        let Some((joined, next)) = joined(&lines, at, escape) else { break };
        at = next;
        let Some(mut instruction) = instruction(&joined) else { continue };
        instruction.line = u32::try_from(start).unwrap_or(u32::MAX).saturating_add(1);
        instruction.column = column(lines.get(start).copied().unwrap_or_default());
        if matches!(instruction.word.as_str(), "RUN" | "COPY" | "ADD" | "ONBUILD") {
            for (end, strips) in ends(&instruction.rest) {
                if last_of.get(end.as_str()).is_some_and(|last| *last >= at) {
                    instruction.documents.push(document(&lines, &mut at, &end, strips));
                }
            }
        }
        found.push(instruction);
    }
    found
}

/// The sign that continues a line, from the directives at the start.
fn escape(lines: &[&str]) -> char {
    for line in lines {
        let Some((name, value)) = line.trim().strip_prefix('#').and_then(|line| line.split_once('=')) else {
            break;
        };
        if name.trim().eq_ignore_ascii_case("escape") {
            return if value.trim() == "`" { '`' } else { '\\' };
        }
    }
    '\\'
}

fn column(line: &str) -> u32 {
    let indent = line.chars().take_while(|c| c.is_whitespace()).count();
    u32::try_from(indent).unwrap_or(u32::MAX).saturating_add(1)
}

/// The line at `at` with those that continue it, and where the next one starts.
fn joined(lines: &[&str], at: usize, escape: char) -> Option<(String, usize)> {
    let mut whole = String::new();
    let mut next = at;
    loop {
        let Some(line) = lines.get(next) else { return (next > at).then_some((whole, next)) };
        next += 1;
        let bare = line.trim();
        // Comments and empty lines do not end a continued instruction.
        if bare.is_empty() || bare.starts_with('#') {
            if whole.is_empty() {
                return Some((whole, next));
            }
            continue;
        }
        match bare.strip_suffix(escape) {
            Some(start) => {
                whole.push_str(start);
                whole.push(' ');
            }
            None => {
                whole.push_str(bare);
                return Some((whole, next));
            }
        }
    }
}

fn instruction(text: &str) -> Option<Instruction> {
    let text = text.trim();
    let (word, rest) = text.split_once(char::is_whitespace).unwrap_or((text, ""));
    if word.is_empty() {
        return None;
    }
    let mut rest = rest.trim();
    let mut flags = Vec::new();
    while let Some(behind) = rest.strip_prefix("--") {
        let (flag, more) = behind.split_once(char::is_whitespace).unwrap_or((behind, ""));
        let (name, value) = flag.split_once('=').unwrap_or((flag, ""));
        flags.push((name.to_owned(), value.to_owned()));
        rest = more.trim_start();
    }
    let word = word.to_ascii_uppercase();
    Some(Instruction { line: 1, column: 1, word, flags, rest: rest.to_owned(), documents: Vec::new() })
}

/// The words that end its here-documents, and whether tabs before them are stripped.
fn ends(rest: &str) -> Vec<(String, bool)> {
    let mut found = Vec::new();
    for part in rest.split("<<").skip(1) {
        let (part, strips) = part.strip_prefix('-').map_or((part, false), |part| (part, true));
        let bare = part.trim_start_matches(['"', '\'']);
        let word: String = bare.chars().take_while(|c| c.is_ascii_alphanumeric() || *c == '_').collect();
        if word.starts_with(|c: char| c.is_ascii_alphabetic() || c == '_') {
            found.push((word, strips));
        }
    }
    found
}

/// The lines up to `end`, which is stepped over.
fn document(lines: &[&str], at: &mut usize, end: &str, strips: bool) -> String {
    let mut body = String::new();
    while let Some(line) = lines.get(*at) {
        *at += 1;
        let line = if strips { line.trim_start_matches('\t') } else { line };
        if line.trim_end() == end {
            break;
        }
        body.push_str(line);
        body.push('\n');
    }
    body
}

#[cfg(test)]
mod tests {
    use super::*;

    fn shown(text: &str) -> Vec<String> {
        let one = |one: Instruction| {
            format!(
                "{}:{} {} {:?} {} {:?}",
                one.line, one.column, one.word, one.flags, one.rest, one.documents
            )
        };
        parse(text).into_iter().map(one).collect()
    }

    #[test]
    fn lines_are_joined_and_comments_are_gone() {
        assert_eq!(
            shown("# c\nfrom a AS b\n\n  RUN x \\\n  # why\n\n   && y\\  \n && z\nCMD [\"a\"]"),
            ["2:1 FROM [] a AS b []", "4:3 RUN [] x  && y && z []", "9:1 CMD [] [\"a\"] []"]
        );
        assert_eq!(shown("# escape=`\nRUN a `\n b\\\nCMD x"), ["2:1 RUN [] a  b\\ []", "4:1 CMD [] x []"]);
        assert_eq!(shown("COPY --from=a --link b c"), [r#"1:1 COPY [("from", "a"), ("link", "")] b c []"#]);
    }

    #[test]
    fn here_documents_are_kept_apart() {
        assert_eq!(
            shown("RUN <<EOF\nFROM x\nEOF\nCOPY <<-'A' <<B /x\n\ta\n\tA\nb\nB\nUSER u"),
            [
                r#"1:1 RUN [] <<EOF ["FROM x\n"]"#,
                r#"4:1 COPY [] <<-'A' <<B /x ["a\n", "b\n"]"#,
                "9:1 USER [] u []"
            ]
        );
        // Without an end it is no here-document, nor is a shift of bits.
        assert_eq!(shown("RUN cat <<EOF\nUSER u"), ["1:1 RUN [] cat <<EOF []", "2:1 USER [] u []"]);
        assert_eq!(shown("RUN echo $((1<<2))\nUSER 2"), ["1:1 RUN [] echo $((1<<2)) []", "2:1 USER [] 2 []"]);
    }
}
