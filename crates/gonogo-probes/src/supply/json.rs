//! JSON as a tree in which every key and value knows its place, in one pass and within limits.
//! `serde_json` keeps no places, and the YAML reader refuses what JSON allows.

use gonogo_model::place::Place;
use gonogo_model::yaml::{Key, Kind, Node};

use super::document::{DEEPEST, MOST, Problem};

/// Reads one JSON text.
pub(super) fn parse(text: &str) -> Result<Node, Problem> {
    let mut reader = Reader { text, at: 0, line: 1, column: 1, nodes: 0 };
    let node = reader.value(0)?;
    reader.space();
    match reader.peek() {
        None => Ok(node),
        Some(_) => Err(reader.wrong("something follows the end of the document")),
    }
}

struct Reader<'t> {
    text: &'t str,
    /// A byte; always at the start of a character when a value starts.
    at: usize,
    line: u32,
    column: u32,
    nodes: usize,
}

impl Reader<'_> {
    fn peek(&self) -> Option<u8> {
        self.text.as_bytes().get(self.at).copied()
    }

    fn bump(&mut self) {
        match self.peek() {
            Some(b'\n') => {
                self.line = self.line.saturating_add(1);
                self.column = 1;
            }
            // Only the first byte of a character counts.
            Some(byte) if byte & 0xC0 != 0x80 => self.column = self.column.saturating_add(1),
            _ => {}
        }
        self.at = self.at.saturating_add(1);
    }

    fn space(&mut self) {
        while matches!(self.peek(), Some(b' ' | b'\t' | b'\r' | b'\n')) {
            self.bump();
        }
    }

    fn place(&self) -> Place {
        Place { line: self.line, column: self.column, width: 1 }
    }

    fn wrong(&self, what: &str) -> Problem {
        Problem::at(self.line, format!("this is not JSON that can be read: {what} at column {}", self.column))
    }

    fn value(&mut self, depth: usize) -> Result<Node, Problem> {
        self.space();
        self.nodes = self.nodes.saturating_add(1);
        if depth > DEEPEST || self.nodes > MOST {
            return Err(Problem::at(self.line, "this JSON is too large or too deeply nested to be read"));
        }
        let place = self.place();
        let kind = match self.peek() {
            Some(b'{') => self.map(depth)?,
            Some(b'[') => self.list(depth)?,
            Some(b'"') => Kind::Text(self.string()?),
            Some(byte) if byte == b'-' || byte.is_ascii_digit() => self.number()?,
            Some(_) => self.word()?,
            None => return Err(self.wrong("the text ends")),
        };
        Ok(Node { place, kind })
    }

    fn map(&mut self, depth: usize) -> Result<Kind, Problem> {
        let mut entries = Vec::new();
        self.bump();
        loop {
            self.space();
            match self.peek() {
                Some(b'}') if entries.is_empty() => break,
                Some(b'"') => {}
                _ => return Err(self.wrong("a key is missing")),
            }
            let place = self.place();
            let name = self.string()?;
            self.space();
            self.expect(b':')?;
            entries.push((Key { name, place }, self.value(depth.saturating_add(1))?));
            if self.ends(b'}')? {
                return Ok(Kind::Map(entries));
            }
        }
        self.bump();
        Ok(Kind::Map(entries))
    }

    fn list(&mut self, depth: usize) -> Result<Kind, Problem> {
        let mut nodes = Vec::new();
        self.bump();
        self.space();
        if self.peek() == Some(b']') {
            self.bump();
            return Ok(Kind::List(nodes));
        }
        loop {
            nodes.push(self.value(depth.saturating_add(1))?);
            if self.ends(b']')? {
                return Ok(Kind::List(nodes));
            }
        }
    }

    /// Whether the list or mapping ends here; otherwise a comma was passed.
    fn ends(&mut self, end: u8) -> Result<bool, Problem> {
        self.space();
        if self.peek() == Some(end) {
            self.bump();
            return Ok(true);
        }
        self.expect(b',').map(|()| false)
    }

    fn expect(&mut self, byte: u8) -> Result<(), Problem> {
        if self.peek() != Some(byte) {
            return Err(self.wrong(&format!("`{}` is missing", char::from(byte))));
        }
        self.bump();
        Ok(())
    }

    fn string(&mut self) -> Result<String, Problem> {
        let start = self.at;
        self.bump();
        let mut has_escape = false;
        loop {
            match self.peek() {
                Some(b'"') => break,
                Some(b'\\') => {
                    has_escape = true;
                    self.bump();
                    self.bump();
                }
                Some(0..0x20) | None => return Err(self.wrong("a text does not end")),
                Some(_) => self.bump(),
            }
        }
        self.bump();
        let raw = self.text.get(start..self.at).unwrap_or_default();
        if !has_escape {
            return Ok(raw.trim_matches('"').to_owned());
        }
        serde_json::from_str(raw).map_err(|_| self.wrong("a text has an escape that JSON does not know"))
    }

    fn number(&mut self) -> Result<Kind, Problem> {
        let raw = self.run(|byte| matches!(byte, b'0'..=b'9' | b'+' | b'-' | b'.' | b'e' | b'E'));
        let whole = raw.parse().ok().map(Kind::Int);
        let broken = || raw.parse().ok().filter(|number: &f64| number.is_finite()).map(Kind::Float);
        whole.or_else(broken).ok_or_else(|| self.wrong("a number cannot be read"))
    }

    fn word(&mut self) -> Result<Kind, Problem> {
        let raw = self.run(|byte| byte.is_ascii_alphabetic());
        match raw.as_str() {
            "true" => Ok(Kind::Bool(true)),
            "false" => Ok(Kind::Bool(false)),
            "null" => Ok(Kind::Null),
            _ => Err(self.wrong("a value is missing")),
        }
    }

    fn run(&mut self, belongs: impl Fn(u8) -> bool) -> String {
        let start = self.at;
        while self.peek().is_some_and(&belongs) {
            self.bump();
        }
        self.text.get(start..self.at).unwrap_or_default().to_owned()
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn json_is_read_as_serde_json_reads_it() {
        for text in [
            "{}",
            " [1, -2.5e1, \"a\\n\\u00e9\\\"\", true, null, {\"k\": [[]], \"é\": {}}]\n",
            "\"\"",
            "{\"a\":{\"b\":[{}]}}",
        ] {
            let expected: serde_json::Value = serde_json::from_str(text).unwrap();
            assert_eq!(parse(text).unwrap().to_json(), expected, "{text}");
        }
        for text in
            ["", "{", "[1,]", "{\"a\":1,}", "{a:1}", "01x", "\"\\x\"", "\"a\nb\"", "1 2", "<<<<<<< HEAD"]
        {
            assert!(parse(text).is_err(), "{text}");
        }
        assert!(parse(&"[".repeat(1_000_000)).is_err());
    }

    #[test]
    fn keys_and_values_know_their_place() {
        let node = parse("{\n  \"é\": 1, \"b\":\n [2]}").unwrap();
        let (key, value) = &node.entries()[1];
        assert_eq!((key.place.line, key.place.column), (2, 11));
        assert_eq!((value.place.line, value.place.column), (3, 2));
    }
}
