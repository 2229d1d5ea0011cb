//! Examples, defaults and fixed values of a document, each compared with the schema it stands
//! at. References are not followed: what they lead to is looked at where it is.

use gonogo_model::yaml::{Kind, Node};

use super::library::{Library, Spot};
use super::operations::is_json;
use super::schema::{Break, Direction, Fit, fit};
use super::survey::Dialect;

/// Values compared in one look at a part; a document that has more is not worse for it.
const MOST: usize = 4_000;

/// Values that break their schema.
#[derive(Debug, Default)]
pub(super) struct Faults {
    pub(super) examples: Vec<Break>,
    /// `default` and `enum`.
    pub(super) defaults: Vec<Break>,
    compared: usize,
}

/// Looks through one part of a document.
#[derive(Debug)]
pub(super) struct Values<'l> {
    pub(super) library: &'l Library,
    pub(super) dialect: Dialect,
    pub(super) direction: Direction,
}

impl Values<'_> {
    /// Everything below a part that is not a schema itself: an operation, a parameter, a response.
    /// Recursion is bounded by the depth of the file.
    pub(super) fn of_part(&self, part: Spot<'_>, faults: &mut Faults) {
        if part.get("schema").is_some() {
            self.of_media(part, faults);
        }
        for item in part.items() {
            self.of_part(item, faults);
        }
        for (key, child) in part.own_entries() {
            match key.name.as_str() {
                "schema" => self.of_schema(child, faults),
                "example" | "examples" | "links" | "value" => {}
                name if name.contains('/') && !is_json(name) && child.get("schema").is_some() => {
                    self.of_schema_below(child, faults);
                }
                _ => self.of_part(child, faults),
            }
        }
    }

    fn of_schema_below(&self, media: Spot<'_>, faults: &mut Faults) {
        if let Some(schema) = media.get("schema") {
            self.of_schema(schema, faults);
        }
    }

    /// The examples beside a schema: of a parameter, a header or a media type.
    fn of_media(&self, media: Spot<'_>, faults: &mut Faults) {
        let Some(schema) = media.get("schema") else { return };
        if let Some(example) = media.get("example") {
            self.example(schema, example.node, faults);
        }
        for (_, example) in media.get("examples").into_iter().flat_map(Spot::entries) {
            let example = self.library.follow(example).unwrap_or(example);
            if let Some(value) = example.get("value") {
                self.example(schema, value.node, faults);
            }
        }
    }

    /// A schema and the schemas written inside it.
    pub(super) fn of_schema(&self, schema: Spot<'_>, faults: &mut Faults) {
        if !schema.is_map() || schema.reference().is_some() && self.dialect == Dialect::V30 {
            return;
        }
        self.own_values(schema, faults);
        for key in ["items", "additionalProperties", "not"] {
            if let Some(below) = schema.get(key) {
                self.of_schema(below, faults);
            }
        }
        for key in ["allOf", "anyOf", "oneOf", "prefixItems"] {
            schema.get(key).into_iter().flat_map(Spot::items).for_each(|part| self.of_schema(part, faults));
        }
        for key in ["properties", "patternProperties", "$defs", "definitions"] {
            let below = schema.get(key).into_iter().flat_map(Spot::entries);
            below.for_each(|(_, part)| self.of_schema(part, faults));
        }
    }

    fn own_values(&self, schema: Spot<'_>, faults: &mut Faults) {
        if let Some(example) = schema.get("example") {
            self.example(schema, example.node, faults);
        }
        for example in schema.get("examples").into_iter().flat_map(Spot::items) {
            self.example(schema, example.node, faults);
        }
        // Generators write `default: null` for "none"; it does nobody harm.
        if let Some(default) = schema.get("default").filter(|default| default.node.kind != Kind::Null) {
            let found = self.compare(schema, default.node, faults);
            faults.defaults.extend(found);
        }
        self.enum_values(schema, faults);
    }

    /// Values of `enum` that its own `type` refuses.
    fn enum_values(&self, schema: Spot<'_>, faults: &mut Faults) {
        let Some(list) = schema.get("enum").filter(|_| schema.get("type").is_some()) else { return };
        let kind =
            schema.node.entries().iter().filter(|(key, _)| key.name == "type" || key.name == "nullable");
        let kind = Node { place: schema.node.place, kind: Kind::Map(kind.cloned().collect()) };
        let only_kind = Spot { file: schema.file, node: &kind };
        for value in list.items().filter(|value| value.node.kind != Kind::Null) {
            let found = self.compare(only_kind, value.node, faults);
            faults.defaults.extend(
                found.map(|found| Break { what: format!("a value of `enum` {}", found.what), ..found }),
            );
        }
    }

    fn example(&self, schema: Spot<'_>, example: &Node, faults: &mut Faults) {
        let found = self.compare(schema, example, faults);
        // `example: null` stands for "none" where nothing else is known, and JSON may be written
        // as a text.
        let is_text_of_json = example.text().is_some_and(|text| text.trim_start().starts_with(['{', '[']));
        if example.kind != Kind::Null && !is_text_of_json {
            faults.examples.extend(found);
        }
    }

    fn compare(&self, schema: Spot<'_>, value: &Node, faults: &mut Faults) -> Option<Break> {
        if faults.compared >= MOST {
            return None;
        }
        faults.compared = faults.compared.saturating_add(1);
        match fit(self.library, self.dialect, self.direction, schema, value) {
            Fit::Breaks(found) => Some(found),
            Fit::Fits | Fit::Unknown => None,
        }
    }
}
