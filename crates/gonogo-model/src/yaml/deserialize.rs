//! Typed values out of a tree, through serde. Every error keeps the place of the node that did
//! not fit.

use std::borrow::Cow;
use std::fmt;

use schemars::{JsonSchema, Schema, SchemaGenerator};
use serde::de::value::{BorrowedStrDeserializer, MapAccessDeserializer};
use serde::de::{
    self, DeserializeSeed, Deserializer, EnumAccess, Error as _, MapAccess, SeqAccess, VariantAccess, Visitor,
};
use serde::{Deserialize, forward_to_deserialize_any};

use super::node::{Key, Kind, Node};
use super::shape::ShapeError;
use crate::place::Place;

/// A value with the place it was written at. Only values that a later rule may
/// refuse carry one.
#[derive(Debug, Clone, PartialEq, Eq, Deserialize)]
#[serde(rename = "$gonogo::At")]
pub struct At<T> {
    /// Where the value starts.
    pub place: Place,
    /// The value.
    pub value: T,
}

const AT: &str = "$gonogo::At";

impl<T: JsonSchema> JsonSchema for At<T> {
    fn inline_schema() -> bool {
        true
    }

    fn schema_name() -> Cow<'static, str> {
        T::schema_name()
    }

    fn json_schema(generator: &mut SchemaGenerator) -> Schema {
        generator.subschema_for::<T>()
    }
}

impl<'de> Deserialize<'de> for Node {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        // Only our own deserializer can give a node; see `deserialize_newtype_struct` below.
        struct Handed;
        impl<'de> Visitor<'de> for Handed {
            type Value = Node;
            fn expecting(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
                f.write_str("a YAML node")
            }
            fn visit_map<A: MapAccess<'de>>(self, mut access: A) -> Result<Node, A::Error> {
                let mut entries = Vec::new();
                while let Some(key) = access.next_key::<At<String>>()? {
                    entries.push((Key { name: key.value, place: key.place }, access.next_value()?));
                }
                Ok(Node { place: Place::START, kind: Kind::Map(entries) })
            }
            fn visit_seq<A: SeqAccess<'de>>(self, mut access: A) -> Result<Node, A::Error> {
                let mut nodes = Vec::new();
                while let Some(node) = access.next_element()? {
                    nodes.push(node);
                }
                Ok(Node { place: Place::START, kind: Kind::List(nodes) })
            }
            fn visit_bool<E>(self, value: bool) -> Result<Node, E> {
                Ok(Node { place: Place::START, kind: Kind::Bool(value) })
            }
            fn visit_i64<E>(self, value: i64) -> Result<Node, E> {
                Ok(Node { place: Place::START, kind: Kind::Int(value) })
            }
            fn visit_f64<E>(self, value: f64) -> Result<Node, E> {
                Ok(Node { place: Place::START, kind: Kind::Float(value) })
            }
            fn visit_str<E>(self, value: &str) -> Result<Node, E> {
                Ok(Node { place: Place::START, kind: Kind::Text(value.to_owned()) })
            }
            fn visit_unit<E>(self) -> Result<Node, E> {
                Ok(Node { place: Place::START, kind: Kind::Null })
            }
        }
        struct Bare(Node);
        impl<'de> Deserialize<'de> for Bare {
            fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
                deserializer.deserialize_any(Handed).map(Bare)
            }
        }
        let at = At::<Bare>::deserialize(deserializer)?;
        Ok(Node { place: at.place, ..at.value.0 })
    }
}

impl<'de> Deserializer<'de> for &'de Node {
    type Error = ShapeError;

    fn deserialize_any<V: Visitor<'de>>(self, visitor: V) -> Result<V::Value, ShapeError> {
        match &self.kind {
            Kind::Null => visitor.visit_unit(),
            Kind::Bool(value) => visitor.visit_bool(*value),
            Kind::Int(value) => visitor.visit_i64(*value),
            Kind::Float(value) => visitor.visit_f64(*value),
            Kind::Text(value) => visitor.visit_borrowed_str(value),
            Kind::List(nodes) => visitor.visit_seq(Items(nodes.iter())),
            Kind::Map(entries) => visitor.visit_map(Entries { rest: entries.iter(), value: None }),
        }
        .map_err(|error| error.or_at(self.place))
    }

    /// A key that is written must have a value: `severity:` with nothing behind it is a slip.
    fn deserialize_option<V: Visitor<'de>>(self, visitor: V) -> Result<V::Value, ShapeError> {
        if self.kind == Kind::Null {
            return Err(
                ShapeError::custom("this key has no value; give it one or remove the key").or_at(self.place)
            );
        }
        visitor.visit_some(self)
    }

    fn deserialize_struct<V: Visitor<'de>>(
        self,
        name: &'static str,
        _: &'static [&'static str],
        visitor: V,
    ) -> Result<V::Value, ShapeError> {
        if name == AT {
            return visitor
                .visit_seq(Placed { place: self.place, value: Some(self), given: false })
                .map_err(|e| e.or_at(self.place));
        }
        match &self.kind {
            Kind::Map(_) => self.deserialize_any(visitor),
            _ => {
                Err(ShapeError::custom(format!("expected a mapping, found {}", self.noun()))
                    .or_at(self.place))
            }
        }
    }

    fn deserialize_enum<V: Visitor<'de>>(
        self,
        name: &'static str,
        variants: &'static [&'static str],
        visitor: V,
    ) -> Result<V::Value, ShapeError> {
        match &self.kind {
            Kind::Text(word) => visitor.visit_enum(Word(word)),
            Kind::Map(entries) if entries.len() == 1 => {
                visitor.visit_enum(Variant { key: &entries[0].0, value: &entries[0].1 })
            }
            Kind::Map(_) => {
                Err(ShapeError::custom(format!("expected exactly one of {}", variants.join(", "))))
            }
            _ => Err(ShapeError::custom(format!(
                "expected {name}, one of {}; found {}",
                variants.join(", "),
                self.noun()
            ))),
        }
        .map_err(|error| error.or_at(self.place))
    }

    fn deserialize_newtype_struct<V: Visitor<'de>>(
        self,
        _: &'static str,
        visitor: V,
    ) -> Result<V::Value, ShapeError> {
        visitor.visit_newtype_struct(self).map_err(|error: ShapeError| error.or_at(self.place))
    }

    forward_to_deserialize_any! {
        bool i8 i16 i32 i64 i128 u8 u16 u32 u64 u128 f32 f64 char str string bytes byte_buf
        unit unit_struct seq tuple tuple_struct map identifier ignored_any
    }
}

struct Items<'de>(std::slice::Iter<'de, Node>);

impl<'de> SeqAccess<'de> for Items<'de> {
    type Error = ShapeError;

    fn next_element_seed<T: DeserializeSeed<'de>>(
        &mut self,
        seed: T,
    ) -> Result<Option<T::Value>, ShapeError> {
        self.0.next().map(|node| seed.deserialize(node).map_err(|error| error.or_at(node.place))).transpose()
    }
}

struct Entries<'de> {
    rest: std::slice::Iter<'de, (Key, Node)>,
    value: Option<&'de Node>,
}

impl<'de> MapAccess<'de> for Entries<'de> {
    type Error = ShapeError;

    fn next_key_seed<K: DeserializeSeed<'de>>(&mut self, seed: K) -> Result<Option<K::Value>, ShapeError> {
        let Some((key, value)) = self.rest.next() else { return Ok(None) };
        self.value = Some(value);
        seed.deserialize(Name(key)).map(Some).map_err(|error| error.or_at(key.place))
    }

    fn next_value_seed<V: DeserializeSeed<'de>>(&mut self, seed: V) -> Result<V::Value, ShapeError> {
        let node =
            self.value.take().ok_or_else(|| ShapeError::custom("a value was asked for before its key"))?;
        seed.deserialize(node).map_err(|error| error.or_at(node.place))
    }
}

/// A key, which may itself be asked for with its place.
struct Name<'de>(&'de Key);

impl<'de> Deserializer<'de> for Name<'de> {
    type Error = ShapeError;

    fn deserialize_any<V: Visitor<'de>>(self, visitor: V) -> Result<V::Value, ShapeError> {
        visitor.visit_borrowed_str(&self.0.name)
    }

    fn deserialize_struct<V: Visitor<'de>>(
        self,
        name: &'static str,
        _: &'static [&'static str],
        visitor: V,
    ) -> Result<V::Value, ShapeError> {
        if name == AT {
            return visitor.visit_seq(Placed { place: self.0.place, value: Some(self), given: false });
        }
        self.deserialize_any(visitor)
    }

    fn deserialize_enum<V: Visitor<'de>>(
        self,
        _: &'static str,
        _: &'static [&'static str],
        visitor: V,
    ) -> Result<V::Value, ShapeError> {
        visitor.visit_enum(Word(&self.0.name))
    }

    fn deserialize_newtype_struct<V: Visitor<'de>>(
        self,
        _: &'static str,
        visitor: V,
    ) -> Result<V::Value, ShapeError> {
        visitor.visit_newtype_struct(self)
    }

    forward_to_deserialize_any! {
        bool i8 i16 i32 i64 i128 u8 u16 u32 u64 u128 f32 f64 char str string bytes byte_buf option
        unit unit_struct seq tuple tuple_struct map identifier ignored_any
    }
}

/// The two fields of [`At`]: the place, then the value itself.
struct Placed<D> {
    place: Place,
    value: Option<D>,
    given: bool,
}

impl<'de, D: Deserializer<'de, Error = ShapeError>> SeqAccess<'de> for Placed<D> {
    type Error = ShapeError;

    fn next_element_seed<T: DeserializeSeed<'de>>(
        &mut self,
        seed: T,
    ) -> Result<Option<T::Value>, ShapeError> {
        if !self.given {
            self.given = true;
            return seed
                .deserialize(MapAccessDeserializer::new(PlaceFields { place: self.place, next: 0 }))
                .map(Some);
        }
        self.value.take().map(|value| seed.deserialize(value)).transpose()
    }
}

struct PlaceFields {
    place: Place,
    next: usize,
}

impl<'de> MapAccess<'de> for PlaceFields {
    type Error = ShapeError;

    fn next_key_seed<K: DeserializeSeed<'de>>(&mut self, seed: K) -> Result<Option<K::Value>, ShapeError> {
        let name = ["line", "column", "width"].get(self.next);
        name.map(|name| seed.deserialize(BorrowedStrDeserializer::new(name))).transpose()
    }

    fn next_value_seed<V: DeserializeSeed<'de>>(&mut self, seed: V) -> Result<V::Value, ShapeError> {
        let value = [self.place.line, self.place.column, self.place.width][self.next.min(2)];
        self.next += 1;
        seed.deserialize(de::value::U32Deserializer::new(value))
    }
}

struct Word<'de>(&'de str);

impl<'de> EnumAccess<'de> for Word<'de> {
    type Error = ShapeError;
    type Variant = Self;

    fn variant_seed<V: DeserializeSeed<'de>>(self, seed: V) -> Result<(V::Value, Self), ShapeError> {
        Ok((seed.deserialize(BorrowedStrDeserializer::new(self.0))?, self))
    }
}

impl<'de> VariantAccess<'de> for Word<'de> {
    type Error = ShapeError;

    fn unit_variant(self) -> Result<(), ShapeError> {
        Ok(())
    }

    fn newtype_variant_seed<T: DeserializeSeed<'de>>(self, _: T) -> Result<T::Value, ShapeError> {
        Err(ShapeError::custom(format!("`{0}` needs a value: write `{0}: …`", self.0)))
    }

    fn tuple_variant<V: Visitor<'de>>(self, _: usize, _: V) -> Result<V::Value, ShapeError> {
        Err(ShapeError::custom(format!("`{0}` needs a value: write `{0}: …`", self.0)))
    }

    fn struct_variant<V: Visitor<'de>>(
        self,
        _: &'static [&'static str],
        _: V,
    ) -> Result<V::Value, ShapeError> {
        Err(ShapeError::custom(format!("`{0}` needs a value: write `{0}: …`", self.0)))
    }
}

struct Variant<'de> {
    key: &'de Key,
    value: &'de Node,
}

impl<'de> EnumAccess<'de> for Variant<'de> {
    type Error = ShapeError;
    type Variant = Self;

    fn variant_seed<V: DeserializeSeed<'de>>(self, seed: V) -> Result<(V::Value, Self), ShapeError> {
        let chosen = seed.deserialize(Name(self.key)).map_err(|error| error.or_at(self.key.place))?;
        Ok((chosen, self))
    }
}

impl<'de> VariantAccess<'de> for Variant<'de> {
    type Error = ShapeError;

    fn unit_variant(self) -> Result<(), ShapeError> {
        Err(ShapeError::custom(format!("`{}` takes no value", self.key.name)).or_at(self.value.place))
    }

    fn newtype_variant_seed<T: DeserializeSeed<'de>>(self, seed: T) -> Result<T::Value, ShapeError> {
        seed.deserialize(self.value).map_err(|error| error.or_at(self.value.place))
    }

    fn tuple_variant<V: Visitor<'de>>(self, _: usize, visitor: V) -> Result<V::Value, ShapeError> {
        self.value.deserialize_any(visitor)
    }

    fn struct_variant<V: Visitor<'de>>(
        self,
        _: &'static [&'static str],
        visitor: V,
    ) -> Result<V::Value, ShapeError> {
        self.value.deserialize_any(visitor)
    }
}

#[cfg(test)]
mod tests {
    use super::super::{Limits, parse, read};
    use super::*;
    use crate::diagnostic::Diagnostic;

    #[derive(Debug, Deserialize, PartialEq)]
    #[serde(deny_unknown_fields)]
    struct Sample {
        name: At<String>,
        #[serde(default)]
        size: Option<u32>,
        #[serde(default)]
        level: Option<Level>,
        #[serde(default)]
        with: Option<Node>,
    }

    #[derive(Debug, Deserialize, PartialEq)]
    #[serde(rename_all = "lowercase")]
    enum Level {
        High,
        Low,
    }

    fn sample(text: &str) -> Result<Sample, Diagnostic> {
        read::<Sample>(&parse(text, Limits::SPEC)?).map_err(|error| error.diagnostic())
    }

    #[test]
    fn values_carry_their_place() {
        let read = sample("name: abc\nsize: 3\nlevel: low\nwith: {a: [1, x]}\n").unwrap();
        assert_eq!((read.name.place.line, read.name.place.column), (1, 7));
        assert_eq!((read.size, read.level), (Some(3), Some(Level::Low)));
        let with = read.with.unwrap();
        assert_eq!((with.place.line, with.get("a").unwrap().place.column), (4, 11));
    }

    #[test]
    fn errors_point_at_the_key_or_value_and_say_what_fits() {
        let cases = [
            ("name: a\nsise: 3\n", (2, 1), "unknown key `sise`", Some("did you mean `size`?")),
            ("name: a\nsize: three\n", (2, 7), "expected u32, found text", None),
            ("name: a\nlevel: hihg\n", (2, 8), "`hihg` is not known here", Some("did you mean `high`?")),
            ("size: 1\n", (1, 1), "the key `name` is missing", Some("add `name:` here")),
            ("name: 5\n", (1, 7), "expected a string, found the number 5", None),
            ("name: a\nsize:\n", (2, 6), "this key has no value; give it one or remove the key", None),
            ("- 1\n", (1, 1), "expected a mapping, found a list", None),
        ];
        for (text, (line, column), message, help) in cases {
            let error = sample(text).unwrap_err();
            assert_eq!(error.message, message, "{text}");
            assert_eq!(error.help.as_deref(), help, "{text}");
            let place = error.place.unwrap();
            assert_eq!(place.line, line, "{text}");
            assert!(column == 6 || place.column == column, "{text}: {place:?}");
        }
    }
}
