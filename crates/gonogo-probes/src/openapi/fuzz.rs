//! Broken and hostile documents: whatever the bytes are, every probe answers, soon, with facts or
//! with a reason. No file is touched.

use proptest::prelude::*;

use super::change::{Against, items as changes};
use super::{document, operation};
use crate::repository::Repository;
use crate::repository::fuzz::{change, changed, soon};
use crate::repository::memory::Memory;

const SHOP: &str = include_str!("change/tests/shop.yaml");
const WORDS: &[&str] = &[
    "$ref: '#/components/schemas/Order'",
    "$ref: '#'",
    "allOf: [",
    "oneOf: [",
    "nullable: true",
    "type: [string, 'null']",
    "required: [id]",
    "properties:\n",
    "enum: [1, a, null]",
    "discriminator: { propertyName: kind, mapping: { a: b } }",
    "additionalProperties: false",
    "exclusiveMinimum: 1",
    "paths:\n",
    "responses:\n",
    "<<: *a",
    "&a",
];

fn repository(bytes: &[u8]) -> Repository {
    Repository::new(Box::new(Memory::of_bytes([("openapi.yaml", bytes)])), Some("openapi.yaml".to_owned()))
}

/// How many items came of two documents, either way round.
fn answers(one: &[u8], other: &[u8]) -> usize {
    soon(|| {
        let (one, other) = (repository(one), repository(other));
        let now = "2026-11-27T12:00:00Z".parse().unwrap();
        let compared = [(&one, &other), (&other, &one)].map(|(new, old)| {
            let against = Against { repository: old, name: "old/openapi.yaml", inside: None };
            changes(new, &against, now).map_or(0, |items| items.len())
        });
        let alone = document::items(&one).map_or(0, |items| items.len())
            + operation::items(&one).map_or(0, |items| items.len());
        compared.iter().sum::<usize>() + alone
    })
}

/// A document whose one body has this schema.
fn sent(schema: &str, components: &str) -> String {
    format!(
        "{{\"openapi\":\"3.1.0\",\"paths\":{{\"/a\":{{\"post\":{{\"requestBody\":{{\"content\":{{\"application/json\":{{\"schema\":{schema}}}}}}}}}}}}},\
         \"components\":{{\"schemas\":{{{components}}}}}}}"
    )
}

proptest! {
    #![proptest_config(ProptestConfig { cases: 60, failure_persistence: None, ..ProptestConfig::default() })]

    #[test]
    fn mutated_documents_are_answered(
        one in prop::collection::vec(change(WORDS), 0..8),
        other in prop::collection::vec(change(WORDS), 0..8),
    ) {
        answers(&changed(SHOP, &one), &changed(SHOP, &other));
    }
}

#[test]
fn chains_circles_and_crowds_of_schemas_are_answered_soon() {
    let reference = |number: usize| format!("{{\"$ref\":\"#/components/schemas/S{number}\"}}");
    let many = |of: &dyn Fn(usize) -> String| {
        let all: Vec<String> = (0..600).map(|number| format!("\"S{number}\":{}", of(number))).collect();
        sent(&reference(0), &all.join(","))
    };
    // Each leads to the next, and the last to the first.
    let chain = |leaf: &str| {
        many(&|number| {
            let next = reference((number + 1) % 600);
            format!("{{\"properties\":{{\"next\":{next},\"leaf\":{{\"type\":\"{leaf}\"}}}}}}")
        })
    };
    assert!(answers(chain("string").as_bytes(), chain("integer").as_bytes()) > 500);
    // Each is put together from the next two.
    let woven = many(&|number| {
        let (one, two) = (reference((number + 1) % 600), reference((number * 2) % 600));
        format!("{{\"allOf\":[{one},{two}],\"properties\":{{\"a\":{one},\"b\":{two}}}}}")
    });
    let torn = woven.replacen("\"a\":", "\"c\":", 300);
    assert!(answers(woven.as_bytes(), torn.as_bytes()) > 2);
    // Each is one of many.
    let choice = |step: usize| {
        many(&|number| {
            let branches: Vec<String> =
                (0..30).map(|branch| reference((number + branch * step) % 600)).collect();
            format!("{{\"oneOf\":[{}]}}", branches.join(","))
        })
    };
    assert!(answers(choice(1).as_bytes(), choice(7).as_bytes()) > 2);
}

#[test]
fn wide_and_deep_schemas_are_answered_soon() {
    let wide = |kind: &str| {
        let all: Vec<String> =
            (0..3_000).map(|number| format!("\"p{number}\":{{\"type\":\"{kind}\"}}")).collect();
        sent(&format!("{{\"properties\":{{{}}}}}", all.join(",")), "")
    };
    assert!(answers(wide("string").as_bytes(), wide("integer").as_bytes()) > 500);
    let deep = |levels: usize| sent(&format!("{}{}", "{\"items\":".repeat(levels), "}".repeat(levels)), "");
    let levels = [20_000, 55, 50];
    let told: usize = levels.map(|levels| answers(deep(levels).as_bytes(), SHOP.as_bytes())).iter().sum();
    assert!(told > 0);
    let values: Vec<String> = (0..5_000).map(|number| format!("\"v{number}\"")).collect();
    let listed = sent(&format!("{{\"enum\":[{}]}}", values.join(",")), "");
    assert!(answers(listed.as_bytes(), sent("{\"enum\":[1]}", "").as_bytes()) > 2);
}
