//! Values against schemas, and the same answers as the crate `jsonschema` wherever this says
//! anything at all.

use proptest::prelude::*;
use serde_json::json;

use super::super::library::parse;
use super::*;
use crate::repository::Repository;

fn answer(dialect: Dialect, direction: Direction, document: &str, value: &str) -> Fit {
    let repository = Repository::of(&[("a.yaml", document)]);
    let library = Library::load(&repository, &["a.yaml"]);
    let schema = library.root("a.yaml").unwrap().get("schema").unwrap();
    fit(&library, dialect, direction, schema, &parse(value).unwrap())
}

fn breaks(dialect: Dialect, schema: &str, value: &str) -> Option<String> {
    match answer(dialect, Direction::Both, &format!("schema: {schema}\n"), value) {
        Fit::Breaks(found) => Some(found.what),
        _ => None,
    }
}

#[test]
fn the_part_that_breaks_is_said_without_its_value() {
    for (schema, value, expected) in [
        ("{ type: string }", "12", "is a number, not string"),
        ("{ type: integer }", "1.5", "is a number, not integer"),
        (
            "{ properties: { a: { items: { enum: [x] } } } }",
            "{ a: [x, y] }",
            "/a/1 is none of the values of `enum`",
        ),
        (
            "{ type: object, required: [a], properties: { a: {} } }",
            "{ b: 1 }",
            "has no `a`, which is required",
        ),
        ("{ properties: { a: {} }, additionalProperties: false }", "{ b: 1 }", "/b is not allowed there"),
        ("{ maxLength: 2 }", "abc", "is longer than `maxLength`"),
        ("{ minItems: 2 }", "[1]", "is shorter than `minItems`"),
        ("{ pattern: '^a+$' }", "ab", "does not match `pattern`"),
        ("{ minimum: 1 }", "0.5", "is less than the minimum"),
        (
            "{ oneOf: [{ type: string }, { type: integer }] }",
            "true",
            "fits none of the 2 schemas it may have",
        ),
    ] {
        assert_eq!(breaks(Dialect::V31, schema, value).as_deref(), Some(expected), "{schema} {value}");
    }
}

#[test]
fn the_two_dialects_differ() {
    let both = |schema: &str, value: &str| {
        [Dialect::V30, Dialect::V31].map(|dialect| breaks(dialect, schema, value).is_some())
    };
    assert_eq!(both("{ minimum: 1, exclusiveMinimum: true }", "1"), [true, true]);
    assert_eq!(both("{ exclusiveMinimum: 1 }", "1"), [true, true]);
    assert_eq!(both("{ type: string, nullable: true }", "null"), [false, false]);
    assert_eq!(both("{ type: [string, 'null'] }", "null"), [false, false]);
    assert_eq!(both("{ type: string }", "null"), [true, true]);
    let beside = "schema: { $ref: '#/b', maxLength: 1 }\nb: { type: string }\n";
    assert_eq!(answer(Dialect::V30, Direction::Both, beside, "ab"), Fit::Fits);
    assert!(matches!(answer(Dialect::V31, Direction::Both, beside, "ab"), Fit::Breaks(_)));
}

#[test]
fn what_is_for_reading_only_is_not_sent() {
    let schema = "schema: { required: [id, name], properties: { id: { readOnly: true }, name: {} } }\n";
    let sent = |direction| answer(Dialect::V30, direction, schema, "{ name: a }");
    assert!(!matches!(sent(Direction::Request), Fit::Breaks(_)));
    assert!(matches!(sent(Direction::Response), Fit::Breaks(_)));
    assert!(matches!(answer(Dialect::V30, Direction::Request, schema, "{ id: 1 }"), Fit::Breaks(_)));
}

#[test]
fn schemas_without_an_end_are_not_judged_and_end() {
    for document in [
        "schema: { $ref: '#/schema' }\n",
        "schema: { allOf: [{ $ref: '#/b' }] }\nb: { allOf: [{ $ref: '#/schema' }, { $ref: '#/schema' }] }\n",
        "schema: { anyOf: [{ $ref: '#/schema' }, { $ref: '#/schema' }] }\n",
    ] {
        assert_eq!(answer(Dialect::V31, Direction::Both, document, "{ a: 1 }"), Fit::Unknown, "{document}");
    }
    let tree = "schema: { properties: { next: { $ref: '#/schema' }, n: { type: integer } } }\n";
    assert_eq!(answer(Dialect::V31, Direction::Both, tree, "{ next: { next: { n: 1 } } }"), Fit::Fits);
    let Fit::Breaks(found) = answer(Dialect::V31, Direction::Both, tree, "{ next: { next: { n: a } } }")
    else {
        panic!("it fits");
    };
    assert_eq!(found.what, "/next/next/n is text, not integer");
}

fn a_value() -> impl Strategy<Value = serde_json::Value> {
    let leaf = prop_oneof![
        Just(json!(null)),
        any::<bool>().prop_map(|value| json!(value)),
        (-3..4_i64).prop_map(|value| json!(value)),
        prop::sample::select(vec![0.5, 2.5, -1.25]).prop_map(|value| json!(value)),
        prop::sample::select(vec!["", "a", "ab", "abc"]).prop_map(|value| json!(value)),
    ];
    leaf.prop_recursive(2, 12, 3, |inner| {
        prop_oneof![
            prop::collection::vec(inner.clone(), 0..3).prop_map(|list| json!(list)),
            prop::collection::btree_map("[abc]", inner, 0..3).prop_map(|map| json!(map)),
        ]
    })
}

fn a_schema() -> impl Strategy<Value = serde_json::Value> {
    let kinds = vec!["object", "array", "string", "number", "integer", "boolean", "null"];
    let leaf = prop_oneof![
        prop::sample::select(kinds).prop_map(|kind| json!({"type": kind})),
        (0..3_u8).prop_map(|size| json!({"minLength": size, "maxItems": size, "minProperties": size})),
        (-2..3_i64).prop_map(|bound| json!({"minimum": bound, "exclusiveMaximum": 2})),
        prop::collection::vec(a_value(), 1..3).prop_map(|values| json!({"enum": values})),
        a_value().prop_map(|value| json!({"const": value})),
        Just(json!({"pattern": "^a"})),
        any::<bool>().prop_map(|value| json!(value)),
    ];
    leaf.prop_recursive(3, 16, 3, |inner| {
        let list = prop::collection::vec(inner.clone(), 1..3);
        let map = prop::collection::btree_map("[abc]", inner.clone(), 0..3);
        prop_oneof![
            (prop::sample::select(vec!["allOf", "anyOf", "oneOf"]), list)
                .prop_map(|(key, list)| json!({key: list})),
            inner.clone().prop_map(|items| json!({"items": items})),
            (map, inner, prop::collection::btree_set("[abc]", 0..3)).prop_map(
                |(map, more, need)| json!({"properties": map, "additionalProperties": more, "required": need})
            ),
        ]
    })
}

proptest! {
    #![proptest_config(ProptestConfig { cases: 2_000, failure_persistence: None, ..ProptestConfig::default() })]

    #[test]
    fn no_answer_is_other_than_that_of_a_full_validator(schema in a_schema(), value in a_value()) {
        let full = jsonschema::options().with_draft(jsonschema::Draft::Draft202012).offline().build(&schema).unwrap();
        let document = format!("schema: {schema}\n");
        match answer(Dialect::V31, Direction::Both, &document, &value.to_string()) {
            Fit::Fits => {
                // `oneOf` with two that fit is not counted against a value.
                prop_assert!(full.is_valid(&value) || schema.to_string().contains("oneOf"), "{schema} {value}");
            }
            Fit::Breaks(found) => prop_assert!(!full.is_valid(&value), "{schema} {value}: {}", found.what),
            Fit::Unknown => {}
        }
    }
}
