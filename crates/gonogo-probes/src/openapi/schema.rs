//! Whether a value fits a schema, as far as that is certain. A schema of 3.0 or of JSON Schema
//! is followed through every file of the document, with a limit on the steps: no schema of a
//! stranger may cost more. What a keyword here does not know of is not judged.

mod combined;
mod scalar;

use std::cell::Cell;

use gonogo_model::yaml::{Kind, Node};

use super::library::{Library, Spot};
use super::survey::Dialect;

pub(super) use scalar::{number, same};

/// Levels of schemas inside schemas.
const DEEPEST: usize = 96;
/// Steps for one value.
const STEPS: u32 = 20_000;

/// Who sends the value: what is for reading only is not sent, what is for writing only not
/// answered.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Direction {
    Request,
    Response,
    /// Either: a component.
    Both,
}

/// What became of a value.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(super) enum Fit {
    Fits,
    Breaks(Break),
    /// It cannot be said.
    Unknown,
}

/// The first part of a value that does not fit.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(super) struct Break {
    pub(super) line: u32,
    /// Where in the value and what, without any value: `/items/0/name is a number, not string`.
    pub(super) what: String,
}

/// Compares values with schemas.
#[derive(Debug)]
pub(super) struct Checker<'l> {
    library: &'l Library,
    dialect: Dialect,
    direction: Direction,
    steps: Cell<u32>,
}

/// A part of a value and where it is.
#[derive(Debug, Clone, Copy)]
struct Part<'v> {
    node: &'v Node,
    path: &'v str,
}

impl Part<'_> {
    fn breaks(self, what: &str) -> Fit {
        let path: String = self.path.chars().take(120).collect();
        let path = if path.is_empty() { String::new() } else { format!("{path} ") };
        Fit::Breaks(Break { line: self.node.place.line, what: format!("{path}{what}") })
    }
}

/// Whether `value` fits `schema`.
pub(super) fn fit(
    library: &Library,
    dialect: Dialect,
    direction: Direction,
    schema: Spot<'_>,
    value: &Node,
) -> Fit {
    let checker = Checker { library, dialect, direction, steps: Cell::new(STEPS) };
    checker.fit(schema, Part { node: value, path: "" }, 0)
}

impl<'l> Checker<'l> {
    fn fit(&self, schema: Spot<'_>, value: Part<'_>, depth: usize) -> Fit {
        let left = self.steps.get();
        if left == 0 || depth > DEEPEST {
            return Fit::Unknown;
        }
        self.steps.set(left.saturating_sub(1));
        match &schema.node.kind {
            Kind::Bool(true) => Fit::Fits,
            Kind::Bool(false) => value.breaks("is not allowed there"),
            Kind::Map(_) => self.fit_map(schema, value, depth),
            _ => Fit::Unknown,
        }
    }

    fn fit_map(&self, schema: Spot<'_>, value: Part<'_>, depth: usize) -> Fit {
        if let Some(text) = schema.reference() {
            let target = self.library.resolve(schema.file, text);
            let referred =
                target.map_or(Fit::Unknown, |target| self.fit(target, value, depth.saturating_add(1)));
            // Beside `$ref` 3.0 ignores everything; `nullable` is written there all the same.
            if self.dialect == Dialect::V30 {
                let is_lenient = schema.is_true("nullable") && value.node.kind == Kind::Null;
                return if is_lenient { Fit::Unknown } else { referred };
            }
            return all([referred, self.keywords(schema, value, depth)]);
        }
        self.keywords(schema, value, depth)
    }

    fn keywords(&self, schema: Spot<'_>, value: Part<'_>, depth: usize) -> Fit {
        if value.node.kind == Kind::Null && schema.is_true("nullable") {
            return Fit::Fits;
        }
        let simple =
            all([scalar::kind(schema, value), scalar::values(schema, value), scalar::bounds(schema, value)]);
        match simple {
            // The rest would only say the same again, less clearly.
            Fit::Breaks(_) => simple,
            simple => all([
                simple,
                self.fit_object(schema, value, depth),
                self.fit_list(schema, value, depth),
                self.fit_combined(schema, value, depth),
            ]),
        }
    }

    fn fit_object(&self, schema: Spot<'_>, value: Part<'_>, depth: usize) -> Fit {
        let Kind::Map(entries) = &value.node.kind else { return Fit::Fits };
        let mut fits = vec![scalar::sizes(schema, value, entries.len(), "Properties")];
        let properties = schema.get("properties");
        for name in
            schema.get("required").into_iter().flat_map(Spot::items).filter_map(|name| name.node.text())
        {
            if value.node.get(name).is_none() {
                let fit = if self.may_be_left_out(properties, name) {
                    Fit::Unknown
                } else {
                    value.breaks(&format!("has no `{name}`, which is required"))
                };
                fits.push(fit);
            }
        }
        for (key, node) in entries {
            let path = format!("{}/{}", value.path, key.name);
            let part = Part { node, path: &path };
            let known = properties.and_then(|properties| properties.get(&key.name));
            let fit = match known.or_else(|| schema.get("additionalProperties")) {
                Some(below) if known.is_some() || schema.get("patternProperties").is_none() => {
                    self.fit(below, part, depth.saturating_add(1))
                }
                Some(_) => Fit::Unknown,
                None => Fit::Fits,
            };
            fits.push(fit);
        }
        all(fits)
    }

    /// Whether a property is for the other direction only, or may be.
    fn may_be_left_out(&self, properties: Option<Spot<'_>>, name: &str) -> bool {
        let Some(property) = properties.and_then(|properties| properties.get(name)) else {
            // Declared elsewhere, where it may be said.
            return true;
        };
        let target = self.library.follow(property).unwrap_or(property);
        let parts = [property, target];
        let says =
            |key: &str| parts.iter().any(|part| part.is_true(key) || below_all_of(self.library, *part, key));
        match self.direction {
            Direction::Request => says("readOnly"),
            Direction::Response => says("writeOnly"),
            Direction::Both => says("readOnly") || says("writeOnly"),
        }
    }

    fn fit_list(&self, schema: Spot<'_>, value: Part<'_>, depth: usize) -> Fit {
        let Kind::List(nodes) = &value.node.kind else { return Fit::Fits };
        let mut fits = vec![scalar::sizes(schema, value, nodes.len(), "Items")];
        if let Some(items) = schema.get("items").filter(|_| schema.get("prefixItems").is_none()) {
            for (number, node) in nodes.iter().enumerate() {
                let path = format!("{}/{number}", value.path);
                fits.push(self.fit(items, Part { node, path: &path }, depth.saturating_add(1)));
            }
        }
        all(fits)
    }
}

/// Whether a part of `allOf` says it, one level down.
fn below_all_of(library: &Library, schema: Spot<'_>, key: &str) -> bool {
    let parts = schema.get("allOf").into_iter().flat_map(Spot::items);
    parts
        .into_iter()
        .any(|part| part.is_true(key) || library.follow(part).is_ok_and(|part| part.is_true(key)))
}

/// The first that breaks; else unknown when one is.
fn all(fits: impl IntoIterator<Item = Fit>) -> Fit {
    let mut answer = Fit::Fits;
    for fit in fits {
        match fit {
            Fit::Breaks(_) => return fit,
            Fit::Unknown => answer = Fit::Unknown,
            Fit::Fits => {}
        }
    }
    answer
}

#[cfg(test)]
mod tests;
