//! Several documents in one text, `---` between them, each read for itself: a document that is
//! broken does not hide the others.

use super::node::{Kind, Node};
use super::parse::{Limits, parse};
use crate::diagnostic::Diagnostic;
use crate::place::Place;

/// Documents of one text that are read.
const MOST: usize = 2_000;

/// Reads every document; places are those of the whole text. What is empty or a comment only is
/// left out. The limits hold for each document, and the size for the whole text.
pub fn parse_all(text: &str, limits: Limits) -> Vec<Result<Node, Diagnostic>> {
    if text.len() > limits.bytes {
        return vec![parse(text, limits)];
    }
    let mut read = Vec::new();
    for (line, document) in documents(text) {
        if read.len() == MOST {
            let place = Place { line: line + 1, ..Place::START };
            read.push(Err(Diagnostic::at(place, format!("there are over {MOST} documents in this file"))));
            break;
        }
        match parse(document, limits) {
            Ok(node) if node.kind == Kind::Null => {}
            Ok(node) => read.push(Ok(moved(node, line))),
            Err(error) => {
                let place = error.place.map(|place| below(place, line));
                read.push(Err(Diagnostic { place, ..error }));
            }
        }
    }
    read
}

/// The documents with the number of lines above each. YAML ends one at every line that starts
/// with `---` or `...`, also inside a text.
fn documents(text: &str) -> Vec<(u32, &str)> {
    let mut found = Vec::new();
    let (mut start, mut above, mut at) = (0, 0, 0);
    for (number, line) in text.split_inclusive('\n').enumerate() {
        if is_border(line) {
            found.push((above, text.get(start..at).unwrap_or_default()));
            start = at + if line.starts_with("---") { 0 } else { line.len() };
            above = u32::try_from(number + usize::from(!line.starts_with("---"))).unwrap_or(u32::MAX);
        }
        at += line.len();
    }
    found.push((above, text.get(start..).unwrap_or_default()));
    found
}

fn is_border(line: &str) -> bool {
    let rest = line.strip_prefix("---").or_else(|| line.strip_prefix("..."));
    rest.is_some_and(|rest| rest.is_empty() || rest.starts_with(char::is_whitespace))
}

fn below(place: Place, lines: u32) -> Place {
    Place { line: place.line.saturating_add(lines), ..place }
}

/// Recursion is bounded: the reader refuses what is nested deeper than its limit.
fn moved(node: Node, lines: u32) -> Node {
    if lines == 0 {
        return node;
    }
    let kind = match node.kind {
        Kind::List(nodes) => Kind::List(nodes.into_iter().map(|node| moved(node, lines)).collect()),
        Kind::Map(entries) => {
            let entry = |(mut key, node): (super::Key, Node)| {
                key.place = below(key.place, lines);
                (key, moved(node, lines))
            };
            Kind::Map(entries.into_iter().map(entry).collect())
        }
        kind => kind,
    };
    Node { place: below(node.place, lines), kind }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn each_document_is_read_for_itself_at_its_place() {
        let text = "# first\na: 1\n--- # second\nb: [\n---\nc: 3\n...\n---\n# nothing\n---\n- d\n";
        let read = parse_all(text, Limits::SPEC);
        assert_eq!(read.len(), 4, "{read:?}");
        let line = |at: usize| read[at].as_ref().map(|node| node.entries()[0].0.place.line).ok();
        assert_eq!((line(0), line(2)), (Some(2), Some(6)));
        assert!(read[1].as_ref().unwrap_err().place.is_some_and(|place| place.line >= 3));
        assert_eq!(read[3].as_ref().unwrap().place.line, 11);
        assert!(parse_all("", Limits::SPEC).is_empty());
    }
}
