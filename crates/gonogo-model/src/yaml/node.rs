//! The tree itself. It must not know where the text came from.

use crate::place::Place;

/// One YAML node with the place it was written at.
#[derive(Debug, Clone, PartialEq)]
pub struct Node {
    /// Where the node starts.
    pub place: Place,
    /// What it holds.
    pub kind: Kind,
}

/// A mapping key with its own place.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Key {
    /// The key's text.
    pub name: String,
    /// Where the key is written.
    pub place: Place,
}

/// What a node holds. Mappings keep the order of the text.
#[derive(Debug, Clone, PartialEq)]
pub enum Kind {
    /// `~`, `null` or nothing at all.
    Null,
    /// A plain `true` or `false`.
    Bool(bool),
    /// A plain whole number.
    Int(i64),
    /// A plain number with a fraction; always finite.
    Float(f64),
    /// Any other scalar.
    Text(String),
    /// A sequence.
    List(Vec<Node>),
    /// A mapping; keys are unique.
    Map(Vec<(Key, Node)>),
}

impl Node {
    /// The value under `name`, when this node is a mapping that has it.
    pub fn get(&self, name: &str) -> Option<&Node> {
        self.entries().iter().find(|(key, _)| key.name == name).map(|(_, node)| node)
    }

    /// The entries of a mapping; empty for every other kind.
    pub fn entries(&self) -> &[(Key, Node)] {
        match &self.kind {
            Kind::Map(entries) => entries,
            _ => &[],
        }
    }

    /// The text of a text scalar.
    pub fn text(&self) -> Option<&str> {
        match &self.kind {
            Kind::Text(text) => Some(text),
            _ => None,
        }
    }

    /// What a person would call this kind of node in an error.
    pub fn noun(&self) -> &'static str {
        match self.kind {
            Kind::Null => "nothing",
            Kind::Bool(_) => "true/false",
            Kind::Int(_) | Kind::Float(_) => "a number",
            Kind::Text(_) => "text",
            Kind::List(_) => "a list",
            Kind::Map(_) => "a mapping",
        }
    }

    /// The same node as JSON, without places.
    pub fn to_json(&self) -> serde_json::Value {
        use serde_json::Value;
        match &self.kind {
            Kind::Null => Value::Null,
            Kind::Bool(value) => (*value).into(),
            Kind::Int(value) => (*value).into(),
            Kind::Float(value) => (*value).into(),
            Kind::Text(value) => value.clone().into(),
            Kind::List(nodes) => nodes.iter().map(Node::to_json).collect(),
            Kind::Map(entries) => {
                Value::Object(entries.iter().map(|(key, node)| (key.name.clone(), node.to_json())).collect())
            }
        }
    }

    /// Calls `visit` on every text scalar below and at this node, with the key it stands under.
    pub fn each_text<'a>(&'a self, key: &'a str, visit: &mut impl FnMut(&'a str, &'a Node, &'a str)) {
        match &self.kind {
            Kind::Text(text) => visit(key, self, text),
            Kind::List(nodes) => nodes.iter().for_each(|node| node.each_text(key, visit)),
            Kind::Map(entries) => entries.iter().for_each(|(key, node)| node.each_text(&key.name, visit)),
            _ => {}
        }
    }
}
